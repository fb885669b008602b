//! The [VC-API]: credentials of any kind issued and verified by programs, one path for each cryptosuite
//! and kind of key, under the data-integrity policy (decision A11). What is signed is not kept.
//!
//! Issuing is for programs with a token whose scope is `sign`; they sign in the name of their issuer.
//! With `--vc-api-open` there is an issuer for each path instead, whose key lasts as long as the
//! process, and anybody may have it sign: that is for conformance suites.
//!
//! [VC-API]: https://w3c-ccg.github.io/vc-api/

mod answer;
mod instance;
mod issue;
mod jose_cose;
mod manifest;
mod open;
mod question;
mod request;
mod status;

use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{get, post};
use badges_core::verify::Purpose;

use crate::App;
use crate::error::Error;
use crate::published::published_json;
use crate::rate::{Cost, costly};
use crate::verifying::{verify_credential, verify_presentation};
use instance::Instance;
pub(crate) use open::OpenIssuers;
use request::{Body, Request};

/// JSON, which is what the suites read.
const JSON: &str = "application/json";

pub(crate) fn routes(open: bool) -> Router<App> {
    let routes = Router::new()
        .route(
            "/vc-api/{instance}/credentials/issue",
            costly(Cost::Api, post(issue::credential)),
        )
        .route(
            "/vc-api/{instance}/credentials/derive",
            costly(Cost::Api, post(issue::derive)),
        )
        .route(
            "/vc-api/{instance}/credentials/verify",
            costly(Cost::Verify, post(credential)),
        )
        .route(
            "/vc-api/{instance}/presentations/verify",
            costly(Cost::Verify, post(presentation)),
        );
    if open {
        routes
            .route("/vc-api/{instance}/status/1", get(status::list))
            .route(
                "/vc-api/{instance}/credentials/status",
                costly(Cost::Api, post(status::change)),
            )
            .route("/w3c-manifest.json", get(suites))
            .route("/jose-cose/issue", post(jose_cose::issue))
            .route("/jose-cose/verify", post(jose_cose::verify))
    } else {
        routes
    }
}

/// Judges a credential: 200 when everything holds, 400 when anything does not.
async fn credential(
    State(app): State<App>,
    _: &'static Instance,
    Body(body): Body,
) -> Result<Response, Error> {
    let request = match Request::read(&body) {
        Ok(request) => request,
        Err(refusal) => return Ok(refusal.verification()),
    };
    let read = request.expects(Purpose::Assertion).and_then(|()| {
        let credential = request.object_or_jwt("verifiableCredential")?;
        Ok((credential, request.asked()?))
    });
    let (credential, asked) = match read {
        Ok(read) => read,
        Err(refusal) => return Ok(refusal.verification()),
    };
    let report = verify_credential(&app, credential).await?;
    let secured = request.member("verifiableCredential");
    let other = secured.and_then(|secured| question::other_question(secured, &asked));
    Ok(answer::credential(&report, other))
}

/// Judges a presentation and all credentials in it.
async fn presentation(
    State(app): State<App>,
    _: &'static Instance,
    Body(body): Body,
) -> Result<Response, Error> {
    let request = match Request::read(&body) {
        Ok(request) => request,
        Err(refusal) => return Ok(refusal.verification()),
    };
    let read = request.expects(Purpose::Authentication).and_then(|()| {
        let presentation = request.object("verifiablePresentation")?;
        Ok((presentation, request.asked()?))
    });
    let (presentation, asked) = match read {
        Ok(read) => read,
        Err(refusal) => return Ok(refusal.verification()),
    };
    let judged = verify_presentation(&app, presentation, &asked).await?;
    Ok(answer::presentation(&judged))
}

/// What conformance suites can be pointed at.
async fn suites(State(app): State<App>, request: HeaderMap) -> Result<Response, Error> {
    let open = app.open_issuers.as_ref().ok_or(Error::NotFound)?;
    Ok(published_json(
        &request,
        JSON,
        &manifest::manifest(&app, open),
    ))
}
