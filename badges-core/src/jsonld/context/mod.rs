//! Context processing ([JSON-LD 1.1 API, 4]) for contexts that are known beforehand: each pair of
//! an active and a local context is processed once and kept.
//!
//! [JSON-LD 1.1 API, 4]: https://www.w3.org/TR/json-ld11-api/#context-processing

mod define;
mod store;

use std::sync::Arc;

use rustc_hash::FxHashMap;

pub(in crate::jsonld) use store::Contexts;

use super::FaultKind;
use crate::iri::is_absolute_iri;
use crate::json::{Object, Value};

type Processed<T> = Result<T, FaultKind>;

/// What a term stands for.
#[derive(Clone, PartialEq, Debug)]
pub(in crate::jsonld) enum Meaning {
    /// A keyword, with its `@`.
    Keyword(&'static str),
    /// An IRI in angle brackets, or a blank node (`_:b`).
    Iri(Arc<str>),
    /// Nothing: the term is switched off.
    Nothing,
}

/// How a term's string values are read.
#[derive(Clone, PartialEq, Debug)]
pub(in crate::jsonld) enum Coercion {
    None,
    Id,
    Vocabulary,
    Json,
    /// What follows the closing quote of the literal: `^^<datatype>`, or nothing for `xsd:string`.
    Datatype(Arc<str>),
}

/// The container that changes what is signed; `@set` does not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::jsonld) enum Container {
    None,
    List,
    Graph,
    Language,
}

#[derive(Clone, Debug)]
pub(in crate::jsonld) struct Definition {
    /// Distinguishes definitions for ever, unlike an address.
    pub(in crate::jsonld) id: u64,
    pub(in crate::jsonld) meaning: Meaning,
    pub(in crate::jsonld) coercion: Coercion,
    pub(in crate::jsonld) container: Container,
    /// `Some(None)` switches the context's default language off.
    pub(in crate::jsonld) language: Option<Option<Arc<str>>>,
    pub(in crate::jsonld) scoped: Option<Arc<Local>>,
    protected: bool,
    prefix: bool,
}

impl Definition {
    /// The identity of definitions that no context holds.
    pub(in crate::jsonld) const NO_ID: u64 = 0;

    /// What a key without a definition means, where a policy allows it.
    pub(in crate::jsonld) const fn undefined(meaning: Meaning) -> Self {
        Self {
            id: Self::NO_ID,
            meaning,
            coercion: Coercion::None,
            container: Container::None,
            language: None,
            scoped: None,
            protected: false,
            prefix: false,
        }
    }

    /// What follows the closing quote of a literal, for typed terms.
    pub(in crate::jsonld) fn datatype(&self) -> Option<&str> {
        match &self.coercion {
            Coercion::Datatype(suffix) => Some(suffix),
            _ => None,
        }
    }
}

/// A context as it stands in a text, with an identity for remembering what came of it.
#[derive(Debug)]
pub(in crate::jsonld) struct Local {
    id: u64,
    value: Value<'static>,
}

/// An active context.
#[derive(Debug)]
pub(in crate::jsonld) struct Context {
    id: u64,
    terms: FxHashMap<Arc<str>, Arc<Definition>>,
    vocabulary: Option<Arc<str>>,
    pub(in crate::jsonld) language: Option<Arc<str>>,
    /// What to return to in nested objects, for contexts that do not propagate.
    pub(in crate::jsonld) previous: Option<Arc<Self>>,
    /// Whether it is kept for ever, so that what is made of it may be remembered.
    kept: bool,
    /// Whether a term stands for `@value`.
    renames_value: bool,
}

impl Context {
    pub(in crate::jsonld) fn term(&self, name: &str) -> Option<&Arc<Definition>> {
        self.terms.get(name)
    }

    /// Whether some term stands for this IRI.
    pub(in crate::jsonld) fn names(&self, iri: &str) -> bool {
        self.terms
            .values()
            .any(|definition| matches!(&definition.meaning, Meaning::Iri(known) if **known == *iri))
    }

    /// The keyword that a key is or stands for.
    pub(in crate::jsonld) fn keyword(&self, key: &str) -> Option<&'static str> {
        if key.starts_with('@') {
            return keyword(key);
        }
        match self.terms.get(key)?.meaning {
            Meaning::Keyword(keyword) => Some(keyword),
            _ => None,
        }
    }

    /// Whether an object is a value object.
    pub(in crate::jsonld) fn is_value_object(&self, members: &Object<'_>) -> bool {
        members.iter().any(|(key, _)| {
            (self.renames_value || key.starts_with('@')) && self.keyword(key) == Some("@value")
        })
    }

    /// IRI expansion (5.2); relative IRIs become [`Meaning::Nothing`].
    pub(in crate::jsonld) fn expand(&self, text: &str, vocabulary: bool) -> Meaning {
        if text.starts_with('@') {
            return keyword(text).map_or(Meaning::Nothing, Meaning::Keyword);
        }
        if vocabulary && let Some(definition) = self.terms.get(text) {
            return definition.meaning.clone();
        }
        if let Some((prefix, rest)) = text.split_once(':') {
            if prefix == "_" {
                return Meaning::Iri(text.into());
            }
            if !rest.starts_with("//")
                && let Some(definition) = self.terms.get(prefix)
                && definition.prefix
                && let Meaning::Iri(iri) = &definition.meaning
            {
                return bracketed(&format!("{}{rest}", iri.trim_matches(['<', '>'])));
            }
            return bracketed(text);
        }
        match &self.vocabulary {
            Some(base) if vocabulary => bracketed(&format!("{base}{text}")),
            _ => Meaning::Nothing,
        }
    }
}

fn bracketed(iri: &str) -> Meaning {
    if is_absolute_iri(iri) {
        Meaning::Iri(format!("<{iri}>").into())
    } else {
        Meaning::Nothing
    }
}

const KEYWORDS: [&str; 19] = [
    "@id",
    "@type",
    "@value",
    "@context",
    "@language",
    "@list",
    "@set",
    "@graph",
    "@index",
    "@direction",
    "@reverse",
    "@included",
    "@nest",
    "@none",
    "@json",
    "@vocab",
    "@base",
    "@container",
    "@version",
];

fn keyword(text: &str) -> Option<&'static str> {
    KEYWORDS.into_iter().find(|&keyword| keyword == text)
}

fn unsupported(feature: &str) -> FaultKind {
    FaultKind::UnsupportedContext {
        feature: feature.to_owned(),
    }
}

pub(in crate::jsonld) const XSD_STRING: &str = "<http://www.w3.org/2001/XMLSchema#string>";
