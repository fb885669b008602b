//! Proofs inside a document: what of them holds (VC Data Integrity, 4.4 and 4.5).

use super::findings::{Failure, HoldingProof, Unknown};
use super::issuer::{Named, Resolved, Resolver};
use super::proofs::{Judged, failed, unknown, usable};
use super::report::Outcome;
use super::secured::Unreadable;
use super::{Question, validity};
use crate::json::Value;
use crate::jsonld::{Edition, Fault, FaultKind, Policy, RootContext};
use crate::key::{Algorithm, SignatureCheck, decode_multibase};
use crate::model::parse_date_time;
use crate::proof::data_integrity::{Hash, Suite, hash_configuration, hash_document, signing_input};

/// The most proofs of one document that are looked at.
const MAX_PROOFS: usize = 16;

/// A document with proofs inside.
pub(super) struct Document<'a> {
    pub(super) value: &'a Value<'a>,
    pub(super) root: RootContext,
    pub(super) proofs: &'a [Value<'a>],
    pub(super) question: &'a Question<'a>,
}

impl Document<'_> {
    pub(super) fn judge(
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
