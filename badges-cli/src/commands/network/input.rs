//! Where a badge is: files, URLs and standard input.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use badges_core::documents::Documents;
use badges_core::fetch::{FetchError, Fetcher};
use badges_core::verify::Report;

use crate::error::{Code, Error};
use crate::files;

/// Where a badge is.
#[derive(Debug)]
pub(in crate::commands) enum Input {
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
    pub(in crate::commands) fn all(words: &[OsString]) -> Result<Vec<Self>, Error> {
        if words.iter().filter(|word| *word == "-").count() > 1 {
            return Err(Error::new(Code::Usage, "`-` can be given only once"));
        }
        Ok(words.iter().map(|word| Self::of(word)).collect())
    }

    /// A file, or an address on the web.
    pub(in crate::commands) fn of(word: &OsStr) -> Self {
        match word.to_str() {
            Some(url) if url.starts_with("https://") || url.starts_with("http://") => {
                Self::Url(url.to_owned())
            }
            _ => Self::File(PathBuf::from(word)),
        }
    }

    /// What the person wrote.
    pub(in crate::commands) fn name(&self) -> Cow<'_, str> {
        match self {
            Self::File(path) => path.to_string_lossy(),
            Self::Url(url) => Cow::Borrowed(url),
        }
    }

    /// Gets the badge; what is on the web and cannot be fetched is a report that says so.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(in crate::commands) fn read(
        &self,
        documents: &Documents,
        fetcher: Option<&Fetcher>,
    ) -> Result<Result<Vec<u8>, Box<Report>>, Error> {
        let url = match self {
            Self::File(path) => return files::read_to_verify(path).map(Ok),
            Self::Url(url) => url,
        };
        if let Some(body) = documents.body(url) {
            return Ok(Ok(body.to_owned()));
        }
        let fetched = fetcher
            .ok_or(FetchError::Offline)
            .and_then(|fetcher| fetcher.get(url));
        Ok(fetched.map(|fetched| fetched.body).map_err(|error| {
            let report = match &error {
                FetchError::Status { status: 410 } => Report::not_fetched(url, error.id(), GONE),
                error => Report::not_fetched(url, error.id(), error),
            };
            Box::new(report)
        }))
    }
}

/// What stood there is not known, so it is not known either that it was revoked: a badge of 3.0 can
/// stand on its own, wherever it is published.
const GONE: &str = "whoever published it there has taken it down for good (HTTP 410)";
