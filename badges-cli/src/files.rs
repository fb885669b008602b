//! The files that a person names on the command line, outside of any issuer's folder.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use badges_core::verify::MAX_FILE;

use crate::error::{Code, Error};
use crate::folder::files::{Access, replace};

/// Reads a file, or standard input for `-`: at most one byte more than any badge may have, which a
/// report then says.
///
/// # Errors
/// When there is no such file, or it cannot be read.
pub(crate) fn read_to_verify(path: &Path) -> Result<Vec<u8>, Error> {
    let limit = MAX_FILE as u64 + 1;
    let mut bytes = Vec::new();
    let done = if is_stdin(path) {
        io::stdin().lock().take(limit).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes))
    };
    done.map_err(|error| Error::reading(path, &error))?;
    Ok(bytes)
}

/// Reads a badge, or a picture with one in it; standard input for `-`.
///
/// # Errors
/// When there is no such file, it cannot be read, is empty or too long.
pub(crate) fn read_badge(path: &Path) -> Result<Vec<u8>, Error> {
    let bytes = read(path)?;
    if bytes.is_empty() {
        return Err(wrong(path, "is empty"));
    }
    Ok(bytes)
}

/// Reads a file that others hand out, which may be empty; standard input for `-`.
///
/// # Errors
/// When there is no such file, it cannot be read, or is too long.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let bytes = read_to_verify(path)?;
    if bytes.len() > MAX_FILE {
        return Err(wrong(path, "is longer than 16 MiB"));
    }
    Ok(bytes)
}

/// Reads a text file, or standard input for `-`.
///
/// # Errors
/// When there is no such file, it cannot be read, is too long or not UTF-8.
pub(crate) fn read_text(path: &Path) -> Result<String, Error> {
    String::from_utf8(read(path)?).map_err(|_| wrong(path, "is not UTF-8 text"))
}

fn wrong(path: &Path, what: &str) -> Error {
    Error::new(Code::Data, format!("`{}` {what}", path.display()))
}

/// Whether a path stands for standard input.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Writes a file that the person names, whole or not at all. One that is there stays, unless
/// `force` says otherwise.
///
/// # Errors
/// When there is one already, or it cannot be written.
pub(crate) fn write(path: &Path, bytes: &[u8], force: bool) -> Result<(), Error> {
    if !force && path.symlink_metadata().is_ok() {
        let what = format!("`{}` exists already", path.display());
        return Err(Error::new(Code::CannotCreate, what)
            .hint("name another file, or replace it with `--force`"));
    }
    replace(path, bytes, Access::Public)
}
