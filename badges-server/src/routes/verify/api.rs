//! Verify, for programs: `POST /api/v1/verify`, without a token. The answer is the object of
//! `docs/verify-json.md`.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use badges_core::verify::Report;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize};

use super::given;
use crate::App;
use crate::error::Error;
use crate::verifying::{Asked, Badge, verify_all};

/// The longest body: a badge of 8 MiB in Base64, and what stands around it.
pub(in crate::routes) const MOST_BYTES: usize = 12 << 20;

/// What is asked, as `application/json`. A badge as JSON is told from it by its `@context`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    /// A badge as JSON or JWT.
    #[serde(default, deserialize_with = "said")]
    text: Option<String>,
    /// Its address.
    #[serde(default, deserialize_with = "said")]
    url: Option<String>,
    /// A file in Base64.
    #[serde(default, deserialize_with = "said")]
    file: Option<String>,
    recipient: Option<String>,
    salt: Option<String>,
}

/// A member that is there is a text, and not `null`.
fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    String::deserialize(deserializer).map(Some)
}

/// What is answered.
#[derive(Serialize)]
struct Answer<'a> {
    /// The address, or `-`.
    source: &'a str,
    #[serde(flatten)]
    report: &'a Report,
}

pub(in crate::routes) async fn answer(
    State(app): State<App>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Error> {
    let (badge, asked) = if is_question(&headers, &body) {
        let question: Question =
            serde_json::from_slice(&body).map_err(|error| unreadable("", &error.to_string()))?;
        question.read()?
    } else {
        (Badge::File(body), Asked::default())
    };
    if matches!(&badge, Badge::File(file) if file.len() > given::MOST_BYTES) {
        return Err(Error::TooLarge);
    }
    let source = match &badge {
        Badge::Url(url) => url.clone(),
        Badge::File(_) => "-".to_owned(),
    };
    let judged = verify_all(&app, vec![badge], asked).await?.pop();
    let report = &judged
        .ok_or_else(|| Error::internal("a badge without a report"))?
        .report;
    let answer = Answer {
        source: &source,
        report,
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}

/// Whether the body is a question, and not a badge itself.
fn is_question(headers: &HeaderMap, body: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Credential {
        #[serde(rename = "@context")]
        _context: serde::de::IgnoredAny,
    }
    let media_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let media_type = media_type
        .and_then(|text| text.split(';').next())
        .unwrap_or_default();
    media_type.trim().eq_ignore_ascii_case("application/json")
        && serde_json::from_slice::<Credential>(body).is_err()
}

impl Question {
    fn read(self) -> Result<(Badge, Asked), Error> {
        if self.salt.is_some() && self.recipient.is_none() {
            return Err(unreadable(
                "recipient",
                "is missing: a salt is for a recipient",
            ));
        }
        let badge = match (self.text, self.url, self.file) {
            (Some(text), None, None) => Badge::File(text.into()),
            (None, Some(url), None) => Badge::Url(url),
            (None, None, Some(file)) => {
                let file = STANDARD
                    .decode(file)
                    .map_err(|error| unreadable("file", &format!("is no Base64: {error}")))?;
                Badge::File(file.into())
            }
            _ => return Err(unreadable("text", "give one of `text`, `url` and `file`")),
        };
        let asked = Asked::about(
            &self.recipient.unwrap_or_default(),
            &self.salt.unwrap_or_default(),
        );
        Ok((badge, asked))
    }
}

fn unreadable(field: &str, problem: &str) -> Error {
    Error::Unreadable {
        field: if field.is_empty() { "body" } else { field }.to_owned(),
        problem: problem.to_owned(),
    }
}
