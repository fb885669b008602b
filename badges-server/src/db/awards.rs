//! Awards: what became of each, for whom, and the signed texts.

use sqlx::{FromRow, QueryBuilder};

use super::{Action, Db, Result, audit::bind_action, is_race, on, status, transaction};

/// An award. The states are texts of the columns' comments in the migration.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub(crate) struct AwardRow {
    pub(crate) id: String,
    pub(crate) token: String,
    pub(crate) issuer: String,
    pub(crate) did: String,
    pub(crate) achievement: String,
    pub(crate) version: i64,
    pub(crate) workshop: Option<String>,
    pub(crate) person: Option<String>,
    pub(crate) credential_id: String,
    pub(crate) subject: String,
    pub(crate) acceptance: String,
    pub(crate) visibility: String,
    pub(crate) named: String,
    pub(crate) standing: String,
    pub(crate) standing_at: Option<i64>,
    pub(crate) reason: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) supersedes: Option<String>,
    pub(crate) superseded_by: Option<String>,
    pub(crate) awarded_at: i64,
    pub(crate) valid_until: Option<i64>,
    pub(crate) accepted_at: Option<i64>,
    pub(crate) claim_renewal: i64,
    pub(crate) claim_hash: Option<String>,
    pub(crate) claim_until: Option<i64>,
    pub(crate) holder_hash: Option<String>,
    pub(crate) made_by: String,
    pub(crate) made_at: i64,
}

/// Whom an award is for, as far as the trainer knew; gone after erasure.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct RecipientRow {
    pub(crate) award: String,
    pub(crate) achievement: String,
    pub(crate) recipient_key: String,
    pub(crate) renewal: i64,
    pub(crate) central_id: Option<i64>,
    pub(crate) user_name: Option<String>,
    pub(crate) display_name: Option<String>,
    pub(crate) other_id: Option<String>,
    pub(crate) evidence: Option<String>,
    pub(crate) salt: Option<String>,
}

/// A signed text of an award.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct CredentialRow {
    pub(crate) award: String,
    pub(crate) version: i64,
    pub(crate) text: String,
    pub(crate) multikey: String,
    pub(crate) valid_from: i64,
}

/// An award and whom it is for, as far as that is still known.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct AwardFor {
    #[sqlx(flatten)]
    pub(crate) award: AwardRow,
    pub(crate) user_name: Option<String>,
    pub(crate) display_name: Option<String>,
    pub(crate) central_id: Option<i64>,
    pub(crate) other_id: Option<String>,
}

/// Which awards of an issuer are looked for; everything that is not said may be anything.
#[derive(Clone, Debug, Default)]
pub(crate) struct AwardFilter {
    pub(crate) achievement: Option<String>,
    pub(crate) workshop: Option<String>,
    pub(crate) acceptance: Option<String>,
    pub(crate) standing: Option<String>,
    /// What became of it: erased and corrected awards are revoked, and not among the revoked here.
    pub(crate) state: Option<String>,
    /// A part of a user name or of a name that was given.
    pub(crate) name: Option<String>,
}

/// How an award is to become another: all or nothing, and only if it is still as it was.
#[derive(Clone, Debug)]
pub(crate) struct Change<'a> {
    pub(crate) before: &'a AwardRow,
    pub(crate) after: &'a AwardRow,
    /// A new version of the badge.
    pub(crate) credential: Option<&'a CredentialRow>,
    /// The salt that the holder gets, or that there is none any more.
    pub(crate) salt: Option<Option<&'a str>>,
    pub(crate) action: Action<'a>,
}

/// A badge that takes another one's place.
#[derive(Clone, Debug)]
pub(crate) struct Successor<'a> {
    pub(crate) change: Change<'a>,
    pub(crate) award: &'a AwardRow,
    pub(crate) recipient: &'a RecipientRow,
    pub(crate) credential: &'a CredentialRow,
    /// Its place: DID, number of the list, purpose, position.
    pub(crate) place: Option<(&'a str, i64, &'a str, i64)>,
}

/// Selects an [`AwardRow`]; sqlx takes only whole statements, so what follows is added here.
macro_rules! select_award {
    ($rest:literal) => {
        concat!(
            "select ",
            $crate::db::awards::award_columns!(),
            " from award ",
            $rest
        )
    };
}

