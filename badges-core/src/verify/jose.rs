//! A JWS or COSE_Sign1 around a credential: does its signature hold?

use super::Question;
use super::findings::{Failure, HoldingProof, Unknown};
use super::issuer::{Named, Resolver};
use super::proofs::{Judged, failed, usable, without_key};
use super::report::Outcome;
use super::secured::Secured;
use crate::did::did_of;
use crate::json::{self, Value};
use crate::key::{Algorithm, JwkFault, PublicKey, SignatureCheck};
use crate::proof::cose::Sign1;
use crate::proof::jwt::Jws;
use crate::proof::sd_jwt::{Expected, KeyBindingFault};

/// A signature around a credential, in the words that JOSE and COSE have in common.
#[derive(Clone, Copy)]
pub(super) struct Signed<'v> {
    algorithm: &'v str,
    key_id: Option<&'v str>,
    /// The key itself, in the header.
    jwk: Option<&'v Value<'v>>,
    /// Whether the header demands extensions.
    critical: bool,
    message: &'v [u8],
    signature: &'v [u8],
    /// Whether it is a JWT, in Open Badges' profile or not.
    pub(super) is_jwt: bool,
}

impl<'v> Signed<'v> {
    pub(super) fn jws(jws: &'v Jws<'v>, header: &'v Value<'v>) -> Self {
        Self {
            algorithm: header.text("alg").unwrap_or_default(),
            key_id: header.text("kid"),
            jwk: header.get("jwk"),
            critical: header.get("crit").is_some(),
            message: jws.signing_input.as_bytes(),
            signature: &jws.signature,
            is_jwt: true,
        }
    }

    pub(super) fn cose(sign1: &'v Sign1) -> Self {
        Self {
            algorithm: sign1.algorithm.as_deref().unwrap_or_default(),
            key_id: sign1.key_id.as_deref(),
            jwk: None,
            critical: sign1.critical,
            message: &sign1.message,
            signature: &sign1.signature,
            is_jwt: false,
        }
    }
}

/// Whether the signature holds, and whose key it is.
pub(super) fn judge(
    signed: &Signed<'_>,
    question: &Question<'_>,
    resolver: &mut Resolver<'_>,
) -> Judged {
    let algorithm = signed.algorithm;
    let named = match named_key(signed, resolver.issuer) {
        Ok(named) => named,
        Err(judged) => return *judged,
    };
    if signed.critical {
        return failed(Failure::Critical {});
    }
    let known = match known_algorithm(algorithm) {
        Ok(known) => known,
        Err(outcome) => return without_key(outcome),
    };
    let resolved = resolver.resolve(&named);
    let method = signed.key_id.map(str::to_owned);
    let holds = usable(&resolved.key, question).and_then(|key| {
        if key.algorithm() != known {
            return Err(Outcome::Failed(Failure::Algorithm {
                algorithm: algorithm.to_owned(),
            }));
        }
        match key.verify(signed.message, signed.signature) {
            SignatureCheck::Holds => Ok(HoldingProof {
                suite: algorithm.to_owned(),
                verification_method: method.clone(),
                created: None,
            }),
            SignatureCheck::Fails => Err(Outcome::Failed(Failure::Signature {
                suite: algorithm.to_owned(),
                verification_method: method.clone(),
            })),
            SignatureCheck::Unsupported => Err(Outcome::Unknown(Unknown::Algorithm {
                algorithm: algorithm.to_owned(),
            })),
        }
    });
    Judged {
        holds,
        binding: Some(resolved.binding),
    }
}

/// Signature algorithms of JOSE that are not implemented.
const ALIEN_SIGNATURES: [&str; 6] = ["RS384", "RS512", "PS256", "PS384", "PS512", "Ed448"];

/// The algorithm of a JOSE header: unknown when it is not implemented, and a failure when it is none
/// that signs: `none` and the HMAC family prove nothing to anybody.
pub(super) fn known_algorithm(name: &str) -> Result<Algorithm, Outcome> {
    let algorithm = name.to_owned();
    Algorithm::from_jose(name).ok_or_else(|| {
        if ALIEN_SIGNATURES.contains(&name) {
            Outcome::Unknown(Unknown::Algorithm { algorithm })
        } else {
            Outcome::Failed(Failure::Algorithm { algorithm })
        }
    })
}

/// Whether the holder's signature under this presentation holds. For whom and in answer to what it
/// was made, its `aud` and `nonce`, is not asked here: whoever keeps a badge may show it again.
pub(super) fn judge_key_binding(secured: &Secured<'_>) -> Option<Judged> {
    let sd_jwt = secured.bound?;
    let header = sd_jwt.key_binding.as_ref();
    let header = header.and_then(|jws| json::parse(&jws.header).ok());
    let suite = header.as_ref().and_then(|header| header.text("alg"));
    let suite = suite.unwrap_or_default().to_owned();
    let method = Some("cnf".to_owned());
    let failure = match sd_jwt.check_key_binding(secured.claims(), Expected::default()) {
        Ok(_) => {
            return Some(Judged {
                holds: Ok(HoldingProof {
                    suite,
                    verification_method: method,
                    created: None,
                }),
                binding: None,
            });
        }
        Err(KeyBindingFault::Signature | KeyBindingFault::OtherPresentation) => {
            Failure::Signature {
                suite,
                verification_method: method,
            }
        }
        Err(KeyBindingFault::Algorithm) => Failure::Algorithm { algorithm: suite },
        Err(KeyBindingFault::Member { member }) => Failure::MalformedProof { member },
        Err(_) => Failure::MalformedProof { member: "cnf" },
    };
    Some(failed(failure))
}

/// The key that a header names.
fn named_key(signed: &Signed<'_>, issuer: &str) -> Result<Named, Box<Judged>> {
    let sent = match signed.jwk {
        None => None,
        Some(jwk) => match PublicKey::from_jwk(jwk) {
            Ok(key) => Some(key),
            Err(JwkFault::Private) => return Err(Box::new(failed(Failure::PrivateKey {}))),
            Err(JwkFault::UnknownKind) => None,
            Err(reason) => return Err(Box::new(failed(Failure::InvalidKey { reason }))),
        },
    };
    Ok(match (signed.key_id, sent) {
        (Some(kid), sent) if did_of(kid).is_some() || kid.starts_with("https://") => {
            Named::Method(kid.to_owned(), sent)
        }
        (Some(kid), sent) => match kid.strip_prefix('#') {
            Some(_) => Named::Method(format!("{issuer}{kid}"), sent),
            None => Named::KeyId(kid.to_owned(), sent),
        },
        (None, Some(key)) => Named::Key(key),
        (None, None) => Named::Nothing,
    })
}
