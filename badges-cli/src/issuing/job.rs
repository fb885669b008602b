//! What all badges of a run have in common, and how one of them is made.

use badges_core::did;
use badges_core::key::SigningKey;
use badges_core::model::{
    AchievementCredential, AchievementSubject, DateTimeZ, Evidence, IdentifierType, IdentityObject,
};
use badges_core::participants::{Participant, RecipientKey};
use badges_core::press::Own;
use badges_core::proof::data_integrity::ProofOptions;
use clap::ValueEnum;
use time::OffsetDateTime;

use super::jwt::JwtKey;
use super::press::{NoBadge, Press};
use crate::error::{Code, Error};
use crate::folder::achievement::AchievementFile;
use crate::folder::issuer::Issuer;
use crate::folder::ledger::{Award, Purpose, StatusEntry};
use crate::folder::picture::PictureFile;
use crate::folder::seed::{AwardKey, Seed};
use crate::folder::{Folder, settings, status};

/// What a badge says about who holds it, beside an id that means nothing to anybody else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Identify {
    /// Nothing.
    #[default]
    None,
    /// The user name, for everybody to read, and to find.
    Name,
    /// A hash of the user name (else of the identifier or e-mail address), with a salt that only
    /// the holder gets, from `awards.csv`. The holder shows name and salt to whoever should know:
    /// `badges verify --recipient NAME --salt SALT`. Other verifiers cannot confirm it.
    Hashed,
    /// The DID of the row, such as that of a wallet, as the holder's id.
    Did,
}

/// All that the badges of one run have in common.
pub(crate) struct Job {
    pub(crate) issuer: Issuer,
    pub(crate) seed: Seed,
    /// The achievement, with its picture.
    pub(crate) achievement: AchievementFile,
    /// What badges are baked into.
    pub(crate) carrier: PictureFile,
    pub(crate) key: SigningKey,
    /// How the key signs.
    pub(crate) proof: ProofOptions,
    pub(crate) jwt: Option<JwtKey>,
    pub(crate) identify: Identify,
    pub(crate) email_in_clear: bool,
    pub(crate) awarded: DateTimeZ,
    pub(crate) valid_until: Option<DateTimeZ>,
    pub(crate) now: OffsetDateTime,
    /// Evidence for everybody.
    pub(crate) evidence: Vec<Evidence>,
}

/// What one badge says and no other does.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OwnTexts {
    pub(crate) texts: Own,
    pub(crate) dates: Dates,
}

/// When a badge was awarded, and when it is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dates {
    pub(crate) awarded: DateTimeZ,
    pub(crate) valid_from: DateTimeZ,
    pub(crate) valid_until: Option<DateTimeZ>,
}

impl Job {
    /// The achievement's id.
    pub(crate) fn achievement_id(&self) -> &str {
        &self.achievement.achievement.id
    }

    /// What a badge's status can be about; `None` where there is no address to ask at.
    pub(crate) fn purpose(&self) -> Option<Purpose> {
        self.issuer.base()?;
        Some(if self.achievement.suspendable {
            Purpose::Suspension
        } else {
            Purpose::Revocation
        })
    }

    /// What an award's secrets are made of.
    pub(crate) fn award_key<'a>(&'a self, recipient: &'a str, renewal: u32) -> AwardKey<'a> {
        AwardKey {
            achievement: self.achievement_id(),
            recipient,
            renewal,
        }
    }

    /// What the ledger says of a new badge.
    pub(crate) fn award(
        &self,
        participant: &Participant,
        renewal: u32,
        status: Option<StatusEntry>,
    ) -> Award {
        let recipient = participant.key().to_string();
        let key = self.award_key(&recipient, renewal);
        let mut files = vec!["json".to_owned()];
        files.push(self.carrier.format.extension().to_owned());
        if self.jwt.is_some() {
            files.push("jwt".to_owned());
        }
        let own_did = did_of(participant).filter(|_| self.identify == Identify::Did);
        Award {
            token: self.seed.token(key),
            achievement: self.achievement_id().to_owned(),
            slug: self.achievement.slug.clone(),
            keys: keys_of(participant),
            name: shown_name(participant),
            renewal,
            badge: self.issuer.badge_id(key, &self.seed),
            subject: own_did.map_or_else(
                || self.seed.subject_uuid(key).urn().to_string(),
                str::to_owned,
            ),
            status,
            salt: (self.identify == Identify::Hashed).then(|| self.seed.salt(key)),
            files,
            awarded: self.awarded,
            valid_until: self.valid_until,
            issued: DateTimeZ::from(self.now),
        }
    }

