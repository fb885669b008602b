//! Dates, status and proofs that were changed.

use super::badge;
use crate::make::badge::{WEB, key_issuer, small, with_status};
use crate::make::edit::{between, cut, swap};
use crate::make::expected::invalid;
use crate::make::sign::signed;
use crate::make::{Group, documents};

pub(super) fn dates_and_status(group: &mut Group) {
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
        between(&revoked, ",\n  \"credentialStatus\"", "}"),
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

pub(super) fn elsewhere(group: &mut Group) {
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
    let value = between(&badge, "\"proofValue\":\"", "\"}");
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
    let swapped = swap(&badge, value, between(&stolen, "\"proofValue\":\"", "\"}"));
    group.add(
        "proof-of-another-badge.json",
        swapped,
        invalid("proof.signature"),
        "the proof of another badge by the same issuer",
    );
}
