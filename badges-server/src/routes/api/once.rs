//! Requests that are done once, however often they are sent: with the header `Idempotency-Key`.

use std::future::Future;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;

use super::Client;
use crate::error::Error;
use crate::{App, secret};

/// What a request that changes something is answered with.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Value,
    /// The path of what was made.
    pub(crate) location: Option<String>,
}

/// The longest key.
const MAX_KEY: usize = 255;
/// After so many seconds without an answer, whoever began a request is taken for dead.
const PATIENCE: i64 = 60;

/// Does it, unless a request with the same key was answered: then gives that answer again. The key
/// belongs to the token and to one request, `request` being all that it says.
///
/// # Errors
/// A key that is none, that belongs to another request, or whose first request is under way; and
/// those of `work`, which leave the key free.
pub(crate) async fn once(
    app: &App,
    client: &Client,
    headers: &HeaderMap,
    request: &str,
    work: impl Future<Output = Result<Answer, Error>>,
) -> Result<Response, Error> {
    let Some(key) = headers.get("idempotency-key") else {
        return work.await.map(IntoResponse::into_response);
    };
    let key = key.to_str().ok().filter(|key| {
        !key.is_empty() && key.len() <= MAX_KEY && key.bytes().all(|byte| byte.is_ascii_graphic())
    });
    let key = key.ok_or_else(|| Error::refused("Idempotency-Key", "badges-api-key-form", &[]))?;
    let hash = secret::hash(request);
    let now = app.seconds();
    if !app.db.begin_request(&client.token, key, &hash, now).await? {
        let known = app
            .db
            .request(&client.token, key)
            .await?
            .ok_or(Error::Conflict {
                key: "badges-api-key-busy",
            })?;
        if known.request_hash != hash {
            return Err(Error::refused(
                "Idempotency-Key",
                "badges-api-key-other",
                &[],
            ));
        }
        match (known.status, known.body) {
            (Some(status), Some(body)) => {
                let body = app.seal.unseal(&body).map_err(Error::internal)?;
                let answer = Answer {
                    status: u16::try_from(status)
                        .ok()
                        .and_then(|status| StatusCode::from_u16(status).ok())
                        .ok_or_else(|| Error::internal("an answer was kept without a status"))?,
                    body: serde_json::from_slice(&body).map_err(Error::internal)?,
                    location: known.location,
                };
                return Ok(answer.into_response());
            }
            _ if known.made_at + PATIENCE > now => {
                return Err(Error::Conflict {
                    key: "badges-api-key-busy",
                });
            }
            // Whoever began it is gone; what it did is done by functions that do nothing twice.
            _ => {}
        }
    }
    match work.await {
        Ok(answer) => {
            // It may hold links that are secrets.
            let body = app
                .seal
                .seal(answer.body.to_string().as_bytes())
                .map_err(Error::internal)?;
            app.db
                .end_request(
                    &client.token,
                    key,
                    answer.status.as_u16(),
                    &body,
                    answer.location.as_deref(),
                )
                .await?;
            Ok(answer.into_response())
        }
        Err(error) => {
            app.db.forget_request(&client.token, key).await?;
            Err(error)
        }
    }
}

impl Answer {
    /// That something was made, which is at this path now.
    pub(crate) fn created(location: String, thing: &impl Serialize) -> Result<Self, Error> {
        let body = serde_json::to_value(thing).map_err(Error::internal)?;
        Ok(Self {
            status: StatusCode::CREATED,
            body,
            location: Some(location),
        })
    }

    /// That something was done, with what came of it.
    pub(crate) fn done(thing: &impl Serialize) -> Result<Self, Error> {
        let body = serde_json::to_value(thing).map_err(Error::internal)?;
        Ok(Self {
            status: StatusCode::OK,
            body,
            location: None,
        })
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = (self.status, axum::Json(self.body)).into_response();
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(location) = self
            .location
            .and_then(|location| HeaderValue::from_str(&location).ok())
        {
            response.headers_mut().insert(header::LOCATION, location);
        }
        response
    }
}
