//! Why a picture cannot be used, and what was left out of one that can.

use badges_core::bake::BakeError;
use badges_core::draw::DrawError;

/// Why a picture cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.id())]
pub(crate) enum Refused {
    /// Every pixel is transparent, or all of an SVG is letters or embedded pictures.
    Blank,
    /// Neither PNG nor SVG.
    Format,
    /// A PNG that cannot be read.
    Png { reason: String },
    /// An SVG that is no well-formed XML, or has another root.
    Svg { reason: String },
    /// An SVG with so many elements, or so much to draw, that it is no badge.
    SvgComplex,
    /// An SVG in another encoding than UTF-8.
    SvgEncoding { encoding: String },
    /// An SVG whose DOCTYPE declares entities.
    SvgEntities,
    /// An SVG that does not say how large it is, or is far from square.
    SvgSize,
    /// More bytes than are taken.
    TooLarge { bytes: usize, most: usize },
    /// More pixels than are taken.
    TooManyPixels { width: u32, height: u32, most: u32 },
}

impl Refused {
    /// A name that does not change.
    pub(crate) const fn id(&self) -> &'static str {
        match self {
            Self::Blank => "picture.blank",
            Self::Format => "picture.format",
            Self::Png { .. } => "picture.png",
            Self::Svg { .. } => "picture.svg",
            Self::SvgComplex => "picture.svg-complex",
            Self::SvgEncoding { .. } => "picture.svg-encoding",
            Self::SvgEntities => "picture.svg-entities",
            Self::SvgSize => "picture.svg-size",
            Self::TooLarge { .. } => "picture.too-large",
            Self::TooManyPixels { .. } => "picture.too-many-pixels",
        }
    }

    /// The key of the message that explains it, and the message's parameters.
    pub(crate) fn message(&self) -> (String, Vec<String>) {
        let parameters = match self {
            Self::Png { reason } | Self::Svg { reason } => vec![reason.clone()],
            Self::SvgEncoding { encoding } => vec![encoding.clone()],
            Self::TooLarge { bytes, most } => {
                vec![bytes.div_ceil(1024).to_string(), (most / 1024).to_string()]
            }
            Self::TooManyPixels {
                width,
                height,
                most,
            } => [width, height, most].map(u32::to_string).to_vec(),
            _ => Vec::new(),
        };
        (key(self.id()), parameters)
    }

    pub(super) fn from_draw(error: DrawError) -> Self {
        match error {
            DrawError::Costly => Self::SvgComplex,
            error => Self::Svg {
                reason: error.to_string(),
            },
        }
    }

    /// What the core says of an SVG that it cannot read.
    pub(super) fn from_bake(error: BakeError) -> Self {
        match error {
            BakeError::EntityDeclaration { .. }
            | BakeError::AttributeDefault { .. }
            | BakeError::UnknownEntity { .. } => Self::SvgEntities,
            BakeError::Encoding { encoding } => Self::SvgEncoding { encoding },
            BakeError::TooComplex { .. } => Self::SvgComplex,
            error => Self::Svg {
                reason: error.to_string(),
            },
        }
    }
}

/// What was left out of a picture, or will be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Remark {
    /// Movement; of an animated PNG the first picture is kept.
    Animation,
    /// Pictures inside the picture or from elsewhere.
    Bitmap,
    /// What cannot be seen: comments, places, names, editors' data, an earlier badge.
    Details,
    /// Parts of web pages.
    Embedded,
    /// Letters stay in the SVG, but a PNG that is drawn of it has none.
    Letters,
    /// Links, but not what is shown for them.
    Link,
    /// Calls for something elsewhere.
    Reference,
    /// Scripts.
    Script,
    /// Rules of style beyond what a picture needs.
    Style,
    /// Elements and attributes that a picture does not need.
    Unknown,
}

impl Remark {
    /// All of them.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 10] = [
        Self::Animation,
        Self::Bitmap,
        Self::Details,
        Self::Embedded,
        Self::Letters,
        Self::Link,
        Self::Reference,
        Self::Script,
        Self::Style,
        Self::Unknown,
    ];

    /// A name that does not change.
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::Animation => "picture.removed-animation",
            Self::Bitmap => "picture.removed-bitmap",
            Self::Details => "picture.removed-details",
            Self::Embedded => "picture.removed-embedded",
            Self::Letters => "picture.letters",
            Self::Link => "picture.removed-link",
            Self::Reference => "picture.removed-reference",
            Self::Script => "picture.removed-script",
            Self::Style => "picture.removed-style",
            Self::Unknown => "picture.removed-unknown",
        }
    }

    /// The key of the message that tells it.
    pub(crate) fn message(self) -> String {
        key(self.id())
    }
}

fn key(id: &str) -> String {
    format!("badges-picture-{}", id.trim_start_matches("picture."))
}
