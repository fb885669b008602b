//! `docs/conformance.md`: what passes, as the tests have found it.

use std::collections::BTreeMap;
use std::path::Path;

use badges_tests::variable;

/// The suites in their published names, with the edition whose requests were recorded.
const SUITES: &[(&str, &str, &str)] = &[
    (
        "vc-data-model-2.0",
        "w3c/vc-data-model-2.0-test-suite",
        "2025-02-26",
    ),
    ("eddsa", "w3c/vc-di-eddsa-test-suite", "2025-02-25"),
    ("ecdsa", "w3c/vc-di-ecdsa-test-suite", "2026-07-29"),
    (
        "ed25519-2020",
        "w3c/vc-di-ed25519signature2020-test-suite",
        "2025-02-24",
    ),
    ("jose-cose", "w3c/vc-jose-cose-test-suite", "2025-10-24"),
    (
        "vc-api-issuer",
        "w3c-ccg/vc-api-issuer-test-suite",
        "2024-07-03",
    ),
    (
        "vc-api-verifier",
        "w3c-ccg/vc-api-verifier-test-suite",
        "2024-12-16",
    ),
];

/// Suites whose requests were not recorded: their assertions are written down here, after the titles of
/// their tests.
const BY_TITLES: &[(&str, &str, &str)] = &[
    (
        "bitstring-status-list",
        "w3c/vc-bitstring-status-list-test-suite",
        "2025-03-11",
    ),
    ("did-key", "w3c-ccg/did-key-test-suite", "2024-09-24"),
    (
        "did-resolution",
        "w3c-ccg/did-resolution-mocha-test-suite",
        "2026-03-27",
    ),
];

/// One assertion of them, and whether it holds.
pub(crate) struct Assertion {
    pub(crate) suite: &'static str,
    pub(crate) title: String,
    pub(crate) holds: bool,
}

/// How many requests of each suite get the answer that it wants.
#[derive(Default)]
pub(crate) struct Table(BTreeMap<String, (usize, usize)>);

impl Table {
    pub(crate) fn count(&mut self, suite: &str, passed: bool) {
        let (all, good) = self.0.entry(suite.to_owned()).or_default();
        *all += 1;
        *good += usize::from(passed);
    }

    /// Compares the document with what was found. With `UPDATE=1` it is written.
    pub(crate) fn check(&self) {
        let path = Path::new(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../docs/conformance.md"
        ));
        let text = self.text();
        if variable("UPDATE").is_some() {
            std::fs::write(path, &text).unwrap();
        }
        let known = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            known == text,
            "docs/conformance.md says something else; `UPDATE=1` writes it:\n{text}"
        );
    }

    fn text(&self) -> String {
        let mut text = String::from(HEAD);
        text.extend(SUITES.iter().map(|suite| self.row(suite)));
        text.push_str(BY_TITLES_HEAD);
        text.extend(BY_TITLES.iter().map(|suite| self.row(suite)));
        let known = SUITES.len() + BY_TITLES.len();
        assert_eq!(self.0.len(), known, "{:?}", self.0.keys());
        text
    }

    fn row(&self, (suite, name, edition): &(&str, &str, &str)) -> String {
        let (all, good) = self.0.get(*suite).copied().unwrap_or_default();
        format!("| [{name}](https://github.com/{name}) | {edition} | {good} of {all} |\n")
    }
}

const HEAD: &str = "\
# Conformance

Written by the test `w3c` (`cargo test -p badges-tests --test w3c`), which sends the requests that the
suites send to the service and compares the answers. They are deduplicated, so that their numbers are not
those of the suites' tests. `badges-server --vc-api-open` is what the suites themselves can be pointed
at: `GET /w3c-manifest.json` lists the endpoints.

| suite | edition | requests that get the answer the suite wants |
|---|---|---|
";

const BY_TITLES_HEAD: &str = "
The requests of the suites for status lists and for DIDs were not recorded. What is counted here are
assertions that were written after the titles of their tests, not the suites' own.

| suite | edition | assertions from the titles that hold |
|---|---|---|
";
