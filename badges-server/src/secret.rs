//! Secrets that people and programs carry: claim links, sessions, API tokens, sign-in links.
//!
//! The database holds only their [`hash`], by which it finds them. Since they are random, of 128 bits
//! and more, a plain SHA-256 is enough: there is nothing to guess, so nothing to slow down. And a
//! comparison of hashes, however long it takes, tells nobody anything of the secret: so lookups need
//! no constant time.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// A new secret of random bytes, 16 or more, as base64url.
pub(crate) fn random<const N: usize>(bytes: &[u8; N]) -> String {
    const { assert!(N >= 16, "a secret has 128 bits") };
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Whether a secret that somebody else has made can be one: 128 bits and more, as base64url.
pub(crate) fn is_one(text: &str) -> bool {
    let is_sign = |sign: u8| sign.is_ascii_alphanumeric() || matches!(sign, b'-' | b'_');
    (22..=64).contains(&text.len()) && text.bytes().all(is_sign)
}

/// What the database holds in place of a secret: its SHA-256 as base64url, 43 characters.
pub(crate) fn hash(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(secret))
}

/// The secret in the claim link of an award: 128 bits, 22 characters of base64url. It follows from
/// the claim key, so that the link can be shown again for as long as nobody has claimed; a renewal
/// makes another one, and who has one of them has none of the others.
pub(crate) fn claim(key: &[u8; 32], award: &str, renewal: u32) -> String {
    // HMAC fills a key up with zeros to the length of a block.
    let mut block = Zeroizing::new([0; 64]);
    block[..32].copy_from_slice(key);
    let mac = Hmac::<Sha256>::new((&*block).into())
        .chain_update(b"claim")
        // At a fixed length before the award, so that no two claims are the same bytes.
        .chain_update(renewal.to_be_bytes())
        .chain_update(award);
    URL_SAFE_NO_PAD.encode(&mac.finalize().into_bytes()[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_has_the_same_secret_every_time_and_no_other_has_it() {
        let key = [7; 32];
        let secret = claim(&key, "award-1", 0);
        assert_eq!(secret, claim(&key, "award-1", 0));
        assert_eq!(secret.len(), 22);
        for other in [
            claim(&key, "award-1", 1),
            claim(&key, "award-10", 0),
            claim(&key, "award-2", 0),
            claim(&[8; 32], "award-1", 0),
        ] {
            assert_ne!(secret, other);
        }
    }

    #[test]
    fn a_claim_is_what_hmac_says() {
        // By Python: hmac.new(bytes([7]) * 32, b"claim" + bytes(4) + b"award-1", "sha256").
        assert_eq!(claim(&[7; 32], "award-1", 0), "kiTYD2uAQ_rB-Rjy_tb5wA");
    }

    #[test]
    fn secrets_and_hashes_can_stand_in_addresses() {
        let secret = random(&[0xff; 16]);
        assert_eq!(secret, "_____________________w");
        // SHA-256 of "abc" (FIPS 180-4, example).
        assert_eq!(hash("abc"), "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
    }
}
