use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::class::{Class, Types};
use super::enumeration::{AchievementType, AlignmentTargetType};
use super::identity::IdentifierEntry;
use super::image::Image;
use super::number::optional_number;
use super::one_or_many::{documents, if_readable, one, one_or_many, optional};
use super::profile::Profile;
use super::result::ResultDescription;

/// What can be achieved, the same for everybody who achieves it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Achievement {
    /// The achievement's URI.
    pub id: String,
    /// `Achievement`, and perhaps more.
    #[serde(default)]
    pub r#type: Types<Self>,
    /// The name.
    pub name: String,
    /// What it is, in a few words.
    pub description: String,
    /// How it is earned.
    #[serde(deserialize_with = "one")]
    pub criteria: Criteria,
    /// What kind of achievement it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub achievement_type: Option<AchievementType>,
    /// The picture that stands for it, not baked.
    #[serde(
        default,
        deserialize_with = "optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub image: Option<Image>,
    /// Who made it; if nobody is named, the issuer.
    #[serde(
        default,
        deserialize_with = "optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub creator: Option<Profile>,
    /// The language of the texts here, such as `pt-BR`. For others see
    /// [`translate`](Self::translate).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_language: Option<String>,
    /// The version of the achievement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// A code by which people call it, such as that of a course.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub human_code: Option<String>,
    /// The field that it is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field_of_study: Option<String>,
    /// The special field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub specialization: Option<String>,
    /// The credits that can be earned.
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "optional_number"
    )]
    pub credits_available: Option<f64>,
    /// Words to find it by.
    #[serde(
        default,
        deserialize_with = "one_or_many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub tag: Vec<String>,
    /// What it corresponds to elsewhere.
    #[serde(
        default,
        deserialize_with = "one_or_many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub alignment: Vec<Alignment>,
    /// The results that can be had.
    #[serde(
        default,
        deserialize_with = "one_or_many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub result_description: Vec<ResultDescription>,
    /// Identifiers that it has elsewhere.
    #[serde(
        default,
        deserialize_with = "one_or_many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub other_identifier: Vec<IdentifierEntry>,
    /// Other achievements that are the same thing in some respect.
    #[serde(
        default,
        deserialize_with = "one_or_many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub related: Vec<Related>,
    /// What others say about it, as the signed documents that they are.
    #[serde(
        default,
        deserialize_with = "documents",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub endorsement: Vec<Box<RawValue>>,
    /// The same, signed as JWT.
    #[serde(
        default,
        deserialize_with = "one_or_many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub endorsement_jwt: Vec<String>,
}

impl Achievement {
    /// An achievement with all that is required of one.
    pub fn new(
        id: impl Into<String>,
        name: impl Into<String>,
        description: impl Into<String>,
        criteria: Criteria,
    ) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            description: description.into(),
            criteria,
            ..Self::default()
        }
    }
}

impl Class for Achievement {
    const NAMES: &'static [&'static str] = &["Achievement"];
}

/// How an achievement is earned: on a page, in words here, or both. The one class without a `type`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Criteria {
    /// The URI of a page that says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What one has to do, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub narrative: Option<String>,
}

impl Criteria {
    /// Criteria in words, as Markdown.
    pub fn narrative(narrative: impl Into<String>) -> Self {
        Self {
            id: None,
            narrative: Some(narrative.into()),
        }
    }
}

/// What an achievement, result or level corresponds to in a framework of somebody else.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Alignment {
    /// `Alignment`, and perhaps more.
    #[serde(default)]
    pub r#type: Types<Self>,
    /// The name of the target.
    pub target_name: String,
    /// The URL of the target.
    pub target_url: String,
    /// A code that tells the target from others in its framework.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_code: Option<String>,
    /// What the target is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_description: Option<String>,
    /// The name of the framework.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_framework: Option<String>,
    /// What kind of thing the target is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_type: Option<AlignmentTargetType>,
}

impl Alignment {
    /// The correspondence with a target.
    pub fn new(target_name: impl Into<String>, target_url: impl Into<String>) -> Self {
        Self {
            target_name: target_name.into(),
            target_url: target_url.into(),
            ..Self::default()
        }
    }
}

impl Class for Alignment {
    const NAMES: &'static [&'static str] = &["Alignment"];
}

/// Another achievement that is the same thing in some respect, such as an older version. With the
/// further type `Achievement`, the same achievement in another language.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Related {
    /// The URI of the other achievement.
    pub id: String,
    /// `Related`, and perhaps more.
    #[serde(default)]
    pub r#type: Types<Self>,
    /// The language of the other achievement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_language: Option<String>,
    /// The version of the other achievement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The name in the other language; a member of `Achievement`.
    #[serde(
        default,
        deserialize_with = "if_readable",
        skip_serializing_if = "Option::is_none"
    )]
    pub name: Option<String>,
    /// The description in the other language; a member of `Achievement`.
    #[serde(
        default,
        deserialize_with = "if_readable",
        skip_serializing_if = "Option::is_none"
    )]
    pub description: Option<String>,
    /// The criteria in the other language; a member of `Achievement`.
    #[serde(
        default,
        deserialize_with = "if_readable",
        skip_serializing_if = "Option::is_none"
    )]
    pub criteria: Option<Criteria>,
}

impl Related {
    /// The achievement with this URI.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            ..Self::default()
        }
    }
}

impl Class for Related {
    const NAMES: &'static [&'static str] = &["Related"];
}
