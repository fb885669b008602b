//! The map of documents that stand in for the network.

use std::path::Path;

use badges_core::documents::{Answer, Documents};
use badges_core::json::{self, Value};

use crate::error::{Code, Error};
use crate::files;

/// Reads a map from URLs or DIDs to files beside it, and the files.
///
/// # Errors
/// When the map is not such an object, or one of its files is not there.
pub(super) fn read(map: &Path) -> Result<Documents, Error> {
    let wrong = |what: String| {
        Error::new(Code::Data, format!("`{}`: {what}", map.display()))
            .hint("the map is a JSON object from URLs or DIDs to names of files beside it")
    };
    let text = files::read_text(map)?;
    let value = json::parse(&text).map_err(|error| wrong(format!("it is not JSON: {error}")))?;
    let Value::Object(members) = &value else {
        return Err(wrong(format!("it is {}", value.kind())));
    };
    let folder = map.parent().unwrap_or(Path::new(""));
    let mut documents = Documents::new();
    let is_name = |key: &str| {
        ["https://", "http://", "did:"]
            .iter()
            .any(|scheme| key.starts_with(scheme))
    };
    for (key, file) in members.iter().filter(|(key, _)| is_name(key)) {
        let Some(file) = file.as_str() else {
            return Err(wrong(format!("`{key}` has {} for a file", file.kind())));
        };
        let body = files::read(&folder.join(file))
            .map_err(|error| error.hint(format!("`{}` names it for `{key}`", map.display())))?;
        documents.insert(key, Answer::Loaded(body));
    }
    Ok(documents)
}
