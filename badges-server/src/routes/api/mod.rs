//! The API for programs: JSON below `/api/v1`, described by `openapi.json` beside this file. It does
//! what the pages do, through the same functions. Errors are problem documents (RFC 9457).

mod body;
mod client;
mod once;
mod paging;
mod tag;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{MethodRouter, delete, get, patch, post, put};

use crate::App;
use crate::published::published;
use crate::rate::{Cost, costly};

pub(crate) use client::{Client, PREFIX, SCOPES, Scope};

/// The description of the API (OpenAPI 3.1).
const OPENAPI: &str = include_str!("openapi.json");

/// A method of a path, and what answers it.
struct Route {
    #[cfg_attr(not(test), expect(dead_code, reason = "compared with the description"))]
    method: &'static str,
    path: &'static str,
    made: fn() -> MethodRouter<App>,
}

/// The table of everything that the API answers: method, path below `/api/v1`, cost, handler, and
/// the longest body in bytes where it is not the usual one.
macro_rules! table {
    ($($method:ident $path:literal $cost:ident $handler:path $(, $longest:expr)?;)+) => {
        const ROUTES: &[Route] = &[$(Route {
            method: stringify!($method),
            path: concat!("/api/v1", $path),
            made: || costly(Cost::$cost, $method($handler)$(.layer(DefaultBodyLimit::max($longest)))?),
        }),+];
    };
}

table! {
    get "/openapi.json" Api description;
}

pub(crate) fn routes() -> Router<App> {
    ROUTES.iter().fold(Router::new(), |router, route| router.route(route.path, (route.made)()))
}

async fn description(request: HeaderMap) -> Response {
    published(&request, "application/openapi+json;version=3.1", OPENAPI)
}
