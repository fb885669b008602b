//! Judging a value by a schema, with every step counted: a schema of a stranger can ask for as much
//! work as it likes, and gets what [`MAX_STEPS`] allows.

use super::decimal::Decimal;
use super::schema::{Contains, Id, Items, Keyword, Properties, Schemas};
use super::{Mismatch, SchemaFault};
use crate::json::Value;
use crate::model::schema::Place;

/// The most steps that judging one document takes: schemas asked, members and items looked at,
/// values compared, pieces of text read.
pub(super) const MAX_STEPS: usize = 1_000_000;

/// The most mismatches that are listed.
const MAX_MISMATCHES: usize = 20;

/// The deepest that schemas lead into each other.
const MAX_DEPTH: usize = 200;

/// How much text is one step, in bytes.
const PIECE: usize = 64;

/// A judgement under way.
pub(super) struct Evaluation<'s, 'd> {
    schemas: &'s Schemas<'d>,
    pub(super) steps: usize,
    depth: usize,
    /// The references that are being followed, and for which value: its address is its identity.
    followed: Vec<(Id, *const ())>,
    /// Whether a mismatch decides nothing yet, as inside `anyOf`.
    is_trial: bool,
    pub(super) mismatches: Vec<Mismatch>,
}

/// Which items or members of a value were evaluated by a schema that it conforms to.
#[derive(Default)]
struct Evaluated(Vec<bool>);

impl Evaluated {
    fn add(&mut self, position: usize) {
        if self.0.len() <= position {
            self.0.resize(position + 1, false);
        }
        self.0[position] = true;
    }

    fn merge(&mut self, other: Self) {
        for (position, _) in other.0.iter().enumerate().filter(|(_, is)| **is) {
            self.add(position);
        }
    }

    fn has(&self, position: usize) -> bool {
        self.0.get(position).copied().unwrap_or_default()
    }
}

/// The answer of a schema: what it evaluated, or `None` when the value does not conform.
type Answer = Result<Option<Evaluated>, SchemaFault>;

const CONFORMS: Answer = Ok(Some(Evaluated(Vec::new())));

const fn answer(conforms: bool) -> Answer {
    if conforms { CONFORMS } else { Ok(None) }
}

impl<'s, 'd> Evaluation<'s, 'd> {
    pub(super) const fn new(schemas: &'s Schemas<'d>) -> Self {
        Self {
            schemas,
            steps: 0,
            depth: 0,
            followed: Vec::new(),
            is_trial: false,
            mismatches: Vec::new(),
        }
    }

    /// Judges a document.
    pub(super) fn document(&mut self, id: Id, value: &Value<'_>) -> Result<(), SchemaFault> {
        self.schema(id, value, &Place::DOCUMENT).map(|_| ())
    }

    fn take(&mut self, steps: usize) -> Result<(), SchemaFault> {
        self.steps = self.steps.saturating_add(steps);
        if self.steps > MAX_STEPS {
            return Err(SchemaFault::Costly);
        }
        Ok(())
    }

    fn schema(&mut self, id: Id, value: &Value<'_>, place: &Place<'_>) -> Answer {
        self.take(1)?;
        if self.depth == MAX_DEPTH {
            return Err(SchemaFault::Costly);
        }
        self.depth += 1;
        let answer = self.keywords(id, value, place);
        self.depth -= 1;
        answer
    }

