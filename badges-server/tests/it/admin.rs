//! Looking after a service with the sample in it, while it runs.

use std::path::Path;

use crate::server::{Server, binary, free_port, get, post, run};

const SLUG: &str = "example-users-group";

fn admin(data: &Path, arguments: &[&str]) -> (i32, String, String) {
    run(binary(data)
        .env("BADGES_PUBLIC_URL", "https://badges.example.org")
        .arg("admin")
        .args(arguments))
}

#[test]
fn the_sample_can_be_looked_at_and_looked_after() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let address = format!("127.0.0.1:{}", free_port());
    let mut command = binary(&data);
    command.args([
        "--demo",
        "--listen",
        &address,
        "--public-url",
        "https://badges.example.org",
    ]);
    let mut server = Server::spawn(&mut command);
    let link = server.link();
    let here = |url: &str| url.replace("https://badges.example.org", &format!("http://{address}"));
    assert_eq!(post(&here(&link)).status, 303);
    assert_eq!(
        get(
            &here(&format!("https://badges.example.org/issuers/{SLUG}")),
            ""
        )
        .status,
        200
    );

    let (code, text, error) = admin(&data, &["issuers", "--json"]);
    assert_eq!(code, 0, "{error}");
    let listed: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        listed["ids"][0],
        format!("did:web:badges.example.org:issuers:{SLUG}")
    );

    let (code, link, error) = admin(&data, &["add-trainer", "Example Trainer", "--issuer", SLUG]);
    assert_eq!(code, 0, "{error}");
    assert_eq!(post(&here(link.trim())).status, 303);
    let (code, link, error) = admin(&data, &["sign-in-link", "Example Trainer"]);
    assert_eq!(code, 0, "{error}");
    assert_eq!(post(&here(link.trim())).status, 303);

    // Nobody sits at the terminal, so nothing is done unasked.
    let (code, _, error) = admin(&data, &["rotate-key", "--issuer", SLUG]);
    assert!(code == 1 && error.contains("--yes"), "{error}");
    let (code, text, error) = admin(
        &data,
        &["rotate-key", "--issuer", SLUG, "--compromised", "--yes"],
    );
    assert!(
        code == 0 && text.contains("signs with new keys"),
        "{text}{error}"
    );

    let public = folder.path().join("public");
    let output = public.to_str().unwrap();
    let (code, text, error) = admin(&data, &["export", "--issuer", SLUG, "-o", output, "--json"]);
    assert_eq!(code, 0, "{error}");
    let exported: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (&exported["badges"], &exported["achievements"]),
        (&7.into(), &3.into()),
        "{text}"
    );
    assert!(public.join("did.json").exists());
    let (code, _, error) = admin(&data, &["export", "--issuer", SLUG, "-o", output]);
    assert!(code == 1 && error.contains("--replace"), "{error}");

    let (code, text, error) = admin(&data, &["check"]);
    assert!(
        code == 0 && text.contains("awards 13,") && text.contains("All agrees."),
        "{text}{error}"
    );
    let log = server.stop();
    assert!(!log.contains("ERROR") && !log.contains("panicked"), "{log}");

    // Another start adds nothing.
    let mut again = Server::spawn(&mut command);
    again.signal("TERM");
    assert!(again.wait().0.success());
    let (_, text, _) = admin(&data, &["issuers"]);
    assert_eq!(text.matches("did:web:").count(), 1, "{text}");
}
