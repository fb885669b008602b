//! Settings: each is a flag, an environment variable and a line of `--help`.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::admin::AdminCommand;
use crate::seal::SealSource;
use crate::wikimedia::{WikiAddress, WikiAddressFault};

/// Issue Open Badges 3.0 after a workshop; volunteers claim and share them, anyone verifies.
///
/// Without any settings it keeps everything in `./data`, listens on http://localhost:8080, and
/// prints a link with which its owner signs in. Badges that others can check at their web address
/// need `--public-url https://…`.
#[derive(Clone, Debug, Parser)]
#[command(name = "badges-server", version)]
pub struct Options {
    /// What to do; without it, serve.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The settings.
    #[command(flatten)]
    pub settings: SettingOptions,
}

/// What to do.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Serve (the default).
    Serve(ServeOptions),
    /// Bring the database up to date, and end.
    Migrate,
    /// Look after the service from a terminal.
    #[command(subcommand)]
    Admin(AdminCommand),
}

/// Options of serving.
#[derive(Clone, Debug, Default, Args)]
pub struct ServeOptions {
    /// Add a sample issuer with a workshop and badges to play with.
    #[arg(long)]
    pub demo: bool,
}

/// The settings as they are given.
#[derive(Clone, Debug, Args)]
pub struct SettingOptions {
    /// The folder for the database and the sealing key.
    #[arg(long, global = true, env = "BADGES_DATA", default_value = "data", value_name = "FOLDER")]
    pub data: PathBuf,
    /// Where to listen: an address and a port. The default is localhost:8080, and with a port from
    /// `PORT` every address.
    #[arg(long, global = true, env = "BADGES_LISTEN", value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// The port to listen on.
    #[arg(long, global = true, env = "PORT", value_name = "NUMBER")]
    pub port: Option<String>,
    /// The address under which people reach the service, such as https://badges.example.org. It is
    /// part of every badge's id; without https the service is a trial.
    #[arg(long, global = true, env = "BADGES_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// The database: sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME. The default is
    /// badges.sqlite in the data folder.
    #[arg(long, global = true, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database_url: Option<String>,
    /// The file with the key that seals signing keys; made if it is not there. The default is
    /// sealing-key in the data folder: keep a copy of it apart from backups of the database.
    #[arg(long, global = true, env = "BADGES_SEALING_KEY_FILE", value_name = "FILE")]
    pub sealing_key_file: Option<PathBuf>,
    /// The key that seals signing keys, instead of a file: an age identity, AGE-SECRET-KEY-1….
    #[arg(long, global = true, env = "BADGES_SEALING_KEY", hide_env_values = true, value_name = "KEY")]
    pub sealing_key: Option<String>,
    /// A passphrase that protects the sealing key.
    #[arg(long, global = true, env = "BADGES_SEALING_PASSPHRASE", hide_env_values = true, value_name = "TEXT")]
    pub sealing_passphrase: Option<String>,
    /// What the service calls itself.
    #[arg(long, global = true, env = "BADGES_NAME", default_value = "Badges", value_name = "TEXT")]
    pub name: String,
    /// How the people who run the service can be reached: an address or a page, told to the wikis
    /// that are asked.
    #[arg(long, global = true, env = "BADGES_CONTACT", value_name = "TEXT")]
    pub contact: Option<String>,
    /// Where the source code of the service is, for the foot of every page.
    #[arg(long, global = true, env = "BADGES_SOURCE_URL", value_name = "URL")]
    pub source_url: Option<String>,
    /// The wiki that knows the accounts.
    #[arg(long, global = true, env = "BADGES_WIKIMEDIA_URL", default_value = "https://meta.wikimedia.org", value_name = "URL")]
    pub wikimedia_url: String,
    /// The client id of an OAuth 2 consumer registered there; without it nobody signs in with
    /// Wikimedia.
    #[arg(long, global = true, env = "BADGES_WIKIMEDIA_CLIENT_ID", value_name = "ID")]
    pub wikimedia_client_id: Option<String>,
    /// The client secret of that consumer.
    #[arg(long, global = true, env = "BADGES_WIKIMEDIA_CLIENT_SECRET", hide_env_values = true, value_name = "SECRET")]
    pub wikimedia_client_secret: Option<String>,
    /// Do not ask the wiki for account numbers when a list is imported.
    #[arg(long, global = true, env = "BADGES_WIKIMEDIA_OFFLINE")]
    pub wikimedia_offline: bool,
    /// How many days a claim link works.
    #[arg(long, global = true, env = "BADGES_CLAIM_DAYS", default_value = "180", value_name = "DAYS")]
    pub claim_days: String,
    /// How many days a person stays signed in.
    #[arg(long, global = true, env = "BADGES_SESSION_DAYS", default_value = "30", value_name = "DAYS")]
    pub session_days: String,
    /// How many costly requests (verifications, imports) one address may make in a minute; five
    /// times as many sign-ins and claims, ten times as many requests of the API; 0 for any number.
    #[arg(long, global = true, env = "BADGES_RATE_LIMIT", default_value = "60", value_name = "NUMBER")]
    pub rate_limit: String,
    /// How many proxies stand before the service; the caller's address is taken from what the
    /// first of them says in `X-Forwarded-For`.
    #[arg(long, global = true, env = "BADGES_PROXIES", default_value = "0", value_name = "NUMBER")]
    pub proxies: String,
    /// What to log, such as `info` or `badges_server=debug,info`.
    #[arg(long, global = true, env = "BADGES_LOG", default_value = "info", value_name = "FILTER")]
    pub log: String,
    /// How to log.
    #[arg(long, global = true, env = "BADGES_LOG_FORMAT", default_value = "text", value_enum)]
    pub log_format: LogFormat,
}

