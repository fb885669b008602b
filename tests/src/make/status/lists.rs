//! Lists that cannot be relied on.

use badges_core::status::{MAX_BYTES, StatusBits};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{badge, listed};
use crate::make::badge::{WEB, key_issuer, small, with_status};
use crate::make::documents::{self, Document, LIST_URL, list, list_of, list_text};
use crate::make::edit::{between, swap};
use crate::make::expected::{Expected, revoked, unknown, valid};
use crate::make::sign::{self, carelessly, own_proof, signed, signed_by, signed_with};
use crate::make::{Group, keys};

/// A badge whose entry is clear, if the list can be relied on.
pub(super) fn judged_by(
    group: &mut Group,
    file: &str,
    document: Document,
    expected: Expected,
    why: &str,
) {
    group.add(
        file,
        badge("revocation", "9"),
        expected.knows([document]),
        why,
    );
}

pub(super) fn strangers(group: &mut Group) {
    let clear = list_text(&key_issuer(), "revocation", &[]);
    let fault = |word: &str| unknown("status.list").says(&format!("\"reason\":\"{word}\""));
    let other = list_text(&keys::did(&keys::mallory()), "revocation", &[]);
    let other = Document::new(
        "list-of-another.json",
        LIST_URL,
        signed_by(&other, &keys::mallory()),
    );
    judged_by(
        group,
        "list-of-another.json",
        other,
        fault("other-issuer"),
        "another issuer's list",
    );
    let unsigned = Document::new("list-unsigned.json", LIST_URL, clear.clone());
    judged_by(
        group,
        "list-unsigned.json",
        unsigned,
        fault("proof"),
        "a list without a proof",
    );
    let method = sign::own_method(&clear, &keys::issuer());
    let forged = Document::new(
        "list-forged.json",
        LIST_URL,
        signed_with(&clear, &keys::mallory(), &method),
    );
    judged_by(
        group,
        "list-forged.json",
        forged,
        fault("proof"),
        "a list signed by somebody else in the issuer's name",
    );
    let mallory = keys::mallory();
    let method = format!("{}#{}", keys::did(&mallory), keys::multikey(&mallory));
    let own_key = Document::new(
        "list-own-key.json",
        LIST_URL,
        signed_with(&clear, &mallory, &method),
    );
    judged_by(
        group,
        "list-own-key.json",
        own_key,
        fault("proof"),
        "a list signed with a key that is not the issuer's",
    );
    let cleared = signed(&list_text(&key_issuer(), "revocation", &[9]));
    let set = between(&cleared, "\"encodedList\": \"", "\",").to_owned();
    let cleared = swap(
        &cleared,
        &set,
        between(&clear, "\"encodedList\": \"", "\","),
    );
    judged_by(
        group,
        "list-altered.json",
        Document::new("list-altered.json", LIST_URL, cleared),
        fault("proof"),
        "a list that was changed after it was signed",
    );
    let badge = Document::new(
        "list-is-a-badge.json",
        LIST_URL,
        signed(&small(&key_issuer())),
    );
    judged_by(
        group,
        "list-is-a-badge.json",
        badge,
        fault("other-type"),
        "a badge where the list should be",
    );
    let page = documents::web_page().at(LIST_URL);
    judged_by(
        group,
        "list-is-a-page.json",
        page,
        fault("unreadable"),
        "a web page where the list should be",
    );
    let web = signed(&with_status(&small(WEB), "revocation", "9"));
    let elsewhere = list_text(WEB, "revocation", &[]);
    let method = format!("{WEB}#{}", keys::multikey(&mallory));
    let elsewhere = Document::new(
        "list-unlisted-key.json",
        LIST_URL,
        signed_with(&elsewhere, &mallory, &method),
    );
    let expected = fault("proof")
        .knows([documents::did_web(), elsewhere])
        .asks([documents::WEB_URL, LIST_URL]);
    group.add(
        "list-unlisted-key.json",
        web,
        expected,
        "a list signed with a key that the issuer's document does not list",
    );
}

