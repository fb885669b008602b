//! The API for programs: JSON below `/api/v1`, described by `openapi.json` beside this file. It does
//! what the pages do, through the same functions. Errors are problem documents (RFC 9457).

mod client;
mod once;
mod paging;

use axum::Router;
use axum::http::header;
use axum::routing::get;

use crate::App;

pub(crate) use client::{Client, SCOPES, Scope};
pub(crate) use once::once;
pub(crate) use paging::{Listing, Page};

/// The description of the API (OpenAPI 3.1).
const OPENAPI: &str = include_str!("openapi.json");

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/api/v1/openapi.json", get(async || {
        ([(header::CONTENT_TYPE, "application/openapi+json;version=3.1")], OPENAPI)
    }))
}
