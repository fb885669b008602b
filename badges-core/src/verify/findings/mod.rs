//! Every answer that a check can give, with its facts and its stable id.

use serde::{Serialize, Serializer};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::bake::BakeError;
use crate::bake::Note;
use crate::model::schema::Departure;

/// Declares an enum of findings: each variant with its id, what it says, and its facts.
macro_rules! findings {
    ($(#[$meta:meta])* $name:ident {
        $($(#[$doc:meta])* $variant:ident $id:literal ($($say:tt)*) {
            $($(#[$field_meta:meta])* $field:ident: $type:ty,)*
        })*
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Serialize, thiserror::Error)]
        #[serde(tag = "id", rename_all_fields = "camelCase")]
        #[non_exhaustive]
        pub enum $name {
            $(
                $(#[$doc])*
                #[serde(rename = $id)]
                #[error($($say)*)]
                $variant {
                    $($(#[$field_meta])* $field: $type,)*
                },
            )*
        }

        impl $name {
            /// All ids, in the order of the variants.
            pub const IDS: &'static [&'static str] = &[$($id),*];

            /// The stable id, for machines and translators.
            #[must_use]
            pub const fn id(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $id,)*
                }
            }
        }
    };
}

mod failure;
mod passed;
mod unknown;

pub use failure::Failure;
pub use passed::Passed;
pub use unknown::Unknown;

fn instant<S: Serializer>(time: &OffsetDateTime, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&time.format(&Rfc3339).unwrap_or_default())
}

fn optional<S: Serializer>(time: &Option<OffsetDateTime>, to: S) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => instant(time, to),
        None => to.serialize_none(),
    }
}

const fn is_false(value: &bool) -> bool {
    !*value
}

const fn is_zero(value: &usize) -> bool {
    *value == 0
}

fn note_ids<S: Serializer>(notes: &[Note], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(notes.iter().map(Note::id))
}

fn image<S: Serializer>(fault: &BakeError, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(fault.id())
}

fn departure_list<S: Serializer>(departures: &[Departure], to: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Entry<'d> {
        id: &'static str,
        path: &'d str,
        message: String,
    }
    to.collect_seq(departures.iter().map(|departure| Entry {
        id: departure.kind.id(),
        path: &departure.path,
        message: departure.kind.to_string(),
    }))
}

/// A proof that holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HoldingProof {
    /// The cryptosuite, or for JWT the algorithm.
    pub suite: String,
    /// The key's URL, as far as the proof names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verification_method: Option<String>,
    /// When the proof says it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
}

/// How it is known that a key is the issuer's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Binding {
    /// The issuer's identifier is the key itself (did:key, did:jwk).
    OwnKey,
    /// The document of the issuer's DID lists it.
    DidDocument,
    /// The document at the issuer's https identifier lists it.
    ControllerDocument,
    /// The key set of the issuer's domain has it.
    KeySet,
    /// The badge itself stands at an address of the issuer's, or for Open Badges 1.1 the key does:
    /// whoever can write there is the issuer.
    Hosted,
}

/// How an issuer's own document speaks against a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Contradiction {
    /// The document does not list it.
    NotListed,
    /// The document lists it for another purpose, or for another controller.
    OtherPurpose,
}

/// Why it cannot be told whether a key is the issuer's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unestablished {
    /// The issuer's identifier names no document.
    NoDocument,
    /// The issuer's DID is of a method that is not supported.
    UnknownDidMethod,
    /// The document at the issuer's identifier is not about keys.
    NoKeysInDocument,
    /// There is no signature in the issuer's name, only one around it by somebody else.
    NoProof,
    /// It is part of a record whose signature does not say what belongs to which part.
    MixedParts,
}

/// Why a status list cannot be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListFault {
    /// It cannot be read.
    Unreadable,
    /// It is no bitstring status list.
    OtherType,
    /// Another issuer's.
    OtherIssuer,
    /// Its own proof does not hold.
    Proof,
    /// Its own proof could not be checked.
    ProofUnknown,
    /// It is for another purpose.
    OtherPurpose,
    /// Its time has not come, or is over.
    Dates,
    /// There was a newer one at its address before.
    Replayed,
    /// It seems to have a byte for each entry, where the standard has a bit.
    Bytewise,
    /// It has fewer entries than the standard asks for.
    TooShort,
    /// It unpacks to more than is read.
    TooLarge,
    /// Its bits cannot be unpacked.
    Malformed,
    /// The badge's index is beyond its end.
    OutOfRange,
}
