//! JWT: headers, keys and claims that must not be believed.

mod claims;
mod header_keys;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::badge::{WEB, small};
use super::edit::swap;
use super::expected::{Expected, invalid, unknown};
use super::sign::{jws, jwt_with, payload};
use super::{Group, documents, keys};

pub(super) fn group() -> Group {
    let mut group = Group::new("jwt");
    altered(&mut group);
    algorithms(&mut group);
    header_keys::header_keys(&mut group);
    claims::claims(&mut group);
    claims::models(&mut group);
    claims::forms(&mut group);
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
    let es512 = jwt_with(&small(WEB), &keys::issuer_p521(), &format!("{WEB}#p521"));
    let parts_512: Vec<&str> = es512.split('.').collect();
    group.add(
        "payload-es512.jwt",
        joined(parts_512[0], &payload, parts_512[2]),
        expected(),
        "the payload was changed, under ES512",
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
    let refused = || invalid("proof.algorithm").asks([]);
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
            "alg-ed448.jwt",
            "Ed448",
            "an algorithm that is not supported",
        ),
    ] {
        let expected = unknown("proof.algorithm").asks([]);
        group.add(file, nobody(algorithm, &[7; 64]), expected, why);
    }
    let critical = format!(r#"{{"alg":"ES256","kid":"{kid}","crit":["exp"],"exp":1}}"#);
    let expected = invalid("proof.critical").asks([]);
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
