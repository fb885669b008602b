//! Why a thing could not be done.

use crate::json::SyntaxError;
use crate::jsonld::Fault;
use crate::model::Invalid;
use crate::proof::sd_jwt::PathFault;
use crate::proof::selective;

/// Why a credential could not be issued. Nothing was signed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text is not strict JSON.
    #[error(transparent)]
    Syntax(#[from] SyntaxError),
    /// A member is missing or is not what the standard says.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// A string has a control character that others would sign in another way.
    #[error("{path}: control characters other than line ends and tabs are not signed alike by all")]
    ControlCharacter {
        /// Where.
        path: String,
    },
    /// Something would not be signed, or could be read in two ways.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// Nothing can be chosen in this way, or with this key.
    #[error(transparent)]
    Selective(#[from] selective::Error),
    /// It has a proof already.
    #[error("proof: it is signed already; add a proof to the signed credential instead")]
    AlreadySigned,
    /// A JWT has one signature and holds no further proofs.
    #[error("a JWT cannot take another proof")]
    NotData,
    /// JOSE and COSE secure version 2.0 of the data model only.
    #[error("only credentials of version 2.0 are secured in this way")]
    DataModel,
    /// Something cannot be made selectively disclosable.
    #[error(transparent)]
    Concealment(#[from] PathFault),
    /// The text is neither JSON nor a compact JWS.
    #[error("it is neither a JSON object nor a compact JWS")]
    NotACredential,
    /// Data Integrity is signed with Ed25519; JWT with RS256, ES256 or EdDSA.
    #[error("a {algorithm} key cannot make this kind of signature")]
    WrongKey {
        /// The key's algorithm.
        algorithm: &'static str,
    },
    /// A text that differs from badge to badge is not in the prototype, or none was given for it.
    #[error("the batch has no place for {text:?}")]
    NoSlot {
        /// The text.
        text: String,
    },
    /// The generator that RSA needs to sign failed.
    #[error("the system's random generator failed")]
    NoRandomness,
}
