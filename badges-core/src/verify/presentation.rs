//! Presentations: who shows which credentials (Verifiable Credentials 2.0, section 4.13). The proof is
//! the holder's, made for this one question, and every credential in it is judged on its own.

use super::findings::{Failure, Passed, Unknown};
use super::form::{Form, Opened, Parsed};
use super::jose::Signed;
use super::report::{Check, Outcome, Report};
use super::secured::{Secured, Unreadable};
use super::{Purpose, Question, conforms, judge_form, judge_whole, proofs, validity};
use crate::did::did_of;
use crate::json::{self, Value};
use crate::jsonld::{Edition, RootContext};
use crate::model::schema;
use crate::proof::is_media_type;

/// What the presentation must answer, where that was asked (VC Data Integrity, 2.1).
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    /// The proof's `challenge`.
    pub challenge: Option<&'a str>,
    /// The proof's `domain`, or one of several.
    pub domain: Option<&'a str>,
}

/// A presentation, judged.
#[derive(Clone, Debug)]
pub struct PresentationReport {
    /// Of the presentation itself: its form, what it consists of, its proof, and, as the check `issuer`,
    /// whether the key is the holder's.
    pub report: Report,
    /// Of each credential in it, in their order.
    pub credentials: Vec<Report>,
}

impl PresentationReport {
    /// Documents that are not there, of the presentation and its credentials; see
    /// [`Report::missing`].
    #[must_use]
    pub fn missing(&self) -> Vec<String> {
        let mut missing = self.report.missing.clone();
        for credential in &self.credentials {
            missing.extend_from_slice(&credential.missing);
        }
        missing.sort_unstable();
        missing.dedup();
        missing
    }
}

/// The most credentials of a presentation that are judged.
const MAX_CREDENTIALS: usize = 64;

/// Judges a presentation, given as JSON: with a proof inside, or as an envelope around a JWT.
#[must_use]
pub fn verify_presentation(
    text: &str,
    question: &Question<'_>,
    asked: Asked<'_>,
) -> PresentationReport {
    let mut judged = PresentationReport {
        report: Report::empty(),
        credentials: Vec::new(),
    };
    if let Err(Unreadable(outcome)) = judge(text, question, asked, &mut judged) {
        judged.report.push(Check::Form, outcome);
    }
    judged
}

fn judge(
    text: &str,
    question: &Question<'_>,
    asked: Asked<'_>,
    judged: &mut PresentationReport,
) -> Result<(), Unreadable> {
    let outer = json::parse(text).map_err(|error| {
        failed(Failure::Syntax {
            line: error.line,
            column: error.column,
            reason: error.fault.to_string(),
        })
    })?;
    if outer.as_object().is_none() {
        return Err(failed(Failure::NotABadge {
            found: format!("{} where a presentation should be", outer.kind()),
        }));
    }
    let envelope = Opened::open(&outer).map_err(failed)?;
    let form = envelope.as_ref().map(Opened::form).transpose();
    let form = form.map_err(failed)?;
    let parsed = form.as_ref().map(Form::parse).transpose();
    let parsed = parsed.map_err(failed)?;
    let shown = match (&form, &parsed) {
        (None, _) | (_, None) => Shown {
            presentation: &outer,
            envelope: None,
        },
        (
            Some(Form::Jwt(jws)),
            Some(Parsed {
                document,
                header: Some(header),
                ..
            }),
        ) => {
            let typ = header.get("typ");
            let is_known = |typ: &Value<'_>| {
                let known = ["JWT", "vp+jwt", "vp+ld+jwt"].iter();
                typ.as_str()
                    .is_some_and(|typ| known.clone().any(|known| is_media_type(typ, known)))
            };
            if let Some(foreign) = typ.filter(|typ| !is_known(typ)) {
                return Err(failed(Failure::OtherType {
                    types: vec![json::canonical(foreign)],
                }));
            }
            Shown {
                // Version 1.1 has the presentation in a claim.
                presentation: document.get("vp").unwrap_or(document),
                envelope: Some((Signed::jws(jws, header), document)),
            }
        }
        (Some(form), Some(_)) => {
            return Err(Unreadable(Outcome::Unknown(Unknown::Suite {
                suite: form.name().to_owned(),
            })));
        }
    };
    shown.judge(question, asked, judged)
}

