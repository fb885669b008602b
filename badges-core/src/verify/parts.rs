//! The check `parts`: the credentials inside a Comprehensive Learner Record ([CLR 2.0], `ClrSubject`,
//! `verifiableCredential`). Each is judged on its own, with one entry in the report for each; the
//! record's verdict is that of the record.
//!
//! A part with a proof holds by that. One without is what the record's own issuer says: that counts
//! for the issuer's own badges, and proves nothing of anybody else's. Nor does it when statements are
//! what is signed and an object of the part has the same id as a different one elsewhere in the record:
//! then both are one node, and nothing says which of its statements belongs to which part.
//!
//! [CLR 2.0]: https://www.imsglobal.org/spec/clr/v2p0/

use std::collections::BTreeMap;

use super::findings::{Failure, Passed, Unestablished, Unknown};
use super::presentation::judge_credential;
use super::report::{Check, Outcome, Report, Verdict};
use super::secured::{Secured, Security};
use super::{Question, check_schema, judge_secured, status, validity};
use crate::json::{self, Value};
use crate::model::{CredentialKind, issuer_id};
use crate::proof::enveloped::Enveloped;

/// The most parts that are judged.
const MAX_PARTS: usize = 64;

/// Judges the parts of a record that is genuine; of all else there are none.
pub(super) fn check(
    record: &Secured<'_>,
    question: &Question<'_>,
    missing: &mut Vec<String>,
    report: &mut Report,
) {
    if CredentialKind::of(record.credential) != CredentialKind::Record {
        return;
    }
    let subject = record.credential.list("credentialSubject").first();
    let parts = subject.map_or(&[][..], |subject| subject.list("verifiableCredential"));
    let nodes = match &record.security {
        Security::Proofs => Nodes::of(record.credential, parts),
        // The text itself is signed.
        Security::Envelope { .. } => Nodes::default(),
    };
    let gaps = record.gaps_in_parts(question.policy);
    for (index, part) in parts.iter().take(MAX_PARTS).enumerate() {
        let place = format!("credentialSubject.verifiableCredential[{index}]");
        if part.as_str().is_some() || Enveloped::kind_of(part).is_some() {
            let judged = judge_credential(part, question);
            missing.extend_from_slice(judged.missing());
            report.push(Check::Parts, sum_up(&judged, true, place));
            continue;
        }
        let covered = if nodes.are_mixed_in(part, part.text("id")) {
            Err(Unestablished::MixedParts)
        } else if issuer_id(part).is_none() || issuer_id(part) != record.issuer() {
            Err(Unestablished::NoProof)
        } else {
            Ok(())
        };
        let own = if part.get("proof").is_some() {
            Secured::embedded(part)
        } else {
            Secured::covered(part, gaps)
        };
        let outcome = judge(&own, place, covered, question, missing);
        report.push(Check::Parts, outcome);
    }
    if parts.len() > MAX_PARTS {
        let left = Unknown::PartsLeft {
            found: parts.len(),
            judged: MAX_PARTS,
        };
        report.push(Check::Parts, Outcome::Unknown(left));
    }
}

/// The objects with an id in a record, in which a node can be met several times.
#[derive(Default)]
struct Nodes<'v>(BTreeMap<&'v str, Node>);

struct Node {
    /// The part where it was met first; `None` is the record itself.
    owner: Option<usize>,
    text: String,
    /// Whether it was met in another place too, and was something else there.
    is_elsewhere: bool,
    is_different: bool,
}

impl<'v> Nodes<'v> {
    fn of(record: &'v Value<'v>, parts: &'v [Value<'v>]) -> Self {
        let mut nodes = Self::default();
        for (index, part) in parts.iter().enumerate() {
            nodes.collect(part, Some(index));
        }
        // The record's subject is the holder, as that of each part: it has the parts, and what else
        // it has is of no use inside one.
        for (name, value) in record.as_object().into_iter().flatten() {
            match value.items() {
                [Value::Object(members)] if name == "credentialSubject" => members
                    .iter()
                    .filter(|(name, _)| name != "verifiableCredential")
                    .for_each(|(_, value)| nodes.collect(value, None)),
                _ => nodes.collect(value, None),
            }
        }
        nodes
    }

    fn collect(&mut self, value: &'v Value<'v>, owner: Option<usize>) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.collect(item, owner)),
            Value::Object(members) => {
                // What names something, or comments on it, has nothing that could be another's.
                let only_names = members
                    .iter()
                    .all(|(name, _)| ["id", "type", "endorsementComment"].contains(&&**name));
                if let Some(id) = value.text("id").filter(|_| !only_names) {
                    let text = json::canonical(value);
                    match self.0.get_mut(id) {
                        Some(node) => {
                            node.is_elsewhere |= node.owner != owner;
                            node.is_different |= node.text != text;
                        }
                        None => {
                            let node = Node {
                                owner,
                                text,
                                is_elsewhere: false,
                                is_different: false,
                            };
                            self.0.insert(id, node);
                        }
                    }
                }
                members
                    .iter()
                    .for_each(|(_, value)| self.collect(value, owner));
            }
            _ => {}
        }
    }

    /// Whether a statement about something in this part could be one of another part. Of the part
    /// itself every other object counts, wherever it stands: its dates and status are read.
    fn are_mixed_in(&self, part: &Value<'_>, own: Option<&str>) -> bool {
        match part {
            Value::Array(items) => items.iter().any(|item| self.are_mixed_in(item, own)),
            Value::Object(members) => {
                let id = part.text("id");
                let node = id.and_then(|id| self.0.get(id));
                node.is_some_and(|node| node.is_different && (node.is_elsewhere || id == own))
                    || members
                        .iter()
                        .any(|(_, value)| self.are_mixed_in(value, own))
            }
            _ => false,
        }
    }
}

