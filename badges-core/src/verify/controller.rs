//! Documents in which an issuer lists its keys: DID documents, controller documents ([CID 1.0]) and
//! JSON Web Key Sets.
//!
//! [CID 1.0]: https://www.w3.org/TR/cid-1.0/

use time::OffsetDateTime;

use super::Purpose;
use crate::json::Value;
use crate::key::{PublicKey, decode_multibase};
use crate::model::parse_date_time;

/// A key as an issuer's document lists it.
#[derive(Clone, Debug)]
pub(super) struct ListedKey {
    /// `None` when it is of a kind that is not supported.
    pub(super) key: Option<PublicKey>,
    /// After this its signatures do not hold, however old they claim to be.
    pub(super) revoked: Option<OffsetDateTime>,
    /// After this it is not to be used.
    pub(super) expires: Option<OffsetDateTime>,
}

/// What an issuer's document says of a verification method.
#[derive(Clone, Debug)]
pub(super) enum Listing {
    /// It is listed for the purpose, with its key.
    Key(Box<ListedKey>),
    /// It is listed for the purpose by its id only: the key stands elsewhere.
    Elsewhere,
    /// It is listed, but only for something else, or under another controller.
    OtherPurpose,
    /// It is not listed.
    NotListed,
    /// The document lists no keys at all: it is not about keys.
    NoKeys,
}

/// Why a document cannot be used.
pub(super) const OTHER_ID: &str = "the document there is about another id";

/// What makes an object a document about keys.
const RELATIONSHIPS: [&str; 7] = [
    "verificationMethod",
    "authentication",
    "assertionMethod",
    "keyAgreement",
    "capabilityInvocation",
    "capabilityDelegation",
    "publicKey",
];

/// Looks a method up by its id in the document of `controller`.
pub(super) fn find_method(
    document: &Value<'_>,
    controller: &str,
    method: &str,
    purpose: Purpose,
) -> Listing {
    if !RELATIONSHIPS
        .iter()
        .any(|name| document.get(name).is_some())
    {
        return Listing::NoKeys;
    }
    let is_it = |item: &Value<'_>| {
        let id = item.as_str().or_else(|| item.text("id"));
        id.is_some_and(|id| absolute(id, controller) == method)
    };
    let listed = document
        .list(purpose.name())
        .iter()
        .find(|item| is_it(item));
    let defined = || {
        ["verificationMethod", "publicKey"]
            .iter()
            .flat_map(|name| document.list(name))
            .find(|item| is_it(item))
    };
    match listed {
        Some(object @ Value::Object(_)) => listed_key(object, controller),
        Some(_) => defined().map_or(Listing::Elsewhere, |method| listed_key(method, controller)),
        None => {
            let elsewhere = RELATIONSHIPS
                .iter()
                .flat_map(|name| document.list(name))
                .any(is_it);
            if elsewhere {
                Listing::OtherPurpose
            } else {
                Listing::NotListed
            }
        }
    }
}

/// All keys that the document lists for this purpose.
pub(super) fn listed_keys(
    document: &Value<'_>,
    controller: &str,
    purpose: Purpose,
) -> Vec<ListedKey> {
    document
        .list(purpose.name())
        .iter()
        .filter_map(|item| {
            let id = absolute(item.as_str().or_else(|| item.text("id"))?, controller);
            match find_method(document, controller, &id, purpose) {
                Listing::Key(key) => Some(*key),
                _ => None,
            }
        })
        .collect()
}

/// The key of a method that stands alone at its own URL: a bare Multikey or JWK, or a document that
/// has it.
pub(super) fn standalone_key(
    document: &Value<'_>,
    issuer: &str,
    method: &str,
) -> Option<ListedKey> {
    if document.text("kty").is_some() {
        return Some(ListedKey {
            key: PublicKey::from_jwk(document).ok(),
            revoked: None,
            expires: None,
        });
    }
    let methods = document
        .list("verificationMethod")
        .iter()
        .chain(std::slice::from_ref(document));
    let mut found = methods.filter(|item| item.text("id") == Some(method));
    match listed_key(found.next()?, issuer) {
        Listing::Key(key) => Some(*key),
        _ => None,
    }
}

/// The keys of a JSON Web Key Set that this issuer may use, with their ids.
pub(super) fn key_set<'v>(
    document: &'v Value<'_>,
    issuer: &str,
) -> Vec<(Option<&'v str>, PublicKey)> {
    document
        .list("keys")
        .iter()
        .filter(|jwk| jwk.text("iss").is_none_or(|owner| owner == issuer))
        .filter(|jwk| jwk.text("use").is_none_or(|purpose| purpose == "sig"))
        .filter_map(|jwk| Some((jwk.text("kid"), PublicKey::from_jwk(jwk).ok()?)))
        .collect()
}

fn listed_key(method: &Value<'_>, controller: &str) -> Listing {
    if method
        .text("controller")
        .is_some_and(|named| absolute(named, controller) != controller)
    {
        return Listing::OtherPurpose;
    }
    let key = if let Some(multikey) = method.text("publicKeyMultibase") {
        PublicKey::from_multikey(multikey).ok()
    } else if let Some(jwk) = method.get("publicKeyJwk") {
        PublicKey::from_jwk(jwk).ok()
    } else {
        // Ed25519VerificationKey2018: the bare key in base58.
        method.text("publicKeyBase58").and_then(|text| {
            let bytes = decode_multibase(&format!("z{text}")).ok()?;
            PublicKey::from_ed25519(&bytes)
        })
    };
    // What cannot be read as a date is taken as the worst.
    let date = |name| match method.get(name)? {
        Value::Null | Value::Bool(false) => None,
        value => {
            let date = value.as_str().and_then(|text| parse_date_time(text).ok());
            Some(date.unwrap_or(OffsetDateTime::UNIX_EPOCH))
        }
    };
    Listing::Key(Box::new(ListedKey {
        key,
        revoked: date("revoked"),
        expires: date("expires"),
    }))
}

fn absolute(id: &str, controller: &str) -> String {
    if id.starts_with('#') {
        format!("{controller}{id}")
    } else {
        id.to_owned()
    }
}
