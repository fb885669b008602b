//! Work in the background. A process claims a job for a while, and whoever holds it writes what it
//! has made a chunk at a time: all of a chunk, or nothing.

use serde::{Deserialize, Serialize};
use sqlx::{FromRow, QueryBuilder};

use super::awards::{
    INSERT_AWARD, INSERT_CREDENTIAL, INSERT_RECIPIENT, RESOLVE_RECIPIENT, push_award,
    push_credential, push_recipient,
};
use super::participants::{Awarded, digest};
use super::{
    Action, AwardRow, CredentialRow, Db, ParticipantRow, RecipientRow, Result, VersionRow,
    audit::bind_action, is_race, is_taken, on, status, transaction,
};

/// Awarding everybody on a workshop's list.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct JobRow {
    pub(crate) id: String,
    pub(crate) issuer: String,
    pub(crate) workshop: String,
    pub(crate) achievement: String,
    pub(crate) version: i64,
    /// Given by the form or the request: the same one again is the same job.
    pub(crate) request: String,
    pub(crate) person: String,
    pub(crate) awarded_at: i64,
    /// Whether those get a badge who have one.
    pub(crate) again: bool,
    /// `waiting` or `done`.
    pub(crate) state: String,
    pub(crate) total: i64,
    /// The kind of what stopped the work last; nothing while it goes on.
    pub(crate) error: Option<String>,
    pub(crate) made_at: i64,
    pub(crate) ended_at: Option<i64>,
}

/// What somebody looked at before awarding it, as far as they say: nothing else is awarded then.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// The version of the achievement.
    pub(crate) version: Option<i64>,
    /// The digest of what that version says.
    pub(crate) text: Option<String>,
    /// The digest of the list.
    pub(crate) list: Option<String>,
}

/// How far a job is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    /// Rows that are still to be looked at.
    pub(crate) waiting: i64,
    /// Badges that were made.
    pub(crate) done: i64,
    /// People who have the badge already.
    pub(crate) had: i64,
    /// Rows of which no badge can be made.
    pub(crate) refused: i64,
}

/// What became of a row.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct JobRowRow {
    pub(crate) participant: String,
    pub(crate) position: i64,
    pub(crate) user_name: Option<String>,
    pub(crate) display_name: Option<String>,
    /// `waiting`, `done`, `had` or `refused`.
    pub(crate) state: String,
    /// Why it was refused: a [`Refusal`] as JSON.
    pub(crate) reason: Option<String>,
    /// The award that was made, or that the person had.
    pub(crate) award: Option<String>,
}

/// Why no badge was made for a row. It is said where it is shown, in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(tag = "id", rename_all = "kebab-case")]
pub(crate) enum Refusal {
    /// The row names nobody.
    Nobody,
    /// What it says makes no badge.
    NoBadge {
        /// What the library says to that, in English.
        cause: String,
    },
    /// Something that is there already stands in its way, however often it is tried.
    InTheWay,
}

impl Refusal {
    fn json(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }
}

impl JobRowRow {
    /// Why it was refused, if it was.
    pub(crate) fn refusal(&self) -> Option<Refusal> {
        serde_json::from_str(self.reason.as_deref()?).ok()
    }
}

/// A badge that was signed, with all rows that belong to it.
#[derive(Clone, Debug)]
pub(crate) struct Signed {
    pub(crate) award: AwardRow,
    pub(crate) recipient: RecipientRow,
    pub(crate) credential: CredentialRow,
    /// The place in the status list.
    pub(crate) position: Option<i64>,
}

