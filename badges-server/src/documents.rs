//! What verifiers ask an issuer of ours for: answered from the database, never fetched (decision C2).

use badges_core::Report;
use badges_core::documents::{Answer, Documents};
use badges_core::key::PublicKey;
use badges_core::publish::{Base, did_document};

use crate::App;
use crate::db::IdentityRow;
use crate::error::Error;
use crate::issuing;
use crate::keys::KeyState;

/// The document at this URL, if it is one of our issuers': a DID document or a status list.
///
/// # Errors
/// When the database cannot be asked, or a list cannot be signed.
pub(crate) async fn own(app: &App, url: &str) -> Result<Option<Answer>, Error> {
    let (document, _) = url.split_once('#').unwrap_or((url, ""));
    if let Some(base) = document.strip_suffix("/did.json") {
        let base = base.strip_suffix("/.well-known").unwrap_or(base);
        let Some(identity) = app.db.identity_by_base(base).await? else {
            return Ok(None);
        };
        return Ok(Some(loaded(did_document_of(app, &identity).await?.to_string())));
    }
    let Some((base, number)) = document.rsplit_once("/status/") else {
        return Ok(None);
    };
    let Some(identity) = app.db.identity_by_base(base).await? else {
        return Ok(None);
    };
    let list = match number.parse() {
        Ok(number) => issuing::status_list(app, &identity.did, number).await?,
        Err(_) => None,
    };
    // What should be here and is not is nowhere else.
    Ok(Some(list.map_or_else(|| Answer::Failed("there is no such list".to_owned()), |list| loaded(list.text))))
}

/// The DID document of an identity: the keys with which its badges may be signed. Retired keys are
/// among them, those that somebody else may have are not (decision C9).
///
/// # Errors
/// When the database cannot be asked, or a key in it is damaged.
pub(crate) async fn did_document_of(app: &App, identity: &IdentityRow) -> Result<serde_json::Value, Error> {
    let mut keys = Vec::new();
    for row in app.db.keys(&identity.did).await? {
        if KeyState::from_word(&row.state) != Some(KeyState::Compromised) {
            keys.push(PublicKey::from_multikey(&row.multikey).map_err(Error::internal)?);
        }
    }
    Ok(did_document(&identity.did, &keys))
}

/// Verifies a badge of ours, with what the database holds now: what was revoked a moment ago is
/// revoked here already (decision B2).
///
/// # Errors
/// When the database cannot be asked.
pub(crate) async fn verify_own(app: &App, text: &str) -> Result<Report, Error> {
    let mut documents = Documents::new();
    let now = app.now();
    loop {
        let (badge, known) = (text.to_owned(), documents.clone());
        let report = tokio::task::spawn_blocking(move || badges_core::verify(badge.as_bytes(), &known, now))
            .await
            .map_err(Error::internal)?;
        let mut is_new = false;
        for url in report.missing() {
            if let Some(answer) = own(app, &resolved(url)).await? {
                is_new |= !documents.contains(url);
                documents.insert(url, answer);
            }
        }
        if !is_new {
            return Ok(report);
        }
    }
}

/// The address of what is asked for: a did:web's is that of its document.
fn resolved(url: &str) -> String {
    Base::from_did(url).map_or_else(|| url.to_owned(), |base| base.did_document_url())
}

fn loaded(text: String) -> Answer {
    Answer::Loaded(text.into_bytes())
}
