//! Why a row gives no badge: [`Skip`] when that is right, [`Problem`] when the file should be mended.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Place, names::NameFault};

/// Why a row is passed over although nothing is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "id")]
#[non_exhaustive]
pub enum Skip {
    /// The same person stands further up.
    #[serde(rename = "skip.duplicate")]
    Duplicate {
        /// Where the person stands first.
        first: Place,
    },
    /// The account is suppressed on the wikis.
    #[serde(rename = "skip.hidden")]
    Hidden,
    /// The account is gone.
    #[serde(rename = "skip.not-found")]
    NotFound,
    /// The person registered privately and is not to be named.
    #[serde(rename = "skip.private")]
    Private,
    /// The rule for who gets a badge is not met.
    #[serde(rename = "skip.rule-not-met")]
    RuleNotMet {
        /// The column of the comparison that failed.
        column: String,
        /// What stands there.
        value: String,
        /// What should: an operator and the other side, such as `>= 5`.
        needed: String,
    },
}

/// What is wrong with a row, in which column, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "id")]
#[non_exhaustive]
pub enum Problem {
    /// Not a user name.
    #[error("{}`{value}` is no user name: {fault}; correct the name", of_column(.column.as_deref()))]
    #[serde(rename = "problem.name")]
    Name {
        /// The column, where the file has columns.
        column: Option<String>,
        /// What stands there.
        value: String,
        /// What is wrong with it.
        #[serde(flatten)]
        fault: NameFault,
    },
    /// Not the number of an account.
    #[error("column `{column}`: `{value}` is no account number; digits alone are expected")]
    #[serde(rename = "problem.central-id")]
    CentralId {
        /// The column.
        column: String,
        /// What stands there.
        value: String,
    },
    /// Not usable as an identifier.
    #[error(
        "column `{column}`: `{value}` is no usable identifier; it should be one line of at most 2,000 bytes"
    )]
    #[serde(rename = "problem.recipient-id")]
    RecipientId {
        /// The column.
        column: String,
        /// What stands there.
        value: String,
    },
    /// Not an e-mail address.
    #[error(
        "column `{column}`: `{value}` is no e-mail address; write one address such as `name@example.org`"
    )]
    #[serde(rename = "problem.email")]
    Email {
        /// The column.
        column: String,
        /// What stands there.
        value: String,
    },
    /// Not a web address.
    #[error("column `{column}`: `{value}` is no web address; it should begin with `https://`")]
    #[serde(rename = "problem.evidence")]
    Evidence {
        /// The column.
        column: String,
        /// What stands there.
        value: String,
    },
    /// What a spreadsheet made of another value: an error such as `#NAME?`, or `1.23E+08`.
    #[error(
        "column `{column}`: a spreadsheet replaced the value by `{value}`; format the column as text, enter the value again and export again"
    )]
    #[serde(rename = "problem.spreadsheet")]
    Spreadsheet {
        /// The column.
        column: String,
        /// What stands there.
        value: String,
    },
    /// The columns that say who it is are all empty.
    #[error("nobody is named: nothing stands in {}; fill it in or delete the row", listed(.columns))]
    #[serde(rename = "problem.no-recipient")]
    NoRecipient {
        /// The columns that were looked at.
        columns: Vec<String>,
    },
    /// More cells than the header has, so no cell can be trusted to stand in its column.
    #[error(
        "the row has {found} cells, the header {expected}; put double quotes around cells that hold the separator"
    )]
    #[serde(rename = "problem.cell-count")]
    CellCount {
        /// How many the header has.
        expected: usize,
        /// How many the row has.
        found: usize,
    },
    /// The rule compares numbers and this is none.
    #[error(
        "column `{column}`: {} is no number, and the rule needs one; write it as `12` or `0.5`", quoted(.value)
    )]
    #[serde(rename = "problem.number")]
    Number {
        /// The column.
        column: String,
        /// What stands there.
        value: String,
    },
    /// One name with two account numbers: one of the rows is out of date.
    #[error(
        "`{name}` has the account number {central_id} here and {other} at {first}; find out which is right and delete the other row"
    )]
    #[serde(rename = "problem.two-accounts")]
    TwoAccounts {
        /// The user name.
        name: String,
        /// The account's number in this row.
        central_id: u64,
        /// The account's number further up.
        other: u64,
        /// Where the name stands first.
        first: Place,
    },
    /// An entry of a JSON list that is no object.
    #[error("the entry is no participant; download the list again")]
    #[serde(rename = "problem.entry")]
    Entry,
}

