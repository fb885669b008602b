//! ECDSA signatures checked by `aws-lc-rs`, several times faster than the pure implementations, which
//! judge alike.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, EcdsaVerificationAlgorithm, UnparsedPublicKey,
};

pub(super) fn p256(key: &p256::ecdsa::VerifyingKey, message: &[u8], signature: &[u8]) -> bool {
    let point = key.to_sec1_point(false);
    holds(
        &ECDSA_P256_SHA256_FIXED,
        point.as_bytes(),
        message,
        signature,
    )
}

pub(super) fn p384(key: &p384::ecdsa::VerifyingKey, message: &[u8], signature: &[u8]) -> bool {
    let point = key.to_sec1_point(false);
    holds(
        &ECDSA_P384_SHA384_FIXED,
        point.as_bytes(),
        message,
        signature,
    )
}

fn holds(
    algorithm: &'static EcdsaVerificationAlgorithm,
    point: &[u8],
    message: &[u8],
    signature: &[u8],
) -> bool {
    UnparsedPublicKey::new(algorithm, point)
        .verify(message, signature)
        .is_ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use p256::ecdsa::signature::Verifier as _;
    use proptest::prelude::*;

    use crate::key::{PublicKey, SignatureCheck, SigningKey};

    /// The other value of `s` with which a signature holds.
    fn mirrored(signature: &p256::ecdsa::Signature) -> p256::ecdsa::Signature {
        let (r, s) = signature.split_scalars();
        p256::ecdsa::Signature::from_scalars(r, -s).unwrap()
    }

    proptest! {
        #[test]
        fn both_implementations_judge_alike(
            scalar: [u8; 32],
            message: Vec<u8>,
            at in 0..64_usize,
            change in 0..4_u8,
        ) {
            let Some(key) = SigningKey::p256(&scalar) else {
                return Ok(());
            };
            let PublicKey::P256(pure) = key.public_key() else {
                unreachable!("made as P-256")
            };
            let signature = key.sign(&message).unwrap();
            let mirror = mirrored(&p256::ecdsa::Signature::from_slice(&signature).unwrap());
            let mut changed = signature.clone();
            changed[at] ^= change;
            for signature in [signature.clone(), mirror.to_vec(), changed, vec![0; 64]] {
                let judged = p256::ecdsa::Signature::from_slice(&signature)
                    .is_ok_and(|signature| pure.verify(&message, &signature).is_ok());
                let check = key.public_key().verify(&message, &signature);
                prop_assert_eq!(check == SignatureCheck::Holds, judged);
            }
        }
    }
}
