//! A workshop's list: imported, read, mended.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use badges_core::participants::{Format, Note, Rule};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::body::{Body, kind, line, needs_kind, unreadable};
use super::once::{Answer, once};
use super::paging::{Page, asked};
use super::tag::changed;
use super::workshops::{Counts, at};
use super::{Client, Scope};
use crate::App;
use crate::db::ParticipantRow;
use crate::error::Error;
use crate::page::Ctx;
use crate::rate::{Caller, Cost};
use crate::routes::workshops::{self as pages, AtWorkshop, Import, Reading};

/// A row of the list.
#[derive(Debug, Serialize)]
struct Shown {
    id: String,
    /// Where it stood in what was imported.
    place: Value,
    outcome: String,
    /// Why nobody gets a badge.
    reason: Option<Value>,
    central_id: Option<i64>,
    user_name: Option<String>,
    /// What the wiki says of the account.
    account: String,
    other_id: Option<String>,
    email: Option<String>,
    display_name: Option<String>,
    evidence: Option<String>,
}

/// How a list is to be read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    #[serde(default)]
    anew: bool,
    rule: Option<String>,
    name_column: Option<String>,
    id_column: Option<String>,
    email_column: Option<String>,
}

/// What came of an import. It names nobody, because it is kept for repetitions.
#[derive(Debug, Serialize)]
struct Imported {
    format: Format,
    notes: Vec<Note>,
    added: usize,
    changed: usize,
    /// How many were on the list already.
    known: usize,
    participants: Counts,
}

/// What should stand where something is wrong.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mended {
    value: String,
}

/// The participants of this event are to be fetched.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OfEvent {
    event: u64,
}

impl Asked {
    fn reading(&self) -> Result<Reading, Error> {
        if let Some(rule) = &self.rule {
            Rule::parse(rule).map_err(|error| unreadable("rule", &error.to_string()))?;
        }
        Ok(Reading {
            rule: self.rule.clone(),
            name_column: self.name_column.clone(),
            id_column: self.id_column.clone(),
            email_column: self.email_column.clone(),
        })
    }
}

impl Shown {
    fn of(row: ParticipantRow) -> Self {
        let json = |text: &str| serde_json::from_str(text).ok();
        Self {
            place: json(&row.place).unwrap_or_default(),
            reason: row.reason.as_deref().and_then(json),
            id: row.id,
            outcome: row.outcome,
            central_id: row.central_id,
            user_name: row.user_name,
            account: row.account,
            other_id: row.other_id,
            email: row.email,
            display_name: row.display_name,
            evidence: row.evidence,
        }
    }
}

pub(super) async fn list(
    State(app): State<App>,
    request: HeaderMap,
    client: Client,
    Path((_, workshop)): Path<(String, String)>,
    page: Page,
) -> Result<Response, Error> {
    client.may(Scope::Read)?;
    let at = at(&app, &client, &workshop).await?;
    let rows = app
        .db
        .participants_after(&at.workshop.id, page.after(), page.limit + 1)
        .await?;
    page.answer(&request, rows, |row| (row.position, &row.id), Shown::of)
}

pub(super) async fn import(
    State(app): State<App>,
    ctx: Ctx,
    (method, uri, request): (Method, Uri, HeaderMap),
    caller: Caller,
    client: Client,
    Path((_, workshop)): Path<(String, String)>,
    bytes: Bytes,
) -> Result<Response, Error> {
    client.may(Scope::Award)?;
    let at = at(&app, &client, &workshop).await?;
    let asked: Asked = asked(uri.query().unwrap_or_default())?;
    needs_kind(&request, &["text/plain", "text/csv", "application/json"])?;
    if bytes.contains(&0) {
        return Err(unreadable("", "the character U+0000 can stand nowhere"));
    }
    caller.pay(&app, Cost::Import, 1)?;
    let address = uri
        .path_and_query()
        .map_or_else(|| uri.path().to_owned(), ToString::to_string);
    let said = line(&method, &address) + &String::from_utf8_lossy(&bytes);
    once(
        app,
        client,
        request,
        said,
        move |app, _, request, _| async move {
            let event = match kind(&request).as_str() {
                "application/json" => serde_json::from_slice::<OfEvent>(&bytes).ok(),
                _ => None,
            };
            let reading = asked.reading()?;
            let import = Import {
                anew: asked.anew,
                reading,
            };
            let added = match event {
                Some(OfEvent { event }) => pages::import_event(&ctx, &at, event, import).await?,
                None => pages::import_list(&ctx, &at, &bytes, import).await?,
            };
            Answer::done(&Imported {
                format: added.format,
                notes: added.notes,
                added: added.joined.insert.len(),
                changed: added.joined.update.len(),
                known: added.joined.known,
                participants: app.db.list_counts(&at.workshop.id).await?.into(),
            })
        },
    )
    .await
    .map(IntoResponse::into_response)
}

async fn find(app: &App, at: &AtWorkshop, id: &str) -> Result<Option<ParticipantRow>, Error> {
    Ok(app.db.participant(&at.workshop.id, id).await?)
}

pub(super) async fn mend(
    State(app): State<App>,
    client: Client,
    Path((_, workshop, id)): Path<(String, String, String)>,
    body: Body<Mended>,
) -> Result<Response, Error> {
    client.may(Scope::Award)?;
    let at = at(&app, &client, &workshop).await?;
    let row = find(&app, &at, &id).await?.ok_or(Error::NotFound)?;
    if row.outcome != "problem" {
        return Err(Error::Conflict {
            key: "badges-api-nothing-to-mend",
        });
    }
    pages::mend_row(&app, &at, &row, body.value.value.trim()).await?;
    match find(&app, &at, &id).await? {
        Some(row) => changed(&Shown::of(row)),
        // Whoever is meant stands on the list already.
        None => Ok(StatusCode::NO_CONTENT.into_response()),
    }
}

pub(super) async fn remove(
    State(app): State<App>,
    client: Client,
    Path((_, workshop, id)): Path<(String, String, String)>,
) -> Result<Response, Error> {
    client.may(Scope::Award)?;
    let at = at(&app, &client, &workshop).await?;
    find(&app, &at, &id).await?.ok_or(Error::NotFound)?;
    pages::remove_row(&app, &at, &id).await?;
    match find(&app, &at, &id).await? {
        Some(_) => Err(Error::Conflict {
            key: "badges-api-participant-offered",
        }),
        None => Ok(StatusCode::NO_CONTENT.into_response()),
    }
}
