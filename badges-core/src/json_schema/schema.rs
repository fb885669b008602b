//! A JSON Schema that has been read: keywords with values of the right kind, and references that
//! lead somewhere.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::decimal::Decimal;
use super::pattern::Pattern;
use crate::json::Value;

/// A version of JSON Schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Draft {
    Draft7,
    Draft2019,
    Draft2020,
}

impl Draft {
    /// The version that a `$schema` names.
    pub(super) fn named(url: &str) -> Option<Self> {
        let name = url.trim_end_matches('#');
        let name = name.split_once("://json-schema.org/")?.1;
        Some(match name {
            "draft-07/schema" => Self::Draft7,
            "draft/2019-09/schema" => Self::Draft2019,
            "draft/2020-12/schema" => Self::Draft2020,
            _ => return None,
        })
    }
}

/// A schema among all that were read together.
pub(super) type Id = usize;

/// All schemas that were read together, each before those inside it.
#[derive(Default)]
pub(super) struct Schemas<'d>(pub(super) Vec<Schema<'d>>);

/// What a value has to be.
pub(super) struct Schema<'d> {
    /// The schema that it stands in, and where there; the beginning of a document has none.
    pub(super) parent: Option<(Id, Step<'d>)>,
    /// The URL of its document.
    pub(super) document: Rc<str>,
    pub(super) keywords: Vec<Keyword<'d>>,
    /// `unevaluatedItems` and `unevaluatedProperties`, which are for what the others leave.
    pub(super) unevaluated_items: Option<Id>,
    pub(super) unevaluated_properties: Option<Id>,
}

/// The step from a schema to one inside it: a keyword, and a name or position in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Step<'d> {
    pub(super) keyword: &'static str,
    pub(super) name: Option<Cow<'d, str>>,
}

/// A keyword, with what it asks for. Those that work together stand together.
pub(super) enum Keyword<'d> {
    /// The schema `false`.
    Never,
    Type(Vec<Type>),
    Enum(Vec<Value<'d>>),
    Const(Value<'d>),
    MultipleOf(Decimal),
    Maximum(Decimal),
    ExclusiveMaximum(Decimal),
    Minimum(Decimal),
    ExclusiveMinimum(Decimal),
    MaxLength(u64),
    MinLength(u64),
    Pattern(Rc<Pattern>),
    Format(Format),
    MaxItems(u64),
    MinItems(u64),
    UniqueItems,
    Items(Items),
    Contains(Contains),
    MaxProperties(u64),
    MinProperties(u64),
    Required(Vec<Cow<'d, str>>),
    /// `dependentRequired`, before 2019-09 `dependencies`.
    DependentRequired {
        keyword: &'static str,
        names: Vec<(Cow<'d, str>, Vec<Cow<'d, str>>)>,
    },
    DependentSchemas(Vec<(Cow<'d, str>, Id)>),
    Properties(Properties<'d>),
    PropertyNames(Id),
    AllOf(Vec<Id>),
    AnyOf(Vec<Id>),
    OneOf(Vec<Id>),
    Not(Id),
    If {
        condition: Id,
        then: Option<Id>,
        otherwise: Option<Id>,
    },
    Reference {
        keyword: &'static str,
        to: Id,
    },
}

impl Keyword<'_> {
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Never => "",
            Self::Type(_) => "type",
            Self::Enum(_) => "enum",
            Self::Const(_) => "const",
            Self::MultipleOf(_) => "multipleOf",
            Self::Maximum(_) => "maximum",
            Self::ExclusiveMaximum(_) => "exclusiveMaximum",
            Self::Minimum(_) => "minimum",
            Self::ExclusiveMinimum(_) => "exclusiveMinimum",
            Self::MaxLength(_) => "maxLength",
            Self::MinLength(_) => "minLength",
            Self::Pattern(_) => "pattern",
            Self::Format(_) => "format",
            Self::MaxItems(_) => "maxItems",
            Self::MinItems(_) => "minItems",
            Self::UniqueItems => "uniqueItems",
            Self::Items(_) => "items",
            Self::Contains(_) => "contains",
            Self::MaxProperties(_) => "maxProperties",
            Self::MinProperties(_) => "minProperties",
            Self::Required(_) => "required",
            Self::DependentSchemas(_) => "dependentSchemas",
            Self::Properties(_) => "properties",
            Self::PropertyNames(_) => "propertyNames",
            Self::AllOf(_) => "allOf",
            Self::AnyOf(_) => "anyOf",
            Self::OneOf(_) => "oneOf",
            Self::Not(_) => "not",
            Self::If { .. } => "if",
            Self::DependentRequired { keyword, .. } | Self::Reference { keyword, .. } => keyword,
        }
    }
}

/// The types of JSON values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Null,
    Boolean,
    Object,
    Array,
    Number,
    Integer,
    String,
}

impl Type {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "null" => Self::Null,
            "boolean" => Self::Boolean,
            "object" => Self::Object,
            "array" => Self::Array,
            "number" => Self::Number,
            "integer" => Self::Integer,
            "string" => Self::String,
            _ => return None,
        })
    }

    pub(super) fn is_of(self, value: &Value<'_>) -> bool {
        match (self, value) {
            (Self::Null, Value::Null)
            | (Self::Boolean, Value::Bool(_))
            | (Self::Object, Value::Object(_))
            | (Self::Array, Value::Array(_))
            | (Self::Number, Value::Number(_))
            | (Self::String, Value::String(_)) => true,
            (Self::Integer, Value::Number(number)) => Decimal::of(number).is_integer(),
            _ => false,
        }
    }
}

