//! Status lists: which badges are revoked or suspended, as signed credentials that anybody may fetch.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use badges_core::publish::JSON_MEDIA_TYPE;

use crate::error::Error;
use crate::published::published;
use crate::{App, issuing};

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/issuers/{issuer}/status/{number}", get(list))
}

/// A list of the newest identity that has one of this number: an issuer whose address has changed
/// has more than one identity on the web, and each counts for itself.
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
    let identities = app.db.identities(&issuer.id).await?;
    for identity in identities.iter().filter(|identity| identity.base.is_some()) {
        if let Some(list) = issuing::status_list(&app, &identity.did, number).await? {
            return Ok(published(&request, JSON_MEDIA_TYPE, list.text));
        }
    }
    Err(Error::NotFound)
}
