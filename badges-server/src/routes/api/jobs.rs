//! Awarding everybody on a workshop's list, and how far that is.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

use super::body::{Body, unreadable};
use super::once::{Answer, once};
use super::paging::Page;
use super::tag::shown;
use super::workshops::at;
use super::{Client, Scope, moment};
use crate::App;
use crate::db::{JobRow, Refusal, Seen};
use crate::error::Error;
use crate::issuing::{self, NewJob};
use crate::routes::workshops::award_moment;

/// What is to be awarded.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// The slug.
    achievement: String,
    #[serde(default)]
    awarded_at: Option<String>,
    /// Whether those get a badge who have one.
    #[serde(default)]
    again: bool,
    /// The version that was looked at.
    #[serde(default)]
    version: Option<i64>,
}

#[derive(Debug, Serialize)]
struct Shown {
    id: String,
    workshop: String,
    achievement: String,
    version: i64,
    awarded_at: String,
    again: bool,
    state: String,
    total: i64,
    waiting: i64,
    done: i64,
    had: i64,
    refused: i64,
    error: Option<String>,
    made_at: String,
    ended_at: Option<String>,
}

#[derive(Debug, Serialize)]
struct ShownRow {
    participant: String,
    user_name: Option<String>,
    display_name: Option<String>,
    state: String,
    reason: Option<Refusal>,
    award: Option<String>,
}

/// Which rows of a job.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rows {
    state: Option<RowState>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum RowState {
    Waiting,
    Done,
    Had,
    Refused,
}

impl RowState {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Had => "had",
            Self::Refused => "refused",
        }
    }
}

async fn thing(app: &App, job: JobRow) -> Result<Shown, Error> {
    let progress = app.db.progress(&job.id).await?;
    let achievement = app
        .db
        .achievement(&job.achievement)
        .await?
        .ok_or(Error::NotFound)?;
    Ok(Shown {
        id: job.id,
        workshop: job.workshop,
        achievement: achievement.slug,
        version: job.version,
        awarded_at: moment(job.awarded_at),
        again: job.again,
        state: job.state,
        total: job.total,
        waiting: progress.waiting,
        done: progress.done,
        had: progress.had,
        refused: progress.refused,
        error: job.error,
        made_at: moment(job.made_at),
        ended_at: job.ended_at.map(moment),
    })
}

/// The moment that is asked for; without one it is now.
pub(super) fn awarded_at(app: &App, text: Option<&str>) -> Result<i64, Error> {
    let Some(text) = text else {
        return Ok(app.seconds());
    };
    let moment = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| {
        unreadable(
            "awarded_at",
            "a moment such as 2026-05-01T10:00:00Z is expected",
        )
    })?;
    let moment = moment.to_offset(UtcOffset::UTC);
    award_moment(app, &moment.date().to_string())
        .map_err(|key| Error::refused("awarded_at", key, &[]))?;
    Ok(moment.unix_timestamp().min(app.seconds()))
}

pub(super) async fn start(
    State(app): State<App>,
    request: HeaderMap,
    client: Client,
    Path((_, workshop)): Path<(String, String)>,
    body: Body<Asked>,
) -> Result<Response, Error> {
    client.may(Scope::Award)?;
    let at = at(&app, &client, &workshop).await?;
    let asked = body.value;
    once(
        app,
        client,
        request,
        body.said,
        move |app, client, _, attempt| async move {
            let may = client.may_award(&app).await?;
            let achievement = may
                .into_iter()
                .find(|(achievement, _)| achievement.slug == asked.achievement);
            let (achievement, version) = achievement
                .ok_or_else(|| Error::refused("achievement", "badges-api-may-not-award", &[]))?;
            if app.db.list_counts(&at.workshop.id).await?.awards == 0 {
                return Err(Error::Conflict {
                    key: "badges-award-nobody",
                });
            }
            let awarded_at = awarded_at(&app, asked.awarded_at.as_deref())?;
            if issuing::has_ended(&app, &version, awarded_at)? {
                return Err(Error::refused(
                    "awarded_at",
                    "badges-award-day-ended",
                    &[&version.name],
                ));
            }
            let job = NewJob {
                workshop: at.workshop.id.clone(),
                // The same request is the same job, also when the answer to it was lost.
                request: format!("{}.{}.{}", at.workshop.id, attempt.id, achievement.id),
                achievement: achievement.id,
                person: client.person.id.clone(),
                awarded_at,
                again: asked.again,
                seen: Seen {
                    version: asked.version,
                    ..Seen::default()
                },
            };
            let job = issuing::start(&app, job).await?;
            let location = format!("/api/v1/issuers/{}/jobs/{}", client.issuer.slug, job.id);
            let answer = Answer::created(location, &thing(&app, job).await?)?;
            Ok(Answer {
                status: StatusCode::ACCEPTED,
                ..answer
            })
        },
    )
    .await
    .map(IntoResponse::into_response)
}

async fn find(app: &App, client: &Client, id: &str) -> Result<JobRow, Error> {
    let job = app.db.job(id).await?;
    job.filter(|job| job.issuer == client.issuer.id)
        .ok_or(Error::NotFound)
}

pub(super) async fn read(
    State(app): State<App>,
    request: HeaderMap,
    client: Client,
    Path((_, job)): Path<(String, String)>,
) -> Result<Response, Error> {
    client.may(Scope::Read)?;
    shown(
        &request,
        &thing(&app, find(&app, &client, &job).await?).await?,
    )
}

pub(super) async fn rows(
    State(app): State<App>,
    request: HeaderMap,
    client: Client,
    Path((_, job)): Path<(String, String)>,
    page: Page<Rows>,
) -> Result<Response, Error> {
    client.may(Scope::Read)?;
    let job = find(&app, &client, &job).await?;
    let state = page.filter.state.map(RowState::as_str);
    let rows = app
        .db
        .job_rows_after(&job.id, state, page.after(), page.limit + 1)
        .await?;
    page.answer(
        &request,
        rows,
        |row| (row.position, &row.participant),
        |row| ShownRow {
            reason: row.refusal(),
            participant: row.participant,
            user_name: row.user_name,
            display_name: row.display_name,
            state: row.state,
            award: row.award,
        },
    )
}
