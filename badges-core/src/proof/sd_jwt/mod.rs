//! SD-JWT ([RFC 9901]): a JWS whose holder decides which of its claims to show. Digests stand in
//! the payload; what they are made of, the disclosures, travels behind it.
//!
//! Written here and not taken from a crate: those at hand read JSON with a parser that takes the
//! last of two equal keys, so that a disclosure could say one thing to us and another to the next
//! verifier, and they look neither for digests that are used twice nor for how deep disclosures
//! nest.
//!
//! [RFC 9901]: https://www.rfc-editor.org/rfc/rfc9901

mod conceal;
mod disclose;
mod key_binding;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

pub use conceal::{Concealed, PathFault, conceal};
pub use disclose::Disclosed;
pub use key_binding::{Expected, KeyBinding, KeyBindingFault, key_binding};

use super::jwt::{Jws, JwsFault};
use crate::json::{SyntaxError, Value};

/// The names that only digests may use (RFC 9901, 4.2.4 and 5.2.1).
const DIGESTS: &str = "_sd";
const PLACEHOLDER: &str = "...";
const ALGORITHM: &str = "_sd_alg";

/// The most disclosures that are read.
pub const MAX_DISCLOSURES: usize = 4096;

/// Why a text is not an SD-JWT, or its disclosures do not fit (RFC 9901, 7.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "fault", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SdJwtFault {
    /// Not a JWS, disclosures and perhaps a key binding JWT, joined by tildes.
    #[error("it is not a JWT and disclosures, joined by `~`")]
    NotCompact,
    /// The JWT in front cannot be read.
    #[error("its JWT: {jwt}")]
    Jwt {
        /// Why.
        #[serde(serialize_with = "as_text")]
        jwt: JwsFault,
    },
    /// The key binding JWT at the end cannot be read.
    #[error("its key binding: {jwt}")]
    KeyBinding {
        /// Why.
        #[serde(serialize_with = "as_text")]
        jwt: JwsFault,
    },
    /// More than [`MAX_DISCLOSURES`].
    #[error("it has more than {MAX_DISCLOSURES} disclosures")]
    TooMany,
    /// A disclosure is not base64url of UTF-8.
    #[error("disclosure {index} is not text in base64url")]
    Undecodable {
        /// Which, from 0.
        index: usize,
    },
    /// A disclosure is not strict JSON.
    #[error("disclosure {index}: {syntax}")]
    Syntax {
        /// Which, from 0.
        index: usize,
        /// Why.
        #[serde(serialize_with = "as_text")]
        syntax: SyntaxError,
    },
    /// A disclosure is no array of salt, perhaps a name, and value.
    #[error("disclosure {index} is no array of a salt, a name and a value")]
    Malformed {
        /// Which, from 0.
        index: usize,
    },
    /// `_sd_alg` is a hash function that is not supported.
    #[error("its hash function is not supported")]
    HashFunction,
    /// `_sd`, `_sd_alg` or `...` is there for anything else but digests.
    #[error("`{name}` is not used as SD-JWT says")]
    Reserved {
        /// Which.
        name: &'static str,
    },
    /// The same digest occurs twice.
    #[error("the same digest occurs twice")]
    RepeatedDigest,
    /// The same disclosure occurs twice.
    #[error("disclosure {index} occurs twice")]
    RepeatedDisclosure {
        /// The second one, from 0.
        index: usize,
    },
    /// A disclosure has no digest, so nobody signed it.
    #[error("disclosure {index} is not part of what was signed")]
    Unreferenced {
        /// Which, from 0.
        index: usize,
    },
    /// A disclosure has a name, where an item of an array stands, or none, where a member does.
    #[error("disclosure {index} does not fit where its digest stands")]
    WrongPlace {
        /// Which, from 0.
        index: usize,
    },
    /// A disclosed claim is there already.
    #[error("disclosure {index} is of a claim that is there already")]
    Clash {
        /// Which, from 0.
        index: usize,
    },
    /// Disclosures inside disclosures, deeper than JSON may be.
    #[error("its disclosures are nested too deep")]
    TooDeep,
    /// The payload is no object.
    #[error("its payload is no object")]
    NoObject,
}

