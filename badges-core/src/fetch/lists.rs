//! The status lists that were relied on, kept so that an older one is noticed when it is put back.

use std::cmp::Reverse;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{fs, io};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::cache::replace;
use crate::documents::{NewestList, NewestLists};
use crate::verify::Report;

/// The newest status lists that were relied on at each address, in a file that only its owner reads.
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

/// At how many addresses lists are noted at most. Those that were met longest ago are forgotten first.
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
                ((url.to_owned(), issuer.to_owned()), vec![met])
            })
            .collect();
        if !self.merge(met, now) {
            return Ok(());
        }
        // Others may have written in the meantime.
        self.merge(read(&self.file), now);
        let newest = self.newest();
        replace(&self.file, &written(&newest))
    }

    /// Takes lists that were met; `false` when they say nothing new.
    fn merge(&self, met: NewestLists, now: OffsetDateTime) -> bool {
        let mut newest = self.lock();
        let mut is_new = false;
        for (key, mut lists) in met {
            let known = newest.get(&key);
            lists.extend(known.into_iter().flatten());
            keep_newest(&mut lists, now);
            if known != Some(&lists) {
                Arc::make_mut(&mut newest).insert(key, lists);
                is_new = true;
            }
        }
        while newest.len() > self.capacity {
            let oldest = newest
                .iter()
                .min_by_key(|(_, lists)| lists.last().map(|list| list.met));
            let Some(key) = oldest.map(|(key, _)| key.clone()) else {
                break;
            };
            Arc::make_mut(&mut newest).remove(&key);
        }
        is_new
    }
}

/// Keeps, of the lists that were met at an address, the newest that is everywhere by now, the first
/// that was met since, and the newest of all. Were the newest alone kept, each new list would open a
/// day for all that are older; were there no first, an issuer of many lists a day would have none that
/// is everywhere.
fn keep_newest(lists: &mut Vec<NewestList>, now: OffsetDateTime) {
    lists.sort_by_key(|list| (list.met, Reverse(list.valid_from)));
    let mut newest = None;
    lists.retain(|list| {
        let is_newer = newest < Some(list.valid_from);
        newest = newest.max(Some(list.valid_from));
        is_newer
    });
    let everywhere = lists.iter().rposition(|list| list.is_everywhere(now));
    lists.drain(..everywhere.unwrap_or(0));
    let first_since = usize::from(everywhere.is_some());
    if lists.len() > first_since + 2 {
        lists.drain(first_since + 1..lists.len() - 1);
    }
}

fn written(newest: &NewestLists) -> Vec<u8> {
    let noted = newest.iter().flat_map(|((url, issuer), lists)| {
        lists.iter().map(|list| Noted {
            url: url.clone(),
            issuer: issuer.clone(),
            valid_from: list.valid_from.unix_timestamp(),
            met: list.met.unix_timestamp(),
        })
    });
    // Texts and numbers can be written.
    serde_json::to_vec(&noted.collect::<Vec<_>>()).unwrap_or_default()
}

/// What a file says; one that cannot be read says nothing.
fn read(file: &Path) -> NewestLists {
    let text = fs::read(file).unwrap_or_default();
    let noted: Vec<Noted> = serde_json::from_slice(&text).unwrap_or_default();
    let moment = |seconds| OffsetDateTime::from_unix_timestamp(seconds).ok();
    let mut lists = NewestLists::new();
    for noted in noted {
        if let (Some(valid_from), Some(met)) = (moment(noted.valid_from), moment(noted.met)) {
            let key = (noted.url, noted.issuer);
            let list = NewestList { valid_from, met };
            lists.entry(key).or_default().push(list);
        }
    }
    lists
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

    fn met(lists: &SeenLists) -> Vec<(i64, i64)> {
        let hours = |moment: OffsetDateTime| moment.unix_timestamp() / 3600;
        let met = lists.newest().get(&key()).cloned().unwrap_or_default();
        met.iter()
            .map(|list| (hours(list.valid_from), hours(list.met)))
            .collect()
    }

    #[test]
    fn the_newest_list_is_known_to_the_next_process() {
        let folder = tempfile::tempdir().unwrap();
        let lists = SeenLists::open(folder.path());
        for (day, now) in [(9, 9), (10, 11), (12, 13), (11, 14)] {
            lists
                .note(&report(LIST, day), moment(now), |_| true)
                .unwrap();
        }
        lists
            .note(&report(LIST, 20), moment(21), |_| false)
            .unwrap();
        for lists in [lists, SeenLists::open(folder.path())] {
            assert_eq!(met(&lists), [(10 * 24, 11 * 24), (12 * 24, 13 * 24)]);
        }
        // As it was written when the newest alone was kept.
        let one = r#"[{"url":"https://example.org/status/1","issuer":"did:web:example.org","validFrom":36000,"met":72000}]"#;
        fs::write(folder.path().join(SeenLists::FILE), one).unwrap();
        assert_eq!(met(&SeenLists::open(folder.path())), [(10, 20)]);
        fs::write(folder.path().join(SeenLists::FILE), "{\"damaged").unwrap();
        assert!(SeenLists::open(folder.path()).newest().is_empty());
    }

    #[test]
    fn many_lists_a_day_leave_one_that_is_everywhere() {
        let mut lists = Vec::new();
        for hour in 0..200 {
            let now = moment(10) + time::Duration::hours(hour);
            let list = NewestList {
                valid_from: now,
                met: now,
            };
            lists.push(list);
            keep_newest(&mut lists, now);
            assert!(lists.len() <= 3);
            assert_eq!(lists.last(), Some(&list));
            // Nothing passes that is more than two days older than the newest.
            let known = NewestLists::from([(key(), lists.clone())]);
            let mut documents = crate::documents::Documents::new();
            documents.remember(Arc::new(known));
            let had_newer = |hours| {
                let valid_from = now - time::Duration::hours(hours);
                documents.had_newer_list(LIST, ISSUER, valid_from, now)
            };
            assert_eq!(had_newer(49), hour > 24);
            assert!(!had_newer(24));
        }
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
