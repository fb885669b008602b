//! A folder of fetched documents, kept for as long as their servers say.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use super::{Fetched, SeenLists};

/// A folder of fetched documents. Any number of processes may share it.
///
/// An entry is one file, named by the SHA-256 of the URL asked for: a line of JSON, then the body.
/// An entry that is damaged or belongs to another URL counts as absent. Whoever can write to the
/// folder decides what a URL "answers", so it is made for its owner only.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
    capacity: usize,
}

/// How long a document is kept when its server does not say.
const DEFAULT_LIFETIME: Duration = Duration::from_secs(5 * 60);

/// No document is kept longer, whatever its server says.
const LONGEST_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// How many files a folder holds at most, so that strangers' URLs cannot fill the disk.
const CAPACITY: usize = 1024;

/// Two URLs of the greatest length that is fetched, and the rest, in bytes.
const LONGEST_HEADER: u64 = 256 * 1024;

/// The first line of an entry.
#[derive(Serialize, Deserialize)]
struct Header {
    /// The URL asked for.
    url: String,
    /// The URL after redirects.
    final_url: String,
    /// In seconds since 1970, as is `expires_at`.
    fetched_at: i64,
    expires_at: i64,
    media_type: Option<String>,
    /// Of the body, in hexadecimal digits.
    sha256: String,
}

impl Cache {
    /// Opens a folder, and makes it if there is none.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn open(folder: PathBuf) -> io::Result<Self> {
        make_folder(&folder)?;
        Ok(Self {
            folder,
            capacity: CAPACITY,
        })
    }

    /// The status lists that were relied on before, which are noted in the same folder.
    #[must_use]
    pub fn seen_lists(&self) -> SeenLists {
        SeenLists::open(&self.folder)
    }

    /// The document kept for `url`, if there is one that is still fresh at `now`. Its `max_age` is
    /// what is left of its lifetime.
    pub fn get(&self, url: &str, now: OffsetDateTime) -> Option<Fetched> {
        let entry = fs::read(self.path(url)).ok()?;
        let (header, body) = parse(&entry)?;
        let intact = header.url == url && header.sha256 == sha256(body);
        if !intact || !header.is_fresh(now.unix_timestamp()) {
            return None;
        }
        let left = header.expires_at.checked_sub(now.unix_timestamp())?;
        Some(Fetched {
            url: header.final_url,
            media_type: header.media_type,
            body: body.to_vec(),
            max_age: Some(Duration::from_secs(left.try_into().ok()?)),
        })
    }

    /// Keeps the answer to a request for `url` until its `max_age` is over, at most 24 hours, or
    /// for 5 minutes if there is none. Does nothing if it is zero, or if the folder is full of
    /// documents that are still fresh.
    ///
    /// # Errors
    /// The folder cannot be read or written. No half-written entry is left under the name of one.
    pub fn put(&self, url: &str, fetched: &Fetched, now: OffsetDateTime) -> io::Result<()> {
        let lifetime = fetched
            .max_age
            .unwrap_or(DEFAULT_LIFETIME)
            .min(LONGEST_LIFETIME)
            .as_secs();
        let path = self.path(url);
        if lifetime == 0 || !self.has_room_for(&path, now)? {
            return Ok(());
        }
        let fetched_at = now.unix_timestamp();
        let header = Header {
            url: url.to_owned(),
            final_url: fetched.url.clone(),
            fetched_at,
            expires_at: fetched_at.saturating_add_unsigned(lifetime),
            media_type: fetched.media_type.clone(),
            sha256: sha256(&fetched.body),
        };
        let mut entry = serde_json::to_vec(&header)?;
        entry.push(b'\n');
        entry.extend_from_slice(&fetched.body);
        replace(&path, &entry)
    }

    fn path(&self, url: &str) -> PathBuf {
        self.folder.join(sha256(url.as_bytes()))
    }

    fn has_room_for(&self, path: &Path, now: OffsetDateTime) -> io::Result<bool> {
        let has_room = || Ok(fs::read_dir(&self.folder)?.count() < self.capacity);
        if path.exists() || has_room()? {
            return Ok(true);
        }
        self.remove_stale(now.unix_timestamp())?;
        has_room()
    }

    fn remove_stale(&self, now: i64) -> io::Result<()> {
        for file in fs::read_dir(&self.folder)? {
            let path = file?.path();
            let noted = path.file_stem() == Path::new(SeenLists::FILE).file_stem();
            if noted {
                continue;
            }
            let is_fresh = read_header(&path).is_some_and(|header| header.is_fresh(now));
            if !is_fresh {
                // Another process may have removed it already.
                let _ = fs::remove_file(path);
            }
        }
        Ok(())
    }
}

impl Header {
    /// An entry from the future is not fresh: the clock was wrong, then or now.
    fn is_fresh(&self, now: i64) -> bool {
        self.fetched_at <= now && now < self.expires_at
    }
}

fn parse(entry: &[u8]) -> Option<(Header, &[u8])> {
    let end = entry.iter().position(|byte| *byte == b'\n')?;
    let (line, rest) = entry.split_at_checked(end)?;
    let header = serde_json::from_slice(line).ok()?;
    Some((header, rest.get(1..)?))
}

