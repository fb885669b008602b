//! From a list to badges, and what becomes of them.

use serde_json::json;

use super::*;
use crate::testing::on_both;

const AWARDS: &str = "/issuers/academy/awards";

/// Awards an achievement to these people; the awards, the newest first.
pub(super) async fn award(
    app: &TestApp,
    program: &Program,
    scene: &Scene,
    slug: &str,
    people: &[(&str, i64)],
) -> Vec<Value> {
    app.participants(&scene.workshop, people).await;
    program
        .ask(
            "POST",
            "/issuers/academy/workshops/workshop/awards",
            &json!({"achievement": slug}),
        )
        .await
        .is(202);
    work(app).await;
    program
        .get(&format!("{AWARDS}?achievement={slug}"))
        .await
        .is(200)
        .json()["items"]
        .as_array()
        .unwrap()
        .clone()
}

pub(super) fn path(award: &Value) -> String {
    format!("{AWARDS}/{}", award["id"].as_str().unwrap())
}

on_both! {
    async fn everybody_on_a_list_gets_one_badge(app: TestApp) {
        let (program, scene) = begin(&app).await;
        app.participants(&scene.workshop, &[("Example", 7), ("Other", 0), ("مثال", 9)]).await;
        let start = "/issuers/academy/workshops/workshop/awards";
        let body = json!({"achievement": "editor", "awarded_at": "2026-04-30T12:00:00+02:00"}).to_string();
        let headers = [("content-type", "application/json"), ("idempotency-key", "k")];
        let begun = program.ask_with("POST", start, &headers, &body).await.is(202);
        let again = program.ask_with("POST", start, &headers, &body).await.is(202);
        assert_eq!(begun.json()["id"], again.json()["id"]);
        let job = begun.header(header::LOCATION).strip_prefix("/api/v1").unwrap().to_owned();
        assert_eq!((&begun.json()["total"], &begun.json()["waiting"]), (&json!(3), &json!(3)));
        work(&app).await;
        let done = program.get(&job).await.is(200).json();
        assert_eq!((&done["state"], &done["done"], &done["awarded_at"]), (&json!("done"), &json!(3), &json!("2026-04-30T10:00:00Z")));
        let rows = program.get(&format!("{job}/rows?limit=2&state=done")).await.is(200).json();
        assert_eq!(rows["items"].as_array().unwrap().len(), 2);
        let rest = program.get(&format!("{job}/rows?limit=2&cursor={}", rows["next"].as_str().unwrap())).await.is(200).json();
        assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next"]), (1, &Value::Null));
        assert_eq!(program.get(&format!("{job}/rows?state=refused")).await.is(200).json()["items"], json!([]));
        program.get(&format!("{job}/rows?state=other")).await.is(400);
        // Whoever has it gets no other one, unless that is wanted.
        program.ask("POST", start, &json!({"achievement": "editor"})).await.is(202);
        work(&app).await;
        assert_eq!(program.get(AWARDS).await.json()["items"].as_array().unwrap().len(), 3);
        program.ask("POST", start, &json!({"achievement": "editor", "again": true})).await.is(202);
        work(&app).await;
        assert_eq!(program.get(AWARDS).await.json()["items"].as_array().unwrap().len(), 6);
        for (body, status) in [
            (json!({"achievement": "nothing"}), 422),
            (json!({"achievement": "editor", "awarded_at": "tomorrow"}), 400),
            (json!({"achievement": "editor", "awarded_at": "2026-06-01T00:00:00Z"}), 422),
            (json!({"achievement": "editor", "awarded_at": "1999-01-01T00:00:00Z"}), 422),
            (json!({}), 400),
        ] {
            program.ask("POST", start, &body).await.is(status);
        }
        program.ask("POST", start, &json!({"achievement": "editor", "version": 2})).await.is(412);
        program.ask("POST", start, &json!({"achievement": "editor", "version": 1})).await.is(202);
        // Valid for two years, so not any more.
        let ended = program.ask("POST", start, &json!({"achievement": "editor", "awarded_at": "2024-04-30T00:00:00Z"})).await.is(422).json();
        assert_eq!((&ended["field"], &ended["reason"]), (&json!("awarded_at"), &json!("badges-award-day-ended")));
    }

    async fn nobody_is_no_list(app: TestApp) {
        let (program, _) = begin(&app).await;
        let answer = program.ask("POST", "/issuers/academy/workshops/workshop/awards", &json!({"achievement": "editor"})).await.is(409);
        assert_eq!(answer.json()["reason"], "badges-award-nobody");
    }

    async fn awards_are_found(app: TestApp) {
        let (program, scene) = begin(&app).await;
        let awards = award(&app, &program, &scene, "editor", &[("Example", 7), ("Other", 0)]).await;
        assert_eq!(awards.len(), 2);
        for (filter, count) in [
            ("achievement=editor", 2), ("achievement=mentor", 0), ("achievement=nothing", 0), ("workshop=workshop", 2),
            ("workshop=x", 0), ("acceptance=offered", 2), ("acceptance=accepted", 0), ("standing=valid", 2),
            ("standing=revoked", 0), ("name=xamp", 1), ("name=EXAMPLE", 1), ("name=%25", 0),
        ] {
            let found = program.get(&format!("{AWARDS}?{filter}")).await.is(200).json();
            assert_eq!(found["items"].as_array().unwrap().len(), count, "{filter}");
        }
        for wrong in ["acceptance=x", "standing=x", "state=x"] {
            program.get(&format!("{AWARDS}?{wrong}")).await.is(400);
        }
        let first = program.get(&format!("{AWARDS}?limit=1&achievement=editor")).await.is(200);
        assert!(first.header(header::LINK).contains("achievement=editor"));
        let one = program.get(&path(&awards[0])).await.is(200).json();
        assert_eq!(one, awards[0]);
        assert!(one["claim_link"].as_str().unwrap().starts_with("https://badges.example.org/claim/"));
        assert_eq!(one["badge"], Value::Null);
        // Whoever may only read gets no link with which a badge can be accepted.
        let reader = token(&app, &scene.owner, &scene.issuer, &[Scope::Read], None).await;
        let read = program.with(Some(reader)).get(&path(&awards[0])).await.is(200).json();
        assert_eq!((&read["claim_link"], &read["claim_until"]), (&Value::Null, &Value::Null));
        program.get(&format!("{AWARDS}/nothing")).await.is(404);
    }

    async fn a_badge_is_taken_back(app: TestApp) {
        let (program, scene) = begin(&app).await;
        let awards = award(&app, &program, &scene, "mentor", &[("Example", 7)]).await;
        let here = path(&awards[0]);
        let suspended = program.ask("POST", &format!("{here}/suspend"), &json!({"note": "Being looked into."})).await.is(200);
        assert_eq!((&suspended.json()["standing"], &suspended.json()["note"]), (&json!("suspended"), &json!("Being looked into.")));
        program.ask("POST", &format!("{here}/suspend"), &json!({})).await.is(409);
        let back = program.ask_with("POST", &format!("{here}/reinstate"), &[("if-match", suspended.tag())], "").await.is(200).json();
        assert_eq!(back["standing"], "valid");
        program.ask_with("POST", &format!("{here}/reinstate"), &[("if-match", suspended.tag())], "").await.is(412);
        program.ask("POST", &format!("{here}/revoke"), &json!({"reason": "boredom"})).await.is(422);
        program.ask("POST", &format!("{here}/revoke"), &json!({})).await.is(400);
        program.ask("POST", &format!("{here}/revoke"), &json!({"reason": "other", "note": "x".repeat(2001)})).await.is(422);
        let revoked = program.ask("POST", &format!("{here}/revoke"), &json!({"reason": "mistake"})).await.is(200).json();
        assert_eq!((&revoked["standing"], &revoked["reason"], &revoked["claim_link"]), (&json!("revoked"), &json!("mistake"), &revoked["claim_link"]));
        program.ask("POST", &format!("{here}/revoke"), &json!({"reason": "mistake"})).await.is(409);
        let other = award(&app, &program, &scene, "editor", &[]).await;
        program.ask("POST", &format!("{}/suspend", path(&other[0])), &json!({})).await.is(409);
    }

    async fn a_mistake_is_corrected(app: TestApp) {
        let (program, scene) = begin(&app).await;
        let awards = award(&app, &program, &scene, "editor", &[("Example", 7)]).await;
        let path = path(&awards[0]);
        for (body, status) in [
            (json!({"achievement": "nothing"}), 422),
            (json!({"evidence": "nowhere"}), 422),
            (json!({"awarded_at": "x"}), 400),
        ] {
            program.ask("POST", &format!("{path}/correct"), &body).await.is(status);
        }
        let body = json!({"achievement": "mentor", "awarded_at": "2026-04-29T00:00:00Z", "evidence": "https://example.org/e"}).to_string();
        let headers = [("content-type", "application/json"), ("idempotency-key", "k")];
        let new = program.ask_with("POST", &format!("{path}/correct"), &headers, &body).await.is(201);
        let again = program.ask_with("POST", &format!("{path}/correct"), &headers, &body).await.is(201);
        assert_eq!(new.json()["id"], again.json()["id"]);
        let new = new.json();
        let old = program.get(&path).await.is(200).json();
        assert_eq!((&old["standing"], &old["reason"], &old["superseded_by"]), (&json!("revoked"), &json!("corrected"), &new["id"]));
        assert_eq!((&new["supersedes"], &new["achievement"], &new["awarded_at"]), (&old["id"], &json!("mentor"), &json!("2026-04-29T00:00:00Z")));
        program.ask("POST", &format!("{path}/correct"), &json!({})).await.is(409);
    }

    async fn a_claim_link_is_renewed(app: TestApp) {
        let (program, scene) = begin(&app).await;
        let awards = award(&app, &program, &scene, "editor", &[("Example", 7)]).await;
        let renewed = program.ask_with("POST", &format!("{}/renew-claim", path(&awards[0])), &[], "").await.is(200).json();
        assert_ne!(renewed["claim_link"], awards[0]["claim_link"]);
        let nobody = program.with(None);
        let claim = |award: &Value| award["claim_link"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        nobody.get(&format!("/claims/{}", claim(&awards[0]))).await.is(404);
        nobody.get(&format!("/claims/{}", claim(&renewed))).await.is(200);
        nobody.ask("POST", &format!("/claims/{}/accept", claim(&renewed)), &json!({"visibility": "public", "named": "nothing"})).await.is(200);
        program.ask_with("POST", &format!("{}/renew-claim", path(&awards[0])), &[], "").await.is(409);
        let public = program.get(&path(&awards[0])).await.is(200).json();
        assert!(public["badge"].as_str().unwrap().starts_with("https://badges.example.org/issuers/academy/badges/"));
    }

    async fn a_trainer_stays_with_what_is_allowed(app: TestApp) {
        let (program, scene) = begin(&app).await;
        let awards = award(&app, &program, &scene, "editor", &[("Example", 7)]).await;
        let invited = json!({"name": "Example Trainer", "role": "trainer", "achievements": ["mentor"]});
        let person = program.ask("POST", "/issuers/academy/members", &invited).await.is(201).json()["member"]["person"].as_str().unwrap().to_owned();
        let trainer = program.with(Some(token(&app, &person, &scene.issuer, &SCOPES, None).await));
        trainer.ask("POST", "/issuers/academy/workshops/workshop/awards", &json!({"achievement": "editor"})).await.is(422);
        trainer.ask("POST", &format!("{}/revoke", path(&awards[0])), &json!({"reason": "mistake"})).await.is(403);
        // Its link would let whoever has it accept the badge.
        let read = trainer.get(&path(&awards[0])).await.is(200).json();
        assert_eq!((&read["claim_link"], &read["claim_until"]), (&Value::Null, &Value::Null));
        let listed = trainer.get(AWARDS).await.is(200).json();
        assert_eq!((&listed["items"][0]["claim_link"], &listed["items"][0]["claim_until"]), (&Value::Null, &Value::Null));
        trainer.ask("POST", "/issuers/academy/workshops", &json!({"title": "x", "starts_on": "2026-04-30", "achievements": ["editor"]})).await.is(422);
        trainer.ask("POST", "/issuers/academy/workshops", &json!({"title": "x", "starts_on": "2026-04-30", "achievements": ["mentor"]})).await.is(201);
        trainer.ask("POST", "/issuers/academy/workshops/workshop/awards", &json!({"achievement": "mentor"})).await.is(202);
        work(&app).await;
        let own = trainer.get(&format!("{AWARDS}?achievement=mentor")).await.is(200).json();
        assert!(own["items"][0]["claim_link"].is_string());
    }
}
