//! The press: signs the badges of one achievement one after another. What they have in common is
//! compiled once for each kind of badge, as [`Batch`] does, and what is special is signed alone.

use std::collections::HashMap;

use sha2::{Digest as _, Sha256};

use crate::batch::Batch;
use crate::credential::{SignedCredential, UnsignedCredential};
use crate::error::Error;
use crate::key::SigningKey;
use crate::model::{AchievementCredential, CredentialStatus, Evidence, IdentityObject};
use crate::proof::data_integrity::ProofOptions;

/// Signs badges that say the same, but for their [`Own`].
pub struct Press {
    common: AchievementCredential,
    key: SigningKey,
    proof: ProofOptions,
    /// By the kind of badge; `None` for kinds that are signed one by one.
    batches: HashMap<Kind, Option<Batch>>,
}

/// What one badge says and the others of a press do not.
#[derive(Clone, Debug, PartialEq)]
pub struct Own {
    /// The badge's id.
    pub badge: String,
    /// The recipient's id.
    pub subject: String,
    /// Other identifiers of the recipient.
    pub identifiers: Vec<IdentityObject>,
    /// The address of something that shows what this person achieved; it follows the evidence that
    /// all have.
    pub evidence: Option<String>,
    /// Where it is said whether the badge has been revoked.
    pub status: Option<CredentialStatus>,
}

/// Badges of one kind differ in nothing but their slots.
#[derive(PartialEq, Eq, Hash)]
struct Kind {
    /// What identifiers there are, and whether they are hashed.
    identifiers: Vec<(String, bool)>,
    evidence: bool,
    list: Option<String>,
}

impl Press {
    /// A press for badges that have this in common.
    #[must_use]
    pub fn new(common: AchievementCredential, key: SigningKey, proof: ProofOptions) -> Self {
        Self {
            common,
            key,
            proof,
            batches: HashMap::new(),
        }
    }

    /// The badge before it is signed.
    ///
    /// # Errors
    /// What of it does not conform.
    pub fn unsigned(&self, own: &Own) -> Result<UnsignedCredential, Error> {
        UnsignedCredential::badge(&own.badge(&self.common))
    }

    /// Signs a badge.
    ///
    /// # Errors
    /// Why it cannot be made; the others can.
    pub fn sign(&mut self, own: &Own) -> Result<SignedCredential, Error> {
        // A control character needs a closer look, which a batch does not take.
        let is_plain = |text: &&str| !text.chars().any(char::is_control);
        if own.slots().iter().all(is_plain) {
            let kind = Kind::of(own);
            if !self.batches.contains_key(&kind) {
                let batch = self.batch(own).ok();
                self.batches.insert(Kind::of(own), batch);
            }
            if let Some(Some(batch)) = self.batches.get_mut(&kind) {
                return batch.sign(&own.slots());
            }
        }
        self.unsigned(own)?.sign(&self.key, &self.proof)
    }

    /// Compiles the badges of a kind.
    fn batch(&self, own: &Own) -> Result<Batch, Error> {
        let prototype = self.prototype(own);
        let unsigned = self.unsigned(&prototype)?;
        let slots = prototype.slots();
        Batch::new(&unsigned, &slots, self.key.clone(), self.proof.clone())
    }

    /// A badge of the same kind whose own texts occur nowhere else in it: hashes of all of it.
    fn prototype(&self, own: &Own) -> Own {
        let common = serde_json::to_vec(&self.common).unwrap_or_default();
        let seed = Sha256::digest(common);
        let text = |number: usize| {
            let digest = Sha256::new()
                .chain_update(seed)
                .chain_update(number.to_be_bytes())
                .finalize();
            let half = digest.iter().take(16);
            half.fold(0, |text: u128, byte| text << 8 | u128::from(*byte))
        };
        let iri = |number: usize| format!("urn:slot:{:032x}", text(number));
        let mut prototype = own.clone();
        prototype.badge = iri(0);
        prototype.subject = iri(1);
        prototype.evidence = own.evidence.as_ref().map(|_| iri(2));
        if let Some(status) = &mut prototype.status {
            status.id = Some(iri(3));
            status.status_list_index = Some(text(4).to_string());
        }
        for (number, identifier) in prototype.identifiers.iter_mut().enumerate() {
            let text = format!("{:032x}", text(5 + number));
            identifier.identity_hash = match identifier.hashed {
                true => format!("sha256${text}{text}"),
                false => text,
            };
        }
        prototype
    }
}

