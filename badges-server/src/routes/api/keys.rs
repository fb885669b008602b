//! The keys with which an issuer signs or has signed.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::body::Body;
use super::once::{Answer, once};
use super::paging::whole;
use super::{Client, Scope, moment};
use crate::error::Error;
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

pub(super) async fn rotate(
    State(app): State<App>,
    request: HeaderMap,
    client: Client,
    body: Body<Asked>,
) -> Result<Response, Error> {
    client.may(Scope::Administer)?;
    once(&app, &client, &request, &body.said, async {
        issuing::rotate(
            &app,
            &client.issuer,
            body.value.compromised,
            &client.person.id,
        )
        .await?;
        Answer::done(&serde_json::json!({ "items": things(&app, &client).await?, "next": null }))
    })
    .await
}
