//! Key files: plain, or sealed with a passphrase ([age]). Nobody but their owner can read them.
//!
//! [age]: https://age-encryption.org/v1

use std::path::{Path, PathBuf};

use age::secrecy::{ExposeSecret as _, SecretString};
use badges_core::key::{RsaSigningKey, SigningKey};
use clap::{Args, ValueEnum};
use zeroize::Zeroizing;

use super::files::{self, Access};
use crate::error::{Code, Error};
use crate::{ambient, terminal};

/// What a key signs with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum KeyType {
    /// Signs badges (Data Integrity, eddsa-rdfc-2022). Every issuer has one.
    Ed25519,
    /// Signs JWTs with ES256, which everybody accepts, and badges that can be shown in part.
    P256,
    /// Signs with ECDSA where P-256 is not enough (`badges sign`).
    P384,
    /// Signs JWTs with RS256, for systems that want RSA.
    Rsa,
}

/// Where the passphrase comes from, if a key is sealed. By default it is asked for.
#[derive(Args, Clone, Default)]
pub(crate) struct PassphraseOptions {
    /// Read the passphrase from the first line of this file. It may also stand in the environment
    /// variable `BADGES_PASSPHRASE`; otherwise it is asked for, if a key is sealed.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    #[arg(long, env = "BADGES_PASSPHRASE", hide = true, hide_env_values = true)]
    passphrase: Option<SecretString>,
}

/// Opens key files, and asks for a passphrase only once if several have the same.
pub(crate) struct Unlock<'a> {
    options: &'a PassphraseOptions,
    known: Option<SecretString>,
}

/// More work than this to open a sealed key takes minutes: powers of two.
const MAX_WORK: u8 = 22;

const SEALED: &str = "-----BEGIN AGE ENCRYPTED FILE-----";

impl KeyType {
    pub(crate) const ALL: [Self; 4] = [Self::Ed25519, Self::P256, Self::P384, Self::Rsa];

    /// Makes a new key.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub(crate) fn generate(self) -> Result<SigningKey, Error> {
        let key = match self {
            Self::Ed25519 => Some(SigningKey::ed25519(&Zeroizing::new(ambient::random()?))),
            // One in 2^32 random numbers is none of the curve's.
            Self::P256 => {
                let first = SigningKey::p256(&Zeroizing::new(ambient::random()?));
                match first {
                    Some(key) => Some(key),
                    None => SigningKey::p256(&Zeroizing::new(ambient::random()?)),
                }
            }
            Self::P384 => SigningKey::p384(&Zeroizing::new(ambient::random()?)),
            Self::Rsa => RsaSigningKey::generate().map(SigningKey::rsa),
        };
        key.ok_or_else(|| Error::new(Code::Io, "the system's random generator failed"))
    }

    /// The usual name of such a key's file.
    pub(crate) const fn file_name(self, sealed: bool) -> &'static str {
        match (self, sealed) {
            (Self::Ed25519, false) => "ed25519.json",
            (Self::Ed25519, true) => "ed25519.age",
            (Self::P256, false) => "p256.json",
            (Self::P256, true) => "p256.age",
            (Self::P384, false) => "p384.json",
            (Self::P384, true) => "p384.age",
            (Self::Rsa, false) => "rsa.pem",
            (Self::Rsa, true) => "rsa.age",
        }
    }
}

impl PassphraseOptions {
    /// Whether a passphrase is given.
    pub(crate) const fn is_given(&self) -> bool {
        self.passphrase.is_some() || self.passphrase_file.is_some()
    }

    /// The passphrase for a new key, which is asked for twice.
    ///
    /// # Errors
    /// When none is given and nobody can be asked, or the two differ.
    pub(crate) fn choose(&self) -> Result<SecretString, Error> {
        let chosen = match self.given()? {
            Some(given) => given,
            None if terminal::is_there() => {
                let first = terminal::ask_passphrase("Passphrase for the new key")?;
                let second = terminal::ask_passphrase("The same again")?;
                if first.expose_secret() != second.expose_secret() {
                    return Err(
                        Error::new(Code::Usage, "the two passphrases differ").hint("try again")
                    );
                }
                first
            }
            None => return Err(none_given("a key is to be sealed")),
        };
        if chosen.expose_secret().is_empty() {
            return Err(Error::new(Code::Usage, "the passphrase is empty")
                .hint("choose one of several words, or ask for a plain key file"));
        }
        Ok(chosen)
    }

    fn given(&self) -> Result<Option<SecretString>, Error> {
        if let Some(path) = &self.passphrase_file {
            let text = Zeroizing::new(files::read_text(path)?);
            let first = text.lines().next().unwrap_or_default();
            return Ok(Some(SecretString::from(first.to_owned())));
        }
        Ok(self.passphrase.clone())
    }
}

