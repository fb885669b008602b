//! Credentials as compact JWS ([RFC 7515]), in the profile of Open Badges 3.0 (8.2): the payload is
//! the credential itself with registered claims beside it (Verifiable Credentials 2.0), or has it in
//! the claim `vc` (1.1).
//!
//! [RFC 7515]: https://www.rfc-editor.org/rfc/rfc7515

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use crate::json::{self, SyntaxError};

/// Why a text is not a compact JWS with JSON in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "fault", rename_all = "kebab-case")]
pub enum JwsFault {
    /// Not three parts in unpadded base64url.
    #[error("it is not three parts in base64url, joined by dots")]
    NotCompact,
    /// The header is not strict JSON.
    #[error("its header: {syntax}")]
    Header {
        /// Why.
        #[serde(serialize_with = "as_text")]
        syntax: SyntaxError,
    },
    /// The payload is not strict JSON.
    #[error("its payload: {syntax}")]
    Payload {
        /// Why.
        #[serde(serialize_with = "as_text")]
        syntax: SyntaxError,
    },
    /// The header or the payload is not UTF-8.
    #[error("it is not UTF-8 inside")]
    NotUtf8,
}

fn as_text<S: serde::Serializer>(error: &SyntaxError, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(error)
}

/// A compact JWS taken apart; not checked.
#[derive(Clone, Debug)]
pub struct Jws<'t> {
    /// The protected header's JSON text.
    pub header: String,
    /// The payload's JSON text.
    pub payload: String,
    /// The signature.
    pub signature: Vec<u8>,
    /// What the signature is over: header and payload as they travel.
    pub signing_input: &'t str,
}

impl<'t> Jws<'t> {
    /// Takes a compact JWS apart and makes sure that header and payload are strict JSON.
    ///
    /// # Errors
    /// Why it is none.
    pub fn parse(text: &'t str) -> Result<Self, JwsFault> {
        let text = text.trim();
        let mut parts = text.split('.');
        let (Some(header), Some(payload), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(JwsFault::NotCompact);
        };
        let decode = |part: &str| {
            URL_SAFE_NO_PAD
                .decode(part)
                .map_err(|_| JwsFault::NotCompact)
        };
        let utf8 = |bytes| String::from_utf8(bytes).map_err(|_| JwsFault::NotUtf8);
        let jws = Self {
            header: utf8(decode(header)?)?,
            payload: utf8(decode(payload)?)?,
            signature: decode(signature)?,
            signing_input: &text[..header.len() + 1 + payload.len()],
        };
        json::parse(&jws.header).map_err(|syntax| JwsFault::Header { syntax })?;
        json::parse(&jws.payload).map_err(|syntax| JwsFault::Payload { syntax })?;
        Ok(jws)
    }
}

/// A JWS without its payload, whose signature is over the payload's bytes as they are
/// ([RFC 7797](https://www.rfc-editor.org/rfc/rfc7797)): the value of older proof types.
pub(crate) struct DetachedJws<'t> {
    /// The header as it travels.
    header: &'t str,
    /// What the header names.
    pub(crate) algorithm: String,
    /// The signature.
    pub(crate) signature: Vec<u8>,
}

impl<'t> DetachedJws<'t> {
    /// Takes one apart: `header..signature`, whose header says `b64: false` and that this is critical.
    pub(crate) fn parse(text: &'t str) -> Option<Self> {
        let (header, signature) = text.split_once("..")?;
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
        let json = String::from_utf8(decode(header)?).ok()?;
        let members = json::parse(&json).ok()?;
        let detached = members.get("b64") == Some(&json::Value::Bool(false));
        let critical = matches!(members.list("crit"), [only] if only.as_str() == Some("b64"));
        if !detached || !critical {
            return None;
        }
        Some(Self {
            header,
            algorithm: members.text("alg")?.to_owned(),
            signature: decode(signature)?,
        })
    }

    /// What the signature is over.
    pub(crate) fn signing_input(&self, payload: &[u8]) -> Vec<u8> {
        [self.header.as_bytes(), b".", payload].concat()
    }
}

/// Joins a header and a payload as JWS does, without the signature.
pub(crate) fn signing_input(header: &str, payload: &str) -> String {
    let mut text = String::with_capacity((header.len() + payload.len()) * 4 / 3 + 128);
    URL_SAFE_NO_PAD.encode_string(header, &mut text);
    text.push('.');
    URL_SAFE_NO_PAD.encode_string(payload, &mut text);
    text
}

/// Adds the signature.
pub(crate) fn finish(mut signing_input: String, signature: &[u8]) -> String {
    signing_input.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut signing_input);
    signing_input
}
