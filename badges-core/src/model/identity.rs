//! Identifiers of recipients and of organisations.

use md5::Md5;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::class::{Class, TypeName};
use super::enumeration::IdentifierType;
use crate::json::Value;

/// Who a badge is for, when it is not said by `credentialSubject.id`: an identifier in plain text or
/// as a hash of it (the standard's `IdentityObject`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IdentityObject {
    /// Always `IdentityObject`.
    #[serde(default)]
    pub r#type: TypeName<Self>,
    /// Whether `identity_hash` is a hash.
    pub hashed: bool,
    /// The identifier, or `sha256$` and its hash in hexadecimal.
    pub identity_hash: String,
    /// What the identifier is.
    pub identity_type: IdentifierType,
    /// The text that was hashed together with the identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub salt: Option<String>,
}

impl IdentityObject {
    /// An identifier that everybody can read.
    pub fn plain(identity_type: IdentifierType, identifier: impl Into<String>) -> Self {
        Self {
            r#type: TypeName::default(),
            hashed: false,
            identity_hash: identifier.into(),
            identity_type,
            salt: None,
        }
    }

    /// An identifier that only those can confirm who know it, and its salt.
    ///
    /// A salt inside the badge protects only identifiers that nobody can list: the names of users,
    /// for example, are public, and all of them are tried in no time. Without the salt in the badge
    /// the holder has to keep it.
    #[must_use]
    pub fn hashed(
        identity_type: IdentifierType,
        identifier: &str,
        salt: &str,
        salt_in_badge: bool,
    ) -> Self {
        Self {
            hashed: true,
            identity_hash: format!("sha256${}", salted::<Sha256>(identifier, salt)),
            salt: salt_in_badge.then(|| salt.to_owned()),
            ..Self::plain(identity_type, "")
        }
    }

    /// Whether this is the identity of a person who is known by this identifier. The identifier is
    /// tried as given, then in lower case. A salt that is given counts when the badge has none and
    /// it can be one; identifiers in plain text have none.
    #[must_use]
    pub fn matches(&self, identifier: &str, salt: Option<&str>) -> bool {
        let given = salt.filter(|salt| is_salt(salt));
        let salt = self.salt.as_deref().or(given).unwrap_or_default();
        self.is(identifier, salt) || self.is(&identifier.to_lowercase(), salt)
    }

    fn is(&self, identifier: &str, salt: &str) -> bool {
        if !self.hashed {
            return self.identity_hash == identifier;
        }
        let Some((algorithm, hash)) = self.identity_hash.split_once('$') else {
            return false;
        };
        let expected = match algorithm.to_ascii_lowercase().as_str() {
            "sha256" => salted::<Sha256>(identifier, salt),
            "md5" => salted::<Md5>(identifier, salt),
            _ => return false,
        };
        hash.eq_ignore_ascii_case(&expected)
    }

    /// An entry of `credentialSubject.identifier` in somebody else's document; `None` when it does
    /// not have what it takes to compare it.
    #[must_use]
    pub fn read(entry: &Value<'_>) -> Option<Self> {
        let Value::Bool(hashed) = entry.get("hashed")? else {
            return None;
        };
        Some(Self {
            hashed: *hashed,
            salt: entry.text("salt").map(str::to_owned),
            ..Self::plain(
                IdentifierType::from(entry.text("identityType")?),
                entry.text("identityHash")?,
            )
        })
    }
}

/// Whether a text can be the salt of a badge that does not have it inside: 128 bits in hexadecimal or
/// base64url. What is hashed is the identifier and the salt in one; were the length left open, the
/// badge of *Example Volunteer 2* would be that of *Example Volunteer*, with a salt that begins
/// with ` 2`.
fn is_salt(text: &str) -> bool {
    let has = |length, is_sign: fn(&u8) -> bool| {
        text.len() == length && text.as_bytes().iter().all(is_sign)
    };
    has(32, u8::is_ascii_hexdigit)
        || has(22, |sign| {
            sign.is_ascii_alphanumeric() || matches!(sign, b'-' | b'_')
        })
}

/// The digest of an identifier and its salt, in hexadecimal.
fn salted<D: Digest>(identifier: &str, salt: &str) -> String {
    let digest = D::new()
        .chain_update(identifier)
        .chain_update(salt)
        .finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Class for IdentityObject {
    const NAMES: &'static [&'static str] = &["IdentityObject"];
}

