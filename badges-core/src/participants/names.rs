//! Wikimedia user names: whatever a trainer pastes, brought to the one form the wikis use.

use std::{borrow::Cow, fmt, net::IpAddr, str::FromStr};

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::namespaces::is_user_namespace;

/// The most characters a user name has on Wikimedia wikis.
pub const MAX_CHARACTERS: usize = 85;
/// The most bytes a user name has in UTF-8: the width of MediaWiki's column.
pub const MAX_BYTES: usize = 255;

/// What begins the item of a list, on a wiki and in plain text.
pub(super) const LIST_MARKS: &[char] = &['*', '#', ':', ';', '-', '–', '•'];

/// Longer input is no name however it is written: a percent-encoded name in a long address fits.
const MAX_INPUT: usize = 4096;

/// A user name as the wikis write it: `Example Volunteer` for `user:example_Volunteer`,
/// `https://meta.wikimedia.org/wiki/User:Example_Volunteer`, `* [[Benutzerin:Example Volunteer|]]`
/// and the like.
///
/// Two inputs that name the same account give equal values. Whether the account exists is another
/// question.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct UserName(String);

/// Why a text is no user name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "fault", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum NameFault {
    /// Nothing is left once prefix and white space are taken off.
    #[error("no name is left in it")]
    Empty,
    /// Longer than a user name can be.
    #[error(
        "it has {characters} characters ({bytes} bytes); a user name has at most {MAX_CHARACTERS} ({MAX_BYTES})"
    )]
    TooLong {
        /// Its length in characters.
        characters: usize,
        /// Its length in bytes of UTF-8.
        bytes: usize,
    },
    /// A character that no user name holds.
    #[error("a user name cannot hold {}", shown(*.character))]
    Character {
        /// The first such character.
        character: char,
    },
    /// The `%XX` sequences do not spell UTF-8.
    #[error("its `%XX` sequences are not UTF-8")]
    Encoding,
    /// An IP address stands for edits without an account.
    #[error("an IP address is no account")]
    IpAddress,
    /// The address of something else than a user page.
    #[error("the address is not one of a page `User:...`; write the user name alone")]
    NotAUserPage,
}

impl UserName {
    /// Normalises a user name: strips the address or wiki link and the prefix `User:` (also in the
    /// languages of the large wikis), decodes `%XX`, turns underscores and runs of white space into
    /// single spaces, composes (NFC) and capitalises the first letter. Marks of writing direction go, as
    /// MediaWiki drops them: they come along when pasting.
    ///
    /// # Errors
    /// [`NameFault`], when no account can have that name.
    pub fn parse(text: &str) -> Result<Self, NameFault> {
        if text.len() > MAX_INPUT {
            return Err(too_long(text));
        }
        let address = page_of_link(text).or_else(|| page_of_address(text));
        let page = address.as_deref().unwrap_or(text);
        let decoded = percent_decode_str(page)
            .decode_utf8()
            .map_err(|_| NameFault::Encoding)?;

        let spaced = single_spaced(&decoded);
        let (prefixed, bare) = match without_prefix(&spaced) {
            Some(rest) => (true, rest),
            None => (false, spaced.as_str()),
        };
        if address.is_some() && !prefixed {
            return Err(NameFault::NotAUserPage);
        }

        let name = capitalised(&bare.nfc().collect::<String>());
        check(&name)?;
        Ok(Self(name))
    }

    /// The name as the wikis write it, with spaces.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl FromStr for UserName {
    type Err = NameFault;

    fn from_str(text: &str) -> Result<Self, NameFault> {
        Self::parse(text)
    }
}

/// The page title in a wiki link, which may be the item of a list: `* [[User:Example|text]]`.
/// `None` when the text is anything else.
fn page_of_link(text: &str) -> Option<Cow<'_, str>> {
    let item = text.trim().trim_start_matches(LIST_MARKS).trim_start();
    let link = item.strip_prefix("[[")?.strip_suffix("]]")?;
    let page = link.split('|').next().unwrap_or_default();
    // A colon in front only makes a link of what would be something else.
    let page = page.trim_start().trim_start_matches(':');
    (!link.contains("[[")).then_some(Cow::Borrowed(page))
}

