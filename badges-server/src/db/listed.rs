//! Awards as those who gave them see them: with whom each is for.

use sqlx::FromRow;

use super::{AwardRow, Db, Result, on, select_award};

/// An award, the name of what was achieved, and whom it is for as far as that is known.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct ListedAward {
    #[sqlx(flatten)]
    pub(crate) award: AwardRow,
    pub(crate) achievement_name: String,
    pub(crate) user_name: Option<String>,
    pub(crate) display_name: Option<String>,
    pub(crate) other_id: Option<String>,
    pub(crate) central_id: Option<i64>,
}

/// Which awards of an issuer to list. An empty text is any.
#[derive(Clone, Debug, Default)]
pub(crate) struct AwardFilter<'a> {
    pub(crate) achievement: &'a str,
    pub(crate) workshop: &'a str,
    /// offered, accepted, declined, withdrawn, erased; then those that stand, or one of revoked,
    /// suspended, expired.
    pub(crate) state: &'a str,
    /// A part of the name of whom it is for.
    pub(crate) name: &'a str,
}

impl ListedAward {
    /// What to call whom it is for; empty when nothing is known.
    pub(crate) fn name(&self) -> &str {
        [&self.user_name, &self.display_name, &self.other_id]
            .into_iter()
            .find_map(|name| name.as_deref())
            .unwrap_or_default()
    }
}

impl Db {
    /// The awards of a workshop, by name of the achievement and in the order in which they were made.
    pub(crate) async fn workshop_awards(&self, workshop: &str) -> Result<Vec<ListedAward>> {
        on!(self, pool => sqlx::query_as(select_award!(
            ", version.name as achievement_name, recipient.user_name, recipient.display_name, recipient.other_id, \
               recipient.central_id",
            "join achievement_version version on version.achievement = award.achievement and version.version = award.version \
             left join recipient on recipient.award = award.id \
             left join participant on participant.workshop = award.workshop and participant.recipient_key = recipient.recipient_key \
             where award.workshop = $1 order by version.name, award.achievement, award.made_at, participant.position, award.id"))
            .bind(workshop).fetch_all(pool).await)
    }

    /// The award with this id, for its page.
    pub(crate) async fn listed_award(&self, id: &str) -> Result<Option<ListedAward>> {
        on!(self, pool => sqlx::query_as(select_award!(
            ", version.name as achievement_name, recipient.user_name, recipient.display_name, recipient.other_id, \
               recipient.central_id",
            "join achievement_version version on version.achievement = award.achievement and version.version = award.version \
             left join recipient on recipient.award = award.id where award.id = $1"))
            .bind(id).fetch_optional(pool).await)
    }

    /// Awards of an issuer, the newest first.
    pub(crate) async fn issuer_awards(
        &self,
        issuer: &str,
        filter: &AwardFilter<'_>,
        now: i64,
        skip: i64,
        limit: i64,
    ) -> Result<Vec<ListedAward>> {
        let pattern = format!("%{}%", filter.name.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
        on!(self, pool => sqlx::query_as(select_award!(
            ", version.name as achievement_name, recipient.user_name, recipient.display_name, recipient.other_id, \
               recipient.central_id",
            "join achievement_version version on version.achievement = award.achievement and version.version = award.version \
             left join recipient on recipient.award = award.id \
             where award.issuer = $1 \
                and ($2 = '' or award.achievement = $2) \
                and ($3 = '' or award.workshop = $3) \
                and ($4 = '' \
                    or ($4 in ('revoked', 'suspended') and award.standing = $4) \
                    or ($4 = 'expired' and award.standing = 'valid' and award.valid_until <= $5) \
                    or ($4 = award.acceptance and award.standing = 'valid')) \
                and ($6 = '' or lower(recipient.user_name) like $7 escape '\\' \
                    or lower(recipient.display_name) like $7 escape '\\' or lower(recipient.other_id) like $7 escape '\\') \
             order by award.made_at desc, award.id limit $8 offset $9"))
            .bind(issuer).bind(filter.achievement).bind(filter.workshop).bind(filter.state).bind(now)
            .bind(filter.name).bind(pattern).bind(limit).bind(skip).fetch_all(pool).await)
    }
}
