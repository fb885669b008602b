//! Who gets a badge: participants as trainers hold them, parsed and each person once.
//!
//! Read are lists of user names (one a line), CSV files of the Programs & Events Dashboard and of
//! WikiLearn, JSON of CampaignEvents (event registration) and of WikiLearn, and any other CSV file
//! with a column of user names, identifiers or e-mail addresses. Which one it is, the content
//! tells.
//!
//! Every row is accounted for: it gives an award, is passed over for a reason, or has a problem
//! that says how to mend it. Nothing here asks the wikis whether an account exists.

mod certificates;
mod columns;
mod error;
mod events;
mod format;
mod json;
mod list;
mod names;
mod namespaces;
mod participant;
mod problem;
mod roster;
mod rule;
mod sheet;
mod table;
mod text;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use error::ParticipantsError;
pub use format::{Format, UnknownFormat};
pub use names::{MAX_BYTES as MAX_NAME_BYTES, MAX_CHARACTERS as MAX_NAME_CHARACTERS};
pub use names::{NameFault, UserName};
pub use participant::{Participant, RecipientKey};
pub use problem::{Problem, Skip};
pub use roster::Roster;
pub use rule::{Rule, RuleError, TRAINING_COMPLETED};

/// The longest file that is read, in bytes.
pub const MAX_BYTES: usize = 32 * 1024 * 1024;
/// The most rows that are read.
pub const MAX_ROWS: usize = 200_000;

/// How to read a participants file. By default its content tells everything.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The format it must have. [`Format::Names`] reads any text as a list of names, and
    /// [`Format::Csv`] takes every table.
    pub format: Option<Format>,
    /// What a row must meet to give an award.
    pub rule: Option<Rule>,
    /// The column of user names.
    pub name_column: Option<String>,
    /// The column of ids in Wikimedia's central user table.
    pub central_id_column: Option<String>,
    /// The column of other identifiers.
    pub id_column: Option<String>,
    /// The column of e-mail addresses.
    pub email_column: Option<String>,
}

/// A participants file, read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Participants {
    /// The format that was found.
    pub format: Format,
    /// The rows in their order; at least one. Empty lines and comments are no rows.
    pub rows: Vec<Row>,
    /// What should be known about the file as a whole.
    pub notes: Vec<Note>,
}

/// A row and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Where it stands.
    pub place: Place,
    /// What becomes of it.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// Of a table's row that has a problem: its cells with the names of their columns, so that it
    /// can be mended and [`reread`].
    #[serde(skip)]
    pub cells: Vec<(String, String)>,
}

/// Where a row stands, so that a person can find it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// The line of the file on which it begins, from 1.
    Line(u64),
    /// The `participant_id` of an event's participant.
    Participant(u64),
    /// Its number in a JSON list, from 1.
    Item(u64),
}

/// What becomes of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    /// This person gets a badge.
    Award(Participant),
    /// Nobody gets a badge, rightly.
    Skipped(Skip),
    /// Nobody gets a badge until the row is mended.
    Problem(Problem),
}

/// Something to know about a file that could be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "id")]
#[non_exhaustive]
pub enum Note {
    /// The last page is full, so another may follow.
    #[error(
        "the last page is full, so more participants may follow{}", next_page(.last_participant_id)
    )]
    #[serde(rename = "note.more-pages")]
    MorePages {
        /// What to ask the next page with.
        last_participant_id: Option<u64>,
    },
    /// Names of people stand beside what identifies them, and are not taken for user names.
    #[error(
        "the names in column `{column}` are not taken for user names; name it as the column of user names if they are"
    )]
    #[serde(rename = "note.names-identify-nobody")]
    NamesIdentifyNobody {
        /// The column.
        column: String,
    },
    /// Lines that hold what may be several names, or a name and its number in a list. Each was taken
    /// for one name, because names may hold all of that.
    #[error(
        "`{name}` at {first} is taken for one user name{}; if it is none, write one name a line, without numbers", and_others(*.others)
    )]
    #[serde(rename = "note.doubtful-names")]
    DoubtfulNames {
        /// The first of them.
        name: String,
        /// Where it stands.
        first: Place,
        /// How many more there are.
        others: usize,
    },
}

