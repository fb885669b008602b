//! Why Wikimedia could not be asked, or what it answered instead.

use std::time::Duration;

use serde::Serialize;

/// Why there is no answer that can be used. Nothing of it is a secret.
///
/// As JSON: an object with the member `id` of [`WikimediaError::id`] and the facts of the variant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "id")]
#[non_exhaustive]
pub enum WikimediaError {
    /// The connection failed or broke off, or the answer took too long.
    #[error("{call}: Wikimedia cannot be reached: {cause}")]
    #[serde(rename = "wikimedia.unreachable")]
    Unreachable {
        /// What was asked for.
        call: &'static str,
        /// What the network said.
        cause: String,
    },
    /// Wikimedia asks to come back later.
    #[error("{call}: Wikimedia is busy; try again {}", when(.retry_after))]
    #[serde(rename = "wikimedia.busy")]
    Busy {
        /// What was asked for.
        call: &'static str,
        /// How long to wait, if it says.
        #[serde(rename = "retry_after_seconds", serialize_with = "seconds")]
        retry_after: Option<Duration>,
    },
    /// Wikimedia understood and says no.
    #[error("{call}: Wikimedia refuses with status {status}{}", its_code(.code.as_deref()))]
    #[serde(rename = "wikimedia.refused")]
    Refused {
        /// What was asked for.
        call: &'static str,
        /// The HTTP status; MediaWiki says no with 200, too.
        status: u16,
        /// Its word for the reason: `invalid_grant` of OAuth 2 (RFC 6749, section 5.2) means a code
        /// that is used or too old, `invalid_client` a wrong client id or secret.
        code: Option<String>,
    },
    /// The answer is not of the form that is expected.
    #[error("{call}: the answer of Wikimedia is not understood: {fault}")]
    #[serde(rename = "wikimedia.not-understood")]
    NotUnderstood {
        /// What was asked for.
        call: &'static str,
        /// What is wrong with it.
        #[serde(flatten)]
        fault: Fault,
    },
    /// There is no such event registration, or it was deleted.
    #[error("there is no event {event}")]
    #[serde(rename = "wikimedia.no-such-event")]
    NoSuchEvent {
        /// The event's id.
        event: u64,
    },
    /// The event is marked as a test; badges are for real events.
    #[error("event {event} ({name}) is a test event; badges are awarded for real events only")]
    #[serde(rename = "wikimedia.test-event")]
    TestEvent {
        /// The event's id.
        event: u64,
        /// Its name.
        name: String,
    },
}

/// What is wrong with an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "fault", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Fault {
    /// Not JSON, such as a page for people.
    #[error("it is not JSON (at line {line}, column {column})")]
    NotJson {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// JSON that ends before it is complete.
    #[error("it ends too early")]
    CutShort,
    /// A member is missing or of another kind.
    #[error("`{member}` is missing or not what it should be")]
    Member {
        /// Where, such as `query.globalusers[3].name`; `.` is the whole.
        member: String,
    },
    /// Longer than any real answer.
    #[error("it has more than {limit} bytes")]
    TooLarge {
        /// How many bytes are read.
        limit: u64,
    },
    /// More pages than any real event has.
    #[error("there are more than {limit} pages")]
    TooManyPages {
        /// How many pages are read.
        limit: usize,
    },
}

impl WikimediaError {
    /// The stable id of the error, such as `wikimedia.busy`.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        match self {
            Self::Unreachable { .. } => "wikimedia.unreachable",
            Self::Busy { .. } => "wikimedia.busy",
            Self::Refused { .. } => "wikimedia.refused",
            Self::NotUnderstood { .. } => "wikimedia.not-understood",
            Self::NoSuchEvent { .. } => "wikimedia.no-such-event",
            Self::TestEvent { .. } => "wikimedia.test-event",
        }
    }

    pub(super) fn member(call: &'static str, member: impl Into<String>) -> Self {
        let member = member.into();
        Self::NotUnderstood {
            call,
            fault: Fault::Member { member },
        }
    }
}

fn when(retry_after: &Option<Duration>) -> String {
    retry_after.map_or_else(
        || "later".to_owned(),
        |wait| format!("in {} s", wait.as_secs()),
    )
}

fn its_code(code: Option<&str>) -> String {
    code.map_or_else(String::new, |code| format!(" ({code})"))
}

fn seconds<S: serde::Serializer>(
    retry_after: &Option<Duration>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    retry_after.map(|wait| wait.as_secs()).serialize(serializer)
}
