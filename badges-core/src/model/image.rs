use serde::{Deserialize, Serialize};

use super::class::{Class, TypeName};

/// A picture: the standard's `Image`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Read")]
pub struct Image {
    /// The picture's URI, which may be a `data:` URI.
    pub id: String,
    /// Always `Image`.
    pub r#type: TypeName<Self>,
    /// What the picture shows, for those who do not see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
}

impl Image {
    /// The picture at a URI.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            ..Self::default()
        }
    }
}

impl Class for Image {
    const NAMES: &'static [&'static str] = &["Image"];
}

/// Other people write the bare URI.
#[derive(Deserialize)]
#[serde(untagged)]
enum Read {
    Uri(String),
    Image { id: String, caption: Option<String> },
}

impl From<Read> for Image {
    fn from(read: Read) -> Self {
        match read {
            Read::Uri(id) => Self::new(id),
            Read::Image { id, caption } => Self {
                caption,
                ..Self::new(id)
            },
        }
    }
}
