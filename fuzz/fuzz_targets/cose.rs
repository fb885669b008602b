//! Any bytes as a COSE_Sign1, in CBOR and in base64; and any payload in one that is well-formed.
#![no_main]

use badges_core::documents::Documents;
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
    let in_text = Sign1::from_text(&text).map(|sign1| sign1.payload);
    assert_eq!(Sign1::parse(bytes).map(|sign1| sign1.payload), in_text);
    if let Ok(payload) = std::str::from_utf8(bytes) {
        let key = SigningKey::ed25519(&[7; 32]);
        let signed = sign(payload, "application/vc", "key-1", &key).expect("Ed25519 signs");
        let sign1 = Sign1::parse(&signed).expect("what was signed is one");
        assert_eq!(sign1.payload, payload);
        let _ = verify(&signed, &question);
    }
});
