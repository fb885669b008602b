//! Answers of the VC-API: always JSON, and a status that says whether it holds.

use std::borrow::Cow;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use badges_core::did::domain;
use badges_core::json::{self, Value};
use badges_core::verify::{Check, Failure, Outcome, PresentationReport, Report};
use serde_json::{Value as Json, json};

use super::JSON;

/// What is wrong, in the words of the standards ([VC-DM 2.0, 7.2], [VC-DI, 4.7]).
///
/// [VC-DM 2.0, 7.2]: https://www.w3.org/TR/vc-data-model-2.0/#problem-details
/// [VC-DI, 4.7]: https://www.w3.org/TR/vc-data-integrity/#processing-errors
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    /// It is not what it should be.
    Parsing,
    /// A value is not as the standard has it.
    Malformed,
    /// A date or a number is out of its range.
    Range,
    /// The proof does not hold.
    Verification,
    /// It answers another question.
    Challenge,
    /// It answers somebody else.
    Domain,
    /// It cannot be signed.
    Generation,
    /// The issuer has taken it back, or it cannot be told.
    Status,
}

impl Problem {
    const fn id(self) -> &'static str {
        match self {
            Self::Parsing => "https://www.w3.org/TR/vc-data-model#PARSING_ERROR",
            Self::Malformed => "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR",
            Self::Range => "https://www.w3.org/TR/vc-data-model#RANGE_ERROR",
            Self::Verification => "https://w3id.org/security#PROOF_VERIFICATION_ERROR",
            Self::Challenge => "https://w3id.org/security#INVALID_CHALLENGE_ERROR",
            Self::Domain => "https://w3id.org/security#INVALID_DOMAIN_ERROR",
            Self::Generation => "https://w3id.org/security#PROOF_GENERATION_ERROR",
            Self::Status => {
                "https://www.w3.org/ns/credentials/status-list#STATUS_VERIFICATION_ERROR"
            }
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Parsing => "It cannot be read.",
            Self::Malformed => "It is not as the standard asks for.",
            Self::Range => "It is not its time.",
            Self::Verification => "The proof does not hold.",
            Self::Challenge => "It was made for another question.",
            Self::Domain => "It was made for somebody else.",
            Self::Generation => "It cannot be signed.",
            Self::Status => "Its status is not in order.",
        }
    }

    fn of(check: Check, outcome: &Outcome) -> Self {
        match (check, outcome) {
            (Check::Form, _) => Self::Parsing,
            (Check::Schema, _) => Self::Malformed,
            (Check::Validity, _) => Self::Range,
            (Check::Status, _) => Self::Status,
            (_, Outcome::Failed(Failure::OtherQuestion { member })) => Self::other_question(member),
            _ => Self::Verification,
        }
    }

    /// When `challenge` or `domain` is not what was asked.
    fn other_question(member: &str) -> Self {
        if member == "domain" {
            Self::Domain
        } else {
            Self::Challenge
        }
    }

    fn detail(self, detail: &str) -> Json {
        json!({"type": self.id(), "title": self.title(), "detail": detail})
    }
}

/// A request that is refused: 400.
#[derive(Clone, Debug)]
pub(super) struct Refusal(Vec<Json>);

impl Refusal {
    pub(super) fn one(problem: Problem, detail: String) -> Self {
        Self(vec![problem.detail(&detail)])
    }

    /// As the answer to issuing or deriving.
    pub(super) fn issuing(self) -> Response {
        let body = json!({"problemDetails": self.0});
        (StatusCode::BAD_REQUEST, axum::Json(body)).into_response()
    }

    /// As the answer to verifying, when there was nothing to judge.
    pub(super) fn verification(self) -> Response {
        let body = json!({"verified": false, "problemDetails": self.0});
        (StatusCode::BAD_REQUEST, axum::Json(body)).into_response()
    }
}

/// A credential that was made: its text as it was signed, with its proof as the suites want it.
pub(super) fn made(text: &str) -> Response {
    let body = format!("{{\"verifiableCredential\":{}}}", with_one_proof(text));
    (StatusCode::CREATED, [(header::CONTENT_TYPE, JSON)], body).into_response()
}

/// The same credential with its only proof as an object. We write a list of one, for 1EdTech's validator
/// (Open Badges 3.0, B.1); several of the suites read an object only. No signature covers which it is.
pub(super) fn with_one_proof(text: &str) -> Cow<'_, str> {
    let document = json::parse(text).ok();
    let proof = document.as_ref().and_then(|document| document.get("proof"));
    match (proof, json::member_span(text, "proof")) {
        (Some(Value::Array(proofs)), Some(span)) if proofs.len() == 1 => {
            let list = text[span.clone()].trim();
            let list = list.strip_prefix('[').unwrap_or(list);
            let proof = list.strip_suffix(']').unwrap_or(list);
            format!("{}{proof}{}", &text[..span.start], &text[span.end..]).into()
        }
        _ => text.into(),
    }
}

/// What speaks against a credential or presentation under the policy, which lets stand that nothing ties
/// the key to the issuer, but not that the issuer's own document, where there is one beside the
/// identifier, speaks against it. A presentation's key must be its holder's: that is all it shows.
fn problems(report: &Report) -> Vec<Json> {
    let issuer = report.credential.as_ref();
    let issuer = issuer.and_then(|credential| credential.issuer.id.as_deref());
    let has_document = issuer.is_some_and(|id| domain(id).is_some());
    let is_presentation = report.credential.is_none();
    let against = |(check, outcome): &&(Check, Outcome)| match check {
        Check::Issuer if !is_presentation => has_document && matches!(outcome, Outcome::Failed(_)),
        Check::Trust | Check::Endorsements => false,
        _ => !matches!(outcome, Outcome::Passed(_)),
    };
    report
        .checks
        .iter()
        .filter(against)
        .map(|(check, outcome)| Problem::of(*check, outcome).detail(&outcome.to_string()))
        .collect()
}

/// `other` is `challenge` or `domain`, if it is not what was asked.
pub(super) fn credential(report: &Report, other: Option<&str>) -> Response {
    let mut against = problems(report);
    against.extend(other.map(|member| {
        let detail = format!("its {member} is not the one that was asked");
        Problem::other_question(member).detail(&detail)
    }));
    verdict(against, json!({"report": report}))
}

/// A problem of one of the credentials says which, counted from 0.
pub(super) fn presentation(judged: &PresentationReport) -> Response {
    let mut against = problems(&judged.report);
    for (index, report) in judged.credentials.iter().enumerate() {
        against.extend(problems(report).into_iter().map(|mut problem| {
            problem["credential"] = index.into();
            problem
        }));
    }
    let found = json!({"report": judged.report, "credentials": judged.credentials});
    verdict(against, found)
}

/// All that was found; the status is 200 when nothing speaks against it.
fn verdict(problems: Vec<Json>, mut found: Json) -> Response {
    found["verified"] = problems.is_empty().into();
    let status = if problems.is_empty() {
        StatusCode::OK
    } else {
        found["problemDetails"] = problems.into();
        StatusCode::BAD_REQUEST
    };
    (status, axum::Json(found)).into_response()
}
