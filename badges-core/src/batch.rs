//! Many badges of one achievement, signed faster: what is the same in all of them is compiled once.
//!
//! The statements of a prototype are kept, and for each badge only the texts that differ are put
//! in. Its canonical form is computed anew, for the labels of blank nodes depend on every text: of
//! 200 badges that differed in an identifier, 164 had other labels. The result is the same text
//! and the same signature as signing each badge on its own.

use sha2::Sha256;

use crate::bake;
use crate::credential::{SignedCredential, UnsignedCredential, UnvaluedProof};
use crate::error::Error;
use crate::iri::is_absolute_iri;
use crate::json;
use crate::jsonld::{Dataset, Fault, FaultKind, Part, Term, canonicalize, escape};
use crate::key::SigningKey;
use crate::proof::data_integrity::{Hash, ProofOptions};
use crate::proof::suite::{Canonicalization, Hashing};

/// A badge to be signed many times, with other texts in some places.
#[derive(Clone)]
pub struct Batch {
    /// The prototype's text, cut where a slot's text stands.
    pieces: Vec<Piece>,
    statements: Dataset,
    mark: usize,
    terms: Vec<SlotTerm>,
    /// Absent for suites that do not sign statements as a whole: their badges go the long way.
    proof: Option<UnvaluedProof>,
    key: SigningKey,
    options: ProofOptions,
    slots: usize,
}

#[derive(Clone)]
enum Piece {
    Text(String),
    Slot(usize),
}

/// A term whose text comes from a slot.
#[derive(Clone)]
struct SlotTerm {
    term: Term,
    slot: usize,
    /// What follows the closing quote of a literal; `None` for an IRI.
    literal: Option<String>,
}

impl Batch {
    /// Prepares a batch. Each slot is the text of a JSON string in the prototype, written there
    /// without escapes, that differs from badge to badge; it may stand in several places. Choose
    /// texts that occur nowhere else, such as random identifiers.
    ///
    /// # Errors
    /// [`Error::NoSlot`] for a slot that is not in the prototype, and as
    /// [`UnsignedCredential::sign`].
    pub fn new(
        prototype: &UnsignedCredential,
        slots: &[&str],
        key: SigningKey,
        options: ProofOptions,
    ) -> Result<Self, Error> {
        let document = json::parse(prototype.text())?;
        let statements = prototype.root().to_rdf(&document, Part::Unsecured)?;
        let mut terms = Vec::new();
        for (slot, text) in slots.iter().enumerate() {
            let before = terms.len();
            let iri = format!("<{text}>");
            let mut quoted = String::from("\"");
            escape(text, &mut quoted);
            quoted.push('"');
            for term in statements.terms() {
                let known = statements.text(term);
                let literal = known.strip_prefix(&quoted).map(str::to_owned);
                if literal.is_some() || known == iri {
                    terms.push(SlotTerm {
                        term,
                        slot,
                        literal,
                    });
                }
            }
            if terms.len() == before || !prototype.text().contains(&format!("\"{text}\"")) {
                return Err(Error::NoSlot {
                    text: (*text).to_owned(),
                });
            }
        }
        Ok(Self {
            pieces: cut(prototype.text(), slots),
            mark: statements.mark(),
            statements,
            terms,
            proof: Some(UnvaluedProof::new(
                prototype.root(),
                prototype.text(),
                &key,
                &options,
            )?)
            .filter(|proof| proof.method == (Canonicalization::Rdfc, Hashing::Sha256)),
            key,
            options,
            slots: slots.len(),
        })
    }

    /// Signs the badge that has these texts in its slots, in the order of the slots.
    ///
    /// # Errors
    /// [`Error::NoSlot`] when there are not as many texts as slots, [`Error::Fault`] for a text
    /// that cannot stand where the slot does.
    pub fn sign(&mut self, texts: &[&str]) -> Result<SignedCredential, Error> {
        if texts.len() != self.slots {
            return Err(Error::NoSlot {
                text: texts.join(", "),
            });
        }
        let mut substitutes = Vec::with_capacity(self.terms.len());
        for slot in &self.terms {
            substitutes.push((slot.term, slot.fill(texts[slot.slot])?));
        }
        let unsigned = self.fill(texts);
        // Two texts that were different in the prototype may be the same here: then the statements
        // are others, and this one badge goes the long way.
        let distinct = self.statements.substitute(self.mark, &substitutes);
        let Some(proof) = self.proof.as_ref().filter(|_| distinct) else {
            return UnsignedCredential::from_json(&unsigned)?.sign(&self.key, &self.options);
        };
        let canonical = canonicalize(&self.statements).map_err(Fault::from)?;
        let hash = Hash::Sha256(canonical.hash::<Sha256>().into());
        let proof = proof.sign(&hash, &self.key)?;
        Ok(SignedCredential::with_proof(&unsigned, &proof))
    }

    fn fill(&self, texts: &[&str]) -> String {
        let quoted: Vec<String> = texts
            .iter()
            .map(|text| bake::escape_json(&json::quoted(text)).into_owned())
            .collect();
        let mut filled = String::with_capacity(8 * 1024);
        for piece in &self.pieces {
            filled.push_str(match piece {
                Piece::Text(text) => text,
                Piece::Slot(slot) => &quoted[*slot],
            });
        }
        filled
    }
}

