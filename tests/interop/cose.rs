//! COSE_Sign1 goes both ways with `cwt`.

use badges_core::credential::{UnsignedCredential, verification_method};
use badges_core::key::SigningKey;
use badges_core::verify::{Question, Report, Verdict, verify};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::tokens::{publish, secret_jwk};
use super::{NOW, WEB_ISSUER, ask_all, badge_by, parse_date_time};

fn keys() -> [SigningKey; 4] {
    let mut p521 = [7; 66];
    p521[0] = 0;
    [
        SigningKey::ed25519(&[7; 32]),
        SigningKey::p256(&[7; 32]).unwrap(),
        SigningKey::p384(&[7; 48]).unwrap(),
        SigningKey::p521(&p521).unwrap(),
    ]
}

fn judge(message: &[u8], key: &SigningKey) -> Report {
    let documents = publish(key);
    let now = parse_date_time(NOW).unwrap();
    verify(message, &Question::new(&documents, now))
}

/// The same message with a letter of the payload changed.
fn altered(message: &[u8]) -> Vec<u8> {
    let mut altered = message.to_vec();
    let at = altered.windows(4).position(|word| word == b"Wiki").unwrap();
    altered[at] = b'V';
    altered
}

#[test]
fn others_verify_what_we_sign() {
    let badge = badge_by("small", WEB_ISSUER).to_string();
    let mut requests = Vec::new();
    for key in keys() {
        let method = verification_method(WEB_ISSUER, key.public_key());
        let unsigned = UnsignedCredential::from_json(&badge).unwrap();
        let message = unsigned.sign_cose(&key, &method).unwrap();
        assert_eq!(judge(&message, &key).verdict(), Verdict::Valid);
        for message in [&altered(&message), &message] {
            requests.push(json!({
                "op": "verify", "alg": key.algorithm().jose_name(),
                "key": key.public_key().to_jwk(), "kid": method, "cose": STANDARD.encode(message),
            }));
        }
    }
    let Some(answers) = ask_all("python/cose.py", &requests) else {
        return;
    };
    for (number, answer) in answers.iter().enumerate() {
        assert_eq!(answer["verified"], number % 2 == 1, "{answer}");
        if number % 2 == 1 {
            assert_eq!(answer["payload"], badge);
        }
    }
}

#[test]
fn we_verify_what_others_sign() {
    let keys = keys();
    let requests: Vec<Value> = keys
        .iter()
        .map(|key| {
            json!({
                "op": "sign", "alg": key.algorithm().jose_name(), "key": secret_jwk(key),
                "payload": badge_by("small", WEB_ISSUER).to_string(),
                "kid": verification_method(WEB_ISSUER, key.public_key()),
            })
        })
        .collect();
    let Some(answers) = ask_all("python/cose.py", &requests) else {
        return;
    };
    for (key, answer) in keys.iter().zip(answers) {
        let message = STANDARD.decode(answer["cose"].as_str().unwrap()).unwrap();
        let report = judge(&message, key);
        assert_eq!(report.verdict(), Verdict::Valid, "{report:?}");
        let report = judge(&altered(&message), key);
        assert_eq!(report.verdict(), Verdict::Invalid, "{report:?}");
    }
}
