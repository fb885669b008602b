//! Credentials as COSE_Sign1 ([RFC 9052, 4.2]), in the profile of W3C's *Securing Verifiable
//! Credentials using JOSE and COSE* (3.3): the JSON text of the credential as the payload, its
//! media types in the protected header.
//!
//! [RFC 9052, 4.2]: https://www.rfc-editor.org/rfc/rfc9052#section-4.2

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use coset::cbor::value::Value as Cbor;
use coset::{
    CborSerializable as _, ContentType, CoseSign1, CoseSign1Builder, Header, HeaderBuilder, Label,
    RegisteredLabelWithPrivate, TaggedCborSerializable as _, iana,
};
use serde::Serialize;

use crate::json::{self, MAX_TEXT, SyntaxError};
use crate::key::{Algorithm, SigningKey};

/// The first byte of a tagged COSE_Sign1: CBOR's tag 18.
pub const TAG: u8 = 0xd2;

/// The longest message that is read: the longest JSON text, and 64 KiB around it.
const MAX_MESSAGE: usize = MAX_TEXT + (64 << 10);

/// The header parameter `typ` ([RFC 9596](https://www.rfc-editor.org/rfc/rfc9596)).
const TYPE: i64 = 16;

/// Why bytes are not a COSE_Sign1 with JSON in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "fault", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CoseFault {
    /// Not a COSE_Sign1: other CBOR, a header parameter twice, or bytes behind it.
    #[error("it is not exactly one COSE_Sign1")]
    NotSign1,
    /// The text is not base64 without padding.
    #[error("it is not base64 without padding")]
    NotBase64,
    /// It is longer than any credential.
    #[error("it is longer than {MAX_MESSAGE} bytes")]
    TooLong,
    /// The same parameter is protected and unprotected (RFC 9052, 3).
    #[error("a header parameter is there twice, once without protection")]
    RepeatedParameter,
    /// `typ` or the content type is no media type.
    #[error("its media types cannot be read")]
    MediaType,
    /// The key's id is not UTF-8.
    #[error("its `kid` is not text")]
    KeyId,
    /// The payload is elsewhere.
    #[error("its payload is not in it")]
    Detached,
    /// The payload is not UTF-8.
    #[error("its payload is not UTF-8")]
    NotUtf8,
    /// The payload is not strict JSON.
    #[error("its payload: {syntax}")]
    Payload {
        /// Why.
        #[serde(serialize_with = "as_text")]
        syntax: SyntaxError,
    },
}

fn as_text<S: serde::Serializer>(error: &SyntaxError, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(error)
}

/// A COSE_Sign1 taken apart; not checked.
#[derive(Clone, Debug)]
pub struct Sign1 {
    /// The payload's JSON text.
    pub payload: String,
    /// The protected algorithm by its name in JOSE, or, where JOSE has none, in COSE. An
    /// unprotected one counts for nothing, because anyone can write it.
    pub algorithm: Option<String>,
    /// Which key: a name, which proves nothing, so that it may stand in either header.
    pub key_id: Option<String>,
    /// The protected `typ`.
    pub r#type: Option<String>,
    /// The protected content type.
    pub content_type: Option<String>,
    /// Whether there are parameters that must be understood.
    pub critical: bool,
    /// What the signature is over (RFC 9052, 4.4).
    pub message: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
}

impl Sign1 {
    /// Takes a COSE_Sign1 apart, tagged or not, and makes sure that the payload is strict JSON.
    ///
    /// # Errors
    /// Why it is none.
    pub fn parse(bytes: &[u8]) -> Result<Self, CoseFault> {
        if bytes.len() > MAX_MESSAGE {
            return Err(CoseFault::TooLong);
        }
        let read = if bytes.first() == Some(&TAG) {
            CoseSign1::from_tagged_slice(bytes)
        } else {
            CoseSign1::from_slice(bytes)
        };
        let mut sign1 = read.map_err(|_| CoseFault::NotSign1)?;
        let protected = &sign1.protected.header;
        if !labels(protected).is_disjoint(&labels(&sign1.unprotected)) {
            return Err(CoseFault::RepeatedParameter);
        }
        let message = sign1.tbs_data(&[]);
        let payload = sign1.payload.take().ok_or(CoseFault::Detached)?;
        let payload = String::from_utf8(payload).map_err(|_| CoseFault::NotUtf8)?;
        json::parse(&payload).map_err(|syntax| CoseFault::Payload { syntax })?;
        let key_id = [&protected.key_id, &sign1.unprotected.key_id]
            .into_iter()
            .find(|id| !id.is_empty())
            .map(|id| String::from_utf8(id.clone()).map_err(|_| CoseFault::KeyId));
        let content_type = match &protected.content_type {
            None => None,
            Some(ContentType::Text(text)) => Some(text.clone()),
            Some(ContentType::Assigned(_)) => return Err(CoseFault::MediaType),
        };
        let is_type = |(label, _): &&(Label, Cbor)| *label == Label::Int(TYPE);
        let r#type = match protected.rest.iter().find(is_type) {
            None => None,
            Some((_, Cbor::Text(text))) => Some(text.clone()),
            Some(_) => return Err(CoseFault::MediaType),
        };
        Ok(Self {
            payload,
            algorithm: protected.alg.as_ref().map(name),
            key_id: key_id.transpose()?,
            r#type,
            content_type,
            critical: !protected.crit.is_empty() || !sign1.unprotected.crit.is_empty(),
            message,
            signature: sign1.signature,
        })
    }

    /// Takes the text form apart: base64 in its standard alphabet, without padding.
    ///
    /// # Errors
    /// Why it is none.
    pub fn from_text(text: &str) -> Result<Self, CoseFault> {
        let bytes = STANDARD_NO_PAD.decode(text.trim());
        Self::parse(&bytes.map_err(|_| CoseFault::NotBase64)?)
    }

    /// Whether a text can be the text form of a tagged COSE_Sign1: an array of four behind tag 18.
    #[must_use]
    pub fn is_like(text: &str) -> bool {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
        text.starts_with("0o") && text.bytes().all(fits)
    }
}