impl Skip {
    /// The stable id of the reason, such as `skip.duplicate`.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        match self {
            Self::Duplicate { .. } => "skip.duplicate",
            Self::Hidden => "skip.hidden",
            Self::NotFound => "skip.not-found",
            Self::Private => "skip.private",
            Self::RuleNotMet { .. } => "skip.rule-not-met",
        }
    }
}

impl Problem {
    /// The stable id of the problem, such as `problem.name`.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        match self {
            Self::Name { .. } => "problem.name",
            Self::CentralId { .. } => "problem.central-id",
            Self::RecipientId { .. } => "problem.recipient-id",
            Self::Email { .. } => "problem.email",
            Self::Evidence { .. } => "problem.evidence",
            Self::Spreadsheet { .. } => "problem.spreadsheet",
            Self::NoRecipient { .. } => "problem.no-recipient",
            Self::CellCount { .. } => "problem.cell-count",
            Self::Number { .. } => "problem.number",
            Self::TwoAccounts { .. } => "problem.two-accounts",
            Self::Entry => "problem.entry",
        }
    }
}

impl fmt::Display for Skip {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Duplicate { first } => write!(out, "the same person as at {first}"),
            Self::Hidden => out.write_str("the account is hidden"),
            Self::NotFound => out.write_str("the account no longer exists"),
            Self::Private => out.write_str("registered privately"),
            Self::RuleNotMet {
                column,
                value,
                needed,
            } => write!(
                out,
                "the rule is not met: column `{column}` is `{value}`, needed is `{needed}`"
            ),
        }
    }
}

/// A piece of the file, short and safe to print: at most 80 characters, and none that a terminal
/// would obey or that would turn the writing direction.
pub(super) fn excerpt(text: &str) -> String {
    const LENGTH: usize = 80;
    let mut characters = text.chars();
    let mut shown: String = characters
        .by_ref()
        .take(LENGTH)
        .map(|character| match character {
            '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' => {
                '\u{FFFD}'
            }
            control if control.is_control() => '\u{FFFD}',
            plain => plain,
        })
        .collect();
    if characters.next().is_some() {
        shown.push('…');
    }
    shown
}

/// Column names in backticks, separated by commas; a few dozen are enough to find the right one.
pub(super) fn listed(columns: &[String]) -> String {
    const MOST: usize = 40;
    let quoted: Vec<_> = columns
        .iter()
        .take(MOST)
        .map(|column| format!("`{column}`"))
        .collect();
    let more = if columns.len() > MOST { ", …" } else { "" };
    quoted.join(", ") + more
}

fn quoted(value: &str) -> String {
    if value.is_empty() {
        "the empty cell".to_owned()
    } else {
        format!("`{value}`")
    }
}

fn of_column(column: Option<&str>) -> String {
    column.map_or_else(String::new, |column| format!("column `{column}`: "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excerpts_are_short_and_harmless() {
        assert_eq!(excerpt("O'Neil, Jr."), "O'Neil, Jr.");
        assert_eq!(excerpt("a\u{1B}[31m\u{202E}b"), "a\u{FFFD}[31m\u{FFFD}b");
        assert_eq!(excerpt(&"é".repeat(100)), "é".repeat(80) + "…");
    }

    #[test]
    fn reasons_read_as_sentences() {
        let name = Problem::Name {
            column: Some("username".into()),
            value: "Foo@bar".into(),
            fault: NameFault::Character { character: '@' },
        };
        assert_eq!(
            name.to_string(),
            "column `username`: `Foo@bar` is no user name: a user name cannot hold `@`; correct the name"
        );
        let unmet = Skip::RuleNotMet {
            column: "completed".into(),
            value: "3".into(),
            needed: ">= 5".into(),
        };
        assert_eq!(
            unmet.to_string(),
            "the rule is not met: column `completed` is `3`, needed is `>= 5`"
        );
    }
}
