//! Why an image was not baked or read, and what was read in spite of a departure.

use std::fmt;

use super::{MAX_IMAGE, MAX_TEXT};

/// Why a credential was not put into an image, or not found in one.
///
/// An `offset` counts bytes from the start of the image, unless it says otherwise.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BakeError {
    /// The bytes are neither a PNG nor an SVG.
    #[error("this is neither a PNG nor an SVG image")]
    NotAnImage,
    /// The image is longer than [`MAX_IMAGE`], or would be once baked.
    #[error("the image has {bytes} bytes, more than {MAX_IMAGE}")]
    ImageTooLong {
        /// Its length, baked if it was to be baked.
        bytes: usize,
    },
    /// The text of the credential is longer than [`MAX_TEXT`], unpacked if it is compressed.
    #[error("the credential is longer than {MAX_TEXT} bytes")]
    TextTooLong,
    /// The text to bake is neither a JSON object nor a compact JWS.
    #[error("the credential is neither a JSON object nor a compact JWS")]
    NotACredential,
    /// The text to bake begins as a JSON object, but holds what JSON has nowhere: a control
    /// character, or one of the sequences of [`escape_json`](super::escape_json) outside strings.
    #[error("the credential is not JSON: its byte {offset} can stand nowhere in JSON")]
    NotJson {
        /// Counted from the first byte of the credential that is not white space.
        offset: usize,
    },
    /// The image holds no credential.
    #[error("the image holds no credential")]
    NoCredential,
    /// The image holds an Open Badges 2.0 assertion and no Open Badges 3.0 credential.
    #[error("the image holds an Open Badges 2.0 assertion, not an Open Badges 3.0 credential")]
    OpenBadges2,
    /// The image holds more than one Open Badges 3.0 credential.
    #[error("the image holds more than one credential, at bytes {first} and {second}")]
    TwoCredentials {
        /// The offset of the first chunk or element.
        first: usize,
        /// The offset of the second chunk or element.
        second: usize,
    },
    /// The image holds more than one Open Badges 2.0 assertion.
    #[error(
        "the image holds more than one Open Badges 2.0 assertion, at bytes {first} and {second}"
    )]
    TwoAssertions {
        /// The offset of the first chunk or element.
        first: usize,
        /// The offset of the second chunk or element.
        second: usize,
    },
    /// The place for the credential is there, and has no text.
    #[error("the credential at byte {offset} is empty")]
    EmptyCredential {
        /// The offset of the chunk or element.
        offset: usize,
    },

    /// The PNG ends inside a chunk.
    #[error("the PNG ends inside the chunk at byte {offset}")]
    Truncated {
        /// The offset of the chunk.
        offset: usize,
    },
    /// The type of a chunk is not four ASCII letters.
    #[error("the PNG has no proper chunk at byte {offset}")]
    ChunkType {
        /// The offset of the chunk.
        offset: usize,
    },
    /// The checksum of a chunk does not fit its content: the PNG is damaged.
    #[error("the chunk {chunk} at byte {offset} has a wrong checksum")]
    Checksum {
        /// The type of the chunk.
        chunk: String,
        /// The offset of the chunk.
        offset: usize,
    },
    /// The PNG does not begin with IHDR, or has no IDAT, or no IEND.
    #[error("the PNG lacks the chunk {chunk} in its place")]
    MissingChunk {
        /// The type of the chunk.
        chunk: &'static str,
    },
    /// The chunk with the credential cannot be read.
    #[error("the credential's chunk {chunk} at byte {offset} {fault}")]
    Chunk {
        /// The type of the chunk.
        chunk: String,
        /// The offset of the chunk.
        offset: usize,
        /// What is wrong with it.
        fault: ChunkFault,
    },

    /// The SVG is in another encoding than UTF-8.
    #[error("the SVG is encoded as {encoding:?}; only UTF-8 can be read")]
    Encoding {
        /// The encoding as the XML declaration names it, or `UTF-16` by its byte order mark.
        encoding: String,
    },
    /// The SVG is not UTF-8, and does not say that it is anything else.
    #[error("the SVG is not UTF-8 at byte {offset}")]
    NotUtf8 {
        /// The offset of the first byte that does not fit.
        offset: usize,
    },
    /// The SVG is not well-formed XML with namespaces.
    #[error("the SVG is not well-formed XML at byte {offset}: {reason}")]
    NotWellFormed {
        /// The offset of the fault or of the markup that holds it.
        offset: usize,
        /// What is wrong, in English.
        reason: String,
    },
    /// The SVG has too many levels or namespaces to be a picture.
    #[error("the SVG is nested too deeply or declares too many namespaces at byte {offset}")]
    TooComplex {
        /// The offset of the first element that goes too far.
        offset: usize,
    },
    /// The SVG's DOCTYPE declares entities or calls for some. They could give the same file
    /// another meaning elsewhere.
    #[error("the SVG's DOCTYPE at byte {offset} declares or calls for entities")]
    EntityDeclaration {
        /// The offset of the DOCTYPE.
        offset: usize,
    },
    /// The SVG's DOCTYPE gives attributes default values, such as a `verify` or a namespace that
    /// is nowhere to be seen in the element.
    #[error("the SVG's DOCTYPE at byte {offset} gives attributes default values")]
    AttributeDefault {
        /// The offset of the DOCTYPE.
        offset: usize,
    },
    /// The SVG uses an entity other than the five that XML defines.
    #[error("the SVG uses the unknown entity &{name}; at byte {offset}")]
    UnknownEntity {
        /// Its name.
        name: String,
        /// The offset of the reference, or of the element whose attribute holds it.
        offset: usize,
    },
    /// The root element is not `svg` in the namespace `http://www.w3.org/2000/svg`.
    #[error("the root element <{name}> is not svg in the namespace of SVG")]
    NotSvg {
        /// The name of the root as it is written, with its prefix.
        name: String,
    },
    /// The SVG's element for the credential has both the attribute `verify` and a body.
    #[error("the credential at byte {offset} has both the attribute verify and a body")]
    VerifyAndBody {
        /// The offset of the element.
        offset: usize,
    },
    /// The SVG's element for the credential holds elements instead of text.
    #[error("the credential at byte {offset} holds elements, not text")]
    NotText {
        /// The offset of the element.
        offset: usize,
    },
}

