//! How far awarding is, and what came of it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;

use crate::App;
use crate::auth::Desk;
use crate::db::{JobRow, JobRowRow, Progress, Refusal, WorkshopRow};
use crate::error::Error;
use crate::i18n;
use crate::page::{Ctx, page};

/// Rows of each kind on the page; the rest is in the list of awards.
const ROWS: i64 = 100;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/desk/{issuer}/jobs/{job}", get(job))
}

impl JobPage {
    /// Why a row was refused.
    fn why(&self, row: &JobRowRow) -> String {
        match row.refusal() {
            Some(Refusal::Nobody) => self.ctx.t("badges-job-nobody"),
            Some(Refusal::NoBadge { cause }) => self.ctx.t1("badges-issuing-no-badge", &cause),
            Some(Refusal::InTheWay) => self.ctx.t("badges-job-in-the-way"),
            None => String::new(),
        }
    }
}

/// All jobs of one press of the button, together.
struct Press {
    jobs: Vec<(JobRow, Progress)>,
}

#[derive(Template)]
#[template(path = "job.html")]
struct JobPage {
    ctx: Ctx,
    desk: Desk,
    workshop: WorkshopRow,
    id: String,
    press: Press,
    text: String,
    refused: Vec<JobRowRow>,
    had: Vec<JobRowRow>,
}

impl Press {
    /// What belongs to a job: the same request for other achievements.
    async fn of(app: &App, job: JobRow) -> Result<Self, Error> {
        let together =
            |other: &JobRow| match (job.request.rsplit_once('.'), other.request.rsplit_once('.')) {
                (Some((mine, _)), Some((others, _))) => mine == others,
                _ => other.id == job.id,
            };
        let mut jobs = Vec::new();
        for other in app
            .db
            .jobs(&job.workshop)
            .await?
            .into_iter()
            .filter(together)
        {
            let progress = app.db.progress(&other.id).await?;
            jobs.push((other, progress));
        }
        Ok(Self { jobs })
    }

    fn sum(&self, of: impl Fn(&Progress) -> i64) -> i64 {
        self.jobs.iter().map(|(_, progress)| of(progress)).sum()
    }

    fn total(&self) -> i64 {
        self.sum(|progress| progress.waiting + progress.done + progress.had + progress.refused)
    }

    fn finished(&self) -> i64 {
        self.total() - self.sum(|progress| progress.waiting)
    }

    fn done(&self) -> i64 {
        self.sum(|progress| progress.done)
    }

    fn had(&self) -> i64 {
        self.sum(|progress| progress.had)
    }

    fn refused(&self) -> i64 {
        self.sum(|progress| progress.refused)
    }

    fn is_finished(&self) -> bool {
        self.jobs.iter().all(|(job, _)| job.state == "done")
    }

    /// What stopped the work last, unless it goes on.
    fn error(&self) -> Option<&str> {
        self.jobs.iter().find_map(|(job, _)| job.error.as_deref())
    }

    fn text(&self, ctx: &Ctx) -> String {
        let number = |number: i64| i18n::number(ctx.lang, u64::try_from(number).unwrap_or(0));
        if let Some(error) = self.error() {
            ctx.text(
                "badges-job-stopped",
                &[&number(self.finished()), &number(self.total()), error],
            )
        } else if self.is_finished() {
            ctx.t1("badges-job-finished", &number(self.done()))
        } else {
            ctx.t2(
                "badges-job-progress",
                &number(self.finished()),
                &number(self.total()),
            )
        }
    }
}

/// A page, or with `.json` what its script asks for.
async fn job(
    State(app): State<App>,
    ctx: Ctx,
    desk: Desk,
    Path((_, name)): Path<(String, String)>,
) -> Result<Response, Error> {
    let (id, is_json) = match name.strip_suffix(".json") {
        Some(id) => (id, true),
        None => (name.as_str(), false),
    };
    let job = app
        .db
        .job(id)
        .await?
        .filter(|job| job.issuer == desk.issuer.id)
        .ok_or(Error::NotFound)?;
    let workshop = app
        .db
        .workshop(&job.workshop)
        .await?
        .ok_or(Error::NotFound)?;
    let press = Press::of(&app, job).await?;
    let text = press.text(&ctx);
    if is_json {
        return Ok(Json(json!({
            "done": press.finished(),
            "total": press.total(),
            "finished": press.is_finished(),
            "text": text,
        }))
        .into_response());
    }
    let (mut refused, mut had) = (Vec::new(), Vec::new());
    for (job, _) in &press.jobs {
        refused.extend(app.db.job_rows(&job.id, "refused", 0, ROWS).await?);
        had.extend(app.db.job_rows(&job.id, "had", 0, ROWS).await?);
    }
    page(&JobPage {
        id: id.to_owned(),
        ctx,
        desk,
        workshop,
        press,
        text,
        refused,
        had,
    })
}
