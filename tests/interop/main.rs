//! Badges go both ways between this library and others: what we issue they verify, and what they
//! issue we verify; what was altered fails on both sides. The others are child processes
//! (`tests/interop/README.md`).
#![expect(clippy::unwrap_used, reason = "tests")]

mod cose;
mod images;
mod presentations;
mod proofs;
mod sd_jwts;
mod selective;
mod statements;
mod status_lists;
mod tokens;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use badges_core::credential::verification_method;
use badges_core::did::did_key;
use badges_core::documents::{Answer, Documents};
use badges_core::key::{PublicKey, SigningKey};
use badges_core::model::parse_date_time;
use badges_core::verify::{Check, Question, Report, verify};
use badges_tests::{read, required_in_ci};
use serde_json::{Value, json};

const CREATED: &str = "2026-01-01T00:00:00Z";
const NOW: &str = "2026-06-01T00:00:00Z";
const WEB_ISSUER: &str = "did:web:issuer.example";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("interop")
}

/// Asks one of the programs; `None`, after saying so, where its language is not set up.
fn ask(program: &str, request: &Value) -> Option<Value> {
    ask_all(program, std::slice::from_ref(request))?.pop()
}

/// Asks one of the programs several things at once: starting it takes longer than to answer.
fn ask_all(program: &str, requests: &[Value]) -> Option<Vec<Value>> {
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
    for request in requests {
        writeln!(input, "{request}").unwrap();
    }
    drop(input);
    let output = child.wait_with_output().unwrap();
    let answers = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{program}: {answers}");
    let answers: Vec<Value> = answers.lines().map(parsed).collect();
    assert_eq!(answers.len(), requests.len(), "{program}: {answers:?}");
    Some(answers)
}

fn badge(name: &str) -> String {
    read(&folder().join(format!("../peers/badges/{name}.json")))
}

/// A badge with another issuer.
fn badge_by(name: &str, issuer: &str) -> Value {
    let mut badge = parsed(&badge(name));
    badge["issuer"]["id"] = json!(issuer);
    badge
}

fn key() -> SigningKey {
    SigningKey::from_file_text(&badge("key")).unwrap()
}

fn issuer() -> String {
    did_key(key().public_key()).unwrap()
}

/// The members of a request that say who signs: a key, as Multikey, of a did:key or another issuer.
fn who(issuer: &str, key: &SigningKey) -> Value {
    json!({
        "key": parsed(&key.to_file_text().unwrap()),
        "controller": issuer,
        "verificationMethod": verification_method(issuer, key.public_key()),
        "created": CREATED,
    })
}

/// A request with the members of both.
fn request(one: &Value, other: &Value) -> Value {
    let members = [one, other].map(|members| members.as_object().unwrap().clone());
    Value::Object(members.into_iter().flatten().collect())
}

/// What the web issuer publishes: its key as a JWK.
fn published(key: &PublicKey) -> Value {
    let method = verification_method(WEB_ISSUER, key);
    json!({
        "id": WEB_ISSUER,
        "verificationMethod": [{
            "id": method,
            "type": "JsonWebKey",
            "controller": WEB_ISSUER,
            "publicKeyJwk": key.to_jwk(),
        }],
        "assertionMethod": [method],
    })
}

fn documents(published: &Value) -> Documents {
    let mut documents = Documents::new();
    for (url, document) in published.as_object().unwrap() {
        documents.insert(url, Answer::Loaded(document.to_string().into_bytes()));
    }
    documents
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

/// The same text with a letter changed in what was signed.
fn altered(text: &str) -> String {
    let altered = text.replacen("Wiki", "Viki", 1);
    assert_ne!(text, altered);
    altered
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}
