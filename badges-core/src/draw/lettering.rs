//! A name on a badge: broken into lines and sized so that it fits.
//!
//! No font is known here, so the width of a text is estimated, rather too wide than too narrow.

use unicode_segmentation::UnicodeSegmentation as _;

/// A text that fits.
#[derive(Debug, PartialEq)]
pub(super) struct Lettering {
    /// The lines, from the top.
    pub(super) lines: Vec<String>,
    /// The font's size.
    pub(super) size: f64,
}

/// Font sizes with the most lines that are set in them, from the largest.
const SIZES: [(f64, usize); 9] = [
    (48.0, 1),
    (42.0, 1),
    (38.0, 2),
    (34.0, 3),
    (31.0, 3),
    (28.0, 4),
    (25.0, 4),
    (22.0, 5),
    (19.0, 6),
];

impl Lettering {
    /// Sets a text in lines of at most this width. What does not fit in the smallest size is cut.
    pub(super) fn fit(text: &str, width: f64) -> Self {
        let pieces = pieces(text);
        for (size, most) in SIZES {
            let room = width / size;
            let lines = wrap(&pieces, room);
            if lines.len() <= most && lines.iter().all(|line| line.width <= room) {
                return Self {
                    lines: texts(balanced(&pieces, lines, room)),
                    size,
                };
            }
        }
        let (size, most) = SIZES[SIZES.len() - 1];
        let room = width / size;
        let mut lines = wrap(&broken(pieces, room), room);
        if lines.len() > most {
            lines.truncate(most);
            if let Some(last) = lines.last_mut() {
                last.shorten(room);
            }
        }
        Self {
            lines: texts(lines),
            size,
        }
    }
}

/// A text without breaks, and its width in ems.
#[derive(Clone, Default)]
struct Run {
    text: String,
    width: f64,
    /// Whether a space stands before it, unless it begins a line.
    spaced: bool,
}

const SPACE: f64 = 0.3;

impl Run {
    fn push(&mut self, text: &str, width: f64) {
        self.text.push_str(text);
        self.width += width;
    }

    /// Cuts the end off, so that an ellipsis fits.
    fn shorten(&mut self, room: f64) {
        let ellipsis = 1.0;
        let mut kept = Self::default();
        for grapheme in self.text.graphemes(true) {
            let width = width(grapheme);
            if kept.width + width + ellipsis > room {
                break;
            }
            kept.push(grapheme, width);
        }
        let text = kept.text.trim_end();
        self.text = format!("{text}…");
        self.width = kept.width + ellipsis;
    }
}

fn texts(lines: Vec<Run>) -> Vec<String> {
    lines.into_iter().map(|line| line.text).collect()
}

/// What stays on one line if it can: words, and in scripts without spaces, characters with the
/// punctuation that follows.
fn pieces(text: &str) -> Vec<Run> {
    let mut pieces: Vec<Run> = Vec::new();
    for word in text.split_whitespace() {
        let mut spaced = !pieces.is_empty();
        let mut breakable = true;
        for grapheme in word.graphemes(true) {
            let wide = grapheme.chars().next().is_some_and(is_wide);
            let is_letter = grapheme.chars().any(char::is_alphanumeric);
            let begins = spaced || pieces.is_empty() || (is_letter && (wide || breakable));
            match pieces.last_mut() {
                Some(piece) if !begins => piece.push(grapheme, width(grapheme)),
                _ => pieces.push(Run {
                    text: grapheme.to_owned(),
                    width: width(grapheme),
                    spaced,
                }),
            }
            spaced = false;
            // After a wide character there may be a break; but none after an opening bracket.
            breakable = wide && is_letter;
        }
    }
    pieces
}

/// Breaks the pieces that are too long for any line.
fn broken(pieces: Vec<Run>, room: f64) -> Vec<Run> {
    let mut shorter: Vec<Run> = Vec::new();
    for piece in pieces {
        let mut part = Run {
            spaced: piece.spaced,
            ..Run::default()
        };
        for grapheme in piece.text.graphemes(true) {
            let width = width(grapheme);
            if part.width + width > room && !part.text.is_empty() {
                shorter.push(std::mem::take(&mut part));
            }
            part.push(grapheme, width);
        }
        shorter.push(part);
    }
    shorter
}

