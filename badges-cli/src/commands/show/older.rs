//! What a badge of Open Badges 2.0 or before says, as far as it is at hand: it may have only the
//! addresses of its class and its issuer.

use badges_core::json::Value;

use super::{Said, line, members, prose};

/// All that an assertion says.
pub(super) fn said(assertion: &Value<'_>, version: &str, is_signed: bool, form: &str) -> Said {
    let class = assertion.list("badge").first();
    let issuer = class.and_then(|class| class.list("issuer").first());
    let criteria = class.and_then(|class| class.list("criteria").first());
    let name = class.and_then(|class| class.text("name"));
    let date = |members: &[&str]| members.iter().find_map(|name| moment(assertion.get(name)?));
    let mut said = vec![
        (
            "Badge",
            name.map_or_else(|| elsewhere(class), |name| vec![name.to_owned()]),
        ),
        ("", prose(class.and_then(|class| class.text("description")))),
        (
            "Id",
            line(assertion.text("id").or_else(|| assertion.text("uid"))),
        ),
        ("Form", vec![format!("Open Badges {version}, {form}")]),
        ("Criteria", criteria.map_or_else(Vec::new, text_or_page)),
        ("Issued by", issuer.map_or_else(Vec::new, profile)),
        (
            "Given to",
            assertion
                .list("recipient")
                .first()
                .map_or_else(Vec::new, recipient),
        ),
        (
            "Awarded",
            date(&["issuedOn", "issued_on"]).into_iter().collect(),
        ),
        ("Valid until", date(&["expires"]).into_iter().collect()),
        ("Narrative", prose(assertion.text("narrative"))),
    ];
    for evidence in assertion.list("evidence") {
        said.push(("Evidence", text_or_page(evidence)));
    }
    if assertion
        .get("revoked")
        .is_some_and(|revoked| *revoked != Value::Bool(false))
    {
        let reason = assertion
            .text("revocationReason")
            .unwrap_or("by its issuer");
        said.push(("Revoked", prose(Some(reason))));
    }
    let status = if is_signed {
        "to be looked up in its issuer's list of revoked badges"
    } else {
        "what counts is what stands at its address, not this copy"
    };
    said.push(("Status", vec![status.to_owned()]));
    said.retain(|(_, lines)| !lines.is_empty());
    said
}

/// All that a picture says which has an address instead of a badge.
pub(super) fn said_elsewhere(address: &str, form: &str) -> Said {
    vec![
        (
            "Badge",
            vec![format!("all that it says stands at {address}")],
        ),
        ("Form", vec![format!("Open Badges 2.0, {form}")]),
    ]
}

/// Where a document is that does not come along.
fn elsewhere(document: Option<&Value<'_>>) -> Vec<String> {
    let address = document.and_then(|it| it.as_str().or_else(|| it.text("id")));
    address.map_or_else(Vec::new, |address| {
        vec![format!("what it is stands at {address}")]
    })
}

fn profile(issuer: &Value<'_>) -> Vec<String> {
    match issuer.as_str() {
        Some(_) => elsewhere(Some(issuer)),
        None => members(issuer, &["name", "id", "origin", "url", "email"]),
    }
}

/// A page, or an object with words, a page, or both.
fn text_or_page(object: &Value<'_>) -> Vec<String> {
    if let Some(page) = object.as_str() {
        return vec![page.to_owned()];
    }
    let mut lines = members(object, &["name", "id"]);
    lines.extend(prose(object.text("description")));
    lines.extend(prose(object.text("narrative")));
    lines
}

fn recipient(recipient: &Value<'_>) -> Vec<String> {
    let kind = recipient.text("type").unwrap_or("email");
    let identity = recipient.as_str().or_else(|| recipient.text("identity"));
    let Some(identity) = identity else {
        return Vec::new();
    };
    let is_hashed = recipient.get("hashed") == Some(&Value::Bool(true)) || identity.contains('$');
    vec![if is_hashed {
        format!("a hashed {kind}, which only who knows it can compare")
    } else {
        format!("{identity} ({kind})")
    }]
}

/// A date; versions before 2.0 may have seconds since 1970.
fn moment(date: &Value<'_>) -> Option<String> {
    match date {
        Value::String(text) => Some(text.to_string()),
        Value::Number(seconds) => Some(format!("{} (seconds since 1970)", seconds.text())),
        _ => None,
    }
}
