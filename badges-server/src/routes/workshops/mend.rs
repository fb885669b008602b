//! Rows with a problem, mended where they stand.

use askama::filters::Safe;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use badges_core::participants::{Format, Options, Outcome, Problem, Row, UserName, parse, reread};

use super::AtWorkshop;
use super::accounts::Accounts;
use super::import::write;
use super::roster::{Coming, Joined, Reading, Source, Why, join, open_names, place, source, why};
use crate::App;
use crate::db::{ParticipantRow, Role};
use crate::error::Error;
use crate::form::{Fields, Form};
use crate::i18n::Lang;
use crate::page::{Ctx, redirect_with};
use crate::words::Reason;

/// What is to be typed anew of a row.
pub(super) enum Mistake {
    /// The cell of a column.
    Cell {
        at: usize,
        column: String,
        value: String,
    },
    /// The whole row, as a line of CSV, because nobody can tell which cell is of which column.
    Cells { columns: Vec<String>, line: String },
    /// The name, where there are no columns.
    Name(String),
}

impl Mistake {
    pub(super) fn of(problem: &Problem, source: Option<&Source>) -> Self {
        let cells = source.map_or(&[][..], |source| &source.cells);
        let column = match problem {
            Problem::CellCount { expected, .. } if !cells.is_empty() => {
                let columns = cells.iter().take(*expected);
                return Self::Cells {
                    columns: columns.map(|(column, _)| column.clone()).collect(),
                    line: line(cells),
                };
            }
            Problem::NoRecipient { columns } => columns.first().cloned(),
            Problem::TwoAccounts { name, .. } => {
                let is_it =
                    |value: &str| UserName::parse(value).is_ok_and(|it| it.as_str() == name);
                let cell = cells.iter().find(|(_, value)| is_it(value));
                cell.map(|(column, _)| column.clone())
            }
            _ => Reason::of_problem(Lang::ENGLISH, problem).column,
        };
        let at = cells
            .iter()
            .position(|(name, _)| Some(name) == column.as_ref());
        match (at, problem) {
            (Some(at), _) => {
                let (column, value) = cells[at].clone();
                Self::Cell { at, column, value }
            }
            (None, Problem::Name { value: name, .. } | Problem::TwoAccounts { name, .. }) => {
                Self::Name(name.clone())
            }
            (None, _) => Self::Name(String::new()),
        }
    }

    /// What stands there now.
    pub(super) fn value(&self) -> &str {
        match self {
            Self::Cell { value, .. } => value,
            Self::Cells { line, .. } => line,
            Self::Name(name) => name,
        }
    }

    /// What a field for it is called.
    pub(super) fn label(&self, ctx: &Ctx) -> Safe<String> {
        match self {
            Self::Cell { column, .. } => ctx.rich1("badges-preview-mend-column", column),
            Self::Cells { columns, .. } => {
                ctx.rich1("badges-preview-mend-cells", &columns.join(", "))
            }
            Self::Name(_) => ctx.rich1("badges-preview-mend-name", ""),
        }
    }
}

/// Cells as a line of CSV.
fn line(cells: &[(String, String)]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let done = writer.write_record(cells.iter().map(|(_, value)| value));
    let bytes = done.ok().and_then(|()| writer.into_inner().ok());
    let text = String::from_utf8(bytes.unwrap_or_default()).unwrap_or_default();
    text.trim_end_matches(['\r', '\n']).to_owned()
}

/// The cells of a line of CSV.
fn split(line: &str) -> Option<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(line.as_bytes());
    let record = reader.records().next()?.ok()?;
    Some(record.iter().map(str::to_owned).collect())
}

