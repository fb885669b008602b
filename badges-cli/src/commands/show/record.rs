//! What a comprehensive learner record (CLR 2.0) says: of itself, and of each badge in it in short.

use badges_core::json::Value;

use super::badge::{beginning, end, profile};
use super::{Said, line};

/// Whether a credential is a record.
pub(super) fn is_record(credential: &Value<'_>) -> bool {
    credential.has_type("ClrCredential")
}

/// All that a record says, and what is in it.
pub(super) fn said(record: &Value<'_>, form: String) -> Said {
    let mut said = beginning("Record", record, form);
    for subject in record.list("credentialSubject") {
        for part in subject.list("verifiableCredential") {
            said.push(("Contains", credential(part)));
        }
        for achievement in subject.list("achievement") {
            said.push(("Mentions", line(achievement.text("name"))));
        }
    }
    said.extend(end(record));
    said.retain(|(_, lines)| !lines.is_empty());
    said
}

fn credential(part: &Value<'_>) -> Vec<String> {
    if part.as_str().is_some() || part.has_type("EnvelopedVerifiableCredential") {
        return vec!["a credential in an envelope; `badges verify --full` opens it".to_owned()];
    }
    let achievement = part
        .list("credentialSubject")
        .iter()
        .flat_map(|subject| subject.list("achievement"))
        .next();
    let name = part
        .text("name")
        .or_else(|| achievement?.text("name"))
        .unwrap_or("a badge without a name");
    let mut lines = vec![name.to_owned()];
    let issuer = part.get("issuer").map_or_else(Vec::new, profile);
    lines.extend(issuer.first().map(|issuer| format!("by {issuer}")));
    let date = ["awardedDate", "validFrom", "issuanceDate"]
        .iter()
        .find_map(|member| part.text(member));
    lines.extend(date.map(|date| format!("since {date}")));
    if part.list("proof").is_empty() {
        lines.push("without a signature of its own".to_owned());
    }
    lines
}
