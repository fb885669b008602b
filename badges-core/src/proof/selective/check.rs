//! Checking proofs.

use std::collections::HashSet;

use super::statements::{self, Labelled, Statements};
use super::value::{DerivedValue, Multikey, ProofValue, Signature};
use super::{Component, Form, MANDATORY, Malformed, base_input, hash_configuration, is_chained};
use crate::json::Value;
use crate::jsonld::{Fault, Part, RootContext, Selection, canonicalize};
use crate::key::{Algorithm, PublicKey, SignatureCheck};

/// What came of checking a proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Check {
    /// It holds.
    Holds,
    /// It does not hold for this document and this key.
    Fails(Failure),
    /// It is no proof of this suite, whatever the document.
    Malformed(Malformed),
    /// It is the other form: verifiers are not shown base proofs, and holders do not derive from
    /// derived ones.
    OtherForm(Form),
}

/// Why a proof does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The key is not on P-256.
    #[error("the key is for {algorithm:?}")]
    WrongKey {
        /// What the key is for.
        algorithm: Algorithm,
    },
    /// The proof names previous proofs, which the suite does not cover.
    #[error("the suite does not cover previous proofs")]
    PreviousProof,
    /// Its labels are not for the document's blank nodes.
    #[error("{labels} labels for {blank_nodes} blank nodes")]
    Labels {
        /// How many blank nodes the document has.
        blank_nodes: usize,
        /// How many labels the proof has.
        labels: usize,
    },
    /// A mandatory statement is not there.
    #[error("the document has no statement {index}")]
    Index {
        /// Its number.
        index: usize,
    },
    /// A mandatory pointer of a base proof chooses nothing.
    #[error("a mandatory pointer chooses nothing")]
    Pointer,
    /// There is a signature too many or too few.
    #[error("{signatures} signatures for {statements} statements")]
    Count {
        /// How many statements the document has that are not mandatory.
        statements: usize,
        /// How many signatures the proof has.
        signatures: usize,
    },
    /// The issuer's signature does not hold: another key's, or something mandatory was changed.
    #[error("the issuer's signature does not hold")]
    BaseSignature,
    /// A statement's signature does not hold.
    #[error("the signature of statement {index} does not hold")]
    Statement {
        /// Its number.
        index: usize,
    },
}

/// Checks a derived proof of a document with the issuer's key
/// ([Verify Derived Proof](https://www.w3.org/TR/vc-di-ecdsa/#verify-derived-proof-ecdsa-sd-2023)).
///
/// # Errors
/// What would be lost or ambiguous in the document or the proof.
pub fn verify(
    root: &RootContext,
    document: &Value<'_>,
    proof: &Value<'_>,
    key: &PublicKey,
) -> Result<Check, Fault> {
    let value = match ProofValue::of(proof) {
        Ok(ProofValue::Derived(value)) => value,
        Ok(ProofValue::Base(_)) => return Ok(Check::OtherForm(Form::Base)),
        Err(malformed) => return Ok(Check::Malformed(malformed)),
    };
    let (statements, is_mandatory) = match shown(root, document, &value)? {
        Ok(shown) => shown,
        Err(failure) => return Ok(Check::Fails(failure)),
    };
    let lines = statements.iter().map(|(line, _)| line).zip(is_mandatory);
    Signed {
        base_signature: &value.base_signature,
        public_key: &value.public_key,
        signatures: &value.signatures,
    }
    .check(root, proof, key, lines)
}

/// The statements of a document with a derived proof, and which of them are mandatory.
fn shown(
    root: &RootContext,
    document: &Value<'_>,
    value: &DerivedValue,
) -> Result<Result<(Statements, Vec<bool>), Failure>, Fault> {
    let dataset = root.to_rdf(document, Part::Unsecured)?;
    let canonical = canonicalize(&dataset)?;
    let (blank_nodes, labels) = (canonical.labels(), value.labels.len());
    if blank_nodes != labels {
        return Ok(Err(Failure::Labels {
            blank_nodes,
            labels,
        }));
    }
    let statements = Statements::of(&dataset, &canonical, &value.labels);
    let mut is_mandatory = vec![false; statements.len()];
    for &index in &value.mandatory_indexes {
        match is_mandatory.get_mut(index) {
            Some(mandatory) => *mandatory = true,
            None => return Ok(Err(Failure::Index { index })),
        }
    }
    Ok(Ok((statements, is_mandatory)))
}

