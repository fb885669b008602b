//! What goes wrong on the way, and what the program says of it.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A copy of `fixtures/cli/`, with an issuer's folder in it that has issued one badge.
struct Desk {
    folder: tempfile::TempDir,
}

/// What a run said.
struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Desk {
    /// An empty folder.
    fn empty() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn new() -> Self {
        let desk = Self::empty();
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/cli");
        for file in fs::read_dir(fixtures).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), desk.path(file.file_name().to_str().unwrap())).unwrap();
        }
        desk.write("people.txt", "Example Volunteer\n");
        desk.run(&[NEW, &["--no-web"]].concat()).expect(0, &[]);
        desk.run(&["issue", ACHIEVEMENT, "people.txt"])
            .expect(0, &[]);
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_badges"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Said {
        Said::of(&mut self.command(arguments))
    }
}

impl Said {
    fn of(command: &mut Command) -> Self {
        let output = command.output().unwrap();
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

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

const NEW: &[&str] = &["new", "issuer", "--name", "Example Chapter", "--plain"];
const ACHIEVEMENT: &str = "issuer/achievements/workshop-participant.toml";

/// Commands whose result is what they write to standard output.
const TELLING: &[&[&str]] = &[
    &["verify", "--json", "editor.png", "--offline"],
    &[
        "verify",
        "editor.png",
        "altered.json",
        "--full",
        "--offline",
    ],
    &["show", "editor.png"],
    &["status", "list", "--issuer", "issuer"],
    &["did", "issuer"],
    &["issue", ACHIEVEMENT, "people.txt", "--dry-run"],
    &["extract", "editor.png"],
    &["schema"],
    &["completions", "bash"],
];

#[cfg(target_os = "linux")]
#[test]
fn a_result_that_cannot_be_written_is_no_success() {
    let desk = Desk::new();
    for arguments in TELLING {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let mut command = desk.command(arguments);
        let ran = command.stdout(full).stderr(Stdio::piped()).spawn().unwrap();
        let output = ran.wait_with_output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(74), "{arguments:?}: {err}");
        assert!(err.contains("error: cannot write the result"), "{err}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let desk = Desk::new();
    for arguments in TELLING {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = desk.command(arguments);
        let ran = command
            .stdout(writer)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let output = ran.wait_with_output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert!(!err.contains("error"), "{arguments:?}: {err}");
        assert!(output.status.code() < Some(64), "{arguments:?}: {err}");
    }
}

#[test]
fn the_line_of_a_record_tells_of_the_badges_inside() {
    let desk = Desk::empty();
    let records = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/badges/records");
    let verify = |record: &str| {
        let record = records.join(record);
        desk.run(&["verify", record.to_str().unwrap(), "--offline"])
    };
    let said = verify("altered-part.json");
    assert_eq!(said.out.lines().count(), 1);
    said.expect(1, &["valid  ", "; but inside, 1 of 2 badges is NOT valid"]);
    verify("mixed-parts.json").expect(2, &["valid  ", " could not be checked"]);
    let whole = verify("signed-parts.json").expect(0, &["valid  "]);
    assert!(!whole.out.contains("inside"), "{}", whole.out);
}

#[test]
fn what_no_badge_could_say_makes_no_folder() {
    let desk = Desk::empty();
    let new = [NEW, &["--no-web"]].concat();
    for (option, value) in [
        ("--url", "foo"),
        ("--url", ""),
        ("--email", ""),
        ("--description", ""),
        ("--achievement-name", ""),
        ("--achievement-description", ""),
        ("--criteria", ""),
        ("--criteria", "\u{7}"),
    ] {
        let said = desk.run(&[&new[..], &[option, value]].concat());
        said.expect(64, &[&format!("error: `{option}`: ")]);
        assert!(!desk.path("issuer").exists(), "{option} {value:?}");
    }
    desk.run(&["new", "issuer", "--name", "", "--plain", "--no-web"])
        .expect(64, &["error: `--name`: "]);
    desk.run(&new).expect(0, &[]);
}

#[test]
fn names_are_taken_as_people_paste_them_and_doubts_are_told() {
    let desk = Desk::empty();
    desk.run(&[NEW, &["--no-web"]].concat()).expect(0, &[]);
    let list =
        "*[[User:Qux|Qux]]\n- مستخدم:متطوع مثال\nBenutzerin:foo_bar\nAnna, Ben, Carl\n1. Dora\n";
    desk.write("people.txt", list);
    let said = desk.run(&["issue", ACHIEVEMENT, "people.txt"]);
    said.expect(
        0,
        &["note: `Anna, Ben, Carl` at line 4 is taken for one user name, and so is another line"],
    );
    let said = desk.run(&["status", "list", "--issuer", "issuer", "--json"]);
    for name in ["Qux", "متطوع مثال", "Foo bar", "Anna, Ben, Carl", "1. Dora"] {
        assert!(
            said.out.contains(&format!(r#""name:{name}""#)),
            "{}",
            said.out
        );
    }
}

#[test]
fn nobody_gets_a_badge_that_does_not_say_what_identify_asks_for() {
    let desk = Desk::empty();
    desk.run(&[NEW, &["--no-web"]].concat()).expect(0, &[]);
    let wallet = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";
    desk.write("names.txt", "Example Volunteer\n");
    desk.write("mail.csv", "email\nvolunteer@example.org\n");
    desk.write("numbers.csv", "global_id\n7\n");
    desk.write(
        "dids.csv",
        &format!("did\n{wallet}\nhttps://example.org/me\n"),
    );
    let issue = |list: &str, identify: &str| {
        desk.run(&["issue", ACHIEVEMENT, list, "--identify", identify])
    };
    let said = issue("names.txt", "did").expect(
        1,
        &[
            "problem: line 1: the row has no DID, which `--identify` asks for",
            "Issued no badges",
        ],
    );
    assert_eq!(said.err.matches("line 1").count(), 1, "{}", said.err);
    issue("mail.csv", "name").expect(1, &["line 2: the row has no user name"]);
    issue("numbers.csv", "hashed").expect(1, &["line 2: the row has no user name, identifier"]);
    issue("dids.csv", "did").expect(1, &["line 3: the row has no DID", "Issued 1 badge "]);
    issue("mail.csv", "hashed").expect(0, &["Issued 1 badge "]);
    issue("names.txt", "name").expect(0, &["Issued 1 badge "]);
}

#[test]
fn hints_can_be_copied() {
    let desk = Desk::empty();
    let said = desk.run(&["new", "y 7/it's", "--name", "N", "--plain", "--no-web"]);
    if cfg!(unix) {
        said.expect(
            0,
            &["badges issue 'y 7/it'\\''s/achievements/workshop-participant.toml' names.txt"],
        );
    }
    desk.run(&[NEW, &["--no-web"]].concat()).expect(0, &[]);
    desk.write("people.csv", "participant,points\nExample Volunteer,1\n");
    desk.write(
        "n.csv",
        "Full name,email\nExample Volunteer,volunteer@example.org\n",
    );
    let issue = |list: &str| desk.run(&["issue", ACHIEVEMENT, list, "--dry-run"]);
    issue("people.csv").expect(65, &["  → `--name-column COLUMN`, "]);
    issue("n.csv").expect(
        0,
        &["user names if they are: `--name-column \"Full name\"`"],
    );
    desk.run(&[
        "status",
        "list",
        "--issuer",
        "issuer",
        "--achievement",
        "nope",
    ])
    .expect(66, &["error: there is no achievement `nope`"]);
    let achievement = "workshop-participant";
    desk.run(&[
        "status",
        "list",
        "--issuer",
        "issuer",
        "--achievement",
        achievement,
    ])
    .expect(0, &["No badges yet."]);
}

#[test]
fn an_empty_file_is_said_to_be_empty() {
    let desk = Desk::new();
    desk.write("empty", "");
    for arguments in [
        &["show", "empty"][..],
        &["extract", "empty"],
        &["bake", "empty", "picture.png", "-o", "new.png"],
        &["bake", "editor.json", "empty", "-o", "new.png"],
    ] {
        desk.run(arguments).expect(65, &["error: `empty` is empty"]);
    }
    desk.run(&["verify", "empty"]).expect(1, &["it is empty"]);
}

#[test]
fn a_hashed_user_name_is_known_in_any_spelling() {
    let desk = Desk::empty();
    desk.run(&[NEW, &["--no-web"]].concat()).expect(0, &[]);
    desk.write("people.txt", "Example Volunteer\n");
    desk.run(&["issue", ACHIEVEMENT, "people.txt", "--identify", "hashed"])
        .expect(0, &[]);
    let folder = "issuer/badges/workshop-participant";
    let awards = fs::read_to_string(desk.path(&format!("{folder}/awards.csv"))).unwrap();
    let row: Vec<&str> = awards.lines().nth(1).unwrap().split(',').collect();
    let (badge, salt) = (format!("{folder}/{}", row[2]), row[6]);
    let verify = |name: &str| {
        desk.run(&[
            "verify",
            &badge,
            "--offline",
            "--recipient",
            name,
            "--salt",
            salt,
        ])
    };
    for name in ["Example Volunteer", "User:example_Volunteer"] {
        verify(name).expect(0, &["; for the recipient that you named"]);
    }
    verify("Another Volunteer").expect(1, &["; NOT for the recipient that you named"]);
}
