//! What a badge says beside its achievement, made ready for a page.

use time::OffsetDateTime;

use super::messages::Messages;
use crate::json::Value;
use crate::markup::{Markup, link};
use crate::model::{DataModel, parse_date_time};
use crate::writing::on_one_line;

/// A day.
pub(super) struct Day {
    /// Such as `2026-01-15`.
    pub(super) date: String,
    /// In words.
    pub(super) words: String,
    pub(super) year: i32,
    pub(super) month: u8,
}

impl Day {
    pub(super) fn of(moment: OffsetDateTime, messages: &Messages) -> Self {
        let moment = moment
            .checked_to_offset(time::UtcOffset::UTC)
            .unwrap_or(moment);
        let (year, month, day) = moment.to_calendar_date();
        let month = u8::from(month);
        Self {
            date: format!("{year:04}-{month:02}-{day:02}"),
            words: messages.day(moment),
            year,
            month,
        }
    }

    fn read(document: &Value<'_>, member: &str, messages: &Messages) -> Option<Self> {
        let moment = parse_date_time(document.text(member)?).ok()?;
        Some(Self::of(moment, messages))
    }

    /// When the badge was awarded.
    pub(super) fn awarded(credential: &Value<'_>, messages: &Messages) -> Option<Self> {
        let valid_from = DataModel::of(credential).valid_from();
        Self::read(credential, "awardedDate", messages)
            .or_else(|| Self::read(credential, valid_from, messages))
    }

    /// Until when it is valid.
    pub(super) fn valid_until(credential: &Value<'_>, messages: &Messages) -> Option<Self> {
        Self::read(
            credential,
            DataModel::of(credential).valid_until(),
            messages,
        )
    }
}

/// Who has the badge, if it says so in clear: a name rather than a user name rather than anything
/// else.
pub(super) fn holder(subject: &Value<'_>) -> Option<String> {
    let rank = |kind: Option<&str>| match kind {
        Some("name") => 0,
        Some("userName" | "sourcedId") => 1,
        Some("emailAddress") => 3,
        _ => 2,
    };
    let clear = subject
        .list("identifier")
        .iter()
        .filter(|identifier| matches!(identifier.get("hashed"), Some(Value::Bool(false))));
    clear
        .min_by_key(|identifier| rank(identifier.text("identityType")))
        .and_then(|identifier| identifier.text("identityHash"))
        .map(on_one_line)
        .filter(|name| !name.is_empty())
}

/// Something with a name, perhaps with a link and more to say.
pub(super) struct Item {
    pub(super) name: String,
    pub(super) link: Option<String>,
    pub(super) detail: Option<String>,
    pub(super) narrative: Option<Markup>,
}

/// What shows that it was achieved.
pub(super) fn evidence(credential: &Value<'_>) -> Vec<Item> {
    let items = credential.list("evidence").iter().filter_map(|evidence| {
        let target = evidence.text("id").and_then(link);
        let name = line(evidence, "name").or_else(|| line(evidence, "genre"));
        let item = Item {
            name: name.or_else(|| target.clone())?,
            link: target,
            detail: line(evidence, "description"),
            narrative: evidence.text("narrative").map(Markup::markdown),
        };
        Some(item)
    });
    items.collect()
}

/// What the achievement corresponds to elsewhere.
pub(super) fn alignments(achievement: &Value<'_>) -> Vec<Item> {
    let items = achievement
        .list("alignment")
        .iter()
        .filter_map(|alignment| {
            Some(Item {
                name: line(alignment, "targetName")?,
                link: alignment.text("targetUrl").and_then(link),
                detail: line(alignment, "targetFramework"),
                narrative: None,
            })
        });
    items.collect()
}

/// The results, by the names that the achievement gives them.
pub(super) fn results(subject: &Value<'_>, achievement: &Value<'_>) -> Vec<Item> {
    let items = subject.list("result").iter().filter_map(|result| {
        let described = result.text("resultDescription").and_then(|id| {
            let mut descriptions = achievement.list("resultDescription").iter();
            descriptions.find(|description| description.text("id") == Some(id))
        });
        let level = result.text("achievedLevel").and_then(|id| {
            let mut levels = described?.list("rubricCriterionLevel").iter();
            line(levels.find(|level| level.text("id") == Some(id))?, "name")
        });
        let value = level
            .or_else(|| line(result, "value"))
            .or_else(|| line(result, "status"))?;
        Some(match described.and_then(|it| line(it, "name")) {
            Some(name) => Item {
                name,
                link: None,
                detail: Some(value),
                narrative: None,
            },
            None => Item {
                name: value,
                link: None,
                detail: None,
                narrative: None,
            },
        })
    });
    items.collect()
}

fn line(object: &Value<'_>, member: &str) -> Option<String> {
    let text = on_one_line(object.text(member)?);
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::json::parse;

    #[test]
    fn only_what_is_in_clear_names_the_holder() {
        let identifier = |hashed: bool, hash: &str, kind: &str| {
            format!(r#"{{"hashed":{hashed},"identityHash":"{hash}","identityType":"{kind}"}}"#)
        };
        let holder = |identifiers: &[String]| {
            let text = format!(
                r#"{{"id":"urn:x","identifier":[{}]}}"#,
                identifiers.join(",")
            );
            holder(&parse(&text).unwrap())
        };
        let hash = identifier(true, "sha256$00", "userName");
        let user = identifier(false, "Example  Volunteer", "userName");
        let mail = identifier(false, "a@example.org", "emailAddress");
        assert_eq!(holder(&[]), None);
        assert_eq!(holder(std::slice::from_ref(&hash)), None);
        assert_eq!(
            holder(std::slice::from_ref(&mail)).as_deref(),
            Some("a@example.org")
        );
        assert_eq!(
            holder(&[mail, hash, user]).as_deref(),
            Some("Example Volunteer")
        );
    }

    #[test]
    fn results_have_the_names_that_the_achievement_gives() {
        let achievement = parse(
            r#"{"resultDescription":[{"id":"urn:r","name":"Exam","rubricCriterionLevel":
               [{"id":"urn:l","name":"Good"}]}]}"#,
        )
        .unwrap();
        let subject = parse(
            r#"{"result":[{"resultDescription":"urn:r","achievedLevel":"urn:l"},
               {"resultDescription":"urn:r","value":"84"},{"status":"Completed"},{}]}"#,
        )
        .unwrap();
        let results: Vec<(String, Option<String>)> = results(&subject, &achievement)
            .into_iter()
            .map(|item| (item.name, item.detail))
            .collect();
        let expected = [
            ("Exam", Some("Good")),
            ("Exam", Some("84")),
            ("Completed", None),
        ];
        let expected = expected.map(|(name, detail)| (name.to_owned(), detail.map(str::to_owned)));
        assert_eq!(results, expected);
    }
}
