//! The check `validity`: `issuedOn` and `expires`.

use time::OffsetDateTime;

use super::version::{Version, date};
use crate::json::Value;
use crate::verify::findings::{Failure, Passed};
use crate::verify::report::Outcome;
use crate::verify::validity::LEEWAY;

/// Whether this is the assertion's time. What cannot be read as a date does not conform, which is
/// another check.
pub(super) fn check(statement: &Value<'_>, at: OffsetDateTime) -> Outcome {
    let moment = |member| Some(date(statement.get(member)?).ok()?.moment);
    let from = moment(Version::of(statement).unwrap_or(Version::V2_0).issued());
    let until = moment("expires");
    if let Some(from) = from.filter(|&from| at + LEEWAY < from) {
        return Outcome::Failed(Failure::NotYetValid { from, at });
    }
    if let Some(until) = until.filter(|&until| at - LEEWAY > until) {
        return Outcome::Failed(Failure::Expired { until, at });
    }
    Outcome::Passed(Passed::Current { from, until, at })
}
