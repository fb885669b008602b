//! What can be achieved: a file in `achievements`, in the words of the standard, with a few of our
//! own: `translations`, `suspendable`, `validFor` or `validUntil`, and `evidence`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use badges_core::model::{Achievement, Criteria, Evidence, Image, LanguageTag};
use badges_core::span::Span;
use serde::Deserialize;
use serde_json::Value;

use super::issuer::Issuer;
use super::period::{Validity, When};
use super::seed::Seed;
use super::settings::{self, Settings};
use crate::error::{Code, Error};

/// An achievement as its file describes it.
#[derive(Clone, Debug)]
pub(crate) struct AchievementFile {
    /// The file.
    pub(crate) path: PathBuf,
    /// The file's name without its ending: what the achievement is called in paths and URLs.
    pub(crate) slug: String,
    /// The achievement, without its picture.
    pub(crate) achievement: Achievement,
    /// Its picture, if the file names one.
    pub(crate) picture: Option<Picture>,
    /// Whether badges can be suspended and reinstated, instead of revoked for good.
    pub(crate) suspendable: bool,
    /// How long badges are valid.
    pub(crate) validity: Option<Validity>,
    /// What is evidence for every badge.
    pub(crate) evidence: Vec<Evidence>,
}

/// The picture that an achievement's file names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Picture {
    /// A file beside the achievement's, or an `https:` or `data:` address.
    pub(crate) source: String,
    /// What it shows.
    pub(crate) caption: Option<String>,
}

/// A text of the achievement in another language.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Translation {
    name: String,
    description: String,
    criteria: TranslatedCriteria,
}

