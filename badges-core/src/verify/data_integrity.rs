//! Proofs inside a document: what of them holds (VC Data Integrity, 4.4 and 4.5).

use super::findings::{Failure, HoldingProof, Unknown};
use super::issuer::{Named, Resolved, Resolver};
use super::jose::known_algorithm;
use super::proofs::{Judged, failed, unknown, usable};
use super::report::Outcome;
use super::secured::Unreadable;
use super::{Question, validity};
use crate::json::Value;
use crate::jsonld::{Edition, Fault, FaultKind, Policy, RootContext};
use crate::key::{Algorithm, PublicKey, SignatureCheck, decode_multibase};
use crate::model::{DateTimeError, parse_date_time};
use crate::proof::data_integrity::{
    Hash, Method, hash_configuration, hash_document, signing_input,
};
use crate::proof::jwt::DetachedJws;
use crate::proof::selective;
use crate::proof::suite::{Canonicalization, Hashing, ProofValue, Suite};
use time::OffsetDateTime;

/// The most proofs of one document that are looked at.
const MAX_PROOFS: usize = 16;

/// A document with proofs inside.
pub(super) struct Document<'a> {
    pub(super) value: &'a Value<'a>,
    pub(super) root: RootContext,
    pub(super) proofs: &'a [Value<'a>],
    pub(super) question: &'a Question<'a>,
}

/// Hashes of the document without proofs, which all proofs sign that build on no other one.
type Hashes = Vec<(Method, Hash)>;

