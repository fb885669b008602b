//! The pinned contexts, and what has been made of them: each pair of an active and a local context is
//! processed once.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use super::define::Definer;
use super::{Context, Local, Meaning, Processed, unsupported};
use crate::iri::is_absolute_iri;
use crate::json::{self, Object, Value};
use crate::jsonld::pinned::{Edition, misplaced_draft, pinned_contexts};
use crate::jsonld::{FaultKind, Policy};

/// A pinned text, parsed when it is first needed.
struct PinnedText {
    text: &'static str,
    examples: bool,
    parsed: OnceLock<Option<Arc<Local>>>,
}

/// The contexts of one edition, and what has been made of them so far.
pub(in crate::jsonld) struct Contexts {
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
    pub(in crate::jsonld) fn pinned(edition: Edition) -> &'static Self {
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
    pub(in crate::jsonld) fn root(
        &self,
        active: Option<&Arc<Context>>,
        value: &Value<'_>,
        policy: Policy,
    ) -> Processed<Arc<Context>> {
        let is_inside = active.is_some();
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
        let urls: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
        if policy == Policy::Badge
            && let Some(draft) = misplaced_draft(&urls, is_inside)
        {
            let url = draft.to_owned();
            return Err(FaultKind::UnknownContext { url });
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
    pub(in crate::jsonld) fn scoped(
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

    pub(super) fn new_local(&self, value: Value<'static>) -> Arc<Local> {
        Arc::new(Local {
            id: self.new_id(),
            value,
        })
    }

    pub(super) fn new_id(&self) -> u64 {
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
                Value::Object(members) => match members.as_slice() {
                    // What is fetched has its context in this member; some write it so inside too.
                    [(key, inner)] if key == "@context" => {
                        self.local(&context, inner, depth + 1)?
                    }
                    _ => Arc::new(self.define_all(&context, item, members)?),
                },
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
