//! One achievement in several languages, all of them signed together.
//!
//! The standard has one `name`, `description` and `criteria`. They hold the primary language, which
//! `inLanguage` names. Every other language is an entry of `related` with the types `Related` and
//! `Achievement`, whose id is the achievement's with the language as fragment.

use super::achievement::{Achievement, Criteria, Related};
use super::class::Types;
use super::language::LanguageTag;
use crate::json::Value;

/// What an achievement says, in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AchievementText<'a> {
    /// The language, if it is known.
    pub language: Option<&'a str>,
    /// The achievement's name.
    pub name: &'a str,
    /// What the achievement is.
    pub description: &'a str,
    /// How it is earned.
    pub criteria: CriteriaText<'a>,
}

/// How an achievement is earned, in one language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CriteriaText<'a> {
    /// The URL of a page that says it.
    pub id: Option<&'a str>,
    /// Markdown that says it.
    pub narrative: Option<&'a str>,
}

/// The languages of an achievement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AchievementTexts<'a> {
    primary: AchievementText<'a>,
    translations: Vec<AchievementText<'a>>,
}

impl Achievement {
    /// Adds a language, or replaces what was said in it.
    pub fn translate(
        &mut self,
        language: &LanguageTag,
        name: impl Into<String>,
        description: impl Into<String>,
        criteria: Criteria,
    ) {
        let id = translation_id(&self.id, language.as_str());
        self.related.retain(|related| related.id != id);
        self.related.push(Related {
            id,
            r#type: Types::with(["Achievement"]),
            in_language: Some(language.to_string()),
            version: None,
            name: Some(name.into()),
            description: Some(description.into()),
            criteria: Some(criteria),
        });
    }

    /// All languages.
    #[must_use]
    pub fn texts(&self) -> AchievementTexts<'_> {
        let primary = AchievementText {
            language: self.in_language.as_deref(),
            name: &self.name,
            description: &self.description,
            criteria: CriteriaText::of(&self.criteria),
        };
        let related = self.related.iter().map(|related| Entry {
            id: &related.id,
            is_achievement: related
                .r#type
                .additional
                .iter()
                .any(|it| it == "Achievement"),
            language: related.in_language.as_deref(),
            name: related.name.as_deref(),
            description: related.description.as_deref(),
            criteria: related.criteria.as_ref().map(CriteriaText::of),
        });
        AchievementTexts::new(&self.id, primary, related)
    }

    /// What the achievement says in the language that fits best; see [`AchievementTexts::best`].
    #[must_use]
    pub fn text_in(&self, wanted: &[impl AsRef<str>]) -> AchievementText<'_> {
        self.texts().best(wanted)
    }
}

impl<'a> AchievementTexts<'a> {
    /// The languages of an achievement in somebody else's document. Where it has no name or
    /// description, they are empty.
    #[must_use]
    pub fn of(achievement: &'a Value<'_>) -> Self {
        let id = achievement.text("id").unwrap_or_default();
        let primary = AchievementText {
            language: achievement.text("inLanguage"),
            name: achievement.text("name").unwrap_or_default(),
            description: achievement.text("description").unwrap_or_default(),
            criteria: CriteriaText::read(achievement).unwrap_or_default(),
        };
        let related = achievement.list("related").iter().map(|related| Entry {
            id: related.text("id").unwrap_or_default(),
            is_achievement: related.has_type("Achievement") && related.has_type("Related"),
            language: related.text("inLanguage"),
            name: related.text("name"),
            description: related.text("description"),
            criteria: CriteriaText::read(related),
        });
        Self::new(id, primary, related)
    }

    fn new(
        achievement: &str,
        primary: AchievementText<'a>,
        related: impl Iterator<Item = Entry<'a>>,
    ) -> Self {
        Self {
            primary,
            translations: related
                .filter_map(|entry| entry.translation(achievement, primary))
                .collect(),
        }
    }

