//! StatusList2021, the draft before the bitstring, as programs still write it: under version 1.1 of
//! the data model, signed with `Ed25519Signature2020`.

use badges_core::key::SigningKey;
use badges_core::proof::suite::Suite;

use super::lists::packed;
use crate::make::badge::{key_issuer, model_1_for_2020, small};
use crate::make::documents::{Document, LIST_URL};
use crate::make::edit::{cut, swap, with};
use crate::make::expected::{invalid, revoked, suspended, unknown, valid};
use crate::make::sign::{carelessly, own_method, proof_2020};
use crate::make::{Group, keys};

const CONTEXT: &str = "https://w3id.org/vc/status-list/2021/v1";

pub(super) fn all(group: &mut Group) {
    let seven = |purpose: &str, file: &str| document(file, &list(purpose, &bits(&[7])));
    let revocation = || seven("revocation", "list-2021-revocation.json");
    let suspension = || seven("suspension", "list-2021-suspension.json");
    let badge_at = |purpose: &str, index: &str| signed(&with_entry(&entry(purpose, index)));
    let listed = badge_at("revocation", "7");
    let clear = badge_at("revocation", "8");
    group.add(
        "2021-clear.json",
        clear.clone(),
        valid()
            .knows([revocation()])
            .passes("status.clear")
            .asks([LIST_URL]),
        "an entry of the older draft that is not set",
    );
    group.add(
        "2021-revoked.json",
        listed.clone(),
        revoked().knows([revocation()]),
        "an entry of the older draft that is set",
    );
    group.add(
        "2021-suspended.json",
        badge_at("suspension", "7"),
        suspended().knows([suspension()]),
        "taken back for now, in the older draft",
    );
    group.add(
        "2021-not-suspended.json",
        badge_at("suspension", "8"),
        valid().knows([suspension()]),
        "not taken back, in the older draft",
    );
    group.add(
        "2021-index-altered.json",
        swap(
            &listed,
            "\"statusListIndex\": \"7\"",
            "\"statusListIndex\": \"8\"",
        ),
        invalid("proof.signature")
            .unknown("status.unasked")
            .asks([]),
        "a revoked badge with the entry of another one",
    );
    group.add(
        "2021-entry-removed.json",
        cut(
            &listed,
            &format!(",\n  {}", member(&entry("revocation", "7"))),
        ),
        invalid("proof.signature"),
        "a revoked badge without its entry",
    );
    let fault = |word: &str| unknown("status.list").says(&format!("\"reason\":\"{word}\""));
    let forged = signed_by(&list("revocation", &bits(&[])), &keys::mallory());
    group.add(
        "2021-list-forged.json",
        listed.clone(),
        fault("proof").knows([Document::new("list-2021-forged.json", LIST_URL, forged)]),
        "a list signed by somebody else in the issuer's name",
    );
    group.add(
        "2021-list-for-suspension.json",
        listed,
        fault("other-purpose").knows([suspension()]),
        "a list for another purpose",
    );
    // Some programs write a byte where the draft has a bit: too short, and not what they mean.
    let mut bytes = [0; 10_000];
    bytes[1] = 1;
    let short = document("list-2021-bytes.json", &list("revocation", &bytes));
    group.add(
        "2021-list-of-bytes.json",
        clear.clone(),
        fault("too-short").knows([short]),
        "a list with a byte for each entry",
    );
    let newer = super::listed("list-clear.json", "revocation", &[]);
    group.add(
        "2021-list-of-the-standard.json",
        clear,
        fault("other-type").knows([newer]),
        "an entry of the draft, and a list of the standard",
    );
    let bare = r#"{"id": "https://issuer.example.org/status/1#7", "type": "StatusList2021Entry"}"#;
    group.add(
        "2021-bare.json",
        signed(&with_entry(bare)),
        unknown("status.entry").asks([]),
        "an entry of the draft without what it needs",
    );
}

/// The badge with this entry.
fn with_entry(entry: &str) -> String {
    let badge = model_1_for_2020(&small(&key_issuer()));
    let last = format!("\"{}\"", Suite::Ed25519Signature2020.context());
    let badge = swap(&badge, &last, &format!("{last},\n    \"{CONTEXT}\""));
    with(&badge, &member(entry))
}

fn member(entry: &str) -> String {
    format!("\"credentialStatus\": {entry}")
}

fn entry(purpose: &str, index: &str) -> String {
    super::entry(purpose, index).replace("BitstringStatusListEntry", "StatusList2021Entry")
}

/// The bits of a list, with these entries set.
fn bits(set: &[usize]) -> Vec<u8> {
    let mut bits = vec![0; 16_384];
    for index in set {
        bits[index / 8] |= 0x80 >> (index % 8);
    }
    bits
}

/// The issuer's list, not signed. The draft has no letter before the base64.
fn list(purpose: &str, bits: &[u8]) -> String {
    let packed = packed(bits);
    let encoded = packed.trim_start_matches('u');
    format!(
        r#"{{
  "@context": [
    "https://www.w3.org/2018/credentials/v1",
    "{CONTEXT}",
    "{}"
  ],
  "id": "{LIST_URL}",
  "type": ["VerifiableCredential", "StatusList2021Credential"],
  "issuer": "{}",
  "issuanceDate": "2026-05-31T12:00:00Z",
  "credentialSubject": {{
    "id": "{LIST_URL}#list",
    "type": "StatusList2021",
    "statusPurpose": "{purpose}",
    "encodedList": "{encoded}"
  }}
}}
"#,
        Suite::Ed25519Signature2020.context(),
        key_issuer()
    )
}

fn document(file: &str, list: &str) -> Document {
    Document::new(file, LIST_URL, signed(list))
}

fn signed(text: &str) -> String {
    signed_by(text, &keys::issuer())
}

/// Signed in the issuer's name.
fn signed_by(text: &str, key: &SigningKey) -> String {
    carelessly(text, &proof_2020(&own_method(text, &keys::issuer())), key)
}
