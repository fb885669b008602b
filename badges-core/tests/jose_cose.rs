//! W3C's test suite for *Securing Verifiable Credentials using JOSE and COSE*, case by case.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::PathBuf;

use badges_core::jose_cose::{issue, verify};
use badges_core::json::{self, Value};

/// How many cases the suite has.
const CASES: usize = 35;

/// The suite's cases; `None`, after saying so, where the corpus is not at hand.
fn corpus() -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "where the tests' data is")]
    let variable = |name| std::env::var(name).ok();
    let root = variable("BADGES_CORPUS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/corpus")),
        PathBuf::from,
    );
    let file = root.join("w3c/jose-cose.jsonl");
    let text = std::fs::read_to_string(&file).ok();
    if text.is_none() {
        assert!(
            variable("CI").as_deref() != Some("true"),
            "the corpus is missing: {}",
            file.display()
        );
        eprintln!("SKIPPED: no corpus at {}", file.display());
    }
    text
}

fn salts() -> impl FnMut() -> [u8; 16] {
    let mut count = 0;
    move || {
        count += 1;
        [count; 16]
    }
}

#[test]
fn every_case_of_the_suite() {
    let Some(corpus) = corpus() else { return };
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in corpus.lines() {
        let case = json::parse(line).unwrap();
        let [input, feature] = ["input", "feature"].map(|name| case.text(name).unwrap());
        let key = case.get("key").unwrap();
        let answer = match case.text("fn").unwrap() {
            "issue" => {
                let paths = case.list("sd").iter().filter_map(Value::as_str);
                let paths: Vec<&str> = paths.collect();
                let answer = issue(input, key, feature, &paths, salts());
                if answer.result() == "success" {
                    let again = verify(&answer.data(), key, feature);
                    assert_eq!(again.result(), "success", "{}", again.data());
                }
                answer
            }
            _ => verify(input, key, feature),
        };
        count += 1;
        let name = case.text("test").unwrap();
        eprintln!("{name}: {} ({:.80})", answer.result(), answer.data());
        if Some(answer.result()) != case.text("expect") {
            wrong.push(name.to_owned());
        }
    }
    assert_eq!((wrong, count), (Vec::new(), CASES));
}
