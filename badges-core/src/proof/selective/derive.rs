use super::statements::Labelled;
use super::value::{BaseValue, DerivedValue, Label, ProofValue};
use super::{CHOSEN, Error, MANDATORY, is_chained, is_selective, with_value};
use crate::bake;
use crate::json::{self, Value};
use crate::jsonld::{Fault, Part, RootContext, Selection, canonicalize};

/// Derives from a document with a base proof what its holder wants to show: the text of a credential
/// with the mandatory and the chosen parts, and a derived proof
/// ([Add Derived Proof](https://www.w3.org/TR/vc-di-ecdsa/#add-derived-proof-ecdsa-sd-2023)).
///
/// Other proofs are left out: they sign what is hidden, and would not hold. Whether the base proof
/// holds is not asked for ([`verify_base`](super::verify_base) is).
///
/// # Errors
/// Pointers that choose nothing or a part of something that is stated as a whole, and a document
/// that has not exactly one base proof.
pub fn derive(root: &RootContext, document: &Value<'_>, chosen: &[&str]) -> Result<String, Error> {
    let (proof, base) = base_proof(document)?;
    let mandatory = base.mandatory_pointers.iter().map(String::as_str);
    let mut selection = Selection::of(
        mandatory
            .map(|pointer| (MANDATORY, pointer))
            .chain(chosen.iter().map(|pointer| (CHOSEN, *pointer))),
    )?;
    let labelled = Labelled::of(root, document, &mut selection, &base.hmac_key)?;
    selection.check(document)?;
    let part = selection.part(document).ok_or(Error::NothingShown)?;

    let value = DerivedValue {
        labels: shown_labels(root, &labelled, &part)?,
        ..disclosed(&labelled, base)?
    };
    let proof = with_value(proof, &value.text()?);
    let text = json::written(&part);
    let open = text.strip_suffix('}').unwrap_or(&text);
    let (before, after) = match document.get("proof") {
        Some(Value::Array(_)) => ("[", "]"),
        _ => ("", ""),
    };
    let text = [open, ",\"proof\":", before, &proof, after, "}"].concat();
    Ok(bake::escape_json(&text).into_owned())
}

pub(super) fn base_proof<'v, 'a>(
    document: &'v Value<'a>,
) -> Result<(&'v Value<'a>, BaseValue), Error> {
    let proofs = document.list("proof").iter();
    let proofs: Vec<&Value<'_>> = proofs.filter(|proof| is_selective(proof)).collect();
    match proofs[..] {
        [] => Err(Error::NoBaseProof),
        [proof] if is_chained(proof) => Err(Error::Configuration),
        [proof] => match ProofValue::of(proof)? {
            ProofValue::Base(base) => Ok((proof, base)),
            ProofValue::Derived(_) => Err(Error::NoBaseProof),
        },
        ref several => Err(Error::SeveralBaseProofs {
            count: several.len(),
        }),
    }
}

/// The signatures of what is shown, and what of it is mandatory
/// ([createDisclosureData](https://www.w3.org/TR/vc-di-ecdsa/#createdisclosuredata)).
fn disclosed(labelled: &Labelled, base: BaseValue) -> Result<DerivedValue, Error> {
    let mut signatures = Vec::new();
    let mut mandatory_indexes = Vec::new();
    let mut shown = 0;
    let mut statements = 0;
    for (_, groups) in labelled.lines() {
        if groups & MANDATORY != 0 {
            mandatory_indexes.push(shown);
        } else {
            if groups & CHOSEN != 0 {
                signatures.extend(base.signatures.get(statements));
            }
            statements += 1;
        }
        shown += usize::from(groups != 0);
    }
    if statements != base.signatures.len() {
        return Err(Error::AnotherDocument {
            statements,
            signatures: base.signatures.len(),
        });
    }
    Ok(DerivedValue {
        base_signature: base.base_signature,
        public_key: base.public_key,
        signatures,
        labels: Vec::new(),
        mandatory_indexes,
    })
}

/// The labels of the blank nodes that are shown, by the numbers that they have when only what is
/// shown is known. That the part says these statements, no more and no less, is made sure of.
fn shown_labels(
    root: &RootContext,
    labelled: &Labelled,
    part: &Value<'_>,
) -> Result<Vec<Label>, Error> {
    let shown = labelled.dataset.part(|index| labelled.marks[index] != 0);
    let canonical = canonicalize(&shown).map_err(Fault::from)?;
    let alone = root.to_rdf(part, Part::Unsecured)?;
    let alone = canonicalize(&alone).map_err(Fault::from)?;
    if canonical.nquads() != alone.nquads() {
        return Err(Error::Inseparable);
    }
    let mut labels: Vec<(u32, Label)> = (0..shown.blank_nodes())
        .filter_map(|node| Some((canonical.label(node)?, labelled.label(node)?)))
        .collect();
    labels.sort_unstable_by_key(|(number, _)| *number);
    Ok(labels.into_iter().map(|(_, label)| label).collect())
}
