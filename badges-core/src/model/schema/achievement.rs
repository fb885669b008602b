//! The subject, the achievement and the results (B.2), and what they are made of.

use super::class::Kind::{
    Boolean, CompactJws, DateTimeOrDate, Endorsement, Float, Image, LanguageCode, Markdown, Object,
    String, Term, Uri, Url,
};
use super::class::{Class, Kind, many, one, optional, types};
use super::profile::PROFILE;
use super::rule;
use crate::model::enumeration::{
    ACHIEVEMENT_TYPE, ALIGNMENT_TARGET_TYPE, IDENTIFIER_TYPE, RESULT_STATUS_TYPE, RESULT_TYPE,
};

/// `AchievementSubject`.
pub(super) static ACHIEVEMENT_SUBJECT: Class = Class::extensible(
    "AchievementSubject",
    &[
        optional("id", Uri),
        types(&[&["AchievementSubject"]]),
        optional("activityEndDate", DateTimeOrDate),
        optional("activityStartDate", DateTimeOrDate),
        optional("creditsEarned", Float),
        one("achievement", Object(&ACHIEVEMENT)),
        many("identifier", Object(&IDENTITY_OBJECT)),
        optional("image", Image),
        optional("licenseNumber", String),
        optional("narrative", Markdown),
        many("result", Object(&RESULT)),
        optional("role", String),
        optional("source", Object(&PROFILE)),
        optional("term", String),
    ],
)
.rule(rule::subject);

/// `Achievement`.
static ACHIEVEMENT: Class = Class::extensible(
    "Achievement",
    &[
        one("id", Uri),
        types(&[&["Achievement"]]),
        many("alignment", Object(&ALIGNMENT)),
        optional("achievementType", Term(&ACHIEVEMENT_TYPE)),
        optional("creator", Object(&PROFILE)),
        optional("creditsAvailable", Float),
        one("criteria", Object(&CRITERIA)),
        one("description", String),
        many("endorsement", Endorsement),
        many("endorsementJwt", CompactJws),
        optional("fieldOfStudy", String),
        optional("humanCode", String),
        optional("image", Image),
        optional("inLanguage", LanguageCode),
        one("name", String),
        many("otherIdentifier", Object(&IDENTIFIER_ENTRY)),
        many("related", Object(&RELATED)),
        many("resultDescription", Object(&RESULT_DESCRIPTION)),
        optional("specialization", String),
        many("tag", String),
        optional("version", String),
    ],
);

/// `Criteria`, the one class without a `type`.
static CRITERIA: Class = Class::extensible(
    "Criteria",
    &[optional("id", Uri), optional("narrative", Markdown)],
)
.rule(rule::criteria);

/// `Alignment`.
static ALIGNMENT: Class = Class::extensible(
    "Alignment",
    &[
        types(&[&["Alignment"]]),
        optional("targetCode", String),
        optional("targetDescription", String),
        one("targetName", String),
        optional("targetFramework", String),
        optional("targetType", Term(&ALIGNMENT_TARGET_TYPE)),
        one("targetUrl", Url),
    ],
);

/// `Related`.
static RELATED: Class = Class::extensible(
    "Related",
    &[
        one("id", Uri),
        types(&[&["Related"]]),
        optional("inLanguage", LanguageCode),
        optional("version", String),
        // Members of Achievement, which a translation also is.
        optional("name", String),
        optional("description", String),
        optional("criteria", Object(&CRITERIA)),
    ],
);

/// `ResultDescription`.
static RESULT_DESCRIPTION: Class = Class::extensible(
    "ResultDescription",
    &[
        one("id", Uri),
        types(&[&["ResultDescription"]]),
        many("alignment", Object(&ALIGNMENT)),
        many("allowedValue", String),
        one("name", String),
        optional("requiredLevel", Url),
        optional("requiredValue", String),
        one("resultType", Term(&RESULT_TYPE)),
        many("rubricCriterionLevel", Object(&RUBRIC_CRITERION_LEVEL)),
        optional("valueMax", String),
        optional("valueMin", String),
    ],
)
.rule(rule::required_level);

/// `RubricCriterionLevel`.
static RUBRIC_CRITERION_LEVEL: Class = Class::extensible(
    "RubricCriterionLevel",
    &[
        one("id", Uri),
        types(&[&["RubricCriterionLevel"]]),
        many("alignment", Object(&ALIGNMENT)),
        optional("description", String),
        optional("level", String),
        one("name", String),
        optional("points", String),
    ],
);

/// `Result`. What it refers to is checked with its subject.
static RESULT: Class = Class::extensible(
    "Result",
    &[
        types(&[&["Result"]]),
        optional("achievedLevel", Url),
        many("alignment", Object(&ALIGNMENT)),
        optional("resultDescription", Url),
        optional("status", Term(&RESULT_STATUS_TYPE)),
        optional("value", String),
    ],
);

/// `Evidence`.
pub(super) static EVIDENCE: Class = Class::extensible(
    "Evidence",
    &[
        optional("id", Uri),
        types(&[&["Evidence"]]),
        optional("narrative", Markdown),
        optional("name", String),
        optional("description", String),
        optional("genre", String),
        optional("audience", String),
    ],
);

/// `Image`.
pub(super) static IMAGE: Class = Class::closed(
    "Image",
    &[
        one("id", Uri),
        one("type", Kind::ClassName("Image")),
        optional("caption", String),
    ],
);

/// `IdentityObject`.
static IDENTITY_OBJECT: Class = Class::closed(
    "IdentityObject",
    &[
        one("type", Kind::ClassName("IdentityObject")),
        one("hashed", Boolean),
        one("identityHash", String),
        one("identityType", Term(&IDENTIFIER_TYPE)),
        optional("salt", String),
    ],
)
.rule(rule::identity_hash);

/// `IdentifierEntry`.
pub(super) static IDENTIFIER_ENTRY: Class = Class::closed(
    "IdentifierEntry",
    &[
        one("type", Kind::ClassName("IdentifierEntry")),
        one("identifier", String),
        one("identifierType", Term(&IDENTIFIER_TYPE)),
    ],
);
