//! Awarding everybody on a workshop's list, in the background. Any process may go on with a job that
//! another has left; what a chunk has come to is written all at once, so that nothing is lost and
//! nothing is made twice.

use std::time::Duration;

use badges_core::SignedCredential;
use badges_core::participants::RecipientKey;
use badges_core::press::{Own, Press};
use badges_core::publish::Identity;
use badges_core::status::FULL;
use tokio::sync::watch;

use super::document::{Facts, common, random_urn, random_uuid, valid_until};
use super::identity::{identity, signer};
use super::rotate;
use super::status::{free_places, purpose, status_of};
use crate::ambient::random_id;
use crate::db::{
    AwardRow, Chunk, CredentialRow, JobRow, ParticipantRow, RecipientRow, Refusal, Seen, Signed,
    Written,
};
use crate::error::Error;
use crate::{App, secret};

/// A job that is to be.
#[derive(Clone, Debug)]
pub(crate) struct NewJob {
    pub(crate) workshop: String,
    pub(crate) achievement: String,
    /// Given by the form or the request: the same one again is the same job.
    pub(crate) request: String,
    /// Who awards.
    pub(crate) person: String,
    pub(crate) awarded_at: i64,
    /// Whether those get a badge who have one.
    pub(crate) again: bool,
    /// What the person looked at before.
    pub(crate) seen: Seen,
}

/// How many rows are written at once.
const CHUNK: i64 = 200;

/// How often in a row nothing can be written before a row is given up: enough to come down to a single
/// row, and to try that one some times.
const TRIES: u32 = 12;

/// For how long a process has a job before others may take it, in seconds. It is renewed with each
/// chunk.
const LEASE: i64 = 60;

/// How often a process looks for jobs that others have started.
const PAUSE: Duration = Duration::from_secs(1);

/// Starts awarding everybody on a workshop's list: everybody who is to be awarded then.
///
/// # Errors
/// [`Error::Conflict`] when the request was for another job before, [`Error::Precondition`] when there is
/// something else now than was looked at.
pub(crate) async fn start(app: &App, new: NewJob) -> Result<JobRow, Error> {
    let workshop = app
        .db
        .workshop(&new.workshop)
        .await?
        .ok_or(Error::NotFound)?;
    let achievement = app
        .db
        .achievement(&new.achievement)
        .await?
        .ok_or(Error::NotFound)?;
    if achievement.issuer != workshop.issuer {
        return Err(Error::NotFound);
    }
    let job = JobRow {
        id: random_id(),
        issuer: workshop.issuer,
        workshop: new.workshop,
        achievement: new.achievement,
        version: achievement.version,
        request: new.request,
        person: new.person,
        awarded_at: new.awarded_at,
        again: new.again,
        state: "waiting".to_owned(),
        total: 0,
        error: None,
        made_at: app.seconds(),
        ended_at: None,
    };
    let started = app.db.insert_job(&job, &new.seen).await?;
    let started = started.ok_or(Error::Precondition)?;
    if (&started.workshop, &started.achievement, &started.person)
        != (&job.workshop, &job.achievement, &job.person)
    {
        return Err(Error::Conflict {
            key: "badges-issuing-request-used",
        });
    }
    app.wake.notify_one();
    Ok(started)
}

/// Works on jobs until told to stop; what was begun then is finished as far as the next chunk.
/// Any number of these may run, here and in other processes.
pub(crate) async fn work(app: App, mut stop: watch::Receiver<bool>) {
    let holder = random_id();
    while !*stop.borrow() {
        match work_once(&app, &holder, &stop).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => {
                tracing::error!(%error, "work in the background failed and is tried again")
            }
        }
        tokio::select! {
            () = app.wake.notified() => {}
            () = tokio::time::sleep(PAUSE) => {}
            // An error says that nobody can tell any more.
            _ = stop.changed() => if stop.has_changed().is_err() { return },
        }
    }
}

/// Does whatever waits; says whether there was something.
pub(super) async fn work_once(
    app: &App,
    holder: &str,
    stop: &watch::Receiver<bool>,
) -> Result<bool, Error> {
    let signed = rotate::sign_again(app).await.unwrap_or_else(|error| {
        tracing::error!(%error, "badges could not be signed again");
        0
    });
    let now = app.seconds();
    let Some(job) = app.db.claim_job(holder, now, now + LEASE).await? else {
        return Ok(signed > 0);
    };
    // A job that fails keeps its lease, so that it does not stand in the way of others.
    if let Err(error) = run(app, &job, holder, stop).await {
        app.db.stop_job(&job.id, holder, error.id()).await?;
        return Err(error);
    }
    Ok(true)
}

