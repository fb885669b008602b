//! The issuer's keys, in every form in which verifiers look for them.

use serde_json::{Value, json};

use super::File;
use super::base::Base;
use crate::credential::verification_method;
use crate::key::PublicKey;

/// The DID document of a did:web, which is the issuer's controller document too: every key that the
/// issuer vouches for, listed under `assertionMethod` by its URL `<did>#<multikey>`.
///
/// Ed25519 keys, which sign inside of JSON, stand there as Multikey; the others, which sign JWTs,
/// as JWK, because that is where verifiers of either kind look. The type of the latter is
/// `JsonWebKey2020`: the newer `JsonWebKey` means the same and is not known as widely.
#[must_use]
pub fn did_document(did: &str, keys: &[PublicKey]) -> Value {
    let id = |key| verification_method(did, key);
    let methods: Vec<Value> = keys
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

/// The issuer's key set (Open Badges 3.0, 8.2.3): each key with its verification method as `kid`.
#[must_use]
pub fn key_set(did: &str, keys: &[PublicKey]) -> Value {
    let keys: Vec<Value> = keys.iter().map(|key| jwk(did, key)).collect();
    json!({ "keys": keys })
}

/// A key in a key set. A host's key set may hold the keys of several issuers, so each says whose it
/// is.
fn jwk(did: &str, key: &PublicKey) -> Value {
    let mut jwk = key.to_jwk();
    jwk["kid"] = verification_method(did, key).into();
    jwk["alg"] = key.algorithm().jose_name().into();
    jwk["use"] = "sig".into();
    jwk["iss"] = did.into();
    jwk
}

/// The DID document, the key set, and each key alone at its own URL: some verifiers take only a
/// bare Multikey, others only a bare JWK.
pub(super) fn files(base: &Base, keys: &[PublicKey]) -> Vec<File> {
    let did = base.did();
    let mut files = vec![
        File::json(base.did_document(), &did_document(did, keys)),
        File::json(".well-known/jwks.json", &key_set(did, keys)),
    ];
    for key in keys {
        let method = verification_method(did, key);
        let name = method.rsplit('#').next().unwrap_or_default();
        if let Some(multikey) = key.to_multikey() {
            let path = format!("keys/{name}.json");
            let document = json!({
                "@context": "https://w3id.org/security/multikey/v1",
                "id": base.url(&path),
                "type": "Multikey",
                "controller": did,
                "publicKeyMultibase": multikey,
            });
            files.push(File::json(path, &document));
        }
        files.push(File::json(format!("keys/{name}.jwk.json"), &jwk(did, key)));
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
        let files = files(&base.parse().unwrap(), &keys());
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
}
