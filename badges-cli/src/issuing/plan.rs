//! What becomes of each row of a list, before anything is signed.

use std::collections::HashMap;

use badges_core::participants::{Outcome, Participant, Participants, Row};

use super::job::{self, Job};
use super::press;
use crate::error::{Code, Error};
use crate::folder::ledger::{Award, Entry, History, OpenRenewal, Standing, Status};
use crate::folder::people::People;
use crate::folder::seed::Token;
use crate::folder::status::StatusLists;
use crate::folder::{Folder, settings};

/// What a run will do.
pub(crate) struct Plan {
    /// The badges to make, in the order of the rows.
    pub(crate) badges: Vec<Planned>,
    /// What becomes of each row.
    pub(crate) fates: Vec<Fate>,
    /// All status lists, with the places of the new badges taken.
    pub(crate) lists: StatusLists,
    /// What has become known of people who have a badge already.
    pub(crate) known: Vec<Entry>,
}

/// A badge to be made.
pub(crate) struct Planned {
    /// The row of the list that it is for.
    pub(crate) row: usize,
    /// What the ledger says about it.
    source: Source,
}

enum Source {
    /// It is new; the rest follows from the row.
    New {
        renewal: u32,
        status: Option<crate::folder::ledger::StatusEntry>,
    },
    /// It is in the ledger, and its files are lost.
    Lost(Box<Award>),
}

/// What becomes of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// A badge is made.
    Issued,
    /// The files of a badge are made again.
    Restored,
    /// The person has the badge already.
    Already { token: Token, status: Status },
    /// Nobody gets a badge, for the reason that the row gives.
    AsRead,
    /// The row does not tell what the badge is to say of its holder.
    Unidentified { lacks: &'static str },
    /// No badge can be made of this row.
    Refused { problem: String },
}

/// What the ledger says about the badges of one achievement.
struct Records {
    people: People,
    lists: StatusLists,
    /// Badges whose files are not there.
    lost: HashMap<Token, Award>,
}

impl Planned {
    /// What the ledger says, or will say, about the badge.
    pub(crate) fn award(&self, job: &Job, participant: &Participant) -> Award {
        match &self.source {
            Source::New { renewal, status } => job.award(participant, *renewal, *status),
            Source::Lost(award) => (**award).clone(),
        }
    }

    /// Whether the ledger knows it already.
    pub(crate) const fn is_recorded(&self) -> bool {
        matches!(self.source, Source::Lost(_))
    }
}

impl Plan {
    /// Decides on every row. With `again`, everybody gets a further badge, except who got one in
    /// the renewal that was interrupted.
    ///
    /// # Errors
    /// When the ledger is damaged, or knows the achievement by another id or name.
    pub(crate) fn make(
        job: &Job,
        folder: &Folder,
        history: &History,
        participants: &Participants,
        again: Option<Option<&OpenRenewal>>,
    ) -> Result<Self, Error> {
        let Records {
            people,
            lists,
            mut lost,
        } = read_records(job, folder, history)?;
        let mut plan = Self {
            badges: Vec::new(),
            fates: Vec::with_capacity(participants.rows.len()),
            lists,
            known: Vec::new(),
        };
        for (row, participant) in participants.rows.iter().map(participant).enumerate() {
            let Some(participant) = participant else {
                plan.fates.push(Fate::AsRead);
                continue;
            };
            let keys = job::keys_of(participant);
            let person = people.get(&keys);
            let begun = again.flatten().map_or(u64::MAX, |renewal| renewal.line);
            let renewed = again.is_some() && person.is_none_or(|person| person.line < begun);
            match person {
                Some(person) if !renewed => {
                    let new_keys = people.unknown_keys(&keys);
                    if !new_keys.is_empty() {
                        plan.known.push(Entry::Known {
                            token: person.token,
                            keys: new_keys,
                        });
                    }
                    match lost.remove(&person.token) {
                        Some(award) => plan.add(row, Source::Lost(Box::new(award))),
                        None => plan.fates.push(Fate::Already {
                            token: person.token,
                            status: person.status,
                        }),
                    }
                }
                person => {
                    if let Some(lacks) = job.lacks(participant) {
                        plan.fates.push(Fate::Unidentified { lacks });
                        continue;
                    }
                    let renewal = person.map_or(0, |person| person.badges);
                    let recipient = participant.key().to_string();
                    let places = job.seed.places(job.award_key(&recipient, renewal));
                    let status = job
                        .purpose()
                        .map(|purpose| plan.lists.next(purpose, places));
                    plan.add(row, Source::New { renewal, status });
                }
            }
        }
        Ok(plan)
    }

    /// Builds every badge without signing it, and notes the rows of which none can be made.
    pub(crate) fn examine(&mut self, job: &Job, participants: &Participants) {
        for planned in &self.badges {
            let Some(participant) = participant_of(participants, planned.row) else {
                continue;
            };
            let award = planned.award(job, participant);
            let own = job.own_texts(participant, &award);
            if let Err(error) = press::unsigned(job, &own)
                && let Some(fate) = self.fates.get_mut(planned.row)
            {
                *fate = Fate::Refused {
                    problem: error.to_string(),
                };
            }
        }
    }

    fn add(&mut self, row: usize, source: Source) {
        self.fates.push(match source {
            Source::New { .. } => Fate::Issued,
            Source::Lost(_) => Fate::Restored,
        });
        self.badges.push(Planned { row, source });
    }
}

/// Who a row is about, if it gives a badge.
pub(crate) fn participant(row: &Row) -> Option<&Participant> {
    match &row.outcome {
        Outcome::Award(participant) => Some(participant),
        _ => None,
    }
}

/// As [`participant`], by the row's number.
pub(crate) fn participant_of(participants: &Participants, row: usize) -> Option<&Participant> {
    participants.rows.get(row).and_then(participant)
}

fn read_records(job: &Job, folder: &Folder, history: &History) -> Result<Records, Error> {
    let mut records = Records {
        people: People::default(),
        lists: StatusLists::default(),
        lost: HashMap::new(),
    };
    let badges = folder.badges(&job.achievement.slug);
    folder.ledger().awards(history, |standing| {
        records.lists.record(&standing);
        let Standing { award, .. } = &standing;
        let same_id = award.achievement == job.achievement_id();
        let same_slug = award.slug == job.achievement.slug;
        if same_id != same_slug {
            return Err(clash(job, award));
        }
        if same_id {
            records.people.record(&standing);
            let is_there = |ending: &String| {
                let file = std::fs::metadata(badges.join(award.file(ending)));
                file.is_ok_and(|file| file.len() > 0)
            };
            if !award.files.iter().all(is_there) {
                records.lost.insert(award.token, standing.award);
            }
        }
        Ok(())
    })?;
    Ok(records)
}

/// Badges were issued under the same name with another id, or the other way round.
fn clash(job: &Job, award: &Award) -> Error {
    let file = &job.achievement.path;
    if award.slug == job.achievement.slug {
        let problem = format!(
            "badges of `{}` were issued as `{}`, now it would be `{}`",
            award.slug,
            award.achievement,
            job.achievement_id()
        );
        return settings::fault(file, "id", problem).hint(format!(
            "if it is the same achievement, add `id = \"{}\"` to the file; if it is another, \
             rename the file",
            award.achievement
        ));
    }
    Error::new(
        Code::Data,
        format!(
            "`{}` is the achievement `{}`, whose badges are in `badges/{}`",
            file.display(),
            award.achievement,
            award.slug
        ),
    )
    .hint(format!(
        "rename the file to `{}.toml`, or give it another `id`",
        award.slug
    ))
}
