//! The keywords of a schema, each read with the values that it may have.

use std::borrow::Cow;
use std::rc::Rc;

use super::SchemaFault;
use super::decimal::Decimal;
use super::pattern::Pattern;
use super::read::{Members, Read, Reader};
use super::schema::{Contains, Draft, Format, Id, Items, Keyword, Properties, Type};
use crate::json::Value;

/// How long all patterns of a schema may be, in bytes, and how large when they are compiled, in KiB.
const MAX_PATTERNS: usize = 64 << 10;
const MAX_COMPILED: usize = 4 << 10;

/// The longest number, as it is written.
const MAX_NUMBER: usize = 1000;

/// Makes a keyword of what it asks for.
type Make<T> = fn(T) -> Keyword<'static>;

impl<'d> Reader<'d> {
    /// Keywords for values of all types.
    pub(super) fn any(&mut self, members: &mut Members<'d>) -> Read<()> {
        let of = members.of;
        if let Some(types) = members.take("type") {
            let named = |name: &Value<'_>| name.as_str().and_then(Type::named);
            let types: Option<Vec<Type>> = types.items().iter().map(named).collect();
            let types = types.filter(|types| (1..=7).contains(&types.len()));
            let types = types.ok_or_else(|| self.unfit(SchemaFault::NoSchema, of, "type"))?;
            self.add(of, Keyword::Type(types));
        }
        match members.take("enum") {
            None => {}
            Some(Value::Array(values)) => self.add(of, Keyword::Enum(values)),
            Some(_) => return Err(self.unfit(SchemaFault::NoSchema, of, "enum")),
        }
        if let Some(value) = members.take("const") {
            self.add(of, Keyword::Const(value));
        }
        Ok(())
    }

    pub(super) fn numbers(&mut self, members: &mut Members<'d>) -> Read<()> {
        const BOUNDS: [(&str, Make<Decimal>); 4] = [
            ("maximum", Keyword::Maximum),
            ("exclusiveMaximum", Keyword::ExclusiveMaximum),
            ("minimum", Keyword::Minimum),
            ("exclusiveMinimum", Keyword::ExclusiveMinimum),
        ];
        for (keyword, bound) in BOUNDS {
            if let Some(number) = self.number(members, keyword)? {
                self.add(members.of, bound(number));
            }
        }
        match self.number(members, "multipleOf")? {
            None => {}
            Some(factor) if factor.is_positive() => {
                self.add(members.of, Keyword::MultipleOf(factor));
            }
            Some(_) => return Err(self.unfit(SchemaFault::NoSchema, members.of, "multipleOf")),
        }
        Ok(())
    }

    fn number(&self, members: &mut Members<'d>, keyword: &str) -> Read<Option<Decimal>> {
        match members.take(keyword) {
            None => Ok(None),
            Some(Value::Number(number)) if number.text().len() > MAX_NUMBER => {
                Err(self.unfit(SchemaFault::Costly, members.of, keyword))
            }
            Some(Value::Number(number)) => Ok(Some(Decimal::of(&number))),
            Some(_) => Err(self.unfit(SchemaFault::NoSchema, members.of, keyword)),
        }
    }

    fn counts<const N: usize>(
        &mut self,
        members: &mut Members<'d>,
        keywords: [(&str, Make<u64>); N],
    ) -> Read<()> {
        for (keyword, make) in keywords {
            if let Some(count) = self.count(members, keyword)? {
                self.add(members.of, make(count));
            }
        }
        Ok(())
    }

    fn count(&self, members: &mut Members<'d>, keyword: &str) -> Read<Option<u64>> {
        let Some(number) = self.number(members, keyword)? else {
            return Ok(None);
        };
        let count = number.as_count();
        count
            .map(Some)
            .ok_or_else(|| self.unfit(SchemaFault::NoSchema, members.of, keyword))
    }

