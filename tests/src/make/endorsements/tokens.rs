//! Endorsements as JWT.

use super::{BADGE, about, fails, holds};
use crate::make::badge::{WEB, key_issuer, small};
use crate::make::documents;
use crate::make::edit::{swap, with};
use crate::make::expected::invalid;
use crate::make::sign::{jws, jwt_by, jwt_with, payload, signed};
use crate::make::{Group, keys};

pub(super) fn tokens(group: &mut Group) {
    let token = jwt_by(&about(BADGE), &keys::endorser());
    let with_token = |token: &str| {
        with(
            &small(&key_issuer()),
            &format!("\"endorsementJwt\": [\"{token}\"]"),
        )
    };
    group.add(
        "token.json",
        signed(&with_token(&token)),
        holds().asks([]),
        "an endorsement as a JWT",
    );
    let added = with(
        &signed(&small(&key_issuer())),
        &format!("\"endorsementJwt\": [\"{token}\"]"),
    );
    let expected = || holds().says("\"unsigned\":[\"endorsementJwt\"]");
    group.add("token-added.json", added, expected(), "a JWT that the badge's signature does not cover, as in badges of before 2026-06: it counts by its own signature, and the report says so");
    let other = jwt_by(&about("urn:uuid:1"), &keys::endorser());
    let transplanted = with(
        &signed(&small(&key_issuer())),
        &format!("\"endorsementJwt\": [\"{other}\"]"),
    );
    let expected = fails("endorsements.other-subject");
    group.add(
        "token-transplanted.json",
        transplanted,
        expected,
        "a JWT about another badge was added",
    );
    let parts: Vec<&str> = token.split('.').collect();
    let broken = format!("{}.{}.{}", parts[0], parts[1], "A".repeat(86));
    group.add(
        "token-broken.json",
        signed(&with_token(&broken)),
        fails("proof.signature"),
        "a JWT whose signature does not hold",
    );
    let swapped = swap(&signed(&with_token(&token)), &token, &broken);
    group.add(
        "token-replaced.json",
        swapped,
        invalid("proof.signature"),
        "a JWT that was signed along was replaced",
    );
    group.add(
        "token-is-json.json",
        with(
            &signed(&small(&key_issuer())),
            "\"endorsementJwt\": [\"{}\"]",
        ),
        fails("form.jwt"),
        "JSON where a JWT should be",
    );
    group.add(
        "token-is-text.json",
        with(
            &signed(&small(&key_issuer())),
            "\"endorsementJwt\": [\"Recommended!\"]",
        ),
        fails("form.not-a-badge"),
        "words where a JWT should be",
    );
    let none = jws(r#"{"alg":"none"}"#, &about(BADGE), |_| Vec::new());
    group.add(
        "token-alg-none.json",
        with(
            &signed(&small(&key_issuer())),
            &format!("\"endorsementJwt\": [\"{none}\"]"),
        ),
        fails("proof.algorithm"),
        "a JWT without a signature",
    );
    let inside = swap(
        &signed(&small(&key_issuer())),
        "\"name\": \"Example Wiki Group\"",
        &format!("\"endorsementJwt\": [\"{token}\"],\n    \"name\": \"Example Wiki Group\""),
    );
    group.add(
        "token-at-issuer.json",
        inside,
        fails("endorsements.other-subject"),
        "a JWT about the badge was added to its issuer",
    );
    let hidden = with(
        &signed(&small(&key_issuer())),
        "\"endorsementJwt\": {\"validUntil\": \"2037-01-10T09:00:00Z\"}",
    );
    group.add(
        "token-is-object.json",
        hidden,
        invalid("form.json-ld"),
        "an object in the place that older signatures do not cover",
    );
    let badge = with(&small(WEB), &format!("\"endorsementJwt\": [\"{token}\"]"));
    let payload = payload(&jwt_with(&badge, &keys::issuer_p256(), "x"));
    let header = format!(r#"{{"alg":"ES256","kid":"{WEB}#p256"}}"#);
    let jwt = jws(&header, &payload, |message| {
        keys::issuer_p256().sign(message).unwrap_or_default()
    });
    group.add(
        "in-a-token.jwt",
        jwt,
        holds()
            .knows([documents::did_web_jwk()])
            .asks([documents::WEB_URL]),
        "a JWT with a JWT inside",
    );
}
