//! What stands between a stranger's URL and a connection: checks of the URL, and a resolver that
//! hands out only addresses that may be connected to.

use std::io;
use std::net::{IpAddr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;

use percent_encoding::{AsciiSet, utf8_percent_encode};
use ureq::config::Config;
use ureq::http::Uri;
use ureq::http::uri::{Authority, Scheme};
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use super::FetchError;
use super::address::is_public;

/// What may be fetched, and who says where it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Guard {
    pub(super) plain_http: bool,
    pub(super) allows: fn(IpAddr) -> bool,
    /// The addresses of a host, with this port.
    pub(super) look_up: fn(&str, u16) -> io::Result<Vec<SocketAddr>>,
}

impl Guard {
    pub(super) fn new(allow_private: bool) -> Self {
        Self {
            plain_http: allow_private,
            allows: if allow_private { |_| true } else { is_public },
            look_up: |host, port| (host, port).to_socket_addrs().map(Iterator::collect),
        }
    }

    /// Reads a URL, without its fragment, and checks everything that can be told without asking
    /// a name server.
    pub(super) fn check(&self, url: &str) -> Result<Uri, FetchError> {
        let bad_url = || FetchError::BadUrl {
            url: url.to_owned(),
        };
        let (before_fragment, _) = url.split_once('#').unwrap_or((url, ""));
        let encoded = utf8_percent_encode(before_fragment, UNSAFE).to_string();
        let uri = Uri::try_from(encoded).map_err(|_| bad_url())?;
        let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
            return Err(bad_url());
        };
        if authority.as_str().contains('@') {
            return Err(FetchError::UserInfo {
                host: authority.host().to_owned(),
            });
        }
        let http_is_fine = self.plain_http && *scheme == Scheme::HTTP;
        if *scheme != Scheme::HTTPS && !http_is_fine {
            return Err(FetchError::NotHttps {
                url: url.to_owned(),
            });
        }
        let is_host = without_brackets(authority.host())
            .is_none_or(|address| address.parse::<Ipv6Addr>().is_ok());
        if !is_host || port(scheme, authority).is_none() {
            return Err(bad_url());
        }
        Ok(uri)
    }

    /// Keeps the addresses that may be connected to.
    fn screen(&self, host: &str, addresses: &[SocketAddr]) -> Result<Vec<SocketAddr>, FetchError> {
        let Some(first) = addresses.first() else {
            return Err(FetchError::Dns {
                host: host.to_owned(),
            });
        };
        let allowed: Vec<_> = addresses
            .iter()
            .copied()
            .filter(|address| (self.allows)(address.ip()))
            .collect();
        if allowed.is_empty() {
            return Err(FetchError::PrivateAddress {
                host: host.to_owned(),
                address: first.ip(),
            });
        }
        Ok(allowed)
    }
}

/// What people and servers write into URLs although it must be percent-encoded there, beside all
/// that is not ASCII. In a host name the result is refused.
const UNSAFE: &AsciiSet = &AsciiSet::EMPTY
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

fn without_brackets(host: &str) -> Option<&str> {
    host.strip_prefix('[')?.strip_suffix(']')
}

/// The port to connect to. `None` if there is more behind the host than a port.
pub(super) fn port(scheme: &Scheme, authority: &Authority) -> Option<u16> {
    match authority.as_str().strip_prefix(authority.host())? {
        "" | ":" if *scheme == Scheme::HTTPS => Some(443),
        "" | ":" => Some(80),
        rest => {
            let number = rest.strip_prefix(':')?;
            let is_digits = number.bytes().all(|byte| byte.is_ascii_digit());
            number.parse().ok().filter(|port| is_digits && *port != 0)
        }
    }
}

/// Turns the host of a URL into addresses, once: the connection goes to an address that passed the
/// guard, and no second lookup can give another.
#[derive(Debug)]
pub(super) struct GuardedResolver {
    guard: Guard,
    /// Each waiting lookup holds a clone, so that they can be counted.
    waiting: Arc<()>,
}

/// A lookup cannot be broken off. A name server that never answers holds its thread until the
/// system gives up, so their number has a limit.
const WAITING_LOOKUPS: usize = 64;

/// As many addresses as the HTTP library takes.
const ADDRESSES: usize = 16;

impl GuardedResolver {
    pub(super) fn new(guard: Guard) -> Self {
        Self {
            guard,
            waiting: Arc::new(()),
        }
    }

    fn look_up(
        &self,
        host: &str,
        port: u16,
        timeout: NextTimeout,
    ) -> Result<Vec<SocketAddr>, ureq::Error> {
        let literal = without_brackets(host).unwrap_or(host);
        if let Ok(address) = literal.parse::<IpAddr>() {
            return Ok(vec![SocketAddr::new(address, port)]);
        }
        if Arc::strong_count(&self.waiting) > WAITING_LOOKUPS {
            return Err(refusal(FetchError::TooManyLookups));
        }
        let (sender, receiver) = mpsc::sync_channel(1);
        let waiting = Arc::clone(&self.waiting);
        let host = host.to_owned();
        let look_up = self.guard.look_up;
        let ask = move || {
            let found = look_up(&host, port);
            drop(waiting);
            // Nobody listens any more if the answer is late.
            let _ = sender.send(found);
        };
        thread::Builder::new().spawn(ask)?;
        match receiver.recv_timeout(*timeout.after) {
            Ok(found) => Ok(found.unwrap_or_default()),
            Err(RecvTimeoutError::Timeout) => Err(ureq::Error::Timeout(timeout.reason)),
            Err(RecvTimeoutError::Disconnected) => Ok(Vec::new()),
        }
    }
}

