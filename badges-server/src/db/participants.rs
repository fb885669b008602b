//! Who took part in a workshop: its list, before and after anything is offered.

use sqlx::FromRow;

use super::awards::RESOLVE_RECIPIENT;
use super::{Action, Db, Result, audit::bind_action, on, transaction};
use crate::secret;

/// A row of a workshop's list.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
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
    /// Of a row with a problem: its cells, and how the list was read, as JSON.
    pub(crate) source: Option<String>,
    pub(crate) recipient_key: Option<String>,
    pub(crate) central_id: Option<i64>,
    pub(crate) user_name: Option<String>,
    /// What the wiki says of the name: found, missing, locked; unknown while it was not asked; none where
    /// there is no name to ask for.
    pub(crate) account: String,
    pub(crate) other_id: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) display_name: Option<String>,
    pub(crate) evidence: Option<String>,
}

/// How many rows of a list are what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ListCounts {
    pub(crate) awards: i64,
    pub(crate) skipped: i64,
    pub(crate) problems: i64,
    /// Of those to be awarded: names about which the wiki was not asked, or did not answer.
    pub(crate) unknown: i64,
    /// Of those to be awarded: names that the wiki does not know, or that nobody can sign in with.
    pub(crate) without_account: i64,
}

impl ListCounts {
    /// How many rows there are.
    pub(crate) const fn all(&self) -> i64 {
        self.awards + self.skipped + self.problems
    }
}

/// A row that is to be awarded, as far as it is looked at before: its id, the person's key, the evidence.
pub(super) type Awarded = (String, Option<String>, Option<String>);

/// A digest of rows in their order.
pub(super) fn digest(rows: &[Awarded]) -> String {
    secret::hash(&format!("{rows:?}"))
}

/// A person of a list who has a badge of an achievement.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub(crate) struct HolderRow {
    pub(crate) participant: String,
    pub(crate) award: String,
    pub(crate) awarded_at: i64,
    pub(crate) acceptance: String,
    pub(crate) standing: String,
}

/// What changes in a list, all or nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct ListChange<'a> {
    /// Whether the rows that nothing was offered for go before the others come.
    pub(crate) anew: bool,
    pub(crate) insert: &'a [ParticipantRow],
    pub(crate) update: &'a [ParticipantRow],
    /// Rows to delete; one that something was offered for stays.
    pub(crate) delete: &'a [String],
}

impl Db {
    /// The list of a workshop, in its order.
    pub(crate) async fn participants(&self, workshop: &str) -> Result<Vec<ParticipantRow>> {
        on!(self, pool => sqlx::query_as(
            "select id, workshop, position, place, outcome, reason, source, recipient_key, central_id, user_name, \
                account, other_id, email, display_name, evidence \
             from participant where workshop = $1 order by position, id")
            .bind(workshop).fetch_all(pool).await)
    }

    /// A row of a list.
    pub(crate) async fn participant(
        &self,
        workshop: &str,
        id: &str,
    ) -> Result<Option<ParticipantRow>> {
        on!(self, pool => sqlx::query_as(
            "select id, workshop, position, place, outcome, reason, source, recipient_key, central_id, user_name, \
                account, other_id, email, display_name, evidence \
             from participant where workshop = $1 and id = $2")
            .bind(workshop).bind(id).fetch_optional(pool).await)
    }

    /// The last row that is to be awarded, stood at this place in what was imported, and comes before
    /// another row in the list.
    pub(crate) async fn participant_at(
        &self,
        workshop: &str,
        place: &str,
        before: i64,
    ) -> Result<Option<ParticipantRow>> {
        on!(self, pool => sqlx::query_as(
            "select id, workshop, position, place, outcome, reason, source, recipient_key, central_id, user_name, \
                account, other_id, email, display_name, evidence \
             from participant where workshop = $1 and place = $2 and position < $3 and outcome = 'award' \
             order by position desc limit 1")
            .bind(workshop).bind(place).bind(before).fetch_optional(pool).await)
    }