/// Reads a participants file of any known format.
///
/// # Errors
/// [`ParticipantsError`], when the file as a whole cannot be used: it is no text, of no known
/// format, has no rows, or lacks a column that the options name. What is wrong with single rows
/// stands in their [`Outcome`].
pub fn parse(bytes: &[u8], options: &Options) -> Result<Participants, ParticipantsError> {
    let text = text::decode(bytes)?;
    let participants = if options.format == Some(Format::Names) {
        list::parse(text, options)?
    } else if is_json(text) {
        json::parse(text, options)?
    } else if let Some(participants) = table::parse(text, options)? {
        participants
    } else {
        list::parse(text, options)?
    };
    let found = participants.format;
    match options.format {
        Some(asked) if asked != found => Err(ParticipantsError::OtherFormat { asked, found }),
        _ if participants.rows.is_empty() => Err(ParticipantsError::NoRows { format: found }),
        _ => Ok(participants),
    }
}

/// Whether a text begins like JSON, and not like a wiki link or template: the pages of an event's
/// participants are lists in a list.
fn is_json(text: &str) -> bool {
    let text = text.trim_start();
    let is_link = |rest: &str| {
        let mut letters = rest.trim_start().chars();
        letters
            .next()
            .is_some_and(|first| !matches!(first, '[' | '{' | ']' | '"'))
    };
    text.starts_with(['[', '{'])
        && !text.starts_with("{{")
        && !text.strip_prefix("[[").is_some_and(is_link)
}

/// Reads one row of a table again, after its cells were mended. The options are those that the table
/// was read with.
///
/// # Errors
/// As [`parse`] of a table with this row alone.
pub fn reread(cells: &[(String, String)], options: &Options) -> Result<Outcome, ParticipantsError> {
    table::reread(cells, options)
}

impl Options {
    /// The columns that are named for one purpose or another.
    fn chosen_columns(&self) -> impl Iterator<Item = &str> {
        let chosen = [
            &self.name_column,
            &self.central_id_column,
            &self.id_column,
            &self.email_column,
        ];
        chosen.into_iter().filter_map(|column| column.as_deref())
    }
}

impl Participants {
    /// Those who get a badge, with their places.
    pub fn awards(&self) -> impl Iterator<Item = (Place, &Participant)> {
        self.rows.iter().filter_map(|row| match &row.outcome {
            Outcome::Award(participant) => Some((row.place, participant)),
            _ => None,
        })
    }
}

impl fmt::Display for Row {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: ", self.place)?;
        match &self.outcome {
            Outcome::Award(participant) => write!(out, "{}", participant.key()),
            Outcome::Skipped(skip) => write!(out, "{skip}"),
            Outcome::Problem(problem) => write!(out, "{problem}"),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => write!(out, "line {line}"),
            Self::Participant(id) => write!(out, "participant {id}"),
            Self::Item(item) => write!(out, "item {item}"),
        }
    }
}

impl Note {
    /// The stable id of the note, such as `note.more-pages`.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        match self {
            Self::MorePages { .. } => "note.more-pages",
            Self::NamesIdentifyNobody { .. } => "note.names-identify-nobody",
            Self::DoubtfulNames { .. } => "note.doubtful-names",
        }
    }
}

fn and_others(others: usize) -> String {
    match others {
        0 => String::new(),
        1 => ", and so is another line like it".to_owned(),
        others => format!(", and so are {others} more lines like it"),
    }
}

