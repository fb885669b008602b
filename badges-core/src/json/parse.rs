use std::borrow::Cow;
use std::ops::Range;

use super::{Number, Object, Value};

/// The deepest nesting of arrays and objects that is read.
pub const MAX_DEPTH: usize = 64;

/// The longest text that is read, in bytes: 1 MiB.
pub const MAX_TEXT: usize = 1 << 20;

/// Where and why a text is not strict JSON.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {fault}")]
pub struct SyntaxError {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong there.
    pub fault: SyntaxFault,
}

/// Why a text is not strict JSON.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SyntaxFault {
    /// The text stops inside a value.
    #[error("the text ends before the value does")]
    UnexpectedEnd,
    /// A character that cannot stand here.
    #[error("unexpected {0:?}")]
    Unexpected(char),
    /// Something follows the value.
    #[error("text after the end of the value")]
    TrailingText,
    /// An object has the same key twice.
    #[error("the key {0:?} occurs twice in one object")]
    DuplicateKey(String),
    /// A control character stands unescaped in a string.
    #[error("a control character in a string must be escaped")]
    ControlCharacter,
    /// An escape that JSON does not have.
    #[error("unknown escape in a string")]
    BadEscape,
    /// Half of a surrogate pair, which is no character.
    #[error("an escaped surrogate without its other half")]
    LoneSurrogate,
    /// A number that JSON does not allow, such as `01` or `1.`.
    #[error("malformed number")]
    BadNumber,
    /// More than [`MAX_DEPTH`] levels.
    #[error("nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
    /// More than [`MAX_TEXT`] bytes.
    #[error("longer than {MAX_TEXT} bytes")]
    TooLong,
}

/// Reads exactly one JSON value.
///
/// # Errors
/// The first place where the text is not strict JSON.
pub fn parse(text: &str) -> Result<Value<'_>, SyntaxError> {
    let mut parser = Parser {
        text,
        bytes: text.as_bytes(),
        at: 0,
        depth: 0,
    };
    let result = if text.len() > MAX_TEXT {
        Err(SyntaxFault::TooLong)
    } else {
        parser.document()
    };
    result.map_err(|fault| parser.locate(fault))
}

/// The bytes of a top-level member's value in an object's text; `None` when there is none, or the
/// text is no strict JSON.
#[must_use]
pub fn member_span(text: &str, key: &str) -> Option<Range<usize>> {
    let mut parser = Parser {
        text,
        bytes: text.as_bytes(),
        at: 0,
        depth: 1,
    };
    parser.whitespace();
    parser.expect(b'{').ok()?;
    loop {
        parser.whitespace();
        let name = parser.string().ok()?;
        parser.whitespace();
        parser.expect(b':').ok()?;
        parser.whitespace();
        let start = parser.at;
        parser.value().ok()?;
        if name == key {
            return Some(start..parser.at);
        }
        if parser.separated(b'}').ok()? {
            return None;
        }
    }
}

/// An object's text with members added at its end; they are given in pieces, such as `"a":` and `1`.
/// All that stands before them stays as it was written.
#[must_use]
pub fn with_member(object: &str, members: &[&str]) -> String {
    let body = object.trim_end();
    let body = body.strip_suffix('}').unwrap_or(body).trim_end();
    let comma = if body.ends_with('{') { "" } else { "," };
    let mut text = String::with_capacity(
        object.len() + members.iter().map(|piece| piece.len()).sum::<usize>() + 2,
    );
    text.push_str(body);
    text.push_str(comma);
    text.extend(members.iter().copied());
    text.push('}');
    text
}

struct Parser<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    depth: usize,
}

type Parsed<T> = Result<T, SyntaxFault>;

