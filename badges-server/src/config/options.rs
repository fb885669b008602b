//! What can be set: each setting is a flag, an environment variable and a line of `--help`.

use std::path::PathBuf;

use clap::builder::FalseyValueParser;
use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::admin::AdminCommand;

/// Issue Open Badges 3.0 after a workshop; volunteers claim and share them, anyone verifies.
///
/// Without any settings it keeps everything in `./data`, listens on http://localhost:8080, and
/// prints a link with which its owner signs in. Badges that others can check at their web address
/// need `--public-url https://…`.
#[derive(Clone, Debug, Parser)]
#[command(name = "badges-server", version, after_long_help = MANUAL)]
pub struct Options {
    /// What to do; without it, serve.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// How to serve.
    #[command(flatten)]
    pub serve: ServeOptions,
    /// The settings.
    #[command(flatten)]
    pub settings: SettingOptions,
}

const MANUAL: &str = "\
Each setting is a flag, or the variable that is named beside it; the flag goes before. All settings \
that are wrong are told at once.

To try it:
  badges-server --demo

In earnest, behind a proxy that speaks https:
  badges-server --public-url https://badges.example.org --proxies 1

A signal to end (Ctrl-C, SIGTERM) lets it finish what it has begun, for at most 30 seconds; a second \
one ends it at once. Jobs that were interrupted go on at the next start.

It ends with 0 when all is well, 1 when something could not be done or `admin check` has found \
something, 64 when the command or a setting is wrong, 71 when the system has no room for it. Messages \
and the log go to standard error, what was asked for to standard output.";

/// What to do.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Serve (the default).
    Serve(ServeOptions),
    /// Bring the database up to date, and end.
    ///
    /// Serving does so too, at its start. Where several processes serve the same database, this does
    /// it once, before they start.
    Migrate,
    /// Look after the service from a terminal, while it runs or not.
    #[command(subcommand)]
    Admin(AdminCommand),
}

/// Options of serving.
#[derive(Clone, Debug, Default, Args)]
pub struct ServeOptions {
    /// Add a sample issuer with a workshop and badges to play with, unless there is an issuer.
    #[arg(long, env = "BADGES_DEMO", value_parser = FalseyValueParser::new())]
    pub demo: bool,
}

