//! Creating the terms of one context object.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::store::Contexts;
use super::{
    Coercion, Container, Context, Definition, Meaning, Processed, XSD_STRING, bracketed, keyword,
    unsupported,
};
use crate::json::{self, Value};
use crate::jsonld::FaultKind;

/// Creates the terms of one context object ([JSON-LD 1.1 API, 4.2]).
///
/// [JSON-LD 1.1 API, 4.2]: https://www.w3.org/TR/json-ld11-api/#create-term-definition
pub(super) struct Definer<'v> {
    pub(super) contexts: &'v Contexts,
    pub(super) override_protected: bool,
    pub(super) protected: bool,
    pub(super) local: &'v Value<'v>,
    pub(super) context: Context,
    /// `false` while a term is being defined, `true` when it is.
    pub(super) state: FxHashMap<&'v str, bool>,
}

impl<'v> Definer<'v> {
    pub(super) fn define(&mut self, term: &'v str) -> Processed<()> {
        match self.state.insert(term, false) {
            Some(true) => {
                self.state.insert(term, true);
                return Ok(());
            }
            Some(false) => return Err(unsupported(&format!("a cycle through `{term}`"))),
            None => {}
        }
        let before = self.context.terms.remove(term);
        let definition = self.definition(term)?;
        let definition = self.check_protected(term, before, definition)?;
        self.context.terms.insert(term.into(), definition);
        self.state.insert(term, true);
        Ok(())
    }

    fn definition(&mut self, term: &'v str) -> Processed<Definition> {
        let local = self.local;
        let value = local.get(term).unwrap_or(&Value::Null);
        let (id, simple) = match value {
            Value::String(_) | Value::Null => (Some(value), matches!(value, Value::String(_))),
            Value::Object(_) => (value.get("@id"), false),
            _ => return Err(FaultKind::MalformedContext),
        };
        let mut definition = Definition {
            id: self.contexts.new_id(),
            meaning: self.meaning(term, id)?,
            coercion: Coercion::None,
            container: Container::None,
            language: None,
            scoped: None,
            protected: self.protected,
            prefix: false,
        };
        definition.prefix = simple
            && !term.contains([':', '/'])
            && matches!(&definition.meaning, Meaning::Iri(iri)
                if iri.trim_end_matches('>').ends_with([':', '/', '?', '#', '[', ']', '@']));
        if let Value::Object(members) = value {
            for (key, value) in members {
                self.read_member(&mut definition, key, value)?;
            }
        }
        Ok(definition)
    }

    fn meaning(&mut self, term: &'v str, id: Option<&'v Value<'v>>) -> Processed<Meaning> {
        match id {
            Some(Value::Null) => Ok(Meaning::Nothing),
            Some(Value::String(iri)) if iri != term => match self.iri(iri)? {
                Meaning::Nothing => Err(FaultKind::InvalidIri {
                    iri: iri.to_string(),
                }),
                meaning => Ok(meaning),
            },
            None | Some(Value::String(_)) => {
                let meaning = if term.contains(':') {
                    self.iri(term)?
                } else {
                    match &self.context.vocabulary {
                        Some(base) => bracketed(&format!("{base}{term}")),
                        None => Meaning::Nothing,
                    }
                };
                match meaning {
                    Meaning::Nothing => Err(FaultKind::InvalidIri {
                        iri: term.to_owned(),
                    }),
                    meaning => Ok(meaning),
                }
            }
            Some(_) => Err(FaultKind::MalformedContext),
        }
    }

    fn read_member(
        &mut self,
        definition: &mut Definition,
        key: &str,
        value: &'v Value<'v>,
    ) -> Processed<()> {
        match (key, value) {
            ("@id", _) => {}
            ("@protected", Value::Bool(flag)) => definition.protected = *flag,
            ("@prefix", Value::Bool(flag)) => definition.prefix = *flag,
            ("@type", Value::String(name)) => definition.coercion = self.coercion(name)?,
            ("@container", _) => definition.container = container(value)?,
            ("@language", Value::Null) => definition.language = Some(None),
            ("@language", Value::String(tag)) => {
                definition.language = Some(Some(tag.to_ascii_lowercase().into()));
            }
            ("@context", _) => {
                definition.scoped = Some(self.contexts.new_local(value.clone().into_owned()));
            }
            _ => return Err(unsupported(key)),
        }
        Ok(())
    }

    fn coercion(&mut self, name: &'v str) -> Processed<Coercion> {
        Ok(match name {
            "@id" => Coercion::Id,
            "@vocab" => Coercion::Vocabulary,
            "@json" => Coercion::Json,
            "@none" => Coercion::None,
            _ => match self.iri(name)? {
                Meaning::Iri(iri) if &*iri == XSD_STRING => Coercion::Datatype("".into()),
                Meaning::Iri(iri) => Coercion::Datatype(format!("^^{iri}").into()),
                _ => {
                    return Err(FaultKind::InvalidIri {
                        iri: name.to_owned(),
                    });
                }
            },
        })
    }

    /// IRI expansion inside a context: terms of the same context are defined first.
    fn iri(&mut self, text: &'v str) -> Processed<Meaning> {
        if text.starts_with('@') {
            return keyword(text)
                .map(Meaning::Keyword)
                .ok_or_else(|| unsupported(text));
        }
        let prefix = text.split_once(':').map(|(prefix, _)| prefix);
        for name in [Some(text), prefix].into_iter().flatten() {
            if self.local.get(name).is_some() && self.state.get(name) != Some(&true) {
                self.define(name)?;
            }
        }
        Ok(self.context.expand(text, true))
    }

    fn check_protected(
        &self,
        term: &str,
        before: Option<Arc<Definition>>,
        mut after: Definition,
    ) -> Processed<Arc<Definition>> {
        let Some(before) = before.filter(|before| before.protected && !self.override_protected)
        else {
            return Ok(Arc::new(after));
        };
        after.protected = true;
        if same(&before, &after) {
            // Keeping the older one keeps what is remembered of its scoped context.
            return Ok(before);
        }
        Err(FaultKind::ProtectedTerm {
            term: term.to_owned(),
        })
    }
}

/// Whether two definitions say the same, other than being protected.
fn same(a: &Definition, b: &Definition) -> bool {
    a.meaning == b.meaning
        && a.coercion == b.coercion
        && a.container == b.container
        && a.language == b.language
        && a.prefix == b.prefix
        && match (&a.scoped, &b.scoped) {
            (None, None) => true,
            (Some(a), Some(b)) => {
                a.id == b.id || json::canonical(&a.value) == json::canonical(&b.value)
            }
            _ => false,
        }
}

fn container(value: &Value<'_>) -> Processed<Container> {
    let mut container = Container::None;
    for item in value.items() {
        container = match item.as_str() {
            Some("@set") => container,
            Some("@list") => Container::List,
            Some("@graph") => Container::Graph,
            Some("@language") => Container::Language,
            other => return Err(unsupported(other.unwrap_or("a malformed @container"))),
        };
    }
    Ok(container)
}