    pub(super) fn strings(&mut self, members: &mut Members<'d>) -> Read<()> {
        self.counts(
            members,
            [
                ("maxLength", Keyword::MaxLength),
                ("minLength", Keyword::MinLength),
            ],
        )?;
        if let Some(pattern) = self.text(members, "pattern")? {
            let pattern = self.pattern(&pattern, members.of, "pattern")?;
            self.add(members.of, Keyword::Pattern(pattern));
        }
        if let Some(format) = self.text(members, "format")?
            && let Some(format) = Format::named(&format)
            // From 2020-12 on, a format is for people unless a vocabulary says otherwise.
            && members.draft() < Draft::Draft2020
        {
            self.add(members.of, Keyword::Format(format));
        }
        Ok(())
    }

    pub(super) fn text(
        &self,
        members: &mut Members<'d>,
        keyword: &str,
    ) -> Read<Option<Cow<'d, str>>> {
        match members.take(keyword) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.unfit(SchemaFault::NoSchema, members.of, keyword)),
        }
    }

    fn texts(&self, value: Value<'d>, of: Id, keyword: &str) -> Read<Vec<Cow<'d, str>>> {
        let Value::Array(items) = value else {
            return Err(self.unfit(SchemaFault::NoSchema, of, keyword));
        };
        let text = |item| match item {
            Value::String(text) => Ok(text),
            _ => Err(self.unfit(SchemaFault::NoSchema, of, keyword)),
        };
        items.into_iter().map(text).collect()
    }

    /// Equal patterns are one, since each takes memory where it was matched.
    fn pattern(&mut self, text: &str, of: Id, keyword: &str) -> Read<Rc<Pattern>> {
        if let Some(known) = self.patterns.get(text) {
            return Ok(Rc::clone(known));
        }
        let length: usize = self.patterns.keys().map(String::len).sum();
        let compiled: usize = self.patterns.values().map(|pattern| pattern.weight).sum();
        let is_room = length + text.len() <= MAX_PATTERNS && compiled < MAX_COMPILED;
        let pattern = is_room.then(|| Pattern::read(text)).flatten();
        let pattern = pattern.ok_or_else(|| self.unfit(SchemaFault::Pattern, of, keyword))?;
        let pattern = Rc::new(pattern);
        self.patterns.insert(text.to_owned(), Rc::clone(&pattern));
        Ok(pattern)
    }

    pub(super) fn arrays(&mut self, members: &mut Members<'d>) -> Read<()> {
        let of = members.of;
        self.counts(
            members,
            [
                ("maxItems", Keyword::MaxItems),
                ("minItems", Keyword::MinItems),
            ],
        )?;
        match members.take("uniqueItems") {
            None | Some(Value::Bool(false)) => {}
            Some(Value::Bool(true)) => self.add(of, Keyword::UniqueItems),
            Some(_) => return Err(self.unfit(SchemaFault::NoSchema, of, "uniqueItems")),
        }
        let mut items = Items::default();
        if members.draft() == Draft::Draft2020 {
            items.first = self.list(members, "prefixItems")?;
            items.rest = self.single(members, "items")?;
        } else if let Some(Value::Array(_)) = members.left.get("items") {
            items.first = self.list(members, "items")?;
            items.rest = self.single(members, "additionalItems")?;
        } else {
            items.rest = self.single(members, "items")?;
        }
        if !items.first.is_empty() || items.rest.is_some() {
            self.add(of, Keyword::Items(items));
        }
        if let Some(schema) = self.single(members, "contains")? {
            let bounded = members.draft() > Draft::Draft7;
            let mut bound = |keyword| match bounded {
                true => self.count(members, keyword),
                false => Ok(None),
            };
            let contains = Contains {
                schema,
                least: bound("minContains")?.unwrap_or(1),
                most: bound("maxContains")?,
                evaluates: members.draft() == Draft::Draft2020,
            };
            self.add(of, Keyword::Contains(contains));
        }
        if members.draft() > Draft::Draft7 {
            self.schemas.0[of].unevaluated_items = self.single(members, "unevaluatedItems")?;
        }
        Ok(())
    }

    pub(super) fn objects(&mut self, members: &mut Members<'d>) -> Read<()> {
        let of = members.of;
        self.counts(
            members,
            [
                ("maxProperties", Keyword::MaxProperties),
                ("minProperties", Keyword::MinProperties),
            ],
        )?;
        if let Some(names) = members.take("required") {
            let names = self.texts(names, of, "required")?;
            self.add(of, Keyword::Required(names));
        }
        let mut properties = Properties {
            named: self.named(members, "properties")?.into_iter().collect(),
            ..Properties::default()
        };
        for (text, schema) in self.named(members, "patternProperties")? {
            let pattern = self.pattern(&text, of, "patternProperties")?;
            properties.patterns.push((pattern, schema));
        }
        properties.rest = self.single(members, "additionalProperties")?;
        if !properties.named.is_empty()
            || !properties.patterns.is_empty()
            || properties.rest.is_some()
        {
            self.add(of, Keyword::Properties(properties));
        }
        if let Some(names) = self.single(members, "propertyNames")? {
            self.add(of, Keyword::PropertyNames(names));
        }
        self.dependencies(members)?;
        if members.draft() == Draft::Draft7 {
            return Ok(());
        }
        let schemas = self.named(members, "dependentSchemas")?;
        if !schemas.is_empty() {
            self.add(of, Keyword::DependentSchemas(schemas));
        }
        if let Some(dependent) = members.take("dependentRequired") {
            let keyword = "dependentRequired";
            let Value::Object(dependent) = dependent else {
                return Err(self.unfit(SchemaFault::NoSchema, of, keyword));
            };
            let names = |(name, names)| Ok((name, self.texts(names, of, keyword)?));
            let names = dependent.into_iter().map(names).collect::<Read<_>>()?;
            self.add(of, Keyword::DependentRequired { keyword, names });
        }
        self.schemas.0[of].unevaluated_properties =
            self.single(members, "unevaluatedProperties")?;
        Ok(())
    }

    /// `dependencies`, which drafts after 7 write as two keywords, and many schemas do not.
    fn dependencies(&mut self, members: &mut Members<'d>) -> Read<()> {
        let (of, keyword) = (members.of, "dependencies");
        let Some(dependencies) = members.take(keyword) else {
            return Ok(());
        };
        let Value::Object(dependencies) = dependencies else {
            return Err(self.unfit(SchemaFault::NoSchema, of, keyword));
        };
        let (mut names, mut schemas) = (Vec::new(), Vec::new());
        for (name, dependency) in dependencies {
            if let Value::Array(_) = dependency {
                names.push((name, self.texts(dependency, of, keyword)?));
            } else {
                let child = self.child(members, keyword, Some(name.clone()), dependency)?;
                schemas.push((name, child));
            }
        }
        self.add(of, Keyword::DependentRequired { keyword, names });
        self.add(of, Keyword::DependentSchemas(schemas));
        Ok(())
    }

    pub(super) fn combinations(&mut self, members: &mut Members<'d>) -> Read<()> {
        let of = members.of;
        const LISTS: [(&str, Make<Vec<Id>>); 3] = [
            ("allOf", Keyword::AllOf),
            ("anyOf", Keyword::AnyOf),
            ("oneOf", Keyword::OneOf),
        ];
        for (keyword, make) in LISTS {
            let schemas = self.list(members, keyword)?;
            if !schemas.is_empty() {
                self.add(of, make(schemas));
            }
        }
        if let Some(schema) = self.single(members, "not")? {
            self.add(of, Keyword::Not(schema));
        }
        let condition = self.single(members, "if")?;
        let then = self.single(members, "then")?;
        let otherwise = self.single(members, "else")?;
        if let Some(condition) = condition {
            self.add(
                of,
                Keyword::If {
                    condition,
                    then,
                    otherwise,
                },
            );
        }
        Ok(())
    }
}
