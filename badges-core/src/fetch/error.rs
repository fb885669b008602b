//! Why nothing was fetched.

use std::io;
use std::net::IpAddr;

use serde::Serialize;
use ureq::http::Uri;

use super::Limits;

/// Why a URL was not fetched, or gave no document.
///
/// As JSON: an object with the member `id` of [`FetchError::id`] and the facts of the variant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "id")]
#[non_exhaustive]
pub enum FetchError {
    /// The text is not an absolute URL with a host, and a port from 1 to 65535 if any.
    #[error("{url:?} is not a URL that can be fetched")]
    #[serde(rename = "fetch.bad-url")]
    BadUrl {
        /// The text, as asked for or as a redirect named it.
        url: String,
    },
    /// The URL, or one that it redirects to, has another scheme than https.
    #[error("{url:?} is not an https URL")]
    #[serde(rename = "fetch.not-https")]
    NotHttps {
        /// The URL.
        url: String,
    },
    /// The URL holds a user name or a password. The error does not repeat them.
    #[error("the URL of {host:?} holds a user name or a password")]
    #[serde(rename = "fetch.user-info")]
    UserInfo {
        /// The host of the URL.
        host: String,
    },
    /// The host has only addresses outside the public internet: the machine itself, its network,
    /// or a reserved block. To show the address to strangers tells them about that network.
    #[error("{host:?} has the address {address}, which is not public")]
    #[serde(rename = "fetch.private-address")]
    PrivateAddress {
        /// The host of the URL.
        host: String,
        /// The first of its addresses.
        address: IpAddr,
    },
    /// The host name has no address, or no name server said so in time.
    #[error("no address was found for {host:?}")]
    #[serde(rename = "fetch.dns")]
    Dns {
        /// The host of the URL.
        host: String,
    },
    /// Too many earlier questions to name servers are still without an answer.
    #[error("too many name lookups are waiting for an answer")]
    #[serde(rename = "fetch.too-many-lookups")]
    TooManyLookups,
    /// No connection came about, or it broke off.
    #[error("the connection to {host:?} failed: {reason}")]
    #[serde(rename = "fetch.connection")]
    Connection {
        /// The host of the URL.
        host: String,
        /// What the system says, in English.
        reason: String,
    },
    /// The server has no valid certificate for its name, or does not speak TLS.
    #[error("no secure connection to {host:?}: {reason}")]
    #[serde(rename = "fetch.tls")]
    Tls {
        /// The host of the URL.
        host: String,
        /// What the TLS library says, in English.
        reason: String,
    },
    /// The answer is not HTTP, or its head is too long.
    #[error("the answer of {host:?} is not proper HTTP: {reason}")]
    #[serde(rename = "fetch.bad-response")]
    BadResponse {
        /// The host of the URL.
        host: String,
        /// What the HTTP library says, in English.
        reason: String,
    },
    /// The server answered with a status other than 2xx, and not with a redirect.
    #[error("the server answered with the status {status}")]
    #[serde(rename = "fetch.status")]
    Status {
        /// The HTTP status code.
        status: u16,
    },
    /// The body is longer than allowed.
    #[error("the document is longer than {limit} bytes")]
    #[serde(rename = "fetch.too-large")]
    TooLarge {
        /// The limit, in bytes.
        limit: u64,
    },
    /// The answer was not complete in the time allowed, redirects included.
    #[error("no complete answer came within {milliseconds} ms")]
    #[serde(rename = "fetch.timed-out")]
    TimedOut {
        /// The limit, in milliseconds.
        milliseconds: u64,
    },
    /// The server redirects more often than allowed.
    #[error("there are more than {limit} redirects")]
    #[serde(rename = "fetch.too-many-redirects")]
    TooManyRedirects {
        /// How many redirects are followed.
        limit: u32,
    },
    /// The server redirects to another host, which does not answer for the first one.
    #[error("it redirects to another host, {host:?}")]
    #[serde(rename = "fetch.other-host")]
    OtherHost {
        /// The other host.
        host: String,
    },
    /// The network was not to be used.
    #[error("not fetched: offline")]
    #[serde(rename = "fetch.offline")]
    Offline,
}

