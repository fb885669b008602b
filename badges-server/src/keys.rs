//! The keys of an issuer, from their making to their end.
//!
//! An issuer has two: Ed25519 signs badges as JSON (`eddsa-rdfc-2022`), P-256 signs JWTs (ES256), which
//! are taken in more places than EdDSA. An issuer that is a did:key has only the one that it is: its
//! JWTs are signed with EdDSA.

use badges_core::key::{Algorithm, KeyFileFault, PublicKey, SigningKey};
use badges_core::publish::{Base, Identity};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::seal::{Seal, SealError};

/// What may be done with a key. It only ever goes down this list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum KeyState {
    /// It signs.
    Active,
    /// It signs no more, and what it signed is valid.
    Retired,
    /// Somebody else may have it: nothing that it signed is valid.
    Compromised,
}

/// A key as the database holds it.
#[derive(Clone, Debug)]
pub(crate) struct StoredKey {
    /// The public half.
    pub(crate) public: PublicKey,
    /// The key file of the secret half, sealed: `age --decrypt` makes of it what `badges` reads.
    pub(crate) sealed: Vec<u8>,
    /// What may be done with it.
    pub(crate) state: KeyState,
}

/// Why a stored key cannot be used. Never contains any of it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyError {
    /// It could not be sealed or unsealed.
    #[error("the issuer's key `{name}`: {error}")]
    Seal {
        /// The key's name.
        name: String,
        /// Why.
        error: SealError,
    },
    /// What was sealed is no key.
    #[error("the issuer's key `{name}` is damaged ({fault}): put the data back from a copy")]
    Damaged {
        /// The key's name.
        name: String,
        /// Why.
        fault: KeyFileFault,
    },
    /// RSA, which has no did:key.
    #[error("the issuer's key `{0}` has no did:key")]
    NoDid(String),
    /// A slug that makes no address.
    #[error("{0:?} is no address that an issuer can have")]
    Address(String),
}

impl KeyState {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::Active, Self::Retired, Self::Compromised];

    /// The word for it in the database.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Retired => "retired",
            Self::Compromised => "compromised",
        }
    }

    /// Reads that word.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether a key in this state can get into another: never back.
    #[cfg(test)]
    pub(crate) fn can_become(self, next: Self) -> bool {
        self < next
    }
}

impl StoredKey {
    /// Seals a new key.
    ///
    /// # Errors
    /// When that fails.
    pub(crate) fn new(key: &SigningKey, seal: &Seal) -> Result<Self, KeyError> {
        let public = key.public_key().clone();
        let text = key.to_file_text().ok_or_else(|| KeyError::Damaged {
            name: public.name(),
            fault: KeyFileFault::UnknownFormat,
        })?;
        let sealed = seal.seal(text.as_bytes()).map_err(|error| KeyError::Seal {
            name: public.name(),
            error,
        })?;
        Ok(Self {
            public,
            sealed,
            state: KeyState::Active,
        })
    }

    /// Unseals the key, and makes sure that it is the one that the database says.
    ///
    /// # Errors
    /// When the sealing key is another one, or the key is damaged.
    pub(crate) fn unseal(&self, seal: &Seal) -> Result<SigningKey, KeyError> {
        let text = seal.unseal(&self.sealed).map_err(|error| KeyError::Seal {
            name: self.public.name(),
            error,
        })?;
        let damaged = |fault| KeyError::Damaged {
            name: self.public.name(),
            fault,
        };
        let text = std::str::from_utf8(&text).map_err(|_| damaged(KeyFileFault::UnknownFormat))?;
        let key = SigningKey::from_file_text(text).map_err(damaged)?;
        if *key.public_key() == self.public {
            Ok(key)
        } else {
            Err(damaged(KeyFileFault::Mismatch))
        }
    }
}

/// The two keys of a new issuer, or those that follow: Ed25519 and P-256, of random bytes.
pub(crate) fn new_keys(random: &[u8; 64]) -> [SigningKey; 2] {
    let (mut seed, mut scalar) = (Zeroizing::new([0; 32]), Zeroizing::new([0; 32]));
    seed.copy_from_slice(&random[..32]);
    scalar.copy_from_slice(&random[32..]);
    let p256 = loop {
        if let Some(key) = SigningKey::p256(&scalar) {
            break key;
        }
        // One in 2^32 numbers is none of the curve's; its hash is another number.
        *scalar = Sha256::digest(*scalar).into();
    };
    [SigningKey::ed25519(&seed), p256]
}

