//! A document to its statements in one pass: [expansion] and [RDF conversion] together, without an
//! expanded document in between.
//!
//! [expansion]: https://www.w3.org/TR/json-ld11-api/#expansion-algorithm
//! [RDF conversion]: https://www.w3.org/TR/json-ld11-api/#deserialize-json-ld-to-rdf-algorithm

mod choice;
mod root;
mod value;

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::iri::is_absolute_iri;
use crate::json::{MAX_DEPTH, Object, Value, canonical};
use crate::jsonld::context::{Coercion, Container, Context, Contexts, Definition, Local, Meaning};
use crate::jsonld::dataset::{Dataset, Quad, Term};
use crate::jsonld::literal::check_numbers;
use crate::jsonld::select::{Marker, Step};
use crate::jsonld::{Fault, FaultKind, Policy};

use root::Root;
pub use root::{Part, RootContext};

/// Where an object stands.
enum Place<'p> {
    Root(&'p Root<'p>),
    /// As the value of a term in a context.
    Member(&'p Arc<Context>, &'p Definition),
}

type Expanded<T> = Result<T, Fault>;

struct Expander<'c> {
    contexts: &'c Contexts,
    policy: Policy,
    dataset: Dataset,
    labels: FxHashMap<String, Term>,
    /// The terms of predicates and types met so far, by their definition.
    predicates: FxHashMap<u64, Term>,
    /// What the root object is about, and its context.
    root: Option<(Term, Arc<Context>)>,
    depth: usize,
    /// For a selection only.
    marker: Option<Marker<'c>>,
}

const RDF_TYPE: &str = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>";
const RDF_JSON: &str = "^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON>";

