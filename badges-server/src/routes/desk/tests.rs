//! The desk as its people use it: through the whole router, on both databases.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::Value;

use crate::browser::{Browser, Page};
use crate::db::{Action, Role};
use crate::issuing;
use crate::testing::{Scene, TestApp, on_both};

const HERE: &str = "https://badges.example.org";
const CIRCLE: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="400" height="400"><circle cx="50" cy="50" r="45" fill="#0a6"/></svg>"##;
const NASTY: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="400" height="400" onload="alert(1)"><script>alert(1)</script><circle cx="50" cy="50" r="45" fill="#0a6"/></svg>"##;

/// Sends a form with files, as the page that the browser has seen does.
async fn upload(
    browser: &mut Browser,
    path: &str,
    fields: &[(&str, &str)],
    files: &[(&str, &str)],
) -> Page {
    let page = browser.get(path).await;
    assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
    let token = page.value("csrf").unwrap().to_owned();
    let mut body = String::new();
    for (name, text) in [("csrf", token.as_str())].iter().chain(fields) {
        body.push_str(&format!(
            "--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n"
        ));
    }
    for (name, text) in files {
        body.push_str(&format!(
            "--edge\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"a.svg\"\r\nContent-Type: image/svg+xml\r\n\r\n{text}\r\n"
        ));
    }
    body.push_str("--edge--\r\n");
    let cookies: Vec<String> = browser
        .cookies
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let request = Request::post(path)
        .header(header::ACCEPT, "text/html")
        .header(header::ACCEPT_LANGUAGE, "en")
        .header(header::COOKIE, cookies.join("; "))
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body))
        .unwrap();
    browser.send(request).await
}