/// How to log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// A JSON object a line.
    Json,
}

/// Settings that make sense.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The folder for the database and the sealing key.
    pub data: PathBuf,
    /// Where to listen; several addresses are the same machine.
    pub listen: Vec<SocketAddr>,
    /// The address under which people reach the service.
    pub public_url: PublicUrl,
    /// The database.
    pub database_url: DatabaseUrl,
    /// Where the key comes from that seals the others.
    pub seal: SealSource,
    /// What the service calls itself.
    pub name: String,
    /// How the people who run the service can be reached.
    pub contact: Option<String>,
    /// Where the source code is.
    pub source_url: Option<String>,
    /// The wiki.
    pub wikimedia: WikimediaSettings,
    /// How long a claim link works, in seconds.
    pub claim_seconds: i64,
    /// How long a session lasts, in seconds.
    pub session_seconds: i64,
    /// Costly requests an address and minute; `None` for any number.
    pub rate_limit: Option<u32>,
    /// How many proxies stand before the service.
    pub proxies: usize,
}

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

/// The wiki that knows the accounts.
#[derive(Clone)]
pub struct WikimediaSettings {
    /// Its address.
    pub address: WikiAddress,
    /// The OAuth client: id and secret.
    pub client: Option<(String, String)>,
    /// Whether accounts are not looked up.
    pub offline: bool,
}

/// Everything that is wrong with the settings.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", listed(.0))]
pub struct WrongSettings(pub Vec<WrongSetting>);

/// A setting that makes no sense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongSetting {
    /// The flag and the variable.
    pub name: &'static str,
    /// What is wrong and what to do.
    pub problem: String,
}