/// The settings as they are given.
#[derive(Clone, Debug, Args)]
pub struct SettingOptions {
    /// The folder for the database and the sealing key.
    #[arg(
        long,
        global = true,
        help_heading = "Data",
        env = "BADGES_DATA",
        default_value = "data",
        value_name = "FOLDER"
    )]
    pub data: PathBuf,
    /// The database: sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME (15 or later). The default is
    /// badges.sqlite in the data folder.
    #[arg(
        long,
        global = true,
        help_heading = "Data",
        env = "DATABASE_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub database_url: Option<String>,
    /// The file with the key that seals signing keys; made if it is not there. The default is
    /// sealing-key in the data folder: keep a copy of it apart from backups of the database.
    #[arg(
        long,
        global = true,
        help_heading = "Data",
        env = "BADGES_SEALING_KEY_FILE",
        value_name = "FILE"
    )]
    pub sealing_key_file: Option<PathBuf>,
    /// The key that seals signing keys, instead of a file: an age identity, AGE-SECRET-KEY-1….
    #[arg(
        long,
        global = true,
        help_heading = "Data",
        env = "BADGES_SEALING_KEY",
        hide_env_values = true,
        value_name = "KEY"
    )]
    pub sealing_key: Option<String>,
    /// A passphrase that protects the file with the sealing key, which then is sealing-key.age in the
    /// data folder.
    #[arg(
        long,
        global = true,
        help_heading = "Data",
        env = "BADGES_SEALING_PASSPHRASE",
        hide_env_values = true,
        value_name = "TEXT"
    )]
    pub sealing_passphrase: Option<String>,
    /// Where to listen: an address and a port, with * for every address. The default is
    /// localhost:8080, and with a port from --port every address.
    #[arg(
        long,
        global = true,
        help_heading = "Web",
        env = "BADGES_LISTEN",
        value_name = "ADDRESS:PORT"
    )]
    pub listen: Option<String>,
    /// The port to listen on, at every address of the machine, unless --listen says where.
    #[arg(
        long,
        global = true,
        help_heading = "Web",
        env = "PORT",
        value_name = "NUMBER"
    )]
    pub port: Option<String>,
    /// The address under which people reach the service, such as https://badges.example.org. It is
    /// part of every badge's id; without https the service is a trial. The default is
    /// http://localhost with the port.
    #[arg(
        long,
        global = true,
        help_heading = "Web",
        env = "BADGES_PUBLIC_URL",
        value_name = "URL"
    )]
    pub public_url: Option<String>,
    /// How many proxies stand before the service; the caller's address is taken from what the
    /// first of them says in `X-Forwarded-For`.
    #[arg(
        long,
        global = true,
        help_heading = "Web",
        env = "BADGES_PROXIES",
        default_value = "0",
        value_name = "NUMBER"
    )]
    pub proxies: String,
    /// What the service calls itself.
    #[arg(
        long,
        global = true,
        help_heading = "Web",
        env = "BADGES_NAME",
        default_value = "Badges",
        value_name = "TEXT"
    )]
    pub name: String,
    /// How the people who run the service can be reached: an address or a page, told to the wikis
    /// that are asked.
    #[arg(
        long,
        global = true,
        help_heading = "Web",
        env = "BADGES_CONTACT",
        value_name = "TEXT"
    )]
    pub contact: Option<String>,
    /// Where the source code of the service is, for the foot of every page.
    #[arg(
        long,
        global = true,
        help_heading = "Web",
        env = "BADGES_SOURCE_URL",
        value_name = "URL"
    )]
    pub source_url: Option<String>,
    /// The wiki that knows the accounts.
    #[arg(
        long,
        global = true,
        help_heading = "Wikimedia",
        env = "BADGES_WIKIMEDIA_URL",
        default_value = "https://meta.wikimedia.org",
        value_name = "URL"
    )]
    pub wikimedia_url: String,
    /// The client id of an OAuth 2 consumer registered there; without it nobody signs in with
    /// Wikimedia.
    #[arg(
        long,
        global = true,
        help_heading = "Wikimedia",
        env = "BADGES_WIKIMEDIA_CLIENT_ID",
        value_name = "ID"
    )]
    pub wikimedia_client_id: Option<String>,
    /// The client secret of that consumer.
    #[arg(
        long,
        global = true,
        help_heading = "Wikimedia",
        env = "BADGES_WIKIMEDIA_CLIENT_SECRET",
        hide_env_values = true,
        value_name = "SECRET"
    )]
    pub wikimedia_client_secret: Option<String>,
    /// Do not ask the wiki for account numbers when a list is imported.
    #[arg(long, global = true, help_heading = "Wikimedia", env = "BADGES_WIKIMEDIA_OFFLINE", value_parser = FalseyValueParser::new())]
    pub wikimedia_offline: bool,
    /// How many days a claim link works.
    #[arg(
        long,
        global = true,
        help_heading = "Limits",
        env = "BADGES_CLAIM_DAYS",
        default_value = "180",
        value_name = "DAYS"
    )]
    pub claim_days: String,
    /// How many days a person stays signed in.
    #[arg(
        long,
        global = true,
        help_heading = "Limits",
        env = "BADGES_SESSION_DAYS",
        default_value = "30",
        value_name = "DAYS"
    )]
    pub session_days: String,
    /// How many costly requests (verifying, resolving DIDs, imports) one address may make in a minute;
    /// five times as many sign-ins and claims, ten times as many requests of the API; 0 for any number.
    #[arg(
        long,
        global = true,
        help_heading = "Limits",
        env = "BADGES_RATE_LIMIT",
        default_value = "60",
        value_name = "NUMBER"
    )]
    pub rate_limit: String,
    /// Let anybody sign through the VC-API, with keys that last as long as the process, and without
    /// limits: for conformance suites, on this machine only.
    #[arg(long, global = true, help_heading = "Limits", env = "BADGES_VC_API_OPEN", value_parser = FalseyValueParser::new())]
    pub vc_api_open: bool,
    /// What to log, such as `info` or `badges_server=debug,info`.
    #[arg(
        long,
        global = true,
        help_heading = "Log",
        env = "BADGES_LOG",
        default_value = "info",
        value_name = "FILTER"
    )]
    pub log: String,
    /// How to log: `text`, lines for people, or `json`, an object a line.
    #[arg(
        long,
        global = true,
        help_heading = "Log",
        env = "BADGES_LOG_FORMAT",
        default_value = "text",
        value_name = "FORMAT"
    )]
    pub log_format: String,
}

impl Options {
    /// Reads the arguments of the process and its environment.
    ///
    /// # Errors
    /// What is wrong with the first of them that clap does not understand; help, if it was asked for.
    pub fn read() -> Result<Self, clap::Error> {
        Self::from_arg_matches(&Self::clap_command().try_get_matches()?)
    }

    /// The commands for clap. Settings are understood after every command, and told once.
    #[must_use]
    pub fn clap_command() -> clap::Command {
        let mut command = Self::command();
        command.build();
        hide_settings(&mut command);
        command
    }
}

fn hide_settings(command: &mut clap::Command) {
    for under in command.get_subcommands_mut() {
        let bare = std::mem::take(under);
        *under = bare
            .mut_args(|arg| {
                if arg.is_global_set() {
                    arg.hide(true)
                } else {
                    arg
                }
            })
            .after_help("The settings of `badges-server --help` can be given here too.");
        hide_settings(under);
    }
}
