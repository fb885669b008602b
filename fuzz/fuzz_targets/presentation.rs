//! Any text as a presentation, as a badge inside one, and as a JWT around one.
#![no_main]

use badges_core::documents::Documents;
use badges_core::jsonld::Policy;
use badges_core::verify::{Asked, Question, verify_presentation};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use libfuzzer_sys::fuzz_target;
use time::OffsetDateTime;

const CONTEXT: &str = "https://www.w3.org/ns/credentials/v2";

fuzz_target!(|text: &str| {
    let payload = URL_SAFE_NO_PAD.encode(text);
    let around = format!(
        "{{\"@context\":\"{CONTEXT}\",\"type\":\"EnvelopedVerifiablePresentation\",\
         \"id\":\"data:application/vp+jwt,eyJhbGciOiJFZERTQSJ9.{payload}.c2lnbmF0dXJl\"}}"
    );
    let inside = format!(
        "{{\"@context\":\"{CONTEXT}\",\"type\":\"VerifiablePresentation\",\
         \"verifiableCredential\":[{text}]}}"
    );
    let documents = Documents::new();
    for policy in [Policy::Badge, Policy::DataIntegrity] {
        let question = Question {
            policy,
            ..Question::new(&documents, OffsetDateTime::UNIX_EPOCH)
        };
        let asked = Asked {
            challenge: Some("challenge"),
            domain: Some("verifier.example"),
        };
        for presentation in [text, &around, &inside] {
            let judged = verify_presentation(presentation, &question, asked);
            assert!(judged.credentials.len() <= 64);
        }
    }
});
