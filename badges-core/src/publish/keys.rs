//! The issuer's keys, in every form in which verifiers look for them.

use serde_json::json;

use super::File;
use super::base::Base;
use crate::credential::verification_method;
use crate::json::Value;
use crate::key::PublicKey;

/// The DID document of a did:web, which is the issuer's controller document too ([CID 1.0]: every
/// DID document is one): every key that the issuer vouches for, listed under `assertionMethod` by its
/// URL `<did>#<multikey>`.
///
/// The keys of old badges belong in it for as long as those shall be valid, like any other: to
/// verifiers `revoked` would mean that no signature of the key holds, the old ones neither, since a
/// date inside of a badge proves nothing. A key that somebody else may have must not be listed.
///
/// Ed25519 keys, which sign inside of JSON, stand there as Multikey; the others, which sign JWTs,
/// as JWK, because that is where verifiers of either kind look. The type of the latter is
/// `JsonWebKey2020`: the newer `JsonWebKey` means the same and is not known as widely.
///
/// [CID 1.0]: https://www.w3.org/TR/cid-1.0/
#[must_use]
pub fn did_document(did: &str, keys: &[PublicKey]) -> serde_json::Value {
    let id = |key| verification_method(did, key);
    let methods: Vec<serde_json::Value> = keys
        .iter()
        .map(|key| match (key, key.to_multikey()) {
            (PublicKey::Ed25519(_), Some(multikey)) => json!({
                "id": id(key),
                "type": "Multikey",
                "controller": did,
                "publicKeyMultibase": multikey,
            }),
            _ => json!({
                "id": id(key),
                "type": "JsonWebKey2020",
                "controller": did,
                "publicKeyJwk": key.to_jwk(),
            }),
        })
        .collect();
    json!({
        "@context": [
            "https://www.w3.org/ns/did/v1",
            "https://w3id.org/security/multikey/v1",
            "https://w3id.org/security/suites/jws-2020/v1",
        ],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": keys.iter().map(id).collect::<Vec<String>>(),
    })
}

/// The key set of a host (Open Badges 3.0, 8.2.3): the keys of all its issuers, each with the issuer's
/// DID.
#[must_use]
pub fn key_set<'k>(keys: impl IntoIterator<Item = (&'k str, &'k PublicKey)>) -> serde_json::Value {
    let keys = keys.into_iter().map(|(did, key)| jwk_document(did, key));
    json!({ "keys": keys.collect::<Vec<_>>() })
}

/// A key as JWK, alone or in a key set: with its verification method as `kid`, and whose it is,
/// because a host's key set may hold those of several issuers.
#[must_use]
pub fn jwk_document(did: &str, key: &PublicKey) -> serde_json::Value {
    let mut jwk = key.to_jwk();
    jwk["kid"] = verification_method(did, key).into();
    jwk["alg"] = key.algorithm().jose_name().into();
    jwk["use"] = "sig".into();
    jwk["iss"] = did.into();
    jwk
}

/// A key as Multikey, alone at `<base>/keys/<multikey>.json`; `None` for RSA, which Multikey does
/// not have.
#[must_use]
pub fn multikey_document(base: &Base, key: &PublicKey) -> Option<serde_json::Value> {
    let multikey = key.to_multikey()?;
    Some(json!({
        "@context": "https://w3id.org/security/multikey/v1",
        "id": base.url(&format!("keys/{multikey}.json")),
        "type": "Multikey",
        "controller": base.did(),
        "publicKeyMultibase": multikey,
    }))
}

/// The keys that a DID document lists for making assertions, but for those that it calls revoked.
fn listed_keys(document: &Value<'_>) -> Vec<PublicKey> {
    let did = document.text("id").unwrap_or_default();
    let is = |id: &str, wanted: &str| id == wanted || id.strip_prefix(did) == Some(wanted);
    let key = |item: &Value<'_>| {
        let method = match item.as_str() {
            None => item,
            Some(wanted) => document.list("verificationMethod").iter().find(|method| {
                method
                    .text("id")
                    .is_some_and(|id| is(id, wanted) || is(wanted, id))
            })?,
        };
        if method.get("revoked").is_some() {
            return None;
        }
        match (
            method.text("publicKeyMultibase"),
            method.get("publicKeyJwk"),
        ) {
            (Some(multikey), _) => PublicKey::from_multikey(multikey).ok(),
            (None, jwk) => PublicKey::from_jwk(jwk?).ok(),
        }
    };
    document
        .list("assertionMethod")
        .iter()
        .filter_map(key)
        .collect()
}

