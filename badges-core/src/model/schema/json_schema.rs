//! The tables as JSON Schema, draft 2019-09: what [`Reading::Declared`] demands, as far as that
//! language can say it. What holds between several members stays in `rule`.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::Reading;
use super::achievement::IMAGE;
use super::class::{Class, Contexts, Form, Kind, Member};
use super::credential::{
    ACHIEVEMENT_CREDENTIAL, ACHIEVEMENT_CREDENTIAL_V1P1, CREDENTIAL_STATUS, ENDORSEMENT_CREDENTIAL,
    ENDORSEMENT_CREDENTIAL_V1P1,
};
use super::data_model::{BITSTRING_STATUS_LIST_ENTRY, CLAIMS, ISSUER};
use super::profile::PROFILE;
use crate::model::context::{CREDENTIALS_V1, DRAFTS};
use crate::model::enumeration::Enumeration;

/// The classes that the standard has a JSON Schema of, in its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonSchema {
    /// A badge.
    AchievementCredential,
    /// A badge of version 2.0 or 1.1 of the Verifiable Credentials Data Model.
    AnyAchievementCredential,
    /// An endorsement.
    EndorsementCredential,
    /// An endorsement of version 2.0 or 1.1 of the Verifiable Credentials Data Model.
    AnyEndorsementCredential,
    /// An issuer, or another party.
    Profile,
}

impl JsonSchema {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::AchievementCredential,
        Self::AnyAchievementCredential,
        Self::EndorsementCredential,
        Self::AnyEndorsementCredential,
        Self::Profile,
    ];

    /// The class's name in the standard.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AchievementCredential => "AchievementCredential",
            Self::AnyAchievementCredential => "AnyAchievementCredential",
            Self::EndorsementCredential => "EndorsementCredential",
            Self::AnyEndorsementCredential => "AnyEndorsementCredential",
            Self::Profile => "Profile",
        }
    }

    /// The schema as a text: JSON, with a line break at its end. It has no `$id`, because it is
    /// known by the address at which somebody puts it.
    #[must_use]
    pub fn text(self) -> String {
        let mut definitions = Definitions::default();
        let mut document = match self {
            Self::AchievementCredential => definitions.class(&ACHIEVEMENT_CREDENTIAL),
            Self::AnyAchievementCredential => {
                definitions.any(&ACHIEVEMENT_CREDENTIAL_V1P1, &ACHIEVEMENT_CREDENTIAL)
            }
            Self::EndorsementCredential => definitions.class(&ENDORSEMENT_CREDENTIAL),
            Self::AnyEndorsementCredential => definitions.endorsement(),
            Self::Profile => definitions.class(&PROFILE),
        };
        document["$schema"] = json!("https://json-schema.org/draft/2019-09/schema");
        document["title"] = json!(format!("{} of Open Badges 3.0", self.name()));
        document["$comment"] = json!(COMMENT);
        document["$defs"] = json!(definitions.0);
        format!("{document:#}\n")
    }
}

const COMMENT: &str = "Not said here, because it holds between several members: an \
    AchievementSubject has an id or an identifier, and validUntil is not before validFrom.";

