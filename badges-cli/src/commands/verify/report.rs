//! A report for people and for machines.

use badges_core::model::parse_date_time;
use badges_core::verify::{
    Binding, Check, Failure, Outcome, Passed, Report, Summary, Unknown, Verdict,
};
use serde::Serialize;

use super::words::{moment, words};
use crate::output::{BAD, FAINT, GOOD, UNSURE, printable};

/// One line of JSON.
#[derive(Serialize)]
pub(super) struct AsJson<'r> {
    source: &'r str,
    #[serde(flatten)]
    report: &'r Report,
}

impl<'r> AsJson<'r> {
    pub(super) const fn new(source: &'r str, report: &'r Report) -> Self {
        Self { source, report }
    }
}

/// The verdict in one line. What is proved and what is only said are told apart: what the issuer
/// says stands in quotes.
pub(in crate::commands) fn headline(source: &str, report: &Report) -> String {
    let verdict = report.verdict();
    let style = match verdict {
        Verdict::Valid => GOOD,
        Verdict::Unknown => UNSURE,
        _ => BAD,
    };
    let signer = signer(report);
    let mut text = name(report).unwrap_or_default();
    if let (Some(signer), Some(credential)) = (&signer, &report.credential) {
        let given = [
            Some(signer.clone()),
            recipient(credential),
            issued(credential),
        ];
        for part in given.into_iter().flatten() {
            text.push_str(", ");
            text.push_str(&part);
        }
    }
    if let Some((_, outcome)) = report.reason() {
        if !text.is_empty() {
            text.push_str(": ");
        }
        text.push_str(&words(outcome).in_short());
    }
    text.push_str(asked(report, signer.is_some()));
    text.push_str(&inside(report));
    format!(
        "{style}{verdict:<13}{style:#}  {}  {FAINT}({}){FAINT:#}",
        printable(&text),
        printable(source),
        verdict = verdict.as_str(),
    )
}

/// All checks, a line each, with what they found beneath.
pub(super) fn lines(report: &Report) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(credential) = &report.credential {
        lines.extend(
            said(credential)
                .map(|(label, text)| format!("  {FAINT}{label:<15}{FAINT:#}{}", printable(&text))),
        );
    }
    for (check, outcome) in &report.checks {
        let (style, mark) = match outcome {
            Outcome::Passed(_) => (GOOD, '✓'),
            Outcome::Failed(_) => (BAD, '✗'),
            Outcome::Unknown(_) => (UNSURE, '?'),
        };
        let words = words(outcome);
        lines.push(format!(
            "  {style}{mark}{style:#} {:<13}{}",
            check.as_str(),
            printable(&words.sentence)
        ));
        lines.extend(
            words
                .details
                .iter()
                .map(|detail| format!("{:17}- {}", "", printable(detail))),
        );
    }
    lines
}

