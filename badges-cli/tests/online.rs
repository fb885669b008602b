//! Badges from the web: a server on this machine stands in for it.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output};
use std::thread;

use serde_json::Value;

/// Serves `fixtures/cli/` until the test run ends. Returns the server's URL.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            thread::spawn(move || answer(&mut stream.unwrap()));
        }
    });
    url
}

fn answer(stream: &mut TcpStream) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let request = lines.next().unwrap().unwrap();
    while lines.next().is_some_and(|line| !line.unwrap().is_empty()) {}
    let name = request.split(' ').nth(1).unwrap().trim_start_matches('/');
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/cli");
    let (status, body) = match fs::read(folder.join(name)) {
        Ok(body) => ("200 OK", body),
        Err(_) if name.starts_with("gone") => ("410 Gone", Vec::new()),
        Err(_) => ("404 Not Found", Vec::new()),
    };
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n");
    // The client may have gone.
    let _ = stream.write_all(&[head.as_bytes(), &body].concat());
}

fn verify(arguments: &[&str]) -> (Option<i32>, Vec<Value>) {
    let output: Output = Command::new(env!("CARGO_BIN_EXE_badges"))
        .args(["verify", "--json", "--no-cache", "--at", "2026-06-01"])
        .args(arguments)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    (output.status.code(), lines.collect())
}

#[test]
fn badges_are_fetched_and_told_in_order() {
    let server = serve();
    let names = ["no-web-address.json", "missing.json", "picture.png"];
    let urls: Vec<String> = (0..30)
        .map(|number| format!("{server}/{}", names[number % 3]))
        .collect();
    let mut arguments = vec!["--allow-private-network"];
    arguments.extend(urls.iter().map(String::as_str));
    let (code, reports) = verify(&arguments);
    assert_eq!(code, Some(1));
    assert_eq!(reports.len(), urls.len());
    for (number, (url, report)) in urls.iter().zip(&reports).enumerate() {
        assert_eq!(report["source"], **url);
        assert_eq!(
            report["verdict"],
            ["valid", "unknown", "invalid"][number % 3]
        );
    }
    let missing = &reports[1]["checks"][0];
    assert_eq!(missing["id"], "form.not-fetched");
    assert_eq!(missing["error"], "fetch.status");
}

#[test]
fn what_was_taken_down_is_unknown_and_said_to_be() {
    let url = format!("{}/gone.json", serve());
    let (code, reports) = verify(&["--allow-private-network", &url]);
    assert_eq!(code, Some(2));
    assert_eq!(reports[0]["verdict"], "unknown");
    let check = &reports[0]["checks"][0];
    assert_eq!(check["error"], "fetch.status");
    let reason = check["reason"].as_str().unwrap();
    assert!(reason.contains("taken it down for good"), "{reason}");
}

#[test]
fn this_machine_is_out_of_reach_unless_it_is_asked_for() {
    let server = serve();
    let (code, reports) = verify(&[&format!("{server}/no-web-address.json")]);
    assert_eq!(code, Some(2));
    assert_eq!(reports[0]["checks"][0]["error"], "fetch.not-https");
    let encrypted = server.replace("http:", "https:");
    let (code, reports) = verify(&[&format!("{encrypted}/no-web-address.json")]);
    assert_eq!(code, Some(2));
    assert_eq!(reports[0]["checks"][0]["error"], "fetch.private-address");
}

#[test]
fn schemas_of_others_count_when_they_are_asked_for() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures");
    let folder = tempfile::tempdir().unwrap();
    let map = folder.path().join("map.json");
    let schema = "https://schemas.example.org/training.json";
    fs::copy(
        fixtures.join("documents/schema-unmet.json"),
        folder.path().join("schema.json"),
    )
    .unwrap();
    fs::write(&map, format!(r#"{{"{schema}": "schema.json"}}"#)).unwrap();
    let badge = fixtures.join("badges/schemas/unmet.json");
    let (badge, map) = (badge.to_str().unwrap(), map.to_str().unwrap());
    let known = ["--offline", "--documents", map, badge];
    let (code, _) = verify(&known);
    assert_eq!(code, Some(0));
    let (code, reports) = verify(&[&["--schemas"], &known[..]].concat());
    assert_eq!(code, Some(1));
    let checks = reports[0]["checks"].as_array().unwrap();
    let failed = checks.iter().find(|it| it["outcome"] == "failed").unwrap();
    assert_eq!(failed["id"], "schema.declared");
    assert_eq!(failed["schema"], schema);
    let (code, _) = verify(&["--schemas", "--offline", badge]);
    assert_eq!(code, Some(2));
}

#[test]
fn schemas_are_printed() {
    let schemas = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/schemas");
    for (word, name) in [
        ("badge", "AchievementCredential"),
        ("endorsement", "EndorsementCredential"),
        ("profile", "Profile"),
        ("any-badge", "AnyAchievementCredential"),
        ("any-endorsement", "AnyEndorsementCredential"),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_badges"))
            .args(["schema", word])
            .output()
            .unwrap();
        let written = fs::read(schemas.join(format!("{name}.json"))).unwrap();
        assert!(output.stdout == written, "{word}");
    }
}
