//! What holds for all message files, and for whatever uses them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::*;

/// Beginnings of keys whose rest is a stable id of the library, or a number.
const PREFIXES: &[&str] = &[
    "badges-achievement-target",
    "badges-achievement-type",
    "badges-achievement-unit",
    "badges-achievement-valid",
    "badges-action",
    "badges-advice",
    "badges-award-state",
    "badges-check",
    "badges-contradiction",
    "badges-departure",
    "badges-desk-state",
    "badges-desk-tab",
    "badges-detail",
    "badges-endorsement-fault",
    "badges-fetch-fault",
    "badges-finding",
    "badges-image-fault",
    "badges-json-ld-fault",
    "badges-jwt-fault",
    "badges-key-fault",
    "badges-list-fault",
    "badges-mend",
    "badges-month",
    "badges-name-fault",
    "badges-named",
    "badges-named-hint",
    "badges-notice",
    "badges-outcome",
    "badges-picture",
    "badges-result-type",
    "badges-role",
    "badges-row",
    "badges-schema-fault",
    "badges-scope",
    "badges-scope-hint",
    "badges-unestablished",
    "badges-visibility",
    "badges-visibility-hint",
];

/// What looks like a key and is the name of a crate.
const CRATES: [&str; 3] = ["badges-cli", "badges-core", "badges-server"];

const NOTES: &str = include_str!("../../i18n/qqq.json");

/// The keys of a file in its order, and the messages.
fn read(json: &str) -> (Vec<String>, BTreeMap<String, String>) {
    let keys: Vec<String> = json
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("\"badges-"))
        .filter_map(|rest| Some(format!("badges-{}", rest.split_once('"')?.0)))
        .collect();
    let file: BTreeMap<String, Value> = serde_json::from_str(json).unwrap();
    let messages = file
        .into_iter()
        .filter(|(key, _)| key != "@metadata")
        .map(|(key, value)| (key, value.as_str().unwrap().to_owned()))
        .collect();
    (keys, messages)
}

#[test]
fn every_file_has_all_messages_in_order() {
    let (keys, english) = read(FILES[0].1);
    assert!(keys.is_sorted(), "en is not in alphabetical order");
    assert!(keys.len() > 300);
    for (tag, json) in FILES.into_iter().chain([("qqq", NOTES)]) {
        let (listed, messages) = read(json);
        assert_eq!(listed.len(), messages.len(), "{tag} has a key twice");
        assert_eq!(listed, keys, "the keys of {tag} are not those of en");
        for (key, message) in messages {
            assert!(!message.is_empty(), "{key} in {tag}");
            assert!(!message.contains(['<', '\n']), "{key} in {tag}");
            assert!(key.starts_with("badges-"), "{key}");
            let untranslated = tag != "en" && message.is_ascii() && message.len() > 12;
            assert!(tag != "ar" || !untranslated, "{key} in {tag}: {message}");
            assert!(english.contains_key(&key), "{key}");
        }
    }
}

#[test]
fn every_language_has_the_same_placeholders_and_enough_forms() {
    for lang in Lang::all() {
        let catalogue = lang.catalogue();
        for (key, message) in catalogue.iter() {
            let (placeholders, plurals) = message.shape();
            let english = Lang::ENGLISH.catalogue().message(key).unwrap();
            assert_eq!(placeholders, english.shape().0, "{key} in {lang:?}");
            let forms = catalogue.plurals.count();
            assert!(
                plurals.iter().all(|given| *given == forms),
                "{key} in {lang:?} needs {forms} forms in each PLURAL"
            );
            assert_eq!(plurals.len(), english.shape().1.len(), "{key} in {lang:?}");
        }
    }
}

#[test]
fn every_key_exists_and_every_message_is_used() {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = BTreeSet::new();
    for folder in ["src", "templates"] {
        collect(&crate_folder.join(folder), &mut found);
    }
    assert!(found.len() > 50, "{found:?}");

    let keys: BTreeSet<String> = read(FILES[0].1).1.into_keys().collect();
    for literal in &found {
        let known = keys.contains(literal)
            || PREFIXES.contains(&literal.as_str())
            || CRATES.contains(&literal.as_str());
        assert!(known, "there is no message {literal}");
    }
    for key in &keys {
        let built = || {
            PREFIXES.iter().any(|prefix| {
                key.strip_prefix(prefix)
                    .is_some_and(|rest| rest.starts_with('-'))
            })
        };
        assert!(found.contains(key) || built(), "nothing uses {key}");
    }
    for prefix in PREFIXES {
        let begins = keys
            .iter()
            .any(|key| key.starts_with(&format!("{prefix}-")));
        assert!(begins, "no message begins with {prefix}");
    }
}

/// All literals that are keys or, before what is put in, the beginnings of keys.
fn collect(path: &Path, found: &mut BTreeSet<String>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            collect(&entry.unwrap().path(), found);
        }
        return;
    }
    // This file's own lists prove nothing.
    if !path.exists() || path.ends_with("i18n/tests.rs") {
        return;
    }
    let Ok(text) = fs::read_to_string(path) else {
        return;
    };
    for (start, _) in text.match_indices("\"badges-") {
        let rest = &text[start + 1..];
        let end = rest.find(|sign: char| {
            !(sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '-')
        });
        let literal = &rest[..end.unwrap_or(rest.len())];
        if rest[literal.len()..].starts_with(['"', '{']) {
            found.insert(literal.trim_end_matches('-').to_owned());
        }
    }
}

#[test]
fn what_is_missing_is_shown_as_missing() {
    let arabic = Lang::from_tag("ar").unwrap();
    assert_eq!(text(arabic, "no-such-key", &[]), "⧼no-such-key⧽");
    assert_eq!(rich(arabic, "<no>&", &[]), "⧼no⧽");
    assert!(!exists("no-such-key"));
}

#[test]
fn languages_know_their_names_and_directions() {
    let told: Vec<_> = Lang::all()
        .map(|lang| (lang.tag(), lang.name(), lang.dir()))
        .collect();
    assert_eq!(
        told,
        [
            ("en", "English".to_owned(), "ltr"),
            ("ar", "العربية".to_owned(), "rtl"),
        ]
    );
}

#[test]
fn what_is_put_in_stands_apart() {
    let arabic = Lang::from_tag("ar").unwrap();
    assert_eq!(
        rich(arabic, "badges-signer-domain", &["<example.org>"]),
        "وقّعها من يدير <bdi>&#60;example.org&#62;</bdi>."
    );
}
