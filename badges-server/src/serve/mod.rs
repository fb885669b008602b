//! The binary: reads its options, opens the service, and serves until it is told to stop.

mod end;
mod listen;

use std::io::{IsTerminal as _, Write as _};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use axum::extract::{ConnectInfo, Request};
use axum::middleware::map_request;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;
use tracing_subscriber::EnvFilter;

use crate::admin::{self, owner_link};
use crate::config::{Command, LogFormat, Options, PublicUrl, SettingOptions, Settings};
use crate::db::Db;
use crate::{App, Clock, accounts, demo, issuing, metrics, router};

/// What stands in the way, told to whoever started the program.
pub(crate) type Problem = Box<dyn std::error::Error + Send + Sync>;

/// What the binary does.
pub fn main() -> ExitCode {
    let options = match Options::read() {
        Ok(options) => options,
        Err(error) => {
            let code = if error.use_stderr() { 64 } else { 0 };
            // Nothing can be done if the terminal is gone.
            drop(error.print());
            return ExitCode::from(code);
        }
    };
    let settings = match options.settings.settings() {
        Ok(settings) => settings,
        Err(wrong) => return fail(&wrong, 64),
    };
    log(&options.settings);
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error, 71),
    };
    let result = runtime.block_on(run(options, settings));
    // What still runs here was given its time.
    runtime.shutdown_background();
    match result {
        Ok(code) => code,
        Err(error) => fail(&error, 1),
    }
}

async fn run(options: Options, settings: Settings) -> Result<ExitCode, Problem> {
    match options.command {
        None => serve(settings, options.serve.demo).await,
        Some(Command::Serve(serving)) => serve(settings, options.serve.demo || serving.demo).await,
        Some(Command::Migrate) => {
            Db::open(&settings).await?;
            say("The database is up to date.");
            Ok(ExitCode::SUCCESS)
        }
        Some(Command::Admin(command)) => admin::run(command, settings).await,
    }
}

/// Serves until told to stop, then finishes what it began.
async fn serve(mut settings: Settings, demo: bool) -> Result<ExitCode, Problem> {
    let listeners = listen::listen(&settings.listen).await?;
    let local = listeners.first().map(TcpListener::local_addr).transpose()?;
    if let Some(local) = local.filter(|_| settings.public_url == PublicUrl::localhost(0)) {
        settings.public_url = PublicUrl::localhost(local.port());
    }
    let app = App::open(settings, Clock::System).await?;
    // Before anybody is told that it serves; until here nothing was begun that a signal could break.
    let signals = end::Signals::new()?;
    let sights = if demo { demo::make(&app).await? } else { None };
    welcome(&app, sights).await?;

    let (stop, stopped) = watch::channel(false);
    let mut tasks = JoinSet::new();
    for listener in listeners {
        let router = router(app.clone()).layer(map_request(canonical));
        let told = told(stopped.clone());
        tasks.spawn(async move {
            let router = router.into_make_service_with_connect_info::<SocketAddr>();
            axum::serve(listener, router)
                .with_graceful_shutdown(told)
                .await
        });
    }
    // It ends after the chunk that it has begun.
    let worker = issuing::work(app.clone(), stopped.clone());
    let keeper = accounts::keep(app.clone(), stopped);
    tasks.spawn(async move {
        tokio::join!(worker, keeper);
        Ok(())
    });
    tokio::spawn(sweep(app));
    tokio::spawn(metrics::keep_up());
    end::when_told(signals, stop, tasks).await
}

/// Tells who starts it what to know.
async fn welcome(app: &App, sights: Option<Vec<demo::Sight>>) -> Result<(), Problem> {
    let settings = &app.settings;
    say(&format!("{} is at {}", settings.name, settings.public_url));
    if settings.public_url.is_trial() {
        say(
            "\nThis is a trial: badges have no address on the web by which others can check who issued them.\n\
             In earnest, give the service an address with --public-url https://…",
        );
        if settings
            .listen
            .iter()
            .any(|address| !address.ip().is_loopback())
        {
            say(
                "Others can reach it through the network, and nothing that they send or get is encrypted.",
            );
        }
    }
    if let Some(key) = settings.key_beside_data() {
        say(&format!(
            "\nThe key that seals the issuers' keys lies beside the data: {}\n\
             Keep a copy of it elsewhere, and leave it out of backups: with both, anybody can issue badges as you.",
            key.display()
        ));
    }
    for (what, url) in sights.iter().flatten() {
        say(&format!("\n{what}:\n    {url}"));
    }
    if sights.is_some() || app.db.issuers().await?.is_empty() {
        say(&format!(
            "\nTo begin, open this link. It works once, and for a day:\n\n    {}\n\n\
             `badges-server admin sign-in-link`, with the same settings, makes another one.",
            owner_link(app).await?
        ));
    }
    Ok(())
}

/// Ends when the service is told to stop.
async fn told(mut stopped: watch::Receiver<bool>) {
    // An error says that the sender is gone, which is a reason to stop too.
    drop(stopped.wait_for(|stop| *stop).await);
}

/// Where all of IPv6 is listened on, callers by IPv4 come with an address like `::ffff:192.0.2.1`.
async fn canonical(mut request: Request) -> Request {
    if let Some(ConnectInfo(address)) = request
        .extensions_mut()
        .get_mut::<ConnectInfo<SocketAddr>>()
    {
        address.set_ip(address.ip().to_canonical());
    }
    request
}

/// Deletes what has ended, every hour. Several processes may do it at the same time.
async fn sweep(app: App) {
    let mut hours = tokio::time::interval(Duration::from_secs(3600));
    hours.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        hours.tick().await;
        if let Err(error) = app.db.sweep(app.seconds()).await {
            tracing::warn!(%error, "what has ended was not deleted; it is tried again in an hour");
        }
    }
}

fn log(settings: &SettingOptions) {
    let filter = EnvFilter::new(&settings.log);
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match settings.log_format() {
        Some(LogFormat::Json) => lines.json().init(),
        _ if std::io::stderr().is_terminal() => lines.init(),
        _ => lines.with_ansi(false).init(),
    }
}

/// Tells what was asked for. A reader that is gone is no problem.
pub(crate) fn say(text: &str) {
    drop(writeln!(std::io::stdout(), "{text}"));
}

fn fail(error: &dyn std::fmt::Display, code: u8) -> ExitCode {
    drop(writeln!(std::io::stderr(), "badges-server: {error}"));
    ExitCode::from(code)
}
