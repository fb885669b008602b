//! Badges of Open Badges 2.0: shown, taken out of pictures, and issued again.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod issuer;

use std::fs;
use std::path::{Path, PathBuf};

use badges_core::bake;
use badges_core::verify::Verdict;
use issuer::{Issuer, NO_WEB, Said, WEB};
use serde_json::{Value, json};

const ASSERTION: &str = "https://issuer.example.org/assertions/7f3a";
const CLASS: &str = "https://issuer.example.org/badgeclasses/first-edits";

const OLD_ISSUER: &str = "https://issuer.example.org/profile";

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures")
}

fn older(name: &str) -> String {
    let path = fixtures().join("badges/open-badges-2").join(name);
    path.display().to_string()
}

/// Puts the old issuer's documents into a folder, with changes.
fn documents(issuer: &Issuer, change: impl FnOnce(&mut Value)) {
    let place = fixtures().join("documents");
    let place = |name: &str| place.join(name).display().to_string();
    let mut map = json!({
        ASSERTION: place("ob2-assertion.json"),
        CLASS: place("ob2-class.json"),
        "https://issuer.example.org/profile": place("ob2-profile.json"),
        "https://issuer.example.org/keys/1": place("ob2-key.json"),
        "https://issuer.example.org/revoked": place("ob2-revoked.json"),
    });
    change(&mut map);
    issuer.write("older.json", &map.to_string());
}

fn upgrade(issuer: &Issuer, badge: &str, options: &[&str]) -> Said {
    let mut upgrade = vec!["upgrade", badge, "--offline", "--documents", "older.json"];
    upgrade.extend(["--from", OLD_ISSUER]);
    upgrade.extend(options);
    issuer.run(&upgrade)
}

#[test]
fn a_badge_is_issued_again_once() {
    let issuer = Issuer::new(WEB);
    documents(&issuer, |_| {});
    let first = upgrade(&issuer, &older("hosted.json"), &["--json"]).expect(0, &[]);
    let answer = &first.lines()[0];
    assert_eq!(answer["outcome"], "issued");
    assert!(
        first.err.contains("achievements/first-edits.json"),
        "{}",
        first.err
    );
    issuer.assert_all_valid();
    let award = &issuer.awards()[0];
    assert_eq!(award["badge"], answer["badge"]);
    assert_eq!(award["awarded"], "2026-01-10T09:00:00Z");
    let badge = issuer.credential_of(&format!("holder of {ASSERTION}"));
    assert_eq!(badge["id"], answer["badge"]);
    assert_eq!(badge["evidence"][0]["id"], ASSERTION);
    let subject = &badge["credentialSubject"];
    assert_eq!(subject["achievement"]["related"][0]["id"], CLASS);
    assert_eq!(subject["identifier"][0]["salt"], "Kosher");
    assert_eq!(badge["credentialStatus"]["statusPurpose"], "revocation");

    // By its address, from a picture with that address, from its file: it is the same badge.
    for again in [
        ASSERTION.to_owned(),
        older("png-address.png"),
        older("hosted.json"),
    ] {
        let again = upgrade(&issuer, &again, &["--json"]).expect(0, &[]);
        assert_eq!(again.lines()[0]["outcome"], "already");
        assert_eq!(again.lines()[0]["badge"], answer["badge"]);
    }
    assert_eq!(issuer.holders(), [format!("holder of {ASSERTION}")]);

    // Another badge of the class shares the achievement; what was lost is made again.
    upgrade(&issuer, &older("png-jws.png"), &[]).expect(0, &["issued again: "]);
    assert_eq!(issuer.awards()[1]["achievement"], award["achievement"]);
    issuer.assert_all_valid();
    let file = issuer.badge_of(&format!("holder of {ASSERTION}"), "json");
    let lost = fs::read_to_string(&file).unwrap();
    fs::remove_file(&file).unwrap();
    upgrade(&issuer, &older("hosted.json"), &[]).expect(0, &["made anew"]);
    let made: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    let lost: Value = serde_json::from_str(&lost).unwrap();
    assert_eq!(made["validFrom"], lost["validFrom"]);
    assert_eq!(made["credentialStatus"], lost["credentialStatus"]);
    issuer.assert_all_valid();

    issuer
        .run(&["publish", "-o", "public"])
        .expect(0, &["2 badges"]);
    issuer
        .issue("Example Volunteer\n", &[])
        .expect(0, &["Issued 1 badge "]);
    let token = file.file_stem().unwrap().to_str().unwrap();
    issuer
        .run(&["status", "revoke", token, "--yes"])
        .expect(0, &[]);
    assert_eq!(issuer.verdict(&file), Verdict::Revoked);
    upgrade(&issuer, &older("hosted.json"), &[]).expect(0, &["revoked since"]);
}

