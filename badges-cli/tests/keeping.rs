//! An issuer's folder over time: what is taken back, what is lost and found, who may look.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod issuer;

use std::fs;

use badges_core::verify::Verdict;
use issuer::{Issuer, NO_WEB, Said, WEB};

#[test]
fn a_revoked_badge_stays_revoked() {
    let issuer = Issuer::new(WEB);
    issuer
        .issue("Example Volunteer\nExample Learner\n", &[])
        .expect(0, &[]);
    let badge = issuer.badge_of("Example Volunteer", "png");
    let token = badge.file_stem().unwrap().to_str().unwrap();
    issuer
        .run(&["status", "suspend", token])
        .expect(65, &["cannot be suspended", "suspendable = true"]);
    issuer
        .run(&["status", "revoke", token])
        .expect(64, &["cannot be undone", "--yes"]);
    assert_eq!(issuer.verdict(&badge), Verdict::Valid);
    issuer
        .run(&["status", "revoke", token, "--yes", "--reason", "mistake"])
        .expect(0, &["Revoked `editor` of Example Volunteer"]);
    assert_eq!(issuer.verdict(&badge), Verdict::Revoked);
    let other = issuer.badge_of("Example Learner", "json");
    assert_eq!(issuer.verdict(&other), Verdict::Valid);
    assert!(issuer.read("badges/editor/awards.csv").contains("revoked"));
    issuer
        .run(&["status", "revoke", badge.to_str().unwrap(), "--yes"])
        .expect(0, &["is revoked already"]);
    issuer
        .run(&["status", "reinstate", token])
        .expect(65, &["for good"]);
    let said = issuer.run(&["status", "list", "--json"]);
    let lines = said.lines();
    assert_eq!(lines[0]["status"], "revoked");
    assert_eq!(lines[0]["reason"], "mistake");
    assert_eq!(lines[1]["status"], "valid");

    // A further run does not give it back, a renewal gives another one.
    issuer
        .issue("Example Volunteer\n", &[])
        .expect(0, &["Issued no badges"]);
    assert_eq!(issuer.verdict(&badge), Verdict::Revoked);
    issuer
        .issue("Example Volunteer\n", &["--again"])
        .expect(0, &["Issued 1 badge "]);
    let renewed = issuer.badge_of("Example Volunteer", "png");
    assert_eq!(issuer.verdict(&renewed), Verdict::Valid);
    assert_eq!(issuer.verdict(&badge), Verdict::Revoked);
    issuer
        .run(&["status", "revoke", "Example Volunteer", "--yes"])
        .expect(64, &["could be one of several badges", token]);
}

#[test]
fn a_suspended_badge_can_be_reinstated() {
    let issuer = Issuer::new(WEB);
    let file = issuer.read("achievements/editor.toml");
    issuer.issue("Before\n", &[]).expect(0, &[]);
    issuer.write(
        "achievements/editor.toml",
        &format!("suspendable = true\n{file}"),
    );
    issuer.issue("Example Volunteer\n", &[]).expect(0, &[]);
    assert_eq!(issuer.files("status").len(), 2);
    let badge = issuer.badge_of("Example Volunteer", "json");
    for (verb, verdict) in [
        ("suspend", Verdict::Suspended),
        ("reinstate", Verdict::Valid),
        ("suspend", Verdict::Suspended),
    ] {
        issuer
            .run(&["status", verb, "User:Example_Volunteer"])
            .expect(0, &[]);
        assert_eq!(issuer.verdict(&badge), verdict);
    }
    issuer
        .run(&["status", "revoke", "Example Volunteer", "--yes"])
        .expect(0, &["verifiers will call it suspended"]);
    issuer
        .run(&["status", "reinstate", "Example Volunteer"])
        .expect(65, &["for good"]);
    assert_eq!(issuer.verdict(&badge), Verdict::Suspended);
    let before = issuer.badge_of("Before", "json");
    assert_eq!(issuer.verdict(&before), Verdict::Valid);
}

#[test]
fn without_a_web_address_nothing_can_be_revoked() {
    let issuer = Issuer::new(NO_WEB);
    issuer
        .issue("Example Volunteer\n", &[])
        .expect(0, &["these badges can never be revoked"]);
    assert_eq!(issuer.read("documents.json"), "{}\n");
    issuer.assert_all_valid();
    issuer
        .run(&["status", "revoke", "Example Volunteer", "--yes"])
        .expect(65, &["had no web address"]);
    issuer
        .run(&["status", "revoke", "Nobody", "--yes"])
        .expect(66, &["no badge `Nobody`"]);
}

