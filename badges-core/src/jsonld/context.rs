//! Context processing ([JSON-LD 1.1 API, 4]) for contexts that are known beforehand: each pair of
//! an active and a local context is processed once and kept.
//!
//! [JSON-LD 1.1 API, 4]: https://www.w3.org/TR/json-ld11-api/#context-processing

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use super::pinned::{Edition, pinned_contexts};
use super::{FaultKind, Policy};
use crate::json::{self, Object, Value};

type Processed<T> = Result<T, FaultKind>;

/// What a term stands for.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Meaning {
    /// A keyword, with its `@`.
    Keyword(&'static str),
    /// An IRI in angle brackets, or a blank node (`_:b`).
    Iri(Arc<str>),
    /// Nothing: the term is switched off.
    Nothing,
}

/// How a term's string values are read.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Coercion {
    None,
    Id,
    Vocabulary,
    Json,
    /// What follows the closing quote of the literal: `^^<datatype>`, or nothing for `xsd:string`.
    Datatype(Arc<str>),
}

/// The container that changes what is signed; `@set` does not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Container {
    None,
    List,
    Graph,
    Language,
}

#[derive(Clone, Debug)]
pub(super) struct Definition {
    /// Distinguishes definitions for ever, unlike an address.
    pub(super) id: u64,
    pub(super) meaning: Meaning,
    pub(super) coercion: Coercion,
    pub(super) container: Container,
    /// `Some(None)` switches the context's default language off.
    pub(super) language: Option<Option<Arc<str>>>,
    pub(super) scoped: Option<Arc<Local>>,
    protected: bool,
    prefix: bool,
}

impl Definition {
    /// The identity of definitions that no context holds.
    pub(super) const NO_ID: u64 = 0;

    /// What a key without a definition means, where a policy allows it.
    pub(super) const fn undefined(meaning: Meaning) -> Self {
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
    pub(super) fn datatype(&self) -> Option<&str> {
        match &self.coercion {
            Coercion::Datatype(suffix) => Some(suffix),
            _ => None,
        }
    }
}

/// A context as it stands in a text, with an identity for remembering what came of it.
#[derive(Debug)]
pub(super) struct Local {
    id: u64,
    value: Value<'static>,
}

/// An active context.
#[derive(Debug)]
pub(super) struct Context {
    id: u64,
    terms: FxHashMap<Arc<str>, Arc<Definition>>,
    vocabulary: Option<Arc<str>>,
    pub(super) language: Option<Arc<str>>,
    /// What to return to in nested objects, for contexts that do not propagate.
    pub(super) previous: Option<Arc<Self>>,
    /// Whether it is kept for ever, so that what is made of it may be remembered.
    kept: bool,
    /// Whether a term stands for `@value`.
    renames_value: bool,
}

impl Context {
    pub(super) fn term(&self, name: &str) -> Option<&Arc<Definition>> {
        self.terms.get(name)
    }

    /// Whether some term stands for this IRI.
    pub(super) fn names(&self, iri: &str) -> bool {
        self.terms
            .values()
            .any(|definition| matches!(&definition.meaning, Meaning::Iri(known) if **known == *iri))
    }

    /// The keyword that a key is or stands for.
    pub(super) fn keyword(&self, key: &str) -> Option<&'static str> {
        if key.starts_with('@') {
            return keyword(key);
        }
        match self.terms.get(key)?.meaning {
            Meaning::Keyword(keyword) => Some(keyword),
            _ => None,
        }
    }

    /// Whether an object is a value object.
    pub(super) fn is_value_object(&self, members: &Object<'_>) -> bool {
        members.iter().any(|(key, _)| {
            (self.renames_value || key.starts_with('@')) && self.keyword(key) == Some("@value")
        })
    }

