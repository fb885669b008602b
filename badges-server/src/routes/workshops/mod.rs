//! Workshops: from a list of names to claim links, in three steps. 1 list, 2 check, 3 award.

mod accounts;
mod award;
mod check;
mod form;
mod import;
mod links;
mod mend;
mod overview;
mod program;
mod roster;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;

use std::collections::HashMap;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts, Path};
use axum::http::request::Parts;
use axum::routing::{get, post};
use badges_core::participants::MAX_BYTES;
use time::Date;
use time::macros::format_description;

use crate::App;
use crate::auth::Desk;
use crate::db::WorkshopRow;
use crate::error::Error;
use crate::page::Ctx;
use crate::rate::{Cost, costly};

pub(crate) use self::award::moment as award_moment;
pub(in crate::routes) use self::form::{Typed, insert, update};
pub(in crate::routes) use self::program::{
    Import, import_event, import_list, mend_row, remove_row,
};
pub(in crate::routes) use self::roster::Reading;

pub(crate) fn routes() -> Router<App> {
    let workshop = "/desk/{issuer}/workshops/{workshop}";
    let below = |rest: &str| format!("{workshop}/{rest}");
    // A list, and the form around it.
    let longest_list = DefaultBodyLimit::max(MAX_BYTES + (64 << 10));
    Router::new()
        .route(
            "/desk/{issuer}/workshops/new",
            get(form::new).post(form::make),
        )
        .route(workshop, get(overview::overview))
        .route(&below("edit"), get(form::edit).post(form::save))
        .route(
            &below("participants"),
            get(check::check)
                .merge(costly(Cost::Import, post(import::import)))
                .layer(longest_list),
        )
        .route(&below("participants/add"), get(import::add))
        .route(
            &below("participants/mend"),
            costly(Cost::Import, post(mend::mend)),
        )
        .route(
            &below("participants/accounts"),
            costly(Cost::Import, post(check::look_up)),
        )
        .route(&below("award"), get(award::rehearse).post(award::award))
        .route(&below("links"), get(links::links))
        .route(&below("links.csv"), get(links::csv))
        .route(&below("links/renew"), post(links::renew))
        .route(&below("links/slips"), get(links::slips))
        .route(&below("links/wikitext"), get(links::wikitext))
}

/// A person at work on a workshop, whose id is `{workshop}` in the path; an extractor.
pub(crate) struct AtWorkshop {
    pub(crate) desk: Desk,
    pub(crate) workshop: WorkshopRow,
}

impl AtWorkshop {
    /// A workshop of the desk's issuer.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it is no such.
    pub(crate) async fn find(app: &App, desk: Desk, id: &str) -> Result<Self, Error> {
        let workshop = app.db.workshop(id).await?;
        let workshop = workshop
            .filter(|workshop| workshop.issuer == desk.issuer.id)
            .ok_or(Error::NotFound)?;
        Ok(Self { desk, workshop })
    }

    /// The path of the workshop's pages.
    pub(crate) fn path(&self, rest: &str) -> String {
        format!(
            "/desk/{}/workshops/{}{rest}",
            self.desk.issuer.slug, self.workshop.id
        )
    }
}

impl FromRequestParts<App> for AtWorkshop {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let desk = Desk::from_request_parts(parts, app).await?;
        let Path(names) = Path::<HashMap<String, String>>::from_request_parts(parts, app)
            .await
            .map_err(|_| Error::NotFound)?;
        Self::find(app, desk, names.get("workshop").ok_or(Error::NotFound)?).await
    }
}

/// How people learn there: names as in the database, and their words.
fn methods(ctx: &Ctx) -> [(&'static str, String); 7] {
    [
        ("training", ctx.t("badges-workshop-method-training")),
        ("mentoring", ctx.t("badges-workshop-method-mentoring")),
        ("consulting", ctx.t("badges-workshop-method-consulting")),
        (
            "online-learning",
            ctx.t("badges-workshop-method-online-learning"),
        ),
        ("peer-support", ctx.t("badges-workshop-method-peer-support")),
        ("event", ctx.t("badges-workshop-method-event")),
        ("other", ctx.t("badges-workshop-method-other")),
    ]
}

/// A day as forms and the database write it.
pub(crate) fn day(text: &str) -> Option<Date> {
    Date::parse(text, format_description!("[year]-[month]-[day]")).ok()
}

/// The seconds since 1970 at which a day begins.
pub(crate) fn beginning(day: Date) -> i64 {
    day.midnight().assume_utc().unix_timestamp()
}

/// When a workshop was, in words.
fn dates(ctx: &Ctx, workshop: &WorkshopRow) -> String {
    let words =
        |text: &str| day(text).map_or_else(|| text.to_owned(), |day| ctx.day(&beginning(day)));
    match &workshop.ends_on {
        Some(end) if *end != workshop.starts_on => ctx.t2(
            "badges-workshop-dates",
            &words(&workshop.starts_on),
            &words(end),
        ),
        _ => words(&workshop.starts_on),
    }
}
