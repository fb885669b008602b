//! The binary: reads its options, opens the service, and serves until it is told to stop.

use std::net::SocketAddr;
use std::process::ExitCode;

use clap::Parser as _;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use crate::admin::AdminCommand;
use crate::config::{Command, LogFormat, Options, ServeOptions, Settings};
use crate::{App, Clock, accounts, auth, issuing, router};

/// What the binary does.
pub fn main() -> ExitCode {
    let options = match Options::try_parse() {
        Ok(options) => options,
        Err(error) => {
            let code = if error.use_stderr() { 64 } else { 0 };
            // Nothing can be done if the terminal is gone.
            drop(error.print());
            return ExitCode::from(code);
        }
    };
    log(&options);
    let settings = match options.settings.settings() {
        Ok(settings) => settings,
        Err(wrong) => return fail(&wrong, 64),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let result = match runtime {
        Ok(runtime) => runtime.block_on(run(options.command, settings)),
        Err(error) => return fail(&error, 71),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error, 1),
    }
}

async fn run(command: Option<Command>, settings: Settings) -> Result<(), Box<dyn std::error::Error>> {
    let app = App::open(settings, Clock::System).await?;
    match command.unwrap_or_else(|| Command::Serve(ServeOptions::default())) {
        Command::Serve(_) => serve(app).await,
        Command::Migrate => Ok(()),
        Command::Admin(AdminCommand::SignInLink) => {
            say(&owner_link(&app).await?);
            Ok(())
        }
    }
}

/// Serves until told to stop, then finishes what it began.
async fn serve(app: App) -> Result<(), Box<dyn std::error::Error>> {
    let mut listeners = Vec::new();
    for address in &app.settings.listen {
        match TcpListener::bind(address).await {
            Ok(listener) => listeners.push(listener),
            // A machine without IPv6 is still localhost.
            Err(error) if listeners.is_empty() || app.settings.listen.len() == 1 => {
                return Err(format!("cannot listen on {address}: {error}; choose another port with --listen or PORT").into());
            }
            Err(error) => tracing::debug!(%error, %address, "not listening there"),
        }
    }
    say(&format!("{} is at {}", app.settings.name, app.settings.public_url));
    if app.db.issuers().await?.is_empty() {
        say(&format!("To begin, open this link. It works once, and for a day:\n\n    {}\n", owner_link(&app).await?));
    }
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let worker = tokio::spawn(issuing::work(app.clone(), stopped.clone()));
    let keeper = tokio::spawn(accounts::keep(app.clone(), stopped.clone()));
    let servers: Vec<_> = listeners
        .into_iter()
        .map(|listener| {
            let router = router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
            let mut stopped = stopped.clone();
            tokio::spawn(async move {
                let told = async move {
                    // An error says that the sender is gone, which is a reason to stop too.
                    drop(stopped.wait_for(|stop| *stop).await);
                };
                axum::serve(listener, router).with_graceful_shutdown(told).await
            })
        })
        .collect();
    wait_for_signal().await;
    tracing::info!("stopping");
    stop.send_replace(true);
    for server in servers {
        server.await??;
    }
    worker.await?;
    keeper.await?;
    Ok(())
}

/// A sign-in link for the first owner, who is made if there is none.
async fn owner_link(app: &App) -> Result<String, sqlx::Error> {
    let owner = match app.db.first_owner().await? {
        Some(owner) => owner,
        None => {
            let owner = app.db.insert_person(None, None, app.seconds()).await?;
            app.db.set_service_owner(&owner).await?;
            owner
        }
    };
    auth::sign_in_link(app, &owner, 86_400).await
}

async fn wait_for_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let terminate = async {
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => drop(terminate.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
}

fn log(options: &Options) {
    let filter = EnvFilter::try_new(&options.settings.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match options.settings.log_format {
        LogFormat::Text => lines.init(),
        LogFormat::Json => lines.json().init(),
    }
}

#[expect(clippy::print_stdout, reason = "what the person at the terminal asked for")]
fn say(text: &str) {
    println!("{text}");
}

fn fail(error: &dyn std::fmt::Display, code: u8) -> ExitCode {
    eprintln!("badges-server: {error}");
    ExitCode::from(code)
}