    /// All of them, the primary language first.
    pub fn iter(&self) -> impl Iterator<Item = AchievementText<'a>> {
        std::iter::once(self.primary).chain(self.translations.iter().copied())
    }

    /// The text in the first wanted language that there is: in this very language, else the same
    /// without its region or script (`pt-BR`, then `pt`), else with another one (`pt-PT`). Without
    /// any of them, the text in the primary language.
    #[must_use]
    pub fn best(&self, wanted: &[impl AsRef<str>]) -> AchievementText<'a> {
        wanted
            .iter()
            .find_map(|wanted| self.nearest(&comparable(wanted.as_ref())))
            .unwrap_or(self.primary)
    }

    fn nearest(&self, wanted: &str) -> Option<AchievementText<'a>> {
        let known: Vec<(String, AchievementText<'a>)> = self
            .iter()
            .filter_map(|text| Some((comparable(text.language?), text)))
            .collect();
        let lengths = wanted.rmatch_indices('-').map(|(at, _)| at);
        std::iter::once(wanted.len())
            .chain(lengths)
            .find_map(|length| {
                let range = &wanted[..length];
                let exact = known.iter().find(|(tag, _)| tag == range);
                let within = |(tag, _): &&(String, _)| {
                    tag.strip_prefix(range)
                        .is_some_and(|rest| rest.starts_with('-'))
                };
                exact
                    .or_else(|| known.iter().find(within))
                    .map(|(_, text)| *text)
            })
    }
}

/// An entry of `related`, of our own or read.
struct Entry<'a> {
    id: &'a str,
    is_achievement: bool,
    language: Option<&'a str>,
    name: Option<&'a str>,
    description: Option<&'a str>,
    criteria: Option<CriteriaText<'a>>,
}

impl<'a> Entry<'a> {
    /// The translation that this entry is, if it is one. What it leaves out is in the primary
    /// language.
    fn translation(
        self,
        achievement: &str,
        primary: AchievementText<'a>,
    ) -> Option<AchievementText<'a>> {
        let language = self.language?;
        let is_translation =
            self.is_achievement && self.id == translation_id(achievement, language);
        is_translation.then_some(AchievementText {
            language: Some(language),
            name: self.name?,
            description: self.description.unwrap_or(primary.description),
            criteria: self.criteria.unwrap_or(primary.criteria),
        })
    }
}

impl<'a> CriteriaText<'a> {
    fn of(criteria: &'a Criteria) -> Self {
        Self {
            id: criteria.id.as_deref(),
            narrative: criteria.narrative.as_deref(),
        }
    }

    fn read(achievement: &'a Value<'_>) -> Option<Self> {
        let criteria = achievement.list("criteria").first()?;
        Some(Self {
            id: criteria.text("id"),
            narrative: criteria.text("narrative"),
        })
    }
}

fn translation_id(achievement: &str, language: &str) -> String {
    format!("{achievement}#{language}")
}

