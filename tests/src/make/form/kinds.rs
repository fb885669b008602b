//! Graphs without end, documents that are no badges, and badges that lack something.

use super::badge;
use crate::make::badge::{endorsement, full, key_issuer, minimal, small};
use crate::make::edit::{between, cut, swap};
use crate::make::expected::{invalid, unknown, valid};
use crate::make::sign::{carelessly, own_proof, signed_by};
use crate::make::{Group, keys};

pub(super) fn graphs(group: &mut Group) {
    let alignment =
        r#"{"type": ["Alignment"], "targetName": "A", "targetUrl": "https://example.org/a"}"#;
    let result = |count: usize| {
        let alignments = vec![alignment; count].join(", ");
        format!(r#"{{"type": ["Result"], "value": "C", "alignment": [{alignments}]}}"#)
    };
    let results = |results: usize, alignments: usize| {
        let same = vec![result(alignments); results].join(",\n      ");
        let badge = badge();
        let old = between(&badge, "\"result\": [", "\n    ]").to_owned();
        swap(&badge, &old, &format!("\"result\": [\n      {same}\n    ]"))
    };
    let refused = || invalid("form.json-ld").says("too-complex").asks([]);
    group.add(
        "graph-poison.json",
        results(2, 12),
        refused(),
        "a few nodes that are so alike that telling them apart takes for ever",
    );
    group.add(
        "graph-poison-wide.json",
        results(40, 6),
        refused(),
        "many nodes that are alike",
    );
    group.add(
        "graph-alike.json",
        results(2, 3),
        invalid("proof.signature").asks([]),
        "a few alike nodes are told apart",
    );
    let (badge, _) = full();
    let loop_to_itself = swap(
        &badge,
        "\"id\": \"https://top.example.org/profile\"",
        "\"id\": \"https://parent.example.org/profile\"",
    );
    group.add(
        "graph-loop.json",
        loop_to_itself,
        invalid("proof.signature").unknown("status.unasked"),
        "an organisation that is part of itself",
    );
}

pub(super) fn no_badges(group: &mut Group) {
    let issuer = key_issuer();
    let none = || invalid("form.not-a-badge").asks([]);
    for (file, text, why) in [
        ("empty.json", "", "nothing"),
        ("spaces.json", " \n\t ", "nothing but spaces"),
        (
            "page.json",
            "<!DOCTYPE html>\n<title>Not found</title>\n",
            "a web page",
        ),
        ("words.json", "Congratulations!\n", "words"),
        ("number.json", "7", "a number"),
        ("empty-object.json", "{}", "an empty object"),
        (
            "other-object.json",
            "{\"name\": \"First edits\"}",
            "an object about something else",
        ),
        ("did.json", "did:web:issuer.example.org", "a DID"),
    ] {
        group.add(file, text, none(), why);
    }
    group.add(
        "list.json",
        format!("[{}]", badge()),
        none(),
        "a list of badges",
    );
    let old = r#"{
  "@context": "https://w3id.org/openbadges/v2",
  "type": "Assertion",
  "id": "https://issuer.example.org/assertions/7f3a",
  "recipient": {"type": "email", "hashed": false, "identity": "a@example.org"},
  "badge": "https://issuer.example.org/badgeclasses/first-edits",
  "verification": {"type": "HostedBadge"},
  "issuedOn": "2026-01-10T09:00:00Z"
}
"#;
    group.add(
        "open-badges-2.json",
        old,
        unknown("proof.document-not-loaded").asks(["https://issuer.example.org/assertions/7f3a"]),
        "an Open Badges 2.0 assertion, which counts only as it stands at its address",
    );
    let other = |kind: &str| {
        let badge = swap(&minimal(&issuer), ", \"OpenBadgeCredential\"]", kind);
        carelessly(&badge, &own_proof(&badge), &keys::issuer())
    };
    let refused = || invalid("form.type").asks([]);
    group.add(
        "plain-credential.json",
        other("]"),
        refused(),
        "a credential that is no badge",
    );
    let presentation = format!(
        "{{\n  \"@context\": [\"https://www.w3.org/ns/credentials/v2\"],\n  \"type\": [\"VerifiablePresentation\"],\n  \"verifiableCredential\": [{}]\n}}\n",
        badge()
    );
    group.add(
        "presentation.json",
        presentation,
        refused(),
        "a presentation of a badge, not the badge",
    );
    let alone = endorsement(
        "urn:uuid:2f0c6c0e-8f0b-4a6f-9f6e-1d2c3b4a5f02",
        &keys::did(&keys::endorser()),
        "urn:uuid:1",
    );
    let alone = signed_by(&alone, &keys::endorser());
    group.add(
        "endorsement.json",
        alone,
        valid().asks([]),
        "an endorsement on its own is judged as what it is",
    );
}

pub(super) fn classes(group: &mut Group) {
    let issuer = key_issuer();
    let nonconforming = || invalid("schema.nonconforming");
    let small = small(&issuer);
    for (file, old, new, why) in [
        (
            "no-id.json",
            "\n  \"id\": \"https://issuer.example.org/badges/7f3a\",",
            "",
            "a badge without an id",
        ),
        (
            "no-recipient.json",
            "\n    \"id\": \"urn:uuid:77a1f0c4-52a8-4d4e-8d6e-0f6a7b1c2d03\",",
            "",
            "a badge for nobody",
        ),
        (
            "no-description.json",
            "\n      \"description\": \"Made ten edits that stayed.\",",
            "",
            "an achievement without a description",
        ),
        (
            "two-subjects.json",
            "\"credentialSubject\": {",
            "\"credentialSubject\": [{\"id\": \"urn:uuid:1\", \"type\": [\"AchievementSubject\"]}, {",
            "two recipients",
        ),
        (
            "status-invented.json",
            "\"value\": \"C\"",
            "\"value\": \"C\", \"status\": \"Splendid\"",
            "a result's status that the standard does not have",
        ),
    ] {
        let badge = swap(&small, old, new);
        let badge = match file {
            "two-subjects.json" => {
                let closed = badge.trim_end().strip_suffix('}').unwrap().trim_end();
                format!("{closed}]\n}}\n")
            }
            _ => badge,
        };
        let proof = own_proof(&badge);
        group.add(
            file,
            carelessly(&badge, &proof, &keys::issuer()),
            nonconforming(),
            why,
        );
    }
    let no_issuer = cut(
        &small,
        &format!("{}\n  ", between(&small, "\"issuer\": {", "},")),
    );
    let usual = own_proof(&small);
    let unknown_key = nonconforming().asks([]);
    group.add(
        "no-issuer.json",
        carelessly(&no_issuer, &usual, &keys::issuer()),
        unknown_key,
        "a badge by nobody",
    );
}
