//! Badges that were changed after they were signed.

mod dates;
mod lists;

use super::Group;
use super::badge::{key_issuer, small};
use super::edit::swap;
use super::expected::invalid;
use super::sign::signed;

pub(super) fn group() -> Group {
    let mut group = Group::new("altered");
    members(&mut group);
    lists::lists(&mut group);
    dates::dates_and_status(&mut group);
    dates::elsewhere(&mut group);
    group
}

fn badge() -> String {
    signed(&small(&key_issuer()))
}

fn members(group: &mut Group) {
    let badge = badge();
    for (file, old, new, why) in [
        (
            "name.json",
            "\"name\": \"First edits\",\n  \"issuer\"",
            "\"name\": \"Last edits\",\n  \"issuer\"",
            "the badge's name",
        ),
        ("id.json", "badges/7f3a", "badges/7f3b", "the badge's id"),
        (
            "issuer-name.json",
            "Example Wiki Group",
            "Example University",
            "the issuer's name",
        ),
        (
            "subject.json",
            "0f6a7b1c2d03",
            "0f6a7b1c2d04",
            "the recipient",
        ),
        (
            "achievement-id.json",
            "\"id\": \"https://issuer.example.org/achievements/first-edits\"",
            "\"id\": \"https://issuer.example.org/achievements/last-edits\"",
            "the achievement's id",
        ),
        (
            "achievement-type.json",
            "\"Badge\"",
            "\"Degree\"",
            "what kind of achievement it is",
        ),
        (
            "description.json",
            "Made ten edits",
            "Made 1000 edits",
            "the achievement's description",
        ),
        (
            "criteria.json",
            "Make ten edits.",
            "Make no edits.",
            "how it is earned",
        ),
        ("number.json", "1.5", "15", "the credits that were earned"),
        (
            "result.json",
            "\"value\": \"C\"",
            "\"value\": \"A\"",
            "the result",
        ),
        ("caption.json", "A pencil", "A pen", "an image's caption"),
        (
            "image.json",
            "images/first-edits.png",
            "images/other.png",
            "an image's address",
        ),
        (
            "type-added.json",
            "[\"Profile\"]",
            "[\"Profile\", \"Achievement\"]",
            "a class was added",
        ),
        (
            "awarded.json",
            "2026-01-09T16:30:00Z",
            "2016-01-09T16:30:00Z",
            "the day of the award",
        ),
        (
            "url.json",
            "\"url\": \"https://issuer.example.org\"",
            "\"url\": \"https://mallory.example.org\"",
            "the issuer's home page",
        ),
        (
            "space.json",
            "Made ten edits that stayed.",
            "Made ten edits that stayed. ",
            "a space at the end of a text",
        ),
        (
            "unicode.json",
            "First edits\",\n  \"issuer\"",
            "F\u{0456}rst edits\",\n  \"issuer\"",
            "a letter that looks like another",
        ),
    ] {
        group.add(
            file,
            swap(&badge, old, new),
            invalid("proof.signature"),
            why,
        );
    }
    for (file, passage, why) in [
        (
            "name-removed.json",
            "\n  \"name\": \"First edits\",\n  \"issuer\"",
            "the badge's name was taken out",
        ),
        (
            "awarded-removed.json",
            "\n  \"awardedDate\": \"2026-01-09T16:30:00Z\",",
            "a date was taken out",
        ),
    ] {
        let kept = if passage.ends_with("\"issuer\"") {
            "\n  \"issuer\""
        } else {
            ""
        };
        group.add(
            file,
            swap(&badge, passage, kept),
            invalid("proof.signature"),
            why,
        );
    }
    let evidence = swap(
        &badge,
        "\n  \"awardedDate\"",
        "\n  \"evidence\": [{\"type\": [\"Evidence\"], \"narrative\": \"I did it.\"}],\n  \"awardedDate\"",
    );
    group.add(
        "evidence-added.json",
        evidence,
        invalid("proof.signature"),
        "evidence was added",
    );
    let identity = r#""identifier": [{"type": "IdentityObject", "hashed": false, "identityHash": "Another Volunteer", "identityType": "userName"}],
    "creditsEarned""#;
    let identified = swap(&badge, "\"creditsEarned\"", identity);
    let expected = invalid("proof.signature")
        .recipient("Another Volunteer", None)
        .passes("recipient.matches");
    group.add(
        "identifier-added.json",
        identified,
        expected,
        "a recipient's name was added: it matches and proves nothing",
    );
}
