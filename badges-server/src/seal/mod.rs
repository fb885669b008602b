//! The sealing key, without which the secrets in the database, and in every copy of it, are of no use
//! to anybody.
//!
//! Everything is in the format of [age](https://age-encryption.org/v1): `age --decrypt -i sealing-key`
//! opens what is sealed here. Age takes its randomness from the system itself.

mod file;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use age::secrecy::{ExposeSecret as _, SecretString};
use age::{DecryptError, x25519};
use zeroize::Zeroizing;

/// Where the sealing key comes from.
#[derive(Clone, Debug)]
pub enum SealSource {
    /// A file of age identities, `AGE-SECRET-KEY-1…`.
    File(PathBuf),
    /// The text of such a file, out of the environment.
    Identity(SecretString),
    /// A passphrase, which opens a file with such a text. That takes a second, so it is done once,
    /// at the start.
    Passphrase {
        /// The passphrase.
        passphrase: SecretString,
        /// The file.
        file: PathBuf,
    },
}

/// What to do when the file is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IfMissing {
    /// Make it: nothing has been sealed yet.
    Make,
    /// Say so: a new key would not open what was sealed with the old one.
    Refuse,
}

/// What the person who runs the service should know of the sealing key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Notice {
    /// It was made just now.
    #[error(
        "made the sealing key `{}`; keep a copy of it, apart from copies of the data: without it \
         nobody can use the issuers' keys, with it anybody can",
        .0.display()
    )]
    Made(PathBuf),
    /// Others than its owner can read it.
    #[error(
        "other accounts of this machine can read the sealing key `{}` (mode {mode:03o}); \
         run `chmod 600` on it",
        path.display()
    )]
    OpenToOthers {
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
}

/// Why something could not be sealed or unsealed. Never contains any of a secret.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The file is not there.
    #[error(
        "there is no sealing key `{}`, and what is in the database was sealed with one: put it back \
         from where a copy of it is kept, or say where it is",
        .0.display()
    )]
    Missing(PathBuf),
    /// The file cannot be read or made.
    #[error("cannot read or make the sealing key `{}`: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A text without an identity, or with something else in it.
    #[error(
        "{} holds no sealing key: it should have a line `AGE-SECRET-KEY-1…`, such as `age-keygen` \
         makes, and lines that begin with `#`",
        place(.0.as_ref())
    )]
    NoIdentity(Option<PathBuf>),
    /// A file that only a passphrase opens.
    #[error("the sealing key `{}` is sealed with a passphrase, and none is given", .0.display())]
    NeedsPassphrase(PathBuf),
    /// Another passphrase.
    #[error(
        "the passphrase does not open the sealing key `{}`: give the one that it was made with",
        .0.display()
    )]
    WrongPassphrase(PathBuf),
    /// The file that the passphrase should open is none, or is damaged.
    #[error("the sealing key `{}` is damaged: put it back from a copy", .0.display())]
    DamagedFile(PathBuf),
    /// A secret that was sealed with another key.
    #[error(
        "it was sealed with another key than `{public_key}`, which this service has: put back the \
         sealing key that belongs to these data"
    )]
    OtherKey {
        /// The public half of the key that is at hand.
        public_key: String,
    },
    /// A secret that has changed since it was sealed.
    #[error("what was sealed is damaged: put the data back from a copy")]
    Damaged,
    /// A secret could not be sealed.
    #[error("age could not seal it")]
    Unsealable,
}

/// A sealing key, which is at hand. It seals and unseals.
pub(crate) struct Seal {
    /// The first seals.
    first: x25519::Identity,
    /// These open what was sealed before the key was changed.
    older: Vec<x25519::Identity>,
}

/// More work than this to open a file takes minutes: powers of two.
const MAX_WORK: u8 = 22;

const ARMOR: &str = "-----BEGIN AGE ENCRYPTED FILE-----";

