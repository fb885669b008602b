//! Workshops and their lists of participants.

use sqlx::FromRow;

use super::{Db, Result, on};

/// A workshop, or whatever else people learn at.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct WorkshopRow {
    pub(crate) id: String,
    pub(crate) issuer: String,
    pub(crate) title: String,
    /// `YYYY-MM-DD`.
    pub(crate) starts_on: String,
    pub(crate) ends_on: Option<String>,
    pub(crate) place: Option<String>,
    pub(crate) online: bool,
    pub(crate) organisers: Option<String>,
    pub(crate) event_page: Option<String>,
    /// The number of the event registration on the wiki.
    pub(crate) event_id: Option<i64>,
    /// training, mentoring, consulting, online-learning, peer-support, event, other
    pub(crate) method: String,
    pub(crate) language: String,
    pub(crate) territory: Option<String>,
    pub(crate) made_at: i64,
    pub(crate) made_by: String,
}

/// A row of a workshop's list.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct ParticipantRow {
    pub(crate) id: String,
    pub(crate) workshop: String,
    pub(crate) position: i64,
    /// Where the row stood in what was imported, as JSON.
    pub(crate) place: String,
    /// award, skipped, problem
    pub(crate) outcome: String,
    /// Why not, as JSON.
    pub(crate) reason: Option<String>,
    pub(crate) recipient_key: Option<String>,
    pub(crate) central_id: Option<i64>,
    pub(crate) user_name: Option<String>,
    pub(crate) other_id: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) display_name: Option<String>,
    pub(crate) evidence: Option<String>,
}

impl Db {
    /// The workshop with this id.
    pub(crate) async fn workshop(&self, id: &str) -> Result<Option<WorkshopRow>> {
        on!(self, pool => sqlx::query_as(
            "select id, issuer, title, starts_on, ends_on, place, online, organisers, event_page, event_id, method, \
                language, territory, made_at, made_by from workshop where id = $1")
            .bind(id).fetch_optional(pool).await)
    }

    /// The list of a workshop, in its order.
    pub(crate) async fn participants(&self, workshop: &str) -> Result<Vec<ParticipantRow>> {
        on!(self, pool => sqlx::query_as(
            "select id, workshop, position, place, outcome, reason, recipient_key, central_id, user_name, other_id, \
                email, display_name, evidence from participant where workshop = $1 order by position, id")
            .bind(workshop).fetch_all(pool).await)
    }
}
