//! Any bytes as a PNG: what can be baked can be taken out again.
#![no_main]

use badges_core::bake::{bake, extract};
use badges_core::documents::Documents;
use badges_core::verify::{Question, verify};
use libfuzzer_sys::fuzz_target;
use time::OffsetDateTime;

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
const CREDENTIAL: &str = "{\"name\":\"\\u007b]]\\u003e\"}";

fuzz_target!(|bytes: &[u8]| {
    let image = [SIGNATURE, bytes.strip_prefix(SIGNATURE).unwrap_or(bytes)].concat();
    let documents = Documents::new();
    let question = Question::new(&documents, OffsetDateTime::UNIX_EPOCH);
    let _ = verify(&image, &question);
    if let Ok(baked) = bake(CREDENTIAL, &image) {
        let extracted = extract(&baked).expect("what was baked is there");
        assert_eq!(extracted.text, CREDENTIAL);
        assert_eq!(bake(CREDENTIAL, &baked).as_deref(), Ok(baked.as_slice()));
    }
});
