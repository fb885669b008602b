//! Badges for people on lists: who gets one, once and for all, whatever happens meanwhile.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

mod issuer;

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use badges_core::model::parse_date_time;
use badges_core::verify::{Check, Recipient, Verdict};
use issuer::{Issuer, NO_WEB, Said, WEB};
use serde_json::Value;

/// Each file of `fixtures/participants`, from end to end: who is expected to get a badge gets one,
/// and it is valid.
#[test]
fn lists_of_every_kind_give_badges() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/participants");
    let issuer = Issuer::new(WEB);
    let achievement = issuer.read("achievements/editor.toml");
    let mut cases = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let expected = entry.unwrap().path();
        if expected
            .extension()
            .is_none_or(|ending| ending != "expected")
        {
            continue;
        }
        let list = expected.with_extension("");
        let name = list.file_name().unwrap().to_str().unwrap();
        let slug = format!("case-{}", name.replace('.', "-"));
        issuer.write(&format!("achievements/{slug}.toml"), &achievement);
        let expected = fs::read_to_string(expected).unwrap();
        let mut arguments = vec!["issue", &slug, list.to_str().unwrap(), "--json"];
        for (option, value) in expected.lines().filter_map(option) {
            arguments.extend([option, value]);
        }
        let said = issuer.run(&arguments);
        check_case(&issuer, &slug, &expected, &said);
        cases += 1;
    }
    assert!(cases > 50, "{cases}");
    issuer.assert_all_valid();
}

fn option(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.strip_prefix("# ")?.split_once(": ")?;
    let option = match name {
        "rule" => "--rule",
        "format" => "--format",
        "name column" => "--name-column",
        "id column" => "--id-column",
        other => panic!("the option `{other}`"),
    };
    Some((option, value))
}

fn check_case(issuer: &Issuer, slug: &str, expected: &str, said: &Said) {
    let all = || format!("{slug}\n{}{}", said.out, said.err);
    let rows = |kind: &str| -> Vec<&str> {
        let rows = expected.lines().map(|line| line.split(" | "));
        rows.filter_map(|mut row| (row.nth(1) == Some(kind)).then(|| row.next()).flatten())
            .collect()
    };
    if let Some(error) = expected.lines().find(|line| line.starts_with("error | ")) {
        assert_eq!(said.code, 65, "{}", all());
        let words = error.splitn(3, " | ").nth(2).unwrap();
        assert!(said.err.contains(words), "{}", all());
        return;
    }
    let problems = rows("problem").len();
    assert_eq!(said.code, i32::from(problems > 0), "{}", all());
    let awards = issuer.awards();
    let mut keys: Vec<&str> = awards
        .iter()
        .filter(|award| award["slug"] == slug)
        .map(|award| award["keys"][0].as_str().unwrap())
        .collect();
    let mut wanted = rows("award");
    keys.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(keys, wanted, "{}", all());
    let lines = said.lines();
    let summary = &lines.last().unwrap()["summary"];
    assert_eq!(summary["issued"], wanted.len());
    assert_eq!(summary["problems"], problems);
}

fn volunteers(count: usize) -> String {
    (1..=count)
        .map(|number| format!("Volunteer {number}\n"))
        .collect()
}

/// Stops a run as the power would, once the ledger has lines.
fn kill_midway(issuer: &Issuer, people: &Path, options: &[&str]) {
    let before = issuer.awards().len();
    let mut arguments = vec!["issue", "editor", people.to_str().unwrap()];
    arguments.extend(options);
    let mut run = issuer.command(&arguments).spawn().unwrap();
    let begun = Instant::now();
    loop {
        let lines = fs::read_to_string(issuer.path("ledger.jsonl")).unwrap_or_default();
        if lines
            .lines()
            .filter(|line| line.contains("\"award\""))
            .count()
            > before
        {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "no line");
        std::thread::sleep(Duration::from_millis(1));
    }
    // SIGKILL.
    run.kill().unwrap();
    run.wait().unwrap();
}

