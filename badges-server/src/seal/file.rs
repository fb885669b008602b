//! The file of the sealing key: made once, whole, and for its owner only.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use zeroize::Zeroizing;

use super::{IfMissing, Notice, SealError};

/// It is not longer than this, in bytes.
const MAX_FILE: u64 = 64 << 10;

/// Reads a file, or makes it where there is none.
pub(super) fn read_or_make(
    path: &Path,
    if_missing: IfMissing,
    make: impl FnOnce() -> Result<Zeroizing<String>, SealError>,
) -> Result<(Zeroizing<String>, Vec<Notice>), SealError> {
    let failed = |error| SealError::File {
        path: path.to_owned(),
        error,
    };
    match File::open(path).and_then(|mut file| read(&mut file)) {
        // Empty is what another process is about to fill, or could not.
        Ok(text) if !text.is_empty() => return Ok((text, Vec::new())),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(failed(error)),
    }
    if if_missing == IfMissing::Refuse {
        return Err(SealError::Missing(path.to_owned()));
    }
    let mut file = private(path).map_err(failed)?;
    // Of several that come here at once, the first one writes and the others wait to read it.
    let text = file.lock().and_then(|()| read(&mut file)).map_err(failed)?;
    if !text.is_empty() {
        return Ok((text, Vec::new()));
    }
    let text = make()?;
    // On the disk before anything is sealed with it.
    file.write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .and_then(|()| sync_folder(path))
        .map_err(failed)?;
    Ok((text, vec![Notice::Made(path.to_owned())]))
}

fn read(file: &mut File) -> io::Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::with_capacity(1024));
    file.take(MAX_FILE).read_to_string(&mut text)?;
    Ok(text)
}

/// Opens a file, or makes it, for its owner only.
fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// The name of a new file is on the disk only when its folder is.
fn sync_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// Windows gives files in a person's own folders to nobody else.
pub(super) fn open_to_others(path: &Path) -> Option<Notice> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = path.metadata().ok()?.permissions().mode() & 0o777;
        let path = path.to_owned();
        (mode & 0o077 != 0).then_some(Notice::OpenToOthers { path, mode })
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        None
    }
}
