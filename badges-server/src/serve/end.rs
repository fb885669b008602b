//! The end: what was begun is finished, for as long as there is patience.

use std::process::ExitCode;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

use super::Problem;

/// How long what was begun may take after the signal. Systems that end services wait longer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Waits for a signal, or for a task that ends by itself, which none should; then tells the others
/// to stop, and waits for them until the next signal or the end of patience.
pub(super) async fn when_told(
    mut signals: Signals,
    stop: watch::Sender<bool>,
    mut tasks: JoinSet<std::io::Result<()>>,
) -> Result<ExitCode, Problem> {
    tokio::select! {
        () = signals.next() => {}
        Some(ended) = tasks.join_next() => {
            stop.send_replace(true);
            ended??;
            return Err("a part of the service has ended by itself".into());
        }
    }
    tracing::info!("stopping, as soon as what was begun is done");
    stop.send_replace(true);
    let rest = async {
        while let Some(ended) = tasks.join_next().await {
            ended??;
        }
        Ok::<_, Problem>(())
    };
    let unfinished =
        |why| format!("{why}: not all that was begun is done; jobs go on at the next start").into();
    tokio::select! {
        done = rest => { done?; }
        () = signals.next() => return Err(unfinished("told to stop a second time")),
        () = tokio::time::sleep(PATIENCE) => return Err(unfinished("it took more than 30 seconds to stop")),
    }
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

/// What tells the process to end.
#[cfg(unix)]
pub(super) struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    /// From now on signals are kept until they are asked for, and no longer end the process.
    pub(super) fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// What tells the process to end.
#[cfg(not(unix))]
pub(super) struct Signals;

#[cfg(not(unix))]
impl Signals {
    /// From now on signals are kept until they are asked for, and no longer end the process.
    pub(super) fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        // Without an answer from the system there is nothing to wait for.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    }
}
