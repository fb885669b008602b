//! JWT: headers, keys and claims that must not be believed.

use badges_core::key::SigningKey;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::Group;
use super::badge::{HTTPS, WEB, key_issuer, small};
use super::documents;
use super::edit::{cut, swap};
use super::expected::{Expected, expired, invalid, not_yet_valid, unknown, valid};
use super::good::{model_1, payload};
use super::keys;
use super::sign::{jws, jwt_by, jwt_with};

pub(super) fn group() -> Group {
    let mut group = Group::new("jwt");
    altered(&mut group);
    algorithms(&mut group);
    header_keys(&mut group);
    claims(&mut group);
    models(&mut group);
    forms(&mut group);
    group
}

/// The payload that the library writes for the small badge of the did:web issuer.
fn web_payload() -> String {
    payload(&jwt_with(&small(WEB), &keys::issuer_p256(), "x"))
}

fn es256(header: &str, payload: &str) -> String {
    jws(header, payload, |message| {
        keys::issuer_p256().sign(message).unwrap()
    })
}

/// The usual header: the issuer's P-256 key.
fn header() -> String {
    format!(r#"{{"alg":"ES256","kid":"{WEB}#p256","typ":"JWT"}}"#)
}

/// With the issuer's document at hand.
fn known(expected: Expected) -> Expected {
    expected
        .knows([documents::did_web_jwk()])
        .asks([documents::WEB_URL])
}

fn altered(group: &mut Group) {
    let good = es256(&header(), &web_payload());
    let parts: Vec<&str> = good.split('.').collect();
    let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let payload = encode(&swap(&web_payload(), "Made ten edits", "Made 1000 edits"));
    let joined =
        |header: &str, payload: &str, signature: &str| format!("{header}.{payload}.{signature}");
    let expected = || known(invalid("proof.signature"));
    group.add(
        "payload.jwt",
        joined(parts[0], &payload, parts[2]),
        expected(),
        "the payload was changed",
    );
    let spaced = encode(&format!(" {}", web_payload()));
    group.add(
        "payload-space.jwt",
        joined(parts[0], &spaced, parts[2]),
        expected(),
        "a space before the payload: bytes are signed, not meanings",
    );
    let retyped = encode(&swap(&header(), "\"typ\":\"JWT\"", "\"typ\":\"vc+jwt\""));
    group.add(
        "header.jwt",
        joined(&retyped, parts[1], parts[2]),
        expected(),
        "the header was changed",
    );
    let until = encode(
        &web_payload()
            .replace("2027-01-10", "2037-01-10")
            .replace("1799571600", "2115104400"),
    );
    group.add(
        "expiry.jwt",
        joined(parts[0], &until, parts[2]),
        expected().at("2028-01-01T00:00:00Z"),
        "an expired badge whose end was moved",
    );
    let bytes = URL_SAFE_NO_PAD.decode(parts[2]).unwrap();
    let short = URL_SAFE_NO_PAD.encode(&bytes[..63]);
    group.add(
        "signature-short.jwt",
        joined(parts[0], parts[1], &short),
        expected(),
        "a signature of 63 bytes",
    );
    let zero = URL_SAFE_NO_PAD.encode([0; 64]);
    group.add(
        "signature-zero.jwt",
        joined(parts[0], parts[1], &zero),
        expected(),
        "a signature of zeros",
    );
    group.add(
        "signature-empty.jwt",
        joined(parts[0], parts[1], ""),
        expected(),
        "an empty signature",
    );
    let der = |half: &[u8]| {
        let sign = if half[0] & 0x80 == 0 { vec![] } else { vec![0] };
        let number = [&sign[..], half].concat();
        [&[2, number.len() as u8][..], &number].concat()
    };
    let sequence = [der(&bytes[..32]), der(&bytes[32..])].concat();
    let asn1 = URL_SAFE_NO_PAD.encode([&[0x30, sequence.len() as u8][..], &sequence].concat());
    group.add(
        "signature-asn1.jwt",
        joined(parts[0], parts[1], &asn1),
        expected(),
        "the signature in the form that certificates use",
    );
    let other = jwt_with(
        &swap(&small(WEB), "Made ten edits", "Made 1000 edits"),
        &keys::issuer_p256(),
        &format!("{WEB}#p256"),
    );
    let stolen = other.rsplit('.').next().unwrap();
    group.add(
        "signature-of-another-badge.jwt",
        joined(parts[0], parts[1], stolen),
        expected(),
        "the signature of another badge by the same issuer",
    );
}

fn algorithms(group: &mut Group) {
    let payload = web_payload();
    let kid = format!("{WEB}#p256");
    let nobody = |algorithm: &str, signature: &[u8]| {
        let header = format!(r#"{{"alg":"{algorithm}","kid":"{kid}"}}"#);
        jws(&header, &payload, |_| signature.to_vec())
    };
    let refused = || invalid("proof.algorithm").unknown("proof.no-key").asks([]);
    group.add(
        "alg-none.jwt",
        nobody("none", b""),
        refused(),
        "no signature",
    );
    group.add(
        "alg-none-signed.jwt",
        es256(&swap(&header(), "ES256", "none"), &payload),
        refused(),
        "no signature is asked for, and one is there",
    );
    group.add(
        "alg-none-case.jwt",
        nobody("nOnE", b""),
        refused(),
        "no signature, in other letters",
    );
    group.add(
        "alg-empty.jwt",
        nobody("", b""),
        refused(),
        "an algorithm without a name",
    );
    group.add(
        "alg-hs256.jwt",
        nobody("HS256", &[7; 32]),
        refused(),
        "a secret that both sides share: with a public key as the secret, everybody has it",
    );
    let no_algorithm = format!(r#"{{"kid":"{kid}"}}"#);
    group.add(
        "alg-absent.jwt",
        es256(&no_algorithm, &payload),
        refused(),
        "no algorithm",
    );
    let number = format!(r#"{{"alg":256,"kid":"{kid}"}}"#);
    group.add(
        "alg-number.jwt",
        es256(&number, &payload),
        refused(),
        "an algorithm that is a number",
    );
    let mismatch = || known(invalid("proof.algorithm"));
    for (file, algorithm, why) in [
        (
            "alg-eddsa-for-p256.jwt",
            "EdDSA",
            "Ed25519 is named, and the key is on P-256",
        ),
        (
            "alg-es384-for-p256.jwt",
            "ES384",
            "P-384 is named, and the key is on P-256",
        ),
        (
            "alg-rs256-for-p256.jwt",
            "RS256",
            "RSA is named, and the key is on P-256",
        ),
    ] {
        group.add(
            file,
            es256(&swap(&header(), "ES256", algorithm), &payload),
            mismatch(),
            why,
        );
    }
    for (file, algorithm, why) in [
        (
            "alg-rs512.jwt",
            "RS512",
            "an algorithm that is not supported",
        ),
        (
            "alg-ps256.jwt",
            "PS256",
            "an algorithm that is not supported",
        ),
        (
            "alg-es256k.jwt",
            "ES256K",
            "an algorithm that is not supported",
        ),
    ] {
        let expected = unknown("proof.algorithm").unknown("proof.no-key").asks([]);
        group.add(file, nobody(algorithm, &[7; 64]), expected, why);
    }
    let critical = format!(r#"{{"alg":"ES256","kid":"{kid}","crit":["exp"],"exp":1}}"#);
    let expected = invalid("proof.critical").unknown("proof.no-key").asks([]);
    group.add(
        "crit.jwt",
        es256(&critical, &payload),
        expected.clone(),
        "an extension that must be understood",
    );
    let detached = format!(r#"{{"alg":"ES256","kid":"{kid}","crit":["b64"],"b64":false}}"#);
    group.add(
        "crit-b64.jwt",
        es256(&detached, &payload),
        expected.clone(),
        "a payload that is not encoded",
    );
    let nothing = format!(r#"{{"alg":"ES256","kid":"{kid}","crit":[]}}"#);
    group.add(
        "crit-empty.jwt",
        es256(&nothing, &payload),
        expected,
        "an empty list of extensions, which is not allowed",
    );
}

fn header_keys(group: &mut Group) {
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
    let mut private = keys::issuer_p256().public_key().to_jwk();
    private["d"] = URL_SAFE_NO_PAD.encode([4; 32]).into();
    let leaking = format!(r#"{{"alg":"ES256","kid":"{WEB}#p256","jwk":{private}}}"#);
    let expected = || {
        invalid("proof.private-key")
            .unknown("proof.no-key")
            .asks([])
    };
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
    let expected = || invalid("proof.key").unknown("proof.no-key").asks([]);
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
fn payload_of(badge: &str) -> String {
    payload(&jwt_with(badge, &keys::issuer_p256(), "x"))
}

fn claims(group: &mut Group) {
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

fn models(group: &mut Group) {
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

fn forms(group: &mut Group) {
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
        invalid("proof.algorithm").unknown("proof.no-key").asks([]),
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
