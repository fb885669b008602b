//! Tables: one header, then a person a row. What a column means is decided by its name.

use csv::StringRecord;

use super::{
    Format, Note, Options, Outcome, Participant, Participants, ParticipantsError, Place, Problem,
    RecipientKey, Row, UserName,
    columns::{Columns, fold, named},
    problem::excerpt,
    roster::Roster,
    rule::BoundRule,
    sheet::{Sheet, columns_of_unknown_table, refuse_too_wide},
};

/// A header, understood: turns rows into outcomes.
pub(super) struct Table<'a> {
    header: Vec<String>,
    columns: Columns,
    rule: Option<BoundRule<'a>>,
}

/// Parses CSV with a header that says who the rows are about; `None` when the text is no such
/// table and may be a list of names.
pub(super) fn parse(
    text: &str,
    options: &Options,
) -> Result<Option<Participants>, ParticipantsError> {
    refuse_too_wide(text)?;
    let Some(sheet) = Sheet::detect(text, options) else {
        return match columns_of_unknown_table(text) {
            Some(columns) => Err(ParticipantsError::UnknownTable { columns }),
            None => Ok(None),
        };
    };
    let table = Table::new(sheet.header().to_vec(), options)?;
    let is_any_table = options.format == Some(Format::Csv);
    let mut roster = Roster::default();
    sheet.each_row(|line, record| match table.outcome(record) {
        Some(outcome) => roster.push_row(table.row(Place::Line(line), outcome, record)),
        None => Ok(()),
    })?;
    Ok(Some(Participants {
        format: if is_any_table {
            Format::Csv
        } else {
            table.format()
        },
        rows: roster.into_rows(),
        notes: table.notes(),
    }))
}

/// Reads one row again; the names of its columns stand beside its cells.
pub(super) fn reread(
    cells: &[(String, String)],
    options: &Options,
) -> Result<Outcome, ParticipantsError> {
    let (header, record): (Vec<_>, Vec<_>) = cells.iter().cloned().unzip();
    let table = Table::new(header, options)?;
    let outcome = table.outcome(&StringRecord::from(record));
    Ok(outcome.unwrap_or_else(|| {
        Outcome::Problem(Problem::NoRecipient {
            columns: table.identifying(),
        })
    }))
}

impl<'a> Table<'a> {
    pub(super) fn new(
        header: Vec<String>,
        options: &'a Options,
    ) -> Result<Self, ParticipantsError> {
        let columns = Columns::find(&header, options)?;
        if columns.identifying().next().is_none() {
            return Err(ParticipantsError::UnknownTable {
                columns: named(&header),
            });
        }
        let rule = options.rule.as_ref();
        let rule = rule.map(|rule| rule.bind(&header)).transpose()?;
        Ok(Self {
            header,
            columns,
            rule,
        })
    }

    /// What becomes of a row; `None` for one of empty cells. The rule comes before the person:
    /// who gets no badge needs no correct name.
    pub(super) fn outcome(&self, record: &StringRecord) -> Option<Outcome> {
        let filled = (1..)
            .zip(record)
            .filter(|(_, cell)| !cell.trim().is_empty());
        let (found, _) = filled.last()?;
        if found > self.header.len() {
            return Some(Outcome::Problem(Problem::CellCount {
                expected: self.header.len(),
                found,
            }));
        }
        if let Some(rule) = &self.rule
            && let Err(outcome) = rule.check(|place| record.get(place).unwrap_or_default())
        {
            return Some(outcome);
        }
        Some(match self.participant(record) {
            Ok(participant) => Outcome::Award(participant),
            Err(problem) => Outcome::Problem(problem),
        })
    }

    /// The row with its cells, of which the roster keeps those where there is something to mend.
    pub(super) fn row(&self, place: Place, outcome: Outcome, record: &StringRecord) -> Row {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let name = |at: usize| text(self.header.get(at).map(String::as_str));
        let cells = match outcome {
            Outcome::Skipped(_) => Vec::new(),
            _ => (0..self.header.len().max(record.len()))
                .map(|at| (name(at), text(record.get(at))))
                .collect(),
        };
        Row {
            place,
            outcome,
            cells,
        }
    }

    fn participant(&self, record: &StringRecord) -> Result<Participant, Problem> {
        let columns = &self.columns;
        let cells = |place| self.cell(record, place);
        let central_id = cells(columns.central_id)
            .map(Cell::central_id)
            .transpose()?;
        let name = cells(columns.name).map(Cell::user_name).transpose()?;
        let id = cells(columns.id).map(Cell::recipient_id).transpose()?;
        let email = cells(columns.email).map(Cell::email).transpose()?;
        let evidence = cells(columns.evidence).map(Cell::evidence).transpose()?;
        let display_name = cells(columns.display_name).and_then(Cell::display_name);

        let keys = [central_id.flatten(), name, id, email];
        Participant::new(keys.into_iter().flatten())
            .map(|participant| participant.with(display_name, evidence))
            .ok_or_else(|| Problem::NoRecipient {
                columns: self.identifying(),
            })
    }

    /// A cell that is not empty.
    fn cell<'r>(&'r self, record: &'r StringRecord, place: Option<usize>) -> Option<Cell<'r>> {
        let place = place?;
        let value = record.get(place)?.trim();
        let column = self.header.get(place)?;
        (!value.is_empty()).then_some(Cell { column, value })
    }

