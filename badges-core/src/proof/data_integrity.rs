//! What the proofs of [Data Integrity] sign: hashes of a proof's own members and of the document.
//!
//! [Data Integrity]: https://www.w3.org/TR/vc-data-integrity/

use sha2::{Digest as _, Sha256, Sha384};

use super::suite::{Canonicalization, Hashing, ProofValue, Suite};
use crate::json::{self, Value};
use crate::jsonld::{Fault, Part, RootContext, canonicalize_with, check_numbers};

/// A hash over a canonical form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    /// SHA-256.
    Sha256([u8; 32]),
    /// SHA-384.
    Sha384([u8; 48]),
}

impl Hash {
    /// The bytes: 32 or 48.
    #[must_use]
    pub const fn bytes(&self) -> &[u8] {
        match self {
            Self::Sha256(bytes) => bytes,
            Self::Sha384(bytes) => bytes,
        }
    }

    fn of(hashing: Hashing, text: &str) -> Self {
        match hashing {
            Hashing::Sha256 => Self::Sha256(Sha256::digest(text).into()),
            Hashing::Sha384 => Self::Sha384(Sha384::digest(text).into()),
        }
    }
}

/// How a document becomes a hash.
pub type Method = (Canonicalization, Hashing);

/// The hash of a document without its proofs, or with the previous proofs of a chain ("Transformation"
/// and "Hashing" of each suite).
///
/// # Errors
/// What would be lost or ambiguous in the document.
pub fn hash_document(
    (canonicalization, hashing): Method,
    root: &RootContext,
    document: &Value<'_>,
    previous: &[&Value<'_>],
) -> Result<Hash, Fault> {
    match canonicalization {
        Canonicalization::Rdfc if previous.is_empty() => {
            hash_statements(hashing, root, document, Part::Unsecured)
        }
        Canonicalization::Rdfc => {
            hash_statements(hashing, root, document, Part::WithProofs(previous))
        }
        Canonicalization::Jcs => {
            check_numbers(document)?;
            let proofs = Value::Array(previous.iter().map(|&proof| proof.clone()).collect());
            let members = members(document).filter(|(key, _)| *key != "proof");
            let proof = (!previous.is_empty()).then_some(("proof", &proofs));
            let text = json::canonical_members(members.chain(proof));
            Ok(Hash::of(hashing, &text))
        }
    }
}

/// The hash of a proof's configuration: its members but the one with the signature, read with the
/// document's contexts ("Proof Configuration" of each suite).
///
/// # Errors
/// What would be lost or ambiguous in the proof.
pub fn hash_configuration(
    suite: Suite,
    hashing: Hashing,
    root: &RootContext,
    proof: &Value<'_>,
) -> Result<Hash, Fault> {
    let without = suite.value().member();
    match suite.canonicalization() {
        Canonicalization::Rdfc => {
            hash_statements(hashing, root, proof, Part::ProofConfiguration { without })
        }
        Canonicalization::Jcs => check_numbers(proof).map(|()| {
            let members = members(proof).filter(|(key, _)| *key != without);
            Hash::of(hashing, &json::canonical_members(members))
        }),
    }
    .map_err(Fault::in_proof)
}

fn hash_statements(
    hashing: Hashing,
    root: &RootContext,
    object: &Value<'_>,
    part: Part<'_>,
) -> Result<Hash, Fault> {
    let dataset = root.to_rdf(object, part)?;
    let canonical = match hashing {
        Hashing::Sha256 => canonicalize_with::<Sha256>(&dataset)?,
        Hashing::Sha384 => canonicalize_with::<Sha384>(&dataset)?,
    };
    Ok(Hash::of(hashing, canonical.nquads()))
}

fn members<'v, 't>(object: &'v Value<'t>) -> impl Iterator<Item = (&'v str, &'v Value<'t>)> {
    object
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.as_ref(), value))
}

/// What is signed: the configuration's hash, then the document's.
#[must_use]
pub fn signing_input(configuration: &Hash, document: &Hash) -> Vec<u8> {
    [configuration.bytes(), document.bytes()].concat()
}

/// A new proof's members, before it has a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProofOptions {
    /// The cryptosuite.
    pub suite: Suite,
    /// The verification method's URL.
    pub verification_method: String,
    /// When the proof is made, as it shall stand there (`2026-01-02T03:04:05Z`).
    pub created: String,
    /// The proof's own identifier, which another proof can name as its previous one.
    pub id: Option<String>,
    /// Proofs that this one covers, by their ids: a chain.
    pub previous: Vec<String>,
}

impl ProofOptions {
    /// The proof as JSON text, without its value. Under JCS it repeats the document's contexts, given
    /// as JSON text ("Proof Configuration" of eddsa-jcs-2022, step 2 of "Create Proof").
    pub(crate) fn text(&self, contexts: Option<&str>) -> String {
        let mut text = String::with_capacity(256);
        text.push('{');
        let mut member = |name: &str, value: &str| {
            text.push_str(if text.len() > 1 { ",\"" } else { "\"" });
            text.push_str(name);
            text.push_str("\":");
            text.push_str(value);
        };
        if let Some(contexts) = contexts {
            member("@context", contexts);
        }
        if let Some(id) = &self.id {
            member("id", &json::quoted(id));
        }
        member("type", &json::quoted(self.suite.proof_type()));
        if !self.suite.is_type() {
            member("cryptosuite", &json::quoted(self.suite.name()));
        }
        member("created", &json::quoted(&self.created));
        member(
            "verificationMethod",
            &json::quoted(&self.verification_method),
        );
        member("proofPurpose", "\"assertionMethod\"");
        match self.previous.as_slice() {
            [] => {}
            [one] => member("previousProof", &json::quoted(one)),
            many => {
                let ids: Vec<String> = many.iter().map(|id| json::quoted(id)).collect();
                member("previousProof", &format!("[{}]", ids.join(",")));
            }
        }
        text.push('}');
        text
    }
}

/// Whether a proof of this suite is one signature over both hashes, and can be made: the older types
/// are only read.
pub(crate) const fn is_plain(suite: Suite) -> bool {
    matches!(suite.value(), ProofValue::Base58)
}
