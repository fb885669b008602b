//! Any header, payload and disclosures, divided by line breaks, as an SD-JWT, with and without a key
//! binding; and any text as it is.
#![no_main]

use badges_core::documents::Documents;
use badges_core::json;
use badges_core::proof::sd_jwt::{Expected, SdJwt};
use badges_core::verify::{Question, verify};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use libfuzzer_sys::fuzz_target;
use time::OffsetDateTime;

fuzz_target!(|text: &str| {
    judge(text);
    let mut parts = text.split('\n').map(|part| URL_SAFE_NO_PAD.encode(part));
    let (header, payload) = (parts.next(), parts.next());
    let [header, payload] = [header, payload].map(Option::unwrap_or_default);
    let jwt = format!("{header}.{payload}.c2lnbmF0dXJl");
    let disclosures: String = parts.map(|part| part + "~").collect();
    let presented = format!("{jwt}~{disclosures}");
    judge(&presented);
    judge(&format!("{presented}{jwt}"));
});

fn judge(text: &str) {
    let documents = Documents::new();
    let question = Question::new(&documents, OffsetDateTime::UNIX_EPOCH);
    let _ = verify(text.as_bytes(), &question);
    let Ok(parsed) = SdJwt::parse(text) else {
        return;
    };
    if let Ok(disclosed) = parsed.disclosed() {
        let written = json::canonical(&disclosed.payload);
        // Nothing of what hides is left in what is shown.
        assert!(!written.contains("\"_sd\":") && !written.contains("\"_sd_alg\":"));
        let _ = parsed.check_key_binding(&disclosed.payload, Expected::default());
    }
}
