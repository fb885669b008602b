//! Status lists: which badges are revoked or suspended, as signed credentials that anybody may fetch.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use badges_core::publish::JSON_MEDIA_TYPE;

use super::issuers::asked;
use crate::error::Error;
use crate::published::published;
use crate::{App, issuing};

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/issuers/{issuer}/status/{number}", get(list))
}

/// A list of the issuer's identity at the host that was asked. Each identity counts its lists for
/// itself.
async fn list(
    State(app): State<App>,
    request: HeaderMap,
    Path((slug, number)): Path<(String, String)>,
) -> Result<Response, Error> {
    let number = number
        .strip_suffix(".json")
        .unwrap_or(&number)
        .parse()
        .map_err(|_| Error::NotFound)?;
    let issuer = app.db.issuer_by_slug(&slug).await?.ok_or(Error::NotFound)?;
    for base in asked(&app, &issuer, &request).await? {
        if let Some(list) = issuing::status_list(&app, base.did(), number).await? {
            return Ok(published(&request, JSON_MEDIA_TYPE, list.text));
        }
    }
    Err(Error::NotFound)
}

#[cfg(test)]
mod tests {
    use crate::issuing::{Named, Visibility};
    use crate::routes::badges::tests::{get, person, taken};
    use crate::testing::on_both;

    on_both! {
        async fn a_list_stays_where_it_was_when_the_service_moves(app: TestApp) {
            let scene = app.scene().await;
            let one = person(&app, "Example One", 1).await;
            taken(&app, &scene, &scene.achievement, &one, Visibility::Public, Named::Nothing).await;
            let moved = app.again("https://new.example.org").await;
            moved.pass(60);
            let two = person(&moved, "Example Two", 2).await;
            taken(&moved, &scene, &scene.achievement, &two, Visibility::Public, Named::Nothing).await;
            let list = "/issuers/academy/status/1";
            for (host, expected) in [
                ("badges.example.org", "badges.example.org"),
                ("new.example.org", "new.example.org"),
                ("elsewhere.example.org", "new.example.org"),
            ] {
                let found = get(&moved, list, &[("host", host)]).await.json();
                assert_eq!(found["id"], format!("https://{expected}{list}"), "{host}");
                assert_eq!(found["issuer"], format!("did:web:{expected}:issuers:academy"));
            }
            assert_eq!(get(&moved, "/issuers/academy/status/2", &[("host", "badges.example.org")]).await.status, 404);
        }
    }
}