#[test]
fn a_lost_ledger_does_not_lift_revocations() {
    let issuer = Issuer::new(WEB);
    issuer.issue("Example Volunteer\n", &[]).expect(0, &[]);
    let copy = issuer.read("ledger.jsonl");
    issuer
        .run(&["status", "revoke", "Example Volunteer", "--yes"])
        .expect(0, &[]);
    issuer.write("ledger.jsonl", &copy);
    issuer
        .issue("Another\n", &[])
        .expect(65, &["of which the ledger knows nothing", "old copy"]);
    let badge = issuer.badge_of("Example Volunteer", "json");
    assert_eq!(issuer.verdict(&badge), Verdict::Revoked);
}

#[test]
fn a_revocation_that_was_interrupted_is_finished() {
    let issuer = Issuer::new(WEB);
    issuer.issue("Example Volunteer\n", &[]).expect(0, &[]);
    let list = issuer.read("status/1.json");
    issuer
        .run(&["status", "revoke", "Example Volunteer", "--yes"])
        .expect(0, &[]);
    // As if it had been interrupted before the list was signed.
    issuer.write("status/1.json", &list);
    let badge = issuer.badge_of("Example Volunteer", "json");
    assert_eq!(issuer.verdict(&badge), Verdict::Valid);
    issuer
        .run(&["status", "revoke", "Example Volunteer", "--yes"])
        .expect(0, &["is revoked already", "signed again"]);
    assert_eq!(issuer.verdict(&badge), Verdict::Revoked);
    issuer.write("status/1.json", &list);
    issuer.issue("Another\n", &[]).expect(0, &[]);
    assert_eq!(issuer.verdict(&badge), Verdict::Revoked);
}

#[test]
fn two_runs_at_once_do_not_mix() {
    let issuer = Issuer::new(WEB);
    let lock = fs::File::create(issuer.path(".lock")).unwrap();
    lock.lock().unwrap();
    issuer.issue("Example Volunteer\n", &[]).expect(
        74,
        &["another `badges` is at work", "wait until it is done"],
    );
    issuer
        .run(&["status", "revoke", "x", "--yes"])
        .expect(74, &["another `badges` is at work"]);
    // Looking is allowed.
    issuer
        .issue("Example Volunteer\n", &["--dry-run"])
        .expect(0, &[]);
    issuer
        .run(&["status", "list"])
        .expect(0, &["No badges yet"]);
    drop(lock);

    let list = issuer.path("people.txt");
    let people: String = (0..400)
        .map(|number| format!("Volunteer {number}\n"))
        .collect();
    fs::write(&list, &people).unwrap();
    let arguments = ["issue", "editor", list.to_str().unwrap()];
    let runs: Vec<_> = (0..3)
        .map(|_| issuer.command(&arguments).spawn().unwrap())
        .collect();
    for run in runs {
        let said = Said::of(run.wait_with_output().unwrap());
        assert!(said.code == 0 || said.code == 74, "{}", said.err);
    }
    let holders = issuer.holders();
    let mut distinct = holders.clone();
    distinct.dedup();
    assert_eq!((holders.len(), distinct.len()), (400, 400));
    assert_eq!(issuer.files("badges").len(), 801);
}