/// The page title in an address of a wiki, still percent-encoded; `None` when the text is no
/// address. A user name holds no `/`, so `/wiki/` alone tells.
fn page_of_address(text: &str) -> Option<Cow<'_, str>> {
    let scheme = |prefix: &str| {
        text.trim()
            .get(..prefix.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    let is_address = text.contains("/wiki/")
        || text.contains("/index.php?")
        || scheme("https://")
        || scheme("http://");
    if !is_address {
        return None;
    }

    let without_fragment = text.split('#').next().unwrap_or_default();
    let (path, query) = without_fragment
        .split_once('?')
        .unwrap_or((without_fragment, ""));
    let in_query = query
        .split('&')
        .find_map(|parameter| parameter.strip_prefix("title="));
    if let Some(title) = in_query {
        return Some(Cow::Owned(title.replace('+', " ")));
    }
    let in_path = path.split_once("/wiki/").map(|(_, title)| title);
    Some(Cow::Borrowed(in_path.unwrap_or_default()))
}

/// Drops marks of direction everywhere and other invisible marks at the ends; underscores and
/// runs of white space become one space. Control characters inside stay, to be refused: a tab
/// tells of pasted columns.
fn single_spaced(text: &str) -> String {
    let trimmed = text.trim_matches(|c: char| c.is_whitespace() || c == '_' || is_invisible(c));
    let mut spaced = String::with_capacity(trimmed.len());
    for character in trimmed.chars().filter(|&c| !is_direction_mark(c)) {
        let is_space = character == '_' || (character.is_whitespace() && !character.is_control());
        if !is_space {
            spaced.push(character);
        } else if !spaced.ends_with(' ') {
            spaced.push(' ');
        }
    }
    spaced
}

/// What follows `User:`, in any case and with spaces around the colon.
fn without_prefix(text: &str) -> Option<&str> {
    let (prefix, rest) = text.split_once(':')?;
    is_user_namespace(prefix.trim()).then(|| rest.trim())
}

fn capitalised(name: &str) -> String {
    let mut rest = name.chars();
    let Some(first) = rest.next() else {
        return String::new();
    };
    // Composed again: a capital may compose with the marks after it where its small letter did not.
    std::iter::once(capital(first)).chain(rest).nfc().collect()
}

/// The capital of a letter where that is one character, as on Wikimedia wikis. They leave Georgian
/// letters, small Roman numerals and letters in circles alone.
fn capital(letter: char) -> char {
    let stays = matches!(letter,
        '\u{345}' | '\u{10D0}'..='\u{10FF}' | '\u{2170}'..='\u{217F}' | '\u{24D0}'..='\u{24E9}');
    let mut upper = letter.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(single), None) if !stays => single,
        _ => letter,
    }
}

fn check(name: &str) -> Result<(), NameFault> {
    if name.is_empty() {
        return Err(NameFault::Empty);
    }
    if name.parse::<IpAddr>().is_ok() {
        return Err(NameFault::IpAddress);
    }
    if let Some(character) = name.chars().find(|&c| is_forbidden(c)) {
        return Err(NameFault::Character { character });
    }
    if holds_percent_sequence(name) {
        return Err(NameFault::Character { character: '%' });
    }
    if name.chars().count() > MAX_CHARACTERS || name.len() > MAX_BYTES {
        return Err(too_long(name));
    }
    Ok(())
}

fn is_forbidden(character: char) -> bool {
    let is_private_or_unknown = matches!(character, '\u{E000}'..='\u{F8FF}' | '\u{FFFD}');
    "#<>[]|{}/@:".contains(character)
        || character.is_control()
        || is_invisible(character)
        || is_private_or_unknown
}

/// Marks of writing direction, which MediaWiki drops from titles wherever they stand.
const fn is_direction_mark(character: char) -> bool {
    matches!(character, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}')
}

/// Characters that show nothing and that no user name holds.
const fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// `%` is legal, but not before two hexadecimal digits: such a title could not be linked to.
fn holds_percent_sequence(name: &str) -> bool {
    name.as_bytes().windows(3).any(|window| {
        matches!(window, [b'%', first, second]
            if first.is_ascii_hexdigit() && second.is_ascii_hexdigit())
    })
}

fn too_long(text: &str) -> NameFault {
    NameFault::TooLong {
        characters: text.chars().count(),
        bytes: text.len(),
    }
}

