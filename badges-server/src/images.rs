//! Pictures on their way into the database: those that people send in, checked and written anew, and
//! those that are drawn from a name.

use std::collections::BTreeSet;

use badges_core::bake::Format;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use crate::App;
use crate::db::{Drawn, Image};
use crate::error::Error;
use crate::i18n::{self, Lang};
use crate::picture::{self, Picture, Refused, Remark};

/// The most bytes of a picture that a program sends.
pub(crate) const MAX_SENT: usize = 12 << 20;

/// The most bytes of a form with a picture: far more than a picture may have, so that one that is too
/// large is refused with words, and what was typed stays.
pub(crate) const MAX_FORM: usize = 32 << 20;

/// A picture that is kept, and what was left out of it.
pub(crate) struct Kept {
    pub(crate) hash: String,
    pub(crate) remarks: BTreeSet<Remark>,
}

impl Kept {
    /// What whoever sent it in should know, as keys of messages; comments and the like that were left
    /// out are nobody's concern.
    pub(crate) fn remarks(&self) -> Vec<String> {
        self.remarks
            .iter()
            .filter(|remark| **remark != Remark::Details)
            .map(|remark| remark.message())
            .collect()
    }
}

/// Takes a picture from anybody.
///
/// # Errors
/// The inner error says why it cannot be used.
pub(crate) async fn accept(app: &App, bytes: &[u8]) -> Result<Result<Kept, Refused>, Error> {
    let bytes = bytes.to_vec();
    let accepted = blocking(move || {
        let accepted = picture::accept(&bytes)?;
        Ok((Row::new(accepted.picture)?, accepted.remarks))
    });
    Ok(match accepted.await? {
        Ok((row, remarks)) => Ok(Kept {
            hash: row.keep(app).await?,
            remarks,
        }),
        Err(refused) => Err(refused),
    })
}

/// Draws a picture from a name.
pub(crate) async fn drawn(app: &App, name: &str) -> Result<String, Error> {
    let name = name.to_owned();
    let row = blocking(move || Row::new(picture::drawn(&name, Format::Png)?)).await?;
    row.map_err(Error::internal)?.keep(app).await
}

/// A picture on its way into the database, with all that is ever drawn of it: what strangers ask for
/// costs no drawing.
struct Row(Image, Drawn);

impl Row {
    fn new(picture: Picture) -> Result<Self, Refused> {
        let side = picture.width.max(picture.height).clamp(picture::SIDE, 1024);
        let drawn = Drawn {
            png: match picture.format {
                Format::Png => None,
                Format::Svg => Some(picture::as_png(&picture, side)?.bytes),
            },
            preview: picture::preview(&picture)?,
        };
        let image = Image {
            hash: URL_SAFE_NO_PAD.encode(Sha256::digest(&picture.bytes)),
            media_type: picture.format.media_type().to_owned(),
            bytes: picture.bytes,
            width: picture.width.into(),
            height: picture.height.into(),
        };
        Ok(Self(image, drawn))
    }

    async fn keep(self, app: &App) -> Result<String, Error> {
        let Self(image, drawn) = self;
        app.db.insert_image(&image, &drawn, app.seconds()).await?;
        Ok(image.hash)
    }
}

/// Whether a kept picture is PNG; else it is SVG.
pub(crate) fn is_png(image: &Image) -> bool {
    image.media_type == Format::Png.media_type()
}

/// Why a picture cannot be used, in a reader's language.
pub(crate) fn refused(lang: Lang, refused: &Refused) -> String {
    let (key, parameters) = refused.message();
    let parameters: Vec<&str> = parameters.iter().map(String::as_str).collect();
    i18n::text(lang, &key, &parameters)
}

/// Drawing and checking keep a processor busy, so they are done beside the requests.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(Error::internal)
}
