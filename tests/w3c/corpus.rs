//! The recorded requests.

use std::collections::BTreeSet;

use badges_tests::{corpus, read};
use serde_json::Value;

/// A request of a suite.
pub(crate) struct Case {
    /// The suite's name.
    pub(crate) suite: String,
    /// The test's title.
    pub(crate) test: String,
    /// The path below an instance.
    pub(crate) path: String,
    /// The instance that is asked.
    pub(crate) instance: String,
    /// The status that is wanted; 400 stands for any refusal that the suites accept.
    pub(crate) expect: u16,
    /// The request.
    pub(crate) body: Value,
}

impl Case {
    /// Whether a status is what the suite wants: 400 and 422 are both a refusal.
    pub(crate) fn expects(&self, status: u16) -> bool {
        match self.expect {
            400 => status == 400 || status == 422,
            expected => status == expected,
        }
    }
}

/// The requests of all suites whose subject is implemented: not those of bbs-2023, and those with JOSE
/// and COSE have a form of their own.
pub(crate) fn cases() -> Option<Vec<Case>> {
    let folder = corpus("w3c")?;
    let mut cases = Vec::new();
    let files: BTreeSet<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    for file in files {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        if name.starts_with("bbs") || name.starts_with("jose-cose") {
            continue;
        }
        for line in read(&file).lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            let text = |member: &str| line[member].as_str().map(str::to_owned);
            cases.push(Case {
                suite: text("suite").unwrap(),
                test: text("test").unwrap(),
                path: text("path").unwrap_or_else(|| "/credentials/issue".to_owned()),
                instance: text("instance").unwrap_or_else(|| "eddsa-rdfc-2022".to_owned()),
                expect: u16::try_from(line["expect"].as_u64().unwrap()).unwrap(),
                body: line["body"].clone(),
            });
        }
    }
    Some(cases)
}

/// A case of the suite for JOSE and COSE.
pub(crate) struct JoseCose {
    pub(crate) test: String,
    /// `issue` or `verify`.
    pub(crate) verb: String,
    pub(crate) request: Value,
    /// `success` or `failure`.
    pub(crate) expect: String,
}

/// The cases of the suite for JOSE and COSE; none without the corpus, which [`cases`] tells.
pub(crate) fn jose_cose() -> Vec<JoseCose> {
    let Some(folder) = corpus("w3c") else {
        return Vec::new();
    };
    let text = read(&folder.join("jose-cose.jsonl"));
    let read = |line: &str| {
        let mut line: Value = serde_json::from_str(line).unwrap();
        let text = |member: &str| line[member].as_str().unwrap().to_owned();
        JoseCose {
            test: text("test"),
            verb: text("fn"),
            expect: text("expect"),
            request: line.take(),
        }
    };
    text.lines().map(read).collect()
}