/// What the badge says of itself.
fn said(credential: &Summary) -> impl Iterator<Item = (&'static str, String)> {
    let issuer = &credential.issuer;
    let issuer_name = issuer.name.as_ref();
    let issuer = issuer.id.as_ref().map(|id| match issuer_name {
        Some(name) => format!("{id}, which calls itself {}", quoted(name)),
        None => id.clone(),
    });
    let recipients: Vec<String> = credential
        .subject
        .iter()
        .cloned()
        .chain(credential.identifiers.iter().map(|identifier| {
            let identity = identifier.identity.as_ref();
            let identity = identity.map_or_else(|| "hashed".to_owned(), |text| quoted(text));
            format!("{identity} ({})", identifier.r#type)
        }))
        .collect();
    let recipients = (!recipients.is_empty()).then(|| recipients.join(", "));
    let (what, subject) = if is_endorsement(credential) {
        ("endorsement", "about")
    } else if is_status_list(credential) {
        ("status list", "entries")
    } else {
        ("badge", "recipient")
    };
    [
        (what, credential.id.clone()),
        ("issuer", issuer),
        (subject, recipients),
    ]
    .into_iter()
    .filter_map(|(label, text)| Some((label, text?)))
}

/// What it is, by the names that it gives itself.
fn name(report: &Report) -> Option<String> {
    let credential = report.credential.as_ref()?;
    let name = credential.name.as_ref().map(|name| quoted(name));
    let kind = if is_endorsement(credential) {
        "endorsement"
    } else if is_status_list(credential) {
        "status list"
    } else if name.is_some() {
        return name;
    } else if matches!(
        report.outcomes(Check::Form).next(),
        Some(Outcome::Passed(_))
    ) {
        "badge without a name"
    } else {
        // It need not be a badge at all.
        return None;
    };
    Some(match name {
        Some(name) => format!("{kind} {name}"),
        None => kind.to_owned(),
    })
}

fn is_endorsement(credential: &Summary) -> bool {
    has_type(credential, "EndorsementCredential")
}

fn is_status_list(credential: &Summary) -> bool {
    has_type(credential, "BitstringStatusListCredential")
}

fn has_type(credential: &Summary, name: &str) -> bool {
    credential.types.iter().any(|listed| listed == name)
}

/// Who signed it, as far as that is proved; `None` when it is not genuine or that cannot be told.
fn signer(report: &Report) -> Option<String> {
    let passed = |check| match report.outcomes(check).next() {
        Some(Outcome::Passed(passed)) => Some(passed),
        _ => None,
    };
    let proof = passed(Check::Proof)?;
    let Passed::IssuerEstablished {
        issuer,
        binding,
        domain,
    } = passed(Check::Issuer)?
    else {
        return None;
    };
    let known = match passed(Check::Trust) {
        Some(Passed::IssuerTrusted { name, .. }) => Some(quoted(name)),
        _ => None,
    };
    Some(match (binding, known) {
        (Binding::OwnKey, Some(known)) => format!("signed by a key known to you as {known}"),
        (Binding::OwnKey, None) => {
            let credential = report.credential.as_ref();
            let name = credential.and_then(|credential| credential.issuer.name.as_ref());
            let name = name.map_or_else(String::new, |name| {
                format!(" that calls itself {}", quoted(name))
            });
            format!("signed by a key{name}, name not checked")
        }
        (_, known) => {
            let owner = domain.as_ref().unwrap_or(issuer);
            let known = known.map_or_else(String::new, |name| format!(", known to you as {name}"));
            let did = match proof {
                Passed::Hosted { .. } => "published",
                _ => "signed",
            };
            format!("{did} by the owner of {owner}{known}")
        }
    })
}

/// To whom it was given, where the badge says it in a way that people can read.
fn recipient(credential: &Summary) -> Option<String> {
    let named: Vec<String> = credential
        .identifiers
        .iter()
        .filter_map(|identifier| identifier.identity.as_ref())
        .map(|identity| quoted(identity))
        .collect();
    if !named.is_empty() {
        return Some(format!("for {}", named.join(", ")));
    }
    if !credential.identifiers.is_empty() {
        return Some("for somebody whose name is hashed".to_owned());
    }
    let subject = credential.subject.as_ref();
    let telling = subject.filter(|id| !id.starts_with("urn:") && !is_status_list(credential))?;
    let what = if is_endorsement(credential) {
        "of"
    } else {
        "for"
    };
    Some(format!("{what} {}", quoted(telling)))
}

fn issued(credential: &Summary) -> Option<String> {
    let written = credential.awarded_date.as_ref();
    let time = parse_date_time(written.or(credential.valid_from.as_ref())?).ok()?;
    let day = moment(&time);
    let day = day.split_once('T').map_or(day.as_str(), |(day, _)| day);
    Some(format!("issued {day}"))
}

/// The answers to what was asked beside the verdict. Good ones mean nothing when it is not known
/// who signed.
fn asked(report: &Report, signed: bool) -> &'static str {
    let recipient = report.outcomes(Check::Recipient).next();
    let listed = !matches!(
        report.outcomes(Check::Trust).next(),
        Some(Outcome::Unknown(_))
    );
    match (recipient, listed) {
        (Some(Outcome::Failed(Failure::OtherRecipient { salt_needed: true })), _) => {
            "; NOT shown to be for the recipient that you named, which would need the salt"
        }
        (Some(Outcome::Failed(_)), _) => "; NOT for the recipient that you named",
        _ if !signed => "",
        (Some(_), true) => "; for the recipient that you named",
        (Some(_), false) => {
            "; for the recipient that you named, but the issuer is not on your list"
        }
        (None, true) => "",
        (None, false) => "; genuine, but the issuer is not on your list",
    }
}

/// What speaks against the badges inside a record, which leaves its own verdict as it is.
fn inside(report: &Report) -> String {
    let (mut all, mut failed, mut unknown) = (0, 0, 0);
    for outcome in report.outcomes(Check::Parts) {
        let count = match outcome {
            Outcome::Unknown(Unknown::PartsLeft { found, judged }) => found.saturating_sub(*judged),
            _ => 1,
        };
        all += count;
        match outcome {
            Outcome::Passed(_) => {}
            Outcome::Failed(_) => failed += count,
            Outcome::Unknown(_) => unknown += count,
        }
    }
    let are = if failed == 1 { "is" } else { "are" };
    match (failed, unknown) {
        (0, 0) => String::new(),
        (0, _) => format!("; but inside, {unknown} of {all} badges could not be checked"),
        (_, 0) => format!("; but inside, {failed} of {all} badges {are} NOT valid"),
        _ => format!(
            "; but inside, {failed} of {all} badges {are} NOT valid, and {unknown} could not be checked"
        ),
    }
}

/// A text in quotes that it cannot get out of, and short enough for a line.
fn quoted(text: &str) -> String {
    const LONGEST: usize = 80;
    let mut quoted = String::from("\"");
    for letter in text.chars().take(LONGEST) {
        if matches!(letter, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(letter);
    }
    if text.chars().nth(LONGEST).is_some() {
        quoted.push('…');
    }
    quoted.push('"');
    quoted
}