    /// Rows of a list in its order: at most `limit` that stand after one of them.
    pub(crate) async fn participants_after(
        &self,
        workshop: &str,
        after: Option<(i64, &str)>,
        limit: i64,
    ) -> Result<Vec<ParticipantRow>> {
        let (position, id) = after.unwrap_or((i64::MIN, ""));
        on!(self, pool => sqlx::query_as(
            "select id, workshop, position, place, outcome, reason, source, recipient_key, central_id, user_name, \
                account, other_id, email, display_name, evidence \
             from participant where workshop = $1 and (position > $2 or (position = $2 and id > $3)) \
             order by position, id limit $4")
            .bind(workshop).bind(position).bind(id).bind(limit).fetch_all(pool).await)
    }

    /// Some rows of a list: first those with problems, then those to be awarded, then the others.
    pub(crate) async fn participants_page(
        &self,
        workshop: &str,
        skip: i64,
        limit: i64,
    ) -> Result<Vec<ParticipantRow>> {
        on!(self, pool => sqlx::query_as(
            "select id, workshop, position, place, outcome, reason, source, recipient_key, central_id, user_name, \
                account, other_id, email, display_name, evidence \
             from participant where workshop = $1 \
             order by case outcome when 'problem' then 0 when 'award' then 1 else 2 end, position, id \
             limit $2 offset $3")
            .bind(workshop).bind(limit).bind(skip).fetch_all(pool).await)
    }

    /// A digest of whom a list is about: another one as soon as somebody else would be awarded, or
    /// somebody for something else.
    pub(crate) async fn list_digest(&self, workshop: &str) -> Result<String> {
        let rows: Vec<Awarded> = on!(self, pool => sqlx::query_as(
            "select id, recipient_key, evidence from participant where workshop = $1 and outcome = 'award' \
             order by position, id")
            .bind(workshop).fetch_all(pool).await)?;
        Ok(digest(&rows))
    }

    /// How many rows of a list are what.
    pub(crate) async fn list_counts(&self, workshop: &str) -> Result<ListCounts> {
        let rows: Vec<(String, String, i64)> = on!(self, pool => sqlx::query_as(
            "select outcome, account, count(*) from participant where workshop = $1 group by outcome, account")
            .bind(workshop).fetch_all(pool).await)?;
        let mut counts = ListCounts::default();
        for (outcome, account, number) in rows {
            match (outcome.as_str(), account.as_str()) {
                ("award", "unknown") => {
                    (counts.awards, counts.unknown) =
                        (counts.awards + number, counts.unknown + number)
                }
                ("award", "missing" | "locked") => {
                    (counts.awards, counts.without_account) =
                        (counts.awards + number, counts.without_account + number);
                }
                ("award", _) => counts.awards += number,
                ("problem", _) => counts.problems += number,
                _ => counts.skipped += number,
            }
        }
        Ok(counts)
    }

    /// The rows of a list for which something was offered or is about to be.
    pub(crate) async fn offered_participants(&self, workshop: &str) -> Result<Vec<String>> {
        on!(self, pool => sqlx::query_scalar(
            "select distinct job_row.participant from job_row join job on job.id = job_row.job where job.workshop = $1")
            .bind(workshop).fetch_all(pool).await)
    }

