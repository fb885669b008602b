//! Signing: by the library where what is signed is sound, and step by step where it is not, as
//! careless and hostile signers would.

use badges_core::credential::{UnsignedCredential, verification_method};
use badges_core::json;
use badges_core::jsonld::{Edition, Policy, RootContext};
use badges_core::key::{SigningKey, encode_base58btc};
use badges_core::model::issuer_id;
use badges_core::proof::data_integrity::{
    ProofOptions, hash_configuration, hash_document, signing_input,
};
use badges_core::proof::suite::{Hashing, Suite};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::edit::{swap, with};
use super::keys;

/// When proofs are made.
pub(super) const CREATED: &str = "2026-01-10T09:00:00Z";

/// A credential with the issuer's proof.
pub(super) fn signed(text: &str) -> String {
    signed_by(text, &keys::issuer())
}

/// A credential with the proof of its issuer, who has this key.
pub(super) fn signed_by(text: &str, key: &SigningKey) -> String {
    signed_with(text, key, &own_method(text, key))
}

/// A credential with a proof that names this verification method.
pub(super) fn signed_with(text: &str, key: &SigningKey, method: &str) -> String {
    UnsignedCredential::from_json(text)
        .and_then(|credential| credential.sign(key, &options(method)))
        .unwrap()
        .into_text()
}

/// What the library asks to know of a proof.
pub(super) fn options(method: &str) -> ProofOptions {
    ProofOptions {
        verification_method: method.to_owned(),
        created: CREATED.to_owned(),
        ..ProofOptions::default()
    }
}

/// The verification method of a credential's issuer for a key.
pub(super) fn own_method(text: &str, key: &SigningKey) -> String {
    let credential = json::parse(text).unwrap();
    verification_method(issuer_id(&credential).unwrap(), key.public_key())
}

/// The members of a usual proof, without its value.
pub(super) fn proof(method: &str) -> String {
    format!(
        r#""type": "DataIntegrityProof",
      "cryptosuite": "eddsa-rdfc-2022",
      "created": "{CREATED}",
      "verificationMethod": "{method}",
      "proofPurpose": "assertionMethod""#
    )
}

/// The same of `Ed25519Signature2020`.
pub(super) fn proof_2020(method: &str) -> String {
    swap(
        &proof(method),
        "\"type\": \"DataIntegrityProof\",\n      \"cryptosuite\": \"eddsa-rdfc-2022\"",
        "\"type\": \"Ed25519Signature2020\"",
    )
}

/// A credential with a proof of these members, whatever the library would say of either.
pub(super) fn carelessly(text: &str, proof: &str, key: &SigningKey) -> String {
    let value = proof_value(text, proof, key);
    let proof = format!("{{\n      {proof},\n      \"proofValue\": \"{value}\"\n    }}");
    with(text, &format!("\"proof\": [{proof}]"))
}

/// The value of a proof of these members.
pub(super) fn proof_value(text: &str, proof: &str, key: &SigningKey) -> String {
    let proof = format!("{{{proof}}}");
    let document = json::parse(text).unwrap();
    let proof = json::parse(&proof).unwrap();
    let root = RootContext::of(&document, Edition::NEWEST, Policy::DataIntegrity).unwrap();
    let suite = Suite::of(&proof).unwrap_or_default();
    let hashing = suite.hashing(key.algorithm()).unwrap_or(Hashing::Sha256);
    let method = (suite.canonicalization(), hashing);
    let hash = hash_document(method, &root, &document, &[]).unwrap();
    let configuration = hash_configuration(suite, hashing, &root, &proof).unwrap();
    encode_base58btc(&key.sign(&signing_input(&configuration, &hash)).unwrap())
}

/// A credential as a JWT of its issuer, who has this key.
pub(super) fn jwt_by(text: &str, key: &SigningKey) -> String {
    jwt_with(text, key, &own_method(text, key))
}

/// A credential as a JWT with this `kid`.
pub(super) fn jwt_with(text: &str, key: &SigningKey, kid: &str) -> String {
    UnsignedCredential::from_json(text)
        .and_then(|credential| credential.sign_jwt(key, kid))
        .unwrap()
        .into_text()
}

/// Any header and payload as a JWS.
pub(super) fn jws(header: &str, payload: &str, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let input = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(payload)
    );
    let signature = URL_SAFE_NO_PAD.encode(sign(input.as_bytes()));
    format!("{input}.{signature}")
}

/// The payload of a JWT as text.
pub(super) fn payload(jwt: &str) -> String {
    badges_core::proof::jwt::Jws::parse(jwt).unwrap().payload
}

/// The usual proof of a badge by its issuer's Ed25519 key.
pub(super) fn own_proof(badge: &str) -> String {
    proof(&own_method(badge, &keys::issuer()))
}
