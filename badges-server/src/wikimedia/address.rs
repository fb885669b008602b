//! The address of the wiki.

use std::fmt;
use std::str::FromStr;

use http::Uri;

/// The address of a wiki, such as `https://meta.wikimedia.org` (the default): https and a host.
/// Plain http is allowed on this machine only, for development and tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WikiAddress(String);

/// Why a text is no address of a wiki.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WikiAddressFault {
    /// No absolute URL with a host.
    #[error("it is no address with a host; write it like https://meta.wikimedia.org")]
    NotAnAddress,
    /// Neither https nor http on this machine.
    #[error("it must begin with https:// (http:// is for a wiki on this machine only)")]
    NotHttps,
    /// A user name or a password.
    #[error("it holds a user name or a password; leave them out")]
    UserInfo,
    /// More than the host and its port.
    #[error("nothing may follow the host; leave out the path and all after it")]
    Path,
}

impl WikiAddress {
    /// Without a slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn is_secure(&self) -> bool {
        self.0.starts_with("https:")
    }
}

impl Default for WikiAddress {
    fn default() -> Self {
        Self("https://meta.wikimedia.org".to_owned())
    }
}

impl FromStr for WikiAddress {
    type Err = WikiAddressFault;

    fn from_str(text: &str) -> Result<Self, WikiAddressFault> {
        let text = text.trim();
        if text.contains('#') {
            return Err(WikiAddressFault::Path);
        }
        let uri = Uri::try_from(text).map_err(|_| WikiAddressFault::NotAnAddress)?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(WikiAddressFault::NotAnAddress);
        };
        if authority.as_str().contains('@') {
            return Err(WikiAddressFault::UserInfo);
        }
        let is_here = ["localhost", "127.0.0.1", "[::1]"].contains(&authority.host());
        if scheme != "https" && !(scheme == "http" && is_here) {
            return Err(WikiAddressFault::NotHttps);
        }
        if uri.path() != "/" || uri.query().is_some() {
            return Err(WikiAddressFault::Path);
        }
        Ok(Self(format!("{scheme}://{authority}")))
    }
}

impl fmt::Display for WikiAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_a_scheme_and_a_host() {
        for (text, address) in [
            ("https://meta.wikimedia.org", "https://meta.wikimedia.org"),
            (
                " https://meta.wikimedia.org/ ",
                "https://meta.wikimedia.org",
            ),
            ("http://localhost:8081", "http://localhost:8081"),
            ("http://127.0.0.1:1/", "http://127.0.0.1:1"),
            ("http://[::1]:1", "http://[::1]:1"),
        ] {
            let parsed = text.parse::<WikiAddress>();
            assert_eq!(
                parsed.as_ref().map(WikiAddress::as_str),
                Ok(address),
                "{text}"
            );
        }
        let meta = WikiAddress::default();
        assert_eq!(meta.as_str().parse(), Ok(meta));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, fault) in [
            ("", WikiAddressFault::NotAnAddress),
            ("meta.wikimedia.org", WikiAddressFault::NotAnAddress),
            ("/wiki/", WikiAddressFault::NotAnAddress),
            ("https://", WikiAddressFault::NotAnAddress),
            ("https://a b", WikiAddressFault::NotAnAddress),
            ("http://meta.wikimedia.org", WikiAddressFault::NotHttps),
            ("http://localhost.example.org", WikiAddressFault::NotHttps),
            ("ftp://meta.wikimedia.org", WikiAddressFault::NotHttps),
            (
                "https://me:secret@meta.wikimedia.org",
                WikiAddressFault::UserInfo,
            ),
            ("http://localhost@example.org", WikiAddressFault::UserInfo),
            (
                "https://meta.wikimedia.org/w/api.php",
                WikiAddressFault::Path,
            ),
            ("https://meta.wikimedia.org/?a", WikiAddressFault::Path),
            ("https://meta.wikimedia.org#a", WikiAddressFault::Path),
        ] {
            assert_eq!(text.parse::<WikiAddress>(), Err(fault), "{text}");
        }
    }
}
