//! Every fixture is judged as the file beside it says, and asks for nothing that it should not.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;
use std::sync::Arc;

use badges_core::did::domain;
use badges_core::documents::{Answer, Documents, NewestList};
use badges_core::jsonld::Policy;
use badges_core::model::parse_date_time;
use badges_core::verify::{
    Check, MAX_FILE, Outcome, Question, Recipient, Report, TrustList, verify,
};
use badges_tests::case::{self, Case};
use badges_tests::make;
use time::Duration;

#[test]
fn the_files_are_those_that_are_made() {
    let folder = case::folder();
    let made = make::files();
    let hint = "run `cargo run -p badges-tests --bin make-fixtures`";
    for (path, bytes) in &made {
        let written = std::fs::read(folder.join(path));
        assert!(
            written.is_ok_and(|it| it == *bytes),
            "{path} differs: {hint}"
        );
    }
    for part in ["badges", "documents"] {
        for file in case::files(&folder.join(part)) {
            let path = file.strip_prefix(&folder).unwrap().display().to_string();
            assert!(made.contains_key(&path), "{path} is not made: {hint}");
        }
    }
}

#[test]
fn every_badge_is_judged_as_expected() {
    let cases = case::all();
    assert!(cases.len() > 300, "only {} cases", cases.len());
    let wrong: Vec<String> = cases.iter().filter_map(|case| check(case).err()).collect();
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}

/// Badges that were re-spelled are refused for their form alone: a reader who only asks whether the
/// signature holds takes them for good.
#[test]
fn re_spelled_badges_are_signed_alike() {
    let cases = case::all();
    for name in [
        "class-as-member.json",
        "end-as-alias.json",
        "end-as-compact-iri.json",
        "end-as-typed-iri.json",
        "end-in-endorsement.json",
        "end-in-refresh-service.json",
        "status-as-iri.json",
        "status-in-endorsement.json",
    ] {
        let mut wanted = cases.iter();
        let case = wanted
            .find(|it| it.name == format!("respelled/{name}"))
            .unwrap();
        let mut documents = Documents::new();
        for (id, text) in &case.documents {
            documents.insert(id, Answer::Loaded(text.clone()));
        }
        let question = Question {
            policy: Policy::DataIntegrity,
            ..Question::new(&documents, parse_date_time(&case.expectation.at).unwrap())
        };
        let report = verify(&case.badge, &question);
        let holds = |it: &Outcome| matches!(it, Outcome::Passed(_));
        assert!(
            report.outcomes(Check::Proof).all(holds),
            "{name}: {report:?}"
        );
        assert!(report.outcomes(Check::Proof).next().is_some(), "{name}");
    }
}

/// VC Data Integrity, 2.1: a reader may take them for UTC. For badges we do not.
#[test]
fn dates_of_proofs_without_a_zone_hold_under_the_other_policy() {
    let documents = Documents::new();
    for name in ["created-no-zone.json", "expires-no-zone.json"] {
        let cases = case::all();
        let mut wanted = cases.iter();
        let name = format!("proofs/{name}");
        let case = wanted.find(|it| it.name == name).unwrap();
        let question = Question::new(&documents, parse_date_time(&case.expectation.at).unwrap());
        for (policy, outcome) in [(Policy::Badge, "failed"), (Policy::DataIntegrity, "passed")] {
            let question = Question { policy, ..question };
            let report = verify(&case.badge, &question);
            let proof = report.outcomes(Check::Proof).next().unwrap();
            assert_eq!(proof.as_str(), outcome, "{name}: {proof}");
            let schema = report.outcomes(Check::Schema).next().unwrap();
            assert!(
                policy == Policy::Badge || schema.as_str() == "passed",
                "{name}: {schema}"
            );
        }
    }
}

#[test]
fn a_file_beyond_the_limit_is_not_read() {
    let documents = Documents::new();
    let question = Question::new(&documents, parse_date_time("2026-06-01T12:00:00Z").unwrap());
    let report = verify(&vec![b' '; MAX_FILE + 1], &question);
    assert_eq!(ids(&report, "unknown"), BTreeSet::from(["form.too-large"]));
    let report = verify(&vec![b' '; MAX_FILE], &question);
    assert_eq!(ids(&report, "failed"), BTreeSet::from(["form.not-a-badge"]));
}