/// The columns of an [`AwardRow`].
macro_rules! award_columns {
    () => {
        "award.id, award.token, award.issuer, award.did, award.achievement, award.version, award.workshop, \
            award.person, award.credential_id, award.subject, award.acceptance, award.visibility, award.named, \
            award.standing, award.standing_at, award.reason, award.note, award.supersedes, award.superseded_by, \
            award.awarded_at, award.valid_until, award.accepted_at, award.claim_renewal, award.claim_hash, \
            award.claim_until, award.holder_hash, award.made_by, award.made_at"
    };
}

/// What became of an award, in one word.
macro_rules! award_state {
    () => {
        "case when award.acceptance = 'erased' then 'erased' \
            when award.standing = 'revoked' and award.superseded_by is not null then 'corrected' \
            when award.standing <> 'valid' then award.standing else award.acceptance end"
    };
}

/// Selects an [`AwardFor`].
macro_rules! select_award_for {
    ($($rest:tt)+) => {
        concat!(
            "select ",
            $crate::db::awards::award_columns!(),
            ", r.user_name, r.display_name, r.central_id, r.other_id \
             from award left join recipient r on r.award = award.id ",
            $($rest)+
        )
    };
}

/// Pushes the values of an [`AwardRow`] in the order of [`INSERT_AWARD`].
macro_rules! push_award {
    ($row:expr, $award:expr) => {{
        let award = &$award;
        $row.push_bind(award.id.clone())
            .push_bind(award.token.clone())
            .push_bind(award.issuer.clone())
            .push_bind(award.did.clone())
            .push_bind(award.achievement.clone())
            .push_bind(award.version)
            .push_bind(award.workshop.clone())
            .push_bind(award.person.clone())
            .push_bind(award.credential_id.clone())
            .push_bind(award.subject.clone())
            .push_bind(award.acceptance.clone())
            .push_bind(award.visibility.clone())
            .push_bind(award.named.clone())
            .push_bind(award.standing.clone())
            .push_bind(award.standing_at)
            .push_bind(award.reason.clone())
            .push_bind(award.note.clone())
            .push_bind(award.supersedes.clone())
            .push_bind(award.superseded_by.clone())
            .push_bind(award.awarded_at)
            .push_bind(award.valid_until)
            .push_bind(award.accepted_at)
            .push_bind(award.claim_renewal)
            .push_bind(award.claim_hash.clone())
            .push_bind(award.claim_until)
            .push_bind(award.holder_hash.clone())
            .push_bind(award.made_by.clone())
            .push_bind(award.made_at);
    }};
}

/// Pushes the values of a [`RecipientRow`] in the order of [`INSERT_RECIPIENT`].
macro_rules! push_recipient {
    ($row:expr, $recipient:expr) => {{
        let recipient = &$recipient;
        $row.push_bind(recipient.award.clone())
            .push_bind(recipient.achievement.clone())
            .push_bind(recipient.recipient_key.clone())
            .push_bind(recipient.renewal)
            .push_bind(recipient.central_id)
            .push_bind(recipient.user_name.clone())
            .push_bind(recipient.display_name.clone())
            .push_bind(recipient.other_id.clone())
            .push_bind(recipient.evidence.clone())
            .push_bind(recipient.salt.clone());
    }};
}

/// Pushes the values of a [`CredentialRow`] in the order of [`INSERT_CREDENTIAL`].
macro_rules! push_credential {
    ($row:expr, $credential:expr) => {{
        let credential = &$credential;
        $row.push_bind(credential.award.clone())
            .push_bind(credential.version)
            .push_bind(credential.text.clone())
            .push_bind(credential.multikey.clone())
            .push_bind(credential.valid_from);
    }};
}

pub(crate) use {
    award_columns, award_state, push_award, push_credential, push_recipient, select_award,
};

/// Begins the insertion of rows, whose values follow.
pub(super) const INSERT_AWARD: &str = "insert into award (id, token, issuer, did, achievement, version, workshop, person, \
    credential_id, subject, acceptance, visibility, named, standing, standing_at, reason, note, supersedes, \
    superseded_by, awarded_at, valid_until, accepted_at, claim_renewal, claim_hash, claim_until, holder_hash, \
    made_by, made_at) ";
pub(super) const INSERT_RECIPIENT: &str = "insert into recipient (award, achievement, recipient_key, renewal, \
    central_id, user_name, display_name, other_id, evidence, salt) ";
