//! The status lists of open issuers, and what changes them.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use badges_core::json::Value;
use serde_json::json;

use super::JSON;
use super::answer::{Problem, Refusal, with_one_proof};
use super::instance::Instance;
use super::open::{PURPOSE, list_url};
use super::request::{Body, Request};
use crate::App;
use crate::error::Error;
use crate::published::published;

/// `GET status/1`: the status list of an open issuer.
pub(super) async fn list(
    State(app): State<App>,
    instance: &'static Instance,
    request: HeaderMap,
) -> Result<Response, Error> {
    let open = app.open_issuers.as_ref().ok_or(Error::NotFound)?;
    let list = open
        .status_list(&app, instance)
        .ok_or(Error::NotFound)?
        .map_err(Error::internal)?;
    let list = with_one_proof(list.text());
    Ok(published(&request, JSON, list.into_owned()))
}

/// `POST credentials/status`: what an entry of the list says from now on.
pub(super) async fn change(
    State(app): State<App>,
    instance: &'static Instance,
    Body(body): Body,
) -> Result<Response, Error> {
    let open = app.open_issuers.as_ref().ok_or(Error::NotFound)?;
    if !instance.status {
        return Err(Error::NotFound);
    }
    let wanted = match Request::read(&body).and_then(|request| wanted(&app, instance, &request)) {
        Ok(wanted) => wanted,
        Err(refusal) => return Ok(refusal.issuing()),
    };
    if !open.set(app.now(), wanted.index, wanted.value) {
        return Err(Error::NotFound);
    }
    Ok(Json(json!({"status": wanted.value})).into_response())
}

/// An entry, and what it is to say.
struct Wanted {
    index: u64,
    value: bool,
}

fn wanted(app: &App, instance: &Instance, request: &Request<'_>) -> Result<Wanted, Refusal> {
    let refused = |problem, detail: String| Err(Refusal::one(problem, detail));
    let Some(entry) = request.member("credentialStatus") else {
        let detail = "the request needs the credential's `credentialStatus`";
        return refused(Problem::Parsing, detail.to_owned());
    };
    let Some(Value::Bool(value)) = request.member("status") else {
        let detail = "the request needs a `status` that is true or false";
        return refused(Problem::Parsing, detail.to_owned());
    };
    let list = list_url(app, instance);
    if entry.text("statusListCredential") != Some(&list) {
        let detail = format!("credentialStatus.statusListCredential: should be {list}");
        return refused(Problem::Malformed, detail);
    }
    if entry
        .text("statusPurpose")
        .is_some_and(|purpose| purpose != PURPOSE)
    {
        let detail = format!("credentialStatus.statusPurpose: the list is for {PURPOSE}");
        return refused(Problem::Malformed, detail);
    }
    match entry.text("statusListIndex").map(str::parse) {
        Some(Ok(index)) => Ok(Wanted {
            index,
            value: *value,
        }),
        _ => {
            let detail = "credentialStatus.statusListIndex: should be a number in a string";
            refused(Problem::Malformed, detail.to_owned())
        }
    }
}