    /// IRI expansion (5.2); relative IRIs become [`Meaning::Nothing`].
    pub(super) fn expand(&self, text: &str, vocabulary: bool) -> Meaning {
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

/// Whether a text is an absolute IRI as far as N-Quads can be broken by it: a scheme, and none of
/// the characters that an `IRIREF` bans.
pub(crate) fn is_absolute_iri(text: &str) -> bool {
    let Some(colon) = memchr::memchr(b':', text.as_bytes()) else {
        return false;
    };
    let (scheme, rest) = text.as_bytes().split_at(colon);
    scheme.first().is_some_and(u8::is_ascii_alphabetic)
        && scheme
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
        && rest.len() > 1
        && !rest.iter().any(|&byte| BANNED[usize::from(byte)])
}

/// The characters that an `IRIREF` of N-Quads cannot hold, and DEL.
const BANNED: [bool; 256] = {
    let mut banned = [false; 256];
    let mut byte = 0;
    while byte <= b' ' as usize {
        banned[byte] = true;
        byte += 1;
    }
    let others = b"\x7f<>\"{}|^`\\";
    let mut index = 0;
    while index < others.len() {
        banned[others[index] as usize] = true;
        index += 1;
    }
    banned
};

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

/// A pinned text, parsed when it is first needed.
struct PinnedText {
    text: &'static str,
    examples: bool,
    parsed: OnceLock<Option<Arc<Local>>>,
}

/// The contexts of one edition, and what has been made of them so far.
pub(super) struct Contexts {
    texts: FxHashMap<&'static str, PinnedText>,
    empty: Arc<Context>,
    roots: RwLock<FxHashMap<String, Arc<Context>>>,
    scoped: RwLock<FxHashMap<(u64, u64, bool), Arc<Context>>>,
    next_id: AtomicU64,
}

/// How many different `@context` lists are remembered: more than there are in the wild, and few
/// enough that a hostile sender cannot fill the memory.
const MAX_ROOTS: usize = 256;

/// How many entries an `@context` may have, and how deep contexts may refer to each other.
const MAX_ENTRIES: usize = 16;

impl Contexts {
    /// The pinned contexts, with the texts of this edition where a URL had several.
    pub(super) fn pinned(edition: Edition) -> &'static Self {
        static EDITIONS: [OnceLock<Contexts>; 3] = [const { OnceLock::new() }; 3];
        EDITIONS[edition as usize].get_or_init(|| Self::new(edition))
    }

    fn new(edition: Edition) -> Self {
        let mut texts = FxHashMap::default();
        // Newest first: later rows for the same URL are older texts.
        for context in pinned_contexts() {
            if context.since <= edition {
                texts.entry(context.url).or_insert(PinnedText {
                    text: context.text,
                    examples: context.examples,
                    parsed: OnceLock::new(),
                });
            }
        }
        Self {
            texts,
            empty: Arc::new(Context {
                id: 0,
                terms: FxHashMap::default(),
                vocabulary: None,
                language: None,
                previous: None,
                kept: true,
                renames_value: false,
            }),
            roots: RwLock::default(),
            scoped: RwLock::default(),
            next_id: AtomicU64::new(1),
        }
    }

    /// The context of a document or of an object in it (`@context`).
    pub(super) fn root(
        &self,
        active: Option<&Arc<Context>>,
        value: &Value<'_>,
        policy: Policy,
    ) -> Processed<Arc<Context>> {
        let active = active.unwrap_or(&self.empty);
        let items = value.items();
        if items.is_empty() || items.len() > MAX_ENTRIES {
            return Err(FaultKind::MalformedContext);
        }
        let mut key = format!("{} {policy:?}", active.id);
        let mut by_url = true;
        for item in items {
            match item {
                Value::String(url) => {
                    key.push(' ');
                    key.push_str(url);
                }
                Value::Object(_) | Value::Null if policy == Policy::DataIntegrity => by_url = false,
                Value::Object(_) | Value::Null => return Err(FaultKind::InlineContext),
                _ => return Err(FaultKind::MalformedContext),
            }
        }
        let kept = active.kept && by_url;
        if kept && let Some(known) = read(&self.roots).get(&key) {
            return Ok(Arc::clone(known));
        }
        let kept = kept && read(&self.roots).len() < MAX_ROOTS;
        let mut process = Process {
            contexts: self,
            policy,
            propagate: true,
            override_protected: false,
            kept,
        };
        let context = if by_url {
            process.local(active, value, 0)?
        } else {
            process.local(active, &value.clone().into_owned(), 0)?
        };
        if kept {
            write(&self.roots).insert(key, Arc::clone(&context));
        }
        Ok(context)
    }

    /// A context that a property brings (`override_protected`) or a type.
    pub(super) fn scoped(
        &self,
        active: &Arc<Context>,
        local: &Local,
        by_property: bool,
        policy: Policy,
    ) -> Processed<Arc<Context>> {
        let key = (active.id, local.id, by_property);
        if active.kept
            && let Some(known) = read(&self.scoped).get(&key)
        {
            return Ok(Arc::clone(known));
        }
        let mut process = Process {
            contexts: self,
            policy,
            propagate: by_property,
            override_protected: by_property,
            kept: active.kept,
        };
        let context = process.local(active, &local.value, 0)?;
        if active.kept {
            write(&self.scoped).insert(key, Arc::clone(&context));
        }
        Ok(context)
    }

    fn text(&self, url: &str, policy: Policy) -> Processed<Arc<Local>> {
        let unknown = || FaultKind::UnknownContext {
            url: url.to_owned(),
        };
        let pinned = self.texts.get(url).ok_or_else(unknown)?;
        if pinned.examples && policy == Policy::Badge {
            return Err(unknown());
        }
        pinned
            .parsed
            .get_or_init(|| {
                let document = json::parse(pinned.text).ok()?;
                let value = document.get("@context")?.clone();
                Some(self.new_local(value))
            })
            .clone()
            .ok_or_else(unknown)
    }

    fn new_local(&self, value: Value<'static>) -> Arc<Local> {
        Arc::new(Local {
            id: self.new_id(),
            value,
        })
    }

    fn new_id(&self) -> u64 {
        self.next_id.fetch_add(1, Ordering::Relaxed)
    }
}

fn read<T>(lock: &RwLock<T>) -> std::sync::RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> std::sync::RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

/// One run of the context processing algorithm.
struct Process<'c> {
    contexts: &'c Contexts,
    policy: Policy,
    propagate: bool,
    override_protected: bool,
    kept: bool,
}

