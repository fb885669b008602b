//! Changes of a badge as JSON with a proof inside.

use std::collections::BTreeSet;

use badges_core::verify::{Check, Verdict};
use serde_json::{Value, json};

use super::{Judge, fate, good, places, with};

fn full() -> (Value, Judge) {
    let case = good("full.json");
    let document: Value = serde_json::from_slice(&case.badge).unwrap();
    let judge = Judge::of(&case);
    assert_eq!(
        fate(&judge.report(document.to_string().as_bytes())),
        "valid"
    );
    (document, judge)
}

/// Judges the document with each change; what of it is still valid, or valid but for an endorsement.
fn survivors(changes: impl Fn(&Value) -> Vec<(String, Value)>) -> Vec<String> {
    let (document, judge) = full();
    let mut survivors = Vec::new();
    let mut count = 0;
    for place in places(&document) {
        for (what, value) in changes(document.pointer(&place).unwrap()) {
            let changed = with(&document, &place, value).to_string();
            let fate = fate(&judge.report(changed.as_bytes()));
            count += 1;
            if fate == "valid" || fate == "endorsement" {
                survivors.push(format!("{fate}: {what} at {place}"));
            }
        }
    }
    assert!(count > 20, "only {count} changes");
    survivors
}

fn change(what: &str, value: Value) -> (String, Value) {
    (what.to_owned(), value)
}

#[test]
fn no_leaf_can_be_changed() {
    let survivors = survivors(|value| match value {
        Value::String(text) => {
            let mut letters: Vec<char> = text.chars().collect();
            let middle = letters.len() / 2;
            letters[middle] = if letters[middle] == 'a' { 'b' } else { 'a' };
            vec![
                change("a letter more", json!(format!("{text}x"))),
                change("another letter", json!(letters.iter().collect::<String>())),
                change("no text", json!("")),
            ]
        }
        Value::Number(number) => {
            let number = number.as_f64().unwrap();
            vec![
                change("one more", json!(number + 1.0)),
                change("below zero", json!(-number)),
            ]
        }
        Value::Bool(flag) => vec![change("the opposite", json!(!flag))],
        _ => Vec::new(),
    });
    assert_eq!(survivors, Vec::<String>::new());
}

#[test]
fn nothing_can_be_taken_out() {
    let survivors = survivors(|value| match value {
        Value::Object(members) => {
            let without = |key: &String| {
                let mut fewer = members.clone();
                fewer.remove(key);
                change(&format!("no {key}"), json!(fewer))
            };
            members.keys().map(without).collect()
        }
        Value::Array(items) => {
            let without = |at| {
                let mut fewer = items.clone();
                fewer.remove(at);
                change(&format!("no item {at}"), json!(fewer))
            };
            (0..items.len()).map(without).collect()
        }
        _ => Vec::new(),
    });
    // The endorser stands in both endorsements: the badge says as much of it as before. Whoever made
    // the endorsement did not sign that.
    assert_eq!(
        survivors,
        [
            "endorsement: no name at /credentialSubject/achievement/endorsement/0/issuer",
            "endorsement: no name at /endorsement/0/issuer",
        ]
    );
}

#[test]
fn nothing_can_be_added() {
    let more = [
        ("x", json!("y")),
        ("https://schema.org/name", json!("y")),
        ("@index", json!("y")),
        (
            "alignment",
            json!([{"type": ["Alignment"], "targetName": "y", "targetUrl": "urn:x:y"}]),
        ),
        ("awardedDate", json!("2026-01-09T16:30:00Z")),
        ("caption", json!("y")),
        ("created", json!("2026-01-09T16:30:00Z")),
        (
            "credentialStatus",
            json!({"type": "BitstringStatusListEntry"}),
        ),
        ("description", json!("y")),
        ("endorsementJwt", json!(["a.b.c"])),
        ("expires", json!("2036-01-09T16:30:00Z")),
        ("id", json!("urn:uuid:1")),
        ("identifier", json!([])),
        ("image", json!({"id": "urn:x:y", "type": "Image"})),
        ("inLanguage", json!("en")),
        ("issuer", json!("urn:x:y")),
        ("jti", json!("urn:x:y")),
        ("name", json!("y")),
        ("narrative", json!("y")),
        ("nonce", json!("y")),
        ("proof", json!([{"type": "DataIntegrityProof"}])),
        ("statusSize", json!(2)),
        ("url", json!("https://example.org")),
        ("validUntil", json!("2036-01-09T16:30:00Z")),
        ("value", json!("y")),
        ("version", json!("y")),
    ];
    let survivors = survivors(|value| match value {
        Value::Object(members) => {
            let absent = more.iter().filter(|(key, _)| !members.contains_key(*key));
            let with = |(key, value): &(&str, Value)| {
                let mut more = members.clone();
                more.insert((*key).to_owned(), value.clone());
                change(&format!("{key} more"), json!(more))
            };
            absent.map(with).collect()
        }
        Value::Array(items) => {
            let others = items.iter().map(other);
            others
                .map(|item| change("an item more", json!([items.as_slice(), &[item]].concat())))
                .collect()
        }
        _ => Vec::new(),
    });
    // The same proof twice proves what it proves once.
    assert_eq!(survivors, ["valid: an item more at /proof"]);
}

