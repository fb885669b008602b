//! The API for programs: JSON below `/api/v1`, described by `openapi.json` beside this file. It does
//! what the pages do, through the same functions. Errors are problem documents (RFC 9457).

mod achievements;
mod audit;
mod awards;
mod body;
mod client;
mod holders;
mod issuers;
mod jobs;
mod keys;
mod members;
mod once;
mod paging;
mod participants;
mod tag;
#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
mod tests;
mod workshops;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{MethodRouter, delete, get, patch, post, put};
use badges_core::model::DateTimeZ;
use badges_core::participants::MAX_BYTES;
use time::OffsetDateTime;

use super::{capacity_exchange, verify};
use crate::error::Error;
use crate::form::Problems;
use crate::published::published;
use crate::rate::{Cost, costly};
use crate::{App, images};

pub(crate) use body::kind;
pub(crate) use client::{Client, PREFIX, SCOPES, Scope};

/// The description of the API (OpenAPI 3.1).
const OPENAPI: &str = include_str!("openapi.json");

/// A method of a path, and what answers it.
struct Route {
    #[cfg_attr(not(test), expect(dead_code, reason = "compared with the description"))]
    method: &'static str,
    path: &'static str,
    made: fn() -> MethodRouter<App>,
}

/// The table of everything that the API answers: method, path below `/api/v1`, cost, handler, and
/// the longest body in bytes where it is not the usual one.
macro_rules! table {
    ($($method:ident $path:literal $cost:ident $handler:path $(, $longest:expr)?;)+) => {
        const ROUTES: &[Route] = &[$(Route {
            method: stringify!($method),
            path: concat!("/api/v1", $path),
            made: || costly(Cost::$cost, $method($handler)$(.layer(DefaultBodyLimit::max($longest)))?),
        }),+];
    };
}

table! {
    get "/openapi.json" Api description;
    // For everybody
    post "/verify" Verify verify::api::answer, verify::api::MOST_BYTES;
    get "/users/{name}/credentials" Api capacity_exchange::credentials;
    // For holders, who have a secret
    get "/claims/{claim}" Claim holders::offer;
    post "/claims/{claim}/accept" Claim holders::accept;
    post "/claims/{claim}/decline" Claim holders::decline;
    get "/mine/{holder}" Claim holders::read;
    patch "/mine/{holder}" Claim holders::change;
    delete "/mine/{holder}" Claim holders::erase;
    // For issuers, whose programs have a token
    get "/issuers" Api issuers::list;
    get "/issuers/{issuer}" Api issuers::read;
    patch "/issuers/{issuer}" Api issuers::change;
    put "/issuers/{issuer}/logo" Api issuers::set_logo, images::MAX_SENT;
    delete "/issuers/{issuer}/logo" Api issuers::delete_logo;
    get "/issuers/{issuer}/achievements" Api achievements::list;
    post "/issuers/{issuer}/achievements" Api achievements::make;
    get "/issuers/{issuer}/achievements/{achievement}" Api achievements::read;
    patch "/issuers/{issuer}/achievements/{achievement}" Api achievements::change;
    put "/issuers/{issuer}/achievements/{achievement}/picture" Api achievements::set_picture, images::MAX_SENT;
    delete "/issuers/{issuer}/achievements/{achievement}/picture" Api achievements::delete_picture;
    get "/issuers/{issuer}/achievements/{achievement}/versions" Api achievements::versions;
    get "/issuers/{issuer}/workshops" Api workshops::list;
    post "/issuers/{issuer}/workshops" Api workshops::make;
    get "/issuers/{issuer}/workshops/{workshop}" Api workshops::read;
    patch "/issuers/{issuer}/workshops/{workshop}" Api workshops::change;
    get "/issuers/{issuer}/workshops/{workshop}/participants" Api participants::list;
    post "/issuers/{issuer}/workshops/{workshop}/participants" Api participants::import, MAX_BYTES;
    patch "/issuers/{issuer}/workshops/{workshop}/participants/{participant}" Api participants::mend;
    delete "/issuers/{issuer}/workshops/{workshop}/participants/{participant}" Api participants::remove;
    post "/issuers/{issuer}/workshops/{workshop}/awards" Api jobs::start;
    get "/issuers/{issuer}/jobs/{job}" Api jobs::read;
    get "/issuers/{issuer}/jobs/{job}/rows" Api jobs::rows;
    get "/issuers/{issuer}/awards" Api awards::list;
    get "/issuers/{issuer}/awards/{award}" Api awards::read;
    post "/issuers/{issuer}/awards/{award}/revoke" Api awards::revoke;
    post "/issuers/{issuer}/awards/{award}/suspend" Api awards::suspend;
    post "/issuers/{issuer}/awards/{award}/reinstate" Api awards::reinstate;
    post "/issuers/{issuer}/awards/{award}/correct" Api awards::correct;
    post "/issuers/{issuer}/awards/{award}/renew-claim" Api awards::renew_claim;
    get "/issuers/{issuer}/members" Api members::list;
    post "/issuers/{issuer}/members" Api members::invite;
    get "/issuers/{issuer}/members/{person}" Api members::read;
    patch "/issuers/{issuer}/members/{person}" Api members::change;
    delete "/issuers/{issuer}/members/{person}" Api members::remove;
    get "/issuers/{issuer}/keys" Api keys::list;
    post "/issuers/{issuer}/keys/rotate" Api keys::rotate;
    get "/issuers/{issuer}/audit" Api audit::list;
}

