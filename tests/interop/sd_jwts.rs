//! SD-JWT with `@sd-jwt/core` and the reference implementation: issued, presented with key binding, and
//! verified by either side.

use badges_core::credential::{UnsignedCredential, verification_method};
use badges_core::documents::Documents;
use badges_core::json;
use badges_core::key::SigningKey;
use badges_core::proof::sd_jwt::{Expected, KeyBindingFault, SdJwt, key_binding};
use badges_core::verify::Verdict;
use serde_json::{Value, json};

use super::tokens::secret_jwk;
use super::{WEB_ISSUER, ask, badge_by, documents, judge, published};

/// They are asked the same.
const PROGRAMS: [&str; 2] = ["node/sd-jwt.mjs", "python/disclose.py"];

const NONCE: &str = "1f44d55f-f161-4938-a659-f8026467f126";
const AUDIENCE: &str = "https://verifier.example";
/// When the holder shows it, in seconds since 1970.
const SHOWN: i64 = 1_780_000_000;

fn issuers() -> SigningKey {
    SigningKey::p256(&[7; 32]).unwrap()
}

fn holders() -> SigningKey {
    SigningKey::p256(&[9; 32]).unwrap()
}

fn publish() -> Documents {
    documents(&json!({WEB_ISSUER: published(issuers().public_key())}))
}

/// A badge that names its holder's key, and no list to be asked for.
fn badge() -> Value {
    let mut badge = badge_by("full", WEB_ISSUER);
    badge.as_object_mut().unwrap().remove("credentialStatus");
    badge["cnf"] = json!({"jwk": holders().public_key().to_jwk()});
    badge
}

fn ours() -> String {
    let method = verification_method(WEB_ISSUER, issuers().public_key());
    // Nothing at the top: what may be hidden there, we could not say that it never expires.
    let paths = [
        "credentialSubject.role",
        "credentialSubject.result[0]",
        "credentialSubject.term",
    ];
    let mut salt = 0;
    let salts = || {
        salt += 1;
        [salt; 16]
    };
    let unsigned = UnsignedCredential::from_json(&badge().to_string()).unwrap();
    unsigned
        .sign_sd_jwt(&issuers(), &method, &paths, salts)
        .unwrap()
}

/// The same choice in another library's words.
fn theirs(program: &str) -> Option<String> {
    let request = json!({
        "act": "issue",
        "payload": badge(),
        "header": {
            "kid": verification_method(WEB_ISSUER, issuers().public_key()),
            "typ": "vc+sd-jwt", "cty": "vc",
        },
        "key": secret_jwk(&issuers()),
        "conceal": {
            "credentialSubject": {"_sd": ["role", "term"], "result": {"_sd": [0]}},
        },
    });
    Some(text(&ask(program, &request)?["sdJwt"]))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// Without the disclosures that have this in them.
fn without(sd_jwt: &str, what: &str) -> String {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let keep = |part: &&str| {
        let disclosure = URL_SAFE_NO_PAD.decode(part).unwrap_or_default();
        !String::from_utf8_lossy(&disclosure).contains(what)
    };
    sd_jwt.split('~').filter(keep).collect::<Vec<_>>().join("~")
}

/// What they make of it: the payload that is shown, or that it does not hold.
fn their_view(program: &str, sd_jwt: &str, nonce: Option<&str>) -> Value {
    let request = json!({
        "act": "verify", "sdJwt": sd_jwt, "key": issuers().public_key().to_jwk(),
        "nonce": nonce, "audience": nonce.map(|_| AUDIENCE),
    });
    ask(program, &request).unwrap()
}

fn our_view(sd_jwt: &str) -> Value {
    let parsed = SdJwt::parse(sd_jwt).unwrap();
    let disclosed = parsed.disclosed().unwrap().payload;
    super::parsed(&json::canonical(&disclosed))
}

fn binding(sd_jwt: &str, nonce: &str, audience: &str) -> Result<(), KeyBindingFault> {
    let parsed = SdJwt::parse(sd_jwt).unwrap();
    let disclosed = parsed.disclosed().unwrap();
    let expected = Expected {
        nonce: Some(nonce),
        audience: Some(audience),
    };
    let holds = parsed.check_key_binding(&disclosed.payload, expected)?;
    assert_eq!(holds.key, *holders().public_key());
    assert_eq!(holds.issued_at, SHOWN);
    Ok(())
}

/// An issuer's signature that covers another payload.
fn altered(sd_jwt: &str) -> String {
    let (jwt, rest) = sd_jwt.split_once('~').unwrap();
    format!("{}~{rest}", super::tokens::altered(jwt))
}

#[test]
fn both_disclose_the_same() {
    for program in PROGRAMS {
        let Some(theirs) = theirs(program) else {
            continue;
        };
        for issued in [ours(), theirs] {
            for shown in [issued.clone(), without(&issued, "\"role\"")] {
                let verdict = judge(&shown, &publish()).verdict();
                assert_eq!(verdict, Verdict::Valid, "{shown}");
                let answer = their_view(program, &shown, None);
                assert_eq!(answer["verified"], true, "{answer}");
                let view = our_view(&shown);
                assert_eq!(answer["payload"], view);
                let role = view["credentialSubject"].get("role");
                assert_eq!(role.is_some(), shown == issued);
            }
            assert_eq!(our_view(&issued), badge());
            let altered = altered(&issued);
            assert_eq!(judge(&altered, &publish()).verdict(), Verdict::Invalid);
            assert_eq!(their_view(program, &altered, None)["verified"], false);
        }
    }
}

#[test]
fn holders_are_bound_alike() {
    for program in PROGRAMS {
        let Some(issued) = theirs(program) else {
            continue;
        };
        let shown = without(&ours(), "\"role\"");
        let by_us = key_binding(&shown, &holders(), NONCE, AUDIENCE, SHOWN).unwrap();
        let request = json!({
            "act": "present",
            "sdJwt": issued,
            "show": {"credentialSubject": {"term": true}},
            "binding": {
                "key": secret_jwk(&holders()),
                "payload": {"iat": SHOWN, "aud": AUDIENCE, "nonce": NONCE},
            },
        });
        let by_them = text(&ask(program, &request).unwrap()["sdJwt"]);
        for presented in [by_us, by_them] {
            holds_for_both(program, &presented);
        }
    }
}

fn holds_for_both(program: &str, presented: &str) {
    assert_eq!(judge(presented, &publish()).verdict(), Verdict::Valid);
    assert_eq!(binding(presented, NONCE, AUDIENCE), Ok(()));
    assert_eq!(
        binding(presented, "another", AUDIENCE),
        Err(KeyBindingFault::Nonce)
    );
    assert_eq!(
        binding(presented, NONCE, "https://elsewhere.example"),
        Err(KeyBindingFault::Audience)
    );
    let answer = their_view(program, presented, Some(NONCE));
    assert_eq!(answer["verified"], true, "{answer}");
    let answer = their_view(program, presented, Some("another"));
    assert_eq!(answer["verified"], false, "{answer}");

    // With less than what the holder signed to show, the binding holds no more.
    let less = without(presented, "\"term\"");
    assert_ne!(less, presented);
    assert_eq!(
        binding(&less, NONCE, AUDIENCE),
        Err(KeyBindingFault::OtherPresentation)
    );
    assert_eq!(judge(&less, &publish()).verdict(), Verdict::Invalid);
    let answer = their_view(program, &less, Some(NONCE));
    assert_eq!(answer["verified"], false, "{answer}");
}
