//! Settings: what can be set ([`Options`]), and what makes sense of it ([`Settings`]).

mod address;
mod options;

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use tracing_subscriber::EnvFilter;

use crate::seal::{IfMissing, Seal, SealSource};
use crate::wikimedia::{WikiAddress, WikiAddressFault};
pub use address::{DatabaseUrl, PublicUrl};
use address::{addresses, everywhere, localhost};
pub(crate) use options::Command;
pub use options::{Options, SettingOptions};

/// How to log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// Lines for people.
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
    /// Whether anybody may sign through the VC-API with keys for that.
    pub vc_api_open: bool,
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
    /// Makes sense of the settings. Empty ones count as not given.
    ///
    /// # Errors
    /// All that is wrong, at once.
    pub fn settings(&self) -> Result<Settings, WrongSettings> {
        let mut wrong = Vec::new();
        let mut note = |name, problem: String| wrong.push(WrongSetting { name, problem });

        let port = given(&self.port).and_then(|text| {
            text.parse::<u16>()
                .inspect_err(|_| {
                    note(
                        "--port (PORT)",
                        format!("`{text}` is no port; write a number from 0 to 65535"),
                    )
                })
                .ok()
        });
        let listen = match (given(&self.listen), port) {
            (Some(text), _) => addresses(text).unwrap_or_else(|| {
                note(
                    "--listen (BADGES_LISTEN)",
                    format!("`{text}` is no address with a port; write one such as 127.0.0.1:8080, [::1]:8080 or *:8080"),
                );
                Vec::new()
            }),
            (None, Some(port)) => everywhere(port),
            (None, None) => localhost(8080),
        };
        let local = PublicUrl::localhost(listen.first().map_or(8080, SocketAddr::port));
        let public_url = given(&self.public_url)
            .map_or(Ok(local.clone()), str::parse)
            .unwrap_or_else(|problem| {
                note("--public-url (BADGES_PUBLIC_URL)", problem);
                local
            });
        let file = DatabaseUrl::Sqlite(self.data.join("badges.sqlite"));
        let database_url = given(&self.database_url)
            .map_or(Ok(file.clone()), str::parse)
            .unwrap_or_else(|problem| {
                note("--database-url (DATABASE_URL)", problem);
                file
            });
        if given(&self.sealing_key).is_some() && given(&self.sealing_passphrase).is_some() {
            note(
                "--sealing-key (BADGES_SEALING_KEY), --sealing-passphrase (BADGES_SEALING_PASSPHRASE)",
                "both are given; give one: the key itself, or the passphrase of a key that lies in a file".to_owned(),
            );
        }
        if given(&self.sealing_key).is_some() && self.sealing_key_file.is_some() {
            note(
                "--sealing-key (BADGES_SEALING_KEY), --sealing-key-file (BADGES_SEALING_KEY_FILE)",
                "both are given; give one: the key itself, or the file that it lies in".to_owned(),
            );
        }
        if let Some(key) = given(&self.sealing_key)
            && let Err(error) = Seal::open(&SealSource::Identity(key.into()), IfMissing::Refuse)
        {
            note("--sealing-key (BADGES_SEALING_KEY)", error.to_string());
        }
        let id = given(&self.wikimedia_client_id);
        let secret = given(&self.wikimedia_client_secret);
        if id.is_some() != secret.is_some() {
            note(
                "--wikimedia-client-id (BADGES_WIKIMEDIA_CLIENT_ID), --wikimedia-client-secret (BADGES_WIKIMEDIA_CLIENT_SECRET)",
                "only one of the two is given; both or neither are needed".to_owned(),
            );
        }
        let address = self
            .wikimedia_url
            .parse()
            .unwrap_or_else(|fault: WikiAddressFault| {
                note(
                    "--wikimedia-url (BADGES_WIKIMEDIA_URL)",
                    format!("`{}`: {fault}", self.wikimedia_url),
                );
                WikiAddress::default()
            });
        if let Some(url) = given(&self.source_url).filter(|url| !is_http_url(url)) {
            note(
                "--source-url (BADGES_SOURCE_URL)",
                format!("`{url}` is no web address; it should begin with https://"),
            );
        }
        let mut number = |name, text: &str, least: i64, most: i64| {
            text.trim()
                .parse::<i64>()
                .ok()
                .filter(|number| (least..=most).contains(number))
                .unwrap_or_else(|| {
                    note(
                        name,
                        format!("`{text}` should be a number from {least} to {most}"),
                    );
                    least
                })
        };
        const DAY: i64 = 86_400;
        let claim_seconds = DAY
            * number(
                "--claim-days (BADGES_CLAIM_DAYS)",
                &self.claim_days,
                1,
                3650,
            );
        let session_seconds = DAY
            * number(
                "--session-days (BADGES_SESSION_DAYS)",
                &self.session_days,
                1,
                365,
            );
        let rate_limit = number(
            "--rate-limit (BADGES_RATE_LIMIT)",
            &self.rate_limit,
            0,
            1_000_000,
        );
        let proxies = number("--proxies (BADGES_PROXIES)", &self.proxies, 0, 16);
        if self.name.trim().is_empty() {
            note(
                "--name (BADGES_NAME)",
                "is empty; say what the service is called".to_owned(),
            );
        }
        if let Err(error) = EnvFilter::try_new(&self.log) {
            note(
                "--log (BADGES_LOG)",
                format!("`{}`: {error}; write one such as `info`", self.log),
            );
        }
        if self.log_format().is_none() {
            note(
                "--log-format (BADGES_LOG_FORMAT)",
                format!("`{}` should be `text` or `json`", self.log_format),
            );
        }
        if self.vc_api_open && !listen.iter().all(|address| address.ip().is_loopback()) {
            note(
                "--vc-api-open (BADGES_VC_API_OPEN)",
                "lets anybody sign, and the service listens to others than this machine; listen at 127.0.0.1 only".to_owned(),
            );
        }
        if !wrong.is_empty() {
            return Err(WrongSettings(wrong));
        }
        Ok(Settings {
            data: self.data.clone(),
            listen,
            public_url,
            database_url,
            seal: self.seal(),
            name: self.name.trim().to_owned(),
            contact: given(&self.contact).map(str::to_owned),
            source_url: given(&self.source_url).map(str::to_owned),
            wikimedia: WikimediaSettings {
                address,
                client: id
                    .zip(secret)
                    .map(|(id, secret)| (id.to_owned(), secret.to_owned())),
                offline: self.wikimedia_offline,
            },
            claim_seconds,
            session_seconds,
            rate_limit: u32::try_from(rate_limit)
                .ok()
                .filter(|limit| *limit > 0 && !self.vc_api_open),
            proxies: usize::try_from(proxies).unwrap_or_default(),
            vc_api_open: self.vc_api_open,
        })
    }

    /// How to log.
    pub(crate) fn log_format(&self) -> Option<LogFormat> {
        match self.log_format.as_str() {
            "text" => Some(LogFormat::Text),
            "json" => Some(LogFormat::Json),
            _ => None,
        }
    }

    fn seal(&self) -> SealSource {
        let file = |name| {
            self.sealing_key_file
                .clone()
                .unwrap_or_else(|| self.data.join(name))
        };
        match (given(&self.sealing_key), given(&self.sealing_passphrase)) {
            (Some(key), _) => SealSource::Identity(key.into()),
            (None, Some(passphrase)) => SealSource::Passphrase {
                passphrase: passphrase.into(),
                file: file("sealing-key.age"),
            },
            (None, None) => SealSource::File(file("sealing-key")),
        }
    }
}