/// Signs a JSON text as a tagged COSE_Sign1. `content_type` is `application/vc` or `application/vp`;
/// `typ` is that with `+cose`. `None` for a key that COSE has no algorithm for here, which are RSA
/// keys, or when its generator fails.
#[must_use]
pub fn sign(payload: &str, content_type: &str, kid: &str, key: &SigningKey) -> Option<Vec<u8>> {
    let algorithm = match key.algorithm() {
        Algorithm::EdDsa => iana::Algorithm::EdDSA,
        Algorithm::Es256 => iana::Algorithm::ES256,
        Algorithm::Es384 => iana::Algorithm::ES384,
        Algorithm::Es512 => iana::Algorithm::ES512,
        Algorithm::Es256K | Algorithm::Rs256 => return None,
    };
    let protected = HeaderBuilder::new()
        .algorithm(algorithm)
        .content_type(content_type.to_owned())
        .key_id(kid.as_bytes().to_vec())
        .value(TYPE, Cbor::Text(format!("{content_type}+cose")))
        .build();
    let mut sign1 = CoseSign1Builder::new()
        .protected(protected)
        .payload(payload.as_bytes().to_vec())
        .build();
    sign1.signature = key.sign(&sign1.tbs_data(&[]))?;
    sign1.to_tagged_vec().ok()
}

/// Writes a COSE_Sign1 as text: base64 in its standard alphabet, without padding.
#[must_use]
pub fn to_text(bytes: &[u8]) -> String {
    STANDARD_NO_PAD.encode(bytes)
}

/// An algorithm by the name that JOSE has for it; the names of RFC 9864 say the same more exactly.
fn name(algorithm: &coset::Algorithm) -> String {
    use iana::Algorithm as Cose;
    let known = match algorithm {
        RegisteredLabelWithPrivate::Assigned(assigned) => match assigned {
            Cose::EdDSA | Cose::Ed25519 => Algorithm::EdDsa,
            Cose::ES256 | Cose::ESP256 => Algorithm::Es256,
            Cose::ES384 | Cose::ESP384 => Algorithm::Es384,
            Cose::ES512 | Cose::ESP512 => Algorithm::Es512,
            Cose::ES256K => Algorithm::Es256K,
            Cose::RS256 => Algorithm::Rs256,
            other => return format!("{other:?}"),
        },
        RegisteredLabelWithPrivate::PrivateUse(number) => return number.to_string(),
        RegisteredLabelWithPrivate::Text(text) => return format!("{text:?}"),
    };
    known.jose_name().to_owned()
}

