//! What the outside world answered, by URL. Verification never calls out: it looks here, and what
//! is absent comes back as a list of URLs.

use std::collections::BTreeMap;
use std::sync::Arc;

use time::{Duration, OffsetDateTime};

/// Answers by URL or DID. A DID may be given as itself instead of as the URL it resolves to. Clones
/// share the answers' bodies.
#[derive(Clone, Debug, Default)]
pub struct Documents {
    answers: BTreeMap<String, Arc<Answer>>,
    newest: Arc<NewestLists>,
}

/// The newest status lists that were relied on at each address, by the address and its issuer, the
/// newest of all last.
pub type NewestLists = BTreeMap<(String, String), Vec<NewestList>>;

/// When a status list was signed, and when it was met first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewestList {
    /// Its `validFrom`.
    pub valid_from: OffsetDateTime,
    /// When it was met.
    pub met: OffsetDateTime,
}

/// For so long after a newer list was met, an older one may still come out of somebody's cache.
const UNDER_WAY: Duration = Duration::DAY;

impl NewestList {
    /// Whether it was met so long ago that no cache has an older one any more.
    pub(crate) fn is_everywhere(&self, now: OffsetDateTime) -> bool {
        now - self.met > UNDER_WAY
    }
}

/// What came of asking for a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The body.
    Loaded(Vec<u8>),
    /// There was none, and why, in words.
    Failed(String),
    /// There was one, and the server says that it is gone for good (HTTP 410). That is how a hosted
    /// badge of Open Badges 2.0 may be revoked.
    Gone,
}

/// What is known of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookup<'d> {
    /// Its text.
    Loaded(&'d str),
    /// It was asked for in vain.
    Failed(&'d str),
    /// It was never asked for.
    Missing,
}

impl Documents {
    /// No documents: everything is missing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Says which status lists were met before, so that an older one is noticed: somebody may have
    /// kept it, to show a badge that was revoked since.
    pub fn remember(&mut self, newest: Arc<NewestLists>) {
        self.newest = newest;
    }

    /// Whether a newer status list of this issuer than one of this time was at this URL, long enough
    /// ago.
    #[must_use]
    pub fn had_newer_list(
        &self,
        url: &str,
        issuer: &str,
        valid_from: OffsetDateTime,
        now: OffsetDateTime,
    ) -> bool {
        self.newest
            .get(&(url.to_owned(), issuer.to_owned()))
            .into_iter()
            .flatten()
            .any(|newest| valid_from < newest.valid_from && newest.is_everywhere(now))
    }

    /// Records an answer; a fragment in the URL does not count.
    pub fn insert(&mut self, url: &str, answer: impl Into<Arc<Answer>>) {
        self.answers
            .insert(without_fragment(url).to_owned(), answer.into());
    }

    /// Whether this URL was answered, well or not.
    #[must_use]
    pub fn contains(&self, url: &str) -> bool {
        self.answers.contains_key(without_fragment(url))
    }

    /// The body of the document at this URL, text or not, if there is one.
    #[must_use]
    pub fn body(&self, url: &str) -> Option<&[u8]> {
        match self.answers.get(without_fragment(url))?.as_ref() {
            Answer::Loaded(body) => Some(body),
            Answer::Failed(_) | Answer::Gone => None,
        }
    }

    /// Whether the server said that the document at this URL is gone for good.
    #[must_use]
    pub fn is_gone(&self, url: &str) -> bool {
        let answer = self.answers.get(without_fragment(url));
        answer.is_some_and(|answer| **answer == Answer::Gone)
    }

    /// What is known of the document at this URL.
    #[must_use]
    pub fn get(&self, url: &str) -> Lookup<'_> {
        match self.answers.get(without_fragment(url)).map(Arc::as_ref) {
            Some(Answer::Loaded(body)) => {
                std::str::from_utf8(body).map_or(Lookup::Failed("it is not UTF-8"), Lookup::Loaded)
            }
            Some(Answer::Failed(reason)) => Lookup::Failed(reason),
            Some(Answer::Gone) => Lookup::Failed(GONE),
            None => Lookup::Missing,
        }
    }
}

const GONE: &str = "it was there and is gone for good (HTTP 410)";

fn without_fragment(url: &str) -> &str {
    url.split_once('#').map_or(url, |(document, _)| document)
}
