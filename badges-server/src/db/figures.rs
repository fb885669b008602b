//! Figures of the whole service.

use super::{Db, Result, on};

/// What can be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Figures {
    /// Badges that were awarded.
    pub(crate) awards: i64,
    /// Batches that are not done.
    pub(crate) jobs_waiting: i64,
}

impl Db {
    /// Counts.
    pub(crate) async fn figures(&self) -> Result<Figures> {
        let (awards, jobs_waiting) = on!(self, pool => sqlx::query_as(
            "select (select count(*) from award), (select count(*) from job where state = 'waiting')")
            .fetch_one(pool).await)?;
        Ok(Figures {
            awards,
            jobs_waiting,
        })
    }
}
