//! Badges of Open Badges 2.0, hosted and signed.

use badges_core::key::{PublicKey, SigningKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::documents::Document;
use super::expected::{Expected, expired, invalid, unknown, valid, verdict};
use super::picture::{SVG, chunk, itxt, png};
use super::sign::jws;
use super::{Group, keys};

const V2: &str = "https://w3id.org/openbadges/v2";
const ASSERTION: &str = "https://issuer.example.org/assertions/7f3a";
const CLASS: &str = "https://issuer.example.org/badgeclasses/first-edits";
const ISSUER: &str = "https://issuer.example.org/profile";
const KEY: &str = "https://issuer.example.org/keys/1";
const LIST: &str = "https://issuer.example.org/revoked";
const MALLORY: &str = "https://mallory.example/";

fn assertion() -> Value {
    json!({
        "@context": V2,
        "type": "Assertion",
        "id": ASSERTION,
        "recipient": {
            "type": "email",
            "hashed": true,
            "salt": "Kosher",
            "identity": "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399",
        },
        "badge": CLASS,
        "verification": {"type": "HostedBadge"},
        "issuedOn": "2026-01-10T09:00:00Z",
    })
}

fn document(file: &str, url: &str, value: &Value) -> Document {
    Document::new(&format!("ob2-{file}.json"), url, format!("{value:#}\n"))
}

fn hosted() -> Document {
    document("assertion", ASSERTION, &assertion())
}

fn class() -> Document {
    let class = json!({
        "@context": V2,
        "type": "BadgeClass",
        "id": CLASS,
        "name": "First Edits",
        "description": "Made the first ten edits.",
        "image": "https://issuer.example.org/first-edits.png",
        "criteria": {"narrative": "Ten edits that stayed."},
        "issuer": ISSUER,
    });
    document("class", CLASS, &class)
}

fn profile() -> Document {
    let profile = json!({
        "@context": V2,
        "type": "Issuer",
        "id": ISSUER,
        "name": "Example Wiki Group",
        "url": "https://issuer.example.org/",
        "email": "badges@issuer.example.org",
        "publicKey": KEY,
        "revocationList": LIST,
    });
    document("profile", ISSUER, &profile)
}

fn pem(key: &SigningKey) -> String {
    let PublicKey::Ed25519(key) = key.public_key() else {
        unreachable!("the key is Ed25519");
    };
    let head = b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\0".as_slice();
    let body = STANDARD.encode([head, key.as_bytes()].concat());
    format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n")
}

fn key() -> Document {
    let key = json!({
        "@context": V2,
        "type": "CryptographicKey",
        "id": KEY,
        "owner": ISSUER,
        "publicKeyPem": pem(&keys::issuer()),
    });
    document("key", KEY, &key)
}

fn list(file: &str, revoked: Value) -> Document {
    let list = json!({
        "@context": V2,
        "type": "RevocationList",
        "id": LIST,
        "issuer": ISSUER,
        "revokedAssertions": revoked,
    });
    document(file, LIST, &list)
}

fn clear() -> Document {
    list("revoked", json!(["urn:uuid:another"]))
}

const SIGNED: &str = "urn:uuid:8d4c25e5-0b6e-4d0e-8c0a-5f8e1f0f3f52";

fn to_sign() -> Value {
    let mut assertion = assertion();
    assertion["id"] = SIGNED.into();
    assertion["verification"] = json!({"type": "SignedBadge", "creator": KEY});
    assertion
}

fn sign(payload: &Value, key: &SigningKey) -> String {
    jws(r#"{"alg":"EdDSA"}"#, &payload.to_string(), |message| {
        key.sign(message).unwrap()
    })
}

/// What the issuer answers to whoever has a hosted badge.
fn for_hosted(expected: Expected) -> Expected {
    expected.knows([hosted(), class(), profile()])
}

