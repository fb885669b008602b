//! What a credential says about itself, read from the document before anything is checked.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::context::CREDENTIALS_V1;
use crate::json::Value;

/// What kind of credential a document is, by its `type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialKind {
    /// `AchievementCredential`, also called `OpenBadgeCredential`.
    Badge,
    /// `EndorsementCredential`.
    Endorsement,
    /// `ClrCredential`: a Comprehensive Learner Record (CLR 2.0), with credentials inside.
    Record,
    /// `BitstringStatusListCredential`, or `StatusList2021Credential` of its draft.
    StatusList,
    /// Any other.
    Other,
}

impl CredentialKind {
    /// The kind that the credential's `type` names.
    #[must_use]
    pub fn of(credential: &Value<'_>) -> Self {
        for name in credential.list("type").iter().filter_map(Value::as_str) {
            match name {
                "OpenBadgeCredential" | "AchievementCredential" => return Self::Badge,
                "EndorsementCredential" => return Self::Endorsement,
                "ClrCredential" => return Self::Record,
                "BitstringStatusListCredential" | "StatusList2021Credential" => {
                    return Self::StatusList;
                }
                _ => {}
            }
        }
        Self::Other
    }
}

/// The version of the Verifiable Credentials Data Model that a credential follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataModel {
    /// Version 1.1, with `issuanceDate` and `expirationDate`.
    V1,
    /// Version 2.0, with `validFrom` and `validUntil`.
    V2,
}

impl DataModel {
    /// The version that the first `@context` names; 2.0 unless it is that of 1.1.
    #[must_use]
    pub fn of(credential: &Value<'_>) -> Self {
        match credential.list("@context").first() {
            Some(Value::String(url)) if url == CREDENTIALS_V1 => Self::V1,
            _ => Self::V2,
        }
    }

    /// The member that says from when a credential is valid.
    #[must_use]
    pub const fn valid_from(self) -> &'static str {
        match self {
            Self::V1 => "issuanceDate",
            Self::V2 => "validFrom",
        }
    }

    /// The member that says until when a credential is valid.
    #[must_use]
    pub const fn valid_until(self) -> &'static str {
        match self {
            Self::V1 => "expirationDate",
            Self::V2 => "validUntil",
        }
    }
}

/// The id of a credential's issuer, which is a URI or an object with an `id`.
#[must_use]
pub fn issuer_id<'v>(credential: &'v Value<'_>) -> Option<&'v str> {
    match credential.get("issuer")? {
        Value::String(id) => Some(id),
        issuer => issuer.text("id"),
    }
}

/// Whether two documents are the same credential, perhaps in different versions: their ids and
/// their issuers' ids are [equal](same_id) (section 10).
#[must_use]
pub fn same_credential(one: &Value<'_>, other: &Value<'_>) -> bool {
    let same = |one: Option<&str>, other: Option<&str>| {
        one.zip(other)
            .is_some_and(|(one, other)| same_id(one, other))
    };
    same(one.text("id"), other.text("id")) && same(issuer_id(one), issuer_id(other))
}

/// Whether two ids are equal once percent-decoded and trimmed (section 10).
#[must_use]
pub fn same_id(one: &str, other: &str) -> bool {
    one == other || normal_id(one) == normal_id(other)
}

fn normal_id(id: &str) -> Cow<'_, [u8]> {
    // What does not decode to text is compared as the bytes it decodes to.
    match percent_decode_str(id).decode_utf8() {
        Ok(Cow::Borrowed(text)) => Cow::Borrowed(text.trim().as_bytes()),
        Ok(Cow::Owned(text)) => Cow::Owned(text.trim().as_bytes().to_vec()),
        Err(_) => percent_decode_str(id).into(),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::json::parse;

    #[test]
    fn the_type_tells_the_kind() {
        let kind = |text| CredentialKind::of(&parse(text).unwrap());
        assert_eq!(
            kind(r#"{"type":["VerifiableCredential","OpenBadgeCredential"]}"#),
            CredentialKind::Badge
        );
        assert_eq!(
            kind(r#"{"type":"AchievementCredential"}"#),
            CredentialKind::Badge
        );
        assert_eq!(
            kind(r#"{"type":["EndorsementCredential"]}"#),
            CredentialKind::Endorsement
        );
        assert_eq!(
            kind(r#"{"type":["BitstringStatusListCredential"]}"#),
            CredentialKind::StatusList
        );
        for other in [
            r#"{"type":["VerifiableCredential"]}"#,
            "{}",
            "[]",
            r#"{"type":[1]}"#,
        ] {
            assert_eq!(kind(other), CredentialKind::Other);
        }
    }

    #[test]
    fn the_issuer_is_a_uri_or_an_object() {
        let id = |text| issuer_id(&parse(text).unwrap()).map(str::to_owned);
        assert_eq!(
            id(r#"{"issuer":"did:key:z6Mk"}"#).as_deref(),
            Some("did:key:z6Mk")
        );
        assert_eq!(
            id(r#"{"issuer":{"id":"did:key:z6Mk"}}"#).as_deref(),
            Some("did:key:z6Mk")
        );
        assert_eq!(id(r#"{"issuer":{"name":"x"}}"#), None);
        assert_eq!(id(r#"{"issuer":["did:key:z6Mk"]}"#), None);
    }

    #[test]
    fn ids_are_compared_decoded_and_trimmed() {
        assert!(same_id("https://example.org/a", "https://example.org/a"));
        assert!(same_id(
            "https://example.org/a b",
            "https://example.org/a%20b"
        ));
        assert!(same_id(
            "https://example.org/%C3%A9",
            " https://example.org/é%20"
        ));
        assert!(same_id(
            "https://example.org/%41%ff",
            "https://example.org/A%ff"
        ));
        assert!(!same_id("https://example.org/a", "https://example.org/A"));
    }

    #[test]
    fn a_credential_is_its_id_and_its_issuers() {
        let same = |one, other| same_credential(&parse(one).unwrap(), &parse(other).unwrap());
        let one = r#"{"id":"urn:x:1","issuer":"https://example.org/a"}"#;
        assert!(same(
            one,
            r#"{"id":"urn:x:1","issuer":{"id":"https://example.org/%61"}}"#
        ));
        assert!(!same(
            one,
            r#"{"id":"urn:x:2","issuer":"https://example.org/a"}"#
        ));
        assert!(!same(
            one,
            r#"{"id":"urn:x:1","issuer":"https://example.org/b"}"#
        ));
        assert!(!same("{}", "{}"));
    }
}
