//! Rules for who gets a badge: a small expression over the columns of a row.

mod check;
mod syntax;

use std::{fmt, str::FromStr};

use serde::{Serialize, Serializer};

pub(super) use check::BoundRule;

use super::{ParticipantsError, columns::place_of};

/// The name of the rule "all assigned training modules are completed, and some were assigned", for
/// the Programs & Events Dashboard.
pub const TRAINING_COMPLETED: &str = "training-completed";

const TRAINING_COMPLETED_RULE: &str = "completed_training_modules_count >= assigned_training_modules_count && assigned_training_modules_count > 0";

/// A rule that a row must meet, parsed.
///
/// ```text
/// completed_training_modules_count >= assigned_training_modules_count
///     && assigned_training_modules_count > 0
/// Grade == "Pass" || `Certificate Type` != 'audit'
/// ```
///
/// Comparisons `>= <= > < == !=`, joined by `&&` (binds closer) and `||`, grouped by parentheses.
/// Either side is a column, a number or a quoted text; a column whose name holds spaces stands in
/// backticks. Texts are compared for equality only; everything else compares numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    text: String,
    /// The columns it speaks of, each once; conditions name them by their place here.
    columns: Vec<String>,
    condition: Condition,
}

/// Why a text is no rule, and at which character (from 1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "id")]
#[non_exhaustive]
pub enum RuleError {
    /// Longer than a rule may be.
    #[error("the rule has more than {limit} bytes")]
    #[serde(rename = "rule.too-long")]
    TooLong {
        /// The most it may have.
        limit: usize,
    },
    /// Too many parentheses inside each other.
    #[error("the rule has more than {limit} parentheses inside each other")]
    #[serde(rename = "rule.too-deep")]
    TooDeep {
        /// The most there may be.
        limit: usize,
    },
    /// Something else should stand here.
    #[error("the rule needs {expected} at character {position}, where {found} stands")]
    #[serde(rename = "rule.unexpected")]
    Unexpected {
        /// What should stand there.
        expected: &'static str,
        /// What does.
        found: String,
        /// Where, in characters from 1.
        position: usize,
    },
    /// A quotation mark or backtick that is never closed.
    #[error("the quoted text at character {position} of the rule is not closed")]
    #[serde(rename = "rule.unclosed")]
    Unclosed {
        /// Where it opens, in characters from 1.
        position: usize,
    },
    /// A text on a side of `<`, `<=`, `>` or `>=`.
    #[error(
        "the comparison at character {position} of the rule orders a text; texts are compared with `==` and `!=` only"
    )]
    #[serde(rename = "rule.text-order")]
    TextOrder {
        /// Where the operator stands, in characters from 1.
        position: usize,
    },
    /// A comparison without any column.
    #[error("the comparison at character {position} of the rule has no column on either side")]
    #[serde(rename = "rule.no-column")]
    NoColumn {
        /// Where the operator stands, in characters from 1.
        position: usize,
    },
}

/// What must hold of a row.
#[derive(Clone, Debug, PartialEq)]
enum Condition {
    All(Vec<Self>),
    Any(Vec<Self>),
    Compare {
        /// A place in the rule's columns.
        column: usize,
        operator: Operator,
        other: Operand,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    AtLeast,
    AtMost,
    More,
    Less,
    Equal,
    Different,
}

#[derive(Clone, Debug, PartialEq)]
enum Operand {
    /// A place in the rule's columns.
    Column(usize),
    Number(f64),
    Text(String),
}

impl Rule {
    /// Parses a rule, or the name [`TRAINING_COMPLETED`].
    ///
    /// # Errors
    /// [`RuleError`], with the place of the fault.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        match text.trim() {
            TRAINING_COMPLETED => syntax::parse(TRAINING_COMPLETED_RULE),
            written => syntax::parse(written),
        }
    }

    /// The rule as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The columns it speaks of.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Finds the rule's columns in a header.
    pub(super) fn bind(&self, header: &[String]) -> Result<BoundRule<'_>, ParticipantsError> {
        let places = self
            .columns
            .iter()
            .map(|column| place_of(column, header))
            .collect::<Result<_, _>>()?;
        Ok(BoundRule::new(self, places))
    }
}

impl Operator {
    const fn is_equality(self) -> bool {
        matches!(self, Self::Equal | Self::Different)
    }

    /// The operator that says the same with the sides exchanged.
    const fn exchanged(self) -> Self {
        match self {
            Self::AtLeast => Self::AtMost,
            Self::AtMost => Self::AtLeast,
            Self::More => Self::Less,
            Self::Less => Self::More,
            same => same,
        }
    }
}

/// A number as people write counts and grades: digits with an optional sign and decimal point.
fn number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if is_digits(whole) && is_digits(fraction) {
        text.parse().ok()
    } else {
        None
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::AtLeast => ">=",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::Less => "<",
            Self::Equal => "==",
            Self::Different => "!=",
        })
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

impl FromStr for Rule {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        Self::parse(text)
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl RuleError {
    /// The stable id of the error, such as `rule.unexpected`.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "rule.too-long",
            Self::TooDeep { .. } => "rule.too-deep",
            Self::Unexpected { .. } => "rule.unexpected",
            Self::Unclosed { .. } => "rule.unclosed",
            Self::TextOrder { .. } => "rule.text-order",
            Self::NoColumn { .. } => "rule.no-column",
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn training_completed_is_a_name_for_its_expression() {
        let rule = Rule::parse("training-completed").unwrap();
        assert_eq!(rule, Rule::parse(TRAINING_COMPLETED_RULE).unwrap());
        assert_eq!(
            rule.columns(),
            [
                "completed_training_modules_count",
                "assigned_training_modules_count"
            ]
        );
    }

    #[test]
    fn a_column_that_is_not_there_is_named_with_those_that_are() {
        let rule = Rule::parse("dones > 1").unwrap();
        let error = rule
            .bind(&["done", "due"].map(str::to_owned))
            .err()
            .unwrap();
        assert_eq!(
            error.to_string(),
            "there is no column `dones`; the columns are `done`, `due`"
        );
    }
}
