//! From the start to the first sign-in, and over a restart.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use crate::server::{Server, binary, free_port, get, post, run, start};

#[test]
fn it_starts_with_nothing_given() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut server = start(&data);
    let said: Vec<String> = ["trial", "sealing-key", "elsewhere"]
        .iter()
        .map(|text| server.line_with(text))
        .collect();
    assert!(said[1].contains(data.to_str().unwrap()), "{said:?}");
    let link = server.link();
    assert!(link.starts_with(&server.url), "{link}");

    for (path, text) in [("/healthz", "ok\n"), ("/readyz", "ready\n")] {
        let answer = get(&format!("{}{path}", server.url), "");
        assert_eq!((answer.status, answer.text.as_str()), (200, text));
    }
    let figures = get(&format!("{}/metrics", server.url), "").text;
    for figure in [
        "http_requests_total{method=\"GET\",route=\"/healthz\",status=\"200\"} 1",
        "badges_build_info{version=",
    ] {
        assert!(figures.contains(figure), "{figures}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&data).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "others can look into the data");
    }
    server.stop();
}

#[test]
fn a_link_signs_in_once_and_a_session_outlives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = start(folder.path());
    let link = server.link();
    // Looking at the link does not use it up.
    assert_eq!(get(&link, "").status, 200);
    let signed_in = post(&link);
    assert_eq!(
        (signed_in.status, signed_in.location.as_str()),
        (303, "/desk"),
        "{}",
        signed_in.text
    );
    let again = post(&link);
    assert!(
        (400..500).contains(&again.status) && again.cookie.is_empty(),
        "{again:?}"
    );

    let is_signed_in =
        |server: &Server| get(&format!("{}/sign-in", server.url), &signed_in.cookie).status == 303;
    assert!(is_signed_in(&server));
    server.stop();
    let server = start(folder.path());
    assert!(is_signed_in(&server));
    // While it runs, another link can be had.
    let (code, link, error) =
        run(binary(folder.path()).args(["admin", "sign-in-link", "--public-url", &server.url]));
    assert_eq!(code, 0, "{error}");
    assert_eq!(post(link.trim()).status, 303);
    server.stop();
}

#[test]
fn the_port_of_the_environment_is_every_address() {
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    let mut server = Server::spawn(binary(folder.path()).env("PORT", port.to_string()));
    assert_eq!(server.url, format!("http://localhost:{port}"));
    server.line_with("Others can reach it");
    assert_eq!(
        get(&format!("http://127.0.0.1:{port}/healthz"), "").status,
        200
    );
    if TcpListener::bind("[::1]:0").is_ok() {
        assert_eq!(get(&format!("http://[::1]:{port}/healthz"), "").status, 200);
    }
    server.stop();
}

#[test]
fn links_lead_to_the_public_address_whatever_the_caller_says() {
    let folder = tempfile::tempdir().unwrap();
    let public = "https://badges.example.org";
    let address = format!("127.0.0.1:{}", free_port());
    let mut server =
        Server::spawn(binary(folder.path()).args(["--listen", &address, "--public-url", public]));
    let link = server.link();
    assert!(
        link.starts_with("https://badges.example.org/sign-in/link/"),
        "{link}"
    );
    let path = link.strip_prefix(public).unwrap();
    for path in ["/", "/sign-in", "/desk", "/no-such-page", path] {
        let mut stream = TcpStream::connect(&address).unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: other.example.com\r\nx-forwarded-host: other.example.com\r\n\
             accept: text/html\r\nconnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(
            answer.starts_with("HTTP/1.1 ") && !answer.contains("other.example.com"),
            "{answer}"
        );
    }
    server.stop();
}

#[test]
fn the_log_is_json_a_line_and_holds_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::spawn(binary(folder.path()).args([
        "--listen",
        "127.0.0.1:0",
        "--log",
        "trace",
        "--log-format",
        "json",
    ]));
    let link = server.link();
    let secret = link.rsplit('/').next().unwrap().to_owned();
    get(&link, "");
    let signed_in = post(&link);
    let session = signed_in.cookie.split_once('=').unwrap().1.to_owned();
    get(&format!("{}/sign-in", server.url), &signed_in.cookie);
    get(&format!("{}/claim/{secret}", server.url), "");
    get(&format!("{}/mine/{secret}", server.url), "");
    let log = server.stop();
    for line in log.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(
            line["level"].is_string() && line["timestamp"].is_string(),
            "{line}"
        );
    }
    assert!(log.lines().count() > 3, "{log}");
    let key = std::fs::read_to_string(folder.path().join("sealing-key")).unwrap();
    let key = key
        .lines()
        .find(|line| line.starts_with("AGE-SECRET-KEY-1"))
        .unwrap();
    for (what, secret) in [
        ("the link's secret", &*secret),
        ("the session", &session),
        ("the sealing key", key),
    ] {
        let told = log.lines().find(|line| line.contains(secret));
        assert!(told.is_none(), "{what} is in the log: {told:?}");
    }
}
