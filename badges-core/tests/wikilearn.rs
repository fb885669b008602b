//! Credentials as WikiLearn (Open edX) issues them: version 1.1 of the data model, the proof type
//! `Ed25519Signature2020`, and status lists of the draft StatusList2021 that have a byte where the draft
//! has a bit. What of that can be judged is judged; what cannot is unknown, and never valid or revoked.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::io::Write as _;

use badges_core::credential::{UnsignedCredential, verification_method};
use badges_core::documents::{Answer, Documents};
use badges_core::jsonld::{Edition, Policy, RootContext};
use badges_core::key::encode_base58btc;
use badges_core::model::parse_date_time;
use badges_core::proof::data_integrity::{
    ProofOptions, hash_configuration, hash_document, signing_input,
};
use badges_core::proof::suite::{Canonicalization, Hashing, Suite};
use badges_core::verify::{Check, Outcome, Question, Report, Verdict, verify};
use badges_core::{SigningKey, did};
use base64::Engine as _;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

const LIST: &str = "https://learn.example/status/1";

fn key() -> SigningKey {
    SigningKey::ed25519(&[7; 32])
}

fn issuer() -> String {
    did::did_key(key().public_key()).unwrap()
}

fn judge(text: &str, documents: &Documents) -> Report {
    let now = parse_date_time("2026-06-01T00:00:00Z").unwrap();
    verify(text.as_bytes(), &Question::new(documents, now))
}

fn ids(report: &Report, check: Check) -> Vec<&'static str> {
    report.outcomes(check).map(Outcome::id).collect()
}

#[test]
fn its_credentials_can_be_read() {
    let mut badge = json!({
        "@context": ["https://www.w3.org/2018/credentials/v1",
            "https://w3id.org/security/suites/ed25519-2020/v1",
            "https://w3id.org/vc/status-list/2021/v1",
            "https://purl.imsglobal.org/spec/ob/v3p0/context.json"],
        "id": "urn:uuid:0c07c1ce-57cb-41af-bef2-1b932b986873",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": issuer(), "type": "Profile", "name": "WikiLearn"},
        "issued": "2026-05-01T00:00:00Z", "issuanceDate": "2026-05-01T00:00:00Z",
        "validFrom": "2026-05-01T00:00:00Z", "validUntil": "2027-05-01T00:00:00Z",
        "name": "Course certificate",
        "credentialStatus": {"id": format!("{LIST}#9"), "type": "StatusList2021Entry",
            "statusPurpose": "revocation", "statusListIndex": "9", "statusListCredential": LIST},
        "credentialSubject": {"id": "did:key:z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi",
            "type": "AchievementSubject", "name": "Example Volunteer",
            "achievement": {"id": "urn:uuid:2f9d3b80-37ad-4d1c-9a75-3f6b1f0c7a11",
                "type": "Achievement", "name": "Course", "description": "A course.",
                "criteria": {"narrative": "Pass."}}}
    });
    let mut proof = json!({"type": "Ed25519Signature2020", "created": "2026-05-01T00:00:00Z",
        "verificationMethod": verification_method(&issuer(), key().public_key()),
        "proofPurpose": "assertionMethod"});
    proof["proofValue"] = proof_value(&badge.to_string(), &proof.to_string()).into();
    badge["proof"] = proof;
    let report = judge(&badge.to_string(), &Documents::new());
    assert_eq!(
        ids(&report, Check::Form),
        ["form.read"],
        "{:?}",
        report.checks
    );
    // Older contexts and classes as plain texts are told, and tolerated.
    assert_eq!(ids(&report, Check::Schema), ["schema.departs"]);
    assert_eq!(ids(&report, Check::Validity), ["validity.current"]);
    assert_eq!(ids(&report, Check::Proof), ["proof.signature"]);
    assert_eq!(ids(&report, Check::Issuer), ["issuer.established"]);
    assert_eq!(report.missing(), [LIST]);
    assert_eq!(report.verdict(), Verdict::Unknown);
    // Its lists are too short, and say something else than they mean.
    let mut documents = Documents::new();
    let unpadded = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    documents.insert(
        LIST,
        Answer::Loaded(list(&[1; 10_000], unpadded).into_bytes()),
    );
    let of_list = judge(&badge.to_string(), &documents);
    assert_eq!(ids(&of_list, Check::Status), ["status.list"]);
    assert_eq!(of_list.verdict(), Verdict::Unknown);
    let summary = report.credential.unwrap();
    assert_eq!(summary.name.as_deref(), Some("Course certificate"));
    assert_eq!(summary.issuer.name.as_deref(), Some("WikiLearn"));
}

