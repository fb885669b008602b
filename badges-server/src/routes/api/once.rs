//! Requests that are done once, however often they are sent: with the header `Idempotency-Key`.

use std::future::Future;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::Client;
use super::tag::tagged;
use crate::ambient::random_id;
use crate::error::Error;
use crate::{App, secret};

/// What a request that changes something is answered with.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    /// JSON.
    pub(crate) body: String,
    /// The path of what was made.
    pub(crate) location: Option<String>,
}

/// What a request knows of itself that is being done.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    /// The id for what it makes: the same when the same request comes again.
    pub(crate) id: String,
    /// Since when it may have been done already, where nobody knows what came of it.
    pub(crate) since: Option<i64>,
}

/// The place of a request that is done once, while this process does it.
struct Place {
    token: String,
    key: String,
    /// When this process took it.
    taken_at: i64,
}

/// The longest key.
const MAX_KEY: usize = 255;
/// After so many seconds without an answer, whoever began a request is taken for dead. No request
/// takes as long: an answer takes two minutes at most.
const PATIENCE: i64 = 300;

/// Does it, unless a request with the same key was answered: then gives that answer again. The key
/// belongs to the token and to one request, `said` being all that it says. What has a key is done to
/// its end and kept, also if nobody waits for the answer any more.
///
/// # Errors
/// A key that is none, that belongs to another request, or whose first request is under way; and
/// those of `work`, which leave the key free.
pub(crate) async fn once<W, F>(
    app: App,
    client: Client,
    request: HeaderMap,
    said: String,
    work: W,
) -> Result<Answer, Error>
where
    W: FnOnce(App, Client, HeaderMap, Attempt) -> F + Send + 'static,
    F: Future<Output = Result<Answer, Error>> + Send + 'static,
{
    let Some(key) = request.get("idempotency-key") else {
        let attempt = Attempt {
            id: random_id(),
            since: None,
        };
        return work(app, client, request, attempt).await;
    };
    let key = key.to_str().ok().filter(|key| {
        !key.is_empty() && key.len() <= MAX_KEY && key.bytes().all(|byte| byte.is_ascii_graphic())
    });
    let key = key.ok_or_else(|| Error::refused("Idempotency-Key", "badges-api-key-form", &[]))?;
    let place = Place {
        token: client.token.clone(),
        key: key.to_owned(),
        taken_at: app.seconds(),
    };
    // From taking the place on, so that none is taken and left.
    let task = tokio::spawn(async move {
        let attempt = match place.take(&app, &secret::hash(&said)).await? {
            Taken::Here(attempt) => attempt,
            Taken::Answered(answer) => return Ok(answer),
        };
        match work(app.clone(), client, request, attempt).await {
            Ok(answer) => {
                place.keep(&app, &answer).await?;
                Ok(answer)
            }
            Err(error) => {
                app.db
                    .forget_request(&place.token, &place.key, place.taken_at)
                    .await?;
                Err(error)
            }
        }
    });
    task.await.map_err(Error::internal)?
}

/// What became of a place that was asked for.
enum Taken {
    Here(Attempt),
    Answered(Answer),
}

impl Place {
    async fn take(&self, app: &App, hash: &str) -> Result<Taken, Error> {
        let Self {
            token,
            key,
            taken_at: now,
        } = self;
        if app.db.begin_request(token, key, hash, *now).await? {
            return Ok(Taken::Here(self.attempt(*now, None)));
        }
        let busy = || Error::Conflict {
            key: "badges-api-key-busy",
        };
        let known = app.db.request(token, key).await?.ok_or_else(busy)?;
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
                Ok(Taken::Answered(Answer {
                    status: u16::try_from(status)
                        .ok()
                        .and_then(|status| StatusCode::from_u16(status).ok())
                        .ok_or_else(|| Error::internal("an answer was kept without a status"))?,
                    body: String::from_utf8(body.to_vec()).map_err(Error::internal)?,
                    location: known.location,
                }))
            }
            (Some(_), None) => Err(Error::Conflict {
                key: "badges-api-key-erased",
            }),
            // Whoever began it is gone, and one request takes its place.
            (None, _)
                if known.taken_at + PATIENCE <= *now
                    && app
                        .db
                        .take_request(token, key, known.taken_at, *now)
                        .await? =>
            {
                let since = known.made_at;
                Ok(Taken::Here(self.attempt(since, Some(since))))
            }
            (None, _) => Err(busy()),
        }
    }

    /// Ids are the same for the same place. After a day it is another one, also with the same key.
    fn attempt(&self, made_at: i64, since: Option<i64>) -> Attempt {
        let mut id = secret::hash(&format!("{} {} {made_at}", self.token, self.key));
        // As long as others are.
        id.truncate(22);
        Attempt { id, since }
    }

    /// Keeps the answer. It may hold links that are secrets.
    async fn keep(&self, app: &App, answer: &Answer) -> Result<(), Error> {
        let body = app
            .seal
            .seal(answer.body.as_bytes())
            .map_err(Error::internal)?;
        app.db
            .end_request(
                (&self.token, &self.key, self.taken_at),
                answer.status.as_u16(),
                &body,
                answer.location.as_deref(),
            )
            .await?;
        Ok(())
    }
}

impl Attempt {
    /// Whether it may have been done already.
    pub(crate) const fn is_again(&self) -> bool {
        self.since.is_some()
    }
}

impl Answer {
    /// That something was made, which is at this path now.
    pub(crate) fn created(location: String, thing: &impl Serialize) -> Result<Self, Error> {
        Ok(Self {
            status: StatusCode::CREATED,
            location: Some(location),
            ..Self::done(thing)?
        })
    }

    /// That something was done, with what came of it.
    pub(crate) fn done(thing: &impl Serialize) -> Result<Self, Error> {
        Ok(Self {
            status: StatusCode::OK,
            body: serde_json::to_string(thing).map_err(Error::internal)?,
            location: None,
        })
    }

    /// The thing as it has become, with its tag.
    pub(crate) fn tagged(self) -> Response {
        tagged(self.status, self.body)
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let kind = [(header::CONTENT_TYPE, "application/json")];
        let mut response = (self.status, kind, self.body).into_response();
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
