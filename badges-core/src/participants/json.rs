//! JSON: which kind of list it is.

use serde_json::{Map, Value, error::Category};

use super::{
    MAX_ROWS, Options, Participants, ParticipantsError, certificates, columns::named, events,
    problem::excerpt,
};

/// What one or several documents hold together.
#[derive(Default)]
struct Found {
    /// Pages of event participants, in the order of the file.
    pages: Vec<Vec<Value>>,
    certificates: Option<Vec<Value>>,
}

/// Parses one or several JSON documents one after another, as concatenated downloads are.
pub(super) fn parse(text: &str, options: &Options) -> Result<Participants, ParticipantsError> {
    refuse_too_many(text)?;
    let mut found = Found::default();
    for document in serde_json::Deserializer::from_str(text).into_iter() {
        found.take(document.map_err(|error| json_error(&error))?)?;
    }
    match found.certificates {
        None => events::parse(&found.pages, options),
        Some(certificates) if found.pages.is_empty() => certificates::parse(&certificates, options),
        Some(_) => Err(ParticipantsError::UnknownJson {
            members: vec!["participants".to_owned(), "certificates".to_owned()],
        }),
    }
}

impl Found {
    fn take(&mut self, document: Value) -> Result<(), ParticipantsError> {
        match document {
            Value::Array(entries) => self.take_pages(entries),
            Value::Object(members) => return self.take_object(members),
            _ => {
                return Err(ParticipantsError::UnknownJson {
                    members: Vec::new(),
                });
            }
        }
        Ok(())
    }

    /// One page, or several in one array.
    fn take_pages(&mut self, entries: Vec<Value>) {
        if !entries.iter().any(Value::is_array) {
            self.pages.push(entries);
            return;
        }
        self.pages
            .extend(entries.into_iter().map(|entry| match entry {
                Value::Array(page) => page,
                single => vec![single],
            }));
    }

    /// An event with its participants, an event alone (beside its pages), or certificates.
    fn take_object(&mut self, mut members: Map<String, Value>) -> Result<(), ParticipantsError> {
        let event = members.get("event").and_then(Value::as_object);
        refuse_test_event(event.unwrap_or(&members))?;

        let participants = members.remove("participants");
        let certificates = members.remove("certificates");
        match (participants, certificates) {
            (Some(Value::Array(entries)), None) => self.take_pages(entries),
            (None, Some(Value::Array(entries))) => {
                self.certificates.get_or_insert_default().extend(entries);
            }
            (None, None) if members.contains_key("is_test_event") => {}
            _ => {
                let members: Vec<_> = members.into_iter().map(|(name, _)| name).collect();
                return Err(ParticipantsError::UnknownJson {
                    members: named(&members),
                });
            }
        }
        Ok(())
    }
}

/// The value of a member as the text of a cell: empty where it is absent or no single value.
pub(super) fn cell(members: &Map<String, Value>, name: &str) -> String {
    match members.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(value @ (Value::Number(_) | Value::Bool(_))) => value.to_string(),
        _ => String::new(),
    }
}

fn refuse_test_event(event: &Map<String, Value>) -> Result<(), ParticipantsError> {
    if event.get("is_test_event") != Some(&Value::Bool(true)) {
        return Ok(());
    }
    let name = event.get("name").and_then(Value::as_str);
    Err(ParticipantsError::TestEvent {
        event: name.map(excerpt),
    })
}

/// Values take more memory than their text, small objects by far the most: what could be too many is
/// refused before it is read. A participant is two objects of a dozen members.
fn refuse_too_many(text: &str) -> Result<(), ParticipantsError> {
    const FEW: usize = 10_000;
    const SHORTEST: usize = r#"{"user_name":"A"}"#.len();
    let objects = text.bytes().filter(|byte| *byte == b'{').count();
    let values = text
        .bytes()
        .filter(|byte| matches!(byte, b',' | b'[' | b'{'));
    if objects > 2 * MAX_ROWS || values.count() > 16 * MAX_ROWS {
        return Err(ParticipantsError::TooManyRows { limit: MAX_ROWS });
    }
    if objects > FEW && objects > text.len() / SHORTEST {
        return Err(ParticipantsError::UnknownJson {
            members: Vec::new(),
        });
    }
    Ok(())
}

fn json_error(error: &serde_json::Error) -> ParticipantsError {
    if error.classify() == Category::Eof {
        return ParticipantsError::JsonCutShort;
    }
    ParticipantsError::Json {
        line: error.line(),
        column: error.column(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> Option<&'static str> {
        parse(text, &Options::default())
            .err()
            .map(|error| error.id())
    }

    #[test]
    fn other_json_is_named() {
        assert_eq!(error("[{]"), Some("participants.json"));
        assert_eq!(error("[{}"), Some("participants.json-cut-short"));
        assert_eq!(error("[] 1"), Some("participants.unknown-json"));
        assert_eq!(
            error(r#"{"httpCode":404}"#),
            Some("participants.unknown-json")
        );
        assert_eq!(
            error(r#"{"certificates":[]} [{}]"#),
            Some("participants.unknown-json")
        );
        assert_eq!(error(&"[".repeat(100_000)), Some("participants.json"));
    }

    #[test]
    fn what_would_take_much_memory_is_not_read() {
        let objects = "[".to_owned() + &"{},".repeat(2 * MAX_ROWS + 1) + "{}]";
        assert_eq!(error(&objects), Some("participants.too-many-rows"));
        let small = "[".to_owned() + &"{},".repeat(MAX_ROWS / 2) + "{}]";
        assert_eq!(error(&small), Some("participants.unknown-json"));
        let values = "[".to_owned() + &"0,".repeat(16 * MAX_ROWS) + "0]";
        assert_eq!(error(&values), Some("participants.too-many-rows"));
    }
}
