//! W3C's test suite for *Securing Verifiable Credentials using JOSE and COSE*, case by case.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::PathBuf;

use badges_core::SigningKey;
use badges_core::jose_cose::{Answer, issue, verify};
use badges_core::json::{self, Value};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// How many cases the suite has.
const CASES: usize = 35;

/// The suite's cases; `None`, after saying so, where the corpus is not at hand.
fn corpus() -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "where the tests' data is")]
    let variable = |name| std::env::var(name).ok();
    let root = variable("BADGES_CORPUS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/corpus")),
        PathBuf::from,
    );
    let file = root.join("w3c/jose-cose.jsonl");
    let text = std::fs::read_to_string(&file).ok();
    if text.is_none() {
        assert!(
            variable("CI").as_deref() != Some("true"),
            "the corpus is missing: {}",
            file.display()
        );
        eprintln!("SKIPPED: no corpus at {}", file.display());
    }
    text
}

fn salts() -> impl FnMut() -> [u8; 16] {
    let mut count = 0;
    move || {
        count += 1;
        [count; 16]
    }
}

#[test]
fn every_case_of_the_suite() {
    let Some(corpus) = corpus() else { return };
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in corpus.lines() {
        let case = json::parse(line).unwrap();
        let [input, feature] = ["input", "feature"].map(|name| case.text(name).unwrap());
        let key = case.get("key").unwrap();
        let answer = match case.text("fn").unwrap() {
            "issue" => {
                let paths = case.list("sd").iter().filter_map(Value::as_str);
                let paths: Vec<&str> = paths.collect();
                let answer = issue(input, key, feature, &paths, salts());
                if answer.result() == "success" {
                    let again = verify(&answer.data(), key, feature);
                    assert_eq!(again.result(), "success", "{}", again.data());
                }
                answer
            }
            _ => verify(input, key, feature),
        };
        count += 1;
        let name = case.text("test").unwrap();
        eprintln!("{name}: {} ({:.80})", answer.result(), answer.data());
        if Some(answer.result()) != case.text("expect") {
            wrong.push(name.to_owned());
        }
    }
    assert_eq!((wrong, count), (Vec::new(), CASES));
}

/// A credential that conforms, and nothing more.
const CREDENTIAL: &str = r#"{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiableCredential"],"issuer":"https://issuer.example","credentialSubject":{"id":"urn:x:1","name":"Ann"}}"#;

/// RFC 8037, appendix A.1.
const KEY: &str = r#"{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
const PUBLIC: &str =
    r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;

fn issued(input: &str, feature: &str, paths: &[&str]) -> Answer {
    issue(input, &json::parse(KEY).unwrap(), feature, paths, salts())
}

fn verified(input: &str, feature: &str) -> Answer {
    verify(input, &json::parse(PUBLIC).unwrap(), feature)
}

/// A JWS over any header and payload by the key.
fn jws(header: &str, payload: &str) -> String {
    let key = SigningKey::from_jwk(&json::parse(KEY).unwrap()).unwrap();
    let input = [header, payload].map(|part| URL_SAFE_NO_PAD.encode(part));
    let input = input.join(".");
    let signature = key.sign(input.as_bytes()).unwrap();
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
}

#[test]
fn each_feature_accepts_its_own_form_only() {
    let features = ["credential_jose", "credential_sdjwt", "credential_cose"];
    for feature in features {
        let secured = issued(CREDENTIAL, feature, &[]).data();
        for other in features {
            let result = verified(&secured, other).result();
            assert_eq!(result == "success", feature == other, "{feature} {other}");
        }
        let presentation = feature.replace("credential", "presentation");
        assert_eq!(verified(&secured, &presentation).result(), "failure");
        assert_eq!(issued(CREDENTIAL, &presentation, &[]).result(), "failure");
    }
}

#[test]
fn what_is_shown_is_the_data() {
    let paths = ["credentialSubject.name"];
    let secured = issued(CREDENTIAL, "credential_sdjwt", &paths).data();
    assert!(
        verified(&secured, "credential_sdjwt")
            .data()
            .contains("Ann")
    );
    let (jwt, _) = secured.split_once('~').unwrap();
    let hidden = verified(&format!("{jwt}~"), "credential_sdjwt");
    assert_eq!(hidden.result(), "success");
    assert!(!hidden.data().contains("Ann") && !hidden.data().contains("_sd"));
    let nowhere = issued(CREDENTIAL, "credential_sdjwt", &["credentialSubject.age"]);
    assert_eq!(nowhere.data(), "nothing stands at credentialSubject.age");
}

#[test]
fn headers_and_claims_are_checked() {
    let header = r#"{"alg":"EdDSA","typ":"vc+jwt","cty":"vc"}"#;
    let result =
        |header: &str, payload: &str| verified(&jws(header, payload), "credential_jose").result();
    assert_eq!(result(header, CREDENTIAL), "success");
    assert_eq!(result(r#"{"alg":"EdDSA"}"#, CREDENTIAL), "success");
    for (from, to) in [
        ("EdDSA", "none"),
        ("EdDSA", "HS256"),
        ("EdDSA", "ES256"),
        ("vc+jwt", "vp+jwt"),
        ("vc+jwt", "kb+jwt"),
        ("vc+jwt", "vc+sd-jwt"),
        ("\"vc\"", "\"vp\""),
        ("\"vc\"", "7"),
        ("\"cty\"", "\"crit\""),
    ] {
        assert_eq!(
            result(&header.replace(from, to), CREDENTIAL),
            "failure",
            "{to}"
        );
    }
    let with = |claim: &str| CREDENTIAL.replace("{\"@context", &format!("{{{claim},\"@context"));
    for (claim, expected) in [
        (r#""iss":"https://issuer.example""#, "success"),
        (r#""iat":"2024-01-01T00:00:00Z","exp":1"#, "success"),
        (r#""unknown":{}"#, "success"),
        (r#""iss":"https://other.example""#, "failure"),
        (r#""sub":"urn:x:2""#, "failure"),
        (r#""vc":{}"#, "failure"),
        (r#""vp":{}"#, "failure"),
    ] {
        assert_eq!(result(header, &with(claim)), expected, "{claim}");
    }
    let unknown = issued(&with(r#""unknown":{}"#), "credential_jose", &[]);
    assert_eq!(unknown.result(), "failure");
    let unsigned = jws(header, CREDENTIAL);
    let (unsigned, _) = unsigned.rsplit_once('.').unwrap();
    assert_eq!(
        verified(&format!("{unsigned}."), "credential_jose").result(),
        "failure"
    );
}

#[test]
fn what_is_not_understood_is_indeterminate() {
    let unknown = issued(CREDENTIAL, "credential_pgp", &[]);
    assert_eq!(unknown.result(), "indeterminate");
    let key = json::parse(KEY).unwrap();
    let secured = issued(CREDENTIAL, "credential_jose", &[]).data();
    // A private key is none to verify with.
    assert_eq!(
        verify(&secured, &key, "credential_jose").result(),
        "indeterminate"
    );
    let broken = KEY.replace("nWGxne", "nWGxnf");
    let broken = json::parse(&broken).unwrap();
    let answer = issue(CREDENTIAL, &broken, "credential_jose", &[""; 0], salts());
    assert_eq!(answer.result(), "indeterminate");
    assert!(
        !answer
            .data()
            .contains("9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")
    );
}
