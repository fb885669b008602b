//! The messages of one language, and its plural rules.

use std::collections::HashMap;

use icu_locale_core::Locale;
use icu_plurals::{PluralRules, PluralRulesOptions, PluralRulesPreferences};
use serde_json::Value;

use super::message::Message;

/// The messages of one language.
pub(super) struct Catalogue {
    messages: HashMap<String, Message>,
    pub(super) plurals: Plurals,
}

impl Catalogue {
    /// Reads a message file. What is no message, such as `@metadata`, is left out.
    pub(super) fn parse(tag: &str, json: &str) -> Self {
        let file: HashMap<String, Value> = serde_json::from_str(json).unwrap_or_default();
        let messages = file
            .into_iter()
            .filter_map(|(key, value)| Some((key, Message::parse(value.as_str()?))))
            .collect();
        Self {
            messages,
            plurals: Plurals::of(tag),
        }
    }

    pub(super) fn message(&self, key: &str) -> Option<&Message> {
        self.messages.get(key)
    }

    #[cfg(test)]
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Message)> {
        self.messages
            .iter()
            .map(|(key, message)| (key.as_str(), message))
    }
}

/// The plural rules of a language (Unicode CLDR). They are looked up when they are needed, because
/// threads cannot share them.
pub(super) struct Plurals(PluralRulesPreferences);

impl Plurals {
    pub(super) fn of(tag: &str) -> Self {
        let locale: Locale = tag.parse().unwrap_or(Locale::UNKNOWN);
        Self(locale.into())
    }

    /// Which of a message's forms a number takes. They stand in CLDR's order: zero, one, two, few,
    /// many, other, as far as the language has them.
    pub(super) fn form(&self, number: u64) -> usize {
        self.rules().map_or(0, |rules| {
            let category = rules.category_for(number);
            let mut categories = rules.categories();
            categories
                .position(|listed| listed == category)
                .unwrap_or_default()
        })
    }

    /// How many forms there are.
    #[cfg(test)]
    pub(super) fn count(&self) -> usize {
        self.rules().map_or(1, |rules| rules.categories().count())
    }

    fn rules(&self) -> Option<PluralRules> {
        PluralRules::try_new(self.0, PluralRulesOptions::default()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_take_the_forms_of_their_language() {
        for (tag, forms, expected) in [
            ("en", 2, [1, 0, 1, 1, 1, 1, 1, 1]),
            ("ar", 6, [0, 1, 2, 3, 4, 5, 3, 4]),
            ("ru", 4, [2, 0, 1, 1, 2, 2, 1, 2]),
            ("pl", 4, [2, 0, 1, 1, 2, 2, 1, 2]),
            ("ja", 1, [0, 0, 0, 0, 0, 0, 0, 0]),
        ] {
            let plurals = Plurals::of(tag);
            let found = [0, 1, 2, 3, 11, 100, 103, 111].map(|number| plurals.form(number));
            assert_eq!((plurals.count(), found), (forms, expected), "{tag}");
        }
    }
}
