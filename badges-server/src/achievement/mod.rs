//! An achievement between the database, the form in which people write it, and the badge.
//!
//! In the database stands the standard's Achievement without `id`, `image` and `version`, which
//! follow from where it is published. Ids of its own parts (results, translations) begin with `#`
//! there and belong to the achievement, wherever that is.

mod draft;
mod first;
mod rows;

use badges_core::model::{Achievement, Image};
use serde_json::Value;

pub(crate) use draft::{Draft, TYPES, UNITS, Written, departures, period};
pub(crate) use first::first;
pub(crate) use rows::{
    AlignmentRow, RESULT_TYPES, ResultRow, Target, TranslationRow, is_web_address,
};

/// The achievement that a document of the database describes, as one that is published under this
/// id, with this picture.
///
/// # Errors
/// When the document is not what is kept there.
pub(crate) fn complete(
    document: &str,
    id: &str,
    version: i64,
    image: Option<Image>,
) -> serde_json::Result<Achievement> {
    let mut value: Value = serde_json::from_str(document)?;
    value["id"] = id.into();
    for name in ["related", "resultDescription"] {
        for part in value
            .get_mut(name)
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            if let Some(Value::String(own)) = part.get_mut("id")
                && own.starts_with('#')
            {
                own.insert_str(0, id);
            }
        }
    }
    let mut achievement: Achievement = serde_json::from_value(value)?;
    achievement.version = Some(version.to_string());
    achievement.image = image;
    Ok(achievement)
}

/// Whether a text can name something in addresses.
pub(crate) fn is_slug(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    text.len() <= 60
        && text.bytes().next().is_some_and(plain)
        && text.bytes().all(|byte| plain(byte) || byte == b'-')
}

/// A slug made of a name; empty when the name has nothing in it that could stand there.
pub(crate) fn slug_of(name: &str) -> String {
    let mut slug = String::new();
    for character in name.chars() {
        if slug.len() == 50 {
            break;
        }
        if character.is_ascii_alphanumeric() {
            slug.push(character.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// Slugs to try one after the other until one is free.
pub(crate) fn slugs(name: &str, otherwise: &str) -> impl Iterator<Item = String> {
    let mut slug = slug_of(name);
    if slug.is_empty() {
        slug = otherwise.to_owned();
    }
    (1_u32..).map(move |number| {
        if number == 1 {
            slug.clone()
        } else {
            format!("{slug}-{number}")
        }
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn slugs_can_stand_in_addresses() {
        for (name, slug) in [
            ("Wiki  Editor!", "wiki-editor"),
            ("Éditeur 101", "diteur-101"),
            ("محرر", ""),
            ("--", ""),
        ] {
            assert_eq!(slug_of(name), slug);
            assert!(slug.is_empty() || is_slug(slug), "{slug}");
        }
        assert!(is_slug(&slug_of(&"a b".repeat(100))));
        for text in ["", "-a", "A", "a b", "a/b", "..", "é", "a.b", "a_b"] {
            assert!(!is_slug(text), "{text}");
        }
        let tried: Vec<String> = slugs("محرر", "achievement").take(2).collect();
        assert_eq!(tried, ["achievement", "achievement-2"]);
    }

    #[test]
    fn parts_belong_to_the_achievement_wherever_it_is() {
        let document = r##"{"type":["Achievement"],"name":"n","description":"d","criteria":{"narrative":"c"},
            "inLanguage":"en","related":[{"id":"#ar","type":["Related","Achievement"],"inLanguage":"ar","name":"م"}],
            "resultDescription":[{"id":"#result-1","type":["ResultDescription"],"name":"r","resultType":"Percent"}]}"##;
        let achievement = complete(document, "urn:uuid:7", 3, None).unwrap();
        assert_eq!(achievement.related[0].id, "urn:uuid:7#ar");
        assert_eq!(achievement.result_description[0].id, "urn:uuid:7#result-1");
        assert_eq!(achievement.version.as_deref(), Some("3"));
        assert_eq!(achievement.text_in(&["ar"]).name, "م");
    }
}
