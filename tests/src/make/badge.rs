//! The badges that the cases start from.

use badges_core::proof::suite::Suite;

use super::documents::{self, Document};
use super::edit::{between, cut, swap, with};
use super::{keys, sign};

/// The issuer that is a key.
pub(super) fn key_issuer() -> String {
    keys::did(&keys::issuer())
}

/// The issuer with a did:web document.
pub(super) const WEB: &str = "did:web:issuer.example.org";

/// The issuer with a controller document.
pub(super) const HTTPS: &str = "https://issuer.example.org/profile";

/// Only what a badge must have.
pub(super) fn minimal(issuer: &str) -> String {
    include_str!("templates/minimal.json").replace("ISSUER", issuer)
}

/// A common badge, valid for a year.
pub(super) fn small(issuer: &str) -> String {
    include_str!("templates/small.json").replace("ISSUER", issuer)
}

/// An endorsement.
pub(super) fn endorsement(id: &str, issuer: &str, subject: &str) -> String {
    include_str!("templates/endorsement.json")
        .replace("ID", id)
        .replace("ISSUER", issuer)
        .replace("SUBJECT", subject)
}

/// A badge with an entry in the issuer's status list.
pub(super) fn with_status(badge: &str, purpose: &str, index: &str) -> String {
    with(
        badge,
        &format!("\"credentialStatus\": {}", entry(purpose, index)),
    )
}

/// An entry of the issuer's status list.
pub(super) fn entry(purpose: &str, index: &str) -> String {
    format!(
        r#"{{
    "id": "https://issuer.example.org/status/1#{index}",
    "type": "BitstringStatusListEntry",
    "statusPurpose": "{purpose}",
    "statusListIndex": "{index}",
    "statusListCredential": "https://issuer.example.org/status/1"
  }}"#
    )
}

/// A badge with every class and member of the standard, signed, and the documents that it takes to
/// judge it.
#[must_use]
pub fn full() -> (String, Vec<Document>) {
    let issuer = key_issuer();
    let endorser = keys::did(&keys::endorser());
    let endorsed = |id: &str, subject: &str| {
        let text = endorsement(id, &endorser, subject);
        sign::signed_by(&text, &keys::endorser())
    };
    let of_issuer = endorsement(
        "urn:uuid:2f0c6c0e-8f0b-4a6f-9f6e-1d2c3b4a5f03",
        &endorser,
        &issuer,
    );
    let of_issuer = sign::jwt_by(&of_issuer, &keys::endorser());
    let badge = include_str!("templates/full.json").replace("ISSUER", &issuer);
    let badge = swap(&badge, "ENDORSEMENT-OF-PROFILE", &of_issuer);
    let badge = swap(
        &badge,
        "ENDORSEMENT-OF-ACHIEVEMENT",
        &endorsed(
            "urn:uuid:2f0c6c0e-8f0b-4a6f-9f6e-1d2c3b4a5f01",
            "https://issuer.example.org/achievements/first-articles",
        ),
    );
    let badge = swap(
        &badge,
        "ENDORSEMENT-OF-BADGE",
        &endorsed(
            "urn:uuid:2f0c6c0e-8f0b-4a6f-9f6e-1d2c3b4a5f02",
            "https://issuer.example.org/badges/c41d",
        ),
    );
    (sign::signed(&badge), vec![documents::clear_list(&issuer)])
}

/// The small badge in version 1.1 of the data model.
pub(super) fn model_1(small: &str) -> String {
    let badge = swap(
        small,
        "https://www.w3.org/ns/credentials/v2",
        "https://www.w3.org/2018/credentials/v1",
    );
    let badge = swap(
        &badge,
        "context-3.0.3.json\"",
        "context-3.0.1.json\",\n    \"https://w3id.org/security/data-integrity/v2\"",
    );
    let badge = cut(&badge, "  \"awardedDate\": \"2026-01-09T16:30:00Z\",\n");
    let badge = swap(&badge, "validFrom", "issuanceDate");
    swap(&badge, "validUntil", "expirationDate")
}

/// The same, for a proof of the type `Ed25519Signature2020`.
pub(super) fn model_1_for_2020(small: &str) -> String {
    swap(
        &model_1(small),
        "https://w3id.org/security/data-integrity/v2",
        Suite::Ed25519Signature2020.context(),
    )
}

/// The badge whose issuer is its id alone.
pub(super) fn bare_issuer(badge: &str, issuer: &str) -> String {
    let object = between(badge, "\"issuer\": {", "}");
    swap(badge, object, &format!("\"issuer\": \"{issuer}\""))
}
