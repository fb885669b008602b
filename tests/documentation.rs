//! What the documentation promises is there.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::Path;

use badges_core::verify::{Failure, Passed, Unknown};
use badges_tests::read;

#[test]
fn every_finding_is_described() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/verify-json.md");
    let page = read(&page);
    for (heading, ids) in [
        ("## Passed", Passed::IDS),
        ("## Failed", Failure::IDS),
        ("## Unknown", Unknown::IDS),
    ] {
        let section = page.split(heading).nth(1).unwrap();
        let section = section.split("\n## ").next().unwrap();
        let described: Vec<&str> = section
            .lines()
            .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
            .collect();
        assert_eq!(described, ids, "{heading}");
    }
}