/// A presentation taken apart.
struct Shown<'v> {
    presentation: &'v Value<'v>,
    /// The JWT around it and its claims.
    envelope: Option<(Signed<'v>, &'v Value<'v>)>,
}

impl Shown<'_> {
    fn judge(
        &self,
        question: &Question<'_>,
        asked: Asked<'_>,
        judged: &mut PresentationReport,
    ) -> Result<(), Unreadable> {
        let PresentationReport {
            report,
            credentials,
        } = judged;
        RootContext::of(self.presentation, Edition::NEWEST, question.policy)?;
        let own = Question {
            purpose: Purpose::Authentication,
            ..*question
        };
        let mut missing = Vec::new();
        let proofs = match &self.envelope {
            None => {
                let secured = Secured::embedded(self.presentation);
                proofs::check(&secured, self.holder(), &own, &mut missing)?
            }
            Some((signed, _)) => proofs::check_signed(signed, self.holder(), &own, &mut missing),
        };
        report.missing = missing;
        report.push(
            Check::Form,
            Outcome::Passed(Passed::FormRead {
                form: if self.envelope.is_some() {
                    "jwt"
                } else {
                    "json"
                },
                enveloped: self.envelope.is_some(),
                image: None,
                undisclosed: 0,
                notes: Vec::new(),
            }),
        );
        report.push(
            Check::Schema,
            conforms(schema::check_presentation(self.presentation)),
        );
        let proof = match self.other_question(asked) {
            Some(member) if matches!(proofs.proof, Outcome::Passed(_)) => {
                Outcome::Failed(Failure::OtherQuestion { member })
            }
            _ => proofs.proof,
        };
        report.push(Check::Proof, proof);
        if let Some(holder) = proofs.issuer {
            report.push(Check::Issuer, holder);
        }
        if let Some((_, claims)) = &self.envelope {
            report.push(Check::Validity, self.check_claims(claims, question));
        }
        let members = self.presentation.list("verifiableCredential").iter();
        // Some signers put the list into a list.
        let shown: Vec<&Value<'_>> = members
            .flat_map(|member| match member {
                Value::Array(list) => list.as_slice(),
                other => std::slice::from_ref(other),
            })
            .collect();
        for credential in shown.iter().take(MAX_CREDENTIALS) {
            credentials.push(judge_credential(credential, question));
        }
        if shown.len() > MAX_CREDENTIALS {
            report.fail(
                Check::Form,
                Failure::TooManyCredentials {
                    found: shown.len(),
                    limit: MAX_CREDENTIALS,
                },
            );
        }
        Ok(())
    }

    /// `holder`, an id or an object with one.
    fn named_holder(&self) -> Option<&str> {
        let holder = self.presentation.get("holder")?;
        holder.as_str().or_else(|| holder.text("id"))
    }

    /// The claims of a JWT: when it may be used, and that its issuer is the holder (Verifiable
    /// Credentials 1.1, 6.3.1; RFC 7519, 4.1).
    fn check_claims(&self, claims: &Value<'_>, question: &Question<'_>) -> Outcome {
        let holder = self.named_holder();
        let said = |claim, value| Failure::Claim {
            claim,
            claimed: json::canonical(value),
            credential: holder.unwrap_or("nothing").to_owned(),
        };
        if let (Some(issuer), Some(holder)) = (claims.get("iss"), holder)
            && issuer.as_str() != Some(holder)
        {
            return Outcome::Failed(said("iss", issuer));
        }
        validity::check_claims(claims, question)
    }

    /// `holder`, or, where a presentation names none, whoever the key belongs to.
    fn holder(&self) -> Option<&str> {
        self.named_holder().or_else(|| match &self.envelope {
            Some((_, claims)) => claims.text("iss"),
            None => {
                let proof = self.presentation.list("proof").first()?;
                let method = proof.text("verificationMethod")?;
                Some(did_of(method).unwrap_or_else(|| method.split('#').next().unwrap_or(method)))
            }
        })
    }

    /// The member of a proof, or of a JWT's claims, that is not what was asked.
    fn other_question(&self, asked: Asked<'_>) -> Option<&'static str> {
        [
            ("challenge", "nonce", asked.challenge),
            ("domain", "aud", asked.domain),
        ]
        .into_iter()
        .find_map(|(member, claim, expected)| {
            let expected = expected?;
            let says = |value: &Value<'_>, member: &str| {
                let mut given = value.list(member).iter();
                given.any(|given| given.as_str() == Some(expected))
            };
            let answered = match &self.envelope {
                Some((_, claims)) => says(claims, claim),
                None => {
                    let mut proofs = self.presentation.list("proof").iter();
                    proofs.all(|proof| says(proof, member))
                }
            };
            (!answered).then_some(member)
        })
    }
}

