//! Signing in with Wikimedia: what was begun, whose account it is, and two people who are one.

use sqlx::FromRow;

use super::{
    Action, AwardRow, Db, Result, audit::bind_action, on, people::WAYS_IN, select_award,
    transaction,
};
use crate::ambient::random_id;

/// A sign-in with Wikimedia that has begun.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct Attempt {
    /// The hash of its state.
    pub(crate) hash: String,
    /// The hash of what only the browser has that began it.
    pub(crate) browser: String,
    /// A path of ours to go to afterwards; empty for the usual one.
    pub(crate) next: String,
    /// Whose account it is to be, if somebody is signed in already.
    pub(crate) person: Option<String>,
    /// The award whose link was open, if an account is to hold it.
    pub(crate) award: Option<String>,
    /// The account that the wiki named, until it is confirmed.
    pub(crate) central_id: Option<i64>,
    /// Its name, unless that is hidden.
    pub(crate) user_name: Option<String>,
    /// When it ends.
    pub(crate) until: i64,
}

impl Db {
    /// Keeps a sign-in that begins.
    pub(crate) async fn insert_attempt(&self, attempt: &Attempt) -> Result<()> {
        on!(self, pool => sqlx::query(
            "insert into oauth_attempt (hash, browser, next, person, award, central_id, user_name, until) \
             values ($1, $2, $3, $4, $5, $6, $7, $8)")
            .bind(&attempt.hash).bind(&attempt.browser).bind(&attempt.next).bind(&attempt.person)
            .bind(&attempt.award).bind(attempt.central_id).bind(&attempt.user_name).bind(attempt.until)
            .execute(pool).await.map(drop))
    }

    /// Takes a sign-in that has begun in this browser and not ended: once.
    pub(crate) async fn take_attempt(
        &self,
        hash: &str,
        browser: &str,
        now: i64,
    ) -> Result<Option<Attempt>> {
        on!(self, pool => sqlx::query_as(
            "delete from oauth_attempt where hash = $1 and browser = $2 and until > $3 \
             returning hash, browser, next, person, award, central_id, user_name, until")
            .bind(hash).bind(browser).bind(now).fetch_optional(pool).await)
    }

    /// Whether a badge was offered to this account, or is held by it without a person yet.
    pub(crate) async fn has_waiting(&self, central_id: i64) -> Result<bool> {
        let found: Option<i64> = on!(self, pool => sqlx::query_scalar(
            "select count(*) from award join recipient on recipient.award = award.id \
             where recipient.central_id = $1 and award.person is null \
                and award.acceptance in ('offered', 'accepted', 'withdrawn')")
            .bind(central_id).fetch_optional(pool).await)?;
        Ok(found.is_some_and(|count| count > 0))
    }

    /// A new person with this account.
    ///
    /// # Errors
    /// [`is_taken`](super::is_taken) when somebody has it already.
    pub(crate) async fn insert_account(
        &self,
        central_id: i64,
        user_name: Option<&str>,
        language: &str,
        now: i64,
    ) -> Result<String> {
        let person = random_id();
        transaction!(self, tx => {
            sqlx::query("insert into person (id, made_at) values ($1, $2)")
                .bind(&person).bind(now).execute(&mut *tx).await?;
            sqlx::query(
                "insert into person_detail (person, central_id, user_name, language, page, looked_at) \
                 values ($1, $2, $3, $4, $5, $6)")
                .bind(&person).bind(central_id).bind(user_name).bind(language).bind(random_id()).bind(now)
                .execute(&mut *tx).await?;
        });
        Ok(person)
    }

    /// What the wiki says of an account now: its name, or none if it is hidden or gone. Follows it
    /// wherever the account is known by its id, and says whether anything changed.
    pub(crate) async fn follow_account(
        &self,
        central_id: i64,
        user_name: Option<&str>,
        now: i64,
    ) -> Result<bool> {
        let changed = transaction!(self, tx => {
            let people = sqlx::query(
                "update person_detail set user_name = $2 where central_id = $1 \
                    and coalesce(user_name, '') <> coalesce($2, '')")
                .bind(central_id).bind(user_name).execute(&mut *tx).await?.rows_affected();
            sqlx::query("update person_detail set looked_at = $2 where central_id = $1")
                .bind(central_id).bind(now).execute(&mut *tx).await?;
            let recipients = sqlx::query(
                "update recipient set user_name = $2 where central_id = $1 \
                    and coalesce(user_name, '') <> coalesce($2, '')")
                .bind(central_id).bind(user_name).execute(&mut *tx).await?.rows_affected();
            sqlx::query(
                "update participant set user_name = $2 where central_id = $1 \
                    and coalesce(user_name, '') <> coalesce($2, '')")
                .bind(central_id).bind(user_name).execute(&mut *tx).await?;
            people + recipients
        });
        Ok(changed > 0)
    }

    /// The accepted awards that name their holder by an account, in the open or hashed.
    pub(crate) async fn awards_named_by(&self, central_id: i64) -> Result<Vec<AwardRow>> {
        on!(self, pool => sqlx::query_as(select_award!(
            "where acceptance in ('accepted', 'withdrawn') and named in ('user-name', 'hashed') \
                and (person in (select person from person_detail where central_id = $1) \
                    or id in (select award from recipient where central_id = $1)) order by id"))
            .bind(central_id).fetch_all(pool).await)
    }

