//! Any text as a badge: it is judged under both policies, and its statements survive being written
//! as N-Quads and read again.
#![no_main]

use badges_core::documents::Documents;
use badges_core::json;
use badges_core::jsonld::{Edition, Part, Policy, RootContext, canonicalize, nquads};
use badges_core::verify::{Question, verify};
use libfuzzer_sys::fuzz_target;
use time::OffsetDateTime;

fuzz_target!(|text: &str| {
    let documents = Documents::new();
    for policy in [Policy::Badge, Policy::DataIntegrity] {
        let question = Question {
            policy,
            ..Question::new(&documents, OffsetDateTime::UNIX_EPOCH)
        };
        let _ = verify(text.as_bytes(), &question);
        let Ok(document) = json::parse(text) else {
            continue;
        };
        let canonical = RootContext::of(&document, Edition::NEWEST, policy)
            .and_then(|root| root.to_rdf(&document, Part::Unsecured))
            .ok()
            .and_then(|dataset| canonicalize(&dataset).ok());
        if let Some(canonical) = canonical {
            let written = canonical.nquads();
            let (again, _) = nquads::parse(written).expect("canonical N-Quads are N-Quads");
            let again = canonicalize(&again).expect("it was not too complex before");
            assert_eq!(again.nquads(), written);
        }
    }
});
