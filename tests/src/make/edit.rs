//! Tampering with texts.

/// The text with one passage, which it has once, in another wording.
pub(super) fn swap(text: &str, old: &str, new: &str) -> String {
    let found = text.matches(old).count();
    assert_eq!(found, 1, "{old:?} occurs {found} times in {text}");
    text.replacen(old, new, 1)
}

/// The text without a passage.
pub(super) fn cut(text: &str, passage: &str) -> String {
    swap(text, passage, "")
}

/// An object's text with members at its end.
pub(super) fn with(object: &str, members: &str) -> String {
    let body = object.trim_end().strip_suffix('}').unwrap();
    format!("{},\n  {members}\n}}\n", body.trim_end())
}

/// The part of a text from one passage to another, both included.
pub(super) fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let from = text.find(start).unwrap();
    let length = start.len() + text[from + start.len()..].find(end).unwrap();
    &text[from..from + length + end.len()]
}
