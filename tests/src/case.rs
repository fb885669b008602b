//! The fixtures: badges as files, each with a file beside it that says how it is to be judged.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// The folder of the fixtures.
#[must_use]
pub fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures"))
}

/// A badge and how it is to be judged.
#[derive(Clone, Debug)]
pub struct Case {
    /// The folder and the file's name: `dates/expired.json`.
    pub name: String,
    /// The file.
    pub badge: Vec<u8>,
    /// The file beside it.
    pub expectation: Expectation,
    /// What the outside world answers, by URL or DID.
    pub documents: BTreeMap<String, Vec<u8>>,
}

/// How a badge is to be judged: the file `<case>.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// What the case is about, in one line.
    pub why: String,
    /// The time of the question.
    pub at: String,
    /// The verdict.
    pub verdict: String,
    /// The ids of all checks that fail.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fails: Vec<String>,
    /// The ids of all checks that cannot be made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<String>,
    /// Ids of checks that hold, where the case is about them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passes: Vec<String>,
    /// A text that stands in the report as JSON, where the case is about a fact in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
    /// All URLs that are asked for, in order, where the case is about them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asks: Option<Vec<String>>,
    /// The identifier of the person it should have been given to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient: Option<String>,
    /// The salt of a hashed identifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salt: Option<String>,
    /// The issuers that the verifier knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trust: Option<Vec<String>>,
    /// Whether the schemas of others that it names are asked for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub schemas: bool,
    /// What the outside world answers: files by URL or DID, relative to this one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub documents: BTreeMap<String, String>,
    /// The newest status lists that were met at a URL, two days before.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub newest_lists: BTreeMap<String, MetList>,
}

/// A status list that was met before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetList {
    /// Its issuer.
    pub issuer: String,
    /// When it was signed.
    pub valid_from: String,
}

/// All cases, in the order of their names.
///
/// # Panics
/// When a file cannot be read, or stands without the other one.
#[must_use]
pub fn all() -> Vec<Case> {
    let mut cases: Vec<Case> = files(&folder().join("badges"))
        .into_iter()
        .filter(|path| path.extension().is_none_or(|it| it != "toml" && it != "md"))
        .map(|path| read(&path))
        .collect();
    cases.sort_by(|one, other| one.name.cmp(&other.name));
    cases
}

/// All files in a folder and in those inside it.
///
/// # Panics
/// When a folder cannot be read.
#[must_use]
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn read(badge: &Path) -> Case {
    let text = crate::read(&badge.with_extension("toml"));
    let expectation: Expectation = toml::from_str(&text).unwrap();
    let documents = expectation
        .documents
        .iter()
        .map(|(url, file)| (url.clone(), bytes(&badge.with_file_name(file))))
        .collect();
    let name = badge.strip_prefix(folder().join("badges")).unwrap();
    Case {
        name: name.display().to_string(),
        badge: bytes(badge),
        expectation,
        documents,
    }
}

fn bytes(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| unreachable!("{}: {error}", path.display()))
}
