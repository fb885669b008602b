//! Long lists in pages: `?limit=` and `?cursor=`. A cursor says after which row the next page begins,
//! so rows that are added meanwhile shift nothing.

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::App;
use crate::error::Error;

/// The most rows of a page, and how many without being asked.
const MOST: i64 = 200;
const USUAL: i64 = 50;

/// Which page is asked for; an extractor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    /// How many rows at most.
    pub(crate) limit: i64,
    /// After which row: its time, then its id.
    pub(crate) after: Option<(i64, String)>,
    path: String,
}

/// A page of a list.
#[derive(Debug, Serialize)]
pub(crate) struct Listing<T> {
    items: Vec<T>,
    /// The cursor of the next page, if there is one.
    next: Option<String>,
    #[serde(skip)]
    path: String,
}

#[derive(Deserialize)]
struct Asked {
    limit: Option<String>,
    cursor: Option<String>,
}

impl FromRequestParts<App> for Page {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let Query(asked) = Query::<Asked>::from_request_parts(parts, app)
            .await
            .map_err(|error| Error::Unreadable { field: "query".to_owned(), problem: error.body_text() })?;
        let limit = match asked.limit {
            None => USUAL,
            Some(text) => text.parse().ok().filter(|limit| (1..=MOST).contains(limit)).ok_or_else(|| {
                Error::Unreadable { field: "limit".to_owned(), problem: format!("a number from 1 to {MOST}") }
            })?,
        };
        let after = match asked.cursor {
            None => None,
            Some(text) => Some(read_cursor(&text).ok_or_else(|| Error::Unreadable {
                field: "cursor".to_owned(),
                problem: "take it from `next` of the page before".to_owned(),
            })?),
        };
        Ok(Self { limit, after, path: parts.uri.path().to_owned() })
    }
}

impl Page {
    /// The row after which the page begins, as queries want it.
    pub(crate) fn after(&self) -> Option<(i64, &str)> {
        self.after.as_ref().map(|(at, id)| (*at, id.as_str()))
    }

    /// A page of rows, of which there is one more than the limit if another page follows.
    pub(crate) fn listing<R, T>(self, mut rows: Vec<R>, place: impl Fn(&R) -> (i64, &str), shown: impl Fn(R) -> T) -> Listing<T> {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|row| {
            let (at, id) = place(row);
            URL_SAFE_NO_PAD.encode(format!("{at}.{id}"))
        });
        Listing { items: rows.into_iter().map(shown).collect(), next, path: self.path }
    }
}

impl<T: Serialize> IntoResponse for Listing<T> {
    fn into_response(self) -> Response {
        let link = self.next.as_ref().map(|next| format!("<{}?cursor={next}>; rel=\"next\"", self.path));
        let mut response = axum::Json(self).into_response();
        if let Some(link) = link.and_then(|link| HeaderValue::from_str(&link).ok()) {
            response.headers_mut().insert(header::LINK, link);
        }
        response
    }
}

fn read_cursor(text: &str) -> Option<(i64, String)> {
    let decoded = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
    let (at, id) = decoded.split_once('.')?;
    Some((at.parse().ok()?, id.to_owned()))
}
