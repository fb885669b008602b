use super::derive::base_proof;
use super::{CHOSEN, Error};
use crate::json::Value;
use crate::jsonld::{MAX_POINTERS, RootContext, Selection, escaped};

/// A part of a document that its holder can show by itself, or always shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The part's JSON pointer (RFC 6901).
    pub pointer: String,
    /// Whether the issuer has decided that it is always shown, with all that is in it.
    pub mandatory: bool,
}

/// What can be chosen of a document with a base proof, in its order. Contexts, types and identifiers
/// are shown with whatever they belong to, so they are none of it.
///
/// # Errors
/// A document that has not exactly one base proof, and what keeps its statements from being told.
pub fn choices(root: &RootContext, document: &Value<'_>) -> Result<Vec<Choice>, Error> {
    let (_, base) = base_proof(document)?;
    let mandatory = base.mandatory_pointers;
    let mut pointers = Vec::new();
    collect(document, "", &mut pointers);
    let mut choices = Vec::new();
    for some in pointers.chunks(MAX_POINTERS) {
        let mut selection = Selection::of(some.iter().map(|pointer| (CHOSEN, pointer.as_str())))?;
        root.to_rdf_choosing(document, &mut selection)?;
        choices.extend(selection.chosen());
    }
    let is_covered = |pointer: &str| {
        mandatory.iter().any(|whole| {
            let inside = pointer.strip_prefix(whole.as_str());
            inside.is_some_and(|inside| inside.starts_with('/'))
        })
    };
    choices.retain(|pointer| !is_covered(pointer));
    Ok(choices
        .into_iter()
        .map(|pointer| Choice {
            mandatory: mandatory.contains(&pointer),
            pointer,
        })
        .collect())
}

/// The pointers to everything below, but for the document's proofs.
fn collect(value: &Value<'_>, at: &str, pointers: &mut Vec<String>) {
    let mut add = |step: &str, inner| {
        let pointer = format!("{at}/{step}");
        pointers.push(pointer.clone());
        collect(inner, &pointer, pointers);
    };
    match value {
        Value::Object(members) => {
            for (name, inner) in members {
                if !(at.is_empty() && name == "proof") {
                    add(&escaped(name), inner);
                }
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                add(&index.to_string(), inner);
            }
        }
        _ => {}
    }
}
