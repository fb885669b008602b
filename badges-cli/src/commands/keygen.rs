use std::path::{Path, PathBuf};

use badges_core::did;
use clap::Args;

use crate::error::{Code, Error};
use crate::folder::keyfile::{self, KeyType, PassphraseOptions};
use crate::output::Output;

/// Make a key.
///
/// Badges are signed with an Ed25519 key, which `badges new` makes with the issuer's folder. A P-256
/// or RSA key beside it, as `keys/p256.json` or `keys/rsa.pem`, signs JWTs (`badges issue --jwt`).
/// `badges sign` takes a key of any type but RSA, from anywhere.
///
/// Only you can read the file, and whoever has it can issue badges in your name. Keep a copy in a
/// safe place. A sealed key opens with a passphrase only, and is nobody's if the passphrase is
/// forgotten.
#[derive(Args)]
pub(crate) struct Keygen {
    /// What the key signs with.
    #[arg(long = "type", value_enum, default_value = "ed25519")]
    kind: KeyType,
    /// The file to write. By default it is named after the type.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Seal the key with a passphrase.
    #[arg(long)]
    seal: bool,
    #[command(flatten)]
    passphrase: PassphraseOptions,
}

impl Keygen {
    pub(crate) fn run(self, output: &mut Output) -> Result<Code, Error> {
        let usual = Path::new(self.kind.file_name(self.seal));
        let path = self.output.as_deref().unwrap_or(usual);
        let passphrase = if self.seal {
            Some(self.passphrase.choose()?)
        } else {
            None
        };
        let key = self.kind.generate()?;
        keyfile::create(path, &key, passphrase.as_ref())?;
        let multikey = key.public_key().to_multikey();
        let did = did::did_key(key.public_key());
        if output.is_json() {
            output.object(&serde_json::json!({
                "file": path,
                "sealed": self.seal,
                "publicKeyMultibase": multikey,
                "publicKeyJwk": key.public_key().to_jwk(),
                "did": did,
            }));
            return Ok(Code::Success);
        }
        output.line(format_args!("The key is in `{}`.", path.display()));
        match multikey {
            Some(multikey) => output.line(format_args!("public key: {multikey}")),
            None => output.line(format_args!("public key: {}", key.public_key().to_jwk())),
        }
        if let Some(did) = did {
            output.line(format_args!("did:key:    {did}"));
        }
        Ok(Code::Success)
    }
}
