//! Keys as JWK ([RFC 7517], [RFC 8037]).
//!
//! [RFC 7517]: https://www.rfc-editor.org/rfc/rfc7517
//! [RFC 8037]: https://www.rfc-editor.org/rfc/rfc8037

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{PublicKey, RsaPublicKey};
use crate::json::Value;

/// Why a JWK is no key that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum JwkFault {
    /// It has the members of a private or symmetric key. Whoever sees it can sign.
    #[error("it contains a private key")]
    Private,
    /// A kind or curve that is not known.
    #[error("it is a kind of key that is not supported")]
    UnknownKind,
    /// Members are missing or are no key of their kind.
    #[error("its members are not a valid key")]
    InvalidKey,
    /// An RSA key of less than 2048 bits, or more than 8192.
    #[error("an RSA key must have 2048 to 8192 bits")]
    RsaSize,
}

/// Members that only private and symmetric keys have (RFC 7518, 6.2.2, 6.3.2, 6.4).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

impl PublicKey {
    /// Reads a public JWK.
    ///
    /// # Errors
    /// Why it is no key that can be used.
    pub fn from_jwk(jwk: &Value<'_>) -> Result<Self, JwkFault> {
        if PRIVATE.iter().any(|member| jwk.get(member).is_some()) {
            return Err(JwkFault::Private);
        }
        Self::from_public_members(jwk)
    }

    /// Reads the public half of a JWK, whatever else is in it.
    pub(super) fn from_public_members(jwk: &Value<'_>) -> Result<Self, JwkFault> {
        let bytes = |member| {
            let text = jwk.text(member).filter(|text| text.len() <= 2048);
            text.and_then(|text| URL_SAFE_NO_PAD.decode(text).ok())
                .ok_or(JwkFault::InvalidKey)
        };
        match (jwk.text("kty"), jwk.text("crv")) {
            (Some("OKP"), Some("Ed25519")) => {
                Self::from_ed25519(&bytes("x")?).ok_or(JwkFault::InvalidKey)
            }
            (Some("EC"), Some("P-256")) => {
                let point = uncompressed(&bytes("x")?, &bytes("y")?);
                p256::ecdsa::VerifyingKey::from_sec1_bytes(&point)
                    .map(Self::P256)
                    .map_err(|_| JwkFault::InvalidKey)
            }
            (Some("EC"), Some("P-384")) => {
                let point = uncompressed(&bytes("x")?, &bytes("y")?);
                p384::ecdsa::VerifyingKey::from_sec1_bytes(&point)
                    .map(Self::P384)
                    .map_err(|_| JwkFault::InvalidKey)
            }
            (Some("EC"), Some("P-521")) => {
                let point = uncompressed(&bytes("x")?, &bytes("y")?);
                p521::ecdsa::VerifyingKey::from_sec1_bytes(&point)
                    .map(Self::P521)
                    .map_err(|_| JwkFault::InvalidKey)
            }
            (Some("EC"), Some("secp256k1")) => {
                let point = uncompressed(&bytes("x")?, &bytes("y")?);
                k256::ecdsa::VerifyingKey::from_sec1_bytes(&point)
                    .map(Self::Secp256k1)
                    .map_err(|_| JwkFault::InvalidKey)
            }
            (Some("RSA"), _) => RsaPublicKey::new(&bytes("n")?, &bytes("e")?).map(Self::Rsa),
            _ => Err(JwkFault::UnknownKind),
        }
    }

    /// The SHA-256 thumbprint of the JWK in base64url ([RFC 7638]).
    ///
    /// [RFC 7638]: https://www.rfc-editor.org/rfc/rfc7638
    #[must_use]
    pub fn jwk_thumbprint(&self) -> String {
        // The required members in lexicographic order are all that `to_jwk` writes.
        let jwk = self.to_jwk().to_string();
        let canonical = crate::json::parse(&jwk).map(|value| crate::json::canonical(&value));
        URL_SAFE_NO_PAD.encode(Sha256::digest(canonical.unwrap_or_default()))
    }

    /// Writes a public JWK: `kty`, `crv` and the key's members, no more.
    #[must_use]
    pub fn to_jwk(&self) -> serde_json::Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let ec = |curve, point: &[u8]| {
            let (x, y) = point[1..].split_at((point.len() - 1) / 2);
            serde_json::json!({"kty": "EC", "crv": curve, "x": text(x), "y": text(y)})
        };
        match self {
            Self::Ed25519(key) => {
                serde_json::json!({"kty": "OKP", "crv": "Ed25519", "x": text(key.as_bytes())})
            }
            Self::P256(key) => ec("P-256", key.to_sec1_point(false).as_bytes()),
            Self::P384(key) => ec("P-384", key.to_sec1_point(false).as_bytes()),
            Self::P521(key) => ec("P-521", key.to_sec1_point(false).as_bytes()),
            Self::Secp256k1(key) => ec("secp256k1", key.to_sec1_point(false).as_bytes()),
            Self::Rsa(key) => serde_json::json!({
                "kty": "RSA", "n": text(&key.modulus), "e": text(&key.exponent),
            }),
        }
    }
}

fn uncompressed(x: &[u8], y: &[u8]) -> Vec<u8> {
    [&[4], x, y].concat()
}

impl RsaPublicKey {
    /// Takes big-endian numbers, with or without leading zeros.
    ///
    /// # Errors
    /// [`JwkFault::RsaSize`] for a modulus outside 2048 to 8192 bits, [`JwkFault::InvalidKey`] for
    /// an exponent that is even, 1, or longer than 8 bytes.
    pub fn new(modulus: &[u8], exponent: &[u8]) -> Result<Self, JwkFault> {
        let trim = |bytes: &[u8]| {
            let start = bytes.iter().position(|&byte| byte != 0);
            bytes[start.unwrap_or(bytes.len())..].to_vec()
        };
        let (modulus, exponent) = (trim(modulus), trim(exponent));
        let bits = modulus.first().map_or(0, |first| {
            modulus.len() * 8 - first.leading_zeros() as usize
        });
        if !(2048..=8192).contains(&bits) {
            return Err(JwkFault::RsaSize);
        }
        let odd = exponent.last().is_some_and(|last| last % 2 == 1);
        if !odd || exponent == [1] || exponent.len() > 8 {
            return Err(JwkFault::InvalidKey);
        }
        Ok(Self { modulus, exponent })
    }
}
