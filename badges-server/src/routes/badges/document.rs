//! A badge as programs read it: the signed text, bare or baked into its picture.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use super::{Badge, Form};
use crate::db::Image;
use crate::error::Error;
use crate::published::{published, tagged};
use crate::{App, images, issuing};

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
    let body = images::preview(image_of(app, badge).await?).await?;
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

/// The badge inside its own picture. Its PNG is drawn if the picture is an SVG.
async fn baked(app: &App, badge: &Badge, form: Form) -> Result<Vec<u8>, Error> {
    let image = image_of(app, badge).await?;
    let picture = if form == Form::Png {
        images::as_png(image).await?
    } else {
        image.bytes
    };
    issuing::baked(app, &badge.award, picture).await
}

async fn image_of(app: &App, badge: &Badge) -> Result<Image, Error> {
    let hash = &badge.version.image;
    app.db
        .image(hash)
        .await?
        .ok_or_else(|| Error::internal(format_args!("the picture {hash} is missing")))
}
