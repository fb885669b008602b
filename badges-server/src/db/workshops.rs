//! Workshops, and what they award.

use sqlx::FromRow;

use super::{Action, Db, Result, audit::bind_action, is_taken, on, transaction};

/// A workshop, or whatever else people learn at.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct WorkshopRow {
    pub(crate) id: String,
    pub(crate) issuer: String,
    pub(crate) title: String,
    /// `YYYY-MM-DD`.
    pub(crate) starts_on: String,
    pub(crate) ends_on: Option<String>,
    pub(crate) place: Option<String>,
    pub(crate) online: bool,
    pub(crate) organisers: Option<String>,
    pub(crate) event_page: Option<String>,
    /// The number of the event registration on the wiki.
    pub(crate) event_id: Option<i64>,
    /// training, mentoring, consulting, online-learning, peer-support, event, other
    pub(crate) method: String,
    pub(crate) language: String,
    pub(crate) territory: Option<String>,
    pub(crate) made_at: i64,
    pub(crate) made_by: String,
}

impl Db {
    /// The workshop with this id.
    pub(crate) async fn workshop(&self, id: &str) -> Result<Option<WorkshopRow>> {
        on!(self, pool => sqlx::query_as(
            "select id, issuer, title, starts_on, ends_on, place, online, organisers, event_page, event_id, method, \
                language, territory, made_at, made_by from workshop where id = $1")
            .bind(id).fetch_optional(pool).await)
    }

    /// The workshops of an issuer, the newest first.
    pub(crate) async fn workshops(&self, issuer: &str) -> Result<Vec<WorkshopRow>> {
        on!(self, pool => sqlx::query_as(
            "select id, issuer, title, starts_on, ends_on, place, online, organisers, event_page, event_id, method, \
                language, territory, made_at, made_by from workshop where issuer = $1 order by made_at desc, id")
            .bind(issuer).fetch_all(pool).await)
    }

    /// The workshops of an issuer, the newest first: at most `limit` that are older than one of them.
    pub(crate) async fn workshops_before(
        &self,
        issuer: &str,
        before: Option<(i64, &str)>,
        limit: i64,
    ) -> Result<Vec<WorkshopRow>> {
        let (at, id) = before.unwrap_or((i64::MAX, ""));
        on!(self, pool => sqlx::query_as(
            "select id, issuer, title, starts_on, ends_on, place, online, organisers, event_page, event_id, method, \
                language, territory, made_at, made_by from workshop \
             where issuer = $1 and (made_at < $2 or (made_at = $2 and id < $3)) order by made_at desc, id desc limit $4")
            .bind(issuer).bind(at).bind(id).bind(limit).fetch_all(pool).await)
    }

    /// The ids of the achievements that a workshop awards.
    pub(crate) async fn workshop_achievements(&self, workshop: &str) -> Result<Vec<String>> {
        on!(self, pool => sqlx::query_scalar(
            "select achievement from workshop_achievement where workshop = $1 order by achievement")
            .bind(workshop).fetch_all(pool).await)
    }

    /// Adds a workshop that awards these achievements, unless there is one with its id: whichever there
    /// is then, if it is of the same issuer.
    pub(crate) async fn insert_workshop(
        &self,
        row: &WorkshopRow,
        achievements: &[String],
        action: &Action<'_>,
    ) -> Result<Option<WorkshopRow>> {
        match self.try_insert_workshop(row, achievements, action).await {
            Err(error) if is_taken(&error) => {}
            inserted => inserted?,
        }
        let there = self.workshop(&row.id).await?;
        Ok(there.filter(|there| there.issuer == row.issuer))
    }

    async fn try_insert_workshop(
        &self,
        row: &WorkshopRow,
        achievements: &[String],
        action: &Action<'_>,
    ) -> Result<()> {
        transaction!(self, tx => {
            sqlx::query(
                "insert into workshop (id, issuer, title, starts_on, ends_on, place, online, organisers, event_page, \
                    event_id, method, language, territory, made_at, made_by) \
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)")
                .bind(&row.id).bind(&row.issuer).bind(&row.title).bind(&row.starts_on).bind(&row.ends_on)
                .bind(&row.place).bind(row.online).bind(&row.organisers).bind(&row.event_page).bind(row.event_id)
                .bind(&row.method).bind(&row.language).bind(&row.territory).bind(row.made_at).bind(&row.made_by)
                .execute(&mut *tx).await?;
            for achievement in achievements {
                sqlx::query(INSERT_ACHIEVEMENT).bind(&row.id).bind(achievement).execute(&mut *tx).await?;
            }
            bind_action!(action).execute(&mut *tx).await?;
        });
        Ok(())
    }

    /// Changes what is said of a workshop, and what it awards.
    pub(crate) async fn update_workshop(
        &self,
        row: &WorkshopRow,
        achievements: &[String],
        action: &Action<'_>,
    ) -> Result<()> {
        transaction!(self, tx => {
            sqlx::query(
                "update workshop set title = $2, starts_on = $3, ends_on = $4, place = $5, online = $6, \
                    organisers = $7, event_page = $8, event_id = $9, method = $10, language = $11, territory = $12 \
                 where id = $1")
                .bind(&row.id).bind(&row.title).bind(&row.starts_on).bind(&row.ends_on)
                .bind(&row.place).bind(row.online).bind(&row.organisers).bind(&row.event_page).bind(row.event_id)
                .bind(&row.method).bind(&row.language).bind(&row.territory)
                .execute(&mut *tx).await?;
            sqlx::query("delete from workshop_achievement where workshop = $1")
                .bind(&row.id).execute(&mut *tx).await?;
            for achievement in achievements {
                sqlx::query(INSERT_ACHIEVEMENT).bind(&row.id).bind(achievement).execute(&mut *tx).await?;
            }
            bind_action!(action).execute(&mut *tx).await?;
        });
        Ok(())
    }
}

const INSERT_ACHIEVEMENT: &str = "insert into workshop_achievement (workshop, achievement) values ($1, $2) \
     on conflict (workshop, achievement) do nothing";
