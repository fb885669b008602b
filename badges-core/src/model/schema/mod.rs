//! The rules of Open Badges 3.0 (section B, "Open Badges Data Models") over strict JSON, as tables
//! in the order of the specification: one per class, with the cardinality and kind of each member.
//!
//! - `class`: the words that the tables are written in.
//! - `credential`, `achievement`, `profile`: the tables of Open Badges.
//! - `data_model`: the tables of other credentials.
//! - `rule`: what holds between several members.
//! - `json_schema`: the same tables as JSON Schema documents.
//! - `walk`: goes through a document with the tables; `kind` checks one value.
//!
//! Checking a document that conforms allocates nothing.

mod achievement;
mod class;
mod credential;
mod data_model;
mod departure;
mod json_schema;
mod kind;
mod lexical;
mod place;
mod profile;
mod rule;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;
mod walk;

use serde::Serialize;

use super::document::{CredentialKind, DataModel};
use crate::json::{self, Value};

pub(super) use departure::excerpt;
pub use departure::{Departure, DepartureKind, Invalid, Severity};
pub use json_schema::JsonSchema;
pub(super) use lexical::{is_extension_term, is_language_tag};
pub(crate) use place::Place;

/// How strictly a document is read; each reading has all the faults of the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reading {
    /// A document of somebody else: what can be understood in only one way is at most a note.
    Lenient,
    /// A document that says it conforms to the standard's JSON Schema, so that verifying includes
    /// the schema (section 9.1, step 1): what the schema refuses is a fault.
    Declared,
    /// A document that we issue: every departure is a fault.
    Strict,
}

impl Reading {
    /// The reading that a verifier takes: [`Reading::Declared`] when the credential has a
    /// `credentialSchema` of type `1EdTechJsonSchemaValidator2019`.
    #[must_use]
    pub fn of(credential: &Value<'_>) -> Self {
        let declared = credential
            .list("credentialSchema")
            .iter()
            .any(|schema| schema.has_type(super::context::JSON_SCHEMA_TYPE));
        if declared {
            Self::Declared
        } else {
            Self::Lenient
        }
    }
}

/// Whether a `credentialSchema` of a credential is the standard's own for its class, whose rules are
/// these tables. The one for badges was about version 1.1 of the Verifiable Credentials Data Model
/// before it was about 2.0, so it is taken for the class of either.
pub(crate) fn is_of_standard(credential: &Value<'_>, schema: &Value<'_>) -> bool {
    const FOLDER: &str = "https://purl.imsglobal.org/spec/ob/v3p0/schema/";
    let class = match CredentialKind::of(credential) {
        CredentialKind::Badge => "achievementcredential",
        CredentialKind::Endorsement => "endorsementcredential",
        CredentialKind::StatusList | CredentialKind::Record | CredentialKind::Other => {
            return false;
        }
    };
    let path = schema.text("id").and_then(|id| id.strip_prefix(FOLDER));
    let file = path.and_then(|path| {
        path.strip_prefix("json/ob_v3p0_")
            .or_else(|| path.strip_prefix("json-ld/ob_v3p0_"))
    });
    let name = file.and_then(|file| file.strip_suffix("_schema.json"));
    schema.has_type(super::context::JSON_SCHEMA_TYPE)
        && name.is_some_and(|name| name.strip_prefix("any").unwrap_or(name) == class)
}

/// Compares a credential with the data model that its `type` and first `@context` name.
///
/// Endorsements inside a credential are documents with signatures of their own: in the lenient
/// reading they are left to their own check; otherwise the schema covers them too.
///
/// At most [`MAX_DEPARTURES`] of each severity are listed.
#[must_use]
pub fn check(credential: &Value<'_>, reading: Reading) -> Vec<Departure> {
    let mut walk = walk::Walk::new(reading);
    walk.credential(credential, &Place::DOCUMENT);
    walk.departures
}

/// Compares a presentation with the data model (Verifiable Credentials 2.0, section 4.13). The
/// credentials in it are left to their own check.
#[must_use]
pub fn check_presentation(presentation: &Value<'_>) -> Vec<Departure> {
    let table = match DataModel::of(presentation) {
        DataModel::V1 => &data_model::VERIFIABLE_PRESENTATION_V1,
        DataModel::V2 => &data_model::VERIFIABLE_PRESENTATION,
    };
    let mut walk = walk::Walk::new(Reading::Lenient);
    walk.object(table, presentation, &Place::DOCUMENT);
    walk.departures
}

/// The most departures of one severity that [`check`] lists.
pub const MAX_DEPARTURES: usize = 100;

/// Checks what is to be issued: the JSON that it is written as, in the strict reading.
pub(super) fn validate(credential: &impl Serialize) -> Result<(), Invalid> {
    let document = |problem| Invalid {
        path: String::new(),
        problem,
    };
    let text = serde_json::to_string(credential)
        .map_err(|error| document(DepartureKind::Unwritable(error.to_string())))?;
    let value = json::parse(&text).map_err(|error| document(DepartureKind::Syntax(error)))?;
    match check(&value, Reading::Strict).into_iter().next() {
        None => Ok(()),
        Some(departure) => Err(departure.into()),
    }
}

/// The table of a credential.
fn table(credential: &Value<'_>) -> &'static class::Class {
    match (CredentialKind::of(credential), DataModel::of(credential)) {
        (CredentialKind::Badge, DataModel::V2) => &credential::ACHIEVEMENT_CREDENTIAL,
        (CredentialKind::Badge, DataModel::V1) => &credential::ACHIEVEMENT_CREDENTIAL_V1P1,
        (CredentialKind::Endorsement, DataModel::V2) => &credential::ENDORSEMENT_CREDENTIAL,
        (CredentialKind::Endorsement, DataModel::V1) => &credential::ENDORSEMENT_CREDENTIAL_V1P1,
        (CredentialKind::StatusList, DataModel::V2) => &data_model::STATUS_LIST_CREDENTIAL,
        (
            CredentialKind::StatusList | CredentialKind::Record | CredentialKind::Other,
            DataModel::V1,
        ) => &data_model::VERIFIABLE_CREDENTIAL_V1,
        (CredentialKind::Record | CredentialKind::Other, DataModel::V2) => {
            &data_model::VERIFIABLE_CREDENTIAL
        }
    }
}