async fn run(
    app: &App,
    job: &JobRow,
    holder: &str,
    stop: &watch::Receiver<bool>,
) -> Result<(), Error> {
    let mut at_hand = None;
    let (mut limit, mut tries) = (CHUNK, 0);
    while !*stop.borrow() {
        let rows = app.db.waiting(&job.id, limit).await?;
        if rows.is_empty() {
            return Ok(app.db.end_job(job, holder, app.seconds()).await?);
        }
        let mut making = match at_hand.take() {
            Some(making) => making,
            None => Making::begin(app, job).await?,
        };
        let chunk = if tries < TRIES {
            making.chunk(app, rows).await?
        } else {
            Chunk::refused(rows, &Refusal::InTheWay)
        };
        match app
            .db
            .write_chunk(&job.id, holder, app.seconds() + LEASE, &chunk)
            .await?
        {
            Written::All => {
                at_hand = Some(making);
                (limit, tries) = ((limit * 2).min(CHUNK), 0);
            }
            // What it rests on is read anew, in smaller parts, so that one row does not stop the others.
            Written::Nothing => (limit, tries) = ((limit / 2).max(1), tries + 1),
            Written::Lost => return Ok(()),
        }
    }
    Ok(app.db.release_job(&job.id, holder).await?)
}

/// What a process has at hand while it makes badges of one version.
struct Making {
    job: JobRow,
    identity: Identity,
    multikey: String,
    purpose: Option<&'static str>,
    valid_from: i64,
    valid_until: Option<i64>,
    /// One for each processor.
    presses: Vec<Press>,
}

/// A badge that is to be signed.
struct Plan {
    participant: ParticipantRow,
    own: Own,
    award: AwardRow,
    recipient: RecipientRow,
    position: Option<i64>,
}

impl Making {
    async fn begin(app: &App, job: &JobRow) -> Result<Self, Error> {
        let issuer = app.db.issuer(&job.issuer).await?.ok_or(Error::NotFound)?;
        let achievement = app
            .db
            .achievement(&job.achievement)
            .await?
            .ok_or(Error::NotFound)?;
        let version = app
            .db
            .version(&job.achievement, job.version)
            .await?
            .ok_or(Error::NotFound)?;
        let workshop = app.db.workshop(&job.workshop).await?;
        let (row, identity) = identity(app, &issuer).await?;
        let signer = signer(app, &row.did)
            .await?
            .ok_or_else(|| no_key(&row.did))?;
        let facts = Facts {
            issuer: &issuer,
            identity: &identity,
            achievement: &achievement,
            version: &version,
            workshop: workshop.as_ref(),
            awarded_at: job.awarded_at,
        };
        let common = common(app, &facts).await?;
        let press = || Press::new(common.clone(), signer.key.clone(), signer.proof(app.now()));
        let threads =
            std::thread::available_parallelism().map_or(1, |threads| threads.get().min(8));
        Ok(Self {
            multikey: signer.multikey(),
            purpose: purpose(&identity, &version),
            valid_from: common.valid_from.get().unix_timestamp(),
            valid_until: valid_until(&version, job.awarded_at)?,
            presses: (0..threads).map(|_| press()).collect(),
            identity,
            job: job.clone(),
        })
    }

