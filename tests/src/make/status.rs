//! Status: what the issuer's list says, and lists that cannot be relied on.

use badges_core::status::{MAX_BYTES, StatusBits};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::Group;
use super::badge::{WEB, entry, key_issuer, small, with_status};
use super::documents::{self, Document, LIST_URL, list, list_of, list_text};
use super::edit::{cut, swap, with};
use super::expected::{Expected, invalid, revoked, suspended, unknown, valid};
use super::good::own_proof;
use super::keys;
use super::sign::{self, carelessly, signed, signed_by, signed_with};

pub(super) fn group() -> Group {
    let mut group = Group::new("status");
    bits(&mut group);
    entries(&mut group);
    strangers(&mut group);
    lists(&mut group);
    encodings(&mut group);
    group
}

fn badge(purpose: &str, index: &str) -> String {
    signed(&with_status(&small(&key_issuer()), purpose, index))
}

fn listed(file: &str, purpose: &str, set: &[u64]) -> Document {
    list(file, &list_text(&key_issuer(), purpose, set))
}

fn bits(group: &mut Group) {
    let revocation = || listed("list-revoked.json", "revocation", &[0, 7, 131_071]);
    let suspension = || listed("list-suspended.json", "suspension", &[7]);
    for (file, index) in [
        ("revoked.json", "7"),
        ("revoked-first.json", "0"),
        ("revoked-last.json", "131071"),
    ] {
        let why = format!("entry {index} is set");
        group.add(
            file,
            badge("revocation", index),
            revoked().knows([revocation()]).asks([LIST_URL]),
            &why,
        );
    }
    for (file, index) in [
        ("neighbour-before.json", "6"),
        ("neighbour-after.json", "8"),
    ] {
        group.add(
            file,
            badge("revocation", index),
            valid().knows([revocation()]),
            "the entry beside it is set",
        );
    }
    group.add(
        "suspended.json",
        badge("suspension", "7"),
        suspended().knows([suspension()]),
        "taken back for now",
    );
    group.add(
        "not-suspended.json",
        badge("suspension", "8"),
        valid().knows([suspension()]),
        "suspension is possible, and not so",
    );
    let message = listed("list-message.json", "message", &[7]);
    group.add(
        "message.json",
        badge("message", "7"),
        valid().knows([message]).passes("status.message"),
        "a status that takes nothing back",
    );
    let late = revoked()
        .knows([revocation()])
        .fails("validity.expired")
        .at("2027-06-01T00:00:00Z");
    group.add(
        "revoked-and-expired.json",
        badge("revocation", "7"),
        late,
        "revoked comes before expired",
    );
    let web = signed(&with_status(&small(WEB), "revocation", "7"));
    let web_list = list("list-revoked-7.json", &list_text(WEB, "revocation", &[7]));
    let expected = revoked()
        .knows([documents::did_web(), web_list])
        .asks([documents::WEB_URL, LIST_URL]);
    group.add(
        "revoked-web.json",
        web,
        expected,
        "the issuer's key is asked for first, then its list",
    );
    let text = list_text(&key_issuer(), "revocation", &[7]);
    let header = format!(
        r#"{{"alg":"EdDSA","kid":"{}"}}"#,
        sign::own_method(&text, &keys::issuer())
    );
    let jwt = sign::jws(&header, &text, |message| {
        keys::issuer().sign(message).unwrap()
    });
    group.add(
        "list-as-jwt.json",
        badge("revocation", "7"),
        revoked().knows([Document::new("list-revoked.jwt", LIST_URL, jwt)]),
        "the list is a JWT",
    );
    let token = sign::jwt_by(
        &with_status(&small(&key_issuer()), "revocation", "7"),
        &keys::issuer(),
    );
    group.add(
        "jwt-revoked.jwt",
        token,
        revoked().knows([revocation()]),
        "a revoked JWT",
    );
}

/// The badge with this `credentialStatus`, signed by somebody who does not ask the library.
fn with_entry(status: &str) -> String {
    let badge = small(&key_issuer());
    let proof = own_proof(&badge);
    carelessly(
        &with(&badge, &format!("\"credentialStatus\": {status}")),
        &proof,
        &keys::issuer(),
    )
}