/// The labels of a header, as far as they are read here or unknown.
fn labels(header: &Header) -> BTreeSet<Label> {
    use iana::HeaderParameter::{Alg, ContentType, Crit, Kid};
    let mut labels: BTreeSet<Label> = header.rest.iter().map(|(label, _)| label.clone()).collect();
    let mut add = |there: bool, label: iana::HeaderParameter| {
        if there {
            labels.insert(Label::Int(label as i64));
        }
    };
    add(header.alg.is_some(), Alg);
    add(!header.crit.is_empty(), Crit);
    add(header.content_type.is_some(), ContentType);
    add(!header.key_id.is_empty(), Kid);
    labels
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::key::SignatureCheck;

    const PAYLOAD: &str = r#"{"type":"VerifiableCredential"}"#;

    fn signed() -> Vec<u8> {
        sign(
            PAYLOAD,
            "application/vc",
            "key-1",
            &SigningKey::ed25519(&[7; 32]),
        )
        .unwrap()
    }

    fn fault(bytes: &[u8]) -> CoseFault {
        Sign1::parse(bytes).unwrap_err()
    }

    /// A COSE_Sign1 with these parts, given as CBOR.
    fn message(protected: &[u8], unprotected: &[u8], payload: &[u8]) -> Vec<u8> {
        let protected = [&[0x40 | protected.len() as u8], protected].concat();
        [&[TAG, 0x84], &*protected, unprotected, payload, &[0x41, 0]].concat()
    }

    #[test]
    fn what_is_signed_is_read_again() {
        let scalar = [&[0; 2][..], &[7; 64]].concat().try_into().unwrap();
        for key in [
            SigningKey::ed25519(&[7; 32]),
            SigningKey::p256(&[7; 32]).unwrap(),
            SigningKey::p384(&[7; 48]).unwrap(),
            SigningKey::p521(&scalar).unwrap(),
        ] {
            let bytes = sign(PAYLOAD, "application/vc", "key-1", &key).unwrap();
            assert_eq!(bytes[0], TAG);
            let text = to_text(&bytes);
            assert!(Sign1::is_like(&text));
            for sign1 in [
                Sign1::parse(&bytes).unwrap(),
                Sign1::parse(&bytes[1..]).unwrap(),
                Sign1::from_text(&text).unwrap(),
            ] {
                assert_eq!(sign1.payload, PAYLOAD);
                assert_eq!(sign1.algorithm.unwrap(), key.algorithm().jose_name());
                assert_eq!(sign1.key_id.unwrap(), "key-1");
                assert_eq!(sign1.r#type.unwrap(), "application/vc+cose");
                assert_eq!(sign1.content_type.unwrap(), "application/vc");
                assert_eq!(
                    key.public_key().verify(&sign1.message, &sign1.signature),
                    SignatureCheck::Holds
                );
            }
        }
    }

    #[test]
    fn headers_and_payloads_are_read_strictly() {
        let json = b"\x42{}";
        // {1: -7}, and no parameters at all.
        let (alg, none) = (b"\xa1\x01\x26", b"\xa0");
        assert_eq!(
            Sign1::parse(&message(alg, none, json)).unwrap().algorithm,
            Some("ES256".to_owned())
        );
        let unprotected = Sign1::parse(&message(b"", alg, json)).unwrap();
        assert_eq!(unprotected.algorithm, None);
        let critical = message(b"\xa2\x01\x26\x02\x81\x01", none, json);
        assert!(Sign1::parse(&critical).unwrap().critical);
        for (bytes, expected) in [
            (message(alg, alg, json), CoseFault::RepeatedParameter),
            (message(alg, none, b"\xf6"), CoseFault::Detached),
            (message(alg, none, b"\x41\xff"), CoseFault::NotUtf8),
            (
                message(b"\xa2\x01\x26\x01\x26", none, json),
                CoseFault::NotSign1,
            ),
            (message(b"\xa1\x03\x00", none, json), CoseFault::MediaType),
            (message(b"\xa1\x10\x00", none, json), CoseFault::MediaType),
            (message(b"\xa1\x04\x41\xff", none, json), CoseFault::KeyId),
            ([&*signed(), &[0]].concat(), CoseFault::NotSign1),
            (vec![0; MAX_MESSAGE + 1], CoseFault::TooLong),
            (Vec::new(), CoseFault::NotSign1),
        ] {
            assert_eq!(fault(&bytes), expected, "{bytes:02x?}");
        }
        let twice = message(alg, none, b"\x4d{\"a\":1,\"a\":2}");
        assert!(matches!(fault(&twice), CoseFault::Payload { .. }));
    }

    #[test]
    fn nesting_is_bounded() {
        for opening in [0x81, 0xd2, 0xa1] {
            let bomb = vec![opening; 1 << 20];
            assert_eq!(fault(&bomb), CoseFault::NotSign1);
        }
    }

    #[test]
    fn other_encodings_are_none() {
        let hexadecimal: String = signed().iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(Sign1::from_text(&hexadecimal).is_err());
        let padded = format!("{}==", to_text(&signed()));
        assert_eq!(Sign1::from_text(&padded).unwrap_err(), CoseFault::NotBase64);
    }

    proptest! {
        #[test]
        fn never_panics(bytes in any::<Vec<u8>>(), at in 0usize..100, byte in any::<u8>()) {
            let _ = Sign1::parse(&bytes);
            let mut altered = signed();
            altered[at] = byte;
            let _ = Sign1::parse(&altered);
        }
    }
}