impl<'a> Unlock<'a> {
    pub(crate) const fn new(options: &'a PassphraseOptions) -> Self {
        Self {
            options,
            known: None,
        }
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// When it cannot be read, is no key, or is sealed with another passphrase. Never with any of
    /// the key.
    pub(crate) fn read(&mut self, path: &Path) -> Result<SigningKey, Error> {
        let text = Zeroizing::new(files::read_text(path)?);
        let plain = if text.trim_start().starts_with(SEALED) {
            self.unseal(path, text.trim())?
        } else {
            text
        };
        SigningKey::from_file_text(&plain).map_err(|fault| {
            Error::new(
                Code::Data,
                format!("`{}` is no key: {fault}", path.display()),
            )
            .hint("give a key file made by `badges keygen`")
        })
    }

    fn unseal(&mut self, path: &Path, text: &str) -> Result<Zeroizing<String>, Error> {
        if let Some(known) = &self.known
            && let Ok(plain) = unsealed(path, text, known)
        {
            return Ok(plain);
        }
        let passphrase = match self.options.given()? {
            Some(given) => given,
            None if terminal::shows_questions() => {
                terminal::ask_passphrase(&format!("Passphrase for `{}`", path.display()))?
            }
            None => return Err(none_given(&format!("`{}` is sealed", path.display()))),
        };
        let plain = unsealed(path, text, &passphrase)?;
        self.known = Some(passphrase);
        Ok(plain)
    }
}

/// Writes a key where there is none yet, sealed if there is a passphrase.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn create(
    path: &Path,
    key: &SigningKey,
    passphrase: Option<&SecretString>,
) -> Result<(), Error> {
    let failed = |what: &str| {
        Error::new(
            Code::Io,
            format!("cannot write `{}`: {what}", path.display()),
        )
    };
    let plain = key
        .to_file_text()
        .ok_or_else(|| failed("the key cannot be written out"))?;
    let Some(passphrase) = passphrase else {
        return files::create(path, plain.as_bytes(), Access::Private);
    };
    let recipient = age::scrypt::Recipient::new(passphrase.clone());
    let sealed = age::encrypt_and_armor(&recipient, plain.as_bytes())
        .map_err(|error| failed(&error.to_string()))?;
    files::create(path, sealed.as_bytes(), Access::Private)
}

fn unsealed(
    path: &Path,
    text: &str,
    passphrase: &SecretString,
) -> Result<Zeroizing<String>, Error> {
    let mut identity = age::scrypt::Identity::new(passphrase.clone());
    identity.set_max_work_factor(MAX_WORK);
    let path = path.display();
    let plain = age::decrypt(&identity, text.as_bytes()).map_err(|error| match error {
        age::DecryptError::NoMatchingKeys
        | age::DecryptError::DecryptionFailed
        | age::DecryptError::KeyDecryptionFailed => {
            Error::new(Code::Data, format!("the passphrase does not open `{path}`"))
                .hint("try again; without the passphrase nobody can use the key")
        }
        other => Error::new(Code::Data, format!("cannot open `{path}`: {other}"))
            .hint("restore the file from a backup"),
    })?;
    let plain = Zeroizing::new(plain);
    std::str::from_utf8(&plain)
        .map(|plain| Zeroizing::new(plain.to_owned()))
        .map_err(|_| Error::new(Code::Data, format!("`{path}` holds no key")))
}

fn none_given(why: &str) -> Error {
    Error::new(Code::Usage, format!("{why}, and no passphrase is given")).hint(
        "give it with `--passphrase-file FILE` or in the environment variable \
         `BADGES_PASSPHRASE`, or run this in a terminal, which asks for it",
    )
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_key_opens_with_its_passphrase_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.age");
        let key = KeyType::P256.generate().unwrap();
        let mut recipient = age::scrypt::Recipient::new("right".to_owned().into());
        recipient.set_work_factor(4);
        let text = key.to_file_text().unwrap();
        let sealed = age::encrypt_and_armor(&recipient, text.as_bytes()).unwrap();
        std::fs::write(&path, &sealed).unwrap();

        let options = |passphrase: &str| PassphraseOptions {
            passphrase: Some(passphrase.to_owned().into()),
            ..PassphraseOptions::default()
        };
        let right = options("right");
        let mut unlock = Unlock::new(&right);
        for _ in 0..2 {
            assert_eq!(unlock.read(&path).unwrap().public_key(), key.public_key());
        }
        let wrong = options("wrong");
        let error = Unlock::new(&wrong).read(&path).unwrap_err();
        assert!(error.what.contains("does not open"), "{}", error.what);

        std::fs::write(&path, sealed.replace("\nYWdl", "\nYYYY")).unwrap();
        assert!(Unlock::new(&right).read(&path).is_err());
        std::fs::write(&path, "{}").unwrap();
        assert!(Unlock::new(&right).read(&path).is_err());
    }
}
