//! The status lists that were relied on, kept so that an older one is noticed when it is put back.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use time::OffsetDateTime;

use super::cache::replace;
use crate::documents::{NewestList, NewestLists};
use crate::verify::Report;

/// The newest status list that was relied on at each address, in a file. Several processes may share
/// it; of what they note at the same moment, something may be lost.
///
/// Only lists that held are noted, so that nobody but an issuer can say that a list of theirs is new.
#[derive(Debug)]
pub struct SeenLists {
    file: PathBuf,
    newest: Mutex<Arc<NewestLists>>,
    capacity: usize,
}

/// How many lists are noted at most. Those that were met longest ago are forgotten first.
const CAPACITY: usize = 4096;

impl SeenLists {
    /// The file's name.
    pub(super) const FILE: &str = "seen-lists.json";

    /// What was noted in a folder. A file that cannot be read says nothing.
    #[must_use]
    pub fn open(folder: &Path) -> Self {
        let file = folder.join(Self::FILE);
        let newest = fs::read(&file).map_or_else(|_| NewestLists::new(), |text| parse(&text));
        Self {
            file,
            newest: Mutex::new(Arc::new(newest)),
            capacity: CAPACITY,
        }
    }

    /// What was noted up to now.
    #[must_use]
    pub fn newest(&self) -> Arc<NewestLists> {
        Arc::clone(&self.newest.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Notes the lists that a report relies on.
    ///
    /// # Errors
    /// The file cannot be written. What is noted counts all the same, in this process.
    pub fn note(&self, report: &Report, now: OffsetDateTime) -> std::io::Result<()> {
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        let mut is_new = false;
        for (url, valid_from) in report.status_lists() {
            if newest
                .get(url)
                .is_none_or(|known| known.valid_from < valid_from)
            {
                let met = NewestList {
                    valid_from,
                    met: now,
                };
                Arc::make_mut(&mut newest).insert(url.to_owned(), met);
                is_new = true;
            }
        }
        if !is_new {
            return Ok(());
        }
        while newest.len() > self.capacity {
            let oldest = newest.iter().min_by_key(|(_, list)| list.met);
            let oldest = oldest.map(|(url, _)| url.clone()).unwrap_or_default();
            Arc::make_mut(&mut newest).remove(&oldest);
        }
        replace(&self.file, &written(&newest))
    }
}

/// As JSON: for each URL the seconds since 1970 of both moments.
fn written(newest: &NewestLists) -> Vec<u8> {
    let seconds = newest.iter().map(|(url, list)| {
        let moments = [list.valid_from, list.met];
        (url, moments.map(OffsetDateTime::unix_timestamp))
    });
    let seconds: BTreeMap<&String, [i64; 2]> = seconds.collect();
    // A map with texts for keys can be written.
    serde_json::to_vec(&seconds).unwrap_or_default()
}

fn parse(text: &[u8]) -> NewestLists {
    let seconds: BTreeMap<String, [i64; 2]> = serde_json::from_slice(text).unwrap_or_default();
    let moment = |seconds| OffsetDateTime::from_unix_timestamp(seconds).ok();
    let lists = seconds.into_iter().filter_map(|(url, [from, met])| {
        let list = NewestList {
            valid_from: moment(from)?,
            met: moment(met)?,
        };
        Some((url, list))
    });
    lists.collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::verify::{Check, Outcome, Passed};

    const LIST: &str = "https://example.org/status/1";

    fn report(list: &str, day: i64) -> Report {
        let mut report = Report::not_fetched(list, "", "");
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
            lists.note(&report(LIST, day), moment(now)).unwrap();
        }
        let wanted = NewestList {
            valid_from: moment(12),
            met: moment(13),
        };
        for lists in [lists, SeenLists::open(folder.path())] {
            assert_eq!(lists.newest().get(LIST), Some(&wanted));
        }
        fs::write(folder.path().join(SeenLists::FILE), "{\"damaged").unwrap();
        assert!(SeenLists::open(folder.path()).newest().is_empty());
    }

    #[test]
    fn strangers_do_not_fill_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut lists = SeenLists::open(folder.path());
        lists.capacity = 3;
        lists.note(&report(LIST, 10), moment(10)).unwrap();
        for number in 0..3 {
            let url = format!("https://stranger.example/{number}");
            lists.note(&report(&url, 10), moment(11)).unwrap();
        }
        assert_eq!(lists.newest().len(), 3);
        assert_eq!(lists.newest().get(LIST), None, "it was met longest ago");
    }
}
