//! Keys that sign, and the files they are kept in.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use p256::ecdsa::signature::Signer as _;
use zeroize::{Zeroize, Zeroizing};

use super::multikey::{ED25519_SECRET, P256_SECRET, P384_SECRET, P521_SECRET};
use super::{Algorithm, PublicKey, decode_multibase, encode_base58btc};
use crate::json::Value;

/// A key that signs badges. Debug output shows the public half only.
#[derive(Clone)]
pub struct SigningKey {
    secret: Secret,
    public: PublicKey,
}

#[derive(Clone)]
enum Secret {
    Ed25519(Ed25519),
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    P521(p521::ecdsa::SigningKey),
    #[cfg(feature = "aws-lc")]
    Rsa(std::sync::Arc<super::RsaSigningKey>),
}

/// The same key twice: `ed25519-dalek` everywhere, and `aws-lc-rs` where it is there, which makes
/// the same signatures in less than half the time.
#[derive(Clone)]
struct Ed25519 {
    dalek: ed25519_dalek::SigningKey,
    #[cfg(feature = "aws-lc")]
    fast: Option<std::sync::Arc<aws_lc_rs::signature::Ed25519KeyPair>>,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_tuple("SigningKey")
            .field(&self.public)
            .finish()
    }
}

/// Why a text is no signing key. Never contains any of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyFileFault {
    /// Neither a Multikey with a secret, nor PEM.
    #[error("it is neither a Multikey with `secretKeyMultibase` nor a PEM private key")]
    UnknownFormat,
    /// The secret is no key of its kind.
    #[error("its secret key is not valid")]
    InvalidSecret,
    /// The public key in the file is another one.
    #[error("its public key does not belong to its secret key")]
    Mismatch,
    /// No private JWK of a kind that signs.
    #[error("it is no private JWK on Ed25519, P-256, P-384 or P-521")]
    NotAJwk,
}

impl SigningKey {
    /// An Ed25519 key from its seed: 32 random bytes, which the caller provides.
    #[must_use]
    pub fn ed25519(seed: &[u8; 32]) -> Self {
        let dalek = ed25519_dalek::SigningKey::from_bytes(seed);
        let public = dalek.verifying_key();
        #[cfg(feature = "aws-lc")]
        let fast =
            aws_lc_rs::signature::Ed25519KeyPair::from_seed_and_public_key(seed, public.as_bytes())
                .ok()
                .map(std::sync::Arc::new);
        Self {
            secret: Secret::Ed25519(Ed25519 {
                dalek,
                #[cfg(feature = "aws-lc")]
                fast,
            }),
            public: PublicKey::Ed25519(public),
        }
    }

    /// A P-256 key from 32 random bytes; `None` for the few values that are no scalar of the
    /// curve.
    #[must_use]
    pub fn p256(scalar: &[u8; 32]) -> Option<Self> {
        let key = p256::ecdsa::SigningKey::from_slice(scalar).ok()?;
        Some(Self {
            public: PublicKey::P256(*key.verifying_key()),
            secret: Secret::P256(key),
        })
    }

    /// A P-384 key from 48 random bytes; `None` for the few values that are no scalar of the curve.
    #[must_use]
    pub fn p384(scalar: &[u8; 48]) -> Option<Self> {
        let key = p384::ecdsa::SigningKey::from_slice(scalar).ok()?;
        Some(Self {
            public: PublicKey::P384(*key.verifying_key()),
            secret: Secret::P384(key),
        })
    }

    /// A P-521 key from 66 bytes, big-endian; `None` for values that are no scalar of the curve
    /// (of random bytes, all but the last bit of the first byte must be zero).
    #[must_use]
    pub fn p521(scalar: &[u8; 66]) -> Option<Self> {
        let key = p521::ecdsa::SigningKey::from_slice(scalar).ok()?;
        Some(Self {
            public: PublicKey::P521(*key.verifying_key()),
            secret: Secret::P521(key),
        })
    }

