//! Lenient reading: what other people write in another shape than the standard's plain JSON, but
//! can mean only one thing. Whether a shape conforms is for [`check`](super::schema::check) to say.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{
    Deserialize, DeserializeOwned, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess,
    Visitor,
};
use serde_json::value::RawValue;

/// Reads an array, or a single value as an array of one; `null` is no value.
pub(super) fn one_or_many<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_any(OneOrMany(PhantomData))
}

/// Reads one value, which may stand in an array of one.
pub(super) fn one<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    single(one_or_many(deserializer)?)?.ok_or_else(|| Error::invalid_length(0, &"one value"))
}

/// Reads one value or none: `null` and the empty array are none.
pub(super) fn optional<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    single(one_or_many(deserializer)?)
}

/// Like [`optional`], and of several the first.
pub(super) fn first<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(one_or_many(deserializer)?.into_iter().next())
}

/// Reads signed documents as the texts that they are.
pub(super) fn documents<'de, D>(deserializer: D) -> Result<Vec<Box<RawValue>>, D::Error>
where
    D: Deserializer<'de>,
{
    let one_or_many = Box::<RawValue>::deserialize(deserializer)?;
    match one_or_many.get().as_bytes().first() {
        Some(b'[') => serde_json::from_str(one_or_many.get()).map_err(Error::custom),
        Some(b'{') => Ok(vec![one_or_many]),
        _ => Ok(Vec::new()),
    }
}

/// Reads a text that is wanted, but that others leave out.
pub(super) fn or_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Reads a member that the standard does not define for this class, so that it may be anything:
/// what has another shape is not there.
pub(super) fn if_readable<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).ok())
}

/// The same for a text that old documents write as a number.
pub(super) fn text_or_number<'de, D>(deserializer: D) -> Result<Option<String>, D::Error>
where
    D: Deserializer<'de>,
{
    Ok(match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::String(text) => Some(text),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

fn single<T, E: Error>(values: Vec<T>) -> Result<Option<T>, E> {
    match values.len() {
        0 | 1 => Ok(values.into_iter().next()),
        several => Err(E::invalid_length(several, &"one value")),
    }
}

struct OneOrMany<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for OneOrMany<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("one or many values")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Vec<T>, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Vec<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(members)).map(|one| vec![one])
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Vec<T>, E> {
        T::deserialize(text.into_deserializer()).map(|one| vec![one])
    }

    fn visit_unit<E: Error>(self) -> Result<Vec<T>, E> {
        Ok(Vec::new())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<T>, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_none<E: Error>(self) -> Result<Vec<T>, E> {
        Ok(Vec::new())
    }
}
