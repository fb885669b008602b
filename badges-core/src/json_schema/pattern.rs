//! Patterns: regular expressions as ECMA-262 writes them, for an engine that takes linear time.

use std::iter::Peekable;
use std::str::Chars;

use regex::{Regex, RegexBuilder};

/// The longest pattern in bytes.
const MAX_PATTERN: usize = 4096;

/// The sizes that a pattern may have when it is compiled, in bytes: powers of two.
const SIZES: [usize; 5] = [1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 18];

/// What the engine's `\d`, `\w`, `\s` and `.` are in ECMA-262, where most know of ASCII only.
const DIGITS: &str = "0-9";
const WORD: &str = "A-Za-z0-9_";
const SPACE: &str =
    r"\t-\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}";
const ANY: &str = r"[^\n\r\x{2028}\x{2029}]";

/// A pattern, ready to be matched.
pub(super) struct Pattern {
    regex: Regex,
    /// Its size in KiB: the most that the engine looks at for one byte of a text.
    pub(super) weight: usize,
}

impl Pattern {
    /// `None` for what is malformed or too large, what cannot be matched in linear time, and what
    /// means something else to the engine.
    pub(super) fn read(text: &str) -> Option<Self> {
        if text.len() > MAX_PATTERN {
            return None;
        }
        let translated = translate(text)?;
        SIZES.iter().find_map(|&size| {
            let mut builder = RegexBuilder::new(&translated);
            builder.size_limit(size).dfa_size_limit(SIZES[4]);
            let regex = builder.build().ok()?;
            let weight = size >> 10;
            Some(Self { regex, weight })
        })
    }

    pub(super) fn is_match(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// How many steps matching a text is. One is some microseconds at worst.
    pub(super) const fn steps(&self, text: &str) -> usize {
        (1 + text.len()).saturating_mul(self.weight) / 8 + 1
    }
}

/// The pattern in the engine's dialect.
fn translate(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '\\' => escape(&mut chars, false, &mut out)?,
            '[' => class(&mut chars, &mut out)?,
            '.' => out.push_str(ANY),
            '(' => {
                out.push(char);
                if chars.next_if_eq(&'?').is_some() {
                    // Anything else is a flag, or a name as Python writes it.
                    let kind = chars.next_if(|it| ":=!<".contains(*it))?;
                    out.extend(['?', kind]);
                }
            }
            '{' => {
                chars.peek().filter(|it| it.is_ascii_digit())?;
                out.push(char);
                while let Some(char) = chars.next_if(|it| it.is_ascii_digit() || *it == ',') {
                    out.push(char);
                }
                out.push(chars.next_if_eq(&'}')?);
            }
            _ => out.push(char),
        }
    }
    Some(out)
}

/// What is between brackets. The engine has sets in sets, and operators on them.
fn class(chars: &mut Peekable<Chars<'_>>, out: &mut String) -> Option<()> {
    out.push('[');
    out.extend(chars.next_if_eq(&'^'));
    if chars.peek() == Some(&']') {
        return None;
    }
    let mut is_first = true;
    loop {
        let char = chars.next()?;
        match char {
            ']' => break,
            '[' => return None,
            '&' | '-' | '~' if chars.peek() == Some(&char) => return None,
            '\\' => escape(chars, true, out)?,
            '-' => {
                out.push(char);
                // A set is no end of a range.
                let mut ahead = chars.clone();
                if !is_first && ahead.next() == Some('\\') {
                    ahead.next().filter(|it| !"dDwWsSpP".contains(*it))?;
                }
            }
            _ => out.push(char),
        }
        is_first = false;
    }
    out.push(']');
    Some(())
}

/// What follows a backslash.
fn escape(chars: &mut Peekable<Chars<'_>>, in_class: bool, out: &mut String) -> Option<()> {
    let char = chars.next()?;
    let set = |out: &mut String, not: &str, set: &str| {
        out.extend(["[", not, set, "]"]);
    };
    match char {
        'd' => set(out, "", DIGITS),
        'D' => set(out, "^", DIGITS),
        'w' => set(out, "", WORD),
        'W' => set(out, "^", WORD),
        's' => set(out, "", SPACE),
        'S' => set(out, "^", SPACE),
        'b' if in_class => out.push_str(r"\x08"),
        'b' if chars.peek() != Some(&'{') => out.push_str(r"(?-u:\b)"),
        'c' => {
            let letter = chars.next_if(char::is_ascii_alphabetic)?;
            out.push_str(&format!(r"\x{{{:x}}}", u32::from(letter) % 32));
        }
        'f' | 'n' | 'r' | 't' | 'v' | 'x' | 'u' | 'p' | 'P' => {
            out.extend(['\\', char]);
            match (char, chars.peek()) {
                // These braces are no repetition.
                ('u' | 'p' | 'P', Some('{')) => loop {
                    let inner = chars.next()?;
                    out.push(inner);
                    if inner == '}' {
                        break;
                    }
                },
                ('p' | 'P', _) | ('x', Some('{')) => return None,
                _ => {}
            }
        }
        // The engine takes them for the bounds of words.
        '<' | '>' => out.push(char),
        _ if char.is_ascii_alphanumeric() => return None,
        _ => out.extend(['\\', char]),
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_means_what_it_means_in_ecma_262() {
        for (pattern, text, matches) in [
            (r"^\w+$", "a_9", true),
            (r"^\w$", "é", false),
            (r"^\W\D$", "éé", true),
            (r"^\d$", "٣", false),
            (r"^\s$", "\u{3000}", true),
            (r"^\s$", "\u{85}", false),
            (r"^[^\s\d-]+$", "ab", true),
            (r"^[-\w]+$", "a-b", true),
            (r"^[\w-.]+$", "a-b.", true),
            (r"^[\w.-]+@[\w.-]+\.\w{2,}$", "a.b@example.org", true),
            (r"^.$", "\r", false),
            (r"^a.c$", "aéc", true),
            (r"\bb", "éb", true),
            (r"\bb", "ab", false),
            (r"^\<\>$", "<>", true),
            (r"^\cJ\u0041\u{42}\x43\/$", "\nABC/", true),
            (r"^[\b]$", "\u{8}", true),
            (r"^\t{2}\x41{2}$", "\t\tAA", true),
            (r"^\p{L}+$", "é", true),
            (r"^[\p{Lu}&~]+$", "É&~", true),
            (r"^(?:a|b)(?<name>c)$", "bc", true),
        ] {
            let found = Pattern::read(pattern).map(|it| it.is_match(text));
            assert_eq!(found, Some(matches), "{pattern} {text:?}");
        }
    }

    #[test]
    fn what_the_engine_reads_otherwise_is_refused() {
        for pattern in [
            r"^[Edit&&or]+$",
            r"(?i)editor",
            r"(?i:editor)",
            r"(?P<name>a)",
            r"[a--b]",
            r"[a~~b]",
            r"[a[b]]",
            r"[[:alpha:]]",
            r"[]a]",
            r"[^]a]",
            r"[.-\w]",
            r"\Aa",
            r"a\z",
            r"a\Z",
            r"\pL",
            r"[\PL]",
            r"\a",
            r"\x{41}",
            r"\U00000041",
            r"\b{start}",
            r"a{,3}",
            r"a{ 3 }",
            r"(?=a)a",
            r"(?<!a)b",
            r"(a)\1",
            r"a\",
            r"[a",
        ] {
            assert!(Pattern::read(pattern).is_none(), "{pattern}");
        }
    }
}
