//! Badges as their holders see them.

use sqlx::FromRow;

use super::{Action, AuditEntry, Db, Result, audit::bind_action, on, transaction};

/// A badge in its holder's list.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct Held {
    pub(crate) id: String,
    pub(crate) token: String,
    pub(crate) acceptance: String,
    pub(crate) visibility: String,
    pub(crate) standing: String,
    pub(crate) awarded_at: i64,
    /// Of the achievement, in its language.
    pub(crate) name: String,
    /// The hash of the achievement's picture.
    pub(crate) image: String,
    pub(crate) issuer_name: String,
}

/// A session, as its owner may know of it.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub(crate) struct SessionDates {
    pub(crate) made_at: i64,
    pub(crate) until: i64,
}

impl Held {
    /// The path of its page in its holder's account.
    pub(crate) fn path(&self) -> String {
        format!("/me/badges/{}", self.token)
    }

    /// The path of its picture.
    pub(crate) fn picture(&self) -> String {
        format!("/images/{}", self.image)
    }
}

impl Db {
    /// The badges of a person and those offered to the person's account, the newest first. Whom a
    /// badge was offered to is told by the account's id alone, never by its name (decision C4).
    pub(crate) async fn held(&self, person: &str, central_id: Option<i64>) -> Result<Vec<Held>> {
        on!(self, pool => sqlx::query_as(
            "select award.id, award.token, award.acceptance, award.visibility, award.standing, award.awarded_at, \
                version.name, version.image, issuer.name as issuer_name \
             from award join issuer on issuer.id = award.issuer \
                join achievement_version version on version.achievement = award.achievement and version.version = award.version \
                left join recipient on recipient.award = award.id \
             where (award.person = $1 or (award.person is null and recipient.central_id = $2)) \
                and award.acceptance <> 'erased' \
             order by award.awarded_at desc, award.id")
            .bind(person).bind(central_id).fetch_all(pool).await)
    }

    /// Puts a badge into the hands of a person, unless it is in another one's; says whether it is now.
    /// What is on offer is then on offer to that person: its claim link ends.
    pub(crate) async fn bind_award(&self, award: &str, person: &str, now: i64) -> Result<bool> {
        let done = transaction!(self, tx => {
            let issuer: Option<String> = sqlx::query_scalar(
                "update award set person = $2 where id = $1 and (person is null or person = $2) \
                    and acceptance in ('offered', 'accepted', 'withdrawn') returning issuer")
                .bind(award).bind(person).fetch_optional(&mut *tx).await?;
            if let Some(issuer) = &issuer {
                sqlx::query("update award set claim_hash = null, claim_until = null where id = $1")
                    .bind(award).execute(&mut *tx).await?;
                let action = Action {
                    at: now, issuer: Some(issuer), person: Some(person), action: "award.bind",
                    noun: "award", object: award, detail: None,
                };
                bind_action!(action).execute(&mut *tx).await?;
            }
            issuer.is_some()
        });
        Ok(done)
    }

    /// Ends a holder's personal link.
    pub(crate) async fn end_holder_link(&self, award: &str, person: &str, now: i64) -> Result<()> {
        transaction!(self, tx => {
            let issuer: Option<String> = sqlx::query_scalar("update award set holder_hash = null where id = $1 returning issuer")
                .bind(award).fetch_optional(&mut *tx).await?;
            let action = Action {
                at: now, issuer: issuer.as_deref(), person: Some(person), action: "award.end-link",
                noun: "award", object: award, detail: None,
            };
            bind_action!(action).execute(&mut *tx).await?;
        });
        Ok(())
    }

    /// Binds the DID of a wallet to a person, as the one that was named last.
    pub(crate) async fn bind_did(&self, person: &str, did: &str, now: i64) -> Result<()> {
        on!(self, pool => sqlx::query(
            "insert into person_did (person, did, bound_at) values ($1, $2, $3) \
             on conflict (person, did) do update set bound_at = excluded.bound_at")
            .bind(person).bind(did).bind(now).execute(pool).await.map(drop))
    }

    /// The DIDs of a person, the one that was named last first.
    pub(crate) async fn dids(&self, person: &str) -> Result<Vec<String>> {
        on!(self, pool => sqlx::query_scalar("select did from person_did where person = $1 order by bound_at desc, did")
            .bind(person).fetch_all(pool).await)
    }

    /// The sessions of a person.
    pub(crate) async fn sessions(&self, person: &str) -> Result<Vec<SessionDates>> {
        on!(self, pool => sqlx::query_as("select made_at, until from session where person = $1 order by made_at")
            .bind(person).fetch_all(pool).await)
    }

    /// What a person did, the newest first.
    pub(crate) async fn actions(&self, person: &str) -> Result<Vec<AuditEntry>> {
        on!(self, pool => sqlx::query_as(
            "select id, at, person, null as name, action, noun, object, detail from audit where person = $1 \
                or person in (select id from person where merged_into = $1) order by at desc, id")
            .bind(person).fetch_all(pool).await)
    }
}