/// Whether the issuer made mandatory what a document says with a property, and all that is shown of
/// what it points to: then nothing of that could be left out. The derived proof is not checked.
///
/// # Errors
/// What would be lost or ambiguous in the document.
pub(crate) fn is_mandatory(
    root: &RootContext,
    document: &Value<'_>,
    proof: &Value<'_>,
    property: &str,
) -> Result<bool, Fault> {
    let Ok(ProofValue::Derived(value)) = ProofValue::of(proof) else {
        return Ok(false);
    };
    let Ok((statements, is_mandatory)) = shown(root, document, &value)? else {
        return Ok(false);
    };
    let property = format!("<{property}>");
    let lines: Vec<_> = statements.iter().map(|(line, _)| terms(line)).collect();
    let links = lines.iter().filter(|[_, link, _]| *link == property);
    let nodes: HashSet<&str> = links.map(|[_, _, node]| *node).collect();
    let mut all = lines.iter().zip(is_mandatory);
    Ok(all.all(|([subject, predicate, _], is_mandatory)| {
        is_mandatory || *predicate != property && !nodes.contains(subject)
    }))
}

/// Subject, predicate and object of a line of N-Quads; of a literal, its first word.
fn terms(line: &str) -> [&str; 3] {
    let mut words = line.split(' ');
    [(); 3].map(|()| words.next().unwrap_or_default())
}

/// Checks a base proof with the issuer's key, as a holder may before keeping it. The standard has
/// no algorithm for it; it is that of derived proofs with everything shown.
///
/// # Errors
/// What would be lost or ambiguous in the document or the proof.
pub fn verify_base(
    root: &RootContext,
    document: &Value<'_>,
    proof: &Value<'_>,
    key: &PublicKey,
) -> Result<Check, Fault> {
    let value = match ProofValue::of(proof) {
        Ok(ProofValue::Base(value)) => value,
        Ok(ProofValue::Derived(_)) => return Ok(Check::OtherForm(Form::Derived)),
        Err(malformed) => return Ok(Check::Malformed(malformed)),
    };
    let pointers = value.mandatory_pointers.iter();
    let Ok(mut selection) = Selection::of(pointers.map(|pointer| (MANDATORY, pointer.as_str())))
    else {
        return Ok(Check::Malformed(Malformed::Component(
            Component::MandatoryPointers,
        )));
    };
    let labelled = Labelled::of(root, document, &mut selection, &value.hmac_key)?;
    if selection.check(document).is_err() {
        return Ok(Check::Fails(Failure::Pointer));
    }
    let lines = labelled.lines();
    let lines = lines.map(|(line, groups)| (line, groups & MANDATORY != 0));
    Signed {
        base_signature: &value.base_signature,
        public_key: &value.public_key,
        signatures: &value.signatures,
    }
    .check(root, proof, key, lines)
}

/// What both forms have.
struct Signed<'v> {
    base_signature: &'v Signature,
    public_key: &'v Multikey,
    signatures: &'v [Signature],
}

impl Signed<'_> {
    /// Checks statements, of which some are mandatory.
    fn check<'l>(
        &self,
        root: &RootContext,
        proof: &Value<'_>,
        key: &PublicKey,
        lines: impl Iterator<Item = (&'l str, bool)>,
    ) -> Result<Check, Fault> {
        let fails = |failure| Ok(Check::Fails(failure));
        if is_chained(proof) {
            return fails(Failure::PreviousProof);
        }
        let algorithm = key.algorithm();
        if algorithm != Algorithm::Es256 {
            return fails(Failure::WrongKey { algorithm });
        }
        let Ok(proof_key @ PublicKey::P256(_)) = PublicKey::from_multikey_bytes(self.public_key)
        else {
            return Ok(Check::Malformed(Malformed::Component(Component::PublicKey)));
        };
        let (mandatory, others): (Vec<_>, Vec<_>) = lines
            .enumerate()
            .partition(|(_, (_, mandatory))| *mandatory);
        if others.len() != self.signatures.len() {
            return fails(Failure::Count {
                statements: others.len(),
                signatures: self.signatures.len(),
            });
        }
        let mandatory = statements::hash(mandatory.iter().map(|(_, (line, _))| *line));
        let configuration = hash_configuration(root, proof)?;
        let input = base_input(&configuration, self.public_key, &mandatory);
        if key.verify(&input, self.base_signature) != SignatureCheck::Holds {
            return fails(Failure::BaseSignature);
        }
        for ((index, (line, _)), signature) in others.into_iter().zip(self.signatures) {
            if proof_key.verify(line.as_bytes(), signature) != SignatureCheck::Holds {
                return fails(Failure::Statement { index });
            }
        }
        Ok(Check::Holds)
    }
}
