//! Addresses: of the service for people, of its database, and where it listens.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;

use sqlx::postgres::PgConnectOptions;

/// The address under which people reach the service, without a slash at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(String);

/// Which database.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file.
    Sqlite(PathBuf),
    /// A server, with the URL that names it.
    Postgres(String),
}

impl PublicUrl {
    /// The address of a service that only this machine reaches.
    #[must_use]
    pub fn localhost(port: u16) -> Self {
        Self(format!("http://localhost:{port}"))
    }

    /// Whether it is a trial: badges have no web address that others could trust (decision C1).
    #[must_use]
    pub fn is_trial(&self) -> bool {
        !self.is_https()
    }

    /// Whether it begins with `https://`.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// The URL of a path, which begins with a slash.
    #[must_use]
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// The URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The scheme and host, as browsers write it in `Origin`.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl FromStr for PublicUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let url = text.trim().trim_end_matches('/');
        let problem =
            || format!("`{text}` is no web address; write one such as https://badges.example.org");
        let (scheme, host) = url.split_once("://").ok_or_else(problem)?;
        if host.contains('/') {
            return Err(format!(
                "`{text}` has a path; the service needs a host of its own, such as https://badges.example.org"
            ));
        }
        match scheme.to_ascii_lowercase().as_str() {
            "https" => {
                let base = format!("https://{host}")
                    .parse::<badges_core::publish::Base>()
                    .map_err(|_| problem())?;
                // Browsers leave the port of https out where they say where they come from.
                let url = base.to_string();
                Ok(Self(
                    url.strip_suffix(":443").map(str::to_owned).unwrap_or(url),
                ))
            }
            "http" => {
                let is_host = |host: &str| {
                    !host.is_empty()
                        && !host.contains(|c: char| c.is_whitespace() || "?#@\\\"<>".contains(c))
                };
                let host = host
                    .strip_suffix(":80")
                    .unwrap_or(host)
                    .to_ascii_lowercase();
                if is_host(&host) {
                    Ok(Self(format!("http://{host}")))
                } else {
                    Err(problem())
                }
            }
            _ => Err(problem()),
        }
    }
}

impl FromStr for DatabaseUrl {
    type Err = String;

    // The text may hold a password, so no problem repeats it.
    fn from_str(text: &str) -> Result<Self, String> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return match text.parse::<PgConnectOptions>() {
                Ok(_) => Ok(Self::Postgres(text.to_owned())),
                Err(_) => Err(
                    "it should be postgres://USER:PASSWORD@HOST/NAME, with %40 for an @ in the \
                     password, and so on for other signs"
                        .to_owned(),
                ),
            };
        }
        match text
            .strip_prefix("sqlite:")
            .map(|path| path.strip_prefix("//").unwrap_or(path))
        {
            Some(path) if !path.is_empty() && !path.starts_with(":memory:") => {
                Ok(Self::Sqlite(PathBuf::from(path)))
            }
            Some(_) => Err("it should name a file, such as sqlite:badges.sqlite".to_owned()),
            None => Err("it should begin with sqlite: or postgres://".to_owned()),
        }
    }
}

/// What can be told of it to everybody: never a password.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(out, "sqlite:{}", path.display()),
            Self::Postgres(url) => {
                let options = url.parse::<PgConnectOptions>().unwrap_or_default();
                let name = options.get_database().unwrap_or(options.get_username());
                write!(
                    out,
                    "postgres://{}:{}/{name}",
                    options.get_host(),
                    options.get_port()
                )
            }
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

/// This machine itself, by either protocol.
pub(super) fn localhost(port: u16) -> Vec<SocketAddr> {
    vec![
        (Ipv4Addr::LOCALHOST, port).into(),
        (Ipv6Addr::LOCALHOST, port).into(),
    ]
}

/// Every address of this machine. The first takes in the second on most systems.
pub(super) fn everywhere(port: u16) -> Vec<SocketAddr> {
    vec![
        (Ipv6Addr::UNSPECIFIED, port).into(),
        (Ipv4Addr::UNSPECIFIED, port).into(),
    ]
}

/// An address with a port; `localhost` is both of its addresses, and `*` is all.
pub(super) fn addresses(text: &str) -> Option<Vec<SocketAddr>> {
    let (host, port) = text.rsplit_once(':')?;
    match host {
        "localhost" => Some(localhost(port.parse().ok()?)),
        "*" => Some(everywhere(port.parse().ok()?)),
        _ => Some(vec![text.parse().ok()?]),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_public_address_is_a_host() {
        for (text, url) in [
            ("https://Badges.example.org/", "https://badges.example.org"),
            (
                "https://badges.example.org:443",
                "https://badges.example.org",
            ),
            (
                "https://badges.example.org:8443",
                "https://badges.example.org:8443",
            ),
            ("HTTP://Localhost:8080", "http://localhost:8080"),
            ("http://[::1]:80", "http://[::1]"),
        ] {
            assert_eq!(text.parse::<PublicUrl>().unwrap().as_str(), url);
        }
        for text in [
            "",
            "badges.example.org",
            "ftp://example.org",
            "https://",
            "http://",
            "https://example.org/badges",
            "https://a b",
            "http://a@b",
            "https://example.org?x",
            "http://example.org#x",
            "http://\"",
        ] {
            assert!(text.parse::<PublicUrl>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_database_is_told_without_its_password() {
        let url: DatabaseUrl = "postgres://me:s3cret@db.example.org/badges"
            .parse()
            .unwrap();
        for told in [url.to_string(), format!("{url:?}")] {
            assert_eq!(told, "postgres://db.example.org:5432/badges");
        }
        assert_eq!(
            "sqlite:///srv/b.sqlite"
                .parse::<DatabaseUrl>()
                .unwrap()
                .to_string(),
            "sqlite:/srv/b.sqlite"
        );
        for text in [
            "mysql://me:s3cret@h/n",
            "postgres://me:s3cret@h:port/n",
            "sqlite:",
            "sqlite::memory:",
        ] {
            let problem = text.parse::<DatabaseUrl>().unwrap_err();
            assert!(!problem.contains("s3cret"), "{problem}");
        }
    }

    #[test]
    fn where_to_listen() {
        let all = |text| {
            addresses(text)
                .unwrap()
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
        };
        assert_eq!(all("127.0.0.1:80"), ["127.0.0.1:80"]);
        assert_eq!(all("[::1]:80"), ["[::1]:80"]);
        assert_eq!(all("localhost:80"), ["127.0.0.1:80", "[::1]:80"]);
        assert_eq!(all("*:80"), ["[::]:80", "0.0.0.0:80"]);
        for text in [
            "",
            "80",
            ":80",
            "127.0.0.1",
            "localhost:port",
            "example.org:80",
            "::1:80x",
        ] {
            assert!(addresses(text).is_none(), "{text}");
        }
    }
}