#[test]
fn what_is_lost_is_made_again() {
    let issuer = Issuer::new(WEB);
    issuer
        .issue(
            "Example Volunteer\nExample Learner\n",
            &["--identify", "hashed"],
        )
        .expect(0, &[]);
    let awards = issuer.awards();
    let badge = issuer.badge_of("Example Volunteer", "json");
    let before: serde_json::Value = issuer.credential_of("Example Volunteer");
    fs::remove_file(&badge).unwrap();
    fs::write(issuer.badge_of("Example Learner", "png"), "").unwrap();
    fs::remove_file(issuer.path("status/1.json")).unwrap();
    fs::remove_file(issuer.path("badges/editor/awards.csv")).unwrap();
    fs::write(issuer.path("badges/editor/.left.png.unfinished"), "x").unwrap();
    // The last line of the ledger, cut short in a letter of several bytes.
    let mut ledger = fs::read(issuer.path("ledger.jsonl")).unwrap();
    ledger.extend("{\"entry\":\"award\",\"name\":\"É".as_bytes());
    ledger.pop();
    fs::write(issuer.path("ledger.jsonl"), ledger).unwrap();
    issuer
        .run(&["status", "list"])
        .expect(0, &["Example Learner"]);

    issuer
        .issue(
            "Example Volunteer\nExample Learner\n",
            &["--identify", "hashed"],
        )
        .expect(
            0,
            &[
                "was never finished, and is cut off",
                "2 badges whose files were lost were made again",
            ],
        );
    assert_eq!(issuer.awards(), awards);
    let mut after = issuer.credential_of("Example Volunteer");
    after["proof"] = before["proof"].clone();
    assert_eq!(after, before);
    issuer.assert_all_valid();
    assert_eq!(issuer.files("badges").len(), 5);
    let summary = issuer.read("badges/editor/awards.csv");
    assert_eq!(summary.lines().count(), 3);

    let mut ledger = issuer.read("ledger.jsonl");
    ledger.insert_str(0, "rubbish\n");
    issuer.write("ledger.jsonl", &ledger);
    issuer
        .issue("Another\n", &[])
        .expect(65, &["ledger.jsonl`, line 1", "damaged"]);
}

#[test]
fn one_name_is_one_achievement() {
    let issuer = Issuer::new(WEB);
    issuer.issue("Example Volunteer\n", &[]).expect(0, &[]);
    let file = issuer.read("achievements/editor.toml");
    issuer.write("achievements/editor.json", "{}");
    issuer
        .issue("Another\n", &[])
        .expect(65, &["two achievements of this name"]);
    fs::remove_file(issuer.path("achievements/editor.json")).unwrap();
    issuer.write(
        "achievements/editor.toml",
        &format!("id = \"https://example.org/other\"\n{file}"),
    );
    issuer.issue("Another\n", &[]).expect(
        65,
        &[
            "badges of `editor` were issued as `https://badges.example.org/training/achievements/editor`",
            "rename the file",
        ],
    );
    fs::rename(
        issuer.path("achievements/editor.toml"),
        issuer.path("achievements/Editor 2.toml"),
    )
    .unwrap();
    let list = issuer.path("people.txt");
    fs::write(&list, "Another\n").unwrap();
    let list = list.to_str().unwrap();
    issuer
        .run(&["issue", "achievements/Editor 2.toml", list])
        .expect(65, &["cannot stand in an address"]);
    issuer.write(
        "achievements/writer.toml",
        &format!("id = \"https://badges.example.org/training/achievements/editor\"\n{file}"),
    );
    issuer
        .run(&["issue", "writer", list])
        .expect(65, &["whose badges are in `badges/editor`"]);
    issuer
        .run(&["issue", "nothing", list])
        .expect(66, &["there is no achievement `nothing`"]);
}