#[test]
fn a_run_that_was_killed_is_continued_without_a_trace() {
    const PEOPLE: usize = 2_000;
    let issuer = Issuer::new(WEB);
    let people = issuer.path("people.txt");
    fs::write(&people, volunteers(PEOPLE)).unwrap();
    kill_midway(&issuer, &people, &[]);
    let done = issuer.awards();
    assert!(!done.is_empty() && done.len() < PEOPLE, "{}", done.len());
    let names_before = issuer.files("badges");

    let said = issuer.issue(&volunteers(PEOPLE), &[]).expect(0, &[]);
    println!(
        "{} of {PEOPLE} before it was killed\n{}",
        done.len(),
        said.out
    );
    let mut expected: Vec<String> = volunteers(PEOPLE).lines().map(str::to_owned).collect();
    expected.sort();
    assert_eq!(issuer.holders(), expected);
    let awards = issuer.awards();
    assert_eq!(awards[..done.len()], done);
    let distinct = |member: fn(&Value) -> String| {
        let texts: std::collections::BTreeSet<String> = awards.iter().map(member).collect();
        texts.len()
    };
    assert_eq!(distinct(|award| award["token"].to_string()), PEOPLE);
    assert_eq!(distinct(|award| award["badge"].to_string()), PEOPLE);
    assert_eq!(distinct(|award| award["subject"].to_string()), PEOPLE);
    assert_eq!(distinct(|award| award["status"].to_string()), PEOPLE);
    // A JSON file and a picture each, and the summary; what the first run made has the same names.
    let files = issuer.files("badges");
    assert_eq!(files.len(), 2 * PEOPLE + 1);
    let unfinished = |path: &&std::path::PathBuf| path.to_string_lossy().contains("unfinished");
    assert!(
        names_before
            .keys()
            .filter(|path| !unfinished(path))
            .all(|path| files.contains_key(path))
    );
    issuer.assert_valid(20);
    issuer.issue(&volunteers(PEOPLE), &[]).expect(
        0,
        &["Issued no badges", "2000 people have the badge already"],
    );
    assert_eq!(issuer.files("badges"), files);
}

#[test]
fn a_renewal_that_was_killed_renews_everybody_once() {
    const PEOPLE: usize = 1_000;
    let issuer = Issuer::new(NO_WEB);
    let people = issuer.path("people.txt");
    fs::write(&people, volunteers(PEOPLE)).unwrap();
    issuer.issue(&volunteers(PEOPLE), &[]).expect(0, &[]);
    kill_midway(&issuer, &people, &["--again"]);
    assert!(issuer.awards().len() < 2 * PEOPLE);
    issuer
        .issue(&volunteers(PEOPLE), &["--again"])
        .expect(0, &["was interrupted; it is continued"]);
    let twice = |issuer: &Issuer| issuer.awards().len() == 2 * PEOPLE;
    assert!(twice(&issuer));
    issuer.issue(&volunteers(PEOPLE), &[]).expect(0, &[]);
    assert!(twice(&issuer));
    issuer
        .issue("Volunteer 1\nVolunteer 2\n", &["--again"])
        .expect(0, &["Issued 2 badges"]);
    let awards = issuer.awards();
    let latest = awards.last().unwrap();
    assert_eq!(latest["renewal"], 2);
    issuer.assert_valid(20);
}

#[test]
fn five_thousand_take_this_long() {
    let issuer = Issuer::new(WEB);
    let begun = Instant::now();
    issuer
        .issue(&volunteers(5_000), &[])
        .expect(0, &["Issued 5000 badges"]);
    println!("5,000 badges: {:?}", begun.elapsed());
    let begun = Instant::now();
    issuer
        .issue(&volunteers(5_000), &[])
        .expect(0, &["Issued no badges"]);
    println!("none of 5,000: {:?}", begun.elapsed());
}

#[test]
fn strict_runs_issue_to_all_or_nobody() {
    let issuer = Issuer::new(WEB);
    let list = "Example Volunteer\nFoo#bar\nExample Learner\n";
    issuer.issue(list, &["--strict"]).expect(
        1,
        &[
            "line 2: `Foo#bar`",
            "1 row cannot be used, so nothing was issued",
        ],
    );
    assert!(issuer.holders().is_empty() && issuer.files("badges").is_empty());
    issuer.issue(list, &[]).expect(1, &["Issued 2 badges"]);
    issuer
        .issue("Example Volunteer\nAnother\n", &["--strict"])
        .expect(0, &["Issued 1 badge "]);
    // What only shows when the badge is built counts too.
    issuer
        .issue("id\ndid:example:a b\n", &["--strict", "--identify", "did"])
        .expect(
            1,
            &[
                "credentialSubject.id: needs an absolute IRI",
                "nothing was issued",
            ],
        );
}