/// Who an issuer is whose first badge is about to be signed: an address below the service's own on
/// the web, else, on trial, its Ed25519 key.
///
/// # Errors
/// When `slug` cannot stand in an address.
pub(crate) fn identity(
    service: Option<&Base>,
    slug: &str,
    key: &PublicKey,
) -> Result<Identity, KeyError> {
    let Some(service) = service else {
        return Identity::of_key(key).ok_or_else(|| KeyError::NoDid(key.name()));
    };
    let address = service.url(&format!("issuers/{slug}"));
    match address.parse::<Base>() {
        Ok(base) if base.to_string() == address => Ok(Identity::Web(base)),
        _ => Err(KeyError::Address(address)),
    }
}

/// The keys that the issuer's documents list for making assertions: every badge that one of them
/// signed is valid. Retired ones are among them, without anything that says so
/// ([`badges_core::publish::did_document`] tells why); compromised ones are not.
pub(crate) fn listed(keys: &[StoredKey]) -> Vec<PublicKey> {
    keys.iter()
        .filter(|key| key.state != KeyState::Compromised)
        .map(|key| key.public.clone())
        .collect()
}

/// The key that signs the issuer's badges as JSON.
pub(crate) fn for_json<'k>(keys: &'k [StoredKey], issuer: &Identity) -> Option<&'k StoredKey> {
    active(keys, issuer, Algorithm::EdDsa)
}

/// The key that signs the issuer's badges as JWT.
pub(crate) fn for_jwt<'k>(keys: &'k [StoredKey], issuer: &Identity) -> Option<&'k StoredKey> {
    let algorithm = match issuer {
        Identity::Web(_) => Algorithm::Es256,
        Identity::Key(_) => Algorithm::EdDsa,
    };
    active(keys, issuer, algorithm)
}