    fn keywords(&mut self, id: Id, value: &Value<'_>, place: &Place<'_>) -> Answer {
        let schema = &self.schemas.0[id];
        let mut evaluated = Evaluated::default();
        let mut conforms = true;
        for keyword in &schema.keywords {
            self.take(1)?;
            let before = self.mismatches.len();
            match self.keyword(keyword, value, place)? {
                Some(more) => {
                    self.take(more.0.len() / PIECE)?;
                    evaluated.merge(more);
                }
                None => {
                    // What is inside has been said already.
                    if self.mismatches.len() == before {
                        self.mismatch(id, keyword.name(), place);
                    }
                    conforms = false;
                    if self.is_trial || self.mismatches.len() == MAX_MISMATCHES {
                        return Ok(None);
                    }
                }
            }
        }
        if !conforms {
            return Ok(None);
        }
        let rest = match value {
            Value::Array(_) => schema.unevaluated_items,
            Value::Object(_) => schema.unevaluated_properties,
            _ => None,
        };
        if let Some(rest) = rest {
            for (position, (child, place)) in children(value, place).enumerate() {
                if !evaluated.has(position) {
                    conforms &= self.schema(rest, child, &place)?.is_some();
                    evaluated.add(position);
                }
            }
        }
        Ok(conforms.then_some(evaluated))
    }

    fn mismatch(&mut self, id: Id, keyword: &str, place: &Place<'_>) {
        if !self.is_trial && self.mismatches.len() < MAX_MISMATCHES {
            self.mismatches.push(Mismatch {
                path: place.to_string(),
                keyword: self.schemas.place(id, keyword),
            });
        }
    }

    fn keyword(&mut self, keyword: &Keyword<'_>, value: &Value<'_>, place: &Place<'_>) -> Answer {
        if let Value::Number(number) = value {
            self.take(number.text().len() / PIECE)?;
        }
        match keyword {
            Keyword::Never => Ok(None),
            Keyword::Type(types) => answer(types.iter().any(|it| it.is_of(value))),
            Keyword::Enum(values) => {
                for known in values {
                    if self.equal(known, value)? {
                        return CONFORMS;
                    }
                }
                Ok(None)
            }
            Keyword::Const(known) => self.equal(known, value).and_then(answer),
            Keyword::AllOf(schemas) => self.all(schemas, value, place),
            Keyword::AnyOf(schemas) => self.any(schemas, value, place),
            Keyword::OneOf(schemas) => self.one(schemas, value, place),
            Keyword::Not(schema) => {
                let conforms = self.attempt(*schema, value, place)?.is_some();
                answer(!conforms)
            }
            Keyword::If {
                condition,
                then,
                otherwise,
            } => {
                let met = self.attempt(*condition, value, place)?;
                let branch = if met.is_some() { then } else { otherwise };
                let mut evaluated = met.unwrap_or_default();
                if let Some(branch) = branch {
                    match self.schema(*branch, value, place)? {
                        Some(more) => evaluated.merge(more),
                        None => return Ok(None),
                    }
                }
                Ok(Some(evaluated))
            }
            Keyword::Reference { to, .. } => self.follow(*to, value, place),
            _ => match value {
                Value::Number(number) => answer(is_number(keyword, &Decimal::of(number))),
                Value::String(text) => self.string(keyword, text),
                Value::Array(items) => self.array(keyword, value, items, place),
                Value::Object(_) => self.object(keyword, value, place),
                Value::Null | Value::Bool(_) => CONFORMS,
            },
        }
    }

    fn follow(&mut self, to: Id, value: &Value<'_>, place: &Place<'_>) -> Answer {
        let step = (to, std::ptr::from_ref(value).cast());
        if self.followed.contains(&step) {
            return Err(SchemaFault::Endless);
        }
        self.followed.push(step);
        let answer = self.schema(to, value, place);
        self.followed.pop();
        answer
    }

    /// Judges without saying what does not fit.
    fn attempt(&mut self, id: Id, value: &Value<'_>, place: &Place<'_>) -> Answer {
        let before = std::mem::replace(&mut self.is_trial, true);
        let answer = self.schema(id, value, place);
        self.is_trial = before;
        answer
    }

    fn all(&mut self, schemas: &[Id], value: &Value<'_>, place: &Place<'_>) -> Answer {
        let mut evaluated = Some(Evaluated::default());
        for id in schemas {
            match (self.schema(*id, value, place)?, &mut evaluated) {
                (Some(more), Some(evaluated)) => evaluated.merge(more),
                (Some(_), None) => {}
                (None, _) if self.is_trial => return Ok(None),
                (None, _) => evaluated = None,
            }
        }
        Ok(evaluated)
    }

