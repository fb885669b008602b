//! What others publish.

use std::path::Path;
use std::sync::Arc;

use badges_core::documents::Documents;
use badges_core::fetch::{Cache, FetchError, Fetcher, Limits, SeenLists};
use badges_core::verify::Report;
use time::OffsetDateTime;

/// Where badges and documents of others come from.
#[derive(Debug)]
pub(crate) enum Web {
    Network(Box<Network>),
    /// What a test says; it counts how often it was asked.
    #[cfg(test)]
    Told(super::told::Told),
}

/// The network, with what was fetched from it a while ago.
#[derive(Debug)]
pub(crate) struct Network {
    badges: Fetcher,
    documents: Fetcher,
    cache: Option<Cache>,
    lists: Option<Arc<SeenLists>>,
}

/// The longest badge that is fetched: 8 MiB, as long as what may be uploaded.
const LONGEST_BADGE: u64 = 8 << 20;
/// The longest document that is fetched, so that a full cache (1,024 documents) stays below half a
/// gibibyte.
const LONGEST_DOCUMENT: u64 = 512 << 10;

impl Web {
    /// The network. Documents are kept in a folder; without it, they are fetched each time.
    pub(crate) fn network(folder: &Path) -> Self {
        let fetcher = |bytes, other_hosts| {
            let limits = Limits {
                bytes,
                other_hosts,
                ..Limits::default()
            };
            Fetcher::new(limits, concat!("badges-server/", env!("CARGO_PKG_VERSION")))
        };
        let cache = Cache::open(folder.join("cache"))
            .inspect_err(|error| tracing::warn!(%error, "fetched documents are not kept"))
            .ok();
        Self::Network(Box::new(Network {
            // A badge is proved by what is in it, wherever it was found.
            badges: fetcher(LONGEST_BADGE, true),
            documents: fetcher(LONGEST_DOCUMENT, false),
            lists: cache.as_ref().map(|cache| Arc::new(cache.seen_lists())),
            cache,
        }))
    }

    fn lists(&self) -> Option<Arc<SeenLists>> {
        match self {
            Self::Network(network) => network.lists.clone(),
            #[cfg(test)]
            Self::Told(told) => Some(told.lists()),
        }
    }

    /// What is known before anything is fetched: the status lists that were there before.
    pub(super) fn known(&self) -> Documents {
        let mut documents = Documents::new();
        if let Some(lists) = self.lists() {
            documents.remember(lists.newest());
        }
        documents
    }

    /// Notes those of these status lists that a report relies on; it may write a file.
    pub(super) fn note(&self, report: &Report, now: OffsetDateTime, urls: &[String]) {
        let was_fetched = |url: &str| urls.iter().any(|fetched| fetched == url);
        if let Some(lists) = self.lists()
            && let Err(error) = lists.note(report, now, was_fetched)
        {
            tracing::warn!(%error, "the status lists that were met are not written");
        }
    }

    /// The badge at an address, as it is now.
    pub(super) fn badge(&self, url: &str, _: OffsetDateTime) -> Result<Vec<u8>, FetchError> {
        match self {
            Self::Network(network) => network.badges.get(url).map(|fetched| fetched.body),
            #[cfg(test)]
            Self::Told(told) => told.get(url),
        }
    }

    /// A document that a badge names.
    pub(super) fn document(&self, url: &str, now: OffsetDateTime) -> Result<Vec<u8>, FetchError> {
        let network = match self {
            Self::Network(network) => network,
            #[cfg(test)]
            Self::Told(told) => return told.get(url),
        };
        let fetched = match &network.cache {
            Some(cache) => network.documents.get_cached(cache, url, now),
            None => network.documents.get(url),
        };
        fetched.map(|fetched| fetched.body)
    }
}