/// The key that signs now with an algorithm.
pub(crate) fn active<'k>(
    keys: &'k [StoredKey],
    issuer: &Identity,
    algorithm: Algorithm,
) -> Option<&'k StoredKey> {
    keys.iter().find(|key| {
        key.state == KeyState::Active
            && key.public.algorithm() == algorithm
            && issuer.can_have(&key.public)
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use badges_core::credential::{SignedCredential, UnsignedCredential, verification_method};
    use badges_core::documents::{Answer, Documents};
    use badges_core::model::{
        Achievement, AchievementCredential, AchievementSubject, Criteria, Profile, parse_date_time,
    };
    use badges_core::publish::did_document;
    use badges_core::verify::{Question, Verdict, verify};
    use badges_core::{did, proof::data_integrity::ProofOptions};

    use super::*;
    use crate::seal::{IfMissing, SealSource};

    const DATE: &str = "2026-01-15T09:30:00Z";

    fn service() -> Option<Base> {
        Some("https://badges.example.org".parse().unwrap())
    }

    fn new_seal() -> Seal {
        let folder = tempfile::tempdir().unwrap();
        let source = SealSource::File(folder.path().join("sealing-key"));
        Seal::open(&source, IfMissing::Make).unwrap().0
    }

    fn stored(byte: u8, seal: &Seal) -> Vec<StoredKey> {
        let keys = new_keys(&[byte; 64]);
        keys.iter()
            .map(|key| StoredKey::new(key, seal).unwrap())
            .collect()
    }

    fn badge(issuer: &Identity) -> UnsignedCredential {
        let achievement = Achievement::new(
            issuer.achievement("editor", "00000000-0000-4000-8000-000000000001"),
            "Wikipedia Editor",
            "Edits articles with sources.",
            Criteria::narrative("Write three articles."),
        );
        let mut subject = AchievementSubject::new(achievement);
        subject.id = Some("urn:uuid:00000000-0000-4000-8000-000000000002".to_owned());
        let mut profile = Profile::new(issuer.did());
        profile.name = Some("Example Academy".to_owned());
        let mut badge = AchievementCredential::new(
            issuer.badge("token", "00000000-0000-4000-8000-000000000003"),
            profile,
            parse_date_time(DATE).unwrap(),
            subject,
        );
        badge.name = Some("Wikipedia Editor".to_owned());
        UnsignedCredential::badge(&badge).unwrap()
    }

    /// A badge as JSON and as JWT, by the keys that sign now.
    fn badges(keys: &[StoredKey], issuer: &Identity, seal: &Seal) -> [SignedCredential; 2] {
        let method = |key: &SigningKey| verification_method(issuer.did(), key.public_key());
        let key = for_json(keys, issuer).unwrap().unseal(seal).unwrap();
        let options = ProofOptions {
            verification_method: method(&key),
            created: DATE.to_owned(),
            ..ProofOptions::default()
        };
        let json = badge(issuer).sign(&key, &options).unwrap();
        let key = for_jwt(keys, issuer).unwrap().unseal(seal).unwrap();
        let jwt = badge(issuer).sign_jwt(&key, &method(&key)).unwrap();
        [json, jwt]
    }

    fn verdicts(
        badges: &[SignedCredential; 2],
        keys: &[StoredKey],
        issuer: &Identity,
    ) -> [Verdict; 2] {
        let mut documents = Documents::new();
        if let Some(url) = did::web_document_url(issuer.did()) {
            let document = did_document(issuer.did(), &listed(keys)).to_string();
            documents.insert(&url, Answer::Loaded(document.into_bytes()));
        }
        let now = parse_date_time("2026-03-04T10:00:00Z").unwrap();
        let question = Question::new(&documents, now);
        [0, 1].map(|at| verify(badges[at].text().as_bytes(), &question).verdict())
    }

    #[test]
    fn badges_outlive_a_retired_key_but_not_a_compromised_one() {
        let seal = new_seal();
        let mut keys = stored(1, &seal);
        let issuer = identity(service().as_ref(), "a", &keys[0].public).unwrap();
        assert_eq!(issuer.did(), "did:web:badges.example.org:issuers:a");
        let old = badges(&keys, &issuer, &seal);
        assert_eq!(verdicts(&old, &keys, &issuer), [Verdict::Valid; 2]);

        for key in &mut keys {
            key.state = KeyState::Retired;
        }
        assert!(for_json(&keys, &issuer).is_none() && for_jwt(&keys, &issuer).is_none());
        keys.extend(stored(2, &seal));
        assert_eq!(for_json(&keys, &issuer).unwrap().public, keys[2].public);
        assert_eq!(for_jwt(&keys, &issuer).unwrap().public, keys[3].public);
        let new = badges(&keys, &issuer, &seal);
        assert_eq!(verdicts(&old, &keys, &issuer), [Verdict::Valid; 2]);
        assert_eq!(verdicts(&new, &keys, &issuer), [Verdict::Valid; 2]);

        for key in &mut keys[..2] {
            key.state = KeyState::Compromised;
        }
        assert_eq!(verdicts(&old, &keys, &issuer), [Verdict::Invalid; 2]);
        assert_eq!(verdicts(&new, &keys, &issuer), [Verdict::Valid; 2]);
    }

    #[test]
    fn on_trial_an_issuer_is_its_key_and_has_no_other() {
        let seal = new_seal();
        let mut keys = stored(1, &seal);
        let issuer = identity(None, "a", &keys[0].public).unwrap();
        assert_eq!(Some(issuer.did()), did::did_key(&keys[0].public).as_deref());
        let badges = badges(&keys, &issuer, &seal);
        assert_eq!(verdicts(&badges, &[], &issuer), [Verdict::Valid; 2]);
        keys[0].state = KeyState::Retired;
        keys.extend(stored(2, &seal));
        assert!(for_json(&keys, &issuer).is_none() && for_jwt(&keys, &issuer).is_none());
    }

    #[test]
    fn an_address_that_cannot_be_is_no_trial() {
        let key = SigningKey::ed25519(&[1; 32]);
        for slug in ["a b", "..", "a?b", "", "a/"] {
            assert!(
                identity(service().as_ref(), slug, key.public_key()).is_err(),
                "{slug}"
            );
        }
    }

    #[test]
    fn a_key_that_was_exchanged_in_the_database_does_not_sign() {
        let seal = new_seal();
        let mut keys = stored(1, &seal);
        assert!(keys[0].unseal(&seal).is_ok());
        keys[0].sealed = stored(2, &seal)[0].sealed.clone();
        let error = keys[0].unseal(&seal).unwrap_err();
        assert!(
            error.to_string().contains(&keys[0].public.name()),
            "{error}"
        );
        keys[0].sealed = seal.seal(b"text").unwrap();
        assert!(matches!(
            keys[0].unseal(&seal),
            Err(KeyError::Damaged { .. })
        ));
        let other = new_seal();
        assert!(matches!(
            keys[1].unseal(&other),
            Err(KeyError::Seal {
                error: SealError::OtherKey { .. },
                ..
            })
        ));
    }

    #[test]
    fn any_random_bytes_make_keys() {
        for byte in [0, 7, 0xff] {
            let [first, second] = [(); 2].map(|()| new_keys(&[byte; 64]));
            for (first, second) in first.iter().zip(&second) {
                assert_eq!(first.public_key(), second.public_key());
            }
        }
        assert!(SigningKey::p256(&[0; 32]).is_none() && SigningKey::p256(&[0xff; 32]).is_none());
    }

    #[test]
    fn states_only_get_worse() {
        for (at, state) in KeyState::ALL.into_iter().enumerate() {
            assert_eq!(KeyState::from_word(state.as_str()), Some(state));
            for (to, next) in KeyState::ALL.into_iter().enumerate() {
                assert_eq!(state.can_become(next), at < to, "{state:?} {next:?}");
            }
        }
        assert_eq!(KeyState::from_word("Active"), None);
    }
}
