//! The kinds of participants files, and their names.

use std::{fmt, str::FromStr};

use serde::{Serialize, Serializer};

/// A kind of participants file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// User names, one a line.
    Names,
    /// CSV of the Programs & Events Dashboard: editors of a course, or users of a campaign.
    Dashboard,
    /// JSON of the extension CampaignEvents: participants of an event.
    CampaignEvents,
    /// CSV or JSON of WikiLearn: issued certificates.
    WikiLearn,
    /// Any other CSV file.
    Csv,
}

/// A text that is the name of no [`Format`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no format; there are `names`, `dashboard`, `campaign-events`, `wikilearn`, `csv`"
)]
pub struct UnknownFormat(String);

impl Format {
    /// All formats.
    pub const ALL: [Self; 5] = [
        Self::Names,
        Self::Dashboard,
        Self::CampaignEvents,
        Self::WikiLearn,
        Self::Csv,
    ];

    /// Its stable name, such as `campaign-events`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Names => "names",
            Self::Dashboard => "dashboard",
            Self::CampaignEvents => "campaign-events",
            Self::WikiLearn => "wikilearn",
            Self::Csv => "csv",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, UnknownFormat> {
        let found = Self::ALL.into_iter().find(|format| format.as_str() == text);
        found.ok_or_else(|| UnknownFormat(text.to_owned()))
    }
}

impl Serialize for Format {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
