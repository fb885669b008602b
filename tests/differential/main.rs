//! Our engine against others, on documents made by chance: from JSON-LD to statements against
//! `json-ld` and, a part of them, against `jsonld` (npm), which is slower; from statements
//! to canonical N-Quads against `oxrdf` and `sophia`. A difference that is not one of
//! [`causes`] fails.
//!
//! `BADGES_FUZZ=1000000` makes so many documents instead of ten thousand; `BADGES_SEED` other ones.
#![expect(clippy::unwrap_used, reason = "tests")]

mod causes;
mod examples;
mod generate;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use badges_core::json;
use badges_core::jsonld::{Edition, Part, RootContext, canonicalize, pinned_contexts};
use badges_tests::{required_in_ci, variable};
use oracles::JsonLd;
use serde_json::Value;

use causes::{Cause, Ours, difference};
use generate::{Document, document};

/// `jsonld` is asked about one document in so many.
const SAMPLE: usize = 5;

fn setting(name: &str, default: usize) -> usize {
    variable(name).map_or(default, |text| text.parse().unwrap())
}

/// Deals out the documents, one in `every`, to a thread for each processor, some at a time.
fn for_all(every: usize, at_once: usize, compare: impl Fn(Vec<Document>) + Sync) {
    let count = setting("BADGES_FUZZ", 10_000) / every;
    let seed = setting("BADGES_SEED", 1) as u64;
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().unwrap().get() {
            scope.spawn(|| {
                loop {
                    let first = next.fetch_add(at_once, Ordering::Relaxed);
                    if first >= count {
                        break;
                    }
                    let numbers = first..count.min(first + at_once);
                    compare(
                        numbers
                            .map(|number| document(seed, number * every))
                            .collect(),
                    );
                }
            });
        }
    });
}

/// The canonical N-Quads by our engine, or what it refuses.
fn ours(document: &Document) -> Ours {
    let parsed = json::parse(&document.text).unwrap();
    let root = RootContext::of(&parsed, Edition::NEWEST, document.policy)?;
    let dataset = root.to_rdf(&parsed, Part::Unsecured)?;
    Ok(canonicalize(&dataset)?.nquads().to_owned())
}

/// How often each cause made a difference.
#[derive(Default)]
struct Tally {
    documents: AtomicUsize,
    causes: Mutex<BTreeMap<Cause, usize>>,
}

impl Tally {
    #[track_caller]
    fn add(&self, causes: Result<Vec<Cause>, String>) {
        self.documents.fetch_add(1, Ordering::Relaxed);
        let causes = causes.unwrap_or_else(|unknown| unreachable!("{unknown}"));
        for cause in causes {
            *self.causes.lock().unwrap().entry(cause).or_default() += 1;
        }
    }

    /// The test has tested something when most documents made no difference that hides others.
    fn tell(self) {
        let (documents, causes) = (
            self.documents.into_inner(),
            self.causes.into_inner().unwrap(),
        );
        eprintln!("{documents} documents, {causes:?}");
        for cause in [Cause::LossyNumber, Cause::TooAlike, Cause::ProtectedTwice] {
            let hidden = causes.get(&cause).copied().unwrap_or_default();
            assert!(
                hidden * 5 <= documents,
                "{cause:?}: {hidden} of {documents}"
            );
        }
    }
}

/// `json-ld`, with the newest text of each context.
fn json_ld() -> JsonLd {
    let mut json_ld = JsonLd::default();
    // The newest text of a URL comes first.
    for context in pinned_contexts().iter().rev() {
        json_ld.know(context.url, context.text).unwrap();
    }
    json_ld
}

#[test]
fn documents_mean_the_same_to_json_ld() {
    let (json_ld, tally) = (json_ld(), Tally::default());
    for_all(1, 50, |documents| {
        for document in documents {
            let theirs = json_ld.statements(&document.text);
            let theirs = theirs.as_deref().map_err(String::as_str);
            tally.add(causes::of_json_ld(&document, &ours(&document), theirs));
        }
    });
    tally.tell();
}

#[test]
fn documents_mean_the_same_to_jsonld_js() {
    let tally = Tally::default();
    for_all(SAMPLE, 250, |documents| {
        for (document, theirs) in documents
            .iter()
            .zip(jsonld_js(&documents).unwrap_or_default())
        {
            let theirs = theirs.as_deref().map_err(String::as_str);
            tally.add(causes::of_jsonld_js(document, &ours(document), theirs));
        }
    });
    tally.tell();
}

/// Canonical N-Quads by `jsonld`, or what it refuses; `None`, after saying so, where it is not set up.
/// Many documents go to one process: starting it takes longer than each of them.
fn jsonld_js(documents: &[Document]) -> Option<Vec<Result<String, String>>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("interop/node");
    required_in_ci(&folder.join("node_modules"))?;
    let mut node = Command::new("node")
        .arg("canonize.mjs")
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let texts: Vec<&str> = documents.iter().map(|document| &*document.text).collect();
    let request = format!("{{\"batch\":[{}]}}", texts.join(","));
    let mut input = node.stdin.take().unwrap();
    input.write_all(request.as_bytes()).unwrap();
    drop(input);
    let answer = node.wait_with_output().unwrap();
    let answer: Value = serde_json::from_slice(&answer.stdout).unwrap();
    let results = answer["results"].as_array().unwrap();
    assert_eq!(results.len(), documents.len());
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let result = |one: &Value| text(&one["nquads"]).ok_or_else(|| text(&one["error"]).unwrap());
    Some(results.iter().map(result).collect())
}

#[test]
fn graphs_are_canonical_to_oxrdf_and_sophia() {
    for_all(1, 50, |documents| {
        for document in documents {
            let Ok(canonical) = ours(&document) else {
                continue;
            };
            let disguised = disguised(&canonical);
            for (name, theirs) in [
                ("oxrdf", oracles::oxrdf(&disguised)),
                ("sophia", oracles::sophia(&disguised)),
            ] {
                let theirs = theirs.unwrap();
                assert!(
                    theirs == canonical,
                    "{name}: {}",
                    difference(&canonical, &theirs)
                );
            }
        }
    });
}

/// The same graph with other names for its blank nodes, and its lines the other way round.
fn disguised(nquads: &str) -> String {
    let mut text = String::new();
    for line in nquads.lines().rev() {
        // Literals, which stand between the first quote and the last, may look like anything.
        let (before, rest) = line.split_once('"').unwrap_or((line, ""));
        let (literal, after) = rest.rsplit_once('"').unwrap_or(("", rest));
        let quote = if rest.is_empty() { "" } else { "\"" };
        text.push_str(&renamed(before));
        text.push_str(&format!("{quote}{literal}{quote}"));
        text.push_str(&renamed(after));
        text.push('\n');
    }
    text
}

fn renamed(terms: &str) -> String {
    let rename = |term: &str| match term.strip_prefix("_:c14n").map(str::parse::<usize>) {
        Some(Ok(number)) => format!("_:x{}y", (number * 7919 + 13) % 10_007),
        _ => term.to_owned(),
    };
    terms.split(' ').map(rename).collect::<Vec<_>>().join(" ")
}
