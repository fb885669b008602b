//! Where files are published: written when they changed, removed when their badges are gone, and
//! never where secrets are.

use std::collections::HashSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use badges_core::json;
use badges_core::publish::File;

use crate::error::{Code, Error};
use crate::folder::Folder;
use crate::folder::files::{self, Access};
use crate::folder::seed::Token;

/// A folder that is published.
pub(super) struct Place {
    root: PathBuf,
    /// What belongs into `badges`: names of files and folders.
    badges: HashSet<String>,
    pub(super) written: usize,
    pub(super) unchanged: usize,
    pub(super) removed: usize,
}

impl Place {
    /// A folder to publish in; it is made if need be.
    ///
    /// # Errors
    /// When publishing it would publish secrets, when something else is there, or when it cannot be
    /// made.
    pub(super) fn new(root: &Path, folder: &Folder, issuer: &str) -> Result<Self, Error> {
        refuse_secrets(root, folder)?;
        files::create_folder(root, Access::Public)?;
        // Once more: now all links on the way are known.
        refuse_secrets(root, folder)?;
        refuse_others(root, issuer)?;
        Ok(Self {
            root: root.to_owned(),
            badges: HashSet::new(),
            written: 0,
            unchanged: 0,
            removed: 0,
        })
    }

    /// Writes a file, unless it is there already.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn put(&mut self, file: &File) -> Result<(), Error> {
        if let Some(name) = file.path.strip_prefix("badges/") {
            let name = name.split('/').next().unwrap_or(name);
            self.badges.insert(name.to_owned());
        }
        let path = self.root.join(&file.path);
        if fs::read(&path).is_ok_and(|there| file.is_same_as(&there)) {
            self.unchanged += 1;
            return Ok(());
        }
        if let Some(folder) = path.parent() {
            files::create_folder(folder, Access::Public)?;
        }
        files::replace(&path, &file.bytes, Access::Public)?;
        self.written += 1;
        Ok(())
    }

    /// Removes what was published of badges that are gone. Files of another kind stay.
    ///
    /// # Errors
    /// When something cannot be removed.
    pub(super) fn remove_others(&mut self) -> Result<(), Error> {
        let folder = self.root.join("badges");
        let entries = match fs::read_dir(&folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            entries => entries.map_err(|error| Error::reading(&folder, &error))?,
        };
        for entry in entries {
            let entry = entry.map_err(|error| Error::reading(&folder, &error))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if is_of_badge(&name) && !self.badges.contains(&name) {
                let path = entry.path();
                remove(&path).map_err(|error| files::cannot_write(&path, &error))?;
                self.removed += 1;
            }
        }
        Ok(())
    }

    /// Has the system write everything to the disk.
    ///
    /// # Errors
    /// When the disk fails.
    pub(super) fn sync(&self) -> Result<(), Error> {
        files::sync(&self.root)
    }
}

/// Whether a file or folder in `badges` is one that publishing makes.
fn is_of_badge(name: &str) -> bool {
    let (stem, ending) = name.split_once('.').unwrap_or((name, ""));
    stem.parse::<Token>().is_ok() && matches!(ending, "" | "json" | "jwt" | "png" | "svg")
}

/// Removes a badge's file, or its page and the folder around it if nothing else is in there.
fn remove(path: &Path) -> std::io::Result<()> {
    if !fs::symlink_metadata(path)?.is_dir() {
        return fs::remove_file(path);
    }
    match fs::remove_file(path.join("index.html")) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    match fs::remove_dir(path) {
        Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty => Ok(()),
        removed => removed,
    }
}

/// Refuses a place that has the folder's secrets inside, or is among them.
fn refuse_secrets(root: &Path, folder: &Folder) -> Result<(), Error> {
    let root = real(root);
    let issuer = real(folder.root());
    let private = [
        folder.keys(),
        folder.root().join("badges"),
        folder.achievements(),
        folder.status_lists(),
        folder.root().join("ledger.jsonl"),
    ]
    .map(|path| real(&path));
    let holds = private
        .iter()
        .chain([&issuer])
        .any(|path| path != &root && path.starts_with(&root));
    let within = private.iter().find(|path| root.starts_with(path));
    let problem = match within {
        Some(path) => format!("is part of the issuer's own `{}`", path.display()),
        None if holds || root == issuer => {
            "holds the issuer's folder, with its keys and ledger".to_owned()
        }
        None => return Ok(()),
    };
    Err(Error::new(
        Code::Usage,
        format!("`{}` {problem}: it must not be published", root.display()),
    )
    .hint("publish in a folder of its own, such as `-o public`"))
}

