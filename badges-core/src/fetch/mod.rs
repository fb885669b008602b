//! A guarded HTTP client for the documents that credentials name: keys, status lists, schemas,
//! images. The only part of this library that touches the network, the disk or the clock.
//!
//! The URLs come from strangers and so do the servers. Therefore: https only; connections only to
//! addresses of the public internet, checked after the name was looked up and for each redirect; no
//! redirects to another host, where a document proves something by standing at its address; no
//! proxies, cookies or credentials; one limit for the size and one for the whole time.
//!
//! Everything blocks. In asynchronous code, call it from a thread that may.

mod address;
mod cache;
mod error;
mod guard;
mod headers;
mod lists;
mod online;
mod redirect;
#[cfg(test)]
mod tests;

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::{Duration, Instant};

use time::OffsetDateTime;
use ureq::http::{Response, Uri};
use ureq::tls::TlsConfig;
use ureq::unversioned::transport::{Connector, RustlsConnector, TcpConnector};
use ureq::{Agent, Body};

pub use cache::Cache;
pub use error::FetchError;
use guard::{Guard, GuardedResolver, port};
use headers::{max_age, media_type};
pub use lists::SeenLists;
pub use online::{Loader, verify_online, verify_with_documents};
use redirect::redirect_target;

/// How much is fetched at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest body, in bytes. Default: 2 MiB.
    pub bytes: u64,
    /// How many redirects are followed. Default: 3.
    pub redirects: u32,
    /// Whether redirects are followed to other hosts, too. Keys, the documents of DIDs and hosted
    /// badges are their issuer's because they stand at the issuer's host; with this on, whoever can make
    /// that host send readers on could answer in its name. Default: off.
    pub other_hosts: bool,
    /// The time for one document, from the name lookup to the last byte, redirects included.
    /// Default: 10 s; at most one hour counts.
    pub time: Duration,
    /// For development and tests only: all addresses and plain http are allowed.
    pub allow_private: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 2 * 1024 * 1024,
            redirects: 3,
            other_hosts: false,
            time: Duration::from_secs(10),
            allow_private: false,
        }
    }
}

/// A fetched document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// The URL that gave the document in the end, after redirects, without a fragment.
    pub url: String,
    /// The media type that the server names, in lower case, without parameters.
    pub media_type: Option<String>,
    /// The document, as sent. Bodies are asked for without compression, and none is undone.
    pub body: Vec<u8>,
    /// How much longer the server allows it to be used, by `Cache-Control` and `Age`. Zero if it
    /// must not be kept, `None` if the server does not say.
    pub max_age: Option<Duration>,
}

/// Fetches documents. Cheap to clone; clones share their limits and settings.
#[derive(Clone, Debug)]
pub struct Fetcher {
    agent: Agent,
    guard: Guard,
    limits: Limits,
}

impl Fetcher {
    /// A fetcher with these limits, which calls itself `user_agent` (what is not printable ASCII is
    /// left out).
    pub fn new(limits: Limits, user_agent: &str) -> Self {
        let limits = Limits {
            time: limits.time.min(LONGEST_TIME),
            ..limits
        };
        Self::with_guard(limits, Guard::new(limits.allow_private), user_agent)
    }

    /// Fetches the document at `url`.
    ///
    /// # Errors
    /// See [`FetchError`].
    pub fn get(&self, url: &str) -> Result<Fetched, FetchError> {
        let started = Instant::now();
        let mut uri = self.guard.check(url)?;
        for _ in 0..=self.limits.redirects {
            let left = self.limits.time.saturating_sub(started.elapsed());
            let response = self.send(&uri, left)?;
            match redirect_target(&uri, &response) {
                Some(target) => uri = self.check_redirect(&uri, &target)?,
                None => return self.read(&uri, response),
            }
        }
        Err(FetchError::TooManyRedirects {
            limit: self.limits.redirects,
        })
    }

    /// Fetches several documents, up to eight at a time. The answers come in the order of `urls`.
    pub fn get_all(&self, urls: &[String]) -> Vec<(String, Result<Fetched, FetchError>)> {
        in_parallel(urls, |url| self.get(url))
    }

    /// Like [`get`](Self::get), but takes what `cache` still has at `now`, and keeps there what it
    /// fetches. A cache that fails counts as empty.
    ///
    /// # Errors
    /// See [`FetchError`].
    pub fn get_cached(
        &self,
        cache: &Cache,
        url: &str,
        now: OffsetDateTime,
    ) -> Result<Fetched, FetchError> {
        let url = self.guard.check(url)?.to_string();
        if let Some(kept) = cache.get(&url, now)
            && !self.is_too_long(kept.body.len())
        {
            return Ok(kept);
        }
        let fetched = self.get(&url)?;
        // The document is here; that it could not be kept only costs time later.
        let _ = cache.put(&url, &fetched, now);
        Ok(fetched)
    }

    /// Like [`get_all`](Self::get_all), with a cache as in [`get_cached`](Self::get_cached).
    pub fn get_all_cached(
        &self,
        cache: &Cache,
        urls: &[String],
        now: OffsetDateTime,
    ) -> Vec<(String, Result<Fetched, FetchError>)> {
        in_parallel(urls, |url| self.get_cached(cache, url, now))
    }

