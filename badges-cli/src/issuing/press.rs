//! The press: signs and bakes one badge after another. What is the same in all badges is compiled
//! once for each kind of badge; each thread has a press of its own.

use std::collections::HashMap;

use badges_core::batch::Batch;
use badges_core::credential::{SignedCredential, UnsignedCredential};
use badges_core::model::IdentityObject;
use badges_core::participants::Participant;
use badges_core::{Error, bake};

use super::job::{Job, OwnTexts};
use crate::folder::ledger::Award;

/// Makes badges.
pub(crate) struct Press<'j> {
    job: &'j Job,
    /// By the kind of badge; `None` for kinds that are signed one by one.
    batches: HashMap<Kind, Option<Batch>>,
}

/// A badge in all its forms.
pub(crate) struct Badge {
    pub(crate) json: String,
    pub(crate) jwt: Option<String>,
    pub(crate) image: Vec<u8>,
}

/// Why one badge cannot be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoBadge {
    #[error(transparent)]
    Credential(#[from] Error),
    #[error(transparent)]
    Bake(#[from] bake::BakeError),
}

/// Badges of one kind differ in nothing but their slots.
#[derive(PartialEq, Eq, Hash)]
struct Kind {
    /// What identifiers there are, and whether they are hashed.
    identifiers: Vec<(String, bool)>,
    evidence: bool,
    list: Option<String>,
}

impl<'j> Press<'j> {
    pub(crate) fn new(job: &'j Job) -> Self {
        Self {
            job,
            batches: HashMap::new(),
        }
    }

    /// What all badges have in common.
    pub(crate) const fn job(&self) -> &'j Job {
        self.job
    }

    /// Makes one badge: signs it and bakes it.
    ///
    /// # Errors
    /// Why it cannot be made.
    pub(crate) fn make(
        &mut self,
        participant: &Participant,
        award: &Award,
    ) -> Result<Badge, NoBadge> {
        let job = self.job;
        let own = job.own_texts(participant, award);
        let signed = self.sign(&own)?;
        let wants_jwt = award.files.iter().any(|ending| ending == "jwt");
        let jwt = match job.jwt.as_ref().filter(|_| wants_jwt) {
            Some(jwt) => Some(unsigned(job, &own)?.sign_jwt(&jwt.key, &jwt.kid)?),
            None => None,
        };
        Ok(Badge {
            image: bake::bake(signed.text(), &job.carrier.bytes)?,
            json: signed.into_text(),
            jwt: jwt.map(SignedCredential::into_text),
        })
    }

    fn sign(&mut self, own: &OwnTexts) -> Result<SignedCredential, Error> {
        let job = self.job;
        if is_usual(job, own) {
            let batch = self
                .batches
                .entry(Kind::of(own))
                .or_insert_with(|| batch(job, own).ok());
            if let Some(batch) = batch {
                return batch.sign(&slots(own));
            }
        }
        unsigned(job, own)?.sign(&job.key, &job.proof)
    }
}

/// The badge before it is signed.
///
/// # Errors
/// What of it does not conform.
pub(crate) fn unsigned(job: &Job, own: &OwnTexts) -> Result<UnsignedCredential, Error> {
    UnsignedCredential::badge(&job.credential(own))
}

impl Kind {
    fn of(own: &OwnTexts) -> Self {
        let identifier = |it: &IdentityObject| (it.identity_type.as_str().to_owned(), it.hashed);
        let status = own.status.as_ref();
        Self {
            identifiers: own.identifiers.iter().map(identifier).collect(),
            evidence: own.evidence.is_some(),
            list: status.and_then(|status| status.status_list_credential.clone()),
        }
    }
}

/// Whether a badge is of this run, and nothing in it has to be looked at more closely.
fn is_usual(job: &Job, own: &OwnTexts) -> bool {
    let is_plain = |text: &&str| !text.chars().any(char::is_control);
    own.awarded == job.awarded
        && own.valid_from == job.awarded.max(job.now.into())
        && own.valid_until == job.valid_until
        && slots(own).iter().all(is_plain)
}

/// Compiles the badges of a kind.
fn batch(job: &Job, own: &OwnTexts) -> Result<Batch, Error> {
    let prototype = prototype(job, own);
    Batch::new(
        &unsigned(job, &prototype)?,
        &slots(&prototype),
        job.key.clone(),
        job.proof.clone(),
    )
}

/// A badge of the same kind whose own texts occur nowhere else in it.
fn prototype(job: &Job, own: &OwnTexts) -> OwnTexts {
    let text = |number: usize| job.seed.unlikely(number);
    let mut prototype = own.clone();
    prototype.badge = format!("urn:uuid:{}", text(0));
    prototype.subject = format!("urn:uuid:{}", text(1));
    prototype.evidence = own
        .evidence
        .as_ref()
        .map(|_| format!("urn:uuid:{}", text(2)));
    if let Some(status) = &mut prototype.status {
        status.id = Some(format!("urn:uuid:{}", text(3)));
        status.status_list_index = Some(text(4).as_u128().to_string());
    }
    for (number, identifier) in prototype.identifiers.iter_mut().enumerate() {
        let text = text(5 + number).simple();
        identifier.identity_hash = match identifier.hashed {
            true => format!("sha256${text}{text}"),
            false => text.to_string(),
        };
    }
    prototype
}

/// The texts of a badge in the order of its slots.
fn slots(own: &OwnTexts) -> Vec<&str> {
    let status = own.status.as_ref();
    let status = status.map(|status| [&status.id, &status.status_list_index]);
    let status = status.into_iter().flatten().filter_map(Option::as_deref);
    let identifiers = own.identifiers.iter();
    [own.badge.as_str(), &own.subject]
        .into_iter()
        .chain(own.evidence.as_deref())
        .chain(status)
        .chain(identifiers.map(|identifier| identifier.identity_hash.as_str()))
        .collect()
}
