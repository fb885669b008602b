//! What verifying our own badges needs beside the badges.

use super::{Db, Result, on};

impl Db {
    /// The number of the status list in which an award stands, if it does.
    pub(crate) async fn status_number(&self, award: &str) -> Result<Option<i64>> {
        on!(self, pool => sqlx::query_scalar("select number from status_entry where award = $1")
            .bind(award).fetch_optional(pool).await)
    }

    /// The signed text of a status list.
    pub(crate) async fn status_list_text(&self, did: &str, number: i64) -> Result<Option<String>> {
        let text: Option<Option<String>> = on!(self, pool => sqlx::query_scalar(
            "select text from status_list where did = $1 and number = $2")
            .bind(did).bind(number).fetch_optional(pool).await)?;
        Ok(text.flatten())
    }
}
