use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::class::{Class, Types};
use super::context;
use super::date_time::DateTimeZ;
use super::envelope::{CredentialSchema, CredentialStatus, RefreshService, TermsOfUse};
use super::one_or_many::{first, one, one_or_many, optional, or_empty};
use super::period::{Period, unread};
use super::profile::{Profile, profile_ref};
use super::schema::{self, Invalid};

/// What somebody says in favour of a badge, an achievement or an organisation.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "Self")]
pub struct EndorsementCredential {
    /// The endorsement's URI.
    pub id: String,
    /// `VerifiableCredential` and `EndorsementCredential`, and perhaps more.
    #[serde(default)]
    pub r#type: Types<Self>,
    /// The name; required, but absent in documents of others.
    #[serde(default, deserialize_with = "or_empty")]
    pub name: String,
    /// What it is, in a few words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Who says it.
    #[serde(deserialize_with = "profile_ref")]
    pub issuer: Profile,
    /// From when it is valid.
    #[serde(skip_deserializing, default = "unread")]
    pub valid_from: DateTimeZ,
    /// Until when it is valid.
    #[serde(skip_deserializing, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<DateTimeZ>,
    /// When it was first said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub awarded_date: Option<DateTimeZ>,
    /// About what, and what.
    #[serde(deserialize_with = "one")]
    pub credential_subject: EndorsementSubject,
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

impl EndorsementCredential {
    /// An endorsement with all that is required of one.
    pub fn new(
        id: impl Into<String>,
        name: impl Into<String>,
        issuer: Profile,
        valid_from: impl Into<DateTimeZ>,
        credential_subject: EndorsementSubject,
    ) -> Self {
        Self {
            id: id.into(),
            r#type: Types::default(),
            name: name.into(),
            description: None,
            issuer,
            valid_from: valid_from.into(),
            valid_until: None,
            awarded_date: None,
            credential_subject,
            credential_status: None,
            credential_schema: Vec::new(),
            refresh_service: None,
            terms_of_use: Vec::new(),
        }
    }

    /// The `@context` that the endorsement is written with.
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

impl Class for EndorsementCredential {
    const NAMES: &'static [&'static str] = &["VerifiableCredential", "EndorsementCredential"];
}

impl Serialize for EndorsementCredential {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Written<'c> {
            #[serde(rename = "@context")]
            context: Vec<&'static str>,
            #[serde(flatten, serialize_with = "EndorsementCredential::serialize")]
            credential: &'c EndorsementCredential,
        }
        let written = Written {
            context: self.context(),
            credential: self,
        };
        written.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for EndorsementCredential {
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

/// What is said in an endorsement, and about what.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EndorsementSubject {
    /// The URI of the badge, achievement, person or organisation.
    pub id: String,
    /// `EndorsementSubject`, and perhaps more.
    #[serde(default)]
    pub r#type: Types<Self>,
    /// What is said, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endorsement_comment: Option<String>,
}

impl EndorsementSubject {
    /// Something about whatever has this URI.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            ..Self::default()
        }
    }
}

impl Class for EndorsementSubject {
    const NAMES: &'static [&'static str] = &["EndorsementSubject"];
}
