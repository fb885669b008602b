use super::statements::{self, Labelled};
use super::value::{BaseValue, Multikey, Signature};
use super::{
    Error, MANDATORY, base_input, hash_configuration, is_chained, is_selective, with_value,
};
use crate::json::{self, Value};
use crate::jsonld::{RootContext, Selection};
use crate::key::{Algorithm, SigningKey};

/// What a base proof takes from chance: never the same for two proofs.
#[derive(Clone)]
pub struct Randomness {
    /// The secret that blank nodes' labels are made with. The proof holds it, for its holder.
    pub hmac_key: [u8; 32],
    /// The scalar of the P-256 key that signs statements. Nobody keeps it.
    pub proof_key: [u8; 32],
}

/// Makes a base proof: the configuration with its `proofValue`
/// ([3.6.1 to 3.6.5](https://www.w3.org/TR/vc-di-ecdsa/#create-base-proof-ecdsa-sd-2023)).
///
/// The configuration is the proof as JSON text without `proofValue`. Everything that the mandatory
/// pointers choose will be part of all that the holder shows.
///
/// # Errors
/// What would not be signed, pointers that choose nothing, and keys of another kind.
pub fn base(
    root: &RootContext,
    document: &Value<'_>,
    configuration: &str,
    mandatory: &[&str],
    key: &SigningKey,
    randomness: &Randomness,
) -> Result<String, Error> {
    let proof = json::parse(configuration)?;
    if !is_selective(&proof) || proof.get("proofValue").is_some() || is_chained(&proof) {
        return Err(Error::Configuration);
    }
    if key.algorithm() != Algorithm::Es256 {
        return Err(Error::WrongKey {
            algorithm: key.algorithm().jose_name(),
        });
    }
    let proof_key = SigningKey::p256(&randomness.proof_key).ok_or(Error::UnluckyRandomness)?;
    let public_key = proof_key.public_key().to_multikey_bytes();
    let public_key: Multikey = public_key
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or(Error::UnluckyRandomness)?;
    let mut selection = Selection::of(mandatory.iter().map(|pointer| (MANDATORY, *pointer)))?;
    let labelled = Labelled::of(root, document, &mut selection, &randomness.hmac_key)?;
    selection.check(document)?;

    let (shown, others): (Vec<_>, Vec<_>) = labelled
        .lines()
        .partition(|(_, groups)| groups & MANDATORY != 0);
    let mandatory_hash = statements::hash(shown.iter().map(|(line, _)| *line));
    let sign = |key: &SigningKey, message: &[u8]| -> Option<Signature> {
        key.sign(message)?.try_into().ok()
    };
    let signatures: Option<Vec<Signature>> = others
        .iter()
        .map(|(line, _)| sign(&proof_key, line.as_bytes()))
        .collect();
    let configuration_hash = hash_configuration(root, &proof)?;
    let input = base_input(&configuration_hash, &public_key, &mandatory_hash);
    let (Some(base_signature), Some(signatures)) = (sign(key, &input), signatures) else {
        return Err(Error::UnluckyRandomness);
    };
    let value = BaseValue {
        base_signature,
        public_key,
        hmac_key: randomness.hmac_key,
        signatures,
        mandatory_pointers: mandatory
            .iter()
            .map(|&pointer| pointer.to_owned())
            .collect(),
    };
    Ok(with_value(&proof, &value.text()?))
}
