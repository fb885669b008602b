//! Workshops.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::body::{Body, Sent};
use super::once::{Answer, once};
use super::paging::Page;
use super::tag::{changed, matches, shown};
use super::{Client, Scope, ids_of, moment, problems, slugs_of};
use crate::App;
use crate::db::{ListCounts, WorkshopRow};
use crate::error::Error;
use crate::page::Ctx;
use crate::routes::workshops::{self as pages, AtWorkshop, Typed};

/// What can be written.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    title: String,
    starts_on: String,
    #[serde(default)]
    ends_on: Option<String>,
    #[serde(default)]
    place: Option<String>,
    #[serde(default)]
    online: bool,
    #[serde(default)]
    organisers: Option<String>,
    #[serde(default)]
    event_page: Option<String>,
    #[serde(default)]
    event_id: Option<i64>,
    #[serde(default = "training")]
    method: String,
    /// The issuer's, if it is not said.
    #[serde(default)]
    language: Option<String>,
    #[serde(default)]
    territory: Option<String>,
    /// Slugs.
    #[serde(default)]
    achievements: Vec<String>,
}

/// A workshop.
#[derive(Debug, Serialize)]
struct Shown {
    id: String,
    #[serde(flatten)]
    written: Written,
    participants: Counts,
    made_at: String,
}

/// How many rows of its list are what.
#[derive(Debug, Serialize)]
pub(super) struct Counts {
    award: i64,
    problem: i64,
    skipped: i64,
}

impl From<ListCounts> for Counts {
    fn from(counts: ListCounts) -> Self {
        Self {
            award: counts.awards,
            problem: counts.problems,
            skipped: counts.skipped,
        }
    }
}

fn training() -> String {
    "training".to_owned()
}

impl Written {
    fn of(row: &WorkshopRow, achievements: Vec<String>) -> Self {
        let row = row.clone();
        Self {
            title: row.title,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            place: row.place,
            online: row.online,
            organisers: row.organisers,
            event_page: row.event_page,
            event_id: row.event_id,
            method: row.method,
            language: Some(row.language),
            territory: row.territory,
            achievements,
        }
    }

    /// The same as in the form of the page.
    fn typed(&self) -> Typed {
        let text = |text: &str| text.trim().to_owned();
        let some = |text: &Option<String>| text.as_deref().unwrap_or_default().trim().to_owned();
        Typed {
            title: text(&self.title),
            starts_on: text(&self.starts_on),
            ends_on: some(&self.ends_on),
            place: some(&self.place),
            online: self.online,
            organisers: some(&self.organisers),
            event_page: some(&self.event_page),
            event_id: self.event_id.map(|id| id.to_string()).unwrap_or_default(),
            method: text(&self.method),
            language: some(&self.language),
            territory: some(&self.territory),
            achievements: Vec::new(),
        }
    }
}

/// The workshop of the client's issuer with this id.
pub(super) async fn at(app: &App, client: &Client, id: &str) -> Result<AtWorkshop, Error> {
    AtWorkshop::find(app, client.desk.clone(), id).await
}

async fn thing(app: &App, row: &WorkshopRow) -> Result<Shown, Error> {
    let ids = app.db.workshop_achievements(&row.id).await?;
    let achievements = slugs_of(app, &row.issuer, &ids).await?;
    Ok(Shown {
        id: row.id.clone(),
        written: Written::of(row, achievements),
        participants: app.db.list_counts(&row.id).await?.into(),
        made_at: moment(row.made_at),
    })
}

/// The ids of the achievements, of which those that are new here the person may award.
async fn chosen(
    app: &App,
    client: &Client,
    slugs: &[String],
    before: &[String],
) -> Result<Vec<String>, Error> {
    let ids = ids_of(app, &client.issuer.id, slugs).await?;
    let may = client.may_award(app).await?;
    let is_allowed = |id: &String| {
        before.contains(id) || may.iter().any(|(achievement, _)| achievement.id == *id)
    };
    match ids.iter().position(|id| !is_allowed(id)) {
        Some(index) => Err(Error::refused(
            &format!("achievements[{index}]"),
            "badges-api-may-not-award",
            &[],
        )),
        None => Ok(ids),
    }
}

pub(super) async fn list(
    State(app): State<App>,
    request: HeaderMap,
    client: Client,
    page: Page,
) -> Result<Response, Error> {
    client.may(Scope::Read)?;
    let rows = app
        .db
        .workshops_before(&client.issuer.id, page.after(), page.limit + 1)
        .await?;
    let mut things = Vec::new();
    for row in rows {
        let place = (row.made_at, row.id.clone());
        things.push((place, thing(&app, &row).await?));
    }
    page.answer(
        &request,
        things,
        |((at, id), _)| (*at, id),
        |(_, thing)| thing,
    )
}

pub(super) async fn make(
    State(app): State<App>,
    ctx: Ctx,
    request: HeaderMap,
    client: Client,
    body: Body<Written>,
) -> Result<Response, Error> {
    client.may(Scope::Manage)?;
    let written = body.value;
    once(
        app,
        client,
        request,
        body.said,
        |app, client, _, attempt| async move {
            let chosen = chosen(&app, &client, &written.achievements, &[]).await?;
            let row = match app.db.workshop(&attempt.id).await? {
                Some(made) => made,
                None => pages::insert(&ctx, &client.desk, attempt.id, &written.typed(), &chosen)
                    .await?
                    .map_err(problems)?,
            };
            let path = format!(
                "/api/v1/issuers/{}/workshops/{}",
                client.issuer.slug, row.id
            );
            Answer::created(path, &thing(&app, &row).await?)
        },
    )
    .await
    .map(IntoResponse::into_response)
}

pub(super) async fn read(
    State(app): State<App>,
    request: HeaderMap,
    client: Client,
    Path((_, workshop)): Path<(String, String)>,
) -> Result<Response, Error> {
    client.may(Scope::Read)?;
    shown(
        &request,
        &thing(&app, &at(&app, &client, &workshop).await?.workshop).await?,
    )
}

pub(super) async fn change(
    State(app): State<App>,
    ctx: Ctx,
    request: HeaderMap,
    client: Client,
    Path((_, workshop)): Path<(String, String)>,
    sent: Sent,
) -> Result<Response, Error> {
    client.may(Scope::Manage)?;
    let at = at(&app, &client, &workshop).await?;
    let before = thing(&app, &at.workshop).await?;
    let written = sent.patch(&before.written)?;
    let known = app.db.workshop_achievements(&at.workshop.id).await?;
    let chosen = chosen(&app, &client, &written.achievements, &known).await?;
    matches(&request, &before)?;
    let row = pages::update(&ctx, &at.desk, at.workshop, &written.typed(), &chosen)
        .await?
        .map_err(problems)?;
    changed(&thing(&app, &row).await?)
}
