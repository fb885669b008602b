//! Documents that cannot be read in exactly one way, and those that are no badges.

mod contexts;
mod kinds;

use super::Group;
use super::badge::{key_issuer, small};
use super::edit::{swap, with};
use super::expected::invalid;
use super::sign::signed;

pub(super) fn group() -> Group {
    let mut group = Group::new("form");
    syntax(&mut group);
    contexts::contexts(&mut group);
    terms(&mut group);
    numbers(&mut group);
    kinds::graphs(&mut group);
    kinds::no_badges(&mut group);
    kinds::classes(&mut group);
    group
}

fn badge() -> String {
    signed(&small(&key_issuer()))
}

fn syntax(group: &mut Group) {
    let badge = badge();
    let refused = || invalid("form.syntax").asks([]);
    for (file, old, new, why) in [
        (
            "duplicate-end.json",
            "\"validUntil\":",
            "\"validUntil\": \"2037-01-10T09:00:00Z\",\n  \"validUntil\":",
            "an end stands twice: one is signed, another is read",
        ),
        (
            "duplicate-escaped.json",
            "\"validUntil\":",
            "\"valid\\u0055ntil\": \"2037-01-10T09:00:00Z\",\n  \"validUntil\":",
            "an end stands twice, once with an escape in its name",
        ),
        (
            "duplicate-deep.json",
            "\"caption\":",
            "\"caption\": \"A pen\",\n        \"caption\":",
            "a member stands twice, deep inside",
        ),
        (
            "comment.json",
            "\"validUntil\":",
            "/* soon */ \"validUntil\":",
            "a comment",
        ),
        (
            "trailing-comma.json",
            "\"wiki\", \"sources\"]",
            "\"wiki\", \"sources\",]",
            "a comma too many",
        ),
        (
            "single-quotes.json",
            "\"First edits\",\n  \"issuer\"",
            "'First edits',\n  \"issuer\"",
            "single quotes",
        ),
        (
            "line-break-in-text.json",
            "Made ten edits",
            "Made\nten edits",
            "a line break inside a text",
        ),
        (
            "lone-surrogate.json",
            "Made ten edits",
            "Made \\ud83d edits",
            "half a character",
        ),
        ("not-a-number.json", "1.5", "NaN", "a number that is none"),
        (
            "leading-zero.json",
            "1.5",
            "01.5",
            "a number with a zero before it",
        ),
        (
            "unquoted-name.json",
            "\"validUntil\":",
            "validUntil:",
            "a member's name without quotes",
        ),
    ] {
        group.add(file, swap(&badge, old, new), refused(), why);
    }
    group.add(
        "two-documents.json",
        format!("{badge}{badge}"),
        refused(),
        "a second document behind the first",
    );
    group.add(
        "cut-off.json",
        badge[..badge.len() / 2].to_owned(),
        refused(),
        "the end is missing",
    );
    let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let nested = with(&badge, &format!("\"deep\": {}", deep(63)));
    group.add(
        "depth-64.json",
        nested,
        invalid("form.json-ld").asks([]),
        "nested as deep as is read",
    );
    let nested = with(&badge, &format!("\"deep\": {}", deep(64)));
    group.add(
        "depth-65.json",
        nested,
        refused(),
        "nested deeper than is read",
    );
    let nested = with(&badge, &format!("\"deep\": {}", deep(5000)));
    group.add(
        "depth-5000.json",
        nested,
        refused(),
        "nested so deep that careless readers run out of stack",
    );
    let mut latin = badge.into_bytes();
    if let Some(at) = latin.windows(4).position(|bytes| bytes == b"Made") {
        latin[at] = 0xe9;
    }
    group.add(
        "not-utf-8.json",
        latin,
        invalid("form.not-a-badge").asks([]),
        "text in another encoding",
    );
}

fn terms(group: &mut Group) {
    let badge = badge();
    let refused = || invalid("form.json-ld").asks([]);
    for (file, old, new, why) in [
        (
            "term-undefined.json",
            "\"awardedDate\"",
            "\"grade\": \"A\",\n  \"awardedDate\"",
            "a member that no context defines would not be signed",
        ),
        (
            "term-undefined-deep.json",
            "\"caption\":",
            "\"grade\": \"A\",\n        \"caption\":",
            "a member that no context defines, deep inside",
        ),
        (
            "term-elsewhere.json",
            "\"awardedDate\"",
            "\"email\": \"a@example.org\",\n  \"awardedDate\"",
            "a member of another class has no meaning here",
        ),
        (
            "term-empty.json",
            "\"awardedDate\"",
            "\"\": \"A\",\n  \"awardedDate\"",
            "a member without a name",
        ),
        (
            "iri-relative.json",
            "https://issuer.example.org/images/first-edits.png",
            "images/first-edits.png",
            "a relative address would not be signed",
        ),
        (
            "iri-empty.json",
            "\"id\": \"https://issuer.example.org/images/first-edits.png\"",
            "\"id\": \"\"",
            "an empty address",
        ),
        (
            "iri-space.json",
            "images/first-edits.png",
            "images/first edits.png",
            "an address with a space",
        ),
        (
            "iri-injection.json",
            "images/first-edits.png",
            "images/a> <b> <c",
            "an address that looks like statements",
        ),
        (
            "iri-line-break.json",
            "images/first-edits.png",
            "images/a\\nb",
            "an address with a line break",
        ),
        (
            "iri-fragment.json",
            "\"id\": \"https://issuer.example.org/badges/7f3a\"",
            "\"id\": \"#7f3a\"",
            "a fragment as id",
        ),
        (
            "id-number.json",
            "\"id\": \"https://issuer.example.org/badges/7f3a\"",
            "\"id\": 7",
            "a number as id",
        ),
        (
            "language-malformed.json",
            "\"A pencil\"",
            "{\"@value\": \"A pencil\", \"@language\": \"e n\"}",
            "a language that is none",
        ),
        (
            "value-with-members.json",
            "\"A pencil\"",
            "{\"@value\": \"A pencil\", \"@language\": \"en\", \"name\": \"a\"}",
            "a text with members",
        ),
        (
            "value-of-object.json",
            "\"A pencil\"",
            "{\"@value\": {}, \"@language\": \"en\"}",
            "a text that is an object",
        ),
    ] {
        group.add(file, swap(&badge, old, new), refused(), why);
    }
    let shown = swap(
        &badge,
        "\"A pencil\"",
        "{\"@value\": \"A pencil\", \"@language\": \"en\"}",
    );
    group.add(
        "language-added.json",
        shown,
        invalid("schema.nonconforming").fails("proof.signature"),
        "a text was given a language",
    );
}

fn numbers(group: &mut Group) {
    let badge = badge();
    for (file, number, why) in [
        (
            "number-tiny.json",
            "1e-7",
            "a number that some sign as zero",
        ),
        (
            "number-beyond-double.json",
            "9007199254740993",
            "a whole number that a double does not hold",
        ),
        (
            "number-long.json",
            "1.5000000000000000001",
            "more digits than a double holds",
        ),
        (
            "number-negative-zero.json",
            "-0",
            "a zero whose sign only some keep",
        ),
        (
            "number-infinite.json",
            "1e400",
            "a number beyond all doubles",
        ),
        (
            "number-underflow.json",
            "1e-400",
            "a number that is zero as a double",
        ),
        (
            "number-exponent.json",
            "1e99999999999999999999",
            "an exponent beyond all numbers",
        ),
    ] {
        group.add(
            file,
            swap(&badge, "1.5", number),
            invalid("form.json-ld").asks([]),
            why,
        );
    }
}