pub(super) fn lists(group: &mut Group) {
    let clear = list_text(&key_issuer(), "revocation", &[]);
    let fault = |word: &str| unknown("status.list").says(&format!("\"reason\":\"{word}\""));
    let mut changed = |file: &str, old: &str, new: &str, expected: Expected, why: &str| {
        let text = swap(&clear, old, new);
        let proof = own_proof(&text);
        let document = Document::new(file, LIST_URL, carelessly(&text, &proof, &keys::issuer()));
        judged_by(group, file, document, expected, why);
    };
    let from = "\"validFrom\": \"2026-05-31T12:00:00Z\"";
    let until = |date: &str| format!("{from},\n  \"validUntil\": {date}");
    changed(
        "list-expired.json",
        from,
        &until("\"2026-06-01T11:00:00Z\""),
        fault("dates"),
        "a list whose time is over",
    );
    changed(
        "list-current.json",
        from,
        &until("\"2026-06-02T12:00:00Z\""),
        valid(),
        "a list whose time is now",
    );
    const NEWER: &str = "2026-05-31T12:00:01Z";
    let issuer = key_issuer();
    for (file, (issuer, newest), expected, why) in [
        (
            "list-replayed.json",
            (&*issuer, NEWER),
            fault("replayed"),
            "a list that is older than one that was there before",
        ),
        (
            "list-again.json",
            (&issuer, "2026-05-31T12:00:00Z"),
            valid(),
            "the list that was there before",
        ),
        (
            "list-beside-another.json",
            ("did:web:other.example.org", NEWER),
            valid(),
            "another issuer's newer list was there before",
        ),
    ] {
        let expected = expected.met(LIST_URL, issuer, newest);
        changed(file, from, from, expected, why);
    }
    changed(
        "list-expired-array.json",
        from,
        &until("[\"2026-06-01T11:00:00Z\"]"),
        fault("unreadable"),
        "a list whose end stands in an array, where nobody reads it",
    );
    changed(
        "list-expired-no-zone.json",
        from,
        &until("\"2026-06-01T11:00:00\""),
        fault("unreadable"),
        "a list whose end has no zone",
    );
    changed(
        "list-not-yet.json",
        from,
        "\"validFrom\": \"2026-06-02T12:00:00Z\"",
        fault("dates"),
        "a list whose time has not come",
    );
    changed(
        "list-other-purpose.json",
        "\"revocation\"",
        "\"suspension\"",
        fault("other-purpose"),
        "a list for another purpose",
    );
    changed(
        "list-purposes.json",
        "\"revocation\"",
        "[\"suspension\", \"revocation\"]",
        valid(),
        "a list for two purposes",
    );
    changed(
        "list-no-purpose.json",
        "\n    \"statusPurpose\": \"revocation\",",
        "",
        fault("unreadable"),
        "a list for no purpose",
    );
    changed(
        "list-plain-credential.json",
        ", \"BitstringStatusListCredential\"",
        "",
        fault("other-type"),
        "a credential that does not say it is a list",
    );
    let set = list_text(&key_issuer(), "revocation", &[9]);
    group.add(
        "list-replayed-revoked.json",
        badge("revocation", "9"),
        revoked()
            .knows([list("list-set.json", &set)])
            .met(LIST_URL, &issuer, NEWER),
        "an old list that revokes all the same",
    );
}

/// Packs bytes as a list does.
pub(super) fn packed(bytes: &[u8]) -> String {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let packed = encoder.write_all(bytes).and_then(|()| encoder.finish());
    format!("u{}", URL_SAFE_NO_PAD.encode(packed.unwrap()))
}

pub(super) fn encodings(group: &mut Group) {
    let fault = |word: &str| unknown("status.list").says(&format!("\"reason\":\"{word}\""));
    let usual = StatusBits::default().encode();
    let mut per_byte = vec![0; 131_072];
    for index in [9, 70, 4_000, 100_000] {
        per_byte[index] = 1;
    }
    let as_text = vec![b'0'; 131_072];
    let mut ends_of_bytes = vec![0; 16_384];
    ends_of_bytes[3..10].fill(1);
    let mut from_the_right = vec![0; 16_384];
    from_the_right[1] = 0b0000_0010;
    let mut from_the_left = vec![0; 16_384];
    from_the_left[1] = 0b0100_0000;
    for (file, encoded, expected, why) in [
        (
            "list-short.json",
            packed(&[0; 16_383]),
            fault("too-short"),
            "a list shorter than an entry can hide in",
        ),
        (
            "list-shortest.json",
            packed(&[0; 16_384]),
            valid(),
            "the shortest list that is allowed",
        ),
        (
            "list-empty.json",
            packed(&[]),
            fault("too-short"),
            "an empty list",
        ),
        (
            "list-bomb.json",
            packed(&vec![0; MAX_BYTES + 1]),
            fault("too-large"),
            "a few bytes that unpack to more than is read",
        ),
        (
            "list-longest.json",
            packed(&vec![0; MAX_BYTES]),
            valid(),
            "the longest list that is read",
        ),
        (
            "list-padded.json",
            format!("{usual}=="),
            fault("malformed"),
            "a list in padded base64",
        ),
        (
            "list-no-prefix.json",
            usual[1..].to_owned(),
            fault("malformed"),
            "a list without the letter that names the alphabet",
        ),
        (
            "list-base58.json",
            format!("z{}", bs58::encode([0x1f, 0x8b]).into_string()),
            fault("malformed"),
            "a list in another alphabet",
        ),
        (
            "list-not-packed.json",
            format!("u{}", URL_SAFE_NO_PAD.encode([0; 16])),
            fault("malformed"),
            "a list that is not packed",
        ),
        (
            "list-cut.json",
            usual[..usual.len() - 8].to_owned(),
            fault("malformed"),
            "a list that was cut off",
        ),
        (
            "list-byte-per-entry.json",
            packed(&per_byte),
            fault("bytewise"),
            "a list with a byte an entry: entry 9 is set, and its bit is clear",
        ),
        (
            "list-text.json",
            packed(&as_text),
            fault("bytewise"),
            "a list of zeros and ones as text",
        ),
        (
            "list-ends-of-bytes.json",
            packed(&ends_of_bytes),
            valid(),
            "a few entries, each the last of its byte, are no list with a byte an entry",
        ),
        (
            "list-from-the-right.json",
            packed(&from_the_right),
            valid(),
            "bits are counted from the left: entry 9 is clear",
        ),
        (
            "list-from-the-left.json",
            packed(&from_the_left),
            revoked(),
            "bits are counted from the left: entry 9 is set",
        ),
    ] {
        let document = list(file, &list_of(&key_issuer(), "revocation", &encoded));
        judged_by(group, file, document, expected, why);
    }
    let clear = listed("list-clear.json", "revocation", &[]);
    group.add(
        "index-beyond.json",
        badge("revocation", "131072"),
        fault("out-of-range").knows([clear.clone()]),
        "an index just beyond the list",
    );
    group.add(
        "index-huge.json",
        badge("revocation", "18446744073709551615"),
        fault("out-of-range").knows([clear]),
        "the greatest index that can be written",
    );
}
