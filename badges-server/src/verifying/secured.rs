//! Credentials and presentations of any kind, under the data-integrity policy (decision A11): what
//! programs ask through the VC-API.

use badges_core::documents::Documents;
use badges_core::jsonld::Policy;
use badges_core::verify::{self, Check, PresentationReport, Question, Report};
use time::OffsetDateTime;

use super::{Asked, Visit, World, judging};
use crate::App;
use crate::error::Error;

/// What a presentation must answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Challenge {
    pub(crate) challenge: Option<String>,
    pub(crate) domain: Option<String>,
}

/// Judges a credential.
///
/// # Errors
/// When the database fails.
pub(crate) async fn verify_credential(app: &App, text: &str) -> Result<Report, Error> {
    let visit = Visit::new(app, Asked::default());
    let mut world = World::new(app);
    loop {
        let (credential, documents, now) = (text.to_owned(), world.documents.clone(), app.now());
        let report = judging(app, move || {
            verify::verify(credential.as_bytes(), &question(&documents, now))
        })
        .await?;
        if !visit.learn(&mut world, &wanted(&report)).await? {
            visit.note(&report).await?;
            return Ok(report);
        }
    }
}

/// Judges a presentation and the credentials in it.
///
/// # Errors
/// When the database fails.
pub(crate) async fn verify_presentation(
    app: &App,
    text: &str,
    asked: &Challenge,
) -> Result<PresentationReport, Error> {
    let visit = Visit::new(app, Asked::default());
    let mut world = World::new(app);
    loop {
        let (presentation, documents) = (text.to_owned(), world.documents.clone());
        let (asked, now) = (asked.clone(), app.now());
        let judged = judging(app, move || {
            let asked = verify::Asked {
                challenge: asked.challenge.as_deref(),
                domain: asked.domain.as_deref(),
            };
            verify::verify_presentation(&presentation, &question(&documents, now), asked)
        })
        .await?;
        let reports = [&judged.report].into_iter().chain(&judged.credentials);
        let missing: Vec<String> = reports.flat_map(wanted).collect();
        if !visit.learn(&mut world, &missing).await? {
            for credential in &judged.credentials {
                visit.note(credential).await?;
            }
            return Ok(judged);
        }
    }
}

fn question(documents: &Documents, now: OffsetDateTime) -> Question<'_> {
    Question {
        policy: Policy::DataIntegrity,
        ..Question::new(documents, now)
    }
}

/// What is worth fetching. The policy lets a proof stand whose key nothing ties to the issuer, so that
/// only an issuer who is a did:web is asked for its keys once the proof holds, and what else it names
/// when they are its own.
fn wanted(report: &Report) -> Vec<String> {
    let is = |check, word| {
        let mut outcomes = report.outcomes(check);
        outcomes.any(|outcome| outcome.as_str() == word)
    };
    let missing = report.missing().iter();
    match (is(Check::Proof, "passed"), is(Check::Issuer, "passed")) {
        (false, _) if !is(Check::Proof, "unknown") => Vec::new(),
        (true, false) => missing
            .filter(|url| url.ends_with("/did.json"))
            .cloned()
            .collect(),
        _ => missing.cloned().collect(),
    }
}
