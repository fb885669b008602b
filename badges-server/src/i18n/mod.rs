//! The languages of the service: which one a reader gets, and every message in it.
//!
//! Messages are JSON files as translatewiki.net writes them, built into the program. To add a
//! language, add its file and a line to [`FILES`].

mod catalogue;
mod figures;
mod message;
mod negotiation;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;

use std::fmt;
use std::sync::LazyLock;

use badges_core::writing::Direction;

use self::catalogue::Catalogue;
pub(crate) use self::figures::{date, moment, number};
use self::message::Output;

/// Tag (BCP 47) and messages of each language; the first is the one to fall back to.
const FILES: [(&str, &str); 2] = [
    ("en", include_str!("../../i18n/en.json")),
    ("ar", include_str!("../../i18n/ar.json")),
];

static CATALOGUES: LazyLock<[Catalogue; FILES.len()]> =
    LazyLock::new(|| FILES.map(|(tag, json)| Catalogue::parse(tag, json)));

/// A language that the service speaks.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Lang(usize);

impl Lang {
    /// The language of the messages that others have not translated yet.
    pub(crate) const ENGLISH: Self = Self(0);

    /// All languages, English first.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        (0..FILES.len()).map(Self)
    }

    /// The tag (BCP 47), for `lang`.
    pub(crate) const fn tag(self) -> &'static str {
        FILES[self.0].0
    }

    /// `ltr` or `rtl`, for `dir`.
    pub(crate) fn dir(self) -> &'static str {
        Direction::of_language(self.tag()).as_str()
    }

    /// What its speakers call it.
    pub(crate) fn name(self) -> String {
        text(self, "badges-language-name", &[])
    }

    fn catalogue(self) -> &'static Catalogue {
        &CATALOGUES[self.0]
    }
}

impl fmt::Debug for Lang {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.tag())
    }
}

/// A message as plain text, with `$1`, `$2`, … replaced. Numbers come as they are to be shown, by
/// [`number`].
pub(crate) fn text(lang: Lang, key: &str, args: &[&str]) -> String {
    fill(lang, key, args, Output::Text)
}

/// A message as HTML: its own text and what is put in are escaped, and what is put in stands in
/// `<bdi>`, so that it cannot turn the writing direction of the rest. The one place where a
/// message becomes markup.
pub(crate) fn rich(lang: Lang, key: &str, args: &[&str]) -> String {
    fill(lang, key, args, Output::Html)
}

/// Whether there is such a message.
pub(crate) fn exists(key: &str) -> bool {
    Lang::ENGLISH.catalogue().message(key).is_some()
}

fn fill(lang: Lang, key: &str, args: &[&str], output: Output) -> String {
    let found = [lang, Lang::ENGLISH]
        .into_iter()
        .map(Lang::catalogue)
        .find_map(|catalogue| Some((catalogue, catalogue.message(key)?)));
    match found {
        // The plural rules are those of the language that the message is in.
        Some((catalogue, message)) => message.fill(args, &catalogue.plurals, output),
        None => format!("⧼{}⧽", key.replace(['<', '>', '&', '"', '\''], "")),
    }
}

/// The numbers of a message's placeholders, in this language alone.
#[cfg(test)]
pub(crate) fn placeholders(lang: Lang, key: &str) -> Option<std::collections::BTreeSet<usize>> {
    let message = lang.catalogue().message(key)?;
    Some(message.shape().0)
}

/// All keys.
#[cfg(test)]
pub(crate) fn keys(lang: Lang) -> Vec<&'static str> {
    lang.catalogue().iter().map(|(key, _)| key).collect()
}