/// The character in backticks, or its code point when it would not be seen.
fn shown(character: char) -> String {
    if character.is_control() || is_invisible(character) || character.is_whitespace() {
        format!("the invisible character U+{:04X}", u32::from(character))
    } else {
        format!("`{character}`")
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name(text: &str) -> String {
        UserName::parse(text).unwrap().to_string()
    }

    fn fault(text: &str) -> NameFault {
        UserName::parse(text).unwrap_err()
    }

    #[test]
    fn every_way_to_write_a_name_gives_the_same() {
        for text in [
            "Example Volunteer",
            "example_Volunteer",
            "  User:example  Volunteer_ ",
            "uSER : Example Volunteer",
            "Example\u{A0}Volunteer",
            "\u{202A}Example\u{200E} Volunteer\u{202C}",
            "\u{FEFF}Example Volunteer\u{200B}",
            "https://meta.wikimedia.org/wiki/User:Example_Volunteer",
            "http://de.m.wikipedia.org/wiki/user:Example%20Volunteer?uselang=de#top",
            "https://meta.wikimedia.org/w/index.php?title=User:Example+Volunteer&action=history",
            "meta.wikimedia.org/wiki/User:Example_Volunteer",
            "Benutzerin:Example Volunteer",
            "УЧАСТНИЦА: example Volunteer",
            "[[User:Example Volunteer]]",
            "*[[User:Example Volunteer|Example]]",
            "# [[:usuario:Example_Volunteer|]]",
            "https://ar.wikipedia.org/wiki/%D9%85%D8%B3%D8%AA%D8%AE%D8%AF%D9%85:Example_Volunteer",
        ] {
            assert_eq!(name(text), "Example Volunteer", "{text:?}");
        }
    }

    #[test]
    fn names_of_all_scripts_are_kept() {
        assert_eq!(name("%C3%89cole"), "École");
        assert_eq!(name("e\u{301}cole"), "École");
        assert_eq!(name("O'Neil, Jr."), "O'Neil, Jr.");
        assert_eq!(name("متطوع مثال"), "متطوع مثال");
        assert_eq!(name("\u{200F}מתנדבת לדוגמה\u{200F}"), "מתנדבת לדוגמה");
        assert_eq!(name("مستخدم:متطوع مثال"), "متطوع مثال");
        assert_eq!(name("Thành_viên:Example"), "Example");
        assert_eq!(name("მაგალითი"), "მაგალითი");
        assert_eq!(name("ßtraße"), "ßtraße");
        assert_eq!(name("100% user"), "100% user");
    }

    #[test]
    fn faults_name_what_is_wrong() {
        let character = |character| NameFault::Character { character };
        assert_eq!(fault("Foo#bar"), character('#'));
        assert_eq!(fault("User:Foo/sandbox"), character('/'));
        assert_eq!(fault("User talk:Foo"), character(':'));
        assert_eq!(fault("someone@example.org"), character('@'));
        assert_eq!(fault("Benutzer Diskussion:Foo"), character(':'));
        assert_eq!(fault("[[User:Foo]] and others"), character('['));
        assert_eq!(fault("[[User:Foo]], [[User:Bar]]"), character('['));
        assert_eq!(fault("[[Foo]]"), NameFault::NotAUserPage);
        assert_eq!(fault("Foo\tBar"), character('\t'));
        assert_eq!(fault("Foo\u{200D}Bar"), character('\u{200D}'));
        assert_eq!(fault("%2541"), character('%'));
        assert_eq!(fault("User:__"), NameFault::Empty);
        assert_eq!(fault("%E9cole"), NameFault::Encoding);
        assert_eq!(fault("192.0.2.7"), NameFault::IpAddress);
        assert_eq!(fault("2001:db8::7"), NameFault::IpAddress);
        assert_eq!(
            fault("https://en.wikipedia.org/wiki/Talk:X"),
            NameFault::NotAUserPage
        );
        assert_eq!(fault("https://example.org/"), NameFault::NotAUserPage);
        assert_eq!(
            fault("Foo\u{200D}Bar").to_string(),
            "a user name cannot hold the invisible character U+200D"
        );
    }

    #[test]
    fn length_is_limited_in_characters_and_bytes() {
        assert_eq!(name(&"x".repeat(85)).len(), 85);
        assert_eq!(name(&"ก".repeat(85)).len(), 255);
        for text in ["x".repeat(86), "𐌰".repeat(64), "x".repeat(1 << 20)] {
            assert!(matches!(fault(&text), NameFault::TooLong { .. }));
        }
    }

    proptest! {
        #[test]
        fn a_normalised_name_stays_as_it_is(text in r"\PC{0,20}|(user:)?[a-zA-Z%_ 0-9é\u0307\u0301]{0,20}") {
            if let Ok(once) = UserName::parse(&text) {
                prop_assert_eq!(UserName::parse(once.as_str()), Ok(once.clone()));
            }
        }
    }
}
