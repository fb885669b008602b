//! Each rule, by the smallest change to a good document that breaks it.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;
use crate::model::AchievementCredential;
use crate::model::tests::{endorsement, full_badge};

/// What a reading says to a document: `.` nothing, `n` a note, `F` a fault.
fn departures(document: &Json) -> String {
    let text = document.to_string();
    let value = crate::json::parse(&text).unwrap();
    let mut lines: Vec<(String, String)> = Vec::new();
    for (at, reading) in READINGS.into_iter().enumerate() {
        for departure in check(&value, reading) {
            let message = departure.to_string();
            let mark = match departure.severity {
                Severity::Note => "n",
                Severity::Fault => "F",
            };
            let known = lines.iter_mut().find(|(_, known)| *known == message);
            match known {
                Some((marks, _)) => marks.replace_range(at..=at, mark),
                None => {
                    let mut marks = "...".to_owned();
                    marks.replace_range(at..=at, mark);
                    lines.push((marks, message));
                }
            }
        }
    }
    let lines: Vec<String> = lines
        .into_iter()
        .map(|(marks, message)| format!("{marks} {message}"))
        .collect();
    lines.join("\n")
}

const READINGS: [Reading; 3] = [Reading::Lenient, Reading::Declared, Reading::Strict];

/// The document with one change: the value at a pointer (the last step may be new), or nothing.
fn changed(document: &Json, pointer: &str, value: Option<Json>) -> Json {
    let mut document = document.clone();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = document.pointer_mut(parent).unwrap();
    match (parent, value) {
        (Json::Object(members), Some(value)) => {
            members.insert(name.to_owned(), value);
        }
        (Json::Object(members), None) => {
            members.remove(name).unwrap();
        }
        (Json::Array(items), Some(value)) => items[name.parse::<usize>().unwrap()] = value,
        (Json::Array(items), None) => {
            items.remove(name.parse().unwrap());
        }
        _ => unreachable!(),
    }
    document
}

fn badge() -> Json {
    serde_json::to_value(full_badge()).unwrap()
}

#[track_caller]
fn assert_departs(document: &Json, table: &[(&str, Option<Json>, &str)]) {
    assert_eq!(departures(document), "", "the document itself");
    for (pointer, value, expected) in table {
        let changed = changed(document, pointer, value.clone());
        assert_eq!(
            departures(&changed),
            *expected,
            "{pointer} changed to {value:?}"
        );
    }
}
