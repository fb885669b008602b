use std::fmt;

use crate::json::SyntaxError;
use crate::model::date_time::DateTimeError;

/// One place where a document departs from the data model.
#[derive(Clone, Debug, PartialEq)]
pub struct Departure {
    /// Where: JSON member names with dots, positions in arrays as `[0]`; empty for the document.
    pub path: String,
    /// What is wrong there.
    pub kind: DepartureKind,
    /// What that means for the document.
    pub severity: Severity,
}

/// What a departure means for the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It can be understood in only one way; stricter readers may refuse it.
    Note,
    /// It does not conform, and is not accepted.
    Fault,
}

/// How a document departs from the data model.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DepartureKind {
    /// A member of cardinality 1 or 1..* is missing.
    #[error("is required")]
    Required,
    /// Another kind of JSON value.
    #[error("needs {expected}, not {found}")]
    Kind {
        /// What the model wants, such as "a string".
        expected: &'static str,
        /// What is there, such as "an array".
        found: &'static str,
    },
    /// One value where the model has 0..* or 1..*.
    #[error("needs an array, even for one value")]
    NoArray,
    /// An array where the model has 1 or 0..1.
    #[error("needs one value, not an array of {entries}")]
    Array {
        /// How many values the array has.
        entries: usize,
    },
    /// `null`, an empty array or an empty text, which are to be left out.
    #[error("is {found}, which is to be left out")]
    Empty {
        /// What is there.
        found: &'static str,
    },
    /// The object says that it is of another class.
    #[error("needs the type {expected}, not {found:?}")]
    Type {
        /// The name that `type` must be or contain.
        expected: &'static str,
        /// What it is or contains.
        found: String,
    },
    /// A further member in a class that allows none.
    #[error("is no member of {class}, which allows no others")]
    Closed {
        /// The class.
        class: &'static str,
    },
    /// A term that the enumeration does not have.
    #[error("{found:?} is no {enumeration}")]
    Enumeration {
        /// The enumeration.
        enumeration: &'static str,
        /// What is there.
        found: String,
    },
    /// A text that is no date and time with zone.
    #[error("{0}")]
    DateTime(#[from] DateTimeError),
    /// A text that is no date.
    #[error("{found:?} is no date such as 1990-12-31")]
    Date {
        /// What is there.
        found: String,
    },
    /// A date where the model has a date and time, and the context a date.
    #[error("needs a time beside the date")]
    DateOnly,
    /// A text that is no absolute IRI: relative, or with characters such as spaces.
    #[error("needs an absolute IRI, not {found:?}")]
    Iri {
        /// What is there.
        found: String,
    },
    /// A text that does not have the form of the standard's `LanguageCode`.
    #[error("{found:?} is no language tag such as pt-BR")]
    Language {
        /// What is there.
        found: String,
    },
    /// A text that does not have another form that the standard demands.
    #[error("needs {expected}, not {found:?}")]
    Form {
        /// The form, such as "a two-letter country code".
        expected: &'static str,
        /// What is there.
        found: String,
    },
    /// A subject that nobody can be compared with.
    #[error("needs an id or an identifier")]
    Unidentified,
    /// Criteria that say nothing.
    #[error("needs an id or a narrative")]
    Criteria,
    /// A context is missing, or stands in another place.
    #[error("needs {expected}")]
    Context {
        /// The context's URL.
        expected: &'static str,
    },
    /// An older version of the Open Badges context.
    #[error("{found:?} is older than context-3.0.3.json")]
    OlderContext {
        /// The context's URL.
        found: String,
    },
    /// Version 1.1 of the Verifiable Credentials Data Model, which is only for reading.
    #[error("follows Verifiable Credentials 1.1, which is not for new credentials")]
    DataModel,
    /// An id that should be the id of something in this achievement.
    #[error("names no {of} of this achievement: {found:?}")]
    Reference {
        /// What it should be the id of.
        of: &'static str,
        /// The id that is there.
        found: String,
    },
    /// A period that ends before it starts.
    #[error("is before validFrom")]
    Period,
    /// An id that another object of the same list has.
    #[error("has the id of another entry")]
    Duplicate,
    /// A related resource without a digest.
    #[error("needs a digestSRI or a digestMultibase")]
    Digest,
    /// A related resource is known, and the digest is not its.
    #[error("is not the digest of that resource")]
    OtherDigest,
    /// What was built is no strict JSON, for instance too long.
    #[error("{0}")]
    Syntax(SyntaxError),
    /// What was built cannot be written as JSON.
    #[error("cannot be written: {0}")]
    Unwritable(String),
}

impl DepartureKind {
    /// Whether something is missing, as it may where only a part is shown.
    pub(crate) const fn is_absence(&self) -> bool {
        matches!(
            self,
            Self::Required | Self::Unidentified | Self::Criteria | Self::Empty { .. }
        )
    }

    /// The stable name of this kind, for machines and translations.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        match self {
            Self::Required => "schema.required",
            Self::Kind { .. } => "schema.kind",
            Self::NoArray => "schema.no-array",
            Self::Array { .. } => "schema.array",
            Self::Empty { .. } => "schema.empty",
            Self::Type { .. } => "schema.type",
            Self::Closed { .. } => "schema.closed",
            Self::Enumeration { .. } => "schema.enumeration",
            Self::DateTime(_) | Self::Date { .. } => "schema.date",
            Self::DateOnly => "schema.date-only",
            Self::Iri { .. } => "schema.iri",
            Self::Language { .. } => "schema.language",
            Self::Form { .. } => "schema.form",
            Self::Unidentified => "schema.unidentified",
            Self::Criteria => "schema.criteria",
            Self::Context { .. } => "schema.context",
            Self::OlderContext { .. } => "schema.older-context",
            Self::DataModel => "schema.data-model",
            Self::Reference { .. } => "schema.reference",
            Self::Period => "schema.period",
            Self::Duplicate => "schema.duplicate",
            Self::Digest => "schema.digest",
            Self::OtherDigest => "schema.other-digest",
            Self::Syntax(_) => "schema.syntax",
            Self::Unwritable(_) => "schema.unwritable",
        }
    }
}

/// Why a credential cannot be issued as it is: the first of its faults.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{}", at(path, problem))]
pub struct Invalid {
    /// Where, as in [`Departure::path`].
    pub path: String,
    /// What is wrong there.
    pub problem: DepartureKind,
}

impl Invalid {
    pub(crate) fn required(path: &str) -> Self {
        Self {
            path: path.to_owned(),
            problem: DepartureKind::Required,
        }
    }
}

impl From<Departure> for Invalid {
    fn from(departure: Departure) -> Self {
        Self {
            path: departure.path,
            problem: departure.kind,
        }
    }
}

impl fmt::Display for Departure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&at(&self.path, &self.kind))
    }
}

fn at(path: &str, kind: &DepartureKind) -> String {
    if path.is_empty() {
        format!("the document {kind}")
    } else {
        format!("{path}: {kind}")
    }
}

/// The beginning of a text of somebody else, short enough for a message.
pub(in crate::model) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 80;
    text.chars().take(LONGEST).collect()
}