impl<'a> Parser<'a> {
    fn document(&mut self) -> Parsed<Value<'a>> {
        // A byte order mark is no JSON, but editors add it and it means nothing.
        if self.bytes.starts_with("\u{feff}".as_bytes()) {
            self.at = 3;
        }
        let value = self.value()?;
        self.whitespace();
        if self.at == self.bytes.len() {
            Ok(value)
        } else {
            Err(SyntaxFault::TrailingText)
        }
    }

    fn value(&mut self) -> Parsed<Value<'a>> {
        self.whitespace();
        match self.peek()? {
            b'{' => self.nested(Self::object).map(Value::Object),
            b'[' => self.nested(Self::array).map(Value::Array),
            b'"' => self.string().map(Value::String),
            b'-' | b'0'..=b'9' => self.number().map(Value::Number),
            b't' => self.literal("true", Value::Bool(true)),
            b'f' => self.literal("false", Value::Bool(false)),
            b'n' => self.literal("null", Value::Null),
            _ => Err(self.unexpected()),
        }
    }

    fn nested<T>(&mut self, read: fn(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(SyntaxFault::TooDeep);
        }
        self.at += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn object(&mut self) -> Parsed<Object<'a>> {
        let mut members = Object::with_capacity(6);
        if self.closes(b'}')? {
            return Ok(members);
        }
        loop {
            self.whitespace();
            if self.peek()? != b'"' {
                return Err(self.unexpected());
            }
            let start = self.at;
            let key = self.string()?;
            if members.len() < LINEAR && members.iter().any(|(name, _)| *name == key) {
                self.at = start;
                return Err(SyntaxFault::DuplicateKey(key.into_owned()));
            }
            self.whitespace();
            self.expect(b':')?;
            let value = self.value()?;
            members.push((key, value));
            if self.separated(b'}')? {
                break;
            }
        }
        if members.len() > LINEAR {
            distinct(&members)?;
        }
        Ok(members)
    }

    fn array(&mut self) -> Parsed<Vec<Value<'a>>> {
        let mut items = Vec::new();
        if self.closes(b']')? {
            return Ok(items);
        }
        loop {
            items.push(self.value()?);
            if self.separated(b']')? {
                return Ok(items);
            }
        }
    }

    /// Whether the array or object ends right here, being empty.
    fn closes(&mut self, close: u8) -> Parsed<bool> {
        self.whitespace();
        let closed = self.peek()? == close;
        self.at += usize::from(closed);
        Ok(closed)
    }

    /// Reads the comma (`false`) or the end (`true`) after an item.
    fn separated(&mut self, close: u8) -> Parsed<bool> {
        self.whitespace();
        let byte = self.peek()?;
        if byte != b',' && byte != close {
            return Err(self.unexpected());
        }
        self.at += 1;
        Ok(byte == close)
    }

    fn string(&mut self) -> Parsed<Cow<'a, str>> {
        self.expect(b'"')?;
        let start = self.at;
        loop {
            self.skip_plain();
            match self.peek()? {
                b'"' => {
                    let text = &self.text[start..self.at];
                    self.at += 1;
                    return Ok(Cow::Borrowed(text));
                }
                b'\\' => return self.escaped_string(start).map(Cow::Owned),
                0..=0x1f => return Err(SyntaxFault::ControlCharacter),
                _ => self.at += 1,
            }
        }
    }

    fn escaped_string(&mut self, start: usize) -> Parsed<String> {
        let mut text = String::with_capacity(self.at - start + 32);
        let mut copied = start;
        loop {
            self.skip_plain();
            match self.peek()? {
                b'"' => {
                    text.push_str(&self.text[copied..self.at]);
                    self.at += 1;
                    return Ok(text);
                }
                b'\\' => {
                    text.push_str(&self.text[copied..self.at]);
                    self.at += 1;
                    text.push(self.escape()?);
                    copied = self.at;
                }
                0..=0x1f => return Err(SyntaxFault::ControlCharacter),
                _ => self.at += 1,
            }
        }
    }

    /// Skips bytes of a string that stand for themselves, eight at a time.
    fn skip_plain(&mut self) {
        while let Some(chunk) = self.bytes[self.at..].first_chunk() {
            let special = special(u64::from_le_bytes(*chunk));
            if special != 0 {
                self.at += special.trailing_zeros() as usize / 8;
                return;
            }
            self.at += 8;
        }
    }

    fn escape(&mut self) -> Parsed<char> {
        let byte = self.peek()?;
        self.at += 1;
        Ok(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode_escape(),
            _ => {
                self.at -= 1;
                return Err(SyntaxFault::BadEscape);
            }
        })
    }

    fn unicode_escape(&mut self) -> Parsed<char> {
        let first = self.hex4()?;
        let code = match first {
            0xd800..=0xdbff => {
                if !self.bytes[self.at..].starts_with(b"\\u") {
                    return Err(SyntaxFault::LoneSurrogate);
                }
                self.at += 2;
                let second = self.hex4()?;
                if !(0xdc00..=0xdfff).contains(&second) {
                    return Err(SyntaxFault::LoneSurrogate);
                }
                0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)
            }
            _ => first,
        };
        char::from_u32(code).ok_or(SyntaxFault::LoneSurrogate)
    }

    fn hex4(&mut self) -> Parsed<u32> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = char::from(self.peek()?)
                .to_digit(16)
                .ok_or(SyntaxFault::BadEscape)?;
            code = code << 4 | digit;
            self.at += 1;
        }
        Ok(code)
    }

    fn number(&mut self) -> Parsed<Number<'a>> {
        let start = self.at;
        self.skip(b"-");
        match self.peek()? {
            b'0' => self.at += 1,
            b'1'..=b'9' => self.digits()?,
            _ => return Err(SyntaxFault::BadNumber),
        }
        if self.skip(b".") {
            self.digits()?;
        }
        if self.skip(b"eE") {
            self.skip(b"+-");
            self.digits()?;
        }
        if matches!(self.bytes.get(self.at), Some(b'0'..=b'9' | b'.')) {
            return Err(SyntaxFault::BadNumber);
        }
        Ok(Number(Cow::Borrowed(&self.text[start..self.at])))
    }

    fn digits(&mut self) -> Parsed<()> {
        let start = self.at;
        while matches!(self.bytes.get(self.at), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start {
            Err(SyntaxFault::BadNumber)
        } else {
            Ok(())
        }
    }

    fn skip(&mut self, any_of: &[u8]) -> bool {
        let found = self.bytes.get(self.at).is_some_and(|b| any_of.contains(b));
        self.at += usize::from(found);
        found
    }

    fn literal(&mut self, word: &str, value: Value<'a>) -> Parsed<Value<'a>> {
        if self.bytes[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            Ok(value)
        } else {
            Err(self.unexpected())
        }
    }

    fn expect(&mut self, byte: u8) -> Parsed<()> {
        if self.peek()? != byte {
            return Err(self.unexpected());
        }
        self.at += 1;
        Ok(())
    }

    fn whitespace(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Parsed<u8> {
        self.bytes
            .get(self.at)
            .copied()
            .ok_or(SyntaxFault::UnexpectedEnd)
    }

    fn unexpected(&self) -> SyntaxFault {
        self.text
            .get(self.at..)
            .and_then(|rest| rest.chars().next())
            .map_or(SyntaxFault::UnexpectedEnd, SyntaxFault::Unexpected)
    }

    fn locate(&self, fault: SyntaxFault) -> SyntaxError {
        let mut end = self.at.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &self.text[..end];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        SyntaxError {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            fault,
        }
    }
}

/// Marks, by their highest bit, the bytes of eight that may be a quote, a backslash or a control
/// character. The lowest mark is right; marks above it may be wrong, for a borrow runs upwards.
pub(crate) const fn special(bytes: u64) -> u64 {
    let controls = bytes.wrapping_sub(ONES * 0x20) & !bytes & HIGH;
    controls | equal(bytes, b'"') | equal(bytes, b'\\')
}

/// Marks, as [`special`], the bytes of eight that may be this one.
pub(crate) const fn equal(bytes: u64, byte: u8) -> u64 {
    let differences = bytes ^ (ONES * byte as u64);
    differences.wrapping_sub(ONES) & !differences & HIGH
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Up to this many members each new key is compared with all others; longer objects are sorted
/// once, so that a hostile object costs n log n.
const LINEAR: usize = 24;

fn distinct(members: &Object<'_>) -> Parsed<()> {
    let mut keys: Vec<&str> = members.iter().map(|(key, _)| key.as_ref()).collect();
    keys.sort_unstable();
    match keys.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(SyntaxFault::DuplicateKey(pair[0].to_owned())),
        None => Ok(()),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fault(text: &str) -> String {
        parse(text).unwrap_err().to_string()
    }

    #[test]
    fn faults_name_their_place() {
        insta::assert_snapshot!(
            [
                "",
                "{\"a\":1,\n \"a\":2}",
                "[1,]",
                "{\"a\" 1}",
                "[01]",
                "[1.]",
                "[-]",
                "[\"a\nb\"]",
                "[\"\\x\"]",
                "[\"\\ud800\"]",
                "[\"\\ud800\\u0041\"]",
                "tru",
                "[1] x",
                "{'a':1}",
                "[1 2]",
                "[1e]",
                "\"é\" é",
            ]
            .map(fault)
            .join("\n"),
            @r#"
        line 1, column 1: the text ends before the value does
        line 2, column 2: the key "a" occurs twice in one object
        line 1, column 4: unexpected ']'
        line 1, column 6: unexpected '1'
        line 1, column 3: malformed number
        line 1, column 4: malformed number
        line 1, column 3: malformed number
        line 1, column 4: a control character in a string must be escaped
        line 1, column 4: unknown escape in a string
        line 1, column 9: an escaped surrogate without its other half
        line 1, column 15: an escaped surrogate without its other half
        line 1, column 1: unexpected 't'
        line 1, column 5: text after the end of the value
        line 1, column 2: unexpected '\''
        line 1, column 4: unexpected '2'
        line 1, column 4: malformed number
        line 1, column 5: text after the end of the value
        "#
        );
    }

    #[test]
    fn nesting_and_length_have_limits() {
        let deep = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        assert!(parse(&deep(MAX_DEPTH)).is_ok());
        assert_eq!(
            parse(&deep(MAX_DEPTH + 1)).unwrap_err().fault,
            SyntaxFault::TooDeep
        );
        let long = format!("\"{}\"", "a".repeat(MAX_TEXT));
        assert_eq!(parse(&long).unwrap_err().fault, SyntaxFault::TooLong);
    }

    #[test]
    fn a_long_object_is_checked_for_duplicates_too() {
        let mut members: Vec<String> = (0..100).map(|n| format!("\"k{n}\":{n}")).collect();
        assert!(parse(&format!("{{{}}}", members.join(","))).is_ok());
        members.push("\"k57\":0".to_owned());
        assert_eq!(
            parse(&format!("{{{}}}", members.join(",")))
                .unwrap_err()
                .fault,
            SyntaxFault::DuplicateKey("k57".to_owned())
        );
    }

    /// `serde_json` reads the same language, apart from duplicate keys and depth.
    fn same(ours: &Value<'_>, theirs: &serde_json::Value) -> bool {
        use serde_json::Value as Theirs;
        match (ours, theirs) {
            (Value::Null, Theirs::Null) => true,
            (Value::Bool(a), Theirs::Bool(b)) => a == b,
            (Value::Number(a), Theirs::Number(b)) => b.as_f64() == Some(a.as_f64()),
            (Value::String(a), Theirs::String(b)) => a == b,
            (Value::Array(a), Theirs::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
            }
            (Value::Object(a), Theirs::Object(b)) => {
                a.len() == b.len()
                    && a.iter()
                        .all(|(key, a)| b.get(key.as_ref()).is_some_and(|b| same(a, b)))
            }
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn agrees_with_serde_json(text in r#"([\[\]{}:, ]|"([a-c]|\\[nu"\\/]|\\u00e9|\\ud83d\\ude00|é)*"|-?[0-9]{1,3}(\.[0-9]{1,2})?([eE][+-]?[0-9]{1,2})?|true|false|null){0,12}"#) {
            match (parse(&text), serde_json::from_str::<serde_json::Value>(&text)) {
                (Ok(ours), Ok(theirs)) => prop_assert!(same(&ours, &theirs)),
                (Err(error), Ok(_)) => {
                    prop_assert!(matches!(error.fault, SyntaxFault::DuplicateKey(_)), "{error} in {text}");
                }
                (Ok(_), Err(error)) => prop_assert!(error.to_string().contains("out of range"), "{error} in {text}"),
                (Err(_), Err(_)) => {}
            }
        }

        #[test]
        fn never_panics(text in any::<String>()) {
            let _ = parse(&text);
        }
    }
}