/// Says which account an award is for. Whoever has the achievement under that key already has it once
/// more then.
pub(super) const RESOLVE_RECIPIENT: &str = "update recipient set recipient_key = $2, central_id = $3, user_name = $4, \
    renewal = case when exists (select 1 from recipient other where other.achievement = recipient.achievement \
            and other.recipient_key = $2 and other.renewal = recipient.renewal and other.award <> $1) \
        then (select max(other.renewal) + 1 from recipient other where other.achievement = recipient.achievement \
            and other.recipient_key = $2) \
        else renewal end \
    where award = $1";
pub(super) const INSERT_CREDENTIAL: &str =
    "insert into credential (award, version, text, multikey, valid_from) ";

impl Db {
    /// The award with this id.
    pub(crate) async fn award(&self, id: &str) -> Result<Option<AwardRow>> {
        on!(self, pool => sqlx::query_as(select_award!("where id = $1")).bind(id).fetch_optional(pool).await)
    }

    /// The award whose badge has this token in its address.
    pub(crate) async fn award_by_token(&self, token: &str) -> Result<Option<AwardRow>> {
        on!(self, pool => sqlx::query_as(select_award!("where token = $1")).bind(token).fetch_optional(pool).await)
    }

    /// The award whose badge has this id.
    pub(crate) async fn award_by_credential_id(&self, id: &str) -> Result<Option<AwardRow>> {
        on!(self, pool => sqlx::query_as(select_award!("where credential_id = $1")).bind(id).fetch_optional(pool).await)
    }

    /// The award that a claim link opens, unless the link has ended.
    pub(crate) async fn award_by_claim(&self, hash: &str, now: i64) -> Result<Option<AwardRow>> {
        on!(self, pool => sqlx::query_as(select_award!("where claim_hash = $1 and claim_until > $2"))
            .bind(hash).bind(now).fetch_optional(pool).await)
    }

    /// The award that a holder's personal link opens.
    pub(crate) async fn award_by_holder(&self, hash: &str) -> Result<Option<AwardRow>> {
        on!(self, pool => sqlx::query_as(select_award!("where holder_hash = $1")).bind(hash).fetch_optional(pool).await)
    }

    /// Whom an award is for.
    pub(crate) async fn recipient(&self, award: &str) -> Result<Option<RecipientRow>> {
        on!(self, pool => sqlx::query_as(
            "select award, achievement, recipient_key, renewal, central_id, user_name, display_name, other_id, \
                evidence, salt from recipient where award = $1")
            .bind(award).fetch_optional(pool).await)
    }

    /// The newest signed text of an award.
    pub(crate) async fn credential(&self, award: &str) -> Result<Option<CredentialRow>> {
        on!(self, pool => sqlx::query_as(
            "select award, version, text, multikey, valid_from from credential \
             where award = $1 order by version desc limit 1")
            .bind(award).fetch_optional(pool).await)
    }

    /// Whether a version of an achievement was awarded, or is about to be: it does not change any
    /// more (decision C6).
    pub(crate) async fn is_awarded(&self, achievement: &str, version: i64) -> Result<bool> {
        let count: i64 = on!(self, pool => sqlx::query_scalar(
            "select (select count(*) from (select 1 as one from award where achievement = $1 and version = $2 limit 1) a) \
                + (select count(*) from (select 1 as one from job where achievement = $1 and version = $2 limit 1) j)")
            .bind(achievement).bind(version).fetch_one(pool).await)?;
        Ok(count > 0)
    }

    /// The awards of a workshop, in the order of its list.
    pub(crate) async fn awards_of_workshop(&self, workshop: &str) -> Result<Vec<AwardFor>> {
        on!(self, pool => sqlx::query_as(select_award_for!(
            "where award.workshop = $1 \
             order by coalesce((select min(position) from job_row where job_row.award = award.id), 9223372036854775807), \
                r.user_name, r.display_name, award.id"))
            .bind(workshop).fetch_all(pool).await)
    }

    /// An award and whom it is for.
    pub(crate) async fn award_for(&self, id: &str) -> Result<Option<AwardFor>> {
        on!(self, pool => sqlx::query_as(select_award_for!("where award.id = $1")).bind(id).fetch_optional(pool).await)
    }

