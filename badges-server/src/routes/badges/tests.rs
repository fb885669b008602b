//! Badges through the real router, on both databases.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use badges_core::documents::{Answer, Documents};
use badges_core::{Verdict, verify};
use tokio::sync::watch;
use tower::ServiceExt as _;

use crate::ambient::random_id;
use crate::db::AwardRow;
use crate::issuing::{self, Acceptance, Named, NewBadge, NewJob, Reason, Visibility};
use crate::testing::{PUBLIC_URL, Scene, TestApp, on_both};
use crate::{App, auth, router};

pub(in crate::routes) struct Answered {
    pub(in crate::routes) status: StatusCode,
    pub(in crate::routes) headers: HeaderMap,
    pub(in crate::routes) body: Bytes,
}

impl Answered {
    pub(in crate::routes) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(in crate::routes) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

/// What is answered to a request with these headers.
pub(in crate::routes) async fn get(
    app: &TestApp,
    path: &str,
    headers: &[(&str, &str)],
) -> Answered {
    ask("GET", app, path, headers).await
}

async fn ask(method: &str, app: &TestApp, path: &str, headers: &[(&str, &str)]) -> Answered {
    let mut request = Request::builder()
        .method(method)
        .uri(path.strip_prefix(PUBLIC_URL).unwrap_or(path));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = router(App::clone(app))
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    Answered {
        status: parts.status,
        headers: parts.headers,
        body,
    }
}

/// The cookie of a person who is signed in.
async fn cookie(app: &TestApp, person: &str) -> String {
    let mut response: Response = ().into_response();
    auth::sign_in(app, person, &mut response).await.unwrap();
    let cookie = response.headers()[header::SET_COOKIE].to_str().unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

/// Somebody with a Wikimedia account.
pub(in crate::routes) async fn person(app: &TestApp, name: &str, central_id: i64) -> String {
    let person = app
        .db
        .insert_person(None, None, app.seconds())
        .await
        .unwrap();
    app.db
        .set_account(&person, central_id, Some(name))
        .await
        .unwrap();
    person
}

/// A badge that somebody has taken like this.
pub(in crate::routes) async fn taken(
    app: &TestApp,
    scene: &Scene,
    achievement: &str,
    person: &str,
    visibility: Visibility,
    named: Named,
) -> AwardRow {
    let detail = app.db.person(person).await.unwrap().unwrap();
    let award = offered(
        app,
        scene,
        achievement,
        detail.user_name.as_deref().unwrap(),
        detail.central_id.unwrap(),
    )
    .await;
    let acceptance = Acceptance {
        visibility,
        named,
        person: Some(person.to_owned()),
    };
    issuing::accept(app, &award.id, acceptance)
        .await
        .unwrap()
        .award
}

/// A badge on offer.
async fn offered(
    app: &TestApp,
    scene: &Scene,
    achievement: &str,
    name: &str,
    central_id: i64,
) -> AwardRow {
    let listed = app.db.participants(&scene.workshop).await.unwrap();
    if listed
        .iter()
        .all(|participant| participant.central_id != Some(central_id))
    {
        app.participants(&scene.workshop, &[(name, central_id)])
            .await;
    }
    let new = NewJob {
        workshop: scene.workshop.clone(),
        achievement: achievement.to_owned(),
        request: random_id(),
        person: scene.owner.clone(),
        awarded_at: app.seconds(),
        again: false,
        seen: crate::db::Seen::default(),
    };
    let job = issuing::start(app, new).await.unwrap();
    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn(issuing::work(App::clone(app), stopped));
    while app.db.job(&job.id).await.unwrap().unwrap().state != "done" {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    stop.send(true).unwrap();
    worker.await.unwrap();
    let awards = app.db.awards_of_workshop(&scene.workshop).await.unwrap();
    let mut awards = awards.into_iter().filter(|award| {
        award.award.achievement == achievement && award.central_id == Some(central_id)
    });
    awards.next().unwrap().award
}

fn page(award: &AwardRow) -> String {
    super::path_of("academy", &award.token)
}

const HTML: &[(&str, &str)] = &[("accept", "text/html")];

on_both! {
    /// A badge of a trial has no status list, and its page says what the service knows.
    async fn a_trial_says_what_it_took_back(app: TestApp) {
        let app = app.again("http://localhost:8080").await;
        let scene = app.scene().await;
        let who = person(&app, "Example", 1).await;
        let award = taken(&app, &scene, &scene.achievement, &who, Visibility::Public, Named::UserName).await;
        let path = format!("/issuers/academy/badges/{}", award.token);
        let html = [("accept", "text/html"), ("accept-language", "en")];
        let page = get(&app, &path, &html).await;
        assert!(page.text().contains("<h3>Genuine and valid</h3>") && page.text().contains("which issues badges on this service"), "{}", page.text());
        issuing::revoke(&app, &award.id, Reason::Mistake, None, &scene.owner).await.unwrap();
        let page = get(&app, &path, &html).await;
        assert!(page.text().contains("<h3>Revoked: its issuer has taken it back</h3>"), "{}", page.text());
        assert!(page.text().contains("<b>Has its issuer left it in force?</b> <span>Failed</span>"), "{}", page.text());
        assert!(page.text().contains("Other verifiers cannot know") && page.text().contains("only this service can tell"));
    }

    async fn each_sees_what_is_for_them(app: TestApp) {
        let scene = app.scene().await;
        let (mut number, mut awards) = (100, Vec::new());
        for (state, stranger, holder) in [
            ("offered", 404, 404),
            ("declined", 404, 404),
            ("public", 200, 200),
            ("unlisted", 200, 200),
            ("private", 404, 200),
            ("withdrawn", 410, 410),
            ("erased", 410, 410),
        ] {
            number += 1;
            let name = format!("Example {number}");
            let who = person(&app, &name, number).await;
            let award = match state {
                "offered" => offered(&app, &scene, &scene.achievement, &name, number).await,
                "declined" => {
                    let award = offered(&app, &scene, &scene.achievement, &name, number).await;
                    issuing::decline(&app, &award.id, Some(&who)).await.unwrap();
                    award
                }
                word => {
                    let visibility = Visibility::from_word(word).unwrap_or(Visibility::Public);
                    taken(&app, &scene, &scene.achievement, &who, visibility, Named::UserName).await
                }
            };
            match state {
                "withdrawn" => issuing::withdraw(&app, &award.id, Some(&who)).await.unwrap(),
                "erased" => issuing::erase_award(&app, &award.id, Some(&who)).await.unwrap(),
                _ => {}
            }
            awards.push((state, award, who, name, stranger, holder));
        }
        let other = cookie(&app, &person(&app, "Somebody Else", 99).await).await;
        for (state, award, who, name, stranger, holder) in &awards {
            let own = cookie(&app, who).await;
            for ending in ["", ".json", ".jwt", ".png", ".svg", "/certificate", "/preview.png", "/embed"] {
                let path = format!("{}{ending}", page(award));
                for (cookie, expected) in [("", stranger), (other.as_str(), stranger), (own.as_str(), holder)] {
                    // Frames on other sites have no session.
                    let expected = if ending == "/embed" && *state == "private" { 404 } else { *expected };
                    let answered = get(&app, &path, &[("cookie", cookie)]).await;
                    assert_eq!(answered.status, expected, "{state} {path} {cookie}");
                    if answered.status == 200 && *state == "private" {
                        assert!(answered.header("cache-control").starts_with("private"), "{path}");
                    }
                    if answered.status == 200 && *state != "public" {
                        assert_eq!(answered.header("x-robots-tag"), "noindex", "{path}");
                    }
                    let is_open = matches!(*state, "public" | "unlisted") && !matches!(ending, "" | "/certificate" | "/embed");
                    assert_eq!(answered.header("access-control-allow-origin"), if is_open { "*" } else { "" }, "{state} {path}");
                    if answered.status != 200 {
                        let body = String::from_utf8_lossy(&answered.body);
                        let main = body.split("<main").nth(1).unwrap_or(&body);
                        assert!(!main.contains(name.as_str()) && !main.contains("Wikipedia Editor"), "{state} {path}: {main}");
                    }
                }
            }
        }
        let said = |state: &str| awards.iter().find(|award| award.0 == state).map(|award| page(&award.1)).unwrap();
        assert!(get(&app, &said("withdrawn"), HTML).await.text().contains("The holder of this badge has withdrawn it."));
        assert!(get(&app, &said("erased"), HTML).await.text().contains("This badge was removed at the holder&#39;s request."));
        assert_eq!(get(&app, &said("erased"), &[("accept", "application/json")]).await.json()["type"], format!("{PUBLIC_URL}/problems/gone"));
        assert_eq!(get(&app, "/issuers/academy/badges/nothing", HTML).await.status, 404);
        assert_eq!(get(&app, &format!("{}.exe", said("public")), HTML).await.status, 404);
        let elsewhere = said("public").replace("academy", "another");
        assert_eq!(get(&app, &elsewhere, HTML).await.status, 404);
    }

    async fn every_form_is_the_badge(app: TestApp) {
        let scene = app.scene().await;
        let who = person(&app, "Example Volunteer", 7).await;
        let award = taken(&app, &scene, &scene.achievement, &who, Visibility::Public, Named::UserName).await;
        for (ending, accept, media_type) in [
            ("", "", "text/html; charset=utf-8"),
            ("", "*/*", "text/html; charset=utf-8"),
            ("", "application/json, text/plain, */*", "application/json"),
            ("", "application/vc+ld+json", "application/vc+ld+json"),
            ("", "application/vc", "application/vc"),
            ("", "application/vc+jwt", "application/vc+jwt"),
            ("", "text/plain", "text/plain"),
            ("", "image/png", "image/png"),
            ("", "image/svg+xml", "image/svg+xml"),
            (".json", "text/html", "application/vc+ld+json"),
            (".jwt", "text/html", "text/plain"),
            (".png", "text/html", "image/png"),
            (".svg", "text/html", "image/svg+xml"),
        ] {
            let path = format!("{}{ending}", page(&award));
            let answered = get(&app, &path, &[("accept", accept)]).await;
            assert_eq!((answered.status, answered.header("content-type")), (StatusCode::OK, media_type), "{path} {accept}");
            let varies = answered.headers.get_all(header::VARY).iter().any(|value| value == "Accept");
            assert_eq!(varies, ending.is_empty(), "{path} {accept}");
            let head = ask("HEAD", &app, &path, &[("accept", accept)]).await;
            assert_eq!((head.status, head.header("content-type"), head.body.len()), (StatusCode::OK, media_type, 0));
            if !media_type.starts_with("text/html") {
                assert!(answered.header("content-security-policy").contains("sandbox"));
                assert_eq!(judged(&app, &answered.body).await, Verdict::Valid, "{path} {accept}");
            }
        }
    }

    async fn who_has_it_need_not_load_it_again(app: TestApp) {
        let scene = app.scene().await;
        let who = person(&app, "Example Volunteer", 7).await;
        let award = taken(&app, &scene, &scene.achievement, &who, Visibility::Public, Named::Nothing).await;
        let list = "/issuers/academy/status/1";
        let mut tags = Vec::new();
        for path in [page(&award), format!("{}.json", page(&award)), format!("{}.png", page(&award)), list.to_owned()] {
            let first = get(&app, &path, &[]).await;
            let tag = first.header("etag").to_owned();
            let again = get(&app, &path, &[("if-none-match", &tag)]).await;
            assert_eq!((again.status, again.body.len(), again.header("etag")), (StatusCode::NOT_MODIFIED, 0, tag.as_str()), "{path}");
            let keep = if path == page(&award) { "no-cache" } else { "public, max-age=60" };
            assert_eq!((first.header("cache-control"), again.header("cache-control")), (keep, keep), "{path}");
            tags.push((path, tag));
        }
        issuing::revoke(&app, &award.id, Reason::Mistake, Some("a note for the desk"), &scene.owner).await.unwrap();
        // The page and the list say so at once, the signed badge is what it was.
        for ((path, tag), status) in tags.iter().zip([200, 304, 304, 200]) {
            assert_eq!(get(&app, path, &[("if-none-match", tag)]).await.status, status, "{path}");
        }
        assert_eq!(get(&app, "/issuers/academy/status/2", &[]).await.status, 404);
        assert_eq!(get(&app, "/issuers/academy/status/x", &[]).await.status, 404);
        let answered = get(&app, list, &[("accept", "text/html")]).await;
        assert_eq!(answered.header("content-type"), "application/vc+ld+json");
        assert_eq!(answered.header("access-control-allow-origin"), "*");
    }

    async fn pages_say_first_what_has_happened(app: TestApp) {
        let scene = app.scene().await;
        let mut made = Vec::new();
        for (number, achievement) in [(1, &scene.achievement), (2, &scene.suspendable), (3, &scene.achievement), (4, &scene.achievement)] {
            let who = person(&app, &format!("Example {number}"), number).await;
            made.push(taken(&app, &scene, achievement, &who, Visibility::Public, Named::Nothing).await);
        }
        let [revoked, suspended, corrected, expired] = made.as_slice() else { unreachable!("four") };
        issuing::revoke(&app, &revoked.id, Reason::Misconduct, Some("a note for the desk"), &scene.owner).await.unwrap();
        issuing::suspend(&app, &suspended.id, Some("a note for the desk"), &scene.owner).await.unwrap();
        let newer = issuing::correct(&app, &corrected.id, &NewBadge { evidence: Some(None), ..NewBadge::default() }, None, &scene.owner).await.unwrap();
        for (award, said, verdict) in [
            (revoked, "This badge was revoked on 1 May 2026: its issuer has taken it back, and it no longer counts. The reason is how it was obtained or used.", Verdict::Revoked),
            (suspended, "This badge has been suspended since 1 May 2026", Verdict::Suspended),
            (corrected, "was replaced by a corrected one on 1 May 2026.", Verdict::Revoked),
        ] {
            let answered = get(&app, &page(award), HTML).await;
            let text = answered.text();
            let main = text.split("<main").nth(1).unwrap();
            let first = main.split("<article").next().unwrap();
            assert!(first.contains(said), "{said}\n{main}");
            assert!(!text.contains("a note for the desk") && !text.contains("Genuine and valid"));
            assert!(!text.contains("linkedin.com") && answered.header("x-robots-tag") == "noindex");
            let json = get(&app, &format!("{}.json", page(award)), &[]).await;
            assert_eq!(judged(&app, &json.body).await, verdict);
            assert_eq!(get(&app, &format!("{}/certificate", page(award)), HTML).await.status, StatusCode::SEE_OTHER);
        }
        let leads = async |from: &AwardRow, to: &AwardRow| get(&app, &page(from), HTML).await.text().contains(&format!("href=\"{}\"", page(to)));
        assert!(leads(corrected, &newer).await && leads(&newer, corrected).await);
        // What is not listed must not be found from what is.
        let acceptance = Acceptance { visibility: Visibility::Unlisted, named: Named::Nothing, person: corrected.person.clone() };
        issuing::change(&app, &newer.id, acceptance).await.unwrap();
        assert!(!leads(corrected, &newer).await && leads(&newer, corrected).await);
        assert!(get(&app, &page(corrected), HTML).await.text().contains("1 May 2026, which cannot be seen here."));
        app.pass(3 * 366 * 86_400);
        let answered = get(&app, &page(expired), HTML).await;
        assert!(answered.text().contains("This badge expired on 1 May 2028."));
    }

    async fn pages_are_in_the_badges_words(app: TestApp) {
        let scene = app.scene().await;
        let who = person(&app, "Example Volunteer", 7).await;
        let award = taken(&app, &scene, &scene.achievement, &who, Visibility::Public, Named::Name("<مثال>".to_owned())).await;
        let url = format!("{PUBLIC_URL}{}", page(&award));
        let english = get(&app, &page(&award), HTML).await;
        for said in [
            "<bdi>&#60;مثال&#62;</bdi>",
            "<h1 lang=\"en\" dir=\"ltr\">Wikipedia Editor</h1>",
            "Signed by whoever runs <bdi>badges.example.org</bdi>.",
            "<p>Write three articles.</p>",
            "First Articles",
            &format!("<link rel=\"canonical\" href=\"{url}\">"),
            &format!("<meta property=\"og:image\" content=\"{url}/preview.png\">"),
            &format!("<link rel=\"alternate\" type=\"application/vc+ld+json\" href=\"{}.json\">", page(&award)),
            "&#38;name=Wikipedia%20Editor&#38;organizationName=Example%20Academy&#38;issueYear=2026&#38;issueMonth=5\
             &#38;expirationYear=2028&#38;expirationMonth=5&#38;certUrl=https%3A%2F%2Fbadges.example.org%2Fissuers",
        ] {
            assert!(english.text().contains(said), "{said}\n{}", english.text());
        }
        let data = english.text().split("<script type=\"application/ld+json\">").nth(1).unwrap();
        let data: serde_json::Value = serde_json::from_str(data.split("</script>").next().unwrap()).unwrap();
        assert_eq!(data["@type"], "EducationalOccupationalCredential");
        assert_eq!((data["url"].as_str(), data["expires"].as_str()), (Some(url.as_str()), Some("2028-05-01")));
        assert_eq!(data["datePublished"], "2026-05-01");
        let arabic = get(&app, &page(&award), &[("accept", "text/html"), ("accept-language", "ar")]).await;
        assert!(arabic.text().contains("<html lang=\"ar\" dir=\"rtl\">") && arabic.text().contains("أصلية"));
        let paper = get(&app, &format!("{}/certificate", page(&award)), HTML).await;
        assert!(paper.text().contains("<b dir=\"auto\">&#60;مثال&#62;</b>"));
        let preview = get(&app, &format!("{}/preview.png", page(&award)), &[]).await;
        assert_eq!((&preview.body[12..16], &preview.body[16..24]), (b"IHDR".as_slice(), [0, 0, 4, 176, 0, 0, 2, 118].as_slice()));
        let frame = get(&app, &format!("{}/embed", page(&award)), HTML).await;
        assert!(frame.header("content-security-policy").contains("frame-ancestors *"));
        assert!(english.header("content-security-policy").contains("frame-ancestors 'none'"));
    }
}

/// What the library says of a badge, with all that it asks for fetched from the service.
async fn judged(app: &TestApp, badge: &[u8]) -> Verdict {
    let mut documents = Documents::new();
    let mut report = verify(badge, &documents, app.now());
    while !report.missing().is_empty() {
        for url in report.missing().to_vec() {
            let answered = get(app, &url, &[]).await;
            assert_eq!(answered.status, StatusCode::OK, "{url}");
            documents.insert(&url, Answer::Loaded(answered.body.to_vec()));
        }
        report = verify(badge, &documents, app.now());
    }
    report.verdict()
}