#[test]
fn an_account_number_joins_a_name_and_survives_a_rename() {
    let issuer = Issuer::new(WEB);
    issuer.issue("Example Volunteer\n", &[]).expect(0, &[]);
    let numbered = |rows: &str| issuer.issue(&format!("username,global_id\n{rows}"), &[]);
    numbered("Example Volunteer,7\n").expect(0, &["Issued no badges"]);
    numbered("Renamed Volunteer,7\n").expect(0, &["Issued no badges"]);
    issuer
        .issue("Renamed Volunteer\n", &[])
        .expect(0, &["Issued no badges"]);
    // Somebody else who took over the name.
    numbered("Example Volunteer,8\n").expect(0, &["Issued 1 badge "]);
    assert_eq!(issuer.awards().len(), 2);
}

#[test]
fn a_dry_run_writes_nothing() {
    let issuer = Issuer::new(WEB);
    fs::remove_file(issuer.path("achievements/editor.png")).unwrap();
    fs::remove_file(issuer.path("achievements/editor.svg")).unwrap();
    let before = issuer.files("");
    let said = issuer
        .issue(
            "Example Volunteer\nFoo#bar\nExample Volunteer\n",
            &["--dry-run", "--identify", "name"],
        )
        .expect(
            1,
            &[
                "line 1: Example Volunteer: gets the badge",
                "line 2: problem: `Foo#bar`",
                "line 3: skipped: the same person as at line 1",
                "The first badge:\n{",
                "1 badge of `Editor` would be issued",
            ],
        );
    assert_eq!(issuer.files(""), before);
    let badge: Value = serde_json::from_str(said.out.lines().last().unwrap()).unwrap();
    let identifier = &badge["credentialSubject"]["identifier"][0];
    assert_eq!(identifier["identityHash"], "Example Volunteer");
    // The ids are those that the badge will have.
    issuer
        .issue("Example Volunteer\n", &["--identify", "name"])
        .expect(0, &[]);
    assert_eq!(issuer.credential_of("Example Volunteer")["id"], badge["id"]);
}

#[test]
fn names_and_addresses_stay_out_unless_asked_for() {
    let list = "username,email,did\n\
                Example Volunteer,volunteer@example.org,did:example:wallet\n";
    let people = |options: &[&str]| {
        let issuer = Issuer::new(WEB);
        issuer.issue(list, options).expect(0, &[]);
        let badge = fs::read_to_string(issuer.badge_of("Example Volunteer", "json")).unwrap();
        (issuer, badge)
    };
    let (issuer, badge) = people(&[]);
    for secret in ["Example Volunteer", "volunteer@", "did:example", "salt"] {
        assert!(!badge.contains(secret), "{secret}");
    }
    assert!(badge.contains("\"credentialSubject\":{\"id\":\"urn:uuid:"));
    for path in issuer.files("badges").into_keys() {
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert!(name == "awards" || name.len() == 32, "{name}");
    }

    let (_, badge) = people(&["--identify", "name"]);
    assert!(badge.contains("Example Volunteer") && !badge.contains("volunteer@"));
    let (_, badge) = people(&["--email-in-clear"]);
    assert!(badge.contains("volunteer@") && !badge.contains("Example Volunteer"));
    let (_, badge) = people(&["--identify", "did"]);
    assert!(badge.contains("{\"id\":\"did:example:wallet\""));

    let (issuer, badge) = people(&["--identify", "hashed"]);
    let awards = issuer.awards();
    let salt = awards[0]["salt"].as_str().unwrap();
    assert!(badge.contains("sha256$") && !badge.contains(salt) && !badge.contains("Volunteer"));
    assert!(issuer.read("badges/editor/awards.csv").contains(salt));
    let holds = |identifier, salt| {
        let badge = issuer.badge_of("Example Volunteer", "png");
        let report = issuer.judge(&badge, Some(Recipient { identifier, salt }));
        report
            .outcomes(Check::Recipient)
            .any(|outcome| outcome.as_str() == "passed")
    };
    assert!(holds("Example Volunteer", Some(salt)));
    assert!(!holds("Example Volunteer", None));
    assert!(!holds("Another", Some(salt)));
}

