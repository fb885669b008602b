//! The files that a person names: read up to a limit, written whole or not at all.

use std::fs::{self, File};
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};

use badges_core::verify::MAX_FILE;

use crate::error::{Code, Error};

/// Reads a file, or standard input for `-`: at most one byte more than any badge may have.
///
/// # Errors
/// When there is no such file, or it cannot be read.
pub(crate) fn read_badge(path: &Path) -> Result<Vec<u8>, Error> {
    let limit = MAX_FILE as u64 + 1;
    let mut bytes = Vec::new();
    let read = if is_stdin(path) {
        io::stdin().lock().take(limit).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes))
    };
    read.map_err(|error| Error::reading(path, &error))?;
    Ok(bytes)
}

/// Reads a text file, or standard input for `-`.
///
/// # Errors
/// When there is no such file, it cannot be read, is too long, or is not UTF-8.
pub(crate) fn read_text(path: &Path) -> Result<String, Error> {
    let bytes = read_badge(path)?;
    let wrong = |what| Error::new(Code::Data, format!("`{}` {what}", path.display()));
    if bytes.len() > MAX_FILE {
        return Err(wrong("is longer than 16 MiB"));
    }
    String::from_utf8(bytes).map_err(|_| wrong("is not UTF-8 text"))
}

/// Whether a path stands for standard input.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Writes a file beside `path` and renames it, so that there is never half a file. A file that is
/// there stays, unless `force` says otherwise.
///
/// # Errors
/// When there is one already, or it cannot be written.
pub(crate) fn write(path: &Path, bytes: &[u8], force: bool) -> Result<(), Error> {
    if !force && path.symlink_metadata().is_ok() {
        let what = format!("`{}` exists already", path.display());
        return Err(Error::new(Code::CannotCreate, what)
            .hint("name another file, or replace it with `--force`"));
    }
    let beside = beside(path);
    let written = write_through(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    written.map_err(|error| {
        // The first error is the one to report.
        let _ = fs::remove_file(&beside);
        Error::writing(path, &error)
    })
}

fn write_through(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    path.with_file_name(name)
}
