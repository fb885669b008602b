//! What exactly is wrong, as far as the library knows: the details beneath a finding.

use badges_core::bake::{BakeError, Note};
use badges_core::jsonld::Fault;
use badges_core::key::JwkFault;
use badges_core::model::DateTimeError;
use badges_core::model::schema::{Departure, DepartureKind};
use badges_core::proof::jwt::JwsFault;
use badges_core::verify::{Contradiction, ListFault, Mismatch, SchemaFault, Unestablished};
use serde::Serialize;
use serde_json::Value;

use super::{Sentence, key};
use crate::i18n::{self, Lang};

/// A reason that there is only in the words of programs, which are English.
pub(super) fn technical(lang: Lang, reason: &str) -> Sentence {
    Sentence::new(lang, "badges-detail-technical").fact(reason)
}

/// The message of a kind of fault; where there is none yet, what the library says.
fn message(lang: Lang, prefix: &str, id: &str, otherwise: impl FnOnce() -> String) -> Sentence {
    let key = key(prefix, id);
    if i18n::exists(&key) {
        Sentence::new(lang, key)
    } else {
        technical(lang, &otherwise())
    }
}

/// How a badge departs from the standard, and where.
pub(super) fn departure(lang: Lang, departure: &Departure) -> Sentence {
    let path = place(lang, &departure.path);
    let id = last_part(departure.kind.id());
    let sentence = message(lang, "badges-departure", id, || departure.to_string()).fact(&path);
    match &departure.kind {
        DepartureKind::Array { entries } => sentence.number(*entries as u64),
        DepartureKind::Type { expected, found } => sentence.fact(expected).fact(found),
        DepartureKind::Closed { class } => sentence.fact(class),
        DepartureKind::Context { expected } => sentence.fact(expected),
        DepartureKind::Enumeration { found, .. }
        | DepartureKind::Date { found }
        | DepartureKind::DateTime(
            DateTimeError::Form { found }
            | DateTimeError::NoTime { found }
            | DateTimeError::NoZone { found }
            | DateTimeError::OutOfRange { found },
        )
        | DepartureKind::Iri { found }
        | DepartureKind::Language { found }
        | DepartureKind::Form { found, .. }
        | DepartureKind::OlderContext { found }
        | DepartureKind::Reference { found, .. } => sentence.fact(found),
        _ => sentence,
    }
}

/// What would not be signed or could be read in two ways, and where.
pub(super) fn json_ld(lang: Lang, fault: &Fault) -> Sentence {
    let (kind, facts) = facts(fault, "fault");
    let path = place(lang, &fault.place);
    let sentence = message(lang, "badges-json-ld-fault", &kind, || fault.to_string()).fact(&path);
    facts
        .iter()
        .filter(|(name, _)| name != "place")
        .fold(sentence, |sentence, (_, fact)| sentence.fact(fact))
}

/// Why an image gives no badge.
pub(super) fn image(lang: Lang, fault: &BakeError) -> Sentence {
    message(lang, "badges-image-fault", last_part(fault.id()), || {
        fault.to_string()
    })
}

/// What is unusual about an image.
pub(super) fn image_note(lang: Lang, note: &Note) -> Sentence {
    message(lang, "badges-image-fault", last_part(note.id()), || {
        note.to_string()
    })
}

/// Why a JWT cannot be read.
pub(super) fn jws(lang: Lang, fault: &JwsFault) -> Sentence {
    let (kind, _) = facts(fault, "fault");
    message(lang, "badges-jwt-fault", &kind, || fault.to_string())
}

/// Why a key cannot be used.
pub(super) fn jwk(lang: Lang, fault: JwkFault) -> Sentence {
    named(lang, "badges-key-fault", &fault)
}

/// How the issuer's own document speaks against the key.
pub(super) fn contradiction(lang: Lang, reason: Contradiction) -> Sentence {
    named(lang, "badges-contradiction", &reason)
}

/// Why it cannot be told whose key it is.
pub(super) fn unestablished(lang: Lang, reason: Unestablished) -> Sentence {
    named(lang, "badges-unestablished", &reason)
}

/// Why a status list cannot be relied on.
pub(super) fn status_list(lang: Lang, reason: ListFault) -> Sentence {
    named(lang, "badges-list-fault", &reason)
}

/// Why a badge cannot be checked by a schema.
pub(super) fn schema(lang: Lang, fault: SchemaFault) -> Sentence {
    named(lang, "badges-schema-fault", &fault)
}

/// Where a badge does not conform to a schema, and by which of its rules.
pub(super) fn mismatch(lang: Lang, mismatch: &Mismatch) -> Sentence {
    Sentence::new(lang, "badges-detail-mismatch")
        .fact(&place(lang, &mismatch.path))
        .fact(&mismatch.keyword)
}

/// Why nothing was fetched, if the reason is a known one.
pub(super) fn fetch(lang: Lang, error: &str) -> Option<Sentence> {
    let key = key("badges-fetch-fault", last_part(error));
    i18n::exists(&key).then(|| Sentence::new(lang, key))
}

/// Why an endorsement does not count, by the id of what was found in it.
pub(super) fn endorsement(lang: Lang, reason: &str) -> Sentence {
    message(lang, "badges-endorsement-fault", reason, || {
        reason.to_owned()
    })
}

/// A fault that is nothing but its name.
fn named(lang: Lang, prefix: &str, fault: &impl Serialize) -> Sentence {
    let value = serde_json::to_value(fault).unwrap_or_default();
    let name = value.as_str().unwrap_or_default();
    message(lang, prefix, name, || name.to_owned())
}

/// The name of a fault, under `tag`, and its facts, as the library writes them for machines.
pub(super) fn facts(fault: &impl Serialize, tag: &str) -> (String, Vec<(String, String)>) {
    let shown = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let value = serde_json::to_value(fault).unwrap_or_default();
    let members = value.as_object().into_iter().flatten();
    let (name, facts): (Vec<_>, Vec<_>) = members
        .map(|(member, value)| (member.clone(), shown(value)))
        .partition(|(member, _)| member == tag);
    let name = name.into_iter().next();
    (name.map(|(_, name)| name).unwrap_or_default(), facts)
}

/// Where it is; an empty path is the whole.
fn place(lang: Lang, path: &str) -> String {
    if path.is_empty() {
        i18n::text(lang, "badges-detail-whole", &[])
    } else {
        path.to_owned()
    }
}

/// `iri` of `schema.iri`.
fn last_part(id: &str) -> &str {
    id.rsplit_once('.').map_or(id, |(_, last)| last)
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    /// Nothing that the library can find falls back to its English.
    #[test]
    fn every_fault_has_its_words_in_every_language() {
        for lang in Lang::all() {
            let said = samples::faults(lang);
            assert!(said.len() > 100, "{}", said.len());
            for sentence in said {
                samples::assert_is_said(&sentence);
                assert_ne!(
                    sentence.key,
                    "badges-detail-technical",
                    "{}",
                    sentence.text()
                );
            }
        }
    }
}
