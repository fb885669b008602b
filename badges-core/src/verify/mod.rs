//! Is this badge good? [`verify`] answers with a [`Report`]: one entry a check, each passed, failed
//! or unknown, and a [`Verdict`] computed from them.
//!
//! The order is Open Badges 3.0, section 9.1, with what it leaves open decided strictly: the key
//! must be the issuer's own, all proofs must hold, and what JSON says must be what was signed.
//!
//! Nothing here calls out. What is needed from outside is looked up in [`Documents`]; what is not
//! there is listed in [`Report::missing`]. Until the proof holds, only the issuer's own key is
//! ever asked for, and only an issuer whose key it is makes us ask for a status list: a forged
//! badge cannot send us anywhere.

mod controller;
mod data_integrity;
mod declared;
mod endorsements;
mod findings;
mod form;
mod issuer;
mod jose;
mod mixed;
pub(crate) mod open_badges_2;
mod parts;
mod presentation;
mod proofs;
mod recipient;
mod report;
mod revocation_list;
mod secured;
mod status;
mod trust;
mod validity;
mod wording;

use time::OffsetDateTime;

pub use crate::json_schema::{Mismatch, SchemaFault};
pub use findings::{
    Binding, Contradiction, Failure, HoldingProof, ListFault, Passed, Unestablished, Unknown,
};
pub use presentation::{Asked, PresentationReport, verify_presentation};
pub use recipient::Recipient;
pub use report::{Check, IdentifierSummary, IssuerSummary, Outcome, Report, Summary, Verdict};
pub use trust::{TrustList, TrustListFault};

use crate::bake::{self, BakeError, Format, Note};
use crate::documents::Documents;
use crate::json::Value;
use crate::jsonld::Policy;
use crate::model::schema::{self, Departure, DepartureKind, Reading, Severity};
use crate::model::{CredentialKind, DateTimeError, is_of_draft};
use crate::related;
use form::{Form, Opened, Parsed};
use open_badges_2::Given;
use secured::{Secured, Unreadable};

/// What is asked, and what is known.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// What the outside world answered.
    pub documents: &'a Documents,
    /// The time for which the badge is to be valid.
    pub at: OffsetDateTime,
    /// The time of the question. Status lists and revoked keys are judged by it: what the issuer
    /// has taken back since `at` stays taken back.
    pub now: OffsetDateTime,
    /// How strictly documents are read.
    pub policy: Policy,
    /// What the proofs must have been made for.
    pub purpose: Purpose,
    /// The person it should have been given to, if that is asked.
    pub recipient: Option<Recipient<'a>>,
    /// The issuers that the verifier knows, if that is asked.
    pub trust: Option<&'a TrustList>,
    /// Whether the schemas of others that the credential names (`credentialSchema`) are asked for
    /// and checked. Who serves them then learns which badge is verified, and when, which the issuer
    /// can arrange for each badge apart; so nobody asks unless told to.
    pub schemas: bool,
}

impl<'a> Question<'a> {
    /// Whether a badge is genuine and valid now, strictly.
    #[must_use]
    pub const fn new(documents: &'a Documents, now: OffsetDateTime) -> Self {
        Self {
            documents,
            at: now,
            now,
            policy: Policy::Badge,
            purpose: Purpose::Assertion,
            recipient: None,
            trust: None,
            schemas: false,
        }
    }
}

/// What a proof was made for (VC Data Integrity, 2.1 and 2.3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Purpose {
    /// To state something: a credential.
    #[default]
    Assertion,
    /// To show who somebody is: a presentation.
    Authentication,
}

impl Purpose {
    /// The proof's `proofPurpose`, and the member of a document that lists keys for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Assertion => "assertionMethod",
            Self::Authentication => "authentication",
        }
    }
}

/// The largest file that is read: an image of 16 MiB.
pub const MAX_FILE: usize = 16 << 20;

/// Judges a badge in any form: JSON, JWT or SD-JWT as text, COSE_Sign1 in CBOR or base64, each of
/// them in an envelope of JSON too; baked PNG or SVG.
pub fn verify(badge: &[u8], question: &Question<'_>) -> Report {
    let mut report = Report::empty();
    if badge.len() > MAX_FILE {
        let too_large = Unknown::TooLarge { limit: MAX_FILE };
        report.push(Check::Form, Outcome::Unknown(too_large));
        return report;
    }
    match Format::detect(badge) {
        Some(format) => match bake::extract(badge) {
            Err(BakeError::OpenBadges2) => judge_assertion(badge, format, question, &mut report),
            Ok(extracted) => {
                judge(
                    extracted.text.as_bytes(),
                    Some((format.extension(), extracted.notes)),
                    question,
                    &mut report,
                );
            }
            Err(fault) => report.fail(Check::Form, Failure::Image { fault }),
        },
        None => judge(badge, None, question, &mut report),
    }
    report
}

