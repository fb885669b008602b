//! The description of the API, held against what the API does.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::http::{HeaderMap, StatusCode};
use jsonschema::Validator;
use serde_json::{Map, Value};

use super::super::{OPENAPI, ROUTES, SCOPES, Scope};

/// The description.
pub(super) static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(OPENAPI).unwrap());

/// What one of the operations says.
pub(super) struct Operation {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) said: &'static Value,
}

/// All operations.
pub(super) fn operations() -> Vec<Operation> {
    let mut all = Vec::new();
    for (path, methods) in DOCUMENT["paths"].as_object().unwrap() {
        for (method, said) in methods.as_object().unwrap() {
            all.push(Operation {
                method: method.clone(),
                path: path.clone(),
                said,
            });
        }
    }
    all
}

impl Operation {
    /// The one that answers a request.
    pub(super) fn of(method: &str, path: &str) -> Option<Self> {
        let asked: Vec<&str> = path.split('?').next().unwrap().split('/').collect();
        let fits = |template: &str| {
            let parts: Vec<&str> = template.split('/').collect();
            parts.len() == asked.len()
                && parts
                    .iter()
                    .zip(&asked)
                    .all(|(part, asked)| part.starts_with('{') || part == asked)
        };
        operations()
            .into_iter()
            .find(|known| known.method == method.to_lowercase() && fits(&known.path))
    }

    /// The scope that a token needs, where one is needed.
    pub(super) fn scope(&self) -> Option<Scope> {
        let name = self.said["security"].as_array().unwrap().first()?["token"][0]
            .as_str()
            .unwrap();
        Some(Scope::from_name(name).unwrap())
    }

    /// A body that is asked for, with its media type: the first example.
    pub(super) fn body(&self) -> Option<(String, String)> {
        let (kind, media) = self.said["requestBody"]["content"]
            .as_object()?
            .iter()
            .next()?;
        let schema = resolved(&media["schema"]);
        let example = media
            .get("example")
            .or_else(|| schema["examples"].get(0))
            .cloned()
            .unwrap_or_default();
        Some((
            kind.clone(),
            example
                .as_str()
                .map_or_else(|| example.to_string(), str::to_owned),
        ))
    }

    /// Holds an answer against what is said of it.
    #[track_caller]
    pub(super) fn check(&self, status: StatusCode, headers: &HeaderMap, body: &str) {
        let here = format!("{} {} {status}: {body}", self.method, self.path);
        let answer = resolved(&self.said["responses"][status.as_str()]);
        assert!(answer.is_object(), "not described: {here}");
        for (name, _) in answer["headers"].as_object().unwrap_or(&Map::new()) {
            assert!(
                headers.contains_key(name) || name == "Link",
                "without {name}: {here}"
            );
        }
        let Some(content) = answer["content"].as_object() else {
            assert_eq!(body, "", "{here}");
            return;
        };
        let kind = headers["content-type"].to_str().unwrap();
        let media = content
            .get(kind)
            .unwrap_or_else(|| panic!("{kind}: {here}"));
        valid(
            &media["schema"],
            &serde_json::from_str(body).unwrap(),
            &here,
        );
    }

    /// Holds a body that was taken against what is said of bodies.
    #[track_caller]
    pub(super) fn check_taken(&self, kind: &str, body: &str) {
        let here = format!("{} {} takes {body}", self.method, self.path);
        let kind = kind.split(';').next().unwrap();
        let media = &self.said["requestBody"]["content"][kind];
        assert!(media.is_object(), "{kind} is not described: {here}");
        if kind.ends_with("json") {
            valid(
                &media["schema"],
                &serde_json::from_str(body).unwrap(),
                &here,
            );
        }
    }
}

/// What a reference leads to.
fn resolved(value: &'static Value) -> &'static Value {
    match value["$ref"].as_str() {
        Some(reference) => DOCUMENT
            .pointer(reference.strip_prefix('#').unwrap())
            .unwrap_or(&Value::Null),
        None => value,
    }
}

/// A schema of the description, ready to judge.
fn validator(schema: &Value) -> Validator {
    let mut whole = schema.clone();
    whole["components"] = DOCUMENT["components"].clone();
    jsonschema::draft202012::options()
        .should_validate_formats(true)
        .build(&whole)
        .unwrap()
}

#[track_caller]
fn valid(schema: &Value, value: &Value, here: &str) {
    let validator = validator(schema);
    let errors: Vec<String> = validator
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}\n{here}");
}

