//! A workshop's list in the database, and as the library sees it. Lists that come later are added:
//! the same person once, also when one list knows more of them than the other.

use badges_core::participants::{
    Options, Outcome, Participant, ParticipantsError, Place, Problem, RecipientKey, Roster, Row,
    Rule, Skip, UserName, reread,
};
use serde::{Deserialize, Serialize};

use super::accounts::{Account, Accounts};
use crate::ambient::random_id;
use crate::db::ParticipantRow;
use crate::i18n::Lang;
use crate::words::Reason;

/// How a list was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::routes) struct Reading {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::routes) rule: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::routes) name_column: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::routes) id_column: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::routes) email_column: Option<String>,
}

/// The cells of a row with a problem, and how its list was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Source {
    pub(super) cells: Vec<(String, String)>,
    #[serde(flatten)]
    pub(super) reading: Reading,
}

/// Why a row gives no badge.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(super) enum Why {
    Problem(Problem),
    Skip(Skip),
}

/// A row that is to be added, or that stands there and was mended.
#[derive(Clone, Debug)]
pub(super) struct Coming {
    /// The row that was mended.
    pub(super) id: Option<String>,
    pub(super) row: Row,
    pub(super) reading: Reading,
}

/// What adding comes to.
#[derive(Clone, Debug, Default)]
pub(in crate::routes) struct Joined {
    pub(in crate::routes) insert: Vec<ParticipantRow>,
    pub(in crate::routes) update: Vec<ParticipantRow>,
    /// Mended rows whose person is on the list already.
    pub(in crate::routes) delete: Vec<String>,
    /// How many of those that came were on the list already.
    pub(in crate::routes) known: usize,
}

impl Reading {
    /// The options of the library; a rule that is none is left out.
    pub(super) fn options(&self) -> Options {
        Options {
            rule: self.rule.as_deref().and_then(|rule| Rule::parse(rule).ok()),
            name_column: self.name_column.clone(),
            id_column: self.id_column.clone(),
            email_column: self.email_column.clone(),
            ..Options::default()
        }
    }
}

/// What a list says in a row, without what the wiki adds to it.
enum Said {
    /// Who it is: nothing was wrong but for other rows.
    Person(Participant),
    Cells(Source),
}

impl Said {
    /// The row to be mended: of a person, what the cells would be.
    fn source(self) -> Source {
        let person = match self {
            Self::Cells(source) => return source,
            Self::Person(person) => person,
        };
        let cells = [
            ("username", person.name().map(ToString::to_string)),
            ("global_id", person.central_id().map(|id| id.to_string())),
            ("id", person.id().map(str::to_owned)),
            ("email", person.email().map(str::to_owned)),
            ("display name", person.display_name().map(str::to_owned)),
            ("evidence", person.evidence().map(str::to_owned)),
        ];
        let cells = cells.into_iter();
        Source {
            cells: cells
                .filter_map(|(column, value)| Some((column.to_owned(), value?)))
                .collect(),
            reading: Reading::default(),
        }
    }
}

/// The user names that the wiki is to be asked for.
pub(super) fn open_names(coming: &[Coming]) -> Vec<UserName> {
    let people = coming
        .iter()
        .filter_map(|coming| match &coming.row.outcome {
            Outcome::Award(person) if person.central_id().is_none() => person.name().cloned(),
            _ => None,
        });
    people.collect()
}

