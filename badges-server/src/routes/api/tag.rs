//! Which version of something a program has: `ETag`, and what programs ask with it.
//!
//! What can be changed has a strong tag, so that `If-Match` can ask whether it is still the same
//! (RFC 9110, 13.1.1); so it is not compressed on the way. Lists have weak tags.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::error::Error;
use crate::published;

/// For one program, and only after asking whether it is still so.
const OWN: &str = "private, no-cache";
/// The same, and passed on as it is.
const OWN_AS_IT_IS: &str = "private, no-cache, no-transform";

/// Answers with a thing as it is now, or says that the reader has it already.
pub(crate) fn shown(request: &HeaderMap, thing: &impl Serialize) -> Result<Response, Error> {
    answered(request, StatusCode::OK, thing)
}

/// Answers with a thing as it has become.
pub(crate) fn changed(thing: &impl Serialize) -> Result<Response, Error> {
    answered(&HeaderMap::new(), StatusCode::OK, thing)
}

/// Answers with a list, or says that the reader has it already.
pub(crate) fn listed(request: &HeaderMap, list: &impl Serialize) -> Result<Response, Error> {
    let body = serde_json::to_string(list).map_err(Error::internal)?;
    Ok(published::tagged(request, "application/json", OWN, body))
}

/// Goes on if the request does not say which version it changes, or says this one.
///
/// # Errors
/// [`Error::Precondition`] if it says another.
pub(crate) fn matches(request: &HeaderMap, thing: &impl Serialize) -> Result<(), Error> {
    if !request.contains_key(header::IF_MATCH) {
        return Ok(());
    }
    let body = serde_json::to_string(thing).map_err(Error::internal)?;
    let tag = tag(&body);
    if names(request, header::IF_MATCH).any(|named| named == "*" || named == tag) {
        Ok(())
    } else {
        Err(Error::Precondition)
    }
}

fn answered(
    request: &HeaderMap,
    status: StatusCode,
    thing: &impl Serialize,
) -> Result<Response, Error> {
    let body = serde_json::to_string(thing).map_err(Error::internal)?;
    let tag = tag(&body);
    let has = |named: &str| named == "*" || named.trim_start_matches("W/") == tag;
    Ok(if names(request, header::IF_NONE_MATCH).any(has) {
        with_tag(StatusCode::NOT_MODIFIED.into_response(), &tag)
    } else {
        tagged(status, body)
    })
}

/// A thing that was written as JSON.
pub(super) fn tagged(status: StatusCode, body: String) -> Response {
    let tag = tag(&body);
    let response = (status, [(header::CONTENT_TYPE, "application/json")], body);
    with_tag(response.into_response(), &tag)
}

fn with_tag(mut response: Response, tag: &str) -> Response {
    let headers = response.headers_mut();
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static(OWN_AS_IT_IS),
    );
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

fn tag(body: &str) -> String {
    format!(
        "\"{}\"",
        URL_SAFE_NO_PAD.encode(&Sha256::digest(body)[..12])
    )
}

/// The tags that a header names.
fn names(request: &HeaderMap, header: header::HeaderName) -> impl Iterator<Item = &str> {
    let values = request
        .get_all(header)
        .iter()
        .filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim)
}
