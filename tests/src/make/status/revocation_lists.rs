//! 1EdTech's unsigned lists of revoked badges.

use super::super::Group;
use super::super::badge::{key_issuer, small};
use super::super::documents::Document;
use super::super::edit::{swap, with};
use super::super::expected::{Expected, unknown, valid, verdict};
use super::super::sign::signed;

const LIST: &str = "https://issuer.example.org/revoked";
const BADGE: &str = "https://issuer.example.org/badges/7f3a";

fn own_badge(list: &str) -> String {
    let badge = swap(
        &small(&key_issuer()),
        "context-3.0.3.json\"",
        "context-3.0.3.json\",\n    \"https://purl.imsglobal.org/spec/ob/v3p0/extensions.json\"",
    );
    let status =
        format!(r#""credentialStatus": {{"id": "{list}", "type": "1EdTechRevocationList"}}"#);
    signed(&with(&badge, &status))
}

pub(super) fn all(group: &mut Group) {
    let badge = own_badge(LIST);
    let revoked = || verdict("revoked").fails("status.withdrawn");
    let not_revoked = || valid().passes("status.not-withdrawn");
    let issuer = key_issuer();
    let cases: [(&str, String, Expected, &str); 12] = [
        (
            "1edtech-revoked",
            format!(
                r#"{{"id":"{LIST}","issuer":"{issuer}","revokedCredential":[{{"id":"{BADGE}","revocationReason":"by mistake"}}]}}"#
            ),
            revoked(),
            "1EdTech's older list has it",
        ),
        (
            "1edtech-revoked-plural",
            format!(
                r#"{{"id":"{LIST}","issuer":"{issuer}","revokedCredentials":[{{"id":"urn:x:1"}},{{"id":"{BADGE}","revoked":true}}]}}"#
            ),
            revoked(),
            "the list under the name that it had before",
        ),
        (
            "1edtech-reinstated",
            format!(
                r#"{{"id":"{LIST}","issuer":"{issuer}","revokedCredential":[{{"id":"{BADGE}","revoked":false}}]}}"#
            ),
            not_revoked(),
            "the list has it, as not revoked",
        ),
        (
            "1edtech-not-listed",
            format!(
                r#"{{"id":"{LIST}","issuer":"{issuer}","revokedCredential":[{{"id":"{BADGE}x"}}]}}"#
            ),
            not_revoked(),
            "the list has others only",
        ),
        (
            "1edtech-revoked-id",
            format!(r#"{{"id":"{LIST}","revokedCredential":["urn:x:1","{BADGE}"]}}"#),
            revoked(),
            "the list has the id alone",
        ),
        (
            "1edtech-not-listed-id",
            format!(r#"{{"id":"{LIST}","revokedCredential":"urn:x:1"}}"#),
            not_revoked(),
            "the list has the id of another one",
        ),
        (
            "1edtech-null",
            format!(r#"{{"id":"{LIST}","revokedCredential":null}}"#),
            unknown("status.list"),
            "the list is null",
        ),
        (
            "1edtech-unreadable-entry",
            format!(
                r#"{{"id":"{LIST}","revokedCredential":["urn:x:1",{{"credential":"{BADGE}"}}]}}"#
            ),
            unknown("status.list"),
            "an entry of the list cannot be read",
        ),
        (
            "1edtech-empty",
            format!(r#"{{"id":"{LIST}","issuer":"{issuer}","revokedCredential":[]}}"#),
            not_revoked(),
            "the list is empty",
        ),
        (
            "1edtech-other-issuer",
            format!(
                r#"{{"id":"{LIST}","issuer":"did:web:elsewhere.example","revokedCredential":[]}}"#
            ),
            unknown("status.list"),
            "the list says that it is somebody else's",
        ),
        (
            "1edtech-other-document",
            format!(r#"{{"id":"{LIST}","issuer":"{issuer}"}}"#),
            unknown("status.list"),
            "the document has no list",
        ),
        (
            "1edtech-page",
            "<!doctype html>".to_owned(),
            unknown("status.list"),
            "there is a page in its place",
        ),
    ];
    for (name, list, expected, why) in cases {
        let list = Document::new(&format!("{name}-list.json"), LIST, list);
        group.add(
            &format!("{name}.json"),
            badge.clone(),
            expected.knows([list]),
            why,
        );
    }
    group.add(
        "1edtech-not-loaded.json",
        badge,
        unknown("status.not-loaded").asks([LIST]),
        "the list is not there",
    );
    group.add(
        "1edtech-http.json",
        own_badge("http://issuer.example.org/revoked"),
        unknown("status.not-loaded").asks([]),
        "a list that anybody on the way could change",
    );
}
