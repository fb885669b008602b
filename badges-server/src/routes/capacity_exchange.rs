//! What Capacity Exchange and others ask for by a Wikimedia user name: in the two shapes that it
//! imports already, and in our own.
//!
//! Only badges count that their holders have accepted, made public, and let name them by their user
//! name. A public badge that names nobody must not be found by a name, or asking here would tell
//! whose it is. Names and descriptions are those of the badge and never those of the reader's
//! language: Capacity Exchange takes a badge with another name for another badge.

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use axum::Router;
use badges_core::participants::UserName;
use serde::Deserialize;
use serde_json::{Value, json};

use super::people::ListedBadge;
use crate::App;
use crate::db::PublicBadge;
use crate::error::Error;
use crate::published::published_json;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/user-badges/", get(lets_connect))
        .route("/api/badges/v1/assertions/user/{name}/", get(wikilearn))
        .route("/api/v1/users/{name}/credentials", get(credentials))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    username: String,
}

/// The shape of Let's Connect.
async fn lets_connect(State(app): State<App>, request: HeaderMap, Query(asked): Query<Asked>) -> Result<Response, Error> {
    let badges = valid(named_badges(&app, &asked.username).await?);
    let badges: Vec<Value> = badges
        .iter()
        .map(|(row, badge)| {
            json!({
                "name": badge.name,
                "picture": badge.image,
                "description": badge.description,
                "timestamp": badge.awarded_date,
                "verification_code": row.token,
            })
        })
        .collect();
    Ok(published_json(&request, "application/json", &badges.into()))
}

/// The shape of WikiLearn.
async fn wikilearn(State(app): State<App>, request: HeaderMap, Path(name): Path<String>) -> Result<Response, Error> {
    let badges = valid(of_path(&app, &name).await?);
    let results: Vec<Value> = badges
        .iter()
        .map(|(_, badge)| {
            json!({
                "badge_class": {"display_name": badge.name, "description": badge.description},
                "image_url": badge.image,
                "assertion_url": badge.url,
                "created": badge.awarded_date,
            })
        })
        .collect();
    Ok(published_json(&request, "application/json", &json!({"results": results})))
}

/// Our own shape, which tells of revoked badges too that they are.
async fn credentials(State(app): State<App>, request: HeaderMap, Path(name): Path<String>) -> Result<Response, Error> {
    let badges = of_path(&app, &name).await?;
    let badges: Vec<ListedBadge> = badges.into_iter().map(|(_, badge)| badge).collect();
    Ok(published_json(&request, "application/json", &json!({"credentials": badges})))
}

/// The badges of a name in a path. There `+` is a plus; but some write it for a space.
async fn of_path(app: &App, name: &str) -> Result<Vec<(PublicBadge, ListedBadge)>, Error> {
    let badges = named_badges(app, name).await?;
    if badges.is_empty() && name.contains('+') {
        return named_badges(app, &name.replace('+', " ")).await;
    }
    Ok(badges)
}

/// The public badges that name their holder by this user name. The account is bound by its central
/// id, so that nobody gets the badges of a name that was somebody else's before.
async fn named_badges(app: &App, name: &str) -> Result<Vec<(PublicBadge, ListedBadge)>, Error> {
    let Ok(name) = UserName::parse(name) else {
        return Ok(Vec::new());
    };
    let Some(person) = app.db.person_by_user_name(name.as_str()).await? else {
        return Ok(Vec::new());
    };
    let badges = app.db.public_badges(&person).await?;
    badges
        .into_iter()
        .filter(|badge| badge.named == "user-name")
        .map(|badge| ListedBadge::of(app, &badge).map(|listed| (badge, listed)))
        .collect()
}

/// Those shapes know no status: what is listed is valid.
fn valid(mut badges: Vec<(PublicBadge, ListedBadge)>) -> Vec<(PublicBadge, ListedBadge)> {
    badges.retain(|(_, badge)| badge.status == "valid");
    badges
}
