//! What a badge says, in its own words, made ready for pages.

use badges_core::markup::{Markup, link};
use badges_core::model::{
    Achievement, AchievementCredential, AchievementSubject, AchievementText, IdentifierType,
};
use badges_core::writing::{Direction, on_one_line, shown};
use time::OffsetDateTime;

use crate::error::Error;
use crate::i18n::Lang;
use crate::languages;

/// What a badge says.
pub(crate) struct Told {
    pub(crate) id: String,
    /// The credential's own name, whoever reads.
    pub(crate) name: String,
    pub(crate) issuer: String,
    pub(crate) holder: Holder,
    pub(crate) awarded: OffsetDateTime,
    pub(crate) valid_until: Option<OffsetDateTime>,
    /// In the reader's language, if the badge has it.
    pub(crate) text: Text,
    /// In all its other languages.
    pub(crate) others: Vec<Text>,
    pub(crate) version: Option<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) results: Vec<Item>,
    pub(crate) evidence: Vec<Item>,
    pub(crate) alignments: Vec<Item>,
    /// How this very badge was earned.
    pub(crate) narrative: Option<Markup>,
}

/// How a badge names its holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Holder {
    /// By a name or user name that everybody can read.
    Named(String),
    /// By a hash that only those can compare who know what to.
    Hashed,
    /// By the DID of a wallet.
    Wallet(String),
    /// Not at all.
    Unnamed,
}

/// What the achievement says in one language.
pub(crate) struct Text {
    pub(crate) language: String,
    pub(crate) dir: &'static str,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) criteria: Option<Markup>,
    pub(crate) criteria_page: Option<String>,
}

/// Something with a name, perhaps with a link and more to say.
#[derive(Default)]
pub(crate) struct Item {
    pub(crate) name: String,
    pub(crate) link: Option<String>,
    pub(crate) detail: Option<String>,
    pub(crate) narrative: Option<Markup>,
}

impl Told {
    /// Reads a signed badge of ours, for a reader of this language. The issuer's language is that of
    /// what does not say which it is in.
    ///
    /// # Errors
    /// When it is none.
    pub(crate) fn read(text: &str, reader: Lang, issuer: &str) -> Result<Self, Error> {
        let badge: AchievementCredential = serde_json::from_str(text).map_err(Error::internal)?;
        let subject = &badge.credential_subject;
        let achievement = &subject.achievement;
        let texts = achievement.texts();
        let best = texts.best(&[reader.tag()]);
        let others = texts
            .iter()
            .filter(|text| *text != best)
            .map(|text| Text::of(&text, issuer))
            .collect();
        let awarded = badge.awarded_date.unwrap_or(badge.valid_from);
        Ok(Self {
            name: on_one_line(badge.name.as_deref().unwrap_or(&achievement.name)),
            issuer: badge
                .issuer
                .name
                .as_deref()
                .map(on_one_line)
                .unwrap_or_else(|| badge.issuer.id.clone()),
            holder: Holder::of(subject),
            awarded: awarded.get(),
            valid_until: badge.valid_until.map(|until| until.get()),
            text: Text::of(&best, issuer),
            others,
            version: achievement.version.clone(),
            tags: achievement.tag.iter().map(|tag| on_one_line(tag)).collect(),
            results: results(subject),
            evidence: evidence(&badge),
            alignments: alignments(achievement),
            narrative: subject.narrative.as_deref().map(Markup::markdown),
            id: badge.id,
        })
    }
}

impl Holder {
    fn of(subject: &AchievementSubject) -> Self {
        let rank = |kind: &IdentifierType| match kind {
            IdentifierType::Name => 0,
            IdentifierType::UserName => 1,
            _ => 2,
        };
        let clear = subject
            .identifier
            .iter()
            .filter(|identifier| !identifier.hashed);
        if let Some(identifier) = clear.min_by_key(|identifier| rank(&identifier.identity_type)) {
            return Self::Named(on_one_line(&identifier.identity_hash));
        }
        if !subject.identifier.is_empty() {
            return Self::Hashed;
        }
        match &subject.id {
            Some(id) if id.starts_with("did:") => Self::Wallet(id.clone()),
            _ => Self::Unnamed,
        }
    }
}

impl Text {
    /// What the language calls itself.
    pub(crate) fn language_name(&self) -> &str {
        languages::name(&self.language)
    }

    fn of(text: &AchievementText<'_>, issuer: &str) -> Self {
        let language = text.language.unwrap_or(issuer);
        Self {
            language: language.to_owned(),
            dir: Direction::of_language(language).as_str(),
            name: on_one_line(text.name),
            description: shown(text.description).into_owned(),
            criteria: text.criteria.narrative.map(Markup::markdown),
            criteria_page: text.criteria.id.and_then(link),
        }
    }
}

