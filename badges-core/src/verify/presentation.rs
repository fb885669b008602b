//! Presentations: who shows which credentials (Verifiable Credentials 2.0, section 4.13). The proof is
//! the holder's, made for this one question, and every credential in it is judged on its own.

use super::findings::{Failure, Passed};
use super::report::{Check, Outcome, Report};
use super::secured::{self, Form, Secured, Unreadable};
use super::{Purpose, Question, conforms, judge_whole, proofs};
use crate::did::did_of;
use crate::json::Value;
use crate::jsonld::{Edition, RootContext};
use crate::model::schema;

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

/// Judges a presentation, given as JSON.
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
    let failed = |failure| Unreadable(Outcome::Failed(failure));
    let form = Form::detect(text).map_err(failed)?;
    let parsed = secured::parse(text, &form).map_err(failed)?;
    let secured = Secured::new(&parsed, &form).map_err(failed)?;
    let presentation = secured.credential;
    if presentation.as_object().is_none() {
        return Err(failed(Failure::NotABadge {
            found: format!("{} where a presentation should be", presentation.kind()),
        }));
    }
    RootContext::of(presentation, Edition::NEWEST, question.policy)?;
    let PresentationReport {
        report,
        credentials,
    } = judged;
    let own = Question {
        purpose: Purpose::Authentication,
        ..*question
    };
    let mut missing = Vec::new();
    let proofs = proofs::check(&secured, holder(presentation), &own, &mut missing)?;
    report.missing = missing;
    report.push(
        Check::Form,
        Outcome::Passed(Passed::FormRead {
            form: form.name(),
            image: None,
            notes: Vec::new(),
        }),
    );
    report.push(
        Check::Schema,
        conforms(schema::check_presentation(presentation)),
    );
    let proof = match other_question(presentation, asked) {
        Some(member) if matches!(proofs.proof, Outcome::Passed(_)) => {
            Outcome::Failed(Failure::OtherQuestion { member })
        }
        _ => proofs.proof,
    };
    report.push(Check::Proof, proof);
    if let Some(holder) = proofs.issuer {
        report.push(Check::Issuer, holder);
    }
    let shown = presentation.list("verifiableCredential");
    for credential in shown.iter().take(MAX_CREDENTIALS) {
        let read = Passed::FormRead {
            form: "json",
            image: None,
            notes: Vec::new(),
        };
        credentials.push(judge_whole(&Secured::embedded(credential), read, question));
    }
    if shown.len() > MAX_CREDENTIALS {
        report.fail(
            Check::Form,
            Failure::TooLarge {
                limit: MAX_CREDENTIALS,
            },
        );
    }
    Ok(())
}

/// `holder`, or, where a presentation names none, whoever the proof's verification method belongs to.
fn holder<'v>(presentation: &'v Value<'_>) -> Option<&'v str> {
    let holder = presentation.get("holder");
    holder
        .and_then(|holder| holder.as_str().or_else(|| holder.text("id")))
        .or_else(|| {
            let proof = presentation.list("proof").first()?;
            let method = proof.text("verificationMethod")?;
            Some(did_of(method).unwrap_or_else(|| method.split('#').next().unwrap_or(method)))
        })
}

/// The member of a proof that is not what was asked.
fn other_question(presentation: &Value<'_>, asked: Asked<'_>) -> Option<&'static str> {
    [("challenge", asked.challenge), ("domain", asked.domain)]
        .into_iter()
        .find_map(|(member, expected)| {
            let expected = expected?;
            let mut proofs = presentation.list("proof").iter();
            let answered = proofs.all(|proof| {
                let mut given = proof.list(member).iter();
                given.any(|given| given.as_str() == Some(expected))
            });
            (!answered).then_some(member)
        })
}