/// What a chunk's rows come to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chunk {
    /// The multikey that signed.
    pub(crate) multikey: String,
    /// The list that the new badges are on: its DID, number and purpose.
    pub(crate) list: Option<(String, i64, &'static str)>,
    /// New badges, by participant.
    pub(crate) signed: Vec<(String, Signed)>,
    /// Participants who have the badge already, with their awards.
    pub(crate) had: Vec<(String, String)>,
    /// Participants for whom none can be made, and why.
    pub(crate) refused: Vec<(String, Refusal)>,
    /// What has become known of people who have the badge already: the award, the new key, the
    /// account's number and its name.
    pub(crate) known: Vec<(String, String, Option<i64>, Option<String>)>,
}

impl Chunk {
    /// Rows of which no badge can be made, all for the same reason.
    pub(crate) fn refused(rows: Vec<ParticipantRow>, why: &Refusal) -> Self {
        let refused = |row: ParticipantRow| (row.id, why.clone());
        Self {
            refused: rows.into_iter().map(refused).collect(),
            ..Self::default()
        }
    }
}

/// What came of writing a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// It stands.
    All,
    /// Somebody else changed what it rests on; look again.
    Nothing,
    /// Another process has the job.
    Lost,
}

/// Selects a [`JobRow`].
macro_rules! select_job {
    ($rest:literal) => {
        concat!(
            "select job.id, job.issuer, job.workshop, job.achievement, job.version, job.request, job.person, \
                job.awarded_at, job.again, job.state, job.total, job.error, job.made_at, job.ended_at from job ",
            $rest
        )
    };
}

impl Db {
    /// Adds a job for everybody on the workshop's list who is to be awarded, with the newest version of
    /// the achievement, unless there is one of this request: whichever there is then. There is none when
    /// something else was looked at.
    pub(crate) async fn insert_job(&self, job: &JobRow, seen: &Seen) -> Result<Option<JobRow>> {
        match self.try_insert_job(job, seen).await {
            Err(error) if is_taken(&error) => {}
            Ok(false) => return Ok(None),
            inserted => drop(inserted?),
        }
        on!(self, pool => sqlx::query_as(select_job!("where request = $1"))
            .bind(&job.request).fetch_one(pool).await.map(Some))
    }

    async fn try_insert_job(&self, job: &JobRow, seen: &Seen) -> Result<bool> {
        transaction!(self, tx => {
            // Whoever changes the achievement has done so, or makes a new version.
            let version: i64 = sqlx::query_scalar("update achievement set version = version where id = $1 returning version")
                .bind(&job.achievement).fetch_one(&mut *tx).await?;
            sqlx::query(
                "insert into job (id, issuer, workshop, achievement, version, request, person, awarded_at, again, \
                    state, total, made_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'waiting', 0, $10)")
                .bind(&job.id).bind(&job.issuer).bind(&job.workshop).bind(&job.achievement).bind(version)
                .bind(&job.request).bind(&job.person).bind(job.awarded_at).bind(job.again).bind(job.made_at)
                .execute(&mut *tx).await?;
            sqlx::query(
                "insert into job_row (job, participant, position, state) \
                 select $1, id, position, 'waiting' from participant where workshop = $2 and outcome = 'award'")
                .bind(&job.id).bind(&job.workshop).execute(&mut *tx).await?;
            let list: Vec<Awarded> = sqlx::query_as(
                "select p.id, p.recipient_key, p.evidence from job_row r join participant p on p.id = r.participant \
                 where r.job = $1 order by p.position, p.id")
                .bind(&job.id).fetch_all(&mut *tx).await?;
            let newest: VersionRow = sqlx::query_as(
                "select achievement, version, name, document, image, validity, suspendable, made_at \
                 from achievement_version where achievement = $1 and version = $2")
                .bind(&job.achievement).bind(version).fetch_one(&mut *tx).await?;
            if seen.version.is_some_and(|seen| seen != version)
                || seen.text.as_ref().is_some_and(|seen| *seen != newest.digest())
                || seen.list.as_ref().is_some_and(|seen| *seen != digest(&list))
            {
                return Ok(false);
            }
            sqlx::query("update job set total = (select count(*) from job_row where job = $1) where id = $1")
                .bind(&job.id).execute(&mut *tx).await?;
            let action = Action {
                at: job.made_at, issuer: Some(&job.issuer), person: Some(&job.person), action: "job.start",
                noun: "job", object: &job.id, detail: None,
            };
            bind_action!(action).execute(&mut *tx).await?;
        });
        Ok(true)
    }

