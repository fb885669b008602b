//! Certificates as WikiLearn's instructor dashboard returns them in JSON: the CSV file's columns
//! under other names.

use csv::StringRecord;
use serde_json::{Map, Value};

use super::{
    Format, Options, Outcome, Participants, ParticipantsError, Place, Problem, json::cell,
    roster::Roster, table::Table,
};

const COLUMNS: [&str; 5] = ["user", "grade", "mode", "created_date", "verify_uuid"];
/// The column of the CSV file that JSON does without.
const LINK: &str = "Certificate link";
const LINK_START: &str = "https://learn.wiki/certificates/";

pub(super) fn parse(
    certificates: &[Value],
    options: &Options,
) -> Result<Participants, ParticipantsError> {
    let header = COLUMNS.into_iter().chain([LINK]).map(str::to_owned);
    let table = Table::new(header.collect(), options)?;
    let mut roster = Roster::default();
    for (item, certificate) in (1..).zip(certificates) {
        let record = match certificate {
            Value::Object(members) => record(members),
            _ => StringRecord::new(),
        };
        let outcome = table.outcome(&record);
        let outcome = outcome.unwrap_or(Outcome::Problem(Problem::Entry));
        roster.push_row(table.row(Place::Item(item), outcome, &record))?;
    }
    Ok(Participants {
        format: Format::WikiLearn,
        rows: roster.into_rows(),
        notes: Vec::new(),
    })
}

fn record(members: &Map<String, Value>) -> StringRecord {
    let cells = COLUMNS.map(|column| cell(members, column));
    let link = match cell(members, "verify_uuid") {
        uuid if uuid.is_empty() => uuid,
        uuid => format!("{LINK_START}{uuid}"),
    };
    cells.into_iter().chain([link]).collect()
}
