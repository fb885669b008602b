//! The requests of the W3C's and W3C-CCG's suites to the real service, and the answers that they want.
//! What passes is written to `docs/conformance.md`.
#![expect(clippy::unwrap_used, reason = "tests")]

mod corpus;
mod resolution;
mod service;
mod status_list;
mod table;

use serde_json::{Value, json};

use crate::corpus::cases;
use crate::service::Service;
use crate::table::Table;

#[test]
fn the_suites_get_the_answers_that_they_want() {
    let Some(cases) = cases() else {
        return;
    };
    let service = Service::start();
    let mut table = Table::default();
    let mut wrong = Vec::new();
    for case in &cases {
        let answer = service.ask(case);
        let passed = case.expects(answer.status) && answer.is_json;
        table.count(&case.suite, passed);
        if !passed {
            wrong.push(format!(
                "{} wants {}, got {}: {}\n  {}",
                case.suite, case.expect, answer.status, case.test, answer.body
            ));
        }
    }
    for case in corpus::jose_cose() {
        let answer = service.post(&format!("/jose-cose/{}", case.verb), &case.request);
        let passed = answer.status == 200 && answer.body["result"] == case.expect;
        table.count("jose-cose", passed);
        if !passed {
            wrong.push(format!(
                "{} wants {}: {}",
                case.test, case.expect, answer.body
            ));
        }
    }
    let mut assertions = resolution::assertions(&service);
    assertions.append(&mut status_list::assertions(&service));
    for assertion in assertions {
        table.count(assertion.suite, assertion.holds);
        if !assertion.holds {
            wrong.push(format!("{} wants: {}", assertion.suite, assertion.title));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    table.check();
}

/// What is issued can be verified, and is what was sent with a proof beside it.
#[test]
fn what_is_issued_verifies() {
    let service = Service::start();
    let manifest = service.manifest();
    for issuer in manifest["issuers"].as_array().unwrap() {
        for (context, date) in [
            ("https://www.w3.org/ns/credentials/v2", "validFrom"),
            ("https://www.w3.org/2018/credentials/v1", "issuanceDate"),
        ] {
            let credential = json!({
                "@context": [context],
                "id": "urn:uuid:0c07c1ce-57cb-41af-bef2-1b932b986873",
                "type": ["VerifiableCredential"],
                "issuer": issuer["id"],
                date: "2026-01-01T00:00:00Z",
                "credentialSubject": {"id": "did:example:subject"},
            });
            let endpoint = issuer["endpoint"].as_str().unwrap();
            let request = json!({"credential": credential, "options": issuer["options"]});
            let issued = service.post(endpoint, &request);
            assert_eq!(issued.status, 201, "{endpoint}: {}", issued.body);
            let issued = issued.body["verifiableCredential"].clone();
            let shown = service.shown(issuer, &issued);
            let verify = manifest["verifiers"][0]["endpoint"].as_str().unwrap();
            let verified = service.post(verify, &json!({"verifiableCredential": shown}));
            assert_eq!(verified.status, 200, "{endpoint}: {}", verified.body);
            assert_eq!(verified.body["verified"], true);
            if issued.get("proof").is_some() {
                altered_fails(&service, verify, shown);
            }
        }
    }
}

/// Each suite takes the issuers that have its tag; several of them only the first.
#[test]
fn each_suite_finds_its_issuers() {
    let manifest = Service::start().manifest();
    let issuers = manifest["issuers"].as_array().unwrap();
    for (tag, instances) in [
        ("vc2.0", &["eddsa-rdfc-2022"][..]),
        ("EnvelopingProof", &["jwt"]),
        ("eddsa-rdfc-2022", &["eddsa-rdfc-2022"]),
        ("eddsa-jcs-2022", &["eddsa-jcs-2022"]),
        (
            "ecdsa-rdfc-2019",
            &["ecdsa-rdfc-2019-p256", "ecdsa-rdfc-2019-p384"],
        ),
        (
            "ecdsa-jcs-2019",
            &["ecdsa-jcs-2019-p256", "ecdsa-jcs-2019-p384"],
        ),
        ("ecdsa-sd-2023", &["ecdsa-sd-2023"]),
        ("Ed25519Signature2020", &["ed25519-2020"]),
        ("vc-api", &["ed25519-2020"]),
        ("BitstringStatusList", &["bitstring-status-list"]),
        // No suite asks for it.
        ("eddsa-2022", &["eddsa-2022"]),
    ] {
        let has_tag = |issuer: &&Value| {
            let mut tags = issuer["tags"].as_array().unwrap().iter();
            tags.any(|known| known == tag)
        };
        let found: Vec<&str> = issuers
            .iter()
            .filter(has_tag)
            .map(|issuer| issuer["endpoint"].as_str().unwrap())
            .collect();
        let expected: Vec<String> = instances
            .iter()
            .map(|name| format!("https://suites.example.org/vc-api/{name}/credentials/issue"))
            .collect();
        assert_eq!(found, expected, "{tag}");
    }
}

fn altered_fails(service: &Service, verify: &str, mut credential: Value) {
    credential["credentialSubject"]["id"] = "did:example:another".into();
    let answer = service.post(verify, &json!({"verifiableCredential": credential}));
    assert_eq!(answer.status, 400, "{}", answer.body);
    assert_eq!(answer.body["verified"], false);
}

#[test]
fn a_status_list_is_published_and_relied_on() {
    let service = Service::start();
    let manifest = service.manifest();
    let issuers = manifest["issuers"].as_array().unwrap();
    let issuer = issuers
        .iter()
        .find(|issuer| issuer["tags"] == json!(["BitstringStatusList"]))
        .unwrap();
    let credential = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": issuer["id"],
        "credentialSubject": {"id": "did:example:subject"},
    });
    let endpoint = issuer["endpoint"].as_str().unwrap();
    let issued = service.post(endpoint, &json!({"credential": credential}));
    let status = &issued.body["verifiableCredential"]["credentialStatus"];
    assert_eq!(status["type"], "BitstringStatusListEntry");
    let list = service.get(status["statusListCredential"].as_str().unwrap());
    assert_eq!(
        list.body["credentialSubject"]["type"],
        "BitstringStatusList"
    );
    assert_eq!(list.body["issuer"], issuer["id"]);
    let verify = manifest["verifiers"][0]["endpoint"].as_str().unwrap();
    let asked = json!({"verifiableCredential": issued.body["verifiableCredential"]});
    let verified = service.post(verify, &asked);
    assert_eq!(verified.status, 200, "{}", verified.body);
    let checks = verified.body["report"]["checks"].as_array().unwrap();
    assert!(
        checks
            .iter()
            .any(|check| check["check"] == "status" && check["outcome"] == "passed")
    );
    // Taken back, and given again.
    let change = endpoint.replace("/issue", "/status");
    for (value, status) in [(true, 400), (false, 200)] {
        let changed = service.post(
            &change,
            &json!({"credentialStatus": issued.body["verifiableCredential"]["credentialStatus"], "status": value}),
        );
        assert_eq!(changed.status, 200, "{}", changed.body);
        let verified = service.post(verify, &asked);
        assert_eq!(verified.status, status, "{}", verified.body);
    }
    // What is no entry of this list changes nothing.
    for (member, value, status) in [
        ("statusListIndex", "131071", 404),
        ("statusListIndex", "-1", 400),
        ("statusListCredential", "https://example.org/status/1", 400),
        ("statusPurpose", "suspension", 400),
    ] {
        let mut entry = issued.body["verifiableCredential"]["credentialStatus"].clone();
        entry[member] = json!(value);
        let request = json!({"credentialStatus": entry, "status": true});
        assert_eq!(service.post(&change, &request).status, status, "{member}");
    }
    let without_value = json!({"credentialStatus": status});
    assert_eq!(service.post(&change, &without_value).status, 400);
    let elsewhere = change.replace("bitstring-status-list", "eddsa-rdfc-2022");
    assert_eq!(service.post(&elsewhere, &without_value).status, 404);
}

#[test]
fn it_is_open_to_this_machine_only() {
    let error = Service::refused(&["--listen", "0.0.0.0:0", "--vc-api-open"]);
    assert!(error.contains("--vc-api-open"), "{error}");
}
