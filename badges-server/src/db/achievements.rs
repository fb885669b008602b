//! What can be achieved, and its versions.

use sqlx::FromRow;

use super::audit::bind_action;
use super::{Action, Db, Result, on, transaction};
use crate::secret;

/// What can be achieved.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct AchievementRow {
    pub(crate) id: String,
    pub(crate) issuer: String,
    /// What stands for it in addresses.
    pub(crate) slug: String,
    /// The newest version.
    pub(crate) version: i64,
    /// Whether it is no longer awarded.
    pub(crate) archived: bool,
}

/// A version of an achievement.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct VersionRow {
    pub(crate) version: i64,
    pub(crate) name: String,
    /// The Achievement as in a badge, but for its `id`, `image` and `version`: JSON.
    pub(crate) document: String,
    /// The hash of its picture.
    pub(crate) image: String,
    /// How long a badge is valid: an ISO 8601 duration, or `None` for ever.
    pub(crate) validity: Option<String>,
    /// Whether its badges can be suspended, and then not be revoked at once.
    pub(crate) suspendable: bool,
    pub(crate) made_at: i64,
}

/// How many badges of an achievement there are.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct AwardCount {
    pub(crate) achievement: String,
    pub(crate) awards: i64,
}

/// What a version says; the rest of a [`VersionRow`] follows from when it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct VersionText<'a> {
    pub(crate) name: &'a str,
    pub(crate) document: &'a str,
    pub(crate) image: &'a str,
    pub(crate) validity: Option<&'a str>,
    pub(crate) suspendable: bool,
}

impl VersionRow {
    /// A digest of what it says, which changes also while its number stays: before the first award.
    pub(crate) fn digest(&self) -> String {
        let Self {
            version,
            name,
            document,
            image,
            validity,
            suspendable,
            made_at: _,
        } = self;
        secret::hash(&format!(
            "{:?}",
            (version, name, document, image, validity, suspendable)
        ))
    }

    fn says(&self, text: &VersionText<'_>) -> bool {
        *text
            == VersionText {
                name: &self.name,
                document: &self.document,
                image: &self.image,
                validity: self.validity.as_deref(),
                suspendable: self.suspendable,
            }
    }
}

impl Db {
    /// A new achievement with its first version; says whether the slug was free.
    pub(crate) async fn insert_achievement(
        &self,
        achievement: &AchievementRow,
        text: &VersionText<'_>,
        action: &Action<'_>,
    ) -> Result<bool> {
        transaction!(self, tx => {
            let made = sqlx::query(INSERT_ACHIEVEMENT)
                .bind(&achievement.id).bind(&achievement.issuer).bind(&achievement.slug).bind(achievement.version)
                .bind(achievement.archived).bind(action.at).execute(&mut *tx).await?.rows_affected();
            if made == 0 {
                return Ok(false);
            }
            sqlx::query(INSERT_VERSION)
                .bind(&achievement.id).bind(achievement.version).bind(text.name).bind(text.document).bind(text.image)
                .bind(text.validity).bind(text.suspendable).bind(action.at).bind(action.person)
                .execute(&mut *tx).await?;
            bind_action!(action).execute(&mut *tx).await?;
        });
        Ok(true)
    }

    /// Keeps what an achievement says now: in its newest version if nobody was awarded that, else as a
    /// new one (decision C6). Gives the newest version.
    pub(crate) async fn save_version(
        &self,
        achievement: &str,
        text: &VersionText<'_>,
        action: &Action<'_>,
    ) -> Result<i64> {
        let version = transaction!(self, tx => {
            // The first statement writes, so that two savings wait for each other.
            let version: i64 = sqlx::query_scalar("update achievement set version = version where id = $1 returning version")
                .bind(achievement).fetch_one(&mut *tx).await?;
            let newest: VersionRow = sqlx::query_as(
                "select achievement, version, name, document, image, validity, suspendable, made_at \
                 from achievement_version where achievement = $1 and version = $2")
                .bind(achievement).bind(version).fetch_one(&mut *tx).await?;
            if newest.says(text) {
                return Ok(version);
            }
            let awarded: Option<i64> = sqlx::query_scalar(
                "select version from award where achievement = $1 and version = $2 \
                 union all select version from job where achievement = $1 and version = $2 limit 1")
                .bind(achievement).bind(version).fetch_optional(&mut *tx).await?;
            let version = match awarded {
                None => {
                    sqlx::query(
                        "update achievement_version set name = $3, document = $4, image = $5, validity = $6, \
                            suspendable = $7, made_at = $8, made_by = $9 where achievement = $1 and version = $2")
                        .bind(achievement).bind(version).bind(text.name).bind(text.document).bind(text.image)
                        .bind(text.validity).bind(text.suspendable).bind(action.at).bind(action.person)
                        .execute(&mut *tx).await?;
                    version
                }
                Some(_) => {
                    let next = version + 1;
                    sqlx::query(INSERT_VERSION)
                        .bind(achievement).bind(next).bind(text.name).bind(text.document).bind(text.image)
                        .bind(text.validity).bind(text.suspendable).bind(action.at).bind(action.person)
                        .execute(&mut *tx).await?;
                    sqlx::query("update achievement set version = $2 where id = $1")
                        .bind(achievement).bind(next).execute(&mut *tx).await?;
                    next
                }
            };
            bind_action!(action).execute(&mut *tx).await?;
            version
        });
        Ok(version)
    }

