//! The status lists of a folder: which places are taken, which bits are set, and the signed
//! documents that say so.

use std::collections::BTreeMap;
use std::path::Path;

use badges_core::SignedCredential;
use badges_core::json;
use badges_core::key::SigningKey;
use badges_core::model::CredentialStatus;
use badges_core::publish::Base;
use badges_core::status::{FULL, MIN_ENTRIES, StatusBits, StatusList};
use time::OffsetDateTime;

use super::files::{self, Access};
use super::issuer::Issuer;
use super::ledger::{Purpose, Standing, Status, StatusEntry};
use crate::error::{Code, Error};

/// All lists, by their numbers from 1.
#[derive(Default)]
pub(crate) struct StatusLists {
    lists: BTreeMap<u32, List>,
}

struct List {
    purpose: Purpose,
    taken: StatusBits,
    count: u32,
    /// The bits that are set: badges that do not stand.
    set: StatusBits,
}

impl StatusLists {
    /// Takes note of a badge.
    pub(crate) fn record(&mut self, standing: &Standing) {
        if let Some(entry) = standing.award.status {
            self.take(entry);
            self.set(entry, standing.status() != Status::Valid);
        }
    }

    /// Sets or clears the bit of a badge.
    pub(crate) fn set(&mut self, entry: StatusEntry, value: bool) {
        let list = self.list(entry);
        let _ = list.set.set(entry.index.into(), value);
    }

    /// Finds a free place in the newest list for this purpose, or in a new one when it is full.
    /// From `start` on, every `step`th place is looked at.
    pub(crate) fn next(&mut self, purpose: Purpose, (start, step): (u64, u64)) -> StatusEntry {
        let newest = self
            .lists
            .iter()
            .rfind(|(_, list)| list.purpose == purpose)
            .filter(|(_, list)| list.count < FULL);
        let number = match newest {
            Some((number, _)) => *number,
            None => self.lists.keys().next_back().map_or(1, |last| last + 1),
        };
        let entry = |index: u64| StatusEntry {
            list: number,
            index: u32::try_from(index % MIN_ENTRIES).unwrap_or_default(),
            purpose,
        };
        let list = self.list(entry(start));
        // The size is a power of two, so that any odd step comes to every place.
        let step = step | 1;
        let mut index = start % MIN_ENTRIES;
        while list.taken.get(index, 1) == Some(1) {
            index = index.wrapping_add(step) % MIN_ENTRIES;
        }
        let entry = entry(index);
        self.take(entry);
        entry
    }

    /// The numbers of all lists.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = u32> {
        self.lists.keys().copied()
    }

    /// Whether the files of all lists say what is known here.
    pub(crate) fn are_current(&self, folder: &Path, base: &Base) -> bool {
        self.lists.iter().all(|(number, list)| {
            let path = folder.join(format!("{number}.json"));
            read(&path, &base.status_list(*number), list.purpose).as_ref() == Some(&list.set)
        })
    }

    /// Signs and writes the lists whose files do not say what is known here; returns how many.
    ///
    /// # Errors
    /// When a list cannot be signed or written.
    pub(crate) fn write(
        &self,
        folder: &Path,
        issuer: &Issuer,
        base: &Base,
        key: &SigningKey,
        now: OffsetDateTime,
    ) -> Result<usize, Error> {
        let mut written = 0;
        for (number, list) in &self.lists {
            let path = folder.join(format!("{number}.json"));
            let url = base.status_list(*number);
            if let Some(there) = read(&path, &url, list.purpose) {
                if there == list.set {
                    continue;
                }
                list.refuse_to_forget(&there, &path)?;
            }
            let text = sign(list, &url, issuer, key, now)?;
            files::create_folder(folder, Access::Public)?;
            files::replace(&path, text.as_bytes(), Access::Public)?;
            written += 1;
        }
        Ok(written)
    }

    fn take(&mut self, entry: StatusEntry) {
        let list = self.list(entry);
        if list.taken.get(entry.index.into(), 1) == Some(0) {
            let _ = list.taken.set(entry.index.into(), true);
            list.count += 1;
        }
    }

    fn list(&mut self, entry: StatusEntry) -> &mut List {
        self.lists.entry(entry.list).or_insert_with(|| List {
            purpose: entry.purpose,
            taken: StatusBits::default(),
            count: 0,
            set: StatusBits::default(),
        })
    }
}

/// The `credentialStatus` of a badge.
pub(crate) fn credential_status(entry: StatusEntry, base: &Base) -> CredentialStatus {
    CredentialStatus::bitstring(
        &base.status_list(entry.list),
        entry.index as usize,
        entry.purpose.as_str(),
    )
}

/// The bits of the list in a file, if it is this one.
fn read(path: &Path, url: &str, purpose: Purpose) -> Option<StatusBits> {
    let text = files::read_text(path).ok()?;
    let document = json::parse(&text).ok()?;
    let subject = document.get("credentialSubject")?;
    let is_it =
        document.text("id") == Some(url) && subject.text("statusPurpose") == Some(purpose.as_str());
    let bits = subject.text("encodedList").filter(|_| is_it)?;
    StatusBits::decode(bits).ok()
}

impl List {
    /// What the file revokes for good, and the ledger does not know of, must not be forgotten: the
    /// ledger may be an old copy.
    fn refuse_to_forget(&self, there: &StatusBits, path: &Path) -> Result<(), Error> {
        let forgotten =
            |index: &u64| there.get(*index, 1) == Some(1) && self.set.get(*index, 1) != Some(1);
        match (0..MIN_ENTRIES).find(forgotten) {
            Some(index) if self.purpose == Purpose::Revocation => Err(Error::new(
                Code::Data,
                format!(
                    "`{}` revokes the badge at {index}, of which the ledger knows nothing",
                    path.display()
                ),
            )
            .hint("the ledger is perhaps an old copy; put the newest one back")),
            _ => Ok(()),
        }
    }
}

fn sign(
    list: &List,
    url: &str,
    issuer: &Issuer,
    key: &SigningKey,
    now: OffsetDateTime,
) -> Result<String, Error> {
    let unsigned = StatusList {
        url,
        issuer: issuer.id(),
        purpose: list.purpose.as_str(),
        bits: &list.set,
        valid_from: now.into(),
        // A folder may be published for years without anybody signing.
        valid_until: None,
    };
    unsigned
        .sign(key)
        .map(SignedCredential::into_text)
        .map_err(|error| {
            Error::new(
                Code::Data,
                format!("cannot sign the status list `{url}`: {error}"),
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_never_given_twice_and_lists_roll_over() {
        let mut lists = StatusLists::default();
        let mut seen = std::collections::HashSet::new();
        for number in 0..u64::from(FULL) + 2 {
            // Several begin at the same place, with one of a few steps.
            let start = (number / 3).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let entry = lists.next(Purpose::Revocation, (start, start + number % 4));
            assert!(seen.insert((entry.list, entry.index)));
            assert_eq!(entry.list, if number < u64::from(FULL) { 1 } else { 2 });
        }
        let suspension = lists.next(Purpose::Suspension, (5, 0));
        assert_eq!((suspension.list, suspension.index), (3, 5));
        assert_eq!(lists.next(Purpose::Revocation, (0, 0)).list, 2);
        assert_eq!(lists.numbers().collect::<Vec<_>>(), [1, 2, 3]);
    }
}
