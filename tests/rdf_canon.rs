//! The W3C test suite of RDFC-1.0: canonical forms, blank-node maps, and the poisonous graph.
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "../badges-core/benches/stages/poison.rs"]
mod poison;

use std::collections::BTreeMap;
use std::path::Path;

use badges_core::jsonld::{
    Canonical, MAX_STEPS, TooComplex, canonicalize, canonicalize_with, nquads,
};
use badges_tests::{corpus, read};
use sha2::Sha384;

struct Case {
    name: String,
    sha384: bool,
    canonical: bool,
    map: bool,
    negative: bool,
}

fn cases(folder: &Path) -> Vec<Case> {
    read(&folder.join("manifest.csv"))
        .lines()
        .skip(1)
        .filter(|line| !line.trim().is_empty())
        .map(|line| {
            // From the right: the comment in the middle may hold commas.
            let mut cells = line.rsplit(',');
            let map = cells.next().unwrap().trim();
            let canonical = cells.next().unwrap().trim();
            let hash = cells.next().unwrap().trim();
            Case {
                name: line.split(',').next().unwrap().to_owned(),
                sha384: hash == "SHA384",
                canonical: canonical == "TRUE",
                map: map == "TRUE",
                negative: canonical.contains("Negative"),
            }
        })
        .collect()
}

fn run(case: &Case, folder: &Path) -> (Result<Canonical, TooComplex>, Vec<String>) {
    let input = read(&folder.join(format!("rdfc10/{}-in.nq", case.name)));
    let (dataset, labels) = nquads::parse(&input).unwrap();
    let canonical = if case.sha384 {
        canonicalize_with::<Sha384>(&dataset)
    } else {
        canonicalize(&dataset)
    };
    (canonical, labels)
}

#[test]
fn all_tests_of_the_suite_pass() {
    let Some(folder) = corpus("rdf-canon") else {
        return;
    };
    let (mut forms, mut maps, mut refusals) = (0, 0, 0);
    for case in cases(&folder) {
        let (result, labels) = run(&case, &folder);
        if case.negative {
            assert!(result.is_err(), "{} is to be refused", case.name);
            refusals += 1;
            continue;
        }
        let canonical = result.unwrap();
        if case.canonical {
            let expected = read(&folder.join(format!("rdfc10/{}-rdfc10.nq", case.name)));
            assert_eq!(canonical.nquads(), expected, "{}", case.name);
            forms += 1;
        }
        if case.map {
            let expected = read(&folder.join(format!("rdfc10/{}-rdfc10map.json", case.name)));
            let expected: BTreeMap<String, String> = serde_json::from_str(&expected).unwrap();
            let issued: BTreeMap<String, String> = labels
                .into_iter()
                .enumerate()
                .filter_map(|(node, label)| {
                    Some((label, format!("c14n{}", canonical.label(node)?)))
                })
                .collect();
            assert_eq!(issued, expected, "{}", case.name);
            maps += 1;
        }
    }
    assert_eq!(forms + maps + refusals, 86, "{forms} forms, {maps} maps");
}

/// However the work is hidden, and on the stack of a thread: recursion ends with the steps.
#[test]
fn poisonous_graphs_are_refused() {
    let refused = || {
        for (name, graph) in poison::POISONS {
            let (dataset, _) = nquads::parse(&graph()).unwrap();
            assert_eq!(canonicalize(&dataset).err(), Some(TooComplex), "{name}");
        }
    };
    let thread = std::thread::Builder::new().stack_size(2 << 20);
    thread.spawn(refused).unwrap().join().unwrap();
}

/// A ring of blank nodes, which are all alike: each that is added costs more than the one before.
#[test]
fn work_ends_at_a_count_of_steps() {
    let steps = |length: usize| {
        let ring: String = (0..length)
            .map(|node| format!("_:n{node} <urn:next> _:n{} .\n", (node + 1) % length))
            .collect();
        let (dataset, _) = nquads::parse(&ring).unwrap();
        canonicalize(&dataset).map(|canonical| canonical.steps())
    };
    assert_eq!(steps(4), Ok(136));
    assert_eq!(steps(20), Ok(8_960));
    assert_eq!(steps(40), Ok(64_400));
    assert!(MAX_STEPS == 65_536 && steps(41) == Err(TooComplex));
}

/// A long identifier in many statements.
#[test]
fn statements_do_not_multiply_a_text() {
    let graph = |length: usize| -> String {
        let subject = format!("urn:x:{}", "x".repeat(length));
        (0..2_000)
            .map(|tag| format!("<{subject}> <urn:tag> \"{tag}\" .\n"))
            .collect()
    };
    for (length, refused) in [(1 << 10, false), (1 << 14, true)] {
        let (dataset, _) = nquads::parse(&graph(length)).unwrap();
        assert_eq!(canonicalize(&dataset).is_err(), refused, "{length}");
    }
}

/// Graphs that are large, or a little alike, are not.
#[test]
fn other_graphs_are_canonicalised() {
    let pairs: String = (0..5_000)
        .map(|pair| format!("_:a{pair} <urn:has> _:b{pair} .\n"))
        .collect();
    let chain: String = (0..40)
        .map(|node| format!("_:n{node} <urn:next> _:n{} .\n", node + 1))
        .collect();
    for (graph, labels) in [(pairs, 10_000), (chain, 41)] {
        let (dataset, _) = nquads::parse(&graph).unwrap();
        assert_eq!(
            canonicalize(&dataset)
                .map(|canonical| canonical.labels())
                .ok(),
            Some(labels)
        );
    }
}
