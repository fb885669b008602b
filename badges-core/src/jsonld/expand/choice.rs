//! Marking statements where they are made, for a [`Selection`]. Without one it costs a branch.

use super::{Expander, Part, RootContext};
use crate::json::{Object, Value};
use crate::jsonld::Fault;
use crate::jsonld::context::Context;
use crate::jsonld::dataset::{Dataset, Quad};
use crate::jsonld::select::{Groups, Marker, Selection, Standing, Step};

impl RootContext {
    /// Turns a document without its `proof` into statements, and says of each which groups of
    /// pointers choose it: those to where it is made or to what that is in, and, for what links an
    /// object and what types it has, those to a part of the object.
    ///
    /// # Errors
    /// As [`RootContext::to_rdf`]. Whether the pointers choose something is for
    /// [`Selection::check`] to say.
    pub fn to_rdf_choosing(
        &self,
        document: &Value<'_>,
        selection: &mut Selection,
    ) -> Result<(Dataset, Vec<Groups>), Fault> {
        let marker = Marker::new(selection);
        let expander = self.expanded(document, Part::Unsecured, Some(marker))?;
        let marks = expander.marker.map_or_else(Vec::new, Marker::marks);
        Ok((expander.dataset, marks))
    }
}

impl Expander<'_> {
    pub(super) fn insert(&mut self, quad: Quad) {
        let statement = self.dataset.insert(quad);
        if let Some(marker) = &mut self.marker {
            marker.mark(statement);
        }
    }

    /// Steps into a part of the document; [`Expander::back`] goes back.
    pub(super) fn step(&mut self, step: Step<'_>) -> Option<Standing> {
        self.marker.as_mut().map(|marker| marker.step(step))
    }

    pub(super) fn back(&mut self, outer: Option<Standing>) {
        if let (Some(marker), Some(outer)) = (&mut self.marker, outer) {
            marker.back(outer);
        }
    }

    /// Notes which members say what the object here is: its types, and its identifier unless that is
    /// a blank node.
    pub(super) fn note_identity(&mut self, context: &Context, members: &Object<'_>) {
        let Some(marker) = &mut self.marker else {
            return;
        };
        for (key, value) in members {
            let is_blank = || value.as_str().is_some_and(|id| id.starts_with("_:"));
            match context.keyword(key) {
                Some("@type") => marker.identity(key),
                Some("@id") if !is_blank() => marker.identity(key),
                _ => {}
            }
        }
    }
}
