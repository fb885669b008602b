//! Claims, versions and forms.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{es256, header, known, web_payload};
use crate::make::badge::{WEB, key_issuer, model_1, small};
use crate::make::edit::{cut, swap};
use crate::make::expected::{expired, invalid, not_yet_valid, valid};
use crate::make::sign::jwt_by;
use crate::make::{Group, keys};

pub(super) fn claims(group: &mut Group) {
    let payload = web_payload();
    let expected = || known(invalid("proof.claim"));
    for (file, old, new, why) in [
        (
            "iss.jwt",
            format!("\"iss\":\"{WEB}\""),
            "\"iss\":\"did:web:other.example.org\"",
            "iss is not the issuer",
        ),
        (
            "iss-number.jwt",
            format!("\"iss\":\"{WEB}\""),
            "\"iss\":7",
            "iss is a number",
        ),
        (
            "sub.jwt",
            "\"sub\":\"urn:uuid:77a1f0c4-52a8-4d4e-8d6e-0f6a7b1c2d03\"".to_owned(),
            "\"sub\":\"urn:uuid:1\"",
            "sub is not the recipient",
        ),
        (
            "jti.jwt",
            "\"jti\":\"https://issuer.example.org/badges/7f3a\"".to_owned(),
            "\"jti\":\"urn:uuid:1\"",
            "jti is not the badge's id",
        ),
        (
            "nbf.jwt",
            "\"nbf\":1768035600".to_owned(),
            "\"nbf\":1768035601",
            "nbf is a second after validFrom",
        ),
        (
            "nbf-text.jwt",
            "\"nbf\":1768035600".to_owned(),
            "\"nbf\":\"1768035600\"",
            "nbf is a text",
        ),
        (
            "exp.jwt",
            "\"exp\":1799571600".to_owned(),
            "\"exp\":1799571601",
            "exp is a second after validUntil",
        ),
        (
            "exp-huge.jwt",
            "\"exp\":1799571600".to_owned(),
            "\"exp\":1e300",
            "exp is beyond all dates",
        ),
        (
            "exp-null.jwt",
            "\"exp\":1799571600".to_owned(),
            "\"exp\":null",
            "exp is null",
        ),
    ] {
        group.add(
            file,
            es256(&header(), &swap(&payload, &old, new)),
            expected(),
            why,
        );
    }
    let earlier = swap(&payload, "\"exp\":1799571600", "\"exp\":1777593600");
    group.add(
        "exp-earlier.jwt",
        es256(&header(), &earlier),
        known(invalid("proof.claim").fails("validity.expired")),
        "exp is before validUntil, and over",
    );
    let endless = cut(&payload, "  \"validUntil\": \"2027-01-10T09:00:00Z\",\n");
    group.add(
        "exp-alone.jwt",
        es256(&header(), &endless),
        known(valid()),
        "exp without validUntil is the end all the same",
    );
    group.add(
        "exp-alone-expired.jwt",
        es256(&header(), &endless),
        known(expired()).at("2027-06-01T00:00:00Z"),
        "exp without validUntil, and over",
    );
    let fraction = swap(&payload, "\"nbf\":1768035600", "\"nbf\":1768035600.0");
    group.add(
        "nbf-fraction.jwt",
        es256(&header(), &fraction),
        known(valid()),
        "nbf with a fraction of nothing",
    );
    let good = es256(&header(), &payload);
    group.add(
        "expired.jwt",
        good.clone(),
        known(expired()).at("2027-06-01T00:00:00Z"),
        "its time is over",
    );
    group.add(
        "not-yet.jwt",
        good,
        known(not_yet_valid()).at("2026-01-01T00:00:00Z"),
        "its time has not come",
    );
    let stranger = swap(
        &payload,
        "\"nbf\"",
        "\"aud\":\"https://example.org\",\"iat\":1768035600,\"nbf\"",
    );
    group.add(
        "other-claims.jwt",
        es256(&header(), &stranger),
        known(valid()),
        "other registered claims have no meaning here",
    );
}

