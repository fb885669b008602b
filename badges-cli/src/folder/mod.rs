//! An issuer's folder: who issues, with which keys, what can be achieved, who has it.
//!
//! ```text
//! issuer.toml                  who issues
//! keys/ed25519.json|.age       the key that signs; p256 and rsa beside it sign JWTs
//! keys/seed                    what names, ids and salts of badges are made of
//! achievements/<slug>.toml     what can be achieved, with its picture beside it
//! ledger.jsonl                 who got what, and what became of it; never published
//! badges/<slug>/<token>.json   the badges, beside them .png, .svg and .jwt
//! badges/<slug>/awards.csv     whom each is for
//! status/<n>.json              status lists
//! did.json documents.json      what verifiers look up, before it is published
//! ```

pub(crate) mod achievement;
pub(crate) mod documents;
pub(crate) mod files;
pub(crate) mod first;
pub(crate) mod issuer;
pub(crate) mod keyfile;
pub(crate) mod ledger;
pub(crate) mod people;
pub(crate) mod period;
pub(crate) mod picture;
pub(crate) mod seed;
pub(crate) mod settings;
pub(crate) mod status;
pub(crate) mod summary;

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use badges_core::key::SigningKey;

use crate::error::{Code, Error};
use issuer::Issuer;
use keyfile::{KeyType, Unlock};
use ledger::Ledger;
use seed::Seed;

/// An issuer's folder.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    root: PathBuf,
}

/// As long as it lives, no other run changes the folder.
pub(crate) struct Lock {
    _file: File,
}

impl Folder {
    /// A folder that is about to be made.
    pub(crate) fn at(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    /// The folder at this path.
    ///
    /// # Errors
    /// When it is no issuer's folder.
    pub(crate) fn open(root: &Path) -> Result<Self, Error> {
        let folder = Self::at(root);
        if folder.settings().is_file() {
            return Ok(folder);
        }
        Err(Error::new(
            Code::NoInput,
            format!(
                "`{}` is no issuer's folder: it has no `issuer.toml`",
                root.display()
            ),
        )
        .hint("`badges new FOLDER` makes one; `--issuer FOLDER` names another"))
    }

    /// The folder that is named, or else the nearest above one of these places.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn find(named: Option<&Path>, places: &[&Path]) -> Result<Self, Error> {
        if let Some(root) = named {
            return Self::open(root);
        }
        for place in places {
            let Ok(place) = std::path::absolute(place) else {
                continue;
            };
            let found = place
                .ancestors()
                .map(Self::at)
                .find(|folder| folder.settings().is_file());
            if let Some(folder) = found {
                return Ok(folder.shortened());
            }
        }
        Err(Error::new(
            Code::NoInput,
            "no issuer's folder (with an `issuer.toml`) is here or above",
        )
        .hint("name it with `--issuer FOLDER`, or make one with `badges new FOLDER`"))
    }

    /// Makes sure that nobody else changes the folder meanwhile.
    ///
    /// # Errors
    /// When somebody does, or nothing can be written there.
    pub(crate) fn lock(&self) -> Result<Lock, Error> {
        let path = self.root.join(".lock");
        let file = files::open_to_append(&path)?;
        match file.try_lock() {
            Ok(()) => Ok(Lock { _file: file }),
            Err(TryLockError::WouldBlock) => Err(Error::new(
                Code::Io,
                format!("another `badges` is at work in `{}`", self.root.display()),
            )
            .hint("wait until it is done, then run this again")),
            Err(TryLockError::Error(error)) => Err(files::cannot_write(&path, &error)),
        }
    }

    /// Who issues.
    ///
    /// # Errors
    /// What is wrong in `issuer.toml`.
    pub(crate) fn issuer(&self) -> Result<Issuer, Error> {
        Issuer::read(&self.settings())
    }

    /// The seed of names and ids.
    ///
    /// # Errors
    /// When it is missing or damaged.
    pub(crate) fn seed(&self) -> Result<Seed, Error> {
        Seed::read(&self.seed_file())
    }