/// Whether a payload has digests in it, so that it is that of an SD-JWT.
pub(crate) fn has_digests(payload: &Value<'_>) -> bool {
    match payload {
        Value::Array(items) => items.iter().any(has_digests),
        Value::Object(members) => members.iter().any(|(name, value)| {
            [DIGESTS, PLACEHOLDER, ALGORITHM].contains(&&**name) || has_digests(value)
        }),
        _ => false,
    }
}

fn as_text<S: serde::Serializer>(error: &impl std::fmt::Display, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(error)
}

/// An SD-JWT taken apart; nothing is checked but its form (RFC 9901, 4).
#[derive(Clone, Debug)]
pub struct SdJwt<'t> {
    /// The JWT that the issuer signed, with digests in its payload.
    pub jws: Jws<'t>,
    /// What the holder shows.
    disclosures: Vec<Disclosure<'t>>,
    /// The holder's signature under this very presentation.
    pub key_binding: Option<Jws<'t>>,
    /// All up to the last tilde, which the key binding is over (RFC 9901, 4.3.1).
    presented: &'t str,
}

/// A disclosure as it travels, and as JSON.
#[derive(Clone, Debug)]
struct Disclosure<'t> {
    encoded: &'t str,
    json: String,
}

impl<'t> SdJwt<'t> {
    /// Whether a text can be nothing else: characters of base64url and dots, joined by tildes.
    #[must_use]
    pub fn is_like(text: &str) -> bool {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
        text.contains('~') && text.bytes().all(fits)
    }

    /// Takes an SD-JWT apart: `<JWT>~<disclosure>~…~<disclosure>~[<key binding JWT>]`.
    ///
    /// # Errors
    /// Why it is none.
    pub fn parse(text: &'t str) -> Result<Self, SdJwtFault> {
        let text = text.trim();
        if !Self::is_like(text) {
            return Err(SdJwtFault::NotCompact);
        }
        let (presented, binding) = text
            .rfind('~')
            .map(|at| text.split_at(at + 1))
            .ok_or(SdJwtFault::NotCompact)?;
        let mut parts = presented.trim_end_matches('~').split('~');
        let jws = Jws::parse(parts.next().unwrap_or_default());
        let jws = jws.map_err(|jwt| SdJwtFault::Jwt { jwt })?;
        let mut disclosures = Vec::new();
        for (index, encoded) in parts.enumerate() {
            if index == MAX_DISCLOSURES {
                return Err(SdJwtFault::TooMany);
            }
            let bytes = URL_SAFE_NO_PAD.decode(encoded).ok();
            let json = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
            let json = json.ok_or(SdJwtFault::Undecodable { index })?;
            disclosures.push(Disclosure { encoded, json });
        }
        // Two tildes in a row are an empty disclosure, which is none.
        let tildes = presented.bytes().filter(|&byte| byte == b'~').count();
        if tildes != disclosures.len() + 1 {
            return Err(SdJwtFault::NotCompact);
        }
        let key_binding = match binding {
            "" => None,
            text => Some(Jws::parse(text).map_err(|jwt| SdJwtFault::KeyBinding { jwt })?),
        };
        Ok(Self {
            jws,
            disclosures,
            key_binding,
            presented,
        })
    }
}

/// The hash functions of `_sd_alg`, by their names in IANA's registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum HashFunction {
    Sha256,
    Sha384,
    Sha512,
}

impl HashFunction {
    /// The one that a payload names; SHA-256 when it names none (RFC 9901, 4.1.1).
    fn of(payload: &Value<'_>) -> Result<Self, SdJwtFault> {
        let Some(name) = payload.get(ALGORITHM) else {
            return Ok(Self::Sha256);
        };
        match name.as_str() {
            Some("sha-256") => Ok(Self::Sha256),
            Some("sha-384") => Ok(Self::Sha384),
            Some("sha-512") => Ok(Self::Sha512),
            _ => Err(SdJwtFault::HashFunction),
        }
    }

    /// The digest of what travels, in base64url.
    fn digest(self, text: &str) -> String {
        match self {
            Self::Sha256 => URL_SAFE_NO_PAD.encode(Sha256::digest(text)),
            Self::Sha384 => URL_SAFE_NO_PAD.encode(Sha384::digest(text)),
            Self::Sha512 => URL_SAFE_NO_PAD.encode(Sha512::digest(text)),
        }
    }
}

#[cfg(test)]
mod tests;