/// The version of Open Badges before 3.0 that a document is of, such as `2.0`.
#[must_use]
pub fn older_version(document: &Value<'_>) -> Option<&'static str> {
    open_badges_2::older_version(document)
}

/// What counts of a badge of Open Badges 2.0 or before: the assertion, its class and the issuer's
/// profile, as they stand at their own addresses. `None` unless all of them are there.
pub(crate) fn older_documents(
    badge: &[u8],
    question: &Question<'_>,
) -> Option<[Value<'static>; 3]> {
    let carried;
    let badge = match Format::detect(badge) {
        Some(_) => {
            carried = bake::extract_assertion(badge).ok()?.text;
            if let Some(address) = Given::at(&carried) {
                return open_badges_2::documents(address, question);
            }
            carried.as_bytes()
        }
        None => badge,
    };
    let form = Form::detect(badge).ok()?;
    let document = form.parse().ok()?;
    open_badges_2::documents(given(&form, &document)?, question)
}

/// A badge of Open Badges 2.0 or before, in its form; `None` when it is of no such version.
fn given<'g, 'v>(form: &'g Form<'v>, read: &'g Parsed<'v>) -> Option<Given<'g, 'v>> {
    let jws = match (form, &read.header) {
        (Form::Jwt(jws), Some(header)) => Some((jws, header)),
        _ => None,
    };
    Given::of(&read.document, jws)
}

/// Judges the Open Badges 2.0 assertion in an image that holds nothing newer.
fn judge_assertion(badge: &[u8], format: Format, question: &Question<'_>, report: &mut Report) {
    let extracted = match bake::extract_assertion(badge) {
        Ok(extracted) => extracted,
        Err(fault) => return report.fail(Check::Form, Failure::Image { fault }),
    };
    let image = Some((format.extension(), extracted.notes));
    match Given::at(&extracted.text) {
        Some(address) => {
            let read = form_read("json", image);
            open_badges_2::check(address, read, question, report);
        }
        None => judge(extracted.text.as_bytes(), image, question, report),
    }
}

fn form_read(form: &'static str, image: Option<(&'static str, Vec<Note>)>) -> Passed {
    let (image, notes) = image.map_or((None, Vec::new()), |(format, notes)| (Some(format), notes));
    Passed::FormRead {
        form,
        enveloped: false,
        image,
        undisclosed: 0,
        notes,
    }
}