    /// An RSA key.
    #[cfg(feature = "aws-lc")]
    #[must_use]
    pub fn rsa(key: super::RsaSigningKey) -> Self {
        Self {
            public: PublicKey::Rsa(key.public_key().clone()),
            secret: Secret::Rsa(std::sync::Arc::new(key)),
        }
    }

    /// The public half.
    #[must_use]
    pub const fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// The algorithm that the key signs with.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.public.algorithm()
    }

    /// Signs. ECDSA takes its nonce from the message and the key (RFC 6979), so that only RSA
    /// needs randomness, to blind; `None` when there is none.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        match &self.secret {
            Secret::Ed25519(key) => Some(key.sign(message).to_vec()),
            Secret::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                Some(signature.to_bytes().to_vec())
            }
            Secret::P384(key) => {
                let signature: p384::ecdsa::Signature = key.sign(message);
                Some(signature.to_bytes().to_vec())
            }
            Secret::P521(key) => {
                let signature: p521::ecdsa::Signature = key.sign(message);
                Some(signature.to_bytes().to_vec())
            }
            #[cfg(feature = "aws-lc")]
            Secret::Rsa(key) => key.sign(message),
        }
    }

    /// Reads a key file's text: a Multikey in JSON with `secretKeyMultibase` (Ed25519, P-256, P-384,
    /// P-521), or a PEM private key in PKCS#8 (RSA).
    ///
    /// # Errors
    /// Why it is no key; never with any of the text.
    pub fn from_file_text(text: &str) -> Result<Self, KeyFileFault> {
        if text.trim_start().starts_with("-----BEGIN") {
            return Self::from_pem(text);
        }
        let document = crate::json::parse(text).map_err(|_| KeyFileFault::UnknownFormat)?;
        let secret = document
            .text("secretKeyMultibase")
            .ok_or(KeyFileFault::UnknownFormat)?;
        let bytes =
            Zeroizing::new(decode_multibase(secret).map_err(|_| KeyFileFault::InvalidSecret)?);
        let (prefix, scalar) = bytes
            .split_first_chunk::<2>()
            .ok_or(KeyFileFault::InvalidSecret)?;
        let key = Self::from_secret(*prefix, scalar).ok_or(KeyFileFault::InvalidSecret)?;
        match document.text("publicKeyMultibase") {
            Some(public) if Some(public) != key.public.to_multikey().as_deref() => {
                Err(KeyFileFault::Mismatch)
            }
            _ => Ok(key),
        }
    }

    /// Reads a private JWK (RFC 7518, 6.2.2; RFC 8037, 2): Ed25519, P-256, P-384 or P-521. The
    /// public members must be there, as the standards ask, and belong to the secret one.
    ///
    /// # Errors
    /// Why it is no key; never with any of it.
    pub fn from_jwk(jwk: &Value<'_>) -> Result<Self, KeyFileFault> {
        let prefix = match (jwk.text("kty"), jwk.text("crv")) {
            (Some("OKP"), Some("Ed25519")) => ED25519_SECRET,
            (Some("EC"), Some("P-256")) => P256_SECRET,
            (Some("EC"), Some("P-384")) => P384_SECRET,
            (Some("EC"), Some("P-521")) => P521_SECRET,
            _ => return Err(KeyFileFault::NotAJwk),
        };
        let secret = jwk.text("d").ok_or(KeyFileFault::NotAJwk)?;
        let scalar = URL_SAFE_NO_PAD.decode(secret);
        let scalar = Zeroizing::new(scalar.map_err(|_| KeyFileFault::InvalidSecret)?);
        // Behind a seed a Multikey may have the public key; a JWK has it in `x`.
        if prefix == ED25519_SECRET && scalar.len() != 32 {
            return Err(KeyFileFault::InvalidSecret);
        }
        let key = Self::from_secret(prefix, &scalar).ok_or(KeyFileFault::InvalidSecret)?;
        let public = PublicKey::from_public_members(jwk).map_err(|_| KeyFileFault::Mismatch)?;
        if public == key.public {
            Ok(key)
        } else {
            Err(KeyFileFault::Mismatch)
        }
    }

    fn from_secret(prefix: [u8; 2], scalar: &[u8]) -> Option<Self> {
        match prefix {
            // Some write the public key behind the Ed25519 seed.
            ED25519_SECRET if [32, 64].contains(&scalar.len()) => {
                scalar.first_chunk().map(Self::ed25519)
            }
            P256_SECRET => Self::p256(scalar.try_into().ok()?),
            P384_SECRET => Self::p384(scalar.try_into().ok()?),
            P521_SECRET => Self::p521(scalar.try_into().ok()?),
            _ => None,
        }
    }

    /// Writes a key file's text, which [`SigningKey::from_file_text`] reads; `None` for a key that
    /// cannot be written out.
    #[must_use]
    pub fn to_file_text(&self) -> Option<Zeroizing<String>> {
        let (prefix, mut scalar) = match &self.secret {
            Secret::Ed25519(key) => (ED25519_SECRET, key.dalek.to_bytes().to_vec()),
            Secret::P256(key) => (P256_SECRET, key.to_bytes().to_vec()),
            Secret::P384(key) => (P384_SECRET, key.to_bytes().to_vec()),
            Secret::P521(key) => (P521_SECRET, key.to_bytes().to_vec()),
            #[cfg(feature = "aws-lc")]
            Secret::Rsa(key) => {
                let der = Zeroizing::new(key.to_pkcs8()?);
                return Some(pem(&der));
            }
        };
        let secret = Zeroizing::new([&prefix[..], &scalar].concat());
        scalar.zeroize();
        let secret = Zeroizing::new(encode_base58btc(&secret));
        let public = self.public.to_multikey()?;
        Some(Zeroizing::new(format!(
            "{{\n  \"type\": \"Multikey\",\n  \"publicKeyMultibase\": \"{public}\",\n  \
             \"secretKeyMultibase\": \"{}\"\n}}\n",
            *secret
        )))
    }

    fn from_pem(text: &str) -> Result<Self, KeyFileFault> {
        let body = text
            .split("-----BEGIN PRIVATE KEY-----")
            .nth(1)
            .and_then(|rest| rest.split("-----END PRIVATE KEY-----").next())
            .ok_or(KeyFileFault::UnknownFormat)?;
        let packed: Zeroizing<String> =
            Zeroizing::new(body.split_ascii_whitespace().collect::<String>());
        let der = Zeroizing::new(
            STANDARD
                .decode(packed.as_bytes())
                .map_err(|_| KeyFileFault::InvalidSecret)?,
        );
        Self::from_pkcs8(&der).ok_or(KeyFileFault::InvalidSecret)
    }

    #[cfg(feature = "aws-lc")]
    fn from_pkcs8(der: &[u8]) -> Option<Self> {
        super::RsaSigningKey::from_pkcs8(der).map(Self::rsa)
    }

    #[cfg(not(feature = "aws-lc"))]
    const fn from_pkcs8(_der: &[u8]) -> Option<Self> {
        None
    }
}

