//! Step 1: a list comes in, pasted, as a file, or from an event's registration on the wiki.

use std::collections::HashSet;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use badges_core::participants::{
    Note, Outcome, Participants, ParticipantsError, Skip, TRAINING_COMPLETED, parse,
};
use serde_json::json;

use super::AtWorkshop;
use super::accounts::Accounts;
use super::form::event_number;
use super::roster::{Coming, Joined, Reading, join, open_names};
use crate::App;
use crate::db::{Action, ListChange, ListCounts, Role};
use crate::error::Error;
use crate::form::{Problems, Upload};
use crate::page::{Ctx, page, redirect_with};
use crate::wikimedia::WikimediaError;
use crate::words::Reason;

/// The longest text that is put back into the form, in bytes.
const LONGEST_SHOWN: usize = 4 << 20;

/// What stands in the form.
#[derive(Clone, Debug, Default)]
struct Typed {
    list: String,
    event: String,
    /// Who gets a badge: `everyone`, or `training` for those who completed it; empty when nobody has
    /// been asked.
    who: String,
    /// The column that tells people apart; empty for whatever its name says.
    column: String,
    /// What stands in it: `names`, `ids` or `emails`.
    holds: String,
    anew: bool,
}

/// Something to decide before a list can be added.
#[derive(Clone, Debug)]
struct Question {
    /// How many people completed the training, and how many there are.
    training: Option<(usize, usize)>,
    /// A column of names that were not taken for user names.
    names: Option<String>,
}

#[derive(Template)]
#[template(path = "workshop_list.html")]
struct ListPage {
    ctx: Ctx,
    at: AtWorkshop,
    counts: ListCounts,
    typed: Typed,
    question: Option<Question>,
    /// The columns to choose from, where the list has some and none says who it is about.
    columns: Vec<String>,
    /// Whether events can be asked for.
    events: bool,
    problems: Problems,
}

impl ListPage {
    async fn of(ctx: Ctx, at: AtWorkshop, typed: Typed) -> Result<Self, Error> {
        Ok(Self {
            counts: ctx.app.db.list_counts(&at.workshop.id).await?,
            events: !ctx.app.settings.wikimedia.offline,
            question: None,
            columns: Vec::new(),
            problems: Problems::default(),
            ctx,
            at,
            typed,
        })
    }

    fn refused(self) -> Result<Response, Error> {
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&self)?).into_response())
    }

    /// Why a list cannot be used, with what may be chosen to make it usable.
    fn unusable(&mut self, field: &str, error: &ParticipantsError) {
        self.problems.add(field, unusable(&self.ctx, error));
        if let ParticipantsError::UnknownTable { columns }
        | ParticipantsError::UnknownColumn { columns, .. } = error
        {
            self.columns.clone_from(columns);
        }
    }
}

/// The first step, when nobody is on the list yet or more are to be added.
pub(super) async fn add(ctx: Ctx, at: AtWorkshop) -> Result<Response, Error> {
    at.desk.needs(Role::Trainer)?;
    let event = at
        .workshop
        .event_id
        .map(|id| id.to_string())
        .unwrap_or_default();
    page(
        &ListPage::of(
            ctx,
            at,
            Typed {
                event,
                ..Typed::default()
            },
        )
        .await?,
    )
}

/// Reads the list that came and adds it, all or nothing.
pub(super) async fn import(
    State(app): State<App>,
    ctx: Ctx,
    at: AtWorkshop,
    upload: Upload,
) -> Result<Response, Error> {
    at.desk.needs(Role::Trainer)?;
    let mut form = ListPage::of(ctx, at, Typed::read(&upload)).await?;
    let list = form.list(&app, &upload).await;
    if list.is_none() && form.problems.is_empty() {
        form.problems
            .add("list", form.ctx.t("badges-import-nothing"));
    }
    let Some(list) = list.filter(|_| form.problems.is_empty()) else {
        return form.refused();
    };
    form.question = form.typed.question(&list);
    if form.question.is_some() {
        return page(&form);
    }
    let mut notes = list.found.notes.iter();
    let more_pages = notes.any(|note| matches!(note, Note::MorePages { .. }));
    let coming: Vec<Coming> = list.coming().collect();
    let joined = match take(&app, &form.at, coming, form.typed.anew).await? {
        Ok(joined) => joined,
        Err(error) => {
            form.unusable("list", &error);
            return form.refused();
        }
    };
    let (tone, told) = match (
        joined.insert.is_empty() && joined.update.is_empty(),
        more_pages,
    ) {
        (_, true) => ("caution", "badges-notice-import-more-pages"),
        (true, false) => ("info", "badges-notice-import-nobody-new"),
        (false, false) => ("good", "badges-notice-import-done"),
    };
    Ok(redirect_with(tone, told, &form.at.path("/participants")))
}

