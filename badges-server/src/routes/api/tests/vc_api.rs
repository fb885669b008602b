//! The VC-API with a token: who may sign, in whose name, with which key.

use axum::http::Request;
use badges_core::credential::verification_method;
use badges_core::did::did_key;
use badges_core::json;
use badges_core::jsonld::{Edition, Policy, RootContext};
use badges_core::key::{SigningKey, encode_base58btc};
use badges_core::model::{CREDENTIALS_V1, CREDENTIALS_V2};
use badges_core::proof::data_integrity::{hash_configuration, hash_document, signing_input};
use badges_core::proof::suite::{Hashing, Suite};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::{Answer, Program, begin, token};
use crate::routes::api::{SCOPES, Scope};
use crate::testing::on_both;

const EDDSA: &str = "/vc-api/eddsa-rdfc-2022";

async fn post(program: &Program, path: &str, body: &Value) -> Answer {
    let request = Request::builder()
        .method("POST")
        .uri(path)
        .header("content-type", "application/json");
    program.send(request, &body.to_string()).await
}

fn credential(issuer: &str) -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "urn:uuid:0c07c1ce-57cb-41af-bef2-1b932b986873",
        "type": ["VerifiableCredential"],
        "issuer": issuer,
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:subject"},
    })
}

/// A JWT that a key has signed, with these claims.
fn jwt(key: &SigningKey, kind: &str, claims: &Value) -> String {
    let did = did_key(key.public_key()).unwrap();
    let kid = verification_method(&did, key.public_key());
    let header = json!({"alg": "EdDSA", "typ": kind, "kid": kid});
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let input = format!("{}.{}", encode(&header), encode(claims));
    let signature = URL_SAFE_NO_PAD.encode(key.sign(input.as_bytes()).unwrap());
    format!("{input}.{signature}")
}

/// A presentation in an envelope, for the challenge `1234`.
fn presented(key: &SigningKey, holder: &str, shown: &Value) -> Value {
    let claims = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": holder,
        "verifiableCredential": shown,
        "nonce": "1234",
    });
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": "EnvelopedVerifiablePresentation",
        "id": format!("data:application/vp+jwt,{}", jwt(key, "vp+jwt", &claims)),
    })
}

/// A credential whose issuer is a key, with a proof that has these members beside its own.
fn proved(key: &SigningKey, cryptosuite: &str, members: &Value) -> Value {
    let did = did_key(key.public_key()).unwrap();
    let mut credential = credential(&did);
    let mut proof = json!({
        "type": "DataIntegrityProof",
        "cryptosuite": cryptosuite,
        "created": "2026-01-01T00:00:00Z",
        "verificationMethod": verification_method(&did, key.public_key()),
        "proofPurpose": "assertionMethod",
    });
    for (name, value) in members.as_object().unwrap() {
        proof[name] = value.clone();
    }
    let (document, configuration) = (credential.to_string(), proof.to_string());
    let document = json::parse(&document).unwrap();
    let configuration = json::parse(&configuration).unwrap();
    let suite = Suite::of(&configuration).unwrap();
    let root = RootContext::of(&document, Edition::NEWEST, Policy::DataIntegrity).unwrap();
    let method = (suite.canonicalization(), Hashing::Sha256);
    let document = hash_document(method, &root, &document, &[]).unwrap();
    let configuration = hash_configuration(suite, Hashing::Sha256, &root, &configuration).unwrap();
    let signature = key.sign(&signing_input(&configuration, &document)).unwrap();
    proof["proofValue"] = encode_base58btc(&signature).into();
    credential["proof"] = proof;
    credential
}

const ACADEMY: &str = "did:web:badges.example.org:issuers:academy";

