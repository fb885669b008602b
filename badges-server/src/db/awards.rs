//! Awards: what became of each, for whom, and the signed texts.

use sqlx::FromRow;

use super::{Db, Result, on};

/// An award. The states are texts of the columns' comments in the migration.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct AwardRow {
    pub(crate) id: String,
    pub(crate) token: String,
    pub(crate) issuer: String,
    pub(crate) did: String,
    pub(crate) achievement: String,
    pub(crate) version: i64,
    pub(crate) workshop: Option<String>,
    pub(crate) person: Option<String>,
    pub(crate) credential_id: String,
    pub(crate) subject: String,
    pub(crate) acceptance: String,
    pub(crate) visibility: String,
    pub(crate) named: String,
    pub(crate) standing: String,
    pub(crate) standing_at: Option<i64>,
    pub(crate) reason: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) supersedes: Option<String>,
    pub(crate) superseded_by: Option<String>,
    pub(crate) awarded_at: i64,
    pub(crate) valid_until: Option<i64>,
    pub(crate) accepted_at: Option<i64>,
    pub(crate) claim_renewal: i64,
    pub(crate) claim_hash: Option<String>,
    pub(crate) claim_until: Option<i64>,
    pub(crate) holder_hash: Option<String>,
    pub(crate) made_by: String,
    pub(crate) made_at: i64,
}

/// Whom an award is for, as far as the trainer knew; gone after erasure.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct RecipientRow {
    pub(crate) award: String,
    pub(crate) achievement: String,
    pub(crate) recipient_key: String,
    pub(crate) renewal: i64,
    pub(crate) central_id: Option<i64>,
    pub(crate) user_name: Option<String>,
    pub(crate) display_name: Option<String>,
    pub(crate) other_id: Option<String>,
    pub(crate) evidence: Option<String>,
    pub(crate) salt: Option<String>,
}

/// A signed text of an award.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct CredentialRow {
    pub(crate) award: String,
    pub(crate) version: i64,
    pub(crate) text: String,
    pub(crate) multikey: String,
    pub(crate) valid_from: i64,
}

/// Selects an [`AwardRow`]; sqlx takes only whole statements, so what follows is added here.
macro_rules! select_award {
    ($rest:literal) => {
        $crate::db::select_award!("", $rest)
    };
    // With more columns.
    ($more:literal, $rest:literal) => {
        concat!(
            "select award.id, award.token, award.issuer, award.did, award.achievement, award.version, award.workshop, \
                award.person, award.credential_id, award.subject, award.acceptance, award.visibility, award.named, \
                award.standing, award.standing_at, award.reason, award.note, award.supersedes, award.superseded_by, \
                award.awarded_at, award.valid_until, award.accepted_at, award.claim_renewal, award.claim_hash, \
                award.claim_until, award.holder_hash, award.made_by, award.made_at",
            $more,
            " from award ",
            $rest
        )
    };
}
pub(crate) use select_award;

impl Db {
    /// The award with this id.
    pub(crate) async fn award(&self, id: &str) -> Result<Option<AwardRow>> {
        on!(self, pool => sqlx::query_as(select_award!("where id = $1")).bind(id).fetch_optional(pool).await)
    }

    /// The award whose badge has this token in its address.
    pub(crate) async fn award_by_token(&self, token: &str) -> Result<Option<AwardRow>> {
        on!(self, pool => sqlx::query_as(select_award!("where token = $1")).bind(token).fetch_optional(pool).await)
    }

    /// The award that a claim link opens, unless the link has ended.
    pub(crate) async fn award_by_claim(&self, hash: &str, now: i64) -> Result<Option<AwardRow>> {
        on!(self, pool => sqlx::query_as(select_award!("where claim_hash = $1 and claim_until > $2"))
            .bind(hash).bind(now).fetch_optional(pool).await)
    }

    /// The award that a holder's personal link opens.
    pub(crate) async fn award_by_holder(&self, hash: &str) -> Result<Option<AwardRow>> {
        on!(self, pool => sqlx::query_as(select_award!("where holder_hash = $1")).bind(hash).fetch_optional(pool).await)
    }

    /// Whom an award is for.
    pub(crate) async fn recipient(&self, award: &str) -> Result<Option<RecipientRow>> {
        on!(self, pool => sqlx::query_as(
            "select award, achievement, recipient_key, renewal, central_id, user_name, display_name, other_id, \
                evidence, salt from recipient where award = $1")
            .bind(award).fetch_optional(pool).await)
    }

    /// The newest signed text of an award.
    pub(crate) async fn credential(&self, award: &str) -> Result<Option<CredentialRow>> {
        on!(self, pool => sqlx::query_as(
            "select award, version, text, multikey, valid_from from credential \
             where award = $1 order by version desc limit 1")
            .bind(award).fetch_optional(pool).await)
    }
}
