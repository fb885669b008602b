//! Keys in headers, and names of keys.

use badges_core::key::SigningKey;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{es256, known, web_payload};
use crate::make::badge::{HTTPS, WEB, key_issuer, small};
use crate::make::expected::{invalid, unknown, valid};
use crate::make::sign::{jws, jwt_with, payload};
use crate::make::{Group, documents, keys};

pub(super) fn header_keys(group: &mut Group) {
    let payload = web_payload();
    let mallory = SigningKey::p256(&[66; 32]).unwrap();
    let by_mallory = |header: &str, payload: &str| {
        jws(header, payload, |message| mallory.sign(message).unwrap())
    };
    let own = mallory.public_key().to_jwk();
    let own_header = format!(r#"{{"alg":"ES256","jwk":{own}}}"#);
    group.add(
        "jwk-own.jwt",
        by_mallory(&own_header, &payload),
        known(invalid("issuer.contradicted")),
        "an own key in the header",
    );
    let expected = unknown("issuer.not-loaded").asks([documents::WEB_URL]);
    group.add(
        "jwk-own-not-loaded.jwt",
        by_mallory(&own_header, &payload),
        expected,
        "the same, and the issuer's document is not there",
    );
    let by_key = payload_of(&small(&key_issuer()));
    group.add(
        "jwk-own-did-key.jwt",
        by_mallory(&own_header, &by_key),
        invalid("issuer.contradicted").asks([]),
        "an own key in the header under a did:key issuer",
    );
    let both = format!(r#"{{"alg":"ES256","kid":"{WEB}#p256","jwk":{own}}}"#);
    group.add(
        "jwk-beside-kid.jwt",
        by_mallory(&both, &payload),
        known(invalid("proof.signature")),
        "an own key beside the name of the issuer's: the issuer's counts",
    );
    let by_id = documents::controller_by_id("did-web-by-id.json", &format!("{WEB}#p256"));
    group.add(
        "jwk-beside-kid-listed-by-id.jwt",
        by_mallory(&both, &payload),
        unknown("proof.key-not-loaded").knows([by_id]),
        "the same, and the issuer's document lists the name only: the header's key is not asked",
    );
    let mut private = keys::issuer_p256().public_key().to_jwk();
    private["d"] = URL_SAFE_NO_PAD.encode([4; 32]).into();
    let leaking = format!(r#"{{"alg":"ES256","kid":"{WEB}#p256","jwk":{private}}}"#);
    let expected = || invalid("proof.private-key").asks([]);
    group.add(
        "jwk-private.jwt",
        es256(&leaking, &payload),
        expected(),
        "the header gives the private key away: anyone can sign",
    );
    let symmetric = r#"{"alg":"ES256","jwk":{"kty":"oct","k":"c2VjcmV0"}}"#;
    group.add(
        "jwk-symmetric.jwt",
        es256(symmetric, &payload),
        expected(),
        "the header gives a shared secret away",
    );
    let weak = format!(
        r#"{{"alg":"RS256","jwk":{{"kty":"RSA","e":"AQAB","n":"{}"}}}}"#,
        URL_SAFE_NO_PAD.encode([0xf7; 128])
    );
    let expected = || invalid("proof.key").asks([]);
    group.add(
        "jwk-rsa-1024.jwt",
        jws(&weak, &payload, |_| vec![7; 128]),
        expected(),
        "an RSA key that is too short",
    );
    let off_curve = format!(
        r#"{{"alg":"ES256","jwk":{{"kty":"EC","crv":"P-256","x":"{0}","y":"{0}"}}}}"#,
        URL_SAFE_NO_PAD.encode([7; 32])
    );
    group.add(
        "jwk-off-curve.jwt",
        es256(&off_curve, &payload),
        expected(),
        "a key that is no point of its curve",
    );
    let fragment = format!("{WEB}#{}", keys::multikey(&mallory));
    let kid = |kid: &str| format!(r#"{{"alg":"ES256","kid":"{kid}"}}"#);
    group.add(
        "kid-fragment.jwt",
        by_mallory(&kid(&fragment), &payload),
        known(invalid("issuer.contradicted")),
        "an own key as the fragment of the issuer's DID",
    );
    let did = keys::did(&mallory);
    let bare = format!("{did}#{}", keys::multikey(&mallory));
    group.add(
        "kid-did-key.jwt",
        by_mallory(&kid(&bare), &payload),
        known(invalid("issuer.contradicted")),
        "a bare did:key under a did:web issuer",
    );
    let other = "did:web:mallory.example.org#key";
    group.add(
        "kid-of-another.jwt",
        by_mallory(&kid(other), &payload),
        known(invalid("issuer.contradicted").unknown("proof.key-not-loaded")),
        "another issuer's key, which is not asked for",
    );
    let missing = format!("{WEB}#key-9");
    group.add(
        "kid-unlisted.jwt",
        by_mallory(&kid(&missing), &payload),
        known(invalid("issuer.contradicted").unknown("proof.key-not-loaded")),
        "a key that the issuer's document does not have",
    );
    let none = r#"{"alg":"ES256"}"#;
    group.add(
        "kid-absent-forged.jwt",
        by_mallory(none, &payload),
        known(invalid("proof.signature")),
        "no key is named: the issuer's keys count, and it is not by one of them",
    );
    group.add(
        "kid-absent.jwt",
        es256(none, &payload),
        known(valid()),
        "no key is named, and the issuer's document lists it",
    );
    let https = payload_of(&small(HTTPS));
    let expected = invalid("issuer.contradicted")
        .asks([HTTPS, documents::KEY_SET_URL])
        .knows([documents::https(), documents::key_set()]);
    group.add(
        "jwk-own-https.jwt",
        by_mallory(&own_header, &https),
        expected,
        "an own key in the header under an https issuer",
    );
    let expected = invalid("proof.signature")
        .asks([HTTPS, documents::KEY_SET_URL])
        .knows([documents::profile(), documents::key_set()]);
    group.add(
        "kid-in-key-set-forged.jwt",
        by_mallory(&kid("p256"), &https),
        expected,
        "the id of a key in the issuer's key set, and another's signature",
    );
}

/// The payload of a badge as JWT, its claims included.
pub(super) fn payload_of(badge: &str) -> String {
    payload(&jwt_with(badge, &keys::issuer_p256(), "x"))
}
