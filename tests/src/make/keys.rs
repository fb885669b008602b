//! Keys for tests only: their secrets are public. Nobody may rely on what they sign.

use std::collections::BTreeMap;

use badges_core::did::did_key;
use badges_core::key::{PublicKey, SigningKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The issuer's Ed25519 key.
pub(super) fn issuer() -> SigningKey {
    SigningKey::ed25519(&[1; 32])
}

/// Somebody who endorses badges.
pub(super) fn endorser() -> SigningKey {
    SigningKey::ed25519(&[2; 32])
}

/// Somebody whose second proof stands beside the issuer's.
pub(super) fn witness() -> SigningKey {
    SigningKey::ed25519(&[3; 32])
}

/// Somebody who would like to be the issuer.
pub(super) fn mallory() -> SigningKey {
    SigningKey::ed25519(&[66; 32])
}

/// The issuer's P-256 key.
pub(super) fn issuer_p256() -> SigningKey {
    SigningKey::p256(&[4; 32]).unwrap()
}

/// The issuer's RSA key.
pub(super) fn issuer_rsa() -> SigningKey {
    let file = include_str!("../../../fixtures/keys/test-issuer-rsa.pem");
    SigningKey::from_file_text(file).unwrap()
}

/// The issuer's P-384 key.
pub(super) fn issuer_p384() -> SigningKey {
    SigningKey::p384(&[5; 48]).unwrap()
}

/// The issuer's P-521 key.
pub(super) fn issuer_p521() -> SigningKey {
    let mut scalar = [6; 66];
    scalar[0] = 0;
    SigningKey::p521(&scalar).unwrap()
}

/// The did:key of a key.
pub(super) fn did(key: &SigningKey) -> String {
    did_key(key.public_key()).unwrap()
}

/// The did:jwk of a key.
pub(super) fn did_jwk(key: &PublicKey) -> String {
    format!(
        "did:jwk:{}",
        URL_SAFE_NO_PAD.encode(key.to_jwk().to_string())
    )
}

/// A key as Multikey.
pub(super) fn multikey(key: &SigningKey) -> String {
    key.public_key().to_multikey().unwrap()
}

/// The key files. That of the RSA key is not made: it is where the key is read from.
pub(super) fn files() -> BTreeMap<String, Vec<u8>> {
    let named = [
        ("issuer", issuer()),
        ("issuer-p256", issuer_p256()),
        ("issuer-p384", issuer_p384()),
        ("issuer-p521", issuer_p521()),
        ("endorser", endorser()),
        ("witness", witness()),
        ("mallory", mallory()),
    ];
    named
        .into_iter()
        .map(|(name, key)| {
            let text = key.to_file_text().unwrap();
            (format!("keys/test-{name}.json"), text.as_bytes().to_vec())
        })
        .collect()
}