fn next_page(last_participant_id: &Option<u64>) -> String {
    last_participant_id.map_or_else(String::new, |id| {
        format!("; ask for the next page with `last_participant_id={id}`")
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::{
        fs,
        path::{Path, PathBuf},
    };

    use proptest::prelude::*;

    use super::*;

    /// Every file of the folder is a case, beside it `<name>.expected`: first the options as
    /// `# rule: ...`, then what came out as [`shown`] writes it.
    #[test]
    fn files_give_the_expected_rows() {
        let folder = Path::new(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../fixtures/participants"
        ));
        let paths = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let is_case = |path: &PathBuf| {
            let name = path.file_name().unwrap().to_str().unwrap();
            !name.ends_with(".expected") && ![".gitattributes", "README.md"].contains(&name)
        };
        let cases: Vec<_> = paths.filter(is_case).collect();
        assert!(cases.len() > 20, "no cases in {}", folder.display());

        let mut differing = Vec::new();
        for case in cases {
            let expected =
                fs::read_to_string(format!("{}.expected", case.display())).unwrap_or_default();
            let (options, rows): (Vec<_>, Vec<_>) =
                expected.lines().partition(|line| line.starts_with('#'));
            let found = shown(&parse(&fs::read(&case).unwrap(), &options_of(&options)));
            if found.lines().ne(rows) {
                differing.push(format!("{}\n{found}", case.display()));
            }
        }
        assert!(differing.is_empty(), "\n{}", differing.join("\n"));
    }

    fn options_of(lines: &[&str]) -> Options {
        let mut options = Options::default();
        for line in lines {
            let (key, value) = line.trim_start_matches("# ").split_once(": ").unwrap();
            let text = Some(value.to_owned());
            match key {
                "rule" => options.rule = Some(value.parse().unwrap()),
                "format" => options.format = Some(value.parse().unwrap()),
                "name column" => options.name_column = text,
                "id column" => options.id_column = text,
                _ => unreachable!("option `{key}`"),
            }
        }
        options
    }

    /// One line an error, the format, a row or a note, with the reasons in full.
    fn shown(result: &Result<Participants, ParticipantsError>) -> String {
        let participants = match result {
            Ok(participants) => participants,
            Err(error) => return format!("error | {}\n", reason(error, error.id())),
        };
        let mut lines = vec![format!("format | {}\n", participants.format)];
        for Row { place, outcome, .. } in &participants.rows {
            lines.push(match outcome {
                Outcome::Award(person) => format!(
                    "{place} | award | {} | {} | {}\n",
                    person.key(),
                    person.name().map_or("-", UserName::as_str),
                    person.evidence().unwrap_or("-"),
                ),
                Outcome::Skipped(skip) => format!("{place} | skip | {}\n", reason(skip, skip.id())),
                Outcome::Problem(problem) => {
                    format!("{place} | problem | {}\n", reason(problem, problem.id()))
                }
            });
        }
        let notes = participants.notes.iter();
        lines.extend(notes.map(|note| format!("note | {}\n", reason(note, note.id()))));
        lines.concat()
    }

    fn reason(reason: &(impl fmt::Display + Serialize), id: &str) -> String {
        assert_eq!(json(reason)["id"], id);
        format!("{id} | {reason}")
    }

    fn parsed(text: &str) -> Participants {
        parse(text.as_bytes(), &Options::default()).unwrap()
    }

    fn json(value: &impl Serialize) -> serde_json::Value {
        serde_json::to_value(value).unwrap()
    }

    #[test]
    fn rows_are_json_with_their_place_and_reason() {
        let participants = parsed("username,global_id\nExample,7\nFoo@bar,\nexample,\n");
        assert_eq!(
            json(&participants),
            serde_json::json!({
                "format": "dashboard",
                "rows": [
                    {"place": {"line": 2}, "outcome": "award", "key": "central:7", "central_id": 7, "name": "Example"},
                    {"place": {"line": 3}, "outcome": "problem", "id": "problem.name", "column": "username",
                     "value": "Foo@bar", "fault": "character", "character": "@"},
                    {"place": {"line": 4}, "outcome": "skipped", "id": "skip.duplicate", "first": {"line": 2}},
                ],
                "notes": [],
            })
        );
        let lines: Vec<_> = participants.rows.iter().map(Row::to_string).collect();
        assert_eq!(
            lines,
            [
                "line 2: central:7",
                "line 3: column `username`: `Foo@bar` is no user name: a user name cannot hold `@`; correct the name",
                "line 4: the same person as at line 2",
            ]
        );
    }

    #[test]
    fn lists_in_a_list_are_json() {
        for list in ["[[]]", "[ [ ] ]", "[[{}]]", "[[\n{}]]"] {
            let format = parse(list.as_bytes(), &Options::default()).map(|read| read.format);
            assert_ne!(format, Ok(Format::Names), "{list}");
        }
    }

    #[test]
    fn a_wiki_list_of_links_is_a_list_of_names() {
        for list in [
            "[[User:Qux|Qux]]\n[[Benutzerin:Foo_bar]]\n",
            "*[[User:Qux|Qux]]\n* Benutzerin:Foo_bar\n",
            "- Qux\n• foo bar # came late\n",
        ] {
            let people = parsed(list);
            let names: Vec<_> = people.awards().map(|(_, person)| person.name()).collect();
            let names: Vec<_> = names.into_iter().flatten().map(UserName::as_str).collect();
            assert_eq!(names, ["Qux", "Foo bar"], "{list}");
            assert_eq!(people.notes, []);
        }
    }

    #[test]
    fn lines_that_may_be_no_single_name_are_told() {
        let people =
            parsed("Example Volunteer\nAnna, Ben, Carl\nO'Neil, Jr.\n1. Dora\n2) Emil\nA; B\n");
        assert_eq!(people.awards().count(), 6);
        assert_eq!(
            json(&people.notes),
            serde_json::json!([{
                "id": "note.doubtful-names",
                "name": "Anna, Ben, Carl", "first": {"line": 2}, "others": 3,
            }])
        );
        for name in ["3. FC Example", "أحمد، سارة", "甲、乙", "Anna,"] {
            assert_eq!(parsed(name).notes.len(), 1, "{name}");
        }
        for name in ["100 users", "1.5", "Example-Name", "Example, Jr"] {
            assert_eq!(parsed(name).notes, [], "{name}");
        }
    }

    #[test]
    fn a_mended_row_is_read_as_the_table_was() {
        let options = Options {
            rule: Some("score >= 5".parse().unwrap()),
            ..Options::default()
        };
        let table = "username,score,evidence\nExample,many,https://example.org/\nOther,6,https://example.org/,7";
        let rows = parse(table.as_bytes(), &options).unwrap().rows;
        let mut mended = rows[0].cells.clone();
        assert_eq!(mended[1], ("score".to_owned(), "many".to_owned()));
        for (score, outcome) in [("6", "award"), ("4", "skipped"), ("six", "problem")] {
            mended[1].1 = score.to_owned();
            let again = json(&reread(&mended, &options).unwrap());
            assert_eq!(again["outcome"], outcome);
        }
        mended[1].1 = "6".to_owned();
        assert_eq!(
            json(&reread(&mended, &options).unwrap())["evidence"],
            "https://example.org/"
        );
        assert_eq!(rows[1].cells[3], (String::new(), "7".to_owned()));
        let table = "username,global_id,evidence\nExample,7\nExample,8\n,";
        let rows = parse(table.as_bytes(), &Options::default()).unwrap().rows;
        let cells = |row: &Row| {
            row.cells
                .iter()
                .map(|(_, value)| value.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(cells(&rows[0]), Vec::<String>::new());
        assert_eq!(json(&rows[1])["id"], "problem.two-accounts");
        assert_eq!(
            cells(&rows[1]),
            ["Example", "8", ""],
            "what it can be mended with"
        );
        let nobody = [("username".to_owned(), " ".to_owned())];
        assert_eq!(
            json(&reread(&nobody, &Options::default()).unwrap())["id"],
            "problem.no-recipient"
        );
    }

    #[test]
    fn as_many_rows_as_allowed_are_read_and_no_more() {
        let names: String = (0..MAX_ROWS)
            .map(|number| format!("Example {number}\n"))
            .collect();
        assert_eq!(parsed(&names).awards().count(), MAX_ROWS);
        let one_more = parse((names + "One more\n").as_bytes(), &Options::default());
        assert_eq!(
            shown(&one_more),
            "error | participants.too-many-rows | the file has more than 200000 rows; split it\n"
        );
        let wide = parse(",".repeat(20_000).as_bytes(), &Options::default());
        assert!(shown(&wide).starts_with("error | participants.too-wide | line 1 has more than"));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&bytes, &Options::default());
        }

        #[test]
        fn no_text_panics(
            start in "(username|id;email|name\tglobal_id|sep=;|\\[\\{\"user_name\":|)",
            text in "[,;\t\n\r\"#a1é\u{200E}%:{}\\[\\]]{0,60}",
        ) {
            let options = Options {
                rule: Some("username == 'a' || id > 1".parse().unwrap()),
                ..Options::default()
            };
            let text = start + &text;
            let _ = parse(text.as_bytes(), &options);
            let _ = parse(text.as_bytes(), &Options::default());
        }
    }
}
