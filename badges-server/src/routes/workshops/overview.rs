//! A workshop at a glance, and what comes next.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::{AtWorkshop, dates, methods};
use crate::App;
use crate::db::{ListCounts, VersionRow};
use crate::error::Error;
use crate::page::{Ctx, page};

#[derive(Template)]
#[template(path = "workshop.html")]
struct OverviewPage {
    ctx: Ctx,
    at: AtWorkshop,
    dates: String,
    method: String,
    achievements: Vec<VersionRow>,
    counts: ListCounts,
    /// How many badges there are: all, and those that were accepted.
    awards: i64,
    accepted: i64,
    /// The jobs of the workshop, the newest first: id, name of the achievement, whether it has ended.
    jobs: Vec<(String, String, bool)>,
}

pub(super) async fn overview(
    State(app): State<App>,
    ctx: Ctx,
    at: AtWorkshop,
) -> Result<Response, Error> {
    let ids = app.db.workshop_achievements(&at.workshop.id).await?;
    let all = app.db.achievements(&at.desk.issuer.id).await?;
    let awards = app.db.awards_of_workshop(&at.workshop.id).await?;
    let jobs = app.db.jobs(&at.workshop.id).await?;
    let name = |id: &str| {
        let found = all.iter().find(|(achievement, _)| achievement.id == id);
        found
            .map(|(_, version)| version.name.clone())
            .unwrap_or_default()
    };
    let jobs = jobs
        .into_iter()
        .map(|job| (job.id, name(&job.achievement), job.state == "done"))
        .collect();
    let method = methods(&ctx)
        .into_iter()
        .find(|(name, _)| *name == at.workshop.method);
    let count = |rows: usize| i64::try_from(rows).unwrap_or(i64::MAX);
    page(&OverviewPage {
        dates: dates(&ctx, &at.workshop),
        method: method.map(|(_, words)| words).unwrap_or_default(),
        counts: app.db.list_counts(&at.workshop.id).await?,
        awards: count(awards.len()),
        accepted: count(
            awards
                .iter()
                .filter(|row| row.award.acceptance == "accepted")
                .count(),
        ),
        achievements: all
            .into_iter()
            .filter(|(row, _)| ids.contains(&row.id))
            .map(|(_, version)| version)
            .collect(),
        jobs,
        ctx,
        at,
    })
}
