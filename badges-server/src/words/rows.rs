//! Why a row of a list gives no badge, or a list cannot be used, and how to mend it.

use badges_core::participants::{NameFault, Note, ParticipantsError, Place, Problem, Skip};

use super::faults::facts;
use super::{Sentence, advice, key};
use crate::i18n::{Lang, text};

/// Why, and what to do about it.
#[derive(Clone, Debug)]
pub(crate) struct Reason {
    /// The library's stable id, such as `problem.name`.
    #[cfg_attr(not(test), expect(dead_code, reason = "tests look for it"))]
    pub(crate) id: &'static str,
    /// The column that it is about.
    pub(crate) column: Option<String>,
    pub(crate) sentence: Sentence,
    /// How to mend it, where there is something to mend.
    pub(crate) mend: Option<Sentence>,
}

/// Where a row stands.
pub(crate) fn place(lang: Lang, place: Place) -> String {
    let (key, number) = match place {
        Place::Line(line) => ("badges-place-line", line),
        Place::Participant(id) => ("badges-place-participant", id),
        Place::Item(item) => ("badges-place-item", item),
    };
    // No grouping: it is looked for as it is, and an id is no amount.
    text(lang, key, &[&number.to_string()])
}

impl Reason {
    /// Why a row is passed over.
    pub(crate) fn of_skip(lang: Lang, skip: &Skip) -> Self {
        let say = say(lang, skip.id());
        let (column, sentence) = match skip {
            Skip::Duplicate { first } => (None, say.fact(&place(lang, *first))),
            Skip::RuleNotMet {
                column,
                value,
                needed,
            } => (Some(column), say.fact(column).fact(value).fact(needed)),
            _ => (None, say),
        };
        Self::new(lang, skip.id(), column, sentence)
    }

    /// What is wrong with a row.
    pub(crate) fn of_problem(lang: Lang, problem: &Problem) -> Self {
        let say = say(lang, problem.id());
        let (column, sentence) = match problem {
            Problem::Name {
                column,
                value,
                fault,
            } => {
                let fault = name_fault(lang, fault).text();
                (column.as_ref(), say.fact(value).fact(&fault))
            }
            Problem::Number { column, value } if value.is_empty() => {
                let key = "badges-row-problem-number-empty";
                (Some(column), Sentence::new(lang, key))
            }
            Problem::CentralId { column, value }
            | Problem::RecipientId { column, value }
            | Problem::Email { column, value }
            | Problem::Evidence { column, value }
            | Problem::Spreadsheet { column, value }
            | Problem::Number { column, value } => (Some(column), say.fact(value)),
            Problem::NoRecipient { columns } => {
                (None, say.list(columns.iter().map(String::as_str)))
            }
            Problem::CellCount { expected, found } => {
                (None, say.number(*found as u64).number(*expected as u64))
            }
            Problem::TwoAccounts {
                name,
                central_id,
                other,
                first,
            } => {
                let sentence = say
                    .fact(name)
                    .fact(&central_id.to_string())
                    .fact(&other.to_string())
                    .fact(&place(lang, *first));
                (None, sentence)
            }
            _ => (None, say),
        };
        Self::new(lang, problem.id(), column, sentence)
    }

