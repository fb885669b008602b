//! A document's statements as the suite orders and signs them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

use super::value::Label;
use crate::json::Value;
use crate::jsonld::{Canonical, Dataset, Fault, Groups, RootContext, Selection, canonicalize};
use crate::proof::data_integrity::Hash;

/// Statements as sorted lines of N-Quads whose blank nodes have labels that tell nothing
/// ([3.4.4](https://www.w3.org/TR/vc-di-ecdsa/#labelreplacementcanonicalizenquads)).
pub(super) struct Statements {
    lines: Vec<(String, usize)>,
}

impl Statements {
    /// The labels are for the canonical form's numbers.
    pub(super) fn of(dataset: &Dataset, canonical: &Canonical, labels: &[Label]) -> Self {
        let labels: Vec<String> = labels
            .iter()
            .map(|label| format!("_:u{}", URL_SAFE_NO_PAD.encode(label)))
            .collect();
        let label = |node| Some(labels.get(canonical.label(node)? as usize)?.as_str());
        let mut lines: Vec<(String, usize)> = dataset
            .quads()
            .iter()
            .enumerate()
            .map(|(index, quad)| {
                let mut line = String::with_capacity(160);
                dataset.write_quad(quad, &mut line, |node, out| {
                    out.push_str(label(node).unwrap_or_default());
                });
                (line, index)
            })
            .collect();
        lines.sort_unstable();
        Self { lines }
    }

    pub(super) const fn len(&self) -> usize {
        self.lines.len()
    }

    /// The lines in order, each with the place of its statement in the dataset.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, usize)> {
        self.lines
            .iter()
            .map(|(line, index)| (line.as_str(), *index))
    }
}

/// A document's statements under the labels of a base proof, and which pointers choose them.
pub(super) struct Labelled {
    pub(super) dataset: Dataset,
    /// Per statement of the dataset.
    pub(super) marks: Vec<Groups>,
    canonical: Canonical,
    labels: Vec<Label>,
    statements: Statements,
}

impl Labelled {
    pub(super) fn of(
        root: &RootContext,
        document: &Value<'_>,
        selection: &mut Selection,
        hmac_key: &[u8; 32],
    ) -> Result<Self, Fault> {
        let (dataset, marks) = root.to_rdf_choosing(document, selection)?;
        let canonical = canonicalize(&dataset)?;
        let labels = labels(hmac_key, canonical.labels());
        let statements = Statements::of(&dataset, &canonical, &labels);
        Ok(Self {
            dataset,
            marks,
            canonical,
            labels,
            statements,
        })
    }

    /// The lines in order, each with the groups that choose it.
    pub(super) fn lines(&self) -> impl Iterator<Item = (&str, Groups)> {
        let lines = self.statements.iter();
        lines.map(|(line, index)| (line, self.marks[index]))
    }

    /// The label of a blank node of the dataset.
    pub(super) fn label(&self, node: usize) -> Option<Label> {
        let number = self.canonical.label(node)?;
        self.labels.get(number as usize).copied()
    }
}

/// Labels for the blank nodes `c14n0` and on
/// ([3.4.6](https://www.w3.org/TR/vc-di-ecdsa/#createhmacidlabelmapfunction)).
fn labels(hmac_key: &[u8; 32], count: usize) -> Vec<Label> {
    // HMAC fills a key up with zeros to the hash's block; a whole block is a key that cannot fail.
    let mut block = [0; 64];
    block[..32].copy_from_slice(hmac_key);
    let keyed = Hmac::<Sha256>::new(&block.into());
    (0..count)
        .map(|number| {
            let mut mac = keyed.clone();
            mac.update(format!("c14n{number}").as_bytes());
            mac.finalize().into_bytes().into()
        })
        .collect()
}

/// SHA-256 over lines.
pub(super) fn hash<'l>(lines: impl Iterator<Item = &'l str>) -> Hash {
    let mut hasher = Sha256::new();
    for line in lines {
        hasher.update(line.as_bytes());
    }
    Hash::Sha256(hasher.finalize().into())
}
