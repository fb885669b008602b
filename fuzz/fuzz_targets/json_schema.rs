//! Any text as the schema that a badge names, and judging the badge by it.
#![no_main]

use badges_core::documents::{Answer, Documents};
use badges_core::model::parse_date_time;
use badges_core::verify::{Check, Question, verify};
use libfuzzer_sys::fuzz_target;

/// A badge that names a schema, and holds.
const BADGE: &[u8] = include_bytes!("../../fixtures/badges/schemas/met.json");
const SCHEMA: &str = "https://schemas.example.org/training.json";

fuzz_target!(|schema: &[u8]| {
    let at = parse_date_time("2026-06-01T12:00:00Z").expect("a date");
    let mut documents = Documents::new();
    documents.insert(SCHEMA, Answer::Loaded(schema.to_vec()));
    let question = Question {
        schemas: true,
        ..Question::new(&documents, at)
    };
    let report = verify(BADGE, &question);
    let answers = report.outcomes(Check::Schema).count();
    assert_eq!(answers, 2, "{report:?}");
});