    /// What should be known about a list.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "notes have no place on the page yet")
    )]
    pub(crate) fn of_note(lang: Lang, note: &Note) -> Self {
        let say = say(lang, note.id());
        let (column, sentence) = match note {
            Note::NamesIdentifyNobody { column } => (Some(column), say.fact(column)),
            Note::DoubtfulNames {
                name,
                first,
                others,
            } => {
                let lines = *others as u64 + 1;
                (
                    None,
                    say.fact(name).fact(&place(lang, *first)).number(lines),
                )
            }
            _ => (None, say),
        };
        Self::new(lang, note.id(), column, sentence)
    }

    /// Why a list cannot be used.
    pub(crate) fn of_error(lang: Lang, error: &ParticipantsError) -> Self {
        use ParticipantsError as Error;
        let say = say(lang, error.id());
        let sentence = match error {
            Error::TooLarge { bytes, limit } => say.number(*bytes as u64).number(*limit as u64),
            Error::TooManyRows { limit } => say.number(*limit as u64),
            Error::TooWide { line, limit } => say.fact(&line.to_string()).number(*limit as u64),
            Error::NotUtf8 { line } | Error::UnclosedQuote { line } => say.fact(&line.to_string()),
            Error::UnknownTable { columns } => say.list(columns.iter().map(String::as_str)),
            Error::UnknownColumn { column, columns } if columns.is_empty() => {
                let key = "badges-row-participants-unknown-column-names";
                Sentence::new(lang, key).fact(column)
            }
            Error::UnknownColumn { column, columns } => {
                say.fact(column).list(columns.iter().map(String::as_str))
            }
            Error::DuplicateColumn { column } => say.fact(column),
            Error::Json { line, column } => say.fact(&line.to_string()).fact(&column.to_string()),
            Error::NoRows { format } => say.fact(format.as_str()),
            Error::OtherFormat { asked, found } => say.fact(found.as_str()).fact(asked.as_str()),
            _ => say,
        };
        Self::new(lang, error.id(), None, sentence)
    }

    fn new(lang: Lang, id: &'static str, column: Option<&String>, sentence: Sentence) -> Self {
        Self {
            id,
            column: column.cloned(),
            sentence,
            mend: advice(lang, "badges-mend", id),
        }
    }
}

fn say(lang: Lang, id: &str) -> Sentence {
    Sentence::new(lang, key("badges-row", id))
}

fn name_fault(lang: Lang, fault: &NameFault) -> Sentence {
    let (kind, _) = facts(fault, "fault");
    let say = Sentence::new(lang, key("badges-name-fault", &kind));
    match fault {
        NameFault::TooLong { characters, .. } => say.number(*characters as u64),
        // One that cannot be seen is better shown by its number.
        NameFault::Character { character }
            if character.is_control() || character.is_whitespace() =>
        {
            say.fact(&format!("U+{:04X}", u32::from(*character)))
        }
        NameFault::Character { character } => say.fact(&character.to_string()),
        _ => say,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::collections::BTreeSet;

    use badges_core::participants::{Options, Outcome, parse};

    use super::super::samples;
    use super::*;

    #[test]
    fn every_reason_has_its_words_in_every_language() {
        for lang in Lang::all() {
            let reasons = samples::reasons(lang);
            let ids: BTreeSet<_> = reasons.iter().map(|reason| reason.id).collect();
            assert_eq!(ids.len(), 11 + 5 + 3 + 20);
            for reason in reasons {
                samples::assert_is_said(&reason.sentence);
                reason.mend.iter().for_each(samples::assert_is_said);
                let mendable = !reason.id.starts_with("skip.");
                assert_eq!(reason.mend.is_some(), mendable, "{}", reason.id);
            }
        }
    }

    #[test]
    fn a_row_says_what_is_wrong_and_how_to_mend_it() {
        let list = parse(b"Foo@bar\nExample\nexample\n127.0.0.1", &Options::default()).unwrap();
        let said: Vec<String> = list
            .rows
            .iter()
            .filter_map(|row| match &row.outcome {
                Outcome::Award(_) => None,
                Outcome::Skipped(skip) => Some(Reason::of_skip(Lang::ENGLISH, skip)),
                Outcome::Problem(problem) => Some(Reason::of_problem(Lang::ENGLISH, problem)),
            })
            .map(|reason| {
                let mend = reason.mend.map(|mend| mend.text()).unwrap_or_default();
                format!("{} {mend}", reason.sentence.text())
            })
            .collect();
        assert_eq!(
            said,
            [
                "“Foo@bar” is not a user name: a user name cannot hold “@”. Correct the name.",
                "The same person as at line 2. ",
                "“127.0.0.1” is not a user name: it is an IP address, which is no account. Correct the name.",
            ]
        );
    }
}
