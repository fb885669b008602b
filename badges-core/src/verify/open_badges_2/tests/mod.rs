//! A small world with an issuer of Open Badges 2.0, of which each test changes one thing.

#![expect(clippy::unwrap_used, reason = "tests")]

mod carriers;
mod endorsements;
mod hosted;
mod older;
mod signed;

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::documents::{Answer, Documents};
use crate::key::{PublicKey, SigningKey};
use crate::model::parse_date_time;
use crate::proof::jwt;
use crate::verify::{Check, Outcome, Question, Recipient, Report, Verdict, verify};

const V2: &str = "https://w3id.org/openbadges/v2";
const ASSERTION: &str = "https://issuer.example/assertions/1";
const CLASS: &str = "https://issuer.example/classes/editor";
const ISSUER: &str = "https://issuer.example/profile";
const KEY: &str = "https://issuer.example/keys/1";
const LIST: &str = "https://issuer.example/revoked";

fn at() -> OffsetDateTime {
    parse_date_time("2026-06-01T12:00:00Z").unwrap()
}

fn assertion() -> Value {
    json!({
        "@context": V2, "type": "Assertion", "id": ASSERTION,
        "recipient": {"type": "email", "hashed": true, "salt": "Kosher",
            "identity": "sha256$B5809D8A92F8858436D7E6B87C12EBC0AE1EAC4BAECC2C0B913AEE2C922EF399"},
        "badge": CLASS, "verification": {"type": "HostedBadge"},
        "issuedOn": "2026-05-01T10:00:00Z"
    })
}

fn signed_assertion() -> Value {
    let mut assertion = assertion();
    assertion["id"] = "urn:uuid:8d4c25e5-0b6e-4d0e-8c0a-5f8e1f0f3f52".into();
    assertion["verification"] = json!({"type": "SignedBadge", "creator": KEY});
    assertion
}

fn issuer_key() -> SigningKey {
    SigningKey::ed25519(&[7; 32])
}

fn pem(key: &SigningKey) -> String {
    let (head, key): (&[u8], Vec<u8>) = match key.public_key() {
        PublicKey::Ed25519(key) => (b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\0", key.as_bytes().to_vec()),
        PublicKey::P256(key) => (
            b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\0",
            key.to_sec1_point(false).as_bytes().to_vec(),
        ),
        _ => unreachable!("no other key is used here"),
    };
    let body = STANDARD.encode([head, &key].concat());
    format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n")
}

fn sign(payload: &Value, header: &Value, key: &SigningKey) -> String {
    let input = jwt::signing_input(&header.to_string(), &payload.to_string());
    let signature = key.sign(input.as_bytes()).unwrap();
    jwt::finish(input, &signature)
}

fn signed(payload: &Value) -> String {
    sign(payload, &json!({"alg": "EdDSA"}), &issuer_key())
}

/// What is found where; and what is asked for is noted.
struct World {
    answers: BTreeMap<String, Answer>,
}

impl World {
    fn new() -> Self {
        let mut world = Self {
            answers: BTreeMap::new(),
        };
        world.put(ASSERTION, &assertion());
        world.put(
            CLASS,
            &json!({"@context": V2, "type": "BadgeClass", "id": CLASS, "name": "Editor",
                "description": "Edits.", "image": "https://issuer.example/editor.png",
                "criteria": {"narrative": "Edit."}, "issuer": ISSUER}),
        );
        world.put(
            ISSUER,
            &json!({"@context": V2, "type": "Issuer", "id": ISSUER, "name": "Example Users Group",
                "url": "https://issuer.example/", "email": "badges@issuer.example",
                "publicKey": KEY, "revocationList": LIST}),
        );
        world.put(
            KEY,
            &json!({"@context": V2, "type": "CryptographicKey", "id": KEY, "owner": ISSUER,
                "publicKeyPem": pem(&issuer_key())}),
        );
        world.put(
            LIST,
            &json!({"@context": V2, "type": "RevocationList", "id": LIST, "issuer": ISSUER,
                "revokedAssertions": ["urn:uuid:another", {"id": "urn:uuid:more"}]}),
        );
        world
    }

    fn put(&mut self, url: &str, document: &Value) {
        let answer = Answer::Loaded(document.to_string().into_bytes());
        self.answers.insert(url.to_owned(), answer);
    }

    fn edit(&mut self, url: &str, edit: impl FnOnce(&mut Value)) {
        let Some(Answer::Loaded(body)) = self.answers.get(url) else {
            unreachable!("nothing at {url}");
        };
        let mut document = serde_json::from_slice(body).unwrap();
        edit(&mut document);
        self.put(url, &document);
    }

    /// Judges as long as something is missing. Gives the URLs that were asked for too.
    fn ask<'a>(&self, badge: &[u8], recipient: Option<Recipient<'a>>) -> (Report, Vec<String>) {
        let mut documents = Documents::new();
        let mut asked = Vec::new();
        loop {
            let question = Question {
                recipient,
                ..Question::new(&documents, at())
            };
            let report = verify(badge, &question);
            if report.missing().is_empty() {
                return (report, asked);
            }
            for url in report.missing().to_vec() {
                let nothing = Answer::Failed("not there".to_owned());
                let answer = self.answers.get(&url).cloned().unwrap_or(nothing);
                documents.insert(&url, answer);
                asked.push(url);
            }
        }
    }

    /// The verdict, and the ids of all that failed or is not known.
    fn judge(&self, badge: impl AsRef<[u8]>) -> (Verdict, Vec<&'static str>) {
        let (report, _) = self.ask(badge.as_ref(), None);
        (report.verdict(), faults(&report))
    }

    fn judge_hosted(&self) -> (Verdict, Vec<&'static str>) {
        self.judge(assertion().to_string())
    }

    fn judge_signed(&self) -> (Verdict, Vec<&'static str>) {
        self.judge(signed(&signed_assertion()))
    }
}

fn faults(report: &Report) -> Vec<&'static str> {
    report
        .checks
        .iter()
        .filter(|(_, outcome)| !matches!(outcome, Outcome::Passed(_)))
        .map(|(_, outcome)| outcome.id())
        .collect()
}

fn ids(report: &Report, check: Check) -> Vec<&'static str> {
    report.outcomes(check).map(Outcome::id).collect()
}
