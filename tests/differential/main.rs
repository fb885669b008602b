//! Our engine against others, on badges made by chance: from JSON-LD to canonical N-Quads against
//! `jsonld` (npm), and from N-Quads to canonical N-Quads against `oxrdf` and `sophia` (crates.io).
//!
//! `BADGES_FUZZ=5000` makes so many badges instead of a few hundred; `BADGES_SEED` other ones.
#![expect(clippy::unwrap_used, reason = "tests")]

mod generate;

use std::collections::HashSet;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use badges_core::json;
use badges_core::jsonld::{Edition, Part, Policy, RootContext, canonicalize};
use badges_tests::{required_in_ci, variable};
use oxrdf::dataset::{CanonicalizationAlgorithm, CanonicalizationHashAlgorithm};
use oxttl::NQuadsParser;
use serde_json::{Value, json};
use sophia_api::quad::Spog;
use sophia_api::source::QuadSource as _;
use sophia_api::term::SimpleTerm;

use generate::Chance;

fn badges() -> Vec<Value> {
    let number = |name, default| variable(name).map_or(default, |text| text.parse().unwrap());
    let mut chance = Chance::new(number("BADGES_SEED", 1));
    (0..number("BADGES_FUZZ", 300))
        .map(|_| chance.badge())
        .collect()
}

/// The canonical N-Quads by our engine, or what it refuses.
fn ours(badge: &Value) -> Result<String, String> {
    let text = badge.to_string();
    let document = json::parse(&text).unwrap();
    let dataset = RootContext::of(&document, Edition::NEWEST, Policy::Badge)
        .and_then(|root| root.to_rdf(&document, Part::Unsecured))
        .map_err(|fault| fault.to_string())?;
    let canonical = canonicalize(&dataset).map_err(|error| error.to_string())?;
    Ok(canonical.nquads().to_owned())
}

#[test]
fn badges_mean_the_same_to_jsonld_js() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/interop/node");
    if required_in_ci(&Path::new(folder).join("node_modules")).is_none() {
        return;
    }
    let badges = badges();
    let theirs = canonize(folder, &badges);
    assert_eq!(badges.len(), theirs.len());
    let (mut equal, mut refused) = (0, Vec::new());
    for (badge, theirs) in badges.iter().zip(&theirs) {
        match (ours(badge), theirs["nquads"].as_str()) {
            (Ok(ours), Some(theirs)) => {
                assert!(ours == theirs, "{}\n{badge}", difference(&ours, theirs));
                equal += 1;
            }
            (ours, _) => refused.push((ours.err(), theirs["error"].as_str())),
        }
    }
    for (ours, theirs) in &refused {
        // Both give up when blank nodes are too alike, each after its own count.
        let too_alike = |reason: &Option<String>| {
            reason
                .as_ref()
                .is_none_or(|reason| reason.contains("comparisons of blank nodes"))
        };
        let gave_up = theirs.is_none_or(|reason| reason.contains("deep iterations"));
        assert!(
            too_alike(ours) && gave_up,
            "ours: {ours:?}, theirs: {theirs:?}"
        );
    }
    assert!(
        refused.len() * 20 < badges.len(),
        "{} were refused",
        refused.len()
    );
    assert!(equal > 0);
}

/// A difference that is known: RDFC-1.0 orders lines by code points, and `jsonld` by the units of
/// UTF-16, in which an emoji comes before a full-width bracket.
#[test]
fn jsonld_js_orders_letters_beyond_the_basic_plane_otherwise() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/interop/node");
    if required_in_ci(&Path::new(folder).join("node_modules")).is_none() {
        return;
    }
    let badge = json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "urn:x:badge",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": ["\u{ff08}", "\u{1f600}"],
    });
    let ours = ours(&badge).unwrap();
    let theirs = canonize(folder, &[badge]);
    let theirs = theirs[0]["nquads"].as_str().unwrap();
    assert_eq!(difference(&ours, theirs), "");
    assert_ne!(
        ours, theirs,
        "the difference is gone: let the generator have these letters"
    );
}

/// All documents in one process: starting one takes longer than the work.
fn canonize(folder: &str, badges: &[Value]) -> Vec<Value> {
    let mut node = Command::new("node")
        .arg("canonize.mjs")
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let request = json!({ "batch": badges }).to_string();
    node.stdin
        .take()
        .unwrap()
        .write_all(request.as_bytes())
        .unwrap();
    let answer = node.wait_with_output().unwrap();
    let mut answer: Value = serde_json::from_slice(&answer.stdout).unwrap();
    match answer["results"].take() {
        Value::Array(results) => results,
        _ => unreachable!("{answer}"),
    }
}

#[test]
fn graphs_are_canonical_to_oxrdf_and_sophia() {
    let algorithm = CanonicalizationAlgorithm::Rdfc10 {
        hash_algorithm: CanonicalizationHashAlgorithm::Sha256,
    };
    for badge in badges() {
        let Ok(canonical) = ours(&badge) else {
            continue;
        };
        let disguised = disguised(&canonical);

        let quads = NQuadsParser::new().for_slice(disguised.as_bytes());
        let mut dataset: oxrdf::Dataset = quads.map(Result::unwrap).collect();
        dataset.canonicalize(algorithm);
        let mut lines: Vec<String> = dataset.iter().map(|quad| format!("{quad} .\n")).collect();
        lines.sort();
        let theirs = lines.concat();
        assert!(
            theirs == canonical,
            "oxrdf: {}",
            difference(&canonical, &theirs)
        );

        let quads: HashSet<Spog<SimpleTerm<'static>>> =
            sophia_turtle::parser::nq::parse_str(&disguised)
                .collect_quads()
                .unwrap();
        let mut theirs = Vec::new();
        sophia_c14n::rdfc10::normalize(&quads, &mut theirs).unwrap();
        let theirs = String::from_utf8(theirs).unwrap();
        assert!(
            theirs == canonical,
            "sophia: {}",
            difference(&canonical, &theirs)
        );
    }
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

/// The lines that only one of the two has.
fn difference(ours: &str, theirs: &str) -> String {
    let (left, right): (HashSet<&str>, HashSet<&str>) =
        (ours.lines().collect(), theirs.lines().collect());
    let mut lines: Vec<String> = left
        .difference(&right)
        .map(|line| format!("ours   {line}"))
        .collect();
    lines.extend(right.difference(&left).map(|line| format!("theirs {line}")));
    lines.join("\n")
}
