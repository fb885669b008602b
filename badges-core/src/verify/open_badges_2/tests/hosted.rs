use serde_json::json;

use super::*;

#[test]
fn a_hosted_badge_is_what_stands_at_its_address() {
    let (report, asked) = World::new().ask(assertion().to_string().as_bytes(), None);
    assert_eq!(report.verdict(), Verdict::Valid, "{:?}", report.checks);
    assert_eq!(asked, [ASSERTION, CLASS, ISSUER]);
    let summary = report.credential.as_ref().unwrap();
    assert_eq!(summary.id.as_deref(), Some(ASSERTION));
    assert_eq!(summary.types, ["Assertion"]);
    assert_eq!(summary.name.as_deref(), Some("Editor"));
    assert_eq!(summary.issuer.id.as_deref(), Some(ISSUER));
    assert_eq!(summary.issuer.name.as_deref(), Some("Example Users Group"));
    assert_eq!(summary.achievement.as_deref(), Some(CLASS));
    assert_eq!(summary.valid_from.as_deref(), Some("2026-05-01T10:00:00Z"));
    assert_eq!(summary.identifiers[0].r#type, "emailAddress");
    assert!(summary.identifiers[0].hashed);
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(
        json["checks"],
        json!([
            {"check": "form", "outcome": "passed", "id": "form.read", "form": "json"},
            {"check": "schema", "outcome": "passed", "id": "schema.older-version", "version": "2.0"},
            {"check": "proof", "outcome": "passed", "id": "proof.hosted", "url": ASSERTION},
            {"check": "issuer", "outcome": "passed", "id": "issuer.established",
                "issuer": ISSUER, "binding": "hosted", "domain": "issuer.example"},
            {"check": "validity", "outcome": "passed", "id": "validity.current",
                "from": "2026-05-01T10:00:00Z", "at": "2026-06-01T12:00:00Z"},
            {"check": "status", "outcome": "passed", "id": "status.not-withdrawn",
                "document": ASSERTION}
        ])
    );
}

#[test]
fn without_documents_it_is_unknown_and_says_what_to_fetch() {
    let documents = Documents::new();
    let text = assertion().to_string();
    let report = verify(text.as_bytes(), &Question::new(&documents, at()));
    assert_eq!(report.verdict(), Verdict::Unknown);
    assert_eq!(report.missing(), [ASSERTION]);
    assert_eq!(faults(&report), ["proof.document-not-loaded"]);
    // What a copy says of dates and recipients is not judged.
    assert_eq!(report.checks.len(), 2);
}

#[test]
fn a_copy_does_not_count() {
    let world = World::new();
    let mut copy = assertion();
    copy["expires"] = "2020-01-01T00:00:00Z".into();
    copy["recipient"]["identity"] = "sha256$0".into();
    copy["badge"] = json!({"id": "https://elsewhere.example/class", "name": "Champion"});
    let (report, asked) = world.ask(copy.to_string().as_bytes(), None);
    assert_eq!(report.verdict(), Verdict::Valid);
    assert_eq!(asked, [ASSERTION, CLASS, ISSUER]);
    let proof = serde_json::to_value(report.outcomes(Check::Proof).next().unwrap()).unwrap();
    let mut differs: Vec<_> = proof["differs"].as_array().unwrap().clone();
    differs.sort_by_key(ToString::to_string);
    assert_eq!(differs, ["badge", "expires", "recipient"]);
}

#[test]
fn somebody_elses_address_is_somebody_elses_badge() {
    let mut world = World::new();
    world.edit(ASSERTION, |it| {
        it["id"] = "https://issuer.example/assertions/2".into()
    });
    let invalid = |fault| (Verdict::Invalid, vec![fault]);
    assert_eq!(world.judge_hosted(), invalid("proof.hosted-other"));
    world.put(
        ASSERTION,
        &json!({"@context": V2, "type": "BadgeClass", "id": ASSERTION}),
    );
    assert_eq!(world.judge_hosted(), invalid("proof.hosted-other"));
    world.put(ASSERTION, &json!([assertion()]));
    assert_eq!(world.judge_hosted(), invalid("proof.hosted-other"));

    // A forger's assertion of an honest class.
    let mut world = World::new();
    let url = "https://mallory.example/1";
    let mut forged = assertion();
    forged["id"] = url.into();
    world.put(url, &forged);
    assert_eq!(
        world.judge(forged.to_string()),
        invalid("issuer.other-origin")
    );

    // A forger's class and assertion in an honest issuer's name, who has pages of strangers too.
    let mut world = World::new();
    let class = "https://mallory.example/class";
    world.edit(CLASS, |it| it["id"] = class.into());
    let moved = world.answers.remove(CLASS).unwrap();
    world.answers.insert(class.to_owned(), moved);
    world.edit(ASSERTION, |it| it["badge"] = class.into());
    assert_eq!(world.judge_hosted(), invalid("issuer.other-origin"));
}

#[test]
fn the_issuer_says_where_its_badges_stand() {
    let elsewhere = "https://badges.example:8443/issuer-a/1";
    let mut world = World::new();
    let mut moved = assertion();
    moved["id"] = elsewhere.into();
    world.put(elsewhere, &moved);
    let mut judge = |policy: Value| {
        world.edit(ISSUER, |it| it["verification"] = policy);
        world.judge(moved.to_string()).0
    };
    let own = "issuer.example";
    for (policy, verdict) in [
        (
            json!({"allowedOrigins": [own, "badges.example"]}),
            Verdict::Valid,
        ),
        (
            json!({"allowedOrigins": [own, "https://BADGES.example:8443/"]}),
            Verdict::Valid,
        ),
        (
            json!({"allowedOrigins": [own, "badges.example:443"]}),
            Verdict::Invalid,
        ),
        // The class stands at the issuer's own host, which is not among them.
        (
            json!({"allowedOrigins": "badges.example"}),
            Verdict::Invalid,
        ),
        (json!({"allowedOrigins": own}), Verdict::Invalid),
        (
            json!({"startsWith": "https://badges.example:8443/issuer-a/"}),
            Verdict::Invalid,
        ),
        (
            json!({"allowedOrigins": [own, "badges.example"],
                "startsWith": ["https://x.example/", "https://badges.example:8443/issuer-a/"]}),
            Verdict::Valid,
        ),
        (
            json!({"allowedOrigins": [own, "badges.example"],
                "startsWith": "https://badges.example:8443/issuer-b/"}),
            Verdict::Invalid,
        ),
        (json!("https://badges.example"), Verdict::Invalid),
    ] {
        assert_eq!(judge(policy.clone()), verdict, "{policy}");
    }
}

#[test]
fn no_address_leads_out_of_the_issuers_folder() {
    let mut world = World::new();
    world.edit(ISSUER, |it| {
        it["verification"] = json!({"startsWith": "https://issuer.example/editors/"});
    });
    let mut judge = |path: &str| {
        let url = format!("https://issuer.example/editors/{path}");
        let mut assertion = assertion();
        assertion["id"] = url.as_str().into();
        world.put(&url, &assertion);
        world.judge(assertion.to_string())
    };
    for path in ["1", "..1/a..", ".../1?from=/../", "%252e%252e/1", "%2a"] {
        assert_eq!(judge(path), (Verdict::Valid, vec![]), "{path}");
    }
    for path in [
        "../mallory/1",
        "./../mallory/1",
        "%2e%2E/mallory/1",
        ".%2e/mallory/1",
        "..%2Fmallory/1",
        "a/%2f../../mallory/1",
        "..;a/mallory/1",
        "..\\mallory/1",
        "..%5cmallory/1",
        "..",
        ".?a",
    ] {
        let invalid = (Verdict::Invalid, vec!["issuer.other-origin"]);
        assert_eq!(judge(path), invalid, "{path}");
    }
}

#[test]
fn a_revoked_badge_is_gone_or_says_so() {
    let revoked = |fault: &[&'static str]| (Verdict::Revoked, fault.to_vec());
    let mut world = World::new();
    world.answers.insert(ASSERTION.to_owned(), Answer::Gone);
    let gone = revoked(&["proof.document-not-loaded", "status.withdrawn"]);
    assert_eq!(world.judge_hosted(), gone);

    world.put(ASSERTION, &assertion());
    world.edit(ASSERTION, |it| it["revoked"] = true.into());
    assert_eq!(world.judge_hosted(), revoked(&["status.withdrawn"]));

    world.put(
        ASSERTION,
        &json!({"@context": V2, "type": "Assertion", "id": ASSERTION, "revoked": true,
            "revocationReason": "Issued in error"}),
    );
    let (report, asked) = world.ask(assertion().to_string().as_bytes(), None);
    assert_eq!(report.verdict(), Verdict::Revoked);
    assert!(
        report
            .reason()
            .unwrap()
            .1
            .to_string()
            .contains("Issued in error")
    );
    assert_eq!(asked, [ASSERTION]);

    world.put(ASSERTION, &assertion());
    world.edit(ASSERTION, |it| it["revoked"] = false.into());
    assert_eq!(world.judge_hosted().0, Verdict::Valid);
}

#[test]
fn what_cannot_be_fetched_is_unknown() {
    for (gone, fault) in [
        (ASSERTION, "proof.document-not-loaded"),
        (CLASS, "proof.document-not-loaded"),
        (ISSUER, "issuer.not-loaded"),
    ] {
        let mut world = World::new();
        world.answers.remove(gone);
        assert_eq!(
            world.judge_hosted(),
            (Verdict::Unknown, vec![fault]),
            "{gone}"
        );
        world
            .answers
            .insert(gone.to_owned(), Answer::Loaded(b"<html>".to_vec()));
        assert_eq!(
            world.judge_hosted(),
            (Verdict::Unknown, vec![fault]),
            "{gone}"
        );
    }
    let mut insecure = assertion();
    insecure["id"] = "http://issuer.example/assertions/1".into();
    let (report, asked) = World::new().ask(insecure.to_string().as_bytes(), None);
    assert_eq!(faults(&report), ["proof.document-not-loaded"]);
    assert!(
        report
            .reason()
            .unwrap()
            .1
            .to_string()
            .contains("only https is fetched")
    );
    assert_eq!(asked, [""; 0]);
    for id in ["https://user@issuer.example/1", "https://", "https://@/"] {
        insecure["id"] = id.into();
        let (report, asked) = World::new().ask(insecure.to_string().as_bytes(), None);
        assert_eq!(
            (report.verdict(), asked),
            (Verdict::Unknown, Vec::new()),
            "{id}"
        );
    }
}

#[test]
fn classes_and_issuers_that_come_along_are_looked_up_too() {
    let mut world = World::new();
    world.edit(ASSERTION, |it| {
        it["badge"] = json!({"type": "BadgeClass", "id": CLASS, "name": "Champion",
            "issuer": {"id": "https://mallory.example/", "name": "Somebody famous"}});
    });
    let (report, asked) = world.ask(assertion().to_string().as_bytes(), None);
    assert_eq!(report.verdict(), Verdict::Valid);
    assert_eq!(asked, [ASSERTION, CLASS, ISSUER]);
    assert_eq!(report.credential.unwrap().name.as_deref(), Some("Editor"));

    // A class without an address is part of the hosted assertion; its issuer never is.
    world.edit(ASSERTION, |it| {
        it["badge"] = json!({"type": "BadgeClass", "id": "urn:uuid:1", "name": "Reviewer",
            "issuer": {"type": "Issuer", "id": ISSUER, "name": "Somebody famous"}});
    });
    let (report, asked) = world.ask(assertion().to_string().as_bytes(), None);
    assert_eq!(report.verdict(), Verdict::Valid);
    assert_eq!(asked, [ASSERTION, ISSUER]);
    let summary = report.credential.unwrap();
    assert_eq!(summary.issuer.name.as_deref(), Some("Example Users Group"));
    world.edit(ASSERTION, |it| {
        it["badge"]["issuer"] = json!({"name": "Somebody famous"})
    });
    assert_eq!(
        world.judge_hosted(),
        (Verdict::Unknown, vec!["issuer.not-established"])
    );
    world.edit(ASSERTION, |it| it["badge"] = 7.into());
    assert_eq!(world.judge_hosted().0, Verdict::Invalid);
}

#[test]
fn a_profile_about_somebody_else_is_not_the_issuers() {
    let mut world = World::new();
    world.edit(ISSUER, |it| {
        it["id"] = "https://issuer.example/other".into()
    });
    assert_eq!(
        world.judge_hosted(),
        (Verdict::Unknown, vec!["issuer.not-loaded"])
    );
}

#[test]
fn dates_are_those_of_the_hosted_badge() {
    for (member, date, expected) in [
        (
            "expires",
            json!("2026-05-31T00:00:00Z"),
            (Verdict::Expired, vec!["validity.expired"]),
        ),
        ("expires", json!("2026-07-01"), (Verdict::Valid, vec![])),
        (
            "expires",
            json!("2026-05-01"),
            (Verdict::Expired, vec!["validity.expired"]),
        ),
        (
            "expires",
            json!("soon"),
            (Verdict::Invalid, vec!["schema.nonconforming"]),
        ),
        (
            "expires",
            json!(1_700_000_000),
            (Verdict::Expired, vec!["validity.expired"]),
        ),
        (
            "expires",
            json!(1e300),
            (Verdict::Invalid, vec!["schema.nonconforming"]),
        ),
        (
            "issuedOn",
            json!("2026-06-02T00:00:00+01:00"),
            (Verdict::NotYetValid, vec!["validity.not-yet"]),
        ),
        (
            "issuedOn",
            json!("2026-06-01T10:00:00"),
            (Verdict::Valid, vec![]),
        ),
        ("issuedOn", json!("1400000000"), (Verdict::Valid, vec![])),
        (
            "issuedOn",
            json!("99999999999999999999"),
            (Verdict::Invalid, vec!["schema.nonconforming"]),
        ),
    ] {
        let mut world = World::new();
        world.edit(ASSERTION, |it| it[member] = date.clone());
        assert_eq!(world.judge_hosted(), expected, "{member} {date}");
    }
}

#[test]
fn recipients_are_compared_as_in_3_0() {
    let mut world = World::new();
    let ask = |world: &World, identifier, salt| {
        let recipient = Some(Recipient { identifier, salt });
        let (report, _) = world.ask(assertion().to_string().as_bytes(), recipient);
        assert_eq!(report.verdict(), Verdict::Valid);
        ids(&report, Check::Recipient)
    };
    assert_eq!(ask(&world, "a@example.com", None), ["recipient.matches"]);
    assert_eq!(ask(&world, "A@Example.com", None), ["recipient.matches"]);
    assert_eq!(ask(&world, "b@example.com", None), ["recipient.other"]);
    // The badge has its own salt.
    assert_eq!(
        ask(&world, "a@example.com", Some("Sea")),
        ["recipient.matches"]
    );

    world.edit(ASSERTION, |it| {
        it["recipient"] = json!({"type": "email", "hashed": false, "identity": "A@Example.com"});
    });
    assert_eq!(ask(&world, "a@example.com", None), ["recipient.matches"]);
    world.edit(ASSERTION, |it| {
        it["recipient"] =
            json!({"type": ["url"], "hashed": false, "identity": "https://a.example/"});
    });
    assert_eq!(
        ask(&world, "https://a.example/", None),
        ["recipient.matches"]
    );
    assert_eq!(
        ask(&world, "https://A.example/", None),
        ["recipient.matches"]
    );
    world.edit(ASSERTION, |it| it["recipient"] = json!({"hashed": true}));
    assert_eq!(
        world.judge_hosted(),
        (Verdict::Invalid, vec!["schema.nonconforming"])
    );
}

#[test]
fn the_ways_of_a_badge_are_bounded() {
    let mut world = World::new();
    let many: Vec<String> = (0..100).map(|n| format!("https://e{n}.example/")).collect();
    world.edit(ASSERTION, |it| it["endorsement"] = json!(many));
    let (report, asked) = world.ask(assertion().to_string().as_bytes(), None);
    assert_eq!(report.verdict(), Verdict::Valid);
    assert_eq!(asked.len(), 16);
    // The last says that there are more.
    assert_eq!(report.outcomes(Check::Endorsements).count(), 32 + 1);
}
