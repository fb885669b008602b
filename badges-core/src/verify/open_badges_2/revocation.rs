//! Whether the issuer has revoked a signed badge: its `RevocationList` (Open Badges 2.0), before
//! 2.0 an object from ids to reasons.

use super::issuer::Issuer;
use super::library::{Library, address};
use crate::json::Value;
use crate::verify::findings::{Failure, ListFault, Passed, Unknown};
use crate::verify::report::Outcome;

/// What a statement says of itself; a hosted one is where its issuer says so.
pub(super) fn own(statement: &Value<'_>, document: &str) -> Option<Outcome> {
    let revoked = statement.get("revoked")?;
    (!matches!(revoked, Value::Bool(false) | Value::Null))
        .then(|| withdrawn(document, statement.text("revocationReason")))
}

pub(super) fn withdrawn(document: &str, reason: Option<&str>) -> Outcome {
    Outcome::Failed(Failure::Withdrawn {
        document: document.to_owned(),
        reason: reason.map(str::to_owned),
    })
}

/// What the issuer's list says; `None` when the issuer keeps none.
pub(super) fn by_list<'v>(
    statement: &Value<'v>,
    issuer: &Issuer<'v>,
    library: &mut Library<'v>,
) -> Option<Outcome> {
    let member = issuer.profile.get("revocationList")?;
    let Some(url) = address(member) else {
        let member = "revocationList";
        return Some(Outcome::Unknown(Unknown::StatusEntry { member }));
    };
    let list = match library.json(url) {
        Ok(list) => list,
        Err(absent) => {
            return Some(Outcome::Unknown(Unknown::StatusNotLoaded {
                url: absent.url,
                reason: absent.reason,
            }));
        }
    };
    let fault = |reason| {
        let url = url.to_owned();
        Some(Outcome::Unknown(Unknown::StatusList { url, reason }))
    };
    let owner = list
        .get("issuer")
        .and_then(|owner| owner.as_str().or_else(|| owner.text("id")));
    if owner.is_some_and(|owner| owner != issuer.id) {
        return fault(ListFault::OtherIssuer);
    }
    let Value::Object(members) = &list else {
        return fault(ListFault::Unreadable);
    };
    let names: Vec<&str> = ["id", "uid"]
        .iter()
        .filter_map(|name| statement.text(name))
        .collect();
    let is_named = |text: Option<&str>| text.is_some_and(|text| names.contains(&text));
    let Some(revoked) = list.get("revokedAssertions") else {
        if list.get("@context").is_some() {
            return fault(ListFault::Unreadable);
        }
        let entry = members.iter().find(|(name, _)| is_named(Some(name)));
        return Some(answer(url, entry.map(|(_, reason)| reason.as_str())));
    };
    let entry = revoked.items().iter().find_map(|entry| match entry {
        Value::String(id) => is_named(Some(id)).then_some(None),
        entry => (is_named(entry.text("id")) || is_named(entry.text("uid")))
            .then(|| entry.text("revocationReason")),
    });
    // Among what cannot be read it may be.
    let is_read = |entry: &Value<'_>| {
        let id = entry.text("id").or_else(|| entry.text("uid"));
        entry.as_str().or(id).is_some()
    };
    if entry.is_none() && (*revoked == Value::Null || !revoked.items().iter().all(is_read)) {
        return fault(ListFault::Unreadable);
    }
    Some(answer(url, entry))
}

fn answer(url: &str, entry: Option<Option<&str>>) -> Outcome {
    match entry {
        Some(reason) => withdrawn(url, reason),
        None => Outcome::Passed(Passed::NotWithdrawn {
            document: url.to_owned(),
        }),
    }
}
