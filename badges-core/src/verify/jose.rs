//! A JWS around a credential: does its signature hold?

use super::Question;
use super::findings::{Failure, HoldingProof, Unknown};
use super::issuer::{Named, Resolver};
use super::proofs::{Judged, failed, unknown, usable};
use super::report::Outcome;
use crate::did::did_of;
use crate::json::Value;
use crate::key::{Algorithm, JwkFault, PublicKey, SignatureCheck};
use crate::proof::jwt::Jws;

/// Whether the signature holds, and whose key it is.
pub(super) fn judge(
    jws: &Jws<'_>,
    header: &Value<'_>,
    question: &Question<'_>,
    resolver: &mut Resolver<'_>,
) -> Judged {
    let algorithm = header.text("alg").unwrap_or_default();
    let named = match named_key(header, resolver.issuer) {
        Ok(named) => named,
        Err(judged) => return *judged,
    };
    if header.get("crit").is_some() {
        return failed(Failure::Critical {});
    }
    let Some(known) = Algorithm::from_jose(algorithm) else {
        // `none` and the HMAC family prove nothing to anybody.
        return if ALIEN_SIGNATURES.contains(&algorithm) {
            unknown(Unknown::Algorithm {
                algorithm: algorithm.to_owned(),
            })
        } else {
            failed(Failure::Algorithm {
                algorithm: algorithm.to_owned(),
            })
        };
    };
    let resolved = resolver.resolve(&named);
    let method = header.text("kid").map(str::to_owned);
    let holds = usable(&resolved.key, question).and_then(|key| {
        if key.algorithm() != known {
            return Err(Outcome::Failed(Failure::Algorithm {
                algorithm: algorithm.to_owned(),
            }));
        }
        match key.verify(jws.signing_input.as_bytes(), &jws.signature) {
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

/// The key that a JOSE header names.
fn named_key(header: &Value<'_>, issuer: &str) -> Result<Named, Box<Judged>> {
    let sent = match header.get("jwk") {
        None => None,
        Some(jwk) => match PublicKey::from_jwk(jwk) {
            Ok(key) => Some(key),
            Err(JwkFault::Private) => return Err(Box::new(failed(Failure::PrivateKey {}))),
            Err(JwkFault::UnknownKind) => None,
            Err(reason) => return Err(Box::new(failed(Failure::InvalidKey { reason }))),
        },
    };
    Ok(match (header.text("kid"), sent) {
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