/// Fills one line after the other.
fn wrap(pieces: &[Run], room: f64) -> Vec<Run> {
    let mut lines: Vec<Run> = Vec::new();
    for piece in pieces {
        let space = if piece.spaced { SPACE } else { 0.0 };
        match lines.last_mut() {
            Some(line) if line.width + space + piece.width <= room => {
                if piece.spaced {
                    line.push(" ", SPACE);
                }
                line.push(&piece.text, piece.width);
            }
            _ => lines.push(piece.clone()),
        }
    }
    lines
}

/// As many lines, but of more equal width.
fn balanced(pieces: &[Run], lines: Vec<Run>, room: f64) -> Vec<Run> {
    const STEPS: u32 = 20;
    let count = lines.len();
    let narrower = (1..=STEPS).map(|step| {
        let share = f64::from(step) / f64::from(STEPS);
        (room * share, wrap(pieces, room * share))
    });
    narrower
        .filter(|(room, lines)| {
            lines.len() == count && lines.iter().all(|line| line.width <= *room)
        })
        .map(|(_, lines)| lines)
        .next()
        .unwrap_or(lines)
}

/// The width of a character with its marks, in bold, in ems.
fn width(grapheme: &str) -> f64 {
    match grapheme.chars().next() {
        None => 0.0,
        Some(first) if is_wide(first) => 1.04,
        Some(first) => match first {
            'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '’' | '!' | '|' => 0.36,
            'f' | 'r' | 't' | '-' | '(' | ')' | '[' | ']' | '/' | '"' => 0.46,
            'm' | 'w' | 'M' | 'W' | '@' | '%' | '—' | '…' => 1.0,
            'a'..='z' | '0'..='9' => 0.65,
            '\u{590}'..='\u{8ff}' => 0.66,
            other if other.is_uppercase() => 0.78,
            _ => 0.74,
        },
    }
}

/// Whether a character is as wide as it is high, and lines may break beside it.
const fn is_wide(character: char) -> bool {
    matches!(character,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{303e}'
        | '\u{3041}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDTH: f64 = 380.0;

    fn lines(text: &str) -> Vec<String> {
        Lettering::fit(text, WIDTH).lines
    }

    #[test]
    fn names_are_broken_where_their_script_allows() {
        assert_eq!(lines("Editor"), ["Editor"]);
        assert_eq!(
            lines("Introduction to Wikidata for librarians"),
            ["Introduction", "to Wikidata", "for librarians"]
        );
        assert_eq!(
            lines("维基百科编辑入门（第一级）"),
            ["维基百科编辑入", "门（第一级）"]
        );
        assert_eq!(lines(" \n "), Vec::<String>::new());
    }

    #[test]
    fn every_line_fits() {
        let long =
            "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
        let texts = [
            "W".repeat(400),
            "a".repeat(10_000),
            "字".repeat(500),
            "word ".repeat(300),
            format!("{long} {long}"),
            "محرر ويكيبيديا المعتمد للمبتدئين والمتقدمين في تحرير المقالات".to_owned(),
            "a\u{301}".repeat(300),
        ];
        for text in texts {
            let lettering = Lettering::fit(&text, WIDTH);
            assert!(lettering.lines.len() <= 6);
            for line in &lettering.lines {
                let ems: f64 = line.graphemes(true).map(width).sum();
                // A space is counted as a letter here.
                assert!(ems * lettering.size < WIDTH * 1.2, "{line}");
            }
        }
    }

    #[test]
    fn what_is_too_long_ends_with_an_ellipsis() {
        let lettering = Lettering::fit(&"word ".repeat(300), WIDTH);
        assert!(lettering.lines[5].ends_with('…'), "{lettering:?}");
        assert!(lines(&"Wort".repeat(20)).len() > 1);
    }
}
