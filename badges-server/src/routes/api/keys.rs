//! The keys with which an issuer signs or has signed.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::body::Body;
use super::once::{Answer, once};
use super::paging::whole;
use super::{Client, Scope, moment};
use crate::db::KeyRow;
use crate::error::Error;
use crate::keys::KeyState;
use crate::{App, issuing};

#[derive(Debug, Serialize)]
struct Shown {
    multikey: String,
    did: String,
    algorithm: String,
    state: String,
    made_at: String,
    ended_at: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// Whether somebody else may have the keys that sign now.
    #[serde(default)]
    compromised: bool,
}

/// All keys, those of the current DID first.
async fn things(app: &App, client: &Client) -> Result<Vec<Shown>, Error> {
    let mut things = Vec::new();
    for identity in app.db.identities(&client.issuer.id).await? {
        let keys = app.db.keys(&identity.did).await?;
        things.extend(keys.into_iter().map(|key| Shown {
            multikey: key.multikey,
            did: key.did,
            algorithm: key.algorithm,
            state: key.state,
            made_at: moment(key.made_at),
            ended_at: key.ended_at.map(moment),
        }));
    }
    Ok(things)
}

pub(super) async fn list(
    State(app): State<App>,
    request: HeaderMap,
    client: Client,
) -> Result<Response, Error> {
    client.may(Scope::Read)?;
    whole(&request, things(&app, &client).await?)
}

/// Whether keys have ended since then as they are to end.
async fn is_rotated(
    app: &App,
    client: &Client,
    since: Option<i64>,
    state: KeyState,
) -> Result<bool, Error> {
    let Some(since) = since else {
        return Ok(false);
    };
    for identity in app.db.identities(&client.issuer.id).await? {
        let keys = app.db.keys(&identity.did).await?;
        let has_ended = |key: &KeyRow| {
            key.state == state.as_str() && key.ended_at.is_some_and(|ended| ended >= since)
        };
        if keys.iter().any(has_ended) {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(super) async fn rotate(
    State(app): State<App>,
    request: HeaderMap,
    client: Client,
    body: Body<Asked>,
) -> Result<Response, Error> {
    client.may(Scope::Administer)?;
    let compromised = body.value.compromised;
    once(
        app,
        client,
        request,
        body.said,
        move |app, client, _, attempt| async move {
            let state = match compromised {
                true => KeyState::Compromised,
                false => KeyState::Retired,
            };
            if !is_rotated(&app, &client, attempt.since, state).await? {
                issuing::rotate(&app, &client.issuer, compromised, &client.person.id).await?;
            }
            Answer::done(
                &serde_json::json!({ "items": things(&app, &client).await?, "next": null }),
            )
        },
    )
    .await
    .map(IntoResponse::into_response)
}
