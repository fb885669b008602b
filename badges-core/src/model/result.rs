use serde::{Deserialize, Serialize};

use super::achievement::Alignment;
use super::class::{Class, Types};
use super::enumeration::{ResultStatusType, ResultType};
use super::one_or_many::one_or_many;

/// A result that an achievement can have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResultDescription {
    /// The URI by which results refer to it.
    pub id: String,
    /// `ResultDescription`, and perhaps more.
    #[serde(default)]
    pub r#type: Types<Self>,
    /// The name.
    pub name: String,
    /// What kind of result it is.
    pub result_type: ResultType,
    /// The values that it can have, from low to high.
    #[serde(
        default,
        deserialize_with = "one_or_many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub allowed_value: Vec<String>,
    /// The id of the level that is needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required_level: Option<String>,
    /// The value that is needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required_value: Option<String>,
    /// The levels that can be reached, from low to high.
    #[serde(
        default,
        deserialize_with = "one_or_many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub rubric_criterion_level: Vec<RubricCriterionLevel>,
    /// The lowest value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_min: Option<String>,
    /// The highest value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_max: Option<String>,
    /// What it corresponds to elsewhere.
    #[serde(
        default,
        deserialize_with = "one_or_many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub alignment: Vec<Alignment>,
}

impl ResultDescription {
    /// A result with all that is required of one.
    pub fn new(id: impl Into<String>, name: impl Into<String>, result_type: ResultType) -> Self {
        Self {
            id: id.into(),
            r#type: Types::default(),
            name: name.into(),
            result_type,
            allowed_value: Vec::new(),
            required_level: None,
            required_value: None,
            rubric_criterion_level: Vec::new(),
            value_min: None,
            value_max: None,
            alignment: Vec::new(),
        }
    }
}

impl Class for ResultDescription {
    const NAMES: &'static [&'static str] = &["ResultDescription"];
}

/// A level that can be reached.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RubricCriterionLevel {
    /// The URI by which results refer to it.
    pub id: String,
    /// `RubricCriterionLevel`, and perhaps more.
    #[serde(default)]
    pub r#type: Types<Self>,
    /// The name.
    pub name: String,
    /// What it takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The level within the rubric.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// The points for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<String>,
    /// What it corresponds to elsewhere.
    #[serde(
        default,
        deserialize_with = "one_or_many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub alignment: Vec<Alignment>,
}

impl RubricCriterionLevel {
    /// A level with all that is required of one.
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            ..Self::default()
        }
    }
}

impl Class for RubricCriterionLevel {
    const NAMES: &'static [&'static str] = &["RubricCriterionLevel"];
}

/// What somebody achieved: the standard's `Result`, which in Rust has another name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AchievedResult {
    /// `Result`, and perhaps more.
    #[serde(default)]
    pub r#type: Types<Self>,
    /// The id of the result's description in the achievement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result_description: Option<String>,
    /// The value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// How far the person has come; needed when the description is of type `Status`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<ResultStatusType>,
    /// The id of the level that was reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub achieved_level: Option<String>,
    /// What it corresponds to elsewhere.
    #[serde(
        default,
        deserialize_with = "one_or_many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub alignment: Vec<Alignment>,
}

impl Class for AchievedResult {
    const NAMES: &'static [&'static str] = &["Result"];
}
