//! Status lists: whose badge is where, and what was signed.

use sqlx::{FromRow, QueryBuilder};

use super::{Db, Result, on};

/// A status list.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct StatusListRow {
    pub(crate) did: String,
    pub(crate) number: i64,
    /// `revocation` or `suspension`.
    pub(crate) purpose: String,
    /// How many entries are taken.
    pub(crate) used: i64,
    /// How many times an entry was set or cleared.
    pub(crate) changes: i64,
    /// The signed list, if it was ever asked for.
    pub(crate) text: Option<String>,
    pub(crate) signed_at: Option<i64>,
    /// How many of the changes the signed list tells of.
    pub(crate) signed_changes: Option<i64>,
}

/// The place of an award in a list.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub(crate) struct StatusEntryRow {
    pub(crate) did: String,
    pub(crate) number: i64,
    pub(crate) position: i64,
    pub(crate) award: String,
}

/// Says, inside of a transaction, that an award's entry was set or cleared.
pub(super) const CHANGED: &str = "update status_list set changes = changes + 1 where exists \
     (select 1 from status_entry e where e.award = $1 and e.did = status_list.did and e.number = status_list.number)";

/// Counts entries of a list that are taken, inside of a transaction, and makes the list if it is not
/// there. No row is written when the list is one for another purpose.
pub(super) const TAKE: &str = "insert into status_list (did, number, purpose, used, changes) values ($1, $2, $3, $4, 0) \
     on conflict (did, number) do update set used = status_list.used + $4 where status_list.purpose = $3";

impl Db {
    /// A status list.
    pub(crate) async fn status_list(
        &self,
        did: &str,
        number: i64,
    ) -> Result<Option<StatusListRow>> {
        on!(self, pool => sqlx::query_as(
            "select did, number, purpose, used, changes, text, signed_at, signed_changes from status_list \
             where did = $1 and number = $2")
            .bind(did).bind(number).fetch_optional(pool).await)
    }

    /// All status lists of a DID.
    pub(crate) async fn status_lists(&self, did: &str) -> Result<Vec<StatusListRow>> {
        on!(self, pool => sqlx::query_as(
            "select did, number, purpose, used, changes, text, signed_at, signed_changes from status_list \
             where did = $1 order by number")
            .bind(did).fetch_all(pool).await)
    }

    /// The number of the list that new badges of this purpose go to: the newest unless it is full,
    /// else one that is not there yet.
    pub(crate) async fn open_status_list(
        &self,
        did: &str,
        purpose: &str,
        full: i64,
    ) -> Result<i64> {
        let lists: Vec<(i64, String, i64)> = on!(self, pool => sqlx::query_as(
            "select number, purpose, used from status_list where did = $1 order by number desc")
            .bind(did).fetch_all(pool).await)?;
        let newest = lists
            .iter()
            .find(|(_, other, _)| other == purpose)
            .filter(|(_, _, used)| *used < full);
        Ok(match newest {
            Some((number, _, _)) => *number,
            None => lists.first().map_or(1, |(last, _, _)| last + 1),
        })
    }

    /// Which of these places of a list are taken.
    pub(crate) async fn taken_places(
        &self,
        did: &str,
        number: i64,
        places: &[i64],
    ) -> Result<Vec<i64>> {
        on!(self, pool => {
            let mut query = QueryBuilder::new("select position from status_entry where did = ");
            query.push_bind(did.to_owned()).push(" and number = ").push_bind(number).push(" and position in (");
            let mut list = query.separated(", ");
            for place in places {
                list.push_bind(*place);
            }
            query.push(")");
            query.build_query_scalar().fetch_all(pool).await
        })
    }

    /// The entries of a list that are set: those of awards that do not stand. SQLite begins where a
    /// cross join does, here with those few.
    pub(crate) async fn set_places(&self, did: &str, number: i64) -> Result<Vec<i64>> {
        on!(self, pool => sqlx::query_scalar(
            "select e.position from award cross join status_entry e \
             where award.standing <> 'valid' and e.award = award.id and e.did = $1 and e.number = $2")
            .bind(did).bind(number).fetch_all(pool).await)
    }

    /// How many entries of a list are taken.
    pub(crate) async fn count_entries(&self, did: &str, number: i64) -> Result<i64> {
        on!(self, pool => sqlx::query_scalar("select count(*) from status_entry where did = $1 and number = $2")
            .bind(did).bind(number).fetch_one(pool).await)
    }

    /// The place of an award.
    pub(crate) async fn status_entry(&self, award: &str) -> Result<Option<StatusEntryRow>> {
        on!(self, pool => sqlx::query_as("select did, number, position, award from status_entry where award = $1")
            .bind(award).fetch_optional(pool).await)
    }

    /// Keeps a signed list, unless one that tells of more is there.
    pub(crate) async fn set_signed_list(
        &self,
        list: &StatusListRow,
        text: &str,
        now: i64,
    ) -> Result<()> {
        on!(self, pool => sqlx::query(
            "update status_list set text = $3, signed_at = $4, signed_changes = $5 where did = $1 and number = $2 \
                and (signed_changes is null or signed_changes <= $5)")
            .bind(&list.did).bind(list.number).bind(text).bind(now).bind(list.changes)
            .execute(pool).await.map(drop))
    }
}
