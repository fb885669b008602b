//! What those who run the service ask for: all that may be published, and how much there is.

use super::{AwardRow, Db, Result, on, select_award};

impl Db {
    /// The awards of a DID whose badges anybody may see who has their address, by id: at most `limit`
    /// after one.
    pub(crate) async fn published_awards(
        &self,
        did: &str,
        after: &str,
        limit: i64,
    ) -> Result<Vec<AwardRow>> {
        on!(self, pool => sqlx::query_as(select_award!(
            "where did = $1 and id > $2 and acceptance = 'accepted' and visibility in ('public', 'unlisted') \
             order by id limit $3"))
            .bind(did).bind(after).bind(limit).fetch_all(pool).await)
    }

    /// How many such awards an issuer has, under all of its DIDs.
    pub(crate) async fn count_published(&self, issuer: &str) -> Result<i64> {
        on!(self, pool => sqlx::query_scalar(
            "select count(*) from award \
             where issuer = $1 and acceptance = 'accepted' and visibility in ('public', 'unlisted')")
            .bind(issuer).fetch_one(pool).await)
    }

    /// How much there is of what a check looks at.
    pub(crate) async fn counts(&self) -> Result<Vec<(&'static str, i64)>> {
        let mut counts = Vec::new();
        for (what, query) in [
            ("issuers", "select count(*) from issuer"),
            ("keys", "select count(*) from signing_key"),
            ("awards", "select count(*) from award"),
            ("signed versions", "select count(*) from credential"),
            ("status lists", "select count(*) from status_list"),
            ("status entries", "select count(*) from status_entry"),
            ("pictures", "select count(*) from image"),
        ] {
            counts.push((
                what,
                on!(self, pool => sqlx::query_scalar(query).fetch_one(pool).await)?,
            ));
        }
        Ok(counts)
    }
}
