//! What a holder takes along, also of a badge that nobody else may see.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use badges_core::bake::Format;

use super::Holding;
use crate::error::Error;
use crate::{App, issuing};

/// The signed text.
pub(super) async fn document(State(app): State<App>, holding: Holding) -> Result<Response, Error> {
    let text = issuing::credential_text(&app, &holding.award.id)
        .await?
        .ok_or(Error::NotFound)?;
    Ok(attachment(
        "application/vc+ld+json",
        &holding.award.token,
        "json",
        text.into_bytes(),
    ))
}

/// The picture with the badge in it.
pub(super) async fn picture(State(app): State<App>, holding: Holding) -> Result<Response, Error> {
    let award = &holding.award;
    let version = app.db.version(&award.achievement, award.version).await?;
    let version = version.ok_or(Error::NotFound)?;
    let image = app.db.image(&version.image).await?.ok_or(Error::NotFound)?;
    let baked = issuing::baked(&app, award, image.bytes).await?;
    let format = Format::detect(&baked).ok_or(Error::NotFound)?;
    Ok(attachment(
        format.media_type(),
        &award.token,
        format.extension(),
        baked,
    ))
}

fn attachment(media_type: &'static str, token: &str, extension: &str, bytes: Vec<u8>) -> Response {
    // A token is letters, digits, `-` and `_`.
    let name = format!("attachment; filename=\"badge-{token}.{extension}\"");
    let mut response = ([(header::CONTENT_TYPE, media_type)], bytes).into_response();
    if let Ok(name) = HeaderValue::from_str(&name) {
        response
            .headers_mut()
            .insert(header::CONTENT_DISPOSITION, name);
    }
    response
}
