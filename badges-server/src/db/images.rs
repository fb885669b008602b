//! Pictures by the hash of their bytes.

use sqlx::FromRow;

use super::{Db, Result, on};

/// A picture that was checked and cleaned before it came here.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct Image {
    /// SHA-256 of the bytes, base64url.
    pub(crate) hash: String,
    pub(crate) media_type: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) width: i64,
    pub(crate) height: i64,
}

/// What is drawn of a picture when it comes, so that nothing is drawn for those who look at it.
#[derive(Clone, Debug)]
pub(crate) struct Drawn {
    /// The picture as PNG, unless it is one.
    pub(crate) png: Option<Vec<u8>>,
    /// What other sites show beside a link, as PNG.
    pub(crate) preview: Vec<u8>,
}

impl Db {
    /// Keeps a picture; nothing changes if it is there.
    pub(crate) async fn insert_image(&self, image: &Image, drawn: &Drawn, now: i64) -> Result<()> {
        on!(self, pool => sqlx::query(
            "insert into image (hash, media_type, bytes, width, height, png, preview, made_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (hash) do nothing")
            .bind(&image.hash).bind(&image.media_type).bind(&image.bytes)
            .bind(image.width).bind(image.height).bind(&drawn.png).bind(&drawn.preview).bind(now)
            .execute(pool).await.map(drop))
    }

    /// The picture of this hash.
    pub(crate) async fn image(&self, hash: &str) -> Result<Option<Image>> {
        on!(self, pool => sqlx::query_as("select hash, media_type, bytes, width, height from image where hash = $1")
            .bind(hash).fetch_optional(pool).await)
    }

    /// The picture of this hash as PNG.
    pub(crate) async fn image_png(&self, hash: &str) -> Result<Option<Vec<u8>>> {
        on!(self, pool => sqlx::query_scalar("select coalesce(png, bytes) from image where hash = $1")
            .bind(hash).fetch_optional(pool).await)
    }

    /// What other sites show beside a link to what has the picture of this hash, as PNG.
    pub(crate) async fn image_preview(&self, hash: &str) -> Result<Option<Vec<u8>>> {
        on!(self, pool => sqlx::query_scalar("select preview from image where hash = $1")
            .bind(hash).fetch_optional(pool).await)
    }

    /// The media type of the picture of this hash.
    pub(crate) async fn media_type(&self, hash: &str) -> Result<Option<String>> {
        on!(self, pool => sqlx::query_scalar("select media_type from image where hash = $1")
            .bind(hash).fetch_optional(pool).await)
    }

    /// The hashes of all pictures that are there or are referred to.
    pub(crate) async fn image_hashes(&self) -> Result<Vec<String>> {
        on!(self, pool => sqlx::query_scalar(
            "select hash from image union select image from achievement_version \
             union select logo from issuer where logo is not null")
            .fetch_all(pool).await)
    }
}
