//! What Capacity Exchange and others ask for by a Wikimedia user name: in the two shapes that it
//! imports already, and in our own.
//!
//! Only badges count that their holders have accepted, made public, and let name them by their user
//! name. A public badge that names nobody must not be found by a name, or asking here would tell
//! whose it is. Names and descriptions are those of the badge and never those of the reader's
//! language: Capacity Exchange takes a badge with another name for another badge.

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{Redirect, Response};
use axum::routing::get;
use badges_core::participants::UserName;
use serde::Deserialize;
use serde_json::{Value, json};

use super::badges::{Sight, path_of};
use super::people::ListedBadge;
use crate::App;
use crate::db::PublicBadge;
use crate::error::Error;
use crate::published::published_json;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/user-badges/", get(lets_connect))
        .route("/badge/{token}/", get(by_code))
        .route("/api/badges/v1/assertions/user/{name}/", get(wikilearn))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    username: String,
}

/// The shape of Let's Connect.
async fn lets_connect(
    State(app): State<App>,
    request: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
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

/// Where who knows Let's Connect looks for a badge by its `verification_code`.
async fn by_code(State(app): State<App>, Path(token): Path<String>) -> Result<Redirect, Error> {
    let award = app
        .db
        .award_by_token(&token)
        .await?
        .ok_or(Error::NotFound)?;
    if Sight::of(&award, false) == Sight::Hidden {
        return Err(Error::NotFound);
    }
    let issuer = app.db.issuer(&award.issuer).await?.ok_or(Error::NotFound)?;
    Ok(Redirect::permanent(&path_of(&issuer.slug, &token)))
}

/// The shape of WikiLearn.
async fn wikilearn(
    State(app): State<App>,
    request: HeaderMap,
    Path(name): Path<String>,
) -> Result<Response, Error> {
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
    Ok(published_json(
        &request,
        "application/json",
        &json!({"results": results}),
    ))
}

/// Our own shape, which tells of revoked badges too that they are.
pub(super) async fn credentials(
    State(app): State<App>,
    request: HeaderMap,
    Path(name): Path<String>,
) -> Result<Response, Error> {
    let badges = of_path(&app, &name).await?;
    let badges: Vec<ListedBadge> = badges.into_iter().map(|(_, badge)| badge).collect();
    Ok(published_json(
        &request,
        "application/json",
        &json!({"credentials": badges}),
    ))
}

/// The badges of a name in a path. There `+` is a plus; but some write it for a space.
async fn of_path(app: &App, name: &str) -> Result<Vec<(PublicBadge, ListedBadge)>, Error> {
    let badges = named_badges(app, name).await?;
    if badges.is_empty() && name.contains('+') {
        return named_badges(app, &name.replace('+', " ")).await;
    }
    Ok(badges)
}

/// The public badges that name their holder by this user name. Accounts are known by their central
/// ids, so that nobody gets the badges of a name that was somebody else's before.
async fn named_badges(app: &App, name: &str) -> Result<Vec<(PublicBadge, ListedBadge)>, Error> {
    let Ok(name) = UserName::parse(name) else {
        return Ok(Vec::new());
    };
    let badges = app.db.public_badges_named(name.as_str()).await?;
    badges
        .into_iter()
        .map(|badge| ListedBadge::of(app, &badge).map(|listed| (badge, listed)))
        .collect()
}

/// Those shapes know no status: what is listed is valid.
fn valid(mut badges: Vec<(PublicBadge, ListedBadge)>) -> Vec<(PublicBadge, ListedBadge)> {
    badges.retain(|(_, badge)| badge.status == "valid");
    badges
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::issuing::{self, Acceptance, Named, Reason, Visibility};
    use crate::routes::badges::tests::{get, person, taken};
    use crate::testing::{PUBLIC_URL, on_both};

    on_both! {
        async fn badges_are_found_by_the_names_that_they_tell(app: TestApp) {
            let scene = app.scene().await;
            let who = person(&app, "Example Volunteer", 7).await;
            let unnamed = taken(&app, &scene, &scene.suspendable, &who, Visibility::Public, Named::Nothing).await;
            for path in ["/user-badges/?username=Example_Volunteer", "/user-badges/", "/user-badges/?username=%23%23", "/user-badges/?username=Nobody"] {
                assert_eq!(get(&app, path, &[]).await.json(), json!([]), "{path}");
            }
            let path = "/api/badges/v1/assertions/user/Nobody/";
            assert_eq!(get(&app, path, &[]).await.json(), json!({"results": []}));
            let award = taken(&app, &scene, &scene.achievement, &who, Visibility::Public, Named::UserName).await;
            let picture = format!("{PUBLIC_URL}/issuers/academy/achievements/editor.png");
            let lets_connect = json!([{
                "name": "Wikipedia Editor",
                "picture": picture,
                "description": "Edits articles with sources.",
                "timestamp": "2026-05-01T10:00:00Z",
                "verification_code": award.token,
            }]);
            let wikilearn = json!({"results": [{
                "badge_class": {"display_name": "Wikipedia Editor", "description": "Edits articles with sources."},
                "image_url": picture,
                "assertion_url": award.credential_id,
                "created": "2026-05-01T10:00:00Z",
            }]});
            for name in ["Example Volunteer", "Example%20Volunteer", "Example_Volunteer", "Example+Volunteer", "example_Volunteer", "User:Example_Volunteer"] {
                let name = name.replace(' ', "%20");
                // Never in the reader's language.
                for language in ["en", "ar"] {
                    let headers = &[("accept-language", language)];
                    assert_eq!(get(&app, &format!("/user-badges/?username={name}"), headers).await.json(), lets_connect, "{name}");
                    let answered = get(&app, &format!("/api/badges/v1/assertions/user/{name}/"), headers).await;
                    assert_eq!(answered.json(), wikilearn, "{name}");
                    assert_eq!(answered.headers["access-control-allow-origin"], "*");
                }
            }
            let found = get(&app, &format!("/badge/{}/", award.token), &[]).await;
            assert_eq!(format!("{PUBLIC_URL}{}", found.headers["location"].to_str().unwrap()), award.credential_id);
            assert_eq!(get(&app, "/badge/nothing/", &[]).await.status, 404);
            let own = "/api/v1/users/Example_Volunteer/credentials";
            let listed = get(&app, own, &[]).await.json();
            assert_eq!(listed["credentials"][0]["id"], award.credential_id);
            assert_eq!(listed["credentials"][0]["status"], "valid");
            assert_eq!(listed["credentials"][1], Value::Null);
            assert!(!listed.to_string().contains(&unnamed.token));

            issuing::revoke(&app, &award.id, Reason::Mistake, None, &scene.owner).await.unwrap();
            assert_eq!(get(&app, own, &[]).await.json()["credentials"][0]["status"], "revoked");
            assert_eq!(get(&app, "/user-badges/?username=Example_Volunteer", &[]).await.json(), json!([]));
        }

        async fn nobody_is_found_who_does_not_want_to_be(app: TestApp) {
            let scene = app.scene().await;
            let who = person(&app, "Example Volunteer", 7).await;
            let award = taken(&app, &scene, &scene.achievement, &who, Visibility::Public, Named::UserName).await;
            let found = async || {
                let listed = get(&app, "/api/v1/users/Example_Volunteer/credentials", &[]).await.json();
                listed["credentials"].as_array().unwrap().len()
            };
            assert_eq!(found().await, 1);
            let choice = |visibility, named| Acceptance { visibility, named, person: Some(who.clone()) };
            for (visibility, named, expected) in [
                (Visibility::Unlisted, Named::UserName, 0),
                (Visibility::Private, Named::UserName, 0),
                (Visibility::Public, Named::Hashed, 0),
                (Visibility::Public, Named::Name("Example Volunteer".to_owned()), 0),
                (Visibility::Public, Named::Nothing, 0),
                (Visibility::Public, Named::UserName, 1),
            ] {
                issuing::change(&app, &award.id, choice(visibility, named.clone())).await.unwrap();
                assert_eq!(found().await, expected, "{visibility:?} {named:?}");
                let by_code = get(&app, &format!("/badge/{}/", award.token), &[]).await.status;
                assert_eq!(by_code == 404, visibility == Visibility::Private);
            }
            // Two accounts were seen with the name: whose it is now, nobody here knows.
            let other = person(&app, "Example Volunteer", 8).await;
            assert_eq!(found().await, 0);
            app.db.set_account(&other, 8, Some("Somebody Else")).await.unwrap();
            assert_eq!(found().await, 1);
            issuing::withdraw(&app, &award.id, Some(&who)).await.unwrap();
            assert_eq!(found().await, 0);
        }

        async fn holders_without_an_account_here_are_found_too(app: TestApp) {
            let offers = app.offers(&[("Example Volunteer", 7), ("Example Nobody", 0)]).await;
            let accept = async |offer: usize, named| {
                let choice = Acceptance { visibility: Visibility::Public, named, person: None };
                issuing::accept(&app, &offers[offer].award, choice).await.unwrap();
            };
            accept(0, Named::UserName).await;
            // The wiki knows nobody of that name, so it is nobody's.
            accept(1, Named::UserName).await;
            for (name, expected) in [("Example_Volunteer", 1), ("Example_Nobody", 0)] {
                let listed = get(&app, &format!("/user-badges/?username={name}"), &[]).await.json();
                assert_eq!(listed.as_array().unwrap().len(), expected, "{name}");
            }
            let choice = Acceptance { visibility: Visibility::Public, named: Named::Nothing, person: None };
            issuing::change(&app, &offers[0].award, choice).await.unwrap();
            assert_eq!(get(&app, "/user-badges/?username=Example_Volunteer", &[]).await.json(), json!([]));
        }
    }
}
