//! Comprehensive learner records (CLR 2.0): a credential with badges inside.

use super::badge::{key_issuer, small};
use super::edit::swap;
use super::expected::{invalid, valid};
use super::sign::{signed, signed_by};
use super::{Group, keys};

/// A record of the issuer with these credentials, signed.
pub(super) fn record(parts: &[&str]) -> String {
    signed(&unsigned(&key_issuer(), parts))
}

/// A record with these credentials.
pub(super) fn unsigned(issuer: &str, parts: &[&str]) -> String {
    format!(
        r#"{{
  "@context": [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
  ],
  "id": "https://issuer.example.org/records/1",
  "type": ["VerifiableCredential", "ClrCredential"],
  "name": "All badges",
  "issuer": {{"id": "{}", "type": ["Profile"], "name": "Example Wiki Group", "url": "https://issuer.example.org"}},
  "validFrom": "2026-01-10T09:00:00Z",
  "credentialSubject": {{
    "id": "urn:uuid:77a1f0c4-52a8-4d4e-8d6e-0f6a7b1c2d03",
    "type": ["ClrSubject"],
    "verifiableCredential": [{}]
  }}
}}
"#,
        issuer,
        parts.join(", ")
    )
}

pub(super) fn group() -> Group {
    let mut group = Group::new("records");
    let own = small(&key_issuer());
    let others = small(&keys::did(&keys::endorser())).replace("badges/7f3a", "badges/8a4b");
    let signed_others = signed_by(&others, &keys::endorser());
    group.add(
        "signed-parts.json",
        record(&[&signed(&own), &signed_others]),
        valid().passes("parts.valid"),
        "badges of two issuers, each with its own proof",
    );
    let jwt = super::sign::jwt_by(&others, &keys::endorser());
    let enveloped = |jwt: &str| {
        format!(
            r#"{{"@context": "https://www.w3.org/ns/credentials/v2", "id": "data:application/vc+jwt,{jwt}", "type": "EnvelopedVerifiableCredential"}}"#
        )
    };
    group.add(
        "enveloped-part.json",
        record(&[&enveloped(&jwt)]),
        valid().passes("parts.valid"),
        "a badge as a JWT in an envelope",
    );
    let other = super::sign::jwt_by(&others, &keys::mallory());
    group.add(
        "enveloped-part-by-another.json",
        record(&[&enveloped(&other)]),
        valid().fails("parts.invalid"),
        "the same, which somebody else has signed",
    );
    let altered = swap(&signed_others, "\"value\": \"C\"", "\"value\": \"A\"");
    group.add(
        "altered-part.json",
        record(&[&signed(&own), &altered]),
        valid().passes("parts.valid").fails("parts.invalid"),
        "a badge was altered before the record was signed: the record is genuine all the same",
    );
    group.add(
        "covered-part.json",
        record(&[&own]),
        valid().passes("parts.covered"),
        "a badge of the record's issuer without its own proof",
    );
    group.add(
        "part-of-another.json",
        record(&[&others]),
        valid().unknown("parts.unknown"),
        "a badge in somebody else's name without a proof: anyone can have written it",
    );
    let other_credits = own
        .replace("badges/7f3a", "badges/9c5d")
        .replace("\"creditsEarned\": 1.5", "\"creditsEarned\": 9.5");
    group.add(
        "mixed-parts.json",
        record(&[&own, &other_credits]),
        valid().unknown("parts.unknown"),
        "two badges without proofs have one subject: what it has could change places",
    );
    group.add(
        "altered.json",
        swap(&record(&[&signed(&own)]), "All badges", "Many badges"),
        invalid("proof.signature"),
        "the record was altered: its parts are not looked at",
    );
    group
}
