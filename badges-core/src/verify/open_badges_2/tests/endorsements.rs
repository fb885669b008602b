use serde_json::json;

use super::*;

const ENDORSEMENT: &str = "https://endorser.example/e/1";
const ENDORSER: &str = "https://endorser.example/";

fn endorsement(about: &str) -> Value {
    json!({"@context": V2, "type": "Endorsement", "id": ENDORSEMENT, "issuer": ENDORSER,
        "claim": {"id": about, "endorsementComment": "Well done."},
        "issuedOn": "2026-05-02T00:00:00Z", "verification": {"type": "hosted"}})
}

fn world(place: &str) -> World {
    let mut world = World::new();
    world.edit(place, |it| it["endorsement"] = json!([ENDORSEMENT]));
    world.put(ENDORSEMENT, &endorsement(place));
    let key = json!({"id": "https://endorser.example/#k", "publicKeyPem": pem(&SigningKey::ed25519(&[5; 32]))});
    world.put(
        ENDORSER,
        &json!({"@context": V2, "type": "Profile", "id": ENDORSER, "name": "Endorser", "publicKey": key}),
    );
    world
}

fn judge(world: &World) -> Vec<String> {
    let (report, _) = world.ask(assertion().to_string().as_bytes(), None);
    assert_eq!(report.verdict(), Verdict::Valid);
    let outcomes = report.outcomes(Check::Endorsements);
    let texts = outcomes.map(|it| serde_json::to_value(it).unwrap());
    texts
        .map(|it| {
            let reason = it["reason"].as_str().unwrap_or_default().to_owned();
            format!(
                "{} {} {reason}",
                it["id"].as_str().unwrap(),
                it["place"].as_str().unwrap()
            )
        })
        .collect()
}

#[test]
fn those_who_vouch_for_any_part_are_told() {
    for (holder, place) in [
        (ASSERTION, "endorsement[0]"),
        (CLASS, "badge.endorsement[0]"),
        (ISSUER, "badge.issuer.endorsement[0]"),
    ] {
        let mut world = world(holder);
        assert_eq!(judge(&world), [format!("endorsements.valid {place} ")]);
        // A copy leads to its address all the same.
        world.edit(holder, |it| it["endorsement"] = endorsement("urn:x"));
        assert_eq!(judge(&world), [format!("endorsements.valid {place} ")]);
    }
}

#[test]
fn an_endorsement_that_does_not_hold_leaves_the_badge_as_it_is() {
    let mut world = world(ASSERTION);
    let answer = |world: &World| judge(world)[0].clone();
    world.put(ENDORSEMENT, &endorsement(CLASS));
    assert!(answer(&world).ends_with("endorsements.other-subject"));
    world.put(ENDORSEMENT, &endorsement(ASSERTION));
    world.edit(ENDORSEMENT, |it| it["issuer"] = ISSUER.into());
    assert!(answer(&world).ends_with("issuer.other-origin"));
    world.edit(ENDORSEMENT, |it| it["revoked"] = true.into());
    assert!(answer(&world).starts_with("endorsements.invalid"));
    world.answers.remove(ENDORSEMENT);
    assert!(answer(&world).starts_with("endorsements.unknown"));
    world.edit(ASSERTION, |it| it["endorsement"] = json!("not.a.jws!"));
    assert!(answer(&world).ends_with("form.jwt"));
    world.edit(ASSERTION, |it| it["endorsement"] = json!(7));
    assert!(answer(&world).starts_with("endorsements.invalid"));
}

#[test]
fn more_endorsements_than_are_judged_are_told() {
    let mut world = world(ASSERTION);
    world.edit(ASSERTION, |it| {
        it["endorsement"] = json!(vec![ENDORSEMENT; 33])
    });
    let (report, _) = world.ask(assertion().to_string().as_bytes(), None);
    let ids: Vec<_> = report
        .outcomes(Check::Endorsements)
        .map(Outcome::id)
        .collect();
    assert_eq!(ids.len(), 33);
    assert_eq!(ids[..32], ["endorsements.valid"; 32]);
    assert_eq!(ids[32], "endorsements.too-many");
}

#[test]
fn a_signed_endorsement_holds_by_the_endorsers_key() {
    let mut world = world(ASSERTION);
    let mut signed = endorsement(ASSERTION);
    signed["verification"] = json!({"type": "signed"});
    for (seed, expected) in [(5, "endorsements.valid"), (6, "endorsements.invalid")] {
        let key = SigningKey::ed25519(&[seed; 32]);
        let text = sign(&signed, &json!({"alg": "EdDSA"}), &key);
        world.edit(ASSERTION, |it| it["endorsement"] = text.into());
        assert!(judge(&world)[0].starts_with(expected));
    }
}

#[test]
fn an_endorsement_does_not_bring_its_key() {
    let key = SigningKey::ed25519(&[6; 32]);
    let issuer = json!({"origin": "https://endorser.example",
        "publicKey": {"owner": "https://endorser.example", "publicKeyPem": pem(&key)}});
    let as_in_0_5 = json!({"type": "Endorsement", "recipient": "a", "badge": {"issuer": issuer},
        "issuer": issuer, "claim": {"id": ASSERTION}, "issued_on": "2026-05-02T00:00:00Z"});
    let mut world = world(ASSERTION);
    let text = sign(&as_in_0_5, &json!({"alg": "EdDSA"}), &key);
    world.edit(ASSERTION, |it| it["endorsement"] = text.into());
    assert_eq!(
        judge(&world),
        ["endorsements.invalid endorsement[0] proof.missing"]
    );
    world.edit(ASSERTION, |it| it["endorsement"] = json!([ENDORSEMENT]));
    world.put(ENDORSEMENT, &as_in_0_5);
    assert!(judge(&world)[0].starts_with("endorsements.unknown"));
}
