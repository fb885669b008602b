//! Step 3: the finished badge is shown, and offered to everybody when the trainer says so.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use badges_core::markup::Markup;
use badges_core::model::AchievementCredential;

use super::check::{Choice, choices};
use super::{AtWorkshop, beginning, day};
use crate::App;
use crate::ambient::random_id;
use crate::db::{ListCounts, Role, Seen};
use crate::error::Error;
use crate::form::{Fields, Form, Problems};
use crate::issuing::{self, NewJob};
use crate::page::{Ctx, page, redirect_with};

/// A badge as it will be.
struct Rehearsed {
    slug: String,
    /// The digest of what its version says.
    text: String,
    image: String,
    badge: AchievementCredential,
    /// How it is earned.
    criteria: Option<Markup>,
    valid_until: Option<i64>,
    json: String,
    /// How many will be offered it, and how many have it.
    offered: i64,
    had: i64,
}

#[derive(Template)]
#[template(path = "workshop_award.html")]
struct AwardPage {
    ctx: Ctx,
    at: AtWorkshop,
    counts: ListCounts,
    badges: Vec<Rehearsed>,
    /// The day of the award, as it stands in the form.
    awarded_on: String,
    again: bool,
    /// By which a second press of the button is known.
    request: String,
    /// The digest of the list that is shown.
    list: String,
    /// Whether something else was shown before.
    is_changed: bool,
    problems: Problems,
}

impl AwardPage {
    /// How many badges there will be.
    fn offered(&self) -> i64 {
        self.badges
            .iter()
            .map(|badge| {
                if self.again {
                    badge.offered + badge.had
                } else {
                    badge.offered
                }
            })
            .sum()
    }
}

/// Shows what will be awarded, to how many.
pub(super) async fn rehearse(
    State(app): State<App>,
    ctx: Ctx,
    at: AtWorkshop,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Error> {
    at.desk.needs(Role::Trainer)?;
    let fields = Fields::from_iter(query);
    let (choices, _) = choices(&app, &at, &fields).await?;
    if !choices.iter().any(|choice| choice.chosen) {
        return Ok(redirect_with(
            "caution",
            "badges-notice-award-choose",
            &at.path("/participants"),
        ));
    }
    let last_day = at
        .workshop
        .ends_on
        .as_deref()
        .unwrap_or(&at.workshop.starts_on);
    let awarded_on = app.now().date().to_string().min(last_day.to_owned());
    let mut form = award_page(&app, ctx, at, &choices, awarded_on, random_id()).await?;
    // What is wrong with the day that stands there is said before anybody presses.
    if let Err(problem) = awarded_at(&app, &form.ctx, &choices, &form.awarded_on)? {
        form.problems.add("awarded_on", problem);
    }
    page(&form)
}

/// Offers the badges: a job for each achievement. The same request again is the same jobs.
pub(super) async fn award(
    State(app): State<App>,
    ctx: Ctx,
    at: AtWorkshop,
    Form(fields): Form<Fields>,
) -> Result<Response, Error> {
    at.desk.needs(Role::Trainer)?;
    let request = fields.request()?.ok_or_else(|| Error::Unreadable {
        field: "request".to_owned(),
        problem: "it is missing".to_owned(),
    })?;
    let request = request.to_owned();
    let (choices, _) = choices(&app, &at, &fields).await?;
    if fields
        .all("achievement")
        .any(|slug| !choices.iter().any(|choice| choice.achievement.slug == slug))
    {
        return Err(Error::Forbidden);
    }
    let chosen: Vec<&Choice> = choices.iter().filter(|choice| choice.chosen).collect();
    if chosen.is_empty() {
        return Ok(redirect_with(
            "caution",
            "badges-notice-award-choose",
            &at.path("/participants"),
        ));
    }
    let mut problems = Problems::default();
    let awarded_at = match awarded_at(&app, &ctx, &choices, fields.text("awarded_on"))? {
        Ok(moment) => moment,
        Err(problem) => {
            problems.add("awarded_on", problem);
            0
        }
    };
    if app.db.list_counts(&at.workshop.id).await?.awards == 0 {
        problems.add("main", ctx.t("badges-award-nobody"));
    }
    let again = fields.has("again");
    if !problems.is_empty() {
        let awarded_on = fields.text("awarded_on").to_owned();
        let mut form = award_page(&app, ctx, at, &choices, awarded_on, request).await?;
        (form.problems, form.again) = (problems, again);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&form)?).into_response());
    }
    let mut first = None;
    for choice in chosen {
        let shown = |name: &str| Some(fields.text(name).to_owned()).filter(|text| !text.is_empty());
        let started = issuing::start(
            &app,
            NewJob {
                seen: Seen {
                    version: None,
                    text: shown(&format!("version.{}", choice.achievement.slug)),
                    list: shown("list"),
                },
                workshop: at.workshop.id.clone(),
                achievement: choice.achievement.id.clone(),
                // What is chosen in one form belongs together; forms of other workshops do not.
                request: format!("{}.{request}.{}", at.workshop.id, choice.achievement.id),
                person: at.desk.person.id.clone(),
                awarded_at,
                again,
            },
        )
        .await;
        match started {
            Ok(job) => drop(first.get_or_insert(job.id)),
            Err(Error::Precondition) => {
                let awarded_on = fields.text("awarded_on").to_owned();
                let mut form = award_page(&app, ctx, at, &choices, awarded_on, request).await?;
                (form.is_changed, form.again) = (true, again);
                return Ok((StatusCode::CONFLICT, page(&form)?).into_response());
            }
            Err(error) => return Err(error),
        }
    }
    let job = first.ok_or(Error::NotFound)?;
    Ok(Redirect::to(&format!("/desk/{}/jobs/{job}", at.desk.issuer.slug)).into_response())
}