/// What a program gets.
async fn fetch(app: &TestApp, path: &str, headers: &[(&str, &str)]) -> Page {
    let mut request = Request::get(path).header(header::ACCEPT, "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Browser::new(app)
        .send(request.body(Body::empty()).unwrap())
        .await
}

async fn fetch_json(app: &TestApp, path: &str) -> Value {
    let page = fetch(app, path, &[]).await;
    assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
    serde_json::from_str(&page.body).unwrap()
}

/// Somebody with a role for the scene's issuer.
async fn somebody(app: &TestApp, scene: &Scene, role: Role) -> String {
    let person = app
        .db
        .insert_person(Some("Example Colleague"), None, app.seconds())
        .await
        .unwrap();
    app.join(&scene.issuer, &person, role).await;
    person
}

const EDITOR: [(&str, &str); 6] = [
    ("name", "Wikidata Editor"),
    ("description", "Adds sourced statements."),
    ("criteria", "Add **ten** statements.\r\n\r\n- with sources"),
    ("language", "en"),
    ("type", "Competency"),
    ("unit", "years"),
];

on_both! {
    async fn an_issuer_is_set_up_and_can_award_at_once(app: TestApp) {
        let owner = app.owner().await;
        let mut browser = Browser::of(&app, &owner).await;
        let desk = browser.get("/desk").await;
        assert_eq!(desk.location(), "/desk/new");

        let wrong = [("name", ""), ("url", "example"), ("language", "klingon!")];
        let page = upload(&mut browser, "/desk/new", &wrong, &[("logo-file", "no picture")]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        for field in ["name", "url", "language", "logo-file"] {
            assert!(page.says(&format!("href=\"#{field}\"")), "{field} is not said to be wrong");
        }
        assert_eq!(page.value("url"), Some("example"), "what was typed is lost");

        let good = [("name", "Example Wikimedia Chapter"), ("url", "https://example.org"), ("language", "ar")];
        let page = upload(&mut browser, "/desk/new", &good, &[("logo-file", CIRCLE)]).await;
        assert_eq!(page.location(), "/desk/example-wikimedia-chapter");
        let page = browser.follow(&page).await;
        assert!(page.says("Example Wikimedia Chapter") && page.says("مشارك في ورشة"), "{}", page.body);

        let issuer = app.db.issuer_by_slug("example-wikimedia-chapter").await.unwrap().unwrap();
        let (first, _) = app.db.achievements(&issuer.id).await.unwrap().remove(0);
        issuing::preview(&app, None, &first, app.seconds()).await.unwrap();
        let page = upload(&mut browser, "/desk/new", &good, &[]).await;
        assert_eq!(page.location(), "/desk/example-wikimedia-chapter-2", "another of the same name");

        // A second press makes no second issuer, also when both come at once.
        let request = browser.get("/desk/new").await.value("request").unwrap().to_owned();
        let twice = [good[0], good[1], good[2], ("request", &request)];
        let mut other = Browser::of(&app, &owner).await;
        let (one, two) = tokio::join!(
            upload(&mut browser, "/desk/new", &twice, &[]),
            upload(&mut other, "/desk/new", &twice, &[]),
        );
        assert_eq!((one.location(), two.location()), ("/desk/example-wikimedia-chapter-3", "/desk/example-wikimedia-chapter-3"));
        let page = upload(&mut browser, "/desk/new", &twice, &[]).await;
        assert_eq!(page.location(), "/desk/example-wikimedia-chapter-3");
        assert_eq!(app.count("select count(*) from issuer").await, 3);
        assert_eq!(app.count("select count(*) from achievement").await, 3);
    }

    async fn the_desk_shows_what_there_is(app: TestApp) {
        app.offers(&[("Example", 7), ("Other", 8)]).await;
        let issuing = app.issuing().await;
        for number in 1..=11 {
            app.execute(&format!(
                "insert into workshop (id, issuer, title, starts_on, online, method, language, made_at, made_by) \
                 values ('w{number}', '{}', 'Workshop {number}', '2026-05-01', true, 'training', 'en', {}, '{}')",
                issuing.issuer, app.seconds() + number, issuing.owner)).await;
        }
        let mut browser = Browser::of(&app, &issuing.owner).await;
        let page = browser.get("/desk").await;
        assert!(page.says("href=\"/desk/academy\"") && page.says("Owner"));
        let page = browser.get("/desk/academy").await;
        let (shown, earlier) = page.body.split_once("<details>").unwrap();
        assert!(shown.contains("Workshop 11<") && shown.contains("Workshop 2<"), "{shown}");
        assert!(earlier.contains("Workshop 1<") && earlier.contains("First Articles<"), "{earlier}");
        assert!(shown.contains("Offered, not yet accepted</dt><dd class=\"number\">2<"), "{shown}");
        let page = browser.get("/desk/academy/achievements").await;
        assert!(page.says("class=\"number\">2<"), "{}", page.body);
    }

    async fn everybody_can_read_who_issues_and_with_which_keys(app: TestApp) {
        let scene = app.scene().await;
        let profile = fetch_json(&app, "/issuers/academy.json").await;
        assert_eq!(profile["id"], "did:web:badges.example.org:issuers:academy");
        assert_eq!(profile, fetch_json(&app, "/issuers/academy").await);
        let document = fetch_json(&app, "/issuers/academy/did.json").await;
        assert_eq!(document["id"], profile["id"]);
        assert_eq!(document["assertionMethod"].as_array().unwrap().len(), 2);
        let set = fetch(&app, "/.well-known/jwks.json", &[]).await;
        assert_eq!(set.header("content-type"), "application/jwk-set+json");
        assert_eq!(serde_json::from_str::<Value>(&set.body).unwrap()["keys"].as_array().unwrap().len(), 2);
        for method in document["assertionMethod"].as_array().unwrap() {
            let name = method.as_str().unwrap().split('#').nth(1).unwrap();
            let multikey = fetch_json(&app, &format!("/issuers/academy/keys/{name}.json")).await;
            assert_eq!(multikey["publicKeyMultibase"], name);
            assert_eq!(multikey["id"], format!("{HERE}/issuers/academy/keys/{name}.json"));
            let jwk = fetch_json(&app, &format!("/issuers/academy/keys/{name}.jwk.json")).await;
            assert_eq!(jwk["kid"], *method);
        }
        let first = fetch(&app, "/issuers/academy/did.json", &[]).await;
        assert_eq!(first.header("access-control-allow-origin"), "*");
        assert_eq!(first.header("cache-control"), "public, max-age=60");
        let again = fetch(&app, "/issuers/academy/did.json", &[("if-none-match", first.header("etag"))]).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
        for path in ["/issuers/nobody", "/issuers/nobody/did.json", "/issuers/academy.txt", "/issuers/academy/keys/z6Mk.json", "/issuers/academy/keys/z6Mk"] {
            assert_eq!(fetch(&app, path, &[]).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        let page = Browser::new(&app).get("/issuers/academy").await;
        assert!(page.says("badges.example.org") && page.says("Wikipedia Editor"));
        drop(scene);
    }

    async fn keys_change_and_a_compromised_one_goes_at_once(app: TestApp) {
        let scene = app.scene().await;
        let mut browser = Browser::of(&app, &scene.owner).await;
        let listed = async || {
            let document = fetch_json(&app, "/issuers/academy/did.json").await;
            let methods = document["assertionMethod"].as_array().unwrap().clone();
            methods.into_iter().map(|method| method.as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let old = listed().await;
        let page = browser.get("/desk/academy/keys").await;
        assert!(page.says("Verifiers find the public half"), "{}", page.body);
        let page = browser.get("/desk/academy/keys/rotate").await;
        assert!(page.says("the old keys stay on the list") && listed().await == old, "{}", page.body);
        browser.post("/desk/academy/keys/rotate", &[]).await.location();
        app.pass(60);
        let both = listed().await;
        assert!(both.len() == 4 && old.iter().all(|method| both.contains(method)), "{both:?}");
        let page = browser.get("/desk/academy/keys").await;
        let retired = old[0].split('#').nth(1).unwrap();
        assert!(page.says(&format!("compromised?key={retired}")));

        browser.get(&format!("/desk/academy/keys/compromised?key={retired}")).await;
        browser.post("/desk/academy/keys/compromised", &[("key", retired)]).await.location();
        let rest = listed().await;
        assert!(rest.len() == 3 && !rest.contains(&old[0]), "{rest:?}");
        browser.post("/desk/academy/keys/compromised", &[]).await.location();
        let new = listed().await;
        assert!(both[..2].iter().all(|method| !new.contains(method) || old.contains(method)), "{new:?}");
        let gone = fetch(&app, &format!("/issuers/academy/keys/{retired}.json"), &[]).await;
        assert_eq!(gone.status, StatusCode::NOT_FOUND);
    }

    async fn a_trial_says_what_new_keys_mean(app: TestApp) {
        let app = app.again("http://localhost:8080").await;
        let scene = app.scene().await;
        let mut browser = Browser::of(&app, &scene.owner).await;
        assert!(!browser.get("/desk/academy/keys").await.says("Verifiers find the public half"));
        let page = browser.get("/desk/academy/keys/rotate").await;
        assert!(page.says("During the trial the key is") && !page.says("stay on the list"), "{}", page.body);
        browser.post("/desk/academy/keys/rotate", &[]).await.location();
        assert_eq!(app.count("select count(*) from identity").await, 2);
    }

    async fn an_issuer_that_moves_is_still_known_by_its_old_identity(app: TestApp) {
        let scene = app.scene().await;
        let moved = app.again("https://new.example.org").await;
        let issuer = moved.db.issuer(&scene.issuer).await.unwrap().unwrap();
        moved.pass(60);
        issuing::identity(&moved, &issuer).await.unwrap();
        let profile = fetch_json(&moved, "/issuers/academy.json").await;
        assert_eq!(profile["id"], "did:web:new.example.org:issuers:academy");
        assert_eq!(profile["otherIdentifier"][0]["identifier"], "did:web:badges.example.org:issuers:academy");
        for (host, did) in [
            ("badges.example.org", "did:web:badges.example.org:issuers:academy"),
            ("new.example.org", "did:web:new.example.org:issuers:academy"),
            ("other.example.org", "did:web:new.example.org:issuers:academy"),
        ] {
            let page = fetch(&moved, "/issuers/academy/did.json", &[("host", host)]).await;
            assert_eq!(serde_json::from_str::<Value>(&page.body).unwrap()["id"], did, "{host}");
        }
        let page = Browser::new(&moved).get("/issuers/academy").await;
        assert!(page.says("did:web:badges.example.org:issuers:academy"));

        // What the old identity signs with can be known to others as well.
        let old = moved.db.keys("did:web:badges.example.org:issuers:academy").await.unwrap();
        let now = moved.db.keys("did:web:new.example.org:issuers:academy").await.unwrap();
        let mut owner = Browser::of(&moved, &scene.owner).await;
        let page = owner.get("/desk/academy/keys").await;
        let link = |key: &str| format!("compromised?key={key}");
        assert!(page.says(&link(&old[0].multikey)) && !page.says(&link(&now[0].multikey)), "{}", page.body);
        let page = owner.get(&format!("/desk/academy/keys/{}", link(&old[0].multikey))).await;
        assert!(page.says("The issuer gets new keys"), "{}", page.body);
        owner.post("/desk/academy/keys/compromised", &[("key", &old[0].multikey)]).await.location();
        let page = fetch(&moved, "/issuers/academy/did.json", &[("host", "badges.example.org")]).await;
        assert!(page.says("did:web:badges.example.org:issuers:academy#") && !page.says(&old[0].multikey), "{}", page.body);
        assert_eq!(owner.get("/desk/academy/keys/compromised?key=z6Mk").await.status, StatusCode::NOT_FOUND);
    }

    async fn what_is_wrong_with_an_achievement_is_said_where_it_is(app: TestApp) {
        let scene = app.scene().await;
        let mut browser = Browser::of(&app, &scene.owner).await;
        let path = "/desk/academy/achievements/new";
        let wrong = |field: &'static str, text: &'static str| {
            let mut fields: Vec<(&str, &str)> = EDITOR.iter().copied().filter(|(name, _)| *name != field).collect();
            fields.extend([
                ("alignment-0-target", "esco"), ("alignment-0-name", ""), ("alignment-0-address", ""),
                ("alignment-1-target", "wikidata"), ("alignment-1-name", "Editing"), ("alignment-1-address", "Q42"),
                ("result-0-name", "Grade"), ("result-0-type", "LetterGrade"), ("result-0-values", "B\r\nA"),
                ("translation-0-language", "ar"), ("translation-0-name", "محرر"),
                ("translation-0-description", "وصف"), ("translation-0-criteria", "شرط"),
            ]);
            fields.retain(|(name, _)| *name != field);
            fields.push((field, text));
            (fields, field)
        };
        let cases = [
            wrong("name", ""), wrong("description", ""), wrong("criteria", " "), wrong("language", "no language"),
            wrong("type", "Nonsense"), wrong("validity", "0"), wrong("validity", "9999"), wrong("slug", "No Slug"), wrong("slug", "new"),
            wrong("alignment-1-address", "42"), wrong("alignment-1-name", ""), wrong("result-0-name", ""),
            wrong("result-0-type", ""), wrong("translation-0-language", "EN"), wrong("translation-0-name", ""),
            wrong("name", "bell \u{7}"), wrong("alignment-1-code", "bell \u{7}"),
        ];
        for (fields, field) in cases {
            let page = upload(&mut browser, path, &fields, &[]).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}: {}", page.body);
            assert!(page.says(&format!("href=\"#{field}\"")), "{field}: {}", page.body);
            assert!(page.says(&format!("id=\"{field}-error\"")), "{field}: {}", page.body);
            assert!(page.says("محرر") || field.starts_with("translation"), "what was typed is lost");
        }
        let (mut fields, _) = wrong("tags", "wikidata\r\nediting");
        fields.push(("do", "preview"));
        let page = upload(&mut browser, path, &fields, &[]).await;
        assert!(page.status == StatusCode::OK && page.says("<strong>ten</strong>"), "{}", page.body);
        assert!(page.says("id=\"alignment-1-name\"") && !page.says("id=\"alignment-2-name\""), "one empty row more");
        assert!(app.db.achievement_by_slug(&scene.issuer, "wikidata-editor").await.unwrap().is_none());
        fields.pop();
        let page = upload(&mut browser, path, &fields, &[]).await;
        assert_eq!(page.location(), "/desk/academy/achievements");
        let page = upload(&mut browser, path, &fields, &[]).await;
        page.location();
        assert!(app.db.achievement_by_slug(&scene.issuer, "wikidata-editor-2").await.unwrap().is_some());
        let (mut fields, _) = wrong("slug", "wikidata-editor");
        fields.push(("suspendable", "yes"));
        let page = upload(&mut browser, path, &fields, &[]).await;
        assert!(page.status == StatusCode::UNPROCESSABLE_ENTITY && page.says("id=\"slug-error\""));

        let document = fetch_json(&app, "/issuers/academy/achievements/wikidata-editor").await;
        let id = format!("{HERE}/issuers/academy/achievements/wikidata-editor");
        assert_eq!(document["id"], id.as_str());
        assert_eq!(document["alignment"][0]["targetUrl"], "http://www.wikidata.org/entity/Q42");
        assert_eq!(document["related"][0]["id"], format!("{id}#ar"));
        assert_eq!(document["resultDescription"][0]["allowedValue"], serde_json::json!(["B", "A"]));
        assert_eq!(document["tag"], serde_json::json!(["wikidata", "editing"]));
        let mut reader = Browser::new(&app);
        let page = reader.get("/issuers/academy/achievements/wikidata-editor?uselang=ar").await;
        assert!(page.says("محرر") && page.says("dir=\"rtl\">شرط") || page.says("شرط"), "{}", page.body);
    }

    async fn awarded_badges_keep_their_version(app: TestApp) {
        let scene = app.scene().await;
        let mut browser = Browser::of(&app, &scene.owner).await;
        let path = "/desk/academy/achievements/editor";
        let changed = |name: &'static str| [("name", name), ("description", "Edits."), ("criteria", "Edit."), ("language", "en"), ("type", "Badge"), ("unit", "years"), ("picture-from", "drawn")];
        upload(&mut browser, path, &changed("Editor"), &[]).await.location();
        let version = async || app.db.achievement(&scene.achievement).await.unwrap().unwrap().version;
        assert_eq!(version().await, 1, "nobody was awarded it");
        let mut moved = changed("Editor").to_vec();
        moved.push(("slug", "wiki-editor"));
        let page = upload(&mut browser, path, &moved, &[]).await;
        assert_eq!(page.location(), "/desk/academy/achievements/wiki-editor");
        let told = "select count(*) from audit where action = 'achievement.rename' and detail = '{\"slug\":\"wiki-editor\"}'";
        assert_eq!(app.count(told).await, 1);
        let path = "/desk/academy/achievements/wiki-editor";

        app.participants(&scene.workshop, &[("Example", 7)]).await;
        let job = issuing::NewJob {
            workshop: scene.workshop.clone(),
            achievement: scene.achievement.clone(),
            request: "request".to_owned(),
            person: scene.owner.clone(),
            awarded_at: app.seconds(),
            again: false,
            seen: crate::db::Seen::default(),
        };
        issuing::start(&app, job).await.unwrap();
        upload(&mut browser, path, &changed("Editor"), &[]).await.location();
        assert_eq!(version().await, 1, "nothing was changed");
        let before = fetch(&app, "/issuers/academy/achievements/wiki-editor/versions/1.json", &[]).await;
        let mut renamed = changed("Better Editor").to_vec();
        renamed.push(("slug", "other"));
        let page = upload(&mut browser, path, &renamed, &[]).await;
        assert_eq!(page.location(), path, "the address is fixed");
        assert_eq!(version().await, 2);
        let after = fetch(&app, "/issuers/academy/achievements/wiki-editor/versions/1.json", &[]).await;
        assert_eq!(before.body, after.body);
        let newest = fetch_json(&app, "/issuers/academy/achievements/wiki-editor.json").await;
        assert_eq!((newest["name"].as_str(), newest["version"].as_str()), (Some("Better Editor"), Some("2")));
        let page = browser.get("/desk/academy/achievements/wiki-editor/versions").await;
        assert!(page.says("versions/1\"") && page.says("versions/2\""));
        let page = Browser::new(&app).get("/issuers/academy/achievements/wiki-editor/versions/1").await;
        assert!(page.says("This is an older version"));
        // The picture that badges point to.
        let image = newest["image"]["id"].as_str().unwrap().strip_prefix(HERE).unwrap().to_owned();
        assert_eq!(fetch(&app, &image, &[]).await.header("content-type"), "image/png");
        let drawn = app.db.version(&scene.achievement, 2).await.unwrap().unwrap().image;
        assert_ne!(drawn, app.db.version(&scene.achievement, 1).await.unwrap().unwrap().image);

        browser.get("/desk/academy/achievements").await;
        browser.post(&format!("{path}/archive"), &[]).await.location();
        let page = browser.get("/desk/academy/achievements").await;
        assert!(page.says("No longer awarded") && page.says("/unarchive"));
        assert!(!Browser::new(&app).get("/issuers/academy").await.says("Better Editor"));
        assert!(Browser::new(&app).get("/issuers/academy/achievements/wiki-editor").await.says("no longer awarded"));
        browser.post(&format!("{path}/unarchive"), &[]).await.location();
        assert!(Browser::new(&app).get("/issuers/academy").await.says("Better Editor"));
    }

    async fn pictures_are_cleaned_and_cannot_act(app: TestApp) {
        let scene = app.scene().await;
        let mut browser = Browser::of(&app, &scene.owner).await;
        let path = "/desk/academy/achievements/new";
        let page = upload(&mut browser, path, &EDITOR, &[("picture-file", NASTY)]).await;
        assert!(page.status == StatusCode::OK && page.says("Scripts were left out"), "{}", page.body);
        let hash = page.value("picture").unwrap().to_owned();
        let mut fields = EDITOR.to_vec();
        fields.extend([("picture", hash.as_str()), ("picture-from", "kept")]);
        upload(&mut browser, path, &fields, &[]).await.location();
        let image = fetch(&app, &format!("/images/{hash}"), &[]).await;
        assert!(image.says("<circle") && !image.says("alert"), "{}", image.body);
        assert_eq!(image.header("content-type"), "image/svg+xml");
        assert_eq!(image.header("content-security-policy"), "default-src 'none'; style-src 'unsafe-inline'; sandbox");
        assert_eq!(image.header("x-content-type-options"), "nosniff");
        assert_eq!(image.header("content-disposition"), "inline");
        assert!(image.header("cache-control").contains("immutable"));
        let svg = fetch(&app, "/issuers/academy/achievements/wikidata-editor.svg", &[]).await;
        assert!(svg.bytes == image.bytes && svg.header("content-security-policy").contains("sandbox"));
        let png = fetch(&app, "/issuers/academy/achievements/wikidata-editor.png", &[]).await;
        assert!(png.bytes.starts_with(b"\x89PNG"));
        assert_eq!(fetch(&app, "/images/none", &[]).await.status, StatusCode::NOT_FOUND);
        let page = upload(&mut browser, path, &EDITOR, &[("picture-file", "<svg")]).await;
        assert!(page.status == StatusCode::UNPROCESSABLE_ENTITY && page.says("id=\"picture-file-error\""));
        // What was typed stays, however large the picture is.
        let large = format!("{CIRCLE}{}", " ".repeat(20 << 20));
        let page = upload(&mut browser, path, &EDITOR, &[("picture-file", &large)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.says("at most 256 KiB are possible") && page.value("name") == Some("Wikidata Editor"), "{}", page.body);
    }

    async fn settings_change_what_badges_to_come_say(app: TestApp) {
        let scene = app.scene().await;
        let mut browser = Browser::of(&app, &scene.owner).await;
        let path = "/desk/academy/settings";
        let fields = [("name", "New Academy"), ("description", "We teach."), ("url", ""), ("language", "pt-br")];
        let page = upload(&mut browser, path, &fields, &[("logo-file", NASTY)]).await;
        assert!(page.status == StatusCode::OK && page.says("Scripts were left out"));
        let logo = page.value("logo").unwrap().to_owned();
        let page = upload(&mut browser, path, &[&fields[..], &[("logo", logo.as_str())]].concat(), &[]).await;
        assert_eq!(page.location(), path);
        let issuer = app.db.issuer(&scene.issuer).await.unwrap().unwrap();
        assert_eq!((issuer.language.as_str(), issuer.logo.as_deref()), ("pt-BR", Some(logo.as_str())));
        let profile = fetch_json(&app, "/issuers/academy.json").await;
        assert_eq!(profile["name"], "New Academy");
        assert_eq!(profile["image"]["id"], format!("{HERE}/images/{logo}"));
        assert!(profile.get("url").is_none());
        let page = upload(&mut browser, path, &[&fields[..], &[("logo", logo.as_str()), ("no-logo", "yes")]].concat(), &[]).await;
        page.location();
        assert_eq!(app.db.issuer(&scene.issuer).await.unwrap().unwrap().logo, None);
        let page = upload(&mut browser, path, &[("name", "bell \u{7}"), ("language", "en")], &[]).await;
        assert!(page.status == StatusCode::UNPROCESSABLE_ENTITY && page.says("id=\"name-error\""), "{}", page.body);
    }

    async fn members_come_change_and_go(app: TestApp) {
        let scene = app.scene().await;
        let mut owner = Browser::of(&app, &scene.owner).await;
        owner.get("/desk/academy/members").await;
        let page = owner.post("/desk/academy/members", &[("name", " "), ("role", "king")]).await;
        assert!(page.status == StatusCode::UNPROCESSABLE_ENTITY && page.says("name-error") && page.says("role-error"));
        let page = owner.post("/desk/academy/members", &[("name", "Example Trainer"), ("role", "trainer")]).await;
        assert_eq!(page.header("cache-control"), "no-store");
        let link = page.value("link").unwrap().strip_prefix(HERE).unwrap().to_owned();
        let mut trainer = Browser::new(&app);
        trainer.get(&link).await;
        trainer.post(&link, &[]).await.location();
        let page = trainer.get("/desk/academy").await;
        assert!(page.says("New workshop") && !page.says("Settings"));
        app.pass(8 * 86_400);
        let used = Browser::new(&app).post(&link, &[]).await;
        assert_eq!(used.status, StatusCode::GONE);

        let members = app.db.members(&scene.issuer).await.unwrap();
        let person = members.iter().find(|member| member.role == "trainer").unwrap().person.clone();
        let path = format!("/desk/academy/members/{person}");
        let page = owner.get(&path).await;
        assert!(page.says("Wikipedia Editor") && page.says("/link"));
        let some = [("role", "trainer"), ("may-award", "some"), ("achievement", scene.achievement.as_str()), ("achievement", "nothing of ours")];
        owner.post(&path, &some).await.location();
        assert_eq!(app.db.member_achievements(&scene.issuer, &person).await.unwrap(), std::slice::from_ref(&scene.achievement));
        assert!(!app.db.member(&scene.issuer, &person).await.unwrap().unwrap().every_achievement);
        let page = owner.post(&path, &[("role", "king")]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);

        // An owner who is the only one stays.
        let own = format!("/desk/academy/members/{}", scene.owner);
        assert_eq!(owner.post(&own, &[("role", "reviewer")]).await.status, StatusCode::CONFLICT);
        assert_eq!(owner.post("/desk/academy/leave", &[]).await.status, StatusCode::CONFLICT);
        let page = owner.get("/desk/academy/leave").await;
        assert!(page.says("An issuer needs an owner.") && !page.says("class=\"danger\""), "{}", page.body);
        assert_eq!(owner.post(&format!("{own}/remove"), &[]).await.status, StatusCode::CONFLICT);
        owner.post(&path, &[("role", "owner")]).await.location();
        owner.post(&own, &[("role", "reviewer")]).await.location();
        assert_eq!(owner.get(&path).await.status, StatusCode::FORBIDDEN);
        owner.post("/desk/academy/leave", &[]).await.location();
        assert_eq!(owner.get("/desk/academy").await.status, StatusCode::FORBIDDEN);
        let page = trainer.get(&path).await;
        assert!(page.says("owner") && app.db.member_achievements(&scene.issuer, &person).await.unwrap().is_empty());
        assert_eq!(trainer.post(&format!("{own}/remove"), &[]).await.status, StatusCode::NOT_FOUND);
    }

    async fn a_link_opens_nothing_that_its_maker_does_not_have(app: TestApp) {
        let scene = app.scene().await;
        let mut owner = Browser::of(&app, &scene.owner).await;
        let colleague = somebody(&app, &scene, Role::Trainer).await;
        let path = format!("/desk/academy/members/{colleague}");
        owner.get(&path).await;
        let page = owner.post(&format!("{path}/link"), &[]).await;
        assert!(page.value("link").unwrap().contains("/sign-in/link/"));
        // Somebody who works for another issuer too, has an account, a badge, or the service.
        app.db.set_account(&colleague, 7, Some("Example")).await.unwrap();
        assert_eq!(owner.post(&format!("{path}/link"), &[]).await.status, StatusCode::FORBIDDEN);
        assert!(!owner.get(&path).await.says("Make a new link"));
        let other = somebody(&app, &scene, Role::Trainer).await;
        assert!(app.db.may_be_given_link(&other, &scene.owner).await.unwrap());
        assert!(!app.db.may_be_given_link(&other, &colleague).await.unwrap());
        app.db.set_service_owner(&other, app.seconds()).await.unwrap();
        assert!(!app.db.may_be_given_link(&other, &scene.owner).await.unwrap());
    }

    async fn pages_of_people_are_kept_nowhere(app: TestApp) {
        let scene = app.scene().await;
        let mut owner = Browser::of(&app, &scene.owner).await;
        let mut nobody = Browser::new(&app);
        for path in ["/desk/academy/workshops/workshop/links", "/desk/academy/workshops/workshop/participants", "/desk/academy/awards", "/"] {
            let page = owner.get(path).await;
            assert_eq!((page.status.as_u16(), page.header("cache-control")), (200, "private, no-store"), "{path}");
        }
        assert_eq!(nobody.get("/desk/academy").await.header("cache-control"), "private, no-store");
        assert!(!nobody.get("/").await.headers.contains_key("cache-control"));
        // What is for everybody says so itself.
        let image = app.db.achievements(&scene.issuer).await.unwrap().remove(0).1.image;
        assert!(owner.get(&format!("/images/{image}")).await.header("cache-control").starts_with("public"));
    }

    async fn no_database_is_asked_to_keep_a_zero(app: TestApp) {
        let scene = app.scene().await;
        let mut owner = Browser::of(&app, &scene.owner).await;
        owner.get("/me/settings").await;
        let page = owner.post("/me/settings", &[("display_name", "Example\0Owner"), ("language", "en")]).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        let path = "/desk/academy/workshops/workshop/participants";
        let page = owner.upload(path, &[("list", "Example\0Volunteer")], &[]).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        let page = owner.upload(path, &[], &[("file", "list.txt", b"Example Volunteer\nExam\0ple")]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        // A percent sign and two digits are what they are.
        let page = owner.post("/me/settings", &[("display_name", "100%00"), ("language", "en")]).await;
        assert!(page.status.is_redirection());
        assert!(owner.get("/me/settings").await.says("100%00"));
        // Whatever stands in a badge that somebody gives.
        let list = "https://badges.example.org/issuers/academy/badges/x\\u0000";
        let badge = format!(r#"{{"@context":["https://www.w3.org/ns/credentials/v2"],"id":"{list}","type":["VerifiableCredential"],"credentialStatus":{{"id":"{list}","type":"BitstringStatusListEntry","statusListCredential":"{list}"}}}}"#);
        let mut nobody = Browser::new(&app);
        for given in [badge.as_str(), "https://badges.example.org/issuers/academy/badges/x\u{1}"] {
            assert!(nobody.upload("/verify", &[("text", given)], &[]).await.status.as_u16() < 500);
        }
    }

    async fn everything_that_is_done_stands_in_the_log(app: TestApp) {
        let scene = app.scene().await;
        let reviewer = somebody(&app, &scene, Role::Reviewer).await;
        for number in 0..60 {
            app.pass(1);
            let action = Action {
                at: app.seconds(),
                issuer: Some(&scene.issuer),
                person: (number != 59).then_some(scene.owner.as_str()),
                action: if number == 58 { "something.unheard-of" } else { "issuer.change" },
                noun: "issuer",
                object: &scene.issuer,
                detail: None,
            };
            app.db.log(&action).await.unwrap();
        }
        app.db.set_person(&scene.owner, Some("=HYPERLINK(1)"), None).await.unwrap();
        let mut browser = Browser::of(&app, &reviewer).await;
        let page = browser.get("/desk/academy/audit").await;
        assert!(page.says("Changed the settings") && page.says("something.unheard-of") && page.says("The service"));
        assert!(!page.says("Set up the issuer"));
        let older = page.body.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
        let page = browser.get(&older).await;
        assert!(page.says("Set up the issuer") && page.says("rel=\"prev\""), "{}", page.body);
        let csv = browser.get("/desk/academy/audit.csv").await;
        assert!(csv.says("at,person,name,action,noun,object,detail") && csv.says("'=HYPERLINK(1)") && csv.says("issuer.make"));
        assert!(csv.header("content-disposition").contains("audit.csv"));
        let json = browser.get("/desk/academy/audit.json").await;
        let entries: Value = serde_json::from_str(&json.body).unwrap();
        assert_eq!(entries["entries"].as_array().unwrap().len() + 1, csv.body.lines().count());
    }

    async fn the_desk_is_for_members_and_its_own_pages(app: TestApp) {
        let scene = app.scene().await;
        let stranger = app.db.insert_person(Some("Example Stranger"), None, app.seconds()).await.unwrap();
        let mut stranger = Browser::of(&app, &stranger).await;
        assert!(stranger.get("/desk").await.says("You do not work for an issuer yet"));
        let mut owner = Browser::of(&app, &scene.owner).await;
        assert_eq!(owner.get("/desk/nobody").await.status, StatusCode::NOT_FOUND);
        let forged = owner.post_as("cross-site", "/desk/academy/keys/rotate", &[]).await;
        assert_eq!(forged.status, StatusCode::FORBIDDEN);
        assert_eq!(app.count("select count(*) from signing_key where state <> 'active'").await, 0);
    }
}
