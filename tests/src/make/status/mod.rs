//! Status: what the issuer's list says, and lists that cannot be relied on.

mod drafts;
mod lists;
mod revocation_lists;

use super::badge::{WEB, entry, key_issuer, small, with_status};
use super::documents::{self, Document, LIST_URL, list, list_of, list_text};
use super::edit::{cut, swap, with};
use super::expected::{invalid, revoked, suspended, unknown, valid};
use super::sign::{self, carelessly, own_proof, signed};
use super::{Group, keys};

pub(super) fn group() -> Group {
    let mut group = Group::new("status");
    bits(&mut group);
    entries(&mut group);
    lists::strangers(&mut group);
    lists::lists(&mut group);
    lists::encodings(&mut group);
    revocation_lists::all(&mut group);
    drafts::all(&mut group);
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
    let refresh = || listed("list-refresh.json", "refresh", &[7]);
    group.add(
        "refresh.json",
        badge("refresh", "7"),
        valid()
            .knows([refresh()])
            .passes("status.message")
            .says("\"purpose\":\"refresh\""),
        "there is a newer badge to be had, and this one holds",
    );
    group.add(
        "refresh-not-set.json",
        badge("refresh", "8"),
        valid().knows([refresh()]).passes("status.clear"),
        "a newer badge is possible, and there is none",
    );
    group.add(
        "refresh-for-revocation.json",
        badge("revocation", "8"),
        unknown("status.list")
            .knows([refresh()])
            .says("\"reason\":\"other-purpose\""),
        "a list of badges that can be renewed, where revoked ones should be",
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
    let many: Vec<String> = (8..25)
        .map(|at| entry("revocation", &at.to_string()))
        .collect();
    group.add(
        "too-many-entries.json",
        with_entry(&format!("[{}]", many.join(","))),
        unknown("status.too-many").knows([documents::clear_list(&key_issuer())]),
        "more entries than are looked up",
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
        &list_of(&key_issuer(), "revocation", &lists::packed(&bits)),
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
    let said = swap(
        &swap(&wide, "revocation", "message"),
        "\"statusSize\": 2,",
        "\"statusSize\": 2,\n    \"statusMessage\": [{\"status\": \"0x0\", \"message\": \"current\"}, {\"status\": \"0x2\", \"message\": \"under review\"}],",
    );
    let messages = list(
        "list-messages.json",
        &list_of(&key_issuer(), "message", &lists::packed(&bits)),
    );
    group.add(
        "message-said.json",
        with_entry(&said),
        valid()
            .knows([messages])
            .passes("status.message")
            .says("under review"),
        "a message whose meaning the badge tells",
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
    group.add(
        "list-missing.json",
        badge("revocation", "7"),
        unknown("status.not-loaded").asks([LIST_URL]),
        "the list is not there",
    );
}