    /// The awards of an issuer that pass a filter, the newest first: at most `limit` that are older
    /// than one of them.
    pub(crate) async fn find_awards(
        &self,
        issuer: &str,
        filter: &AwardFilter,
        before: Option<(i64, &str)>,
        limit: i64,
    ) -> Result<Vec<AwardFor>> {
        let (at, id) = before.unwrap_or((i64::MAX, ""));
        let name = filter.name.as_ref().map(|name| {
            format!(
                "%{}%",
                name.replace('\\', r"\\")
                    .replace('%', r"\%")
                    .replace('_', r"\_")
            )
        });
        on!(self, pool => sqlx::query_as(select_award_for!(
            "where award.issuer = $1 and (award.made_at < $2 or (award.made_at = $2 and award.id < $3)) \
                and (cast($4 as text) is null or award.achievement = $4) \
                and (cast($5 as text) is null or award.workshop = $5) \
                and (cast($6 as text) is null or award.acceptance = $6) \
                and (cast($7 as text) is null or award.standing = $7) \
                and (cast($8 as text) is null or lower(r.user_name) like lower($8) escape '\\' or r.user_name like $8 escape '\\' \
                    or lower(r.display_name) like lower($8) escape '\\' or r.display_name like $8 escape '\\') \
                and (cast($9 as text) is null or ", award_state!(), " = $9) \
             order by award.made_at desc, award.id desc limit $10"))
            .bind(issuer).bind(at).bind(id).bind(&filter.achievement).bind(&filter.workshop).bind(&filter.acceptance)
            .bind(&filter.standing).bind(name).bind(&filter.state).bind(limit).fetch_all(pool).await)
    }

    /// Changes an award, unless somebody else has meanwhile; says whether it did.
    pub(crate) async fn change_award(&self, change: &Change<'_>) -> Result<bool> {
        match self.try_change_award(change, None).await {
            Err(error) if is_race(&error) => Ok(false),
            changed => changed,
        }
    }

    /// Adds a badge that takes another one's place, unless somebody has meanwhile changed that one or
    /// taken the place in the status list; says whether it did.
    pub(crate) async fn correct_award(&self, successor: &Successor<'_>) -> Result<bool> {
        match self
            .try_change_award(&successor.change, Some(successor))
            .await
        {
            Err(error) if is_race(&error) => Ok(false),
            changed => changed,
        }
    }

    async fn try_change_award(
        &self,
        change: &Change<'_>,
        successor: Option<&Successor<'_>>,
    ) -> Result<bool> {
        let Change { before, after, .. } = change;
        transaction!(self, tx => {
            let changed = sqlx::query(
                "update award set person = $5, acceptance = $6, visibility = $7, named = $8, standing = $9, \
                    standing_at = $10, reason = $11, note = $12, superseded_by = $13, accepted_at = $14, \
                    claim_renewal = $15, claim_hash = $16, claim_until = $17, holder_hash = $18, did = $19 \
                 where id = $1 and acceptance = $2 and standing = $3 and claim_renewal = $4 \
                    and person is not distinct from $20 and holder_hash is not distinct from $21 \
                    and claim_hash is not distinct from $22 and did = $23")
                .bind(&before.id).bind(&before.acceptance).bind(&before.standing).bind(before.claim_renewal)
                .bind(&after.person).bind(&after.acceptance).bind(&after.visibility).bind(&after.named)
                .bind(&after.standing).bind(after.standing_at).bind(&after.reason).bind(&after.note)
                .bind(&after.superseded_by).bind(after.accepted_at).bind(after.claim_renewal)
                .bind(&after.claim_hash).bind(after.claim_until).bind(&after.holder_hash).bind(&after.did)
                .bind(&before.person).bind(&before.holder_hash).bind(&before.claim_hash).bind(&before.did)
                .execute(&mut *tx).await?.rows_affected();
            if changed == 0 {
                return Ok(false);
            }
            if before.standing != after.standing {
                sqlx::query(status::CHANGED).bind(&before.id).execute(&mut *tx).await?;
            }
            if let Some(salt) = change.salt {
                sqlx::query("update recipient set salt = $2 where award = $1")
                    .bind(&before.id).bind(salt).execute(&mut *tx).await?;
            }
            if let Some(credential) = change.credential {
                QueryBuilder::new(INSERT_CREDENTIAL)
                    .push_values([credential], |mut row, credential| push_credential!(row, *credential))
                    .build().execute(&mut *tx).await?;
                // What the badge said before may be a name that its holder has taken out.
                sqlx::query("delete from credential where award = $1 and version < $2")
                    .bind(&before.id).bind(credential.version).execute(&mut *tx).await?;
            }
            if let Some(successor) = successor {
                QueryBuilder::new(INSERT_AWARD)
                    .push_values([successor.award], |mut row, award| push_award!(row, *award))
                    .build().execute(&mut *tx).await?;
                QueryBuilder::new(INSERT_RECIPIENT)
                    .push_values([successor.recipient], |mut row, recipient| push_recipient!(row, *recipient))
                    .build().execute(&mut *tx).await?;
                QueryBuilder::new(INSERT_CREDENTIAL)
                    .push_values([successor.credential], |mut row, credential| push_credential!(row, *credential))
                    .build().execute(&mut *tx).await?;
                if let Some((did, number, purpose, position)) = successor.place {
                    let taken = sqlx::query(status::TAKE)
                        .bind(did).bind(number).bind(purpose).bind(1_i64).execute(&mut *tx).await?.rows_affected();
                    if taken == 0 {
                        return Ok(false);
                    }
                    sqlx::query("insert into status_entry (did, number, position, award) values ($1, $2, $3, $4)")
                        .bind(did).bind(number).bind(position).bind(&successor.award.id).execute(&mut *tx).await?;
                }
            }
            bind_action!(change.action).execute(&mut *tx).await?;
        });
        Ok(true)
    }

