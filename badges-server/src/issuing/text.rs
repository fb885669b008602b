//! A badge in its forms.

use badges_core::credential::{SignedCredential, verification_method};
use badges_core::{UnsignedCredential, bake};

use super::document::document;
use super::identity::{own_key, read, stored};
use super::job::no_key;
use crate::App;
use crate::db::AwardRow;
use crate::error::Error;
use crate::keys;

/// The newest signed text of an award, as JSON; `None` after erasure.
///
/// # Errors
/// When the database fails.
pub(crate) async fn credential_text(app: &App, award: &str) -> Result<Option<String>, Error> {
    Ok(app
        .db
        .credential(award)
        .await?
        .map(|credential| credential.text))
}

/// The same badge as JWT, signed now.
///
/// # Errors
/// [`Error::Gone`] after erasure.
pub(crate) async fn jwt(app: &App, award: &AwardRow) -> Result<String, Error> {
    let badge = document(app, award).await?.ok_or(Error::Gone)?;
    let keys = stored(app, &award.did).await?;
    let identity = read(&award.did)?;
    let stored = keys::for_jwt(&keys, &identity)
        .or_else(|| own_key(&keys, &identity))
        .ok_or_else(|| no_key(&award.did))?;
    let key = stored.unseal(&app.seal).map_err(Error::internal)?;
    let kid = verification_method(&award.did, key.public_key());
    tokio::task::spawn_blocking(move || UnsignedCredential::badge(&badge)?.sign_jwt(&key, &kid))
        .await
        .map_err(Error::internal)?
        .map(SignedCredential::into_text)
        .map_err(Error::internal)
}

/// A picture with the badge in it: PNG or SVG, as the picture is.
///
/// # Errors
/// [`Error::Gone`] after erasure.
pub(crate) async fn baked(app: &App, award: &AwardRow, picture: Vec<u8>) -> Result<Vec<u8>, Error> {
    let text = credential_text(app, &award.id).await?.ok_or(Error::Gone)?;
    tokio::task::spawn_blocking(move || bake::bake(&text, &picture))
        .await
        .map_err(Error::internal)?
        .map_err(Error::internal)
}
