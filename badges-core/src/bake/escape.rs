//! JSON that can stand in a CDATA section.

use std::borrow::Cow;

/// Writes what troubles readers of images inside JSON strings as JSON escapes: `{` and `}`, which
/// the simplest readers count to find the end, `]]>`, which ends a CDATA section, and U+FFFE and
/// U+FFFF, which XML cannot hold.
///
/// The result means the same JSON and has the same escapes where there were some; nothing outside
/// strings changes. Escaping twice changes nothing more. What is escaped before it is signed is
/// baked byte for byte as it was signed.
#[must_use]
pub fn escape_json(json: &str) -> Cow<'_, str> {
    let bytes = json.as_bytes();
    let mut escaped = String::new();
    let mut copied = 0;
    let mut in_string = false;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if !in_string {
            in_string = byte == b'"';
            at += 1;
            continue;
        }
        let (escape, width) = match byte {
            b'"' => {
                in_string = false;
                at += 1;
                continue;
            }
            // The byte after it belongs to the escape that is there already.
            b'\\' => {
                at += 2;
                continue;
            }
            b'{' => ("\\u007b", 1),
            b'}' => ("\\u007d", 1),
            b'>' if bytes[..at].ends_with(b"]]") => ("\\u003e", 1),
            0xEF if bytes[at..].starts_with("\u{FFFE}".as_bytes()) => ("\\ufffe", 3),
            0xEF if bytes[at..].starts_with("\u{FFFF}".as_bytes()) => ("\\uffff", 3),
            _ => {
                at += 1;
                continue;
            }
        };
        escaped.push_str(&json[copied..at]);
        escaped.push_str(escape);
        at += width;
        copied = at;
    }
    if copied == 0 {
        return Cow::Borrowed(json);
    }
    escaped.push_str(&json[copied..]);
    Cow::Owned(escaped)
}

/// The offset of something in escaped JSON that no JSON has and no CDATA section either.
pub(super) fn not_json(escaped: &str) -> Option<usize> {
    let is_control = |byte: u8| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
    // Counting has no early exit, so it compiles to vector instructions; the search is for the
    // rare text that has one.
    let controls = escaped.bytes().filter(|byte| is_control(*byte)).count();
    if controls > 0 {
        return escaped.bytes().position(is_control);
    }
    ["]]>", "\u{FFFE}", "\u{FFFF}"]
        .iter()
        .find_map(|sequence| escaped.find(sequence))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn assert_borrowed(json: &str) {
        assert!(matches!(escape_json(json), Cow::Borrowed(text) if text == json));
    }

    #[test]
    fn text_with_nothing_to_escape_is_borrowed() {
        assert_borrowed("");
        assert_borrowed(r#"{"a": [["b"]], "c": {"d": {}}}"#);
        assert_borrowed(r#"{"a": "\u007b\"\\ ]] > ]>"}"#);
    }

    #[test]
    fn braces_are_escaped_only_inside_strings() {
        assert_eq!(
            escape_json(r#"{"a{": {"b": "}"}}"#),
            r#"{"a\u007b": {"b": "\u007d"}}"#
        );
    }

    #[test]
    fn the_end_of_a_cdata_section_is_escaped() {
        assert_eq!(escape_json(r#"{"a": "]]>"}"#), r#"{"a": "]]\u003e"}"#);
        assert_eq!(escape_json(r#"{"a": "]]]>>"}"#), r#"{"a": "]]]\u003e>"}"#);
        assert_eq!(escape_json(r#"[["a", ">"]]"#), r#"[["a", ">"]]"#);
    }

    #[test]
    fn escapes_that_are_there_already_stay() {
        assert_eq!(
            escape_json(r#"{"a": "\"{\\}\\\"}"}"#),
            r#"{"a": "\"\u007b\\\u007d\\\"\u007d"}"#
        );
    }

    #[test]
    fn characters_that_xml_lacks_are_escaped() {
        assert_eq!(
            escape_json("{\"a\u{FFFE}\": \"\u{FFFF}\u{FFFD}\"}"),
            "{\"a\\ufffe\": \"\\uffff\u{FFFD}\"}"
        );
    }

    #[test]
    fn text_that_ends_in_a_string_or_an_escape_is_kept() {
        assert_borrowed(r#"{"a"#);
        assert_borrowed(r#"{"a\"#);
        assert_eq!(escape_json(r#"{"{"#), r#"{"\u007b"#);
        assert_eq!(escape_json("{\"\\é{"), "{\"\\é\\u007b");
    }

    #[test]
    fn what_is_never_json_is_found() {
        assert_eq!(not_json("{}\r\n\t"), None);
        assert_eq!(not_json("{\0}"), Some(1));
        assert_eq!(not_json("{]]>}"), Some(1));
        assert_eq!(not_json("{}\u{FFFF}"), Some(2));
    }

    proptest! {
        #[test]
        fn escaped_json_means_the_same(text in "[{}\\]>\"\\\\\u{FFFE}a]{0,40}") {
            let json = serde_json::to_string(&serde_json::json!({ &text: [[&text]] })).unwrap();
            let escaped = escape_json(&json);
            let again: serde_json::Value = serde_json::from_str(&escaped).unwrap();
            prop_assert_eq!(again, serde_json::from_str::<serde_json::Value>(&json).unwrap());
            prop_assert_eq!(not_json(&escaped), None);
            prop_assert_eq!(escape_json(&escaped), escaped.as_ref());
        }

        #[test]
        fn any_text_stays_apart_from_the_escapes(text in "[{}\\]>\"\\\\\u{FFFE}\u{FFFF}aé]{0,40}") {
            let escaped = escape_json(&text);
            prop_assert!(escaped.len() >= text.len());
            prop_assert_eq!(escape_json(&escaped), escaped.as_ref());
        }
    }
}