#[test]
fn dates_and_evidence_are_as_asked_for() {
    let issuer = Issuer::new(NO_WEB);
    let file = issuer.read("achievements/editor.toml");
    let file = file.replace(
        "\n[criteria]",
        "evidence = [\"https://example.org/all\"]\n[criteria]",
    );
    issuer.write(
        "achievements/editor.toml",
        &format!("validFor = \"18mo\"\n{file}"),
    );
    let list = "username,evidence\nExample Volunteer,https://example.org/own\n";
    issuer
        .issue(
            list,
            &[
                "--awarded",
                "2026-01-31",
                "--evidence",
                "https://example.org/flag",
            ],
        )
        .expect(0, &["can never be revoked"]);
    let badge = issuer.credential_of("Example Volunteer");
    assert_eq!(badge["awardedDate"], "2026-01-31T00:00:00Z");
    assert_eq!(badge["validUntil"], "2027-07-31T00:00:00Z");
    let moment = |member: &str| parse_date_time(badge[member].as_str().unwrap()).unwrap();
    assert!(moment("validFrom") > moment("awardedDate"));
    let pages: Vec<&str> = badge["evidence"]
        .as_array()
        .unwrap()
        .iter()
        .map(|evidence| evidence["id"].as_str().unwrap())
        .collect();
    assert_eq!(
        pages,
        [
            "https://example.org/all",
            "https://example.org/flag",
            "https://example.org/own"
        ]
    );
    assert!(badge.get("credentialStatus").is_none());
    assert!(badge["id"].as_str().unwrap().starts_with("urn:uuid:"));

    issuer
        .issue("Another\n", &["--valid-until", "2999-12-31"])
        .expect(0, &[]);
    assert_eq!(
        issuer.credential_of("Another")["validUntil"],
        "2999-12-31T23:59:59Z"
    );
    issuer
        .issue("Third\n", &["--valid-until", "2020-12-31"])
        .expect(
            65,
            &["validUntil: is before validFrom", "choose another date"],
        );
    issuer
        .issue("Third\n", &["--valid-for", "9000y"])
        .expect(64, &["beyond the year 9999"]);
}

#[test]
fn texts_in_several_languages_are_signed_together() {
    let issuer = Issuer::new(WEB);
    let file = issuer.read("achievements/editor.toml");
    let translated = format!(
        "{file}\n[translations.pt-br]\nname = \"Redatora\"\ndescription = \"d\"\ncriteria = \"c\"\n\
         [translations.fr]\nname = \"Éditrice\"\ndescription = \"d\"\n\
         criteria = {{ id = \"https://example.org/fr\" }}\n"
    );
    issuer.write("achievements/editor.toml", &translated);
    issuer.issue("Example Volunteer\n", &[]).expect(0, &[]);
    let badge = issuer.credential_of("Example Volunteer");
    let achievement = &badge["credentialSubject"]["achievement"];
    assert_eq!(achievement["inLanguage"], "en");
    assert_eq!(achievement["related"][0]["name"], "Éditrice");
    assert_eq!(achievement["related"][1]["inLanguage"], "pt-BR");
    let id = achievement["id"].as_str().unwrap();
    assert_eq!(achievement["related"][1]["id"], format!("{id}#pt-BR"));
    issuer.assert_all_valid();

    for (tag, words) in [
        ("de-formal", "translations.de-formal: no language tag"),
        (
            "en",
            "translations.en: the texts in this language stand there twice",
        ),
        ("pt-BR", "stand there twice"),
    ] {
        let other = format!(
            "{translated}[translations.{tag}]\nname = \"n\"\ndescription = \"d\"\ncriteria = \"c\"\n"
        );
        issuer.write("achievements/editor.toml", &other);
        issuer.issue("Another\n", &[]).expect(65, &[words]);
    }
}