/// Refuses a place where somebody else's pages are.
fn refuse_others(root: &Path, issuer: &str) -> Result<(), Error> {
    let profile = root.join("issuer.json");
    let whose = if profile.exists() {
        let text = files::read_text(&profile)?;
        let document = json::parse(&text).ok();
        let id = document.as_ref().and_then(|document| document.text("id"));
        if id == Some(issuer) {
            return Ok(());
        }
        format!("the badges of `{}`", id.unwrap_or("another issuer"))
    } else if root.join("index.html").exists() {
        "another web site".to_owned()
    } else {
        return Ok(());
    };
    Err(Error::new(
        Code::CannotCreate,
        format!(
            "`{}` holds {whose}, which would be overwritten",
            root.display()
        ),
    )
    .hint("name a folder of its own"))
}

/// The path without links and `..`, as far as it exists.
fn real(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    for existing in absolute.ancestors() {
        if let (Ok(real), Ok(rest)) = (fs::canonicalize(existing), absolute.strip_prefix(existing))
        {
            return if rest.as_os_str().is_empty() {
                real
            } else {
                real.join(rest)
            };
        }
    }
    absolute
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const ISSUER: &str = "did:web:example.org";

    fn file(path: &str, text: &str) -> File {
        File {
            path: path.to_owned(),
            bytes: text.as_bytes().to_vec(),
        }
    }

    #[test]
    fn secrets_are_never_published() {
        let home = tempfile::tempdir().unwrap();
        let root = home.path().join("issuer");
        fs::create_dir_all(root.join("keys")).unwrap();
        fs::write(root.join("ledger.jsonl"), "").unwrap();
        let folder = Folder::at(&root);
        let is_refused = |path: &Path| Place::new(path, &folder, ISSUER).is_err();
        for place in [
            ".",
            "..",
            "keys",
            "keys/public",
            "badges",
            "badges/editor",
            "achievements/public",
            "status",
            "ledger.jsonl",
            "public/..",
            "public/../keys/public",
        ] {
            assert!(is_refused(&root.join(place)), "{place}");
        }
        assert!(!is_refused(&root.join("public")));
        assert!(!is_refused(&home.path().join("public")));
        assert!(!root.join("keys/public").exists());
    }

    #[cfg(unix)]
    #[test]
    fn links_to_secrets_are_seen_through() {
        let home = tempfile::tempdir().unwrap();
        let (root, vault) = (home.path().join("issuer"), home.path().join("vault"));
        fs::create_dir_all(&root).unwrap();
        fs::create_dir_all(vault.join("keys")).unwrap();
        std::os::unix::fs::symlink(vault.join("keys"), root.join("keys")).unwrap();
        std::os::unix::fs::symlink(&root, home.path().join("public")).unwrap();
        let folder = Folder::at(&root);
        for place in ["public", "public/keys", "vault", "vault/keys/public"] {
            let place = home.path().join(place);
            assert!(Place::new(&place, &folder, ISSUER).is_err(), "{place:?}");
        }
    }

    #[test]
    fn other_pages_are_not_overwritten() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::at(&home.path().join("issuer"));
        let root = home.path().join("public");
        let is_refused = || Place::new(&root, &folder, ISSUER).is_err();
        assert!(!is_refused());
        fs::write(root.join("CNAME"), "example.org").unwrap();
        assert!(!is_refused());
        fs::write(root.join("index.html"), "").unwrap();
        assert!(is_refused());
        fs::write(root.join("issuer.json"), r#"{"id":"did:web:example.org"}"#).unwrap();
        assert!(!is_refused());
        fs::write(root.join("issuer.json"), r#"{"id":"did:web:example.net"}"#).unwrap();
        assert!(is_refused());
    }

    #[test]
    fn what_did_not_change_stays_and_what_is_gone_goes() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::at(&home.path().join("issuer"));
        let root = home.path().join("public");
        let [one, two] = ["1", "2"].map(|digit| digit.repeat(32));
        let publish = |tokens: &[&String]| {
            let mut place = Place::new(&root, &folder, ISSUER).unwrap();
            for token in tokens {
                for path in ["badges/T.json", "badges/T/index.html"] {
                    place.put(&file(&path.replace('T', token), "x")).unwrap();
                }
            }
            place.remove_others().unwrap();
            (place.written, place.unchanged, place.removed)
        };
        assert_eq!(publish(&[&one, &two]), (4, 0, 0));
        fs::write(root.join("badges/readme.txt"), "").unwrap();
        fs::write(root.join("badges").join(&one).join("note"), "").unwrap();
        assert_eq!(publish(&[&two]), (0, 2, 2));
        assert!(!root.join(format!("badges/{one}.json")).exists());
        assert!(!root.join(format!("badges/{one}/index.html")).exists());
        assert!(root.join(format!("badges/{one}/note")).exists());
        assert!(root.join("badges/readme.txt").exists());
        assert!(root.join(format!("badges/{two}/index.html")).exists());
    }
}
