//! The JSON Schemas of Open Badges 3.0 that are made of the library's rules say what the rules say.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::{Path, PathBuf};

use badges_core::json;
use badges_core::model::schema::{DepartureKind, JsonSchema, Reading, Severity, check};
use badges_core::model::{CredentialKind, DataModel};
use badges_tests::{case, corpus, make, read, variable};
use jsonschema::{Draft, Validator};
use serde_json::{Value, json};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/schemas")
}

/// With `UPDATE=1` the files are written.
#[test]
fn the_files_are_what_the_library_writes() {
    for schema in JsonSchema::ALL {
        let path = folder().join(format!("{}.json", schema.name()));
        if variable("UPDATE").is_some() {
            std::fs::write(&path, schema.text()).unwrap();
        }
        let known = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            known == schema.text(),
            "{} differs: `UPDATE=1` writes it",
            path.display()
        );
        assert!(read(&folder().join("README.md")).contains(schema.name()));
    }
}

#[test]
fn each_is_a_schema_of_its_draft() {
    for schema in JsonSchema::ALL {
        let document: Value = serde_json::from_str(&schema.text()).unwrap();
        let errors: Vec<String> = jsonschema::draft201909::meta::validator()
            .iter_errors(&document)
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{}: {errors:?}", schema.name());
    }
}

struct Schemas(Vec<(JsonSchema, Validator)>);

impl Schemas {
    fn new() -> Self {
        let read = |schema: JsonSchema| {
            let document = serde_json::from_str(&schema.text()).unwrap();
            let validator = jsonschema::options()
                .with_draft(Draft::Draft201909)
                .should_validate_formats(true)
                .build(&document);
            (schema, validator.unwrap())
        };
        Self(JsonSchema::ALL.map(read).to_vec())
    }

    fn validator(&self, schema: JsonSchema) -> &Validator {
        let mut all = self.0.iter();
        let found = all.find(|(known, _)| *known == schema);
        &found.unwrap().1
    }

    /// Compares both judgements of a document; how many could be compared.
    fn compare(&self, document: &Value) -> usize {
        let text = document.to_string();
        // What is no strict JSON was never a credential.
        let Ok(credential) = json::parse(&text) else {
            return 0;
        };
        let schemas: &[JsonSchema] =
            match (CredentialKind::of(&credential), DataModel::of(&credential)) {
                (CredentialKind::Badge, DataModel::V1) => &[JsonSchema::AnyAchievementCredential],
                (CredentialKind::Badge, DataModel::V2) => &[
                    JsonSchema::AnyAchievementCredential,
                    JsonSchema::AchievementCredential,
                ],
                (CredentialKind::Endorsement, DataModel::V1) => {
                    &[JsonSchema::AnyEndorsementCredential]
                }
                (CredentialKind::Endorsement, DataModel::V2) => &[
                    JsonSchema::AnyEndorsementCredential,
                    JsonSchema::EndorsementCredential,
                ],
                _ => &[],
            };
        let mut faults = check(&credential, Reading::Declared);
        faults.retain(|it| it.severity == Severity::Fault && !is_in_code(&it.kind));
        for schema in schemas {
            let validator = self.validator(*schema);
            let errors: Vec<String> = validator
                .iter_errors(document)
                .map(|error| format!("{} {}", error.instance_path(), error.schema_path()))
                .collect();
            assert_eq!(
                errors.is_empty(),
                faults.is_empty(),
                "{}\n{faults:?}\n{errors:?}\n{document}",
                schema.name()
            );
        }
        schemas.len()
    }
}

/// What the schemas do not say, because it holds between several members.
const fn is_in_code(kind: &DepartureKind) -> bool {
    matches!(kind, DepartureKind::Unidentified | DepartureKind::Period)
}

fn documents_in(folder: &Path) -> Vec<Value> {
    let files = case::files(folder).into_iter();
    let texts = files.filter_map(|path| std::fs::read_to_string(path).ok());
    let documents = texts.filter_map(|text| serde_json::from_str(&text).ok());
    documents.filter(Value::is_object).collect()
}

