//! Selective disclosure with the cryptosuite [ecdsa-sd-2023]: the issuer signs every statement of a
//! credential by itself (a *base proof*), and its holder shows some of them (a *derived proof*).
//!
//! What must always be shown is signed as one by the issuer's key. Every other statement is signed
//! by a key that was made for this one proof, which the issuer's key vouches for. Blank nodes get
//! labels from a secret of the proof, so that those which are shown tell nothing of the others.
//!
//! Nothing here is left to chance: what must be random, [`Randomness`], is an argument.
//!
//! [ecdsa-sd-2023]: https://www.w3.org/TR/vc-di-ecdsa/#ecdsa-sd-2023

mod base;
mod check;
mod choices;
mod derive;
mod statements;
#[cfg(test)]
mod tests;
mod value;

use crate::json::{self, SyntaxError, Value};
use crate::jsonld::{Fault, Groups, PointerError, RootContext};
use crate::proof::data_integrity::{self, Hash};
use crate::proof::suite::{Hashing, Suite};

pub use base::{Randomness, base};
pub(crate) use check::is_mandatory;
pub use check::{Check, Failure, verify, verify_base};
pub use choices::{Choice, choices};
pub use derive::derive;
pub use value::{Component, Form, MAX_PROOF_VALUE, Malformed};

use value::Multikey;

/// The cryptosuite's name in a proof.
pub const CRYPTOSUITE: &str = "ecdsa-sd-2023";

const MANDATORY: Groups = 1;
const CHOSEN: Groups = 2;

/// Whether a proof says that it is one of this suite.
#[must_use]
pub fn is_selective(proof: &Value<'_>) -> bool {
    Suite::of(proof) == Some(Suite::EcdsaSd2023)
}

/// Whether a proof is a derived one, so that what is shown may be a part.
pub(crate) fn is_derived(proof: &Value<'_>) -> bool {
    is_selective(proof)
        && matches!(
            value::ProofValue::of(proof),
            Ok(value::ProofValue::Derived(_))
        )
}

/// Why a base or derived proof could not be made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The proof's configuration is not strict JSON.
    #[error(transparent)]
    Syntax(#[from] SyntaxError),
    /// The proof's configuration is not one of this suite, or it names previous proofs, which the
    /// suite does not cover.
    #[error("the proof's configuration is not one of {CRYPTOSUITE}")]
    Configuration,
    /// Something would not be signed, or could be read in two ways.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// A pointer chooses nothing.
    #[error(transparent)]
    Pointer(#[from] PointerError),
    /// The issuer signs with P-256.
    #[error("a {algorithm} key cannot make this kind of signature")]
    WrongKey {
        /// The key's algorithm.
        algorithm: &'static str,
    },
    /// The random bytes are one of the few values that are no scalar of the curve.
    #[error("the random bytes are no key")]
    UnluckyRandomness,
    /// There is no base proof to derive from.
    #[error("there is no base proof")]
    NoBaseProof,
    /// It is not clear which proof to derive from.
    #[error("there are {count} base proofs")]
    SeveralBaseProofs {
        /// How many.
        count: usize,
    },
    /// The base proof cannot be read, or what would be written is too long.
    #[error("proofValue: {0}")]
    Malformed(#[from] Malformed),
    /// The base proof is not of this document.
    #[error("the base proof has {signatures} signatures for {statements} statements")]
    AnotherDocument {
        /// How many statements the document has that are not mandatory.
        statements: usize,
        /// How many statements the proof signs.
        signatures: usize,
    },
    /// Nothing is mandatory and nothing was chosen.
    #[error("nothing would be shown")]
    NothingShown,
    /// What was chosen says something else when it stands alone, such as parts of two objects with
    /// one blank node's label.
    #[error("what was chosen does not say the same by itself")]
    Inseparable,
}

/// Whether a proof builds on others. This suite's proofs cover the document without any proof.
fn is_chained(proof: &Value<'_>) -> bool {
    proof.get("previousProof").is_some()
}

/// What the issuer's key signs ([serializeSignData]).
///
/// [serializeSignData]: https://www.w3.org/TR/vc-di-ecdsa/#serializesigndata
fn base_input(configuration: &Hash, public_key: &Multikey, mandatory: &Hash) -> Vec<u8> {
    [configuration.bytes(), public_key, mandatory.bytes()].concat()
}

/// The hash of a proof's configuration.
fn hash_configuration(root: &RootContext, proof: &Value<'_>) -> Result<Hash, Fault> {
    data_integrity::hash_configuration(Suite::EcdsaSd2023, Hashing::Sha256, root, proof)
}

/// A proof's text with this value.
fn with_value(proof: &Value<'_>, value: &str) -> String {
    let mut members = proof.as_object().cloned().unwrap_or_default();
    members.retain(|(name, _)| name != "proofValue");
    members.push(("proofValue".into(), Value::String(value.into())));
    json::written(&Value::Object(members))
}
