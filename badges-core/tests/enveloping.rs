//! Badges with a JWT, an SD-JWT or a COSE_Sign1 around them, through the one door.
#![expect(clippy::unwrap_used, reason = "tests")]

use badges_core::credential::UnsignedCredential;
use badges_core::documents::Answer;
use badges_core::jsonld::Policy;
use badges_core::key::SigningKey;
use badges_core::model::parse_date_time;
use badges_core::proof::{cose, sd_jwt};
use badges_core::verify::{Check, Outcome, Passed, Question};
use badges_core::{Documents, Error, Report, Verdict, did, verify};
use proptest::prelude::*;

const BADGE: &str = include_str!("../../tests/peers/badges/small.json");
const LIST: &str = "https://status.example/1";

fn key() -> SigningKey {
    SigningKey::p256(&[7; 32]).unwrap()
}

fn holder() -> SigningKey {
    SigningKey::ed25519(&[9; 32])
}

fn issuer() -> String {
    did::did_key(key().public_key()).unwrap()
}

fn kid() -> String {
    let issuer = issuer();
    format!("{issuer}#{}", issuer.trim_start_matches("did:key:"))
}

/// A badge of ours, with this beside its issuer.
fn document(more: &str) -> String {
    let mut badge: serde_json::Value = serde_json::from_str(BADGE).unwrap();
    let members = badge.as_object_mut().unwrap();
    members["issuer"]["id"] = issuer().into();
    for member in ["credentialStatus", "validUntil"] {
        members.remove(member);
    }
    let text = badge.to_string();
    format!("{}{more}}}", text.strip_suffix('}').unwrap())
}

fn badge() -> UnsignedCredential {
    UnsignedCredential::from_json(&document("")).unwrap()
}

fn salts() -> impl FnMut() -> [u8; 16] {
    let mut count = 0;
    move || {
        count += 1;
        [count; 16]
    }
}

fn judge_with(badge: &[u8], documents: &Documents) -> Report {
    verify(
        badge,
        documents,
        parse_date_time("2026-06-01T00:00:00Z").unwrap(),
    )
}

fn judge(badge: impl AsRef<[u8]>) -> Report {
    judge_with(badge.as_ref(), &Documents::new())
}

/// The verdict, and the ids of what is not passed.
fn told(badge: impl AsRef<[u8]>) -> String {
    let report = judge(badge);
    let ids: Vec<&str> = report
        .checks
        .iter()
        .filter(|(_, outcome)| outcome.as_str() != "passed")
        .map(|(_, outcome)| outcome.id())
        .collect();
    format!("{} {}", report.verdict().as_str(), ids.join(" "))
}

fn form(report: &Report) -> serde_json::Value {
    let outcome = report.outcomes(Check::Form).next().unwrap();
    serde_json::to_value(outcome).unwrap()
}

/// A JWS over any header and payload by the issuer's key.
fn jws(header: &str, payload: &str) -> String {
    use base64::Engine as _;
    let encode = |bytes: &[u8]| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes);
    let input = format!(
        "{}.{}",
        encode(header.as_bytes()),
        encode(payload.as_bytes())
    );
    let signature = key().sign(input.as_bytes()).unwrap();
    format!("{input}.{}", encode(&signature))
}

