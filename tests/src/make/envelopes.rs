//! SD-JWT and COSE_Sign1: what their holder may keep back, and what nobody may change.

use badges_core::credential::UnsignedCredential;
use badges_core::key::SigningKey;
use badges_core::proof::cose;
use badges_core::proof::sd_jwt::key_binding;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::badge::small;
use super::edit::{swap, with};
use super::expected::{invalid, unknown, valid};
use super::sign::own_method;
use super::{Group, keys};

pub(super) fn group() -> Group {
    let mut group = Group::new("envelopes");
    disclosures(&mut group);
    bindings(&mut group);
    cose_messages(&mut group);
    group
}

fn badge() -> String {
    small(&keys::did(&keys::issuer_p256()))
}

/// A badge as SD-JWT with everything shown, of which its holder can keep back what is at these paths.
fn sd_jwt(badge: &str, paths: &[&str]) -> String {
    let key = keys::issuer_p256();
    let mut salt = 0;
    let salts = || {
        salt += 1;
        [salt; 16]
    };
    UnsignedCredential::from_json(badge)
        .and_then(|credential| credential.sign_sd_jwt(&key, &own_method(badge, &key), paths, salts))
        .unwrap()
}

/// What can be kept back: an item of a list deep inside, and a member of the badge itself.
const PATHS: [&str; 2] = ["credentialSubject.result[0]", "awardedDate"];

fn disclosures(group: &mut Group) {
    let whole = sd_jwt(&badge(), &PATHS);
    let parts: Vec<&str> = whole.trim_end_matches('~').split('~').collect();
    let [jwt, result, awarded] = parts[..] else {
        unreachable!("{whole}")
    };
    let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let decode = |text: &str| String::from_utf8(URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap();
    let better = encode(&swap(&decode(result), "\"value\":\"C\"", "\"value\":\"A\""));
    let invented = encode(r#"["c2FsdA","role","Wikimedian of the year"]"#);
    let joined = |parts: &[&str]| format!("{}~", parts.join("~"));
    let misfit = |word: &str| invalid("form.sd-jwt").says(&format!("\"fault\":\"{word}\""));
    let payload: Vec<&str> = jwt.split('.').collect();
    let altered = swap(&decode(payload[1]), "Made ten edits", "Made 1000 edits");
    let altered = [payload[0], &encode(&altered), payload[2]].join(".");
    for (file, badge, expected, why) in [
        (
            "sd-jwt.sd-jwt",
            whole.clone(),
            valid().asks([]),
            "an SD-JWT of which everything is shown",
        ),
        (
            "sd-jwt-part.sd-jwt",
            joined(&[jwt, awarded]),
            valid().says("\"undisclosed\":1"),
            "the result is kept back",
        ),
        (
            "sd-jwt-member-hidden.sd-jwt",
            joined(&[jwt, result]),
            unknown("form.hidden").says("\"undisclosed\":1"),
            "a member of the badge is kept back: whether it was its status cannot be told",
        ),
        (
            "sd-jwt-disclosure-altered.sd-jwt",
            joined(&[jwt, &better, awarded]),
            misfit("unreferenced"),
            "what is shown was altered",
        ),
        (
            "sd-jwt-disclosure-invented.sd-jwt",
            joined(&[jwt, result, awarded, &invented]),
            misfit("unreferenced"),
            "something is shown that stands for nothing that was signed",
        ),
        (
            "sd-jwt-disclosure-twice.sd-jwt",
            joined(&[jwt, result, result, awarded]),
            misfit("repeated-disclosure"),
            "something is shown twice",
        ),
        (
            "sd-jwt-payload-altered.sd-jwt",
            joined(&[&altered, result, awarded]),
            invalid("proof.signature"),
            "what is always shown was altered",
        ),
    ] {
        group.add(file, badge, expected, why);
    }
}

/// The holder's signature under what they show.
fn bindings(group: &mut Group) {
    let holder = keys::witness();
    let jwk = holder.public_key().to_jwk();
    let bound = with(&badge(), &format!("\"cnf\": {{\"jwk\": {jwk}}}"));
    let shown = sd_jwt(&bound, &PATHS[..1]);
    let bind = |key: &SigningKey| {
        let audience = "https://verifier.example";
        key_binding(&shown, key, "1f44d55f", audience, 1_780_000_000).unwrap()
    };
    let badge = bind(&holder);
    group.add(
        "sd-jwt-bound.sd-jwt",
        badge.clone(),
        valid().says("\"unasked\":[\"aud\",\"nonce\"]"),
        "its holder has signed what they show",
    );
    group.add(
        "sd-jwt-bound-by-another.sd-jwt",
        bind(&keys::mallory()),
        invalid("proof.signature"),
        "somebody else has signed what the holder should",
    );
    let parts: Vec<&str> = badge.split('~').collect();
    group.add(
        "sd-jwt-bound-shortened.sd-jwt",
        [parts[0], parts[2]].join("~"),
        invalid("proof.signature"),
        "less is shown than its holder has signed",
    );
}

fn cose_messages(group: &mut Group) {
    let badge = badge();
    let key = keys::issuer_p256();
    let message = UnsignedCredential::from_json(&badge)
        .and_then(|credential| credential.sign_cose(&key, &own_method(&badge, &key)))
        .unwrap();
    let altered = with_bytes(&message, b"Made ten", b"Made 100");
    let header = with_bytes(&message, b"application/vc+cose", b"application/vp+cose");
    let text = cose::to_text(&message).into_bytes();
    let signed = || invalid("proof.signature");
    for (file, badge, expected, why) in [
        (
            "cose.cose",
            message,
            valid().asks([]),
            "a COSE_Sign1 with ES256",
        ),
        ("cose-text.cose", text, valid(), "a COSE_Sign1 as text"),
        (
            "cose-payload-altered.cose",
            altered,
            signed(),
            "its achievement says something else now",
        ),
        (
            "cose-of-another-type.cose",
            header,
            invalid("form.type"),
            "its header says that it is a presentation",
        ),
    ] {
        group.add(file, badge, expected, why);
    }
}

/// The bytes with one passage, which they have once, replaced by another of its length.
fn with_bytes(bytes: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let found = |at: &usize| bytes[*at..].starts_with(old);
    let at: Vec<usize> = (0..bytes.len()).filter(found).collect();
    let [at] = at[..] else {
        unreachable!("{} times", at.len())
    };
    [&bytes[..at], new, &bytes[at + old.len()..]].concat()
}
