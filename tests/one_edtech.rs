//! 1EdTech's own samples through the binary: our verdict for each, with its reason
//! (`fixtures/1edtech-expected.tsv`).
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use badges_tests::{binary, corpus, read};
use serde_json::Value;

/// What is expected of a file.
struct Expected {
    verdict: String,
    /// The id of the answer that decides, and its outcome.
    id: String,
}

#[test]
fn every_sample_gets_the_verdict_that_it_deserves() {
    let Some(folder) = corpus("1edtech") else {
        return;
    };
    let expected = expected();
    let listed: Vec<&String> = expected.keys().collect();
    let present = samples(&folder);
    assert_eq!(listed, present.iter().collect::<Vec<_>>());
    let output = Command::new(binary("badges"))
        .current_dir(&folder)
        .args([
            "verify",
            "--json",
            "--offline",
            "--at",
            "2026-06-01T00:00:00Z",
        ])
        .args(["--documents", "fixtures.json"])
        .args(&present)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let mut wrong = Vec::new();
    let mut judged = 0;
    for line in text.lines() {
        let report: Value = serde_json::from_str(line).unwrap();
        let source = report["source"].as_str().unwrap();
        let Expected { verdict, id } = &expected[source];
        let decides = |check: &Value| check["outcome"] != "passed" && check["id"] == **id;
        let checks = report["checks"].as_array().unwrap();
        if report["verdict"] != **verdict || !checks.iter().any(decides) {
            wrong.push(format!("expected {verdict} by {id}: {line}"));
        }
        judged += 1;
    }
    assert_eq!(judged, expected.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(output.status.code(), Some(1));
}

fn expected() -> BTreeMap<String, Expected> {
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/1edtech-expected.tsv");
    read(&table)
        .lines()
        .skip(1)
        .map(|line| {
            let mut columns = line.split('\t').map(str::to_owned);
            let mut next = || columns.next().unwrap();
            let (path, verdict, id, reason) = (next(), next(), next(), next());
            assert!(!reason.is_empty(), "{path} needs a reason");
            (path, Expected { verdict, id })
        })
        .collect()
}

/// All files under `ob30/`, by their paths from the corpus' folder, in order.
fn samples(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![folder.join("ob30")];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let path = path.strip_prefix(folder).unwrap();
                found.push(path.to_str().unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}
