//! The `type` member, which every class but Criteria has and writes by itself.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, IgnoredAny};
use serde::ser::{Serialize, SerializeSeq, Serializer};

use super::one_or_many::one_or_many;

/// A class of the standard, with the names that its `type` has.
pub trait Class {
    /// What `type` contains.
    const NAMES: &'static [&'static str];

    /// Other names for the same class, which other people write.
    const ALIASES: &'static [&'static str] = &[];
}

/// The `type` of a class that may have several: an array that begins with the class's own names.
pub struct Types<C> {
    /// Names of further classes that the object belongs to. Each needs a term in a context.
    pub additional: Vec<String>,
    class: PhantomData<fn() -> C>,
}

impl<C> Types<C> {
    /// The class's own names and these.
    pub fn with(additional: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            additional: additional.into_iter().map(Into::into).collect(),
            class: PhantomData,
        }
    }
}

impl<C: Class> Serialize for Types<C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut names = serializer.serialize_seq(Some(C::NAMES.len() + self.additional.len()))?;
        for name in C::NAMES {
            names.serialize_element(name)?;
        }
        for name in &self.additional {
            names.serialize_element(name)?;
        }
        names.end()
    }
}

/// Whether the class's own names are there is for [`check`](super::schema::check) to say.
impl<'de, C: Class> Deserialize<'de> for Types<C> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut names: Vec<String> = one_or_many(deserializer)?;
        names.retain(|name| {
            !C::NAMES.contains(&name.as_str()) && !C::ALIASES.contains(&name.as_str())
        });
        Ok(Self::with(names))
    }
}

impl<C> Default for Types<C> {
    fn default() -> Self {
        Self {
            additional: Vec::new(),
            class: PhantomData,
        }
    }
}

impl<C> Clone for Types<C> {
    fn clone(&self) -> Self {
        Self {
            additional: self.additional.clone(),
            class: PhantomData,
        }
    }
}

impl<C> PartialEq for Types<C> {
    fn eq(&self, other: &Self) -> bool {
        self.additional == other.additional
    }
}

impl<C: Class> fmt::Debug for Types<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(C::NAMES)
            .entries(&self.additional)
            .finish()
    }
}

/// The `type` of a class that has exactly one: a plain string.
pub struct TypeName<C>(PhantomData<fn() -> C>);

impl<C: Class> Serialize for TypeName<C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(C::NAMES.first().copied().unwrap_or_default())
    }
}

/// As with [`Types`], whether it is the right one is not asked here.
impl<'de, C> Deserialize<'de> for TypeName<C> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self::default())
    }
}

impl<C> Default for TypeName<C> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<C> Clone for TypeName<C> {
    fn clone(&self) -> Self {
        Self(PhantomData)
    }
}

impl<C> PartialEq for TypeName<C> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<C: Class> fmt::Debug for TypeName<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&C::NAMES.first(), f)
    }
}
