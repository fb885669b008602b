//! Badges go both ways between this library and others: what we issue they verify, and what they
//! issue we verify. The others are child processes (`tests/interop/README.md`).
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "interop/selective.rs"]
mod selective;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use badges_core::bake::{bake, extract};
use badges_core::credential::{UnsignedCredential, verification_method};
use badges_core::did::did_key;
use badges_core::documents::{Answer, Documents};
use badges_core::key::{RsaSigningKey, SigningKey};
use badges_core::model::parse_date_time;
use badges_core::proof::data_integrity::ProofOptions;
use badges_core::status::StatusBits;
use badges_core::verify::{Check, Question, Report, Verdict, verify};
use badges_tests::{read, required_in_ci};
use serde_json::{Value, json};

const CREATED: &str = "2026-01-01T00:00:00Z";
const NOW: &str = "2026-06-01T00:00:00Z";
const WEB_ISSUER: &str = "did:web:issuer.example";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("interop")
}

/// Runs one of the programs; `None`, after saying so, where its language is not set up.
fn ask(program: &str, request: &Value) -> Option<Value> {
    let path = folder().join(program);
    let mut command = if program.starts_with("node/") {
        required_in_ci(&folder().join("node/node_modules"))?;
        Command::new("node")
    } else {
        Command::new(required_in_ci(&folder().join("python/.venv/bin/python"))?)
    };
    let mut child = command
        .arg(path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(request.to_string().as_bytes()).unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(output.status.success(), "{program}: {answer}");
    Some(answer)
}

fn badge(name: &str) -> String {
    read(&folder().join(format!("../peers/badges/{name}.json")))
}

fn key() -> SigningKey {
    SigningKey::from_file_text(&badge("key")).unwrap()
}

fn sign(text: &str, issuer: &str) -> String {
    let options = ProofOptions {
        verification_method: verification_method(issuer, key().public_key()),
        created: CREATED.to_owned(),
        ..ProofOptions::default()
    };
    let unsigned = UnsignedCredential::from_json(text).unwrap();
    unsigned.sign(&key(), &options).unwrap().into_text()
}

fn issuer() -> String {
    did_key(key().public_key()).unwrap()
}

fn judge(badge: &str, documents: &Documents) -> Report {
    verify(
        badge.as_bytes(),
        &Question::new(documents, parse_date_time(NOW).unwrap()),
    )
}

fn passes(report: &Report) -> bool {
    [Check::Form, Check::Schema, Check::Proof, Check::Issuer]
        .into_iter()
        .all(|check| {
            report
                .outcomes(check)
                .all(|outcome| outcome.as_str() == "passed")
        })
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn others_verify_what_we_sign() {
    for name in ["small", "full"] {
        let signed = sign(&badge(name), &issuer());
        let altered = signed.replacen("Wiki", "Viki", 1);
        assert_ne!(signed, altered);
        for (text, genuine) in [(&signed, true), (&altered, false)] {
            let request = json!({"credential": parsed(text), "documents": {}, "now": NOW});
            if let Some(answer) = ask("node/verify-vc.mjs", &request) {
                assert_eq!(
                    answer["verified"], genuine,
                    "@digitalbazaar/vc, {name}: {answer}"
                );
            }
            if let Some(answer) = ask("node/verify-dcc.mjs", &request) {
                let log = answer["log"].as_array().cloned().unwrap_or_default();
                let signature = log.iter().find(|entry| entry["id"] == "valid_signature");
                let valid = signature.is_some_and(|entry| entry["valid"] == true);
                assert_eq!(valid, genuine, "verifier-core, {name}: {answer}");
            }
            let request = json!({"credential": text, "documents": {}});
            if let Some(answer) = ask("python/verify_obl.py", &request) {
                assert_eq!(
                    answer["verified"], genuine,
                    "openbadgeslib, {name}: {answer}"
                );
            }
        }
    }
}

#[test]
fn we_verify_what_others_sign() {
    let documents = Documents::new();
    for name in ["small", "full"] {
        let request = json!({
            "credential": parsed(&badge(name)),
            "key": parsed(&badge("key")),
            "controller": issuer(),
            "verificationMethod": verification_method(&issuer(), key().public_key()),
            "created": CREATED,
            "asIs": true,
        });
        for program in ["node/issue-vc.mjs", "python/issue_obl.py"] {
            let Some(answer) = ask(program, &request) else {
                continue;
            };
            let signed = answer["credential"].to_string();
            let report = judge(&signed, &documents);
            assert!(passes(&report), "{program}, {name}: {report:?}");
            let altered = judge(&signed.replacen("Wiki", "Viki", 1), &documents);
            assert_eq!(altered.verdict(), Verdict::Invalid, "{program}, {name}");
        }
    }
}

#[test]
fn images_go_both_ways() {
    let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>"#;
    let signed = sign(&badge("small"), &issuer());
    let base64 = |bytes: &[u8]| {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.encode(bytes)
    };
    for image in [svg.as_bytes().to_vec(), png()] {
        let baked = bake(&signed, &image).unwrap();
        if let Some(answer) = ask("python/verify_obl.py", &json!({"image": base64(&baked)})) {
            assert_eq!(answer["verified"], true, "{answer}");
        }
        let request = json!({
            "credential": parsed(&badge("small")),
            "key": parsed(&badge("key")),
            "verificationMethod": verification_method(&issuer(), key().public_key()),
            "created": CREATED,
            "asIs": true,
            "image": base64(&image),
        });
        if let Some(answer) = ask("python/issue_obl.py", &request) {
            use base64::Engine as _;
            let baked = answer["image"].as_str().unwrap();
            let baked = base64::engine::general_purpose::STANDARD
                .decode(baked)
                .unwrap();
            let text = extract(&baked).unwrap().text;
            assert!(passes(&judge(&text, &Documents::new())), "{text}");
        }
    }
}

/// One grey pixel.
fn png() -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD
        .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==")
        .unwrap()
}

fn web_documents(list: &str) -> Value {
    let method = verification_method(WEB_ISSUER, key().public_key());
    json!({
        "https://issuer.example/.well-known/did.json": {
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
            "id": WEB_ISSUER,
            "verificationMethod": [{
                "id": method,
                "type": "Multikey",
                "controller": WEB_ISSUER,
                "publicKeyMultibase": key().public_key().to_multikey(),
            }],
            "assertionMethod": [method],
        },
        "https://issuer.example/status/1": parsed(list),
    })
}

/// A status list in which the entry 7 is set, and a badge with this entry.
fn with_status(entry: u64) -> (String, String) {
    let mut bits = StatusBits::default();
    assert!(bits.set(7, true));
    let list = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "https://issuer.example/status/1",
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": WEB_ISSUER,
        "validFrom": CREATED,
        "credentialSubject": {
            "id": "https://issuer.example/status/1#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": bits.encode(),
        },
    });
    let mut badge = parsed(&badge("small"));
    badge["issuer"]["id"] = json!(WEB_ISSUER);
    badge["credentialStatus"] = json!({
        "id": format!("https://issuer.example/status/1#{entry}"),
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": entry.to_string(),
        "statusListCredential": "https://issuer.example/status/1",
    });
    (
        sign(&list.to_string(), WEB_ISSUER),
        sign(&badge.to_string(), WEB_ISSUER),
    )
}

