//! From a new folder to published badges that verify, and on to badges that are taken back.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A home with an issuer's folder in `training`, and badges for two people.
struct Home {
    folder: tempfile::TempDir,
}

impl Home {
    fn new() -> Self {
        let home = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        fs::write(
            home.path("people.txt"),
            "Example Volunteer\nAnother Volunteer\n",
        )
        .unwrap();
        home.badges("new training --name Academy --base https://example.org/a --plain");
        home.badges("issue workshop-participant people.txt --issuer training --identify name -y");
        home
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Runs the program; what it printed, if it succeeded.
    fn try_badges(&self, arguments: &str) -> Result<String, String> {
        let output = Command::new(env!("CARGO_BIN_EXE_badges"))
            .args(arguments.split(' '))
            .current_dir(self.folder.path())
            .env("BADGES_CACHE", self.path("cache"))
            .output()
            .unwrap();
        if output.status.success() {
            Ok(String::from_utf8(output.stdout).unwrap())
        } else {
            Err(String::from_utf8(output.stderr).unwrap())
        }
    }

    fn badges(&self, arguments: &str) -> String {
        self.try_badges(arguments).unwrap()
    }

    /// All published files.
    fn published(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        let root = self.path("public");
        collect(&root, &root, &mut files);
        files
    }

    /// What is verified with the published files for a network.
    fn verdict(&self, path: &str) -> String {
        let documents: serde_json::Map<String, serde_json::Value> = self
            .published()
            .into_keys()
            .map(|path| (format!("https://example.org/a/{path}"), path.into()))
            .collect();
        let map = serde_json::Value::Object(documents).to_string();
        fs::write(self.path("public/map.json"), map).unwrap();
        let arguments = format!("verify --json --offline --documents public/map.json {path}");
        let report = self.try_badges(&arguments).unwrap_or_default();
        fs::remove_file(self.path("public/map.json")).unwrap();
        report
    }
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap();
            files.insert(name.to_owned(), fs::read(&path).unwrap());
        }
    }
}

fn with_ending<'f>(files: &'f BTreeMap<String, Vec<u8>>, ending: &str) -> Vec<&'f String> {
    let in_badges = |path: &&String| path.starts_with("badges/") && path.ends_with(ending);
    files.keys().filter(in_badges).collect()
}

#[test]
fn published_badges_verify() {
    let home = Home::new();
    home.badges("publish training -o public");
    let files = home.published();
    for ending in [".json", ".png"] {
        let badges = with_ending(&files, ending);
        assert_eq!(badges.len(), 2);
        for badge in badges {
            let report = home.verdict(&format!("public/{badge}"));
            assert!(report.contains(r#""verdict":"valid""#), "{badge}: {report}");
        }
    }
    assert_eq!(with_ending(&files, "/index.html").len(), 2);
    let again = home.badges("publish training -o public --json");
    assert!(again.contains(r#""written":0"#), "{again}");
}

#[test]
fn secrets_and_names_stay_at_home() {
    let home = Home::new();
    home.badges("publish training -o public");
    let secret = fs::read_to_string(home.path("training/keys/ed25519.json")).unwrap();
    let secret: serde_json::Value = serde_json::from_str(&secret).unwrap();
    let secret = secret["secretKeyMultibase"].as_str().unwrap();
    let seed = fs::read_to_string(home.path("training/keys/seed")).unwrap();
    for (path, bytes) in home.published() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains(secret), "{path}");
        assert!(!text.contains(seed.trim()), "{path}");
        assert!(
            !path.ends_with("awards.csv") && !path.contains("ledger"),
            "{path}"
        );
        let is_badge = path.starts_with("badges/");
        assert!(is_badge || !text.contains("Example Volunteer"), "{path}");
    }
    let listed = "achievements/workshop-participant/index.html";
    home.badges("publish training -o public --list");
    let page = String::from_utf8(home.published()[listed].clone()).unwrap();
    assert!(page.contains("Example Volunteer") && page.contains("Another Volunteer"));
    for place in ["training", ".", "training/keys/public"] {
        let error = home.try_badges(&format!("publish training -o {place}"));
        assert!(
            error.unwrap_err().contains("must not be published"),
            "{place}"
        );
    }
}

#[test]
fn badges_that_are_taken_back_say_so_or_go() {
    let home = Home::new();
    home.badges("publish training -o public");
    home.badges("status revoke Example_Volunteer --issuer training -y");
    home.badges("status revoke Another_Volunteer --issuer training -y --reason holder-request");
    home.badges("publish training -o public");
    let files = home.published();
    let pages = with_ending(&files, "/index.html");
    assert_eq!(pages.len(), 1);
    let page = String::from_utf8(files[pages[0]].clone()).unwrap();
    assert!(page.contains("Example Volunteer") && page.contains("Revoked"));
    assert!(!page.contains("linkedin"));
    let badge = with_ending(&files, ".json");
    assert_eq!(badge.len(), 1);
    let report = home.verdict(&format!("public/{}", badge[0]));
    assert!(report.is_empty(), "{report}");
}

#[test]
fn without_an_address_there_is_nothing_to_publish() {
    let home = Home::new();
    home.badges("new keys-only --name Academy --no-web --plain");
    let error = home.try_badges("publish keys-only -o other").unwrap_err();
    assert!(
        error.contains("no web address") && error.contains("badges new"),
        "{error}"
    );
    assert!(!home.path("other").exists());
}
