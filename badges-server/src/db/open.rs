//! Opening the database, and bringing it up to date.

use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _};

use super::{Db, on};
use crate::config::{DatabaseUrl, Settings};

/// One folder of migrations for both databases.
static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// The oldest PostgreSQL on which every query is tested.
const OLDEST_POSTGRES: i64 = 15;

/// Why the database cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DbError {
    /// The data folder cannot be made.
    #[error("the data folder `{}` cannot be made: {error}", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// SQLite's file cannot be opened.
    #[error("the database `{}` cannot be opened: {}", path.display(), sqlite_reason(.error))]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// Why.
        error: sqlx::Error,
    },
    /// PostgreSQL cannot be reached, or says no.
    #[error("the database {database} cannot be reached: {error}")]
    Postgres {
        /// Which, without a password.
        database: DatabaseUrl,
        /// Why.
        error: sqlx::Error,
    },
    /// PostgreSQL is too old.
    #[error(
        "the database is PostgreSQL {0}; {OLDEST_POSTGRES} or later is needed: the service is tested on nothing older"
    )]
    Old(i64),
    /// A newer program has changed the tables.
    #[error(
        "the database was brought up to date by a newer badges-server (step {0}), which this one does not \
         know: run that one, or go back to a backup from before"
    )]
    Newer(i64),
    /// The tables cannot be brought up to date.
    #[error("the database cannot be brought up to date: {0}")]
    Migrate(#[source] MigrateError),
}

impl Db {
    /// Opens the database of the settings, making SQLite's file if it is not there, and brings it up
    /// to date.
    ///
    /// # Errors
    /// What stands in the way.
    pub(crate) async fn open(settings: &Settings) -> Result<Self, DbError> {
        private_folder(&settings.data).map_err(|error| DbError::Folder {
            folder: settings.data.clone(),
            error,
        })?;
        let db = Self::connect(&settings.database_url).await?;
        db.migrate().await?;
        Ok(db)
    }

    /// Connects, making SQLite's file if it is not there.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub(crate) async fn connect(url: &DatabaseUrl) -> Result<Self, DbError> {
        match url {
            DatabaseUrl::Sqlite(path) => sqlite(path).await.map_err(|error| DbError::Sqlite {
                path: path.clone(),
                error,
            }),
            DatabaseUrl::Postgres(text) => {
                let (db, version) = postgres(text).await.map_err(|error| DbError::Postgres {
                    database: url.clone(),
                    error,
                })?;
                if version < OLDEST_POSTGRES {
                    Err(DbError::Old(version))
                } else {
                    Ok(db)
                }
            }
        }
    }

    /// Brings the tables up to date. Of several processes that do it at once, one does and the others
    /// wait.
    ///
    /// # Errors
    /// When a migration fails, or one that was applied is not known here.
    pub(crate) async fn migrate(&self) -> Result<(), DbError> {
        let run = async || on!(self, pool => MIGRATIONS.run(pool).await);
        let mut result = run().await;
        // SQLite has no lock around all of it: who comes second finds the tables there already.
        if matches!(
            (&result, self),
            (
                Err(MigrateError::Execute(_) | MigrateError::ExecuteMigration(..)),
                Self::Sqlite(_)
            )
        ) {
            result = run().await;
        }
        result.map_err(|error| match error {
            MigrateError::VersionMissing(version) => DbError::Newer(version),
            other => DbError::Migrate(other),
        })
    }
}

/// Makes a folder, if it is not there, for its owner only.
fn private_folder(path: &Path) -> std::io::Result<()> {
    let mut folder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    folder.recursive(true).create(path)
}

async fn sqlite(path: &Path) -> sqlx::Result<Db> {
    // A minute: a batch of another process may hold SQLite's lock for writing.
    const PATIENCE: Duration = Duration::from_secs(60);
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(PATIENCE)
        .foreign_keys(true)
        // What erasure deletes is overwritten (decision C8).
        .pragma("secure_delete", "on");
    let pool = SqlitePoolOptions::new()
        .max_connections(8)
        .acquire_timeout(PATIENCE);
    Ok(Db::Sqlite(pool.connect_with(options).await?))
}

/// A pool, and the major version of the server.
async fn postgres(url: &str) -> sqlx::Result<(Db, i64)> {
    const PATIENCE: Duration = Duration::from_secs(20);
    let options = PgConnectOptions::from_str(url)?;
    // By itself first: a pool tries again and again, and in the end does not tell why.
    let first = async {
        let mut connection = options.connect().await?;
        let version: String = sqlx::query_scalar("show server_version_num")
            .fetch_one(&mut connection)
            .await?;
        connection.close().await?;
        Ok::<_, sqlx::Error>(version.parse::<i64>().unwrap_or_default() / 10_000)
    };
    let version = tokio::time::timeout(PATIENCE, first)
        .await
        .map_err(|_| sqlx::Error::PoolTimedOut)??;
    let pool = PgPoolOptions::new()
        .max_connections(10)
        .acquire_timeout(PATIENCE);
    Ok((Db::Postgres(pool.connect_with(options).await?), version))
}

/// What to do about the usual reasons (SQLite's primary result codes).
fn sqlite_reason(error: &sqlx::Error) -> String {
    let code = error
        .as_database_error()
        .and_then(|error| error.code()?.parse::<i64>().ok());
    match code.map(|code| code & 0xff) {
        Some(5 | 6) => "another program has locked it, and does not let go".to_owned(),
        Some(8 | 14 | 23) => {
            "it cannot be made or written; make its folder, and let this account write there"
                .to_owned()
        }
        Some(13) => "the disk is full".to_owned(),
        Some(26) => "it is another file than a SQLite database".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    async fn refusal(url: &DatabaseUrl) -> String {
        let opened = Db::connect(url).await;
        opened.map(drop).unwrap_err().to_string()
    }

    #[tokio::test]
    async fn what_stands_in_the_way_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let other = folder.path().join("other");
        std::fs::write(
            &other,
            "no database at all, but long enough to be taken for one".repeat(20),
        )
        .unwrap();
        let none = folder.path().join("none/badges.sqlite");
        for (path, problem) in [(&other, "another file than"), (&none, "make its folder")] {
            let refusal = refusal(&DatabaseUrl::Sqlite(path.clone())).await;
            assert!(
                refusal.contains(problem) && refusal.contains(path.to_str().unwrap()),
                "{refusal}"
            );
        }
        // Nobody listens on port 1.
        let url = "postgres://me:s3cret@127.0.0.1:1/badges".parse().unwrap();
        let refusal = refusal(&url).await;
        assert!(
            refusal.contains("127.0.0.1:1/badges") && refusal.contains("refused"),
            "{refusal}"
        );
        assert!(!refusal.contains("s3cret"), "{refusal}");
    }

    #[tokio::test]
    async fn a_newer_database_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::Sqlite(folder.path().join("badges.sqlite"));
        let db = Db::connect(&url).await.unwrap();
        db.migrate().await.unwrap();
        on!(&db, pool => sqlx::query(
            "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
             values (999, 'later', true, $1, 0)")
            .bind(&[0_u8][..]).execute(pool).await.map(drop)).unwrap();
        let error = db.migrate().await.unwrap_err();
        assert!(matches!(error, DbError::Newer(999)), "{error}");
    }

    #[tokio::test]
    async fn several_may_bring_it_up_to_date_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::Sqlite(folder.path().join("badges.sqlite"));
        let one = async || Db::connect(&url).await.unwrap().migrate().await;
        let (first, second, third) = tokio::join!(one(), one(), one());
        first.and(second).and(third).unwrap();
    }
}