/// The text of a setting, unless it is empty, as variables are that somebody has cleared.
fn given(text: &Option<String>) -> Option<&str> {
    text.as_deref()
        .map(str::trim)
        .filter(|text| !text.is_empty())
}

impl Settings {
    /// Where the sealing key lies, if that is in the data folder, where whoever copies the data copies
    /// it too (decision C10).
    #[must_use]
    pub fn key_beside_data(&self) -> Option<&Path> {
        match &self.seal {
            SealSource::File(file) => file.starts_with(&self.data).then_some(file),
            SealSource::Identity(_) | SealSource::Passphrase { .. } => None,
        }
    }
}

impl fmt::Debug for WikimediaSettings {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{} (client: {})",
            self.address.as_str(),
            self.client.is_some()
        )
    }
}

fn listed(wrong: &[WrongSetting]) -> String {
    let lines = wrong
        .iter()
        .map(|WrongSetting { name, problem }| format!("\n  {name}: {problem}"));
    let heading = match wrong.len() {
        1 => "a setting is wrong".to_owned(),
        many => format!("{many} settings are wrong"),
    };
    format!("{heading}{}", lines.collect::<String>())
}

fn is_http_url(text: &str) -> bool {
    text.parse::<http::Uri>()
        .is_ok_and(|uri| uri.host().is_some() && matches!(uri.scheme_str(), Some("http" | "https")))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use age::secrecy::ExposeSecret as _;
    use clap::{CommandFactory as _, FromArgMatches as _};

    use super::*;

    fn read(arguments: &[&str]) -> Result<Settings, WrongSettings> {
        let command =
            Options::clap_command().try_get_matches_from([&["badges-server"], arguments].concat());
        Options::from_arg_matches(&command.unwrap())
            .unwrap()
            .settings
            .settings()
    }

    fn sealing_key() -> String {
        let key = age::x25519::Identity::generate().to_string();
        format!("--sealing-key={}", key.expose_secret())
    }

    #[test]
    fn a_sealing_key_is_one_and_comes_from_one_place() {
        let key = sealing_key();
        for (arguments, told) in [
            (
                &["--sealing-key=AGE-SECRET-KEY-1"][..],
                "holds no sealing key",
            ),
            (&[&key, "--sealing-key-file=k"], "both are given"),
            (&[&key, "--sealing-passphrase=x"], "both are given"),
            (&["--sealing-key=x", "--port=x"], "2 settings are wrong"),
        ] {
            let wrong = read(arguments).unwrap_err().to_string();
            assert!(wrong.contains(told), "{wrong}");
            assert!(!wrong.contains(&key[14..]), "{wrong}");
        }
        assert!(read(&[&key]).is_ok());
        assert!(read(&["--sealing-passphrase=x", "--sealing-key-file=k"]).is_ok());
    }

    #[test]
    fn the_commands_are_consistent() {
        Options::command().debug_assert();
    }

    #[test]
    fn settings_are_understood_after_each_command_and_told_once() {
        let settings = read(&["admin", "issuers", "--data", "elsewhere"]).unwrap();
        assert_eq!(settings.data, PathBuf::from("elsewhere"));
        let mut command = Options::clap_command();
        assert!(
            command
                .render_long_help()
                .to_string()
                .contains("--public-url")
        );
        for name in ["serve", "migrate", "admin"] {
            let help = command
                .find_subcommand_mut(name)
                .unwrap()
                .render_long_help()
                .to_string();
            assert!(
                !help.contains("--public-url") && help.contains("badges-server --help"),
                "{help}"
            );
        }
    }

    #[test]
    fn the_public_address_follows_the_port() {
        for (arguments, url) in [
            (&[][..], "http://localhost:8080"),
            (&["--port", "9000"], "http://localhost:9000"),
            (
                &["--port", "9000", "--listen", "127.0.0.1:7000"],
                "http://localhost:7000",
            ),
            (
                &[
                    "--port",
                    "9000",
                    "--public-url",
                    "https://badges.example.org/",
                ],
                "https://badges.example.org",
            ),
        ] {
            assert_eq!(read(arguments).unwrap().public_url.as_str(), url);
        }
        assert!(
            read(&["--port", "9000"])
                .unwrap()
                .listen
                .iter()
                .all(|address| address.ip().is_unspecified())
        );
        assert!(
            read(&[])
                .unwrap()
                .listen
                .iter()
                .all(|address| address.ip().is_loopback())
        );
    }

    #[test]
    fn what_is_empty_is_not_given() {
        let settings = read(&[
            "--public-url",
            "",
            "--sealing-key",
            " ",
            "--contact",
            "",
            "--database-url",
            "",
        ])
        .unwrap();
        assert_eq!(settings.public_url, PublicUrl::localhost(8080));
        assert_eq!(settings.contact, None);
        assert!(settings.key_beside_data().is_some());
    }

    #[test]
    fn the_key_is_beside_the_data_unless_it_is_said_otherwise() {
        assert!(
            read(&["--sealing-key-file", "data/keys/k"])
                .unwrap()
                .key_beside_data()
                .is_some()
        );
        for other in [
            "--sealing-key-file=/etc/key",
            &sealing_key(),
            "--sealing-passphrase=x",
        ] {
            assert!(
                read(&[other]).unwrap().key_beside_data().is_none(),
                "{other}"
            );
        }
    }
}