impl Own {
    /// The badge that says this, and what it has in common with others.
    #[must_use]
    pub fn badge(&self, common: &AchievementCredential) -> AchievementCredential {
        let mut badge = common.clone();
        badge.id.clone_from(&self.badge);
        badge.credential_subject.id = Some(self.subject.clone());
        let identifier = &mut badge.credential_subject.identifier;
        identifier.clone_from(&self.identifiers);
        badge
            .evidence
            .extend(self.evidence.as_deref().map(Evidence::at));
        badge.credential_status.clone_from(&self.status);
        badge
    }

    /// The texts in the order of the slots.
    fn slots(&self) -> Vec<&str> {
        let status = self.status.as_ref();
        let status = status.map(|status| [&status.id, &status.status_list_index]);
        let status = status.into_iter().flatten().filter_map(Option::as_deref);
        let identifiers = self.identifiers.iter();
        [self.badge.as_str(), &self.subject]
            .into_iter()
            .chain(self.evidence.as_deref())
            .chain(status)
            .chain(identifiers.map(|identifier| identifier.identity_hash.as_str()))
            .collect()
    }
}

impl Kind {
    fn of(own: &Own) -> Self {
        let identifier = |it: &IdentityObject| (it.identity_type.as_str().to_owned(), it.hashed);
        let status = own.status.as_ref();
        Self {
            identifiers: own.identifiers.iter().map(identifier).collect(),
            evidence: own.evidence.is_some(),
            list: status.and_then(|status| status.status_list_credential.clone()),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::credential::verification_method;
    use crate::model::{
        Achievement, AchievementSubject, Criteria, IdentifierType, Profile, parse_date_time,
    };

    #[test]
    fn a_press_signs_what_signing_alone_signs() {
        let key = SigningKey::ed25519(&[5; 32]);
        let achievement = Achievement::new("urn:example:a", "A", "B", Criteria::narrative("C"));
        let common = AchievementCredential::new(
            "",
            Profile::new("did:web:example.org"),
            parse_date_time("2026-01-01T00:00:00Z").unwrap(),
            AchievementSubject::new(achievement),
        );
        let proof = ProofOptions {
            verification_method: verification_method("did:web:example.org", key.public_key()),
            created: "2026-01-01T00:00:00Z".to_owned(),
            ..ProofOptions::default()
        };
        let mut press = Press::new(common.clone(), key.clone(), proof.clone());
        for number in 0..60 {
            let name = IdentityObject::plain(IdentifierType::UserName, format!("Name {number}"));
            let list = format!("https://example.org/status/{}", number % 2);
            let own = Own {
                badge: format!("https://example.org/badges/{number}"),
                subject: format!("urn:example:{number}"),
                identifiers: Vec::from_iter((number % 3 == 0).then_some(name)),
                evidence: (number % 5 == 0).then(|| format!("https://example.org/e/{number}")),
                status: (number % 7 != 0)
                    .then(|| CredentialStatus::bitstring(&list, number, "revocation")),
            };
            let alone = UnsignedCredential::badge(&own.badge(&common)).unwrap();
            let alone = alone.sign(&key, &proof).unwrap();
            assert_eq!(press.sign(&own).unwrap(), alone);
        }
        assert!(press.batches.len() > 3);
        let mut broken = Own {
            badge: "no iri".to_owned(),
            subject: "urn:example:1".to_owned(),
            identifiers: Vec::new(),
            evidence: None,
            status: None,
        };
        assert!(press.sign(&broken).is_err());
        broken.badge = "urn:example:2".to_owned();
        assert!(press.sign(&broken).is_ok());
        let control = IdentityObject::plain(IdentifierType::UserName, "a\u{1}");
        broken.identifiers.push(control);
        assert!(matches!(
            press.sign(&broken),
            Err(Error::ControlCharacter { .. })
        ));
    }
}
