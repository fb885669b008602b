//! Makes badges: signs and bakes one after another. Each thread has a press of its own.

use badges_core::credential::{SignedCredential, UnsignedCredential};
use badges_core::participants::Participant;
use badges_core::{Error, bake, press};

use super::job::{Job, OwnTexts};
use crate::folder::ledger::Award;

/// Makes badges.
pub(crate) struct Press<'j> {
    job: &'j Job,
    press: press::Press,
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

impl<'j> Press<'j> {
    pub(crate) fn new(job: &'j Job) -> Self {
        let press = press::Press::new(job.common(job.dates()), job.key.clone(), job.proof.clone());
        Self { job, press }
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
        // A badge whose files were lost is of another day.
        let signed = match own.dates == job.dates() {
            true => self.press.sign(&own.texts)?,
            false => unsigned(job, &own)?.sign(&job.key, &job.proof)?,
        };
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
}

/// The badge before it is signed.
///
/// # Errors
/// What of it does not conform.
pub(crate) fn unsigned(job: &Job, own: &OwnTexts) -> Result<UnsignedCredential, Error> {
    UnsignedCredential::badge(&own.texts.badge(&job.common(own.dates)))
}
