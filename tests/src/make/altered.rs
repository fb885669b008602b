//! Badges that were changed after they were signed.

use super::Group;
use super::badge::{WEB, key_issuer, small, with_status};
use super::documents;
use super::edit::{cut, swap};
use super::expected::{invalid, valid};
use super::sign::signed;

pub(super) fn group() -> Group {
    let mut group = Group::new("altered");
    members(&mut group);
    lists(&mut group);
    dates_and_status(&mut group);
    elsewhere(&mut group);
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

fn lists(group: &mut Group) {
    let badge = badge();
    let values = "[\"A\", \"B\", \"C\", \"D\"]";
    for (file, new, why) in [
        (
            "allowed-value.json",
            "[\"A\", \"B\", \"C\", \"F\"]",
            "an item of an ordered list",
        ),
        (
            "allowed-order.json",
            "[\"C\", \"B\", \"A\", \"D\"]",
            "the order of an ordered list",
        ),
        (
            "allowed-shorter.json",
            "[\"A\", \"B\", \"C\"]",
            "an ordered list without its last item",
        ),
        (
            "allowed-longer.json",
            "[\"A\", \"B\", \"C\", \"D\", \"E\"]",
            "an ordered list with one item more",
        ),
        (
            "allowed-twice.json",
            "[\"A\", \"B\", \"C\", \"D\", \"D\"]",
            "an ordered list with its last item twice",
        ),
        (
            "allowed-empty.json",
            "[]",
            "an ordered list that was emptied",
        ),
    ] {
        group.add(
            file,
            swap(&badge, values, new),
            invalid("proof.signature"),
            why,
        );
    }
    let tags = "[\"editing\", \"wiki\", \"sources\"]";
    for (file, new, why) in [
        (
            "tag-added.json",
            "[\"editing\", \"wiki\", \"sources\", \"physics\"]",
            "a tag was added",
        ),
        (
            "tag-removed.json",
            "[\"editing\", \"wiki\"]",
            "a tag was taken out",
        ),
        ("tags-removed.json", "[]", "all tags were taken out"),
    ] {
        group.add(
            file,
            swap(&badge, tags, new),
            invalid("proof.signature"),
            why,
        );
    }
    for (file, new, why) in [
        (
            "tags-reordered.json",
            "[\"sources\", \"editing\", \"wiki\"]",
            "harmless: tags are a set, and its order means nothing",
        ),
        (
            "tag-twice.json",
            "[\"editing\", \"wiki\", \"sources\", \"wiki\"]",
            "harmless: in a set, twice is once",
        ),
    ] {
        group.add(file, swap(&badge, tags, new), valid(), why);
    }
    let moved = cut(&badge, "\n  \"validUntil\": \"2027-01-10T09:00:00Z\",");
    let moved = swap(
        &moved,
        "\"awardedDate\"",
        "\"validUntil\": \"2027-01-10T09:00:00Z\",\n  \"awardedDate\"",
    );
    group.add(
        "member-order.json",
        moved,
        valid(),
        "harmless: the order of members means nothing",
    );
}

fn dates_and_status(group: &mut Group) {
    let badge = badge();
    let late = "2029-01-01T00:00:00Z";
    let expected = || invalid("proof.signature").at(late);
    let longer = swap(&badge, "2027-01-10T09:00:00Z", "2037-01-10T09:00:00Z");
    group.add(
        "valid-until-later.json",
        longer,
        expected(),
        "an expired badge whose end was moved",
    );
    let endless = cut(&badge, "\n  \"validUntil\": \"2027-01-10T09:00:00Z\",");
    group.add(
        "valid-until-removed.json",
        endless,
        expected(),
        "an expired badge whose end was taken out",
    );
    let earlier = swap(
        &badge,
        "2026-01-10T09:00:00Z\",\n  \"validUntil",
        "2016-01-10T09:00:00Z\",\n  \"validUntil",
    );
    group.add(
        "valid-from-earlier.json",
        earlier,
        invalid("proof.signature"),
        "the begin was moved",
    );
    let same = swap(&badge, "2027-01-10T09:00:00Z", "2027-01-10T10:00:00+01:00");
    group.add(
        "valid-until-zone.json",
        same,
        invalid("proof.signature"),
        "the same moment in another zone is another text",
    );

    let revoked = signed(&with_status(&small(WEB), "revocation", "7"));
    let list = documents::list(
        "list-revoked-7.json",
        &documents::list_text(WEB, "revocation", &[7]),
    );
    let knows = || {
        invalid("proof.signature")
            .unknown("status.unasked")
            .knows([documents::did_web(), list.clone()])
            .asks([documents::WEB_URL])
    };
    for (file, old, new, why) in [
        (
            "status-index.json",
            "\"statusListIndex\": \"7\"",
            "\"statusListIndex\": \"8\"",
            "the entry of another badge",
        ),
        (
            "status-list.json",
            "\"https://issuer.example.org/status/1\"",
            "\"https://mallory.example.org/status/1\"",
            "another list: it is never asked for",
        ),
        (
            "status-purpose.json",
            "\"revocation\"",
            "\"message\"",
            "another purpose",
        ),
        (
            "status-number.json",
            "\"statusListIndex\": \"7\"",
            "\"statusListIndex\": 7",
            "a number instead of a text",
        ),
    ] {
        group.add(file, swap(&revoked, old, new), knows(), why);
    }
    let unrevoked = cut(
        &revoked,
        super::edit::between(&revoked, ",\n  \"credentialStatus\"", "}"),
    );
    let expected = invalid("proof.signature")
        .knows([documents::did_web(), list.clone()])
        .asks([documents::WEB_URL]);
    group.add(
        "status-removed.json",
        unrevoked,
        expected,
        "a revoked badge without its entry",
    );
}

fn elsewhere(group: &mut Group) {
    let badge = badge();
    for (file, old, new, why) in [
        (
            "proof-created.json",
            "\"created\":\"2026-01-10T09:00:00Z\"",
            "\"created\":\"2025-01-10T09:00:00Z\"",
            "when the proof was made",
        ),
        (
            "proof-added.json",
            "\"created\":",
            "\"expires\":\"2036-01-10T09:00:00Z\",\"created\":",
            "a member was added to the proof",
        ),
        (
            "proof-nonce.json",
            "\"created\":",
            "\"nonce\":\"a\",\"created\":",
            "a nonce was added to the proof",
        ),
        (
            "proof-domain.json",
            "\"created\":",
            "\"domain\":\"https://wallet.example.org\",\"created\":",
            "a domain was added to the proof",
        ),
        (
            "proof-id.json",
            "{\"type\":\"DataIntegrityProof\"",
            "{\"id\":\"urn:uuid:1\",\"type\":\"DataIntegrityProof\"",
            "an id was added to the proof",
        ),
    ] {
        group.add(
            file,
            swap(&badge, old, new),
            invalid("proof.signature"),
            why,
        );
    }
    let value = super::edit::between(&badge, "\"proofValue\":\"", "\"}");
    let digit = value.len() - 5;
    let other = if value.as_bytes()[digit] == b'a' {
        'b'
    } else {
        'a'
    };
    let changed: String = value
        .chars()
        .enumerate()
        .map(|(at, it)| if at == digit { other } else { it })
        .collect();
    group.add(
        "proof-value.json",
        swap(&badge, value, &changed),
        invalid("proof.signature"),
        "one digit of the signature",
    );
    let without_name = swap(&small(&key_issuer()), "Made ten edits", "Made 1000 edits");
    let stolen = signed(&without_name);
    let swapped = swap(
        &badge,
        value,
        super::edit::between(&stolen, "\"proofValue\":\"", "\"}"),
    );
    group.add(
        "proof-of-another-badge.json",
        swapped,
        invalid("proof.signature"),
        "the proof of another badge by the same issuer",
    );
}
