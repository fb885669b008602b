//! A document that somebody asks for by itself.

use badges_core::fetch::FetchError;
use tokio::time::Instant;

use super::own::{self, Own};
use super::{PATIENCE, Web, fetch};
use crate::App;
use crate::error::Error;

/// The document at an address, from the database if the address is ours.
///
/// # Errors
/// When the database fails; inside, why there is no document.
pub(crate) async fn document_at(
    app: &App,
    url: &str,
) -> Result<Result<Vec<u8>, FetchError>, Error> {
    Ok(match own::at(app, url).await? {
        Some(Own::Document(text)) => Ok(text.into_bytes()),
        Some(Own::Nothing) => Err(FetchError::Status { status: 404 }),
        None => fetch(app, url, Web::document, Instant::now() + PATIENCE).await,
    })
}
