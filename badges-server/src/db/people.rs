//! People, what is known of them, and how they sign in.

use sqlx::FromRow;

use super::{Action, Db, Result, audit::bind_action, on, transaction};
use crate::ambient::random_id;

/// What is known of a person.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub(crate) struct PersonDetail {
    pub(crate) person: String,
    pub(crate) central_id: Option<i64>,
    pub(crate) user_name: Option<String>,
    pub(crate) display_name: Option<String>,
    pub(crate) language: Option<String>,
    /// The last part of the address of the person's own page.
    pub(crate) page: String,
}

/// A session that has not ended, and whose it is.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct SessionRow {
    pub(crate) person: String,
    pub(crate) csrf: String,
    pub(crate) name: Option<String>,
    pub(crate) language: Option<String>,
}

/// Statements that end everything with which somebody can act as a person, who is `$1`.
pub(super) const WAYS_IN: [&str; 5] = [
    "delete from session where person = $1",
    "delete from sign_in_link where person = $1",
    "delete from oauth_attempt where person = $1",
    "delete from idempotency where token in (select id from api_token where person = $1)",
    "delete from api_token where person = $1",
];

impl Db {
    /// A new person of whom only this is known.
    pub(crate) async fn insert_person(
        &self,
        display_name: Option<&str>,
        language: Option<&str>,
        now: i64,
    ) -> Result<String> {
        let person = random_id();
        self.insert_person_as(&person, display_name, language, now)
            .await?;
        Ok(person)
    }

    /// A new person with this id.
    pub(crate) async fn insert_person_as(
        &self,
        person: &str,
        display_name: Option<&str>,
        language: Option<&str>,
        now: i64,
    ) -> Result<()> {
        let page = random_id();
        transaction!(self, tx => {
            sqlx::query("insert into person (id, made_at) values ($1, $2)")
                .bind(person).bind(now).execute(&mut *tx).await?;
            sqlx::query("insert into person_detail (person, display_name, name_is_own, language, page) values ($1, $2, false, $3, $4)")
                .bind(person).bind(display_name).bind(language).bind(&page).execute(&mut *tx).await?;
        });
        Ok(())
    }

    /// What is known of a person; nothing after erasure.
    pub(crate) async fn person(&self, person: &str) -> Result<Option<PersonDetail>> {
        on!(self, pool => sqlx::query_as(
            "select person, central_id, user_name, display_name, language, page from person_detail where person = $1")
            .bind(person).fetch_optional(pool).await)
    }

    /// The person with this id in Wikimedia's central user table.
    pub(crate) async fn person_by_central_id(
        &self,
        central_id: i64,
    ) -> Result<Option<PersonDetail>> {
        on!(self, pool => sqlx::query_as(
            "select person, central_id, user_name, display_name, language, page from person_detail where central_id = $1")
            .bind(central_id).fetch_optional(pool).await)
    }

    /// Binds a Wikimedia account to a person. Every other way to act as the person ends: whoever gave
    /// them their first link may still have one.
    pub(crate) async fn set_account(
        &self,
        person: &str,
        central_id: i64,
        user_name: Option<&str>,
    ) -> Result<()> {
        transaction!(self, tx => {
            sqlx::query("update person_detail set central_id = $2, user_name = $3 where person = $1")
                .bind(person).bind(central_id).bind(user_name).execute(&mut *tx).await?;
            for statement in WAYS_IN {
                sqlx::query(statement).bind(person).execute(&mut *tx).await?;
            }
        });
        Ok(())
    }

    /// What a person has chosen to be called, and in which language to be spoken to.
    pub(crate) async fn set_person(
        &self,
        person: &str,
        display_name: Option<&str>,
        language: Option<&str>,
    ) -> Result<()> {
        on!(self, pool => sqlx::query(
            "update person_detail set display_name = $2, name_is_own = true, language = $3 where person = $1")
            .bind(person).bind(display_name).bind(language).execute(pool).await.map(drop))
    }

    /// Somebody who may add issuers.
    pub(crate) async fn first_owner(&self) -> Result<Option<String>> {
        on!(self, pool => sqlx::query_scalar(
            "select service_owner.person from service_owner join person on person.id = service_owner.person \
             order by person.made_at, person.id limit 1")
            .fetch_optional(pool).await)
    }

    /// Whether a person may add issuers.
    pub(crate) async fn is_service_owner(&self, person: &str) -> Result<bool> {
        let found: Option<String> = on!(self, pool => sqlx::query_scalar("select person from service_owner where person = $1")
            .bind(person).fetch_optional(pool).await)?;
        Ok(found.is_some())
    }

    /// Lets a person add issuers.
    pub(crate) async fn set_service_owner(&self, person: &str, now: i64) -> Result<()> {
        transaction!(self, tx => {
            let made = sqlx::query("insert into service_owner (person) values ($1) on conflict (person) do nothing")
                .bind(person).execute(&mut *tx).await?.rows_affected();
            if made > 0 {
                let action = Action {
                    at: now, issuer: None, person: None, action: "service.own",
                    noun: "person", object: person, detail: None,
                };
                bind_action!(action).execute(&mut *tx).await?;
            }
        });
        Ok(())
    }