impl Expander<'_> {
    fn node(&mut self, place: Place<'_>, members: &Object<'_>, graph: Term) -> Expanded<Term> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(FaultKind::TooDeep.into());
        }
        let (mut context, root) = match place {
            Place::Root(root) => (Arc::clone(&root.context), Some(root)),
            Place::Member(active, definition) => (self.enter(active, definition, members)?, None),
        };
        if root.is_none()
            && let Some((_, value)) = members.iter().find(|(key, _)| key == "@context")
        {
            context = self
                .contexts
                .root(Some(&context), value, self.policy)
                .map_err(|kind| Fault::from(kind).within("@context"))?;
        }
        let typed = context;
        let (id, types) = self.identity(&typed, members)?;
        let context = self
            .type_scoped(&typed, &types)
            .map_err(|kind| Fault::from(kind).within("type"))?;
        let subject = match id {
            Some((key, id)) => self
                .identifier(&context, id)
                .map_err(|kind| Fault::from(kind).within(key))?,
            None => self.dataset.blank_node(),
        };
        match root {
            Some(_) => self.root = Some((subject, Arc::clone(&context))),
            None => self.check_place(subject, members, graph)?,
        }
        self.note_identity(&typed, members);
        for name in types {
            self.add_type(&typed, subject, name, graph)
                .map_err(|kind| Fault::from(kind).within("type"))?;
        }
        for (key, value) in members {
            if root.is_some_and(|root| root.skips(key)) || key == "@context" {
                continue;
            }
            self.step(Step::Member(key));
            self.member(&context, subject, key, value, graph)
                .map_err(|fault| fault.within(key))?;
            self.back();
        }
        if let Some(Root {
            part: Part::WithProofs(proofs),
            ..
        }) = root
        {
            for proof in *proofs {
                self.member(&context, subject, "proof", proof, graph)
                    .map_err(|fault| fault.within("proof"))?;
            }
        }
        self.depth -= 1;
        Ok(subject)
    }

    /// Two objects with one identifier are one node, and what is signed of it could stand in either:
    /// what a reader looks for at the root, such as `validUntil`, must stand there.
    fn check_place(&self, subject: Term, members: &Object<'_>, graph: Term) -> Expanded<()> {
        let Some((_, context)) = self.root.as_ref().filter(|(root, _)| {
            *root == subject && graph == Term::DEFAULT_GRAPH && self.policy == Policy::Badge
        }) else {
            return Ok(());
        };
        let displaced = members
            .iter()
            .find(|(key, _)| context.term(key).is_some() && context.keyword(key).is_none());
        match displaced {
            None => Ok(()),
            Some((key, _)) => Err(Fault::from(FaultKind::Displaced {
                term: key.to_string(),
            })
            .within(key)),
        }
    }

    /// The context inside an object that is a term's value (expansion, steps 7 and 8).
    fn enter(
        &self,
        active: &Arc<Context>,
        definition: &Definition,
        members: &Object<'_>,
    ) -> Expanded<Arc<Context>> {
        let mut context = active;
        let reference_only = members.len() == 1
            && members
                .iter()
                .any(|(key, _)| context.keyword(key) == Some("@id"));
        if let Some(previous) = &active.previous
            && !reference_only
        {
            context = previous;
        }
        Ok(self.property_scoped(context, definition)?)
    }

    fn property_scoped(
        &self,
        context: &Arc<Context>,
        definition: &Definition,
    ) -> Result<Arc<Context>, FaultKind> {
        match &definition.scoped {
            Some(local) => self.contexts.scoped(context, local, true, self.policy),
            None => Ok(Arc::clone(context)),
        }
    }

    /// The context that an object's types bring (expansion, step 11).
    fn type_scoped(&self, typed: &Arc<Context>, types: &[&str]) -> Result<Arc<Context>, FaultKind> {
        let mut locals: Vec<(&str, &Arc<Local>)> = types
            .iter()
            .filter_map(|&name| Some((name, typed.term(name)?.scoped.as_ref()?)))
            .collect();
        locals.sort_unstable_by_key(|&(name, _)| name);
        locals
            .into_iter()
            .try_fold(Arc::clone(typed), |context, (_, local)| {
                self.contexts.scoped(&context, local, false, self.policy)
            })
    }

    /// The identifier with its key, and the types, as the object spells them.
    fn identity<'v>(
        &self,
        context: &Context,
        members: &'v Object<'_>,
    ) -> Expanded<(Option<Identity<'v>>, Vec<&'v str>)> {
        let mut id = None;
        let mut types = Vec::new();
        for (key, value) in members {
            let keyword = context.keyword(key);
            let found = || FaultKind::Misplaced {
                found: value.kind(),
            };
            match keyword {
                Some("@id") => {
                    let text = value
                        .as_str()
                        .ok_or_else(|| Fault::from(found()).within(key))?;
                    if id.replace((key.as_ref(), text)).is_some() {
                        return Err(FaultKind::CollidingIds.into());
                    }
                }
                Some("@type") => {
                    for item in value.items() {
                        let name = item.as_str().ok_or_else(|| {
                            Fault::from(FaultKind::Misplaced { found: item.kind() }).within(key)
                        })?;
                        types.push(name);
                    }
                }
                _ => {}
            }
        }
        Ok((id, types))
    }

    fn add_type(
        &mut self,
        context: &Context,
        subject: Term,
        name: &str,
        graph: Term,
    ) -> Result<(), FaultKind> {
        let object = match context.term(name) {
            Some(definition) => {
                if self.policy == Policy::Badge && is_property_name(name) {
                    return Err(FaultKind::Respelled {
                        spelling: name.to_owned(),
                    });
                }
                self.defined(definition)
                    .ok_or_else(|| FaultKind::UndefinedType {
                        name: name.to_owned(),
                    })?
            }
            None => match context.expand(name, true) {
                Meaning::Iri(iri) => {
                    if self.policy == Policy::Badge && context.names(&iri) {
                        return Err(FaultKind::Respelled {
                            spelling: name.to_owned(),
                        });
                    }
                    self.iri_or_blank(&iri)
                }
                _ => {
                    return Err(FaultKind::UndefinedType {
                        name: name.to_owned(),
                    });
                }
            },
        };
        let predicate = self.dataset.iri(RDF_TYPE);
        self.insert(Quad {
            subject,
            predicate,
            object,
            graph,
        });
        Ok(())
    }

    fn member(
        &mut self,
        context: &Arc<Context>,
        subject: Term,
        key: &str,
        value: &Value<'_>,
        graph: Term,
    ) -> Expanded<()> {
        let strict = self.policy == Policy::Badge;
        let respelled = || FaultKind::Respelled {
            spelling: key.to_owned(),
        };
        let defined = context.term(key);
        let keyword = match defined.map(|definition| &definition.meaning) {
            Some(Meaning::Keyword(keyword)) => Some(*keyword),
            _ if key.starts_with('@') => context.keyword(key),
            _ => None,
        };
        if let Some(keyword) = keyword {
            return match keyword {
                "@id" | "@type" if strict && key.starts_with('@') => Err(respelled().into()),
                "@id" | "@type" => Ok(()),
                _ => Err(FaultKind::UnsupportedKeyword {
                    keyword: keyword.to_owned(),
                }
                .into()),
            };
        }
        let undefined = || FaultKind::UndefinedTerm {
            term: key.to_owned(),
        };
        let plain;
        let definition = match defined {
            Some(definition) => {
                if strict && !is_property_name(key) {
                    return Err(respelled().into());
                }
                definition
            }
            // A key that is an IRI is signed like the term it spells out, but not read like it.
            None if strict && key.contains(':') => return Err(respelled().into()),
            None => match context.expand(key, true) {
                meaning @ Meaning::Iri(_) => {
                    plain = Arc::new(Definition::undefined(meaning));
                    &plain
                }
                _ => return Err(undefined().into()),
            },
        };
        let predicate = self.defined(definition).ok_or_else(undefined)?;
        if predicate.as_blank().is_some() {
            return Err(undefined().into());
        }
        let edge = Edge {
            context,
            definition,
            subject,
            predicate,
            graph,
        };
        match (&definition.coercion, definition.container) {
            (Coercion::Json, _) => {
                check_numbers(value)?;
                let literal = self.dataset.literal(&canonical(value), RDF_JSON);
                self.add(&edge, literal);
                Ok(())
            }
            (_, Container::List) => {
                let list = self.list(&edge, value)?;
                self.add(&edge, list);
                Ok(())
            }
            _ => self.values(&edge, value),
        }
    }

    fn values(&mut self, edge: &Edge<'_>, value: &Value<'_>) -> Expanded<()> {
        let Value::Array(items) = value else {
            return self.value(edge, value);
        };
        for (index, item) in items.iter().enumerate() {
            if matches!(item, Value::Array(_)) {
                return Err(Fault::from(FaultKind::NestedArray).at(index));
            }
            self.step(Step::Item(index));
            self.value(edge, item).map_err(|fault| fault.at(index))?;
            self.back();
        }
        Ok(())
    }

    fn value(&mut self, edge: &Edge<'_>, value: &Value<'_>) -> Expanded<()> {
        let object = match value {
            Value::Null => return Ok(()),
            Value::Object(members) if edge.definition.container == Container::Language => {
                return self.language_map(edge, members);
            }
            Value::Object(members) => match self.sole_keyword(edge.context, members) {
                Some(("@list", list)) => self.list(edge, list)?,
                Some(("@set", set)) => {
                    self.step(Step::Member("@set"));
                    self.values(edge, set)?;
                    self.back();
                    return Ok(());
                }
                _ => self.object(edge, members)?,
            },
            _ if edge.definition.container == Container::Graph => {
                return Err(FaultKind::Misplaced {
                    found: value.kind(),
                }
                .into());
            }
            scalar => self.scalar(edge, scalar)?,
        };
        self.add(edge, object);
        Ok(())
    }

    /// A node or value object; under a term with a graph container, a graph of its own.
    fn object(&mut self, edge: &Edge<'_>, members: &Object<'_>) -> Expanded<Term> {
        if edge.context.is_value_object(members) {
            return Ok(self.value_object(edge, members)?);
        }
        let place = Place::Member(edge.context, edge.definition);
        if edge.definition.container == Container::Graph {
            let graph = self.dataset.blank_node();
            self.node(place, members, graph)?;
            return Ok(graph);
        }
        self.node(place, members, edge.graph)
    }

    /// The keyword that an object consists of, as in `{"@list": []}`: another spelling of what a
    /// badge writes as an array.
    fn sole_keyword<'v, 'd>(
        &self,
        context: &Context,
        members: &'v Object<'d>,
    ) -> Option<(&'static str, &'v Value<'d>)> {
        match members.as_slice() {
            [(key, value)] if self.policy == Policy::DataIntegrity => {
                Some((context.keyword(key)?, value))
            }
            _ => None,
        }
    }

    /// The term for an identifier. One that a context's prefix abbreviates is another spelling.
    fn identifier(&mut self, context: &Context, text: &str) -> Result<Term, FaultKind> {
        let invalid = || FaultKind::InvalidIri {
            iri: text.to_owned(),
        };
        let (scheme, _) = text.split_once(':').ok_or_else(invalid)?;
        if scheme != "_" && context.term(scheme).is_none() {
            return if is_absolute_iri(text) {
                Ok(self.dataset.bracketed_iri(text))
            } else {
                Err(invalid())
            };
        }
        match context.expand(text, false) {
            Meaning::Iri(iri) if self.policy == Policy::Badge && is_abbreviated(&iri, text) => {
                Err(FaultKind::Respelled {
                    spelling: text.to_owned(),
                })
            }
            Meaning::Iri(iri) => Ok(self.iri_or_blank(&iri)),
            _ => Err(invalid()),
        }
    }

    fn iri_or_blank(&mut self, iri: &str) -> Term {
        let Some(label) = iri.strip_prefix("_:") else {
            return self.dataset.iri(iri);
        };
        if let Some(&known) = self.labels.get(label) {
            return known;
        }
        let node = self.dataset.blank_node();
        self.labels.insert(label.to_owned(), node);
        node
    }

    /// The term for a definition's IRI, if it has one.
    fn defined(&mut self, definition: &Definition) -> Option<Term> {
        let Meaning::Iri(iri) = &definition.meaning else {
            return None;
        };
        if definition.id == Definition::NO_ID {
            return Some(self.iri_or_blank(iri));
        }
        if let Some(&known) = self.predicates.get(&definition.id) {
            return Some(known);
        }
        let term = self.iri_or_blank(iri);
        self.predicates.insert(definition.id, term);
        Some(term)
    }

    fn add(&mut self, edge: &Edge<'_>, object: Term) {
        self.insert(Quad {
            subject: edge.subject,
            predicate: edge.predicate,
            object,
            graph: edge.graph,
        });
    }
}

/// From a subject along a term, before the object is known.
struct Edge<'e> {
    context: &'e Arc<Context>,
    definition: &'e Definition,
    subject: Term,
    predicate: Term,
    graph: Term,
}

/// The key that says an object's identifier, and the identifier.
type Identity<'v> = (&'v str, &'v str);

fn is_abbreviated(iri: &str, text: &str) -> bool {
    iri.starts_with('<') && iri.trim_matches(['<', '>']) != text
}

/// The pinned contexts name properties in lower case and classes in upper case (a test holds
/// them to it). Some use one IRI for both, so the one may not stand for the other.
fn is_property_name(term: &str) -> bool {
    term.starts_with(|first: char| first.is_ascii_lowercase())
}
