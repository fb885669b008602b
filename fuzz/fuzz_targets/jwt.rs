//! Any header and payload, divided by the first line break, as a JWT; and any text as it is.
#![no_main]

use badges_core::documents::Documents;
use badges_core::verify::{Question, verify};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use libfuzzer_sys::fuzz_target;
use time::OffsetDateTime;

fuzz_target!(|text: &str| {
    let documents = Documents::new();
    let question = Question::new(&documents, OffsetDateTime::UNIX_EPOCH);
    let _ = verify(text.as_bytes(), &question);
    let (header, payload) = text.split_once('\n').unwrap_or((text, ""));
    let parts = [header, payload, "signature"].map(|part| URL_SAFE_NO_PAD.encode(part));
    let _ = verify(parts.join(".").as_bytes(), &question);
});