on_both! {
    async fn programs_sign_in_the_name_of_their_issuer(app: TestApp) {
        let (program, scene) = begin(&app).await;
        let request = json!({"credential": credential(ACADEMY)});
        for path in [
            EDDSA,
            "/vc-api/eddsa-2022",
            "/vc-api/eddsa-jcs-2022",
            "/vc-api/ed25519-2020",
            "/vc-api/ecdsa-rdfc-2019-p256",
            "/vc-api/ecdsa-jcs-2019-p256",
            "/vc-api/ecdsa-sd-2023",
            "/vc-api/jwt",
        ] {
            let answer = post(&program, &format!("{path}/credentials/issue"), &request).await;
            let mut signed = answer.is(201).json()["verifiableCredential"].take();
            if path.ends_with("eddsa-2022") {
                assert_eq!(signed["proof"]["cryptosuite"], "eddsa-2022");
            }
            if path.ends_with("sd-2023") {
                let derive = json!({"verifiableCredential": signed, "options": {"selectivePointers": ["/issuer", "/credentialSubject"]}});
                let derived = post(&program, &format!("{path}/credentials/derive"), &derive).await;
                signed = derived.is(201).json()["verifiableCredential"].take();
            }
            // Anybody may ask.
            let everybody = program.with(None);
            let verify = json!({"verifiableCredential": signed});
            let told = post(&everybody, &format!("{path}/credentials/verify"), &verify).await.is(200).json();
            assert_eq!(told["verified"], true, "{told}");
            let checks = told["report"]["checks"].as_array().unwrap();
            let issuer = checks.iter().find(|check| check["check"] == "issuer").unwrap();
            assert_eq!(issuer["outcome"], "passed", "{told}");
        }
        // The issuer has no such key.
        let answer = post(&program, "/vc-api/ecdsa-rdfc-2019-p384/credentials/issue", &request).await.is(400);
        assert!(answer.body.contains("ES384"), "{}", answer.body);
        // Nobody signs for somebody else.
        let other = json!({"credential": credential("did:web:elsewhere.example")});
        post(&program, &format!("{EDDSA}/credentials/issue"), &other).await.is(400);
        let log = app.count("select count(*) from audit where action = 'credential.sign'").await;
        assert_eq!(log, 8);
        // Without the scope, and without a token.
        let others: Vec<Scope> = SCOPES.into_iter().filter(|scope| *scope != Scope::Sign).collect();
        let limited = program.with(Some(token(&app, &scene.owner, &scene.issuer, &others, None).await));
        post(&limited, &format!("{EDDSA}/credentials/issue"), &request).await.is(403);
        post(&program.with(None), &format!("{EDDSA}/credentials/issue"), &request).await.is(401);
        post(&program, "/vc-api/unheard-of/credentials/issue", &request).await.is(404);
        // What is for conformance suites is not there.
        for path in ["/w3c-manifest.json", "/jose-cose/verify", "/vc-api/bitstring-status-list/status/1"] {
            post(&program, path, &json!({})).await.is(404);
        }
    }

    async fn nobody_presents_in_the_name_of_another_holder(app: TestApp) {
        let (program, _) = begin(&app).await;
        let key = SigningKey::ed25519(&[7; 32]);
        let did = did_key(key.public_key()).unwrap();
        let other = did_key(SigningKey::ed25519(&[8; 32]).public_key()).unwrap();
        for (holder, shown, status) in [
            (did.as_str(), json!([]), 200),
            (&did, json!([null]), 400),
            (&other, json!([]), 400),
            ("did:example:somebody", json!([]), 400),
            ("did:web:nobody.example", json!([]), 400),
            ("https://example.org/somebody", json!([]), 400),
        ] {
            let presentation = presented(&key, holder, &shown);
            let request = json!({"verifiablePresentation": presentation, "options": {"challenge": "1234"}});
            post(&program, &format!("{EDDSA}/presentations/verify"), &request).await.is(status);
            let request = json!({"verifiablePresentation": presentation, "options": {"challenge": "other"}});
            post(&program, &format!("{EDDSA}/presentations/verify"), &request).await.is(400);
        }
    }

    async fn of_each_credential_in_a_presentation_it_is_told_what_was_found(app: TestApp) {
        let (program, _) = begin(&app).await;
        let issue = format!("{EDDSA}/credentials/issue");
        let signed = post(&program, &issue, &json!({"credential": credential(ACADEMY)})).await.is(201).json();
        let good = signed["verifiableCredential"].clone();
        let mut altered = good.clone();
        altered["credentialSubject"]["id"] = "did:example:another".into();
        let key = SigningKey::ed25519(&[7; 32]);
        let did = did_key(key.public_key()).unwrap();
        for (holder, shown, status, of) in [
            (did.as_str(), json!([good, good]), 200, json!([])),
            (&did, json!([good, altered, altered]), 400, json!([1, 2])),
            ("did:example:somebody", json!([good, altered]), 400, json!([null, 1])),
        ] {
            let request = json!({"verifiablePresentation": presented(&key, holder, &shown), "options": {"challenge": "1234"}});
            let told = post(&program, &format!("{EDDSA}/presentations/verify"), &request).await.is(status).json();
            assert_eq!(told["verified"], status == 200);
            let problems = told["problemDetails"].as_array().cloned().unwrap_or_default();
            let credentials: Vec<&Value> = problems.iter().map(|problem| &problem["credential"]).collect();
            assert_eq!(json!(credentials), of, "{told}");
            assert!(problems.iter().all(|problem| problem["type"].is_string() && problem["detail"].is_string()));
            assert!(told["report"]["checks"].is_array(), "{told}");
            let found = told["credentials"].as_array().unwrap().iter().map(|report| {
                let checks = report["checks"].as_array().unwrap();
                let proof = checks.iter().find(|check| check["check"] == "proof").unwrap();
                proof["outcome"] == "passed"
            });
            let expected: Vec<bool> = shown.as_array().unwrap().iter().map(|shown| *shown == good).collect();
            assert_eq!(found.collect::<Vec<_>>(), expected);
        }
    }

    async fn what_is_wrong_is_said_in_the_standards_words(app: TestApp) {
        let (program, _) = begin(&app).await;
        for (path, body, kind) in [
            ("issue", json!({}), "PARSING_ERROR"),
            ("issue", json!({"credential": "text"}), "PARSING_ERROR"),
            ("issue", json!({"credential": {}}), "PARSING_ERROR"),
            ("issue", json!({"credential": {"@context": ["https://www.w3.org/ns/credentials/v2"]}}), "MALFORMED_VALUE_ERROR"),
            ("verify", json!({"verifiableCredential": "text"}), "PARSING_ERROR"),
            ("verify", json!({"verifiableCredential": credential(ACADEMY)}), "PROOF_VERIFICATION_ERROR"),
        ] {
            let answer = post(&program, &format!("{EDDSA}/credentials/{path}"), &body).await.is(400);
            let problem = answer.json()["problemDetails"][0]["type"].as_str().unwrap().to_owned();
            assert!(problem.ends_with(kind), "{path} {body}: {}", answer.body);
        }
        let presentation = json!({"verifiablePresentation": {"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiablePresentation"]}});
        let answer = post(&program, &format!("{EDDSA}/presentations/verify"), &presentation).await.is(400);
        assert_eq!(answer.json()["verified"], false);
        // What is expected of the proof.
        let issued = post(&program, &format!("{EDDSA}/credentials/issue"), &json!({"credential": credential(ACADEMY)})).await.is(201).json();
        let signed = &issued["verifiableCredential"];
        assert!(signed["proof"].is_object(), "{signed}");
        for (purpose, status) in [("assertionMethod", 200), ("authentication", 400)] {
            let request = json!({"verifiableCredential": signed, "options": {"expectedProofPurpose": purpose}});
            post(&program, &format!("{EDDSA}/credentials/verify"), &request).await.is(status);
        }
    }

    /// Drafts had two names for `eddsa-rdfc-2022`.
    async fn the_older_names_of_a_suite_verify(app: TestApp) {
        let (program, _) = begin(&app).await;
        let key = SigningKey::ed25519(&[7; 32]);
        for name in ["eddsa-rdfc-2022", "eddsa-2022", "eddsa-rdf-2022"] {
            let credential = proved(&key, name, &json!({}));
            let mut renamed = credential.clone();
            // The name is signed too.
            renamed["proof"]["cryptosuite"] = if name == "eddsa-2022" { "eddsa-rdf-2022" } else { "eddsa-2022" }.into();
            for (credential, status) in [(&credential, 200), (&renamed, 400)] {
                let request = json!({"verifiableCredential": credential});
                let answer = post(&program, &format!("{EDDSA}/credentials/verify"), &request).await.is(status);
                assert_eq!(answer.json()["verified"], status == 200, "{name}");
            }
        }
    }

    async fn every_answer_is_json(app: TestApp) {
        let app = app.with(|settings| settings.vc_api_open = true).await;
        let (program, _) = begin(&app).await;
        let too_long = format!("{{\"text\":\"{}\"}}", "x".repeat(1 << 20));
        let json = "application/json";
        let paths = [
            "/vc-api/eddsa-rdfc-2022/credentials/issue",
            "/vc-api/eddsa-rdfc-2022/credentials/verify",
            "/vc-api/eddsa-rdfc-2022/presentations/verify",
            "/vc-api/ecdsa-sd-2023/credentials/derive",
            "/vc-api/bitstring-status-list/credentials/status",
            "/jose-cose/issue",
            "/jose-cose/verify",
        ];
        let mut cases = vec![
            ("POST", "/vc-api/bitstring-status-list/status/1".to_owned(), json, "{}", 405),
            ("GET", "/vc-api/eddsa-rdfc-2022/status/1".to_owned(), json, "", 404),
            ("POST", "/vc-api/eddsa-rdfc-2022/credentials/status".to_owned(), json, "{}", 404),
            ("POST", "/vc-api/eddsa-rdfc-2022/credentials/derive".to_owned(), json, "{}", 404),
            ("POST", "/vc-api/eddsa-rdfc-2022/credentials".to_owned(), json, "{}", 404),
            ("POST", "/jose-cose/unheard-of".to_owned(), json, "{}", 404),
            ("POST", "/jose-cose/%ff".to_owned(), json, "{}", 404),
            ("POST", "/w3c-manifest.json".to_owned(), json, "{}", 405),
        ];
        for path in paths {
            for (method, kind, body, status) in [
                ("POST", json, &*too_long, 413),
                ("POST", json, "{}", 400),
                ("POST", json, "no JSON", 400),
                ("POST", "application/ld+json; charset=utf-8", "{}", 400),
                ("POST", "text/plain", "{}", 415),
                ("GET", json, "", 405),
                ("DELETE", json, "{}", 405),
            ] {
                cases.push((method, path.to_owned(), kind, body, status));
            }
            if let Some((_, verb)) = path.strip_prefix("/vc-api/").and_then(|rest| rest.split_once('/')) {
                for nothing in ["unheard-of", "%ff"] {
                    cases.push(("POST", format!("/vc-api/{nothing}/{verb}"), json, "{}", 404));
                }
            }
        }
        for (method, path, kind, body, status) in cases {
            for accept in ["application/ld+json,application/json", "*/*", ""] {
                let request = Request::builder().method(method).uri(&path).header("content-type", kind).header("accept", accept);
                let answer = program.send(request, body).await;
                let begin = body.get(..9).unwrap_or(body);
                assert_eq!(answer.status.as_u16(), status, "{method} {path} {kind} {begin}: {}", answer.body);
                let kind = answer.headers["content-type"].to_str().unwrap();
                assert!(kind.contains("json"), "{method} {path}: {kind}");
                let said = answer.json();
                assert!(said["title"].is_string() || said["problemDetails"][0]["title"].is_string(), "{said}");
            }
        }
    }

    async fn a_jwt_of_version_1_repeats_the_ids_that_are_there(app: TestApp) {
        let (program, _) = begin(&app).await;
        let whole = json!({
            "@context": [CREDENTIALS_V1],
            "id": "urn:uuid:0c07c1ce-57cb-41af-bef2-1b932b986873",
            "type": ["VerifiableCredential"],
            "issuer": ACADEMY,
            "issuanceDate": "2026-01-01T00:00:00Z",
            "credentialSubject": {"id": "did:example:subject"},
        });
        let mut anonymous = whole.clone();
        anonymous.as_object_mut().unwrap().remove("id");
        let mut about_nobody = anonymous.clone();
        about_nobody["credentialSubject"] = json!({"https://example.org/has": "something"});
        for (credential, id, subject) in [
            (&whole, whole["id"].clone(), json!("did:example:subject")),
            (&anonymous, Value::Null, json!("did:example:subject")),
            (&about_nobody, Value::Null, Value::Null),
        ] {
            let request = json!({"credential": credential});
            let issued = post(&program, "/vc-api/jwt/credentials/issue", &request).await.is(201).json();
            let jwt = issued["verifiableCredential"].as_str().unwrap();
            let payload = URL_SAFE_NO_PAD.decode(jwt.split('.').nth(1).unwrap()).unwrap();
            let claims: Value = serde_json::from_slice(&payload).unwrap();
            assert_eq!((&claims["jti"], &claims["sub"]), (&id, &subject));
            assert_eq!(claims["vc"], *credential);
            let request = json!({"verifiableCredential": jwt});
            post(&program, "/vc-api/jwt/credentials/verify", &request).await.is(200);
        }
        // A badge has an id, and is of version 2.0.
        let mut badge = credential(ACADEMY);
        badge["@context"] = json!([CREDENTIALS_V2, "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]);
        badge["type"] = json!(["VerifiableCredential", "OpenBadgeCredential"]);
        badge["name"] = json!("Example");
        badge["issuer"] = json!({"id": ACADEMY, "type": ["Profile"], "name": "Example Academy"});
        badge["credentialSubject"] = json!({
            "id": "did:example:subject",
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "urn:uuid:6a4f4d0e-9ba0-4a0a-b7a5-ac0a0d7c3f2d",
                "type": ["Achievement"],
                "name": "Example",
                "description": "Example",
                "criteria": {"narrative": "Example"},
            },
        });
        let mut without = badge.clone();
        without.as_object_mut().unwrap().remove("id");
        for (badge, status) in [(badge, 201), (without, 400)] {
            let request = json!({"credential": badge});
            let answer = post(&program, "/vc-api/jwt/credentials/issue", &request).await.is(status).json();
            let detail = answer["problemDetails"][0]["detail"].as_str();
            assert_eq!(detail, (status == 400).then_some("id: is required"));
        }
    }

    async fn a_credential_must_answer_what_was_asked(app: TestApp) {
        let (program, _) = begin(&app).await;
        let key = SigningKey::ed25519(&[7; 32]);
        let answering = json!({"challenge": "1234", "domain": ["shop.example", "school.example"]});
        let embedded = |members| proved(&key, "eddsa-rdfc-2022", &members);
        let enveloped = |members: Value| {
            let mut claims = credential(&did_key(key.public_key()).unwrap());
            for (name, value) in members.as_object().unwrap() {
                claims[name] = value.clone();
            }
            json!({
                "@context": [CREDENTIALS_V2],
                "type": "EnvelopedVerifiableCredential",
                "id": format!("data:application/vc+jwt,{}", jwt(&key, "vc+jwt", &claims)),
            })
        };
        let (silent, secured) = (embedded(json!({})), embedded(answering));
        let mut both = secured.clone();
        both["proof"] = json!([both["proof"], silent["proof"]]);
        // What nobody signed does not count.
        let mut added = silent.clone();
        added["proof"]["challenge"] = "1234".into();
        let (challenge, domain) = ("INVALID_CHALLENGE_ERROR", "INVALID_DOMAIN_ERROR");
        for (credential, options, problem) in [
            (&secured, json!({}), None),
            (&secured, json!({"challenge": null, "domain": null}), None),
            (&secured, json!({"challenge": "1234"}), None),
            (&secured, json!({"challenge": "1234", "domain": "school.example"}), None),
            (&secured, json!({"challenge": "1235", "domain": "school.example"}), Some(challenge)),
            (&secured, json!({"challenge": "1234", "domain": "other.example"}), Some(domain)),
            (&secured, json!({"challenge": 1234}), Some("PARSING_ERROR")),
            (&silent, json!({"challenge": "1234"}), Some(challenge)),
            (&silent, json!({"domain": "shop.example"}), Some(domain)),
            (&both, json!({}), None),
            (&both, json!({"challenge": "1234"}), Some(challenge)),
            (&enveloped(json!({"nonce": "1234", "aud": "shop.example"})), json!({"challenge": "1234", "domain": "shop.example"}), None),
            (&enveloped(json!({"nonce": "1234"})), json!({"challenge": "1234", "domain": "shop.example"}), Some(domain)),
            (&enveloped(json!({})), json!({"challenge": "1234"}), Some(challenge)),
            (&added, json!({"challenge": "1234"}), Some("PROOF_VERIFICATION_ERROR")),
        ] {
            let request = json!({"verifiableCredential": credential, "options": options});
            let status = if problem.is_some() { 400 } else { 200 };
            let told = post(&program, &format!("{EDDSA}/credentials/verify"), &request).await.is(status).json();
            let found = told["problemDetails"].as_array().into_iter().flatten();
            let mut found = found.map(|problem| problem["type"].as_str().unwrap());
            match problem {
                Some(problem) => assert!(found.any(|found| found.ends_with(problem)), "{options} {told}"),
                None => assert_eq!(found.next(), None, "{told}"),
            }
        }
        // A presentation in its own words.
        let did = did_key(key.public_key()).unwrap();
        let request = json!({"verifiablePresentation": presented(&key, &did, &json!([])), "options": {"challenge": "1234", "domain": "shop.example"}});
        let told = post(&program, &format!("{EDDSA}/presentations/verify"), &request).await.is(400).json();
        assert!(told["problemDetails"][0]["type"].as_str().unwrap().ends_with(domain), "{told}");
    }
}