fn judge(
    badge: &[u8],
    image: Option<(&'static str, Vec<Note>)>,
    question: &Question<'_>,
    report: &mut Report,
) {
    let envelope = match Opened::of(badge) {
        Ok(envelope) => envelope,
        Err(failure) => return report.fail(Check::Form, failure),
    };
    let form = envelope
        .as_ref()
        .map_or_else(|| Form::detect(badge), Opened::form);
    match form {
        Ok(form) => *report = judge_form(&form, envelope.is_some(), image, question),
        Err(failure) => report.fail(Check::Form, failure),
    }
}

/// Judges a credential in one of its forms.
fn judge_form(
    form: &Form<'_>,
    enveloped: bool,
    image: Option<(&'static str, Vec<Note>)>,
    question: &Question<'_>,
) -> Report {
    let failed = |failure| {
        let mut report = Report::empty();
        report.fail(Check::Form, failure);
        report
    };
    let credential = match form.parse() {
        Ok(parsed) => parsed,
        Err(failure) => return failed(failure),
    };
    if question.policy == Policy::Badge
        && let Some(given) = given(form, &credential)
    {
        let mut report = Report::empty();
        open_badges_2::check(given, form_read(form.name(), image), question, &mut report);
        return report;
    }
    let secured = match Secured::new(&credential, form, question.policy) {
        Ok(secured) => secured,
        Err(failure) => return failed(failure),
    };
    let (image, notes) = image.map_or((None, Vec::new()), |(format, notes)| (Some(format), notes));
    let read = Passed::FormRead {
        form: form.name(),
        enveloped,
        image,
        undisclosed: credential.undisclosed,
        notes,
    };
    judge_whole(&secured, read, question)
}

/// Everything that can be said of a credential that stands on its own.
fn judge_whole(secured: &Secured<'_>, read: Passed, question: &Question<'_>) -> Report {
    let mut report = Report::empty();
    report.credential = Some(secured.summary());
    let mut missing = Vec::new();
    let judged = judge_secured(secured, question, read, &mut missing, &mut report);
    // Of what cannot be read, nothing more is said.
    if question.schemas && report.outcomes(Check::Proof).next().is_some() {
        declared::check(secured, judged, question, &mut missing, &mut report);
    }
    if let Some(recipient) = &question.recipient {
        report.push(
            Check::Recipient,
            recipient::check(secured.credential, recipient),
        );
    }
    if judged {
        if let Some(trust) = question.trust {
            report.push(Check::Trust, trust.check(secured.issuer()));
        }
        endorsements::check(secured.credential, question, &mut missing, &mut report);
        parts::check(secured, question, &mut missing, &mut report);
    }
    report.missing = missing;
    report
}

/// The checks that every secured credential gets: badge, endorsement or status list. Returns
/// whether it is genuine: every proof holds and is the issuer's.
fn judge_secured(
    secured: &Secured<'_>,
    question: &Question<'_>,
    read: Passed,
    missing: &mut Vec<String>,
    report: &mut Report,
) -> bool {
    if let Err(outcome) = secured.check_form(question.policy) {
        report.push(Check::Form, outcome);
        return false;
    }
    let proofs = match proofs::check(secured, secured.issuer(), question, missing) {
        Ok(proofs) => proofs,
        Err(Unreadable(outcome)) => {
            report.push(Check::Form, outcome);
            return false;
        }
    };
    report.push(Check::Form, Outcome::Passed(read));
    if question.policy == Policy::Badge
        && secured.signs_statements()
        && let Some((node, member)) = mixed::find(secured.credential)
    {
        let mixed = Unknown::Mixed {
            node: node.to_owned(),
            member: member.to_owned(),
        };
        report.push(Check::Form, Outcome::Unknown(mixed));
    }
    report.push(Check::Schema, check_schema(secured, question.policy));
    let genuine = proofs.genuine();
    report.push(Check::Proof, proofs.proof);
    if let Some(issuer) = proofs.issuer {
        report.push(Check::Issuer, issuer);
    } else if secured.issuer().is_none() && (secured.partial || secured.hidden) {
        // Anybody can sign a credential and not say in whose name.
        let hidden = Unknown::Hidden { member: "issuer" };
        report.push(Check::Issuer, Outcome::Unknown(hidden));
    }
    report.push(Check::Validity, validity::check(secured, question));
    if CredentialKind::of(secured.credential) != CredentialKind::StatusList {
        status::check(secured, genuine, question, missing, report);
    }
    genuine
}

fn check_schema(secured: &Secured<'_>, policy: Policy) -> Outcome {
    let credential = secured.credential;
    let mut departures = schema::check(credential, Reading::of(credential));
    departures.extend(related::other_digests(credential));
    if policy == Policy::DataIntegrity {
        // Whether a proof's date without a zone can stand is for the check of the proof to say.
        for departure in &mut departures {
            let has_no_zone = matches!(
                departure.kind,
                DepartureKind::DateTime(DateTimeError::NoZone { .. })
            );
            if has_no_zone && departure.path.starts_with("proof") {
                departure.severity = Severity::Note;
            }
        }
    }
    let is_partial = secured.partial || secured.hidden;
    let is_of_draft = is_of_draft(credential);
    for departure in &mut departures {
        // What is missing was left out, or was not asked for yet.
        let is_excused =
            is_partial || is_of_draft && departure.path == "credentialSubject.achievement.id";
        if is_excused && departure.kind.is_absence() {
            departure.severity = Severity::Note;
        }
    }
    conforms(departures)
}

fn conforms(departures: Vec<Departure>) -> Outcome {
    if departures.is_empty() {
        return Outcome::Passed(Passed::SchemaConforms {});
    }
    let (faults, notes): (Vec<_>, Vec<_>) = departures
        .into_iter()
        .partition(|departure| departure.severity == Severity::Fault);
    if faults.is_empty() {
        Outcome::Passed(Passed::SchemaDeparts { departures: notes })
    } else {
        Outcome::Failed(Failure::Nonconforming { departures: faults })
    }
}
