//! Keys as [Multikey]: a multicodec prefix and the key's bytes, in multibase.
//!
//! [Multikey]: https://www.w3.org/TR/cid-1.0/#Multikey

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{PublicKey, base58};

/// Why a text is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MultikeyFault {
    /// Neither base58btc (`z…`) nor base64url (`u…`).
    #[error("it is not written in base58btc (z…) or base64url (u…)")]
    Multibase,
    /// A kind of key that is not known.
    #[error("it is a kind of key that is not supported")]
    UnknownKind,
    /// Another number of bytes than keys of this kind have.
    #[error("a key of its kind has {expected} bytes, not {found}")]
    InvalidLength {
        /// How many it should have.
        expected: usize,
        /// How many it has.
        found: usize,
    },
    /// The bytes are no key of their kind.
    #[error("its bytes are not a valid key")]
    InvalidKey,
}

const ED25519_PUBLIC: [u8; 2] = [0xed, 0x01];
const P256_PUBLIC: [u8; 2] = [0x80, 0x24];
const P384_PUBLIC: [u8; 2] = [0x81, 0x24];
const P521_PUBLIC: [u8; 2] = [0x82, 0x24];
const SECP256K1_PUBLIC: [u8; 2] = [0xe7, 0x01];
const X25519_PUBLIC: [u8; 2] = [0xec, 0x01];
pub(super) const ED25519_SECRET: [u8; 2] = [0x80, 0x26];
pub(super) const P256_SECRET: [u8; 2] = [0x86, 0x26];
pub(super) const P384_SECRET: [u8; 2] = [0x87, 0x26];
pub(super) const P521_SECRET: [u8; 2] = [0x88, 0x26];

/// Longer texts are neither keys nor signatures, and base58 takes quadratic time.
const MAX_MULTIBASE: usize = 2048;

/// Reads multibase: base58btc or base64url without padding.
///
/// # Errors
/// [`MultikeyFault::Multibase`] for anything else, or more than 2048 characters.
pub fn decode_multibase(text: &str) -> Result<Vec<u8>, MultikeyFault> {
    if text.len() > MAX_MULTIBASE {
        return Err(MultikeyFault::Multibase);
    }
    let decoded = match text.split_at_checked(1) {
        Some(("z", rest)) => base58::decode(rest),
        Some(("u", rest)) => URL_SAFE_NO_PAD.decode(rest).ok(),
        _ => None,
    };
    decoded.ok_or(MultikeyFault::Multibase)
}

/// Writes multibase in base58btc: `z…`.
#[must_use]
pub fn encode_base58btc(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 7 / 5 + 2);
    text.push('z');
    base58::encode(bytes, &mut text);
    text
}

/// Writes an X25519 key as Multikey.
pub(crate) fn x25519_multikey(key: &[u8; 32]) -> String {
    encode_base58btc(&[&X25519_PUBLIC[..], key].concat())
}

impl PublicKey {
    /// Reads `publicKeyMultibase`.
    ///
    /// # Errors
    /// Why it is no key that can be used.
    pub fn from_multikey(text: &str) -> Result<Self, MultikeyFault> {
        Self::from_multikey_bytes(&decode_multibase(text)?)
    }

    /// Reads a Multikey's bytes: what is behind its multibase. Points are compressed, as the
    /// standard has it, so that a key has one name.
    pub(crate) fn from_multikey_bytes(bytes: &[u8]) -> Result<Self, MultikeyFault> {
        let (prefix, key) = bytes
            .split_first_chunk::<2>()
            .ok_or(MultikeyFault::UnknownKind)?;
        let expected = match *prefix {
            ED25519_PUBLIC => 32,
            P256_PUBLIC | SECP256K1_PUBLIC => 33,
            P384_PUBLIC => 49,
            P521_PUBLIC => 67,
            _ => return Err(MultikeyFault::UnknownKind),
        };
        let found = key.len();
        if found != expected {
            return Err(MultikeyFault::InvalidLength { expected, found });
        }
        let compressed = Some(key).filter(|key| matches!(key.first(), Some(2 | 3)));
        let point = compressed.ok_or(MultikeyFault::InvalidKey);
        match *prefix {
            ED25519_PUBLIC => Self::from_ed25519(key),
            P256_PUBLIC => p256::ecdsa::VerifyingKey::from_sec1_bytes(point?)
                .ok()
                .map(Self::P256),
            P384_PUBLIC => p384::ecdsa::VerifyingKey::from_sec1_bytes(point?)
                .ok()
                .map(Self::P384),
            P521_PUBLIC => p521::ecdsa::VerifyingKey::from_sec1_bytes(point?)
                .ok()
                .map(Self::P521),
            _ => k256::ecdsa::VerifyingKey::from_sec1_bytes(point?)
                .ok()
                .map(Self::Secp256k1),
        }
        .ok_or(MultikeyFault::InvalidKey)
    }

    /// Writes `publicKeyMultibase`; `None` for RSA, which Multikey does not have.
    #[must_use]
    pub fn to_multikey(&self) -> Option<String> {
        Some(encode_base58btc(&self.to_multikey_bytes()?))
    }

    /// Writes a Multikey's bytes: what is behind its multibase.
    pub(crate) fn to_multikey_bytes(&self) -> Option<Vec<u8>> {
        Some(match self {
            Self::Ed25519(key) => [&ED25519_PUBLIC[..], key.as_bytes()].concat(),
            Self::P256(key) => [&P256_PUBLIC[..], key.to_sec1_point(true).as_bytes()].concat(),
            Self::P384(key) => [&P384_PUBLIC[..], key.to_sec1_point(true).as_bytes()].concat(),
            Self::P521(key) => [&P521_PUBLIC[..], key.to_sec1_point(true).as_bytes()].concat(),
            Self::Secp256k1(key) => {
                [&SECP256K1_PUBLIC[..], key.to_sec1_point(true).as_bytes()].concat()
            }
            Self::Rsa(_) => return None,
        })
    }

    /// The X25519 key to which the holder of an Ed25519 key can decrypt ([did:key],
    /// "Derive Encryption Key"): the same point in Montgomery's form. `None` for other keys.
    ///
    /// [did:key]: https://w3c-ccg.github.io/did-key-spec/
    pub(crate) fn x25519_bytes(&self) -> Option<[u8; 32]> {
        match self {
            Self::Ed25519(key) => Some(key.to_montgomery().to_bytes()),
            _ => None,
        }
    }

    /// A key from its 32 bytes, unless it is one of the weak points.
    #[must_use]
    pub fn from_ed25519(bytes: &[u8]) -> Option<Self> {
        let key = ed25519_dalek::VerifyingKey::from_bytes(bytes.try_into().ok()?).ok()?;
        (!key.is_weak()).then_some(Self::Ed25519(key))
    }
}
