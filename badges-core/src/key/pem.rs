//! Public keys as PEM, as the `publicKeyPem` of Open Badges 2.0 has them: `PUBLIC KEY` ([RFC 7468]
//! and RFC 5280's `SubjectPublicKeyInfo`), and for RSA also the older `RSA PUBLIC KEY` (RFC 8017).
//!
//! [RFC 7468]: https://www.rfc-editor.org/rfc/rfc7468

use spki::der::asn1::{ObjectIdentifier, UintRef};
use spki::der::{Decode as _, Document, Reader as _, SliceReader};
use spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};

use super::{JwkFault, PublicKey, RsaPublicKey};

const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const P521: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");
const SECP256K1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.10");

/// The longest PEM that is read. An RSA key of 8192 bits needs less than 2000 characters.
const MAX_PEM: usize = 8192;

impl PublicKey {
    /// Reads a public key as PEM.
    ///
    /// # Errors
    /// Why it is no key that can be used; a private key is refused too.
    pub fn from_pem(text: &str) -> Result<Self, JwkFault> {
        let text = text.trim();
        if text.len() > MAX_PEM {
            return Err(JwkFault::InvalidKey);
        }
        if text.contains("PRIVATE KEY-----") {
            return Err(JwkFault::Private);
        }
        // Lines are often wrapped otherwise, or not at all, when they travel in JSON.
        let lines: Vec<&str> = text.split_ascii_whitespace().collect();
        let text = unwrapped(&lines).ok_or(JwkFault::InvalidKey)?;
        let (label, document) = Document::from_pem(&text).map_err(|_| JwkFault::InvalidKey)?;
        match label {
            "PUBLIC KEY" => {
                let info = SubjectPublicKeyInfoRef::from_der(document.as_bytes())
                    .map_err(|_| JwkFault::InvalidKey)?;
                let key = info.subject_public_key.as_bytes();
                Self::from_algorithm(&info.algorithm, key.ok_or(JwkFault::InvalidKey)?)
            }
            "RSA PUBLIC KEY" => rsa(document.as_bytes()),
            _ => Err(JwkFault::UnknownKind),
        }
    }

    fn from_algorithm(
        algorithm: &AlgorithmIdentifierRef<'_>,
        key: &[u8],
    ) -> Result<Self, JwkFault> {
        let invalid = JwkFault::InvalidKey;
        match algorithm.oid {
            ED25519 => Self::from_ed25519(key).ok_or(invalid),
            RSA => rsa(key),
            EC => match algorithm.parameters_oid().map_err(|_| invalid)? {
                P256 => p256::ecdsa::VerifyingKey::from_sec1_bytes(key)
                    .map(Self::P256)
                    .map_err(|_| invalid),
                P384 => p384::ecdsa::VerifyingKey::from_sec1_bytes(key)
                    .map(Self::P384)
                    .map_err(|_| invalid),
                P521 => p521::ecdsa::VerifyingKey::from_sec1_bytes(key)
                    .map(Self::P521)
                    .map_err(|_| invalid),
                SECP256K1 => k256::ecdsa::VerifyingKey::from_sec1_bytes(key)
                    .map(Self::Secp256k1)
                    .map_err(|_| invalid),
                _ => Err(JwkFault::UnknownKind),
            },
            _ => Err(JwkFault::UnknownKind),
        }
    }
}

/// The text in lines of 64 characters, whatever they were before.
fn unwrapped(words: &[&str]) -> Option<String> {
    let text = words.join(" ");
    let (begin, rest) = text.strip_prefix("-----BEGIN ")?.split_once("-----")?;
    let (body, end) = rest.split_once("-----END ")?;
    let end = end.strip_suffix("-----")?;
    let body: Vec<u8> = body.bytes().filter(|byte| *byte != b' ').collect();
    let mut wrapped = format!("-----BEGIN {begin}-----\n");
    for line in body.chunks(64) {
        wrapped.push_str(std::str::from_utf8(line).ok()?);
        wrapped.push('\n');
    }
    wrapped.push_str(&format!("-----END {end}-----\n"));
    Some(wrapped)
}

/// `RSAPublicKey`: modulus and exponent.
fn rsa(der: &[u8]) -> Result<PublicKey, JwkFault> {
    let numbers = SliceReader::new(der).and_then(|mut reader| {
        let numbers = reader.sequence(|reader| {
            Ok::<_, spki::der::Error>((UintRef::decode(reader)?, UintRef::decode(reader)?))
        })?;
        reader.finish()?;
        Ok(numbers)
    });
    let (modulus, exponent) = numbers.map_err(|_| JwkFault::InvalidKey)?;
    RsaPublicKey::new(modulus.as_bytes(), exponent.as_bytes()).map(PublicKey::Rsa)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::key::Algorithm;

    const ED25519_PEM: &str = "-----BEGIN PUBLIC KEY-----\n\
        MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n\
        -----END PUBLIC KEY-----\n";
    const P256_PEM: &str = include_str!("testdata/p256.pem");
    const RSA_PEM: &str = include_str!("testdata/rsa.pem");
    const RSA_OLD_PEM: &str = include_str!("testdata/rsa-pkcs1.pem");

    #[test]
    fn keys_are_read_in_any_wrapping() {
        for (pem, algorithm) in [
            (ED25519_PEM, Algorithm::EdDsa),
            (P256_PEM, Algorithm::Es256),
            (RSA_PEM, Algorithm::Rs256),
            (RSA_OLD_PEM, Algorithm::Rs256),
        ] {
            let key = PublicKey::from_pem(pem).unwrap();
            assert_eq!(key.algorithm(), algorithm);
            for other in [pem.replace('\n', "\r\n"), pem.replace('\n', " ")] {
                assert_eq!(PublicKey::from_pem(&other).unwrap(), key);
            }
        }
        assert_eq!(
            PublicKey::from_pem(RSA_PEM).unwrap(),
            PublicKey::from_pem(RSA_OLD_PEM).unwrap()
        );
    }

    #[test]
    fn what_is_no_public_key_is_refused() {
        for (text, fault) in [
            ("", JwkFault::InvalidKey),
            (
                "-----BEGIN PUBLIC KEY----------END PUBLIC KEY-----",
                JwkFault::InvalidKey,
            ),
            (
                "-----BEGIN PRIVATE KEY-----\nMA==\n-----END PRIVATE KEY-----",
                JwkFault::Private,
            ),
            (
                "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----",
                JwkFault::UnknownKind,
            ),
            (
                "-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----",
                JwkFault::InvalidKey,
            ),
            (
                "-----BEGIN RSA PUBLIC KEY-----\nMAA=\n-----END RSA PUBLIC KEY-----",
                JwkFault::InvalidKey,
            ),
        ] {
            assert_eq!(PublicKey::from_pem(text), Err(fault), "{text}");
        }
        let doubled = ED25519_PEM.repeat(2);
        assert_eq!(PublicKey::from_pem(&doubled), Err(JwkFault::InvalidKey));
        let long = "A".repeat(MAX_PEM + 1);
        assert_eq!(PublicKey::from_pem(&long), Err(JwkFault::InvalidKey));
    }
}
