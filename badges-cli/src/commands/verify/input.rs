//! What is to be verified: files, URLs and standard input.

use std::borrow::Cow;
use std::ffi::OsString;
use std::path::PathBuf;

use badges_core::documents::Documents;
use badges_core::fetch::{FetchError, Fetcher};
use badges_core::model::parse_date_time;
use badges_core::verify::Report;
use time::OffsetDateTime;

use crate::error::{Code, Error};
use crate::files;

/// Where a badge is.
#[derive(Debug)]
pub(super) enum Input {
    /// A file, or standard input for `-`.
    File(PathBuf),
    /// An address on the web.
    Url(String),
}

impl Input {
    /// Reads the command line's words.
    ///
    /// # Errors
    /// When standard input, which can be read once, is named twice.
    pub(super) fn all(words: &[OsString]) -> Result<Vec<Self>, Error> {
        if words.iter().filter(|word| *word == "-").count() > 1 {
            return Err(Error::new(Code::Usage, "`-` can be given only once"));
        }
        let input = |word: &OsString| match word.to_str() {
            Some(url) if url.starts_with("https://") || url.starts_with("http://") => {
                Self::Url(url.to_owned())
            }
            _ => Self::File(PathBuf::from(word)),
        };
        Ok(words.iter().map(input).collect())
    }

    /// What the person wrote.
    pub(super) fn name(&self) -> Cow<'_, str> {
        match self {
            Self::File(path) => path.to_string_lossy(),
            Self::Url(url) => Cow::Borrowed(url),
        }
    }

    /// Gets the badge and judges it. What is on the web and cannot be fetched gets a report that
    /// says so.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(super) fn judge(
        &self,
        documents: &Documents,
        fetcher: Option<&Fetcher>,
        verify: impl Fn(&[u8]) -> Report,
    ) -> Result<Report, Error> {
        let url = match self {
            Self::File(path) => return Ok(verify(&files::read_badge(path)?)),
            Self::Url(url) => url,
        };
        if let Some(body) = documents.body(url) {
            return Ok(verify(body));
        }
        let fetched = fetcher
            .ok_or(FetchError::Offline)
            .and_then(|fetcher| fetcher.get(url));
        Ok(match fetched {
            Ok(fetched) => verify(&fetched.body),
            Err(error) => Report::not_fetched(url, error.id(), error),
        })
    }
}

/// Reads a time: a date is the start of that day in UTC.
pub(super) fn point_in_time(text: &str) -> Result<OffsetDateTime, String> {
    parse_date_time(text)
        .or_else(|_| parse_date_time(&format!("{text}T00:00:00Z")))
        .map_err(|_| {
            "expected a date such as 2026-05-01, or a time such as 2026-05-01T12:00:00Z".to_owned()
        })
}
