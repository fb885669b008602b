//! What a badge states, to PyLD, which `openbadgeslib` and other programs in Python sign with.
//! `tests/differential` compares with more, on many more.

use badges_core::jsonld::{Edition, Part, Policy, RootContext, canonicalize};
use badges_tests::case;
use serde_json::{Value, json};

use super::{ask_all, parsed};

fn ours(text: &str) -> Option<String> {
    let document = badges_core::json::parse(text).ok()?;
    let root = RootContext::of(&document, Edition::NEWEST, Policy::Badge).ok()?;
    let dataset = root.to_rdf(&document, Part::Unsecured).ok()?;
    Some(canonicalize(&dataset).ok()?.nquads().to_owned())
}

/// All good badges among the fixtures.
fn badges() -> Vec<String> {
    let good = case::all()
        .into_iter()
        .filter(|case| case.name.starts_with("good/") && case.name.ends_with(".json"));
    good.filter_map(|case| String::from_utf8(case.badge).ok())
        .filter(|text| !text.starts_with('\u{feff}'))
        .collect()
}

/// PyLD leaves control characters and DEL as they are, which N-Quads has as escapes since RDFC-1.0.
fn escaped(nquads: &str) -> String {
    let mut text = String::new();
    for letter in nquads.chars() {
        match letter {
            '\u{8}' => text.push_str("\\b"),
            '\t' => text.push_str("\\t"),
            '\u{c}' => text.push_str("\\f"),
            '\n' => text.push('\n'),
            '\0'..='\u{1f}' | '\u{7f}' => text.push_str(&format!("\\u{:04X}", letter as u32)),
            letter => text.push(letter),
        }
    }
    text
}

#[test]
fn badges_state_the_same_to_pyld() {
    let badges = badges();
    let requests: Vec<Value> = badges
        .iter()
        .map(|text| {
            let mut document = parsed(text);
            document.as_object_mut().unwrap().remove("proof");
            json!({"document": document})
        })
        .collect();
    let Some(answers) = ask_all("python/canonize.py", &requests) else {
        return;
    };
    assert!(badges.len() > 10);
    for (badge, answer) in badges.iter().zip(answers) {
        let theirs = escaped(answer["nquads"].as_str().unwrap());
        assert_eq!(ours(badge).as_ref(), Some(&theirs), "{badge}");
    }
}
