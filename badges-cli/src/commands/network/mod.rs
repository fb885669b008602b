//! Where documents come from: the network, a cache, files that stand in for both.

mod documents;
mod input;

use std::path::PathBuf;

use badges_core::documents::Documents;
use badges_core::fetch::{Cache, Fetcher, Limits, Loader};
use badges_core::verify::MAX_FILE;
use clap::Args;
use time::OffsetDateTime;

use crate::ambient;
use crate::error::Error;
pub(super) use input::Input;

/// What may be fetched, and what need not be.
#[derive(Args)]
pub(super) struct Network {
    /// Fetch nothing.
    #[arg(long, help_heading = "Network")]
    offline: bool,
    /// Answers that stand in for the network, also with `--offline`: a JSON object from URLs or
    /// DIDs to files beside it. Other keys are left alone.
    #[arg(long, value_name = "MAP.json", help_heading = "Network")]
    documents: Option<PathBuf>,
    /// For development only: fetch from this machine and its network, and over http.
    #[arg(long, conflicts_with = "offline", help_heading = "Network")]
    allow_private_network: bool,
    /// The folder where fetched documents are kept [default: `badges` in your cache folder].
    #[arg(
        long,
        value_name = "DIR",
        env = "BADGES_CACHE",
        hide_env_values = true,
        help_heading = "Network"
    )]
    cache: Option<PathBuf>,
    /// Keep nothing, and use nothing that was kept.
    #[arg(long, help_heading = "Network")]
    no_cache: bool,
}

impl Network {
    /// The documents that stand in for the network.
    ///
    /// # Errors
    /// When the map or one of its files cannot be used.
    pub(super) fn documents(&self) -> Result<Documents, Error> {
        self.documents
            .as_deref()
            .map_or_else(|| Ok(Documents::new()), documents::read)
    }

    /// What loads the documents that a badge leads to.
    ///
    /// # Errors
    /// When the cache that was asked for cannot be used.
    pub(super) fn loader(&self, now: OffsetDateTime) -> Result<Loader, Error> {
        if self.offline {
            return Ok(Loader::offline());
        }
        let fetcher = self.fetch(Limits::default());
        Ok(Loader::new(fetcher, self.open_cache()?, now))
    }

    /// What fetches badges themselves; `None` when nothing may be fetched.
    pub(super) fn fetcher(&self) -> Option<Fetcher> {
        (!self.offline).then(|| {
            self.fetch(Limits {
                bytes: MAX_FILE as u64,
                // A badge is proved by what is in it, wherever it was found.
                other_hosts: true,
                ..Limits::default()
            })
        })
    }

    fn fetch(&self, limits: Limits) -> Fetcher {
        let limits = Limits {
            allow_private: self.allow_private_network,
            ..limits
        };
        Fetcher::new(limits, concat!("badges/", env!("CARGO_PKG_VERSION")))
    }

    fn open_cache(&self) -> Result<Option<Cache>, Error> {
        if self.no_cache {
            return Ok(None);
        }
        match &self.cache {
            Some(folder) => Cache::open(folder.clone())
                .map(Some)
                .map_err(|error| Error::writing(folder, &error)),
            // Nobody asked for this one: without it, documents are fetched again.
            None => Ok(ambient::cache_folder().and_then(|folder| Cache::open(folder).ok())),
        }
    }
}
