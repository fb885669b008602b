use serde::{Deserialize, Serialize};

use super::class::{Class, Types};

/// What shows that somebody did what the achievement asks for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The URI of a page that presents it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// `Evidence`, and perhaps more.
    #[serde(default)]
    pub r#type: Types<Self>,
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How it came about, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub narrative: Option<String>,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its kind, such as "Poetry" or "Film".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub genre: Option<String>,
    /// Whom it was made for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
}

impl Evidence {
    /// Evidence that is a page.
    #[must_use]
    pub fn at(address: &str) -> Self {
        Self {
            id: Some(address.to_owned()),
            ..Self::default()
        }
    }
}

impl Class for Evidence {
    const NAMES: &'static [&'static str] = &["Evidence"];
}
