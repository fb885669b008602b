//! Signing what somebody has written, and showing a part of it.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use badges_core::bake;
use badges_core::documents::Documents;
use badges_core::model::CredentialStatus;
use badges_core::status::StatusBits;
use badges_core::verify::{Check, Outcome, Verdict};
use serde_json::{Value, json};

/// A desk with keys and unsigned badges, which goes away with the test.
struct Desk {
    folder: tempfile::TempDir,
}

/// What a run said.
struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Said {
    #[track_caller]
    fn expect(self, code: i32, words: &[&str]) -> Self {
        let all = format!("{}{}", self.out, self.err);
        assert_eq!(self.code, Some(code), "{all}");
        for words in words {
            assert!(all.contains(words), "`{words}` is not in:\n{all}");
        }
        self
    }
}

impl Desk {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> Said {
        let output = Command::new(env!("CARGO_BIN_EXE_badges"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env("BADGES_PASSPHRASE", "open sesame")
            .output()
            .unwrap();
        Said {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Makes a key; returns its did:key, unless it has none.
    fn key(&self, kind: &str, options: &[&str]) -> Option<String> {
        let said = self.run(&[&["keygen", "--type", kind, "--json"], options].concat());
        let said = said.expect(0, &[]);
        let answer: Value = serde_json::from_str(&said.out).unwrap();
        answer["did"].as_str().map(str::to_owned)
    }

    /// Writes an unsigned badge of this issuer, with changes.
    fn write(&self, name: &str, issuer: &str, change: impl FnOnce(&mut Value)) {
        let text = include_str!("../../tests/peers/badges/full.json");
        let mut badge: Value = serde_json::from_str(text).unwrap();
        badge["issuer"]["id"] = issuer.into();
        badge["validUntil"] = "2090-01-01T00:00:00Z".into();
        change(&mut badge);
        fs::write(self.path(name), badge.to_string()).unwrap();
    }

    fn verdict(&self, name: &str) -> Verdict {
        self.report(name).verdict()
    }

    fn report(&self, name: &str) -> badges_core::Report {
        let path = self.path(name);
        let now = fs::metadata(&path).unwrap().modified().unwrap();
        let badge = fs::read(path).unwrap();
        badges_core::verify(&badge, &Documents::new(), now.into())
    }
}

fn without_status(badge: &mut Value) {
    badge.as_object_mut().unwrap().remove("credentialStatus");
}

/// The name of the suite of a signed badge.
fn suite(text: &str) -> String {
    let badge: Value = serde_json::from_str(text).unwrap();
    badge["proof"][0]["cryptosuite"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn each_suite_signs_with_its_keys() {
    let desk = Desk::new();
    for (kind, suites) in [
        ("ed25519", ["eddsa-rdfc-2022", "eddsa-jcs-2022"].as_slice()),
        (
            "p256",
            &["ecdsa-rdfc-2019", "ecdsa-jcs-2019", "ecdsa-sd-2023"],
        ),
        ("p384", &["ecdsa-rdfc-2019", "ecdsa-jcs-2019"]),
    ] {
        let key = format!("{kind}.json");
        let did = desk.key(kind, &[]).unwrap();
        desk.write("badge.json", &did, without_status);
        let usual = desk.run(&["sign", "badge.json", "--key", &key]);
        assert_eq!(suite(&usual.expect(0, &[]).out), suites[0]);
        for name in [
            "eddsa-rdfc-2022",
            "eddsa-jcs-2022",
            "ecdsa-rdfc-2019",
            "ecdsa-jcs-2019",
            "ecdsa-sd-2023",
        ] {
            let mut sign = vec!["sign", "badge.json", "--key", &key, "--suite", name];
            sign.extend(["-o", "signed.json", "--force"]);
            let said = desk.run(&sign);
            if !suites.contains(&name) {
                said.expect(64, &[name, "does not sign with", &key]);
                continue;
            }
            said.expect(0, &[name]);
            let signed = fs::read_to_string(desk.path("signed.json")).unwrap();
            assert_eq!(suite(&signed), name);
            assert_eq!(desk.verdict("signed.json"), Verdict::Valid, "{name}");
        }
    }
}

#[test]
fn the_key_is_named_as_the_issuer_lists_it() {
    let desk = Desk::new();
    let did = desk.key("ed25519", &["--seal", "-o", "key.age"]).unwrap();
    let multikey = did.strip_prefix("did:key:").unwrap();
    let sign = |issuer: &str, options: &[&str]| {
        desk.write("badge.json", issuer, |_| {});
        desk.run(&[&["sign", "badge.json", "--key", "key.age"], options].concat())
    };
    let method = |said: Said| {
        let badge: Value = serde_json::from_str(&said.expect(0, &[]).out).unwrap();
        badge["proof"][0].clone()
    };
    let web = sign("did:web:example.org", &["--created", "2026-05-01"]);
    assert!(web.err.contains("https://example.org/.well-known/did.json"));
    let proof = method(web);
    assert_eq!(
        proof["verificationMethod"],
        format!("did:web:example.org#{multikey}")
    );
    assert_eq!(proof["created"], "2026-05-01T00:00:00Z");
    let own = method(sign(&did, &[]));
    assert_eq!(own["verificationMethod"], format!("{did}#{multikey}"));

    sign("https://example.org/issuer", &[])
        .expect(64, &["https://example.org/issuer", "--verification-method"]);
    let url = "https://example.org/issuer#key";
    let given = ["--verification-method", url];
    let given = method(sign("https://example.org/issuer", &given));
    assert_eq!(given["verificationMethod"], url);
    let other = "did:key:z6MkjchhfUsD6mmvni8mCdXHw216Xrm9bQe2mBH1P5RDjVJG";
    sign(other, &[]).expect(65, &[other, &did]);
}

#[test]
fn what_cannot_be_signed_is_refused() {
    let desk = Desk::new();
    let did = desk.key("p256", &[]).unwrap();
    desk.key("rsa", &[]);
    desk.write("badge.json", &did, without_status);
    let sign = |arguments: &[&str]| desk.run(&[&["sign"], arguments].concat());
    sign(&["badge.json", "--key", "rsa.pem"]).expect(64, &["an RSA key", "keygen"]);
    sign(&["badge.json", "--key", "nowhere.json"]).expect(66, &["nowhere.json"]);
    sign(&["nowhere.json", "--key", "p256.json"]).expect(66, &["nowhere.json"]);
    sign(&["badge.json", "--key", "badge.json"]).expect(65, &["`badge.json` is no key"]);
    sign(&["badge.json", "--key", "p256.json", "--suite", "bbs-2023"])
        .expect(64, &["ecdsa-sd-2023"]);
    sign(&["badge.json", "--key", "p256.json", "--mandatory", "/name"])
        .expect(64, &["ecdsa-rdfc-2019", "--suite ecdsa-sd-2023"]);
    let selective = [
        "badge.json",
        "--key",
        "p256.json",
        "--suite",
        "ecdsa-sd-2023",
    ];
    sign(&[&selective[..], &["--mandatory", "/nothing"]].concat())
        .expect(64, &["/nothing", "nothing there"]);
    sign(&["badge.json", "--key", "p256.json", "-o", "signed.json"]).expect(0, &[]);
    sign(&["badge.json", "--key", "p256.json", "-o", "signed.json"])
        .expect(73, &["exists already", "--force"]);
    sign(&["signed.json", "--key", "p256.json"]).expect(65, &["signed already", "`proof`"]);
    desk.write("badge.json", &did, |badge| {
        badge["credentialSubject"]["achievement"]["criteria"] = json!({});
    });
    sign(&["badge.json", "--key", "p256.json"])
        .expect(65, &["credentialSubject.achievement.criteria"]);
}

/// A badge of which parts can be shown, in `base.json`.
fn selective(desk: &Desk, change: impl FnOnce(&mut Value), options: &[&str]) -> Said {
    let did = desk.key("p256", &[]).unwrap();
    desk.write("badge.json", &did, change);
    let mut sign = vec!["sign", "badge.json", "--key", "p256.json"];
    sign.extend(["--suite", "ecdsa-sd-2023", "-o", "base.json"]);
    sign.extend(options);
    desk.run(&sign).expect(0, &["for its holder alone"])
}

#[test]
fn a_part_shows_what_was_chosen_and_verifies() {
    let desk = Desk::new();
    selective(
        &desk,
        |_| {},
        &["--mandatory", "/credentialSubject/achievement/id"],
    );
    let list = desk.run(&["derive", "base.json"]);
    let list = list.expect(0, &["Always shown", "Shown if you choose"]).out;
    let (always, choice) = list.split_once("Shown if you choose").unwrap();
    assert!(always.contains("/issuer") && always.contains("/credentialStatus"));
    assert!(choice.contains("/credentialSubject/achievement ") && !choice.contains("/issuer"));
    let lines = desk
        .run(&["derive", "base.json", "--json"])
        .expect(0, &[])
        .out;
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let badge: Value =
        serde_json::from_str(&fs::read_to_string(desk.path("base.json")).unwrap()).unwrap();
    assert!(lines.len() > 20);
    for line in &lines {
        assert_eq!(
            badge.pointer(line["pointer"].as_str().unwrap()),
            Some(&line["value"])
        );
    }

    let name = "/credentialSubject/achievement/name";
    let mut derive = vec![
        "derive",
        "base.json",
        "--offline",
        "--show",
        name,
        "--show",
        "/name",
    ];
    derive.extend(["-o", "part.json"]);
    desk.run(&derive)
        .expect(0, &["base.json` can show all of it", "part.json"]);
    let part: Value =
        serde_json::from_str(&fs::read_to_string(desk.path("part.json")).unwrap()).unwrap();
    assert_eq!(part.pointer(name), badge.pointer(name));
    assert_eq!(part["name"], badge["name"]);
    assert_eq!(
        part.pointer("/credentialSubject/achievement/criteria"),
        None
    );
    assert_eq!(part.get("evidence"), None);
    let report = desk.report("part.json");
    for check in [Check::Form, Check::Proof, Check::Issuer, Check::Validity] {
        assert!(
            report
                .outcomes(check)
                .all(|outcome| matches!(outcome, Outcome::Passed(_))),
            "{report:?}"
        );
    }
    // Nobody has the list of revoked badges here.
    assert!(matches!(
        report.outcomes(Check::Status).next(),
        Some(Outcome::Unknown(_))
    ));
}

#[test]
fn a_part_is_as_valid_as_the_whole() {
    let desk = Desk::new();
    let list = "https://example.org/status/1";
    let status = CredentialStatus::bitstring(list, 7, "revocation");
    let status = serde_json::to_value(status).unwrap();
    selective(&desk, |badge| badge["credentialStatus"] = status, &[]);
    let badge = fs::read_to_string(desk.path("badge.json")).unwrap();
    let badge: Value = serde_json::from_str(&badge).unwrap();
    let publish = |bits: &StatusBits| {
        let unsigned = json!({
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "id": list,
            "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "issuer": badge["issuer"]["id"],
            "validFrom": "2026-01-01T00:00:00Z",
            "credentialSubject": {
                "id": format!("{list}#list"),
                "type": "BitstringStatusList",
                "statusPurpose": "revocation",
                "encodedList": bits.encode(),
            },
        });
        fs::write(desk.path("unsigned-list.json"), unsigned.to_string()).unwrap();
        let sign = ["sign", "unsigned-list.json", "--key", "p256.json"];
        desk.run(&[&sign[..], &["-o", "list.json", "--force"]].concat())
            .expect(0, &[]);
    };
    fs::write(
        desk.path("map.json"),
        json!({ list: "list.json" }).to_string(),
    )
    .unwrap();
    let verdict = || {
        let derive = [
            "derive",
            "base.json",
            "--offline",
            "--documents",
            "map.json",
        ];
        let said = desk.run(&[&derive[..], &["--show", "/name", "--json"]].concat());
        let answer: Value = serde_json::from_str(&said.expect(0, &[]).out).unwrap();
        answer["verdict"].as_str().unwrap().to_owned()
    };
    let mut bits = StatusBits::default();
    publish(&bits);
    assert_eq!(verdict(), "valid");
    assert!(bits.set(7, true));
    publish(&bits);
    assert_eq!(verdict(), "revoked");
}

#[test]
fn what_was_achieved_is_always_shown_unless_the_issuer_says_what_is() {
    let desk = Desk::new();
    let said = selective(&desk, without_status, &[]);
    assert!(said.err.contains("no `credentialStatus`") && !said.err.contains("no `validUntil`"));
    let part = desk.run(&["derive", "base.json", "--offline", "--show", "/evidence/0"]);
    let part = part.expect(0, &["whether it has `credentialStatus`"]).out;
    let part: Value = serde_json::from_str(&part).unwrap();
    let name = "/credentialSubject/achievement/name";
    assert!(part.pointer(name).is_some_and(Value::is_string));
}

#[test]
fn a_part_goes_into_the_picture_instead_of_the_whole() {
    let desk = Desk::new();
    selective(&desk, without_status, &[]);
    let picture = "../fixtures/cli/picture.png";
    let picture = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(picture);
    fs::copy(picture, desk.path("picture.png")).unwrap();
    desk.run(&["bake", "base.json", "picture.png", "-o", "base.png"])
        .expect(0, &[]);
    desk.run(&[
        "derive",
        "base.png",
        "--offline",
        "--show",
        "/name",
        "-o",
        "part.png",
    ])
    .expect(0, &["part.png"]);
    let carried = bake::extract(&fs::read(desk.path("part.png")).unwrap())
        .unwrap()
        .text;
    let carried: Value = serde_json::from_str(&carried).unwrap();
    assert!(carried.get("name").is_some() && carried.get("evidence").is_none());
    desk.run(&[
        "derive",
        "base.png",
        "--offline",
        "--show",
        "/name",
        "-o",
        "part.json",
    ])
    .expect(0, &[]);
    assert_eq!(
        suite(&fs::read_to_string(desk.path("part.json")).unwrap()),
        "ecdsa-sd-2023"
    );
}

#[test]
fn what_has_no_parts_is_refused() {
    let desk = Desk::new();
    selective(&desk, without_status, &[]);
    let derive = |arguments: &[&str]| desk.run(&[&["derive"], arguments].concat());
    derive(&["nowhere.json"]).expect(66, &["nowhere.json"]);
    derive(&["badge.json"]).expect(65, &["no base proof"]);
    for nothing in ["/nothing", "name", "/type/7"] {
        derive(&["base.json", "--offline", "--show", nothing])
            .expect(64, &[nothing, "`badges derive base.json` lists"]);
    }
    derive(&["base.json", "-o", "part.json"]).expect(64, &["--show"]);
    derive(&[
        "base.json",
        "--offline",
        "--show",
        "/name",
        "-o",
        "part.json",
    ])
    .expect(0, &[]);
    derive(&["part.json", "--show", "/name"]).expect(65, &["no base proof"]);
    fs::write(desk.path("a.jwt"), "e30.e30.c2ln").unwrap();
    derive(&["a.jwt", "--show", "/name"]).expect(65, &["only be shown whole"]);
    fs::write(desk.path("sd.jwt"), "e30.e30.c2ln~").unwrap();
    derive(&["sd.jwt"]).expect(65, &["SD-JWT"]);

    // Somebody changed the whole: the part that is not changed holds, the other does not.
    let base = fs::read_to_string(desk.path("base.json")).unwrap();
    let mut altered: Value = serde_json::from_str(&base).unwrap();
    altered["name"] = "Another name".into();
    fs::write(desk.path("altered.json"), altered.to_string()).unwrap();
    derive(&[
        "altered.json",
        "--offline",
        "--show",
        "/name",
        "-o",
        "never.json",
    ])
    .expect(1, &["does not verify", "badges verify altered.json"]);
    assert!(!desk.path("never.json").exists());
}