/// The formats that Open Badges uses. Others say something to people only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    DateTime,
    Date,
    Uri,
    Iri,
    Email,
}

impl Format {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "date-time" => Self::DateTime,
            "date" => Self::Date,
            "uri" => Self::Uri,
            "iri" => Self::Iri,
            "email" => Self::Email,
            _ => return None,
        })
    }

    pub(super) fn is_of(self, text: &str) -> bool {
        match self {
            Self::DateTime => crate::model::parse_date_time(text).is_ok(),
            Self::Date => crate::model::is_date(text),
            Self::Uri => text.is_ascii() && crate::iri::is_absolute_iri(text),
            Self::Iri => crate::iri::is_absolute_iri(text),
            Self::Email => text.rsplit_once('@').is_some_and(|(local, domain)| {
                !local.is_empty() && !domain.is_empty() && !text.contains(char::is_whitespace)
            }),
        }
    }
}

/// `prefixItems` and `items`, before 2020-12 `items` and `additionalItems`.
#[derive(Default)]
pub(super) struct Items {
    pub(super) first: Vec<Id>,
    pub(super) rest: Option<Id>,
}

/// `contains`, `minContains` and `maxContains`.
pub(super) struct Contains {
    pub(super) schema: Id,
    pub(super) least: u64,
    pub(super) most: Option<u64>,
    /// Whether what it finds counts as evaluated (from 2020-12).
    pub(super) evaluates: bool,
}

/// `properties`, `patternProperties` and `additionalProperties`.
#[derive(Default)]
pub(super) struct Properties<'d> {
    pub(super) named: BTreeMap<Cow<'d, str>, Id>,
    pub(super) patterns: Vec<(Rc<Pattern>, Id)>,
    pub(super) rest: Option<Id>,
}

impl Schemas<'_> {
    /// Where a keyword of a schema stands: the document's URL and a JSON pointer in it.
    pub(super) fn place(&self, id: Id, keyword: &str) -> String {
        let mut steps = Vec::new();
        let mut at = &self.0[id];
        while let Some((parent, step)) = &at.parent {
            if let Some(name) = &step.name {
                steps.push(name.replace('~', "~0").replace('/', "~1"));
            }
            steps.push(step.keyword.to_owned());
            at = &self.0[*parent];
        }
        let mut place = format!("{}#", at.document);
        for step in steps.iter().rev() {
            place.push('/');
            place.push_str(step);
        }
        if !keyword.is_empty() {
            place.push('/');
            place.push_str(keyword);
        }
        place
    }
}
