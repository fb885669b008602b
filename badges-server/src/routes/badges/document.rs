//! A badge as programs read it: the signed text, bare or baked into its picture.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use super::{Badge, Form};
use crate::error::Error;
use crate::published::{published, tagged};
use crate::{App, issuing};

/// A picture must not act when somebody opens it alone, whatever is in it.
const SANDBOX: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'none'";

/// The badge in one of its forms for programs.
pub(super) async fn document(
    app: &App,
    request: &HeaderMap,
    badge: &Badge,
    form: Form,
    media_type: &'static str,
) -> Result<Response, Error> {
    let body = match form {
        Form::Json | Form::Page => badge.text.clone().into_bytes(),
        Form::Jwt => issuing::jwt(app, &badge.award).await?.into_bytes(),
        Form::Png | Form::Svg => baked(app, badge, form).await?,
    };
    Ok(answer(request, badge, media_type, body))
}

/// The picture that other sites show beside a link to the badge.
pub(super) async fn preview(
    app: &App,
    request: &HeaderMap,
    badge: &Badge,
) -> Result<Response, Error> {
    let body = app.db.image_preview(&badge.version.image).await?;
    let body = body.ok_or_else(|| missing(badge))?;
    Ok(answer(request, badge, "image/png", body))
}

/// What the holder has made private is for the holder alone, and for no cache on the way.
fn answer(request: &HeaderMap, badge: &Badge, media_type: &'static str, body: Vec<u8>) -> Response {
    let mut response = if badge.is_private() {
        tagged(request, media_type, "private, no-cache", body)
    } else {
        published(request, media_type, body)
    };
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(SANDBOX),
    );
    if !badge.is_private() {
        headers.insert(
            "cross-origin-resource-policy",
            HeaderValue::from_static("cross-origin"),
        );
    }
    badge.unindexed(response)
}

/// The badge inside its own picture.
async fn baked(app: &App, badge: &Badge, form: Form) -> Result<Vec<u8>, Error> {
    let hash = &badge.version.image;
    let picture = match form {
        Form::Png => app.db.image_png(hash).await?,
        _ => app.db.image(hash).await?.map(|image| image.bytes),
    };
    issuing::baked(app, &badge.award, picture.ok_or_else(|| missing(badge))?).await
}

fn missing(badge: &Badge) -> Error {
    Error::internal(format_args!(
        "the picture {} is missing",
        badge.version.image
    ))
}
