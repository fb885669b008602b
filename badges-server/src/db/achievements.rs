//! What can be achieved, and its versions.

use sqlx::FromRow;

use super::{Db, Result, on};

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
    pub(crate) achievement: String,
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

impl Db {
    /// The achievement with this id.
    pub(crate) async fn achievement(&self, id: &str) -> Result<Option<AchievementRow>> {
        on!(self, pool => sqlx::query_as("select id, issuer, slug, version, archived from achievement where id = $1")
            .bind(id).fetch_optional(pool).await)
    }

    /// The achievement of an issuer with this slug.
    pub(crate) async fn achievement_by_slug(&self, issuer: &str, slug: &str) -> Result<Option<AchievementRow>> {
        on!(self, pool => sqlx::query_as(
            "select id, issuer, slug, version, archived from achievement where issuer = $1 and slug = $2")
            .bind(issuer).bind(slug).fetch_optional(pool).await)
    }

    /// A version of an achievement.
    pub(crate) async fn version(&self, achievement: &str, version: i64) -> Result<Option<VersionRow>> {
        on!(self, pool => sqlx::query_as(
            "select achievement, version, name, document, image, validity, suspendable, made_at \
             from achievement_version where achievement = $1 and version = $2")
            .bind(achievement).bind(version).fetch_optional(pool).await)
    }

    /// The newest versions of an issuer's achievements, by name.
    pub(crate) async fn achievements(&self, issuer: &str) -> Result<Vec<(AchievementRow, VersionRow)>> {
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
        Ok(rows.into_iter().map(|row| {
            let achievement = AchievementRow {
                id: row.id, issuer: row.issuer, slug: row.slug, version: row.newest.version, archived: row.archived,
            };
            (achievement, row.newest)
        }).collect())
    }
}