impl Process<'_> {
    fn local(
        &mut self,
        active: &Arc<Context>,
        value: &Value<'_>,
        depth: usize,
    ) -> Processed<Arc<Context>> {
        if depth > MAX_ENTRIES {
            return Err(FaultKind::MalformedContext);
        }
        if matches!(value, Value::Null) {
            return self.nullified(active);
        }
        let mut context = Arc::clone(active);
        for item in value.items() {
            context = match item {
                Value::Null => self.nullified(&context)?,
                Value::String(url) => {
                    let text = self.contexts.text(url, self.policy)?;
                    self.local(&context, &text.value, depth + 1)?
                }
                Value::Object(members) => Arc::new(self.define_all(&context, item, members)?),
                _ => return Err(FaultKind::MalformedContext),
            };
        }
        Ok(context)
    }

    fn nullified(&self, active: &Context) -> Processed<Arc<Context>> {
        let mut terms = active.terms.iter();
        if !self.override_protected
            && let Some((term, _)) = terms.find(|(_, definition)| definition.protected)
        {
            return Err(FaultKind::ProtectedTerm {
                term: term.to_string(),
            });
        }
        Ok(Arc::clone(&self.contexts.empty))
    }

    fn define_all(
        &mut self,
        active: &Arc<Context>,
        value: &Value<'_>,
        members: &Object<'_>,
    ) -> Processed<Context> {
        let mut context = Context {
            id: self.contexts.new_id(),
            terms: active.terms.clone(),
            vocabulary: active.vocabulary.clone(),
            language: active.language.clone(),
            previous: active.previous.clone(),
            kept: self.kept,
            renames_value: false,
        };
        let mut propagate = self.propagate;
        let mut protected = false;
        for (key, value) in members.iter().filter(|(key, _)| key.starts_with('@')) {
            match (key.as_ref(), value) {
                ("@version", _) => {}
                ("@protected", Value::Bool(flag)) => protected = *flag,
                ("@propagate", Value::Bool(flag)) => propagate = *flag,
                ("@vocab", Value::Null) => context.vocabulary = None,
                ("@vocab", Value::String(iri)) if is_absolute_iri(iri) => {
                    context.vocabulary = Some(iri.as_ref().into());
                }
                ("@language", Value::Null) => context.language = None,
                ("@language", Value::String(tag)) => {
                    context.language = Some(tag.to_ascii_lowercase().into());
                }
                // A default direction is dropped like any other (`Policy::DataIntegrity`).
                ("@direction", _) if self.policy == Policy::DataIntegrity => {}
                _ => return Err(unsupported(key)),
            }
        }
        if !propagate && context.previous.is_none() {
            context.previous = Some(Arc::clone(active));
        }
        let mut definer = Definer {
            contexts: self.contexts,
            override_protected: self.override_protected,
            protected,
            local: value,
            context,
            state: FxHashMap::default(),
        };
        for (term, _) in members.iter().filter(|(key, _)| !key.starts_with('@')) {
            definer.define(term)?;
        }
        let mut context = definer.context;
        context.renames_value = context
            .terms
            .values()
            .any(|definition| definition.meaning == Meaning::Keyword("@value"));
        Ok(context)
    }
}

fn unsupported(feature: &str) -> FaultKind {
    FaultKind::UnsupportedContext {
        feature: feature.to_owned(),
    }
}

/// Creates the terms of one context object ([JSON-LD 1.1 API, 4.2]).
///
/// [JSON-LD 1.1 API, 4.2]: https://www.w3.org/TR/json-ld11-api/#create-term-definition
struct Definer<'v> {
    contexts: &'v Contexts,
    override_protected: bool,
    protected: bool,
    local: &'v Value<'v>,
    context: Context,
    /// `false` while a term is being defined, `true` when it is.
    state: FxHashMap<&'v str, bool>,
}

impl<'v> Definer<'v> {
    fn define(&mut self, term: &'v str) -> Processed<()> {
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

pub(super) const XSD_STRING: &str = "<http://www.w3.org/2001/XMLSchema#string>";
