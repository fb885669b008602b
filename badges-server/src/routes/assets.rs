//! Our own files, inside the program: at addresses with the hash of their content, so that browsers
//! keep them for ever.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use crate::App;
use crate::error::Error;

const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

/// The files: name, media type, content.
const FILES: &[(&str, &str, &[u8])] = &[
    (
        "style.css",
        "text/css; charset=utf-8",
        include_bytes!("../../static/style.css"),
    ),
    (
        "logo.svg",
        "image/svg+xml",
        include_bytes!("../../static/logo.svg"),
    ),
    (
        "favicon.svg",
        "image/svg+xml",
        include_bytes!("../../static/favicon.svg"),
    ),
    (
        "copy.js",
        JAVASCRIPT,
        include_bytes!("../../static/copy.js"),
    ),
    (
        "drop.js",
        JAVASCRIPT,
        include_bytes!("../../static/drop.js"),
    ),
    (
        "print.js",
        JAVASCRIPT,
        include_bytes!("../../static/print.js"),
    ),
    (
        "progress.js",
        JAVASCRIPT,
        include_bytes!("../../static/progress.js"),
    ),
    (
        "share.js",
        JAVASCRIPT,
        include_bytes!("../../static/share.js"),
    ),
];

static HASHES: LazyLock<Vec<(&str, String)>> = LazyLock::new(|| {
    let hash = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(&Sha256::digest(bytes)[..9]);
    FILES
        .iter()
        .map(|(name, _, bytes)| (*name, hash(bytes)))
        .collect()
});

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/static/{hash}/{name}", get(file))
}

/// The address of a file.
pub(crate) fn url(name: &str) -> String {
    let hash = HASHES
        .iter()
        .find(|(known, _)| *known == name)
        .map_or("-", |(_, hash)| hash);
    format!("/static/{hash}/{name}")
}

async fn file(Path((_, name)): Path<(String, String)>) -> Result<Response, Error> {
    let (_, media_type, bytes) = FILES
        .iter()
        .find(|(known, ..)| *known == name)
        .ok_or(Error::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, *media_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok((headers, *bytes).into_response())
}
