//! One story, from an empty machine to badges that strangers trust, with the service and the command as
//! people run them: set up, import, preview, award, claim, share, verify, correct, revoke, suspend,
//! change keys, erase, export. On SQLite and on PostgreSQL.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod visitor;
mod world;

use serde_json::{Value, json};

use crate::world::World;

const ISSUER: &str = "/api/v1/issuers/example-academy";

#[test]
fn on_sqlite() {
    story(None);
}

#[test]
fn on_postgresql() {
    if let Some(database) = badges_tests::postgres::database() {
        story(Some(&database));
    }
}

fn story(database: Option<&str>) {
    let mut world = World::new(database);

    // Set up: the owner opens the link that the service has printed.
    let link = world.link();
    let owner = world.visitor();
    owner.send(&link, &[]);
    let fields = [
        ("name", "Example Academy"),
        ("url", "https://academy.example.org"),
        ("language", "en"),
        ("person", "Example Owner"),
    ];
    assert_eq!(
        owner.upload("/desk/new", &fields).location,
        "/desk/example-academy"
    );
    let program = owner.program();
    let mentor = json!({"name": "Mentor", "description": "Helps newcomers.", "criteria": "Help three newcomers.", "language": "en", "suspendable": true});
    program.call(&format!("{ISSUER}/achievements"), &mentor);

    // A workshop, and its list: a mistake in one row stops none of the others.
    let ready = program.get(&format!("{ISSUER}/achievements"));
    assert_eq!(
        ready["items"].as_array().unwrap().len(),
        2,
        "a first achievement is ready-made"
    );
    let workshop = json!({"title": "First Articles", "starts_on": "2026-05-01", "achievements": ["workshop-participant", "mentor"]});
    let workshop = program.call(&format!("{ISSUER}/workshops"), &workshop);
    let desk = format!(
        "/desk/example-academy/workshops/{}",
        workshop["id"].as_str().unwrap()
    );
    let list =
        "Example Volunteer\nUser:Example_editor\nمثال\nExample Leaver\nsomebody@example.org\n";
    owner.upload(&format!("{desk}/participants"), &[("list", list)]);
    let preview = owner.open(&format!("{desk}/participants"));
    assert!(
        preview.text.contains("4 will be offered it") && preview.text.contains("One problem"),
        "{}",
        preview.text
    );
    assert_eq!(
        program.get(&format!("{ISSUER}/awards"))["items"],
        json!([]),
        "nothing is offered yet"
    );

    // The finished badge is shown, and then offered to all; a second press changes nothing.
    let rehearsal = owner.open(&format!(
        "{desk}/award?achievement=workshop-participant&achievement=mentor"
    ));
    assert!(rehearsal.text.contains("OpenBadgeCredential"));
    let form = rehearsal.form("request");
    let form: Vec<(&str, &str)> = form
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let job = owner.send(&format!("{desk}/award"), &form).location;
    assert!(job.starts_with("/desk/example-academy/jobs/"), "{job}");
    assert_eq!(owner.send(&format!("{desk}/award"), &form).location, job);
    let awards = world::until(|| {
        let awards = program.get(&format!("{ISSUER}/awards?limit=50"))["items"]
            .as_array()
            .unwrap()
            .clone();
        (awards.len() == 8).then_some(awards)
    });
    let links = owner.open(&format!("{desk}/links.csv")).text;
    let claim = |name: &str, achievement: &str| {
        let is_it = |award: &&Value| {
            award["recipient"]["user_name"] == name && award["achievement"] == achievement
        };
        let award = awards
            .iter()
            .find(is_it)
            .unwrap_or_else(|| panic!("no {achievement} for {name}: {awards:?}"));
        let link = award["claim_link"].as_str().unwrap().to_owned();
        assert!(links.contains(&link), "the list has the link of {name}");
        (
            format!("{ISSUER}/awards/{}", award["id"].as_str().unwrap()),
            link,
        )
    };

    // Volunteers accept, each as they like.
    let accept = |name: &str, achievement: &str, visibility: &str, named: &str| {
        let (award, link) = claim(name, achievement);
        let volunteer = world.visitor();
        let offer = volunteer.open(&link);
        assert!(offer.text.contains("Example Academy"), "{}", offer.text);
        let action = format!("{}/accept", volunteer.path(&link));
        let shown = offer.form("visibility");
        let hidden = shown
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let mut form: Vec<_> = hidden
            .filter(|(name, _)| !["visibility", "named"].contains(name))
            .collect();
        form.extend([("visibility", visibility), ("named", named)]);
        let mine = volunteer.send(&action, &form).location;
        assert!(mine.starts_with("/mine/"), "{mine}");
        let held = volunteer.get(&format!("/api/v1{mine}"));
        // What the trainer knows opens it no more.
        assert!(
            volunteer
                .open(&link)
                .text
                .contains("You have already accepted or declined the badge.")
        );
        (
            award,
            mine,
            held["badge"].as_str().unwrap().to_owned(),
            volunteer,
        )
    };
    let (_, _, shown, _) = accept(
        "Example Volunteer",
        "workshop-participant",
        "public",
        "user-name",
    );
    let (mistaken, _, wrong, _) = accept(
        "Example editor",
        "workshop-participant",
        "public",
        "user-name",
    );
    let (mentoring, _, mentor, _) = accept("Example Volunteer", "mentor", "unlisted", "nothing");
    let (_, leaving, left, leaver) = accept(
        "Example Leaver",
        "workshop-participant",
        "public",
        "user-name",
    );
    let (unfair, _, taken, _) = accept("مثال", "workshop-participant", "public", "hashed");

    // Shared: one address for people and programs, and what other services ask for.
    let stranger = world.visitor();
    let page = stranger.open(&shown);
    assert!(
        page.text.contains("Example Volunteer") && page.text.contains("linkedin.com/profile/add"),
        "{}",
        page.text
    );
    let listed = stranger.get("/user-badges/?username=Example_Volunteer");
    assert_eq!(listed.as_array().unwrap().len(), 1, "{listed}");

    // Strangers verify with the command: the page's address, a file of each kind, a picture.
    for ending in ["", ".json", ".jwt", ".png"] {
        assert_eq!(
            world.verify(&format!("{shown}{ending}")),
            "valid",
            "{ending}"
        );
    }
    for badge in [&wrong, &mentor, &left, &taken] {
        assert_eq!(world.verify(badge), "valid", "{badge}");
    }
    let kept = world.keep(&format!("{shown}.json"), "kept.json");
    assert_eq!(
        world.verify_file(&kept, &["--recipient", "Example Volunteer"]),
        ("valid".to_owned(), 0)
    );
    assert_eq!(
        world.verify_file(&kept, &["--recipient", "Example Impostor"]),
        ("valid".to_owned(), 1)
    );
    let altered = world.folder().join("altered.json");
    std::fs::write(
        &altered,
        badges_tests::read(&kept).replace("Example Volunteer", "Example Impostor"),
    )
    .unwrap();
    assert_eq!(world.verify_file(&altered, &[]), ("invalid".to_owned(), 1));

    // A mistake is corrected: the old badge and the new one lead to each other.
    let corrected = program.call(
        &format!("{mistaken}/correct"),
        &json!({"evidence": "https://meta.wikimedia.org/wiki/Example"}),
    );
    assert_eq!(world.verify(&wrong), "revoked");
    assert!(
        stranger
            .open(&wrong)
            .text
            .contains("was replaced by a corrected one")
    );
    // It was accepted, and so is the new one.
    let newer = corrected["badge"].as_str().unwrap();
    assert_eq!(world.verify(newer), "valid");
    assert!(stranger.open(newer).text.contains(stranger.path(&wrong)));

    // Another is taken back for good, one for now.
    program.call(
        &format!("{unfair}/revoke"),
        &json!({"reason": "misconduct", "note": "not for strangers"}),
    );
    assert_eq!(world.verify(&taken), "revoked");
    assert!(!stranger.open(&taken).text.contains("not for strangers"));
    program.call(&format!("{mentoring}/suspend"), &json!({}));
    assert_eq!(world.verify(&mentor), "suspended");
    program.call(&format!("{mentoring}/reinstate"), &json!({}));
    assert_eq!(world.verify(&mentor), "valid");

    // Keys change: what the old ones signed stays valid, unless others may have them.
    program.call(&format!("{ISSUER}/keys/rotate"), &json!({}));
    assert_eq!(world.verify(&shown), "valid");
    assert_eq!(world.verify_file(&kept, &[]).0, "valid");
    let (code, told, error) = world.admin(&[
        "rotate-key",
        "--issuer",
        "example-academy",
        "--compromised",
        "--yes",
    ]);
    assert_eq!(code, 0, "{told}{error}");
    world::until(|| (world.verify(&mentor) == "valid").then_some(()));

    // One leaves, and nothing stays but that something was here.
    leaver.send(&format!("{leaving}/erase"), &[]);
    let gone = stranger.open(&left);
    assert!(
        gone.status == 410 && gone.text.contains("removed at the holder"),
        "{}",
        gone.text
    );
    assert!(!gone.text.contains("Example Leaver"));
    assert_eq!(
        stranger.get("/user-badges/?username=Example_Leaver"),
        json!([])
    );
    assert_eq!(world.verify(&left), "unknown");

    // All agrees; the issuer can be taken elsewhere, and strangers verify with those files alone.
    let (code, told, error) = world.admin(&["check"]);
    assert!(code == 0 && told.contains("All agrees."), "{told}{error}");
    let public = world.folder().join("public");
    let (code, told, error) = world.admin(&[
        "export",
        "--issuer",
        "example-academy",
        "-o",
        public.to_str().unwrap(),
    ]);
    assert_eq!(code, 0, "{told}{error}");
    for (badge, verdict) in [(&shown, "valid"), (&taken, "revoked"), (&mentor, "valid")] {
        assert_eq!(world.verify_export(&public, badge), verdict, "{badge}");
    }

    let log = world.stop();
    assert!(!log.contains("ERROR") && !log.contains("panicked"), "{log}");
    // What opens a badge or the service is nowhere in it.
    let claims = awards
        .iter()
        .map(|award| award["claim_link"].as_str().unwrap());
    for secret in claims.chain([link.as_str(), leaving.as_str(), program.token()]) {
        let secret = secret.rsplit('/').next().unwrap();
        assert!(
            secret.len() > 20 && !log.contains(secret),
            "the log tells {secret}"
        );
    }
}