    /// The job with this id.
    pub(crate) async fn job(&self, id: &str) -> Result<Option<JobRow>> {
        on!(self, pool => sqlx::query_as(select_job!("where id = $1")).bind(id).fetch_optional(pool).await)
    }

    /// The jobs of a workshop, the newest first.
    pub(crate) async fn jobs(&self, workshop: &str) -> Result<Vec<JobRow>> {
        on!(self, pool => sqlx::query_as(select_job!("where workshop = $1 order by made_at desc, id"))
            .bind(workshop).fetch_all(pool).await)
    }

    /// How far a job is.
    pub(crate) async fn progress(&self, job: &str) -> Result<Progress> {
        let counts: Vec<(String, i64)> = on!(self, pool => sqlx::query_as(
            "select state, count(*) from job_row where job = $1 group by state")
            .bind(job).fetch_all(pool).await)?;
        let mut progress = Progress::default();
        for (state, count) in counts {
            match state.as_str() {
                "done" => progress.done = count,
                "had" => progress.had = count,
                "refused" => progress.refused = count,
                _ => progress.waiting += count,
            }
        }
        Ok(progress)
    }

    /// The rows of a job in one state, in their order: at most `limit` from a position on.
    pub(crate) async fn job_rows(
        &self,
        job: &str,
        state: &str,
        from: i64,
        limit: i64,
    ) -> Result<Vec<JobRowRow>> {
        on!(self, pool => sqlx::query_as(
            "select r.participant, r.position, p.user_name, p.display_name, r.state, r.reason, r.award \
             from job_row r join participant p on p.id = r.participant \
             where r.job = $1 and r.state = $2 and r.position >= $3 order by r.position, r.participant limit $4")
            .bind(job).bind(state).bind(from).bind(limit).fetch_all(pool).await)
    }

    /// The rows of a job, or those in one state, in their order: at most `limit` that stand after one
    /// of them.
    pub(crate) async fn job_rows_after(
        &self,
        job: &str,
        state: Option<&str>,
        after: Option<(i64, &str)>,
        limit: i64,
    ) -> Result<Vec<JobRowRow>> {
        let (position, participant) = after.unwrap_or((i64::MIN, ""));
        on!(self, pool => sqlx::query_as(
            "select r.participant, r.position, p.user_name, p.display_name, r.state, r.reason, r.award \
             from job_row r join participant p on p.id = r.participant \
             where r.job = $1 and (cast($2 as text) is null or r.state = $2) \
                and (r.position > $3 or (r.position = $3 and r.participant > $4)) \
             order by r.position, r.participant limit $5")
            .bind(job).bind(state).bind(position).bind(participant).bind(limit).fetch_all(pool).await)
    }

    /// Claims the oldest job that waits and nobody is at, until a moment.
    pub(crate) async fn claim_job(
        &self,
        holder: &str,
        now: i64,
        until: i64,
    ) -> Result<Option<JobRow>> {
        let id: Option<String> = on!(self, pool => sqlx::query_scalar(
            "update job set claimed_by = $1, claimed_until = $3 \
             where id = (select id from job where state = 'waiting' and (claimed_until is null or claimed_until <= $2) \
                    order by made_at, id limit 1) \
                and (claimed_until is null or claimed_until <= $2) returning id")
            .bind(holder).bind(now).bind(until).fetch_optional(pool).await)?;
        match id {
            Some(id) => self.job(&id).await,
            None => Ok(None),
        }
    }

