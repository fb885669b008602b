//! `1EdTechRevocationList`: an unsigned list of revoked badges, which came before status lists
//! (Open Badges 3.0, B.1.23 and "Revocation List"; 1EdTech has deprecated it, and badges still name it).
//! It is believed because the issuer has signed its address, and only over https.

use super::Question;
use super::findings::{Failure, ListFault, Passed, Unknown};
use super::report::Outcome;
use super::secured::Secured;
use crate::documents::Lookup;
use crate::json::{self, Value};

/// The `type` of a status that names such a list.
pub(super) const TYPE: &str = "1EdTechRevocationList";

/// What the list at the status' `id` says of a badge.
pub(super) fn look_up(
    status: &Value<'_>,
    secured: &Secured<'_>,
    question: &Question<'_>,
    missing: &mut Vec<String>,
) -> Outcome {
    match read(status, secured, question, missing) {
        Ok(outcome) => outcome,
        Err(unknown) => Outcome::Unknown(unknown),
    }
}

fn read(
    status: &Value<'_>,
    secured: &Secured<'_>,
    question: &Question<'_>,
    missing: &mut Vec<String>,
) -> Result<Outcome, Unknown> {
    let unreadable = |member| Unknown::StatusEntry { member };
    let url = status.text("id").ok_or_else(|| unreadable("id"))?;
    // The list knows a badge by its id; one without is in no list.
    let badge = secured.credential.text("id");
    let badge = badge.ok_or_else(|| unreadable("id"))?;
    let text = match question.documents.get(url) {
        Lookup::Loaded(text) => text,
        lookup => {
            let fetched = url.starts_with("https://");
            if matches!(lookup, Lookup::Missing)
                && fetched
                && !missing.iter().any(|known| known == url)
            {
                missing.push(url.to_owned());
            }
            let reason = match lookup {
                Lookup::Failed(reason) => Some(reason.to_owned()),
                _ if fetched => None,
                _ => Some("only https is fetched".to_owned()),
            };
            return Err(Unknown::StatusNotLoaded {
                url: url.to_owned(),
                reason,
            });
        }
    };
    let fault = |reason| Unknown::StatusList {
        url: url.to_owned(),
        reason,
    };
    let list = json::parse(text).map_err(|_| fault(ListFault::Unreadable))?;
    let owner = list.get("issuer");
    let owner = owner.and_then(|owner| owner.as_str().or_else(|| owner.text("id")));
    if owner.is_some_and(|owner| Some(owner) != secured.issuer()) {
        return Err(fault(ListFault::OtherIssuer));
    }
    // The name was changed once; a list with neither says nothing.
    let names = ["revokedCredential", "revokedCredentials"];
    let lists: Vec<_> = names.iter().filter_map(|name| list.get(name)).collect();
    if lists.is_empty() {
        return Err(fault(ListFault::OtherType));
    }
    let mut entries = lists.iter().flat_map(|list| list.items());
    let entry = entries.clone().find(|entry| {
        id(entry) == Some(badge) && entry.get("revoked") != Some(&Value::Bool(false))
    });
    if let Some(entry) = entry {
        return Ok(Outcome::Failed(Failure::Withdrawn {
            document: url.to_owned(),
            reason: entry.text("revocationReason").map(str::to_owned),
        }));
    }
    // Among what cannot be read it may be.
    if lists.contains(&&Value::Null) || entries.any(|entry| id(entry).is_none()) {
        return Err(fault(ListFault::Unreadable));
    }
    Ok(Outcome::Passed(Passed::NotWithdrawn {
        document: url.to_owned(),
    }))
}

/// The badge that an entry is about: an object with its id, or the id alone.
fn id<'e>(entry: &'e Value<'_>) -> Option<&'e str> {
    entry.as_str().or_else(|| entry.text("id"))
}
