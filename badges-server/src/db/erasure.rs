//! Erasure: what the service knew of somebody goes; that a badge was once awarded, and taken back at
//! its holder's request, stays (decisions C7 and C8).

use super::issuers::{ANOTHER_OWNER, LOCK_ISSUER};
use super::{Action, Db, Result, audit::bind_action, on, status, transaction};

/// Statements that take away what is known of an award's holder; `$1` is the award.
const OF_AWARD: [&str; 4] = [
    "delete from credential where award = $1",
    "delete from recipient where award = $1",
    "update award set acceptance = 'erased', visibility = 'private', named = 'nothing', standing = 'revoked', \
        reason = 'holder-request', note = null, person = null, accepted_at = null, claim_hash = null, \
        claim_until = null, holder_hash = null where id = $1",
    status::CHANGED,
];

/// Statements that take away what is known of a person; `$1` is the person. The random id stays, for
/// the audit log, and says nothing about anybody any more.
const OF_PERSON: [&str; 11] = [
    "delete from session where person = $1",
    "delete from sign_in_link where person = $1",
    "delete from oauth_attempt where person = $1",
    "delete from oauth_attempt where central_id in (select central_id from person_detail where person = $1)",
    "delete from idempotency where token in (select id from api_token where person = $1)",
    "delete from api_token where person = $1",
    "delete from person_did where person = $1",
    "delete from person_detail where person = $1",
    "delete from member_achievement where person = $1",
    "delete from member where person = $1",
    "delete from service_owner where person = $1",
];

/// Takes a row out of a workshop's list and out of the jobs that it is in.
macro_rules! forget_participant {
    ($tx:expr, $participant:expr) => {
        for statement in [
            "update job set total = total - 1 where id in (select job from job_row where participant = $1)",
            "delete from job_row where participant = $1",
            "delete from participant where id = $1",
        ] {
            sqlx::query(statement).bind($participant).execute(&mut *$tx).await?;
        }
    };
}

impl Db {
    /// Erases awards and, if one is given, the person who holds them, all or nothing. Everything in
    /// lists of participants that is about the same people goes too. Says whether it did: not when an
    /// issuer would be left without an owner.
    pub(crate) async fn erase(
        &self,
        awards: &[String],
        person: Option<&str>,
        by: Option<&str>,
        now: i64,
    ) -> Result<bool> {
        let mut people: Vec<(Option<i64>, Option<String>)> = Vec::new();
        for award in awards {
            if let Some(recipient) = self.recipient(award).await? {
                people.push((recipient.central_id, recipient.user_name));
            }
        }
        if let Some(person) = person
            && let Some(detail) = self.person(person).await?
        {
            people.push((detail.central_id, detail.user_name));
        }
        transaction!(self, tx => {
            if let Some(person) = person {
                let owned: Vec<String> = sqlx::query_scalar(
                    "select issuer from member where person = $1 and role = 'owner' order by issuer")
                    .bind(person).fetch_all(&mut *tx).await?;
                for issuer in owned {
                    sqlx::query(LOCK_ISSUER).bind(&issuer).execute(&mut *tx).await?;
                    let others: Option<String> = sqlx::query_scalar(ANOTHER_OWNER)
                        .bind(&issuer).bind(person).fetch_optional(&mut *tx).await?;
                    if others.is_none() {
                        return Ok(false);
                    }
                }
            }
            for award in awards {
                // Whoever changes the award at the same time has done so, or cannot any more.
                sqlx::query("update award set standing_at = case when standing = 'revoked' then standing_at else $2 end where id = $1")
                    .bind(award).bind(now).execute(&mut *tx).await?;
                let participants: Vec<String> = sqlx::query_scalar("select participant from job_row where award = $1")
                    .bind(award).fetch_all(&mut *tx).await?;
                for participant in participants {
                    forget_participant!(tx, &participant);
                }
                for statement in OF_AWARD {
                    sqlx::query(statement).bind(award).execute(&mut *tx).await?;
                }
                let issuer: Option<String> = sqlx::query_scalar("select issuer from award where id = $1")
                    .bind(award).fetch_optional(&mut *tx).await?;
                let action = Action {
                    at: now, issuer: issuer.as_deref(), person: by, action: "award.erase",
                    noun: "award", object: award, detail: None,
                };
                bind_action!(action).execute(&mut *tx).await?;
            }
            // What lists say of people who were not awarded.
            if let Some(person) = person {
                for (central_id, user_name) in &people {
                    // By a name only if that is not how somebody else got a badge.
                    let participants: Vec<String> = sqlx::query_scalar(
                        "select id from participant where central_id = $1 or (central_id is null and user_name = $2 \
                            and not exists (select 1 from job_row join award on award.id = job_row.award \
                                where job_row.participant = participant.id \
                                    and (award.person is not null or award.acceptance in ('accepted', 'withdrawn'))))")
                        .bind(*central_id).bind(user_name).fetch_all(&mut *tx).await?;
                    for participant in participants {
                        forget_participant!(tx, &participant);
                    }
                }
                for statement in OF_PERSON {
                    sqlx::query(statement).bind(person).execute(&mut *tx).await?;
                }
                let action = Action {
                    at: now, issuer: None, person: None, action: "person.erase",
                    noun: "person", object: person, detail: None,
                };
                bind_action!(action).execute(&mut *tx).await?;
            }
            // Answers of the API are sealed, so nobody can tell which of them name the person.
            sqlx::query("update idempotency set body = null where body is not null")
                .execute(&mut *tx).await?;
        });
        // What is overwritten in the file stands in the log of changes until that is cut off.
        if let Self::Sqlite(pool) = self {
            sqlx::query("pragma wal_checkpoint(truncate)")
                .execute(pool)
                .await?;
        }
        Ok(true)
    }

    /// The issuers that would have no owner without this person.
    pub(crate) async fn sole_ownerships(&self, person: &str) -> Result<Vec<String>> {
        on!(self, pool => sqlx::query_scalar(
            "select issuer from member where person = $1 and role = 'owner' and not exists \
                (select 1 from member other where other.issuer = member.issuer and other.person <> $1 \
                    and other.role = 'owner')")
            .bind(person).fetch_all(pool).await)
    }
}