/// Adds rows to the list, all or nothing.
pub(super) async fn take(
    app: &App,
    at: &AtWorkshop,
    coming: Vec<Coming>,
    anew: bool,
) -> Result<Result<Joined, ParticipantsError>, Error> {
    let accounts = Accounts::of(app, &open_names(&coming)).await;
    let workshop = &at.workshop.id;
    let mut known = app.db.participants(workshop).await?;
    if anew {
        // What was offered to people cannot be taken off the list.
        let offered: HashSet<String> = app
            .db
            .offered_participants(workshop)
            .await?
            .into_iter()
            .collect();
        known.retain(|row| offered.contains(&row.id));
    }
    let joined = match join(workshop, &known, coming, &accounts) {
        Ok(joined) => joined,
        Err(error) => return Ok(Err(error)),
    };
    write(app, at, anew, &joined, "workshop.import").await?;
    Ok(Ok(joined))
}

/// Keeps what adding or mending came to.
pub(super) async fn write(
    app: &App,
    at: &AtWorkshop,
    anew: bool,
    joined: &Joined,
    action: &str,
) -> Result<(), Error> {
    let change = ListChange {
        anew,
        insert: &joined.insert,
        update: &joined.update,
        delete: &joined.delete,
    };
    let action = Action {
        at: app.seconds(),
        issuer: Some(&at.desk.issuer.id),
        person: Some(&at.desk.person.id),
        action,
        noun: "workshop",
        object: &at.workshop.id,
        detail: Some(
            json!({
                "added": joined.insert.len(),
                "changed": joined.update.len(),
                "removed": joined.delete.len(),
                "anew": anew,
            })
            .to_string(),
        ),
    };
    Ok(app
        .db
        .change_list(&at.workshop.id, &change, &action)
        .await?)
}

/// A list that could be read.
pub(super) struct List {
    /// What the library reads; kept until it is known whether something is to be asked.
    bytes: Vec<u8>,
    pub(super) found: Participants,
    reading: Reading,
}

impl List {
    pub(super) fn coming(self) -> impl Iterator<Item = Coming> {
        let reading = self.reading;
        self.found.rows.into_iter().map(move |row| Coming {
            id: None,
            row,
            reading: reading.clone(),
        })
    }
}

impl ListPage {
    /// The list that came, if it can be used; why not stands in the problems. A file comes back as
    /// text, so that it need not be chosen again.
    async fn list(&mut self, app: &App, upload: &Upload) -> Option<List> {
        let (file, pasted) = (upload.file("file"), upload.fields.text("list"));
        // The workshop's own number stands in the form unasked.
        let own = self.at.workshop.event_id.map(|id| id.to_string());
        let is_event_meant =
            !self.typed.event.is_empty() && own.as_ref() != Some(&self.typed.event);
        let sources = [file.is_some(), !pasted.is_empty(), is_event_meant];
        if sources.into_iter().filter(|is_there| *is_there).count() > 1 {
            self.problems
                .add("list", self.ctx.t("badges-import-one-at-a-time"));
            return None;
        }
        if file.is_some_and(|file| file.is_empty()) {
            self.problems
                .add("file", self.ctx.t("badges-import-empty-file"));
            return None;
        }
        let (field, read) = if let Some(file) = file {
            self.keep(file);
            ("file", read(file, self.typed.reading()))
        } else if !pasted.is_empty() {
            ("list", read(pasted.as_bytes(), self.typed.reading()))
        } else {
            ("event", read(&self.event(app).await?, Reading::default()))
        };
        if field != "event" {
            self.typed.event.clear();
        }
        read.inspect_err(|error| self.unusable(field, error)).ok()
    }

    /// Puts a file's text into the form, if it is a text and stands there alone.
    fn keep(&mut self, file: &[u8]) {
        if self.typed.list.is_empty()
            && file.len() <= LONGEST_SHOWN
            && let Ok(text) = std::str::from_utf8(file)
        {
            self.typed.list = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        }
    }