    /// Says what stopped the work on a job.
    pub(crate) async fn stop_job(&self, job: &str, holder: &str, error: &str) -> Result<()> {
        on!(self, pool => sqlx::query("update job set error = $3 where id = $1 and claimed_by = $2 and state = 'waiting'")
            .bind(job).bind(holder).bind(error).execute(pool).await.map(drop))
    }

    /// Gives a job back, so that others can go on with it at once.
    pub(crate) async fn release_job(&self, job: &str, holder: &str) -> Result<()> {
        on!(self, pool => sqlx::query("update job set claimed_until = null where id = $1 and claimed_by = $2")
            .bind(job).bind(holder).execute(pool).await.map(drop))
    }

    /// Those of a job who wait, in their order.
    pub(crate) async fn waiting(&self, job: &str, limit: i64) -> Result<Vec<ParticipantRow>> {
        on!(self, pool => sqlx::query_as(
            "select p.id, p.workshop, p.position, p.place, p.outcome, p.reason, p.source, p.recipient_key, p.central_id, \
                p.user_name, p.account, p.other_id, p.email, p.display_name, p.evidence \
             from job_row r join participant p on p.id = r.participant \
             where r.job = $1 and r.state = 'waiting' order by r.position, r.participant limit $2")
            .bind(job).bind(limit).fetch_all(pool).await)
    }

