//! The ledger: what was awarded and what became of it, one line of JSON an event, only ever added
//! to. It names people, so it is for its owner only and never published.

use std::collections::HashMap;
use std::fmt::Display;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::PathBuf;

use badges_core::model::DateTimeZ;
use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use super::files;
use super::seed::Token;
use crate::error::{Code, Error};

/// An event.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(
    tag = "entry",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub(crate) enum Entry {
    /// A badge was issued.
    Award(Box<Award>),
    /// More is known of who has a badge.
    Known { token: Token, keys: Vec<String> },
    /// A badge was revoked, suspended or reinstated.
    Status(StatusChange),
    /// A renewal of everybody on a list began, or is done.
    Renewal {
        achievement: String,
        /// The SHA-256 of the list.
        list: String,
        done: bool,
    },
}

/// A badge that was issued.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Award {
    pub(crate) token: Token,
    /// The achievement's id.
    pub(crate) achievement: String,
    pub(crate) slug: String,
    /// What the recipient is known by, the strongest key first.
    pub(crate) keys: Vec<String>,
    /// What the recipient is called.
    pub(crate) name: String,
    /// How many times the badge was given to this person before.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) renewal: u32,
    /// The badge's id.
    pub(crate) badge: String,
    /// The recipient's id in the badge.
    pub(crate) subject: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<StatusEntry>,
    /// What the holder has to say beside the name, if the badge has the name's hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) salt: Option<String>,
    /// The endings of the badge's files.
    pub(crate) files: Vec<String>,
    pub(crate) awarded: DateTimeZ,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) valid_until: Option<DateTimeZ>,
    pub(crate) issued: DateTimeZ,
}

/// A place in a status list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StatusEntry {
    pub(crate) list: u32,
    pub(crate) index: u32,
    pub(crate) purpose: Purpose,
}

/// What a status list is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Purpose {
    /// For good.
    Revocation,
    /// For a while.
    Suspension,
}

/// What happened to a badge.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StatusChange {
    pub(crate) token: Token,
    pub(crate) status: Status,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<Reason>,
    pub(crate) at: DateTimeZ,
}

/// Whether a badge stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    /// It does.
    #[default]
    Valid,
    /// Not at the moment.
    Suspended,
    /// Never again.
    Revoked,
}

/// Why a badge no longer stands. Words of one's own could name somebody; these cannot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Reason {
    /// It was given to the wrong person, or too early.
    Mistake,
    /// Another badge replaces it.
    Corrected,
    /// The achievement was not real.
    Misconduct,
    /// The holder asked for it.
    HolderRequest,
    /// Any other.
    Other,
}

/// A badge as it stands now.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    /// The award, with all that has become known of the recipient since.
    pub(crate) award: Award,
    /// What happened to it last.
    pub(crate) last: Option<StatusChange>,
    /// The line of the ledger that it stands on.
    pub(crate) line: u64,
}

/// A folder's ledger.
pub(crate) struct Ledger {
    path: PathBuf,
}

/// All that happened after the awards.
#[derive(Default)]
pub(crate) struct History {
    changes: HashMap<Token, StatusChange>,
    known: HashMap<Token, Vec<String>>,
    renewals: HashMap<String, OpenRenewal>,
}

/// A renewal that was begun and not finished.
#[derive(Clone, Debug)]
pub(crate) struct OpenRenewal {
    /// The SHA-256 of the list of people.
    pub(crate) list: String,
    /// The line of the ledger on which it began.
    pub(crate) line: u64,
}

/// No line is as long as this.
const MAX_LINE: u64 = 1 << 20;

impl Award {
    /// The name of one of the badge's files.
    pub(crate) fn file(&self, ending: &str) -> String {
        format!("{}.{ending}", self.token)
    }

    /// The name of the file that is handed out: the picture, if there is one.
    pub(crate) fn main_file(&self) -> String {
        let picture = self
            .files
            .iter()
            .find(|ending| matches!(ending.as_str(), "png" | "svg"));
        self.file(picture.map_or("json", String::as_str))
    }
}

impl Standing {
    pub(crate) fn status(&self) -> Status {
        self.last.as_ref().map_or(Status::Valid, |last| last.status)
    }
}