    /// The participants of the event that is asked for.
    async fn event(&mut self, app: &App) -> Option<Vec<u8>> {
        if self.typed.event.is_empty() || !self.events {
            return None;
        }
        let id = event_number(&self.typed.event).and_then(|id| u64::try_from(id).ok());
        let fetched = match id {
            Some(id) => fetch(app, id).await,
            None => Err("badges-workshop-event-id-wrong"),
        };
        fetched
            .inspect_err(|key| self.problems.add("event", self.ctx.t(key)))
            .ok()
    }
}

/// The participants of an event, as the wiki tells them; or the message that says why not.
pub(super) async fn fetch(app: &App, event: u64) -> Result<Vec<u8>, &'static str> {
    let asked = async {
        let event = app.wikimedia.event(event).await?;
        app.wikimedia.event_participants(&event).await
    };
    asked.await.map_err(|error| {
        tracing::warn!(%error, event, "the participants of an event were not fetched");
        match error {
            WikimediaError::NoSuchEvent { .. } => "badges-import-no-such-event",
            WikimediaError::TestEvent { .. } => "badges-import-test-event",
            _ => "badges-import-no-answer",
        }
    })
}

/// Why a list cannot be used, and what to do about it.
pub(super) fn unusable(ctx: &Ctx, error: &ParticipantsError) -> String {
    let reason = Reason::of_error(ctx.lang, error);
    let mend = reason.mend.map(|mend| mend.text()).unwrap_or_default();
    format!("{} {mend}", reason.sentence.text())
        .trim()
        .to_owned()
}

pub(super) fn read(bytes: &[u8], reading: Reading) -> Result<List, ParticipantsError> {
    let found = parse(bytes, &reading.options());
    // Names have no columns, so nothing of the kind can be meant for them.
    let (found, reading) = match found {
        Err(ParticipantsError::UnknownColumn { columns, .. }) if columns.is_empty() => (
            parse(bytes, &Reading::default().options())?,
            Reading::default(),
        ),
        found => (found?, reading),
    };
    Ok(List {
        bytes: bytes.to_vec(),
        found,
        reading,
    })
}

impl Typed {
    fn read(upload: &Upload) -> Self {
        let text = |name: &str| upload.fields.text(name).to_owned();
        Self {
            list: text("list"),
            event: text("event"),
            who: text("who"),
            column: text("column"),
            holds: text("holds"),
            anew: upload.fields.has("anew"),
        }
    }

    /// How lists are to be read.
    fn reading(&self) -> Reading {
        let column =
            (!self.column.is_empty() && self.column != NO_COLUMN).then(|| self.column.clone());
        let mut reading = Reading::default();
        match self.holds.as_str() {
            "ids" => reading.id_column = column,
            "emails" => reading.email_column = column,
            _ => reading.name_column = column,
        }
        reading.rule = (self.who == "training").then(|| TRAINING_COMPLETED.to_owned());
        reading
    }

    /// What to ask about a list before it is added; what was answered is not asked again.
    fn question(&self, list: &List) -> Option<Question> {
        let training = match self.who.is_empty() {
            true => training(list),
            false => None,
        };
        let names = list.found.notes.iter().find_map(|note| match note {
            Note::NamesIdentifyNobody { column } => Some(column.clone()),
            _ => None,
        });
        let names = names.filter(|_| self.column.is_empty());
        (training.is_some() || names.is_some()).then_some(Question { training, names })
    }
}

/// The value of a choice that says: no column.
const NO_COLUMN: &str = "-";

/// How many completed their training and how many there are, where a list says so and it makes a
/// difference.
fn training(list: &List) -> Option<(usize, usize)> {
    let reading = Reading {
        rule: Some(TRAINING_COMPLETED.to_owned()),
        ..list.reading.clone()
    };
    let rows = parse(&list.bytes, &reading.options()).ok()?.rows;
    let unmet = rows
        .iter()
        .filter(|row| matches!(row.outcome, Outcome::Skipped(Skip::RuleNotMet { .. })))
        .count();
    let met = rows
        .iter()
        .filter(|row| matches!(row.outcome, Outcome::Award(_)))
        .count();
    (unmet > 0 && met > 0).then_some((met, list.found.awards().count()))
}