impl FetchError {
    /// The stable name of this kind of error, for translation and for programs.
    pub fn id(&self) -> &'static str {
        match self {
            Self::BadUrl { .. } => "fetch.bad-url",
            Self::NotHttps { .. } => "fetch.not-https",
            Self::UserInfo { .. } => "fetch.user-info",
            Self::PrivateAddress { .. } => "fetch.private-address",
            Self::Dns { .. } => "fetch.dns",
            Self::TooManyLookups => "fetch.too-many-lookups",
            Self::Connection { .. } => "fetch.connection",
            Self::Tls { .. } => "fetch.tls",
            Self::BadResponse { .. } => "fetch.bad-response",
            Self::Status { .. } => "fetch.status",
            Self::TooLarge { .. } => "fetch.too-large",
            Self::TimedOut { .. } => "fetch.timed-out",
            Self::TooManyRedirects { .. } => "fetch.too-many-redirects",
            Self::OtherHost { .. } => "fetch.other-host",
            Self::Offline => "fetch.offline",
        }
    }

    /// What an error of the HTTP library on a request for `uri` means.
    pub(super) fn from_ureq(error: ureq::Error, uri: &Uri, limits: &Limits) -> Self {
        use ureq::Error;

        let host = uri.host().unwrap_or_default().to_owned();
        let reason = error.to_string();
        match error {
            Error::Other(inner) => match inner.downcast::<Self>() {
                Ok(refusal) => *refusal,
                Err(_) => Self::Connection { host, reason },
            },
            Error::Timeout(_) => Self::timed_out(limits),
            Error::BodyExceedsLimit(_) => Self::too_large(limits),
            Error::HostNotFound => Self::Dns { host },
            Error::Tls(_) | Error::Rustls(_) | Error::TlsRequired => Self::Tls { host, reason },
            Error::Io(error) => Self::from_io(&error, host, limits),
            Error::Protocol(_)
            | Error::Http(_)
            | Error::LargeResponseHeader(..)
            | Error::BodyStalled => Self::BadResponse { host, reason },
            _ => Self::Connection { host, reason },
        }
    }

    fn from_io(error: &io::Error, host: String, limits: &Limits) -> Self {
        let reason = error.to_string();
        let is_tls = error
            .get_ref()
            .is_some_and(|inner| inner.is::<rustls::Error>());
        if error.kind() == io::ErrorKind::TimedOut {
            Self::timed_out(limits)
        } else if is_tls {
            Self::Tls { host, reason }
        } else {
            Self::Connection { host, reason }
        }
    }

    pub(super) fn too_large(limits: &Limits) -> Self {
        Self::TooLarge {
            limit: limits.bytes,
        }
    }

    pub(super) fn timed_out(limits: &Limits) -> Self {
        let milliseconds = limits.time.as_millis();
        Self::TimedOut {
            milliseconds: milliseconds.try_into().unwrap_or(u64::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn json_carries_the_id_and_the_facts() {
        let host = || "badges.example.org".to_owned();
        let url = || "http://badges.example.org/".to_owned();
        let reason = || "closed".to_owned();
        let errors = [
            FetchError::BadUrl { url: url() },
            FetchError::NotHttps { url: url() },
            FetchError::UserInfo { host: host() },
            FetchError::PrivateAddress {
                host: host(),
                address: Ipv4Addr::LOCALHOST.into(),
            },
            FetchError::Dns { host: host() },
            FetchError::TooManyLookups,
            FetchError::Connection {
                host: host(),
                reason: reason(),
            },
            FetchError::Tls {
                host: host(),
                reason: reason(),
            },
            FetchError::BadResponse {
                host: host(),
                reason: reason(),
            },
            FetchError::Status { status: 404 },
            FetchError::TooLarge { limit: 1 },
            FetchError::TimedOut { milliseconds: 1 },
            FetchError::TooManyRedirects { limit: 1 },
            FetchError::OtherHost { host: host() },
            FetchError::Offline,
        ];
        for error in errors {
            let json = serde_json::to_value(&error).unwrap();
            assert_eq!(json["id"], error.id());
        }
        let json = serde_json::to_string(&FetchError::Status { status: 404 }).unwrap();
        assert_eq!(json, r#"{"id":"fetch.status","status":404}"#);
    }

    #[test]
    fn messages_escape_control_characters() {
        let error = FetchError::BadUrl {
            url: "\u{1b}[2J".to_owned(),
        };
        assert!(!error.to_string().contains('\u{1b}'));
    }
}
