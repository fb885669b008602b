//! The checks `proof` and `issuer`: does each proof hold, and is there one by the issuer's own key?

use super::Question;
use super::controller::ListedKey;
use super::findings::{Binding, Failure, HoldingProof, Passed, Unknown};
use super::issuer::{Named, Resolved, Resolver};
use super::report::Outcome;
use super::secured::{Secured, Security, Unreadable};
use super::validity;
use crate::did::{did_of, domain};
use crate::json::Value;
use crate::jsonld::{Edition, Fault, FaultKind, Policy, RootContext};
use crate::key::{Algorithm, JwkFault, PublicKey, SignatureCheck, decode_multibase};
use crate::model::parse_date_time;
use crate::proof::data_integrity::{Hash, Suite, hash_configuration, hash_document, signing_input};
use crate::proof::jwt::Jws;

/// The answers to both checks.
pub(super) struct Proofs {
    pub(super) proof: Outcome,
    /// Absent when there is no proof whose key was looked at.
    pub(super) issuer: Option<Outcome>,
}

impl Proofs {
    pub(super) const fn genuine(&self) -> bool {
        matches!(
            (&self.proof, &self.issuer),
            (Outcome::Passed(_), Some(Outcome::Passed(_)))
        )
    }
}

/// One proof, judged.
struct Judged {
    holds: Result<HoldingProof, Outcome>,
    /// Absent when it was not looked at whose key it is.
    binding: Option<Result<Binding, Outcome>>,
}

/// The most proofs of one document that are looked at.
const MAX_PROOFS: usize = 16;

/// Checks all proofs. `Err` when the document cannot be turned into what was signed.
pub(super) fn check(
    secured: &Secured<'_>,
    question: &Question<'_>,
    missing: &mut Vec<String>,
) -> Result<Proofs, Unreadable> {
    let issuer = secured.issuer();
    let mut resolver = Resolver {
        documents: question.documents,
        // The schema check names a missing issuer; no key can be its.
        issuer: issuer.unwrap_or_default(),
        jwt: matches!(secured.security, Security::Jwt { .. }),
        missing,
    };
    let mut absent_claims = Vec::new();
    let mut unsigned = Vec::new();
    let judged = match secured.security {
        Security::Jwt { jws, header, .. } => {
            let mut judged = judge_jwt(jws, header, question, &mut resolver);
            match validity::claims(secured) {
                Ok(absent) => absent_claims = absent,
                Err(failure) if judged.holds.is_ok() => {
                    judged.holds = Err(Outcome::Failed(failure))
                }
                Err(_) => {}
            }
            vec![judged]
        }
        Security::Proofs => {
            let document = Document {
                value: secured.credential,
                root: RootContext::of(secured.credential, Edition::NEWEST, question.policy)?,
                proofs: secured.credential.list("proof"),
                question,
            };
            document.judge(&mut resolver, &mut unsigned)?
        }
    };
    Ok(summarize(judged, issuer, absent_claims, unsigned))
}

fn summarize(
    judged: Vec<Judged>,
    issuer: Option<&str>,
    absent_claims: Vec<&'static str>,
    unsigned: Vec<&'static str>,
) -> Proofs {
    let mut proofs = Vec::new();
    let mut worst: Option<Outcome> = None;
    let mut bindings = Vec::new();
    for proof in judged {
        match proof.holds {
            Ok(holding) => proofs.push(holding),
            Err(outcome) => {
                let worse = matches!(
                    (&worst, &outcome),
                    (None, _) | (Some(Outcome::Unknown(_)), Outcome::Failed(_))
                );
                if worse {
                    worst = Some(outcome);
                }
            }
        }
        bindings.extend(proof.binding);
    }
    let proof = worst.unwrap_or(if proofs.is_empty() {
        Outcome::Failed(Failure::NoProof {})
    } else {
        Outcome::Passed(Passed::ProofHolds {
            proofs,
            absent_claims,
            unsigned,
        })
    });
    Proofs {
        proof,
        issuer: issuer.and_then(|issuer| best_binding(bindings, issuer)),
    }
}

/// At least one proof must be the issuer's; others may be anybody's.
fn best_binding(bindings: Vec<Result<Binding, Outcome>>, issuer: &str) -> Option<Outcome> {
    bindings
        .into_iter()
        .map(|binding| match binding {
            Ok(binding) => Outcome::Passed(Passed::IssuerEstablished {
                issuer: issuer.to_owned(),
                binding,
                domain: domain(issuer),
            }),
            Err(outcome) => outcome,
        })
        .min_by_key(|outcome| match outcome {
            Outcome::Passed(_) => 0,
            Outcome::Unknown(_) => 1,
            Outcome::Failed(_) => 2,
        })
}