const fn failed(failure: Failure) -> Unreadable {
    Unreadable(Outcome::Failed(failure))
}

/// A credential in a presentation or a record: an object, an envelope, or, in version 1.1, a JWT as
/// text.
pub(super) fn judge_credential(credential: &Value<'_>, question: &Question<'_>) -> Report {
    let judged = match credential.as_str() {
        Some(text) => {
            Form::detect(text.as_bytes()).map(|form| judge_form(&form, false, None, question))
        }
        None => Opened::open(credential).and_then(|envelope| match envelope {
            Some(envelope) => envelope
                .form()
                .map(|form| judge_form(&form, true, None, question)),
            None => {
                let read = Passed::read_inside();
                Ok(judge_whole(&Secured::embedded(credential), read, question))
            }
        }),
    };
    judged.unwrap_or_else(|failure| {
        let mut report = Report::empty();
        report.fail(Check::Form, failure);
        report
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::credential::verification_method;
    use crate::did::did_key;
    use crate::documents::Documents;
    use crate::key::SigningKey;
    use crate::proof::jwt;
    use time::OffsetDateTime;

    #[test]
    fn the_claims_of_a_jwt_count() {
        let key = SigningKey::ed25519(&[7; 32]);
        let holder = did_key(key.public_key()).unwrap();
        let kid = verification_method(&holder, key.public_key());
        let told = |typ: &str, claims: &str| {
            let header = format!(r#"{{"alg":"EdDSA","kid":"{kid}"{typ}}}"#);
            let payload = format!(
                r#"{{"@context":["https://www.w3.org/ns/credentials/v2"],"holder":"{holder}",
                "type":["VerifiablePresentation"]{claims}}}"#
            );
            let input = jwt::signing_input(&header, &payload);
            let signature = key.sign(input.as_bytes()).unwrap();
            let text = format!(
                r#"{{"@context":"https://www.w3.org/ns/credentials/v2",
                "type":"EnvelopedVerifiablePresentation","id":"data:application/vp+jwt,{}"}}"#,
                jwt::finish(input, &signature)
            );
            let documents = Documents::new();
            let at = OffsetDateTime::from_unix_timestamp(1_780_000_000).unwrap();
            let question = Question::new(&documents, at);
            let report = verify_presentation(&text, &question, Asked::default()).report;
            let reason = report.reason().map(|(_, outcome)| outcome.id());
            reason.unwrap_or("valid")
        };
        for (typ, claims, expected) in [
            (r#","typ":"vp+jwt""#, "", "valid"),
            ("", r#","nbf":1779999999,"exp":1780000001"#, "valid"),
            ("", r#","exp":1000"#, "validity.expired"),
            ("", r#","nbf":4102444800"#, "validity.not-yet"),
            ("", r#","exp":"never""#, "proof.claim"),
            ("", r#","iss":"did:web:other.example""#, "proof.claim"),
            (r#","typ":"vc+jwt""#, "", "form.type"),
            (r#","typ":7"#, "", "form.type"),
        ] {
            assert_eq!(told(typ, claims), expected, "{typ} {claims}");
        }
    }

    #[test]
    fn more_credentials_than_are_judged_are_refused() {
        let credentials = vec!["{}"; MAX_CREDENTIALS + 1].join(",");
        let text = format!(
            r#"{{"@context":["https://www.w3.org/ns/credentials/v2"],
            "type":["VerifiablePresentation"],"verifiableCredential":[{credentials}]}}"#
        );
        let documents = Documents::new();
        let question = Question::new(&documents, OffsetDateTime::UNIX_EPOCH);
        let judged = verify_presentation(&text, &question, Asked::default());
        assert_eq!(judged.credentials.len(), MAX_CREDENTIALS);
        let failure = Failure::TooManyCredentials {
            found: MAX_CREDENTIALS + 1,
            limit: MAX_CREDENTIALS,
        };
        let mut forms = judged.report.outcomes(Check::Form);
        assert!(forms.any(|form| *form == Outcome::Failed(failure.clone())));
    }
}
