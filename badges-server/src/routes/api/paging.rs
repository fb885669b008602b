//! Long lists in pages: `?limit=` and `?cursor=`. A cursor says after which row the next page begins,
//! so rows that are added meanwhile shift nothing.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_html_form::Deserializer;

use super::body::unreadable;
use super::tag::listed;
use crate::App;
use crate::error::Error;

/// The most rows of a page, and how many without being asked.
const MOST: i64 = 200;
const USUAL: i64 = 50;

/// Which page is asked for, and of which rows; an extractor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Page<F = AllRows> {
    /// How many rows at most.
    pub(crate) limit: i64,
    /// After which row: its time or place, then its id.
    pub(crate) after: Option<(i64, String)>,
    /// Which rows.
    pub(crate) filter: F,
    /// The address of the list, without a cursor.
    address: String,
}

/// No filter.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AllRows {}

/// A list, or a page of one.
#[derive(Debug, Serialize)]
struct Listing<T> {
    items: Vec<T>,
    /// The cursor of the next page, if there is one.
    next: Option<String>,
}

impl<F: DeserializeOwned> FromRequestParts<App> for Page<F> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Error> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs: Vec<(String, String)> = serde_html_form::from_str(query)
            .map_err(|error| unreadable("query", &error.to_string()))?;
        let mut page = Self {
            limit: USUAL,
            after: None,
            filter: asked(query)?,
            address: parts.uri.path().to_owned(),
        };
        let mut joint = '?';
        for (name, value) in &pairs {
            match name.as_str() {
                "limit" => {
                    let limit = value
                        .parse()
                        .ok()
                        .filter(|limit| (1..=MOST).contains(limit));
                    page.limit = limit.ok_or_else(|| {
                        unreadable("limit", &format!("a number from 1 to {MOST} is expected"))
                    })?;
                }
                "cursor" => {
                    let after = read_cursor(value);
                    page.after = Some(after.ok_or_else(|| {
                        unreadable("cursor", "take it from `next` of the page before")
                    })?);
                }
                _ => {}
            }
            if name != "cursor" {
                let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
                page.address
                    .push_str(&format!("{joint}{}={}", encoded(name), encoded(value)));
                joint = '&';
            }
        }
        page.address.push(joint);
        Ok(page)
    }
}

impl<F> Page<F> {
    /// The row after which the page begins, as queries want it.
    pub(crate) fn after(&self) -> Option<(i64, &str)> {
        self.after.as_ref().map(|(at, id)| (*at, id.as_str()))
    }

    /// Answers with rows, of which there is one more than the limit if another page follows.
    pub(crate) fn answer<R, T: Serialize>(
        self,
        request: &HeaderMap,
        mut rows: Vec<R>,
        place: impl Fn(&R) -> (i64, &str),
        shown: impl Fn(R) -> T,
    ) -> Result<Response, Error> {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|row| {
            let (at, id) = place(row);
            URL_SAFE_NO_PAD.encode(format!("{at}.{id}"))
        });
        let link = next
            .as_ref()
            .map(|next| format!("<{}cursor={next}>; rel=\"next\"", self.address));
        let items = rows.into_iter().map(shown).collect();
        let mut response = listed(request, &Listing { items, next })?;
        if let Some(link) = link.and_then(|link| HeaderValue::from_str(&link).ok()) {
            response.headers_mut().insert(header::LINK, link);
        }
        Ok(response)
    }
}

/// Answers with a list that is never long.
pub(crate) fn whole<T: Serialize>(request: &HeaderMap, items: Vec<T>) -> Result<Response, Error> {
    listed(request, &Listing { items, next: None })
}

/// What is asked besides the page, of a list or of anything else.
pub(super) fn asked<F: DeserializeOwned>(query: &str) -> Result<F, Error> {
    let mut rest = String::new();
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if matches!(name, "" | "limit" | "cursor" | "uselang") {
            continue;
        }
        if value.is_empty() {
            return Err(unreadable(name, "a value is expected"));
        }
        rest = rest + pair + "&";
    }
    serde_path_to_error::deserialize(Deserializer::from_bytes(rest.as_bytes()))
        .map_err(|error| unreadable(&error.path().to_string(), &error.inner().to_string()))
}

fn read_cursor(text: &str) -> Option<(i64, String)> {
    let decoded = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
    let (at, id) = decoded.split_once('.')?;
    let is_id = !id.is_empty()
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    Some((at.parse().ok()?, is_id.then(|| id.to_owned())?))
}
