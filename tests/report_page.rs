//! `docs/report.md` names every answer that a report can give, and no other.

use std::collections::BTreeSet;
use std::path::Path;

use badges_core::verify::{Failure, Passed, Unknown};
use badges_tests::read;

#[test]
fn every_answer_is_on_the_page() {
    let page = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/report.md"));
    let described: BTreeSet<(&str, &str)> = page
        .lines()
        .filter_map(|line| {
            let mut cells = line.strip_prefix("| ")?.split(" | ");
            let (outcome, id) = (cells.next()?, cells.next()?);
            let id = id.strip_prefix('`')?.strip_suffix('`')?;
            Some((outcome, id))
        })
        .collect();
    let known: BTreeSet<(&str, &str)> = [
        ("passed", Passed::IDS),
        ("failed", Failure::IDS),
        ("unknown", Unknown::IDS),
    ]
    .into_iter()
    .flat_map(|(outcome, ids)| ids.iter().map(move |id| (outcome, *id)))
    .collect();
    assert_eq!(described, known);
}