fn header(more: &str) -> String {
    format!(r#"{{"alg":"ES256","kid":"{}"{more}}}"#, kid())
}

fn enveloped(media_type: &str, content: &str) -> String {
    format!(
        r#"{{"@context":"https://www.w3.org/ns/credentials/v2","type":"EnvelopedVerifiableCredential","id":"data:{media_type},{content}"}}"#
    )
}

#[test]
fn every_form_is_judged_and_named() {
    let jwt = badge().sign_vc_jwt(&key(), &kid()).unwrap().into_text();
    let nothing: [&str; 0] = [];
    let sd_jwt = badge()
        .sign_sd_jwt(&key(), &kid(), &nothing, salts())
        .unwrap();
    let cose = badge().sign_cose(&key(), &kid()).unwrap();
    let cose_text = cose::to_text(&cose);
    for (text, name) in [(&jwt, "jwt"), (&sd_jwt, "sd-jwt"), (&cose_text, "cose")] {
        let report = judge(text);
        assert_eq!(report.verdict(), Verdict::Valid, "{}", told(text));
        assert_eq!(
            form(&report),
            serde_json::json!({"id": "form.read", "form": name})
        );
    }
    assert_eq!(told(&cose), "valid ");
    assert_eq!(told(&cose[1..]), "invalid form.not-a-badge");
    for (media_type, content, name) in [
        ("application/vc+jwt", &jwt, "jwt"),
        ("application/vc+sd-jwt", &sd_jwt, "sd-jwt"),
        ("application/vc+cose;base64", &cose_text, "cose"),
    ] {
        let report = judge(enveloped(media_type, content));
        assert_eq!(report.verdict(), Verdict::Valid);
        assert_eq!(
            form(&report),
            serde_json::json!({"id": "form.read", "form": name, "enveloped": true})
        );
    }
}

#[test]
fn envelopes_are_opened_strictly() {
    let jwt = badge().sign_vc_jwt(&key(), &kid()).unwrap().into_text();
    let good = enveloped("application/vc+jwt", &jwt);
    for (text, expected) in [
        (
            good.replace("\"id\"", "\"name\":\"Better\",\"id\""),
            "invalid form.envelope",
        ),
        (good.replace("vc+jwt", "vc+sd-jwt"), "invalid form.envelope"),
        (good.replace("vc+jwt", "vp+jwt"), "invalid form.envelope"),
        (good.replace("data:", "https:"), "invalid form.envelope"),
        (
            good.replace("Credential\"", "Presentation\""),
            "invalid form.type",
        ),
        (
            good.replace("\"id\"", "\"type\":1,\"id\""),
            "invalid form.syntax",
        ),
        (good.replace(&jwt, "a.b"), "invalid form.not-a-badge"),
        // Never an envelope inside another.
        (
            enveloped("application/vc+jwt", &good.replace('"', "%22")),
            "invalid form.envelope",
        ),
    ] {
        assert_eq!(told(&text), expected, "{text}");
    }
}

#[test]
fn only_credentials_types_are_taken() {
    let payload = document("");
    for (typ, expected) in [
        ("", "valid "),
        (r#","typ":"JWT""#, "valid "),
        (r#","typ":"vc+jwt""#, "valid "),
        (r#","typ":"application/vc+ld+jwt""#, "valid "),
        (r#","typ":"vp+jwt""#, "invalid form.type"),
        (r#","typ":"kb+jwt""#, "invalid form.type"),
        (r#","typ":"vc+sd-jwt""#, "invalid form.type"),
        (r#","typ":7"#, "invalid form.type"),
        (r#","crit":["b64"]"#, "invalid proof.critical"),
    ] {
        assert_eq!(told(jws(&header(typ), &payload)), expected, "{typ}");
    }
    assert_eq!(
        told(jws(&header(r#","typ":"vp+sd-jwt""#), &payload) + "~"),
        "invalid form.type"
    );
    let presentation = cose::sign(&payload, "application/vp", &kid(), &key()).unwrap();
    assert_eq!(told(presentation), "invalid form.type");
}

#[test]
fn the_key_decides_on_the_algorithm() {
    let payload = document("");
    for algorithm in ["none", "HS256", "EdDSA", "ES384", ""] {
        let header = header("").replace("ES256", algorithm);
        for end in ["", "~"] {
            assert_eq!(
                told(jws(&header, &payload) + end),
                "invalid proof.algorithm",
                "{algorithm}"
            );
        }
    }
    let other = SigningKey::p256(&[8; 32]).unwrap();
    let forged = badge().sign_cose(&other, &kid()).unwrap();
    assert_eq!(told(forged), "invalid proof.signature");
    let other = SigningKey::p384(&[8; 48]).unwrap();
    let forged = badge().sign_cose(&other, &kid()).unwrap();
    assert_eq!(told(forged), "invalid proof.algorithm");
    let kid = did::did_key(other.public_key()).unwrap();
    let forged = badge().sign_cose(&other, &kid).unwrap();
    assert_eq!(told(forged), "invalid issuer.contradicted");
}

#[test]
fn what_is_kept_back_is_said() {
    let paths = ["credentialSubject.achievement.tag", "name"];
    let text = badge()
        .sign_sd_jwt(&key(), &kid(), &["name"], salts())
        .unwrap();
    assert_eq!(told(&text), "valid ");
    let (jwt, _) = text.split_once('~').unwrap();
    let hidden = format!("{jwt}~");
    // What is hidden could be an end.
    assert_eq!(told(&hidden), "unknown form.hidden form.hidden");
    let expected = serde_json::json!({"id": "form.read", "form": "sd-jwt", "undisclosed": 1});
    assert_eq!(form(&judge(&hidden)), expected);
    assert!(judge(&text).credential.unwrap().name.is_some());
    // A disclosure that nobody signed, and one that is there twice.
    assert_eq!(
        told(format!("{text}WyJzIiwiYSIsMV0~")),
        "invalid form.sd-jwt"
    );
    let again = text.split('~').nth(1).unwrap();
    assert_eq!(told(format!("{text}{again}~")), "invalid form.sd-jwt");
    // Without its tilde nothing would seem to be kept back.
    assert_eq!(told(jwt), "invalid form.sd-jwt");
    for path in ["validUntil", "credentialStatus", "issuer.id", "@context[0]"] {
        let error = badge()
            .sign_sd_jwt(&key(), &kid(), &[path], salts())
            .unwrap_err();
        assert!(matches!(
            error,
            Error::Concealment(sd_jwt::PathFault::Needed { .. })
        ));
    }
    assert!(
        badge()
            .sign_sd_jwt(&key(), &kid(), &paths[..0], salts())
            .is_ok()
    );
}

/// What a schema asks for may be kept back, and the registered claims of a JWT are none of its members.
#[test]
fn schemas_see_what_was_signed() {
    let schema = "https://schemas.example.org/1";
    let named = UnsignedCredential::from_json(&document(&format!(
        r#","credentialSchema":[{{"id":"{schema}","type":"JsonSchema"}}]"#
    )))
    .unwrap();
    let mut documents = Documents::new();
    let text =
        r#"{"required": ["name"], "propertyNames": {"not": {"enum": ["iss", "nbf", "jti"]}}}"#;
    documents.insert(schema, Answer::Loaded(text.as_bytes().to_vec()));
    let told = |badge: &str| {
        let question = Question {
            schemas: true,
            ..Question::new(&documents, parse_date_time("2026-06-01T00:00:00Z").unwrap())
        };
        let report = verify::verify(badge.as_bytes(), &question);
        report.checks.last().unwrap().1.id()
    };
    assert_eq!(
        told(named.sign_jwt(&key(), &kid()).unwrap().text()),
        "schema.declared"
    );
    let path = ["credentialSubject.achievement.image"];
    let sd_jwt = named.sign_sd_jwt(&key(), &kid(), &path, salts()).unwrap();
    assert_eq!(told(&sd_jwt), "schema.declared");
    let (jwt, _) = sd_jwt.split_once('~').unwrap();
    assert_eq!(told(&format!("{jwt}~")), "schema.hidden");
}

#[test]
fn a_key_binding_must_hold_for_this_presentation() {
    let cnf = format!(r#","cnf":{{"jwk":{}}}"#, holder().public_key().to_jwk());
    let typ = r#","typ":"vc+sd-jwt""#;
    let sd_jwt = jws(&header(typ), &document(&cnf)) + "~";
    let bind = |key: &SigningKey| sd_jwt::key_binding(&sd_jwt, key, "n", "v", 1).unwrap();
    let bound = bind(&holder());
    let report = judge(&bound);
    assert_eq!(report.verdict(), Verdict::Valid, "{}", told(&bound));
    let Some(Outcome::Passed(Passed::ProofHolds {
        proofs, unasked, ..
    })) = report.outcomes(Check::Proof).next()
    else {
        unreachable!("{report:?}")
    };
    assert_eq!(unasked, &["aud", "nonce"]);
    let suites: Vec<&str> = proofs.iter().map(|proof| proof.suite.as_str()).collect();
    assert_eq!(suites, ["ES256", "EdDSA"]);
    let stolen = bind(&SigningKey::ed25519(&[1; 32]));
    assert_eq!(told(stolen), "invalid proof.signature");
    // The same binding under other bytes.
    let other = jws(&header(""), &document(&cnf)) + "~";
    let replayed = bound.replace(&sd_jwt, &other);
    assert_eq!(told(replayed), "invalid proof.signature");
    let unbound = jws(&header(typ), &document("")) + "~";
    let binding = sd_jwt::key_binding(&unbound, &holder(), "n", "v", 1).unwrap();
    assert_eq!(told(binding), "invalid proof.malformed");
}

/// A status list may be secured in any form too.
#[test]
fn status_lists_in_every_form() {
    let status = format!(
        r#","credentialStatus":{{"id":"{LIST}#7","type":"BitstringStatusListEntry","statusPurpose":"revocation","statusListIndex":"7","statusListCredential":"{LIST}"}}"#
    );
    let badge = UnsignedCredential::from_json(&document(&status)).unwrap();
    let badge = badge.sign_vc_jwt(&key(), &kid()).unwrap();
    let mut bits = badges_core::status::StatusBits::default();
    let list = |bits: &badges_core::status::StatusBits| {
        let text = format!(
            r#"{{"@context":["https://www.w3.org/ns/credentials/v2"],"id":"{LIST}","type":["VerifiableCredential","BitstringStatusListCredential"],"issuer":"{}","validFrom":"2026-01-01T00:00:00Z","credentialSubject":{{"id":"{LIST}#list","type":"BitstringStatusList","statusPurpose":"revocation","encodedList":"{}"}}}}"#,
            issuer(),
            bits.encode()
        );
        UnsignedCredential::under(Policy::Badge, &text).unwrap()
    };
    let verdict = |list: &str| {
        let mut documents = Documents::new();
        documents.insert(LIST, Answer::Loaded(list.as_bytes().to_vec()));
        judge_with(badge.text().as_bytes(), &documents).verdict()
    };
    let nothing: [&str; 0] = [];
    for expected in [Verdict::Valid, Verdict::Revoked] {
        let list = list(&bits);
        let jwt = list.sign_vc_jwt(&key(), &kid()).unwrap().into_text();
        let sd_jwt = list.sign_sd_jwt(&key(), &kid(), &nothing, salts()).unwrap();
        let cose = cose::to_text(&list.sign_cose(&key(), &kid()).unwrap());
        for list in [&jwt, &sd_jwt, &cose] {
            assert_eq!(verdict(list), expected);
        }
        let other = SigningKey::p256(&[8; 32]).unwrap();
        let forged = list.sign_vc_jwt(&other, &kid()).unwrap().into_text();
        assert_eq!(verdict(&forged), Verdict::Unknown);
        assert!(bits.set(7, true));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    /// Whatever becomes of a byte, it is judged, and not valid unless nothing has changed.
    #[test]
    fn altered_bytes_are_judged(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let sd_jwt = badge().sign_sd_jwt(&key(), &kid(), &["name"], salts()).unwrap();
        for good in [badge().sign_cose(&key(), &kid()).unwrap(), sd_jwt.into_bytes()] {
            let mut altered = good.clone();
            let at = at.index(altered.len());
            altered[at] = byte;
            let verdict = judge(&altered).verdict();
            prop_assert_eq!(verdict == Verdict::Valid, altered == good);
        }
    }

    #[test]
    fn any_bytes_are_judged(bytes in any::<Vec<u8>>(), start in "(\u{484})?0?o?") {
        let mut badge = start.into_bytes();
        badge.extend(bytes);
        prop_assert_eq!(judge(&badge).verdict(), Verdict::Invalid);
    }
}
