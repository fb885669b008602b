//! Participants of an event, as MediaWiki's extension CampaignEvents lists them in pages of 20.

use serde_json::{Map, Value};

use super::{
    Format, Note, Options, Outcome, Participant, Participants, ParticipantsError, Place, Problem,
    RecipientKey, Skip, UserName, columns, json::cell, problem::excerpt, roster::Roster,
    rule::BoundRule,
};

/// How many participants a full page has.
const PAGE: usize = 20;

/// The members that a rule may speak of.
const COLUMNS: [&str; 4] = [
    "participant_id",
    "user_id",
    "user_name",
    "user_registered_at",
];

pub(super) fn parse(
    pages: &[Vec<Value>],
    options: &Options,
) -> Result<Participants, ParticipantsError> {
    let header = COLUMNS.map(str::to_owned);
    for column in options.chosen_columns() {
        columns::place_of(column, &header)?;
    }
    let rule = options.rule.as_ref();
    let rule = rule.map(|rule| rule.bind(&header)).transpose()?;

    let mut roster = Roster::default();
    for (item, entry) in (1..).zip(pages.iter().flatten()) {
        let place = match participant_id(entry) {
            Some(id) => Place::Participant(id),
            None => Place::Item(item),
        };
        roster.push(place, outcome(entry, rule.as_ref()))?;
    }
    Ok(Participants {
        format: Format::CampaignEvents,
        rows: roster.into_rows(),
        notes: more_pages(pages).into_iter().collect(),
    })
}

/// A last page that is full need not be the last. Pages joined to one array are full together.
fn more_pages(pages: &[Vec<Value>]) -> Option<Note> {
    let last = pages.last()?;
    let is_full = !last.is_empty() && last.len().is_multiple_of(PAGE);
    is_full.then(|| Note::MorePages {
        last_participant_id: last.last().and_then(participant_id),
    })
}

fn participant_id(entry: &Value) -> Option<u64> {
    entry.get("participant_id")?.as_u64()
}

/// Who is suppressed, gone or registered privately is passed over before anything is said of them.
fn outcome(entry: &Value, rule: Option<&BoundRule<'_>>) -> Outcome {
    let Value::Object(entry) = entry else {
        return Outcome::Problem(Problem::Entry);
    };
    let is = |flag: &str| entry.get(flag) == Some(&Value::Bool(true));
    if is("hidden") {
        return Outcome::Skipped(Skip::Hidden);
    }
    if is("not_found") {
        return Outcome::Skipped(Skip::NotFound);
    }
    if is("private") {
        return Outcome::Skipped(Skip::Private);
    }
    if let Some(rule) = rule {
        let cells = COLUMNS.map(|column| cell(entry, column));
        if let Err(outcome) = rule.check(|place| cells.get(place).map_or("", String::as_str)) {
            return outcome;
        }
    }
    match participant(entry) {
        Ok(participant) => Outcome::Award(participant),
        Err(problem) => Outcome::Problem(problem),
    }
}

/// A row without a name is of an account that is not to be named, whatever its id.
fn participant(entry: &Map<String, Value>) -> Result<Participant, Problem> {
    let text = cell(entry, "user_name");
    if text.is_empty() {
        return Err(Problem::NoRecipient {
            columns: vec!["user_name".to_owned()],
        });
    }
    let name = UserName::parse(&text).map_err(|fault| Problem::Name {
        column: Some("user_name".to_owned()),
        value: excerpt(&text),
        fault,
    })?;
    let mut participant = Participant::from(RecipientKey::Name(name));
    if let Some(id) = central_id(entry)? {
        participant.join(Participant::from(RecipientKey::CentralId(id)));
    }
    Ok(participant)
}

fn central_id(entry: &Map<String, Value>) -> Result<Option<u64>, Problem> {
    let text = cell(entry, "user_id");
    if text.is_empty() {
        return Ok(None);
    }
    let id = text.parse::<u64>().map_err(|_| Problem::CentralId {
        column: "user_id".to_owned(),
        value: excerpt(&text),
    })?;
    Ok((id > 0).then_some(id))
}