impl Ed25519 {
    fn sign(&self, message: &[u8]) -> [u8; 64] {
        #[cfg(feature = "aws-lc")]
        if let Some(fast) = &self.fast
            && let Ok(signature) = fast.sign(message).as_ref().try_into()
        {
            return signature;
        }
        self.dalek.sign(message).to_bytes()
    }
}

#[cfg(feature = "aws-lc")]
fn pem(der: &[u8]) -> Zeroizing<String> {
    let base64 = Zeroizing::new(STANDARD.encode(der));
    let mut text = Zeroizing::new(String::from("-----BEGIN PRIVATE KEY-----\n"));
    let mut rest = base64.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        text.push_str(line);
        text.push('\n');
        rest = after;
    }
    text.push_str("-----END PRIVATE KEY-----\n");
    text
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::key::SignatureCheck;

    #[test]
    fn keys_survive_their_files_and_sign() {
        let keys = [
            SigningKey::ed25519(&[7; 32]),
            SigningKey::p256(&[7; 32]).unwrap(),
            SigningKey::p384(&[7; 48]).unwrap(),
            SigningKey::p521(&[[0; 2].as_slice(), &[7; 64]].concat().try_into().unwrap()).unwrap(),
            #[cfg(feature = "aws-lc")]
            SigningKey::rsa(crate::key::RsaSigningKey::generate().unwrap()),
        ];
        for key in keys {
            let again = SigningKey::from_file_text(&key.to_file_text().unwrap()).unwrap();
            assert_eq!(again.public_key(), key.public_key());
            let signature = again.sign(b"message").unwrap();
            let check = |message: &[u8]| key.public_key().verify(message, &signature);
            assert_eq!(check(b"message"), SignatureCheck::Holds);
            assert_eq!(check(b"another"), SignatureCheck::Fails);
            let jwk = key.public_key().to_jwk().to_string();
            let jwk = PublicKey::from_jwk(&crate::json::parse(&jwk).unwrap()).unwrap();
            assert_eq!(&jwk, key.public_key());
            if let Some(multikey) = key.public_key().to_multikey() {
                assert_eq!(
                    &PublicKey::from_multikey(&multikey).unwrap(),
                    key.public_key()
                );
            }
        }
    }

    #[test]
    fn debug_output_and_errors_keep_the_secret() {
        let key = SigningKey::ed25519(&[7; 32]);
        let text = key.to_file_text().unwrap();
        let secret = text.split('"').nth(11).unwrap();
        assert!(secret.starts_with('z') && !format!("{key:?}").contains(&secret[5..]));
        let broken = text.replace("z6Mk", "z6Mj");
        assert_eq!(
            SigningKey::from_file_text(&broken).unwrap_err(),
            KeyFileFault::Mismatch
        );
    }

    #[test]
    fn private_jwks_are_read_strictly() {
        let read = |text: &str| SigningKey::from_jwk(&crate::json::parse(text).unwrap());
        // RFC 8037, appendix A.1.
        let okp = r#"{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
        let scalar = [[0; 2].as_slice(), &[7; 64]].concat();
        let ec = SigningKey::p521(&scalar.clone().try_into().unwrap()).unwrap();
        let mut ec = ec.public_key().to_jwk();
        ec["d"] = URL_SAFE_NO_PAD.encode(&scalar).into();
        let ec = ec.to_string();
        for jwk in [okp, &ec] {
            let key = read(jwk).unwrap();
            let signature = key.sign(b"message").unwrap();
            assert_eq!(
                key.public_key().verify(b"message", &signature),
                SignatureCheck::Holds
            );
        }
        let fault = |text: &str| read(text).unwrap_err();
        assert_eq!(fault(&okp.replace("11qY", "21qY")), KeyFileFault::Mismatch);
        let other = URL_SAFE_NO_PAD.encode([[0; 2].as_slice(), &[8; 64]].concat());
        let other = ec.replace(&URL_SAFE_NO_PAD.encode(&scalar), &other);
        assert_eq!(fault(&other), KeyFileFault::Mismatch);
        let short = okp.replace("xyuf2A", "xyu");
        assert_eq!(fault(&short), KeyFileFault::InvalidSecret);
        assert_eq!(fault(&okp.replace("\"d\"", "\"e\"")), KeyFileFault::NotAJwk);
        assert_eq!(
            fault(&okp.replace("Ed25519", "X25519")),
            KeyFileFault::NotAJwk
        );
    }

    #[cfg(feature = "aws-lc")]
    #[test]
    fn both_ed25519_implementations_sign_alike() {
        let Secret::Ed25519(key) = SigningKey::ed25519(&[9; 32]).secret else {
            unreachable!("made as Ed25519")
        };
        assert!(key.fast.is_some());
        assert_eq!(key.sign(b"message"), key.dalek.sign(b"message").to_bytes());
    }
}