/// Adds rows to a list.
///
/// # Errors
/// When there are too many.
pub(super) fn join(
    workshop: &str,
    known: &[ParticipantRow],
    coming: Vec<Coming>,
    accounts: &Accounts,
) -> Result<Joined, ParticipantsError> {
    let mut roster = Roster::default();
    let mended: Vec<&str> = coming
        .iter()
        .filter_map(|coming| coming.id.as_deref())
        .collect();
    let standing: Vec<(&ParticipantRow, Participant)> = known
        .iter()
        .filter(|row| !mended.contains(&row.id.as_str()))
        .filter_map(|row| Some((row, person(row)?)))
        .collect();
    for (row, person) in &standing {
        roster.push(place(row), Outcome::Award(person.clone()))?;
    }
    let mut pending = Vec::with_capacity(coming.len());
    for Coming { id, row, reading } in coming {
        let was_repeated = matches!(row.outcome, Outcome::Skipped(Skip::Duplicate { .. }));
        let (said, outcome, account) = match row.outcome {
            Outcome::Award(person) => {
                let (outcome, account) = accounts.resolve(person.clone());
                (Said::Person(person), outcome, account)
            }
            other => {
                let cells = row.cells;
                (Said::Cells(Source { cells, reading }), other, Account::None)
            }
        };
        pending.push((id, row.place, said, account, was_repeated));
        roster.push(row.place, outcome)?;
    }
    let mut rows = roster.into_rows().into_iter().map(|row| row.outcome);
    let mut joined = Joined::default();
    for ((before, was), outcome) in standing.iter().zip(&mut rows) {
        if let Outcome::Award(now) = &outcome
            && now != was
        {
            let mut after = (*before).clone();
            fill(&mut after, &outcome);
            if now.central_id().is_some() {
                after.account = Account::Found.as_str().to_owned();
            }
            joined.update.push(after);
        }
    }
    for ((id, place, said, account, was_repeated), outcome) in pending.into_iter().zip(rows) {
        let is_known = matches!(outcome, Outcome::Skipped(Skip::Duplicate { .. })) && !was_repeated;
        match (is_known, id) {
            (true, Some(id)) => {
                joined.known += 1;
                joined.delete.push(id);
            }
            (true, None) => joined.known += 1,
            (false, id) => {
                let mut row = blank(workshop, place);
                row.account = account.as_str().to_owned();
                fill(&mut row, &outcome);
                if let Outcome::Problem(problem) = &outcome {
                    let source = said.source();
                    if !source.cells.is_empty() {
                        about(&mut row, problem, &source);
                        row.source = json(&source);
                    }
                }
                match id {
                    Some(id) => joined.update.push(ParticipantRow { id, ..row }),
                    // The same list once more.
                    None if known
                        .iter()
                        .any(|known| row.outcome != "award" && is_same(known, &row)) => {}
                    None => joined.insert.push(row),
                }
            }
        }
    }
    Ok(joined)
}

/// Who is to be awarded, unless the row says that nobody is.
pub(super) fn person(row: &ParticipantRow) -> Option<Participant> {
    if row.outcome != "award" {
        return None;
    }
    let central_id = row
        .central_id
        .and_then(|id| u64::try_from(id).ok())
        .map(RecipientKey::CentralId);
    let name = row
        .user_name
        .as_deref()
        .and_then(|name| UserName::parse(name).ok())
        .map(RecipientKey::Name);
    let id = row.other_id.clone().map(RecipientKey::Id);
    let email = row.email.clone().map(RecipientKey::Email);
    let person = Participant::new([central_id, name, id, email].into_iter().flatten())?;
    Some(person.with(row.display_name.clone(), row.evidence.clone()))
}

/// Where the row stood in what was imported.
pub(super) fn place(row: &ParticipantRow) -> Place {
    serde_json::from_str(&row.place).unwrap_or(Place::Line(0))
}

/// Why the row gives no badge.
pub(super) fn why(row: &ParticipantRow) -> Option<Why> {
    serde_json::from_str(row.reason.as_deref()?).ok()
}

/// The cells of a row with a problem.
pub(super) fn source(row: &ParticipantRow) -> Option<Source> {
    serde_json::from_str(row.source.as_deref()?).ok()
}

/// What a row looks like before anything is known of it.
fn blank(workshop: &str, place: Place) -> ParticipantRow {
    ParticipantRow {
        id: random_id(),
        workshop: workshop.to_owned(),
        position: 0,
        place: json(&place).unwrap_or_default(),
        outcome: String::new(),
        reason: None,
        source: None,
        recipient_key: None,
        central_id: None,
        user_name: None,
        account: Account::None.as_str().to_owned(),
        other_id: None,
        email: None,
        display_name: None,
        evidence: None,
    }
}

/// Writes an outcome into a row.
fn fill(row: &mut ParticipantRow, outcome: &Outcome) {
    match outcome {
        Outcome::Award(person) => {
            row.outcome = "award".to_owned();
            row.recipient_key = Some(person.key().to_string());
            row.central_id = person.central_id().and_then(|id| i64::try_from(id).ok());
            row.user_name = person.name().map(ToString::to_string);
            row.other_id = person.id().map(str::to_owned);
            row.email = person.email().map(str::to_owned);
            row.display_name = person.display_name().map(str::to_owned);
            row.evidence = person.evidence().map(str::to_owned);
        }
        Outcome::Skipped(skip) => {
            row.outcome = "skipped".to_owned();
            row.reason = json(skip);
        }
        Outcome::Problem(problem) => {
            row.outcome = "problem".to_owned();
            row.reason = json(problem);
            if let Problem::TwoAccounts { name, .. } = problem {
                row.user_name = Some(name.clone());
            }
        }
    }
}