    /// Those of a list who have a badge of an achievement, with the last that each got. People are the
    /// same as in awarding: by the account's number, else by the user name, else by the key.
    pub(crate) async fn holders(
        &self,
        workshop: &str,
        achievement: &str,
    ) -> Result<Vec<HolderRow>> {
        let rows: Vec<HolderRow> = on!(self, pool => sqlx::query_as(
            "select known.participant, award.id as award, award.awarded_at, award.acceptance, award.standing from ( \
                select p.id as participant, r.award, r.renewal from participant p join recipient r \
                    on r.achievement = $2 and r.recipient_key = p.recipient_key \
                    where p.workshop = $1 and p.outcome = 'award' \
                union select p.id, r.award, r.renewal from participant p join recipient r \
                    on r.achievement = $2 and r.user_name = p.user_name and (r.central_id is null or p.central_id is null) \
                    where p.workshop = $1 and p.outcome = 'award' \
             ) known join award on award.id = known.award order by known.participant, known.renewal")
            .bind(workshop).bind(achievement).fetch_all(pool).await)?;
        let mut last: Vec<HolderRow> = Vec::new();
        for row in rows {
            match last.last_mut() {
                Some(before) if before.participant == row.participant => *before = row,
                _ => last.push(row),
            }
        }
        Ok(last)
    }

    /// Changes a list. Of two rows for the same person, the one that is there stays.
    pub(crate) async fn change_list(
        &self,
        workshop: &str,
        change: &ListChange<'_>,
        action: &Action<'_>,
    ) -> Result<()> {
        transaction!(self, tx => {
            bind_action!(action).execute(&mut *tx).await?;
            if change.anew {
                sqlx::query(
                    "delete from participant where workshop = $1 \
                     and not exists (select 1 from job_row where job_row.participant = participant.id)")
                    .bind(workshop).execute(&mut *tx).await?;
            }
            for id in change.delete {
                sqlx::query(
                    "delete from participant where workshop = $1 and id = $2 \
                     and not exists (select 1 from job_row where job_row.participant = participant.id)")
                    .bind(workshop).bind(id).execute(&mut *tx).await?;
            }
            for row in change.update {
                sqlx::query(
                    "update participant set outcome = $3, reason = $4, source = $5, recipient_key = $6, central_id = $7, \
                        user_name = $8, account = $9, other_id = $10, email = $11, display_name = $12, evidence = $13 \
                     where workshop = $1 and id = $2")
                    .bind(workshop).bind(&row.id)
                    .bind(&row.outcome).bind(&row.reason).bind(&row.source).bind(&row.recipient_key).bind(row.central_id)
                    .bind(&row.user_name).bind(&row.account).bind(&row.other_id).bind(&row.email)
                    .bind(&row.display_name).bind(&row.evidence)
                    .execute(&mut *tx).await?;
                // What was offered to the person is on offer to the account from now on. Whoever has
                // claimed it proved more than the name.
                if row.central_id.is_some() {
                    let offered: Vec<String> = sqlx::query_scalar(
                        "select recipient.award from recipient join award on award.id = recipient.award \
                         where recipient.central_id is null and award.person is null \
                            and award.acceptance in ('offered', 'declined') \
                            and recipient.award in (select award from job_row where participant = $1) \
                         order by recipient.award")
                        .bind(&row.id).fetch_all(&mut *tx).await?;
                    for award in offered {
                        sqlx::query(RESOLVE_RECIPIENT)
                            .bind(&award).bind(&row.recipient_key).bind(row.central_id).bind(&row.user_name)
                            .execute(&mut *tx).await?;
                    }
                }
            }
            let last: Option<i64> = sqlx::query_scalar("select max(position) from participant where workshop = $1")
                .bind(workshop).fetch_one(&mut *tx).await?;
            for (position, row) in (last.unwrap_or(0) + 1..).zip(change.insert) {
                sqlx::query(
                    "insert into participant (id, workshop, position, place, outcome, reason, source, recipient_key, \
                        central_id, user_name, account, other_id, email, display_name, evidence) \
                     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
                     on conflict (workshop, recipient_key) do nothing")
                    .bind(&row.id).bind(workshop).bind(position).bind(&row.place).bind(&row.outcome)
                    .bind(&row.reason).bind(&row.source).bind(&row.recipient_key)
                    .bind(row.central_id).bind(&row.user_name).bind(&row.account).bind(&row.other_id)
                    .bind(&row.email).bind(&row.display_name).bind(&row.evidence)
                    .execute(&mut *tx).await?;
            }
        });
        Ok(())
    }
}