#[test]
fn faults_name_the_file_and_the_place() {
    let issuer = Issuer::new(WEB);
    let achievement = issuer.read("achievements/editor.toml");
    let settings = issuer.read("issuer.toml");
    for (file, words) in [
        ("name = ", "achievements/editor.toml`, line 1:"),
        ("nmae = \"x\"\n", "nmae: is not known"),
        ("tag = [1]\n", "tag"),
        (
            "validFor = \"2 years\"\n",
            "validFor: it should be a number with",
        ),
        (
            "validFor = \"2y\"\nvalidUntil = 2030-01-01\n",
            "stands there beside `validUntil`",
        ),
        ("suspendable = \"yes\"\n", "suspendable: invalid type"),
        (
            "achievementType = \"Medal\"\n",
            "achievementType: \"Medal\" is no AchievementType",
        ),
        ("inLanguage = \"qqq\"\n", "inLanguage: no language tag"),
        (
            "image = \"nowhere.png\"\n",
            "cannot read `./achievements/nowhere.png`",
        ),
        ("evidence = [5]\n", "evidence[0]"),
    ] {
        // Later lines of the same name would be faults of their own.
        let rest = achievement.replace("achievementType = \"Badge\"\n", "");
        issuer.write("achievements/editor.toml", &format!("{file}{rest}"));
        let said = issuer.issue("Example Volunteer\n", &[]);
        assert!(said.code == 65 || said.code == 66, "{file}: {}", said.err);
        assert!(said.err.contains("achievements/"), "{file}: {}", said.err);
        assert!(said.err.contains(words), "{file}: {}", said.err);
    }
    issuer.write("achievements/editor.toml", &achievement);
    for (line, words) in [
        ("name = \"Example Chapter\"", "name: is required"),
        (
            "base = \"http://example.org\"",
            "base: badges need an address with `https://`",
        ),
        (
            "base = \"https://other.example.org\"",
            "does not belong to the address",
        ),
        ("logo = \"x\"", "logo: is not known"),
        ("url = \"example\"", "url: needs"),
    ] {
        let name = line.split(' ').next().unwrap();
        let mut lines: Vec<&str> = settings
            .lines()
            .filter(|line| !line.starts_with(&format!("{name} = ")))
            .collect();
        if name != "name" {
            lines.insert(0, line);
        }
        issuer.write("issuer.toml", &lines.join("\n"));
        let said = issuer.issue("Example Volunteer\n", &[]);
        assert_eq!(said.code, 65, "{line}: {}{}", said.out, said.err);
        assert!(said.err.contains("issuer.toml"), "{line}: {}", said.err);
        assert!(said.err.contains(words), "{line}: {}", said.err);
    }
    assert!(issuer.holders().is_empty());
}

#[test]
fn a_sealed_key_needs_its_passphrase() {
    let issuer = Issuer::new(WEB);
    fs::remove_file(issuer.path("keys/ed25519.json")).unwrap();
    issuer.write("passphrase", "correct horse\nsecond line\n");
    let with_file = ["--passphrase-file", "passphrase"];
    issuer
        .run(&[
            "keygen",
            "--seal",
            "-o",
            "keys/ed25519.age",
            with_file[0],
            with_file[1],
        ])
        .expect(0, &["did:key:"]);
    let sealed = issuer.read("keys/ed25519.age");
    assert!(sealed.starts_with("-----BEGIN AGE ENCRYPTED FILE-----"));
    let said = issuer.issue("Example Volunteer\n", &[]);
    said.expect(
        64,
        &["is sealed, and no passphrase is given", "BADGES_PASSPHRASE"],
    );
    issuer
        .issue("Example Volunteer\n", &with_file)
        .expect(0, &[]);
    issuer.assert_all_valid();

    let environment = |passphrase: &str, arguments: &[&str]| {
        let mut command = issuer.command(arguments);
        Said::of(
            command
                .env("BADGES_PASSPHRASE", passphrase)
                .output()
                .unwrap(),
        )
    };
    let revoke = ["status", "revoke", "Example Volunteer", "--yes"];
    let badge = issuer.badge_of("Example Volunteer", "json");
    let said = environment("wrong horse", &revoke)
        .expect(65, &["the passphrase does not open", "ed25519.age"]);
    assert!(!said.err.contains("wrong horse"));
    assert_eq!(issuer.verdict(&badge), Verdict::Valid);
    assert!(issuer.read("badges/editor/awards.csv").contains("valid\n"));
    environment("correct horse", &revoke).expect(0, &[]);
    assert_eq!(issuer.verdict(&badge), Verdict::Revoked);
}

#[test]
fn keys_are_never_overwritten_and_belong_to_their_issuer() {
    let issuer = Issuer::new(NO_WEB);
    let key = issuer.read("keys/ed25519.json");
    issuer
        .run(&["keygen", "-o", "keys/ed25519.json"])
        .expect(73, &["is there already"]);
    assert_eq!(issuer.read("keys/ed25519.json"), key);
    issuer.run(&["keygen", "-o", "other.json"]).expect(0, &[]);
    issuer.write("keys/ed25519.json", &issuer.read("other.json"));
    issuer
        .issue("Example Volunteer\n", &[])
        .expect(65, &["put the right key back"]);
    fs::remove_file(issuer.path("keys/ed25519.json")).unwrap();
    issuer
        .issue("Example Volunteer\n", &[])
        .expect(66, &["there is no key in"]);
    issuer.write(
        "keys/ed25519.json",
        "{\"secretKeyMultibase\": \"z123secret\"}",
    );
    let said = issuer
        .issue("Example Volunteer\n", &[])
        .expect(65, &["is no key"]);
    assert!(!said.err.contains("z123secret"));
    issuer.write("keys/ed25519.json", &key);
    fs::remove_file(issuer.path("keys/seed")).unwrap();
    issuer
        .issue("Example Volunteer\n", &[])
        .expect(66, &["keys/seed", "restore it from a backup"]);
}

