use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::class::{Class, Types};
use super::context;
use super::date_time::DateTimeZ;
use super::envelope::{CredentialSchema, CredentialStatus, RefreshService, TermsOfUse};
use super::evidence::Evidence;
use super::image::Image;
use super::one_or_many::{documents, first, one, one_or_many, optional};
use super::period::{Period, unread};
use super::profile::{Profile, profile_ref};
use super::schema::{self, Invalid};
use super::subject::AchievementSubject;

/// A badge: that somebody achieved something, said by an issuer.
///
/// When building one, `issuer` is who signs it. When reading one, this is a view of the document,
/// which has perhaps more members than these; the document is what was signed. It can be read from
/// JSON only, as `serde_json` gives it, because the endorsements keep their text.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "Self")]
pub struct AchievementCredential {
    /// The badge's URI.
    pub id: String,
    /// `VerifiableCredential` and `OpenBadgeCredential`, and perhaps more.
    #[serde(default)]
    pub r#type: Types<Self>,
    /// The name of the badge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is, in a few words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// A picture.
    #[serde(
        default,
        deserialize_with = "optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub image: Option<Image>,
    /// Who issues it.
    #[serde(deserialize_with = "profile_ref")]
    pub issuer: Profile,
    /// From when this version is valid.
    #[serde(skip_deserializing, default = "unread")]
    pub valid_from: DateTimeZ,
    /// Until when it is valid.
    #[serde(skip_deserializing, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<DateTimeZ>,
    /// When the badge was first awarded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub awarded_date: Option<DateTimeZ>,
    /// Who achieved what.
    #[serde(deserialize_with = "one")]
    pub credential_subject: AchievementSubject,
    /// What shows that it was achieved.
    #[serde(
        default,
        deserialize_with = "one_or_many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub evidence: Vec<Evidence>,
    /// What others say about this badge, as the signed documents that they are.
    #[serde(
        default,
        deserialize_with = "documents",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub endorsement: Vec<Box<RawValue>>,
    /// The same, signed as JWT.
    #[serde(
        default,
        deserialize_with = "one_or_many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub endorsement_jwt: Vec<String>,
    /// Where it is said whether it has been revoked.
    #[serde(
        default,
        deserialize_with = "first",
        skip_serializing_if = "Option::is_none"
    )]
    pub credential_status: Option<CredentialStatus>,
    /// The schemas that it conforms to.
    #[serde(
        default,
        deserialize_with = "one_or_many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub credential_schema: Vec<CredentialSchema>,
    /// Where its newest version is.
    #[serde(
        default,
        deserialize_with = "optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub refresh_service: Option<RefreshService>,
    /// What is permitted and forbidden.
    #[serde(
        default,
        deserialize_with = "one_or_many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub terms_of_use: Vec<TermsOfUse>,
}

impl AchievementCredential {
    /// A badge with all that is required of one.
    pub fn new(
        id: impl Into<String>,
        issuer: Profile,
        valid_from: impl Into<DateTimeZ>,
        credential_subject: AchievementSubject,
    ) -> Self {
        Self {
            id: id.into(),
            r#type: Types::default(),
            name: None,
            description: None,
            image: None,
            issuer,
            valid_from: valid_from.into(),
            valid_until: None,
            awarded_date: None,
            credential_subject,
            evidence: Vec::new(),
            endorsement: Vec::new(),
            endorsement_jwt: Vec::new(),
            credential_status: None,
            credential_schema: Vec::new(),
            refresh_service: None,
            terms_of_use: Vec::new(),
        }
    }

    /// The `@context` that the badge is written with.
    #[must_use]
    pub fn context(&self) -> Vec<&'static str> {
        context::contexts(
            self.credential_status.as_ref(),
            &self.credential_schema,
            self.refresh_service.as_ref(),
        )
    }

    /// Whether it may be issued as it is.
    ///
    /// # Errors
    /// The first departure from the data model.
    pub fn validate(&self) -> Result<(), Invalid> {
        schema::validate(self)
    }
}

impl Class for AchievementCredential {
    /// The two names of a badge have the same IRI; JSON-LD compaction chooses this one.
    const NAMES: &'static [&'static str] = &["VerifiableCredential", "OpenBadgeCredential"];
    const ALIASES: &'static [&'static str] = &["AchievementCredential"];
}

impl Serialize for AchievementCredential {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Written<'c> {
            #[serde(rename = "@context")]
            context: Vec<&'static str>,
            #[serde(flatten, serialize_with = "AchievementCredential::serialize")]
            credential: &'c AchievementCredential,
        }
        let written = Written {
            context: self.context(),
            credential: self,
        };
        written.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for AchievementCredential {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Box::<RawValue>::deserialize(deserializer)?;
        let mut json = serde_json::Deserializer::from_str(text.get());
        let credential = Self::deserialize(&mut json).map_err(D::Error::custom)?;
        let period = Period::read(&text).map_err(D::Error::custom)?;
        Ok(Self {
            valid_from: period.valid_from,
            valid_until: period.valid_until,
            ..credential
        })
    }
}