    /// What some rows come to: badges that are signed, and why others are not.
    async fn chunk(&mut self, app: &App, rows: Vec<ParticipantRow>) -> Result<Chunk, Error> {
        let mut chunk = Chunk {
            multikey: self.multikey.clone(),
            ..Chunk::default()
        };
        let keys: Vec<String> = rows
            .iter()
            .filter_map(|row| row.recipient_key.clone())
            .collect();
        let names: Vec<String> = rows
            .iter()
            .filter_map(|row| row.user_name.clone())
            .collect();
        let mut known = app
            .db
            .recipients_like(&self.job.achievement, &keys, &names)
            .await?;
        // Who is known by a name may have got it again by another one.
        let accounts: Vec<String> = known
            .iter()
            .filter_map(|recipient| account_key(recipient.central_id?))
            .collect();
        for recipient in app
            .db
            .recipients_like(&self.job.achievement, &accounts, &[])
            .await?
        {
            if known.iter().all(|other| other.award != recipient.award) {
                known.push(recipient);
            }
        }
        let awards: Vec<String> = known
            .iter()
            .map(|recipient| recipient.award.clone())
            .collect();
        let mut of_this_job = app.db.awards_of_job(&self.job.id, &awards).await?;
        let list = match self.purpose {
            Some(purpose) => {
                let did = self.identity.did().to_owned();
                let number = app.db.open_status_list(&did, purpose, FULL.into()).await?;
                Some((did, number, purpose))
            }
            None => None,
        };
        let mut places = match &list {
            Some((did, number, _)) => free_places(app, did, *number, rows.len()).await?,
            None => Vec::new(),
        };
        let mut plans = Vec::with_capacity(rows.len());
        for participant in rows {
            let Some(key) = participant.recipient_key.clone() else {
                chunk.refused.push((participant.id, Refusal::Nobody));
                continue;
            };
            let direct = |recipient: &&RecipientRow| is_same(&participant, &key, recipient);
            let account = known
                .iter()
                .filter(direct)
                .find_map(|recipient| recipient.central_id);
            let same = known.iter().filter(|recipient| {
                direct(recipient) || account.is_some() && recipient.central_id == account
            });
            let same: Vec<&RecipientRow> = same.collect();
            let newest = same.iter().max_by_key(|recipient| recipient.renewal);
            if let Some(newest) = newest
                && (!self.job.again || of_this_job.contains(&newest.award))
            {
                chunk
                    .had
                    .push((participant.id.clone(), newest.award.clone()));
                for recipient in same
                    .iter()
                    .filter(|recipient| recipient.central_id.is_none())
                {
                    if let Some(central_id) = participant.central_id {
                        let name = participant.user_name.clone();
                        chunk.known.push((
                            recipient.award.clone(),
                            key.clone(),
                            Some(central_id),
                            name,
                        ));
                    }
                }
                continue;
            }
            let renewal = newest.map_or(0, |newest| newest.renewal + 1);
            let place = list
                .as_ref()
                .map(|(_, number, _)| *number)
                .zip(places.pop());
            let plan = self.plan(app, participant, key, renewal, place);
            of_this_job.push(plan.award.id.clone());
            known.push(plan.recipient.clone());
            plans.push(plan);
        }
        for (plan, signed) in self.sign(plans).await? {
            match signed {
                Ok(text) => {
                    let credential = CredentialRow {
                        award: plan.award.id.clone(),
                        version: 1,
                        text: text.into_text(),
                        multikey: self.multikey.clone(),
                        valid_from: self.valid_from,
                    };
                    let Plan {
                        participant,
                        award,
                        recipient,
                        position,
                        ..
                    } = plan;
                    chunk.signed.push((
                        participant.id,
                        Signed {
                            award,
                            recipient,
                            credential,
                            position,
                        },
                    ));
                }
                Err(error) => {
                    let why = Refusal::NoBadge {
                        cause: error.to_string(),
                    };
                    // Whoever was taken for the same person has it no more.
                    chunk.had.retain(|(participant, award)| {
                        let stays = *award != plan.award.id;
                        if !stays {
                            chunk.refused.push((participant.clone(), why.clone()));
                        }
                        stays
                    });
                    chunk.known.retain(|(award, ..)| *award != plan.award.id);
                    chunk.refused.push((plan.participant.id, why));
                }
            }
        }
        chunk.list = list;
        Ok(chunk)
    }