    /// All of them are asked, since each says what it evaluates.
    fn any(&mut self, schemas: &[Id], value: &Value<'_>, place: &Place<'_>) -> Answer {
        let mut evaluated: Option<Evaluated> = None;
        for id in schemas {
            if let Some(more) = self.attempt(*id, value, place)? {
                evaluated.get_or_insert_default().merge(more);
            }
        }
        Ok(evaluated)
    }

    fn one(&mut self, schemas: &[Id], value: &Value<'_>, place: &Place<'_>) -> Answer {
        let mut evaluated = None;
        for id in schemas {
            if let Some(more) = self.attempt(*id, value, place)?
                && evaluated.replace(more).is_some()
            {
                return Ok(None);
            }
        }
        Ok(evaluated)
    }

    fn string(&mut self, keyword: &Keyword<'_>, text: &str) -> Answer {
        self.take(text.len() / PIECE)?;
        let count = || text.chars().count() as u64;
        answer(match keyword {
            Keyword::MaxLength(most) => count() <= *most,
            Keyword::MinLength(least) => count() >= *least,
            Keyword::Pattern(pattern) => {
                self.take(pattern.steps(text))?;
                pattern.is_match(text)
            }
            Keyword::Format(format) => format.is_of(text),
            _ => true,
        })
    }

