//! What tests stand on: a service with a database of its own, on SQLite and on PostgreSQL.
//!
//! ```ignore
//! on_both! {
//!     async fn a_badge_is_offered(app: TestApp) {
//!         let owner = app.owner().await;
//!         assert!(app.db.issuers().await.unwrap().is_empty());
//!     }
//! }
//! ```
//!
//! makes the tests `a_badge_is_offered::sqlite` and `::postgres`. [`TestApp`] is an [`App`] with a
//! clock that stands still until [`TestApp::pass`]; [`on_both!`] opens one with an https address, and
//! [`TestApp::open`] opens others. Where PostgreSQL is not installed tests say that they skip; with
//! `CI=true` they fail.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use badges_tests::postgres;
use tempfile::TempDir;

use crate::ambient::random_id;
use crate::config::{DatabaseUrl, Settings, WikimediaSettings};
use crate::db::{Action, Db, Role};
use crate::issuing::{NewIssuer, new_issuer};
use crate::seal::SealSource;
use crate::verifying::Web;
use crate::verifying::told::Told;
use crate::{App, Clock, images};

/// Where the services of tests are.
pub(crate) const PUBLIC_URL: &str = "https://badges.example.org";

/// The first moment of the services' clocks: 2026-05-01T10:00:00Z.
pub(crate) const START: i64 = 1_777_629_600;

/// A test on both databases; its argument is a [`TestApp`].
macro_rules! on_both {
    ($($(#[$attribute:meta])* async fn $name:ident($app:ident: TestApp) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn test($app: $crate::testing::TestApp) $body

            $(#[$attribute])*
            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                let app = $crate::testing::TestApp::new($crate::testing::Database::Sqlite).await;
                test(app.unwrap()).await;
            }

            $(#[$attribute])*
            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                let app = $crate::testing::TestApp::new($crate::testing::Database::Postgres).await;
                if let Some(app) = app {
                    test(app).await;
                }
            }
        }
    )+};
}
pub(crate) use on_both;

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Database {
    /// A file in a folder of the test's own.
    Sqlite,
    /// A database of the test's own on the server of this process.
    Postgres,
}

/// A service to be tested.
#[derive(Clone)]
pub(crate) struct TestApp {
    app: App,
    /// What others publish: nothing, until a test says something.
    pub(crate) web: Told,
    clock: Arc<AtomicI64>,
    /// Goes with the last clone.
    folder: Arc<TempDir>,
}

impl Deref for TestApp {
    type Target = App;

    fn deref(&self) -> &App {
        &self.app
    }
}

impl Database {
    /// The URL of a new, empty database; `None`, after saying so, where it cannot be had.
    fn create(self, folder: &TempDir) -> Option<DatabaseUrl> {
        Some(match self {
            Self::Sqlite => DatabaseUrl::Sqlite(folder.path().join("badges.sqlite")),
            Self::Postgres => DatabaseUrl::Postgres(postgres::database()?),
        })
    }
}

impl TestApp {
    /// A service with an https address; `None`, after saying so, where its database cannot be had.
    pub(crate) async fn new(database: Database) -> Option<Self> {
        Self::open(database, PUBLIC_URL).await
    }

    /// A service at this address; `None`, after saying so, where its database cannot be had.
    pub(crate) async fn open(database: Database, public_url: &str) -> Option<Self> {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let database_url = database.create(&folder)?;
        Some(Self::start(folder, database_url, public_url, START).await)
    }

    /// The same data as another process sees them, perhaps at another address.
    pub(crate) async fn again(&self, public_url: &str) -> Self {
        let database_url = self.settings.database_url.clone();
        Self::start(
            Arc::clone(&self.folder),
            database_url,
            public_url,
            self.seconds(),
        )
        .await
    }

    /// The data of a test in another process, which are its own to delete.
    pub(crate) async fn of(folder: &Path, database_url: DatabaseUrl, now: i64) -> App {
        let settings = settings(folder.to_owned(), database_url, PUBLIC_URL);
        App::open(settings, Clock::Fixed(Arc::new(AtomicI64::new(now))))
            .await
            .unwrap()
    }

    /// The same data and clock, with other settings.
    pub(crate) async fn with(&self, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = self.settings.clone();
        change(&mut settings);
        let clock = Clock::Fixed(Arc::clone(&self.clock));
        let app = App::open_in(settings, clock, Web::Told(self.web.clone()))
            .await
            .unwrap();
        Self {
            app,
            ..self.clone()
        }
    }

