//! Everything that can be said of a list of participants.

use badges_core::participants::{Format, NameFault, Note, ParticipantsError, Place, Problem, Skip};

use super::some;
use crate::i18n::Lang;
use crate::words::Reason;

pub(in crate::words) fn reasons(lang: Lang) -> Vec<Reason> {
    let skips = skips();
    let problems = problems();
    let notes = [
        Note::MorePages {
            last_participant_id: Some(7),
        },
        Note::NamesIdentifyNobody { column: some("x") },
        Note::DoubtfulNames {
            name: some("x, y"),
            first: Place::Line(2),
            others: 1,
        },
    ];
    let errors = list_errors();
    let skips = skips.iter().map(|skip| Reason::of_skip(lang, skip));
    let problems = problems
        .iter()
        .map(|problem| Reason::of_problem(lang, problem));
    let notes = notes.iter().map(|note| Reason::of_note(lang, note));
    let errors = errors.iter().map(|error| Reason::of_error(lang, error));
    skips.chain(problems).chain(notes).chain(errors).collect()
}

fn skips() -> Vec<Skip> {
    vec![
        Skip::Duplicate {
            first: Place::Item(2),
        },
        Skip::Hidden,
        Skip::NotFound,
        Skip::Private,
        Skip::RuleNotMet {
            column: some("completed"),
            value: some("3"),
            needed: some(">= 5"),
        },
    ]
}

fn problems() -> Vec<Problem> {
    let column = || some("x");
    let value = || some("y");
    let names = [
        NameFault::Empty,
        NameFault::TooLong {
            characters: 90,
            bytes: 90,
        },
        NameFault::Character { character: '@' },
        NameFault::Character {
            character: '\u{7f}',
        },
        NameFault::Encoding,
        NameFault::IpAddress,
        NameFault::NotAUserPage,
    ];
    let names = names.map(|fault| Problem::Name {
        column: None,
        value: value(),
        fault,
    });
    let number = |value| Problem::Number {
        column: column(),
        value,
    };
    let others = [
        Problem::CentralId {
            column: column(),
            value: value(),
        },
        Problem::RecipientId {
            column: column(),
            value: value(),
        },
        Problem::Email {
            column: column(),
            value: value(),
        },
        Problem::Evidence {
            column: column(),
            value: value(),
        },
        Problem::Spreadsheet {
            column: column(),
            value: value(),
        },
        Problem::NoRecipient {
            columns: vec![column(), column()],
        },
        Problem::CellCount {
            expected: 3,
            found: 4,
        },
        number(value()),
        number(String::new()),
        Problem::TwoAccounts {
            name: some("Example Volunteer"),
            central_id: 12_345,
            other: 7,
            first: Place::Line(2),
        },
        Problem::Entry,
    ];
    names.into_iter().chain(others).collect()
}

fn list_errors() -> Vec<ParticipantsError> {
    let columns = || vec![some("a"), some("b")];
    let column = || some("x");
    let unknown_column = |columns| ParticipantsError::UnknownColumn {
        column: column(),
        columns,
    };
    vec![
        ParticipantsError::TooLarge { bytes: 9, limit: 8 },
        ParticipantsError::TooManyRows { limit: 200_000 },
        ParticipantsError::TooWide {
            line: 3,
            limit: 1000,
        },
        ParticipantsError::Empty,
        ParticipantsError::NoRows {
            format: Format::Csv,
        },
        ParticipantsError::BeingGenerated,
        ParticipantsError::WebPage,
        ParticipantsError::Spreadsheet,
        ParticipantsError::Utf16,
        ParticipantsError::NotUtf8 { line: 3 },
        ParticipantsError::Binary,
        ParticipantsError::UnknownTable { columns: columns() },
        unknown_column(columns()),
        unknown_column(Vec::new()),
        ParticipantsError::DuplicateColumn { column: column() },
        ParticipantsError::UnclosedQuote { line: 3 },
        ParticipantsError::Json { line: 1, column: 2 },
        ParticipantsError::JsonCutShort,
        ParticipantsError::UnknownJson { members: columns() },
        ParticipantsError::TestEvent { event: None },
        ParticipantsError::OtherFormat {
            asked: Format::Csv,
            found: Format::Names,
        },
    ]
}