fn judge(
    own: &Secured<'_>,
    place: String,
    covered: Result<(), Unestablished>,
    question: &Question<'_>,
    missing: &mut Vec<String>,
) -> Outcome {
    let mut report = Report::empty();
    report.credential = Some(own.summary());
    let is_signed = own.credential.get("proof").is_some();
    if is_signed {
        let read = Passed::read_inside();
        judge_secured(own, question, read, missing, &mut report);
    } else {
        judge_unsigned(own, covered, question, missing, &mut report);
    }
    sum_up(&report, is_signed, place)
}

/// What the report of a part means for the record.
fn sum_up(report: &Report, is_signed: bool, place: String) -> Outcome {
    let credential = report.credential.as_ref();
    let name = credential.and_then(|part| part.name.clone());
    let issuer = credential.and_then(|part| part.issuer.id.clone());
    let reason = || {
        let reason = report.reason();
        reason.map_or_else(String::new, |(_, outcome)| outcome.id().to_owned())
    };
    match report.verdict() {
        Verdict::Valid if is_signed => Outcome::Passed(Passed::PartHolds {
            place,
            name,
            issuer,
        }),
        Verdict::Valid => Outcome::Passed(Passed::PartCovered {
            place,
            name,
            issuer,
        }),
        Verdict::Unknown => Outcome::Unknown(Unknown::PartUnknown {
            place,
            name,
            reason: reason(),
        }),
        verdict => Outcome::Failed(Failure::PartFails {
            place,
            name,
            verdict,
            reason: reason(),
        }),
    }
}

