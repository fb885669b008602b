//! What a document begins with: its contexts, and which part of it is meant.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{Expander, Place};
use crate::json::Value;
use crate::jsonld::context::{Context, Contexts};
use crate::jsonld::dataset::{Dataset, Term};
use crate::jsonld::select::Marker;
use crate::jsonld::{Edition, Fault, FaultKind, Policy};

/// Which part of a secured document is turned into statements.
#[derive(Clone, Copy, Debug)]
pub enum Part<'v> {
    /// The document without its `proof`.
    Unsecured,
    /// The document with these proofs instead of its own: what a proof in a chain signs
    /// ([VC-DI, 4.3](https://www.w3.org/TR/vc-data-integrity/#add-proof-set-chain)).
    WithProofs(&'v [&'v Value<'v>]),
    /// A proof's own members but the one with the signature: the proof configuration.
    ProofConfiguration {
        /// `proofValue`, or another member for older proofs.
        without: &'v str,
    },
}

/// What a document's `@context` comes to: the meaning of its words, and of its proofs' words.
#[derive(Clone)]
pub struct RootContext {
    contexts: &'static Contexts,
    policy: Policy,
    context: Arc<Context>,
}

impl RootContext {
    /// Processes a document's `@context`.
    ///
    /// # Errors
    /// What the policy does not know or allow, and a document without one.
    pub fn of(document: &Value<'_>, edition: Edition, policy: Policy) -> Result<Self, Fault> {
        let contexts = Contexts::pinned(edition);
        let context = document
            .get("@context")
            .ok_or(FaultKind::NoContext)
            .and_then(|value| contexts.root(None, value, policy))
            .map_err(|kind| Fault::from(kind).within("@context"))?;
        Ok(Self {
            contexts,
            policy,
            context,
        })
    }

    /// The same with further contexts, as a proof brings them.
    ///
    /// # Errors
    /// As [`RootContext::of`].
    pub fn with(&self, contexts: &Value<'_>) -> Result<Self, Fault> {
        let context = self
            .contexts
            .root(Some(&self.context), contexts, self.policy)
            .map_err(|kind| Fault::from(kind).within("@context"))?;
        Ok(Self {
            context,
            ..self.clone()
        })
    }

    /// Turns a document, or a proof of it, into statements.
    ///
    /// # Errors
    /// A [`Fault`] for whatever would be lost, guessed or ambiguous under the policy.
    pub fn to_rdf(&self, object: &Value<'_>, part: Part<'_>) -> Result<Dataset, Fault> {
        Ok(self.expanded(object, part, None)?.dataset)
    }

    pub(super) fn expanded<'s>(
        &self,
        object: &Value<'_>,
        part: Part<'_>,
        marker: Option<Marker<'s>>,
    ) -> Result<Expander<'s>, Fault> {
        let Value::Object(members) = object else {
            return Err(FaultKind::Misplaced {
                found: object.kind(),
            }
            .into());
        };
        let room = match part {
            Part::Unsecured | Part::WithProofs(_) => 6 * 1024,
            Part::ProofConfiguration { .. } => 512,
        };
        let mut expander = Expander {
            contexts: self.contexts,
            policy: self.policy,
            dataset: Dataset::with_room_for(room),
            labels: FxHashMap::default(),
            predicates: FxHashMap::default(),
            root: None,
            depth: 0,
            marker,
        };
        let root = Root {
            context: Arc::clone(&self.context),
            part,
        };
        expander.node(Place::Root(&root), members, Term::DEFAULT_GRAPH)?;
        Ok(expander)
    }
}

/// The root object under way.
pub(super) struct Root<'v> {
    pub(super) context: Arc<Context>,
    pub(super) part: Part<'v>,
}

impl Root<'_> {
    /// Members of the root object that are left out or already dealt with.
    pub(super) fn skips(&self, key: &str) -> bool {
        key == "@context"
            || key
                == match self.part {
                    Part::Unsecured | Part::WithProofs(_) => "proof",
                    Part::ProofConfiguration { without } => without,
                }
    }
}