#[test]
fn achievements_are_written_in_json_too() {
    let issuer = Issuer::new(WEB);
    issuer.write(
        "achievements/full.json",
        r##"{
          "name": "Full", "description": "d", "criteria": {"id": "https://example.org/c"},
          "achievementType": "Certificate", "tag": ["a", "b"], "version": "2",
          "image": {"id": "editor.svg", "caption": "A medal"},
          "alignment": [{"targetName": "t", "targetUrl": "https://example.org/t"}],
          "resultDescription": [{
            "id": "#grade", "name": "Grade", "resultType": "RubricCriterionLevel",
            "requiredLevel": "#good",
            "rubricCriterionLevel": [{"id": "#good", "name": "Good"}]
          }],
          "suspendable": true
        }"##,
    );
    let list = issuer.path("people.txt");
    fs::write(&list, "Example Volunteer\n").unwrap();
    issuer
        .run(&["issue", "full", list.to_str().unwrap()])
        .expect(0, &["does not look at suspension"]);
    let badge = issuer.credential_of("Example Volunteer");
    let achievement = &badge["credentialSubject"]["achievement"];
    let base = "https://badges.example.org/training/achievements";
    assert_eq!(achievement["id"], format!("{base}/full"));
    assert_eq!(achievement["image"]["id"], format!("{base}/editor.svg"));
    assert_eq!(achievement["image"]["caption"], "A medal");
    let result = &achievement["resultDescription"][0];
    assert_eq!(result["requiredLevel"], format!("{base}/full#good"));
    assert_eq!(
        result["rubricCriterionLevel"][0]["id"],
        result["requiredLevel"]
    );
    assert_eq!(badge["credentialStatus"]["statusPurpose"], "suspension");
    assert!(issuer.badge_of("Example Volunteer", "svg").exists());
    issuer.assert_all_valid();
}

#[test]
fn jwts_stand_beside_the_badges() {
    let issuer = Issuer::new(WEB);
    issuer
        .issue("First\n", &["--jwt"])
        .expect(0, &["1EdTech's validator refuses JWTs signed with EdDSA"]);
    for (kind, file, algorithm) in [
        ("p256", "keys/p256.json", "es256"),
        ("rsa", "keys/rsa.pem", "rs256"),
    ] {
        issuer
            .issue("Second\n", &[&format!("--jwt={algorithm}")])
            .expect(66, &[&format!("badges keygen --type {kind}")]);
        issuer
            .run(&["keygen", "--type", kind, "-o", file])
            .expect(0, &[]);
        let name = format!("By {kind}");
        let said = issuer.issue(&format!("{name}\n"), &[&format!("--jwt={algorithm}")]);
        assert!(!said.expect(0, &[]).err.contains("note"));
        assert_eq!(
            issuer.verdict(&issuer.badge_of(&name, "jwt")),
            Verdict::Valid
        );
    }
    // Both forms are the same badge.
    issuer.assert_all_valid();
    let document: Value = serde_json::from_str(&issuer.read("did.json")).unwrap();
    assert_eq!(document["assertionMethod"].as_array().unwrap().len(), 3);
    assert_eq!(
        document["verificationMethod"][1]["publicKeyJwk"]["crv"],
        "P-256"
    );

    let issuer = Issuer::new(NO_WEB);
    issuer
        .issue("First\n", &["--jwt"])
        .expect(0, &["knows neither EdDSA nor keys of did:key"]);
    issuer.issue("Second\n", &["--jwt=es256"]).expect(64, &[]);
    issuer.assert_all_valid();
}

#[test]
fn pictures_are_found_converted_and_embedded() {
    let issuer = Issuer::new(NO_WEB);
    issuer.issue("First\n", &["--image", "svg"]).expect(0, &[]);
    assert!(issuer.badge_of("First", "svg").exists());
    fs::remove_file(issuer.path("achievements/editor.png")).unwrap();
    issuer.issue("Second\n", &["--image", "png"]).expect(0, &[]);
    issuer.issue("Third\n", &["--embed-image"]).expect(0, &[]);
    let badge = issuer.credential_of("Third");
    let image = &badge["credentialSubject"]["achievement"]["image"]["id"];
    assert!(
        image
            .as_str()
            .unwrap()
            .starts_with("data:image/svg+xml;base64,")
    );
    fs::remove_file(issuer.path("achievements/editor.svg")).unwrap();
    issuer
        .issue("Fourth\n", &[])
        .expect(0, &["so one was drawn"]);
    assert!(issuer.path("achievements/editor.png").exists());
    issuer.assert_all_valid();

    issuer.write("picture.gif", "GIF89a");
    issuer
        .issue("Fifth\n", &["--image", "picture.gif"])
        .expect(65, &["neither PNG nor SVG"]);
    issuer.write(
        "big.svg",
        &format!(
            "<svg xmlns='http://www.w3.org/2000/svg'>{}</svg>",
            " ".repeat(70_000)
        ),
    );
    let file = issuer.read("achievements/editor.toml");
    issuer.write(
        "achievements/editor.toml",
        &format!("image = \"../big.svg\"\n{file}"),
    );
    issuer
        .issue("Fifth\n", &["--embed-image"])
        .expect(65, &["too many to stand in every badge"]);
}