impl Document<'_> {
    pub(super) fn judge(
        &self,
        resolver: &mut Resolver<'_>,
        unsigned: &mut Vec<&'static str>,
    ) -> Result<Vec<Judged>, Unreadable> {
        if self.proofs.len() > MAX_PROOFS {
            return Ok(vec![failed(Failure::MalformedProof { member: "proof" })]);
        }
        let mut hashes = Hashes::new();
        let mut judged = Vec::with_capacity(self.proofs.len());
        for proof in self.proofs {
            judged.push(match self.prepare(proof) {
                Ok((suite, named)) => {
                    let root = self.root_of(proof, suite, unsigned)?;
                    let resolved = resolver.resolve(&named);
                    let holds = self.check_signature(
                        proof,
                        suite,
                        &root,
                        &resolved,
                        &mut hashes,
                        unsigned,
                    )?;
                    Judged {
                        holds,
                        binding: Some(resolved.binding),
                    }
                }
                Err(judged) => *judged,
            });
        }
        if hashes.is_empty() {
            // Without a proof that can be checked the statements are made all the same, so that
            // faults of the form are found.
            self.hash((Canonicalization::Rdfc, Hashing::Sha256), &[], &mut hashes)?;
        }
        Ok(judged)
    }

    /// A proof is read with the document's contexts; it may repeat them. Some signers put the context
    /// of an older proof type into the proof only, where nothing signs it: that one, which the type
    /// itself names, is taken too.
    fn root_of(
        &self,
        proof: &Value<'_>,
        suite: Suite,
        unsigned: &mut Vec<&'static str>,
    ) -> Result<RootContext, Unreadable> {
        let contexts = self.value.get("@context");
        let Some(own) = proof.get("@context").filter(|&own| contexts != Some(own)) else {
            return Ok(self.root.clone());
        };
        let is_suites = |value: &Value<'_>| value.as_str() == Some(suite.context());
        if suite.is_type()
            && matches!(own.items(), [only] if is_suites(only))
            && !contexts.is_some_and(|contexts| contexts.items().iter().any(is_suites))
        {
            unsigned.push("proof.@context");
            return Ok(self.root.with(own)?);
        }
        if self.question.policy == Policy::DataIntegrity {
            return Ok(self.root.clone());
        }
        let fault = Fault::from(FaultKind::InlineContext);
        Err(fault.within("@context").in_proof().into())
    }

    /// What can be said of a proof without its key (VC-DI, 4.4).
    fn prepare(&self, proof: &Value<'_>) -> Result<(Suite, Named), Box<Judged>> {
        let failure = |failure| Box::new(failed(failure));
        let Some(suite) = Suite::of(proof) else {
            let Some(name) = Suite::named(proof) else {
                return Err(failure(Failure::MalformedProof { member: "type" }));
            };
            return Err(Box::new(unknown(Unknown::Suite {
                suite: name.to_owned(),
            })));
        };
        let purpose = self.question.purpose.name();
        if proof.text("proofPurpose") != Some(purpose) {
            return Err(failure(Failure::Purpose {
                found: proof.text("proofPurpose").map(str::to_owned),
            }));
        }
        let Some(method) = proof.text("verificationMethod") else {
            return Err(failure(Failure::MalformedProof {
                member: "verificationMethod",
            }));
        };
        // The older types have it by their definition.
        if suite.is_type() && proof.get("created").is_none() {
            return Err(failure(Failure::MalformedProof { member: "created" }));
        }
        Ok((suite, Named::Method(method.to_owned(), None)))
    }

    fn hash(
        &self,
        method: Method,
        previous: &[&Value<'_>],
        hashes: &mut Hashes,
    ) -> Result<Hash, Fault> {
        let known = hashes.iter().find(|(known, _)| *known == method);
        if let (true, Some((_, hash))) = (previous.is_empty(), known) {
            return Ok(*hash);
        }
        let hash = hash_document(method, &self.root, self.value, previous)?;
        if previous.is_empty() {
            hashes.push((method, hash));
        }
        Ok(hash)
    }

    fn check_signature(
        &self,
        proof: &Value<'_>,
        suite: Suite,
        root: &RootContext,
        resolved: &Resolved,
        hashes: &mut Hashes,
        unsigned: &mut Vec<&'static str>,
    ) -> Result<Result<HoldingProof, Outcome>, Unreadable> {
        let failed = |failure| Ok(Err(Outcome::Failed(failure)));
        let previous = match self.previous(proof) {
            Ok(previous) => previous,
            Err(failure) => return failed(failure),
        };
        let key = usable(&resolved.key, self.question);
        let hashing = match &key {
            Ok(key) => suite.hashing(key.algorithm()),
            Err(_) => Some(Hashing::Sha256),
        };
        let method = (suite.canonicalization(), hashing.unwrap_or(Hashing::Sha256));
        let document = self.hash(method, &previous, hashes)?;
        let configuration = hash_configuration(suite, method.1, root, proof)?;
        let key = match key {
            Ok(key) => key,
            Err(outcome) => return Ok(Err(outcome)),
        };
        if let Err(failure) = self.check_dates(proof) {
            return failed(failure);
        }
        if hashing.is_none() {
            return failed(Failure::Algorithm {
                algorithm: suite.name().to_owned(),
            });
        }
        if suite == Suite::EcdsaSd2023 {
            let holds = self.check_statements(root, proof, key)?;
            return Ok(holds.map(|()| holding(suite, proof)));
        }
        let value = match SignatureValue::read(suite, proof, key) {
            Ok(value) => value,
            Err(outcome) => return Ok(Err(outcome)),
        };
        let mut check = value.check(key, &configuration, &document);
        if check == SignatureCheck::Fails
            && let Some((configuration, document)) =
                self.older_hashes(suite, method, proof, &previous)
        {
            check = value.check(key, &configuration, &document);
            if check == SignatureCheck::Holds && !unsigned.contains(&ENDORSEMENT_JWT) {
                unsigned.push(ENDORSEMENT_JWT);
            }
        }
        Ok(match check {
            SignatureCheck::Holds => Ok(holding(suite, proof)),
            SignatureCheck::Fails => Err(broken(suite, proof)),
            SignatureCheck::Unsupported => Err(Outcome::Unknown(Unknown::Algorithm {
                algorithm: suite.name().to_owned(),
            })),
        })
    }

    /// Checks the signatures of the statements that are shown. A base proof is for the holder: badges
    /// are found with one all the same, and it proves more; programs that ask under the standard's
    /// rules are shown derived proofs only.
    fn check_statements(
        &self,
        root: &RootContext,
        proof: &Value<'_>,
        key: &PublicKey,
    ) -> Result<Result<(), Outcome>, Fault> {
        let mut check = selective::verify(root, self.value, proof, key)?;
        if check == selective::Check::OtherForm(selective::Form::Base)
            && self.question.policy == Policy::Badge
        {
            check = selective::verify_base(root, self.value, proof, key)?;
        }
        Ok(match check {
            selective::Check::Holds => Ok(()),
            selective::Check::Fails(_) => Err(broken(Suite::EcdsaSd2023, proof)),
            selective::Check::Malformed(_) | selective::Check::OtherForm(_) => {
                Err(Outcome::Failed(Failure::MalformedProof {
                    member: "proofValue",
                }))
            }
        })
    }

    /// The proofs that a chained proof builds on (VC-DI, 4.5, step 5).
    fn previous(&self, proof: &Value<'_>) -> Result<Vec<&Value<'_>>, Failure> {
        let ids = proof.list("previousProof");
        let mut found: Vec<&Value<'_>> = Vec::new();
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
            let other = other.ok_or_else(|| Failure::PreviousProof {
                proof: id.to_owned(),
            })?;
            // Each that is named is hashed.
            if found.iter().any(|known| std::ptr::eq(*known, other)) {
                return Err(Failure::MalformedProof {
                    member: "previousProof",
                });
            }
            found.push(other);
        }
        Ok(found)
    }

    /// A date in a proof. One without a zone is of UTC (VC Data Integrity, 2.1), which a reader may
    /// accept, and the policy for badges does not.
    fn proof_time(&self, text: &str) -> Option<OffsetDateTime> {
        match parse_date_time(text) {
            Ok(time) => Some(time),
            Err(DateTimeError::NoZone { .. }) if self.question.policy == Policy::DataIntegrity => {
                parse_date_time(&format!("{text}Z")).ok()
            }
            Err(_) => None,
        }
    }

    fn check_dates(&self, proof: &Value<'_>) -> Result<(), Failure> {
        let date = |member: &'static str| match proof.get(member) {
            None => Ok(None),
            Some(value) => value
                .as_str()
                .and_then(|text| self.proof_time(text))
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
    fn older_hashes(
        &self,
        suite: Suite,
        method: Method,
        proof: &Value<'_>,
        previous: &[&Value<'_>],
    ) -> Option<(Hash, Hash)> {
        if method.0 == Canonicalization::Jcs || !mentions(self.value, ENDORSEMENT_JWT) {
            return None;
        }
        let without = without(self.value, ENDORSEMENT_JWT);
        let older = RootContext::of(&without, Edition::November2025, self.question.policy).ok()?;
        Some((
            hash_configuration(suite, method.1, &older, proof).ok()?,
            hash_document(method, &older, &without, previous).ok()?,
        ))
    }
}

fn holding(suite: Suite, proof: &Value<'_>) -> HoldingProof {
    HoldingProof {
        suite: suite.name().to_owned(),
        verification_method: proof.text("verificationMethod").map(str::to_owned),
        created: proof.text("created").map(str::to_owned),
    }
}

fn broken(suite: Suite, proof: &Value<'_>) -> Outcome {
    Outcome::Failed(Failure::Signature {
        suite: suite.name().to_owned(),
        verification_method: proof.text("verificationMethod").map(str::to_owned),
    })
}

/// A signature as a proof carries it.
enum SignatureValue<'p> {
    /// Over both hashes.
    Plain(Vec<u8>),
    /// Over a JWS header and both hashes.
    Jws(DetachedJws<'p>),
}

impl<'p> SignatureValue<'p> {
    /// What the suite wants, of an algorithm that the key has.
    fn read(suite: Suite, proof: &'p Value<'_>, key: &PublicKey) -> Result<Self, Outcome> {
        let member = suite.value().member();
        let malformed = || Outcome::Failed(Failure::MalformedProof { member });
        let text = proof.text(member).ok_or_else(malformed)?;
        match suite.value() {
            ProofValue::Base58 if text.starts_with('z') => {
                let signature = decode_multibase(text).map_err(|_| malformed())?;
                let fits = Some(signature.len()) == key.signature_length();
                fits.then_some(Self::Plain(signature)).ok_or_else(malformed)
            }
            ProofValue::DetachedJws => {
                let jws = DetachedJws::parse(text).ok_or_else(malformed)?;
                match known_algorithm(&jws.algorithm) {
                    Ok(known) if known == key.algorithm() => Ok(Self::Jws(jws)),
                    // RSA has several.
                    Err(unknown @ Outcome::Unknown(_)) if key.algorithm() == Algorithm::Rs256 => {
                        Err(unknown)
                    }
                    _ => Err(Outcome::Failed(Failure::Algorithm {
                        algorithm: jws.algorithm,
                    })),
                }
            }
            _ => Err(malformed()),
        }
    }

    fn check(&self, key: &PublicKey, configuration: &Hash, document: &Hash) -> SignatureCheck {
        let input = signing_input(configuration, document);
        match self {
            Self::Plain(signature) => key.verify(&input, signature),
            Self::Jws(jws) => key.verify(&jws.signing_input(&input), &jws.signature),
        }
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
