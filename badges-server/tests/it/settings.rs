//! What is wrong is told at once, with the code that programs understand.

use crate::server::{binary, run};

#[test]
fn all_wrong_settings_are_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut command = binary(&data);
    command.args([
        "--listen",
        "here",
        "--public-url",
        "https://example.org/badges",
        "--rate-limit",
        "many",
    ]);
    command.args([
        "--sealing-key",
        "AGE-SECRET-KEY-1AAAA",
        "--wikimedia-client-secret",
        "s3cret",
        "--source-url",
        "x",
    ]);
    for (name, value) in [
        ("PORT", "http"),
        ("DATABASE_URL", "mysql://me:s3cret@localhost/badges"),
        ("BADGES_SEALING_PASSPHRASE", "s3cret"),
        ("BADGES_WIKIMEDIA_URL", "wiki"),
        ("BADGES_CLAIM_DAYS", "0"),
        ("BADGES_SESSION_DAYS", ""),
        ("BADGES_PROXIES", "-1"),
        ("BADGES_NAME", " "),
        ("BADGES_LOG", "badges_server=loud"),
        ("BADGES_LOG_FORMAT", "xml"),
    ] {
        command.env(name, value);
    }
    let (code, output, error) = run(&mut command);
    assert_eq!((code, output.as_str()), (64, ""), "{error}");
    for setting in [
        "--port (PORT)",
        "--listen (BADGES_LISTEN)",
        "--public-url (BADGES_PUBLIC_URL)",
        "--database-url (DATABASE_URL)",
        "--sealing-key (BADGES_SEALING_KEY)",
        "--wikimedia-client-secret (BADGES_WIKIMEDIA_CLIENT_SECRET)",
        "--wikimedia-url (BADGES_WIKIMEDIA_URL)",
        "--source-url (BADGES_SOURCE_URL)",
        "--claim-days (BADGES_CLAIM_DAYS)",
        "--session-days (BADGES_SESSION_DAYS)",
        "--rate-limit (BADGES_RATE_LIMIT)",
        "--proxies (BADGES_PROXIES)",
        "--name (BADGES_NAME)",
        "--log (BADGES_LOG)",
        "--log-format (BADGES_LOG_FORMAT)",
    ] {
        assert!(error.contains(setting), "{setting} is not named: {error}");
    }
    assert!(error.contains("16 settings are wrong"), "{error}");
    assert!(
        !error.contains("s3cret") && !error.contains("KEY-1AAAA"),
        "{error}"
    );
    assert!(
        !data.exists(),
        "nothing is made before the settings are right"
    );
}

#[test]
fn usage_has_a_code_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, code) in [
        (&["--no-such-flag"][..], 64),
        (&["admin"], 64),
        (&["admin", "add-trainer", "Example Trainer"], 64),
        (&["--help"], 0),
        (&["--version"], 0),
    ] {
        let (found, output, error) = run(binary(folder.path()).args(arguments));
        assert_eq!(found, code, "{arguments:?}: {output}{error}");
    }
}

#[test]
fn what_stands_in_the_way_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "a file").unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let data = folder.path().join("data");
    let inside = file.join("data");
    for (data, arguments, problem) in [
        (
            &data,
            ["--listen", taken.as_str()],
            format!("another program listens on {taken}"),
        ),
        (
            &inside,
            ["--listen", "127.0.0.1:0"],
            format!("the data folder `{}` cannot be made", inside.display()),
        ),
        (
            &data,
            ["--database-url", "postgres://me:s3cret@127.0.0.1:1/badges"],
            "127.0.0.1:1/badges cannot be reached".to_owned(),
        ),
    ] {
        let (code, _, error) = run(binary(data)
            .env("BADGES_LISTEN", "127.0.0.1:0")
            .args(arguments));
        assert!(code == 1 && error.contains(&problem), "{code}: {error}");
        assert!(
            !error.contains("s3cret") && !error.contains("panicked"),
            "{error}"
        );
    }
    let (code, _, error) = run(binary(&data).args(["--sealing-key", "AGE-SECRET-KEY-1NONE"]));
    assert!(
        code == 64 && error.contains("holds no sealing key"),
        "{code}: {error}"
    );
    // The administrator who mistakes the folder is not given a new, empty service.
    let (code, _, error) =
        run(binary(&folder.path().join("other")).args(["admin", "sign-in-link"]));
    assert!(
        code == 1 && error.contains("there is no database"),
        "{error}"
    );
    assert!(!folder.path().join("other").exists());
}
