use serde_json::json;

use super::*;

const V1: &str = "https://w3id.org/openbadges/v1";
const PEM: &str = "https://issuer.example/key.pem";

/// An issuer of 1.1, whose documents have no ids.
fn world() -> World {
    let mut world = World::new();
    world.put(
        CLASS,
        &json!({"name": "Editor", "description": "Edits.", "image": "https://issuer.example/1.png",
        "criteria": "https://issuer.example/how", "issuer": ISSUER}),
    );
    world.put(
        ISSUER,
        &json!({"name": "Example Users Group", "url": "https://issuer.example/",
        "revocationList": LIST}),
    );
    world.put(LIST, &json!({"1": "Issued in error"}));
    let key = Answer::Loaded(pem(&issuer_key()).into_bytes());
    world.answers.insert(PEM.to_owned(), key);
    world.put(ASSERTION, &hosted());
    world
}

fn hosted() -> Value {
    json!({"@context": V1, "type": "Assertion", "id": ASSERTION, "uid": "2",
        "recipient": {"type": "email", "hashed": false, "identity": "a@example.com"},
        "badge": CLASS, "verify": {"type": "hosted", "url": ASSERTION}, "issuedOn": 1_777_000_000})
}

#[test]
fn version_1_1_hosted() {
    let (report, asked) = world().ask(hosted().to_string().as_bytes(), None);
    assert_eq!(report.verdict(), Verdict::Valid, "{:?}", report.checks);
    assert_eq!(asked, [ASSERTION, CLASS, ISSUER]);
    let summary = report.credential.unwrap();
    assert_eq!(summary.valid_from.as_deref(), Some("1777000000"));
}

#[test]
fn version_1_0_hosted_has_its_address_in_verify() {
    let mut world = world();
    let mut assertion = hosted();
    for member in ["@context", "type", "id"] {
        assertion.as_object_mut().unwrap().remove(member);
    }
    world.put(ASSERTION, &assertion);
    assert_eq!(world.judge(assertion.to_string()), (Verdict::Valid, vec![]));
    let mut other = assertion.clone();
    other["verify"]["url"] = "https://issuer.example/other".into();
    world.put(ASSERTION, &other);
    let invalid = (Verdict::Invalid, vec!["proof.hosted-other"]);
    assert_eq!(world.judge(assertion.to_string()), invalid);
}

#[test]
fn version_1_1_signed_by_the_key_at_an_address_of_the_issuer() {
    let mut assertion = hosted();
    assertion["id"] = "urn:uuid:1".into();
    assertion["verify"] = json!({"type": "signed", "url": PEM});
    let mut world = world();
    let (report, asked) = world.ask(signed(&assertion).as_bytes(), None);
    assert_eq!(report.verdict(), Verdict::Valid, "{:?}", report.checks);
    assert_eq!(asked, [CLASS, ISSUER, PEM, LIST]);

    assertion["uid"] = "1".into();
    let revoked = (Verdict::Revoked, vec!["status.withdrawn"]);
    assert_eq!(world.judge(signed(&assertion)), revoked);

    let elsewhere = "https://mallory.example/key.pem";
    let key = world.answers[PEM].clone();
    world.answers.insert(elsewhere.to_owned(), key);
    assertion["verify"]["url"] = elsewhere.into();
    let (report, asked) = world.ask(signed(&assertion).as_bytes(), None);
    assert_eq!(report.verdict(), Verdict::Invalid);
    assert_eq!(ids(&report, Check::Issuer), ["issuer.other-origin"]);
    assert_eq!(asked, [CLASS, ISSUER]);
}

#[test]
fn a_key_stands_where_the_issuer_says_that_its_own_things_stand() {
    let mut assertion = hosted();
    assertion["id"] = "urn:uuid:1".into();
    assertion["verify"] = json!({"type": "signed", "url": PEM});
    for (prefix, verdict) in [
        ("https://issuer.example/key", Verdict::Valid),
        ("https://issuer.example/editors/", Verdict::Invalid),
    ] {
        let mut world = world();
        world.edit(ISSUER, |it| {
            it["verification"] = json!({"startsWith": prefix});
        });
        assert_eq!(world.judge(signed(&assertion)).0, verdict, "{prefix}");
    }
}

/// With all that somebody could bring along to speak for himself.
fn version_0_5() -> Value {
    json!({"recipient": "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399",
        "salt": "Kosher", "issued_on": "2012-06-01",
        "badge": {"version": "0.5.0", "name": "Editor", "description": "Edits.", "image": "/1.png",
            "criteria": "/how", "issuer": {"origin": "http://issuer.example", "name": "Example",
                "publicKey": {"owner": "https://issuer.example", "publicKeyPem": pem(&issuer_key())},
                "verification": {"allowedOrigins": ["issuer.example", "mallory.example"]}}}})
}

#[test]
fn version_0_5_has_no_signed_badges() {
    let mut assertion = version_0_5();
    for how in [json!(null), json!({"type": "signed", "url": PEM})] {
        assertion["verify"] = how;
        let (report, asked) = world().ask(signed(&assertion).as_bytes(), None);
        assert_eq!(report.verdict(), Verdict::Invalid, "{:?}", report.checks);
        assert_eq!(faults(&report), ["proof.missing"]);
        assert!(asked.is_empty());
    }
}

#[test]
fn version_0_5_is_what_stands_at_an_address_of_its_origin() {
    let mut world = world();
    let mut assertion = version_0_5();
    // A copy does not say where it stands.
    assert_eq!(
        world.judge(assertion.to_string()),
        (Verdict::Invalid, vec!["proof.missing"])
    );
    world.put(ASSERTION, &assertion);
    let image = carriers::svg(&format!("verify='{ASSERTION}'"), "");
    let recipient = Some(Recipient {
        identifier: "a@example.com",
        salt: None,
    });
    let (report, asked) = world.ask(image.as_bytes(), recipient);
    assert_eq!(report.verdict(), Verdict::Valid, "{:?}", report.checks);
    assert_eq!(asked, [ASSERTION]);
    assert_eq!(ids(&report, Check::Recipient), ["recipient.matches"]);
    let issuer = report.credential.unwrap().issuer;
    assert_eq!(issuer.name.as_deref(), Some("Example"));

    let elsewhere = "https://mallory.example/1";
    world.put(elsewhere, &assertion);
    let invalid = (Verdict::Invalid, vec!["issuer.other-origin"]);
    let image = carriers::svg(&format!("verify='{elsewhere}'"), "");
    assert_eq!(world.judge(&image), invalid);
    let image = carriers::svg(&format!("verify='{ASSERTION}'"), "");
    assertion["badge"]["issuer"]["origin"] = "http://other.example".into();
    world.put(ASSERTION, &assertion);
    assert_eq!(world.judge(&image), invalid);
}

#[test]
fn what_is_no_assertion_is_no_badge() {
    for text in [
        json!({"@context": V2, "type": "BadgeClass", "id": CLASS}),
        json!({"@context": V2, "type": "Issuer", "id": ISSUER}),
        json!({"@context": V2}),
    ] {
        let expected = (Verdict::Invalid, vec!["form.type"]);
        assert_eq!(World::new().judge(text.to_string()), expected);
    }
    // A credential that names both is one of 3.0 under a context that is not known.
    let both = json!({"@context": ["https://www.w3.org/ns/credentials/v2", V2],
        "type": ["VerifiableCredential", "Assertion"], "id": ASSERTION});
    let (verdict, faults) = World::new().judge(both.to_string());
    assert_eq!((verdict, faults), (Verdict::Unknown, vec!["form.context"]));
}
