//! Keys for tests only: their secrets are public. Nobody may rely on what they sign.

use std::collections::BTreeMap;

use badges_core::did::did_key;
use badges_core::key::{PublicKey, SigningKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p384::ecdsa::signature::Signer as _;

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

/// The issuer's P-384 key, which the library checks and does not make.
pub(super) struct P384(p384::ecdsa::SigningKey);

pub(super) fn issuer_p384() -> P384 {
    P384(p384::ecdsa::SigningKey::from_slice(&P384_SCALAR).unwrap())
}

const P384_SCALAR: [u8; 48] = [5; 48];

impl P384 {
    pub(super) fn public_key(&self) -> PublicKey {
        PublicKey::P384(*self.0.verifying_key())
    }

    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let signature: p384::ecdsa::Signature = self.0.sign(message);
        signature.to_bytes().to_vec()
    }
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
        ("endorser", endorser()),
        ("witness", witness()),
        ("mallory", mallory()),
    ];
    let mut files: BTreeMap<String, Vec<u8>> = named
        .into_iter()
        .map(|(name, key)| {
            let text = key.to_file_text().unwrap();
            (format!("keys/test-{name}.json"), text.as_bytes().to_vec())
        })
        .collect();
    let mut jwk = issuer_p384().public_key().to_jwk();
    jwk["d"] = URL_SAFE_NO_PAD.encode(P384_SCALAR).into();
    files.insert(
        "keys/test-issuer-p384.json".to_owned(),
        format!("{jwk:#}\n").into_bytes(),
    );
    files
}