/// The first line alone: bodies are long, and there may be many.
fn read_header(path: &Path) -> Option<Header> {
    let mut line = Vec::new();
    let mut start = BufReader::new(File::open(path).ok()?).take(LONGEST_HEADER);
    start.read_until(b'\n', &mut line).ok()?;
    serde_json::from_slice(&line).ok()
}

fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Writes a file beside `path` and renames it, so that readers see the old or the new one whole.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    static WRITTEN: AtomicU64 = AtomicU64::new(0);
    let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
    let beside = path.with_extension(format!("{}-{number}", process::id()));
    let written = write(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // The first error is the one to report.
        let _ = fs::remove_file(&beside);
    }
    written
}

/// Writes a file that only its owner reads: it says whose badges were checked.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(bytes)
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    const URL: &str = "https://example.org/status/1";

    /// A cache in a folder of its own, removed at the end.
    struct Scratch(Cache);

    impl Scratch {
        fn new(name: &str) -> Self {
            let name = format!("badges-cache-{}-{name}", process::id());
            let folder = std::env::temp_dir().join(name);
            let _ = fs::remove_dir_all(&folder);
            Self(Cache::open(folder).unwrap())
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0.folder);
        }
    }

    fn at(seconds: i64) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(1_800_000_000 + seconds).unwrap()
    }

    fn fetched(max_age: Option<u64>) -> Fetched {
        Fetched {
            url: "https://www.example.org/status/1".to_owned(),
            media_type: Some("application/vc".to_owned()),
            body: b"{}\n\n\x00\xff".to_vec(),
            max_age: max_age.map(Duration::from_secs),
        }
    }

    #[test]
    fn entries_are_kept_for_their_lifetime() {
        let scratch = Scratch::new("lifetime");
        let cache = &scratch.0;
        let lifetimes = [
            (Some(60), 60),
            (None, 300),
            (Some(10_000_000), 86_400),
            (Some(u64::MAX), 86_400),
        ];
        for (max_age, lifetime) in lifetimes {
            let given = fetched(max_age);
            cache.put(URL, &given, at(0)).unwrap();
            let kept = cache.get(URL, at(0)).unwrap();
            assert_eq!(kept.max_age, Some(Duration::from_secs(lifetime)));
            assert_eq!(
                kept,
                Fetched {
                    max_age: kept.max_age,
                    ..given
                }
            );
            let last = lifetime.cast_signed() - 1;
            let left = cache.get(URL, at(last)).unwrap().max_age;
            assert_eq!(left, Some(Duration::from_secs(1)));
            assert_eq!(cache.get(URL, at(last + 1)), None);
            assert_eq!(cache.get(URL, at(-1)), None);
        }
        assert_eq!(cache.get("https://example.org/status/2", at(0)), None);
    }

    #[test]
    fn zero_lifetime_is_not_stored() {
        let scratch = Scratch::new("no-store");
        scratch.0.put(URL, &fetched(Some(0)), at(0)).unwrap();
        assert_eq!(fs::read_dir(&scratch.0.folder).unwrap().count(), 0);
    }

    #[test]
    fn damaged_entries_count_as_absent() {
        let scratch = Scratch::new("damaged");
        let cache = &scratch.0;
        cache.put(URL, &fetched(None), at(0)).unwrap();
        let path = cache.path(URL);
        let whole = fs::read(&path).unwrap();
        for length in 0..whole.len() {
            fs::write(&path, &whole[..length]).unwrap();
            assert_eq!(cache.get(URL, at(0)), None, "cut to {length} bytes");
        }
        for position in 0..whole.len() {
            let mut altered = whole.clone();
            altered[position] ^= 0x80;
            fs::write(&path, &altered).unwrap();
            assert_eq!(cache.get(URL, at(0)), None, "altered at {position}");
        }
        fs::write(&path, &whole).unwrap();
        assert!(cache.get(URL, at(0)).is_some());
    }

    #[test]
    fn the_entry_of_another_url_counts_as_absent() {
        let scratch = Scratch::new("mismatch");
        let cache = &scratch.0;
        let other = "https://example.org/status/2";
        cache.put(URL, &fetched(None), at(0)).unwrap();
        fs::rename(cache.path(URL), cache.path(other)).unwrap();
        assert_eq!(cache.get(other, at(0)), None);
    }

    #[test]
    fn a_full_folder_makes_room_by_removing_what_is_stale() {
        let mut scratch = Scratch::new("full");
        scratch.0.capacity = 3;
        let cache = &scratch.0;
        let url = |number: u64| format!("https://example.org/status/{number}");
        for number in 1..=4 {
            let lifetime = Some(number * 10);
            cache.put(&url(number), &fetched(lifetime), at(0)).unwrap();
        }
        assert_eq!(cache.get(&url(4), at(0)), None);
        cache.put(&url(3), &fetched(Some(100)), at(0)).unwrap();
        cache.put(&url(4), &fetched(None), at(15)).unwrap();
        assert!(!cache.path(&url(1)).exists());
        assert!((2..=4).all(|number| cache.get(&url(number), at(15)).is_some()));
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_an_error() {
        let scratch = Scratch::new("file");
        let file = scratch.0.folder.join("file");
        fs::write(&file, "").unwrap();
        assert!(Cache::open(file.join("folder")).is_err());
    }
}