/// An identifier that something has elsewhere: the standard's `IdentifierEntry`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IdentifierEntry {
    /// Always `IdentifierEntry`.
    #[serde(default)]
    pub r#type: TypeName<Self>,
    /// The identifier.
    pub identifier: String,
    /// What the identifier is.
    pub identifier_type: IdentifierType,
}

impl IdentifierEntry {
    /// An identifier of this type.
    pub fn new(identifier: impl Into<String>, identifier_type: IdentifierType) -> Self {
        Self {
            r#type: TypeName::default(),
            identifier: identifier.into(),
            identifier_type,
        }
    }
}

impl Class for IdentifierEntry {
    const NAMES: &'static [&'static str] = &["IdentifierEntry"];
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const KOSHER: &str = "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399";
    const FLEUR_DE_SEL: &str =
        "sha256$658625b25ab3d75d613ca97d9a5a77f70e2192feca5557f4ad09a4d4f121f5fc";

    fn hashed(identifier: &str, salt: &str, salt_in_badge: bool) -> IdentityObject {
        IdentityObject::hashed(
            IdentifierType::EmailAddress,
            identifier,
            salt,
            salt_in_badge,
        )
    }

    #[test]
    fn hashes_are_those_of_the_specification() {
        assert_eq!(
            hashed("a@example.com", "Kosher", true).identity_hash,
            KOSHER
        );
        assert_eq!(
            hashed("jjefferson18@example.com", "FleurDeSel", true).identity_hash,
            FLEUR_DE_SEL
        );
    }

    #[test]
    fn the_salt_is_given_or_in_the_badge() {
        let inside = hashed("a@example.com", "Kosher", true);
        assert_eq!(inside.salt.as_deref(), Some("Kosher"));
        assert!(inside.matches("a@example.com", None));
        assert!(inside.matches("A@Example.com", None));
        assert!(!inside.matches("b@example.com", None));

        assert!(inside.matches("a@example.com", Some("Fleur")));

        for salt in ["0123456789abcdef0123456789ABCDEF", "AAECAwQFBgcICQoLDA0-_w"] {
            let outside = hashed("a@example.com", salt, false);
            assert_eq!(outside.salt, None);
            assert!(outside.matches("a@example.com", Some(salt)));
            assert!(!outside.matches("a@example.com", Some(&salt.replace('0', "1"))));
            assert!(!outside.matches("a@example.com", None));
            // The end of a name is no beginning of a salt.
            let other = hashed("a@example.com2", salt, false);
            assert!(!other.matches("a@example.com", Some(&format!("2{salt}"))));
        }
        let outside = hashed("a@example.com", "Kosher", false);
        assert!(!outside.matches("a@example.com", Some("Kosher")));
    }

    #[test]
    fn a_hash_is_read_in_either_case_and_as_md5_too() {
        let mut identity = hashed("a@example.com", "Kosher", true);
        identity.identity_hash = KOSHER.to_uppercase();
        assert!(identity.matches("a@example.com", None));
        identity.identity_hash = "md5$ce114e4501d2f4e2dcea3e17b546f339".to_owned();
        identity.salt = None;
        assert!(identity.matches("This is a test", None));
        for broken in ["sha1$00", "sha256$", "", "a@example.com"] {
            identity.identity_hash = broken.to_owned();
            assert!(!identity.matches("a@example.com", None), "{broken}");
        }
    }

    #[test]
    fn a_plain_identifier_has_no_salt() {
        let mut identity = IdentityObject::plain(IdentifierType::UserName, "example volunteer");
        identity.salt = Some("not-used".to_owned());
        assert!(identity.matches("Example Volunteer", Some("x")));
        assert!(!identity.matches("Another", None));
    }

    #[test]
    fn an_identity_is_read_from_a_document() {
        let text = format!(
            r#"{{"type":"IdentityObject","hashed":true,"identityHash":"{KOSHER}","identityType":"emailAddress","salt":"Kosher"}}"#
        );
        let value = crate::json::parse(&text).unwrap();
        let identity = IdentityObject::read(&value).unwrap();
        assert_eq!(identity, hashed("a@example.com", "Kosher", true));
        assert_eq!(serde_json::to_string(&identity).unwrap(), text);
        assert_eq!(IdentityObject::read(&Value::Null), None);
    }
}
