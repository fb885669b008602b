//! The status lists that were relied on, kept so that an older one is noticed when it is put back.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{fs, io};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::cache::replace;
use crate::documents::{NewestList, NewestLists};
use crate::verify::Report;

/// The newest status list that was relied on at each address, in a file that only its owner reads.
/// Several processes may share it.
///
/// Only lists that held are noted, each with its issuer, so that nobody but an issuer can say that a
/// list of theirs is new.
#[derive(Debug)]
pub struct SeenLists {
    file: PathBuf,
    newest: Mutex<Arc<NewestLists>>,
    capacity: usize,
}

/// How many lists are noted at most. Those that were met longest ago are forgotten first.
const CAPACITY: usize = 4096;

/// The longest address or issuer that is noted, in bytes.
const LONGEST: usize = 1024;

/// A list as it stands in the file; moments are in seconds since 1970.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Noted {
    url: String,
    issuer: String,
    valid_from: i64,
    met: i64,
}

impl SeenLists {
    /// The file's name.
    pub(super) const FILE: &str = "seen-lists.json";

    /// What was noted in a folder.
    #[must_use]
    pub fn open(folder: &Path) -> Self {
        let file = folder.join(Self::FILE);
        Self {
            newest: Mutex::new(Arc::new(read(&file))),
            file,
            capacity: CAPACITY,
        }
    }

    /// What was noted up to now.
    #[must_use]
    pub fn newest(&self) -> Arc<NewestLists> {
        Arc::clone(&self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, Arc<NewestLists>> {
        // What the lock guards is whole at all times.
        self.newest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes the lists that a report relies on, if they were fetched: what somebody gave says nothing
    /// of what is at an address.
    ///
    /// # Errors
    /// The file cannot be written. What is noted counts all the same, in this process.
    pub fn note(
        &self,
        report: &Report,
        now: OffsetDateTime,
        was_fetched: impl Fn(&str) -> bool,
    ) -> io::Result<()> {
        let credential = report.credential.as_ref();
        let Some(issuer) = credential.and_then(|it| it.issuer.id.as_deref()) else {
            return Ok(());
        };
        let lists = report.status_lists().filter(|(url, _)| was_fetched(url));
        let short = lists.filter(|(url, _)| url.len().max(issuer.len()) <= LONGEST);
        let met: NewestLists = short
            .map(|(url, valid_from)| {
                let met = NewestList {
                    valid_from,
                    met: now,
                };
                ((url.to_owned(), issuer.to_owned()), met)
            })
            .collect();
        if !self.merge(met) {
            return Ok(());
        }
        // Others may have written in the meantime.
        self.merge(read(&self.file));
        let newest = self.newest();
        replace(&self.file, &written(&newest))
    }

    /// Takes lists that are newer than what is known; `false` when there is none.
    fn merge(&self, lists: NewestLists) -> bool {
        let mut newest = self.lock();
        let mut is_new = false;
        for (key, list) in lists {
            let known = newest.get(&key);
            if known.is_none_or(|known| known.valid_from < list.valid_from) {
                Arc::make_mut(&mut newest).insert(key, list);
                is_new = true;
            }
        }
        while newest.len() > self.capacity {
            let oldest = newest.iter().min_by_key(|(_, list)| list.met);
            let Some(key) = oldest.map(|(key, _)| key.clone()) else {
                break;
            };
            Arc::make_mut(&mut newest).remove(&key);
        }
        is_new
    }
}

fn written(newest: &NewestLists) -> Vec<u8> {
    let noted = newest.iter().map(|((url, issuer), list)| Noted {
        url: url.clone(),
        issuer: issuer.clone(),
        valid_from: list.valid_from.unix_timestamp(),
        met: list.met.unix_timestamp(),
    });
    // Texts and numbers can be written.
    serde_json::to_vec(&noted.collect::<Vec<_>>()).unwrap_or_default()
}

/// What a file says; one that cannot be read says nothing.
fn read(file: &Path) -> NewestLists {
    let text = fs::read(file).unwrap_or_default();
    let noted: Vec<Noted> = serde_json::from_slice(&text).unwrap_or_default();
    let moment = |seconds| OffsetDateTime::from_unix_timestamp(seconds).ok();
    let lists = noted.into_iter().filter_map(|noted| {
        let list = NewestList {
            valid_from: moment(noted.valid_from)?,
            met: moment(noted.met)?,
        };
        Some(((noted.url, noted.issuer), list))
    });
    lists.collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::verify::{Check, Outcome, Passed, Summary};

    const LIST: &str = "https://example.org/status/1";
    const ISSUER: &str = "did:web:example.org";

    fn key() -> (String, String) {
        (LIST.to_owned(), ISSUER.to_owned())
    }

    fn report(list: &str, day: i64) -> Report {
        let mut report = Report::not_fetched(list, "", "");
        let mut credential = Summary::default();
        credential.issuer.id = Some(ISSUER.to_owned());
        report.credential = Some(credential);
        let clear = Passed::StatusClear {
            purpose: "revocation".to_owned(),
            list: list.to_owned(),
            index: 7,
            as_of: Some(moment(day)),
        };
        report.checks = vec![(Check::Status, Outcome::Passed(clear))];
        report
    }

    fn moment(day: i64) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(day * 86_400).unwrap()
    }

    #[test]
    fn the_newest_list_is_known_to_the_next_process() {
        let folder = tempfile::tempdir().unwrap();
        let lists = SeenLists::open(folder.path());
        for (day, now) in [(10, 11), (12, 13), (11, 14)] {
            lists
                .note(&report(LIST, day), moment(now), |_| true)
                .unwrap();
        }
        lists
            .note(&report(LIST, 20), moment(21), |_| false)
            .unwrap();
        let wanted = NewestList {
            valid_from: moment(12),
            met: moment(13),
        };
        for lists in [lists, SeenLists::open(folder.path())] {
            assert_eq!(lists.newest().get(&key()), Some(&wanted));
        }
        fs::write(folder.path().join(SeenLists::FILE), "{\"damaged").unwrap();
        assert!(SeenLists::open(folder.path()).newest().is_empty());
    }

    #[test]
    fn processes_share_what_they_note() {
        let folder = tempfile::tempdir().unwrap();
        let [one, other] = [0; 2].map(|_| SeenLists::open(folder.path()));
        one.note(&report(LIST, 10), moment(11), |_| true).unwrap();
        let url = "https://example.org/status/2";
        other.note(&report(url, 10), moment(11), |_| true).unwrap();
        assert_eq!(SeenLists::open(folder.path()).newest().len(), 2);
        let long = format!("https://stranger.example/{}", "x".repeat(LONGEST));
        one.note(&report(&long, 10), moment(11), |_| true).unwrap();
        assert_eq!(one.newest().len(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let file = fs::metadata(folder.path().join(SeenLists::FILE)).unwrap();
            assert_eq!(file.permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn strangers_do_not_fill_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut lists = SeenLists::open(folder.path());
        lists.capacity = 3;
        lists.note(&report(LIST, 10), moment(10), |_| true).unwrap();
        for number in 0..3 {
            let url = format!("https://stranger.example/{number}");
            lists.note(&report(&url, 10), moment(11), |_| true).unwrap();
        }
        assert_eq!(lists.newest().len(), 3);
        assert_eq!(lists.newest().get(&key()), None, "it was met longest ago");
    }
}