#[test]
fn the_schemas_judge_badges_as_the_rules_do() {
    let schemas = Schemas::new();
    let mut folders = vec![case::folder()];
    for name in ["1edtech", "ob3-vector", "vc-di-ecdsa", "vc-di-eddsa", "w3c"] {
        folders.extend(corpus(name));
    }
    let mut compared = 0;
    for folder in folders {
        for document in documents_in(&folder) {
            compared += schemas.compare(&document);
        }
    }
    assert!(compared > 300, "only {compared} were compared");
}

/// Each value of a document in turn: taken away, replaced by another kind, alone where there was a
/// list, in a list where it was alone.
#[test]
fn the_schemas_judge_changed_badges_as_the_rules_do() {
    let schemas = Schemas::new();
    let full: Value = serde_json::from_str(&make::full().0).unwrap();
    let mut version_1 = full.clone();
    version_1["@context"][0] = json!("https://www.w3.org/2018/credentials/v1");
    let members = version_1.as_object_mut().unwrap();
    let from = members.remove("validFrom").unwrap();
    members.insert("issuanceDate".to_owned(), from);
    let endorsement = full["endorsement"][0].clone();
    let mut compared = 0;
    for document in [full, version_1, endorsement] {
        assert!(schemas.compare(&document) > 0);
        for pointer in pointers(&document) {
            for changed in changes(&document, &pointer) {
                compared += schemas.compare(&changed);
            }
        }
    }
    assert!(compared > 5000, "only {compared} were compared");
}

#[test]
fn a_profile_of_its_own_is_judged_by_its_own_schema() {
    let full: Value = serde_json::from_str(&make::full().0).unwrap();
    let schemas = Schemas::new();
    let validator = schemas.validator(JsonSchema::Profile);
    let profile = &full["issuer"];
    assert!(validator.is_valid(profile));
    for pointer in pointers(profile) {
        for changed in changes(profile, &pointer) {
            let mut badge = full.clone();
            badge["issuer"] = changed.clone();
            let text = badge.to_string();
            let mut faults = check(&json::parse(&text).unwrap(), Reading::Declared);
            faults.retain(|it| it.severity == Severity::Fault);
            assert_eq!(
                validator.is_valid(&changed),
                faults.is_empty(),
                "{faults:?}\n{changed}"
            );
        }
    }
}

fn changes(document: &Value, pointer: &str) -> Vec<Value> {
    let old = document.pointer(pointer).unwrap();
    let mut values = vec![
        json!(null),
        json!([]),
        json!({}),
        json!(""),
        json!("text"),
        json!("urn:x:1"),
        json!("2026-01-15"),
        json!("2026-02-30T10:00:00Z"),
        json!("ext:own"),
        json!(7),
        json!(-1.5),
        json!(true),
        json!([old]),
        json!([[old]]),
        json!([old, old]),
        json!([null, old]),
    ];
    if let Value::Array(items) = old {
        values.extend(items.iter().cloned());
    }
    let mut changed: Vec<Value> = values
        .into_iter()
        .map(|value| {
            let mut document = document.clone();
            *document.pointer_mut(pointer).unwrap() = value;
            document
        })
        .collect();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let mut without = document.clone();
    match without.pointer_mut(parent).unwrap() {
        Value::Object(members) => {
            members.remove(&name.replace("~1", "/").replace("~0", "~"));
        }
        Value::Array(items) => {
            items.remove(name.parse().unwrap());
        }
        _ => unreachable!("{pointer}"),
    }
    changed.push(without);
    changed
}

/// All pointers into a document.
fn pointers(document: &Value) -> Vec<String> {
    let children: Vec<(String, &Value)> = match document {
        Value::Object(members) => members
            .iter()
            .map(|(name, it)| (name.replace('~', "~0").replace('/', "~1"), it))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(at, it)| (at.to_string(), it))
            .collect(),
        _ => Vec::new(),
    };
    let mut all = Vec::new();
    for (name, child) in children {
        all.push(format!("/{name}"));
        let below = pointers(child).into_iter();
        all.extend(below.map(|below| format!("/{name}{below}")));
    }
    all
}