/// A holder can have drawn anything around a genuine badge.
#[test]
fn the_picture_is_that_of_the_class() {
    let issuer = Issuer::new(NO_WEB);
    let picture = fixtures().join("cli/picture.png").display().to_string();
    documents(&issuer, |map| {
        map["https://issuer.example.org/first-edits.png"] = picture.into()
    });
    let said = upgrade(&issuer, &older("png-json.png"), &["--json"]).expect(0, &[]);
    let file = issuer.path(said.lines()[0]["file"].as_str().unwrap());
    assert_eq!(issuer.verdict(&file), Verdict::Valid);
    assert!(bake::extract_assertion(&fs::read(&file).unwrap()).is_err());

    // The class's picture is the achievement's now.
    let picture = fs::read(fixtures().join("cli/picture.png")).unwrap();
    assert_eq!(
        fs::read(issuer.path("achievements/first-edits.png")).unwrap(),
        picture
    );
}

#[test]
fn nobody_issues_a_strangers_badge_by_mistake() {
    let issuer = Issuer::new(WEB);
    documents(&issuer, |_| {});
    let badge = older("hosted.json");
    let plain = ["upgrade", &badge, "--offline", "--documents", "older.json"];
    let from = format!("--from {OLD_ISSUER}");
    issuer
        .run(&plain)
        .expect(64, &["nothing says that this is you", &from]);
    let other = [&plain[..], &["--from", "https://issuer.example.org/"]].concat();
    issuer.run(&other).expect(64, &[&from]);
    assert!(issuer.awards().is_empty());
    let told = issuer.read("issuer.toml");
    let entry = format!(
        "\n[[otherIdentifier]]\ntype = \"IdentifierEntry\"\nidentifier = \"{OLD_ISSUER}\"\nidentifierType = \"identifier\"\n"
    );
    issuer.write("issuer.toml", &format!("{told}{entry}"));
    issuer.run(&plain).expect(0, &["issued again"]);
}

#[test]
fn an_achievement_that_is_there_is_taken_if_it_is_the_same() {
    let issuer = Issuer::new(WEB);
    documents(&issuer, |_| {});
    let other = issuer.read("achievements/editor.toml");
    issuer.write("achievements/first-edits.toml", &other);
    upgrade(&issuer, &older("hosted.json"), &[])
        .expect(64, &["first-edits.toml", "--achievement first-edits"]);
    assert!(issuer.awards().is_empty());
    upgrade(
        &issuer,
        &older("hosted.json"),
        &["--achievement", "ten-edits"],
    )
    .expect(0, &[]);
    assert!(issuer.path("achievements/ten-edits.json").is_file());
    upgrade(
        &issuer,
        &older("png-jws.png"),
        &["--achievement", "first-edits"],
    )
    .expect(0, &[]);
    assert_eq!(issuer.awards()[1]["slug"], "first-edits");
    issuer.assert_all_valid();
    upgrade(&issuer, &older("signed.jwt"), &["--achievement", "No name"]).expect(0, &["before"]);
}

#[test]
fn what_is_not_valid_is_not_issued_again() {
    let issuer = Issuer::new(WEB);
    let place = |name: &str| {
        fixtures()
            .join("documents")
            .join(name)
            .display()
            .to_string()
    };
    documents(&issuer, |map| {
        map[ASSERTION] = place("ob2-revoked-assertion.json").into()
    });
    upgrade(&issuer, &older("hosted.json"), &[]).expect(
        1,
        &["revoked", "the badge is revoked, so it is not issued again"],
    );
    documents(&issuer, |map| {
        map[ASSERTION] = place("ob2-expired.json").into()
    });
    upgrade(&issuer, &older("hosted.json"), &[]).expect(1, &["the badge is expired"]);
    documents(&issuer, |_| {});
    upgrade(&issuer, &older("signed-altered.jwt"), &[]).expect(1, &["the badge is invalid"]);
    issuer
        .run(&["upgrade", &older("hosted.json"), "--offline"])
        .expect(2, &["the badge is unknown", "--documents MAP.json"]);
    issuer
        .run(&["upgrade", ASSERTION, "--offline"])
        .expect(2, &["the badge is unknown"]);
    upgrade(&issuer, "nowhere.json", &[]).expect(66, &["nowhere.json"]);
    let no_web = fixtures().join("cli/no-web-address.json");
    upgrade(&issuer, no_web.to_str().unwrap(), &[]).expect(65, &["no badge of Open Badges 2.0"]);
    let picture = fixtures().join("cli/picture.png");
    upgrade(&issuer, picture.to_str().unwrap(), &[]).expect(65, &["holds no credential"]);
    upgrade(&issuer, &older("hosted.json"), &["--issuer", "nowhere"])
        .expect(66, &["no issuer's folder"]);
    assert!(issuer.awards().is_empty() && issuer.files("badges").is_empty());
    assert!(!issuer.path("achievements/first-edits.json").exists());
}

