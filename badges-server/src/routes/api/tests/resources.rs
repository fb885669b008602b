//! What issuers write: themselves, achievements, workshops, lists, members.

use serde_json::json;

use super::*;
use crate::testing::on_both;

const SVG: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" width="9" height="9"><script>alert(1)</script><circle cx="4" cy="4" r="4" fill="#a00"/></svg>"##;

on_both! {
    async fn an_issuer_says_what_it_is(app: TestApp) {
        let (program, _) = begin(&app).await;
        let listed = program.get("/issuers").await.is(200).json();
        let issuer = program.get("/issuers/academy").await.is(200).json();
        assert_eq!(listed["items"], json!([issuer]));
        assert_eq!(issuer["did"], "did:web:badges.example.org:issuers:academy");
        let changed = program.ask("PATCH", "/issuers/academy", &json!({"description": "Trains editors.", "language": "AR"})).await.is(200).json();
        assert_eq!((&changed["description"], &changed["language"], &changed["name"]), (&json!("Trains editors."), &json!("ar"), &issuer["name"]));
        let wrong = program.ask("PATCH", "/issuers/academy", &json!({"url": "nowhere", "name": ""})).await.is(422).json();
        let fields: Vec<&str> = wrong["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect();
        assert_eq!(fields, ["name", "url"]);
        program.ask("PATCH", "/issuers/academy", &json!({"slug": "other"})).await.is(400);
        let logo = program.ask_with("PUT", "/issuers/academy/logo", &[("content-type", "image/svg+xml")], SVG).await.is(200).json();
        assert!(logo["logo"].as_str().unwrap().starts_with("https://badges.example.org/images/"));
        program.ask_with("PUT", "/issuers/academy/logo", &[("content-type", "image/png")], "no picture").await.is(422);
        program.ask_with("PUT", "/issuers/academy/logo", &[("content-type", "image/jpeg")], SVG).await.is(415);
        let without = program.ask_with("DELETE", "/issuers/academy/logo", &[], "").await.is(200).json();
        assert_eq!(without["logo"], Value::Null);
        assert_eq!(app.count("select count(*) from audit where action = 'issuer.change'").await, 3);
    }

    async fn an_achievement_is_read_as_it_was_written(app: TestApp) {
        let (program, _) = begin(&app).await;
        let written = json!({
            "name": "Wikidata Mentor", "description": "Helps others.", "criteria": "Mentor **three** people.", "language": "en",
            "type": "Competency", "tags": ["mentoring", "wikidata"], "validity": "P18M", "suspendable": true, "archived": false,
            "slug": "wikidata-mentor",
            "alignments": [
                {"target": "capacity", "name": "Mentoring", "address": "Q42", "code": null, "framework": null},
                {"target": "other", "name": "x", "address": "https://example.org/a", "code": "7", "framework": "Example"},
            ],
            "results": [{"name": "Score", "type": "Percent", "values": []}],
            "translations": [{"language": "ar", "name": "مثال", "description": "مثال", "criteria": "مثال"}],
        });
        let made = program.ask("POST", "/issuers/academy/achievements", &written).await.is(201);
        assert_eq!(made.header(header::LOCATION), "/api/v1/issuers/academy/achievements/wikidata-mentor");
        let made = made.json();
        for (name, value) in written.as_object().unwrap() {
            assert_eq!(made[name], *value, "{name}");
        }
        let path = "/issuers/academy/achievements/wikidata-mentor";
        assert_eq!(program.get(path).await.is(200).json(), made);
        // What was read can be sent back, and changes nothing.
        let again = program.ask("PATCH", path, &written).await.is(200).json();
        assert_eq!(again, made);
        let changed = program.ask("PATCH", path, &json!({"name": "Mentor", "validity": null, "tags": []})).await.is(200).json();
        assert_eq!((&changed["version"], &changed["validity"], &changed["tags"]), (&json!(1), &Value::Null, &json!([])));
        // A picture that was drawn follows the name; one that was sent stays.
        assert_ne!(changed["picture"], made["picture"]);
        let sent = program.ask_with("PUT", &format!("{path}/picture"), &[("content-type", "image/svg+xml")], SVG).await.is(200).json();
        let hash = sent["picture"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        let kept = app.db.image(&hash).await.unwrap().unwrap();
        assert!(!String::from_utf8(kept.bytes).unwrap().contains("script"));
        let renamed = program.ask("PATCH", path, &json!({"name": "Mentor of All", "slug": "mentor-of-all"})).await.is(200).json();
        assert_eq!((&renamed["picture"], &renamed["slug"]), (&sent["picture"], &json!("mentor-of-all")));
        program.get(path).await.is(404);
        let path = "/issuers/academy/achievements/mentor-of-all";
        let drawn = program.ask_with("DELETE", &format!("{path}/picture"), &[], "").await.is(200).json();
        assert_ne!(drawn["picture"], sent["picture"]);
        let archived = program.ask("PATCH", path, &json!({"archived": true})).await.is(200).json();
        assert_eq!((&archived["archived"], &archived["version"]), (&json!(true), &json!(1)));
        assert_eq!(app.count("select count(*) from audit where action = 'achievement.archive'").await, 1);
        // A slug is made from the name, another one if that is taken.
        let plain = json!({"name": "Editor", "description": "d", "criteria": "c", "language": "en"});
        let made = program.ask("POST", "/issuers/academy/achievements", &plain).await.is(201).json();
        assert_eq!(made["slug"], "editor-2");
        let listed = program.get("/issuers/academy/achievements").await.is(200).json();
        assert_eq!(listed["items"].as_array().unwrap().len(), 4);
    }

    async fn what_was_awarded_keeps_its_version(app: TestApp) {
        let (program, scene) = begin(&app).await;
        app.participants(&scene.workshop, &[("Example", 7)]).await;
        program.ask("POST", "/issuers/academy/workshops/workshop/awards", &json!({"achievement": "editor"})).await.is(202);
        work(&app).await;
        let path = "/issuers/academy/achievements/editor";
        let changed = program.ask("PATCH", path, &json!({"criteria": "Write five articles."})).await.is(200).json();
        assert_eq!(changed["version"], 2);
        let versions = program.get(&format!("{path}/versions")).await.is(200).json();
        let numbers: Vec<&Value> = versions["items"].as_array().unwrap().iter().map(|version| &version["version"]).collect();
        assert_eq!(numbers, [2, 1]);
        assert_eq!(versions["items"][1]["page"], "https://badges.example.org/issuers/academy/achievements/editor/versions/1");
        let award = program.get("/issuers/academy/awards").await.is(200).json()["items"][0].clone();
        assert_eq!(award["version"], 1);
        let taken = program.ask("PATCH", path, &json!({"slug": "other"})).await.is(422).json();
        assert_eq!(taken["field"], "slug");
    }

    async fn a_workshop_is_read_as_it_was_written(app: TestApp) {
        let (program, _) = begin(&app).await;
        let written = json!({
            "title": "أولى المقالات", "starts_on": "2026-04-30", "ends_on": "2026-05-01", "place": "Example City", "online": true,
            "organisers": "Example Academy", "event_page": "https://meta.wikimedia.org/wiki/Event:Example", "event_id": 1234,
            "method": "online-learning", "language": "ar", "territory": "Example Land", "achievements": ["editor", "mentor"],
        });
        let made = program.ask("POST", "/issuers/academy/workshops", &written).await.is(201);
        let path = made.header(header::LOCATION).strip_prefix("/api/v1").unwrap().to_owned();
        let made = made.json();
        for (name, value) in written.as_object().unwrap() {
            assert_eq!(made[name], *value, "{name}");
        }
        assert_eq!(program.get(&path).await.is(200).json(), made);
        assert_eq!(program.ask("PATCH", &path, &written).await.is(200).json(), made);
        for (change, field) in [
            (json!({"title": ""}), "title"),
            (json!({"starts_on": "30.4.2026"}), "starts_on"),
            (json!({"ends_on": "2026-04-29"}), "ends_on"),
            (json!({"event_page": "javascript:alert(1)"}), "event_page"),
            (json!({"method": "x"}), "method"),
            (json!({"language": "no language"}), "language"),
            (json!({"achievements": ["editor", "nothing"]}), "achievements[1]"),
        ] {
            let wrong = program.ask("PATCH", &path, &change).await.is(422).json();
            let told = wrong["field"].as_str().or_else(|| wrong["errors"][0]["field"].as_str());
            assert_eq!(told, Some(field), "{wrong}");
        }
        let plain = json!({"title": "Plain", "starts_on": "2026-04-30"});
        let made = program.ask("POST", "/issuers/academy/workshops", &plain).await.is(201).json();
        assert_eq!((&made["method"], &made["language"]), (&json!("training"), &json!("en")));
    }

    async fn a_list_is_imported_and_mended(app: TestApp) {
        let (program, _) = begin(&app).await;
        let path = "/issuers/academy/workshops/workshop/participants";
        let import = async |query: &str, kind: &str, list: &str| {
            program.ask_with("POST", &format!("{path}{query}"), &[("content-type", kind)], list).await
        };
        let first = import("", "text/plain; charset=utf-8", "Example\nمثال\nexample\nFoo@bar\n").await.is(200).json();
        assert_eq!(first["participants"], json!({"award": 2, "problem": 1, "skipped": 1}));
        assert_eq!((&first["format"], &first["added"]), (&json!("names"), &json!(4)));
        let again = import("", "text/csv", "username,global_id\nExample,7\n").await.is(200).json();
        assert_eq!((&again["added"], &again["changed"], &again["known"]), (&json!(0), &json!(1), &json!(1)));
        let rows = program.get(path).await.is(200).json()["items"].clone();
        let row = |outcome: &str| rows.as_array().unwrap().iter().find(|row| row["outcome"] == outcome).unwrap().clone();
        assert_eq!(row("award")["central_id"], 7);
        assert_eq!(row("skipped")["reason"]["id"], "skip.duplicate");
        let bad = row("problem");
        assert_eq!((&bad["reason"]["id"], &bad["reason"]["value"], &bad["place"]), (&json!("problem.name"), &json!("Foo@bar"), &json!({"line": 4})));
        let bad = format!("{path}/{}", bad["id"].as_str().unwrap());
        let still = program.ask("PATCH", &bad, &json!({"value": "Foo#bar"})).await.is(200).json();
        assert_eq!(still["outcome"], "problem");
        let mended = program.ask("PATCH", &bad, &json!({"value": "Other"})).await.is(200).json();
        assert_eq!((&mended["outcome"], &mended["user_name"]), (&json!("award"), &json!("Other")));
        program.ask("PATCH", &bad, &json!({"value": "Third"})).await.is(409);
        program.ask_with("DELETE", &bad, &[], "").await.is(204);
        program.ask_with("DELETE", &bad, &[], "").await.is(404);
        // A row that is mended to somebody on the list is no row any more.
        import("", "text/plain", "Foo@bar").await.is(200);
        let rows = program.get(path).await.is(200).json()["items"].clone();
        let bad = rows.as_array().unwrap().iter().find(|row| row["outcome"] == "problem").unwrap()["id"].as_str().unwrap().to_owned();
        program.ask("PATCH", &format!("{path}/{bad}"), &json!({"value": "Example"})).await.is(204);
        let anew = import("?anew=true", "text/plain", "Only").await.is(200).json();
        assert_eq!(anew["participants"], json!({"award": 1, "problem": 0, "skipped": 0}));
        for (query, kind, list, status) in [
            ("", "text/plain", "", 422),
            ("", "text/csv", "a,b\n1,2\n", 422),
            ("?name_column=c", "text/csv", "a,b\n1,2\n", 422),
            ("", "application/json", "{", 422),
            ("", "application/json", r#"{"event": 1}"#, 422),
            ("", "application/pdf", "x", 415),
            ("", "text/plain", "a\0b", 400),
            ("?rule=x", "text/plain", "a", 400),
            ("?anew=perhaps", "text/plain", "a", 400),
            ("?annew=true", "text/plain", "a", 400),
        ] {
            import(query, kind, list).await.is(status);
        }
        let ruled = import("?rule=score%20%3E%205&anew=true", "text/csv", "username,score\nA,6\nB,5\n").await.is(200).json();
        assert_eq!(ruled["participants"], json!({"award": 1, "problem": 0, "skipped": 1}));
    }

    async fn members_come_and_go(app: TestApp) {
        let (program, scene) = begin(&app).await;
        let path = "/issuers/academy/members";
        let invited = program.ask("POST", path, &json!({"name": "Example Trainer", "role": "trainer", "achievements": ["editor"]})).await.is(201);
        let location = invited.header(header::LOCATION).strip_prefix("/api/v1").unwrap().to_owned();
        let invited = invited.json();
        assert!(invited["link"].as_str().unwrap().starts_with("https://badges.example.org/sign-in/link/"));
        assert_eq!(program.get(&location).await.is(200).json(), invited["member"]);
        assert_eq!(invited["member"]["achievements"], json!(["editor"]));
        let all = program.ask("PATCH", &location, &json!({"achievements": null})).await.is(200).json();
        assert_eq!((&all["role"], &all["achievements"]), (&json!("trainer"), &Value::Null));
        program.ask("PATCH", &location, &json!({"achievements": ["nothing"]})).await.is(422);
        program.ask("PATCH", &location, &json!({"role": "king"})).await.is(400);
        program.ask("POST", path, &json!({"name": " ", "role": "trainer"})).await.is(422);
        let own = format!("{path}/{}", scene.owner);
        program.ask("PATCH", &own, &json!({"role": "trainer"})).await.is(409);
        program.ask_with("DELETE", &own, &[], "").await.is(409);
        assert_eq!(program.get(path).await.is(200).json()["items"].as_array().unwrap().len(), 2);
        program.ask_with("DELETE", &location, &[], "").await.is(204);
        program.get(&location).await.is(404);
    }

    async fn keys_change_and_the_log_tells(app: TestApp) {
        let (program, _) = begin(&app).await;
        let before = program.get("/issuers/academy/keys").await.is(200).json();
        assert_eq!(before["items"].as_array().unwrap().len(), 2);
        app.pass(1);
        let after = program.ask_with("POST", "/issuers/academy/keys/rotate", &[("idempotency-key", "k")], "").await.is(200).json();
        program.ask_with("POST", "/issuers/academy/keys/rotate", &[("idempotency-key", "k")], "").await.is(200);
        let states: Vec<&str> = after["items"].as_array().unwrap().iter().map(|key| key["state"].as_str().unwrap()).collect();
        assert_eq!(states.iter().filter(|state| **state == "active").count(), 2);
        assert_eq!(states.iter().filter(|state| **state == "retired").count(), 2);
        let log = program.get("/issuers/academy/audit?limit=1").await.is(200).json();
        assert_eq!(log["items"][0]["action"], "key.rotate");
        let next = log["next"].as_str().unwrap();
        program.get(&format!("/issuers/academy/audit?limit=1&cursor={next}")).await.is(200);
    }
}