impl SlotTerm {
    fn fill(&self, text: &str) -> Result<String, Error> {
        match &self.literal {
            Some(suffix) => {
                let mut literal = String::with_capacity(text.len() + suffix.len() + 2);
                literal.push('"');
                escape(text, &mut literal);
                literal.push('"');
                literal.push_str(suffix);
                Ok(literal)
            }
            None if is_absolute_iri(text) => Ok(format!("<{text}>")),
            None => Err(Fault::from(FaultKind::InvalidIri {
                iri: text.to_owned(),
            })
            .into()),
        }
    }
}

/// Cuts a text at the JSON strings that are slots.
fn cut(text: &str, slots: &[&str]) -> Vec<Piece> {
    let needles: Vec<String> = slots.iter().map(|slot| format!("\"{slot}\"")).collect();
    let mut pieces = Vec::new();
    let mut rest = text;
    loop {
        let next = needles
            .iter()
            .enumerate()
            .filter_map(|(slot, needle)| Some((rest.find(needle)?, slot)))
            .min();
        let Some((at, slot)) = next else {
            pieces.push(Piece::Text(rest.to_owned()));
            return pieces;
        };
        pieces.push(Piece::Text(rest[..at].to_owned()));
        pieces.push(Piece::Slot(slot));
        rest = &rest[at + needles[slot].len()..];
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::credential::verification_method;

    const SLOTS: [&str; 4] = [
        "urn:uuid:6c1f0d52-93b7-4e0e-8a43-2d1b7c5f90aa",
        "urn:uuid:00000000-0000-4000-8000-000000000001",
        "sha256$00000000000000000000000000000000000000000000000000000000000000aa",
        "PLACE-0001",
    ];

    fn prototype() -> String {
        format!(
            r#"{{"@context":["https://www.w3.org/ns/credentials/v2","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
            "id":"{}","type":["VerifiableCredential","OpenBadgeCredential"],
            "issuer":{{"id":"did:key:z6MknRctahLqF8rrEXEFJPizSJbxjdkt4opvZ34xE7VrJvxa","type":["Profile"],"name":"Example"}},
            "validFrom":"2026-01-01T00:00:00Z",
            "credentialSubject":{{"id":"{}","type":["AchievementSubject"],"licenseNumber":"{}",
              "identifier":[{{"type":"IdentityObject","hashed":true,"identityHash":"{}","identityType":"userName"}},
                            {{"type":"IdentityObject","hashed":false,"identityHash":"Example Volunteer","identityType":"name"}}],
              "achievement":{{"id":"urn:uuid:6c1f0d52-93b7-4e0e-8a43-2d1b7c5f90ab","type":["Achievement"],"name":"First steps",
                "description":"{}","criteria":{{"narrative":"Took part"}}}}}}}}"#,
            SLOTS[0], SLOTS[1], SLOTS[3], SLOTS[2], "Twenty articles"
        )
    }

    fn key() -> SigningKey {
        SigningKey::ed25519(&[5; 32])
    }

    fn options() -> ProofOptions {
        ProofOptions {
            verification_method: verification_method("did:key:z6Mk", key().public_key()),
            created: "2026-01-01T00:00:00Z".to_owned(),
            ..ProofOptions::default()
        }
    }

    #[test]
    fn a_batch_signs_what_signing_alone_signs() {
        let unsigned = UnsignedCredential::from_json(&prototype()).unwrap();
        let mut batch = Batch::new(&unsigned, &SLOTS, key(), options()).unwrap();
        for number in 0..200 {
            let id = format!("urn:uuid:{number:08}-0000-4000-8000-000000000000");
            // Every tenth badge has the same text in two places.
            let subject = if number % 10 == 0 {
                id.clone()
            } else {
                format!("https://example.org/e/{number}")
            };
            let hash = format!("sha256${number:064x}");
            let license = format!("No. {number} {{\"quoted\"}}\t\u{1F600}");
            let texts = [id.as_str(), &subject, &hash, &license];
            let signed = batch.sign(&texts).unwrap();
            let mut alone = prototype();
            for (slot, text) in SLOTS.iter().zip(texts) {
                let text = json::quoted(text);
                alone = alone.replace(&format!("\"{slot}\""), &text);
            }
            let alone = UnsignedCredential::from_json(&alone).unwrap();
            assert_eq!(signed, alone.sign(&key(), &options()).unwrap());
        }
    }

    #[test]
    fn texts_that_cannot_stand_there_are_refused() {
        let unsigned = UnsignedCredential::from_json(&prototype()).unwrap();
        assert!(matches!(
            Batch::new(&unsigned, &["nowhere"], key(), options()).err(),
            Some(Error::NoSlot { .. })
        ));
        let mut batch = Batch::new(&unsigned, &SLOTS[..1], key(), options()).unwrap();
        assert!(matches!(batch.sign(&[]).err(), Some(Error::NoSlot { .. })));
        assert!(matches!(
            batch.sign(&["no iri"]).err(),
            Some(Error::Fault(_))
        ));
        // A refusal leaves the batch as it was.
        assert!(batch.sign(&["urn:example:1"]).is_ok());
    }
}
