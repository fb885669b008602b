//! The database: SQLite or PostgreSQL, with the same SQL text for both. SQL stands only in this
//! folder, a file for each group of tables.

mod achievements;
mod audit;
mod awards;
mod erasure;
mod figures;
mod holders;
mod images;
mod issuers;
mod jobs;
mod open;
mod operating;
mod participants;
mod people;
mod sharing;
mod sign_ins;
mod status;
mod tokens;
mod workshops;

use sqlx::postgres::PgPool;
use sqlx::sqlite::SqlitePool;

pub(crate) use achievements::{AchievementRow, VersionRow, VersionText};
pub(crate) use audit::{Action, AuditEntry};
pub(crate) use awards::{
    AwardFilter, AwardFor, AwardRow, Change, CredentialRow, RecipientRow, Successor, select_award,
};
pub(crate) use figures::Figures;
pub(crate) use holders::Held;
pub(crate) use images::{Drawn, Image};
pub(crate) use issuers::{Founding, IdentityRow, Issuer, KeyRow, Member, Role};
pub(crate) use jobs::{Chunk, JobRow, JobRowRow, Progress, Refusal, Seen, Signed, Written};
pub use open::DbError;
pub(crate) use participants::{HolderRow, ListChange, ListCounts, ParticipantRow};
pub(crate) use people::PersonDetail;
pub(crate) use sharing::PublicBadge;
pub(crate) use sign_ins::Attempt;
pub(crate) use status::{StatusEntryRow, StatusListRow};
pub(crate) use tokens::TokenRow;
pub(crate) use workshops::WorkshopRow;

/// The database.
#[derive(Clone, Debug)]
pub(crate) enum Db {
    /// A file.
    Sqlite(SqlitePool),
    /// A server.
    Postgres(PgPool),
}

/// Runs the same expression against whichever database this is.
macro_rules! on {
    ($db:expr, $pool:ident => $query:expr) => {
        match $db {
            $crate::db::Db::Sqlite($pool) => $query,
            $crate::db::Db::Postgres($pool) => $query,
        }
    };
}

/// Runs the same block in a transaction of whichever database this is, and commits. `?` inside
/// leaves the function and rolls back. SQLite takes its one lock for writing at the beginning, so
/// that no two transactions wait for each other.
macro_rules! transaction {
    ($db:expr, $tx:ident => $body:block) => {
        match $db {
            $crate::db::Db::Sqlite(pool) => {
                let mut $tx = pool.begin_with("BEGIN IMMEDIATE").await?;
                let value = $body;
                $tx.commit().await?;
                value
            }
            $crate::db::Db::Postgres(pool) => {
                let mut $tx = pool.begin().await?;
                let value = $body;
                $tx.commit().await?;
                value
            }
        }
    };
}

pub(crate) use {on, transaction};

/// What a query says no to, or nothing.
pub(crate) type Result<T, E = sqlx::Error> = std::result::Result<T, E>;

impl Db {
    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub(crate) async fn ping(&self) -> Result<()> {
        on!(self, pool => sqlx::query("select 1").execute(pool).await.map(drop))
    }

    /// The sealed secret of this name, if there is one.
    pub(crate) async fn secret(&self, name: &str) -> Result<Option<Vec<u8>>> {
        on!(self, pool => sqlx::query_scalar("select sealed from secret where name = $1")
            .bind(name).fetch_optional(pool).await)
    }

    /// Keeps a sealed secret, unless there is one of the name.
    pub(crate) async fn insert_secret(&self, name: &str, sealed: &[u8]) -> Result<()> {
        on!(self, pool => sqlx::query("insert into secret (name, sealed) values ($1, $2) on conflict (name) do nothing")
            .bind(name).bind(sealed).execute(pool).await.map(drop))
    }
}

/// Whether a transaction has lost against another one, so that it may be tried again on what is there
/// now: somebody has the same key, or each waited for the other.
pub(crate) fn is_race(error: &sqlx::Error) -> bool {
    // `serialization_failure` and `deadlock_detected` of PostgreSQL.
    let code = error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code);
    is_taken(error) || matches!(code.as_deref(), Some("40001" | "40P01"))
}

/// Whether a row was refused because another one has the same key.
pub(crate) fn is_taken(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}