pub(super) fn models(group: &mut Group) {
    let badge = small(WEB);
    let claims = r#""jti":"https://issuer.example.org/badges/7f3a","nbf":1768035600"#;
    let wrapped = format!(r#"{{{claims},"vc":{badge}}}"#);
    group.add(
        "vc-in-model-2.jwt",
        es256(&header(), &wrapped),
        invalid("form.jwt-model").asks([]),
        "the claim vc has no place in version 2.0",
    );
    let bare = model_1(&badge);
    group.add(
        "no-vc-in-model-1.jwt",
        es256(&header(), &bare),
        invalid("form.jwt-model").asks([]),
        "version 1.1 has its credential in the claim vc",
    );
    let text = r#"{"vc":"a text"}"#;
    group.add(
        "vc-is-a-text.jwt",
        es256(&header(), text),
        invalid("form.jwt-model").asks([]),
        "the claim vc is no credential",
    );
    let claims = format!(
        r#"{{"iss":"{WEB}","nbf":1768035601,"vc":{}}}"#,
        model_1(&badge)
    );
    group.add(
        "model-1-nbf.jwt",
        es256(&header(), &claims),
        known(invalid("proof.claim")),
        "nbf is a second after issuanceDate",
    );
    let claims = format!(
        r#"{{"iss":"did:web:other.example.org","vc":{}}}"#,
        model_1(&badge)
    );
    group.add(
        "model-1-iss.jwt",
        es256(&header(), &claims),
        known(invalid("proof.claim")),
        "iss is not the issuer in vc",
    );
}

pub(super) fn forms(group: &mut Group) {
    let payload = web_payload();
    let good = es256(&header(), &payload);
    let parts: Vec<&str> = good.split('.').collect();
    let not_there = || invalid("form.jwt").asks([]);
    group.add(
        "duplicate-payload.jwt",
        es256(
            &header(),
            &swap(&payload, "\"nbf\"", "\"iss\":\"x\",\"nbf\""),
        ),
        not_there(),
        "a claim stands twice in the payload",
    );
    let twice = format!(r#"{{"alg":"none","alg":"ES256","kid":"{WEB}#p256"}}"#);
    group.add(
        "duplicate-header.jwt",
        es256(&twice, &payload),
        not_there(),
        "the algorithm stands twice in the header",
    );
    group.add(
        "payload-no-json.jwt",
        es256(&header(), "Made ten edits."),
        not_there(),
        "the payload is no JSON",
    );
    group.add(
        "payload-empty.jwt",
        format!("{}..{}", parts[0], parts[2]),
        not_there(),
        "the payload was taken out",
    );
    group.add(
        "payload-array.jwt",
        es256(&header(), &format!("[{payload}]")),
        invalid("form.not-a-badge").asks([]),
        "the payload is a list",
    );
    group.add(
        "header-array.jwt",
        es256("[]", &payload),
        invalid("proof.algorithm").asks([]),
        "the header is a list",
    );
    group.add(
        "four-parts.jwt",
        format!("{good}.x"),
        invalid("form.not-a-badge").asks([]),
        "a part too many",
    );
    group.add(
        "padded.jwt",
        format!("{}=.{}.{}", parts[0], parts[1], parts[2]),
        invalid("form.not-a-badge").asks([]),
        "padding, which a JWT does not have",
    );
    let standard = STANDARD.encode(payload.as_bytes());
    group.add(
        "standard-base64.jwt",
        format!("{}.{}.{}", parts[0], standard, parts[2]),
        invalid("form.not-a-badge").asks([]),
        "the other alphabet of base64",
    );
    let last = parts[2].as_bytes()[parts[2].len() - 1];
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let at = alphabet.iter().position(|&byte| byte == last).unwrap();
    let loose = format!(
        "{}{}",
        &good[..good.len() - 1],
        char::from(alphabet[at | 1])
    );
    group.add(
        "loose-bits.jwt",
        loose,
        not_there(),
        "the last letter has bits that belong to nothing",
    );
    group.add(
        "line-break.jwt",
        format!("{}.\n{}.{}", parts[0], parts[1], parts[2]),
        invalid("form.not-a-badge").asks([]),
        "a line break inside",
    );
    group.add(
        "spaces-around.jwt",
        format!("\n  {good}\n"),
        known(valid()),
        "white space around it",
    );
    group.add(
        "quoted.jwt",
        format!("\"{good}\""),
        invalid("form.not-a-badge").asks([]),
        "a JWT in quotes",
    );
    let inner = jwt_by(&small(&key_issuer()), &keys::issuer());
    let nested = es256(&header(), &format!("\"{inner}\""));
    group.add(
        "jwt-in-jwt.jwt",
        nested,
        invalid("form.not-a-badge").asks([]),
        "a JWT inside a JWT",
    );
}
