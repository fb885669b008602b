//! Keys: Ed25519, P-256, P-384, P-521, secp256k1 (verifying only) and RSA of 2048 bits and more, as
//! Multikey and as JWK; for reading also as PEM.

mod base58;
#[cfg(feature = "aws-lc")]
mod ecdsa;
mod jwk;
mod multikey;
mod pem;
#[cfg(feature = "aws-lc")]
mod rsa;
mod signing;

use ed25519_dalek::VerifyingKey;
use p256::ecdsa::signature::Verifier as _;

pub use jwk::JwkFault;
pub(crate) use multikey::x25519_multikey;
pub use multikey::{MultikeyFault, decode_multibase, encode_base58btc};
#[cfg(feature = "aws-lc")]
pub use rsa::RsaSigningKey;
pub use signing::{KeyFileFault, SigningKey};

/// A signature algorithm by its name in JOSE. [`Algorithm::EdDsa`] is also what
/// `eddsa-rdfc-2022` uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// Ed25519.
    EdDsa,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
    /// ECDSA on P-521 with SHA-512.
    Es512,
    /// ECDSA on secp256k1 with SHA-256.
    Es256K,
    /// RSA PKCS#1 v1.5 with SHA-256.
    Rs256,
}

impl Algorithm {
    /// The algorithm of a JOSE header's `alg`, if it is one that badges may use. `none` and the
    /// HMAC family are not.
    #[must_use]
    pub fn from_jose(name: &str) -> Option<Self> {
        Some(match name {
            "EdDSA" | "Ed25519" => Self::EdDsa,
            "ES256" => Self::Es256,
            "ES384" => Self::Es384,
            "ES512" => Self::Es512,
            "ES256K" => Self::Es256K,
            "RS256" => Self::Rs256,
            _ => return None,
        })
    }

    /// The name in a JOSE header.
    #[must_use]
    pub const fn jose_name(self) -> &'static str {
        match self {
            Self::EdDsa => "EdDSA",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Es512 => "ES512",
            Self::Es256K => "ES256K",
            Self::Rs256 => "RS256",
        }
    }
}

/// A public key that can check signatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicKey {
    /// Ed25519, never one of the weak points for which any signature holds.
    Ed25519(VerifyingKey),
    /// P-256.
    P256(p256::ecdsa::VerifyingKey),
    /// P-384.
    P384(p384::ecdsa::VerifyingKey),
    /// P-521.
    P521(p521::ecdsa::VerifyingKey),
    /// secp256k1.
    Secp256k1(k256::ecdsa::VerifyingKey),
    /// RSA.
    Rsa(RsaPublicKey),
}

/// The numbers of an RSA key, big-endian without leading zeros; 2048 bits to 8192.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RsaPublicKey {
    /// The modulus `n`.
    pub modulus: Vec<u8>,
    /// The exponent `e`.
    pub exponent: Vec<u8>,
}

/// What came of checking a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureCheck {
    /// It holds.
    Holds,
    /// It does not.
    Fails,
    /// This build cannot tell: RSA without the feature `aws-lc`.
    Unsupported,
}

impl PublicKey {
    /// The only algorithm that this key is used with; the key decides, never the document.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        match self {
            Self::Ed25519(_) => Algorithm::EdDsa,
            Self::P256(_) => Algorithm::Es256,
            Self::P384(_) => Algorithm::Es384,
            Self::P521(_) => Algorithm::Es512,
            Self::Secp256k1(_) => Algorithm::Es256K,
            Self::Rsa(_) => Algorithm::Rs256,
        }
    }

    /// What the key is called in URLs: its Multikey, or for RSA the thumbprint of its JWK.
    #[must_use]
    pub fn name(&self) -> String {
        self.to_multikey().unwrap_or_else(|| self.jwk_thumbprint())
    }

    /// How many bytes its signatures have; `None` for RSA, where the modulus decides.
    #[must_use]
    pub const fn signature_length(&self) -> Option<usize> {
        match self {
            Self::Ed25519(_) | Self::P256(_) | Self::Secp256k1(_) => Some(64),
            Self::P384(_) => Some(96),
            Self::P521(_) => Some(132),
            Self::Rsa(_) => None,
        }
    }

    /// Checks a signature: 64 bytes for Ed25519, P-256 and secp256k1, 96 for P-384 and 132 for P-521
    /// (`r ‖ s`), as long as the modulus for RSA. Ed25519 is checked strictly: small-order points
    /// and malleable scalars are refused. Of the two values of `s` that ECDSA allows both are taken,
    /// as the standards do; nothing here tells badges apart by their signatures.
    #[must_use]
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> SignatureCheck {
        let holds = match self {
            Self::Ed25519(key) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok()),
            #[cfg(feature = "aws-lc")]
            Self::P256(key) => ecdsa::p256(key, message, signature),
            #[cfg(feature = "aws-lc")]
            Self::P384(key) => ecdsa::p384(key, message, signature),
            #[cfg(not(feature = "aws-lc"))]
            Self::P256(key) => p256::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
            #[cfg(not(feature = "aws-lc"))]
            Self::P384(key) => p384::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
            Self::P521(key) => p521::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
            Self::Secp256k1(key) => k256::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(message, &signature.normalize_s()).is_ok()),
            #[cfg(feature = "aws-lc")]
            Self::Rsa(key) => rsa::verify(key, message, signature),
            #[cfg(not(feature = "aws-lc"))]
            Self::Rsa(_) => return SignatureCheck::Unsupported,
        };
        if holds {
            SignatureCheck::Holds
        } else {
            SignatureCheck::Fails
        }
    }
}
