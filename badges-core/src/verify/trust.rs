//! The check `trust`: whether the verifier knows the issuer. Nobody else can say so.

use std::collections::BTreeMap;

use super::findings::{Passed, Unknown};
use super::report::Outcome;
use crate::json::{self, Value};

/// The issuers that a verifier knows, by id, with the verifier's own name for each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustList {
    issuers: BTreeMap<String, String>,
}

/// Why a text is no list of issuers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrustListFault {
    /// It starts like JSON and is not.
    #[error("it is not JSON: {0}")]
    Syntax(#[from] json::SyntaxError),
    /// The JSON is neither an object from ids to names nor an array of ids.
    #[error("`{0}`: expected an object from issuer ids to names, or an array of ids")]
    Shape(String),
    /// A line does not begin with an id.
    #[error("line {line}: {text:?} is no issuer id: it needs a DID or an https URL, then a name")]
    NoId {
        /// The line, from 1.
        line: usize,
        /// What it begins with.
        text: String,
    },
}

impl TrustList {
    /// Reads a list: JSON, an object from ids to names or an array of ids; or text, one issuer a
    /// line, the id first and then the name, `#` for comments.
    ///
    /// # Errors
    /// Why it is none.
    pub fn parse(text: &str) -> Result<Self, TrustListFault> {
        let text = text.trim_start_matches('\u{feff}');
        if text.trim_start().starts_with(['{', '[']) {
            return Self::from_json(&json::parse(text)?);
        }
        let mut list = Self::default();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (id, name) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            if !(id.starts_with("did:") || id.starts_with("https://")) {
                return Err(TrustListFault::NoId {
                    line: index + 1,
                    text: id.to_owned(),
                });
            }
            list.insert(id, name.trim());
        }
        Ok(list)
    }

    fn from_json(value: &Value<'_>) -> Result<Self, TrustListFault> {
        let mut list = Self::default();
        match value {
            Value::Object(members) => {
                for (id, name) in members {
                    let name = name
                        .as_str()
                        .ok_or_else(|| TrustListFault::Shape(id.to_string()))?;
                    list.insert(id, name);
                }
            }
            other => {
                for (index, id) in other.items().iter().enumerate() {
                    let id = id
                        .as_str()
                        .ok_or_else(|| TrustListFault::Shape(format!("[{index}]")))?;
                    list.insert(id, "");
                }
            }
        }
        Ok(list)
    }

    /// Adds an issuer; without a name, its id is its name.
    pub fn insert(&mut self, id: &str, name: &str) {
        let name = if name.is_empty() { id } else { name };
        self.issuers.insert(id.to_owned(), name.to_owned());
    }

    /// For a genuine credential: a name on the list is no use to somebody who only writes it down.
    /// Ids are compared as they are written: with `%3A` for `:` a did:web is somebody else's.
    pub(super) fn check(&self, issuer: Option<&str>) -> Outcome {
        let known = issuer.and_then(|issuer| self.issuers.get_key_value(issuer));
        match known {
            Some((issuer, name)) => Outcome::Passed(Passed::IssuerTrusted {
                issuer: issuer.clone(),
                name: name.clone(),
            }),
            None => Outcome::Unknown(Unknown::IssuerUnlisted {
                issuer: issuer.map(str::to_owned),
            }),
        }
    }
}
