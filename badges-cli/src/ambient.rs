//! The clock and the random generator: everything else takes time and randomness as arguments.

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
