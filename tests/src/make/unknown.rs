//! Badges of which nobody here can tell: something that matters is not at hand, or of a kind that is
//! not supported.

use super::badge::{HTTPS, WEB, key_issuer, small, with_status};
use super::documents::{self, LIST_URL};
use super::edit::{swap, with};
use super::expected::{expired, unknown};
use super::sign::{self, jwt_with, payload, signed};
use super::{Group, keys};

pub(super) fn group() -> Group {
    let mut group = Group::new("unknown");
    let expected = unknown("issuer.not-loaded").asks([documents::WEB_URL]);
    group.add(
        "did-web-offline.json",
        signed(&small(WEB)),
        expected,
        "the issuer's document is not there; the signature holds by the key's own name",
    );
    let expected = unknown("issuer.not-loaded")
        .unknown("proof.key-not-loaded")
        .asks([documents::WEB_URL]);
    let token = jwt_with(&small(WEB), &keys::issuer_p256(), &format!("{WEB}#p256"));
    group.add(
        "jwt-offline.jwt",
        token,
        expected,
        "the issuer's document is not there, and the key is nowhere else",
    );
    let expected = unknown("issuer.not-loaded").asks([HTTPS]);
    group.add(
        "https-offline.json",
        signed(&small(HTTPS)),
        expected,
        "the issuer's address does not answer",
    );
    let status = signed(&with_status(&small(WEB), "revocation", "7"));
    let expected = unknown("status.not-loaded")
        .knows([documents::did_web()])
        .asks([documents::WEB_URL, LIST_URL]);
    group.add(
        "status-offline.json",
        status,
        expected,
        "the status list does not answer",
    );
    let both = signed(&with_status(&small(WEB), "revocation", "7"));
    let expected = unknown("issuer.not-loaded")
        .unknown("status.unasked")
        .asks([documents::WEB_URL]);
    group.add(
        "all-offline.json",
        both,
        expected,
        "nothing answers: the list is not even asked for",
    );
    group.add(
        "expired-offline.json",
        signed(&small(WEB)),
        expired()
            .unknown("issuer.not-loaded")
            .at("2027-06-01T00:00:00Z"),
        "whoever signed it, it is over",
    );
    let unknown_context = swap(
        &signed(&small(&key_issuer())),
        "context-3.0.3.json\"",
        "context-3.0.3.json\",\n    \"https://issuer.example.org/context.json\"",
    );
    group.add(
        "extension-context.json",
        unknown_context,
        unknown("form.context").asks([]),
        "an extension with a context of its own",
    );
    let relative = with(
        &small(&key_issuer()),
        "\"credentialStatus\": {\"id\": \"urn:uuid:1\", \"type\": \"BitstringStatusListEntry\", \"statusPurpose\": \"refresh\", \"statusListIndex\": \"7\", \"statusListCredential\": \"did:web:issuer.example.org\"}",
    );
    group.add(
        "status-list-did.json",
        signed(&relative),
        unknown("status.not-loaded").asks([]),
        "a status list at an address that is not fetched",
    );
    let p384 = keys::issuer_p384();
    let payload = payload(&jwt_with(&small(WEB), &keys::issuer_p256(), "x"));
    let header = format!(r#"{{"alg":"ES384","kid":"{WEB}#p384"}}"#);
    let token = sign::jws(&header, &payload, |message| p384.sign(message).unwrap());
    let document = documents::did_web_jwk().changed("did-web-unknown-key.json", |document| {
        document["verificationMethod"][1]["publicKeyJwk"]["crv"] = "P-521".into();
    });
    let expected = unknown("proof.method")
        .knows([document])
        .asks([documents::WEB_URL]);
    group.add(
        "key-of-unknown-kind.jwt",
        token,
        expected,
        "the issuer lists the key, which is of a kind that is not supported",
    );
    group
}
