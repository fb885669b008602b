//! An issuer's folder for one test, and what is asked of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use badges_core::bake;
use badges_core::documents::{Answer, Documents};
use badges_core::verify::{Question, Recipient, Report, Verdict, verify};
use serde_json::Value;

/// A folder that goes away with the test.
pub(crate) struct Issuer {
    home: tempfile::TempDir,
}

/// What a run of the program said.
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

pub(crate) const WEB: &[&str] = &["--base", "https://badges.example.org/training", "--plain"];
pub(crate) const NO_WEB: &[&str] = &["--no-web", "--plain"];

impl Issuer {
    /// Makes a folder by `badges new`.
    pub(crate) fn new(options: &[&str]) -> Self {
        let issuer = Self {
            home: tempfile::tempdir().unwrap(),
        };
        let mut new = vec!["new", "training", "--name", "Example Chapter"];
        new.extend(["--achievement-name", "Editor"]);
        new.extend(options);
        let said = issuer.at_home(&new);
        assert_eq!(said.code, 0, "{}", said.err);
        issuer
    }

    pub(crate) fn path(&self, inside: &str) -> PathBuf {
        self.home.path().join("training").join(inside)
    }

    pub(crate) fn read(&self, inside: &str) -> String {
        fs::read_to_string(self.path(inside)).unwrap()
    }

    pub(crate) fn write(&self, inside: &str, text: &str) {
        fs::write(self.path(inside), text).unwrap();
    }

    /// The program, in the folder.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_badges"));
        command
            .args(arguments)
            .current_dir(self.home.path().join("training"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs the program in the folder.
    pub(crate) fn run(&self, arguments: &[&str]) -> Said {
        Said::of(self.command(arguments).output().unwrap())
    }

    /// Issues `editor` to people, one a line.
    pub(crate) fn issue(&self, people: &str, options: &[&str]) -> Said {
        let list = self.home.path().join("people");
        fs::write(&list, people).unwrap();
        let mut arguments = vec!["issue", "editor", list.to_str().unwrap()];
        arguments.extend(options);
        self.run(&arguments)
    }

    fn at_home(&self, arguments: &[&str]) -> Said {
        let mut command = self.command(arguments);
        Said::of(command.current_dir(self.home.path()).output().unwrap())
    }

    /// The awards in the ledger. A line that a killed run could not finish is none.
    pub(crate) fn awards(&self) -> Vec<Value> {
        let Ok(ledger) = fs::read_to_string(self.path("ledger.jsonl")) else {
            return Vec::new();
        };
        let finished = ledger.rfind('\n').map_or(0, |end| end + 1);
        let lines = ledger[..finished]
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.filter(|line| line["entry"] == "award").collect()
    }

    /// The names of those who have `editor`, sorted.
    pub(crate) fn holders(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .awards()
            .iter()
            .map(|award| award["name"].as_str().unwrap().to_owned())
            .collect();
        names.sort();
        names
    }

    /// A file of the badge that this person got last.
    pub(crate) fn badge_of(&self, name: &str, ending: &str) -> PathBuf {
        let awards = self.awards();
        let award = awards
            .iter()
            .rfind(|award| award["name"] == name)
            .expect("nobody of this name has a badge");
        self.file_of(award, ending)
    }

    /// The badge as JSON.
    pub(crate) fn credential_of(&self, name: &str) -> Value {
        let text = fs::read(self.badge_of(name, "json")).unwrap();
        serde_json::from_slice(&text).unwrap()
    }

    /// What the folder answers for the network.
    fn documents(&self) -> Documents {
        let map: BTreeMap<String, String> =
            serde_json::from_str(&self.read("documents.json")).unwrap();
        let mut documents = Documents::new();
        for (url, file) in &map {
            let body = fs::read(self.path(file)).unwrap();
            documents.insert(url, Answer::Loaded(body));
        }
        documents
    }

    /// What a verifier says who has the folder's `documents.json` and no network.
    pub(crate) fn judge(&self, badge: &Path, recipient: Option<Recipient<'_>>) -> Report {
        judge(badge, &self.documents(), recipient)
    }

    pub(crate) fn verdict(&self, badge: &Path) -> Verdict {
        self.judge(badge, None).verdict()
    }

    /// All badges: each file of each award, whole and valid.
    pub(crate) fn assert_all_valid(&self) {
        self.assert_valid(1);
    }

    /// Each file of each award: whole, the text in the picture that of the JSON file. Every so many
    /// are verified.
    pub(crate) fn assert_valid(&self, every: usize) {
        let documents = self.documents();
        let check = |(number, award): (usize, &Value)| {
            for ending in award["files"].as_array().unwrap() {
                let ending = ending.as_str().unwrap();
                let badge = self.file_of(award, ending);
                if ["png", "svg"].contains(&ending) {
                    let carried = bake::extract(&fs::read(&badge).unwrap()).unwrap();
                    let text = fs::read_to_string(self.file_of(award, "json")).unwrap();
                    assert_eq!(carried.text, text);
                    continue;
                }
                if number % every != 0 {
                    let bytes = fs::read(&badge).unwrap();
                    let credential: Value = serde_json::from_slice(&bytes).unwrap();
                    assert_eq!(credential["id"], award["badge"]);
                    continue;
                }
                let report = judge(&badge, &documents, None);
                let shown = || serde_json::to_string_pretty(&report).unwrap();
                assert_eq!(report.verdict(), Verdict::Valid, "{}", shown());
            }
        };
        let awards = self.awards();
        std::thread::scope(|scope| {
            for half in awards.chunks(awards.len().div_ceil(2).max(1)) {
                scope.spawn(|| half.iter().enumerate().for_each(check));
            }
        });
    }

    fn file_of(&self, award: &Value, ending: &str) -> PathBuf {
        let (slug, token) = (&award["slug"], &award["token"]);
        let (slug, token) = (slug.as_str().unwrap(), token.as_str().unwrap());
        self.path(&format!("badges/{slug}/{token}.{ending}"))
    }

    /// The files below a folder, with their lengths.
    pub(crate) fn files(&self, inside: &str) -> BTreeMap<PathBuf, u64> {
        let mut files = BTreeMap::new();
        let mut folders = vec![self.path(inside)];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                match path.is_dir() {
                    true => folders.push(path),
                    false => {
                        let length = path.metadata().unwrap().len();
                        files.insert(path, length);
                    }
                }
            }
        }
        files
    }
}

/// Judges a badge at the time when its file was written.
fn judge(badge: &Path, documents: &Documents, recipient: Option<Recipient<'_>>) -> Report {
    let written = fs::metadata(badge).unwrap().modified().unwrap();
    let question = Question {
        recipient,
        ..Question::new(documents, written.into())
    };
    verify(&fs::read(badge).unwrap(), &question)
}

impl Said {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The lines that `--json` gave.
    pub(crate) fn lines(&self) -> Vec<Value> {
        self.out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    #[track_caller]
    pub(crate) fn expect(self, code: i32, words: &[&str]) -> Self {
        let all = format!("{}{}", self.out, self.err);
        assert_eq!(self.code, code, "{all}");
        for words in words {
            assert!(all.contains(words), "`{words}` is not in:\n{all}");
        }
        self
    }
}
