//! Profiles (B.3) and their addresses.

use super::achievement::IDENTIFIER_ENTRY;
use super::class::Kind::{
    ClassName, CompactJws, CountryCode, Date, Endorsement, Float, Image, Object, String, Uri, Url,
};
use super::class::{Class, many, one, optional, types};

/// `Profile`.
pub(super) static PROFILE: Class = Class::extensible(
    "Profile",
    &[
        one("id", Uri),
        types(&[&["Profile"]]),
        optional("name", String),
        optional("url", Url),
        optional("phone", String),
        optional("description", String),
        many("endorsement", Endorsement),
        many("endorsementJwt", CompactJws),
        optional("image", Image),
        optional("email", String),
        optional("address", Object(&ADDRESS)),
        many("otherIdentifier", Object(&IDENTIFIER_ENTRY)),
        optional("official", String),
        optional("parentOrg", Object(&PROFILE)),
        optional("familyName", String),
        optional("givenName", String),
        optional("additionalName", String),
        optional("patronymicName", String),
        optional("honorificPrefix", String),
        optional("honorificSuffix", String),
        optional("familyNamePrefix", String),
        optional("dateOfBirth", Date),
    ],
);

/// `Address`.
static ADDRESS: Class = Class::extensible(
    "Address",
    &[
        types(&[&["Address"]]),
        optional("addressCountry", String),
        optional("addressCountryCode", CountryCode),
        optional("addressRegion", String),
        optional("addressLocality", String),
        optional("streetAddress", String),
        optional("postOfficeBoxNumber", String),
        optional("postalCode", String),
        optional("geo", Object(&GEO_COORDINATES)),
    ],
);

/// `GeoCoordinates`.
static GEO_COORDINATES: Class = Class::extensible(
    "GeoCoordinates",
    &[
        one("type", ClassName("GeoCoordinates")),
        one("latitude", Float),
        one("longitude", Float),
    ],
);