impl Resolver for GuardedResolver {
    fn resolve(
        &self,
        uri: &Uri,
        _: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let uri = self.guard.check(&uri.to_string()).map_err(refusal)?;
        let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
            return Err(ureq::Error::HostNotFound);
        };
        let port = port(scheme, authority).ok_or(ureq::Error::HostNotFound)?;
        let found = self.look_up(authority.host(), port, timeout)?;
        let allowed = self
            .guard
            .screen(authority.host(), &found)
            .map_err(refusal)?;
        let mut addresses = self.empty();
        for address in allowed.into_iter().take(ADDRESSES) {
            addresses.push(address);
        }
        Ok(addresses)
    }
}

fn refusal(error: FetchError) -> ureq::Error {
    ureq::Error::Other(Box::new(error))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn urls_lose_their_fragment_and_are_encoded() {
        let checks = [
            ("https://example.org", "https://example.org/"),
            (
                "HTTPS://example.org:8443/a?b",
                "https://example.org:8443/a?b",
            ),
            ("https://example.org:/a", "https://example.org:/a"),
            (
                "https://example.org/did.json#key-1",
                "https://example.org/did.json",
            ),
            ("https://example.org?q=1#/?", "https://example.org/?q=1"),
            ("https://example.org/Ä b", "https://example.org/%C3%84%20b"),
            ("https://example.org/%20|", "https://example.org/%20%7C"),
            (
                "https://[2606:4700::1111]:444/",
                "https://[2606:4700::1111]:444/",
            ),
        ];
        for (given, expected) in checks {
            let uri = Guard::new(false).check(given).unwrap();
            assert_eq!(uri.to_string(), expected, "{given}");
        }
    }

    #[test]
    fn bad_urls_are_refused() {
        let checks = [
            ("", "fetch.bad-url"),
            ("#", "fetch.bad-url"),
            ("/", "fetch.bad-url"),
            ("*", "fetch.bad-url"),
            ("example.org", "fetch.bad-url"),
            ("https:", "fetch.bad-url"),
            ("https://", "fetch.bad-url"),
            ("https:///a", "fetch.bad-url"),
            ("https:example.org", "fetch.bad-url"),
            (" https://example.org", "fetch.bad-url"),
            ("https://example.org/\r\nHost: a", "fetch.bad-url"),
            ("https://example.org\\@a", "fetch.bad-url"),
            ("https://exämple.org", "fetch.bad-url"),
            ("https://example.org%2f", "fetch.bad-url"),
            ("https://example.org:0/", "fetch.bad-url"),
            ("https://example.org:65536/", "fetch.bad-url"),
            ("https://example.org:+1/", "fetch.bad-url"),
            ("https://a:1:2/", "fetch.bad-url"),
            ("https://[::1/", "fetch.bad-url"),
            ("https://[::1]a/", "fetch.bad-url"),
            ("https://a[::1]/", "fetch.bad-url"),
            ("https://[fe80::1%25eth0]/", "fetch.bad-url"),
            ("https://me@example.org", "fetch.user-info"),
            ("https://me:secret@example.org", "fetch.user-info"),
            ("https://example.org:443@127.0.0.1", "fetch.user-info"),
            ("http://example.org", "fetch.not-https"),
            ("ftp://example.org", "fetch.not-https"),
            ("file:///etc/passwd", "fetch.bad-url"),
            ("data:,a", "fetch.bad-url"),
            ("did:web:example.org", "fetch.bad-url"),
        ];
        for (url, id) in checks {
            let error = Guard::new(false).check(url).unwrap_err();
            assert_eq!(error.id(), id, "{url}");
            assert!(!error.to_string().contains("secret"), "{url}");
        }
        let long = format!("https://example.org/{}", "a".repeat(100_000));
        assert!(Guard::new(false).check(&long).is_err());
    }

    #[test]
    fn plain_http_is_for_development() {
        assert!(Guard::new(true).check("http://example.org").is_ok());
        assert!(Guard::new(true).check("ftp://example.org").is_err());
    }

    #[test]
    fn forbidden_addresses_are_dropped_and_refused_if_none_is_left() {
        let guard = Guard::new(false);
        let addresses = ["10.0.0.1:443", "1.1.1.1:443", "[::1]:443"]
            .map(|text| text.parse::<SocketAddr>().unwrap());
        let [private, public, loopback] = addresses;
        assert_eq!(guard.screen("a", &addresses), Ok(vec![public]));
        assert_eq!(
            guard.screen("a", &[private, loopback]),
            Err(FetchError::PrivateAddress {
                host: "a".to_owned(),
                address: private.ip()
            })
        );
        assert_eq!(
            guard.screen("a", &[]),
            Err(FetchError::Dns {
                host: "a".to_owned()
            })
        );
    }

    #[test]
    fn lookups_without_an_answer_are_counted() {
        let resolver = GuardedResolver::new(Guard::new(false));
        let waiting = vec![Arc::clone(&resolver.waiting); WAITING_LOOKUPS];
        let error = resolver
            .look_up("example.org", 443, NextTimeout::default())
            .unwrap_err();
        assert!(matches!(
            error,
            ureq::Error::Other(inner)
                if inner.downcast_ref() == Some(&FetchError::TooManyLookups)
        ));
        drop(waiting);
    }
}
