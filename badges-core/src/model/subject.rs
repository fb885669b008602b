use serde::{Deserialize, Serialize};

use super::achievement::Achievement;
use super::class::{Class, Types};
use super::date_time::{DateTimeZ, date_time_or_date};
use super::identity::IdentityObject;
use super::image::Image;
use super::number::optional_number;
use super::one_or_many::{one, one_or_many, optional};
use super::profile::Profile;
use super::result::AchievedResult;

/// Who achieved what. It needs an `id` or an `identifier`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AchievementSubject {
    /// The recipient's URI.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// `AchievementSubject`, and perhaps more.
    #[serde(default)]
    pub r#type: Types<Self>,
    /// Other identifiers of the recipient.
    #[serde(
        default,
        deserialize_with = "one_or_many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub identifier: Vec<IdentityObject>,
    /// What was achieved.
    #[serde(deserialize_with = "one")]
    pub achievement: Achievement,
    /// When it began.
    #[serde(
        default,
        deserialize_with = "date_time_or_date",
        skip_serializing_if = "Option::is_none"
    )]
    pub activity_start_date: Option<DateTimeZ>,
    /// When it ended.
    #[serde(
        default,
        deserialize_with = "date_time_or_date",
        skip_serializing_if = "Option::is_none"
    )]
    pub activity_end_date: Option<DateTimeZ>,
    /// The credits that were earned.
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "optional_number"
    )]
    pub credits_earned: Option<f64>,
    /// The picture of this very badge, baked.
    #[serde(
        default,
        deserialize_with = "optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub image: Option<Image>,
    /// The number of the licence or certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub license_number: Option<String>,
    /// How it was achieved, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub narrative: Option<String>,
    /// The results.
    #[serde(
        default,
        deserialize_with = "one_or_many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub result: Vec<AchievedResult>,
    /// The recipient's role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Who assessed it, if not the issuer.
    #[serde(
        default,
        deserialize_with = "optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub source: Option<Profile>,
    /// The academic term.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term: Option<String>,
}

impl AchievementSubject {
    /// Somebody who achieved this; who, remains to be said.
    #[must_use]
    pub fn new(achievement: Achievement) -> Self {
        Self {
            achievement,
            ..Self::default()
        }
    }
}

impl Class for AchievementSubject {
    const NAMES: &'static [&'static str] = &["AchievementSubject"];
}
