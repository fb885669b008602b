//! Bodies of requests: JSON, read strictly, so that a typo is told and not passed over.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, Method, header};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::App;
use crate::error::Error;

/// A body as JSON, not read as anything yet; an extractor. One that is empty is an empty object.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    value: Value,
    /// All that the request says: method, path and body, by which a repetition is known.
    pub(crate) said: String,
}

/// A body that was read; an extractor.
#[derive(Clone, Debug)]
pub(crate) struct Body<T> {
    pub(crate) value: T,
    /// All that the request says, by which a repetition is known.
    pub(crate) said: String,
}

impl FromRequest<App> for Sent {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self, Error> {
        let kind = needs_kind(
            request.headers(),
            &["application/json", "application/merge-patch+json"],
        );
        let line = line(request.method(), request.uri().path());
        let bytes = Bytes::from_request(request, app)
            .await
            .map_err(|_| Error::TooLarge)?;
        if bytes.is_empty() {
            return Ok(Self {
                value: Value::Object(serde_json::Map::new()),
                said: line,
            });
        }
        kind?;
        let value: Value =
            serde_json::from_slice(&bytes).map_err(|error| unreadable("", &error.to_string()))?;
        if !value.is_object() {
            return Err(unreadable("", "an object is expected"));
        }
        if let Some((path, problem)) = strange(&value, &mut String::new()) {
            return Err(unreadable(&path, problem));
        }
        Ok(Self {
            value,
            said: line + &String::from_utf8_lossy(&bytes),
        })
    }
}

impl Sent {
    /// Reads it as what it should be.
    ///
    /// # Errors
    /// [`Error::Unreadable`] with the path of the member that is wrong.
    pub(crate) fn read<T: DeserializeOwned>(self) -> Result<T, Error> {
        serde_path_to_error::deserialize(self.value)
            .map_err(|error| unreadable(&error.path().to_string(), &error.inner().to_string()))
    }

    /// Reads it as a change of something (RFC 7396): what it does not name stays, and `null` takes
    /// away.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub(crate) fn patch<T: Serialize + DeserializeOwned>(self, current: &T) -> Result<T, Error> {
        let mut value = serde_json::to_value(current).map_err(Error::internal)?;
        // What is not there could be taken away without anybody noticing the typo.
        let names = self
            .value
            .as_object()
            .into_iter()
            .flat_map(serde_json::Map::keys);
        if let Some(unknown) = names
            .into_iter()
            .find(|name| value.get(name.as_str()).is_none())
        {
            return Err(unreadable(unknown, "there is no such member"));
        }
        merge(&mut value, &self.value);
        Self {
            value,
            said: self.said,
        }
        .read()
    }
}

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self, Error> {
        let sent = Sent::from_request(request, app).await?;
        let said = sent.said.clone();
        Ok(Self {
            value: sent.read()?,
            said,
        })
    }
}

/// What cannot be read, and where; an empty path is the whole body.
pub(crate) fn unreadable(path: &str, problem: &str) -> Error {
    let field = if matches!(path, "" | ".") {
        "body"
    } else {
        path
    };
    Error::Unreadable {
        field: field.to_owned(),
        problem: problem.to_owned(),
    }
}

/// The beginning of all that a request says.
pub(crate) fn line(method: &Method, path: &str) -> String {
    format!("{method} {path}\n")
}

/// Goes on if the body is of one of these kinds.
///
/// # Errors
/// [`Error::MediaType`] with the first of them.
pub(crate) fn needs_kind(headers: &HeaderMap, kinds: &[&'static str]) -> Result<(), Error> {
    let first = kinds.first().copied().unwrap_or_default();
    if kinds.contains(&kind(headers).as_str()) {
        Ok(())
    } else {
        Err(Error::MediaType(first))
    }
}

/// The media type of the body, without parameters; empty if it is not said.
pub(crate) fn kind(headers: &HeaderMap) -> String {
    let value = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    value
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

/// What can stand nowhere, and where it does: texts with U+0000, which PostgreSQL cannot keep, and
/// lists in lists, which could be taken for objects without names.
fn strange(value: &Value, path: &mut String) -> Option<(String, &'static str)> {
    const ZERO: &str = "the character U+0000 can stand nowhere";
    let length = path.len();
    let found = match value {
        Value::String(text) => text.contains('\0').then(|| (path.clone(), ZERO)),
        Value::Array(items) => items.iter().enumerate().find_map(|(index, item)| {
            path.truncate(length);
            path.push_str(&format!("[{index}]"));
            if item.is_array() {
                Some((path.clone(), "a list can stand in no list"))
            } else {
                strange(item, path)
            }
        }),
        Value::Object(members) => members.iter().find_map(|(name, item)| {
            path.truncate(length);
            if length > 0 {
                path.push('.');
            }
            path.push_str(name);
            if name.contains('\0') {
                Some((path.clone(), ZERO))
            } else {
                strange(item, path)
            }
        }),
        _ => None,
    };
    path.truncate(length);
    found
}

fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        target.clone_from(patch);
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    for (name, value) in patch {
        if let Value::Object(members) = target {
            match value {
                Value::Null => drop(members.remove(name)),
                value => merge(members.entry(name.as_str()).or_insert(Value::Null), value),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_change_leaves_what_it_does_not_name() {
        // The examples of RFC 7396, appendix A.
        for (mut target, patch, merged) in [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (
                json!({"a": "b"}),
                json!({"b": "c"}),
                json!({"a": "b", "b": "c"}),
            ),
            (json!({"a": "b"}), json!({"a": null}), json!({})),
            (
                json!({"a": "b", "b": "c"}),
                json!({"a": null}),
                json!({"b": "c"}),
            ),
            (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "c"}), json!({"a": ["b"]}), json!({"a": ["b"]})),
            (
                json!({"a": {"b": "c"}}),
                json!({"a": {"b": "d", "c": null}}),
                json!({"a": {"b": "d"}}),
            ),
            (
                json!({"a": [{"b": "c"}]}),
                json!({"a": [1]}),
                json!({"a": [1]}),
            ),
            (
                json!({"e": null}),
                json!({"a": 1}),
                json!({"e": null, "a": 1}),
            ),
            (
                json!({}),
                json!({"a": {"bb": {"ccc": null}}}),
                json!({"a": {"bb": {}}}),
            ),
        ] {
            merge(&mut target, &patch);
            assert_eq!(target, merged);
        }
    }

    #[test]
    fn what_is_strange_is_found_wherever_it_is() {
        for (value, path) in [
            (json!({"a": [{"b": "x"}, {"b": "\0"}]}), Some("a[1].b")),
            (json!({"a": "x", "c": {"d\0": 1}}), Some("c.d\0")),
            (json!({"a": ["x", ["y"]]}), Some("a[1]")),
            (json!({"a": ["x", 1, null, {"b": true}]}), None),
        ] {
            let found = strange(&value, &mut String::new()).map(|(path, _)| path);
            assert_eq!(found.as_deref(), path);
        }
    }
}
