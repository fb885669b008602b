//! JSON Web Tokens go both ways with `jose` and `openbadgeslib`.

use badges_core::credential::{UnsignedCredential, verification_method};
use badges_core::documents::{Answer, Documents};
use badges_core::key::{Algorithm, RsaSigningKey, SigningKey};
use badges_core::verify::Verdict;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::{NOW, WEB_ISSUER, ask, ask_all, badge_by, documents, judge, parsed, published};

/// The scalars of the keys, which are written as JWKs here: the library does not write secrets so.
const SCALAR: u8 = 7;

fn keys() -> Vec<SigningKey> {
    let mut p521 = [SCALAR; 66];
    p521[0] = 0;
    vec![
        SigningKey::ed25519(&[SCALAR; 32]),
        SigningKey::p256(&[SCALAR; 32]).unwrap(),
        SigningKey::p384(&[SCALAR; 48]).unwrap(),
        SigningKey::p521(&p521).unwrap(),
        SigningKey::rsa(RsaSigningKey::generate().unwrap()),
    ]
}

/// A key with its secret as JWK: the secret key of a Multikey is the same number.
pub(super) fn secret_jwk(key: &SigningKey) -> Value {
    let file = parsed(&key.to_file_text().unwrap());
    let secret = file["secretKeyMultibase"].as_str().unwrap();
    let secret = badges_core::key::decode_multibase(secret).unwrap();
    let mut jwk = key.public_key().to_jwk();
    jwk["d"] = json!(URL_SAFE_NO_PAD.encode(&secret[2..]));
    jwk
}

pub(super) fn publish(key: &SigningKey) -> Documents {
    documents(&json!({WEB_ISSUER: published(key.public_key())}))
}

/// Another payload under the same signature.
pub(super) fn altered(jwt: &str) -> String {
    let parts: Vec<&str> = jwt.split('.').collect();
    let payload = String::from_utf8(URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
    let payload = URL_SAFE_NO_PAD.encode(super::altered(&payload));
    [parts[0], &payload, parts[2]].join(".")
}

#[test]
fn others_verify_our_tokens() {
    let (mut requests, mut older) = (Vec::new(), Vec::new());
    for key in keys() {
        let algorithm = key.algorithm().jose_name();
        let method = verification_method(WEB_ISSUER, key.public_key());
        let badge = badge_by("small", WEB_ISSUER).to_string();
        let unsigned = UnsignedCredential::from_json(&badge).unwrap();
        let in_profile = unsigned.sign_jwt(&key, &method).unwrap().into_text();
        let as_w3c_says = unsigned.sign_vc_jwt(&key, &method).unwrap().into_text();
        for jwt in [&in_profile, &as_w3c_says] {
            assert_eq!(
                judge(jwt, &publish(&key)).verdict(),
                Verdict::Valid,
                "{algorithm}"
            );
            let altered = altered(jwt);
            let verdict = judge(&altered, &publish(&key)).verdict();
            assert_eq!(verdict, Verdict::Invalid, "{algorithm}");
            for jwt in [&altered, jwt] {
                requests.push(json!({
                    "op": "verify", "alg": algorithm, "key": key.public_key().to_jwk(),
                    "jwt": jwt, "now": NOW,
                }));
            }
        }
        // P-521 it does not have.
        if key.algorithm() != Algorithm::Es512 {
            for jwt in [&altered(&in_profile), &in_profile] {
                older.push(json!({
                    "jwt": jwt, "documents": {WEB_ISSUER: published(key.public_key())},
                }));
            }
        }
    }
    if let Some(answers) = ask_all("node/jwt.mjs", &requests) {
        for (number, (request, answer)) in requests.iter().zip(answers).enumerate() {
            assert_eq!(
                answer["verified"],
                number % 2 == 1,
                "{}: {answer}",
                request["alg"]
            );
            let header = &answer["header"]["typ"];
            let known = [json!("JWT"), json!("vc+jwt"), Value::Null];
            assert!(known.contains(header), "{header}");
        }
    }
    if let Some(answers) = ask_all("python/verify_obl.py", &older) {
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
fn we_verify_their_tokens() {
    let keys: Vec<SigningKey> = keys()
        .into_iter()
        .filter(|key| key.algorithm() != Algorithm::Rs256)
        .collect();
    let requests: Vec<Value> = keys
        .iter()
        .map(|key| {
            json!({
                "op": "sign", "alg": key.algorithm().jose_name(), "key": secret_jwk(key),
                "payload": badge_by("small", WEB_ISSUER),
                "header": {
                    "kid": verification_method(WEB_ISSUER, key.public_key()),
                    "typ": "vc+jwt", "cty": "vc",
                },
            })
        })
        .collect();
    if let Some(answers) = ask_all("node/jwt.mjs", &requests) {
        for (key, answer) in keys.iter().zip(answers) {
            hold_until_altered(key, answer["jwt"].as_str().unwrap());
        }
    }
    let keys: Vec<&SigningKey> = keys
        .iter()
        .filter(|key| key.algorithm() != Algorithm::Es512)
        .collect();
    let requests: Vec<Value> = keys
        .iter()
        .map(|key| {
            json!({
                "proof": "jwt", "alg": key.algorithm().jose_name(), "key": secret_jwk(key),
                "credential": badge_by("small", WEB_ISSUER),
            })
        })
        .collect();
    if let Some(answers) = ask_all("python/issue_obl.py", &requests) {
        for (key, answer) in keys.iter().zip(answers) {
            hold_until_altered(key, answer["jwt"].as_str().unwrap());
        }
    }
}

fn hold_until_altered(key: &SigningKey, jwt: &str) {
    let report = judge(jwt, &publish(key));
    assert_eq!(report.verdict(), Verdict::Valid, "{jwt}: {report:?}");
    let report = judge(&altered(jwt), &publish(key));
    assert_eq!(report.verdict(), Verdict::Invalid, "{jwt}: {report:?}");
}

/// The profile of Open Badges, with the issuer's key in a set at its well-known place.
#[test]
fn we_verify_a_token_whose_key_is_in_a_set() {
    const PROFILE: &str = "https://issuer.example/profile";
    let key = SigningKey::p256(&[SCALAR; 32]).unwrap();
    let badge = badge_by("small", PROFILE);
    let mut payload = badge.clone();
    payload["iss"] = json!(PROFILE);
    payload["sub"] = badge["credentialSubject"]["id"].clone();
    payload["jti"] = badge["id"].clone();
    let request = json!({
        "op": "sign", "alg": "ES256", "key": secret_jwk(&key), "payload": payload,
        "header": {"kid": "key-1", "typ": "JWT"},
    });
    let Some(answer) = ask("node/jwt.mjs", &request) else {
        return;
    };
    let mut public = key.public_key().to_jwk();
    public["kid"] = json!("key-1");
    let set = json!({"https://issuer.example/.well-known/jwks.json": {"keys": [public]}});
    let mut documents = documents(&set);
    documents.insert(PROFILE, Answer::Failed("there is a web page".to_owned()));
    let report = judge(answer["jwt"].as_str().unwrap(), &documents);
    assert_eq!(report.verdict(), Verdict::Valid, "{report:?}");
}
