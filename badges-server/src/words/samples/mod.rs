//! One of everything that the library can find, to see that there are words for it.

mod faults;
mod lists;
mod outcomes;

use badges_core::model::schema::{Departure, DepartureKind, Severity};

pub(super) use self::faults::faults;
pub(super) use self::lists::reasons;
pub(super) use self::outcomes::outcomes;
use super::Sentence;
use crate::i18n;

/// The sentence has a message that puts in all facts, and no others.
pub(super) fn assert_is_said(sentence: &Sentence) {
    let Sentence { lang, key, facts } = sentence;
    let placeholders = i18n::placeholders(*lang, key);
    let placeholders = placeholders.unwrap_or_else(|| panic!("no message {key} in {lang:?}"));
    assert!(
        placeholders.iter().copied().eq(1..=facts.len()),
        "{key} in {lang:?} has {placeholders:?}, given are {facts:?}"
    );
    assert!(!sentence.text().contains('⧼'), "{}", sentence.text());
}

fn some(text: &str) -> String {
    text.to_owned()
}

fn departure(path: &str, kind: DepartureKind) -> Departure {
    Departure {
        path: some(path),
        kind,
        severity: Severity::Fault,
    }
}