#[test]
fn documents_list_keys_and_keep_older_ones() {
    let issuer = Issuer::new(WEB);
    issuer.issue("Example Volunteer\n", &[]).expect(0, &[]);
    let first = issuer.badge_of("Example Volunteer", "json");
    fs::rename(issuer.path("keys/ed25519.json"), issuer.path("old.json")).unwrap();
    issuer
        .run(&["keygen", "-o", "keys/ed25519.json"])
        .expect(0, &[]);
    issuer.issue("Example Learner\n", &[]).expect(0, &[]);
    assert_eq!(issuer.verdict(&first), Verdict::Valid);
    issuer.assert_all_valid();

    issuer.run(&["did", "."]).expect(
        0,
        &["did:web:badges.example.org:training", "/training/did.json"],
    );
    issuer
        .run(&[
            "did",
            "old.json",
            "--web",
            "https://example.org",
            "-o",
            "did-2.json",
        ])
        .expect(0, &["publish: https://example.org/.well-known/did.json"]);
    let document: serde_json::Value = serde_json::from_str(&issuer.read("did-2.json")).unwrap();
    assert_eq!(document["@context"][0], "https://www.w3.org/ns/did/v1");
    assert_eq!(
        document["@context"][1],
        "https://w3id.org/security/multikey/v1"
    );
    let method = &document["verificationMethod"][0];
    let multikey = method["publicKeyMultibase"].as_str().unwrap();
    assert_eq!(method["id"], format!("did:web:example.org#{multikey}"));
    assert_eq!(document["assertionMethod"][0], method["id"]);
    issuer
        .run(&["did", "old.json", "--web", "http://example.org"])
        .expect(64, &["https://"]);
    issuer
        .run(&["keygen", "--type", "rsa", "-o", "rsa.pem"])
        .expect(0, &[]);
    issuer
        .run(&["did", "rsa.pem"])
        .expect(64, &["an RSA key has no did:key"]);
}

#[cfg(unix)]
#[test]
fn secrets_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;

    let issuer = Issuer::new(WEB);
    issuer.issue("Example Volunteer\n", &[]).expect(0, &[]);
    issuer.run(&["keygen", "-o", "more.json"]).expect(0, &[]);
    let mode = |inside: &str| {
        let file = fs::metadata(issuer.path(inside)).unwrap();
        file.permissions().mode() & 0o777
    };
    for secret in [
        "keys/ed25519.json",
        "keys/seed",
        "more.json",
        "ledger.jsonl",
        "badges/editor/awards.csv",
    ] {
        assert_eq!(mode(secret), 0o600, "{secret}");
    }
    assert_eq!(mode("keys"), 0o700);
}

#[test]
fn a_folder_that_cannot_be_written_is_said_to_be() {
    let issuer = Issuer::new(WEB);
    issuer.write("badges", "in the way");
    issuer
        .issue("Example Volunteer\n", &[])
        .expect(73, &["cannot write `./badges/editor`"]);
    assert!(issuer.holders().is_empty());
    fs::remove_file(issuer.path("badges")).unwrap();
    // A badge's place is taken by a folder: the others are issued, and the rest next time.
    issuer.issue("Example Volunteer\n", &[]).expect(0, &[]);
    let said = issuer.issue("Another\n", &["--dry-run", "--json"]);
    let file = said.lines()[0]["file"].as_str().unwrap().to_owned();
    fs::create_dir_all(issuer.path(&file).join("inside")).unwrap();
    issuer
        .issue("Another\nThird\n", &[])
        .expect(73, &["cannot write", &file]);
    fs::remove_dir_all(issuer.path(&file)).unwrap();
    issuer.issue("Another\nThird\n", &[]).expect(0, &[]);
    assert_eq!(issuer.holders(), ["Another", "Example Volunteer", "Third"]);
    issuer.assert_all_valid();
}
