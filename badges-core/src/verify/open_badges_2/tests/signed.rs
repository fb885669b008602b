use serde_json::json;

use super::*;

#[test]
fn a_signed_badge_holds_by_the_key_that_the_profile_names() {
    let (report, asked) = World::new().ask(signed(&signed_assertion()).as_bytes(), None);
    assert_eq!(report.verdict(), Verdict::Valid, "{:?}", report.checks);
    assert_eq!(asked, [CLASS, ISSUER, KEY, LIST]);
    assert_eq!(ids(&report, Check::Proof), ["proof.signature"]);
    assert_eq!(ids(&report, Check::Status), ["status.not-withdrawn"]);
    let issuer = serde_json::to_value(report.outcomes(Check::Issuer).next().unwrap()).unwrap();
    assert_eq!(issuer["binding"], "controller-document");
    assert_eq!(issuer["domain"], "issuer.example");
}

#[test]
fn keys_of_every_kind_may_sign() {
    let p256 = SigningKey::p256(&[3; 32]).unwrap();
    let mut world = World::new();
    world.edit(KEY, |it| it["publicKeyPem"] = pem(&p256).into());
    let text = sign(&signed_assertion(), &json!({"alg": "ES256"}), &p256);
    assert_eq!(world.judge(&text), (Verdict::Valid, vec![]));
    // The key's kind decides, not the header.
    let text = sign(&signed_assertion(), &json!({"alg": "EdDSA"}), &p256);
    assert_eq!(world.judge(&text).1[0], "proof.algorithm");
}

#[cfg(feature = "aws-lc")]
#[test]
fn rsa_is_what_the_standard_recommends() {
    let rsa = include_str!("../../../../../fixtures/keys/test-issuer-rsa.pem");
    let rsa = SigningKey::from_file_text(rsa).unwrap();
    let public = include_str!("../../../key/testdata/rsa.pem");
    let mut world = World::new();
    world.edit(KEY, |it| it["publicKeyPem"] = public.into());
    let text = sign(&signed_assertion(), &json!({"alg": "RS256"}), &rsa);
    assert_eq!(world.judge(&text), (Verdict::Valid, vec![]));
    let text = sign(&signed_assertion(), &json!({"alg": "RS512"}), &rsa);
    assert_eq!(world.judge(&text).1[0], "proof.algorithm");
    assert_eq!(world.judge(&text).0, Verdict::Unknown);
}

#[test]
fn a_public_key_is_no_secret() {
    use sha2::{Digest as _, Sha256};
    // HMAC with the PEM as its secret, by hand.
    let pem = pem(&issuer_key());
    let mut block = [0_u8; 64];
    let digest = Sha256::digest(pem.as_bytes());
    block[..32].copy_from_slice(&digest);
    let pad = |byte: u8| block.map(|it| it ^ byte);
    let world = World::new();
    for algorithm in ["HS256", "none", "None", ""] {
        let header = json!({"alg": algorithm}).to_string();
        let input = jwt::signing_input(&header, &signed_assertion().to_string());
        let inner = Sha256::new()
            .chain_update(pad(0x36))
            .chain_update(&input)
            .finalize();
        let mac = Sha256::new()
            .chain_update(pad(0x5c))
            .chain_update(inner)
            .finalize();
        for signature in [&mac[..], &[]] {
            let (report, asked) = world.ask(jwt::finish(input.clone(), signature).as_bytes(), None);
            assert_ne!(report.verdict(), Verdict::Valid, "{algorithm}");
            assert!(faults(&report).contains(&"proof.algorithm"));
            assert!(asked.is_empty());
        }
    }
    let text = sign(
        &signed_assertion(),
        &json!({"alg": "EdDSA", "crit": ["b64"]}),
        &issuer_key(),
    );
    assert_eq!(
        world.judge(&text),
        (Verdict::Invalid, vec!["proof.critical"])
    );
}

#[test]
fn a_forged_signature_does_not_hold_and_asks_for_no_list() {
    let text = sign(
        &signed_assertion(),
        &json!({"alg": "EdDSA"}),
        &SigningKey::ed25519(&[9; 32]),
    );
    let (report, asked) = World::new().ask(text.as_bytes(), None);
    assert_eq!(report.verdict(), Verdict::Invalid);
    assert_eq!(faults(&report), ["proof.signature", "status.unasked"]);
    assert_eq!(asked, [CLASS, ISSUER, KEY]);
    let mut parts: Vec<_> = signed(&signed_assertion())
        .split('.')
        .map(str::to_owned)
        .collect();
    parts[2].clear();
    assert_eq!(World::new().judge(parts.join(".")).0, Verdict::Invalid);
}

#[test]
fn the_key_must_be_the_issuers() {
    let contradicted = |world: &World| {
        let (verdict, faults) = world.judge_signed();
        assert!(faults.contains(&"issuer.contradicted"), "{faults:?}");
        assert_eq!(verdict, Verdict::Invalid);
    };
    let mut world = World::new();
    world.edit(KEY, |it| it["owner"] = "https://mallory.example/".into());
    contradicted(&world);
    world.edit(KEY, |it| it["owner"] = Value::Null);
    contradicted(&world);
    let mut world = World::new();
    world.edit(KEY, |it| it["id"] = "https://issuer.example/keys/2".into());
    contradicted(&world);
    // Not linked, and so not even asked for.
    let mut world = World::new();
    world.edit(ISSUER, |it| {
        it["publicKey"] = "https://issuer.example/keys/2".into()
    });
    contradicted(&world);
    let (_, asked) = world.ask(signed(&signed_assertion()).as_bytes(), None);
    assert_eq!(asked, [CLASS, ISSUER]);
    world.edit(ISSUER, |it| {
        it.as_object_mut().unwrap().remove("publicKey");
    });
    contradicted(&world);
    // A key inside the profile belongs to it, unless it says otherwise.
    let mut embedded = json!({"id": KEY, "publicKeyPem": pem(&issuer_key())});
    world.edit(ISSUER, |it| it["publicKey"] = embedded.clone());
    assert_eq!(world.judge_signed(), (Verdict::Valid, vec![]));
    embedded["owner"] = "https://mallory.example/".into();
    world.edit(ISSUER, |it| it["publicKey"] = embedded);
    contradicted(&world);
}

