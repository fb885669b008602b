//! [Data Integrity] with the cryptosuite [eddsa-rdfc-2022].
//!
//! [Data Integrity]: https://www.w3.org/TR/vc-data-integrity/
//! [eddsa-rdfc-2022]: https://www.w3.org/TR/vc-di-eddsa/#eddsa-rdfc-2022

use sha2::Sha256;

use crate::json::{self, Value};
use crate::jsonld::{Fault, Part, RootContext, canonicalize};

/// A cryptosuite that is implemented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suite {
    /// Ed25519 over SHA-256 of the canonical RDF.
    EddsaRdfc2022,
}

impl Suite {
    /// The suite of a proof; `None` for suites that are not implemented.
    #[must_use]
    pub fn of(proof: &Value<'_>) -> Option<Self> {
        match (proof.text("type")?, proof.text("cryptosuite")?) {
            ("DataIntegrityProof", "eddsa-rdfc-2022") => Some(Self::EddsaRdfc2022),
            _ => None,
        }
    }

    /// What a proof says of its suite: the cryptosuite, else the type.
    #[must_use]
    pub fn name<'v>(proof: &'v Value<'_>) -> Option<&'v str> {
        proof.text("cryptosuite").or_else(|| proof.text("type"))
    }
}

/// SHA-256 over a canonical form.
pub type Hash = [u8; 32];

/// The hash of a document without its proofs, or with the previous proofs of a chain (section
/// 3.2.3 to 3.2.4 of the suite).
///
/// # Errors
/// What would be lost or ambiguous in the document.
pub fn hash_document(
    root: &RootContext,
    document: &Value<'_>,
    previous: &[&Value<'_>],
) -> Result<Hash, Fault> {
    if previous.is_empty() {
        hash(root, document, Part::Unsecured)
    } else {
        hash(root, document, Part::WithProofs(previous))
    }
}

/// The hash of a proof's configuration: its members but `proofValue`, read with the document's
/// contexts (section 3.2.5).
///
/// # Errors
/// What would be lost or ambiguous in the proof.
pub fn hash_configuration(root: &RootContext, proof: &Value<'_>) -> Result<Hash, Fault> {
    hash(root, proof, Part::ProofConfiguration).map_err(Fault::in_proof)
}

fn hash(root: &RootContext, object: &Value<'_>, part: Part<'_>) -> Result<Hash, Fault> {
    let dataset = root.to_rdf(object, part)?;
    Ok(canonicalize(&dataset)?.hash::<Sha256>().into())
}

/// What is signed: the configuration's hash, then the document's.
#[must_use]
pub fn signing_input(configuration: &Hash, document: &Hash) -> [u8; 64] {
    let mut input = [0; 64];
    input[..32].copy_from_slice(configuration);
    input[32..].copy_from_slice(document);
    input
}

/// A new proof's members, before it has a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProofOptions {
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
    /// The proof as JSON text, without `proofValue`.
    pub(crate) fn text(&self) -> String {
        let mut text = String::with_capacity(256);
        text.push('{');
        let mut member = |name: &str, value: &str| {
            text.push_str(if text.len() > 1 { ",\"" } else { "\"" });
            text.push_str(name);
            text.push_str("\":");
            text.push_str(value);
        };
        if let Some(id) = &self.id {
            member("id", &json::quoted(id));
        }
        member("type", "\"DataIntegrityProof\"");
        member("cryptosuite", "\"eddsa-rdfc-2022\"");
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
