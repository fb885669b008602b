//! RSA by `aws-lc-rs`, which signs without leaking timing; the pure-Rust `rsa` crate does not
//! (RUSTSEC-2023-0071). This is the one place of the library with a generator of its own.

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents,
};

use super::RsaPublicKey;

/// An RSA key that can sign.
#[derive(Debug)]
pub struct RsaSigningKey {
    pair: RsaKeyPair,
    public: RsaPublicKey,
}

impl RsaSigningKey {
    /// Reads a private key as PKCS#8 DER; `None` when it is none, or of less than 2048 bits.
    #[must_use]
    pub fn from_pkcs8(der: &[u8]) -> Option<Self> {
        Self::new(RsaKeyPair::from_pkcs8(der).ok()?)
    }

    /// Makes a new key of 3072 bits.
    #[must_use]
    pub fn generate() -> Option<Self> {
        Self::new(RsaKeyPair::generate(KeySize::Rsa3072).ok()?)
    }

    /// The private key as PKCS#8 DER.
    #[must_use]
    pub fn to_pkcs8(&self) -> Option<Vec<u8>> {
        let der: Result<aws_lc_rs::encoding::Pkcs8V1Der<'_>, Unspecified> = self.pair.as_der();
        Some(der.ok()?.as_ref().to_vec())
    }

    /// The public key.
    #[must_use]
    pub const fn public_key(&self) -> &RsaPublicKey {
        &self.public
    }

    /// Signs with PKCS#1 v1.5 and SHA-256; `None` when the generator that blinds it fails.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                message,
                &mut signature,
            )
            .ok()?;
        Some(signature)
    }

    fn new(pair: RsaKeyPair) -> Option<Self> {
        let public = pair.public_key();
        let public = RsaPublicKey::new(
            public.modulus().big_endian_without_leading_zero(),
            public.exponent().big_endian_without_leading_zero(),
        )
        .ok()?;
        Some(Self { pair, public })
    }
}

pub(super) fn verify(key: &RsaPublicKey, message: &[u8], signature: &[u8]) -> bool {
    let components = RsaPublicKeyComponents {
        n: &key.modulus,
        e: &key.exponent,
    };
    components
        .verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
        .is_ok()
}
