//! What the program says, word for word: the transcripts in `tests/cmd/`, run in a copy of
//! `fixtures/cli/`.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::Path;

#[test]
fn transcripts() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    for file in fs::read_dir(here.join("../fixtures/cli")).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
    }
    // The only test of this process: nobody else minds.
    std::env::set_current_dir(folder.path()).unwrap();
    trycmd::TestCases::new()
        .case(here.join("tests/cmd/*.md"))
        .case(here.join("tests/cmd/*.toml"))
        .run();
}