    /// What the list does not tell of a person, and the badge is to say; `None` when all is there.
    pub(crate) fn lacks(&self, participant: &Participant) -> Option<&'static str> {
        let (is_there, what) = match self.identify {
            Identify::None => return None,
            Identify::Name => (participant.name().is_some(), "user name"),
            Identify::Hashed => (
                participant
                    .keys()
                    .any(|key| !matches!(key, RecipientKey::CentralId(_))),
                "user name, identifier or e-mail address",
            ),
            Identify::Did => (did_of(participant).is_some(), "DID"),
        };
        (!is_there).then_some(what)
    }

    /// What a badge says that others do not.
    pub(crate) fn own_texts(&self, participant: &Participant, award: &Award) -> OwnTexts {
        let status = award.status.zip(self.issuer.base());
        OwnTexts {
            texts: Own {
                badge: award.badge.clone(),
                subject: award.subject.clone(),
                identifiers: self.identifiers(participant, award),
                evidence: participant.evidence().map(str::to_owned),
                status: status.map(|(entry, base)| status::credential_status(entry, base)),
            },
            dates: Dates {
                awarded: award.awarded,
                valid_from: award.issued.max(award.awarded),
                valid_until: award.valid_until,
            },
        }
    }

    /// The dates of the badges that are new.
    pub(crate) fn dates(&self) -> Dates {
        Dates {
            awarded: self.awarded,
            valid_from: self.awarded.max(self.now.into()),
            valid_until: self.valid_until,
        }
    }

    /// What all badges of these dates say.
    pub(crate) fn common(&self, dates: Dates) -> AchievementCredential {
        let achievement = self.achievement.achievement.clone();
        let name = achievement.name.clone();
        let profile = self.issuer.profile.clone();
        let subject = AchievementSubject::new(achievement);
        let mut badge = AchievementCredential::new("", profile, dates.valid_from, subject);
        badge.name = Some(name);
        badge.awarded_date = Some(dates.awarded);
        badge.valid_until = dates.valid_until;
        badge.evidence.clone_from(&self.evidence);
        badge
    }

    /// Makes a badge for nobody, so that what is wrong for everybody is said once.
    ///
    /// # Errors
    /// What is wrong, and in which file.
    pub(crate) fn rehearse(&self, folder: &Folder) -> Result<(), Error> {
        let participant = Participant::from(RecipientKey::CentralId(0));
        let list = self.purpose().map(|purpose| StatusEntry {
            list: 1,
            index: 0,
            purpose,
        });
        let award = self.award(&participant, 0, list);
        Press::new(self)
            .make(&participant, &award)
            .map(|_| ())
            .map_err(|error| self.located(&error, folder))
    }

    /// Says in which file something is wrong.
    fn located(&self, error: &NoBadge, folder: &Folder) -> Error {
        let text = error.to_string();
        let file = &self.achievement.path;
        for prefix in [
            "credentialSubject.achievement.",
            "credentialSubject.achievement",
        ] {
            if let Some(fault) = text.strip_prefix(prefix) {
                return settings::fault(file, "", fault.trim_start_matches([':', ' ']));
            }
        }
        if let Some(fault) = text.strip_prefix("issuer.") {
            return settings::fault(&folder.settings(), "", fault);
        }
        let hint = if text.starts_with("validUntil") {
            "the badge would end before it begins; choose another date"
        } else {
            "correct the achievement's file or the options"
        };
        Error::new(Code::Data, format!("no badge can be made: {text}")).hint(hint)
    }

    fn identifiers(&self, participant: &Participant, award: &Award) -> Vec<IdentityObject> {
        let name = participant
            .name()
            .map(|name| (IdentifierType::UserName, name.as_str()));
        let mut identifiers = Vec::new();
        match (self.identify, &award.salt) {
            (Identify::Name, _) => {
                identifiers.extend(name.map(|(kind, name)| IdentityObject::plain(kind, name)));
            }
            (Identify::Hashed, Some(salt)) => {
                let id = || Some((IdentifierType::Identifier, participant.id()?));
                let email = || Some((IdentifierType::EmailAddress, participant.email()?));
                if let Some((kind, text)) = name.or_else(id).or_else(email) {
                    identifiers.push(IdentityObject::hashed(kind, text, salt, false));
                }
            }
            _ => {}
        }
        if self.email_in_clear
            && let Some(email) = participant.email()
        {
            identifiers.push(IdentityObject::plain(IdentifierType::EmailAddress, email));
        }
        identifiers
    }
}

/// The DID of a row, if its identifier is one.
fn did_of(participant: &Participant) -> Option<&str> {
    participant.id().filter(|id| did::did_of(id) == Some(*id))
}

/// What the ledger knows a person by.
pub(crate) fn keys_of(participant: &Participant) -> Vec<String> {
    participant.keys().map(RecipientKey::to_string).collect()
}

/// What a person is called in lists.
pub(crate) fn shown_name(participant: &Participant) -> String {
    let name = participant.name().map(|name| name.as_str());
    name.or_else(|| participant.display_name())
        .or_else(|| participant.id())
        .or_else(|| participant.email())
        .map_or_else(|| participant.key().to_string(), str::to_owned)
}