    /// Awards of which there is something that a key has signed that somebody else may have: at most
    /// `limit` after one of them.
    pub(crate) async fn compromised_awards(&self, after: &str, limit: i64) -> Result<Vec<String>> {
        on!(self, pool => sqlx::query_scalar(
            "select distinct c.award from signing_key k join credential c on c.multikey = k.multikey \
             where k.state = 'compromised' and c.award > $1 order by c.award limit $2")
            .bind(after).bind(limit).fetch_all(pool).await)
    }

    /// Deletes all that compromised keys have signed for these awards, and puts badges in the place of
    /// it, each with the DID that signed.
    pub(crate) async fn replace_compromised(
        &self,
        awards: &[(String, Option<(String, CredentialRow)>)],
        actions: &[Action<'_>],
    ) -> Result<()> {
        transaction!(self, tx => {
            for (award, replacement) in awards {
                sqlx::query(
                    "delete from credential where award = $1 and multikey in \
                        (select multikey from signing_key where state = 'compromised')")
                    .bind(award).execute(&mut *tx).await?;
                if let Some((did, credential)) = replacement {
                    // Erased meanwhile: then nothing comes back.
                    let there = sqlx::query("update award set did = $2 where id = $1 and acceptance <> 'erased'")
                        .bind(award).bind(did).execute(&mut *tx).await?.rows_affected();
                    if there > 0 {
                        QueryBuilder::new(INSERT_CREDENTIAL)
                            .push_values([credential], |mut row, credential| push_credential!(row, *credential))
                            .build().execute(&mut *tx).await?;
                    }
                }
            }
            for action in actions {
                bind_action!(action).execute(&mut *tx).await?;
            }
        });
        Ok(())
    }

    /// How often a person, by the strongest key, was given an achievement.
    pub(crate) async fn next_renewal(&self, achievement: &str, key: &str) -> Result<i64> {
        on!(self, pool => sqlx::query_scalar(
            "select coalesce(max(renewal), -1) + 1 from recipient where achievement = $1 and recipient_key = $2")
            .bind(achievement).bind(key).fetch_one(pool).await)
    }

    /// The awards that are about a person: those held, and those that no account holds and that are for
    /// this one, by its number. A name may be somebody else's now (decision C4): it tells only of what is
    /// on offer and nobody has claimed.
    pub(crate) async fn awards_about(
        &self,
        person: &str,
        central_id: Option<i64>,
        user_name: Option<&str>,
    ) -> Result<Vec<String>> {
        on!(self, pool => sqlx::query_scalar(
            "select award.id from award left join recipient r on r.award = award.id \
             where award.person = $1 or (award.person is null \
                and (r.central_id = $2 or (r.central_id is null and r.user_name = $3 \
                    and award.acceptance in ('offered', 'declined')))) order by award.id")
            .bind(person).bind(central_id).bind(user_name).fetch_all(pool).await)
    }

    /// The ids of all awards after one of them, in their order: at most `limit`.
    pub(crate) async fn award_ids(&self, after: &str, limit: i64) -> Result<Vec<String>> {
        on!(self, pool => sqlx::query_scalar("select id from award where id > $1 order by id limit $2")
            .bind(after).bind(limit).fetch_all(pool).await)
    }
}