/// A value of the same kind.
fn other(value: &Value) -> Value {
    match value {
        Value::String(text) => json!(format!("{text}x")),
        Value::Object(members) => {
            let mut members = members.clone();
            if members.contains_key("id") {
                members.insert("id".to_owned(), json!("urn:uuid:1"));
            }
            json!(members)
        }
        value => value.clone(),
    }
}

#[test]
fn only_sets_can_be_put_in_another_order() {
    let survivors = survivors(|value| match value {
        Value::Array(items) => {
            let swapped = |at| {
                let mut items = items.clone();
                items.swap(at - 1, at);
                change(&format!("items {at}"), json!(items))
            };
            (1..items.len()).map(swapped).collect()
        }
        _ => Vec::new(),
    });
    let named = |line: &String| {
        assert!(line.starts_with("valid: "), "{line}");
        line.rsplit_once('/').unwrap().1.to_owned()
    };
    let sets: BTreeSet<String> = survivors.iter().map(named).collect();
    // `allowedValue` is the standard's one ordered list that its context knows. The levels of a
    // rubric are ordered too, by the standard, and no signature covers that.
    let expected = [
        "evidence",
        "identifier",
        "related",
        "result",
        "resultDescription",
        "rubricCriterionLevel",
        "tag",
        "type",
    ];
    assert_eq!(sets, expected.map(str::to_owned).into());
}

#[test]
fn nothing_can_be_spelled_in_another_way() {
    let survivors = survivors(|value| match value {
        Value::Null => Vec::new(),
        Value::Object(members) => {
            let mut changes = Vec::new();
            for (key, value) in members {
                let iri = format!("https://www.w3.org/2018/credentials#{key}");
                for spelling in [iri, format!("cred:{key}"), format!("@{key}"), capital(key)] {
                    let mut changed = members.clone();
                    changed.remove(key);
                    changed.insert(spelling.clone(), value.clone());
                    if changed != *members {
                        changes.push(change(&spelling, json!(changed)));
                    }
                }
            }
            changes.push(change("@graph", json!({"@graph": members})));
            changes.push(change("@set", json!({"@set": members})));
            changes
        }
        Value::Array(items) => vec![
            change("an array inside", json!([items])),
            change("@list", json!({"@list": items})),
            change("@set", json!({"@set": items})),
        ],
        leaf => {
            let text = leaf
                .as_str()
                .map_or_else(|| leaf.to_string(), str::to_owned);
            let mut changes = vec![
                change("inside an array", json!([leaf])),
                change("@value", json!({"@value": leaf})),
                change(
                    "@value with a language",
                    json!({"@value": leaf, "@language": "en"}),
                ),
                change("@list", json!({"@list": [leaf]})),
                change("@set", json!({"@set": [leaf]})),
                change("id", json!({"id": leaf})),
                change("@id", json!({"@id": leaf})),
            ];
            if !leaf.is_string() {
                changes.push(change("as a text", json!(text)));
            }
            changes
        }
    });
    assert_eq!(survivors, Vec::<String>::new());
}

fn capital(key: &str) -> String {
    key.char_indices()
        .map(|(at, letter)| {
            if at == 0 {
                letter.to_ascii_uppercase()
            } else {
                letter
            }
        })
        .collect()
}

/// What says nothing is not signed: null, empty arrays, further contexts that are pinned, a second
/// time in a set. The badge says the same with it.
#[test]
fn what_is_not_signed_says_nothing() {
    let (document, judge) = full();
    let before = judge.report(document.to_string().as_bytes());
    let mut count = 0;
    for place in places(&document) {
        let value = document.pointer(&place).unwrap();
        let mut changes = Vec::new();
        match value {
            Value::Object(members) => {
                for (key, nothing) in [
                    ("alignment", json!([])),
                    ("awardedDate", Value::Null),
                    ("credentialStatus", Value::Null),
                    ("validUntil", Value::Null),
                    (
                        "@context",
                        json!("https://w3id.org/security/data-integrity/v2"),
                    ),
                ] {
                    if !members.contains_key(key) {
                        let mut more = members.clone();
                        more.insert(key.to_owned(), nothing);
                        changes.push(json!(more));
                    }
                }
            }
            Value::Array(items) => {
                changes.extend(
                    items
                        .iter()
                        .map(|item| json!([items.as_slice(), std::slice::from_ref(item)].concat())),
                );
            }
            _ => {}
        }
        for value in changes {
            let after = judge.report(with(&document, &place, value).to_string().as_bytes());
            if after.verdict() != Verdict::Valid {
                continue;
            }
            count += 1;
            assert_eq!(
                before.outcomes(Check::Validity).next(),
                after.outcomes(Check::Validity).next()
            );
            assert_eq!(
                before.outcomes(Check::Status).next(),
                after.outcomes(Check::Status).next()
            );
            let (mut said, mut says) = (
                before.credential.clone().unwrap(),
                after.credential.unwrap(),
            );
            said.types.sort();
            says.types.sort();
            says.types.dedup();
            assert_eq!(said, says, "{place}");
        }
    }
    assert!(count > 50, "only {count} changes say nothing");
}
