//! Whether a row meets a rule.

use std::cmp::Ordering;

use super::{Condition, Operand, Operator, Rule, number};
use crate::participants::{Outcome, Problem, Skip, problem::excerpt};

/// A rule and where its columns stand in one table.
pub(in crate::participants) struct BoundRule<'a> {
    rule: &'a Rule,
    /// For each column of the rule its place in the table.
    places: Vec<usize>,
}

impl<'a> BoundRule<'a> {
    pub(super) const fn new(rule: &'a Rule, places: Vec<usize>) -> Self {
        Self { rule, places }
    }

    /// Whether a row meets the rule; if not, the outcome that says why. `cell` gives the cell at a
    /// place of the table.
    pub(in crate::participants) fn check<'c>(
        &self,
        cell: impl Fn(usize) -> &'c str,
    ) -> Result<(), Outcome> {
        let cell = |column: usize| {
            let place = self.places.get(column).copied();
            place.map_or("", &cell).trim()
        };
        self.holds(&self.rule.condition, &cell)
    }

    fn holds<'c>(
        &self,
        condition: &Condition,
        cell: &impl Fn(usize) -> &'c str,
    ) -> Result<(), Outcome> {
        match condition {
            Condition::All(conditions) => conditions
                .iter()
                .try_for_each(|condition| self.holds(condition, cell)),
            Condition::Any(conditions) => self.any_holds(conditions, cell),
            Condition::Compare {
                column,
                operator,
                other,
            } => self.compare(*column, *operator, other, cell),
        }
    }

    /// The first condition says why, if none holds; before it comes a cell that cannot be read, as
    /// the row might have met the rule by it.
    fn any_holds<'c>(
        &self,
        conditions: &[Condition],
        cell: &impl Fn(usize) -> &'c str,
    ) -> Result<(), Outcome> {
        let mut unmet = Ok(());
        let mut unreadable = Ok(());
        for condition in conditions {
            match self.holds(condition, cell) {
                Ok(()) => return Ok(()),
                problem @ Err(Outcome::Problem(_)) => unreadable = unreadable.and(problem),
                skip => unmet = unmet.and(skip),
            }
        }
        unreadable.and(unmet)
    }

    fn compare<'c>(
        &self,
        column: usize,
        operator: Operator,
        other: &Operand,
        cell: &impl Fn(usize) -> &'c str,
    ) -> Result<(), Outcome> {
        let holds = match other {
            Operand::Text(text) => operator.accepts(equality(cell(column) == text)),
            Operand::Number(number) => {
                operator.accepts_numbers(self.number(column, cell)?, *number)
            }
            Operand::Column(right) => {
                operator.accepts_numbers(self.number(column, cell)?, self.number(*right, cell)?)
            }
        };
        if holds {
            return Ok(());
        }
        let needed = match other {
            Operand::Text(text) => format!("{operator} \"{text}\""),
            Operand::Number(number) => format!("{operator} {number}"),
            Operand::Column(right) => {
                format!("{operator} {} ({})", self.name(*right), cell(*right))
            }
        };
        Err(Outcome::Skipped(Skip::RuleNotMet {
            column: self.name(column).to_owned(),
            value: excerpt(cell(column)),
            needed: excerpt(&needed),
        }))
    }

    fn number<'c>(&self, column: usize, cell: &impl Fn(usize) -> &'c str) -> Result<f64, Outcome> {
        number(cell(column)).ok_or_else(|| {
            Outcome::Problem(Problem::Number {
                column: self.name(column).to_owned(),
                value: excerpt(cell(column)),
            })
        })
    }

    fn name(&self, column: usize) -> &str {
        self.rule.columns.get(column).map_or("", String::as_str)
    }
}

impl Operator {
    fn accepts(self, ordering: Ordering) -> bool {
        match self {
            Self::AtLeast => ordering.is_ge(),
            Self::AtMost => ordering.is_le(),
            Self::More => ordering.is_gt(),
            Self::Less => ordering.is_lt(),
            Self::Equal => ordering.is_eq(),
            Self::Different => ordering.is_ne(),
        }
    }

    fn accepts_numbers(self, left: f64, right: f64) -> bool {
        left.partial_cmp(&right)
            .is_some_and(|ordering| self.accepts(ordering))
    }
}

/// Texts are equal or not; which comes first is never asked of them.
const fn equality(equal: bool) -> Ordering {
    if equal {
        Ordering::Equal
    } else {
        Ordering::Less
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const HEADER: [&str; 4] = ["done", "due", "Grade", "Certificate Type"];

    fn check(rule: &str, row: [&str; 4]) -> Result<(), Outcome> {
        let rule = Rule::parse(rule).unwrap();
        let header = HEADER.map(str::to_owned);
        rule.bind(&header).unwrap().check(|place| row[place])
    }

    fn unmet(column: &str, value: &str, needed: &str) -> Result<(), Outcome> {
        Err(Outcome::Skipped(Skip::RuleNotMet {
            column: column.to_owned(),
            value: value.to_owned(),
            needed: needed.to_owned(),
        }))
    }

    #[test]
    fn rows_are_compared() {
        let row = ["3", "5", "0.85", "verified"];
        for rule in [
            "done < due",
            "done<=3 && due>=5 && done != due",
            "Grade == 0.850",
            "0.5 <= Grade",
            "grade > -1",
            "`Certificate Type` == \"verified\" && certificate_type != 'audit'",
            "done > due || (due > done && Grade > 0.8)",
            "done > 100 && done < 0 || due == 5",
        ] {
            assert_eq!(check(rule, row), Ok(()), "{rule}");
        }
        assert_eq!(check("done >= due", row), unmet("done", "3", ">= due (5)"));
        assert_eq!(check("10 < due", row), unmet("due", "5", "> 10"));
        assert_eq!(
            check("Grade > 0.9 || `Certificate Type` == 'audit'", row),
            unmet("Grade", "0.85", "> 0.9")
        );
    }

    #[test]
    fn a_cell_that_is_no_number_is_a_problem_unless_it_does_not_matter() {
        for value in ["", "3 of 5", "1e5", "0,85", "85%", "inf", ".5", "5."] {
            let problem = Problem::Number {
                column: "done".to_owned(),
                value: value.to_owned(),
            };
            let row = [value, "5", "", ""];
            assert_eq!(
                check("done > 1", row),
                Err(Outcome::Problem(problem.clone()))
            );
            assert_eq!(
                check("due > 5 || done > 1", row),
                Err(Outcome::Problem(problem))
            );
            assert_eq!(check("done > 1 || due == 5", row), Ok(()));
        }
    }
}
