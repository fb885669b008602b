use std::path::{Path, PathBuf};

use badges_core::did;
use badges_core::key::SigningKey;
use badges_core::publish::Base;
use clap::Args;

use crate::error::{Code, Error};
use crate::folder::keyfile::{KeyType, PassphraseOptions, Unlock};
use crate::folder::{Folder, documents};
use crate::output::Output;

/// Show the identifiers (DIDs) of a key or an issuer.
///
/// A did:key is the key itself: it needs no web site, and says nothing about who owns it. A did:web
/// is a web address, where a document lists the keys: whoever trusts the address can trust the
/// badges.
///
///     badges did key.json
///     badges did key.json --web https://badges.example.org -o did.json
///
/// The did:web of `https://badges.example.org` is published as
/// `https://badges.example.org/.well-known/did.json`, that of `https://example.org/badges` as
/// `https://example.org/badges/did.json`.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Did {
    /// A key file, or an issuer's folder.
    #[arg(value_name = "KEY|FOLDER")]
    source: PathBuf,
    /// Make the did:web document for this address. A folder has its own.
    #[arg(long, value_name = "BASE")]
    web: Option<Base>,
    /// Write the document to this file, or add the keys to it if it is there; `-` prints it.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    passphrase: PassphraseOptions,
}

impl Did {
    pub(crate) fn run(self, output: &mut Output) -> Result<Code, Error> {
        let mut unlock = Unlock::new(&self.passphrase);
        let (keys, base) = if self.source.is_dir() {
            let folder = Folder::open(&self.source)?;
            let base = folder.issuer()?.base().cloned();
            if let (Some(given), Some(own)) = (&self.web, &base)
                && given != own
            {
                return Err(Error::new(
                    Code::Usage,
                    format!("the folder's address is `{own}`, not `{given}`"),
                )
                .hint("leave `--web` out"));
            }
            (keys_of(&folder, &mut unlock)?, self.web.clone().or(base))
        } else {
            (vec![unlock.read(&self.source)?], self.web.clone())
        };
        let public: Vec<_> = keys.iter().map(SigningKey::public_key).collect();
        let own = public.first().and_then(|key| did::did_key(key));
        let web = base.as_ref().map(Base::did);
        let document = web.map(|web| documents::did_document(web, &public));
        if own.is_none() && web.is_none() {
            return Err(Error::new(Code::Usage, "an RSA key has no did:key")
                .hint("give the address of a did:web with `--web https://…`"));
        }
        if document.is_none() && self.output.is_some() {
            return Err(
                Error::new(Code::Usage, "a did:key has no document to write")
                    .hint("give the address of a did:web with `--web https://…`"),
            );
        }
        match (&document, &web, self.output.as_deref()) {
            (Some(document), _, Some(path)) if path == Path::new("-") => {
                output.line(documents::document_text(document).trim_end());
                return Ok(Code::Success);
            }
            // Keys that are there already stay: badges that were signed with them need them.
            (_, Some(web), Some(path)) => documents::update_did_document(path, web, &public)?,
            _ => {}
        }
        if output.is_json() {
            output.object(&serde_json::json!({
                "didKey": own,
                "didWeb": web,
                "documentUrl": base.as_ref().map(Base::did_document_url),
                "document": document,
            }));
            return Ok(Code::Success);
        }
        if let Some(own) = own {
            output.line(format_args!("did:key: {own}"));
        }
        if let (Some(web), Some(base)) = (web, &base) {
            output.line(format_args!("did:web: {web}"));
            output.line(format_args!("publish: {}", base.did_document_url()));
        }
        if let Some(path) = self.output {
            output.message(format_args!("The document is in `{}`.", path.display()));
        }
        Ok(Code::Success)
    }
}

fn keys_of(folder: &Folder, unlock: &mut Unlock<'_>) -> Result<Vec<SigningKey>, Error> {
    let mut keys = Vec::new();
    for kind in KeyType::ALL {
        if let Some(path) = folder.key_file(kind)? {
            keys.push(unlock.read(&path)?);
        }
    }
    Ok(keys)
}
