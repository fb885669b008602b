//! What stands around the claims of a credential: where its status, schema and newer versions are.

use serde::{Deserialize, Serialize};

use super::context::{JSON_SCHEMA_TYPE, REFRESH_TYPE};
use super::one_or_many::{if_readable, one, text_or_number};

/// How to find out whether a credential has been revoked or suspended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CredentialStatus {
    /// The URI of the entry, which is not the URI of its list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The kind of entry, such as `BitstringStatusListEntry`.
    #[serde(deserialize_with = "one")]
    pub r#type: String,
    /// What the entry tells, such as `revocation`.
    #[serde(
        default,
        deserialize_with = "if_readable",
        skip_serializing_if = "Option::is_none"
    )]
    pub status_purpose: Option<String>,
    /// The position in the list.
    #[serde(
        default,
        deserialize_with = "text_or_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub status_list_index: Option<String>,
    /// The URL of the list.
    #[serde(
        default,
        deserialize_with = "if_readable",
        skip_serializing_if = "Option::is_none"
    )]
    pub status_list_credential: Option<String>,
}

impl CredentialStatus {
    /// The entry of a [Bitstring Status List] at a position: `purpose` is `revocation`, which is
    /// for good, or `suspension`, which is not.
    ///
    /// [Bitstring Status List]: https://www.w3.org/TR/vc-bitstring-status-list/
    #[must_use]
    pub fn bitstring(list: &str, index: usize, purpose: &str) -> Self {
        Self {
            id: Some(format!("{list}#{index}")),
            r#type: "BitstringStatusListEntry".to_owned(),
            status_purpose: Some(purpose.to_owned()),
            status_list_index: Some(index.to_string()),
            status_list_credential: Some(list.to_owned()),
        }
    }
}

/// A schema that a credential conforms to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CredentialSchema {
    /// The schema's URL.
    pub id: String,
    /// The kind of schema.
    #[serde(deserialize_with = "one")]
    pub r#type: String,
}

impl CredentialSchema {
    /// The standard's schema of badges.
    #[must_use]
    pub fn open_badges() -> Self {
        Self {
            id: "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json".to_owned(),
            r#type: JSON_SCHEMA_TYPE.to_owned(),
        }
    }
}

/// Where the newest version of a credential is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RefreshService {
    /// The URL that answers with the newest version, to anybody who knows it.
    pub id: String,
    /// The kind of service.
    #[serde(deserialize_with = "one")]
    pub r#type: String,
}

impl RefreshService {
    /// A service of the standard's kind.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            r#type: REFRESH_TYPE.to_owned(),
        }
    }
}

/// What the issuer or the holder permits and forbids.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TermsOfUse {
    /// The URI of the terms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The kind of terms, which needs a term in a context.
    #[serde(deserialize_with = "one")]
    pub r#type: String,
}