/// Says of a row with a problem whom it is about, as far as the rest of the row tells: for people who
/// look for the row, and so that it is found when somebody is to be forgotten.
fn about(row: &mut ParticipantRow, problem: &Problem, source: &Source) {
    let column = Reason::of_problem(Lang::ENGLISH, problem).column;
    let rest: Vec<_> = source
        .cells
        .iter()
        .filter(|(name, _)| Some(name) != column.as_ref())
        .cloned()
        .collect();
    let options = Options {
        rule: None,
        ..source.reading.options()
    };
    if let Ok(Outcome::Award(person)) = reread(&rest, &options) {
        row.central_id = person.central_id().and_then(|id| i64::try_from(id).ok());
        row.user_name = person.name().map(ToString::to_string);
        row.other_id = person.id().map(str::to_owned);
        row.email = person.email().map(str::to_owned);
        row.display_name = person.display_name().map(str::to_owned);
    }
}

/// Whether two rows that give no badge are the same.
fn is_same(known: &ParticipantRow, row: &ParticipantRow) -> bool {
    (&known.place, &known.outcome, &known.reason, &known.source)
        == (&row.place, &row.outcome, &row.reason, &row.source)
}

fn json(value: &impl Serialize) -> Option<String> {
    serde_json::to_string(value).ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
mod tests {
    use badges_core::participants::parse;

    use super::*;

    fn coming(list: &str, reading: &Reading) -> Vec<Coming> {
        let rows = parse(list.as_bytes(), &reading.options()).unwrap().rows;
        rows.into_iter()
            .map(|row| Coming {
                id: None,
                row,
                reading: reading.clone(),
            })
            .collect()
    }

    fn add(known: &[ParticipantRow], list: &str) -> Joined {
        join(
            "w",
            known,
            coming(list, &Reading::default()),
            &Accounts::default(),
        )
        .unwrap()
    }

    fn keys(rows: &[ParticipantRow]) -> Vec<&str> {
        rows.iter()
            .map(|row| row.recipient_key.as_deref().unwrap_or(&row.outcome))
            .collect()
    }

    #[test]
    fn a_second_list_adds_only_whom_the_first_does_not_have() {
        let first = add(&[], "Example\nexample\nFoo@bar\nمثال");
        assert_eq!(
            keys(&first.insert),
            ["name:Example", "skipped", "problem", "name:مثال"]
        );
        let again = add(&first.insert, "Example\nexample\nFoo@bar\nمثال\nOther");
        assert_eq!(keys(&again.insert), ["name:Other"]);
        assert_eq!((again.known, again.update.len()), (2, 0));
    }

    #[test]
    fn what_a_later_list_knows_of_a_person_is_added() {
        let first = add(&[], "Example");
        let more = add(
            &first.insert,
            "username,global_id,display name\nExample,7,Example Volunteer",
        );
        assert_eq!((more.insert.len(), more.known), (0, 1));
        let row = &more.update[0];
        assert_eq!(
            (row.id.as_str(), row.central_id, row.account.as_str()),
            (first.insert[0].id.as_str(), Some(7), "found")
        );
        assert_eq!(row.recipient_key.as_deref(), Some("central:7"));
        assert_eq!(row.display_name.as_deref(), Some("Example Volunteer"));
    }

    #[test]
    fn a_row_comes_back_from_the_database_as_it_went() {
        let reading = Reading {
            rule: Some("score > 1".to_owned()),
            ..Reading::default()
        };
        let list = "username,score,evidence\nExample,x,\nOther,1,\nThird,2,https://example.org/";
        let joined = join("w", &[], coming(list, &reading), &Accounts::default()).unwrap();
        let [problem, skipped, award] = &joined.insert[..] else {
            panic!()
        };
        assert!(matches!(
            why(problem),
            Some(Why::Problem(Problem::Number { .. }))
        ));
        assert_eq!(
            (problem.user_name.as_deref(), &problem.recipient_key),
            (Some("Example"), &None)
        );
        let source = source(problem).unwrap();
        assert_eq!(source.cells[1], ("score".to_owned(), "x".to_owned()));
        assert_eq!(source.reading, reading);
        assert_eq!(place(problem), Place::Line(2));
        assert!(matches!(
            why(skipped),
            Some(Why::Skip(Skip::RuleNotMet { .. }))
        ));
        assert_eq!(
            person(award).unwrap().evidence(),
            Some("https://example.org/")
        );
    }

    #[test]
    fn every_reason_comes_back() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/participants");
        let mut seen = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let Ok(list) = parse(
                &std::fs::read(entry.unwrap().path()).unwrap(),
                &Options::default(),
            ) else {
                continue;
            };
            for row in list.rows {
                let mut kept = blank("w", row.place);
                fill(&mut kept, &row.outcome);
                let same = match row.outcome {
                    Outcome::Award(award) => person(&kept) == Some(award),
                    Outcome::Skipped(skip) => why(&kept) == Some(Why::Skip(skip)),
                    Outcome::Problem(problem) => why(&kept) == Some(Why::Problem(problem)),
                };
                assert!(same, "{kept:?}");
                seen += 1;
            }
        }
        assert!(seen > 100, "{seen}");
    }
}