#[test]
fn what_is_left_out_is_told() {
    let issuer = Issuer::new(NO_WEB);
    let class = fixtures().join("documents/ob2-class.json");
    let mut class: Value = serde_json::from_str(&fs::read_to_string(class).unwrap()).unwrap();
    class["endorsement"] = "https://endorser.example/1".into();
    class["image"] = "http://issuer.example.org/insecure.png".into();
    issuer.write("class.json", &class.to_string());
    documents(&issuer, |map| map[CLASS] = "class.json".into());
    upgrade(&issuer, &older("hosted.json"), &[]).expect(
        0,
        &[
            "left out",
            "badge.endorsement",
            "badge.image",
            "never be revoked",
        ],
    );
    issuer.assert_all_valid();
}

#[test]
fn what_an_old_badge_says_is_shown_as_far_as_it_is_there() {
    let issuer = Issuer::new(NO_WEB);
    let extract = |name: &str| issuer.run(&["extract", &older(name)]);
    let address =
        extract("svg-address.svg").expect(0, &["note: this is a badge of Open Badges 2.0"]);
    assert_eq!(address.out, ASSERTION);
    assert!(extract("png-json.png").expect(0, &[]).out.starts_with('{'));
    let jws = extract("png-jws.png").expect(0, &[]).out;
    assert_eq!(jws.split('.').count(), 3);
    let told = issuer.run(&["extract", &older("png-json.png"), "--json"]);
    assert_eq!(told.lines()[0]["notes"], json!(["bake.open-badges-2"]));

    let show = |path: &str| issuer.run(&["show", path]);
    show(&older("png-address.png")).expect(
        0,
        &["all that it says stands at", ASSERTION, "a PNG picture"],
    );
    show(&older("png-json.png")).expect(
        0,
        &[
            "what it is stands at",
            CLASS,
            "a hashed email",
            "2026-01-10",
            "Open Badges 2.0",
        ],
    );
    show(&older("svg-jws.svg")).expect(0, &["a JWT in an SVG picture", "list of revoked badges"]);
    let embedded = json!({
        "@context": "https://w3id.org/openbadges/v2",
        "type": "Assertion",
        "id": ASSERTION,
        "recipient": {"type": "url", "hashed": false, "identity": "https://example.org/user"},
        "badge": {
            "type": "BadgeClass",
            "name": "First \u{1b}[31mEdits",
            "description": "Made the first ten edits.",
            "criteria": {"narrative": "Ten edits.", "id": "https://example.org/criteria"},
            "issuer": {"type": "Issuer", "name": "Example Wiki Group", "url": "https://example.org/"},
        },
        "evidence": [{"narrative": "See the article.", "id": "https://example.org/article"}, "https://example.org/2"],
        "issuedOn": "2026-01-10T09:00:00Z",
        "expires": "2027-01-10T09:00:00Z",
        "verification": {"type": "HostedBadge"},
    });
    issuer.write("embedded.json", &embedded.to_string());
    show("embedded.json").expect(
        0,
        &[
            "First <U+001B>[31mEdits",
            "Made the first ten edits.",
            "Ten edits.",
            "https://example.org/criteria",
            "Example Wiki Group",
            "https://example.org/user (url)",
            "2027-01-10",
            "See the article.",
            "https://example.org/2",
            "not this copy",
        ],
    );
    let json = issuer.run(&["show", "embedded.json", "--json"]);
    assert_eq!(json.lines()[0], embedded);
}

#[test]
fn a_record_travels_in_pictures_and_is_shown_with_its_badges() {
    let issuer = Issuer::new(NO_WEB);
    let record = fixtures().join("badges/records/covered-part.json");
    let record = record.to_str().unwrap();
    for format in ["png", "svg"] {
        let picture = fixtures().join(format!("cli/picture.{format}"));
        let baked = format!("record.{format}");
        issuer
            .run(&["bake", record, picture.to_str().unwrap(), "-o", &baked])
            .expect(0, &[]);
        let bytes = fs::read(issuer.path(&baked)).unwrap();
        let marks: [&[u8]; 2] = [b"iTXtclrcredential\0", b"<clr:credential>"];
        assert!(
            marks
                .iter()
                .any(|mark| bytes.windows(mark.len()).any(|part| part == *mark))
        );
        let at = ["verify", "--offline", "--at", "2026-06-01", &baked];
        issuer.run(&at).expect(0, &["valid", "All badges"]);
        issuer.run(&["show", &baked]).expect(
            0,
            &[
                "Record       All badges",
                "Contains     First edits",
                "by Example Wiki Group",
                "without a signature of its own",
            ],
        );
    }
}
