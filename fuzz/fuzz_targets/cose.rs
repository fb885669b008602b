//! Any bytes as a COSE_Sign1, in CBOR and in base64; and any payload in one that is well-formed.
#![no_main]

use badges_core::documents::Documents;
use badges_core::json;
use badges_core::key::SigningKey;
use badges_core::proof::cose::{Sign1, sign, to_text};
use badges_core::verify::{Question, verify};
use libfuzzer_sys::fuzz_target;
use time::OffsetDateTime;

fuzz_target!(|bytes: &[u8]| {
    let documents = Documents::new();
    let question = Question::new(&documents, OffsetDateTime::UNIX_EPOCH);
    let _ = verify(bytes, &question);
    let text = to_text(bytes);
    let _ = verify(text.as_bytes(), &question);
    // Why it is none may be told otherwise, not that it is.
    let in_text = Sign1::from_text(&text).ok().map(|sign1| sign1.payload);
    let in_bytes = Sign1::parse(bytes).ok().map(|sign1| sign1.payload);
    assert_eq!(in_bytes, in_text);
    // A payload is JSON, or nothing that was signed is taken apart.
    let payload = std::str::from_utf8(bytes).ok();
    if let Some(payload) = payload.filter(|payload| json::parse(payload).is_ok()) {
        let key = SigningKey::ed25519(&[7; 32]);
        let signed = sign(payload, "application/vc", "key-1", &key).expect("Ed25519 signs");
        let sign1 = Sign1::parse(&signed).expect("what was signed is one");
        assert_eq!(sign1.payload, payload);
        let _ = verify(&signed, &question);
    }
});