/// A tag in the form in which tags are compared: `zh-TW` is `zh-hant-tw`.
fn comparable(tag: &str) -> String {
    match LanguageTag::from_mediawiki(tag) {
        Ok(tag) => tag.as_str().to_ascii_lowercase(),
        Err(_) => tag.to_ascii_lowercase(),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn achievement(primary: &str, others: &[&str]) -> Achievement {
        let mut achievement = Achievement::new(
            "https://example.org/achievements/editor",
            primary,
            "description",
            Criteria::narrative("criteria"),
        );
        achievement.in_language = Some(primary.to_owned());
        for other in others {
            let criteria = Criteria::narrative(format!("criteria {other}"));
            let description = format!("description {other}");
            achievement.translate(&other.parse().unwrap(), *other, description, criteria);
        }
        achievement
    }

    #[test]
    fn the_nearest_language_is_chosen() {
        // Primary and other languages, wanted languages, choice.
        let table: &[(&str, &[&str], &[&str], &str)] = &[
            ("en", &["pt", "pt-BR"], &["pt-BR"], "pt-BR"),
            ("en", &["pt-PT", "pt"], &["pt-BR"], "pt"),
            ("en", &["es", "pt-PT"], &["pt-BR"], "pt-PT"),
            ("en", &["pt-PT"], &["pt"], "pt-PT"),
            ("en", &["pt-PT"], &["PT-br"], "pt-PT"),
            ("pt-BR", &["en"], &["pt-PT", "en"], "pt-BR"),
            ("en", &["es"], &["fr"], "en"),
            ("en", &["es"], &["fr", "es-MX"], "es"),
            ("en", &["es"], &[], "en"),
            ("en", &["zh-Hans", "zh-Hant"], &["zh-TW"], "zh-Hant"),
            (
                "en",
                &["zh-Hans", "zh-Hant-HK"],
                &["zh-Hant-TW"],
                "zh-Hant-HK",
            ),
            ("en", &["zh-Hant", "zh-Hans"], &["zh"], "zh-Hant"),
            ("en", &["sr-Latn", "sr-Cyrl"], &["sr-ec"], "sr-Cyrl"),
            ("en", &["es-419"], &["es-AR"], "es-419"),
            ("en", &["de"], &["de-formal"], "de"),
            ("en", &["den"], &["de"], "en"),
            ("en", &["de"], &["", "-", "é-x", "de"], "de"),
        ];
        for (primary, others, wanted, choice) in table {
            let achievement = achievement(primary, others);
            let text = achievement.text_in(wanted);
            assert_eq!(text.name, *choice, "{primary} {others:?} for {wanted:?}");
            assert_eq!(text.language, Some(*choice));
        }
    }

    #[test]
    fn a_document_gives_the_same_choice() {
        let achievement = achievement("en", &["pt", "zh-Hans"]);
        let json = serde_json::to_string(&achievement).unwrap();
        let document = crate::json::parse(&json).unwrap();
        assert_eq!(AchievementTexts::of(&document), achievement.texts());
        let text = AchievementTexts::of(&document).best(&["pt-BR"]);
        assert_eq!(text.description, "description pt");
        assert_eq!(text.criteria.narrative, Some("criteria pt"));
    }

    #[test]
    fn translating_twice_replaces() {
        let mut achievement = achievement("en", &["pt"]);
        let criteria = Criteria::narrative("nova");
        achievement.translate(&"pt".parse().unwrap(), "Novo", "Novo", criteria);
        assert_eq!(achievement.related.len(), 1);
        assert_eq!(achievement.text_in(&["pt"]).name, "Novo");
    }

    #[test]
    fn only_entries_of_the_agreed_form_are_translations() {
        let entry = |id: &str, types: &str, rest: &str| {
            format!(r#"{{"id":"urn:a{id}","type":{types},{rest}}}"#)
        };
        let both = r#"["Related","Achievement"]"#;
        let related = [
            entry("#de", both, r#""inLanguage":"de""#),
            entry("#de", r#"["Related"]"#, r#""inLanguage":"de","name":"x""#),
            entry("#fr", both, r#""inLanguage":"de","name":"x""#),
            entry("", both, r#""inLanguage":"de","name":"x""#),
            entry("#de", both, r#""name":"x""#),
            entry("#es", both, r#""inLanguage":"es","name":"Redactora""#),
        ]
        .join(",");
        let text = format!(
            r#"{{"id":"urn:a","name":"Editor","description":"d","criteria":[{{"id":"urn:c"}}],"related":[{related}]}}"#
        );
        let document = crate::json::parse(&text).unwrap();
        let texts = AchievementTexts::of(&document);
        let names: Vec<&str> = texts.iter().map(|text| text.name).collect();
        assert_eq!(names, ["Editor", "Redactora"]);
        let spanish = texts.best(&["es"]);
        assert_eq!(spanish.description, "d");
        assert_eq!(spanish.criteria.id, Some("urn:c"));
    }
}
