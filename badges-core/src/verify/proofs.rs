//! The checks `proof` and `issuer`: does each proof hold, and is there one by the issuer's own key?

use super::Question;
use super::controller::ListedKey;
use super::data_integrity::Document;
use super::findings::{Binding, Failure, HoldingProof, Passed, Unknown};
use super::issuer::Resolver;
use super::jose::Signed;
use super::report::Outcome;
use super::secured::{Secured, Security, Unreadable};
use super::{jose, validity};
use crate::did::domain;
use crate::jsonld::{Edition, RootContext};
use crate::key::PublicKey;

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
pub(super) struct Judged {
    pub(super) holds: Result<HoldingProof, Outcome>,
    /// Absent when it was not looked at whose key it is.
    pub(super) binding: Option<Result<Binding, Outcome>>,
}

/// Checks all proofs, one of which must be this issuer's. `Err` when the document cannot be turned
/// into what was signed.
pub(super) fn check(
    secured: &Secured<'_>,
    issuer: Option<&str>,
    question: &Question<'_>,
    missing: &mut Vec<String>,
) -> Result<Proofs, Unreadable> {
    let mut resolver = Resolver {
        documents: question.documents,
        // The schema check names a missing issuer; no key can be its.
        issuer: issuer.unwrap_or_default(),
        purpose: question.purpose,
        jwt: matches!(&secured.security, Security::Envelope { signed, .. } if signed.is_jwt),
        missing,
    };
    let mut absent_claims = Vec::new();
    let mut unsigned = Vec::new();
    let judged = match &secured.security {
        Security::Envelope { signed, .. } => {
            let mut judged = jose::judge(signed, question, &mut resolver);
            match validity::claims(secured) {
                Ok(absent) => absent_claims = absent,
                Err(failure) if judged.holds.is_ok() => {
                    judged.holds = Err(Outcome::Failed(failure))
                }
                Err(_) => {}
            }
            std::iter::once(judged)
                .chain(jose::judge_key_binding(secured))
                .collect()
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
    let mut proofs = summarize(judged, issuer, absent_claims, unsigned);
    if let (Some(_), Outcome::Passed(Passed::ProofHolds { unasked, .. })) =
        (secured.bound, &mut proofs.proof)
    {
        unasked.extend(["aud", "nonce"]);
    }
    Ok(proofs)
}

/// Checks the signature around something that is no credential, which must be this holder's.
pub(super) fn check_signed(
    signed: &Signed<'_>,
    holder: Option<&str>,
    question: &Question<'_>,
    missing: &mut Vec<String>,
) -> Proofs {
    let mut resolver = Resolver {
        documents: question.documents,
        issuer: holder.unwrap_or_default(),
        purpose: question.purpose,
        jwt: signed.is_jwt,
        missing,
    };
    let judged = jose::judge(signed, question, &mut resolver);
    summarize(vec![judged], holder, Vec::new(), Vec::new())
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
            unasked: Vec::new(),
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

/// The key, unless the issuer took it back or its time is over. A thief can date signatures back,
/// so the time that a proof claims does not count.
pub(super) fn usable<'k>(
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

pub(super) const fn failed(failure: Failure) -> Judged {
    without_key(Outcome::Failed(failure))
}

pub(super) const fn unknown(unknown: Unknown) -> Judged {
    without_key(Outcome::Unknown(unknown))
}

/// What does not hold, whoever the key belongs to.
pub(super) const fn without_key(outcome: Outcome) -> Judged {
    Judged {
        holds: Err(outcome),
        binding: None,
    }
}