impl Ledger {
    pub(crate) const fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Cuts off a last line that an interrupted run could not finish; returns whether there was
    /// one.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub(crate) fn repair(&self) -> Result<bool, Error> {
        let mut file = files::open_to_append(&self.path)?;
        let whole = whole_length(&mut file).map_err(|error| Error::reading(&self.path, &error))?;
        let length = file
            .metadata()
            .map_err(|error| Error::reading(&self.path, &error))?
            .len();
        if whole == length {
            return Ok(false);
        }
        file.set_len(whole)
            .map_err(|error| files::cannot_write(&self.path, &error))?;
        Ok(true)
    }

    /// Adds lines.
    ///
    /// # Errors
    /// When they cannot be written.
    pub(crate) fn append<'e>(
        &self,
        entries: impl IntoIterator<Item = &'e Entry>,
    ) -> Result<(), Error> {
        let mut lines = Vec::new();
        for entry in entries {
            serde_json::to_writer(&mut lines, entry)
                .map_err(|error| Error::new(Code::Io, format!("cannot write a line: {error}")))?;
            lines.push(b'\n');
        }
        if lines.is_empty() {
            return Ok(());
        }
        files::open_to_append(&self.path)?
            .write_all(&lines)
            .map_err(|error| files::cannot_write(&self.path, &error))
    }

    /// What happened after the awards.
    ///
    /// # Errors
    /// When the file cannot be read, or a line is damaged.
    pub(crate) fn history(&self) -> Result<History, Error> {
        let mut history = History::default();
        self.lines(|line, text| {
            // Awards are most of it, and looked at later.
            if !text.starts_with("{\"entry\":\"award\"") {
                history.add(line, self.entry(line, text)?);
            }
            Ok(())
        })?;
        Ok(history)
    }

    /// Visits all awards in their order, as they stand now.
    ///
    /// # Errors
    /// When the file cannot be read, a line is damaged, or the visitor gives up.
    pub(crate) fn awards(
        &self,
        history: &History,
        mut visit: impl FnMut(Standing) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.lines(|line, text| {
            let Entry::Award(award) = self.entry(line, text)? else {
                return Ok(());
            };
            let mut award = *award;
            if let Some(more) = history.known.get(&award.token) {
                award.keys.extend(more.iter().cloned());
            }
            visit(Standing {
                last: history.changes.get(&award.token).cloned(),
                award,
                line,
            })
        })
    }

    fn entry(&self, line: u64, text: &str) -> Result<Entry, Error> {
        serde_json::from_str(text).map_err(|error| self.damaged(line, error))
    }

    fn damaged(&self, line: u64, problem: impl Display) -> Error {
        Error::new(
            Code::Data,
            format!("`{}`, line {line}: {problem}", self.path.display()),
        )
        .hint("the ledger is damaged there; restore it from a backup, or mend the line")
    }

    /// Visits all whole lines, and not a last one that was never finished. Without a file there are
    /// none.
    fn lines(&self, mut visit: impl FnMut(u64, &str) -> Result<(), Error>) -> Result<(), Error> {
        let failed = |error: std::io::Error| Error::reading(&self.path, &error);
        let file = match File::open(&self.path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            file => file.map_err(failed)?,
        };
        let mut reader = BufReader::with_capacity(1 << 16, file);
        let mut line = Vec::new();
        for number in 1.. {
            line.clear();
            let length = reader
                .by_ref()
                .take(MAX_LINE)
                .read_until(b'\n', &mut line)
                .map_err(failed)?;
            match line.strip_suffix(b"\n").map(std::str::from_utf8) {
                Some(Ok(text)) => visit(number, text)?,
                None if (length as u64) < MAX_LINE => break,
                _ => return Err(self.damaged(number, "it is no text")),
            }
        }
        Ok(())
    }
}

impl History {
    /// The renewal of this achievement that was begun last, if it is not done.
    pub(crate) fn open_renewal(&self, achievement: &str) -> Option<&OpenRenewal> {
        self.renewals.get(achievement)
    }

    fn add(&mut self, line: u64, entry: Entry) {
        match entry {
            Entry::Award(_) => {}
            Entry::Known { token, keys } => self.known.entry(token).or_default().extend(keys),
            Entry::Status(change) => {
                self.changes.insert(change.token, change);
            }
            Entry::Renewal {
                achievement,
                done: true,
                ..
            } => {
                self.renewals.remove(&achievement);
            }
            Entry::Renewal {
                achievement, list, ..
            } => {
                self.renewals
                    .insert(achievement, OpenRenewal { list, line });
            }
        }
    }
}

impl Purpose {
    /// The standard's word.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Revocation => "revocation",
            Self::Suspension => "suspension",
        }
    }
}

impl Status {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Suspended => "suspended",
            Self::Revoked => "revoked",
        }
    }
}

/// The length up to the end of the last whole line.
fn whole_length(file: &mut File) -> std::io::Result<u64> {
    let mut end = file.metadata()?.len();
    let mut block = [0; 4096];
    while end > 0 {
        let start = end.saturating_sub(block.len() as u64);
        let block = &mut block[..(end - start) as usize];
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(block)?;
        if let Some(at) = block.iter().rposition(|byte| *byte == b'\n') {
            return Ok(start + at as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
const fn is_zero(number: &u32) -> bool {
    *number == 0
}