/// The schemas of classes, by their names, made when they are first referred to.
#[derive(Default)]
struct Definitions(BTreeMap<&'static str, Json>);

impl Definitions {
    fn class(&mut self, class: &'static Class) -> Json {
        if !self.0.contains_key(class.name) {
            // Known before its members are: a profile contains profiles.
            self.0.insert(class.name, Json::Null);
            let schema = self.members(class);
            self.0.insert(class.name, schema);
        }
        json!({"$ref": format!("#/$defs/{}", class.name)})
    }

    fn members(&mut self, class: &'static Class) -> Json {
        let mut required = Vec::new();
        let mut properties = BTreeMap::new();
        for member in class.members {
            if member.required.is_some_and(is_demanded) {
                required.push(member.name);
            }
            properties.insert(member.name, self.member(member));
        }
        let mut schema = json!({"type": "object", "properties": properties});
        if !required.is_empty() {
            schema["required"] = json!(required);
        }
        if !class.extensible {
            schema["additionalProperties"] = json!(false);
        }
        schema
    }

    fn member(&mut self, member: &Member) -> Json {
        let value = self.value(member.kind);
        let Form::Array(single) = member.form else {
            return value;
        };
        let list = match member.kind {
            Kind::Types(_) | Kind::Context(_) => return value,
            _ if member.required.is_some() => {
                json!({"type": "array", "minItems": 1, "items": value})
            }
            _ => json!({"type": "array", "items": value}),
        };
        // Where compaction leaves one value, it may stand alone.
        if single.is_some_and(is_demanded) {
            list
        } else {
            json!({"anyOf": [value, list]})
        }
    }

    /// One value.
    fn value(&mut self, kind: Kind) -> Json {
        match kind {
            Kind::Boolean => json!({"type": "boolean"}),
            Kind::Float => json!({"type": "number"}),
            Kind::String | Kind::Markdown | Kind::Url | Kind::AnyType => json!({"type": "string"}),
            Kind::Uri => pattern(IRI),
            Kind::DateTimeZ => {
                json!({"type": "string", "format": "date-time", "pattern": DATE_TIME})
            }
            Kind::DateTimeOrDate => json!({"anyOf": [self.value(Kind::DateTimeZ), pattern(DATE)]}),
            Kind::Date => json!({"type": "string", "format": "date", "pattern": DATE}),
            Kind::LanguageCode => pattern("^[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"),
            Kind::CountryCode => pattern("^[A-Z]{2}$"),
            Kind::CompactJws => pattern(r"^[a-zA-Z0-9_-]+\.[a-zA-Z0-9_-]*\.[a-zA-Z0-9_-]+$"),
            Kind::StatusListIndex => {
                json!({"type": ["string", "integer"], "pattern": "^[0-9]+$", "minimum": 0})
            }
            Kind::Term(enumeration) => term(enumeration),
            Kind::Types(groups) => types(groups),
            Kind::Context(contexts) => context(contexts),
            Kind::ClassName(name) => json!({"const": name}),
            Kind::Object(class) => self.class(class),
            Kind::Image => self.class(&IMAGE),
            Kind::ProfileRef(bare) if is_demanded(bare) => self.class(&PROFILE),
            Kind::ProfileRef(_) => json!({"anyOf": [pattern(IRI), self.class(&PROFILE)]}),
            Kind::Issuer => json!({"anyOf": [pattern(IRI), self.class(&ISSUER)]}),
            Kind::Claims => self.class(&CLAIMS),
            Kind::Status => {
                let entry = BITSTRING_STATUS_LIST_ENTRY.name;
                json!({
                    "if": {"properties": {"type": {"const": entry}}, "required": ["type"]},
                    "then": self.class(&BITSTRING_STATUS_LIST_ENTRY),
                    "else": self.class(&CREDENTIAL_STATUS),
                })
            }
            Kind::Endorsement => self.endorsement(),
            // Texts with languages are not of Open Badges.
            Kind::LanguageText => json!(true),
        }
    }

    fn endorsement(&mut self) -> Json {
        self.any(&ENDORSEMENT_CREDENTIAL_V1P1, &ENDORSEMENT_CREDENTIAL)
    }

    /// The class of the version that the first context names.
    fn any(&mut self, version_1: &'static Class, version_2: &'static Class) -> Json {
        let is_first = json!({"const": CREDENTIALS_V1});
        let first = json!({"type": "array", "minItems": 1, "items": [is_first]});
        json!({
            "if": {
                "properties": {"@context": {"anyOf": [is_first, first]}},
                "required": ["@context"],
            },
            "then": self.class(version_1),
            "else": self.class(version_2),
        })
    }
}

fn is_demanded(from: Reading) -> bool {
    from <= Reading::Declared
}

/// `type`: texts, among them one of each group; or one alone, which can be of one group only.
fn types(groups: &[&[&str]]) -> Json {
    let mut list = json!({"type": "array", "items": {"type": "string"}});
    if let [group] = groups {
        list["contains"] = json!({"enum": group});
        return json!({"anyOf": [{"enum": group}, list]});
    }
    let contains = groups
        .iter()
        .map(|group| json!({"contains": {"enum": group}}));
    list["allOf"] = contains.collect();
    list
}

/// `@context`: the data model's, then that of Open Badges, then any.
fn context(contexts: Contexts) -> Json {
    let mut first = vec![json!({"const": contexts.first})];
    if contexts.open_badges {
        first.push(json!({"anyOf": [pattern(OPEN_BADGES), {"enum": DRAFTS}]}));
    }
    json!({
        "type": "array",
        "minItems": first.len(),
        "items": first,
        "additionalItems": {"anyOf": [pattern(IRI), {"type": "object"}]},
    })
}

fn term(enumeration: &'static Enumeration) -> Json {
    let terms = json!({"enum": enumeration.terms});
    if enumeration.extensible {
        // As in the standard's schema, not anchored.
        json!({"anyOf": [terms, pattern("ext:[A-Za-z0-9._|-]")]})
    } else {
        terms
    }
}

fn pattern(pattern: &str) -> Json {
    json!({"type": "string", "pattern": pattern})
}

/// An absolute IRI, as far as statements can be broken by it.
const IRI: &str = r#"^[A-Za-z][A-Za-z0-9+.-]*:[^\u0000-\u0020\u007f<>"{}|^`\\]+$"#;

const DATE_TIME: &str =
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$";

const DATE: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";

/// The Open Badges context of any version.
const OPEN_BADGES: &str =
    r"^https://purl\.imsglobal\.org/spec/ob/v3p0/context(-3\.[0-9]\.[0-9])?\.json$";