fn entries(group: &mut Group) {
    let seven = || listed("list-revoked.json", "revocation", &[0, 7, 131_071]);
    let usual = entry("revocation", "7");
    let number = swap(
        &usual,
        "\"statusListIndex\": \"7\"",
        "\"statusListIndex\": 7",
    );
    group.add(
        "index-number.json",
        with_entry(&number),
        revoked().knows([seven()]),
        "the index as a number, as 1EdTech's examples have it",
    );
    let anonymous = cut(
        &usual,
        "\"id\": \"https://issuer.example.org/status/1#7\",\n    ",
    );
    group.add(
        "no-id.json",
        with_entry(&anonymous),
        revoked().knows([seven()]),
        "an entry without an id",
    );
    let suspension_list = "https://issuer.example.org/status/2";
    let second = entry("suspension", "9").replace("status/1", "status/2");
    let suspended_list = listed("list-2-suspended.json", "suspension", &[9]).at(suspension_list);
    let both = with_entry(&format!("[{usual}, {second}]"));
    let expected = revoked()
        .fails("status.suspended")
        .knows([seven(), suspended_list.clone()])
        .asks([LIST_URL, suspension_list]);
    group.add(
        "revoked-and-suspended.json",
        both,
        expected,
        "two entries, both set: the worse counts",
    );
    let clear = with_entry(&format!("[{}, {second}]", entry("revocation", "8")));
    let expected = suspended()
        .passes("status.clear")
        .knows([seven(), suspended_list]);
    group.add(
        "second-entry-suspended.json",
        clear,
        expected,
        "two entries, the second one set",
    );
    let shared = format!("[{usual}, {}]", swap(&entry("revocation", "8"), "#8", "#7"));
    let swapped = with_entry(&shared);
    group.add(
        "entries-of-one-id.json",
        swapped,
        unknown("status.entry")
            .unknown("status.entry")
            .knows([seven()]),
        "two entries with one id: their members can change places unseen",
    );
    for (file, old, new, expected, why) in [
        (
            "index-negative.json",
            "\"statusListIndex\": \"7\"",
            "\"statusListIndex\": \"-7\"",
            invalid("schema.nonconforming").unknown("status.entry"),
            "an index below zero",
        ),
        (
            "index-fraction.json",
            "\"statusListIndex\": \"7\"",
            "\"statusListIndex\": 7.5",
            invalid("schema.nonconforming").unknown("status.entry"),
            "an index between two entries",
        ),
        (
            "index-absent.json",
            "\"statusListIndex\": \"7\",",
            "",
            invalid("schema.nonconforming").unknown("status.entry"),
            "no index",
        ),
        (
            "purpose-absent.json",
            "\"statusPurpose\": \"revocation\",",
            "",
            invalid("schema.nonconforming").unknown("status.entry"),
            "no purpose",
        ),
        (
            "purpose-invented.json",
            "\"revocation\"",
            "\"annulment\"",
            unknown("status.type"),
            "a purpose that nobody knows",
        ),
        (
            "size-0.json",
            "\"statusListIndex\"",
            "\"statusSize\": 0,\n    \"statusListIndex\"",
            unknown("status.entry"),
            "entries of no bits",
        ),
        (
            "size-65.json",
            "\"statusListIndex\"",
            "\"statusSize\": 65,\n    \"statusListIndex\"",
            unknown("status.entry"),
            "entries of more bits than are read",
        ),
        (
            "list-http.json",
            "\"https://issuer.example.org/status/1\"",
            "\"http://issuer.example.org/status/1\"",
            unknown("status.not-loaded").asks([]),
            "a list that could be changed on its way",
        ),
        (
            "list-file.json",
            "\"https://issuer.example.org/status/1\"",
            "\"file:///etc/passwd\"",
            unknown("status.not-loaded").asks([]),
            "a list on the verifier's own disk",
        ),
    ] {
        group.add(
            file,
            with_entry(&swap(&usual, old, new)),
            expected.knows([seven()]),
            why,
        );
    }
    let wide = swap(
        &usual,
        "\"statusListIndex\"",
        "\"statusSize\": 2,\n    \"statusListIndex\"",
    );
    let mut bits = vec![0; 32_768];
    bits[1] = 0b0000_0010;
    let twos = list(
        "list-two-bits.json",
        &list_of(&key_issuer(), "revocation", &packed(&bits)),
    );
    group.add(
        "size-2.json",
        with_entry(&wide),
        revoked().knows([twos.clone()]),
        "entries of two bits, this one not zero",
    );
    group.add(
        "size-2-read-as-1.json",
        with_entry(&usual),
        valid().knows([twos]),
        "the same list, read with entries of one bit",
    );
    let moved = with_entry(&format!(
        "[{}, {}]",
        usual,
        r#"{"id": "https://issuer.example.org/status/1#7", "type": "BitstringStatusListEntry", "statusSize": 2}"#
    ));
    group.add(
        "size-apart.json",
        moved,
        invalid("schema.nonconforming")
            .unknown("status.entry")
            .unknown("status.entry")
            .knows([seven()]),
        "the size in an entry of its own with the same id",
    );
    for (file, kind, context, why) in [
        (
            "type-1edtech.json",
            "1EdTechRevocationList",
            "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
            "1EdTech's older kind of list",
        ),
        (
            "type-2021.json",
            "StatusList2021Entry",
            "https://w3id.org/vc/status-list/2021/v1",
            "the draft before the bitstring",
        ),
    ] {
        let status =
            format!(r#"{{"id": "https://issuer.example.org/status/1#7", "type": "{kind}"}}"#);
        let badge = swap(
            &small(&key_issuer()),
            "context-3.0.3.json\"",
            &format!("context-3.0.3.json\",\n    \"{context}\""),
        );
        let badge = carelessly(
            &with(&badge, &format!("\"credentialStatus\": {status}")),
            &own_proof(&badge),
            &keys::issuer(),
        );
        group.add(file, badge, unknown("status.type").asks([]), why);
    }
    group.add(
        "list-missing.json",
        badge("revocation", "7"),
        unknown("status.not-loaded").asks([LIST_URL]),
        "the list is not there",
    );
}

/// A badge whose entry is clear, if the list can be relied on.
fn judged_by(group: &mut Group, file: &str, document: Document, expected: Expected, why: &str) {
    group.add(
        file,
        badge("revocation", "9"),
        expected.knows([document]),
        why,
    );
}

fn strangers(group: &mut Group) {
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
    let set = super::edit::between(&cleared, "\"encodedList\": \"", "\",").to_owned();
    let cleared = swap(
        &cleared,
        &set,
        super::edit::between(&clear, "\"encodedList\": \"", "\","),
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

fn lists(group: &mut Group) {
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
}

/// Packs bytes as a list does.
fn packed(bytes: &[u8]) -> String {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let packed = encoder.write_all(bytes).and_then(|()| encoder.finish());
    format!("u{}", URL_SAFE_NO_PAD.encode(packed.unwrap()))
}

fn encodings(group: &mut Group) {
    let fault = |word: &str| unknown("status.list").says(&format!("\"reason\":\"{word}\""));
    let usual = StatusBits::default().encode();
    let mut per_byte = vec![0; 131_072];
    per_byte[9] = 1;
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
            valid(),
            "a list with a byte an entry is read by bits all the same: entry 9 is clear",
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
