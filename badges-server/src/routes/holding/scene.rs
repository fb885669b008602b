//! What tests of holders stand on: badges on offer, a wiki, and a search through the whole database.

use sqlx::{AssertSqlSafe, Row as _};
use tokio::sync::watch;
use wikimedia_stand_in::StandIn;

use crate::db::{Action, AwardRow, Db, Role, on};
use crate::issuing::{self, NewJob};
use crate::testing::TestApp;

/// A badge that is on offer.
#[derive(Clone, Debug)]
pub(crate) struct Offer {
    /// The award's id.
    pub(crate) award: String,
    pub(crate) token: String,
    /// The path of the claim link.
    pub(crate) claim: String,
}

/// Who offers.
#[derive(Clone, Debug)]
pub(crate) struct Issuing {
    pub(crate) issuer: String,
    pub(crate) owner: String,
}

impl TestApp {
    /// A badge on offer for each of some people: a name, and an account's number unless it is 0.
    pub(crate) async fn offers(&self, people: &[(&str, i64)]) -> Vec<Offer> {
        let scene = self.scene().await;
        self.participants(&scene.workshop, people).await;
        let new = NewJob {
            workshop: scene.workshop.clone(),
            achievement: scene.achievement.clone(),
            request: "offers".to_owned(),
            person: scene.owner.clone(),
            awarded_at: self.seconds(),
            again: false,
            seen: crate::db::Seen::default(),
        };
        issuing::start(self, new).await.unwrap();
        let (stop, stopped) = watch::channel(false);
        let worker = tokio::spawn(issuing::work((**self).clone(), stopped));
        while self
            .count("select count(*) from job where state <> 'done'")
            .await
            > 0
        {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        stop.send(true).unwrap();
        worker.await.unwrap();
        let awards = self.db.awards_of_workshop(&scene.workshop).await.unwrap();
        let offers = people.iter().map(|(name, _)| {
            let award = awards
                .iter()
                .find(|award| award.user_name.as_deref() == Some(name))
                .unwrap();
            let link = issuing::claim_link(self, &award.award).unwrap();
            Offer {
                award: award.award.id.clone(),
                token: award.award.token.clone(),
                claim: link
                    .strip_prefix(self.settings.public_url.as_str())
                    .unwrap()
                    .to_owned(),
            }
        });
        offers.collect()
    }

    /// Who has offered.
    pub(crate) async fn issuing(&self) -> Issuing {
        let issuer = self.db.issuers().await.unwrap().remove(0).id;
        Issuing {
            issuer,
            owner: self.db.first_owner().await.unwrap().unwrap(),
        }
    }

    /// Gives a person a role.
    pub(crate) async fn join(&self, issuer: &str, person: &str, role: Role) {
        let action = Action {
            at: self.seconds(),
            issuer: Some(issuer),
            person: None,
            action: "member.set",
            noun: "person",
            object: person,
            detail: None,
        };
        let done = self
            .db
            .set_member(issuer, person, role, None, &action)
            .await;
        assert!(done.unwrap(), "nobody else is an owner");
    }

    /// An award, which is there.
    pub(crate) async fn award(&self, id: &str) -> AwardRow {
        self.db.award(id).await.unwrap().unwrap()
    }

    /// The same data, by a service that asks this wiki.
    pub(crate) async fn with_wiki(&self, wiki: &StandIn) -> Self {
        let client = wiki.change(|wiki| (wiki.client.id.clone(), wiki.client.secret.clone()));
        self.with(|settings| {
            settings.wikimedia.address = wiki.url().parse().unwrap();
            settings.wikimedia.client = Some(client);
            settings.wikimedia.offline = false;
        })
        .await
    }

    /// Where a text stands: the columns of the whole database, and the files of SQLite, that have it.
    pub(crate) async fn found(&self, text: &str) -> Vec<String> {
        let columns = match &self.db {
            Db::Sqlite(_) => {
                "select m.name as place, c.name as part from sqlite_master m, pragma_table_info(m.name) c where m.type = 'table'"
            }
            Db::Postgres(_) => {
                "select table_name::text as place, column_name::text as part from information_schema.columns where table_schema = 'public'"
            }
        };
        let columns: Vec<(String, String)> = on!(&self.db, pool => {
            let rows = sqlx::query(columns).fetch_all(pool).await.unwrap();
            rows.iter().map(|row| (row.get("place"), row.get("part"))).collect()
        });
        assert!(columns.len() > 100, "{columns:?}");
        let mut found = Vec::new();
        for (table, column) in columns {
            let is_there = match &self.db {
                Db::Sqlite(_) => "instr(cast(\"$c\" as blob), cast($1 as blob)) > 0".to_owned(),
                // Bytes are shown as hexadecimal digits.
                Db::Postgres(_) => "strpos(\"$c\"::text, $1) > 0 or strpos(\"$c\"::text, encode(convert_to($1, 'UTF8'), 'hex')) > 0".to_owned(),
            };
            let query = format!(
                "select count(*) from \"{table}\" where {}",
                is_there.replace("$c", &column)
            );
            let count: i64 = on!(&self.db, pool => sqlx::query_scalar(AssertSqlSafe(query)).bind(text).fetch_one(pool).await.unwrap());
            if count > 0 {
                found.push(format!("{table}.{column}"));
            }
        }
        if self.is_sqlite() {
            for entry in std::fs::read_dir(self.folder()).unwrap() {
                let entry = entry.unwrap();
                let bytes = std::fs::read(entry.path()).unwrap_or_default();
                if bytes
                    .windows(text.len())
                    .any(|window| window == text.as_bytes())
                {
                    found.push(entry.file_name().to_string_lossy().into_owned());
                }
            }
        }
        found
    }
}