    async fn start(
        folder: Arc<TempDir>,
        database_url: DatabaseUrl,
        public_url: &str,
        now: i64,
    ) -> Self {
        let clock = Arc::new(AtomicI64::new(now));
        let settings = settings(folder.path().to_owned(), database_url, public_url);
        let web = Told::new(folder.path());
        let app = App::open_in(
            settings,
            Clock::Fixed(Arc::clone(&clock)),
            Web::Told(web.clone()),
        )
        .await
        .unwrap();
        Self {
            app,
            web,
            clock,
            folder,
        }
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }

    /// Somebody who owns the service.
    pub(crate) async fn owner(&self) -> String {
        let owner = self
            .db
            .insert_person(Some("Example Owner"), None, self.seconds())
            .await
            .unwrap();
        self.db
            .set_service_owner(&owner, self.seconds())
            .await
            .unwrap();
        owner
    }

    /// An issuer with an achievement and a workshop with nobody at it.
    pub(crate) async fn scene(&self) -> Scene {
        let owner = self.owner().await;
        let issuer = NewIssuer {
            slug: "academy",
            name: "Example Academy",
            profile: r#"{"type":["Profile"],"name":"Example Academy","url":"https://academy.example.org"}"#.to_owned(),
            language: "en",
            logo: None,
            first: None,
            request: None,
        };
        let issuer = new_issuer(self, issuer, &owner).await.unwrap().id;
        let circle = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="5" cy="5" r="4" fill="#0a6"/></svg>"##;
        let image = images::accept(self, circle.as_bytes()).await.unwrap();
        let image = image.unwrap().hash;
        let mut scene = Scene {
            owner,
            issuer,
            achievement: String::new(),
            suspendable: String::new(),
            workshop: "workshop".to_owned(),
        };
        scene.achievement = self.achievement(&scene, "editor", &image, false).await;
        scene.suspendable = self.achievement(&scene, "mentor", &image, true).await;
        self.execute(&format!(
            "insert into workshop (id, issuer, title, starts_on, online, event_page, method, language, made_at, made_by) \
             values ('workshop', '{}', 'First Articles', '2026-04-30', false, 'https://meta.wikimedia.org/wiki/Event:Example', \
                'training', 'en', {START}, '{}')",
            scene.issuer, scene.owner)).await;
        scene
    }

    async fn achievement(
        &self,
        scene: &Scene,
        slug: &str,
        image: &str,
        suspendable: bool,
    ) -> String {
        let id = format!("achievement-{slug}");
        self.execute(&format!(
            "insert into achievement (id, issuer, slug, version, archived, made_at) \
             values ('{id}', '{}', '{slug}', 1, false, {START})",
            scene.issuer
        ))
        .await;
        let document = r#"{"type":["Achievement"],"achievementType":"Badge","inLanguage":"en","name":"Wikipedia Editor","description":"Edits articles with sources.","criteria":{"narrative":"Write three articles."}}"#;
        self.execute(&format!(
            "insert into achievement_version (achievement, version, name, document, image, validity, suspendable, made_at) \
             values ('{id}', 1, 'Wikipedia Editor', '{document}', '{image}', 'P2Y', {suspendable}, {START})")).await;
        id
    }

    /// Lets a person act for an issuer, with all achievements or with some.
    pub(crate) async fn join_for(
        &self,
        issuer: &str,
        person: &str,
        role: Role,
        achievements: Option<&[String]>,
    ) {
        let action = Action {
            at: self.seconds(),
            issuer: Some(issuer),
            person: None,
            action: "member.invite",
            noun: "person",
            object: person,
            detail: None,
        };
        assert!(
            self.db
                .set_member(issuer, person, role, achievements, &action)
                .await
                .unwrap()
        );
    }

    /// Adds people to a workshop's list: each a name, and an account's number unless it is 0.
    pub(crate) async fn participants(&self, workshop: &str, people: &[(&str, i64)]) {
        let there = self.db.participants(workshop).await.unwrap().len();
        for (position, (name, central_id)) in people.iter().enumerate() {
            let (key, central_id) = match central_id {
                0 => (format!("name:{name}"), "null".to_owned()),
                id => (format!("central:{id}"), id.to_string()),
            };
            self.execute(&format!(
                "insert into participant (id, workshop, position, place, outcome, recipient_key, central_id, user_name) \
                 values ('{}', '{workshop}', {}, '{{}}', 'award', '{key}', {central_id}, '{name}')",
                random_id(), there + position)).await;
        }
    }