    /// Whom an achievement was awarded to among those who are known by one of these keys or names.
    pub(crate) async fn recipients_like(
        &self,
        achievement: &str,
        keys: &[String],
        names: &[String],
    ) -> Result<Vec<RecipientRow>> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        on!(self, pool => {
            let mut query = QueryBuilder::new(
                "select award, achievement, recipient_key, renewal, central_id, user_name, display_name, other_id, \
                    evidence, salt from recipient where achievement = ");
            query.push_bind(achievement.to_owned()).push(" and (recipient_key in (");
            let mut list = query.separated(", ");
            for key in keys {
                list.push_bind(key.clone());
            }
            query.push(")");
            if !names.is_empty() {
                query.push(" or user_name in (");
                let mut list = query.separated(", ");
                for name in names {
                    list.push_bind(name.clone());
                }
                query.push(")");
            }
            query.push(")");
            query.build_query_as().fetch_all(pool).await
        })
    }

    /// Which of these awards a job has made.
    pub(crate) async fn awards_of_job(&self, job: &str, awards: &[String]) -> Result<Vec<String>> {
        if awards.is_empty() {
            return Ok(Vec::new());
        }
        on!(self, pool => {
            let mut query = QueryBuilder::new("select award from job_row where state = 'done' and job = ");
            query.push_bind(job.to_owned()).push(" and award in (");
            let mut list = query.separated(", ");
            for award in awards {
                list.push_bind(award.clone());
            }
            query.push(")");
            query.build_query_scalar().fetch_all(pool).await
        })
    }

    /// Writes what a chunk's rows have come to, and keeps the job claimed until a moment.
    pub(crate) async fn write_chunk(
        &self,
        job: &str,
        holder: &str,
        until: i64,
        chunk: &Chunk,
    ) -> Result<Written> {
        match self.try_write_chunk(job, holder, until, chunk).await {
            // Another job has awarded one of these people, or taken one of these places.
            Err(error) if is_race(&error) => Ok(Written::Nothing),
            written => written,
        }
    }

    async fn try_write_chunk(
        &self,
        job: &str,
        holder: &str,
        until: i64,
        chunk: &Chunk,
    ) -> Result<Written> {
        let signed = || chunk.signed.iter().map(|(_, signed)| signed);
        transaction!(self, tx => {
            let held = sqlx::query("update job set claimed_until = $3, error = null where id = $1 and claimed_by = $2 and state = 'waiting'")
                .bind(job).bind(holder).bind(until).execute(&mut *tx).await?.rows_affected();
            if held == 0 {
                return Ok(Written::Lost);
            }
            if !chunk.signed.is_empty() {
                let key: Option<String> = sqlx::query_scalar("select state from signing_key where multikey = $1")
                    .bind(&chunk.multikey).fetch_optional(&mut *tx).await?;
                if key.as_deref() != Some("active") {
                    return Ok(Written::Nothing);
                }
                if let Some((did, number, purpose)) = &chunk.list {
                    let count = i64::try_from(chunk.signed.len()).unwrap_or(i64::MAX);
                    let taken = sqlx::query(status::TAKE)
                        .bind(did).bind(*number).bind(*purpose).bind(count).execute(&mut *tx).await?.rows_affected();
                    if taken == 0 {
                        return Ok(Written::Nothing);
                    }
                }
                QueryBuilder::new(INSERT_AWARD)
                    .push_values(signed(), |mut row, signed| push_award!(row, signed.award))
                    .build().execute(&mut *tx).await?;
                QueryBuilder::new(INSERT_RECIPIENT)
                    .push_values(signed(), |mut row, signed| push_recipient!(row, signed.recipient))
                    .build().execute(&mut *tx).await?;
                QueryBuilder::new(INSERT_CREDENTIAL)
                    .push_values(signed(), |mut row, signed| push_credential!(row, signed.credential))
                    .build().execute(&mut *tx).await?;
                if let Some((did, number, _)) = &chunk.list {
                    QueryBuilder::new("insert into status_entry (did, number, position, award) ")
                        .push_values(signed(), |mut row, signed| {
                            row.push_bind(did.clone()).push_bind(*number).push_bind(signed.position)
                                .push_bind(signed.award.id.clone());
                        })
                        .build().execute(&mut *tx).await?;
                }
            }
            for (award, key, central_id, user_name) in &chunk.known {
                sqlx::query(RESOLVE_RECIPIENT)
                    .bind(award).bind(key).bind(*central_id).bind(user_name).execute(&mut *tx).await?;
            }
            // Both databases call the columns of `values` so.
            let mut rows = QueryBuilder::new(
                "update job_row set state = fate.column2, award = fate.column3, reason = fate.column4 from (");
            let fates = chunk.signed.iter().map(|(participant, signed)| (participant, "done", Some(&signed.award.id), None))
                .chain(chunk.had.iter().map(|(participant, award)| (participant, "had", Some(award), None)))
                .chain(chunk.refused.iter().map(|(participant, why)| (participant, "refused", None, why.json())));
            let mut count = 0;
            rows.push_values(fates, |mut row, (participant, state, award, reason)| {
                count += 1;
                row.push_bind(participant.clone()).push_bind(state).push_bind(award.cloned()).push_bind(reason);
            });
            rows.push(") as fate where job_row.participant = fate.column1 and job_row.state = 'waiting' and job_row.job = ")
                .push_bind(job.to_owned());
            if rows.build().execute(&mut *tx).await?.rows_affected() != count {
                // Somebody was erased meanwhile.
                return Ok(Written::Nothing);
            }
        });
        Ok(Written::All)
    }

    /// Ends a job of which no row waits any more.
    pub(crate) async fn end_job(&self, job: &JobRow, holder: &str, now: i64) -> Result<()> {
        let progress = self.progress(&job.id).await?;
        let detail = serde_json::json!({ "done": progress.done, "had": progress.had, "refused": progress.refused });
        transaction!(self, tx => {
            let ended = sqlx::query(
                "update job set state = 'done', ended_at = $3, claimed_until = null, error = null \
                 where id = $1 and claimed_by = $2 and state = 'waiting'")
                .bind(&job.id).bind(holder).bind(now).execute(&mut *tx).await?.rows_affected();
            if ended > 0 {
                let action = Action {
                    at: now, issuer: Some(&job.issuer), person: None, action: "job.end",
                    noun: "job", object: &job.id, detail: Some(detail.to_string()),
                };
                bind_action!(action).execute(&mut *tx).await?;
            }
        });
        Ok(())
    }
}
