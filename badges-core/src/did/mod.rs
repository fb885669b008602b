//! Decentralised identifiers ([DID Core]): [did:key] and [did:jwk], which contain their key and so
//! their document, and [did:web], which names an address where its document stands.
//!
//! [DID Core]: https://www.w3.org/TR/did-1.0/
//! [did:key]: https://w3c-ccg.github.io/did-key-spec/
//! [did:jwk]: https://github.com/quartzjer/did-jwk/blob/main/spec.md
//! [did:web]: https://w3c-ccg.github.io/did-method-web/

mod document;
mod syntax;
mod web;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::key::{MultikeyFault, PublicKey};
pub use document::{KeyForm, document, key_document, resource};
pub use syntax::{Did, DidUrl};
pub use web::{domain, web_did, web_document_url};

/// Why a DID has no document here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DidFault {
    /// It is not written as a DID is, or not as its method has it.
    #[error("it is not a DID")]
    InvalidDid,
    /// It is not written as a DID URL is.
    #[error("it is not a DID URL")]
    InvalidDidUrl,
    /// DIDs of this method do not contain their document.
    #[error("the method {method:?} is not supported")]
    MethodNotSupported {
        /// The name of the method.
        method: String,
    },
    /// A kind of key that is not known.
    #[error("it is a kind of key that is not supported")]
    UnsupportedKey,
    /// Keys of this kind cannot be shown in the form that was asked for.
    #[error("a key of its kind has no such form")]
    UnsuitableForm,
    /// Another number of bytes than keys of this kind have.
    #[error("a key of its kind has {expected} bytes, not {found}")]
    InvalidKeyLength {
        /// How many it should have.
        expected: usize,
        /// How many it has.
        found: usize,
    },
    /// The bytes or members are no key of their kind, or they are a private key.
    #[error("it contains no valid public key")]
    InvalidKey,
}

impl From<MultikeyFault> for DidFault {
    fn from(fault: MultikeyFault) -> Self {
        match fault {
            MultikeyFault::Multibase => Self::InvalidDid,
            MultikeyFault::UnknownKind => Self::UnsupportedKey,
            MultikeyFault::InvalidLength { expected, found } => {
                Self::InvalidKeyLength { expected, found }
            }
            MultikeyFault::InvalidKey => Self::InvalidKey,
        }
    }
}

/// The part of a DID URL that is the DID: what stands before `#`, `?` and `/`. Whether it is well
/// written [`DidUrl::parse`] knows.
#[must_use]
pub fn did_of(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("did:")?;
    let (method, id) = rest.split_once(':')?;
    let named = !method.is_empty()
        && method
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let end = id.find(['#', '?', '/']).unwrap_or(id.len());
    let ends = url.len() - id.len() + end;
    (named && end > 0).then(|| &url[..ends])
}

/// The key inside a did:key or did:jwk, and the fragment of its only verification method. `None`
/// for other DIDs; `Some(None)` when the DID is of these methods but holds no key that can be used.
#[must_use]
pub fn embedded_key(did: &str) -> Option<Option<(PublicKey, &str)>> {
    if let Some(multikey) = did.strip_prefix("did:key:") {
        let key = document::key_of(multikey).ok();
        return Some(key.map(|key| (key, multikey)));
    }
    let jwk = did.strip_prefix("did:jwk:")?;
    let key = URL_SAFE_NO_PAD.decode(jwk).ok().and_then(|bytes| {
        let text = String::from_utf8(bytes).ok()?;
        PublicKey::from_jwk(&crate::json::parse(&text).ok()?).ok()
    });
    Some(key.map(|key| (key, "0")))
}

/// The did:key of a public key; `None` for RSA.
#[must_use]
pub fn did_key(key: &PublicKey) -> Option<String> {
    Some(format!("did:key:{}", key.to_multikey()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dids_end_where_their_urls_go_on() {
        for (url, did) in [
            ("did:web:example.org#key-1", Some("did:web:example.org")),
            ("did:example:a:b?x=1", Some("did:example:a:b")),
            ("did:example:a/path", Some("did:example:a")),
            ("did:example:", None),
            ("did:Example:a", None),
            ("https://example.org", None),
        ] {
            assert_eq!(did_of(url), did, "{url}");
        }
    }
}
