//! Proofs inside the document, in every suite that another library has too.

use badges_core::credential::{UnsignedCredential, verification_method};
use badges_core::did::did_key;
use badges_core::documents::Documents;
use badges_core::key::SigningKey;
use badges_core::proof::data_integrity::ProofOptions;
use badges_core::proof::suite::Suite;
use badges_core::verify::Verdict;
use serde_json::{Value, json};

use super::{CREATED, NOW, altered, ask_all, badge, badge_by, issuer, judge, key, parsed, passes};
use super::{request, who};

const BADGES: [&str; 2] = ["small", "full"];

/// The suites of `@digitalbazaar/vc`, each with a key that it takes.
fn suites() -> [(Suite, SigningKey); 7] {
    let p256 = || SigningKey::p256(&[7; 32]).unwrap();
    let p384 = || SigningKey::p384(&[7; 48]).unwrap();
    [
        (Suite::EddsaRdfc2022, key()),
        (Suite::EddsaJcs2022, key()),
        (Suite::EcdsaRdfc2019, p256()),
        (Suite::EcdsaRdfc2019, p384()),
        (Suite::EcdsaJcs2019, p256()),
        (Suite::EcdsaJcs2019, p384()),
        (Suite::Ed25519Signature2020, key()),
    ]
}

/// A badge whose issuer is this key, with the context that the suite's proofs need.
fn unsigned(name: &str, suite: Suite, key: &SigningKey) -> Value {
    let mut badge = badge_by(name, &did_key(key.public_key()).unwrap());
    if suite.is_type() {
        let contexts = badge["@context"].as_array_mut().unwrap();
        contexts.push(json!(suite.context()));
    }
    badge
}

pub(super) fn sign(text: &str, issuer: &str) -> String {
    sign_in(Suite::EddsaRdfc2022, text, issuer, &key())
}

fn sign_in(suite: Suite, text: &str, issuer: &str, key: &SigningKey) -> String {
    let options = ProofOptions {
        suite,
        verification_method: verification_method(issuer, key.public_key()),
        created: CREATED.to_owned(),
        ..ProofOptions::default()
    };
    let unsigned = UnsignedCredential::from_json(text).unwrap();
    unsigned.sign(key, &options).unwrap().into_text()
}

#[test]
fn digital_bazaar_verifies_what_we_sign() {
    let mut requests = Vec::new();
    for (suite, key) in suites() {
        let issuer = did_key(key.public_key()).unwrap();
        for name in BADGES {
            let badge = unsigned(name, suite, &key).to_string();
            let signed = sign_in(suite, &badge, &issuer, &key);
            for text in [altered(&signed), signed] {
                requests.push(json!({
                    "suite": suite.name(), "credential": parsed(&text), "documents": {}, "now": NOW,
                }));
            }
        }
    }
    let Some(answers) = ask_all("node/verify-vc.mjs", &requests) else {
        return;
    };
    for (number, (request, answer)) in requests.iter().zip(answers).enumerate() {
        let genuine = number % 2 == 1;
        assert_eq!(
            answer["verified"], genuine,
            "{}: {answer}",
            request["suite"]
        );
    }
}

#[test]
fn we_verify_what_digital_bazaar_signs() {
    let (mut names, mut requests) = (Vec::new(), Vec::new());
    for (suite, key) in suites() {
        for name in BADGES {
            names.push(format!("{name}, {}", suite.name()));
            let issuer = did_key(key.public_key()).unwrap();
            let credential = unsigned(name, suite, &key);
            requests.push(request(
                &json!({"suite": suite.name(), "credential": credential}),
                &who(&issuer, &key),
            ));
        }
    }
    // Of the oldest type only version 1.1 of the credentials' context knows the words.
    let suite = Suite::Ed25519Signature2018;
    let mut older = parsed(&badge("small"));
    let contexts = [
        "https://www.w3.org/2018/credentials/v1",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json",
    ];
    older["@context"] = json!(contexts);
    older["issuanceDate"] = older.as_object_mut().unwrap().remove("validFrom").unwrap();
    names.push(format!("version 1.1, {}", suite.name()));
    requests.push(request(
        &json!({"suite": suite.name(), "credential": older}),
        &who(&issuer(), &key()),
    ));
    let Some(answers) = ask_all("node/issue-vc.mjs", &requests) else {
        return;
    };
    for (name, answer) in names.iter().zip(answers) {
        hold_until_altered(name, &answer["credential"]);
    }
}

fn hold_until_altered(name: &str, credential: &Value) {
    let signed = credential.to_string();
    let report = judge(&signed, &Documents::new());
    assert!(passes(&report), "{name}: {report:?}");
    let report = judge(&altered(&signed), &Documents::new());
    assert_eq!(report.verdict(), Verdict::Invalid, "{name}");
}

#[test]
fn other_programs_verify_what_we_sign() {
    let mut signed = Vec::new();
    for name in BADGES {
        let text = sign(&badge(name), &issuer());
        signed.extend([altered(&text), text]);
    }
    let requests: Vec<Value> = signed
        .iter()
        .map(|text| json!({"credential": parsed(text), "documents": {}, "now": NOW}))
        .collect();
    if let Some(answers) = ask_all("node/verify-dcc.mjs", &requests) {
        for (number, answer) in answers.iter().enumerate() {
            let log = answer["log"].as_array().cloned().unwrap_or_default();
            let signature = log.iter().find(|entry| entry["id"] == "valid_signature");
            let valid = signature.is_some_and(|entry| entry["valid"] == true);
            assert_eq!(valid, number % 2 == 1, "verifier-core: {answer}");
        }
    }
    let requests: Vec<Value> = signed
        .iter()
        .map(|text| json!({"credential": text, "documents": {}}))
        .collect();
    if let Some(answers) = ask_all("python/verify_obl.py", &requests) {
        for (number, answer) in answers.iter().enumerate() {
            assert_eq!(
                answer["verified"],
                number % 2 == 1,
                "openbadgeslib: {answer}"
            );
        }
    }
}

#[test]
fn we_verify_what_openbadgeslib_signs() {
    let requests = BADGES.map(|name| {
        request(
            &json!({"credential": parsed(&badge(name)), "asIs": true}),
            &who(&issuer(), &key()),
        )
    });
    let Some(answers) = ask_all("python/issue_obl.py", &requests) else {
        return;
    };
    for (name, answer) in BADGES.iter().zip(answers) {
        hold_until_altered(name, &answer["credential"]);
    }
}