/// What Open edX signs: the hashes of the proof's members and of the document, one after the other.
fn proof_value(document: &str, proof: &str) -> String {
    let parse = badges_core::json::parse;
    let (document, proof) = (parse(document).unwrap(), parse(proof).unwrap());
    let root = RootContext::of(&document, Edition::NEWEST, Policy::Badge).unwrap();
    let hash = hash_document(
        (Canonicalization::Rdfc, Hashing::Sha256),
        &root,
        &document,
        &[],
    )
    .unwrap();
    let configuration =
        hash_configuration(Suite::Ed25519Signature2020, Hashing::Sha256, &root, &proof).unwrap();
    encode_base58btc(&key().sign(&signing_input(&configuration, &hash)).unwrap())
}

/// A badge with an entry in a list of the draft, at index 9.
fn badge() -> String {
    let badge = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
            "https://w3id.org/vc/status-list/2021/v1"],
        "id": "urn:uuid:0c07c1ce-57cb-41af-bef2-1b932b986873",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": issuer(), "type": ["Profile"], "name": "Example"},
        "validFrom": "2026-05-01T00:00:00Z", "name": "Editor",
        "credentialStatus": {"id": format!("{LIST}#9"), "type": "StatusList2021Entry",
            "statusPurpose": "revocation", "statusListIndex": "9", "statusListCredential": LIST},
        "credentialSubject": {"id": "urn:uuid:8d4c25e5-0b6e-4d0e-8c0a-5f8e1f0f3f52",
            "type": ["AchievementSubject"],
            "achievement": {"id": "urn:uuid:2f9d3b80-37ad-4d1c-9a75-3f6b1f0c7a11",
                "type": ["Achievement"], "name": "Editor", "description": "Edits.",
                "criteria": {"narrative": "Edit."}}}
    });
    let options = ProofOptions {
        verification_method: verification_method(&issuer(), key().public_key()),
        created: "2026-05-01T00:00:00Z".to_owned(),
        ..ProofOptions::default()
    };
    let unsigned = UnsignedCredential::from_json(&badge.to_string()).unwrap();
    unsigned.sign(&key(), &options).unwrap().into_text()
}

/// A list with these bytes, as a JWT.
fn list(bytes: &[u8], encode: fn(&[u8]) -> String) -> String {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    let payload = json!({
        "iss": issuer(), "jti": LIST,
        "vc": {
            "@context": ["https://www.w3.org/2018/credentials/v1",
                "https://w3id.org/vc/status-list/2021/v1"],
            "id": LIST, "type": ["VerifiableCredential", "StatusList2021Credential"],
            "issuer": issuer(), "issuanceDate": "2026-05-01T00:00:00Z",
            "credentialSubject": {"id": format!("{LIST}#list"), "type": "StatusList2021",
                "statusPurpose": "revocation", "encodedList": encode(&encoder.finish().unwrap())}
        }
    });
    let kid = verification_method(&issuer(), key().public_key());
    let text = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let input = format!(
        "{}.{}",
        text(&json!({"alg": "EdDSA", "kid": kid})),
        text(&payload)
    );
    let signature = key().sign(input.as_bytes()).unwrap();
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
}

#[test]
fn lists_of_the_draft_count_when_they_are_as_it_says() {
    let mut set = vec![0_u8; 16 * 1024];
    set[1] = 0b0100_0000;
    let mut bytes_for_bits = vec![0_u8; 10_000];
    bytes_for_bits[9] = 1;
    let unpadded: fn(&[u8]) -> String = |bytes| URL_SAFE_NO_PAD.encode(bytes);
    let padded: fn(&[u8]) -> String = |bytes| URL_SAFE.encode(bytes);
    for (list, verdict, id) in [
        (
            list(&vec![0; 16 * 1024], unpadded),
            Verdict::Valid,
            "status.clear",
        ),
        (list(&set, unpadded), Verdict::Revoked, "status.revoked"),
        (list(&set, padded), Verdict::Revoked, "status.revoked"),
        (
            list(&bytes_for_bits, unpadded),
            Verdict::Unknown,
            "status.list",
        ),
        (
            list(&[0; 10_000], unpadded),
            Verdict::Unknown,
            "status.list",
        ),
    ] {
        let mut documents = Documents::new();
        documents.insert(LIST, Answer::Loaded(list.into_bytes()));
        let report = judge(&badge(), &documents);
        assert_eq!(report.verdict(), verdict, "{:?}", report.checks);
        assert_eq!(ids(&report, Check::Status), [id]);
    }
}