    fn with_guard(limits: Limits, guard: Guard, user_agent: &str) -> Self {
        Self {
            agent: agent(guard, user_agent),
            guard,
            limits,
        }
    }

    fn send(&self, uri: &Uri, left: Duration) -> Result<Response<Body>, FetchError> {
        if left.is_zero() {
            return Err(FetchError::timed_out(&self.limits));
        }
        self.agent
            .get(uri)
            .config()
            .timeout_global(Some(left))
            .build()
            .call()
            .map_err(|error| FetchError::from_ureq(error, uri, &self.limits))
    }

    fn check_redirect(&self, from: &Uri, target: &str) -> Result<Uri, FetchError> {
        let to = self.guard.check(target)?;
        let keeps_security = from.scheme() == to.scheme() || from.scheme_str() == Some("http");
        if !keeps_security {
            return Err(FetchError::NotHttps {
                url: target.to_owned(),
            });
        }
        if !self.limits.other_hosts && !is_same_host(from, &to) {
            return Err(FetchError::OtherHost {
                host: to.host().unwrap_or_default().to_owned(),
            });
        }
        Ok(to)
    }

    fn read(&self, uri: &Uri, response: Response<Body>) -> Result<Fetched, FetchError> {
        let status = response.status();
        if !status.is_success() {
            return Err(FetchError::Status {
                status: status.as_u16(),
            });
        }
        let (head, body) = response.into_parts();
        let announced = body.content_length().unwrap_or(0);
        if announced > self.limits.bytes {
            return Err(FetchError::too_large(&self.limits));
        }
        let mut bytes = Vec::new();
        body.into_with_config()
            .limit(self.limits.bytes)
            .reader()
            .read_to_end(&mut bytes)
            .map_err(|error| FetchError::from_ureq(error.into(), uri, &self.limits))?;
        Ok(Fetched {
            url: uri.to_string(),
            media_type: media_type(&head.headers),
            body: bytes,
            max_age: max_age(&head.headers),
        })
    }

    fn is_too_long(&self, length: usize) -> bool {
        u64::try_from(length).is_ok_and(|length| length > self.limits.bytes)
    }
}

/// Whether a redirect stays at its host and port. From http to https the port is another one.
fn is_same_host(from: &Uri, to: &Uri) -> bool {
    let host = |uri: &Uri| uri.host().map(str::to_ascii_lowercase);
    let port = |uri: &Uri| port(uri.scheme()?, uri.authority()?);
    host(from) == host(to) && (from.scheme() != to.scheme() || port(from) == port(to))
}

/// Keeps the arithmetic with points in time within bounds.
const LONGEST_TIME: Duration = Duration::from_secs(60 * 60);

/// The documents of Open Badges, DIDs and status lists first; images; then anything.
const ACCEPT: &str = "application/vc, application/did+json, application/did, \
    application/jwk-set+json, application/ld+json, application/json;q=0.9, \
    image/png, image/svg+xml, text/plain;q=0.5, */*;q=0.1";

/// In bytes. An unfinished head is read again with each packet, so both are kept small.
const LONGEST_HEAD: usize = 32 * 1024;
const INPUT_BUFFER: usize = 2 * LONGEST_HEAD;

/// An agent without what could lead around the guard: its chain of connectors knows no proxy, it
/// follows no redirect by itself, and it keeps no connection for a later request.
fn agent(guard: Guard, user_agent: &str) -> Agent {
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    let tls = TlsConfig::builder()
        .unversioned_rustls_crypto_provider(Arc::new(provider))
        .build();
    let printable = |letter: &char| letter.is_ascii_graphic() || *letter == ' ';
    let user_agent: String = user_agent.chars().filter(printable).collect();
    let config = Agent::config_builder()
        .proxy(None)
        .https_only(!guard.plain_http)
        .tls_config(tls)
        .max_redirects(0)
        .http_status_as_error(false)
        .max_idle_connections(0)
        .max_idle_connections_per_host(0)
        .max_response_header_size(LONGEST_HEAD)
        .input_buffer_size(INPUT_BUFFER)
        .user_agent(user_agent)
        .accept(ACCEPT)
        .accept_encoding("identity")
        .build();
    let connector = ().chain(TcpConnector::default()).chain(RustlsConnector::default());
    Agent::with_parts(config, connector, GuardedResolver::new(guard))
}

/// How many documents are fetched at the same time.
const THREADS: usize = 8;

fn in_parallel<T: Send>(urls: &[String], fetch: impl Fn(&str) -> T + Sync) -> Vec<(String, T)> {
    let next = AtomicUsize::new(0);
    let (sender, answers) = mpsc::channel();
    let work = |sender: &Sender<_>| {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(url) = urls.get(index) else { break };
            // The receiver outlives all work.
            let _ = sender.send((index, url.clone(), fetch(url)));
        }
    };
    thread::scope(|scope| {
        let work = &work;
        for _ in 1..urls.len().min(THREADS) {
            let sender = sender.clone();
            // Without another thread it takes longer, no more.
            let _ = thread::Builder::new().spawn_scoped(scope, move || work(&sender));
        }
        work(&sender);
    });
    let mut answers: Vec<_> = answers.try_iter().collect();
    answers.sort_by_key(|(index, ..)| *index);
    answers
        .into_iter()
        .map(|(_, url, answer)| (url, answer))
        .collect()
}