/// The moment of an award on a day; today it is now. Where the trainer is, tomorrow may have begun.
///
/// # Errors
/// The message that says what is wrong.
pub(crate) fn moment(app: &App, text: &str) -> Result<i64, &'static str> {
    const EARLIEST: i32 = 2001;
    let today = app.now().date();
    match day(text) {
        None => Err("badges-workshop-day-wrong"),
        Some(day) if day.year() < EARLIEST => Err("badges-award-day-too-early"),
        Some(day) if day == today || Some(day) == today.next_day() => Ok(app.seconds()),
        Some(day) if day > today => Err("badges-award-day-to-come"),
        Some(day) => Ok(beginning(day)),
    }
}

/// The moment of an award on a day, at which all that is chosen can be awarded; or what is wrong with
/// the day.
fn awarded_at(
    app: &App,
    ctx: &Ctx,
    choices: &[Choice],
    text: &str,
) -> Result<Result<i64, String>, Error> {
    let awarded_at = match moment(app, text) {
        Ok(awarded_at) => awarded_at,
        Err(key) => return Ok(Err(ctx.t(key))),
    };
    for choice in choices.iter().filter(|choice| choice.chosen) {
        if issuing::has_ended(app, &choice.version, awarded_at)? {
            return Ok(Err(ctx.t1("badges-award-day-ended", &choice.version.name)));
        }
    }
    Ok(Ok(awarded_at))
}

async fn award_page(
    app: &App,
    ctx: Ctx,
    at: AtWorkshop,
    choices: &[Choice],
    awarded_on: String,
    request: String,
) -> Result<AwardPage, Error> {
    let list = app.db.list_digest(&at.workshop.id).await?;
    let counts = app.db.list_counts(&at.workshop.id).await?;
    let awarded_at = moment(app, &awarded_on).unwrap_or_else(|_| app.seconds());
    let mut badges = Vec::new();
    for choice in choices.iter().filter(|choice| choice.chosen) {
        badges.push(rehearsed(app, &at, choice, counts.awards, awarded_at).await?);
    }
    Ok(AwardPage {
        ctx,
        at,
        counts,
        badges,
        awarded_on,
        again: false,
        request,
        list,
        is_changed: false,
        problems: Problems::default(),
    })
}

/// Builds a badge as it will be signed, for nobody.
async fn rehearsed(
    app: &App,
    at: &AtWorkshop,
    choice: &Choice,
    awards: i64,
    awarded_at: i64,
) -> Result<Rehearsed, Error> {
    // A day on which it cannot be awarded is told beside the field; the rest is shown as of today.
    let shown_at = match issuing::has_ended(app, &choice.version, awarded_at)? {
        true => app.seconds(),
        false => awarded_at,
    };
    let badge = issuing::preview(app, Some(&at.workshop), &choice.achievement, shown_at).await?;
    let narrative = badge
        .credential_subject
        .achievement
        .criteria
        .narrative
        .as_deref();
    let had = i64::try_from(choice.had).unwrap_or(0);
    Ok(Rehearsed {
        slug: choice.achievement.slug.clone(),
        text: choice.version.digest(),
        image: choice.version.image.clone(),
        criteria: narrative.map(Markup::markdown),
        valid_until: badge
            .valid_until
            .as_ref()
            .map(|until| until.get().unix_timestamp()),
        json: serde_json::to_string_pretty(&badge).map_err(Error::internal)?,
        badge,
        offered: awards - had,
        had,
    })
}