#[test]
fn without_a_creator_any_key_of_the_profile_may_have_signed() {
    let mut assertion = signed_assertion();
    assertion["verification"] = json!({"type": "SignedBadge"});
    let mut world = World::new();
    let other = json!({"id": "https://issuer.example/#old", "owner": ISSUER,
        "publicKeyPem": pem(&SigningKey::ed25519(&[9; 32]))});
    world.edit(ISSUER, |it| it["publicKey"] = json!([other, KEY]));
    assert_eq!(world.judge(signed(&assertion)), (Verdict::Valid, vec![]));
    world.answers.remove(KEY);
    let (verdict, faults) = world.judge(signed(&assertion));
    assert_eq!(
        (verdict, faults[0]),
        (Verdict::Unknown, "proof.key-not-loaded")
    );
}

#[test]
fn keys_that_cannot_be_used() {
    for (key, expected) in [
        (json!("no key"), "proof.method"),
        (
            json!("-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----"),
            "proof.private-key",
        ),
        (json!(7), "proof.method"),
    ] {
        let mut world = World::new();
        world.edit(KEY, |it| it["publicKeyPem"] = key);
        let (verdict, faults) = world.judge_signed();
        assert_eq!((verdict, faults[0]), (Verdict::Invalid, expected));
    }
    let mut world = World::new();
    world.edit(KEY, |it| it["revoked"] = "2026-05-20T00:00:00Z".into());
    assert_eq!(world.judge_signed().1[0], "proof.key-revoked");
}

#[test]
fn the_issuers_list_revokes() {
    let id = signed_assertion()["id"].clone();
    let revoked = (Verdict::Revoked, vec!["status.withdrawn"]);
    for entry in [
        id.clone(),
        json!({"id": id, "revocationReason": "Issued in error"}),
    ] {
        let mut world = World::new();
        world.edit(LIST, |it| it["revokedAssertions"] = json!(["urn:x", entry]));
        assert_eq!(world.judge_signed(), revoked);
        world.edit(LIST, |it| it["revokedAssertions"] = entry.clone());
        assert_eq!(world.judge_signed(), revoked);
    }
    let mut world = World::new();
    let mut assertion = signed_assertion();
    assertion["uid"] = "abc".into();
    world.edit(LIST, |it| it["revokedAssertions"] = json!([{"uid": "abc"}]));
    assert_eq!(world.judge(signed(&assertion)), revoked);
    assert_eq!(world.judge_signed().0, Verdict::Valid);
    assertion["revoked"] = true.into();
    assert_eq!(World::new().judge(signed(&assertion)), revoked);
}

#[test]
fn a_list_that_cannot_be_relied_on_is_unknown() {
    let unknown = |fault| (Verdict::Unknown, vec![fault]);
    let mut world = World::new();
    world.answers.remove(LIST);
    assert_eq!(world.judge_signed(), unknown("status.not-loaded"));
    for list in [
        json!({"@context": V2, "issuer": "https://mallory.example/", "revokedAssertions": []}),
        json!({"@context": V2, "id": LIST, "issuer": ISSUER}),
        json!({"@context": V2, "issuer": ISSUER, "revokedAssertions": null}),
        json!({"@context": V2, "issuer": ISSUER, "revokedAssertions": ["urn:x", {"url": "urn:y"}]}),
        json!([]),
    ] {
        world.put(LIST, &list);
        assert_eq!(world.judge_signed(), unknown("status.list"), "{list}");
    }
    world.edit(ISSUER, |it| it["revocationList"] = 7.into());
    assert_eq!(world.judge_signed(), unknown("status.entry"));
    world.edit(ISSUER, |it| {
        it.as_object_mut().unwrap().remove("revocationList");
    });
    assert_eq!(world.judge_signed(), (Verdict::Valid, vec![]));
}

#[test]
fn dates_and_unsigned_copies() {
    let mut assertion = signed_assertion();
    assertion["expires"] = "2026-05-02T00:00:00Z".into();
    let expired = (Verdict::Expired, vec!["validity.expired"]);
    assert_eq!(World::new().judge(signed(&assertion)), expired);
    let unsigned = (Verdict::Invalid, vec!["proof.missing"]);
    assert_eq!(World::new().judge(signed_assertion().to_string()), unsigned);
}

#[test]
fn a_class_elsewhere_is_not_the_issuers() {
    let mut world = World::new();
    let class = "https://mallory.example/class";
    world.edit(CLASS, |it| it["id"] = class.into());
    let moved = world.answers.remove(CLASS).unwrap();
    world.answers.insert(class.to_owned(), moved);
    let mut assertion = signed_assertion();
    assertion["badge"] = class.into();
    let (verdict, faults) = world.judge(signed(&assertion));
    assert_eq!(
        (verdict, faults[0]),
        (Verdict::Invalid, "issuer.other-origin")
    );
}
