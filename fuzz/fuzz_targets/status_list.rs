//! Any bytes as the status list of a good badge, and as packed bits.
#![no_main]

use badges_core::documents::{Answer, Documents};
use badges_core::model::parse_date_time;
use badges_core::status::StatusBits;
use badges_core::verify::{Question, Verdict, verify};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use libfuzzer_sys::fuzz_target;

const BADGE: &[u8] = include_bytes!("../../fixtures/badges/good/status-clear.json");
const LIST: &str = "https://issuer.example.org/status/1";

fuzz_target!(|bytes: &[u8]| {
    let at = parse_date_time("2026-06-01T12:00:00Z").expect("a date");
    let mut documents = Documents::new();
    documents.insert(LIST, Answer::Loaded(bytes.to_vec()));
    let verdict = verify(BADGE, &Question::new(&documents, at)).verdict();
    // The issuer's lists say that it is clear or revoked; with any other nothing can be told.
    assert!(matches!(
        verdict,
        Verdict::Valid | Verdict::Revoked | Verdict::Unknown
    ));
    let packed = format!("u{}", URL_SAFE_NO_PAD.encode(bytes));
    for text in [&packed, &*String::from_utf8_lossy(bytes)] {
        if let Ok(bits) = StatusBits::decode(text) {
            let _ = (
                bits.get(u64::MAX, 64),
                bits.get(bits.entries() - bits.entries().min(1), 1),
            );
            assert_eq!(StatusBits::decode(&bits.encode()).as_ref(), Ok(&bits));
        }
    }
});
