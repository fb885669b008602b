//! What the tables cannot say: rules over several members of an object.

use super::departure::excerpt;
use super::lexical::is_identity_hash;
use super::place::Place;
use super::walk::Walk;
use super::{DepartureKind, Reading};
use crate::json::Value;
use crate::model::date_time::parse_date_time;

/// AchievementCredential, EndorsementCredential: their period, and the id of their status.
pub(super) fn credential(walk: &mut Walk, credential: &Value<'_>, place: &Place<'_>) {
    period(walk, credential, place);
    status_id(walk, credential, place);
}

/// The same of version 1.1, which has been replaced.
pub(super) fn credential_v1p1(walk: &mut Walk, credential: &Value<'_>, place: &Place<'_>) {
    data_model_1(walk, credential, place);
    status_id(walk, credential, place);
}

/// Verifiable Credentials 2.0, sections 4.9 and 5.3.
pub(super) fn verifiable_credential(walk: &mut Walk, credential: &Value<'_>, place: &Place<'_>) {
    period(walk, credential, place);
    let list = place.member("relatedResource");
    let mut ids = std::collections::BTreeSet::new();
    for (index, resource) in credential.list("relatedResource").iter().enumerate() {
        if let Some(id) = resource.text("id")
            && !ids.insert(id)
        {
            let item = list.item(index);
            walk.depart(
                &item.member("id"),
                Reading::Lenient,
                DepartureKind::Duplicate,
            );
        }
    }
}

/// Verifiable Credentials 2.0, section 4.9: what ends does not end before it starts.
pub(super) fn period(walk: &mut Walk, credential: &Value<'_>, place: &Place<'_>) {
    let time = |name| parse_date_time(credential.text(name)?).ok();
    if let Some(until) = time("validUntil")
        && time("validFrom").is_some_and(|from| until < from)
    {
        walk.depart(
            &place.member("validUntil"),
            Reading::Lenient,
            DepartureKind::Period,
        );
    }
}

/// Verifiable Credentials 1.1 are read, and not issued.
pub(super) fn data_model_1(walk: &mut Walk, _credential: &Value<'_>, place: &Place<'_>) {
    walk.depart(place, Reading::Strict, DepartureKind::DataModel);
}

/// CredentialStatus: the id has been optional since version 1.4 of the specification, and older
/// schemas want it.
fn status_id(walk: &mut Walk, credential: &Value<'_>, place: &Place<'_>) {
    if let Some(status @ Value::Object(_)) = credential.get("credentialStatus")
        && status.text("id").is_none()
    {
        let status = place.member("credentialStatus");
        walk.depart(
            &status.member("id"),
            Reading::Strict,
            DepartureKind::Required,
        );
    }
}

/// AchievementSubject: somebody it is about; and results that belong to the achievement.
pub(super) fn subject(walk: &mut Walk, subject: &Value<'_>, place: &Place<'_>) {
    if subject.text("id").is_none() && subject.list("identifier").is_empty() {
        walk.depart(place, Reading::Lenient, DepartureKind::Unidentified);
    }
    if walk.reading == Reading::Strict {
        results(walk, subject, place);
    }
}

/// Result: `resultDescription` is in the achievement being asserted, `achievedLevel` is one of its
/// levels, and a result of type Status has a `status`.
fn results(walk: &mut Walk, subject: &Value<'_>, place: &Place<'_>) {
    let descriptions = subject
        .get("achievement")
        .map_or(&[][..], |achievement| achievement.list("resultDescription"));
    let list = place.member("result");
    for (index, result) in subject.list("result").iter().enumerate() {
        let place = list.item(index);
        let Some(id) = result.text("resultDescription") else {
            if let Some(level) = result.text("achievedLevel") {
                reference(walk, &place.member("achievedLevel"), "rubric level", level);
            }
            continue;
        };
        let Some(description) = with_id(descriptions, id) else {
            let place = place.member("resultDescription");
            reference(walk, &place, "result description", id);
            continue;
        };
        if description.text("resultType") == Some("Status") && result.text("status").is_none() {
            walk.depart(
                &place.member("status"),
                Reading::Strict,
                DepartureKind::Required,
            );
        }
        if let Some(level) = result.text("achievedLevel")
            && with_id(description.list("rubricCriterionLevel"), level).is_none()
        {
            reference(walk, &place.member("achievedLevel"), "rubric level", level);
        }
    }
}

/// ResultDescription: `requiredLevel` is one of its levels.
pub(super) fn required_level(walk: &mut Walk, description: &Value<'_>, place: &Place<'_>) {
    if walk.reading == Reading::Strict
        && let Some(level) = description.text("requiredLevel")
        && with_id(description.list("rubricCriterionLevel"), level).is_none()
    {
        reference(walk, &place.member("requiredLevel"), "rubric level", level);
    }
}

fn with_id<'v, 'a>(list: &'v [Value<'a>], id: &str) -> Option<&'v Value<'a>> {
    list.iter().find(|entry| entry.text("id") == Some(id))
}

fn reference(walk: &mut Walk, place: &Place<'_>, of: &'static str, found: &str) {
    let found = excerpt(found);
    walk.depart(
        place,
        Reading::Strict,
        DepartureKind::Reference { of, found },
    );
}

/// Criteria: what one has to do is said, or said where it is said. The schema does not ask for it.
pub(super) fn criteria(walk: &mut Walk, criteria: &Value<'_>, place: &Place<'_>) {
    if criteria.text("id").is_none() && criteria.text("narrative").is_none() {
        walk.depart(place, Reading::Strict, DepartureKind::Criteria);
    }
}

/// IdentityObject: what says it is hashed looks like a hash.
pub(super) fn identity_hash(walk: &mut Walk, identity: &Value<'_>, place: &Place<'_>) {
    if let Some(Value::Bool(true)) = identity.get("hashed")
        && let Some(hash) = identity.text("identityHash")
        && !is_identity_hash(hash)
    {
        walk.depart(
            &place.member("identityHash"),
            Reading::Strict,
            DepartureKind::Form {
                expected: "sha256$ and a digest in hexadecimal",
                found: excerpt(hash),
            },
        );
    }
}

/// RelatedResource (Verifiable Credentials 2.0, section 5.3): something to compare it with.
pub(super) fn digest(walk: &mut Walk, resource: &Value<'_>, place: &Place<'_>) {
    if resource.get("digestSRI").is_none() && resource.get("digestMultibase").is_none() {
        walk.depart(place, Reading::Lenient, DepartureKind::Digest);
    }
}
