//! The contexts that a credential is written with.

use crate::json::Value;
use crate::jsonld::is_draft;

use super::envelope::{CredentialSchema, CredentialStatus, RefreshService};

/// The context of Verifiable Credentials 2.0, the first of every credential.
pub const CREDENTIALS_V2: &str = "https://www.w3.org/ns/credentials/v2";

/// The context of Verifiable Credentials 1.1, only for reading.
pub const CREDENTIALS_V1: &str = "https://www.w3.org/2018/credentials/v1";

/// The context of Open Badges 3.0, the second of every badge and endorsement.
pub const OPEN_BADGES: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";

/// The context of the types that 1EdTech defines beside Open Badges; without it, a credential that
/// has one of them would be signed without that type.
pub const EXTENSIONS: &str = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json";

/// The type of a `credentialSchema` that is the standard's JSON Schema.
pub(super) const JSON_SCHEMA_TYPE: &str = "1EdTechJsonSchemaValidator2019";

/// The type of a `refreshService`.
pub(super) const REFRESH_TYPE: &str = "1EdTechCredentialRefresh";

/// The types that need [`EXTENSIONS`].
const EXTENSION_TYPES: [&str; 3] = [JSON_SCHEMA_TYPE, REFRESH_TYPE, "1EdTechRevocationList"];

/// The `@context` of a badge or endorsement with these parts.
pub(super) fn contexts(
    status: Option<&CredentialStatus>,
    schemas: &[CredentialSchema],
    refresh: Option<&RefreshService>,
) -> Vec<&'static str> {
    let mut types = schemas
        .iter()
        .map(|schema| &schema.r#type)
        .chain(status.map(|status| &status.r#type))
        .chain(refresh.map(|refresh| &refresh.r#type));
    let mut contexts = vec![CREDENTIALS_V2, OPEN_BADGES];
    if types.any(|it| EXTENSION_TYPES.contains(&it.as_str())) {
        contexts.push(EXTENSIONS);
    }
    contexts
}

/// Whether this is the Open Badges 3.0 context of any version: `context.json`,
/// `context-3.0.1.json`, ..., or one of the names that drafts had.
pub(super) fn is_open_badges(url: &str) -> bool {
    url == OPEN_BADGES || is_version(url) || DRAFTS.contains(&url)
}

/// The pattern of the standard's JSON Schema: `context(-3\.\d\.\d)*\.json`.
fn is_version(url: &str) -> bool {
    let version = url
        .strip_prefix("https://purl.imsglobal.org/spec/ob/v3p0/context")
        .and_then(|rest| rest.strip_suffix(".json"));
    match version.map(str::as_bytes) {
        Some([]) => true,
        Some([b'-', b'3', b'.', minor, b'.', patch]) => {
            minor.is_ascii_digit() && patch.is_ascii_digit()
        }
        _ => false,
    }
}

/// The names that the context had in drafts.
pub(super) const DRAFTS: [&str; 3] = [
    // The final text, at an address of before.
    "https://purl.imsglobal.org/spec/ob/v3p0/context/ob_v3p0.jsonld",
    "https://imsglobal.github.io/openbadges-specification/ob_v3p0.html",
    "https://w3c-ccg.github.io/vc-ed/plugfest-1-2022/jff-vc-edu-plugfest-1-context.json",
];

/// Whether a credential was made under a draft of Open Badges 3.0, whose achievements had no ids.
pub(crate) fn is_of_draft(credential: &Value<'_>) -> bool {
    let mut contexts = credential.list("@context").iter();
    contexts.any(|context| context.as_str().is_some_and(is_draft))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extensions_stand_exactly_where_a_type_needs_them() {
        let plain = vec![CREDENTIALS_V2, OPEN_BADGES];
        let extended = vec![CREDENTIALS_V2, OPEN_BADGES, EXTENSIONS];

        let bitstring =
            CredentialStatus::bitstring("https://example.org/status/1", 7, "revocation");
        let other = CredentialSchema {
            id: "https://example.org/schema".to_owned(),
            r#type: "JsonSchema".to_owned(),
        };
        assert_eq!(contexts(Some(&bitstring), &[other], None), plain);

        let old = CredentialStatus {
            r#type: "1EdTechRevocationList".to_owned(),
            ..bitstring
        };
        assert_eq!(contexts(Some(&old), &[], None), extended);
        assert_eq!(
            contexts(None, &[CredentialSchema::open_badges()], None),
            extended
        );
        let refresh = RefreshService::new("https://example.org/badges/1");
        assert_eq!(contexts(None, &[], Some(&refresh)), extended);
    }

    #[test]
    fn every_version_of_the_open_badges_context_is_known() {
        let base = "https://purl.imsglobal.org/spec/ob/v3p0/";
        for known in [
            "context.json",
            "context-3.0.1.json",
            "context-3.0.9.json",
            "context-3.0.3.json",
        ] {
            assert!(is_open_badges(&format!("{base}{known}")), "{known}");
        }
        for other in [
            "context-4.0.0.json",
            "context-3.0.json",
            "extensions.json",
            "context",
        ] {
            assert!(!is_open_badges(&format!("{base}{other}")), "{other}");
        }
    }
}
