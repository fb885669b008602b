//! What an assertion says of itself.

use super::issuer::Chain;
use super::recipient::Identity;
use super::version::Version;
use crate::json::{self, Value};
use crate::verify::report::{IdentifierSummary, IssuerSummary, Summary};

pub(super) fn types(statement: &Value<'_>) -> Vec<String> {
    let types = statement.list("type").iter();
    types.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// An assertion of which nothing is known but its address.
pub(super) fn at(url: &str) -> Summary {
    Summary {
        id: Some(url.to_owned()),
        types: vec![ASSERTION.to_owned()],
        ..Summary::default()
    }
}

const ASSERTION: &str = "Assertion";

/// The assertion in the words of a credential.
pub(super) fn of(statement: &Value<'_>, chain: &Chain<'_>) -> Summary {
    let owned = |value: Option<&str>| value.map(str::to_owned);
    let date = |member| match statement.get(member)? {
        Value::String(text) => Some(text.to_string()),
        Value::Number(number) => Some(number.text().to_owned()),
        _ => None,
    };
    let types = match types(statement) {
        none if none.is_empty() => vec![ASSERTION.to_owned()],
        types => types,
    };
    // As long as the class is not there, what came along says what it is meant to be.
    let class = chain.class.as_ref().or_else(|| statement.get("badge"));
    let named = class.and_then(|class| class.get("issuer"));
    let profile = chain
        .issuer
        .as_ref()
        .map(|issuer| &issuer.profile)
        .or(named);
    let issuer_id = chain.issuer.as_ref().map(|issuer| issuer.id.as_str());
    let named_id = named.and_then(|named| named.as_str().or_else(|| named.text("id")));
    Summary {
        id: owned(statement.text("id").or_else(|| statement.text("uid"))),
        types,
        name: owned(class.and_then(|class| class.text("name"))),
        issuer: IssuerSummary {
            id: owned(issuer_id.or(named_id)),
            name: owned(profile.and_then(|profile| profile.text("name"))),
        },
        achievement: owned(class.and_then(|class| class.as_str().or_else(|| class.text("id")))),
        valid_from: date(Version::of(statement).unwrap_or(Version::V2_0).issued()),
        valid_until: date("expires"),
        awarded_date: None,
        subject: None,
        identifiers: Identity::of(statement)
            .into_iter()
            .map(|Identity { kind, object }| IdentifierSummary {
                r#type: kind,
                hashed: object.hashed,
                identity: (!object.hashed).then_some(object.identity_hash),
            })
            .collect(),
    }
}

/// The members in which a copy differs from what stands at its address.
pub(super) fn differing(copy: &Value<'_>, hosted: &Value<'_>) -> Vec<String> {
    let (Some(copied), Some(members)) = (copy.as_object(), hosted.as_object()) else {
        return Vec::new();
    };
    let absent = members.iter().filter(|(name, _)| copy.get(name).is_none());
    let other = copied.iter().filter(|(name, value)| {
        hosted.get(name).map(json::canonical) != Some(json::canonical(value))
    });
    other
        .chain(absent)
        .map(|(name, _)| name.to_string())
        .take(MOST_MEMBERS)
        .collect()
}

const MOST_MEMBERS: usize = 16;
