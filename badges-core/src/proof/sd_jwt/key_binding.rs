//! Key binding: the holder signs this very presentation (RFC 9901, 4.3 and 7.3).

use serde::Serialize;

use super::{HashFunction, SdJwt, SdJwtFault};
use crate::json::{self, Value};
use crate::key::{Algorithm, PublicKey, SignatureCheck, SigningKey};
use crate::proof::{is_media_type, jwt};

/// What the verifier asked of the holder. Without a nonce of one's own, a presentation can be one
/// that was overheard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expected<'e> {
    /// The nonce that the verifier gave out.
    pub nonce: Option<&'e str>,
    /// Who the verifier is.
    pub audience: Option<&'e str>,
}

/// A key binding that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyBinding {
    /// The holder's key.
    pub key: PublicKey,
    /// When the holder says it was made, in seconds since 1970. How old it may be is the
    /// verifier's to say.
    pub issued_at: i64,
}

/// Why a presentation is not bound to the holder's key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "fault", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum KeyBindingFault {
    /// There is no key binding.
    #[error("it has no key binding")]
    Absent,
    /// The payload names no key of the holder (`cnf.jwk`) that can be used.
    #[error("the credential's `cnf` names no key of the holder that can be used")]
    NoKey,
    /// A header or claim is missing, or of the wrong kind.
    #[error("the key binding's `{member}` is missing or cannot be read")]
    Member {
        /// Which.
        member: &'static str,
    },
    /// The header names an algorithm that is not the key's.
    #[error("the key binding's algorithm is not its key's")]
    Algorithm,
    /// The signature does not hold.
    #[error("the key binding was made with another key, or altered")]
    Signature,
    /// It was made for another presentation (`sd_hash`).
    #[error("the key binding is for another presentation")]
    OtherPresentation,
    /// Its nonce is not the verifier's.
    #[error("the key binding answers another question")]
    Nonce,
    /// It is meant for somebody else (`aud`).
    #[error("the key binding is for somebody else")]
    Audience,
}

impl SdJwt<'_> {
    /// Checks the key binding against the holder's key in the disclosed payload, and what the
    /// verifier asked for.
    ///
    /// # Errors
    /// Why it does not hold.
    pub fn check_key_binding(
        &self,
        payload: &Value<'_>,
        expected: Expected<'_>,
    ) -> Result<KeyBinding, KeyBindingFault> {
        let binding = self.key_binding.as_ref().ok_or(KeyBindingFault::Absent)?;
        let member = |member| KeyBindingFault::Member { member };
        let header = json::parse(&binding.header).map_err(|_| member("header"))?;
        let claims = json::parse(&binding.payload).map_err(|_| member("payload"))?;
        let typ = header.text("typ").unwrap_or_default();
        if !is_media_type(typ, "kb+jwt") {
            return Err(member("typ"));
        }
        if header.get("crit").is_some() {
            return Err(member("crit"));
        }
        let jwk = payload.get("cnf").and_then(|cnf| cnf.get("jwk"));
        let key = jwk.and_then(|jwk| PublicKey::from_jwk(jwk).ok());
        let key = key.ok_or(KeyBindingFault::NoKey)?;
        let algorithm = header.text("alg").and_then(Algorithm::from_jose);
        if algorithm != Some(key.algorithm()) {
            return Err(KeyBindingFault::Algorithm);
        }
        let holds = key.verify(binding.signing_input.as_bytes(), &binding.signature);
        if holds != SignatureCheck::Holds {
            return Err(KeyBindingFault::Signature);
        }
        let claim = |name| claims.text(name).ok_or(member(name));
        let issued_at = match claims.get("iat") {
            Some(Value::Number(number)) => number.as_i64(),
            _ => None,
        };
        let issued_at = issued_at.ok_or(member("iat"))?;
        let (nonce, audience) = (claim("nonce")?, claim("aud")?);
        // The payload is signed by the issuer, so its hash function is not the holder's choice.
        let signed = json::parse(&self.jws.payload).map_err(|_| KeyBindingFault::NoKey)?;
        let hash = HashFunction::of(&signed).map_err(|_: SdJwtFault| member("_sd_alg"))?;
        if claim("sd_hash")? != hash.digest(self.presented) {
            return Err(KeyBindingFault::OtherPresentation);
        }
        if expected.nonce.is_some_and(|expected| expected != nonce) {
            return Err(KeyBindingFault::Nonce);
        }
        if expected
            .audience
            .is_some_and(|expected| expected != audience)
        {
            return Err(KeyBindingFault::Audience);
        }
        Ok(KeyBinding { key, issued_at })
    }
}

/// Binds an SD-JWT without key binding, `<JWT>~…~`, to the holder's key: for one verifier and one
/// question. `None` when it is none, or the key's generator fails.
#[must_use]
pub fn key_binding(
    presented: &str,
    key: &SigningKey,
    nonce: &str,
    audience: &str,
    issued_at: i64,
) -> Option<String> {
    let sd_jwt = SdJwt::parse(presented).ok()?;
    if sd_jwt.key_binding.is_some() {
        return None;
    }
    let hash = HashFunction::of(&json::parse(&sd_jwt.jws.payload).ok()?).ok()?;
    let header = format!(
        "{{\"alg\":\"{}\",\"typ\":\"kb+jwt\"}}",
        key.algorithm().jose_name()
    );
    let payload = format!(
        "{{\"aud\":{},\"iat\":{issued_at},\"nonce\":{},\"sd_hash\":\"{}\"}}",
        json::quoted(audience),
        json::quoted(nonce),
        hash.digest(sd_jwt.presented)
    );
    let input = jwt::signing_input(&header, &payload);
    let signature = key.sign(input.as_bytes())?;
    Some(sd_jwt.presented.to_owned() + &jwt::finish(input, &signature))
}
