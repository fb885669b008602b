//! The nouns of Open Badges 3.0, in the specification's words, and the rules that documents made
//! of them keep.
//!
//! The structs are what badges are built from, and a view of those that are read. They write the
//! strictest form of the standard (every list an array, `type` always there, nothing empty), and
//! read whatever can be understood in only one way. A document is never written again from the
//! view: what was signed is its text.
//!
//! ```text
//! AchievementCredential ── issuer: Profile
//!   └─ credentialSubject: AchievementSubject ── identifier: IdentityObject
//!        ├─ achievement: Achievement ── criteria, alignment, related, resultDescription
//!        └─ result: AchievedResult
//! ```
//!
//! [`schema::check`] compares a document, of our own or of somebody else, with the standard.

mod achievement;
mod class;
mod context;
mod credential;
mod date_time;
mod document;
mod endorsement;
mod enumeration;
mod envelope;
mod evidence;
mod identity;
mod image;
mod language;
mod number;
mod one_or_many;
mod period;
mod profile;
mod result;
pub mod schema;
mod subject;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;
mod translation;

pub use achievement::{Achievement, Alignment, Criteria, Related};
pub use class::{Class, TypeName, Types};
pub(crate) use context::is_of_draft;
pub use context::{CREDENTIALS_V1, CREDENTIALS_V2, EXTENSIONS, OPEN_BADGES};
pub use credential::AchievementCredential;
pub(crate) use date_time::is_date;
pub use date_time::{Date, DateTimeError, DateTimeZ, parse_date_time};
pub use document::{CredentialKind, DataModel, issuer_id, same_credential, same_id};
pub use endorsement::{EndorsementCredential, EndorsementSubject};
pub use enumeration::{
    AchievementType, AlignmentTargetType, IdentifierType, ResultStatusType, ResultType,
};
pub use envelope::{CredentialSchema, CredentialStatus, RefreshService, TermsOfUse};
pub use evidence::Evidence;
pub use identity::{IdentifierEntry, IdentityObject};
pub use image::Image;
pub use language::{LanguageTag, NoLanguageTag};
pub use profile::{Address, GeoCoordinates, Profile};
pub use result::{AchievedResult, ResultDescription, RubricCriterionLevel};
pub use schema::Invalid;
pub use subject::AchievementSubject;
pub use translation::{AchievementText, AchievementTexts, CriteriaText};
