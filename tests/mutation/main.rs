//! A signed badge in which anything is changed is not valid. Every leaf of a badge that has all
//! classes of the standard is changed, removed, added to and re-spelled, the proof's members among
//! them. What a signature does not cover is listed here, and nothing else is found to be so.
#![expect(clippy::unwrap_used, reason = "tests")]

mod carriers;
mod document;

use badges_core::documents::{Answer, Documents};
use badges_core::model::parse_date_time;
use badges_core::verify::{Check, Outcome, Question, Report, Verdict, verify};
use badges_tests::case::{self, Case};
use serde_json::Value;

fn good(name: &str) -> Case {
    let mut cases = case::all().into_iter();
    cases
        .find(|case| case.name == format!("good/{name}"))
        .unwrap()
}

/// The judge of one badge and of all that becomes of it.
struct Judge {
    documents: Documents,
    at: String,
}

impl Judge {
    fn of(case: &Case) -> Self {
        let mut documents = Documents::new();
        for (url, text) in &case.documents {
            documents.insert(url, Answer::Loaded(text.clone()));
        }
        let at = case.expectation.at.clone();
        Self { documents, at }
    }

    fn report(&self, badge: &[u8]) -> Report {
        verify(
            badge,
            &Question::new(&self.documents, parse_date_time(&self.at).unwrap()),
        )
    }
}

/// What became of a changed badge, in one word: `valid`, `endorsement` when only an endorsement
/// fails, or the first thing that failed or could not be told.
fn fate(report: &Report) -> String {
    if report.verdict() != Verdict::Valid {
        let mut not_passed = report
            .checks
            .iter()
            .filter(|(_, it)| !matches!(it, Outcome::Passed(_)));
        let first = not_passed.find(|(check, _)| *check != Check::Endorsements);
        return first.map_or_else(String::new, |(_, outcome)| outcome.id().to_owned());
    }
    let holds = |it: &Outcome| matches!(it, Outcome::Passed(_));
    let endorsed = report.outcomes(Check::Endorsements).all(holds);
    String::from(if endorsed { "valid" } else { "endorsement" })
}

/// Every place in a document, as JSON Pointers, the document itself first.
fn places(value: &Value) -> Vec<String> {
    let mut found = vec![String::new()];
    let inside: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(key, it)| (escape(key), it)).collect(),
        Value::Array(items) => (0..).map(|at: usize| at.to_string()).zip(items).collect(),
        _ => Vec::new(),
    };
    for (key, value) in inside {
        found.extend(
            places(value)
                .into_iter()
                .map(|rest| format!("/{key}{rest}")),
        );
    }
    found
}

fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The document with another value at a place.
fn with(document: &Value, place: &str, value: Value) -> Value {
    let mut changed = document.clone();
    *changed.pointer_mut(place).unwrap() = value;
    changed
}
