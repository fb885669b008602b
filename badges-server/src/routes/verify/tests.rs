//! The page and the API through the whole router, in a web of the test's own.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request};
use badges_core::fetch::FetchError;
use badges_core::model::parse_date_time;
use badges_tests::case::{self, Case};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Parser as _;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt as _;

use super::*;
use crate::verifying::Web;
use crate::verifying::told::Told;
use crate::{Clock, Options, router};

/// A service, and the web around it.
struct Scene {
    router: Router,
    web: Told,
    clock: Arc<AtomicI64>,
    _folder: TempDir,
}

/// What was answered.
struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Scene {
    async fn new() -> Self {
        Self::limited("0").await
    }

    /// With a limit of requests a minute.
    async fn limited(limit: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().to_str().unwrap();
        let options = ["badges-server", "--data", data, "--rate-limit", limit, "--public-url", "https://badges.example.net"];
        let settings = Options::try_parse_from(options).unwrap().settings.settings().unwrap();
        let clock = Arc::new(AtomicI64::new(1_780_000_000));
        let app = App::open(settings, Clock::Fixed(Arc::clone(&clock))).await.unwrap();
        let web = Told::default();
        let app = app.with_web(Web::Told(web.clone()));
        Self { router: router(app), web, clock, _folder: folder }
    }

    /// Makes it the time of a case, and the world what it says.
    fn set(&self, case: &Case) {
        let at = parse_date_time(&case.expectation.at).unwrap();
        self.clock.store(at.unix_timestamp(), Ordering::SeqCst);
        self.web.tell(&case.documents);
    }

    async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Reply { status: parts.status, headers: parts.headers, body: String::from_utf8(body.to_vec()).unwrap() }
    }

    async fn get(&self, path: &str) -> Reply {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// Sends the form of the page: fields, and files with their names.
    async fn post(&self, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Reply {
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend(format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
        }
        for (name, bytes) in files {
            body.extend(format!("--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n").bytes());
            body.extend(*bytes);
            body.extend(b"\r\n");
        }
        body.extend(b"--B--\r\n");
        let request = Request::post("/verify")
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=B")
            .header(header::ACCEPT, "text/html");
        self.send(request.body(body.into()).unwrap()).await
    }

    async fn ask(&self, media_type: &str, body: impl Into<Body>) -> Reply {
        let request = Request::post("/api/v1/verify").header(header::CONTENT_TYPE, media_type);
        self.send(request.body(body.into()).unwrap()).await
    }
}

impl Reply {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The text of the first element with this start tag.
    fn text(&self, tag: &str) -> &str {
        let (_, rest) = self.body.split_once(tag).unwrap_or_else(|| panic!("no {tag} in {}", self.body));
        rest.split_once('<').unwrap().0
    }
}

fn case(name: &str) -> Case {
    case::all().into_iter().find(|case| case.name == name).unwrap_or_else(|| panic!("{name}"))
}

/// Every badge of the fixtures: the page and the API say what the file beside it says, and nothing
/// in any of them spoils the page.
#[tokio::test(flavor = "multi_thread")]
async fn every_badge_gets_its_verdict() {
    let scene = Scene::new().await;
    let mut seen = BTreeSet::new();
    for case in case::all() {
        // A trust list is not asked for here, and nothing is found under a DID.
        let by_did = case.documents.keys().any(|id| !id.starts_with("https://"));
        if case.expectation.trust.is_some() || by_did {
            continue;
        }
        let Case { name, expectation, .. } = &case;
        scene.set(&case);
        let recipient = expectation.recipient.as_deref().unwrap_or_default();
        let salt = expectation.salt.as_deref().unwrap_or_default();
        let reply = scene.post(&[("recipient", recipient), ("salt", salt)], &[("badge", &case.badge)]).await;
        assert_eq!(reply.status, StatusCode::OK, "{name}");
        assert_eq!(reply.headers[header::CACHE_CONTROL], "no-store");
        assert_well_formed(name, &reply.body);
        let headline = reply.text("<h2>").to_owned();

        scene.set(&case);
        let body = json!({
            "file": STANDARD.encode(&case.badge),
            "recipient": expectation.recipient,
            "salt": expectation.salt,
        });
        let answer = scene.ask("application/json", body.to_string()).await.json();
        assert_eq!(answer["verdict"], expectation.verdict.as_str(), "{name}");
        assert_eq!(answer["source"], "-");
        let failed: Vec<&str> = answer["checks"].as_array().unwrap().iter()
            .filter(|check| check["outcome"] == "failed")
            .map(|check| check["id"].as_str().unwrap())
            .collect();
        for id in &expectation.fails {
            assert!(failed.contains(&id.as_str()), "{name}: {failed:?}");
        }
        if let Some(asks) = &expectation.asks {
            let mut asked = scene.web.asked();
            let mut asks = asks.clone();
            asked.sort();
            asks.sort();
            assert_eq!(asked, asks, "{name}");
        }
        let positive = ["Genuine and valid", "Genuine, valid, and"].iter().any(|good| headline.starts_with(good));
        assert!(!positive || expectation.verdict == "valid", "{name}: {headline}");
        seen.insert((expectation.verdict.clone(), headline));
    }
    let verdicts: Vec<(&str, &str)> = seen.iter().map(|(verdict, headline)| (verdict.as_str(), headline.as_str())).collect();
    assert_eq!(verdicts, [
        ("expired", "Expired"),
        ("expired", "Genuine, but expired"),
        ("invalid", "Not valid"),
        ("not-yet-valid", "Genuine, but not valid yet"),
        ("revoked", "Revoked: its issuer has taken it back"),
        ("suspended", "Suspended: its issuer has taken it back for now"),
        ("unknown", "Genuine, but not everything could be checked"),
        ("unknown", "It could not be told whether this is genuine"),
        ("valid", "Genuine and valid"),
        ("valid", "Genuine and valid, but not shown to be for the person you asked about"),
        ("valid", "Genuine, but does not name the person you asked about"),
        ("valid", "Genuine, valid, and given to the person you asked about"),
    ]);
}

/// Start and end tags fit, attributes stand in quotes once each, and no script is written inline.
fn assert_well_formed(name: &str, page: &str) {
    const VOID: [&str; 5] = ["meta", "link", "img", "input", "br"];
    let mut open = Vec::new();
    let mut rest = page;
    while let Some((_, after)) = rest.split_once('<') {
        let (tag, after) = after.split_once('>').unwrap_or_else(|| panic!("{name}: an open tag"));
        rest = after;
        if tag.starts_with('!') {
            continue;
        }
        if let Some(end) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(end), "{name}");
            continue;
        }
        let element = tag.split_whitespace().next().unwrap();
        assert!(!tag.contains('\'') && tag.matches('"').count() % 2 == 0, "{name}: {tag}");
        let outside: String = tag.split('"').step_by(2).collect();
        assert!(!outside.contains(" on") && !outside.contains("style="), "{name}: {tag}");
        let mut attributes: Vec<&str> = outside.split_whitespace().skip(1).collect();
        let count = attributes.len();
        attributes.sort_unstable();
        attributes.dedup();
        assert_eq!(attributes.len(), count, "{name}: {tag}");
        assert!(element != "script" || tag.contains(" src="), "{name}: {tag}");
        if !VOID.contains(&element) {
            open.push(element);
        }
    }
    assert!(open.is_empty(), "{name}: {open:?}");
    assert!(page.chars().all(|sign| !shown(sign.encode_utf8(&mut [0; 4])).is_empty()), "{name}");
    let ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let mut once = ids.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), ids.len(), "{name}: {ids:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_badges_stay_inside_their_card() {
    let scene = Scene::new().await;
    let hostile = std::fs::read(case::folder().join("cli/hostile.json")).unwrap();
    let file = "\u{202e}<script>alert(1)</script>.json";
    let reply = scene.post(&[("recipient", "\"><script>")], &[(file, &hostile), ("b", b"<script>alert(2)</script>")]).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_well_formed("hostile", &reply.body);
    assert!(!reply.body.contains("<script>"), "{}", reply.body);
    // Words in Arabic are in their own direction, whatever the badge holds.
    let request = Request::post("/verify?uselang=ar").header(header::CONTENT_TYPE, "multipart/form-data; boundary=B");
    let body = [b"--B\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n", &hostile[..], b"\r\n--B--\r\n"].concat();
    let reply = scene.send(request.body(body.into()).unwrap()).await;
    assert_well_formed("hostile in Arabic", &reply.body);
    assert!(reply.body.contains("<html lang=\"ar\" dir=\"rtl\">"));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_share_what_they_need() {
    let scene = Scene::new().await;
    let good = case("good/did-web.json");
    scene.set(&good);
    let url = "https://example.org/broken.png";
    let reply = scene
        .post(&[("text", url)], &[("a.json", &good.badge), ("b.json", &good.badge), ("c.png", b"\x89PNG\r\n\x1a\nbroken")])
        .await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_well_formed("many", &reply.body);
    let headlines: Vec<&str> = reply.body.split("\"><div>\n<h2>").skip(1).filter_map(|rest| rest.split('<').next()).collect();
    assert_eq!(headlines, [
        "It could not be told whether this is genuine",
        "Genuine and valid",
        "Genuine and valid",
        "Not valid",
    ]);
    let documents = scene.web.asked().into_iter().filter(|asked| asked != url).count();
    assert_eq!(documents, good.documents.len());
}

