//! Who did what, when: rows are only added. People are random ids here, so that erasure need not
//! touch them (decision C8).

use sqlx::FromRow;

use super::{Db, Result, on};

/// What was done.
#[derive(Clone, Debug)]
pub(crate) struct Action<'a> {
    /// When, in seconds since 1970.
    pub(crate) at: i64,
    /// For which issuer, if for one.
    pub(crate) issuer: Option<&'a str>,
    /// Who; nobody when the service itself.
    pub(crate) person: Option<&'a str>,
    /// A verb, such as `award.revoke`.
    pub(crate) action: &'a str,
    /// What it was done to: a table's name and an id.
    pub(crate) noun: &'a str,
    /// The id.
    pub(crate) object: &'a str,
    /// More, as JSON without anything about people.
    pub(crate) detail: Option<String>,
}

/// A row of the log, with the name of who did it, as far as it is still known. What holders do has
/// neither: which account took a badge is not for its issuer to know.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct AuditEntry {
    pub(crate) id: String,
    pub(crate) at: i64,
    pub(crate) person: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) action: String,
    pub(crate) noun: String,
    pub(crate) object: String,
    pub(crate) detail: Option<String>,
    /// What it was done to, as far as the log was asked for it: the id of an award's achievement, and
    /// the name of whom an award is for or of a workshop.
    #[sqlx(default)]
    pub(crate) achievement: Option<String>,
    #[sqlx(default)]
    pub(crate) about: Option<String>,
}

/// What holders do with their badges.
const HOLDERS: [&str; 8] = [
    "award.accept",
    "award.bind",
    "award.change",
    "award.decline",
    "award.end-link",
    "award.erase",
    "award.restore",
    "award.withdraw",
];

impl AuditEntry {
    /// Whether the holder of a badge did it.
    pub(crate) fn is_holders(&self) -> bool {
        HOLDERS.contains(&self.action.as_str())
    }

    fn for_issuer(mut self) -> Self {
        if self.is_holders() {
            (self.person, self.name) = (None, None);
        }
        self
    }
}

/// The statement that adds a row, for transactions that have more to do; bind with [`bind_action`].
pub(super) const INSERT: &str = "insert into audit (id, at, issuer, person, action, noun, object, detail) \
     values ($1, $2, $3, $4, $5, $6, $7, $8)";

/// Binds the values of [`INSERT`].
macro_rules! bind_action {
    ($action:expr) => {
        sqlx::query($crate::db::audit::INSERT)
            .bind($crate::ambient::random_id())
            .bind($action.at)
            .bind($action.issuer)
            .bind($action.person)
            .bind($action.action)
            .bind($action.noun)
            .bind($action.object)
            .bind($action.detail.clone())
    };
}
pub(crate) use bind_action;

impl Db {
    /// Adds a row.
    pub(crate) async fn log(&self, action: &Action<'_>) -> Result<()> {
        on!(self, pool => bind_action!(action).execute(pool).await.map(drop))
    }

    /// What was done to one thing, the oldest first.
    pub(crate) async fn history(&self, noun: &str, object: &str) -> Result<Vec<AuditEntry>> {
        let rows: Vec<AuditEntry> = on!(self, pool => sqlx::query_as(
            "select audit.id, audit.at, audit.person, coalesce(detail.display_name, detail.user_name) as name, \
                audit.action, audit.noun, audit.object, audit.detail \
             from audit left join person_detail detail on detail.person = audit.person \
             where audit.noun = $1 and audit.object = $2 order by audit.at, audit.id")
            .bind(noun).bind(object).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(AuditEntry::for_issuer).collect())
    }

    /// The log of an issuer, the newest first: at most `limit` rows that are older than a row.
    pub(crate) async fn audit(
        &self,
        issuer: &str,
        before: Option<(i64, &str)>,
        limit: i64,
    ) -> Result<Vec<AuditEntry>> {
        let (at, id) = before.unwrap_or((i64::MAX, ""));
        let rows: Vec<AuditEntry> = on!(self, pool => sqlx::query_as(
            "select audit.id, audit.at, audit.person, coalesce(detail.display_name, detail.user_name) as name, \
                audit.action, audit.noun, audit.object, audit.detail, award.achievement, \
                coalesce(recipient.user_name, recipient.display_name, recipient.other_id, workshop.title) as about \
             from audit left join award on audit.noun = 'award' and award.id = audit.object \
                left join recipient on recipient.award = award.id \
                left join workshop on audit.noun = 'workshop' and workshop.id = audit.object \
                left join person on person.id = audit.person \
                left join person_detail detail on detail.person = coalesce(person.merged_into, audit.person) \
             where audit.issuer = $1 and (audit.at < $2 or (audit.at = $2 and audit.id < $3)) \
             order by audit.at desc, audit.id desc limit $4")
            .bind(issuer).bind(at).bind(id).bind(limit).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(AuditEntry::for_issuer).collect())
    }
}