#[test]
fn status_lists_mean_the_same() {
    for (entry, verdict) in [(6, Verdict::Valid), (7, Verdict::Revoked)] {
        let (list, badge) = with_status(entry);
        let published = web_documents(&list);
        let mut documents = Documents::new();
        for (url, document) in published.as_object().unwrap() {
            documents.insert(url, Answer::Loaded(document.to_string().into_bytes()));
        }
        assert_eq!(judge(&badge, &documents).verdict(), verdict);
        let request = json!({
            "credential": parsed(&badge), "documents": published, "checkStatus": true, "now": NOW,
        });
        if let Some(answer) = ask("node/verify-vc.mjs", &request) {
            assert_eq!(answer["verified"], verdict == Verdict::Valid, "{answer}");
            assert_eq!(answer["statuses"][0]["set"], verdict == Verdict::Revoked);
        }
    }
}

#[test]
fn json_web_tokens_go_both_ways() {
    let keys = [
        SigningKey::ed25519(&[7; 32]),
        SigningKey::p256(&[7; 32]).unwrap(),
        SigningKey::rsa(RsaSigningKey::generate().unwrap()),
    ];
    for key in keys {
        let algorithm = key.algorithm().jose_name();
        let method = verification_method(WEB_ISSUER, key.public_key());
        let mut badge = parsed(&badge("small"));
        badge["issuer"]["id"] = json!(WEB_ISSUER);
        let unsigned = UnsignedCredential::from_json(&badge.to_string()).unwrap();
        let jwt = unsigned.sign_jwt(&key, &method).unwrap().into_text();
        let document = json!({
            "id": WEB_ISSUER,
            "verificationMethod": [{
                "id": method,
                "type": "JsonWebKey",
                "controller": WEB_ISSUER,
                "publicKeyJwk": key.public_key().to_jwk(),
            }],
            "assertionMethod": [method],
        });
        let mut documents = Documents::new();
        documents.insert(
            WEB_ISSUER,
            Answer::Loaded(document.to_string().into_bytes()),
        );
        assert_eq!(
            judge(&jwt, &documents).verdict(),
            Verdict::Valid,
            "{algorithm}"
        );
        let request = json!({
            "op": "verify", "alg": algorithm, "key": key.public_key().to_jwk(), "jwt": jwt, "now": NOW,
        });
        if let Some(answer) = ask("node/jwt.mjs", &request) {
            assert_eq!(answer["verified"], true, "{algorithm}: {answer}");
            assert_eq!(answer["payload"]["iss"], WEB_ISSUER);
        }
    }
    // The other way, with a key that only jose has seen in its private form.
    let secret = json!({
        "kty": "EC", "crv": "P-256",
        "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
        "d": "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE",
    });
    let mut badge = parsed(&badge("small"));
    badge["issuer"]["id"] = json!("https://issuer.example/profile");
    let mut payload = badge.clone();
    payload["iss"] = json!("https://issuer.example/profile");
    payload["sub"] = badge["credentialSubject"]["id"].clone();
    payload["jti"] = badge["id"].clone();
    let request = json!({
        "op": "sign", "alg": "ES256", "key": secret, "payload": payload,
        "header": {"kid": "key-1", "typ": "JWT"},
    });
    if let Some(answer) = ask("node/jwt.mjs", &request) {
        let mut public = secret.clone();
        public.as_object_mut().unwrap().remove("d");
        public["kid"] = json!("key-1");
        let mut documents = Documents::new();
        let set = json!({"keys": [public]}).to_string();
        documents.insert(
            "https://issuer.example/.well-known/jwks.json",
            Answer::Loaded(set.into_bytes()),
        );
        documents.insert(
            "https://issuer.example/profile",
            Answer::Failed("there is a web page".to_owned()),
        );
        let report = judge(answer["jwt"].as_str().unwrap(), &documents);
        assert_eq!(report.verdict(), Verdict::Valid, "{report:?}");
    }
}
