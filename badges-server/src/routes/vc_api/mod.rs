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
mod status;

use std::borrow::Cow;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{get, post};
use badges_core::json;
use badges_core::proof::jwt::Jws;
use badges_core::verify::Purpose;

use crate::App;
use crate::error::Error;
use crate::published::published_json;
use crate::rate::{Cost, costly};
use crate::verifying::{Challenge, verify_credential, verify_presentation};
use answer::{Problem, Refusal};
use instance::Instance;
pub(crate) use open::OpenIssuers;

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
            .route("/jose-cose/{verb}", post(jose_cose::answer))
    } else {
        routes
    }
}

/// What is at a path.
fn instance(name: &str) -> Result<&'static Instance, Error> {
    Instance::named(name).ok_or(Error::NotFound)
}

/// A member of a request that is an object, as the text that was sent.
fn object<'b>(body: &'b str, name: &'static str) -> Result<&'b str, Refusal> {
    let document = json::parse(body).map_err(|error| {
        Refusal::one(Problem::Parsing, format!("the request is no JSON: {error}"))
    })?;
    let value = document.get(name);
    if value.is_none_or(|value| value.as_object().is_none()) {
        let problem = format!("the request needs a member `{name}` that is an object");
        return Err(Refusal::one(Problem::Parsing, problem));
    }
    let span = json::member_span(body, name).unwrap_or_default();
    Ok(&body[span])
}

/// A member of a request that is a JWT, as credentials of version 1.1 can be: never JSON in a string.
fn compact(body: &str, name: &str) -> Option<String> {
    let document = json::parse(body).ok()?;
    let text = document.text(name)?;
    Jws::parse(text).is_ok().then(|| text.to_owned())
}

fn text(body: &Bytes) -> Result<&str, Refusal> {
    std::str::from_utf8(body)
        .map_err(|_| Refusal::one(Problem::Parsing, "the request is no UTF-8".to_owned()))
}

/// Whether the proof is expected to be made for what it can only be made for here (VC Data Integrity, 4.4).
fn expected(body: &str, purpose: Purpose) -> Result<(), Refusal> {
    let document = json::parse(body).ok();
    let options = document.as_ref().and_then(|body| body.get("options"));
    let expected = options.and_then(|options| options.text("expectedProofPurpose"));
    match expected {
        Some(other) if other != purpose.name() => {
            let detail = format!(
                "its proof is for {}, and {other} was expected",
                purpose.name()
            );
            Err(Refusal::one(Problem::Verification, detail))
        }
        _ => Ok(()),
    }
}

/// Judges a credential: 200 when everything holds, 400 when anything does not.
async fn credential(
    State(app): State<App>,
    Path(name): Path<String>,
    body: Bytes,
) -> Result<Response, Error> {
    instance(&name)?;
    let read = text(&body).and_then(|body| {
        expected(body, Purpose::Assertion)?;
        match compact(body, "verifiableCredential") {
            Some(jwt) => Ok(Cow::Owned(jwt)),
            None => object(body, "verifiableCredential").map(Cow::Borrowed),
        }
    });
    let credential = match read {
        Ok(credential) => credential,
        Err(refusal) => return Ok(refusal.verification()),
    };
    let report = verify_credential(&app, &credential).await?;
    Ok(answer::credential(&report))
}

/// Judges a presentation and all credentials in it.
async fn presentation(
    State(app): State<App>,
    Path(name): Path<String>,
    body: Bytes,
) -> Result<Response, Error> {
    instance(&name)?;
    let read = text(&body).and_then(|body| {
        expected(body, Purpose::Authentication)?;
        Ok((body, object(body, "verifiablePresentation")?))
    });
    let (body, presentation) = match read {
        Ok(read) => read,
        Err(refusal) => return Ok(refusal.verification()),
    };
    let asked = challenge(body);
    let judged = verify_presentation(&app, presentation, &asked).await?;
    Ok(answer::presentation(&judged))
}

fn challenge(body: &str) -> Challenge {
    let document = json::parse(body).ok();
    let option = |name| {
        let options = document.as_ref()?.get("options")?;
        options.text(name).map(str::to_owned)
    };
    Challenge {
        challenge: option("challenge"),
        domain: option("domain"),
    }
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