    /// Gives an achievement another slug, if it is free and no badge has the old one.
    pub(crate) async fn set_slug(
        &self,
        achievement: &AchievementRow,
        slug: &str,
        action: &Action<'_>,
    ) -> Result<bool> {
        match self.try_set_slug(achievement, slug, action).await {
            Err(error) if super::is_taken(&error) => Ok(false),
            done => done,
        }
    }

    async fn try_set_slug(
        &self,
        achievement: &AchievementRow,
        slug: &str,
        action: &Action<'_>,
    ) -> Result<bool> {
        let done = transaction!(self, tx => {
            let done = sqlx::query(
                "update achievement set slug = $2 where id = $1 \
                    and not exists (select 1 from award where award.achievement = $1) \
                    and not exists (select 1 from job where job.achievement = $1)")
                .bind(&achievement.id).bind(slug).execute(&mut *tx).await?.rows_affected();
            if done > 0 {
                bind_action!(action).execute(&mut *tx).await?;
            }
            done
        });
        Ok(done > 0)
    }

    /// Whether a badge of an achievement was awarded, or is about to be.
    pub(crate) async fn has_awards(&self, achievement: &str) -> Result<bool> {
        let found: Option<i64> = on!(self, pool => sqlx::query_scalar(
            "select version from award where achievement = $1 \
             union all select version from job where achievement = $1 limit 1")
            .bind(achievement).fetch_optional(pool).await)?;
        Ok(found.is_some())
    }

    /// Ends the awarding of an achievement, or begins it again.
    pub(crate) async fn set_archived(
        &self,
        achievement: &str,
        archived: bool,
        action: &Action<'_>,
    ) -> Result<()> {
        transaction!(self, tx => {
            let changed = sqlx::query("update achievement set archived = $2 where id = $1 and archived <> $2")
                .bind(achievement).bind(archived).execute(&mut *tx).await?.rows_affected();
            if changed > 0 {
                bind_action!(action).execute(&mut *tx).await?;
            }
        });
        Ok(())
    }

    /// The versions of an achievement, the newest first.
    pub(crate) async fn versions(&self, achievement: &str) -> Result<Vec<VersionRow>> {
        on!(self, pool => sqlx::query_as(
            "select achievement, version, name, document, image, validity, suspendable, made_at \
             from achievement_version where achievement = $1 order by version desc")
            .bind(achievement).fetch_all(pool).await)
    }

    /// How many badges of each of an issuer's achievements there are.
    pub(crate) async fn award_counts(&self, issuer: &str) -> Result<Vec<AwardCount>> {
        on!(self, pool => sqlx::query_as(
            "select achievement, count(*) as awards from award where issuer = $1 group by achievement order by achievement")
            .bind(issuer).fetch_all(pool).await)
    }

    /// The achievement with this id.
    pub(crate) async fn achievement(&self, id: &str) -> Result<Option<AchievementRow>> {
        on!(self, pool => sqlx::query_as("select id, issuer, slug, version, archived from achievement where id = $1")
            .bind(id).fetch_optional(pool).await)
    }

    /// The achievement of an issuer with this slug.
    pub(crate) async fn achievement_by_slug(
        &self,
        issuer: &str,
        slug: &str,
    ) -> Result<Option<AchievementRow>> {
        on!(self, pool => sqlx::query_as(
            "select id, issuer, slug, version, archived from achievement where issuer = $1 and slug = $2")
            .bind(issuer).bind(slug).fetch_optional(pool).await)
    }

    /// A version of an achievement.
    pub(crate) async fn version(
        &self,
        achievement: &str,
        version: i64,
    ) -> Result<Option<VersionRow>> {
        on!(self, pool => sqlx::query_as(
            "select achievement, version, name, document, image, validity, suspendable, made_at \
             from achievement_version where achievement = $1 and version = $2")
            .bind(achievement).bind(version).fetch_optional(pool).await)
    }

    /// The newest versions of an issuer's achievements, by name.
    pub(crate) async fn achievements(
        &self,
        issuer: &str,
    ) -> Result<Vec<(AchievementRow, VersionRow)>> {
        #[derive(FromRow)]
        struct Row {
            id: String,
            issuer: String,
            slug: String,
            archived: bool,
            #[sqlx(flatten)]
            newest: VersionRow,
        }
        let rows: Vec<Row> = on!(self, pool => sqlx::query_as(
            "select a.id, a.issuer, a.slug, a.archived, v.achievement, v.version, v.name, v.document, v.image, \
                v.validity, v.suspendable, v.made_at \
             from achievement a join achievement_version v on v.achievement = a.id and v.version = a.version \
             where a.issuer = $1 order by v.name, a.id")
            .bind(issuer).fetch_all(pool).await)?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let achievement = AchievementRow {
                    id: row.id,
                    issuer: row.issuer,
                    slug: row.slug,
                    version: row.newest.version,
                    archived: row.archived,
                };
                (achievement, row.newest)
            })
            .collect())
    }
}

/// Adds an achievement, unless the issuer has one with its slug.
pub(super) const INSERT_ACHIEVEMENT: &str = "insert into achievement (id, issuer, slug, version, archived, made_at) values ($1, $2, $3, $4, $5, $6) \
     on conflict (issuer, slug) do nothing";
pub(super) const INSERT_VERSION: &str = "insert into achievement_version \
     (achievement, version, name, document, image, validity, suspendable, made_at, made_by) \
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