impl SettingOptions {
    /// Makes sense of the settings.
    ///
    /// # Errors
    /// All that is wrong, at once.
    pub fn settings(&self) -> Result<Settings, WrongSettings> {
        let mut wrong = Vec::new();
        let mut note = |name, problem: String| wrong.push(WrongSetting { name, problem });

        let port = self.port.as_deref().and_then(|text| {
            let port = text.parse::<u16>().ok();
            if port.is_none() {
                note("--port (PORT)", format!("`{text}` is no port; write a number from 0 to 65535"));
            }
            port
        });
        let listen = match (&self.listen, port) {
            (Some(text), _) => addresses(text).unwrap_or_else(|| {
                note(
                    "--listen (BADGES_LISTEN)",
                    format!("`{text}` is no address with a port; write one such as 127.0.0.1:8080 or [::]:8080"),
                );
                Vec::new()
            }),
            (None, Some(port)) => vec![SocketAddr::from((Ipv4Addr::UNSPECIFIED, port))],
            (None, None) => localhost(8080),
        };
        let public_url = match &self.public_url {
            Some(text) => text.parse().unwrap_or_else(|problem| {
                note("--public-url (BADGES_PUBLIC_URL)", problem);
                PublicUrl(String::new())
            }),
            None => PublicUrl(format!(
                "http://localhost:{}",
                listen.first().map_or(8080, SocketAddr::port)
            )),
        };
        let database_url = match &self.database_url {
            Some(text) => text.parse().unwrap_or_else(|problem| {
                note("--database-url (DATABASE_URL)", problem);
                DatabaseUrl::Sqlite(PathBuf::new())
            }),
            None => DatabaseUrl::Sqlite(self.data.join("badges.sqlite")),
        };
        let seal = match (&self.sealing_key, &self.sealing_passphrase, &self.sealing_key_file) {
            (Some(_), Some(_), _) => {
                note(
                    "--sealing-key, --sealing-passphrase",
                    "both are given; give one: the key itself, or the passphrase of a key that lies in a file".to_owned(),
                );
                SealSource::Identity(String::new().into())
            }
            (Some(key), None, _) => SealSource::Identity(key.clone().into()),
            (None, Some(passphrase), file) => SealSource::Passphrase {
                file: file.clone().unwrap_or_else(|| self.data.join("sealing-key.age")),
                passphrase: passphrase.clone().into(),
            },
            (None, None, file) => {
                SealSource::File(file.clone().unwrap_or_else(|| self.data.join("sealing-key")))
            }
        };
        let client = match (&self.wikimedia_client_id, &self.wikimedia_client_secret) {
            (Some(id), Some(secret)) => Some((id.clone(), secret.clone())),
            (None, None) => None,
            _ => {
                note(
                    "--wikimedia-client-id, --wikimedia-client-secret",
                    "only one of the two is given; both or neither are needed".to_owned(),
                );
                None
            }
        };
        let address = self.wikimedia_url.parse().unwrap_or_else(|fault: WikiAddressFault| {
            note("--wikimedia-url (BADGES_WIKIMEDIA_URL)", format!("`{}`: {fault}", self.wikimedia_url));
            WikiAddress::default()
        });
        for (name, url) in [("--source-url (BADGES_SOURCE_URL)", &self.source_url)] {
            if let Some(url) = url.as_deref().filter(|url| !is_http_url(url)) {
                note(name, format!("`{url}` is no web address; it should begin with https://"));
            }
        }
        let mut number = |name, text: &str, least: i64, most: i64| {
            text.parse::<i64>().ok().filter(|number| (least..=most).contains(number)).unwrap_or_else(|| {
                note(name, format!("`{text}` should be a number from {least} to {most}"));
                least
            })
        };
        const DAY: i64 = 86_400;
        let claim_seconds = DAY * number("--claim-days (BADGES_CLAIM_DAYS)", &self.claim_days, 1, 3650);
        let session_seconds = DAY * number("--session-days (BADGES_SESSION_DAYS)", &self.session_days, 1, 365);
        let rate_limit = number("--rate-limit (BADGES_RATE_LIMIT)", &self.rate_limit, 0, 1_000_000);
        let proxies = number("--proxies (BADGES_PROXIES)", &self.proxies, 0, 16);
        if self.name.trim().is_empty() {
            note("--name (BADGES_NAME)", "is empty; say what the service is called".to_owned());
        }
        if !wrong.is_empty() {
            return Err(WrongSettings(wrong));
        }
        Ok(Settings {
            data: self.data.clone(),
            listen,
            public_url,
            database_url,
            seal,
            name: self.name.trim().to_owned(),
            contact: self.contact.clone(),
            source_url: self.source_url.clone(),
            wikimedia: WikimediaSettings {
                address,
                client,
                offline: self.wikimedia_offline,
            },
            claim_seconds,
            session_seconds,
            rate_limit: u32::try_from(rate_limit).ok().filter(|limit| *limit > 0),
            proxies: usize::try_from(proxies).unwrap_or_default(),
        })
    }
}

impl PublicUrl {
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
        let host = self.0.find("://").map_or(0, |at| at + 3);
        self.0[host..].find('/').map_or(&self.0, |end| &self.0[..host + end])
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
        if url.starts_with("https://") {
            return match url.parse::<badges_core::publish::Base>() {
                Ok(base) => Ok(Self(base.url("").trim_end_matches('/').to_owned())),
                Err(error) => Err(format!("{error}; write the address without `?` and `#`")),
            };
        }
        let host = url.strip_prefix("http://").filter(|host| {
            !host.is_empty() && !host.contains(|c: char| c.is_whitespace() || "/?#@\\\"<>".contains(c))
        });
        match host {
            Some(_) => Ok(Self(url.to_ascii_lowercase())),
            None => Err(format!(
                "`{text}` is no web address; write one such as https://badges.example.org"
            )),
        }
    }
}

impl FromStr for DatabaseUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        match text.strip_prefix("sqlite:") {
            Some(path) => Ok(Self::Sqlite(PathBuf::from(path.strip_prefix("//").unwrap_or(path)))),
            // The text may hold a password, so it is not repeated.
            None => Err("it should begin with sqlite: or postgres://".to_owned()),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(out, "sqlite:{}", path.display()),
            Self::Postgres(_) => out.write_str("postgres"),
        }
    }
}

impl fmt::Debug for WikimediaSettings {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} (client: {})", self.address.as_str(), self.client.is_some())
    }
}

fn listed(wrong: &[WrongSetting]) -> String {
    let lines: Vec<String> = wrong
        .iter()
        .map(|WrongSetting { name, problem }| format!("{name}: {problem}"))
        .collect();
    lines.join("\n")
}

fn is_http_url(text: &str) -> bool {
    text.parse::<http::Uri>().is_ok_and(|uri| {
        uri.host().is_some() && matches!(uri.scheme_str(), Some("http" | "https"))
    })
}

fn localhost(port: u16) -> Vec<SocketAddr> {
    [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)]
        .map(|address| SocketAddr::from((address, port)))
        .to_vec()
}

fn addresses(text: &str) -> Option<Vec<SocketAddr>> {
    if let Some(port) = text.strip_prefix("localhost:") {
        return Some(localhost(port.parse().ok()?));
    }
    Some(vec![text.parse().ok()?])
}
