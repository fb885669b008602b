//! Any text as an SVG: what can be baked can be taken out again, as JSON and as JWT.
#![no_main]

use badges_core::bake::{bake, extract};
use badges_core::documents::Documents;
use badges_core::verify::{Question, verify};
use libfuzzer_sys::fuzz_target;
use time::OffsetDateTime;

const CREDENTIALS: [&str; 2] = [
    "{\"name\":\"<&\\u007b]]\\u003e\"}",
    "eyJhbGciOiJFUzI1NiJ9.e30.c2ln",
];

fuzz_target!(|bytes: &[u8]| {
    let documents = Documents::new();
    let question = Question::new(&documents, OffsetDateTime::UNIX_EPOCH);
    let _ = verify(bytes, &question);
    for credential in CREDENTIALS {
        if let Ok(baked) = bake(credential, bytes) {
            let extracted = extract(&baked).expect("what was baked is there");
            assert_eq!(extracted.text, credential);
            assert_eq!(bake(credential, &baked).as_deref(), Ok(baked.as_slice()));
        }
    }
});