impl BakeError {
    /// A name for the kind of error that does not change.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::NotAnImage => "bake.not-an-image",
            Self::ImageTooLong { .. } => "bake.image-too-long",
            Self::TextTooLong => "bake.text-too-long",
            Self::NotACredential => "bake.not-a-credential",
            Self::NotJson { .. } => "bake.not-json",
            Self::NoCredential => "bake.no-credential",
            Self::OpenBadges2 => "bake.open-badges-2",
            Self::TwoCredentials { .. } => "bake.two-credentials",
            Self::TwoAssertions { .. } => "bake.two-assertions",
            Self::EmptyCredential { .. } => "bake.empty-credential",
            Self::Truncated { .. } => "bake.truncated",
            Self::ChunkType { .. } => "bake.chunk-type",
            Self::Checksum { .. } => "bake.checksum",
            Self::MissingChunk { .. } => "bake.missing-chunk",
            Self::Chunk { .. } => "bake.chunk",
            Self::Encoding { .. } => "bake.encoding",
            Self::NotUtf8 { .. } => "bake.not-utf8",
            Self::NotWellFormed { .. } => "bake.not-well-formed",
            Self::TooComplex { .. } => "bake.too-complex",
            Self::EntityDeclaration { .. } => "bake.entity-declaration",
            Self::AttributeDefault { .. } => "bake.attribute-default",
            Self::UnknownEntity { .. } => "bake.unknown-entity",
            Self::NotSvg { .. } => "bake.not-svg",
            Self::VerifyAndBody { .. } => "bake.verify-and-body",
            Self::NotText { .. } => "bake.not-text",
        }
    }
}

/// What is wrong with a PNG chunk that should hold a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChunkFault {
    /// It ends before the text begins.
    #[error("ends before its text begins")]
    Short,
    /// Its compression flag is neither 0 nor 1, or its compression method is not 0.
    #[error("names an unknown compression")]
    Compression,
    /// Its text is said to be compressed, and cannot be unpacked.
    #[error("has compressed text that is damaged")]
    Damaged,
    /// Its text is not UTF-8.
    #[error("has text that is not UTF-8")]
    NotUtf8,
}

/// A departure from the specification in spite of which a credential was read from an image.
/// Other software may refuse the image or find nothing in it; baking it again mends it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// The text of a PNG is compressed.
    Compressed,
    /// The text of a PNG stands in another chunk than `iTXt`.
    TextChunk {
        /// `tEXt` or `zTXt`.
        chunk: &'static str,
    },
    /// Bytes follow the end of a PNG. They are no part of the picture.
    DataAfterEnd {
        /// How many.
        bytes: usize,
    },
    /// The element of an SVG has another prefix than `openbadges`.
    Prefix {
        /// The prefix; empty if there is none.
        prefix: String,
    },
    /// The JSON in an SVG is not the content of one CDATA section.
    NotOneCdata,
    /// The element of an SVG is not the first one inside the root.
    Place,
    /// The SVG has JSON in the attribute `verify`, or a JWS in the body of the element.
    Carrier,
}

impl Note {
    /// A name for the kind of departure that does not change.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::Compressed => "bake.compressed",
            Self::TextChunk { .. } => "bake.text-chunk",
            Self::DataAfterEnd { .. } => "bake.data-after-end",
            Self::Prefix { .. } => "bake.prefix",
            Self::NotOneCdata => "bake.not-one-cdata",
            Self::Place => "bake.place",
            Self::Carrier => "bake.carrier",
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Compressed => f.write_str("the credential is compressed, which is not allowed"),
            Self::TextChunk { chunk } => {
                write!(
                    f,
                    "the credential stands in a {chunk} chunk instead of iTXt"
                )
            }
            Self::DataAfterEnd { bytes } => {
                write!(f, "{bytes} bytes follow the end of the image")
            }
            Self::Prefix { prefix } => write!(
                f,
                "the credential's element has the prefix {prefix:?} instead of \"openbadges\""
            ),
            Self::NotOneCdata => f.write_str("the credential is not one CDATA section"),
            Self::Place => {
                f.write_str("the credential's element is not the first one inside the root")
            }
            Self::Carrier => f.write_str(
                "the credential's element has JSON in its attribute verify or a JWS in its body",
            ),
        }
    }
}
