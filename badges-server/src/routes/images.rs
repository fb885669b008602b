//! Pictures by the hash of their bytes.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use axum::routing::get;

use crate::App;
use crate::db::Image;
use crate::error::Error;
use crate::images;
use crate::published::published;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/images/{hash}", get(image))
}

/// Never changes, since another picture has another hash.
async fn image(State(app): State<App>, Path(hash): Path<String>, request: HeaderMap) -> Result<Response, Error> {
    let image = app.db.image(&hash).await?.ok_or(Error::NotFound)?;
    let mut response = picture(&request, image);
    let keep = HeaderValue::from_static("public, max-age=31536000, immutable");
    response.headers_mut().insert(header::CACHE_CONTROL, keep);
    Ok(response)
}

/// A picture that somebody sent in: opened as a page of its own, it can do nothing there.
pub(crate) fn picture(request: &HeaderMap, image: Image) -> Response {
    let media_type = if images::is_png(&image) { "image/png" } else { "image/svg+xml" };
    let mut response = published(request, media_type, image.bytes);
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox"),
    );
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("inline"));
    response
}
