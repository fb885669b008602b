//! Who issues, and what follows from it for every id.

use std::fmt::Display;

use super::base::Base;
use crate::did;
use crate::key::PublicKey;

/// What an issuer is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// A did:web: the address where all of it is published.
    Web(Base),
    /// A did:key, as [`Identity::of_key`] makes it. Nothing is published, so ids are `urn:uuid:`
    /// and there are no status lists: such a badge can never be taken back.
    Key(String),
}

impl Identity {
    /// The issuer that is this key; `None` for RSA, which has no did:key.
    #[must_use]
    pub fn of_key(key: &PublicKey) -> Option<Self> {
        did::did_key(key).map(Self::Key)
    }

    /// Reads a did:web as [`Base`] writes it, or a did:key of a key that can be used. `None` for
    /// all others.
    #[must_use]
    pub fn from_did(did: &str) -> Option<Self> {
        if did.starts_with("did:key:") {
            did::embedded_key(did)??;
            return Some(Self::Key(did.to_owned()));
        }
        Base::from_did(did).map(Self::Web)
    }

    /// The issuer's id.
    #[must_use]
    pub fn did(&self) -> &str {
        match self {
            Self::Web(base) => base.did(),
            Self::Key(did) => did,
        }
    }

    /// The address on the web, if there is one.
    #[must_use]
    pub const fn base(&self) -> Option<&Base> {
        match self {
            Self::Web(base) => Some(base),
            Self::Key(_) => None,
        }
    }

    /// The id of a badge: its URL, else the UUID.
    #[must_use]
    pub fn badge(&self, token: &str, uuid: impl Display) -> String {
        match self {
            Self::Web(base) => base.badge(token),
            Self::Key(_) => format!("urn:uuid:{uuid}"),
        }
    }

    /// The id of an achievement: its URL, else the UUID.
    #[must_use]
    pub fn achievement(&self, slug: &str, uuid: impl Display) -> String {
        match self {
            Self::Web(base) => base.achievement(slug),
            Self::Key(_) => format!("urn:uuid:{uuid}"),
        }
    }

    /// The id of a status list, where there can be one.
    #[must_use]
    pub fn status_list(&self, number: u32) -> Option<String> {
        self.base().map(|base| base.status_list(number))
    }

    /// Whether this key can sign for the issuer: on the web any that its DID document lists; else
    /// its own and, for ever, no other.
    #[must_use]
    pub fn can_have(&self, key: &PublicKey) -> bool {
        match self {
            Self::Web(_) => true,
            Self::Key(did) => did::did_key(key).as_ref() == Some(did),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::key::SigningKey;

    const UUID: &str = "00000000-0000-4000-8000-000000000007";
    const URN: &str = "urn:uuid:00000000-0000-4000-8000-000000000007";

    #[test]
    fn on_the_web_ids_are_addresses() {
        let issuer = Identity::Web("https://example.org/issuers/a".parse().unwrap());
        assert_eq!(issuer.did(), "did:web:example.org:issuers:a");
        assert_eq!(
            issuer.badge("x7", UUID),
            "https://example.org/issuers/a/badges/x7"
        );
        assert_eq!(
            issuer.achievement("editor", UUID),
            "https://example.org/issuers/a/achievements/editor"
        );
        assert_eq!(
            issuer.status_list(2).as_deref(),
            Some("https://example.org/issuers/a/status/2")
        );
        assert!(issuer.can_have(SigningKey::ed25519(&[1; 32]).public_key()));
    }

    #[test]
    fn a_key_needs_no_address() {
        let [own, other] = [1, 2].map(|byte| SigningKey::ed25519(&[byte; 32]));
        let issuer = Identity::of_key(own.public_key()).unwrap();
        assert_eq!(issuer.badge("x7", UUID), URN);
        assert_eq!(issuer.achievement("editor", UUID), URN);
        assert_eq!(issuer.status_list(2), None);
        assert!(issuer.can_have(own.public_key()));
        assert!(!issuer.can_have(other.public_key()));
    }

    #[test]
    fn identities_are_read_as_they_are_written() {
        let key = SigningKey::ed25519(&[1; 32]);
        for issuer in [
            Identity::of_key(key.public_key()).unwrap(),
            Identity::Web("https://example.org".parse().unwrap()),
            Identity::Web("https://example.org:8443/Issuers/a%20b".parse().unwrap()),
        ] {
            assert_eq!(Identity::from_did(issuer.did()), Some(issuer));
        }
        for did in [
            "",
            "did:key:z6Mk",
            "did:key:",
            "did:web:",
            "did:web:Example.org",
            "did:web:example.org:.well-known",
            "did:web:example.org/a",
            "did:jwk:e30",
            "https://example.org",
        ] {
            assert_eq!(Identity::from_did(did), None, "{did}");
        }
    }
}
