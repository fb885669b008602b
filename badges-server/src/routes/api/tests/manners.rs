//! What holds for all requests: versions, pages, repetitions, errors.

use serde_json::json;

use super::*;
use crate::testing::on_both;

const JSON: (&str, &str) = ("content-type", "application/json");

fn workshop(title: &str) -> Value {
    json!({"title": title, "starts_on": "2026-04-30"})
}

on_both! {
    async fn who_has_a_version_is_told_so(app: TestApp) {
        let (program, _) = begin(&app).await;
        for path in ["/openapi.json", "/issuers", "/issuers/academy", "/issuers/academy/achievements",
            "/issuers/academy/achievements/editor", "/issuers/academy/workshops", "/issuers/academy/workshops/workshop",
            "/issuers/academy/workshops/workshop/participants", "/issuers/academy/members", "/issuers/academy/keys",
            "/issuers/academy/awards", "/issuers/academy/audit"] {
            let first = program.get(path).await.is(200);
            let again = program.ask_with("GET", path, &[("if-none-match", first.tag())], "").await.is(304);
            assert_eq!(again.tag(), first.tag(), "{path}");
            program.ask_with("GET", path, &[("if-none-match", "\"other\"")], "").await.is(200);
            let cache = first.header(header::CACHE_CONTROL);
            let is_public = path == "/openapi.json";
            assert_eq!(cache.starts_with("public"), is_public, "{path}: {cache}");
            assert_eq!(first.headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN), is_public, "{path}");
        }
    }

    async fn nobody_changes_what_they_have_not_seen(app: TestApp) {
        let (program, _) = begin(&app).await;
        let path = "/issuers/academy/workshops/workshop";
        let seen = program.get(path).await.is(200);
        let change = json!({"place": "Example City"}).to_string();
        let changed = program.ask_with("PATCH", path, &[JSON, ("if-match", seen.tag())], &change).await.is(200);
        assert_eq!(changed.json()["place"], "Example City");
        assert_eq!(changed.json()["title"], seen.json()["title"]);
        let late = program.ask_with("PATCH", path, &[JSON, ("if-match", seen.tag())], &change).await.is(412);
        assert_eq!(late.problem(), "precondition");
        // What cannot be read is told before.
        program.ask_with("PATCH", path, &[JSON, ("if-match", seen.tag())], r#"{"palce": null}"#).await.is(400);
        let weak = format!("W/{}", changed.tag());
        program.ask_with("PATCH", path, &[JSON, ("if-match", &weak)], &change).await.is(412);
        program.ask_with("PATCH", path, &[JSON, ("if-match", "*")], &change).await.is(200);
        let tags = format!("\"x\", {}", changed.tag());
        let cleared = program.ask_with("PATCH", path, &[JSON, ("if-match", &tags)], r#"{"place": null}"#).await.is(200);
        assert_eq!(cleared.json()["place"], Value::Null);
        assert_eq!(program.get(path).await.tag(), cleared.tag());
    }

    async fn versions_are_not_compressed_under_the_same_tag(app: TestApp) {
        let (program, _) = begin(&app).await;
        let ask = |path: &str| Request::builder().uri(format!("/api/v1{path}")).header("accept-encoding", "gzip");
        let one = program.send(ask("/issuers/academy/achievements/editor"), "").await;
        assert!(!one.headers.contains_key("content-encoding") && !one.tag().starts_with("W/"));
    }

    async fn lists_come_in_pages(app: TestApp) {
        let (program, _) = begin(&app).await;
        for number in 0..7 {
            app.pass(i64::from(number % 2));
            program.ask("POST", "/issuers/academy/workshops", &workshop(&format!("Workshop {number}"))).await.is(201);
        }
        let all = program.get("/issuers/academy/workshops").await.is(200).json();
        assert_eq!(all["items"].as_array().unwrap().len(), 8);
        assert_eq!(all["next"], Value::Null);
        let (mut seen, mut path) = (Vec::new(), "/issuers/academy/workshops?limit=3".to_owned());
        loop {
            let page = program.get(&path).await.is(200);
            seen.extend(page.json()["items"].as_array().unwrap().clone());
            let Some(next) = page.json()["next"].as_str().map(str::to_owned) else { break };
            let link = page.header(header::LINK).to_owned();
            let link = link.strip_prefix("</api/v1").unwrap().split('>').next().unwrap();
            assert_eq!(link, format!("/issuers/academy/workshops?limit=3&cursor={next}"));
            // What comes meanwhile shifts nothing.
            app.pass(1);
            program.ask("POST", "/issuers/academy/workshops", &workshop("Meanwhile")).await.is(201);
            link.clone_into(&mut path);
        }
        assert_eq!(seen, *all["items"].as_array().unwrap());
        for wrong in ["limit=0", "limit=201", "limit=x", "limit=", "cursor=x", "cursor=", "cursor=MS4A", "other=1", "other=", "other", "limit=1&limit=x"] {
            let answer = program.get(&format!("/issuers/academy/workshops?{wrong}")).await.is(400);
            assert_eq!(answer.problem(), "unreadable", "{wrong}");
            let field = answer.json()["field"].as_str().unwrap().to_owned();
            assert!(wrong.contains(&field), "{wrong}: {field}");
        }
    }

    async fn a_request_with_a_key_is_done_once(app: TestApp) {
        let (program, _) = begin(&app).await;
        let path = "/issuers/academy/workshops";
        let key = ("idempotency-key", "first-of-may");
        let send = async |body: Value| program.ask_with("POST", path, &[JSON, key], &body.to_string()).await;
        let first = send(workshop("One")).await.is(201);
        let again = send(workshop("One")).await.is(201);
        assert_eq!((first.body.as_str(), first.header(header::LOCATION)), (again.body.as_str(), again.header(header::LOCATION)));
        let other = send(workshop("Two")).await.is(422);
        assert_eq!((other.json()["field"].as_str(), other.json()["reason"].as_str()), (Some("Idempotency-Key"), Some("badges-api-key-other")));
        assert_eq!(app.count("select count(*) from workshop where title <> 'First Articles'").await, 1);
        // What came to nothing leaves the key free.
        let key = ("idempotency-key", "second");
        let send = async |body: Value| program.ask_with("POST", path, &[JSON, key], &body.to_string()).await;
        send(workshop("")).await.is(422);
        send(workshop("Three")).await.is(201);
        // The same key of another program is another key.
        app.pass(86_400);
        app.db.sweep(app.seconds()).await.unwrap();
        send(workshop("Four")).await.is(201);
        let long = "x".repeat(256);
        for wrong in ["", "a b", long.as_str()] {
            let answer = program.ask_with("POST", path, &[JSON, ("idempotency-key", wrong)], &workshop("Five").to_string()).await.is(422);
            assert_eq!(answer.json()["reason"], "badges-api-key-form");
        }
    }

    async fn a_request_that_is_under_way_is_not_begun_again(app: TestApp) {
        let (program, _) = begin(&app).await;
        let body = workshop("One").to_string();
        let said = secret::hash(&format!("POST /api/v1/issuers/academy/workshops\n{body}"));
        let token = app.db.use_token(&secret::hash(program.token.as_ref().unwrap()), app.seconds()).await.unwrap().unwrap().id;
        assert!(app.db.begin_request(&token, "k", &said, app.seconds()).await.unwrap());
        let send = async || program.ask_with("POST", "/issuers/academy/workshops", &[JSON, ("idempotency-key", "k")], &body).await;
        let busy = send().await.is(409);
        assert_eq!(busy.json()["reason"], "badges-api-key-busy");
        // Whoever began it has died.
        app.pass(299);
        send().await.is(409);
        app.pass(1);
        // Of those who find that, one takes its place.
        let answers = tokio::join!(send(), send(), send());
        for answer in [answers.0, answers.1, answers.2] {
            assert!([201, 409].contains(&answer.status.as_u16()), "{answer:?}");
        }
        send().await.is(201);
        assert_eq!(app.count("select count(*) from workshop where title = 'One'").await, 1);
        // All at once: one is done, the others wait for it or are told to.
        let body = workshop("Two").to_string();
        let send = async || program.ask_with("POST", "/issuers/academy/workshops", &[JSON, ("idempotency-key", "l")], &body).await;
        let answers = tokio::join!(send(), send(), send(), send());
        for answer in [answers.0, answers.1, answers.2, answers.3] {
            assert!([201, 409].contains(&answer.status.as_u16()), "{answer:?}");
        }
        assert_eq!(app.count("select count(*) from workshop where title = 'Two'").await, 1);
    }

    async fn what_was_done_is_found_when_its_answer_was_lost(app: TestApp) {
        let (program, scene) = begin(&app).await;
        let offers = awards::award(&app, &program, &scene, "mentor", &[("Example", 7), ("Other", 8)]).await;
        let (one, other) = (awards::path(&offers[0]), awards::path(&offers[1]));
        let (revoke, suspend, reinstate) = (format!("{one}/revoke"), format!("{other}/suspend"), format!("{other}/reinstate"));
        let (renew, correct) = (format!("{other}/renew-claim"), format!("{other}/correct"));
        let achievement = json!({"slug": "new-one", "name": "n", "description": "d", "criteria": "c", "language": "en"});
        let rows = ["workshop", "person", "achievement", "signing_key", "award", "job", "audit"];
        for (number, (path, body)) in [
            ("/issuers/academy/workshops", workshop("One")),
            ("/issuers/academy/members", json!({"name": "Example Trainer", "role": "trainer"})),
            ("/issuers/academy/achievements", achievement),
            ("/issuers/academy/keys/rotate", json!({"compromised": false})),
            ("/issuers/academy/workshops/workshop/awards", json!({"achievement": "editor"})),
            (&revoke, json!({"reason": "mistake"})),
            (&suspend, json!({"note": "Being looked into."})),
            (&reinstate, json!({})),
            (&renew, json!({})),
            (&correct, json!({"achievement": "editor"})),
        ].into_iter().enumerate() {
            app.pass(1000);
            let key = format!("key-{number}");
            let headers: &[_] = if body == json!({}) { &[("idempotency-key", key.as_str())] } else { &[JSON, ("idempotency-key", key.as_str())] };
            let body = if body == json!({}) { String::new() } else { body.to_string() };
            let send = async || program.ask_with("POST", path, headers, &body).await;
            let first = send().await;
            assert!(first.status.is_success(), "{path}: {first:?}");
            let again = send().await;
            assert_eq!((again.status, &again.body), (first.status, &first.body), "{path}");
            assert_eq!(again.headers.get(header::ETAG), first.headers.get(header::ETAG));
            // The process died between doing it and keeping the answer.
            app.execute(&format!("update idempotency set status = null, body = null where key = '{key}'")).await;
            app.pass(300);
            let mut before = Vec::new();
            for table in rows {
                before.push(app.count(&format!("select count(*) from {table}")).await);
            }
            let late = send().await;
            assert_eq!((late.status, late.headers.get(header::LOCATION)), (first.status, first.headers.get(header::LOCATION)), "{path}: {late:?}");
            for (table, before) in rows.into_iter().zip(before) {
                let is_new_link = path.ends_with("renew-claim") && table == "audit";
                let now = app.count(&format!("select count(*) from {table}")).await;
                assert_eq!(now, before + i64::from(is_new_link), "{path}: {table}");
            }
        }
        // The same key is another request a day later.
        app.pass(86_400);
        app.db.sweep(app.seconds()).await.unwrap();
        program.ask_with("POST", "/issuers/academy/workshops", &[JSON, ("idempotency-key", "key-0")], &workshop("One").to_string()).await.is(201);
        assert_eq!(app.count("select count(*) from workshop where title = 'One'").await, 2);
    }

    async fn what_has_begun_goes_on_when_nobody_waits(app: TestApp) {
        let (program, _) = begin(&app).await;
        let body = workshop("One").to_string();
        let mut sent = Box::pin(program.ask_with("POST", "/issuers/academy/workshops", &[JSON, ("idempotency-key", "k")], &body));
        // The connection breaks off as soon as the place is taken.
        while app.count("select count(*) from idempotency").await == 0 {
            if tokio::time::timeout(Duration::from_micros(200), &mut sent).await.is_ok() {
                break;
            }
        }
        drop(sent);
        tokio::time::timeout(Duration::from_secs(120), async {
            while app.count("select count(*) from idempotency where status is not null").await == 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }).await.unwrap();
        program.ask_with("POST", "/issuers/academy/workshops", &[JSON, ("idempotency-key", "k")], &body).await.is(201);
        assert_eq!(app.count("select count(*) from workshop where title = 'One'").await, 1);
    }

    async fn names_do_not_outlive_erasure_in_answers(app: TestApp) {
        let (program, scene) = begin(&app).await;
        let offers = awards::award(&app, &program, &scene, "editor", &[("Example", 7)]).await;
        let send = async || program.ask_with("POST", &format!("{}/renew-claim", awards::path(&offers[0])), &[("idempotency-key", "k")], "").await;
        let claim = send().await.is(200).json()["claim_link"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        program.with(None).ask("POST", &format!("/claims/{claim}/decline"), &json!({"erase": true})).await.is(204);
        assert_eq!(app.count("select count(*) from idempotency where body is not null").await, 0);
        let erased = send().await.is(409);
        assert_eq!(erased.json()["reason"], "badges-api-key-erased");
    }

    async fn answers_are_kept_sealed(app: TestApp) {
        let (program, _) = begin(&app).await;
        let body = json!({"name": "Example Trainer", "role": "trainer"}).to_string();
        let send = async || program.ask_with("POST", "/issuers/academy/members", &[JSON, ("idempotency-key", "k")], &body).await;
        let first = send().await.is(201);
        assert_eq!(first.body, send().await.is(201).body);
        let kept = app.count("select count(*) from idempotency where body is not null").await;
        assert_eq!(kept, 1);
        let plain: Vec<u8> = crate::db::on!(&app.db, pool =>
            sqlx::query_scalar("select body from idempotency").fetch_one(pool).await.unwrap());
        assert!(!String::from_utf8_lossy(&plain).contains("Example"));
    }

    async fn what_is_wrong_is_told_with_its_place(app: TestApp) {
        let (program, _) = begin(&app).await;
        let path = "/issuers/academy/achievements";
        let good = json!({"name": "n", "description": "d", "criteria": "c", "language": "en"});
        let with = |name: &str, value: Value| {
            let mut body = good.clone();
            body[name] = value;
            body
        };
        for (body, status, field) in [
            (with("nmae", json!(1)), 400, "nmae"),
            (with("tags", json!([1])), 400, "tags[0]"),
            (with("alignments", json!([{"target": "wikidata", "name": "x", "adress": "Q1"}])), 400, "alignments[0].adress"),
            (with("name", json!("a\0")), 400, "name"),
            (json!({"name": "n"}), 400, "body"),
            (json!([]), 400, "body"),
            (json!(["n", "d", "c", "en"]), 400, "body"),
            (with("alignments", json!([["wikidata", "x", "Q1"]])), 400, "alignments[0]"),
            (with("name", json!(" ")), 422, "name"),
            (with("type", json!("x")), 422, "type"),
            (with("slug", json!("A B")), 422, "slug"),
            (with("slug", json!("editor")), 422, "slug"),
            (with("validity", json!("2y")), 422, "validity"),
            (with("alignments", json!([{"target": "x", "name": "x", "address": "Q1"}])), 422, "alignments[0].target"),
            (with("alignments", json!([{"target": "wikidata", "name": "x", "address": "42"}])), 422, "alignments[0].address"),
            (with("translations", json!([{"language": "ar", "name": "", "description": "x", "criteria": "x"}])), 422, "translations[0].name"),
        ] {
            let answer = program.ask("POST", path, &body).await.is(status);
            let told = answer.json();
            let told = told["field"].as_str().or_else(|| told["errors"][0]["field"].as_str()).unwrap_or_default();
            assert_eq!(told, field, "{body}: {}", answer.body);
        }
        program.ask_with("POST", path, &[("content-type", "text/html")], "{}").await.is(415);
        program.ask_with("POST", path, &[], "{}").await.is(415);
        let answer = program.ask_with("POST", path, &[JSON], "{").await.is(400);
        assert_eq!(answer.json()["field"], "body");
        program.ask_with("POST", path, &[JSON], &"[".repeat(300)).await.is(400);
        program.ask_with("POST", path, &[JSON], &format!("\"{}\"", "x".repeat(2 << 20))).await.is(413);
        let arabic = Request::builder().method("POST").uri(format!("/api/v1{path}"))
            .header("accept-language", "ar").header(JSON.0, JSON.1);
        let answer = program.send(arabic, "{}").await;
        assert_eq!(answer.json()["title"], "تعذّرت قراءة ما أُرسل");
    }

    async fn other_methods_and_paths_are_problems_too(app: TestApp) {
        let (program, _) = begin(&app).await;
        let ask = |method: &str, path: &str| Request::builder().method(method).uri(format!("/api/v1{path}"));
        let answer = program.send(ask("DELETE", "/issuers/academy"), "").await.is(405);
        assert_eq!(answer.problem(), "method");
        assert_eq!(answer.header(header::ALLOW), "GET,HEAD,PATCH");
        for path in ["/", "/nothing", "/issuers/academy/nothing", "/issuers/%00", "/users/a%00b/credentials"] {
            let answer = program.send(ask("GET", path), "").await.is(404);
            assert_eq!(answer.problem(), "not-found");
        }
    }
}
