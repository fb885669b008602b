//! Where trainers begin: their issuers, and for each what there is and what to do next.

pub(super) mod settings;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;

use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use self::settings::IssuerDraft;
use crate::achievement::{self, slugs};
use crate::ambient::random_id;
use crate::auth::Desk;
use crate::db::{AchievementRow, Issuer, Role, VersionRow, VersionText, WorkshopRow};
use crate::error::Error;
use crate::form::{Problems, Upload};
use crate::i18n::Lang;
use crate::issuing::{self, NewIssuer};
use crate::page::{Ctx, page, redirect_with};
use crate::{App, images};

/// How many workshops are shown at once.
const LATEST: usize = 10;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/desk", get(issuers))
        .route(
            "/desk/new",
            get(new)
                .post(make)
                .layer(DefaultBodyLimit::max(images::MAX_FORM)),
        )
        .route("/desk/{issuer}", get(overview))
        .merge(settings::routes())
}

#[derive(Template)]
#[template(path = "desk.html")]
struct Issuers {
    ctx: Ctx,
    issuers: Vec<(Issuer, Role)>,
    may_add: bool,
}

async fn issuers(State(app): State<App>, ctx: Ctx) -> Result<Response, Error> {
    let person = &ctx.signed()?.id;
    let issuers = app.db.memberships(person).await?;
    let may_add = app.db.is_service_owner(person).await?;
    if issuers.is_empty() && may_add {
        return Ok(Redirect::to("/desk/new").into_response());
    }
    page(&Issuers {
        issuers,
        may_add,
        ctx,
    })
}

#[derive(Template)]
#[template(path = "desk_new.html")]
struct New {
    ctx: Ctx,
    draft: IssuerDraft,
    /// What to call the person; asked for where nothing is known.
    person: Option<String>,
    /// By which a second press of the button is known.
    request: String,
    problems: Problems,
}

async fn new(State(app): State<App>, ctx: Ctx) -> Result<Response, Error> {
    let person = may_add(&app, &ctx).await?;
    let draft = IssuerDraft {
        language: ctx.lang.tag().to_owned(),
        ..IssuerDraft::default()
    };
    page(&New {
        ctx,
        draft,
        person,
        request: random_id(),
        problems: Problems::default(),
    })
}

/// Makes an issuer, and an achievement that it can award at once.
async fn make(State(app): State<App>, ctx: Ctx, form: Upload) -> Result<Response, Error> {
    let mut person = may_add(&app, &ctx).await?;
    let request = form.fields.request()?;
    let mut problems = Problems::default();
    let mut draft = IssuerDraft::read(&form.fields);
    let remarks = draft
        .take_logo(&app, &form, ctx.lang, &mut problems)
        .await?;
    let profile = draft.written(None, ctx.lang, &mut problems);
    if let Some(person) = &mut person {
        *person = form.fields.text("person").to_owned();
        if person.chars().count() > 100 {
            problems.add("person", ctx.t("badges-form-too-long"));
        }
    }
    let Some(profile) = profile.filter(|_| problems.is_empty()) else {
        let mut refused = page(&New {
            ctx,
            draft,
            person,
            request: request.map_or_else(random_id, str::to_owned),
            problems,
        })?;
        *refused.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(refused);
    };
    let owner = ctx.signed()?.id.clone();
    if let Some(name) = person.filter(|name| !name.is_empty()) {
        app.db
            .set_person(&owner, Some(&name), Some(ctx.lang.tag()))
            .await?;
    }
    let achievement = achievement::first(&draft.language);
    let written = achievement
        .written(Lang::ENGLISH)
        .map_err(|problems| Error::internal(format!("{problems:?}")))?;
    let image = images::drawn(&app, &written.name).await?;
    let text = VersionText {
        name: &written.name,
        document: &written.document,
        image: &image,
        validity: None,
        suspendable: false,
    };
    let slug = slugs(&achievement.name, "participant").next();
    let issuer = NewIssuer {
        first: slug.as_deref().map(|slug| (slug, text)),
        request,
        slug: &free_slug(&app, &draft.name).await?,
        name: &draft.name,
        profile,
        language: &draft.language,
        logo: draft.logo.as_deref(),
    };
    let issuer = issuing::new_issuer(&app, issuer, &owner).await?;
    let desk = format!("/desk/{}", issuer.slug);
    Ok(match remarks.is_empty() {
        true => redirect_with("good", "badges-notice-issuer-made", &desk),
        false => redirect_with("caution", "badges-notice-issuer-made-logo-cleaned", &desk),
    })
}

/// A slug that no other issuer has.
async fn free_slug(app: &App, name: &str) -> Result<String, Error> {
    for slug in slugs(name, "issuer").filter(|slug| slug != "new") {
        if app.db.issuer_by_slug(&slug).await?.is_none() {
            return Ok(slug);
        }
    }
    Err(Error::internal("no slug is free"))
}

/// Goes on for those who may add issuers; with the empty name of somebody who has none.
async fn may_add(app: &App, ctx: &Ctx) -> Result<Option<String>, Error> {
    let person = ctx.signed()?;
    if app.db.is_service_owner(&person.id).await? {
        Ok(person.name.is_empty().then(String::new))
    } else {
        Err(Error::Forbidden)
    }
}

#[derive(Template)]
#[template(path = "desk_issuer.html")]
struct Overview {
    ctx: Ctx,
    desk: Desk,
    achievements: Vec<(AchievementRow, VersionRow)>,
    /// The newest first.
    workshops: Vec<WorkshopRow>,
    /// Those that came before.
    earlier: Vec<WorkshopRow>,
    /// States and how many badges are in each.
    states: Vec<(String, i64)>,
}

async fn overview(State(app): State<App>, ctx: Ctx, desk: Desk) -> Result<Response, Error> {
    let mut achievements = app.db.achievements(&desk.issuer.id).await?;
    achievements.retain(|(achievement, _)| !achievement.archived);
    let mut workshops = app.db.workshops(&desk.issuer.id).await?;
    let earlier = workshops.split_off(workshops.len().min(LATEST));
    let states = states(&app, &desk.issuer).await?;
    page(&Overview {
        ctx,
        desk,
        achievements,
        workshops,
        earlier,
        states,
    })
}

/// The states in which badges are, in the order of what becomes of one.
async fn states(app: &App, issuer: &Issuer) -> Result<Vec<(String, i64)>, Error> {
    const ORDER: [&str; 8] = [
        "offered",
        "accepted",
        "declined",
        "withdrawn",
        "erased",
        "suspended",
        "corrected",
        "revoked",
    ];
    let mut states = app.db.award_states(&issuer.id).await?;
    states.sort_by_key(|(state, _)| ORDER.iter().position(|known| known == state));
    Ok(states)
}