/// Mends rows, removes rows, adds people: whatever the form says.
pub(super) async fn mend(
    State(app): State<App>,
    at: AtWorkshop,
    Form(fields): Form<Fields>,
) -> Result<Response, Error> {
    at.desk.needs(Role::Trainer)?;
    let known = app.db.participants(&at.workshop.id).await?;
    let removed: Vec<String> = fields.all("remove").map(str::to_owned).collect();
    let mut coming = Vec::new();
    for row in known
        .iter()
        .filter(|row| row.outcome == "problem" && !removed.contains(&row.id))
    {
        let text = fields.text(&format!("row.{}", row.id));
        if let Some(mended) = (!text.is_empty()).then(|| mended(row, text)).flatten() {
            coming.push(mended);
        }
    }
    let names = fields.text("add");
    if !names.is_empty()
        && let Ok(list) = parse(
            names.as_bytes(),
            &Options {
                format: Some(Format::Names),
                ..Options::default()
            },
        )
    {
        coming.extend(list.rows.into_iter().map(|row| Coming {
            id: None,
            row,
            reading: Reading::default(),
        }));
    }
    let joined = mended_list(&app, &at, known, coming, removed).await?;
    let back = match fields.text("back") {
        query if query.starts_with('?') => at.path(&format!("/participants{query}")),
        _ => at.path("/participants"),
    };
    if joined.insert.is_empty() && joined.update.is_empty() && joined.delete.is_empty() {
        return Ok(Redirect::to(&back).into_response());
    }
    let left = app.db.list_counts(&at.workshop.id).await?.problems;
    let (tone, told) = if left > 0 {
        ("caution", "badges-notice-preview-left")
    } else {
        ("good", "badges-notice-preview-mended")
    };
    Ok(redirect_with(tone, told, &back))
}

/// Mends a list, and keeps it if anything was changed: rows that come in place of others or are added,
/// and those that go.
pub(super) async fn mended_list(
    app: &App,
    at: &AtWorkshop,
    known: Vec<ParticipantRow>,
    coming: Vec<Coming>,
    removed: Vec<String>,
) -> Result<Joined, Error> {
    let accounts = Accounts::of(app, &open_names(&coming)).await;
    let known: Vec<ParticipantRow> = known
        .into_iter()
        .filter(|row| !removed.contains(&row.id))
        .collect();
    let mut joined = join(&at.workshop.id, &known, coming, &accounts)
        .map_err(|error| Error::refused("add", "badges-import-too-many", &[&error.to_string()]))?;
    joined.delete.extend(removed);
    if !(joined.insert.is_empty() && joined.update.is_empty() && joined.delete.is_empty()) {
        write(app, at, false, &joined, "workshop.mend").await?;
    }
    Ok(joined)
}

/// A row with what was typed instead of what was wrong; `None` when nothing was changed.
pub(super) fn mended(row: &ParticipantRow, text: &str) -> Option<Coming> {
    let Some(Why::Problem(problem)) = why(row) else {
        return None;
    };
    let source = source(row);
    let mistake = Mistake::of(&problem, source.as_ref());
    if mistake.value() == text {
        return None;
    }
    let Source { mut cells, reading } = source.unwrap_or_default();
    let outcome = match mistake {
        Mistake::Cell { at, .. } => {
            text.clone_into(&mut cells[at].1);
            reread(&cells, &reading.options()).ok()?
        }
        Mistake::Cells { columns, .. } => {
            let typed = split(text)?;
            let (expected, found) = (columns.len(), typed.len());
            let names = columns.into_iter().chain(std::iter::repeat(String::new()));
            let values = typed.into_iter().chain(std::iter::repeat(String::new()));
            cells = names.zip(values).take(expected.max(found)).collect();
            if found > expected {
                Outcome::Problem(Problem::CellCount { expected, found })
            } else {
                reread(&cells, &reading.options()).ok()?
            }
        }
        Mistake::Name(_) => {
            let options = Options {
                format: Some(Format::Names),
                ..Options::default()
            };
            let list = parse(text.as_bytes(), &options).ok()?;
            list.rows.into_iter().next()?.outcome
        }
    };
    if !matches!(outcome, Outcome::Problem(_)) {
        cells.clear();
    }
    Some(Coming {
        id: Some(row.id.clone()),
        row: Row {
            place: place(row),
            outcome,
            cells,
        },
        reading,
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_the_cells_that_it_was_made_of() {
        let cells = ["Example, Jr.", "a \"b\"", "", "مثال"];
        let named: Vec<_> = cells
            .iter()
            .map(|cell| (String::new(), (*cell).to_owned()))
            .collect();
        let line = line(&named);
        assert_eq!(line, "\"Example, Jr.\",\"a \"\"b\"\"\",,مثال");
        assert_eq!(split(&line).unwrap(), cells);
        assert_eq!(split(""), None);
    }
}
