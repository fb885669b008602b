//! Taking an award back, for good or for now, and what undoes that. What cannot be undone is asked
//! first, on a page of its own that says what will happen.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::{AtAward, state};
use crate::App;
use crate::db::VersionRow;
use crate::error::Error;
use crate::form::{Fields, Form, Problems};
use crate::issuing::{self, Reason};
use crate::page::{Ctx, page, redirect_with};

/// The longest private note, in characters.
const LONGEST_NOTE: usize = 2_000;

#[derive(Template)]
#[template(path = "award_revoke.html")]
struct RevokePage {
    ctx: Ctx,
    at: AtAward,
    version: VersionRow,
    state: (&'static str, String),
    reasons: Vec<(&'static str, String)>,
    reason: String,
    note: String,
    /// Whether others can learn of it from a status list.
    has_status: bool,
    problems: Problems,
}

impl RevokePage {
    async fn of(app: &App, ctx: Ctx, at: AtAward) -> Result<Self, Error> {
        let award = &at.of.award;
        Ok(Self {
            version: version(app, &at).await?,
            state: state(&ctx, award),
            reasons: Reason::GIVEN
                .into_iter()
                .map(|reason| (reason.as_str(), reason_words(&ctx, reason.as_str())))
                .collect(),
            reason: String::new(),
            note: String::new(),
            has_status: app.db.status_entry(&award.id).await?.is_some(),
            problems: Problems::default(),
            ctx,
            at,
        })
    }
}

/// Why an award was taken back, as everybody may know it.
pub(super) fn reason_words(ctx: &Ctx, reason: &str) -> String {
    ctx.t(match reason {
        "mistake" => "badges-award-reason-mistake",
        "misconduct" => "badges-award-reason-misconduct",
        "key-compromise" => "badges-award-reason-key-compromise",
        "corrected" => "badges-award-reason-corrected",
        "holder-request" => "badges-award-reason-holder-request",
        _ => "badges-award-reason-other",
    })
}

pub(super) async fn ask_revoke(
    State(app): State<App>,
    ctx: Ctx,
    at: AtAward,
) -> Result<Response, Error> {
    at.needs_change()?;
    if at.of.award.standing == "revoked" {
        return Err(Error::Conflict {
            key: "badges-award-revoked-already",
        });
    }
    page(&RevokePage::of(&app, ctx, at).await?)
}

pub(super) async fn revoke(
    State(app): State<App>,
    ctx: Ctx,
    at: AtAward,
    Form(fields): Form<Fields>,
) -> Result<Response, Error> {
    at.needs_change()?;
    let mut problems = Problems::default();
    let note = note(&ctx, &fields, &mut problems);
    let reason = Reason::from_word(fields.text("reason"));
    if reason.is_none() {
        problems.add("reason", ctx.t("badges-award-reason-missing"));
    }
    if let Some(reason) = reason.filter(|_| problems.is_empty()) {
        issuing::revoke(
            &app,
            &at.of.award.id,
            reason,
            note.as_deref(),
            &at.desk.person.id,
        )
        .await?;
        return Ok(redirect_with(
            "good",
            "badges-notice-award-revoked",
            &at.path(""),
        ));
    }
    let mut form = RevokePage::of(&app, ctx, at).await?;
    (form.reason, form.note, form.problems) = (
        fields.text("reason").to_owned(),
        fields.text("note").to_owned(),
        problems,
    );
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&form)?).into_response())
}

#[derive(Template)]
#[template(path = "award_suspend.html")]
struct SuspendPage {
    ctx: Ctx,
    at: AtAward,
    version: VersionRow,
    note: String,
    problems: Problems,
}

pub(super) async fn ask_suspend(
    State(app): State<App>,
    ctx: Ctx,
    at: AtAward,
) -> Result<Response, Error> {
    at.needs_change()?;
    let version = version(&app, &at).await?;
    if !version.suspendable || at.of.award.standing != "valid" {
        return Err(Error::Conflict {
            key: "badges-award-not-suspendable",
        });
    }
    page(&SuspendPage {
        ctx,
        at,
        version,
        note: String::new(),
        problems: Problems::default(),
    })
}

pub(super) async fn suspend(
    State(app): State<App>,
    ctx: Ctx,
    at: AtAward,
    Form(fields): Form<Fields>,
) -> Result<Response, Error> {
    at.needs_change()?;
    let mut problems = Problems::default();
    let text = note(&ctx, &fields, &mut problems);
    if !problems.is_empty() {
        let version = version(&app, &at).await?;
        let form = SuspendPage {
            ctx,
            at,
            version,
            note: fields.text("note").to_owned(),
            problems,
        };
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&form)?).into_response());
    }
    issuing::suspend(&app, &at.of.award.id, text.as_deref(), &at.desk.person.id).await?;
    Ok(redirect_with(
        "good",
        "badges-notice-award-suspended",
        &at.path(""),
    ))
}

pub(super) async fn reinstate(
    State(app): State<App>,
    at: AtAward,
    Form(_): Form<Fields>,
) -> Result<Response, Error> {
    at.needs_change()?;
    issuing::reinstate(&app, &at.of.award.id, &at.desk.person.id).await?;
    Ok(redirect_with(
        "good",
        "badges-notice-award-reinstated",
        &at.path(""),
    ))
}

/// A new claim link; the old one opens nothing any more, and what was declined is on offer again.
pub(super) async fn renew(
    State(app): State<App>,
    at: AtAward,
    Form(_): Form<Fields>,
) -> Result<Response, Error> {
    at.needs_change()?;
    issuing::renew_claim(&app, &at.of.award.id, Some(&at.desk.person.id)).await?;
    Ok(redirect_with(
        "good",
        "badges-notice-link-renewed",
        &at.path(""),
    ))
}

pub(super) async fn version(app: &App, at: &AtAward) -> Result<VersionRow, Error> {
    app.db
        .version(&at.of.award.achievement, at.of.award.version)
        .await?
        .ok_or(Error::NotFound)
}

/// The private note of a form.
pub(super) fn note(ctx: &Ctx, fields: &Fields, problems: &mut Problems) -> Option<String> {
    let note = fields.text("note");
    if note.chars().count() > LONGEST_NOTE {
        problems.add("note", ctx.t1("badges-workshop-too-long", &LONGEST_NOTE));
    }
    (!note.is_empty()).then(|| note.to_owned())
}
