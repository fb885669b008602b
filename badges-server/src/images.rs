//! Pictures on their way into the database: those that people send in, checked and written anew, and
//! those that are drawn from a name.

use std::collections::BTreeSet;

use badges_core::bake::Format;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use crate::App;
use crate::db::Image;
use crate::error::Error;
use crate::i18n::{self, Lang};
use crate::picture::{self, Picture, Refused, Remark};

/// The most bytes of a form with a picture.
pub(crate) const MAX_FORM: usize = 12 << 20;

/// A picture that is kept, and what was left out of it.
pub(crate) struct Kept {
    pub(crate) hash: String,
    pub(crate) remarks: BTreeSet<Remark>,
}

impl Kept {
    /// What whoever sent it in should know, as keys of messages; comments and the like that were left
    /// out are nobody's concern.
    pub(crate) fn remarks(&self) -> Vec<String> {
        self.remarks.iter().filter(|remark| **remark != Remark::Details).map(|remark| remark.message()).collect()
    }
}

/// Takes a picture from anybody.
///
/// # Errors
/// The inner error says why it cannot be used.
pub(crate) async fn accept(app: &App, bytes: &[u8]) -> Result<Result<Kept, Refused>, Error> {
    let bytes = bytes.to_vec();
    let accepted = blocking(move || picture::accept(&bytes)).await?;
    Ok(match accepted {
        Ok(accepted) => {
            let hash = keep(app, accepted.picture).await?;
            Ok(Kept { hash, remarks: accepted.remarks })
        }
        Err(refused) => Err(refused),
    })
}

/// Draws a picture from a name.
pub(crate) async fn drawn(app: &App, name: &str) -> Result<String, Error> {
    let name = name.to_owned();
    let picture = blocking(move || picture::drawn(&name, Format::Png)).await?;
    keep(app, picture.map_err(Error::internal)?).await
}

/// The picture as PNG, an SVG drawn without its letters.
pub(crate) async fn as_png(image: Image) -> Result<Vec<u8>, Error> {
    if is_png(&image) {
        return Ok(image.bytes);
    }
    let side = u32::try_from(image.width.max(image.height)).unwrap_or(picture::SIDE).clamp(picture::SIDE, 1024);
    let picture = Picture { format: Format::Svg, bytes: image.bytes, width: side, height: side };
    let png = blocking(move || picture::as_png(&picture, side)).await?;
    Ok(png.map_err(Error::internal)?.bytes)
}

/// Whether a kept picture is PNG; else it is SVG.
pub(crate) fn is_png(image: &Image) -> bool {
    image.media_type == PNG
}

/// Why a picture cannot be used, in a reader's language.
pub(crate) fn refused(lang: Lang, refused: &Refused) -> String {
    let (key, parameters) = refused.message();
    let parameters: Vec<&str> = parameters.iter().map(String::as_str).collect();
    i18n::text(lang, &key, &parameters)
}

const PNG: &str = "image/png";

async fn keep(app: &App, picture: Picture) -> Result<String, Error> {
    let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(&picture.bytes));
    let media_type = match picture.format {
        Format::Png => PNG,
        Format::Svg => "image/svg+xml",
    };
    let image = Image {
        hash: hash.clone(),
        media_type: media_type.to_owned(),
        bytes: picture.bytes,
        width: picture.width.into(),
        height: picture.height.into(),
    };
    app.db.insert_image(&image, app.seconds()).await?;
    Ok(hash)
}

/// Drawing and checking keep a processor busy, so they are done beside the requests.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)
}