    fn array(
        &mut self,
        keyword: &Keyword<'_>,
        value: &Value<'_>,
        items: &[Value<'_>],
        place: &Place<'_>,
    ) -> Answer {
        let count = items.len() as u64;
        match keyword {
            Keyword::MaxItems(most) => answer(count <= *most),
            Keyword::MinItems(least) => answer(count >= *least),
            Keyword::UniqueItems => {
                for (at, item) in items.iter().enumerate() {
                    for other in &items[..at] {
                        if self.equal(item, other)? {
                            return Ok(None);
                        }
                    }
                }
                CONFORMS
            }
            Keyword::Items(Items { first, rest }) => {
                let mut evaluated = Evaluated::default();
                let mut conforms = true;
                for (at, (item, place)) in children(value, place).enumerate() {
                    self.take(1)?;
                    if let Some(id) = first.get(at).or(rest.as_ref()) {
                        conforms &= self.schema(*id, item, &place)?.is_some();
                        evaluated.add(at);
                    }
                }
                Ok(conforms.then_some(evaluated))
            }
            Keyword::Contains(Contains {
                schema,
                least,
                most,
                evaluates,
            }) => {
                let mut evaluated = Evaluated::default();
                let mut found = 0;
                for (at, (item, place)) in children(value, place).enumerate() {
                    if self.attempt(*schema, item, &place)?.is_some() {
                        found += 1;
                        if *evaluates {
                            evaluated.add(at);
                        }
                    }
                }
                let is_enough = found >= *least && most.is_none_or(|most| found <= most);
                Ok(is_enough.then_some(evaluated))
            }
            _ => CONFORMS,
        }
    }

    fn object(&mut self, keyword: &Keyword<'_>, value: &Value<'_>, place: &Place<'_>) -> Answer {
        let count = value.as_object().map_or(0, Vec::len) as u64;
        match keyword {
            Keyword::MaxProperties(most) => answer(count <= *most),
            Keyword::MinProperties(least) => answer(count >= *least),
            Keyword::Required(names) => {
                for name in names {
                    if self.member(value, name)?.is_none() {
                        return Ok(None);
                    }
                }
                CONFORMS
            }
            Keyword::DependentRequired { names, .. } => {
                for (name, needed) in names {
                    if self.member(value, name)?.is_none() {
                        continue;
                    }
                    for name in needed {
                        if self.member(value, name)?.is_none() {
                            return Ok(None);
                        }
                    }
                }
                CONFORMS
            }
            Keyword::DependentSchemas(schemas) => {
                let mut asked = Vec::new();
                for (name, id) in schemas {
                    if self.member(value, name)?.is_some() {
                        asked.push(*id);
                    }
                }
                self.all(&asked, value, place)
            }
            Keyword::Properties(properties) => self.properties(properties, value, place),
            Keyword::PropertyNames(schema) => {
                for (name, _) in value.as_object().into_iter().flatten() {
                    let text = Value::String(name.as_ref().into());
                    if self.attempt(*schema, &text, place)?.is_none() {
                        return Ok(None);
                    }
                }
                CONFORMS
            }
            _ => CONFORMS,
        }
    }

    fn properties(
        &mut self,
        properties: &Properties<'_>,
        value: &Value<'_>,
        place: &Place<'_>,
    ) -> Answer {
        let mut evaluated = Evaluated::default();
        let mut conforms = true;
        for (at, (name, member)) in value.as_object().into_iter().flatten().enumerate() {
            self.take(1 + name.len() / PIECE)?;
            let place = place.member(name);
            let mut asked: Vec<Id> = Vec::new();
            asked.extend(properties.named.get(name.as_ref()));
            for (pattern, id) in &properties.patterns {
                self.take(pattern.steps(name))?;
                if pattern.is_match(name) {
                    asked.push(*id);
                }
            }
            if asked.is_empty() {
                asked.extend(properties.rest);
            }
            for id in &asked {
                conforms &= self.schema(*id, member, &place)?.is_some();
                evaluated.add(at);
            }
        }
        Ok(conforms.then_some(evaluated))
    }

    /// A member, which is looked for among all of them.
    fn member<'v, 'a>(
        &mut self,
        value: &'v Value<'a>,
        name: &str,
    ) -> Result<Option<&'v Value<'a>>, SchemaFault> {
        let members = value.as_object().map_or(0, Vec::len);
        self.take(1 + members / 8 + members.saturating_mul(name.len() / PIECE))?;
        Ok(value.get(name))
    }

    /// Whether two values are equal: numbers by their value, members in any order.
    fn equal(&mut self, one: &Value<'_>, other: &Value<'_>) -> Result<bool, SchemaFault> {
        self.take(1)?;
        match (one, other) {
            (Value::Number(one), Value::Number(other)) => {
                self.take(one.text().len().max(other.text().len()) / PIECE)?;
                Ok(Decimal::of(one) == Decimal::of(other))
            }
            (Value::String(one), Value::String(other)) => {
                self.take(one.len().min(other.len()) / PIECE)?;
                Ok(one == other)
            }
            (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
                for (one, other) in one.iter().zip(other) {
                    if !self.equal(one, other)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            (Value::Object(members), Value::Object(others)) if members.len() == others.len() => {
                for (name, value) in members {
                    match self.member(other, name)? {
                        Some(other) if self.equal(value, other)? => {}
                        _ => return Ok(false),
                    }
                }
                Ok(true)
            }
            (Value::Array(_) | Value::Object(_), _) => Ok(false),
            (one, other) => Ok(one == other),
        }
    }
}

fn is_number(keyword: &Keyword<'_>, number: &Decimal) -> bool {
    match keyword {
        Keyword::Maximum(most) => number <= most,
        Keyword::ExclusiveMaximum(limit) => number < limit,
        Keyword::Minimum(least) => number >= least,
        Keyword::ExclusiveMinimum(limit) => number > limit,
        // What cannot be computed is not counted against the document.
        Keyword::MultipleOf(factor) => number.is_multiple_of(factor).unwrap_or(true),
        _ => true,
    }
}

/// The items or members of a value, with their places.
fn children<'v, 'a>(
    value: &'v Value<'a>,
    place: &'v Place<'v>,
) -> Box<dyn Iterator<Item = (&'v Value<'a>, Place<'v>)> + 'v> {
    match value {
        Value::Array(items) => Box::new(
            items
                .iter()
                .enumerate()
                .map(|(at, item)| (item, place.item(at))),
        ),
        Value::Object(members) => Box::new(
            members
                .iter()
                .map(|(name, value)| (value, place.member(name))),
        ),
        _ => Box::new(std::iter::empty()),
    }
}
