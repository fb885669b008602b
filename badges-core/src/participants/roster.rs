//! The rows as they come in, each person once.

use std::collections::HashMap;

use super::{
    MAX_ROWS, Outcome, Participant, ParticipantsError, Place, Problem, RecipientKey, Row, Skip,
};

/// Collects rows, of one list or several, and finds people who stand there more than once, in
/// linear time.
#[derive(Debug, Default)]
pub struct Roster {
    rows: Vec<Row>,
    /// The row of the award that has this key.
    known: HashMap<RecipientKey, usize>,
}

impl Roster {
    /// Adds a row. A person who is already there is skipped, and what this row knows beyond the
    /// first is added to the first: a row with an account number and one with only the same name
    /// are one person, in either order.
    ///
    /// # Errors
    /// [`ParticipantsError::TooManyRows`] beyond [`MAX_ROWS`].
    pub fn push(&mut self, place: Place, outcome: Outcome) -> Result<(), ParticipantsError> {
        self.push_row(Row {
            place,
            outcome,
            cells: Vec::new(),
        })
    }

    /// Adds a row that knows its cells, as [`push`](Self::push) does; they are kept if there is
    /// something to mend.
    ///
    /// # Errors
    /// [`ParticipantsError::TooManyRows`] beyond [`MAX_ROWS`].
    pub fn push_row(&mut self, row: Row) -> Result<(), ParticipantsError> {
        if self.rows.len() >= MAX_ROWS {
            return Err(ParticipantsError::TooManyRows { limit: MAX_ROWS });
        }
        let outcome = match row.outcome {
            Outcome::Award(participant) => self.award(participant),
            other => other,
        };
        let cells = match outcome {
            Outcome::Problem(_) => row.cells,
            _ => Vec::new(),
        };
        self.rows.push(Row {
            place: row.place,
            outcome,
            cells,
        });
        Ok(())
    }

    /// The rows, in the order in which they came.
    #[must_use]
    pub fn into_rows(self) -> Vec<Row> {
        self.rows
    }

    fn award(&mut self, participant: Participant) -> Outcome {
        let keys: Vec<_> = participant.keys().cloned().collect();
        for key in &keys {
            let Some(&at) = self.known.get(key) else {
                continue;
            };
            let Some(Row {
                place,
                outcome: Outcome::Award(first),
                ..
            }) = self.rows.get_mut(at)
            else {
                continue;
            };
            let place = *place;
            if !first.differs_above(key, &participant) {
                first.join(participant);
                self.remember(keys, at);
                return Outcome::Skipped(Skip::Duplicate { first: place });
            }
            if let Some(conflict) = two_accounts(key, &participant, first, place) {
                return Outcome::Problem(conflict);
            }
            // People may share an e-mail address; a stronger key tells them apart.
        }
        self.remember(keys, self.rows.len());
        Outcome::Award(participant)
    }

    fn remember(&mut self, keys: Vec<RecipientKey>, at: usize) {
        for key in keys {
            self.known.entry(key).or_insert(at);
        }
    }
}

/// A user name belongs to one account at a time, so the same name with two accounts is a fault.
fn two_accounts(
    key: &RecipientKey,
    participant: &Participant,
    first: &Participant,
    place: Place,
) -> Option<Problem> {
    let RecipientKey::Name(name) = key else {
        return None;
    };
    Some(Problem::TwoAccounts {
        name: name.to_string(),
        central_id: participant.central_id()?,
        other: first.central_id()?,
        first: place,
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::participants::UserName;

    fn name(text: &str) -> RecipientKey {
        RecipientKey::Name(UserName::parse(text).unwrap())
    }

    fn email(text: &str) -> RecipientKey {
        RecipientKey::Email(text.to_owned())
    }

    fn id(text: &str) -> RecipientKey {
        RecipientKey::Id(text.to_owned())
    }

    /// The key of each award, or the id of the reason.
    fn gathered(people: impl IntoIterator<Item = Vec<RecipientKey>>) -> Vec<String> {
        let mut roster = Roster::default();
        for (line, keys) in (1..).zip(people) {
            let participant = Participant::new(keys).unwrap();
            roster
                .push(Place::Line(line), Outcome::Award(participant))
                .unwrap();
        }
        let shown = |row: &Row| match &row.outcome {
            Outcome::Award(participant) => participant.key().to_string(),
            Outcome::Skipped(skip) => skip.id().to_owned(),
            Outcome::Problem(problem) => problem.id().to_owned(),
        };
        roster.into_rows().iter().map(shown).collect()
    }

    #[test]
    fn an_account_number_joins_the_same_name_in_either_order() {
        let central = RecipientKey::CentralId(7);
        let both = vec![central.clone(), name("Example")];
        let expected = ["central:7", "skip.duplicate", "skip.duplicate"];
        assert_eq!(
            gathered([both.clone(), vec![name("Example")], vec![central.clone()]]),
            expected
        );
        assert_eq!(
            gathered([vec![name("Example")], both, vec![central]]),
            expected
        );
    }

    #[test]
    fn a_stronger_key_tells_apart_who_shares_a_weaker_one() {
        assert_eq!(
            gathered([
                vec![name("Example A"), email("shared@example.org")],
                vec![name("Example B"), email("shared@example.org")],
                vec![id("did:example:1"), email("shared@example.org")],
                vec![email("shared@example.org")],
            ]),
            [
                "name:Example A",
                "name:Example B",
                "skip.duplicate",
                "skip.duplicate"
            ]
        );
    }

    #[test]
    fn a_renamed_account_is_one_person_and_a_name_with_two_accounts_a_problem() {
        let row = |number, text| vec![RecipientKey::CentralId(number), name(text)];
        assert_eq!(
            gathered([
                row(1, "Old"),
                row(1, "New"),
                vec![name("New")],
                row(2, "Old")
            ]),
            [
                "central:1",
                "skip.duplicate",
                "skip.duplicate",
                "problem.two-accounts"
            ]
        );
    }
}