/// The DID document as it is, the key set, and each key alone at its own URL: some verifiers take
/// only a bare Multikey, others only a bare JWK.
pub(super) fn files(base: &Base, text: &str, document: &Value<'_>) -> Vec<File> {
    let did = base.did();
    let keys = listed_keys(document);
    let set = key_set(keys.iter().map(|key| (did, key)));
    let mut files = vec![
        File::text(base.did_document(), text.to_owned()),
        File::json(".well-known/jwks.json", &set),
    ];
    for key in &keys {
        let name = key.name();
        if let Some(document) = multikey_document(base, key) {
            files.push(File::json(format!("keys/{name}.json"), &document));
        }
        let document = jwk_document(did, key);
        files.push(File::json(format!("keys/{name}.jwk.json"), &document));
    }
    files
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::json;
    use crate::jsonld::{Edition, Part, Policy, RootContext};
    use crate::key::SigningKey;

    fn keys() -> Vec<PublicKey> {
        vec![
            SigningKey::ed25519(&[7; 32]).public_key().clone(),
            SigningKey::p256(&[7; 32]).unwrap().public_key().clone(),
        ]
    }

    fn file(base: &str, path: &str) -> String {
        let base: Base = base.parse().unwrap();
        let text = format!("{:#}", did_document(base.did(), &keys()));
        let files = files(&base, &text, &json::parse(&text).unwrap());
        let file = files.into_iter().find(|file| file.path == path).unwrap();
        String::from_utf8(file.bytes).unwrap()
    }

    #[test]
    fn the_did_document_is_where_the_did_says() {
        insta::assert_snapshot!(file("https://example.org", ".well-known/did.json"));
        assert!(file("https://example.org/a", "did.json").contains("\"did:web:example.org:a\""));
    }

    #[test]
    fn everything_in_it_is_defined() {
        let base = "https://example.org/a";
        let [first, second] = [0, 1].map(|at| keys()[at].to_multikey().unwrap());
        for path in [
            "did.json".to_owned(),
            format!("keys/{first}.json"),
            format!("keys/{second}.json"),
        ] {
            let text = file(base, &path);
            let document = json::parse(&text).unwrap();
            let context = RootContext::of(&document, Edition::NEWEST, Policy::Badge).unwrap();
            context.to_rdf(&document, Part::Unsecured).unwrap();
        }
    }

    #[test]
    fn only_keys_that_the_issuer_vouches_for_are_published() {
        let [first, second] = [0, 1].map(|at| keys()[at].to_multikey().unwrap());
        let method = |id: &str, key: &str, more: &str| {
            format!(r#"{{"id":"{id}","publicKeyMultibase":"{key}"{more}}}"#)
        };
        let listed = |methods: &str, assertions: &str| {
            let text = format!(
                r#"{{"id":"did:web:a","verificationMethod":[{methods}],"assertionMethod":[{assertions}]}}"#
            );
            listed_keys(&json::parse(&text).unwrap()).len()
        };
        let one = method("did:web:a#1", &first, "");
        let relative = method("#1", &first, "");
        assert_eq!(listed(&one, "\"did:web:a#1\""), 1);
        assert_eq!(listed(&one, "\"#1\""), 1);
        assert_eq!(listed(&relative, "\"did:web:a#1\""), 1);
        assert_eq!(listed("", &method("#2", &second, "")), 1);
        assert_eq!(listed(&one, ""), 0);
        assert_eq!(listed(&one, "\"did:web:a#2\""), 0);
        let revoked = method("#1", &first, ",\"revoked\":\"2026-01-01T00:00:00Z\"");
        assert_eq!(listed(&revoked, "\"#1\""), 0);
    }

    #[test]
    fn each_key_stands_alone_at_its_own_url() {
        let base = "https://example.org/a";
        let multikey = keys()[1].to_multikey().unwrap();
        let path = format!("keys/{multikey}.json");
        let text = file(base, &path);
        let document = json::parse(&text).unwrap();
        assert_eq!(document.text("id"), Some(&*format!("{base}/{path}")));
        assert_eq!(document.text("controller"), Some("did:web:example.org:a"));
        assert_eq!(document.text("publicKeyMultibase"), Some(&*multikey));

        let text = file(base, &format!("keys/{multikey}.jwk.json"));
        let jwk = json::parse(&text).unwrap();
        assert_eq!(PublicKey::from_jwk(&jwk).unwrap(), keys()[1]);
        assert_eq!(jwk.text("alg"), Some("ES256"));
        assert_eq!(
            jwk.text("kid"),
            Some(&*format!("did:web:example.org:a#{multikey}"))
        );

        let text = file(base, ".well-known/jwks.json");
        let set = json::parse(&text).unwrap();
        assert_eq!(set.list("keys")[1], jwk);
    }

    #[test]
    fn a_host_has_the_keys_of_all_its_issuers() {
        let [ed25519, p256] = keys().try_into().unwrap();
        let issuers = [
            ("did:web:example.org:a", &ed25519),
            ("did:web:example.org:b", &p256),
        ];
        let text = key_set(issuers).to_string();
        let set = json::parse(&text).unwrap();
        for ((did, key), jwk) in issuers.iter().zip(set.list("keys")) {
            assert_eq!(jwk.text("iss"), Some(*did));
            assert_eq!(jwk.text("kid"), Some(&*verification_method(did, key)));
            assert_eq!(&PublicKey::from_jwk(jwk).unwrap(), *key);
        }
        assert_eq!(set.list("keys").len(), 2);
    }
}
