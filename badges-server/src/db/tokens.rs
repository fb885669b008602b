//! Tokens with which programs act for a person, and requests that are done once only.

use sqlx::FromRow;

use super::{Action, Db, Result, audit::bind_action, on, transaction};

/// A token, without its secret.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct TokenRow {
    pub(crate) id: String,
    pub(crate) person: String,
    pub(crate) issuer: String,
    /// What the person calls it.
    pub(crate) name: String,
    /// Separated by spaces.
    pub(crate) scopes: String,
    pub(crate) made_at: i64,
    pub(crate) until: Option<i64>,
    pub(crate) used_at: Option<i64>,
}

/// What a request was answered with that must not be done twice.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct AnswerRow {
    pub(crate) request_hash: String,
    /// `None` while the first request is being answered.
    pub(crate) status: Option<i64>,
    /// Sealed; `None` also when it was taken away.
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) location: Option<String>,
    pub(crate) made_at: i64,
    /// When the process took it that does it now.
    pub(crate) taken_at: i64,
}

impl Db {
    /// Keeps a token by the hash of its secret.
    pub(crate) async fn insert_token(
        &self,
        token: &TokenRow,
        hash: &str,
        action: &Action<'_>,
    ) -> Result<()> {
        transaction!(self, tx => {
            sqlx::query(
                "insert into api_token (id, hash, person, issuer, name, scopes, made_at, until) \
                 values ($1, $2, $3, $4, $5, $6, $7, $8)")
                .bind(&token.id).bind(hash).bind(&token.person).bind(&token.issuer).bind(&token.name)
                .bind(&token.scopes).bind(token.made_at).bind(token.until)
                .execute(&mut *tx).await?;
            bind_action!(action).execute(&mut *tx).await?;
        });
        Ok(())
    }

    /// The token of this hash, unless it has ended; noted as used, to the hour.
    pub(crate) async fn use_token(&self, hash: &str, now: i64) -> Result<Option<TokenRow>> {
        const HOUR: i64 = 3600;
        let token: Option<TokenRow> = on!(self, pool => sqlx::query_as(
            "select id, person, issuer, name, scopes, made_at, until, used_at from api_token \
             where hash = $1 and (until is null or until > $2)")
            .bind(hash).bind(now).fetch_optional(pool).await)?;
        if let Some(token) = token
            .as_ref()
            .filter(|token| token.used_at.is_none_or(|used| used + HOUR <= now))
        {
            on!(self, pool => sqlx::query("update api_token set used_at = $2 where id = $1")
                .bind(&token.id).bind(now).execute(pool).await.map(drop))?;
        }
        Ok(token)
    }

    /// The tokens of a person, the newest first.
    pub(crate) async fn tokens(&self, person: &str) -> Result<Vec<TokenRow>> {
        on!(self, pool => sqlx::query_as(
            "select id, person, issuer, name, scopes, made_at, until, used_at from api_token \
             where person = $1 order by made_at desc, id")
            .bind(person).fetch_all(pool).await)
    }

    /// Ends a token of a person.
    pub(crate) async fn delete_token(
        &self,
        person: &str,
        id: &str,
        action: &Action<'_>,
    ) -> Result<()> {
        transaction!(self, tx => {
            sqlx::query("delete from idempotency where token in (select id from api_token where id = $1 and person = $2)")
                .bind(id).bind(person).execute(&mut *tx).await?;
            let done = sqlx::query("delete from api_token where id = $1 and person = $2")
                .bind(id).bind(person).execute(&mut *tx).await?.rows_affected();
            if done > 0 {
                bind_action!(action).execute(&mut *tx).await?;
            }
        });
        Ok(())
    }

    /// Takes the place of a request that is to be done once; says whether it was free.
    pub(crate) async fn begin_request(
        &self,
        token: &str,
        key: &str,
        request_hash: &str,
        now: i64,
    ) -> Result<bool> {
        let done = on!(self, pool => sqlx::query(
            "insert into idempotency (token, key, request_hash, made_at, taken_at) values ($1, $2, $3, $4, $4) \
             on conflict (token, key) do nothing")
            .bind(token).bind(key).bind(request_hash).bind(now)
            .execute(pool).await.map(|done| done.rows_affected()))?;
        Ok(done > 0)
    }

    /// Takes the place of a request over from whoever took it then and is gone; says whether nobody
    /// else has.
    pub(crate) async fn take_request(
        &self,
        token: &str,
        key: &str,
        then: i64,
        now: i64,
    ) -> Result<bool> {
        let done = on!(self, pool => sqlx::query(
            "update idempotency set taken_at = $4 where token = $1 and key = $2 and taken_at = $3 and status is null")
            .bind(token).bind(key).bind(then).bind(now)
            .execute(pool).await.map(|done| done.rows_affected()))?;
        Ok(done > 0)
    }

    /// What is known of a request that was begun.
    pub(crate) async fn request(&self, token: &str, key: &str) -> Result<Option<AnswerRow>> {
        on!(self, pool => sqlx::query_as(
            "select request_hash, status, body, location, made_at, taken_at from idempotency where token = $1 and key = $2")
            .bind(token).bind(key).fetch_optional(pool).await)
    }

    /// Keeps the answer of a request, unless another process has taken its place since.
    pub(crate) async fn end_request(
        &self,
        (token, key, taken_at): (&str, &str, i64),
        status: u16,
        body: &[u8],
        location: Option<&str>,
    ) -> Result<()> {
        on!(self, pool => sqlx::query(
            "update idempotency set status = $4, body = $5, location = $6 \
             where token = $1 and key = $2 and taken_at = $3 and status is null")
            .bind(token).bind(key).bind(taken_at).bind(i64::from(status)).bind(body).bind(location)
            .execute(pool).await.map(drop))
    }

    /// Gives the place of a request free that came to nothing, unless another process has taken it.
    pub(crate) async fn forget_request(&self, token: &str, key: &str, taken_at: i64) -> Result<()> {
        on!(self, pool => sqlx::query(
            "delete from idempotency where token = $1 and key = $2 and taken_at = $3 and status is null")
            .bind(token).bind(key).bind(taken_at).execute(pool).await.map(drop))
    }
}
