//! A folder that appears with everything in it, or not at all.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Component, Path, PathBuf};

use crate::ambient::random_id;

/// Why a folder cannot be written.
#[derive(Debug, thiserror::Error)]
pub(super) enum FolderError {
    /// Something is there, and it was not said that it may go.
    #[error("`{}` is there already and is not empty: name another folder, or give --replace", .0.display())]
    Taken(PathBuf),
    /// Something is there that was not written here.
    #[error(
        "`{}` holds something else than an export of this issuer, so it is not replaced: name another folder",
        .0.display()
    )]
    Other(PathBuf),
    /// A path that leads out of the folder.
    #[error("`{0}` is no path inside the folder")]
    Path(String),
    /// It could not be written.
    #[error("cannot write `{}`: {error}", path.display())]
    Failed {
        /// What.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

/// A folder that is being written, beside the place where it will be. Dropped before it is done, it
/// goes.
pub(super) struct Folder {
    place: PathBuf,
    beside: Beside,
    files: usize,
}

/// Where the folder is until it is done, and afterwards what was there before; it goes when dropped.
struct Beside(PathBuf);

impl Drop for Beside {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, folder = %self.0.display(), "could not be removed");
        }
    }
}

impl Folder {
    /// Begins a folder for this place. What is there may be replaced if it is an earlier one: then
    /// this file in it has this text.
    ///
    /// # Errors
    /// When something else is there, or nothing can be written.
    pub(super) fn begin(place: &Path, replace: Option<(&str, &str)>) -> Result<Self, FolderError> {
        let failed = |error| FolderError::Failed {
            path: place.to_owned(),
            error,
        };
        if !is_empty(place).map_err(failed)? {
            let (file, text) = replace.ok_or_else(|| FolderError::Taken(place.to_owned()))?;
            let there = fs::read_to_string(place.join(file)).unwrap_or_default();
            if !there.contains(text) {
                return Err(FolderError::Other(place.to_owned()));
            }
        }
        let place = std::path::absolute(place).map_err(failed)?;
        let parent = place.parent().unwrap_or(&place);
        fs::create_dir_all(parent).map_err(failed)?;
        // In the same folder, so that it can be put in place by its name alone.
        let beside = Beside(parent.join(format!(".export-{}", random_id())));
        fs::create_dir(&beside.0).map_err(failed)?;
        Ok(Self {
            place,
            beside,
            files: 0,
        })
    }

    /// Whether it has this file already.
    pub(super) fn has(&self, path: &str) -> bool {
        self.beside.0.join("new").join(path).exists()
    }

    /// Adds a file.
    ///
    /// # Errors
    /// When the path leads elsewhere or is taken, or the disk fails.
    pub(super) fn put(&mut self, path: &str, bytes: &[u8]) -> Result<(), FolderError> {
        let relative = Path::new(path);
        if path.is_empty()
            || !relative
                .components()
                .all(|part| matches!(part, Component::Normal(_)))
        {
            return Err(FolderError::Path(path.to_owned()));
        }
        let whole = self.beside.0.join("new").join(relative);
        let write = || {
            fs::create_dir_all(whole.parent().unwrap_or(&whole))?;
            let mut file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(&whole)?;
            file.write_all(bytes)
        };
        write().map_err(|error| FolderError::Failed {
            path: self.place.join(relative),
            error,
        })?;
        self.files += 1;
        Ok(())
    }

    /// Puts the folder in its place, and gives the number of its files. What was there goes only after
    /// that.
    ///
    /// # Errors
    /// When it cannot be put there; what was there is put back then.
    pub(super) fn done(self) -> Result<usize, FolderError> {
        let failed = |error| FolderError::Failed {
            path: self.place.clone(),
            error,
        };
        let (new, old) = (self.beside.0.join("new"), self.beside.0.join("old"));
        let was_there = match fs::rename(&self.place, &old) {
            Ok(()) => true,
            Err(error) if error.kind() == ErrorKind::NotFound => false,
            Err(error) => return Err(failed(error)),
        };
        if let Err(error) = fs::rename(&new, &self.place) {
            if was_there {
                fs::rename(&old, &self.place).map_err(failed)?;
            }
            return Err(failed(error));
        }
        #[cfg(unix)]
        if let Some(parent) = self.place.parent() {
            fs::File::open(parent)
                .and_then(|parent| parent.sync_all())
                .map_err(failed)?;
        }
        Ok(self.files)
    }
}

fn is_empty(place: &Path) -> io::Result<bool> {
    match fs::read_dir(place) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn it_is_there_with_everything_or_not_at_all() {
        let home = tempfile::tempdir().unwrap();
        let place = home.path().join("a/public");
        let mut folder = Folder::begin(&place, None).unwrap();
        folder.put("issuer.json", b"one").unwrap();
        folder.put("badges/x.json", b"badge").unwrap();
        assert!(!place.exists());
        drop(folder);
        assert!(
            names(&home.path().join("a")).is_empty(),
            "nothing stays behind"
        );

        let mut folder = Folder::begin(&place, None).unwrap();
        folder.put("issuer.json", b"one").unwrap();
        assert_eq!(folder.done().unwrap(), 1);
        assert_eq!(names(&place), ["issuer.json"]);
        assert_eq!(names(&home.path().join("a")), ["public"]);
    }

    #[test]
    fn only_an_earlier_one_is_replaced() {
        let home = tempfile::tempdir().unwrap();
        let place = home.path().join("public");
        fs::create_dir(&place).unwrap();
        assert!(
            Folder::begin(&place, None).is_ok(),
            "an empty folder is no loss"
        );
        fs::write(place.join("issuer.json"), "{\"id\":\"did:web:other\"}").unwrap();
        assert!(matches!(
            Folder::begin(&place, None),
            Err(FolderError::Taken(_))
        ));
        let mark = |id| Some(("issuer.json", id));
        assert!(matches!(
            Folder::begin(&place, mark("did:web:own")),
            Err(FolderError::Other(_))
        ));
        let mut folder = Folder::begin(&place, mark("did:web:other")).unwrap();
        folder.put("new", b"").unwrap();
        assert_eq!(names(&place), ["issuer.json"]);
        folder.done().unwrap();
        assert_eq!(names(&place), ["new"]);
        assert_eq!(names(home.path()), ["public"]);
    }

    #[test]
    fn no_file_is_outside_it_or_there_twice() {
        let home = tempfile::tempdir().unwrap();
        let mut folder = Folder::begin(&home.path().join("public"), None).unwrap();
        for path in ["", "..", "../x", "/etc/x", "a/../../x"] {
            assert!(
                matches!(folder.put(path, b""), Err(FolderError::Path(_))),
                "{path}"
            );
        }
        folder.put("a", b"1").unwrap();
        assert!(folder.put("a", b"2").is_err());
    }
}
