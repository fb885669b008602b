//! A badge as programs read it: the signed text, bare or baked into its picture.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use badges_core::bake;

use super::{Badge, Form};
use crate::App;
use crate::error::Error;
use crate::issuing;
use crate::picture::{self, Picture, Refused};
use crate::published::{published, tagged};

/// A picture must not act when somebody opens it alone, whatever is in it.
const SANDBOX: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'none'";

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
pub(super) async fn preview(app: &App, request: &HeaderMap, badge: &Badge) -> Result<Response, Error> {
    let picture = picture_of(app, badge).await?;
    let body = blocking(move || picture::preview(&picture)).await?;
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
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(SANDBOX));
    if !badge.is_private() {
        headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    }
    badge.unindexed(response)
}

/// The badge inside its own picture. Its PNG is drawn if the picture is an SVG.
async fn baked(app: &App, badge: &Badge, form: Form) -> Result<Vec<u8>, Error> {
    let picture = picture_of(app, badge).await?;
    let text = badge.text.clone();
    let baked = blocking(move || {
        let picture = if form == Form::Png { picture::as_png(&picture, picture::SIDE)? } else { picture };
        Ok(bake::bake(&text, &picture.bytes))
    });
    baked.await?.map_err(Error::internal)
}

async fn picture_of(app: &App, badge: &Badge) -> Result<Picture, Error> {
    let image = app.db.image(&badge.version.image).await?;
    let image = image.ok_or_else(|| Error::internal(format_args!("the picture {} is missing", badge.version.image)))?;
    let pixels = |length| u32::try_from(length).map_err(Error::internal);
    Ok(Picture {
        format: badge.picture,
        width: pixels(image.width)?,
        height: pixels(image.height)?,
        bytes: image.bytes,
    })
}

/// Work on a picture takes a while, in which others are answered.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Refused> + Send + 'static) -> Result<T, Error> {
    let done = tokio::task::spawn_blocking(work).await.map_err(Error::internal)?;
    done.map_err(|refused| Error::internal(format_args!("a picture of ours cannot be drawn: {refused:?}")))
}
