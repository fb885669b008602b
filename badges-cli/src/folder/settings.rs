//! Settings that people write, in TOML or JSON, in the words of Open Badges 3.0 and a few of our
//! own. Whatever is not understood is an error that names it: a misspelt word must not be lost.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::files;
use crate::error::{Code, Error};

/// A file of settings, from which one member after another is taken.
pub(crate) struct Settings {
    path: PathBuf,
    members: Map<String, Value>,
}

impl Settings {
    /// Reads a file: JSON when its name ends so, else TOML.
    ///
    /// # Errors
    /// When the file cannot be read or has no such form.
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let text = files::read_text(path)?;
        let is_json = path
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
        let members = if is_json {
            from_json(&text)
        } else {
            from_toml(&text)
        };
        members
            .map(|members| Self {
                path: path.to_owned(),
                members,
            })
            .map_err(|problem| {
                Error::new(Code::Data, format!("`{}`{problem}", path.display()))
                    .hint("correct the file there")
            })
    }

    /// Takes a member out.
    ///
    /// # Errors
    /// When it is of another kind.
    pub(crate) fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>, Error> {
        let Some(value) = self.members.remove(name) else {
            return Ok(None);
        };
        let path = |inner: &serde_path_to_error::Path| match inner.to_string() {
            inner if inner == "." => name.to_owned(),
            inner if inner.starts_with('[') => format!("{name}{inner}"),
            inner => format!("{name}.{inner}"),
        };
        serde_path_to_error::deserialize(value)
            .map(Some)
            .map_err(|error| self.fault(&path(error.path()), error.inner()))
    }

    /// Gives a member that the standard requires, where the file has none.
    pub(crate) fn supply(&mut self, name: &str, value: impl Into<Value>) {
        self.members.entry(name).or_insert_with(|| value.into());
    }

    /// A member, as it stands there.
    pub(crate) fn member_mut(&mut self, name: &str) -> Option<&mut Value> {
        self.members.get_mut(name)
    }

    /// What is left, as a noun of the standard.
    ///
    /// # Errors
    /// When a member is of another kind, or is none of the noun's.
    pub(crate) fn into_noun<T: Serialize + DeserializeOwned>(self) -> Result<T, Error> {
        let given = Value::Object(self.members.clone());
        let noun: T = serde_path_to_error::deserialize(&given).map_err(|error| {
            let path = error.path().to_string();
            self.fault(path.trim_start_matches('.'), error.inner())
        })?;
        // What the noun does not write again, it has not understood.
        let understood = serde_json::to_value(&noun).map_err(|error| self.fault("", error))?;
        match unknown_member(&given, &understood) {
            None => Ok(noun),
            Some(path) => Err(self
                .fault(&path, "is not known")
                .hint("correct the word, which is case-sensitive, or delete the line")),
        }
    }

    /// Something wrong with a member.
    pub(crate) fn fault(&self, member: &str, problem: impl Display) -> Error {
        fault(&self.path, member, problem)
    }
}

/// Something wrong with a member of a file of settings.
pub(crate) fn fault(file: &Path, member: &str, problem: impl Display) -> Error {
    let place = match member {
        "" => String::new(),
        member => format!("{member}: "),
    };
    Error::new(
        Code::Data,
        format!("`{}`: {place}{problem}", file.display()),
    )
    .hint("correct the file there")
}

fn from_json(text: &str) -> Result<Map<String, Value>, String> {
    // The strict reading finds members that stand there twice.
    badges_core::json::parse(text).map_err(|error| format!(": {error}"))?;
    match serde_json::from_str(text) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(": it is JSON, but no object".to_owned()),
        Err(error) => Err(format!(": {error}")),
    }
}

fn from_toml(text: &str) -> Result<Map<String, Value>, String> {
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        let line = error
            .span()
            .and_then(|span| text.get(..span.start))
            .map_or(1, |before| before.matches('\n').count() + 1);
        format!(", line {line}: {}", error.message().replace('\n', ", "))
    })?;
    Ok(table
        .into_iter()
        .map(|(name, value)| (name, json_of(value)))
        .collect())
}

fn json_of(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => number.into(),
        // Infinities become null, which no member takes.
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(value) => Value::Bool(value),
        toml::Value::Datetime(moment) => Value::String(moment.to_string()),
        toml::Value::Array(items) => items.into_iter().map(json_of).collect(),
        toml::Value::Table(members) => members
            .into_iter()
            .map(|(name, value)| (name, json_of(value)))
            .collect(),
    }
}

/// The path of a member that is given and was not understood. A single value may stand for an array
/// of one, and a bare URI for an object.
fn unknown_member(given: &Value, understood: &Value) -> Option<String> {
    match (given, understood) {
        (Value::Object(given), Value::Object(understood)) => {
            given.iter().find_map(|(name, value)| {
                let inner = match understood.get(name) {
                    Some(understood) => unknown_member(value, understood)?,
                    None => String::new(),
                };
                Some(match inner.as_str() {
                    "" => name.clone(),
                    inner if inner.starts_with('[') => format!("{name}{inner}"),
                    inner => format!("{name}.{inner}"),
                })
            })
        }
        (Value::Array(given), Value::Array(understood)) => given
            .iter()
            .zip(understood)
            .enumerate()
            .find_map(|(at, (given, understood))| {
                let inner = unknown_member(given, understood)?;
                Some(format!("[{at}].{inner}"))
            }),
        (Value::Object(_), Value::Array(understood)) => unknown_member(given, understood.first()?),
        _ => None,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use badges_core::model::Achievement;

    use super::*;

    fn achievement(toml: &str) -> Result<Achievement, String> {
        let settings = Settings {
            path: "editor.toml".into(),
            members: from_toml(toml).unwrap(),
        };
        settings.into_noun().map_err(|error| error.what)
    }

    const REQUIRED: &str = "id = 'urn:a'\nname = 'Editor'\ndescription = 'd'\n";

    #[test]
    fn the_words_of_the_standard_are_understood() {
        let toml = format!(
            "{REQUIRED}tag = 'one'\nimage = 'https://example.org/a.png'\n[criteria]\nnarrative = 'n'\n[[alignment]]\ntargetName = 'n'\ntargetUrl = 'u'"
        );
        let achievement = achievement(&toml).unwrap();
        assert_eq!(achievement.tag, ["one"]);
        assert_eq!(achievement.alignment[0].target_name, "n");
    }

    #[test]
    fn other_words_are_named_with_their_place() {
        for (lines, expected) in [
            (
                "nmae = 'x'\n[criteria]",
                "`editor.toml`: nmae: is not known",
            ),
            (
                "[criteria]\nnarative = 'x'",
                "`editor.toml`: criteria.narative: is not known",
            ),
            (
                "[criteria]\n[[alignment]]\ntargetName = 'n'\ntargetUrl = 'u'\ntargetLevel = 1",
                "`editor.toml`: alignment[0].targetLevel: is not known",
            ),
            (
                "[criteria]\n[[resultDescription]]\nid = 'urn:r'\nname = 5",
                "`editor.toml`: resultDescription[0].name: invalid type: integer `5`, expected a string",
            ),
            ("", "`editor.toml`: missing field `criteria`"),
        ] {
            let found = achievement(&format!("{REQUIRED}{lines}")).unwrap_err();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn faults_of_form_name_the_line() {
        assert_eq!(
            from_toml("name = 'a'\nname = 'b'").unwrap_err(),
            ", line 2: duplicate key"
        );
        assert!(from_json(r#"{"name":"a","name":"b"}"#).is_err());
        assert!(from_json("[]").is_err());
    }
}
