//! Documents by chance: always valid JSON-LD under the standard's contexts, and as odd as that
//! allows.

mod badge;
mod inline;
mod parts;

use badges_core::jsonld::Policy;
use serde_json::{Map, Value, json};

/// A document, as text: numbers stand in it as a person may write them.
pub(crate) struct Document {
    pub(crate) text: String,
    pub(crate) policy: Policy,
}

/// The document of this number: the same seed and number give the same one.
pub(crate) fn document(seed: u64, number: usize) -> Document {
    let mut chance = Chance(seed.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ number as u64);
    // The first numbers of two seeds that are close would be, too.
    chance.next();
    let (value, policy) = match chance.below(10) {
        0 | 1 => (chance.document_with_contexts(), Policy::DataIntegrity),
        2 | 3 => (chance.badge_of_version_1(), Policy::Badge),
        _ => (chance.badge(), Policy::Badge),
    };
    Document {
        text: with_numbers(&value.to_string()),
        policy,
    }
}

/// A generator of numbers ([SplitMix64]).
///
/// [SplitMix64]: https://doi.org/10.1145/2660193.2660195
struct Chance(u64);

/// Before a number in a string, which loses its quotes when the document is written: values of
/// `serde_json` do not keep how a number was written.
const NUMBER: &str = "number\u{1}";

fn with_numbers(json: &str) -> String {
    let marked = json!(NUMBER).to_string();
    let mut parts = json.split(marked.trim_end_matches('"'));
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (number, rest) = part.split_once('"').unwrap_or((part, ""));
        text.push_str(number);
        text.push_str(rest);
    }
    text
}

const WORDS: [&str; 26] = [
    "",
    "a",
    "First edits",
    "with \"quotes\" and \\backslashes\\",
    "two\nlines",
    "carriage\rreturn",
    "a\ttab",
    "bell\u{7}, escape\u{1b}, delete\u{7f}",
    "next line\u{85}",
    "\u{2028}separators\u{2029}",
    "Übung macht den Meister",
    "התחלה ועריכה",
    "بداية \u{2067}wiki\u{2069}",
    "编辑",
    "👩🏽‍🏫 taught",
    "😀",
    "private \u{e000}\u{f8ff}",
    "（full width）",
    "\u{fffd}\u{feff}\u{10fffd}",
    "e\u{301} and é",
    "<b>no markup</b> & \u{ad}hyphen",
    "_:c14n0",
    "https://example.org/looks-like-an-iri",
    "]]>{}",
    " spaces ",
    "1.50",
];

const IRIS: [&str; 14] = [
    "https://example.org/a",
    "https://example.org/a#b",
    "https://example.org/a?b=c&d=e%20f",
    "https://example.org/über/編集",
    "https://EXAMPLE.org:8443/~a/(b)/;c,d",
    "http://example.org/old",
    "urn:uuid:77a1f0c4-52a8-4d4e-8d6e-0f6a7b1c2d03",
    "urn:x:a:b:c",
    "did:web:example.org:a",
    "did:key:z6MknRctahLqF8rrEXEFJPizSJbxjdkt4opvZ34xE7VrJvxa",
    "mailto:a@example.org",
    "data:text/plain,hello",
    "tag:example.org,2026:a",
    "x-a.b+c:d",
];

const LANGUAGES: [&str; 5] = ["en", "DE", "pt-BR", "zh-Hans", "sr-Latn-RS"];

/// Numbers as people and programs write them; the last ones are refused, as they would be signed
/// with loss.
const NUMBERS: [&str; 22] = [
    "0",
    "-1",
    "1.0",
    "1.50",
    "-2.5e0",
    "1e3",
    "1E+2",
    "12.5e-1",
    "0.001",
    "0.000001",
    "4.5",
    "9007199254740991",
    "-9007199254740991",
    "0.1",
    "3.141592653589793",
    "1e15",
    "100000000000000",
    // Lossy from here on.
    "-0",
    "1e-7",
    "9007199254740993",
    "0.1000000000000000055",
    "1e21",
];
const LOSSY: usize = 5;

/// A word that no context defines.
pub(crate) const UNDEFINED: &str = "unheardOf";

type Members = Map<String, Value>;

impl Chance {
    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below this one.
    const fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// True once in so many times.
    const fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn pick<'s>(&mut self, from: &[&'s str]) -> &'s str {
        from[self.below(from.len())]
    }

    /// An object of a class, with an id that others may have too.
    fn object(&mut self, class: &str, with_id: bool) -> Members {
        let mut members = Members::new();
        let name = if self.once_in(3) {
            json!(class)
        } else {
            json!([class])
        };
        members.insert("type".to_owned(), name);
        if with_id {
            members.insert("id".to_owned(), json!(self.iri()));
        }
        members
    }

    fn maybe(&mut self, members: &mut Members, name: &str, value: impl FnOnce(&mut Self) -> Value) {
        if self.once_in(3) {
            let value = value(self);
            members.insert(name.to_owned(), value);
        }
    }

    fn texts(&mut self, members: &mut Members, names: &[&str]) {
        for name in names {
            self.maybe(members, name, Self::text);
        }
    }

    /// One to three values, at times the same, at times not in an array.
    fn some(&mut self, mut value: impl FnMut(&mut Self) -> Value) -> Value {
        let count = 1 + self.below(3);
        let mut values: Vec<Value> = (0..count).map(|_| value(self)).collect();
        if self.once_in(6) {
            values.push(values[0].clone());
        }
        match values.as_slice() {
            [one] if self.once_in(3) => one.clone(),
            _ => json!(values),
        }
    }

    fn text(&mut self) -> Value {
        match self.below(8) {
            0 => json!({"@value": self.word(), "@language": self.pick(&LANGUAGES)}),
            1 => json!([self.word(), self.word()]),
            2 => Value::Null,
            _ => json!(self.word()),
        }
    }

    fn word(&mut self) -> String {
        let mut word = self.pick(&WORDS).to_owned();
        if self.once_in(3) {
            word.push_str(self.pick(&WORDS));
        }
        word
    }

    fn iri(&mut self) -> String {
        let mut iri = self.pick(&IRIS).to_owned();
        if self.once_in(2) {
            iri.push_str(&self.below(20).to_string());
        }
        iri
    }

    fn date(&mut self) -> String {
        let day = 1 + self.below(28);
        let zone = self.pick(&["Z", "+01:00", "-11:30", ".5Z", ".123456789Z"]);
        format!(
            "2026-{:02}-{day:02}T{:02}:00:00{zone}",
            1 + self.below(12),
            self.below(24)
        )
    }

    fn number(&mut self) -> Value {
        let written = match self.below(6) {
            0 => self.below(10).to_string(),
            1 => format!("-{}", self.below(1000)),
            2 => (self.next() >> 11).to_string(),
            3 => (self.below(100_000) as f64 / 1000.0).to_string(),
            // Sixteen digits: as many as the canonical form of a double has.
            4 => (self.below(1_000_000) as f64 / 128.0).to_string(),
            _ if self.once_in(8) => self.pick(&NUMBERS[NUMBERS.len() - LOSSY..]).to_owned(),
            _ => self.pick(&NUMBERS[..NUMBERS.len() - LOSSY]).to_owned(),
        };
        json!(format!("{NUMBER}{written}"))
    }
}
