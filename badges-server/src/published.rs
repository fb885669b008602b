//! What programs and browsers fetch again and again: documents, keys, pictures, pages. Each answer
//! has a tag, by which who has it already is told so.

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// For everybody: a minute without asking again.
const FOR_A_MINUTE: &str = "public, max-age=60";

/// Answers with a document that anybody may read, from any page.
pub(crate) fn published(
    request: &HeaderMap,
    media_type: &'static str,
    body: impl Into<Bytes>,
) -> Response {
    let mut response = tagged(request, media_type, FOR_A_MINUTE, body);
    response.headers_mut().insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    );
    response
}

/// Answers with a JSON document, readable for people too.
pub(crate) fn published_json(
    request: &HeaderMap,
    media_type: &'static str,
    document: &serde_json::Value,
) -> Response {
    published(request, media_type, format!("{document:#}\n"))
}

/// Answers, or says that the reader has it already; `keep` says who may keep it for how long.
pub(crate) fn tagged(
    request: &HeaderMap,
    media_type: &'static str,
    keep: &'static str,
    body: impl Into<Bytes>,
) -> Response {
    let body = body.into();
    // Weak, because the same is sent compressed and not.
    let tag = format!(
        "W/\"{}\"",
        URL_SAFE_NO_PAD.encode(&Sha256::digest(&body)[..12])
    );
    let mut response = if has(request, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, media_type)], body).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

/// Whether the request names this version as one that it has (RFC 9110, 13.1.2: weak comparison).
fn has(request: &HeaderMap, tag: &str) -> bool {
    request
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|value| value == "*" || opaque(value) == opaque(tag))
}

fn opaque(tag: &str) -> &str {
    tag.trim_start_matches("W/")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn who_has_it_is_told_so() {
        let first = published(&HeaderMap::new(), "text/plain", "text");
        assert_eq!(first.status(), StatusCode::OK);
        let tag = first.headers()[header::ETAG].clone();
        let tag = tag.to_str().unwrap();
        let mut request = HeaderMap::new();
        for (value, status) in [
            (tag, StatusCode::NOT_MODIFIED),
            (tag.trim_start_matches("W/"), StatusCode::NOT_MODIFIED),
            (&format!("\"x\", {tag}"), StatusCode::NOT_MODIFIED),
            ("*", StatusCode::NOT_MODIFIED),
            ("\"x\"", StatusCode::OK),
            ("", StatusCode::OK),
        ] {
            request.insert(header::IF_NONE_MATCH, HeaderValue::from_str(value).unwrap());
            let response = published(&request, "text/plain", "text");
            assert_eq!(response.status(), status, "{value}");
            assert_eq!(response.headers()[header::ETAG], tag);
        }
    }
}