    fn plan(
        &self,
        app: &App,
        participant: ParticipantRow,
        key: String,
        renewal: i64,
        place: Option<(i64, i64)>,
    ) -> Plan {
        let new = NewAward {
            issuer: &self.job.issuer,
            identity: &self.identity,
            achievement: &self.job.achievement,
            version: self.job.version,
            workshop: Some(&self.job.workshop),
            awarded_at: self.job.awarded_at,
            valid_until: self.valid_until,
            person: &self.job.person,
        };
        let award = new.row(app);
        let status = place
            .zip(self.purpose)
            .and_then(|((number, position), purpose)| {
                status_of(&self.identity, number, position, purpose)
            });
        let own = Own {
            badge: award.credential_id.clone(),
            subject: award.subject.clone(),
            identifiers: Vec::new(),
            evidence: participant.evidence.clone(),
            status,
        };
        let recipient = RecipientRow {
            award: award.id.clone(),
            achievement: self.job.achievement.clone(),
            recipient_key: key,
            renewal,
            central_id: participant.central_id,
            user_name: participant.user_name.clone(),
            display_name: participant.display_name.clone(),
            other_id: participant.other_id.clone(),
            evidence: participant.evidence.clone(),
            salt: None,
        };
        Plan {
            participant,
            own,
            award,
            recipient,
            position: place.map(|(_, position)| position),
        }
    }

    /// Signs beside the requests, on every processor.
    async fn sign(
        &mut self,
        plans: Vec<Plan>,
    ) -> Result<Vec<(Plan, Result<SignedCredential, badges_core::Error>)>, Error> {
        let share = plans.len().div_ceil(self.presses.len()).max(1);
        let mut plans = plans.into_iter();
        let mut tasks = Vec::new();
        for mut press in std::mem::take(&mut self.presses) {
            let plans: Vec<Plan> = plans.by_ref().take(share).collect();
            tasks.push(tokio::task::spawn_blocking(move || {
                let sign = |plan: Plan| {
                    let signed = press.sign(&plan.own);
                    (plan, signed)
                };
                let signed: Vec<_> = plans.into_iter().map(sign).collect();
                (press, signed)
            }));
        }
        let mut all = Vec::new();
        for task in tasks {
            let (press, signed) = task.await.map_err(Error::internal)?;
            self.presses.push(press);
            all.extend(signed);
        }
        Ok(all)
    }
}

/// An award that is to be.
pub(super) struct NewAward<'a> {
    pub(super) issuer: &'a str,
    pub(super) identity: &'a Identity,
    pub(super) achievement: &'a str,
    pub(super) version: i64,
    pub(super) workshop: Option<&'a str>,
    pub(super) awarded_at: i64,
    pub(super) valid_until: Option<i64>,
    pub(super) person: &'a str,
}

impl NewAward<'_> {
    /// The award as it begins: offered, with a claim link, to be seen by nobody else.
    pub(super) fn row(&self, app: &App) -> AwardRow {
        let (id, token) = (random_id(), random_id());
        let claim = secret::claim(&app.claim_key, &id, 0);
        AwardRow {
            credential_id: self.identity.badge(&token, random_uuid()),
            subject: random_urn(),
            did: self.identity.did().to_owned(),
            issuer: self.issuer.to_owned(),
            achievement: self.achievement.to_owned(),
            version: self.version,
            workshop: self.workshop.map(str::to_owned),
            person: None,
            acceptance: "offered".to_owned(),
            visibility: "private".to_owned(),
            named: "nothing".to_owned(),
            standing: "valid".to_owned(),
            standing_at: None,
            reason: None,
            note: None,
            supersedes: None,
            superseded_by: None,
            awarded_at: self.awarded_at,
            valid_until: self.valid_until,
            accepted_at: None,
            claim_renewal: 0,
            claim_hash: Some(secret::hash(&claim)),
            claim_until: Some(app.seconds() + app.settings.claim_seconds),
            holder_hash: None,
            made_by: self.person.to_owned(),
            made_at: app.seconds(),
            id,
            token,
        }
    }
}

/// The key of an account on the wikis.
fn account_key(central_id: i64) -> Option<String> {
    u64::try_from(central_id)
        .ok()
        .map(|id| RecipientKey::CentralId(id).to_string())
}

/// Whether a row is about somebody who was awarded: by what both are known by that is strongest
/// (decision B6).
fn is_same(participant: &ParticipantRow, key: &str, recipient: &RecipientRow) -> bool {
    match (participant.central_id, recipient.central_id) {
        (Some(one), Some(other)) => one == other,
        _ => match (&participant.user_name, &recipient.user_name) {
            (Some(one), Some(other)) => one == other,
            _ => key == recipient.recipient_key,
        },
    }
}

/// An issuer has always keys that sign, but for a moment while they are exchanged.
pub(super) fn no_key(did: &str) -> Error {
    Error::internal(format_args!("{did} has no key that signs"))
}
