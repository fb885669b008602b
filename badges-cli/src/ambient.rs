//! The clock, the random generator and the environment: everything else takes them as arguments.

use std::path::PathBuf;

use time::OffsetDateTime;

use crate::error::{Code, Error};

/// The time of the system's clock.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the clock is read"
)]
pub(crate) fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

/// Random bytes from the system.
///
/// # Errors
/// When the system has none to give.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| {
        Error::new(
            Code::Io,
            format!("the system's random generator failed: {error}"),
        )
    })?;
    Ok(bytes)
}

/// The folder for what can be fetched again: `$XDG_CACHE_HOME/badges`, else `~/.cache/badges`.
/// `None` where there is no home.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the environment is read, but for the options"
)]
pub(crate) fn cache_folder() -> Option<PathBuf> {
    let named = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    named
        // The XDG base directory specification: a relative path is to be ignored.
        .filter(|path| path.is_absolute())
        .or_else(|| Some(std::env::home_dir()?.join(".cache")))
        .map(|caches| caches.join("badges"))
}