/// Judges a badge until nothing is missing, with what its case knows and nothing else.
fn judge(case: &Case) -> (Report, Vec<String>) {
    let expectation = &case.expectation;
    let mut documents = Documents::new();
    for (id, text) in &case.documents {
        // What cannot be fetched is at hand from the start.
        if !id.starts_with("https://") {
            documents.insert(id, Answer::Loaded(text.clone()));
        }
    }
    let newest = expectation.newest_lists.iter().map(|(url, list)| {
        let valid_from = parse_date_time(&list.valid_from).unwrap();
        let met = parse_date_time(&expectation.at).unwrap() - 2 * Duration::DAY;
        let key = (url.clone(), list.issuer.clone());
        (key, vec![NewestList { valid_from, met }])
    });
    documents.remember(Arc::new(newest.collect()));
    let trust = expectation.trust.as_ref().map(|issuers| {
        let mut list = TrustList::default();
        for issuer in issuers {
            list.insert(issuer, "");
        }
        list
    });
    let mut asked: Vec<String> = Vec::new();
    loop {
        let question = Question {
            recipient: expectation
                .recipient
                .as_deref()
                .map(|identifier| Recipient {
                    identifier,
                    salt: expectation.salt.as_deref(),
                }),
            trust: trust.as_ref(),
            schemas: expectation.schemas,
            ..Question::new(&documents, parse_date_time(&expectation.at).unwrap())
        };
        let report = verify(&case.badge, &question);
        if report.missing().is_empty() {
            return (report, asked);
        }
        let missing = report.missing().to_vec();
        for url in missing {
            assert!(!asked.contains(&url), "{} asks twice for {url}", case.name);
            let answer = match case.documents.get(&url) {
                Some(text) => Answer::Loaded(text.clone()),
                None => Answer::Failed("not there".to_owned()),
            };
            documents.insert(&url, answer);
            asked.push(url);
        }
    }
}

fn check(case: &Case) -> Result<(), String> {
    let (report, asked) = judge(case);
    let expectation = &case.expectation;
    let json = serde_json::to_string(&report).unwrap();
    let mut faults = Vec::new();
    if report.verdict().as_str() != expectation.verdict {
        faults.push(format!(
            "verdict {} instead of {}",
            report.verdict().as_str(),
            expectation.verdict
        ));
    }
    for (outcome, expected) in [
        ("failed", &expectation.fails),
        ("unknown", &expectation.unknown),
    ] {
        let found = ids(&report, outcome);
        let expected: BTreeSet<&str> = expected.iter().map(String::as_str).collect();
        if found != expected {
            faults.push(format!("{outcome} {found:?} instead of {expected:?}"));
        }
    }
    let passed = ids(&report, "passed");
    for id in &expectation.passes {
        if !passed.contains(id.as_str()) {
            faults.push(format!("{id} does not pass"));
        }
    }
    if let Some(text) = &expectation.says
        && !json.contains(text)
    {
        faults.push(format!("the report does not say {text}"));
    }
    if let Some(expected) = &expectation.asks
        && *expected != asked
    {
        faults.push(format!("asks for {asked:?} instead of {expected:?}"));
    }
    faults.extend(asks_a_stranger(&report, &asked));
    if faults.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{} ({}):\n  {}\n  {json}",
        case.name,
        expectation.why,
        faults.join("\n  ")
    ))
}

fn ids<'r>(report: &'r Report, outcome: &str) -> BTreeSet<&'r str> {
    let of_kind = report
        .checks
        .iter()
        .filter(|(_, it)| it.as_str() == outcome);
    of_kind.map(|(_, outcome)| outcome.id()).collect()
}

/// As long as it is not known to be the issuer's, a badge asks at nobody's host but the issuer's. A
/// hosted badge of Open Badges 2.0 also asks for itself, at the address that is its id.
fn asks_a_stranger(report: &Report, asked: &[String]) -> Option<String> {
    let holds = |check| {
        report
            .outcomes(check)
            .all(|it| matches!(it, Outcome::Passed(_)))
    };
    let judged = report.outcomes(Check::Issuer).next().is_some();
    if judged && holds(Check::Proof) && holds(Check::Issuer) {
        return None;
    }
    let issuer = report
        .credential
        .as_ref()
        .and_then(|it| it.issuer.id.as_deref());
    let host = issuer.and_then(domain);
    let summary = report.credential.as_ref();
    let own = summary
        .filter(|it| it.types == ["Assertion"])
        .and_then(|it| it.id.as_ref());
    let stranger = asked
        .iter()
        .find(|url| own != Some(url) && (host.is_none() || domain(url) != host))?;
    Some(format!(
        "a badge that is not known to be genuine asks for {stranger}"
    ))
}
