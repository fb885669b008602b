//! The check `endorsements` (Open Badges 3.0, 9.1, step 6 and 9.2): those who vouch for the badge,
//! its achievement or its issuer. Each is a credential of its own, judged on its own; none sinks
//! the badge. One entry in the report for each.

use super::findings::{Failure, Passed, Unknown};
use super::form::Form;
use super::report::{Check, Outcome, Report, Verdict};
use super::secured::Secured;
use super::{Question, judge_secured};
use crate::json::Value;
use crate::model::CredentialKind;

/// The most endorsements that are judged.
const MAX_ENDORSEMENTS: usize = 32;

pub(super) fn check(
    credential: &Value<'_>,
    question: &Question<'_>,
    missing: &mut Vec<String>,
    report: &mut Report,
) {
    let holders = holders(credential);
    let endorsements = holders.iter().flat_map(|(place, holder)| {
        let separator = if place.is_empty() { "" } else { "." };
        ["endorsement", "endorsementJwt"]
            .into_iter()
            .flat_map(move |member| {
                let list = holder.list(member).iter().enumerate();
                list.map(move |(index, endorsement)| {
                    let place = format!("{place}{separator}{member}[{index}]");
                    (place, holder.text("id"), endorsement)
                })
            })
    });
    push_judged(endorsements, report, |(place, holder, endorsement)| {
        judge(endorsement, holder, &place, question, missing)
    });
}

/// The answers of so many endorsements as are judged, and how many are left.
pub(super) fn push_judged<T>(
    mut endorsements: impl Iterator<Item = T>,
    report: &mut Report,
    mut judge: impl FnMut(T) -> Outcome,
) {
    for endorsement in endorsements.by_ref().take(MAX_ENDORSEMENTS) {
        report.push(Check::Endorsements, judge(endorsement));
    }
    let left = endorsements.count();
    if left > 0 {
        let left = Unknown::EndorsementsLeft {
            found: MAX_ENDORSEMENTS + left,
            judged: MAX_ENDORSEMENTS,
        };
        report.push(Check::Endorsements, Outcome::Unknown(left));
    }
}

/// The objects of a badge that can carry endorsements, with their places.
fn holders<'v>(credential: &'v Value<'v>) -> Vec<(String, &'v Value<'v>)> {
    let mut found = vec![(String::new(), credential)];
    let mut add = |place: &str, object: Option<&'v Value<'v>>| {
        let mut place = place.to_owned();
        let mut next = object.filter(|object| object.as_object().is_some());
        // A profile's parent organisations can carry them too.
        while let Some(object) = next {
            found.push((place.clone(), object));
            place.push_str(".parentOrg");
            next = object
                .get("parentOrg")
                .filter(|parent| parent.as_object().is_some());
        }
    };
    add("issuer", credential.get("issuer"));
    if let Some(subject) = credential.list("credentialSubject").first() {
        add("credentialSubject.source", subject.get("source"));
        if let Some(achievement) = subject.get("achievement") {
            add("credentialSubject.achievement", Some(achievement));
            add(
                "credentialSubject.achievement.creator",
                achievement.get("creator"),
            );
        }
    }
    found
}

fn judge(
    endorsement: &Value<'_>,
    holder: Option<&str>,
    place: &str,
    question: &Question<'_>,
    missing: &mut Vec<String>,
) -> Outcome {
    let unreadable = |reason: &str| {
        Outcome::Failed(Failure::EndorsementFails {
            place: place.to_owned(),
            issuer: None,
            reason: reason.to_owned(),
        })
    };
    let Some(text) = endorsement.as_str() else {
        return judge_secured_endorsement(
            &Secured::embedded(endorsement),
            holder,
            place,
            question,
            missing,
        );
    };
    let form = match Form::detect(text.as_bytes()) {
        Ok(form @ Form::Jwt(_)) => form,
        Ok(_) => return unreadable("form.jwt"),
        Err(failure) => return unreadable(failure.id()),
    };
    let parsed = match form.parse() {
        Ok(parsed) => parsed,
        Err(failure) => return unreadable(failure.id()),
    };
    match Secured::new(&parsed, &form, question.policy) {
        Ok(secured) => judge_secured_endorsement(&secured, holder, place, question, missing),
        Err(failure) => unreadable(failure.id()),
    }
}

fn judge_secured_endorsement(
    secured: &Secured<'_>,
    holder: Option<&str>,
    place: &str,
    question: &Question<'_>,
    missing: &mut Vec<String>,
) -> Outcome {
    let place = place.to_owned();
    let issuer = secured.issuer().map(str::to_owned);
    let subject = secured.credential.list("credentialSubject").first();
    let subject = subject.and_then(|subject| subject.text("id"));
    if CredentialKind::of(secured.credential) != CredentialKind::Endorsement {
        return Outcome::Failed(Failure::EndorsementFails {
            place,
            issuer,
            reason: "form.type".to_owned(),
        });
    }
    // Otherwise it was written for something else and carried over.
    if subject.is_none() || subject != holder {
        return Outcome::Failed(Failure::EndorsementFails {
            place,
            issuer,
            reason: "endorsements.other-subject".to_owned(),
        });
    }
    let mut report = Report::empty();
    let read = Passed::read_inside();
    judge_secured(secured, question, read, missing, &mut report);
    sum_up(&report, place, issuer)
}

/// What the report of an endorsement means for what it stands in.
pub(super) fn sum_up(report: &Report, place: String, issuer: Option<String>) -> Outcome {
    let verdict = report.verdict();
    let reason = || {
        let reason = report.reason();
        reason.map_or_else(String::new, |(_, outcome)| outcome.id().to_owned())
    };
    match verdict {
        Verdict::Valid => Outcome::Passed(Passed::EndorsementHolds {
            place,
            issuer: issuer.unwrap_or_default(),
        }),
        Verdict::Unknown => Outcome::Unknown(Unknown::EndorsementUnknown {
            place,
            issuer,
            reason: reason(),
        }),
        _ => Outcome::Failed(Failure::EndorsementFails {
            place,
            issuer,
            reason: reason(),
        }),
    }
}
