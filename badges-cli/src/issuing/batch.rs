//! Many badges, signed and written by several threads. A badge's files are in place before the
//! ledger says so: whatever is interrupted is made again, under the same name.

use std::num::NonZero;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use badges_core::participants::{Participant, Participants};

use super::job::Job;
use super::plan::{Fate, Plan, Planned, participant_of};
use super::press::Press;
use crate::error::Error;
use crate::folder::files::{self, Access};
use crate::folder::ledger::{Award, Entry};
use crate::folder::status::StatusLists;
use crate::folder::{Folder, documents};

/// How many badges are made before the ledger is written.
const CHUNK: usize = 256;

/// More threads than this wait for the disk.
const MAX_THREADS: usize = 8;

/// What came of a badge.
enum Made {
    Written(Box<Award>),
    Refused(String),
}

/// Writes what the badges will refer to: status lists and the issuer's keys.
///
/// # Errors
/// When something cannot be signed or written.
pub(crate) fn prepare(job: &Job, folder: &Folder, lists: &StatusLists) -> Result<(), Error> {
    let base = job.issuer.base();
    if let Some(base) = base {
        let mut keys = vec![job.key.public_key()];
        keys.extend(job.jwt.as_ref().map(|jwt| jwt.key.public_key()));
        documents::update_did_document(&folder.did_document(), job.issuer.id(), &keys)?;
        let place = folder.status_lists();
        lists.write(&place, &job.issuer, base, &job.key, job.now)?;
    }
    documents::write_map(&folder.documents(), base, lists.numbers())
}

/// Makes all badges of a plan; `progress` is told of every few that are done. Rows of which no badge
/// can be made are noted in the plan.
///
/// # Errors
/// When a file cannot be written. What was made until then is in the ledger.
pub(crate) fn run(
    job: &Job,
    folder: &Folder,
    participants: &Participants,
    plan: &mut Plan,
    progress: impl Fn(usize),
) -> Result<(), Error> {
    let badges = folder.badges(&job.achievement.slug);
    files::create_folder(&badges, Access::Public)?;
    files::sweep(&badges);
    let ledger = folder.ledger();
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let mut presses: Vec<Press<'_>> = (0..threads.min(MAX_THREADS))
        .map(|_| Press::new(job))
        .collect();
    for chunk in plan.badges.chunks(CHUNK) {
        let (made, failed) = make_chunk(&mut presses, &badges, participants, chunk);
        let mut entries = Vec::with_capacity(made.len());
        let mut written = 0;
        for (planned, made) in chunk.iter().zip(made) {
            let problem = match made {
                Some(Made::Written(award)) => {
                    written += 1;
                    if !planned.is_recorded() {
                        entries.push(Entry::Award(award));
                    }
                    continue;
                }
                Some(Made::Refused(problem)) => problem,
                None => "the badge was not made; run this again".to_owned(),
            };
            if let Some(fate) = plan.fates.get_mut(planned.row) {
                *fate = Fate::Refused { problem };
            }
        }
        ledger.append(&entries)?;
        progress(written);
        if let Some(error) = failed {
            return Err(error);
        }
    }
    Ok(())
}

/// Makes some badges, and says what came of each as far as it got.
fn make_chunk(
    presses: &mut [Press<'_>],
    badges: &Path,
    participants: &Participants,
    chunk: &[Planned],
) -> (Vec<Option<Made>>, Option<Error>) {
    let next = AtomicUsize::new(0);
    let stopped = AtomicBool::new(false);
    let failure = Mutex::new(None);
    let work = |press: &mut Press<'_>| {
        let mut done = Vec::new();
        while !stopped.load(Ordering::Relaxed) {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(planned) = chunk.get(at) else {
                break;
            };
            let Some(participant) = participant_of(participants, planned.row) else {
                continue;
            };
            match make_one(press, badges, participant, planned) {
                Ok(made) => done.push((at, made)),
                Err(error) => {
                    stopped.store(true, Ordering::Relaxed);
                    if let Ok(mut failure) = failure.lock() {
                        failure.get_or_insert(error);
                    }
                }
            }
        }
        done
    };
    let mut made: Vec<Option<Made>> = chunk.iter().map(|_| None).collect();
    std::thread::scope(|scope| {
        let workers: Vec<_> = presses
            .iter_mut()
            .map(|press| scope.spawn(|| work(press)))
            .collect();
        // A thread that panicked has made badges that are not in the ledger, and are made again
        // the next time.
        let done = workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap_or_default());
        for (at, one) in done {
            if let Some(place) = made.get_mut(at) {
                *place = Some(one);
            }
        }
    });
    (made, failure.into_inner().unwrap_or_default())
}

fn make_one(
    press: &mut Press<'_>,
    badges: &Path,
    participant: &Participant,
    planned: &Planned,
) -> Result<Made, Error> {
    let job = press.job();
    let award = planned.award(job, participant);
    let badge = match press.make(participant, &award) {
        Ok(badge) => badge,
        Err(error) => return Ok(Made::Refused(error.to_string())),
    };
    let own = job.carrier.format.extension();
    let other = |ending: &&String| matches!(ending.as_str(), "png" | "svg") && *ending != own;
    if let Some(ending) = award.files.iter().find(other) {
        return Ok(Made::Refused(format!(
            "the badge is lost, and was baked into another picture; run this with `--image {ending}`"
        )));
    }
    for ending in &award.files {
        let bytes = match (ending.as_str(), &badge.jwt) {
            ("json", _) => badge.json.as_bytes(),
            ("jwt", Some(jwt)) => jwt.as_bytes(),
            ("jwt", None) => continue,
            _ => &badge.image,
        };
        files::replace(&badges.join(award.file(ending)), bytes, Access::Public)?;
    }
    Ok(Made::Written(Box::new(award)))
}