pub(super) fn group() -> Group {
    let mut group = Group::new("open-badges-2");
    let text = assertion().to_string();
    group.add(
        "hosted.json",
        text.clone(),
        for_hosted(valid()).asks([ASSERTION, CLASS, ISSUER]),
        "what stands at its address, at the issuer's host",
    );
    group.add(
        "hosted-recipient.json",
        text.clone(),
        for_hosted(valid())
            .recipient("A@example.com", None)
            .passes("recipient.matches"),
        "the recipient by a hash with its salt",
    );
    group.add(
        "hosted-other-recipient.json",
        text.clone(),
        for_hosted(valid())
            .recipient("b@example.com", None)
            .fails("recipient.other"),
        "somebody else's badge: genuine all the same",
    );
    group.add(
        "offline.json",
        text.clone(),
        unknown("proof.document-not-loaded").asks([ASSERTION]),
        "a copy says nothing but where the badge stands",
    );
    let mut copy = assertion();
    copy["expires"] = "2026-01-11T00:00:00Z".into();
    group.add(
        "other-copy.json",
        copy.to_string(),
        for_hosted(valid()).says(r#""differs":["expires"]"#),
        "a copy that differs does not count, and that is said",
    );
    let elsewhere = |file, change: &dyn Fn(&mut Value)| hosted().changed(file, change);
    group.add(
        "other-id.json",
        text.clone(),
        invalid("proof.hosted-other").knows([elsewhere("ob2-other-id.json", &|it| {
            it["id"] = format!("{ASSERTION}b").into()
        })]),
        "another badge stands at the address",
    );
    group.add(
        "revoked.json",
        text.clone(),
        verdict("revoked")
            .fails("status.withdrawn")
            .knows([elsewhere("ob2-revoked-assertion.json", &|it| {
                it["revoked"] = true.into()
            })])
            .knows([class(), profile()]),
        "the badge at the address says that it is revoked",
    );
    group.add(
        "expired.json",
        text.clone(),
        expired()
            .knows([elsewhere("ob2-expired.json", &|it| {
                it["expires"] = "2026-05-01".into()
            })])
            .knows([class(), profile()]),
        "its time is over",
    );
    let forged = format!("{MALLORY}1");
    let mut at_mallory = assertion();
    at_mallory["id"] = forged.as_str().into();
    group.add(
        "other-origin.json",
        at_mallory.to_string(),
        invalid("issuer.other-origin").knows([
            document("mallory", &forged, &at_mallory),
            class(),
            profile(),
        ]),
        "somebody else's host has a badge in the issuer's name",
    );
    group.add(
        "http.json",
        text.replace(ASSERTION, &ASSERTION.replace("https", "http")),
        unknown("proof.document-not-loaded").asks([]),
        "an address that is not secure is not fetched",
    );
    pictures(&mut group, &text);
    signed(&mut group);
    group
}

fn pictures(group: &mut Group, text: &str) {
    let jws = sign(&to_sign(), &keys::issuer());
    let for_signed = || valid().knows([class(), profile(), key(), clear()]);
    let chunk_of = |text: &str| itxt("openbadges", &[0, 0, 0, 0], text.as_bytes());
    group.add(
        "png-json.png",
        png(&chunk_of(text), b""),
        for_hosted(valid()),
        "JSON baked into a PNG",
    );
    group.add(
        "png-jws.png",
        png(&chunk_of(&jws), b""),
        for_signed(),
        "a JWS baked into a PNG",
    );
    let old = chunk(b"tEXt", &[b"openbadges\0", ASSERTION.as_bytes()].concat());
    group.add(
        "png-address.png",
        png(&old, b""),
        for_hosted(valid()).asks([ASSERTION, CLASS, ISSUER]),
        "an address in an older kind of text chunk",
    );
    let svg = |element: &str| {
        SVG.replace("<svg ", "<svg xmlns:openbadges=\"http://openbadges.org\" ")
            .replace("<rect", &format!("{element}<rect"))
    };
    let element = format!(
        "<openbadges:assertion verify=\"{ASSERTION}\"><![CDATA[{text}]]></openbadges:assertion>"
    );
    group.add(
        "svg-address.svg",
        svg(&element),
        for_hosted(valid()),
        "an address and a copy in an SVG",
    );
    group.add(
        "svg-jws.svg",
        svg(&format!("<openbadges:assertion verify=\"{jws}\"/>")),
        for_signed(),
        "a JWS in an SVG",
    );
}

fn signed(group: &mut Group) {
    let good = sign(&to_sign(), &keys::issuer());
    let knows = |expected: Expected| expected.knows([class(), profile()]);
    group.add(
        "signed.jwt",
        good.clone(),
        knows(valid())
            .knows([key(), clear()])
            .asks([CLASS, ISSUER, KEY, LIST]),
        "signed by the key that the issuer's profile names",
    );
    group.add(
        "signed-altered.jwt",
        sign(&to_sign(), &keys::mallory()),
        knows(invalid("proof.signature"))
            .unknown("status.unasked")
            .knows([key()])
            .asks([CLASS, ISSUER, KEY]),
        "signed by somebody else: no list is asked for",
    );
    group.add(
        "signed-key-of-another.jwt",
        good.clone(),
        knows(invalid("issuer.contradicted"))
            .unknown("proof.key-not-loaded")
            .unknown("status.unasked")
            .knows([key().changed("ob2-key-owner.json", |it| it["owner"] = MALLORY.into())]),
        "the key says that it is somebody else's",
    );
    let mut unlinked = to_sign();
    unlinked["verification"]["creator"] = format!("{MALLORY}key").into();
    group.add(
        "signed-key-not-linked.jwt",
        sign(&unlinked, &keys::mallory()),
        knows(invalid("issuer.contradicted"))
            .unknown("proof.key-not-loaded")
            .unknown("status.unasked")
            .asks([CLASS, ISSUER]),
        "a key that the profile does not name is not asked for",
    );
    for (file, header) in [
        ("signed-none.jwt", r#"{"alg":"none"}"#),
        ("signed-hmac.jwt", r#"{"alg":"HS256"}"#),
    ] {
        group.add(
            file,
            jws(header, &to_sign().to_string(), |_| vec![0; 32]),
            invalid("proof.algorithm").asks([]),
            "an algorithm that proves nothing",
        );
    }
    for (file, entry) in [
        ("signed-revoked.jwt", json!(SIGNED)),
        (
            "signed-revoked-reason.jwt",
            json!({"id": SIGNED, "revocationReason": "Issued in error"}),
        ),
    ] {
        let name = file.trim_end_matches(".jwt");
        group.add(
            file,
            good.clone(),
            knows(verdict("revoked").fails("status.withdrawn"))
                .knows([key(), list(name, json!([entry]))]),
            "the issuer's list has it",
        );
    }
    group.add(
        "signed-list-offline.jwt",
        good,
        knows(unknown("status.not-loaded")).knows([key()]),
        "the issuer's list does not answer",
    );
    group.add(
        "signed-copy.json",
        to_sign().to_string(),
        invalid("proof.missing").asks([]),
        "a signed badge without its signature",
    );
}
