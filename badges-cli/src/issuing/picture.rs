//! The picture of an achievement in the badge, and the one that the badge is baked into.

use std::path::Path;

use badges_core::model::Image;
use badges_core::publish::Base;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::error::{Code, Error};
use crate::folder::Folder;
use crate::folder::achievement::AchievementFile;
use crate::folder::issuer::Issuer;
use crate::folder::picture::{self, PictureChoice, PictureFile};
use crate::output::Output;

/// How an achievement gets its picture.
pub(crate) struct Pictured<'a> {
    pub(crate) folder: &'a Folder,
    pub(crate) issuer: &'a Issuer,
    /// What to bake badges into, if not into the achievement's own.
    pub(crate) choice: Option<&'a PictureChoice>,
    /// Whether the picture itself stands in the badge.
    pub(crate) embed: bool,
    /// Whether a picture that had to be drawn is written.
    pub(crate) write: bool,
}

/// The largest picture that may stand in a badge, in bytes.
const MAX_EMBEDDED: usize = 64 << 10;

impl Pictured<'_> {
    /// Gives the achievement its picture, and returns what badges are baked into.
    ///
    /// # Errors
    /// When a picture cannot be read, cannot be published under its name, or cannot carry a badge.
    pub(crate) fn apply(
        &self,
        file: &mut AchievementFile,
        output: &mut Output,
    ) -> Result<PictureFile, Error> {
        let found = match PictureFile::find(file)? {
            Some(found) => found,
            None => self.draw(file, output)?,
        };
        let named = file.picture.as_ref();
        let address = named.filter(|picture| picture::is_address(&picture.source));
        let id = match (address, self.issuer.base()) {
            _ if self.embed => Some(data_uri(&found)?),
            (Some(picture), _) => Some(picture.source.clone()),
            (None, Some(base)) => Some(self.published(&found, base, file, output)?),
            (None, None) => None,
        };
        let caption = named.and_then(|picture| picture.caption.clone());
        file.achievement.image = id.map(|id| Image {
            caption,
            ..Image::new(id)
        });
        found.carrier(file, self.choice)
    }

    fn draw(&self, file: &AchievementFile, output: &mut Output) -> Result<PictureFile, Error> {
        let drawn = picture::draw(&file.slug, &file.achievement.name)?;
        if self.write {
            drawn.write(file.folder())?;
            output.note(format_args!(
                "`{}` has no picture, so one was drawn: `{}`",
                file.slug,
                file.folder().join(&drawn.png.name).display()
            ));
        }
        Ok(drawn.png)
    }

    /// The address at which the picture will be published.
    fn published(
        &self,
        picture: &PictureFile,
        base: &Base,
        file: &AchievementFile,
        output: &mut Output,
    ) -> Result<String, Error> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        if !picture.name.bytes().all(plain) {
            return Err(Error::new(
                Code::Data,
                format!(
                    "the name of the picture `{}` cannot stand in an address",
                    picture.name
                ),
            )
            .hint("rename it to letters, digits and `-`"));
        }
        let place = |path: &Path| std::fs::canonicalize(path).ok();
        let achievements = self.folder.achievements();
        if place(file.folder()) != place(&achievements) {
            output.note(format_args!(
                "`{}` is not in `{}`, so it will not be published with its badges; move it there",
                file.path.display(),
                achievements.display()
            ));
        }
        Ok(base.achievement(&picture.name))
    }
}

fn data_uri(picture: &PictureFile) -> Result<String, Error> {
    if picture.bytes.len() > MAX_EMBEDDED {
        return Err(Error::new(
            Code::Data,
            format!(
                "`{}` has {} bytes, too many to stand in every badge",
                picture.name,
                picture.bytes.len()
            ),
        )
        .hint(format!(
            "make it smaller than {MAX_EMBEDDED} bytes, or leave `--embed-image` out"
        )));
    }
    Ok(format!(
        "data:{};base64,{}",
        picture.format.media_type(),
        STANDARD.encode(&picture.bytes)
    ))
}