#[test]
fn what_is_routed_is_described_and_nothing_else() {
    let mut described: Vec<(String, String)> = operations()
        .into_iter()
        .map(|known| (known.path, known.method))
        .collect();
    let mut routed: Vec<(String, String)> = ROUTES
        .iter()
        .map(|route| (route.path.to_owned(), route.method.to_owned()))
        .collect();
    described.sort();
    routed.sort();
    assert_eq!(described, routed);
}

#[test]
fn parameters_are_those_of_the_path() {
    for operation in operations() {
        let said = operation.said["parameters"]
            .as_array()
            .map_or(&[][..], Vec::as_slice);
        let mut said: Vec<&str> = said
            .iter()
            .map(resolved)
            .filter(|said| said["in"] == "path")
            .map(|said| said["name"].as_str().unwrap())
            .collect();
        let mut needed: Vec<&str> = operation
            .path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
            .collect();
        said.sort_unstable();
        needed.sort_unstable();
        assert_eq!(said, needed, "{}", operation.path);
    }
}

#[test]
fn every_operation_has_a_name_of_its_own_and_every_tag_a_description() {
    let mut names = BTreeMap::new();
    for operation in operations() {
        *names
            .entry(operation.said["operationId"].as_str().unwrap())
            .or_insert(0) += 1;
        let tag = &operation.said["tags"][0];
        assert!(
            DOCUMENT["tags"]
                .as_array()
                .unwrap()
                .iter()
                .any(|known| known["name"] == *tag),
            "{tag}"
        );
    }
    assert!(names.values().all(|count| *count == 1), "{names:?}");
}

#[test]
fn scopes_are_those_that_there_are() {
    let text = DOCUMENT["info"]["description"].as_str().unwrap();
    for scope in SCOPES {
        assert!(text.contains(&format!("`{}`", scope.as_str())));
        // The VC-API has a description of its own.
        let is_used = scope == Scope::Sign
            || operations()
                .iter()
                .any(|operation| operation.scope() == Some(scope));
        assert!(is_used, "{}", scope.as_str());
    }
}

#[test]
fn references_lead_somewhere() {
    fn walk(value: &'static Value) {
        match value {
            Value::Object(members) => {
                if value["$ref"].is_string() {
                    assert!(!resolved(value).is_null(), "{value}");
                }
                members.values().for_each(walk);
            }
            Value::Array(items) => items.iter().for_each(walk),
            _ => {}
        }
    }
    walk(&DOCUMENT);
}

#[test]
fn examples_are_valid() {
    fn walk(value: &'static Value, count: &mut usize) {
        if let Value::Object(members) = value {
            // Of a schema, a media type or a parameter.
            let schema = members.get("schema").unwrap_or(value);
            let listed = members
                .get("examples")
                .and_then(Value::as_array)
                .map_or(&[][..], Vec::as_slice);
            let named = members
                .get("examples")
                .and_then(Value::as_object)
                .into_iter()
                .flatten();
            let named = named.filter_map(|(_, example)| example.get("value"));
            for example in listed.iter().chain(members.get("example")).chain(named) {
                *count += 1;
                let mut schema = schema.clone();
                schema.as_object_mut().unwrap().remove("examples");
                valid(&schema, example, "an example");
            }
            for (name, value) in members {
                if !matches!(name.as_str(), "example" | "examples") {
                    walk(value, count);
                }
            }
        } else if let Value::Array(items) = value {
            items.iter().for_each(|item| walk(item, count));
        }
    }
    let mut count = 0;
    walk(&DOCUMENT, &mut count);
    assert!(count >= 60, "{count}");
    for (name, schema) in DOCUMENT["components"]["schemas"].as_object().unwrap() {
        let is_part = [
            "Alignment",
            "Counts",
            "Recipient",
            "ResultKind",
            "Translation",
        ]
        .contains(&name.as_str());
        assert!(
            is_part || !schema["examples"][0].is_null(),
            "{name} has no example"
        );
    }
}