/// Criteria in another language: a text alone is the narrative.
#[derive(Deserialize)]
#[serde(untagged)]
enum TranslatedCriteria {
    Narrative(String),
    Criteria(Criteria),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum PictureMember {
    Source(String),
    Image(Image),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum EvidenceMember {
    Address(String),
    Evidence(Evidence),
}

impl AchievementFile {
    /// Reads an achievement's file.
    ///
    /// # Errors
    /// What is wrong in it, and where.
    pub(crate) fn read(path: &Path, issuer: &Issuer, seed: &Seed) -> Result<Self, Error> {
        let slug = slug_of(path)?;
        let mut settings = Settings::read(path)?;
        let translations: BTreeMap<String, Translation> =
            settings.take("translations")?.unwrap_or_default();
        let suspendable: bool = settings.take("suspendable")?.unwrap_or_default();
        let valid_for: Option<Span> = settings.take("validFor")?;
        let valid_until: Option<When> = settings.take("validUntil")?;
        let validity = match (valid_for, valid_until) {
            (Some(_), Some(_)) => {
                return Err(settings.fault("validFor", "stands there beside `validUntil`"));
            }
            (Some(span), None) => Some(Validity::For(span)),
            (None, until) => until.map(Validity::Until),
        };
        let evidence: Vec<EvidenceMember> = settings.take("evidence")?.unwrap_or_default();
        let picture: Option<PictureMember> = settings.take("image")?;
        let language: Option<String> = settings.take("inLanguage")?;
        let language = match language {
            Some(tag) => Some(
                LanguageTag::from_mediawiki(&tag)
                    .map_err(|error| settings.fault("inLanguage", error))?,
            ),
            None => issuer.language.clone(),
        };

        let id: Option<String> = settings.take("id")?;
        let id = id.unwrap_or_else(|| issuer.achievement_id(&slug, seed));
        settings.supply("id", id.as_str());
        complete_ids(&mut settings, &id);
        let mut achievement: Achievement = settings.into_noun()?;
        achievement.in_language = language.as_ref().map(LanguageTag::to_string);
        translate(&mut achievement, path, language.as_ref(), translations)?;
        Ok(Self {
            path: path.to_owned(),
            slug,
            achievement,
            picture: picture.map(Picture::from),
            suspendable,
            validity,
            evidence: evidence.into_iter().map(Evidence::from).collect(),
        })
    }

    /// The folder that the file is in.
    pub(crate) fn folder(&self) -> &Path {
        match self.path.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        }
    }
}

/// The slug of an achievement's file.
///
/// # Errors
/// When its name would not do in a URL.
fn slug_of(path: &Path) -> Result<String, Error> {
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    match stem {
        Some(stem) if is_slug(stem) => Ok(stem.to_owned()),
        _ => Err(Error::new(
            Code::Data,
            format!(
                "the name of `{}` cannot stand in an address",
                path.display()
            ),
        )
        .hint("rename it to small letters, digits and `-`, such as `wiki-editor.toml`")),
    }
}

/// Whether a text can name an achievement in paths and URLs.
pub(crate) fn is_slug(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    text.len() <= 100
        && text.bytes().next().is_some_and(plain)
        && text
            .bytes()
            .all(|byte| plain(byte) || matches!(byte, b'-' | b'_'))
}

/// A slug made of a name; `None` when the name has nothing in it that could stand there.
pub(crate) fn slug_from(name: &str) -> Option<String> {
    let mut slug = String::new();
    for character in name.chars().take(60) {
        if character.is_ascii_alphanumeric() {
            slug.push(character.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    is_slug(slug).then(|| slug.to_owned())
}

/// In the file, ids of results and levels may begin with `#`: they belong to the achievement.
fn complete_ids(settings: &mut Settings, achievement: &str) {
    let complete = |object: &mut Value, name: &str| {
        if let Some(Value::String(id)) = object.get_mut(name)
            && id.starts_with('#')
        {
            id.insert_str(0, achievement);
        }
    };
    let Some(Value::Array(descriptions)) = settings.member_mut("resultDescription") else {
        return;
    };
    for description in descriptions {
        complete(description, "id");
        complete(description, "requiredLevel");
        let levels = description.get_mut("rubricCriterionLevel");
        if let Some(Value::Array(levels)) = levels {
            for level in levels {
                complete(level, "id");
            }
        }
    }
}

fn translate(
    achievement: &mut Achievement,
    path: &Path,
    primary: Option<&LanguageTag>,
    translations: BTreeMap<String, Translation>,
) -> Result<(), Error> {
    if let Some(tag) = translations.keys().next()
        && primary.is_none()
    {
        let problem = "the language of the other texts is not known";
        return Err(
            settings::fault(path, &format!("translations.{tag}"), problem)
                .hint("say it with `inLanguage = \"…\"` at the top of the file"),
        );
    }
    let mut known: Vec<LanguageTag> = primary.cloned().into_iter().collect();
    for (tag, text) in translations {
        let fault = |problem: &dyn std::fmt::Display| {
            settings::fault(path, &format!("translations.{tag}"), problem)
        };
        let language = LanguageTag::from_mediawiki(&tag).map_err(|error| fault(&error))?;
        if known.contains(&language) {
            return Err(fault(&"the texts in this language stand there twice"));
        }
        let criteria = match text.criteria {
            TranslatedCriteria::Narrative(text) => Criteria::narrative(text),
            TranslatedCriteria::Criteria(criteria) => criteria,
        };
        achievement.translate(&language, text.name, text.description, criteria);
        known.push(language);
    }
    Ok(())
}

impl From<PictureMember> for Picture {
    fn from(member: PictureMember) -> Self {
        match member {
            PictureMember::Source(source) => Self {
                source,
                caption: None,
            },
            PictureMember::Image(image) => Self {
                source: image.id,
                caption: image.caption,
            },
        }
    }
}

impl From<EvidenceMember> for Evidence {
    fn from(member: EvidenceMember) -> Self {
        match member {
            EvidenceMember::Address(address) => Self::at(&address),
            EvidenceMember::Evidence(evidence) => evidence,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_can_stand_in_addresses() {
        for slug in ["editor", "wiki-editor", "2026_a"] {
            assert!(is_slug(slug), "{slug}");
        }
        for text in ["", "-a", "Editor", "a b", "a/b", "..", "é", "a.b"] {
            assert!(!is_slug(text), "{text}");
        }
        assert_eq!(slug_from("Wiki  Editor!").as_deref(), Some("wiki-editor"));
        assert_eq!(slug_from("Éditeur 101").as_deref(), Some("diteur-101"));
        assert_eq!(slug_from("محرر"), None);
    }
}
