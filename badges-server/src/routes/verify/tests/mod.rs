//! The page and the API through the whole router, in a web of the test's own.

mod api;
mod page;

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
    folder: TempDir,
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
        let options = [
            "badges-server",
            "--data",
            data,
            "--rate-limit",
            limit,
            "--public-url",
            "https://badges.example.net",
        ];
        let settings = Options::try_parse_from(options)
            .unwrap()
            .settings
            .settings()
            .unwrap();
        let clock = Arc::new(AtomicI64::new(1_780_000_000));
        let web = Told::new(folder.path());
        let app = App::open_in(
            settings,
            Clock::Fixed(Arc::clone(&clock)),
            Web::Told(web.clone()),
        )
        .await
        .unwrap();
        Self {
            router: router(app),
            web,
            clock,
            folder,
        }
    }

    /// Makes it the time of a case, and the world what it says.
    fn set(&self, case: &Case) {
        let at = parse_date_time(&case.expectation.at).unwrap();
        self.clock.store(at.unix_timestamp(), Ordering::SeqCst);
        self.web.tell(&case.documents);
        let seconds = |text: &str| parse_date_time(text).unwrap().unix_timestamp();
        let lists = case.expectation.newest_lists.iter().map(|(url, list)| {
            let (from, met) = (seconds(&list.valid_from), at.unix_timestamp() - 2 * 86_400);
            json!({"url": url, "issuer": list.issuer, "validFrom": from, "met": met})
        });
        let lists: Vec<Value> = lists.collect();
        let file = self.folder.path().join("seen-lists.json");
        std::fs::write(file, serde_json::to_vec(&lists).unwrap()).unwrap();
        self.web.remember(self.folder.path());
    }

    async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Reply {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    async fn get(&self, path: &str) -> Reply {
        self.send(Request::get(path).body(Body::empty()).unwrap())
            .await
    }

    /// Sends the form of the page: fields, and files with their names.
    async fn post(&self, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Reply {
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend(
                format!(
                    "--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
                )
                .bytes(),
            );
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
        let (_, rest) = self
            .body
            .split_once(tag)
            .unwrap_or_else(|| panic!("no {tag} in {}", self.body));
        rest.split_once('<').unwrap().0
    }
}

fn case(name: &str) -> Case {
    case::all()
        .into_iter()
        .find(|case| case.name == name)
        .unwrap_or_else(|| panic!("{name}"))
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
        if case.expectation.trust.is_some() || case.expectation.schemas || by_did {
            continue;
        }
        let Case {
            name, expectation, ..
        } = &case;
        scene.set(&case);
        let recipient = expectation.recipient.as_deref().unwrap_or_default();
        let salt = expectation.salt.as_deref().unwrap_or_default();
        let reply = scene
            .post(
                &[("recipient", recipient), ("salt", salt)],
                &[("badge", &case.badge)],
            )
            .await;
        assert_eq!(reply.status, StatusCode::OK, "{name}");
        assert_eq!(reply.headers[header::CACHE_CONTROL], "no-store");
        assert_well_formed(name, &reply.body);
        let headline = reply.text("<h2>").to_owned();

        scene.set(&case);
        let mut body = json!({ "file": STANDARD.encode(&case.badge) });
        for (member, text) in [
            ("recipient", &expectation.recipient),
            ("salt", &expectation.salt),
        ] {
            if let Some(text) = text {
                body[member] = text.as_str().into();
            }
        }
        let answer = scene.ask("application/json", body.to_string()).await.json();
        assert_eq!(answer["verdict"], expectation.verdict.as_str(), "{name}");
        assert_eq!(answer["source"], "-");
        let failed: Vec<&str> = answer["checks"]
            .as_array()
            .unwrap()
            .iter()
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
        let positive = ["Genuine and valid", "Genuine, valid, and", "Valid"]
            .iter()
            .any(|good| headline.starts_with(good));
        assert!(
            !positive || expectation.verdict == "valid",
            "{name}: {headline}"
        );
        seen.insert((expectation.verdict.clone(), headline));
    }
    let verdicts: Vec<(&str, &str)> = seen
        .iter()
        .map(|(verdict, headline)| (verdict.as_str(), headline.as_str()))
        .collect();
    assert_eq!(
        verdicts,
        [
            ("expired", "Expired"),
            ("expired", "Genuine, but expired"),
            ("invalid", "Not valid"),
            ("not-yet-valid", "Genuine, but not valid yet"),
            ("revoked", "Revoked: its issuer has taken it back"),
            (
                "suspended",
                "Suspended: its issuer has taken it back for now"
            ),
            ("unknown", "Genuine, but not everything could be checked"),
            ("unknown", "It could not be told whether this is genuine"),
            ("valid", "Genuine and valid"),
            (
                "valid",
                "Genuine and valid, but not shown to be for the person you asked about"
            ),
            (
                "valid",
                "Genuine, but does not name the person you asked about"
            ),
            (
                "valid",
                "Genuine, valid, and given to the person you asked about"
            ),
            (
                "valid",
                "Valid and given to the person you asked about, but it is not shown who issued it"
            ),
            (
                "valid",
                "Valid as a whole, but not everything inside could be checked"
            ),
            (
                "valid",
                "Valid as a whole, but one badge inside is not valid"
            ),
            ("valid", "Valid, but it is not shown who issued it"),
        ]
    );
}

/// Start and end tags fit, attributes stand in quotes once each, and no script is written inline.
fn assert_well_formed(name: &str, page: &str) {
    const VOID: [&str; 5] = ["meta", "link", "img", "input", "br"];
    let mut open = Vec::new();
    let mut rest = page;
    while let Some((_, after)) = rest.split_once('<') {
        let (tag, after) = after
            .split_once('>')
            .unwrap_or_else(|| panic!("{name}: an open tag"));
        rest = after;
        if tag.starts_with('!') {
            continue;
        }
        if let Some(end) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(end), "{name}");
            continue;
        }
        let element = tag.split_whitespace().next().unwrap();
        assert!(
            !tag.contains('\'') && tag.matches('"').count() % 2 == 0,
            "{name}: {tag}"
        );
        let outside: String = tag.split('"').step_by(2).collect();
        assert!(
            !outside.contains(" on") && !outside.contains("style="),
            "{name}: {tag}"
        );
        let mut attributes: Vec<&str> = outside.split_whitespace().skip(1).collect();
        let count = attributes.len();
        attributes.sort_unstable();
        attributes.dedup();
        assert_eq!(attributes.len(), count, "{name}: {tag}");
        assert!(
            element != "script" || tag.contains(" src="),
            "{name}: {tag}"
        );
        if !VOID.contains(&element) {
            open.push(element);
        }
    }
    assert!(open.is_empty(), "{name}: {open:?}");
    assert!(
        page.chars()
            .all(|sign| !shown(sign.encode_utf8(&mut [0; 4])).is_empty()),
        "{name}"
    );
    let ids: Vec<&str> = page
        .split(" id=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let mut once = ids.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), ids.len(), "{name}: {ids:?}");
}