pub(crate) fn routes() -> Router<App> {
    ROUTES.iter().fold(Router::new(), |router, route| {
        router.route(route.path, (route.made)())
    })
}

async fn description(request: HeaderMap) -> Response {
    published(&request, "application/openapi+json;version=3.1", OPENAPI)
}

/// A moment, from seconds since 1970.
fn moment(seconds: i64) -> String {
    let moment = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    DateTimeZ::from(moment).to_string()
}

/// What is wrong with a form, for programs: the repeated rows of forms are members of lists there, so
/// that `alignment-0-name` is `alignments[0].name`.
fn problems(wrong: Problems) -> Error {
    let mut told = Problems::default();
    for (field, text) in wrong.list() {
        let parts: Vec<&str> = field.splitn(3, '-').collect();
        match parts[..] {
            [kind, index, member] if index.parse::<usize>().is_ok() => {
                told.add(format!("{kind}s[{index}].{member}"), text)
            }
            _ => told.add(field, text),
        }
    }
    Error::Problems(told)
}

/// The slugs of achievements of an issuer; those that are gone are left out.
async fn slugs_of(app: &App, issuer: &str, ids: &[String]) -> Result<Vec<String>, Error> {
    let all = app.db.achievements(issuer).await?;
    let mut slugs: Vec<String> = all
        .into_iter()
        .filter(|(achievement, _)| ids.contains(&achievement.id))
        .map(|(achievement, _)| achievement.slug)
        .collect();
    slugs.sort();
    Ok(slugs)
}

/// The ids of achievements of an issuer, each once.
///
/// # Errors
/// When there is no achievement of a slug.
async fn ids_of(app: &App, issuer: &str, slugs: &[String]) -> Result<Vec<String>, Error> {
    let all = app.db.achievements(issuer).await?;
    let mut ids = Vec::with_capacity(slugs.len());
    for (index, slug) in slugs.iter().enumerate() {
        let found = all
            .iter()
            .find(|(achievement, _)| achievement.slug == *slug);
        let unknown = || {
            Error::refused(
                &format!("achievements[{index}]"),
                "badges-api-no-achievement",
                &[slug],
            )
        };
        let (achievement, _) = found.ok_or_else(unknown)?;
        if !ids.contains(&achievement.id) {
            ids.push(achievement.id.clone());
        }
    }
    Ok(ids)
}
