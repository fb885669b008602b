//! What the outside world answers: documents that list keys, and status lists.

use badges_core::key::{PublicKey, decode_multibase, encode_base58btc};
use badges_core::status::StatusBits;
use serde_json::{Value, json};

use super::badge::{HTTPS, WEB};
use super::{keys, sign};

/// An answer: a file, and the URL or DID at which it is found.
#[derive(Clone, Debug)]
pub struct Document {
    /// The file's name.
    pub file: String,
    /// Where it is found.
    pub url: String,
    /// What stands in it.
    pub text: String,
}

impl Document {
    pub(super) fn new(file: &str, url: &str, text: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            url: url.to_owned(),
            text: text.into(),
        }
    }

    fn json(file: &str, url: &str, value: &Value) -> Self {
        Self::new(file, url, format!("{value:#}\n"))
    }

    /// The same document under another file name, after a change.
    pub(super) fn changed(&self, file: &str, change: impl FnOnce(&mut Value)) -> Self {
        let mut value = serde_json::from_str(&self.text).unwrap();
        change(&mut value);
        Self::json(file, &self.url, &value)
    }

    /// The same document at another place.
    pub(super) fn at(&self, url: &str) -> Self {
        Self {
            url: url.to_owned(),
            ..self.clone()
        }
    }
}

/// Where the document of [`WEB`] is.
pub(super) const WEB_URL: &str = "https://issuer.example.org/.well-known/did.json";

/// Where the key set of the issuer's host is.
pub(super) const KEY_SET_URL: &str = "https://issuer.example.org/.well-known/jwks.json";

/// A verification method with a Multikey.
pub(super) fn method(controller: &str, key: &PublicKey) -> Value {
    let multikey = key.to_multikey().unwrap();
    json!({
        "id": format!("{controller}#{multikey}"),
        "type": "Multikey",
        "controller": controller,
        "publicKeyMultibase": multikey,
    })
}

/// A verification method with a JWK.
pub(super) fn jwk_method(controller: &str, fragment: &str, key: &PublicKey) -> Value {
    json!({
        "id": format!("{controller}#{fragment}"),
        "type": "JsonWebKey",
        "controller": controller,
        "publicKeyJwk": key.to_jwk(),
    })
}

/// A document that lists these methods for making assertions, by their ids.
pub(super) fn controller(file: &str, url: &str, id: &str, methods: &[Value]) -> Document {
    let ids: Vec<&Value> = methods.iter().map(|method| &method["id"]).collect();
    let document = json!({
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": id,
        "verificationMethod": methods,
        "assertionMethod": ids,
    });
    Document::json(file, url, &document)
}

/// The DID document of [`WEB`] with the issuer's Ed25519 key.
pub(super) fn did_web() -> Document {
    let key = keys::issuer();
    controller(
        "did-web.json",
        WEB_URL,
        WEB,
        &[method(WEB, key.public_key())],
    )
}

/// The DID document of [`WEB`] as the libraries of the Digital Credentials Consortium write it: methods
/// of an older type, inside `assertionMethod` and nowhere else.
pub(super) fn did_web_embedded() -> Document {
    did_web().changed("did-web-embedded.json", |document| {
        let mut method = document["verificationMethod"][0].take();
        method["type"] = "Ed25519VerificationKey2020".into();
        *document = json!({
            "@context": [
                "https://www.w3.org/ns/did/v1",
                "https://w3id.org/security/suites/ed25519-2020/v1",
                "https://w3id.org/security/suites/x25519-2020/v1",
            ],
            "id": WEB,
            "assertionMethod": [method],
        });
    })
}

/// A method with its key as it was written before Multikey: in bare base58.
pub(super) fn to_base58(method: &mut Value, key: &PublicKey) {
    let multikey = decode_multibase(&key.to_multikey().unwrap()).unwrap();
    let text = encode_base58btc(&multikey[2..]);
    *method = json!({
        "id": method["id"],
        "type": "Ed25519VerificationKey2018",
        "controller": method["controller"],
        "publicKeyBase58": text.trim_start_matches('z'),
    });
}

/// The DID document of [`WEB`] with the issuer's keys for JWT.
pub(super) fn did_web_jwk() -> Document {
    let methods = [
        jwk_method(WEB, "p256", keys::issuer_p256().public_key()),
        jwk_method(WEB, "p384", keys::issuer_p384().public_key()),
        jwk_method(WEB, "p521", keys::issuer_p521().public_key()),
        jwk_method(WEB, "rsa", keys::issuer_rsa().public_key()),
    ];
    controller("did-web-jwk.json", WEB_URL, WEB, &methods)
}

/// The DID document of [`WEB`] that lists a key by its id and does not have it.
pub(super) fn controller_by_id(file: &str, method: &str) -> Document {
    let document = json!({
        "@context": ["https://www.w3.org/ns/did/v1"],
        "id": WEB,
        "assertionMethod": [method],
    });
    Document::json(file, WEB_URL, &document)
}

/// The controller document of [`HTTPS`] with the issuer's Ed25519 key.
pub(super) fn https() -> Document {
    let key = keys::issuer();
    controller(
        "https.json",
        HTTPS,
        HTTPS,
        &[method(HTTPS, key.public_key())],
    )
}

/// The page of [`HTTPS`] for people.
pub(super) fn web_page() -> Document {
    let text = "<!DOCTYPE html>\n<title>Example Wiki Group</title>\n";
    Document::new("page.html", HTTPS, text)
}

/// The document of [`HTTPS`] when it is about the issuer, not about keys.
pub(super) fn profile() -> Document {
    let profile = json!({
        "@context": ["https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "id": HTTPS,
        "type": ["Profile"],
        "name": "Example Wiki Group",
    });
    Document::json("profile.json", HTTPS, &profile)
}

/// The key set of the issuer's host: the P-256 key, with the id `p256`.
pub(super) fn key_set() -> Document {
    let mut jwk = keys::issuer_p256().public_key().to_jwk();
    jwk["kid"] = "p256".into();
    Document::json("jwks.json", KEY_SET_URL, &json!({ "keys": [jwk] }))
}

/// Where the issuer's status list is.
pub(super) const LIST_URL: &str = "https://issuer.example.org/status/1";

/// The issuer's status list as text, not signed, with these entries set.
pub(super) fn list_text(issuer: &str, purpose: &str, set: &[u64]) -> String {
    let mut bits = StatusBits::default();
    for &index in set {
        assert!(bits.set(index, true), "{index} is beyond the list");
    }
    list_of(issuer, purpose, &bits.encode())
}

/// The issuer's status list as text, with this `encodedList`.
pub(super) fn list_of(issuer: &str, purpose: &str, encoded: &str) -> String {
    include_str!("templates/status-list.json")
        .replace("ISSUER", issuer)
        .replace("PURPOSE", purpose)
        .replace("LIST", encoded)
}

/// A signed list at the place where badges look for it.
pub(super) fn list(file: &str, text: &str) -> Document {
    Document::new(file, LIST_URL, sign::signed(text))
}

/// The issuer's list in which nothing is set.
pub(super) fn clear_list(issuer: &str) -> Document {
    let file = match issuer.split(':').nth(1) {
        Some("web") => "list-clear-web.json",
        _ => "list-clear.json",
    };
    list(file, &list_text(issuer, "revocation", &[]))
}
