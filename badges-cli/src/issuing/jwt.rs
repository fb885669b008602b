//! The key that signs JWTs, beside the one that signs badges.

use badges_core::credential::verification_method;
use badges_core::key::{Algorithm, SigningKey};
use clap::ValueEnum;

use crate::error::{Code, Error};
use crate::folder::Folder;
use crate::folder::issuer::Issuer;
use crate::folder::keyfile::{KeyType, Unlock};

/// How JWTs are signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum JwtAlgorithm {
    /// With the best key of the folder: P-256, else RSA, else Ed25519.
    Best,
    /// ECDSA, with `keys/p256.json`.
    Es256,
    /// RSA, with `keys/rsa.pem`.
    Rs256,
    /// Ed25519, with the key that signs the badges.
    Eddsa,
}

/// A key that signs JWTs.
pub(crate) struct JwtKey {
    pub(crate) key: SigningKey,
    /// The key's URL.
    pub(crate) kid: String,
}

impl JwtKey {
    /// Finds the key in a folder.
    ///
    /// # Errors
    /// When the key that is asked for is not there, or cannot be one of this issuer's.
    pub(crate) fn find(
        algorithm: JwtAlgorithm,
        folder: &Folder,
        issuer: &Issuer,
        own: &SigningKey,
        unlock: &mut Unlock<'_>,
    ) -> Result<Self, Error> {
        let wanted: &[KeyType] = match algorithm {
            JwtAlgorithm::Best => &[KeyType::P256, KeyType::Rsa],
            JwtAlgorithm::Es256 => &[KeyType::P256],
            JwtAlgorithm::Rs256 => &[KeyType::Rsa],
            JwtAlgorithm::Eddsa => &[],
        };
        let must_be_other = matches!(algorithm, JwtAlgorithm::Es256 | JwtAlgorithm::Rs256);
        if issuer.base().is_none() && must_be_other {
            return Err(Error::new(
                Code::Usage,
                "an issuer without a web address has one key only, which signs JWTs with EdDSA",
            )
            .hint("leave the algorithm out, or give the issuer a web address"));
        }
        for kind in wanted.iter().filter(|_| issuer.base().is_some()) {
            if let Some(path) = folder.key_file(*kind)? {
                return Ok(Self::new(unlock.read(&path)?, issuer));
            }
        }
        if let (true, Some(kind)) = (must_be_other, wanted.first()) {
            let file = folder.keys().join(kind.file_name(false));
            return Err(
                Error::new(Code::NoInput, format!("there is no `{}`", file.display())).hint(
                    format!(
                        "make one: `badges keygen --type {} -o {}`",
                        kind.to_possible_value()
                            .map_or_else(String::new, |value| value.get_name().to_owned()),
                        file.display()
                    ),
                ),
            );
        }
        Ok(Self::new(own.clone(), issuer))
    }

    fn new(key: SigningKey, issuer: &Issuer) -> Self {
        Self {
            kid: verification_method(issuer.id(), key.public_key()),
            key,
        }
    }

    /// Who will not accept these JWTs, and what to do about it.
    pub(crate) fn warning(&self, issuer: &Issuer) -> Option<&'static str> {
        match (self.key.algorithm(), issuer.base()) {
            (Algorithm::EdDsa, None) => Some(
                "1EdTech's validator refuses these JWTs: it knows neither EdDSA nor keys of \
                 did:key; give it the `.json` or the picture instead",
            ),
            (Algorithm::EdDsa, Some(_)) => Some(
                "1EdTech's validator refuses JWTs signed with EdDSA; make a key that it accepts \
                 with `badges keygen --type p256 -o keys/p256.json`",
            ),
            _ => None,
        }
    }
}
