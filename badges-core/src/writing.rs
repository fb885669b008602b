//! How text of unknown origin is shown: without characters that pages and images cannot hold or
//! that reorder what stands beside them, and in the direction of its script.

use std::borrow::Cow;

/// The direction in which a text runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From left to right.
    LeftToRight,
    /// From right to left.
    RightToLeft,
}

impl Direction {
    /// The value of HTML's `dir` and of SVG's `direction`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LeftToRight => "ltr",
            Self::RightToLeft => "rtl",
        }
    }

    /// The direction of a text's first letter (UAX 9, rules P2 and P3).
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        let first = text.chars().find(|character| character.is_alphabetic());
        if first.is_some_and(is_right_to_left) {
            Self::RightToLeft
        } else {
            Self::LeftToRight
        }
    }

    /// The direction of a language, by its tag: by the script, if the tag has one.
    #[must_use]
    pub fn of_language(tag: &str) -> Self {
        let lower = tag.to_ascii_lowercase();
        let mut subtags = lower.split(['-', '_']);
        let language = subtags.next().unwrap_or_default();
        let script = subtags.find(|subtag| subtag.len() == 4);
        let right_to_left = script.map_or_else(
            || LANGUAGES.contains(&language),
            |script| SCRIPTS.contains(&script),
        );
        if right_to_left {
            Self::RightToLeft
        } else {
            Self::LeftToRight
        }
    }
}

/// Languages that are usually written from right to left.
const LANGUAGES: [&str; 26] = [
    "ar", "arc", "ary", "arz", "azb", "bal", "bgn", "bqi", "ckb", "dv", "fa", "glk", "he", "khw",
    "ks", "lki", "lrc", "mzn", "nqo", "pnb", "ps", "sd", "skr", "ug", "ur", "yi",
];

/// Scripts that are written from right to left.
const SCRIPTS: [&str; 11] = [
    "adlm", "arab", "aran", "hebr", "mand", "mend", "nkoo", "rohg", "samr", "syrc", "thaa",
];

/// Whether a letter belongs to a script that is written from right to left.
const fn is_right_to_left(letter: char) -> bool {
    matches!(letter,
        '\u{590}'..='\u{8ff}'
        | '\u{fb1d}'..='\u{fdff}'
        | '\u{fe70}'..='\u{feff}'
        | '\u{10800}'..='\u{10fff}'
        | '\u{1e800}'..='\u{1efff}')
}

/// A cell of a table for spreadsheet programs, which would take one that begins like a formula for
/// one and run it: such a cell begins with an apostrophe.
#[must_use]
pub fn harmless_cell(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// The text without control characters, which XML cannot hold, without those that reorder the text
/// around them, and without non-characters. Line breaks and tabs stay.
#[must_use]
pub fn shown(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_shown) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(
            text.chars()
                .filter(|character| is_shown(*character))
                .collect(),
        )
    }
}

/// The text on one line, as [`shown`]: white space becomes single spaces.
#[must_use]
pub fn on_one_line(text: &str) -> String {
    let shown = shown(text);
    let words: Vec<&str> = shown.split_whitespace().collect();
    words.join(" ")
}

fn is_shown(character: char) -> bool {
    match character {
        '\n' | '\t' => true,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => false,
        '\u{fdd0}'..='\u{fdef}' => false,
        other => !other.is_control() && (other as u32) & 0xfffe != 0xfffe,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(harmless_cell("=1+2"), "'=1+2");
        assert_eq!(harmless_cell("@Example"), "'@Example");
        assert_eq!(harmless_cell("O'Neil, Jr."), "O'Neil, Jr.");
    }

    #[test]
    fn the_first_letter_gives_the_direction() {
        for (text, direction) in [
            ("Editor", "ltr"),
            ("محرر", "rtl"),
            ("2026 עורך", "rtl"),
            ("Wikidata للمبتدئين", "ltr"),
            ("編集者", "ltr"),
            ("", "ltr"),
            ("123", "ltr"),
        ] {
            assert_eq!(Direction::of_text(text).as_str(), direction, "{text}");
        }
    }

    #[test]
    fn the_language_or_its_script_gives_the_direction() {
        for (tag, direction) in [
            ("en", "ltr"),
            ("ar", "rtl"),
            ("AR-eg", "rtl"),
            ("az-Arab", "rtl"),
            ("ur-Latn", "ltr"),
            ("ku-Arab-IQ", "rtl"),
            ("", "ltr"),
        ] {
            assert_eq!(Direction::of_language(tag).as_str(), direction, "{tag}");
        }
    }

    #[test]
    fn what_cannot_be_shown_goes() {
        assert_eq!(shown("a\u{0}b\u{1b}[31m\u{85}c\n\td"), "ab[31mc\n\td");
        assert_eq!(shown("\u{202e}gnp.exe\u{2066}\u{fffe}\u{1ffff}"), "gnp.exe");
        assert_eq!(shown("می\u{200c}خواهم\u{200f}"), "می\u{200c}خواهم\u{200f}");
        assert_eq!(on_one_line("  a \r\n\u{0} b "), "a b");
    }
}