/// The record's proof covers the part: what is left are the part's own form, time and status.
fn judge_unsigned(
    part: &Secured<'_>,
    covered: Result<(), Unestablished>,
    question: &Question<'_>,
    missing: &mut Vec<String>,
    report: &mut Report,
) {
    if let Err(outcome) = part.check_form(question.policy) {
        return report.push(Check::Form, outcome);
    }
    report.push(Check::Schema, check_schema(part, question.policy));
    report.push(Check::Validity, validity::check(part, question));
    if let Err(reason) = covered {
        let unknown = Unknown::IssuerNotEstablished {
            issuer: part.issuer().unwrap_or_default().to_owned(),
            method: None,
            reason,
        };
        report.push(Check::Issuer, Outcome::Unknown(unknown));
    }
    status::check(part, covered.is_ok(), question, missing, report);
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::credential::{UnsignedCredential, verification_method};
    use crate::did::did_key;
    use crate::documents::Documents;
    use crate::key::SigningKey;
    use crate::model::parse_date_time;
    use crate::proof::data_integrity::ProofOptions;
    use crate::verify::verify;

    fn key(seed: u8) -> SigningKey {
        SigningKey::ed25519(&[seed; 32])
    }

    fn issuer(seed: u8) -> String {
        did_key(key(seed).public_key()).unwrap()
    }

    fn sign(json: &str, seed: u8) -> String {
        let key = key(seed);
        let options = ProofOptions {
            verification_method: verification_method(&issuer(seed), key.public_key()),
            created: "2026-05-01T00:00:00Z".to_owned(),
            ..ProofOptions::default()
        };
        let unsigned = UnsignedCredential::from_json(json).unwrap();
        unsigned.sign(&key, &options).unwrap().into_text()
    }

    fn badge(number: u8, issuer: &str, until: &str) -> String {
        format!(
            r#"{{"@context":["https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
            "id":"urn:uuid:badge-{number}","type":["VerifiableCredential","OpenBadgeCredential"],
            "issuer":{{"id":"{issuer}","type":["Profile"],"name":"Example"}},
            "validFrom":"2026-05-01T00:00:00Z","validUntil":"{until}","name":"Badge {number}",
            "credentialSubject":{{"id":"urn:uuid:holder","type":["AchievementSubject"],
            "achievement":{{"id":"urn:uuid:achievement","type":["Achievement"],
            "name":"Editor","description":"Edits.","criteria":{{"narrative":"Edit."}}}}}}}}"#
        )
    }

    fn record(parts: &[String]) -> String {
        let json = format!(
            r#"{{"@context":["https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
            "id":"urn:uuid:record","type":["VerifiableCredential","ClrCredential"],
            "issuer":{{"id":"{}","type":["Profile"],"name":"Example"}},
            "validFrom":"2026-05-01T00:00:00Z","name":"All badges",
            "credentialSubject":{{"id":"urn:uuid:holder","type":["ClrSubject"],
            "verifiableCredential":[{}]}}}}"#,
            issuer(1),
            parts.join(",")
        );
        sign(&json, 1)
    }

    fn judge(text: &str) -> (Verdict, Vec<serde_json::Value>) {
        let documents = Documents::new();
        let at = parse_date_time("2026-06-01T00:00:00Z").unwrap();
        let report = verify(text.as_bytes(), &Question::new(&documents, at));
        let parts = report.outcomes(Check::Parts);
        let parts = parts.map(|part| serde_json::to_value(part).unwrap());
        (report.verdict(), parts.collect())
    }

    #[test]
    fn each_part_of_a_record_has_its_own_verdict() {
        const LATER: &str = "2027-01-01T00:00:00Z";
        const OVER: &str = "2026-05-02T00:00:00Z";
        let other = issuer(2);
        let unsigned = "urn:x:1";
        let parts = [
            sign(&badge(1, &issuer(1), LATER), 1),
            sign(&badge(2, &other, LATER), 2),
            sign(&badge(3, &other, OVER), 2),
            sign(&badge(4, &other, LATER), 2).replace("Badge 4", "Badge 5"),
            badge(6, &issuer(1), LATER),
            badge(7, &issuer(1), OVER),
            badge(8, unsigned, LATER),
        ];
        let (verdict, parts) = judge(&record(&parts));
        assert_eq!(verdict, Verdict::Valid, "{parts:?}");
        let told: Vec<_> = parts
            .iter()
            .map(|part| {
                let text = |member: &str| part[member].as_str().unwrap_or_default();
                [text("id"), text("verdict"), text("reason")].join(" ")
            })
            .collect();
        assert_eq!(
            told,
            [
                "parts.valid  ",
                "parts.valid  ",
                "parts.invalid expired validity.expired",
                "parts.invalid invalid proof.signature",
                "parts.covered  ",
                "parts.invalid expired validity.expired",
                "parts.unknown  issuer.not-established",
            ]
        );
        assert_eq!(parts[1]["issuer"], other);
        assert_eq!(parts[1]["name"], "Badge 2");
        assert_eq!(
            parts[1]["place"],
            "credentialSubject.verifiableCredential[1]"
        );
    }

    #[test]
    fn more_parts_than_are_judged_are_told() {
        let part = badge(1, &issuer(1), "2027-01-01T00:00:00Z");
        let (_, parts) = judge(&record(&vec![part; MAX_PARTS + 1]));
        assert_eq!(parts.len(), MAX_PARTS + 1);
        let last = &parts[MAX_PARTS];
        assert_eq!(last["id"], "parts.too-many");
        assert_eq!(last["found"], MAX_PARTS + 1);
        let told = parts.iter().filter(|part| part["id"] == "parts.covered");
        assert_eq!(told.count(), MAX_PARTS);
    }

    #[test]
    fn what_belongs_to_a_part_must_be_signed() {
        let until = "2027-01-01T00:00:00Z";
        let one = badge(1, &issuer(1), until);
        let two = badge(2, &issuer(1), until).replace("urn:uuid:achievement", "urn:uuid:prize");
        let (_, parts) = judge(&record(&[one.clone(), two.clone()]));
        // The holder's two achievements could change places.
        assert!(
            parts.iter().all(|part| part["id"] == "parts.unknown"),
            "{parts:?}"
        );
        let (_, parts) = judge(&record(&[
            one,
            two.replace("urn:uuid:holder", "urn:uuid:other"),
        ]));
        assert!(
            parts.iter().all(|part| part["id"] == "parts.covered"),
            "{parts:?}"
        );
    }

    #[test]
    fn a_record_is_judged_as_a_whole() {
        let text = record(&[badge(1, &issuer(1), "2027-01-01T00:00:00Z")]);
        let altered = text.replace("Badge 1", "Badge 2");
        assert_eq!(judge(&altered), (Verdict::Invalid, Vec::new()));
        let (verdict, parts) = judge(&record(&["{}".to_owned()]));
        assert_eq!((verdict, parts.len()), (Verdict::Valid, 1));
        assert_eq!(parts[0]["id"], "parts.invalid");
    }
}
