//! For each known cause the smallest document that shows it, as in `docs/differential.md`.

use badges_core::jsonld::Policy;
use serde_json::{Value, json};

use crate::causes::{self, Cause};
use crate::generate::Document;
use crate::{json_ld, jsonld_js, ours};

/// A badge with further members.
fn with(members: &Value) -> String {
    let mut badge = json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "urn:x:badge",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
    });
    for (name, value) in members.as_object().unwrap() {
        badge[name] = value.clone();
    }
    badge.to_string()
}

fn number(written: &str) -> String {
    let badge = with(&json!({"credentialSubject": {
        "id": "urn:x:subject", "type": "AchievementSubject", "creditsEarned": "number",
    }}));
    badge.replace("\"number\"", written)
}

/// Two nodes alike, of which each has so many alike.
fn alike() -> String {
    let subject = json!({
        "type": "AchievementSubject", "result": vec![json!({"type": "Result"}); 10],
    });
    with(&json!({"credentialSubject": [subject, subject]}))
}

fn empty_list_twice() -> String {
    let description =
        json!({"id": "urn:x:result", "type": "ResultDescription", "allowedValue": []});
    with(
        &json!({"credentialSubject": {"type": "AchievementSubject", "achievement": {
            "id": "urn:x:achievement", "type": "Achievement",
            "resultDescription": [description, description],
        }}}),
    )
}

fn documents(examples: &[(Cause, String)]) -> Vec<Document> {
    let with_policy = |(cause, text): &(Cause, String)| Document {
        text: text.clone(),
        policy: match cause {
            Cause::Direction => Policy::DataIntegrity,
            _ => Policy::Badge,
        },
    };
    examples.iter().map(with_policy).collect()
}

#[test]
fn causes_of_json_ld() {
    let repeated = json!([
        "https://www.w3.org/ns/credentials/v2",
        "https://w3id.org/security/data-integrity/v2",
    ]);
    let examples = [
        (Cause::LossyNumber, number("9007199254740993")),
        (Cause::Undefined, with(&json!({"unheardOf": "dropped"}))),
        (Cause::TooAlike, alike()),
        (
            Cause::ProtectedTwice,
            json!({"@context": repeated, "id": "urn:x:a", "type": "VerifiableCredential"})
                .to_string(),
        ),
        (Cause::Double, number("76.757")),
        (Cause::Double, number("0.009")),
        (
            Cause::LanguageCase,
            with(&json!({"name": {"@value": "Bearbeiten", "@language": "DE"}})),
        ),
    ];
    let json_ld = json_ld();
    for (example, document) in examples.iter().zip(documents(&examples)) {
        let theirs = json_ld.statements(&document.text);
        let theirs = theirs.as_deref().map_err(String::as_str);
        let found = causes::of_json_ld(&document, &ours(&document), theirs);
        assert_eq!(found, Ok(vec![example.0]), "{}", example.1);
    }
}

#[test]
fn causes_of_jsonld_js() {
    let examples = [
        (Cause::LossyNumber, number("1e-7")),
        (Cause::TooAlike, alike()),
        (
            Cause::Order,
            with(&json!({"name": ["\u{ff08}", "\u{1f600}"]})),
        ),
        (Cause::EmptyListTwice, empty_list_twice()),
        (
            Cause::Direction,
            with(&json!({"name": {"@value": "بداية", "@direction": "rtl"}})),
        ),
    ];
    let documents = documents(&examples);
    let Some(theirs) = jsonld_js(&documents) else {
        return;
    };
    for ((example, document), theirs) in examples.iter().zip(documents).zip(theirs) {
        let theirs = theirs.as_deref().map_err(String::as_str);
        let found = causes::of_jsonld_js(&document, &ours(&document), theirs);
        assert_eq!(found, Ok(vec![example.0]), "{}", example.1);
    }
}