    /// The file of a key, if the folder has one.
    ///
    /// # Errors
    /// When there are two.
    pub(crate) fn key_file(&self, kind: KeyType) -> Result<Option<PathBuf>, Error> {
        let file = |sealed| self.keys().join(kind.file_name(sealed));
        let (plain, sealed) = (file(false), file(true));
        match (plain.exists(), sealed.exists()) {
            (true, true) => Err(Error::new(
                Code::Data,
                format!(
                    "there are two keys: `{}` and `{}`",
                    plain.display(),
                    sealed.display()
                ),
            )
            .hint("move the one that is not used elsewhere")),
            (true, false) => Ok(Some(plain)),
            (false, true) => Ok(Some(sealed)),
            (false, false) => Ok(None),
        }
    }

    /// The key that signs badges and status lists.
    ///
    /// # Errors
    /// When it is missing, cannot be opened, or is not the issuer's.
    pub(crate) fn signing_key(
        &self,
        issuer: &Issuer,
        unlock: &mut Unlock<'_>,
    ) -> Result<SigningKey, Error> {
        let path = self.key_file(KeyType::Ed25519)?.ok_or_else(|| {
            Error::new(
                Code::NoInput,
                format!("there is no key in `{}`", self.keys().display()),
            )
            .hint("restore it from a backup; if it is lost, make a new one with `badges keygen -o`")
        })?;
        let key = unlock.read(&path)?;
        if key.algorithm() != badges_core::key::Algorithm::EdDsa {
            return Err(Error::new(
                Code::Data,
                format!("`{}` is no Ed25519 key", path.display()),
            )
            .hint("badges are signed with Ed25519; other keys are for JWTs only"));
        }
        issuer.check_key(key.public_key())?;
        Ok(key)
    }

    /// The file of an achievement, which is given by its path or by its name.
    ///
    /// # Errors
    /// When there is none, or there are two of the name.
    pub(crate) fn achievement_file(&self, given: &Path) -> Result<PathBuf, Error> {
        if given.is_file() {
            return Ok(given.to_owned());
        }
        let is_name = given.components().count() == 1 && given.extension().is_none();
        let found: Vec<PathBuf> = ["toml", "json"]
            .into_iter()
            .filter(|_| is_name)
            .map(|ending| self.achievements().join(given).with_extension(ending))
            .filter(|path| path.is_file())
            .collect();
        match found.as_slice() {
            [path] => Ok(path.clone()),
            [] => Err(Error::new(
                Code::NoInput,
                format!("there is no achievement `{}`", given.display()),
            )
            .hint(format!(
                "give the path of its file, or the name of one in `{}`",
                self.achievements().display()
            ))),
            [one, other, ..] => Err(Error::new(
                Code::Data,
                format!(
                    "there are two achievements of this name: `{}` and `{}`",
                    one.display(),
                    other.display()
                ),
            )
            .hint("rename or delete one of them: their badges would be mixed up")),
        }
    }

    /// The folder itself.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn settings(&self) -> PathBuf {
        self.root.join("issuer.toml")
    }

    pub(crate) fn keys(&self) -> PathBuf {
        self.root.join("keys")
    }

    pub(crate) fn seed_file(&self) -> PathBuf {
        self.keys().join("seed")
    }

    pub(crate) fn achievements(&self) -> PathBuf {
        self.root.join("achievements")
    }

    /// The badges of an achievement.
    pub(crate) fn badges(&self, slug: &str) -> PathBuf {
        self.root.join("badges").join(slug)
    }

    /// The summary of an achievement's badges.
    pub(crate) fn summary(&self, slug: &str) -> PathBuf {
        self.badges(slug).join("awards.csv")
    }

    /// The status lists.
    pub(crate) fn status_lists(&self) -> PathBuf {
        self.root.join("status")
    }

    pub(crate) fn did_document(&self) -> PathBuf {
        self.root.join("did.json")
    }

    pub(crate) fn documents(&self) -> PathBuf {
        self.root.join("documents.json")
    }

    pub(crate) fn ledger(&self) -> Ledger {
        Ledger::new(self.root.join("ledger.jsonl"))
    }

    /// The same folder as people would write it, if it is the current one or below.
    fn shortened(self) -> Self {
        let current = std::path::absolute(".");
        let relative = current
            .as_ref()
            .ok()
            .and_then(|current| self.root.strip_prefix(current).ok());
        match relative {
            Some(relative) if relative.as_os_str().is_empty() => Self::at(Path::new(".")),
            Some(relative) => Self::at(relative),
            None => self,
        }
    }
}
