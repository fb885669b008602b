use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::class::{Class, TypeName, Types};
use super::date_time::Date;
use super::identity::IdentifierEntry;
use super::image::Image;
use super::number::number;
use super::one_or_many::{documents, one_or_many, optional};

/// A person or an organisation: who issues, creates or stands behind something.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// The URI of the person or organisation.
    pub id: String,
    /// `Profile`, and perhaps more.
    #[serde(default)]
    pub r#type: Types<Self>,
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The home page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Who this is, in a few words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What others say about it, as the signed documents that they are.
    #[serde(
        default,
        deserialize_with = "documents",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub endorsement: Vec<Box<RawValue>>,
    /// The same, signed as JWT.
    #[serde(
        default,
        deserialize_with = "one_or_many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub endorsement_jwt: Vec<String>,
    /// A picture or logo, PNG or SVG.
    #[serde(
        default,
        deserialize_with = "optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub image: Option<Image>,
    /// The e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The postal address.
    #[serde(
        default,
        deserialize_with = "optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub address: Option<Address>,
    /// Identifiers that it has elsewhere.
    #[serde(
        default,
        deserialize_with = "one_or_many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub other_identifier: Vec<IdentifierEntry>,
    /// The name of the person who answers for an organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub official: Option<String>,
    /// The organisation that this one is part of.
    #[serde(
        default,
        deserialize_with = "optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub parent_org: Option<Box<Self>>,
    /// The family name of a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    /// The given name of a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// A middle name of a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub additional_name: Option<String>,
    /// The patronymic name of a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patronymic_name: Option<String>,
    /// What stands before a person's name, such as "Dr."
    #[serde(skip_serializing_if = "Option::is_none")]
    pub honorific_prefix: Option<String>,
    /// What stands after a person's name, such as "M.D."
    #[serde(skip_serializing_if = "Option::is_none")]
    pub honorific_suffix: Option<String>,
    /// What stands before a person's family name, such as "de".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name_prefix: Option<String>,
    /// The day on which a person was born.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<Date>,
}

impl Profile {
    /// The profile of whoever has this URI.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            ..Self::default()
        }
    }
}

impl Class for Profile {
    const NAMES: &'static [&'static str] = &["Profile"];
}

/// Reads the standard's `ProfileRef`: a profile, or its URI alone.
pub(super) fn profile_ref<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Profile, D::Error> {
    struct ProfileRef;

    impl<'de> Visitor<'de> for ProfileRef {
        type Value = Profile;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a Profile or its URI")
        }

        fn visit_str<E: Error>(self, id: &str) -> Result<Profile, E> {
            Ok(Profile::new(id))
        }

        fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Profile, A::Error> {
            Profile::deserialize(MapAccessDeserializer::new(members))
        }
    }

    deserializer.deserialize_any(ProfileRef)
}

/// Where somebody can be reached.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Address {
    /// `Address`, and perhaps more.
    #[serde(default)]
    pub r#type: Types<Self>,
    /// The country's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address_country: Option<String>,
    /// The country's code of two letters (ISO 3166-1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address_country_code: Option<String>,
    /// The region, such as a state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address_region: Option<String>,
    /// The locality, such as a town.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address_locality: Option<String>,
    /// The street and number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_address: Option<String>,
    /// The number of a post office box.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post_office_box_number: Option<String>,
    /// The postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// The place on earth.
    #[serde(
        default,
        deserialize_with = "optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub geo: Option<GeoCoordinates>,
}

impl Class for Address {
    const NAMES: &'static [&'static str] = &["Address"];
}

/// A place on earth.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GeoCoordinates {
    /// Always `GeoCoordinates`.
    #[serde(default)]
    pub r#type: TypeName<Self>,
    /// Degrees north of the equator (WGS 84).
    #[serde(serialize_with = "number")]
    pub latitude: f64,
    /// Degrees east of Greenwich (WGS 84).
    #[serde(serialize_with = "number")]
    pub longitude: f64,
}

impl GeoCoordinates {
    /// The place at these degrees (WGS 84).
    #[must_use]
    pub fn new(latitude: f64, longitude: f64) -> Self {
        Self {
            r#type: TypeName::default(),
            latitude,
            longitude,
        }
    }
}

impl Class for GeoCoordinates {
    const NAMES: &'static [&'static str] = &["GeoCoordinates"];
}
