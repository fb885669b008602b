//! Putting a new badge in the place of one that says something wrong.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::AtAward;
use super::change::note;
use crate::App;
use crate::achievement::is_web_address;
use crate::db::{AchievementRow, VersionRow};
use crate::error::Error;
use crate::form::{Fields, Form, Problems};
use crate::issuing::{self, NewBadge};
use crate::page::{Ctx, page, redirect_with};
use crate::routes::workshops::award_moment;

/// What stands in the form.
#[derive(Clone, Debug, Default)]
struct Typed {
    /// The id of the achievement.
    achievement: String,
    awarded_on: String,
    evidence: String,
    note: String,
}

#[derive(Template)]
#[template(path = "award_correct.html")]
struct CorrectPage {
    ctx: Ctx,
    at: AtAward,
    achievements: Vec<(AchievementRow, VersionRow)>,
    typed: Typed,
    problems: Problems,
}

impl CorrectPage {
    /// The achievements to choose from: ids and names.
    fn options(&self) -> Vec<(String, String)> {
        self.achievements
            .iter()
            .map(|(achievement, version)| (achievement.id.clone(), version.name.clone()))
            .collect()
    }
}

pub(super) async fn ask(State(app): State<App>, ctx: Ctx, at: AtAward) -> Result<Response, Error> {
    at.needs_change()?;
    let award = &at.of.award;
    if !matches!(award.acceptance.as_str(), "offered" | "accepted") || award.standing == "revoked" {
        return Err(Error::Conflict {
            key: "badges-award-not-correctable",
        });
    }
    let typed = Typed {
        achievement: award.achievement.clone(),
        awarded_on: day_of(award.awarded_at),
        evidence: app
            .db
            .recipient(&award.id)
            .await?
            .and_then(|recipient| recipient.evidence)
            .unwrap_or_default(),
        note: String::new(),
    };
    let achievements = at.desk.may_award(&app).await?;
    page(&CorrectPage {
        ctx,
        at,
        achievements,
        typed,
        problems: Problems::default(),
    })
}

pub(super) async fn correct(
    State(app): State<App>,
    ctx: Ctx,
    at: AtAward,
    Form(fields): Form<Fields>,
) -> Result<Response, Error> {
    at.needs_change()?;
    let text = |name: &str| fields.text(name).to_owned();
    let typed = Typed {
        achievement: text("achievement"),
        awarded_on: text("awarded_on"),
        evidence: text("evidence"),
        note: text("note"),
    };
    let achievements = at.desk.may_award(&app).await?;
    let mut problems = Problems::default();
    let note = note(&ctx, &fields, &mut problems);
    if !achievements
        .iter()
        .any(|(achievement, _)| achievement.id == typed.achievement)
    {
        problems.add("achievement", ctx.t("badges-award-achievement-missing"));
    }
    // The day as it was keeps its moment.
    let awarded_at = if typed.awarded_on == day_of(at.of.award.awarded_at) {
        None
    } else {
        award_moment(&app, &typed.awarded_on)
            .map_err(|key| problems.add("awarded_on", ctx.t(key)))
            .ok()
    };
    if !typed.evidence.is_empty() && !is_web_address(&typed.evidence) {
        problems.add("evidence", ctx.t("badges-workshop-event-page-wrong"));
    }
    let new = NewBadge {
        achievement: (typed.achievement != at.of.award.achievement)
            .then(|| typed.achievement.clone()),
        awarded_at,
        evidence: Some((!typed.evidence.is_empty()).then(|| typed.evidence.clone())),
    };
    if problems.is_empty() {
        match issuing::correct(
            &app,
            &at.of.award.id,
            &new,
            note.as_deref(),
            &at.desk.person.id,
        )
        .await
        {
            Ok(award) => {
                let path = format!("/desk/{}/awards/{}", at.desk.issuer.slug, award.id);
                return Ok(redirect_with(
                    "good",
                    "badges-notice-award-corrected",
                    &path,
                ));
            }
            // What cannot be signed is told at its field.
            Err(error @ Error::Refused { .. }) => problems.add("achievement", error.words(&ctx).1),
            Err(error) => return Err(error),
        }
    }
    Ok((
        StatusCode::UNPROCESSABLE_ENTITY,
        page(&CorrectPage {
            ctx,
            at,
            achievements,
            typed,
            problems,
        })?,
    )
        .into_response())
}

/// The day of a moment, as forms write it.
fn day_of(seconds: i64) -> String {
    time::OffsetDateTime::from_unix_timestamp(seconds)
        .map(|time| time.date().to_string())
        .unwrap_or_default()
}
