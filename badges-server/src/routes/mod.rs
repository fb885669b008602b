//! What is answered at which address: a file for each resource, with its pages, forms and data.

mod about;
mod account;
mod achievements;
mod api;
pub(crate) mod assets;
mod audit;
mod awards;
mod badges;
mod capacity_exchange;
mod desk;
mod did;
mod health;
pub(crate) mod holding;
mod home;
mod images;
mod issuers;
mod jobs;
mod members;
mod people;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod rights;
mod sign_in;
mod status_lists;
mod tokens;
mod vc_api;
mod verify;
mod wikimedia;
mod workshops;

use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode, Version, header};
use axum::middleware::{Next, from_fn, from_fn_with_state, map_response};
use axum::response::Response;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate as _};
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::timeout::TimeoutLayer;

pub(crate) use vc_api::OpenIssuers;

use crate::{App, error, form, log, metrics, page};

/// The longest body of a request, unless its route allows another: a megabyte.
const MAX_BODY: usize = 1 << 20;
/// The longest time that an answer takes.
const MAX_TIME: Duration = Duration::from_secs(120);
/// The name under which a request is found in the log.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Everything that the service answers.
pub fn router(app: App) -> Router {
    let routes = Router::new()
        // For everybody
        .merge(home::routes())
        .merge(about::routes())
        .merge(verify::routes())
        .merge(issuers::routes())
        .merge(badges::routes())
        .merge(status_lists::routes())
        .merge(people::routes())
        .merge(capacity_exchange::routes())
        .merge(images::routes())
        // For holders
        .merge(holding::routes())
        .merge(account::routes())
        .merge(sign_in::routes())
        .merge(tokens::routes())
        .merge(wikimedia::routes())
        // For trainers
        .merge(desk::routes())
        .merge(achievements::routes())
        .merge(workshops::routes())
        .merge(jobs::routes())
        .merge(awards::routes())
        .merge(members::routes())
        .merge(audit::routes())
        // For programs
        .merge(api::routes())
        .merge(vc_api::routes(app.open_issuers.is_some()))
        .merge(did::routes(app.open_issuers.is_some()))
        .merge(assets::routes())
        .merge(health::routes())
        .fallback(async || error::Error::NotFound)
        .method_not_allowed_fallback(async || error::Error::Method);
    // What is added last meets a request first.
    routes
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn(no_zero))
        .layer(from_fn_with_state(app.clone(), form::same_origin))
        .layer(from_fn_with_state(app.clone(), error::render))
        .layer(from_fn_with_state(app.clone(), page::read))
        .layer(map_response(protect))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            MAX_TIME,
        ))
        .layer(
            CompressionLayer::new().compress_when(DefaultPredicate::new().and(may_be_transformed)),
        )
        .layer(from_fn(metrics::measure))
        .layer(log::layer())
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
        .with_state(app)
}

/// PostgreSQL keeps no text with U+0000, so nothing is known by one.
async fn no_zero(request: Request, next: Next) -> Result<Response, error::Error> {
    let is_zero = request
        .uri()
        .path_and_query()
        .is_some_and(|asked| asked.as_str().contains("%00"));
    if is_zero {
        Err(error::Error::NotFound)
    } else {
        Ok(next.run(request).await)
    }
}

/// Whether an answer may be compressed: its handler has said nothing else.
fn may_be_transformed(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let cache = headers
        .get(header::CACHE_CONTROL)
        .and_then(|value| value.to_str().ok());
    !cache.is_some_and(|cache| cache.contains("no-transform"))
}

/// What browsers may do with anything that comes from here: nothing that is not ours, unless the
/// handler has said something stricter.
async fn protect(mut response: Response) -> Response {
    const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
         connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=()",
        ),
    ] {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
}
