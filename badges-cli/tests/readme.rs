//! The README's commands, run as they stand, one after the other in an empty folder.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::Path;
use std::process::Command;

#[test]
fn the_tour_runs() {
    let readme = include_str!("../../README.md");
    let program = Path::new(env!("CARGO_BIN_EXE_badges"));
    let path = format!("{}:/usr/bin:/bin", program.parent().unwrap().display());
    let folder = tempfile::tempdir().unwrap();
    let commands: Vec<&str> = readme
        .split("```console\n")
        .skip(1)
        .flat_map(|block| block.split("```").next().unwrap().lines())
        .filter_map(|line| line.strip_prefix("$ "))
        .collect();
    assert!(commands.len() > 8, "the tour is there");
    for command in commands {
        let output = Command::new("bash")
            .args(["-c", command])
            .current_dir(folder.path())
            .env_clear()
            .env("PATH", &path)
            .env("HOME", folder.path())
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{command}\n{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let badges = folder.path().join("my-group/badges/first-articles");
    assert_eq!(std::fs::read_dir(badges).unwrap().count(), 7);
    assert!(folder.path().join("public/index.html").is_file());
}
