//! JSON to schemas. What is no schema is said here, with its place, so that judging by a schema
//! cannot fail half-way.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use percent_encoding::percent_decode_str;

use super::pattern::Pattern;
use super::schema::{Draft, Id, Keyword, Schema, Schemas, Step};
use super::{SchemaFault, Unusable};
use crate::iri;
use crate::json::Value;

/// The most schemas that are read together, of all documents.
const MAX_SCHEMAS: usize = 20_000;

/// The longest URI in bytes, since every reference keeps one.
pub(super) const MAX_URI: usize = 2048;

/// The keywords that schemas stand in.
const KEYWORDS: [&str; 21] = [
    "$defs",
    "additionalItems",
    "additionalProperties",
    "allOf",
    "anyOf",
    "contains",
    "definitions",
    "dependencies",
    "dependentSchemas",
    "else",
    "if",
    "items",
    "not",
    "oneOf",
    "patternProperties",
    "prefixItems",
    "properties",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];

/// Schemas being read.
#[derive(Default)]
pub(super) struct Reader<'d> {
    pub(super) schemas: Schemas<'d>,
    children: BTreeMap<(Id, Step<'d>), Id>,
    /// Where what has a URI of its own begins: documents, and schemas with an `$id`.
    resources: BTreeMap<String, Id>,
    anchors: BTreeMap<(String, String), Id>,
    /// How many places have a `$dynamicAnchor` of a name, or a `$recursiveAnchor`.
    dynamic: BTreeMap<String, usize>,
    recursive: BTreeSet<Id>,
    links: Vec<Link>,
    pub(super) patterns: BTreeMap<String, Rc<Pattern>>,
}

/// A reference that waits until all documents are there.
struct Link {
    from: Id,
    keyword: &'static str,
    resource: String,
    fragment: String,
}

/// What holds for a schema and those inside it.
#[derive(Clone)]
struct Scope {
    draft: Draft,
    base: String,
    document: Rc<str>,
}

/// The members of a schema that have not been read yet.
pub(super) struct Members<'d> {
    pub(super) of: Id,
    scope: Scope,
    pub(super) left: BTreeMap<Cow<'d, str>, Value<'d>>,
}

impl<'d> Members<'d> {
    pub(super) fn take(&mut self, keyword: &str) -> Option<Value<'d>> {
        self.left.remove(keyword)
    }

    pub(super) const fn draft(&self) -> Draft {
        self.scope.draft
    }
}

pub(super) type Read<T> = Result<T, Unusable>;

impl<'d> Reader<'d> {
    /// Reads a document; the draft is that of one that names none.
    pub(super) fn document(&mut self, url: &str, root: Value<'d>, draft: Draft) -> Read<()> {
        let scope = Scope {
            draft,
            base: url.to_owned(),
            document: url.into(),
        };
        let id = self.schema(root, scope, None)?;
        self.resources.insert(url.to_owned(), id);
        Ok(())
    }

    /// The documents that references lead to and that were not read yet.
    pub(super) fn wanted(&self) -> BTreeSet<String> {
        let unknown = |link: &&Link| !self.resources.contains_key(&link.resource);
        let links = self.links.iter().filter(unknown);
        links.map(|link| link.resource.clone()).collect()
    }

    /// All schemas, with references that lead somewhere, and which of them is at this URI.
    pub(super) fn finish(mut self, uri: &str) -> Read<(Schemas<'d>, Id)> {
        for link in std::mem::take(&mut self.links) {
            let to = self.target(&link.resource, &link.fragment);
            let to =
                to.ok_or_else(|| self.unfit(SchemaFault::Reference, link.from, link.keyword))?;
            // Which of several places is meant depends on the way that led here.
            let is_open = match link.keyword {
                "$dynamicRef" => self.dynamic.get(&link.fragment).is_some_and(|&it| it > 1),
                "$recursiveRef" => self.recursive.contains(&to) && self.recursive.len() > 1,
                _ => false,
            };
            if is_open {
                return Err(self.unfit(SchemaFault::Unsupported, link.from, link.keyword));
            }
            let keyword = link.keyword;
            self.schemas.0[link.from]
                .keywords
                .push(Keyword::Reference { keyword, to });
        }
        let (resource, fragment) = uri.split_once('#').unwrap_or((uri, ""));
        let at = self.target(resource, fragment);
        let at = at.ok_or(SchemaFault::Reference)?;
        Ok((self.schemas, at))
    }