/// A document with proofs inside.
struct Document<'a> {
    value: &'a Value<'a>,
    root: RootContext,
    proofs: &'a [Value<'a>],
    question: &'a Question<'a>,
}

impl Document<'_> {
    fn judge(
        &self,
        resolver: &mut Resolver<'_>,
        unsigned: &mut Vec<&'static str>,
    ) -> Result<Vec<Judged>, Unreadable> {
        if self.proofs.len() > MAX_PROOFS {
            return Ok(vec![failed(Failure::MalformedProof { member: "proof" })]);
        }
        // Proofs that build on no other one all sign the same document.
        let mut plain_hash = None;
        let mut judged = Vec::with_capacity(self.proofs.len());
        for proof in self.proofs {
            self.check_contexts(proof)?;
            judged.push(match self.prepare(proof) {
                Ok((suite, named)) => {
                    let resolved = resolver.resolve(&named);
                    let holds =
                        self.check_signature(proof, suite, &resolved, &mut plain_hash, unsigned)?;
                    Judged {
                        holds,
                        binding: Some(resolved.binding),
                    }
                }
                Err(judged) => *judged,
            });
        }
        if plain_hash.is_none() {
            // Without a proof that can be checked the statements are made all the same, so that
            // faults of the form are found.
            hash_document(&self.root, self.value, &[])?;
        }
        Ok(judged)
    }

    /// A proof is read with the document's contexts; it may repeat them, and no more.
    fn check_contexts(&self, proof: &Value<'_>) -> Result<(), Unreadable> {
        let own = proof.get("@context");
        if self.question.policy == Policy::Badge
            && own.is_some_and(|own| self.value.get("@context") != Some(own))
        {
            let fault = Fault::from(FaultKind::InlineContext);
            return Err(fault.within("@context").in_proof().into());
        }
        Ok(())
    }

    /// What can be said of a proof without its key (VC-DI, 4.4).
    fn prepare(&self, proof: &Value<'_>) -> Result<(Suite, Named), Box<Judged>> {
        let failure = |failure| Box::new(failed(failure));
        let Some(suite) = Suite::of(proof) else {
            let Some(name) = Suite::name(proof) else {
                return Err(failure(Failure::MalformedProof { member: "type" }));
            };
            return Err(Box::new(unknown(Unknown::Suite {
                suite: name.to_owned(),
            })));
        };
        if proof.text("proofPurpose") != Some("assertionMethod") {
            return Err(failure(Failure::Purpose {
                found: proof.text("proofPurpose").map(str::to_owned),
            }));
        }
        let Some(method) = proof.text("verificationMethod") else {
            return Err(failure(Failure::MalformedProof {
                member: "verificationMethod",
            }));
        };
        Ok((suite, Named::Method(method.to_owned(), None)))
    }

    fn check_signature(
        &self,
        proof: &Value<'_>,
        suite: Suite,
        resolved: &Resolved,
        plain_hash: &mut Option<Hash>,
        unsigned: &mut Vec<&'static str>,
    ) -> Result<Result<HoldingProof, Outcome>, Unreadable> {
        let failed = |failure| Ok(Err(Outcome::Failed(failure)));
        let previous = match self.previous(proof) {
            Ok(previous) => previous,
            Err(failure) => return failed(failure),
        };
        let document = match (previous.is_empty(), &plain_hash) {
            (true, Some(hash)) => *hash,
            _ => hash_document(&self.root, self.value, &previous)?,
        };
        if previous.is_empty() {
            *plain_hash = Some(document);
        }
        let configuration = hash_configuration(&self.root, proof)?;
        let key = match usable(&resolved.key, self.question) {
            Ok(key) => key,
            Err(outcome) => return Ok(Err(outcome)),
        };
        if let Err(failure) = self.check_dates(proof) {
            return failed(failure);
        }
        let signature = match (suite, proof.text("proofValue")) {
            (Suite::EddsaRdfc2022, Some(text)) if text.starts_with('z') => {
                decode_multibase(text).ok()
            }
            _ => None,
        };
        let Some(signature) = signature.filter(|signature| signature.len() == 64) else {
            return failed(Failure::MalformedProof {
                member: "proofValue",
            });
        };
        if key.algorithm() != Algorithm::EdDsa {
            return failed(Failure::Algorithm {
                algorithm: "eddsa-rdfc-2022".to_owned(),
            });
        }
        let check = |configuration: &Hash, document: &Hash| {
            key.verify(&signing_input(configuration, document), &signature)
        };
        let mut holds = check(&configuration, &document) == SignatureCheck::Holds;
        if !holds && let Some(older) = self.older_hashes(proof, &previous) {
            holds = check(&older.0, &older.1) == SignatureCheck::Holds;
            if holds && !unsigned.contains(&ENDORSEMENT_JWT) {
                unsigned.push(ENDORSEMENT_JWT);
            }
        }
        Ok(if holds {
            Ok(HoldingProof {
                suite: "eddsa-rdfc-2022".to_owned(),
                verification_method: proof.text("verificationMethod").map(str::to_owned),
                created: proof.text("created").map(str::to_owned),
            })
        } else {
            Err(Outcome::Failed(Failure::Signature {
                suite: "eddsa-rdfc-2022".to_owned(),
                verification_method: proof.text("verificationMethod").map(str::to_owned),
            }))
        })
    }

    /// The proofs that a chained proof builds on (VC-DI, 4.5, step 5).
    fn previous(&self, proof: &Value<'_>) -> Result<Vec<&Value<'_>>, Failure> {
        let ids = proof.list("previousProof");
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            let Some(id) = id.as_str() else {
                return Err(Failure::MalformedProof {
                    member: "previousProof",
                });
            };
            let other = self
                .proofs
                .iter()
                .find(|other| other.text("id") == Some(id) && !std::ptr::eq(*other, proof));
            found.push(other.ok_or_else(|| Failure::PreviousProof {
                proof: id.to_owned(),
            })?);
        }
        Ok(found)
    }

    fn check_dates(&self, proof: &Value<'_>) -> Result<(), Failure> {
        let date = |member: &'static str| match proof.get(member) {
            None => Ok(None),
            Some(value) => value
                .as_str()
                .and_then(|text| parse_date_time(text).ok())
                .map(Some)
                .ok_or(Failure::MalformedProof { member }),
        };
        date("created")?;
        match date("expires")? {
            Some(expires) if self.question.at > expires + validity::LEEWAY => {
                Err(Failure::ProofExpired { expires })
            }
            _ => Ok(()),
        }
    }

    /// What was signed if the badge was made before `endorsementJwt` was added to the context that
    /// it names: then that member was dropped, and is not signed (Open Badges 3.0 changed the text
    /// in place in 2026-06).
    fn older_hashes(&self, proof: &Value<'_>, previous: &[&Value<'_>]) -> Option<(Hash, Hash)> {
        if !mentions(self.value, ENDORSEMENT_JWT) {
            return None;
        }
        let without = without(self.value, ENDORSEMENT_JWT);
        let older = RootContext::of(&without, Edition::November2025, self.question.policy).ok()?;
        Some((
            hash_configuration(&older, proof).ok()?,
            hash_document(&older, &without, previous).ok()?,
        ))
    }
}