    /// Gives a person the badges that its account has accepted without one.
    pub(crate) async fn gather_awards(
        &self,
        person: &str,
        central_id: i64,
        now: i64,
    ) -> Result<()> {
        transaction!(self, tx => {
            let gathered: Vec<(String, String)> = sqlx::query_as(
                "update award set person = $1 where person is null and acceptance in ('accepted', 'withdrawn') \
                    and id in (select award from recipient where central_id = $2) returning id, issuer")
                .bind(person).bind(central_id).fetch_all(&mut *tx).await?;
            for (award, issuer) in &gathered {
                let action = Action {
                    at: now, issuer: Some(issuer), person: Some(person), action: "award.bind",
                    noun: "award", object: award, detail: None,
                };
                bind_action!(action).execute(&mut *tx).await?;
            }
        });
        Ok(())
    }

    /// Makes one person of two, of whom somebody has proved to be both: everything of `other` is of
    /// `person` from now on, who gets the account and the page of `other`. Every way to act as either
    /// ends, because somebody else may have one. The log keeps what each of them did; it follows
    /// `merged_into`.
    pub(crate) async fn merge_people(&self, person: &str, other: &str, now: i64) -> Result<()> {
        transaction!(self, tx => {
            // First of all the row that the other one's account and page are taken from.
            let (central_id, user_name, page, display_name, looked_at): (Option<i64>, Option<String>, String, Option<String>, Option<i64>) =
                sqlx::query_as("delete from person_detail where person = $1 \
                    returning central_id, user_name, page, display_name, looked_at")
                    .bind(other).fetch_one(&mut *tx).await?;
            sqlx::query(
                "update person_detail set central_id = $2, user_name = $3, page = $4, \
                    display_name = coalesce(display_name, $5), looked_at = $6 where person = $1")
                .bind(person).bind(central_id).bind(user_name).bind(page).bind(display_name).bind(looked_at)
                .execute(&mut *tx).await?;
            for statement in [
                "update person set merged_into = $1 where id = $2 or merged_into = $2",
                "update award set person = $1 where person = $2",
                "insert into person_did (person, did, bound_at) \
                    select $1, did, bound_at from person_did where person = $2 \
                    on conflict (person, did) do nothing",
                // Of two roles the stronger one, of two permissions the wider one.
                "update member set role = 'owner' where person = $1 and exists \
                    (select 1 from member other where other.issuer = member.issuer and other.person = $2 and other.role = 'owner')",
                "update member set role = 'trainer' where person = $1 and role = 'reviewer' and exists \
                    (select 1 from member other where other.issuer = member.issuer and other.person = $2 and other.role = 'trainer')",
                "update member set every_achievement = true where person = $1 and exists \
                    (select 1 from member other where other.issuer = member.issuer and other.person = $2 and other.every_achievement)",
                "insert into member_achievement (issuer, person, achievement) \
                    select issuer, $1, achievement from member_achievement where person = $2 \
                    on conflict (issuer, person, achievement) do nothing",
                "update member set person = $1 where person = $2 and not exists \
                    (select 1 from member own where own.issuer = member.issuer and own.person = $1)",
                "insert into service_owner (person) select $1 from service_owner where person = $2 \
                    on conflict (person) do nothing",
            ] {
                sqlx::query(statement).bind(person).bind(other).execute(&mut *tx).await?;
            }
            for statement in [
                "delete from person_did where person = $1",
                "delete from member_achievement where person = $1",
                "delete from member where person = $1",
                "delete from service_owner where person = $1",
            ] {
                sqlx::query(statement).bind(other).execute(&mut *tx).await?;
            }
            for statement in WAYS_IN {
                for either in [person, other] {
                    sqlx::query(statement).bind(either).execute(&mut *tx).await?;
                }
            }
            let action = Action {
                at: now, issuer: None, person: Some(person), action: "person.merge",
                noun: "person", object: other, detail: None,
            };
            bind_action!(action).execute(&mut *tx).await?;
        });
        Ok(())
    }

    /// Takes accounts that were not looked at since a time, at most so many, and marks them as looked
    /// at: so of several processes one asks the wiki.
    pub(crate) async fn take_accounts(
        &self,
        before: i64,
        limit: i64,
        now: i64,
    ) -> Result<Vec<i64>> {
        on!(self, pool => sqlx::query_scalar(
            "update person_detail set looked_at = $1 where coalesce(looked_at, 0) < $2 and person in \
                (select person from person_detail where central_id is not null and coalesce(looked_at, 0) < $2 \
                 order by looked_at, person limit $3) \
             returning central_id")
            .bind(now).bind(before).bind(limit).fetch_all(pool).await)
    }

    /// Lets an account be looked at again as if it had been looked at then.
    pub(crate) async fn set_looked_at(&self, central_id: i64, at: i64) -> Result<()> {
        on!(self, pool => sqlx::query("update person_detail set looked_at = $2 where central_id = $1")
            .bind(central_id).bind(at).execute(pool).await.map(drop))
    }

    /// Ends everything with which somebody can act as the person with this account.
    pub(crate) async fn shut_out(&self, central_id: i64) -> Result<()> {
        let Some(known) = self.person_by_central_id(central_id).await? else {
            return Ok(());
        };
        transaction!(self, tx => {
            for statement in WAYS_IN {
                sqlx::query(statement).bind(&known.person).execute(&mut *tx).await?;
            }
        });
        Ok(())
    }
}
