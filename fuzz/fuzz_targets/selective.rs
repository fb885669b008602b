//! Any bytes as what an ecdsa-sd-2023 proof is made of, base or derived: they are judged, and what a
//! holder derives of them is a document.
#![no_main]

use badges_core::documents::Documents;
use badges_core::json;
use badges_core::jsonld::{Edition, Policy, RootContext};
use badges_core::proof::selective::derive;
use badges_core::verify::{Question, verify};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use libfuzzer_sys::fuzz_target;
use time::OffsetDateTime;

/// A badge up to its proof's value; both key and issuer are P-256.
const BADGE: &str = r#"{
  "@context": [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
  ],
  "id": "urn:uuid:f3a0b9d4-5c27-4be1-9d0c-17e86a2f4c3b",
  "type": ["VerifiableCredential", "OpenBadgeCredential"],
  "name": "First edits",
  "issuer": {
    "id": "did:key:zDnaejgmAHMLkBPMNWnkBxyGxpXx8LgE4WJAYDhwZzyoRAddF", "type": ["Profile"]
  },
  "validFrom": "1970-01-01T00:00:00Z",
  "credentialSubject": {
    "type": ["AchievementSubject"],
    "achievement": {
      "id": "urn:x:achievement", "type": ["Achievement"], "name": "First edits",
      "description": "Ten edits.", "criteria": {"narrative": "Ten edits."}, "tag": ["a", "b"]
    }
  },
  "proof": {
    "type": "DataIntegrityProof", "cryptosuite": "ecdsa-sd-2023",
    "created": "1970-01-01T00:00:00Z", "proofPurpose": "assertionMethod",
    "verificationMethod": "did:key:zDnaejgmAHMLkBPMNWnkBxyGxpXx8LgE4WJAYDhwZzyoRAddF#zDnaejgmAHMLkBPMNWnkBxyGxpXx8LgE4WJAYDhwZzyoRAddF",
    "proofValue": "u"#;
const BASE: [u8; 3] = [0xd9, 0x5d, 0x00];
const DERIVED: [u8; 3] = [0xd9, 0x5d, 0x01];
const CHOSEN: [&str; 2] = ["/name", "/credentialSubject/achievement"];

fuzz_target!(|bytes: &[u8]| {
    let documents = Documents::new();
    for header in [&BASE[..], &DERIVED, &[]] {
        let value = URL_SAFE_NO_PAD.encode([header, bytes].concat());
        let text = format!("{BADGE}{value}\"}}}}");
        for policy in [Policy::Badge, Policy::DataIntegrity] {
            let question = Question {
                policy,
                ..Question::new(&documents, OffsetDateTime::UNIX_EPOCH)
            };
            let _ = verify(text.as_bytes(), &question);
        }
        let document = json::parse(&text).expect("base64url needs no escapes");
        let root = RootContext::of(&document, Edition::NEWEST, Policy::Badge);
        let root = root.expect("its contexts are known");
        if let Ok(derived) = derive(&root, &document, &CHOSEN) {
            json::parse(&derived).expect("what is derived is JSON");
        }
    }
});