    /// The names of the columns that say who a row is about.
    fn identifying(&self) -> Vec<String> {
        let places = self.columns.identifying();
        let names = places.filter_map(|place| self.header.get(place));
        names.map(|name| excerpt(name)).collect()
    }

    fn format(&self) -> Format {
        let folded: Vec<_> = self.header.iter().map(|name| fold(name)).collect();
        let has = |name: &str| folded.iter().any(|column| column == name);
        let is_campaign_list =
            folded == ["username"] || folded == ["username", "course", "registeredat"];
        if has("username") && has("certificatelink") {
            Format::WikiLearn
        } else if has("username") && (has("globalid") || has("enrollmenttimestamp"))
            || is_campaign_list
        {
            Format::Dashboard
        } else {
            Format::Csv
        }
    }

    fn notes(&self) -> Vec<Note> {
        let place = match self.columns.name {
            Some(_) => None,
            None => self.columns.display_name,
        };
        let column = place.and_then(|place| self.header.get(place));
        let note = column.map(|column| Note::NamesIdentifyNobody {
            column: excerpt(column),
        });
        note.into_iter().collect()
    }
}

/// A cell that is not empty, and the name of its column.
struct Cell<'r> {
    column: &'r str,
    value: &'r str,
}

impl Cell<'_> {
    /// The account's number; 0 stands for an account that has none.
    fn central_id(self) -> Result<Option<RecipientKey>, Problem> {
        let cell = self.undamaged()?;
        match cell.value.parse::<u64>() {
            Ok(0) => Ok(None),
            Ok(id) => Ok(Some(RecipientKey::CentralId(id))),
            Err(_) => Err(Problem::CentralId {
                column: excerpt(cell.column),
                value: excerpt(cell.value),
            }),
        }
    }

    fn user_name(self) -> Result<RecipientKey, Problem> {
        let cell = self.undamaged()?;
        match UserName::parse(cell.value) {
            Ok(name) => Ok(RecipientKey::Name(name)),
            Err(fault) => Err(Problem::Name {
                column: Some(excerpt(cell.column)),
                value: excerpt(cell.value),
                fault,
            }),
        }
    }

    fn recipient_id(self) -> Result<RecipientKey, Problem> {
        const LONGEST: usize = 2_000;
        let cell = self.undamaged()?;
        if cell.value.len() <= LONGEST && !cell.value.contains(char::is_control) {
            Ok(RecipientKey::Id(cell.value.to_owned()))
        } else {
            Err(Problem::RecipientId {
                column: excerpt(cell.column),
                value: excerpt(cell.value),
            })
        }
    }

    fn email(self) -> Result<RecipientKey, Problem> {
        let cell = self.undamaged()?;
        if is_email(cell.value) {
            Ok(RecipientKey::Email(cell.value.to_lowercase()))
        } else {
            Err(Problem::Email {
                column: excerpt(cell.column),
                value: excerpt(cell.value),
            })
        }
    }

    fn evidence(self) -> Result<String, Problem> {
        if is_web_address(self.value) {
            Ok(self.value.to_owned())
        } else {
            Err(Problem::Evidence {
                column: excerpt(self.column),
                value: excerpt(self.value),
            })
        }
    }

    /// Identifies nobody, so what is too long or no single line is left out.
    fn display_name(self) -> Option<String> {
        const LONGEST: usize = 500;
        let is_usable = self.value.len() <= LONGEST && !self.value.contains(char::is_control);
        is_usable.then(|| self.value.to_owned())
    }

    fn undamaged(self) -> Result<Self, Problem> {
        if is_spreadsheet_error(self.value) || is_scientific(self.value) {
            Err(Problem::Spreadsheet {
                column: excerpt(self.column),
                value: excerpt(self.value),
            })
        } else {
            Ok(self)
        }
    }
}

/// `#NAME?`, `#N/A`, `########` and the like, in any language of the spreadsheet.
fn is_spreadsheet_error(value: &str) -> bool {
    let is_part = |c: char| c.is_uppercase() || "#/?!¿¡0".contains(c);
    value.starts_with('#') && value.chars().count() > 2 && value.chars().all(is_part)
}

/// A long number as spreadsheets show it: `1.23E+08`, `1,23E+08`.
fn is_scientific(value: &str) -> bool {
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts = value.split_once("E+").or_else(|| value.split_once("e+"));
    parts.is_some_and(|(mantissa, exponent)| {
        let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
        is_digits(whole) && is_digits(fraction) && is_digits(exponent)
    })
}

/// One address and nothing else; whether it exists only sending a message would tell.
fn is_email(value: &str) -> bool {
    const LONGEST: usize = 254;
    let is_plain = |c: char| !c.is_control() && !c.is_whitespace() && !"<>,;\"()".contains(c);
    let parts = value.split_once('@');
    let has_parts = parts.is_some_and(|(local, domain)| {
        !local.is_empty() && !domain.is_empty() && !domain.contains('@')
    });
    has_parts && value.len() <= LONGEST && value.chars().all(is_plain)
}

fn is_web_address(value: &str) -> bool {
    const LONGEST: usize = 2_000;
    let is_plain = |c: char| !c.is_control() && !c.is_whitespace() && !"<>\"".contains(c);
    let rest = value
        .strip_prefix("https://")
        .or_else(|| value.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty())
        && value.len() <= LONGEST
        && value.chars().all(is_plain)
}