    /// Whether somebody who owns all the issuers that a person works for may hand them a sign-in link:
    /// one without a Wikimedia account to sign in with, who holds no badge and does not run the
    /// service. Then the link opens nothing that the owner does not have already.
    pub(crate) async fn may_be_given_link(&self, person: &str, owner: &str) -> Result<bool> {
        let found: Option<String> = on!(self, pool => sqlx::query_scalar(
            "select detail.person from person_detail detail where detail.person = $1 and detail.central_id is null \
                and not exists (select 1 from service_owner where service_owner.person = $1) \
                and not exists (select 1 from award where award.person = $1) \
                and not exists (select 1 from person_did where person_did.person = $1) \
                and not exists (select 1 from member where member.person = $1 and not exists \
                    (select 1 from member own where own.issuer = member.issuer and own.person = $2 and own.role = 'owner'))")
            .bind(person).bind(owner).fetch_optional(pool).await)?;
        Ok(found.is_some())
    }

    /// Begins a session.
    pub(crate) async fn insert_session(
        &self,
        hash: &str,
        person: &str,
        csrf: &str,
        now: i64,
        until: i64,
    ) -> Result<()> {
        on!(self, pool => sqlx::query(
            "insert into session (hash, person, csrf, made_at, until) values ($1, $2, $3, $4, $5)")
            .bind(hash).bind(person).bind(csrf).bind(now).bind(until).execute(pool).await.map(drop))
    }

    /// The session of this hash, unless it has ended or its person is gone.
    pub(crate) async fn session(&self, hash: &str, now: i64) -> Result<Option<SessionRow>> {
        on!(self, pool => sqlx::query_as(
            "select session.person, session.csrf, coalesce(detail.display_name, detail.user_name) as name, detail.language \
             from session join person_detail detail on detail.person = session.person \
             where session.hash = $1 and session.until > $2")
            .bind(hash).bind(now).fetch_optional(pool).await)
    }

    /// Ends a session.
    pub(crate) async fn delete_session(&self, hash: &str) -> Result<()> {
        on!(self, pool => sqlx::query("delete from session where hash = $1")
            .bind(hash).execute(pool).await.map(drop))
    }

    /// Ends all sessions of a person.
    pub(crate) async fn delete_sessions(&self, person: &str) -> Result<()> {
        on!(self, pool => sqlx::query("delete from session where person = $1")
            .bind(person).execute(pool).await.map(drop))
    }

    /// Keeps a link with which a person can sign in once, and which owner of an issuer gave it.
    pub(crate) async fn insert_sign_in_link(
        &self,
        hash: &str,
        person: &str,
        given_by: Option<&str>,
        until: i64,
    ) -> Result<()> {
        on!(self, pool => sqlx::query("insert into sign_in_link (hash, person, given_by, until) values ($1, $2, $3, $4)")
            .bind(hash).bind(person).bind(given_by).bind(until).execute(pool).await.map(drop))
    }

    /// Whether a sign-in link is good and could still be given; it can be used afterwards.
    pub(crate) async fn is_sign_in_link(&self, hash: &str, now: i64) -> Result<bool> {
        let found: Option<(String, Option<String>)> = on!(self, pool => sqlx::query_as(
            "select person, given_by from sign_in_link where hash = $1 and used_at is null and until > $2")
            .bind(hash).bind(now).fetch_optional(pool).await)?;
        match found {
            Some((person, Some(owner))) => self.may_be_given_link(&person, &owner).await,
            found => Ok(found.is_some()),
        }
    }

    /// Uses a sign-in link up: whose it was, if it was good and could still be given. The other links
    /// of the person end with it.
    pub(crate) async fn use_sign_in_link(&self, hash: &str, now: i64) -> Result<Option<String>> {
        let used: Option<(String, Option<String>)> = on!(self, pool => sqlx::query_as(
            "update sign_in_link set used_at = $2 where hash = $1 and used_at is null and until > $2 \
             returning person, given_by")
            .bind(hash).bind(now).fetch_optional(pool).await)?;
        let Some((person, given_by)) = used else {
            return Ok(None);
        };
        // Much may have come to the person since it was handed over.
        if let Some(owner) = given_by
            && !self.may_be_given_link(&person, &owner).await?
        {
            return Ok(None);
        }
        on!(self, pool => sqlx::query("delete from sign_in_link where person = $1 and used_at is null")
            .bind(&person).execute(pool).await.map(drop))?;
        Ok(Some(person))
    }

    /// Deletes sessions, links and attempts to sign in that have ended.
    pub(crate) async fn sweep(&self, now: i64) -> Result<()> {
        transaction!(self, tx => {
            for statement in [
                "delete from session where until <= $1",
                "delete from sign_in_link where until <= $1",
                "delete from oauth_attempt where until <= $1",
                // Answers are kept for a day.
                "delete from idempotency where made_at + 86400 <= $1",
            ] {
                sqlx::query(statement).bind(now).execute(&mut *tx).await?;
            }
        });
        Ok(())
    }
}