impl Seal {
    /// Opens the sealing key.
    ///
    /// When several processes make one at once, all of them end with the same.
    ///
    /// # Errors
    /// When it is not there or is none. A file that is there is never changed.
    pub(crate) fn open(
        source: &SealSource,
        if_missing: IfMissing,
    ) -> Result<(Self, Vec<Notice>), SealError> {
        match source {
            SealSource::Identity(text) => {
                let seal = Self::parse(text.expose_secret(), None)?;
                Ok((seal, Vec::new()))
            }
            SealSource::File(path) => {
                let (text, mut notices) =
                    file::read_or_make(path, if_missing, || Ok(new_identity()))?;
                if text.trim_start().starts_with(ARMOR) {
                    return Err(SealError::NeedsPassphrase(path.clone()));
                }
                notices.extend(file::open_to_others(path));
                Ok((Self::parse(&text, Some(path))?, notices))
            }
            SealSource::Passphrase { passphrase, file } => {
                let (text, notices) = file::read_or_make(file, if_missing, || {
                    let recipient = age::scrypt::Recipient::new(passphrase.clone());
                    age::encrypt_and_armor(&recipient, new_identity().as_bytes())
                        .map(Zeroizing::new)
                        .map_err(|_| SealError::Unsealable)
                })?;
                let text = opened(text.trim(), passphrase, file)?;
                Ok((Self::parse(&text, Some(file))?, notices))
            }
        }
    }

    /// The public half of the key that seals: `age1…`.
    pub(crate) fn public_key(&self) -> String {
        self.first.to_public().to_string()
    }

    /// Seals a secret.
    ///
    /// # Errors
    /// When age cannot.
    pub(crate) fn seal(&self, secret: &[u8]) -> Result<Vec<u8>, SealError> {
        age::encrypt(&self.first.to_public(), secret).map_err(|_| SealError::Unsealable)
    }

    /// Gives a sealed secret back.
    ///
    /// # Errors
    /// When it was sealed with another key, or is damaged.
    pub(crate) fn unseal(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let fault = |error| match error {
            DecryptError::NoMatchingKeys => SealError::OtherKey {
                public_key: self.public_key(),
            },
            _ => SealError::Damaged,
        };
        let identities = std::iter::once(&self.first).chain(&self.older);
        let mut reader = age::Decryptor::new_buffered(sealed)
            .and_then(|it| it.decrypt(identities.map(|identity| identity as &dyn age::Identity)))
            .map_err(fault)?;
        // With room for all of it, so that no copy is left behind when it grows.
        let mut secret = Zeroizing::new(Vec::with_capacity(sealed.len()));
        match reader.read_to_end(&mut secret) {
            Ok(_) => Ok(secret),
            Err(_) => Err(SealError::Damaged),
        }
    }

    fn parse(text: &str, path: Option<&Path>) -> Result<Self, SealError> {
        let none = || SealError::NoIdentity(path.map(Path::to_owned));
        let mut identities = text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(|line| line.parse::<x25519::Identity>().map_err(|_| none()));
        Ok(Self {
            first: identities.next().ok_or_else(none)??,
            older: identities.collect::<Result<_, _>>()?,
        })
    }
}

/// The text of a file with a new identity.
fn new_identity() -> Zeroizing<String> {
    let identity = x25519::Identity::generate();
    Zeroizing::new(format!(
        "# The sealing key of a badge service: with it the secrets in its database can be read.\n\
         # Keep a copy of it, apart from copies of the database. Without it they are lost.\n\
         # To change it, put a new key of `age-keygen` on the line before the old one.\n\
         # public key: {}\n\
         {}\n",
        identity.to_public(),
        identity.to_string().expose_secret()
    ))
}

fn opened(
    text: &str,
    passphrase: &SecretString,
    path: &Path,
) -> Result<Zeroizing<String>, SealError> {
    let mut identity = age::scrypt::Identity::new(passphrase.clone());
    identity.set_max_work_factor(MAX_WORK);
    let plain = age::decrypt(&identity, text.as_bytes()).map_err(|error| match error {
        DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed => {
            SealError::WrongPassphrase(path.to_owned())
        }
        _ => SealError::DamagedFile(path.to_owned()),
    })?;
    let plain = Zeroizing::new(plain);
    std::str::from_utf8(&plain)
        .map(|plain| Zeroizing::new(plain.to_owned()))
        .map_err(|_| SealError::DamagedFile(path.to_owned()))
}

fn place(path: Option<&PathBuf>) -> String {
    path.map_or_else(
        || "the text that is given for the sealing key".to_owned(),
        |path| format!("`{}`", path.display()),
    )
}
