//! Where the tests across the crates find their data, and the program that makes the fixtures.

#[expect(clippy::unwrap_used, reason = "the fixtures are part of the project")]
pub mod case;
#[expect(clippy::unwrap_used, reason = "what is made is known to be sound")]
pub mod make;
pub mod postgres;
#[expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
pub mod server;

use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder of the corpus: the standards' and other implementations' test data, which is not part
/// of this project. It is looked for at `BADGES_CORPUS`, else beside the project.
///
/// Returns `None`, after saying so, where there is none.
///
/// # Panics
/// When it is missing in continuous integration (`CI=true`), so that nothing is skipped unseen.
#[must_use]
pub fn corpus(folder: &str) -> Option<PathBuf> {
    let root = variable("BADGES_CORPUS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/corpus")),
        PathBuf::from,
    );
    let path = root.join(folder);
    if path.is_dir() {
        return Some(path);
    }
    assert!(
        variable("CI").as_deref() != Some("true"),
        "the corpus is missing: {}",
        path.display()
    );
    eprintln!("SKIPPED: no corpus at {}", path.display());
    None
}

/// Something that `tests/run` installs.
///
/// Returns `None`, after saying so, where it is missing.
///
/// # Panics
/// When it is missing in continuous integration (`CI=true`).
#[must_use]
pub fn required_in_ci(path: &Path) -> Option<&Path> {
    if path.exists() {
        return Some(path);
    }
    assert!(
        variable("CI").as_deref() != Some("true"),
        "missing: {}",
        path.display()
    );
    eprintln!(
        "SKIPPED: {} is missing; `tests/run` installs it",
        path.display()
    );
    None
}

/// A program of this project (`badges`, `badges-server`), built with the profile of this test.
///
/// # Panics
/// When it cannot be built.
#[must_use]
pub fn binary(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap_or_else(|error| unreachable!("{error}"));
    // target/<profile>/deps/<test>
    let folder = test.ancestors().nth(2).unwrap_or(&test);
    let profile = match folder.file_name().and_then(|name| name.to_str()) {
        None | Some("debug") => "dev",
        Some(other) => other,
    };
    let built = Command::new(env!("CARGO"))
        .args([
            "build",
            "-q",
            "--workspace",
            "--bin",
            name,
            "--profile",
            profile,
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status();
    assert!(built.is_ok_and(|status| status.success()), "no binary");
    folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// A setting of the tests.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place where tests read the environment"
)]
#[must_use]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Reads a file as text.
///
/// # Panics
/// When it cannot be read.
#[must_use]
pub fn read(path: &Path) -> String {
    std::fs::read_to_string(path)
        .unwrap_or_else(|error| unreachable!("{}: {error}", path.display()))
}
