//! Makes the fixtures: every badge, document and key file, always the same bytes. What is altered or
//! forged is signed first and then tampered with as text, as a forger would.

mod altered;
mod badge;
mod dates;
mod documents;
mod edit;
mod endorsements;
mod envelopes;
mod expected;
mod form;
mod good;
mod hidden;
mod images;
mod issuer;
mod jwt;
mod keys;
mod open_badges_2;
mod picture;
mod proofs;
mod records;
mod respelled;
mod schemas;
mod sign;
mod status;
mod unknown;

use std::collections::BTreeMap;

use documents::Document;
use expected::Expected;

use crate::case::Expectation;

pub use badge::full;

/// All files of the fixtures that are made, by their path in the folder.
#[must_use]
pub fn files() -> BTreeMap<String, Vec<u8>> {
    let mut files = keys::files();
    let groups = [
        good::group(),
        altered::group(),
        proofs::group(),
        dates::group(),
        status::group(),
        issuer::group(),
        jwt::group(),
        envelopes::group(),
        hidden::group(),
        form::group(),
        respelled::group(),
        endorsements::group(),
        images::group(),
        unknown::group(),
        open_badges_2::group(),
        records::group(),
        schemas::group(),
    ];
    let mut table = String::from(
        "# The cases\n\nMade by `cargo run -p badges-tests --bin make-fixtures`, like the files.\n",
    );
    for group in groups {
        table.push_str(&format!(
            "\n## {}\n\n| file | verdict | because of | case |\n|---|---|---|---|\n",
            group.name
        ));
        for case in group.cases {
            let expectation = &case.expectation;
            let mut reasons = expectation.fails.clone();
            reasons.extend(expectation.unknown.iter().map(|id| format!("{id}?")));
            table.push_str(&format!(
                "| {} | {} | {} | {} |\n",
                case.file,
                expectation.verdict,
                reasons.join(" "),
                expectation.why
            ));
            let path = format!("badges/{}/{}", group.name, case.file);
            let stem = path.rsplit_once('.').unwrap().0;
            let beside = toml::to_string(expectation).unwrap();
            add(&mut files, format!("{stem}.toml"), beside.into_bytes());
            add(&mut files, path.clone(), case.badge);
            for document in case.documents {
                let path = format!("documents/{}", document.file);
                let known = files.insert(path.clone(), document.text.clone().into_bytes());
                assert!(
                    known.is_none_or(|known| known == document.text.as_bytes()),
                    "two documents are called {path}"
                );
            }
        }
    }
    add(
        &mut files,
        "badges/README.md".to_owned(),
        table.into_bytes(),
    );
    files
}

fn add(files: &mut BTreeMap<String, Vec<u8>>, path: String, bytes: Vec<u8>) {
    let known = files.insert(path.clone(), bytes);
    assert!(known.is_none(), "two files are called {path}");
}

/// Cases that stand in one folder.
struct Group {
    name: &'static str,
    cases: Vec<Made>,
}

/// A case that was made.
struct Made {
    file: String,
    badge: Vec<u8>,
    expectation: Expectation,
    documents: Vec<Document>,
}

impl Group {
    const fn new(name: &'static str) -> Self {
        Self {
            name,
            cases: Vec::new(),
        }
    }

    /// Adds a case by its file's name: the badge, how it is to be judged, and why it is there.
    fn add(&mut self, file: &str, badge: impl Into<Vec<u8>>, expected: Expected, why: &str) {
        let (expectation, documents) = expected.finish(why);
        self.cases.push(Made {
            file: file.to_owned(),
            badge: badge.into(),
            expectation,
            documents,
        });
    }
}