    fn target(&self, resource: &str, fragment: &str) -> Option<Id> {
        let mut at = *self.resources.get(resource)?;
        let Some(pointer) = fragment.strip_prefix('/') else {
            return if fragment.is_empty() {
                Some(at)
            } else {
                let anchor = (resource.to_owned(), fragment.to_owned());
                self.anchors.get(&anchor).copied()
            };
        };
        let mut tokens = pointer.split('/');
        while let Some(keyword) = tokens.next() {
            let keyword = *KEYWORDS.iter().find(|known| **known == keyword)?;
            let step = |name| (at, Step { keyword, name });
            at = match self.children.get(&step(None)) {
                Some(child) => *child,
                None => {
                    let name = tokens.next()?.replace("~1", "/").replace("~0", "~");
                    *self.children.get(&step(Some(name.into())))?
                }
            };
        }
        Some(at)
    }

    pub(super) fn unfit(&self, fault: SchemaFault, of: Id, keyword: &str) -> Unusable {
        Unusable::Unfit {
            fault,
            place: Some(self.schemas.place(of, keyword)),
        }
    }

    fn schema(
        &mut self,
        value: Value<'d>,
        scope: Scope,
        parent: Option<(Id, Step<'d>)>,
    ) -> Read<Id> {
        if self.schemas.0.len() == MAX_SCHEMAS {
            return Err(Unusable::from(SchemaFault::Costly));
        }
        let id = self.schemas.0.len();
        if let Some(step) = &parent {
            self.children.insert(step.clone(), id);
        }
        self.schemas.0.push(Schema {
            parent,
            document: Rc::clone(&scope.document),
            keywords: Vec::new(),
            unevaluated_items: None,
            unevaluated_properties: None,
        });
        match value {
            Value::Bool(true) => {}
            Value::Bool(false) => self.add(id, Keyword::Never),
            Value::Object(members) => {
                let members = Members {
                    of: id,
                    scope,
                    left: members.into_iter().collect(),
                };
                self.object(members)?;
            }
            _ => return Err(self.unfit(SchemaFault::NoSchema, id, "")),
        }
        Ok(id)
    }

    pub(super) fn add(&mut self, id: Id, keyword: Keyword<'d>) {
        self.schemas.0[id].keywords.push(keyword);
    }

    fn object(&mut self, mut members: Members<'d>) -> Read<()> {
        let draft = match members.take("$schema") {
            None => members.scope.draft,
            Some(named) => named
                .as_str()
                .and_then(Draft::named)
                .ok_or_else(|| self.unfit(SchemaFault::Draft, members.of, "$schema"))?,
        };
        members.scope.draft = draft;
        // In draft 7, what stands beside a reference does not count, but can be referred to.
        let is_alone = draft == Draft::Draft7 && members.left.contains_key("$ref");
        if !is_alone {
            self.identity(&mut members)?;
        }
        self.named(&mut members, "$defs")?;
        self.named(&mut members, "definitions")?;
        if let Some(reference) = members.take("$ref") {
            self.link(&members, "$ref", &reference)?;
        }
        if is_alone {
            return Ok(());
        }
        if draft == Draft::Draft2019
            && let Some(reference) = members.take("$recursiveRef")
        {
            self.link(&members, "$recursiveRef", &reference)?;
        }
        if draft == Draft::Draft2020
            && let Some(reference) = members.take("$dynamicRef")
        {
            self.link(&members, "$dynamicRef", &reference)?;
        }
        self.any(&mut members)?;
        self.numbers(&mut members)?;
        self.strings(&mut members)?;
        self.arrays(&mut members)?;
        self.objects(&mut members)?;
        self.combinations(&mut members)
    }

    /// `$id` and the anchors.
    fn identity(&mut self, members: &mut Members<'d>) -> Read<()> {
        let of = members.of;
        if let Some(id) = members.take("$id") {
            let text = id.as_str().unwrap_or_default();
            let (uri, fragment) = text.split_once('#').unwrap_or((text, ""));
            let base = resolve(&members.scope.base, uri)
                .ok_or_else(|| self.unfit(SchemaFault::NoSchema, of, "$id"))?;
            if !uri.is_empty() {
                self.resources.entry(base.clone()).or_insert(of);
                members.scope.base = base;
            }
            if !fragment.is_empty() {
                self.anchor(members, fragment.to_owned());
            }
        }
        if members.scope.draft == Draft::Draft7 {
            return Ok(());
        }
        for keyword in ["$anchor", "$dynamicAnchor"] {
            if let Some(name) = self.text(members, keyword)? {
                if keyword == "$dynamicAnchor" {
                    *self.dynamic.entry(name.to_string()).or_default() += 1;
                }
                self.anchor(members, name.into_owned());
            }
        }
        if let Some(Value::Bool(true)) = members.take("$recursiveAnchor") {
            self.recursive.insert(of);
        }
        Ok(())
    }

    fn anchor(&mut self, members: &Members<'d>, name: String) {
        let anchor = (members.scope.base.clone(), name);
        self.anchors.entry(anchor).or_insert(members.of);
    }

    fn link(
        &mut self,
        members: &Members<'d>,
        keyword: &'static str,
        reference: &Value<'_>,
    ) -> Read<()> {
        let unfit = || self.unfit(SchemaFault::Reference, members.of, keyword);
        let text = reference.as_str().ok_or_else(unfit)?;
        let (uri, fragment) = text.split_once('#').unwrap_or((text, ""));
        let resource = resolve(&members.scope.base, uri).ok_or_else(unfit)?;
        let fragment = percent_decode_str(fragment)
            .decode_utf8()
            .map_err(|_| unfit())?
            .into_owned();
        self.links.push(Link {
            from: members.of,
            keyword,
            resource,
            fragment,
        });
        Ok(())
    }

    pub(super) fn child(
        &mut self,
        members: &Members<'d>,
        keyword: &'static str,
        name: Option<Cow<'d, str>>,
        value: Value<'d>,
    ) -> Read<Id> {
        let step = Step { keyword, name };
        self.schema(value, members.scope.clone(), Some((members.of, step)))
    }

    pub(super) fn single(
        &mut self,
        members: &mut Members<'d>,
        keyword: &'static str,
    ) -> Read<Option<Id>> {
        match members.take(keyword) {
            None => Ok(None),
            Some(value) => self.child(members, keyword, None, value).map(Some),
        }
    }

    /// A list that has at least one schema, where there is one.
    pub(super) fn list(
        &mut self,
        members: &mut Members<'d>,
        keyword: &'static str,
    ) -> Read<Vec<Id>> {
        match members.take(keyword) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) if !items.is_empty() => items
                .into_iter()
                .enumerate()
                .map(|(at, item)| self.child(members, keyword, Some(at.to_string().into()), item))
                .collect(),
            Some(_) => Err(self.unfit(SchemaFault::NoSchema, members.of, keyword)),
        }
    }

    pub(super) fn named(
        &mut self,
        members: &mut Members<'d>,
        keyword: &'static str,
    ) -> Read<Vec<(Cow<'d, str>, Id)>> {
        match members.take(keyword) {
            None => Ok(Vec::new()),
            Some(Value::Object(schemas)) => schemas
                .into_iter()
                .map(|(name, schema)| {
                    let child = self.child(members, keyword, Some(name.clone()), schema)?;
                    Ok((name, child))
                })
                .collect(),
            Some(_) => Err(self.unfit(SchemaFault::NoSchema, members.of, keyword)),
        }
    }
}

fn resolve(base: &str, reference: &str) -> Option<String> {
    iri::resolve(base, reference).filter(|uri| uri.len() <= MAX_URI)
}