/// A name that leads into our own network is answered like one that leads nowhere.
#[tokio::test(flavor = "multi_thread")]
async fn private_addresses_are_not_told() {
    let scene = Scene::new().await;
    let badge = case("good/did-web.json");
    let document = badge.documents.keys().next().unwrap().clone();
    let host = "intranet.example.org".to_owned();
    let address = IpAddr::V4(Ipv4Addr::new(10, 11, 12, 13));
    let mut replies = Vec::new();
    for error in [FetchError::PrivateAddress { host: host.clone(), address }, FetchError::Dns { host }] {
        scene.web.tell([]);
        scene.web.fail("https://intranet.example.org/a", error.clone());
        scene.web.fail(&document, error);
        let page = scene.post(&[("text", "https://intranet.example.org/a")], &[("a", &badge.badge)]).await;
        let answer = scene.ask("application/json", r#"{"url":"https://intranet.example.org/a"}"#).await;
        assert!(page.body.contains("There is no such server, or its name could not be looked up."));
        assert_eq!(answer.json()["checks"][0]["error"], "fetch.dns");
        for text in [&page.body, &answer.body] {
            assert!(!text.contains("10.11.12.13") && !text.contains("private"), "{text}");
        }
        replies.push((page.body, answer.body));
    }
    assert_eq!(replies[0], replies[1]);
}

/// The guard of the real network lets nobody into ours.
#[tokio::test(flavor = "multi_thread")]
async fn our_own_network_is_not_reached() {
    let folder = tempfile::tempdir().unwrap();
    let options = ["badges-server", "--data", folder.path().to_str().unwrap()];
    let settings = Options::try_parse_from(options).unwrap().settings.settings().unwrap();
    let router = router(App::open(settings, Clock::System).await.unwrap());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    for host in ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433"] {
        let body = json!({"url": format!("https://{host}:{port}/latest/meta-data")}).to_string();
        let request = Request::post("/api/v1/verify").header(header::CONTENT_TYPE, "application/json");
        let response = router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let answer: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(answer["checks"][0]["error"], "fetch.dns", "{host}: {answer}");
        assert_eq!(answer["verdict"], "unknown");
    }
    let nobody = tokio::time::timeout(std::time::Duration::from_millis(100), listener.accept()).await;
    assert!(nobody.is_err(), "somebody called");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recipient_is_compared() {
    let scene = Scene::new().await;
    let hashed = case("good/recipient-hashed.json");
    let plain = case("good/recipient-plain.json");
    let salt = hashed.expectation.salt.clone().unwrap();
    let who = hashed.expectation.recipient.clone().unwrap();
    let name = plain.expectation.recipient.clone().unwrap();
    // Users of the wikis write their names in several ways.
    let variant = name.replace(' ', "_");
    let lower = format!("user:{}{}", variant[..1].to_lowercase(), &variant[1..]);
    for (case, recipient, salt, headline) in [
        (&hashed, who.as_str(), salt.as_str(), "Genuine, valid, and given to the person you asked about"),
        (&hashed, &who, "another", "Genuine, but does not name the person you asked about"),
        (&plain, &name, "", "Genuine, valid, and given to the person you asked about"),
        (&plain, &lower, "", "Genuine, valid, and given to the person you asked about"),
        (&plain, "Nobody", "x", "Genuine, but does not name the person you asked about"),
        // It also names its holder as a hash.
        (&plain, "Nobody", "", "Genuine and valid, but not shown to be for the person you asked about"),
        (&plain, " ", "", "Genuine and valid"),
    ] {
        scene.set(case);
        let reply = scene.post(&[("recipient", recipient), ("salt", salt)], &[("a", &case.badge)]).await;
        assert_eq!(reply.text("<h2>"), headline, "{recipient} {salt}");
    }
    let reply = scene.post(&[("text", "{}"), ("salt", "x")], &[]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(reply.body.contains("id=\"recipient-error\"") && reply.body.contains("value=\"x\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_in_the_query_is_filled_in_and_not_fetched() {
    let scene = Scene::new().await;
    let reply = scene.get("/verify?url=https%3A%2F%2Fexample.org%2F%22%3E%3Cscript%3E&recipient=A").await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_well_formed("prefilled", &reply.body);
    assert!(reply.body.contains("https://example.org/&#34;&#62;&#60;script&#62;"), "{}", reply.body);
    assert!(scene.web.asked().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_is_taken_is_refused_with_words() {
    let scene = Scene::new().await;
    let nothing = scene.post(&[("text", " ")], &[("", b"")]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.body.contains("Choose a file, or paste"));
    let files = vec![("a.json", &b"{}"[..]); MOST_BADGES];
    let most = scene.post(&[], &files).await;
    assert_eq!(most.status, StatusCode::OK);
    let more = scene.post(&[("text", "https://example.org/a")], &files).await;
    assert_eq!(more.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(more.body.contains("give at most 20"), "{}", more.body);
    assert!(more.body.contains("https://example.org/a</textarea>"));
    let large = vec![b' '; MOST_BYTES + 1];
    let long = scene.post(&[("recipient", "A")], &[("a", &large)]).await;
    assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(long.body.contains("at most 8 MiB are read"), "{}", long.body);
    let huge = vec![b' '; given::MOST_READ + 1];
    assert_eq!(scene.post(&[], &[("a", &huge)]).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(scene.web.asked().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_takes_badges_in_any_form() {
    let scene = Scene::new().await;
    for name in ["good/did-web.json", "good/jwt-es256.jwt", "good/png-json.png", "good/svg-jwt.svg"] {
        let case = case(name);
        scene.set(&case);
        let media_type = match name.rsplit('.').next() {
            Some("json") => "application/json; charset=utf-8",
            Some("jwt") => "application/vc+jwt",
            Some("png") => "image/png",
            _ => "image/svg+xml",
        };
        let reply = scene.ask(media_type, case.badge.clone()).await;
        assert_eq!(reply.status, StatusCode::OK, "{name}");
        assert_eq!(reply.headers[header::CACHE_CONTROL], "no-store");
        assert_eq!(reply.json()["verdict"], "valid", "{name}");
    }
    let case = case("good/did-web.json");
    scene.set(&case);
    let text = json!({"text": String::from_utf8(case.badge.clone()).unwrap()});
    assert_eq!(scene.ask("application/json", text.to_string()).await.json()["verdict"], "valid");
    let url = "https://example.org/badges/1".to_owned();
    scene.web.tell(case.documents.iter().chain([(&url, &case.badge)]));
    let answer = scene.ask("application/json", json!({"url": url}).to_string()).await.json();
    assert_eq!((answer["verdict"].as_str(), answer["source"].as_str()), (Some("valid"), Some(url.as_str())));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_says_what_it_does_not_understand() {
    let scene = Scene::new().await;
    for (body, field) in [
        ("{}", "text"),
        ("{\"text\":\"a\",\"url\":\"b\"}", "text"),
        ("{\"file\":\"*\"}", "file"),
        ("{\"text\":\"a\",\"salt\":\"b\"}", "recipient"),
        ("{\"txet\":\"a\"}", "body"),
        ("[", "body"),
    ] {
        let reply = scene.ask("application/json", body).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{body}");
        assert_eq!(reply.headers[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!(reply.json()["field"], field, "{body}");
    }
    let long = scene.ask("application/octet-stream", vec![b' '; MOST_BYTES + 1]).await;
    assert_eq!(long.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(scene.ask("application/octet-stream", "text").await.json()["checks"][0]["id"], "form.not-a-badge");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_address_may_ask_only_so_often() {
    let scene = Scene::limited("30").await;
    let post = |last: u8| {
        let peer = ConnectInfo(SocketAddr::from((Ipv4Addr::new(192, 0, 2, last), 4711)));
        Request::builder()
            .method(Method::POST)
            .uri("/api/v1/verify")
            .header(header::CONTENT_TYPE, "text/plain")
            .extension(peer)
            .body(Body::from("text"))
            .unwrap()
    };
    for _ in 0..30 {
        assert_eq!(scene.send(post(1)).await.status, StatusCode::OK);
    }
    let refused = scene.send(post(1)).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.headers[header::RETRY_AFTER], "2");
    assert_eq!(refused.json()["type"], "https://badges.example.net/problems/too-many");
    assert_eq!(scene.send(post(2)).await.status, StatusCode::OK);
    scene.clock.fetch_add(2, Ordering::SeqCst);
    assert_eq!(scene.send(post(1)).await.status, StatusCode::OK);
    assert_eq!(scene.send(post(1)).await.status, StatusCode::TOO_MANY_REQUESTS);
    // Each badge of many costs.
    let files = vec![("a.json", &b"{}"[..]); 20];
    assert_eq!(scene.post(&[], &files).await.status, StatusCode::OK);
    let again = scene.post(&[], &files).await;
    assert_eq!(again.status, StatusCode::TOO_MANY_REQUESTS);
    // To look at the form costs nothing.
    assert_eq!(scene.get("/verify").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_verified_is_counted() {
    let scene = Scene::new().await;
    scene.post(&[("text", "nothing")], &[]).await;
    let figures = scene.get("/metrics").await.body;
    for figure in ["badges_verifications_total{verdict=\"invalid\"} ", "badges_awards ", "badges_jobs_waiting "] {
        assert!(figures.lines().any(|line| line.starts_with(figure)), "{figure} in {figures}");
    }
}
