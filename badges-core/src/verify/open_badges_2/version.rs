//! The versions before 3.0, and what is said differently in them.

use time::OffsetDateTime;

use crate::json::Value;
use crate::model::schema::DepartureKind;
use crate::model::{DateTimeError, parse_date_time};

/// A version of Open Badges before 3.0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Version {
    /// 0.5: the class inside the assertion, the recipient as a text.
    V0_5,
    /// 1.0: without `@context`, with `uid`.
    V1_0,
    /// 1.1.
    V1_1,
    /// 2.0.
    V2_0,
}

const CONTEXTS: [(&str, Version); 6] = [
    ("https://w3id.org/openbadges/v2", Version::V2_0),
    ("http://w3id.org/openbadges/v2", Version::V2_0),
    ("https://openbadgespec.org/v2/context.json", Version::V2_0),
    ("https://w3id.org/openbadges/v1", Version::V1_1),
    ("http://w3id.org/openbadges/v1", Version::V1_1),
    ("http://standard.openbadges.org/1.1/context", Version::V1_1),
];

impl Version {
    /// The version of a document; `None` when it is of none of these. A document that is also a
    /// verifiable credential is of 3.0, or of nothing.
    pub(super) fn of(document: &Value<'_>) -> Option<Self> {
        if document.has_type("VerifiableCredential") || document.get("vc").is_some() {
            return None;
        }
        if document.get("@context").is_none() {
            return match (document.get("recipient")?, document.get("badge")?) {
                (Value::Object(_), Value::String(_)) => Some(Self::V1_0),
                (Value::String(_), Value::Object(_)) => Some(Self::V0_5),
                _ => None,
            };
        }
        let named = document
            .list("@context")
            .iter()
            .filter_map(Value::as_str)
            .filter_map(|url| CONTEXTS.iter().find(|(known, _)| *known == url));
        named.map(|(_, version)| *version).max()
    }

    /// The number in reports.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::V0_5 => "0.5",
            Self::V1_0 => "1.0",
            Self::V1_1 => "1.1",
            Self::V2_0 => "2.0",
        }
    }

    /// The member with the day of the award.
    pub(super) const fn issued(self) -> &'static str {
        match self {
            Self::V0_5 => "issued_on",
            _ => "issuedOn",
        }
    }
}

/// How an assertion says that it is to be verified: `verification`, before 2.0 `verify`.
pub(super) fn verification<'v>(statement: &'v Value<'_>) -> Option<&'v Value<'v>> {
    ["verification", "verify"]
        .iter()
        .find_map(|member| statement.list(member).first())
}

/// Whether it says that it is signed.
pub(super) fn says_signed(statement: &Value<'_>) -> bool {
    verification(statement)
        .is_some_and(|how| ["SignedBadge", "signed"].iter().any(|it| how.has_type(it)))
}

/// The address at which an assertion is hosted.
pub(super) fn own_address<'v>(statement: &'v Value<'_>) -> Option<&'v str> {
    let is_address = |id: &&str| is_web_address(id);
    statement.text("id").filter(is_address).or_else(|| {
        // Before 2.0 the address stands there, and the id may be anything.
        let how = verification(statement)?;
        how.text("url").filter(is_address)
    })
}

/// Whether it is an address that can be asked at all, securely or not.
pub(crate) fn is_web_address(id: &str) -> bool {
    id.starts_with("https://") || id.starts_with("http://")
}

/// A date as it was written.
pub(crate) struct Date {
    pub(crate) moment: OffsetDateTime,
    /// How it departs from a date and time with a zone.
    pub(crate) departure: Option<DateTimeError>,
}

/// Reads a date: a date and time; or a day, which begins in UTC; or, as 0.5 to 1.1 allow, seconds
/// since 1970. `Err` says why it is none.
pub(crate) fn date(value: &Value<'_>) -> Result<Date, DepartureKind> {
    let kind = || DepartureKind::Kind {
        expected: "a date",
        found: value.kind(),
    };
    let seconds = match value {
        Value::Number(number) => Some(number.as_i64().ok_or_else(kind)?),
        Value::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
        _ => None,
    };
    if let Some(seconds) = seconds {
        let moment = OffsetDateTime::from_unix_timestamp(seconds).map_err(|_| kind())?;
        return Ok(Date {
            moment,
            departure: None,
        });
    }
    let text = value.as_str().ok_or_else(kind)?;
    let fault = match parse_date_time(text) {
        Ok(moment) => {
            return Ok(Date {
                moment,
                departure: None,
            });
        }
        Err(fault) => fault,
    };
    let mended = match fault {
        DateTimeError::NoTime { .. } => parse_date_time(&format!("{text}T00:00:00Z")),
        DateTimeError::NoZone { .. } => parse_date_time(&format!("{text}Z")),
        _ => return Err(fault.into()),
    };
    match mended {
        Ok(moment) => Ok(Date {
            moment,
            departure: Some(fault),
        }),
        Err(fault) => Err(fault.into()),
    }
}
