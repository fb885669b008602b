//! What the library found, in a reader's language: the report of a badge, and what is wrong with
//! rows of a list of participants. The library carries facts; sentences are made here.

mod faults;
mod findings;
mod report;
mod rows;
#[cfg(test)]
#[expect(clippy::panic, clippy::unwrap_used, reason = "tests")]
mod samples;

use badges_core::writing::on_one_line;
use time::OffsetDateTime;

pub(crate) use self::report::{Mark, ReportWords};
pub(crate) use self::rows::{Reason, place};
use crate::i18n::{self, Lang};

/// The longest piece of a badge or a list that a sentence repeats, in characters.
const LONGEST_FACT: usize = 300;

/// How a document departs from the standard, in a reader's language.
pub(crate) fn departure(lang: Lang, departure: &badges_core::model::schema::Departure) -> String {
    faults::departure(lang, departure).text()
}

/// A message with what is put into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sentence {
    lang: Lang,
    key: String,
    facts: Vec<String>,
}

impl Sentence {
    /// As plain text.
    pub(crate) fn text(&self) -> String {
        i18n::text(self.lang, &self.key, &self.facts())
    }

    /// As HTML, in which the facts are kept apart.
    pub(crate) fn html(&self) -> String {
        i18n::rich(self.lang, &self.key, &self.facts())
    }

    fn new(lang: Lang, key: impl Into<String>) -> Self {
        Self {
            lang,
            key: key.into(),
            facts: Vec::new(),
        }
    }

    /// With a text of unknown origin.
    fn fact(mut self, text: &str) -> Self {
        let mut fact = on_one_line(text);
        if let Some((end, _)) = fact.char_indices().nth(LONGEST_FACT) {
            fact.truncate(end);
            fact.push('…');
        }
        self.facts.push(fact);
        self
    }

    fn number(mut self, number: u64) -> Self {
        self.facts.push(i18n::number(self.lang, number));
        self
    }

    fn moment(mut self, moment: OffsetDateTime) -> Self {
        self.facts.push(i18n::moment(self.lang, moment));
        self
    }

    /// With several texts in a row.
    fn list<'t>(self, texts: impl IntoIterator<Item = &'t str>) -> Self {
        let separator = i18n::text(self.lang, "badges-list-separator", &[]);
        let texts: Vec<&str> = texts.into_iter().collect();
        self.fact(&texts.join(&separator))
    }

    fn facts(&self) -> Vec<&str> {
        self.facts.iter().map(String::as_str).collect()
    }
}

/// A stable id of the library, such as `status.revoked`, as part of a message's key.
fn key(prefix: &str, id: &str) -> String {
    format!("{prefix}-{}", id.replace('.', "-"))
}

/// What to do about it, if there is a message that says so.
fn advice(lang: Lang, prefix: &str, id: &str) -> Option<Sentence> {
    let key = key(prefix, id);
    i18n::exists(&key).then(|| Sentence::new(lang, key))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use badges_core::verify::Check;

    use super::*;

    /// A message that nothing leads to is left over, or has a key that is misspelt.
    #[test]
    fn nothing_is_translated_in_vain() {
        let english = Lang::ENGLISH;
        let mut said = samples::faults(english);
        for outcome in samples::outcomes() {
            let check = report::CheckWords::of(english, Check::Form, &outcome);
            said.push(check.sentence);
            said.extend(check.details);
            said.extend(check.advice);
        }
        for reason in samples::reasons(english) {
            said.push(reason.sentence);
            said.extend(reason.mend);
        }
        let said: BTreeSet<&str> = said.iter().map(|sentence| sentence.key.as_str()).collect();
        let of_the_library = [
            "badges-advice-",
            "badges-contradiction-",
            "badges-departure-",
            "badges-endorsement-fault-",
            "badges-fetch-fault-",
            "badges-finding-",
            "badges-image-fault-",
            "badges-json-ld-fault-",
            "badges-jwt-fault-",
            "badges-key-fault-",
            "badges-list-fault-",
            "badges-mend-",
            "badges-row-",
            "badges-schema-fault-",
            "badges-unestablished-",
        ];
        let keys = i18n::keys(english);
        for prefix in of_the_library {
            let mut keys = keys.iter().filter(|key| key.starts_with(prefix)).peekable();
            assert!(keys.peek().is_some(), "{prefix}");
            for key in keys {
                assert!(said.contains(key), "nothing says {key}");
            }
        }
    }
}
