//! Strict JSON ([RFC 8259], with [I-JSON]'s bans): what a signature is computed over must have
//! exactly one meaning, so duplicate keys, lone surrogates, deep nesting and trailing text are
//! errors that name the line and column.
//!
//! Values borrow from the text. Numbers keep their digits: whether they fit a double without loss
//! is for whoever needs the double to ask.
//!
//! [RFC 8259]: https://www.rfc-editor.org/rfc/rfc8259
//! [I-JSON]: https://www.rfc-editor.org/rfc/rfc7493

mod canonical;
mod parse;

use std::borrow::Cow;

pub use canonical::canonical;
pub(crate) use canonical::{canonical_members, quoted, written};
pub use parse::{MAX_DEPTH, MAX_TEXT, SyntaxError, SyntaxFault, member_span, parse, with_member};
pub(crate) use parse::{equal, special};

/// A JSON value whose strings and numbers borrow from the text where they can.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as it was written.
    Number(Number<'a>),
    /// A string, unescaped.
    String(Cow<'a, str>),
    /// An array.
    Array(Vec<Self>),
    /// An object; its keys are distinct and in the order of the text.
    Object(Object<'a>),
}

/// The members of an object in the order of the text.
pub type Object<'a> = Vec<(Cow<'a, str>, Value<'a>)>;

/// A JSON number, kept as its digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number<'a>(Cow<'a, str>);

impl Number<'_> {
    /// The number as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The value, when it was written without fraction and exponent and fits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        self.0.parse().ok()
    }

    /// The nearest double; infinite when out of range.
    #[must_use]
    pub fn as_f64(&self) -> f64 {
        // The grammar was checked when parsing, and every JSON number is a Rust float literal.
        self.0.parse().unwrap_or(f64::NAN)
    }
}

impl<'a> Value<'a> {
    /// The member of an object with this key; `None` for everything that is no object.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_object()?
            .iter()
            .find_map(|(name, value)| (name == key).then_some(value))
    }

    /// The string, if this is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The members, if this is an object.
    #[must_use]
    pub fn as_object(&self) -> Option<&Object<'a>> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The string member of an object with this key.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str()
    }

    /// The items of an array, or the value itself as the only item: JSON-LD's "one or many".
    /// `null` has none.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        match self {
            Self::Null => &[],
            Self::Array(items) => items,
            single => std::slice::from_ref(single),
        }
    }

    /// The items of a member, as [`Value::items`]; none when the member is absent.
    #[must_use]
    pub fn list(&self, key: &str) -> &[Self] {
        self.get(key).map_or(&[], Value::items)
    }

    /// Whether the value's `type` is, or contains, this name.
    #[must_use]
    pub fn has_type(&self, name: &str) -> bool {
        self.list("type")
            .iter()
            .any(|item| item.as_str() == Some(name))
    }

    /// What kind of value this is, in JSON's words.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }

    /// The same value, borrowing nothing.
    #[must_use]
    pub fn into_owned(self) -> Value<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(value),
            Self::Number(number) => Value::Number(Number(owned(number.0))),
            Self::String(text) => Value::String(owned(text)),
            Self::Array(items) => Value::Array(items.into_iter().map(Value::into_owned).collect()),
            Self::Object(members) => Value::Object(
                members
                    .into_iter()
                    .map(|(key, value)| (owned(key), value.into_owned()))
                    .collect(),
            ),
        }
    }
}