    /// Adds many people to a workshop's list, with the numbers from 1 on.
    pub(crate) async fn crowd(&self, workshop: &str, count: i64) {
        self.execute(&format!(
            "insert into participant (id, workshop, position, place, outcome, recipient_key, central_id, user_name) \
             with recursive n (i) as (select 1 union all select i + 1 from n where i < {count}) \
             select 'participant-' || i, '{workshop}', i, '{{}}', 'award', 'central:' || i, i, 'Volunteer ' || i from n")).await;
    }

    /// Runs a statement as it is.
    pub(crate) async fn execute(&self, statement: &str) {
        let statement = sqlx::AssertSqlSafe(statement.to_owned());
        crate::db::on!(&self.db, pool => drop(sqlx::query(statement).execute(pool).await.unwrap()));
    }

    /// How many rows a query counts.
    pub(crate) async fn count(&self, query: &str) -> i64 {
        let query = sqlx::AssertSqlSafe(query.to_owned());
        crate::db::on!(&self.db, pool => sqlx::query_scalar(query).fetch_one(pool).await.unwrap())
    }

    /// All that the database holds, as text: of SQLite the bytes of its files, deleted rows included.
    pub(crate) async fn everything(&self) -> String {
        const TABLES: [&str; 29] = [
            "achievement",
            "achievement_version",
            "api_token",
            "audit",
            "award",
            "credential",
            "idempotency",
            "identity",
            "image",
            "issuer",
            "job",
            "job_row",
            "member",
            "member_achievement",
            "oauth_attempt",
            "participant",
            "person",
            "person_detail",
            "person_did",
            "recipient",
            "secret",
            "service_owner",
            "session",
            "sign_in_link",
            "signing_key",
            "status_entry",
            "status_list",
            "workshop",
            "workshop_achievement",
        ];
        let mut all = String::new();
        match &self.db {
            Db::Sqlite(_) => {
                for ending in ["", "-wal"] {
                    let bytes = std::fs::read(self.folder().join(format!("badges.sqlite{ending}")))
                        .unwrap_or_default();
                    all.push_str(&String::from_utf8_lossy(&bytes));
                }
            }
            Db::Postgres(pool) => {
                for table in TABLES {
                    let query = sqlx::AssertSqlSafe(format!(
                        "select cast(row_to_json({table}) as text) from {table}"
                    ));
                    let rows: Vec<String> =
                        sqlx::query_scalar(query).fetch_all(pool).await.unwrap();
                    all.push_str(&rows.join("\n"));
                }
                let count = "select count(*) from information_schema.tables where table_schema = 'public' and table_name not like '\\_sqlx%'";
                let count: i64 = sqlx::query_scalar(count).fetch_one(pool).await.unwrap();
                assert_eq!(
                    usize::try_from(count).unwrap(),
                    TABLES.len(),
                    "a table is missing here"
                );
            }
        }
        all
    }

    /// Whether the database is a file.
    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self.db, Db::Sqlite(_))
    }

    /// The folder of the data.
    pub(crate) fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }
}

/// The ids of what [`TestApp::scene`] makes.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    pub(crate) owner: String,
    pub(crate) issuer: String,
    pub(crate) achievement: String,
    pub(crate) suspendable: String,
    pub(crate) workshop: String,
}

fn settings(data: PathBuf, database_url: DatabaseUrl, public_url: &str) -> Settings {
    Settings {
        seal: SealSource::File(data.join("sealing-key")),
        data,
        listen: Vec::new(),
        public_url: public_url.parse().unwrap(),
        database_url,
        name: "Badges".to_owned(),
        contact: None,
        source_url: None,
        wikimedia: WikimediaSettings {
            address: "https://meta.wikimedia.org".parse().unwrap(),
            client: None,
            offline: true,
        },
        claim_seconds: 180 * 86_400,
        session_seconds: 30 * 86_400,
        rate_limit: None,
        proxies: 0,
        vc_api_open: false,
    }
}
