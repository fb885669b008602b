//! Files of a folder: whole or not there, and the private ones for their owner only.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::error::{Code, Error};

/// Who may read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Whoever may look into the folder.
    Public,
    /// The owner only.
    Private,
}

/// The longest file of settings or keys that is read, in bytes.
const MAX_SETTINGS: u64 = 4 << 20;

/// The longest picture that is read, in bytes.
const MAX_PICTURE: u64 = 16 << 20;

/// The ending of a file that is being written.
const UNFINISHED: &str = ".unfinished";

/// Writes a file beside its place and moves it there, so that at any moment the old one or the
/// new one is there, and whole.
///
/// # Errors
/// When the file cannot be written.
pub(crate) fn replace(path: &Path, bytes: &[u8], access: Access) -> Result<(), Error> {
    let beside = beside(path);
    let written = options(access)
        .create(true)
        .truncate(true)
        .open(&beside)
        .and_then(|mut file| file.write_all(bytes))
        .and_then(|()| fs::rename(&beside, path));
    written.map_err(|error| {
        // What could not be finished takes up room; if it cannot be removed either, so be it.
        let _ = fs::remove_file(&beside);
        cannot_write(path, &error)
    })
}

/// Writes a file where there is none yet.
///
/// # Errors
/// When there is one, or when it cannot be written.
pub(crate) fn create(path: &Path, bytes: &[u8], access: Access) -> Result<(), Error> {
    let mut file = options(access)
        .create_new(true)
        .open(path)
        .map_err(|error| {
            if error.kind() == ErrorKind::AlreadyExists {
                Error::new(
                    Code::CannotCreate,
                    format!("`{}` is there already", path.display()),
                )
                .hint("nothing is ever overwritten here; choose another name with `-o`")
            } else {
                cannot_write(path, &error)
            }
        })?;
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .map_err(|error| cannot_write(path, &error))
}

/// Opens a private file to append to it, and makes it if need be.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn open_to_append(path: &Path) -> Result<File, Error> {
    options(Access::Private)
        .append(true)
        .read(true)
        .create(true)
        .open(path)
        .map_err(|error| cannot_write(path, &error))
}

/// Makes a folder, and those above it.
///
/// # Errors
/// When it cannot be made.
pub(crate) fn create_folder(path: &Path, access: Access) -> Result<(), Error> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    if access == Access::Private {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder
        .create(path)
        .map_err(|error| cannot_write(path, &error))
}

/// Reads settings or a key.
///
/// # Errors
/// When the file cannot be read, is far too long, or is no text.
pub(crate) fn read_text(path: &Path) -> Result<String, Error> {
    let bytes = read(path, MAX_SETTINGS)?;
    String::from_utf8(bytes).map_err(|_| {
        Error::new(
            Code::Data,
            format!("`{}` is no text in UTF-8", path.display()),
        )
    })
}

/// Reads a picture.
///
/// # Errors
/// When the file cannot be read, or is longer than a badge may be.
pub(crate) fn read_picture(path: &Path) -> Result<Vec<u8>, Error> {
    read(path, MAX_PICTURE)
}

/// Removes what an interrupted run left half-written in a folder; there need not be any.
pub(crate) fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        if name.to_str().is_some_and(is_unfinished) {
            // It will be overwritten when its file is written again.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Has the system write all that was written under this folder to the disk.
///
/// # Errors
/// When the disk fails.
pub(crate) fn sync(folder: &Path) -> Result<(), Error> {
    let synced = File::open(folder).and_then(|folder| {
        #[cfg(target_os = "linux")]
        rustix::fs::syncfs(&folder)?;
        #[cfg(not(target_os = "linux"))]
        let _ = folder;
        Ok(())
    });
    synced.map_err(|error| cannot_write(folder, &error))
}

/// A file that could not be written, with what usually helps.
pub(crate) fn cannot_write(path: &Path, error: &io::Error) -> Error {
    let failed = Error::writing(path, error);
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            failed.hint("make room on the disk and run the same command again: it goes on there")
        }
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => failed
            .hint("this account may not write there; change that, or copy the folder elsewhere"),
        ErrorKind::NotFound => failed.hint("the folder for it does not exist; make it first"),
        _ => failed,
    }
}

fn read(path: &Path, limit: u64) -> Result<Vec<u8>, Error> {
    let failed = |error: io::Error| Error::reading(path, &error);
    let mut bytes = Vec::new();
    File::open(path)
        .map_err(failed)?
        .take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() as u64 > limit {
        return Err(Error::new(
            Code::Data,
            format!("`{}` is longer than {limit} bytes", path.display()),
        ));
    }
    Ok(bytes)
}

fn options(access: Access) -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    if access == Access::Private {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options
}

fn beside(path: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(UNFINISHED);
    path.with_file_name(name)
}

fn is_unfinished(name: &str) -> bool {
    name.starts_with('.') && name.ends_with(UNFINISHED)
}