fn evidence(badge: &AchievementCredential) -> Vec<Item> {
    let items = badge.evidence.iter().filter_map(|evidence| {
        let link = evidence.id.as_deref().and_then(link);
        Some(Item {
            name: evidence
                .name
                .as_deref()
                .or(link.as_deref())
                .map(on_one_line)?,
            detail: evidence.description.as_deref().map(on_one_line),
            narrative: evidence.narrative.as_deref().map(Markup::markdown),
            link,
        })
    });
    items.collect()
}

fn alignments(achievement: &Achievement) -> Vec<Item> {
    let items = achievement.alignment.iter().map(|alignment| Item {
        name: on_one_line(&alignment.target_name),
        link: link(&alignment.target_url),
        detail: alignment.target_framework.as_deref().map(on_one_line),
        narrative: None,
    });
    items.collect()
}

/// The results, by the names that the achievement gives them.
fn results(subject: &AchievementSubject) -> Vec<Item> {
    let items = subject.result.iter().filter_map(|result| {
        let described = result.result_description.as_ref().and_then(|id| {
            subject
                .achievement
                .result_description
                .iter()
                .find(|description| description.id == *id)
        });
        let level = result.achieved_level.as_ref().and_then(|id| {
            described?
                .rubric_criterion_level
                .iter()
                .find(|level| level.id == *id)
        });
        let value = level
            .map(|level| level.name.as_str())
            .or(result.value.as_deref())
            .or_else(|| result.status.as_ref().map(|status| status.as_str()))?;
        let value = on_one_line(value);
        Some(match described {
            Some(described) => Item {
                name: on_one_line(&described.name),
                detail: Some(value),
                ..Item::default()
            },
            None => Item {
                name: value,
                ..Item::default()
            },
        })
    });
    items.collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn subject(members: &str) -> AchievementSubject {
        let json = format!(
            r#"{{"type":["AchievementSubject"],{members},"achievement":{{"id":"urn:a","type":["Achievement"],
               "name":"A","description":"B","criteria":{{"narrative":"C"}},
               "resultDescription":[{{"id":"urn:r","type":["ResultDescription"],"name":"Exam","resultType":"RubricCriterionLevel",
               "rubricCriterionLevel":[{{"id":"urn:l","type":["RubricCriterionLevel"],"name":"Good"}}]}}]}}}}"#
        );
        serde_json::from_str(&json).unwrap()
    }

    #[test]
    fn holders_are_named_as_the_badge_does() {
        let identifier = |hashed: bool, hash: &str, kind: &str| {
            format!(
                r#"{{"type":"IdentityObject","hashed":{hashed},"identityHash":"{hash}","identityType":"{kind}"}}"#
            )
        };
        let user = identifier(false, "Example  Volunteer", "userName");
        let name = identifier(false, "مثال", "name");
        let hash = identifier(true, "sha256$00", "userName");
        let named = |name: &str| Holder::Named(name.to_owned());
        for (id, identifiers, expected) in [
            ("urn:uuid:0", vec![], Holder::Unnamed),
            (
                "did:key:z6Mk",
                vec![],
                Holder::Wallet("did:key:z6Mk".to_owned()),
            ),
            ("urn:uuid:0", vec![&hash], Holder::Hashed),
            ("urn:uuid:0", vec![&hash, &user], named("Example Volunteer")),
            ("did:key:z6Mk", vec![&user, &name], named("مثال")),
        ] {
            let identifiers: Vec<&str> = identifiers.into_iter().map(String::as_str).collect();
            let members = format!(r#""id":"{id}","identifier":[{}]"#, identifiers.join(","));
            assert_eq!(Holder::of(&subject(&members)), expected, "{members}");
        }
    }

    #[test]
    fn results_have_the_names_that_the_achievement_gives() {
        let subject = subject(
            r#""id":"urn:s","result":[{"type":["Result"],"resultDescription":"urn:r","achievedLevel":"urn:l"},
               {"type":["Result"],"resultDescription":"urn:r","value":"84"},{"type":["Result"],"status":"Completed"},{"type":["Result"]}]"#,
        );
        let results: Vec<(String, Option<String>)> = results(&subject)
            .into_iter()
            .map(|item| (item.name, item.detail))
            .collect();
        let expected = [
            ("Exam", Some("Good")),
            ("Exam", Some("84")),
            ("Completed", None),
        ];
        assert_eq!(
            results,
            expected.map(|(name, detail)| (name.to_owned(), detail.map(str::to_owned)))
        );
    }
}