const ENDORSEMENT_JWT: &str = "endorsementJwt";

fn mentions(value: &Value<'_>, key: &str) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| mentions(item, key)),
        Value::Object(members) => members
            .iter()
            .any(|(name, value)| name == key || mentions(value, key)),
        _ => false,
    }
}

fn without<'v>(value: &Value<'v>, key: &str) -> Value<'v> {
    match value {
        Value::Array(items) => Value::Array(items.iter().map(|item| without(item, key)).collect()),
        Value::Object(members) => Value::Object(
            members
                .iter()
                .filter(|(name, _)| name != key)
                .map(|(name, value)| (name.clone(), without(value, key)))
                .collect(),
        ),
        other => other.clone(),
    }
}

/// The key, unless the issuer took it back or its time is over. A thief can date signatures back,
/// so the time that a proof claims does not count.
fn usable<'k>(
    key: &'k Result<ListedKey, Outcome>,
    question: &Question<'_>,
) -> Result<&'k PublicKey, Outcome> {
    let listed = key.as_ref().map_err(Clone::clone)?;
    let latest = question.at.max(question.now);
    if let Some(revoked) = listed.revoked.filter(|&revoked| latest >= revoked) {
        return Err(Outcome::Failed(Failure::KeyRevoked { revoked }));
    }
    if let Some(expires) = listed.expires.filter(|&expires| question.at >= expires) {
        return Err(Outcome::Failed(Failure::KeyExpired { expires }));
    }
    listed.key.as_ref().ok_or_else(|| {
        Outcome::Unknown(Unknown::Method {
            method: "the key in the issuer's document".to_owned(),
        })
    })
}

fn judge_jwt(
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
const ALIEN_SIGNATURES: [&str; 8] = [
    "RS384", "RS512", "PS256", "PS384", "PS512", "ES512", "ES256K", "Ed448",
];

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

fn failed(failure: Failure) -> Judged {
    Judged {
        holds: Err(Outcome::Failed(failure)),
        binding: None,
    }
}

fn unknown(unknown: Unknown) -> Judged {
    Judged {
        holds: Err(Outcome::Unknown(unknown)),
        binding: None,
    }
}
