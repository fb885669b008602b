//! The documents that an assertion leads to, each at its own address: its class, its issuer, keys,
//! lists.

use std::collections::BTreeSet;

use super::version::{Version, is_web_address};
use crate::did::domain;
use crate::documents::{Documents, Lookup};
use crate::json::{self, Value};
use crate::verify::findings::{Failure, Unknown};
use crate::verify::report::Outcome;

/// How many documents one badge may lead to.
const MOST_DOCUMENTS: usize = 16;

/// Where documents are looked up, and what was not there.
pub(super) struct Library<'v> {
    documents: &'v Documents,
    asked: BTreeSet<String>,
    missing: &'v mut Vec<String>,
}

/// A document that is not there.
#[derive(Debug)]
pub(super) struct Absent {
    pub(super) url: String,
    /// Why; `None` when it was not asked for.
    pub(super) reason: Option<String>,
    /// Whether it was there once (HTTP 410).
    pub(super) is_gone: bool,
}

/// Why a document that another one names is not at hand.
#[derive(Debug)]
pub(super) enum NotFollowed {
    Absent(Absent),
    /// Something else is there.
    Other {
        url: String,
        found: Option<String>,
    },
    /// It is neither named by an address nor there as an object.
    Malformed,
}

impl<'v> Library<'v> {
    pub(super) const fn new(documents: &'v Documents, missing: &'v mut Vec<String>) -> Self {
        Self {
            documents,
            asked: BTreeSet::new(),
            missing,
        }
    }

    /// The text at an address.
    pub(super) fn text(&mut self, url: &str) -> Result<&'v str, Absent> {
        let absent = |reason: Option<&str>| Absent {
            url: url.to_owned(),
            reason: reason.map(str::to_owned),
            is_gone: self.documents.is_gone(url),
        };
        if self.asked.len() >= MOST_DOCUMENTS && !self.asked.contains(url) {
            return Err(absent(Some("it asks for too many documents")));
        }
        self.asked.insert(url.to_owned());
        match self.documents.get(url) {
            Lookup::Loaded(text) => Ok(text),
            Lookup::Failed(reason) => Err(absent(Some(reason))),
            // Without a domain there is no address, or one that hides its host behind a user name.
            Lookup::Missing if domain(url).is_none() || !url.starts_with("https://") => {
                Err(absent(Some("only https is fetched")))
            }
            Lookup::Missing => {
                if !self.missing.iter().any(|known| known == url) {
                    self.missing.push(url.to_owned());
                }
                Err(absent(None))
            }
        }
    }

    /// The JSON at an address.
    pub(super) fn json(&mut self, url: &str) -> Result<Value<'v>, Absent> {
        let text = self.text(url)?.trim_start_matches('\u{feff}');
        json::parse(text).map_err(|error| Absent {
            url: url.to_owned(),
            reason: Some(format!("it is not JSON: {error}")),
            is_gone: false,
        })
    }

    /// The JSON at an address, which must be about that address.
    pub(super) fn about(&mut self, url: &str) -> Result<Value<'v>, NotFollowed> {
        let document = self.json(url).map_err(NotFollowed::Absent)?;
        let id = document.get("id");
        // Before 2.0 a document had no id but its address.
        let is_it = match id {
            Some(id) => id.as_str() == Some(url),
            None => Version::of(&document) != Some(Version::V2_0),
        };
        if is_it && document.as_object().is_some() {
            Ok(document)
        } else {
            Err(NotFollowed::Other {
                url: url.to_owned(),
                found: id.and_then(Value::as_str).map(str::to_owned),
            })
        }
    }

    /// What a member means: the document at the address that it names; an object with an address is
    /// a copy and nothing more; one without is what it is.
    pub(super) fn follow(&mut self, member: &Value<'v>) -> Result<Value<'v>, NotFollowed> {
        match address(member) {
            Some(url) => self.about(url),
            None if member.as_object().is_some() => Ok(member.clone()),
            None => Err(NotFollowed::Malformed),
        }
    }
}

/// The address that a member is or has.
pub(super) fn address<'m>(member: &'m Value<'_>) -> Option<&'m str> {
    let id = member.as_str().or_else(|| member.text("id"));
    id.filter(|id| is_web_address(id))
}

impl From<Absent> for Outcome {
    fn from(absent: Absent) -> Self {
        Self::Unknown(Unknown::DocumentNotLoaded {
            url: absent.url,
            reason: absent.reason,
        })
    }
}

impl NotFollowed {
    /// What it means for a badge whose `member` leads there.
    pub(super) fn outcome(self, member: &'static str) -> Outcome {
        match self {
            Self::Absent(absent) => absent.into(),
            Self::Other { url, found } => Outcome::Failed(Failure::HostedOther { url, found }),
            Self::Malformed => Outcome::Failed(Failure::MalformedProof { member }),
        }
    }
}
