//! Badges in the hands of those who have a secret.

use serde_json::json;

use super::*;
use crate::testing::on_both;

/// The secrets of claim links for these people.
async fn offers(
    app: &TestApp,
    program: &Program,
    scene: &Scene,
    people: &[(&str, i64)],
) -> Vec<String> {
    app.participants(&scene.workshop, people).await;
    program
        .ask(
            "POST",
            "/issuers/academy/workshops/workshop/awards",
            &json!({"achievement": "editor"}),
        )
        .await
        .is(202);
    work(app).await;
    let awards = program.get("/issuers/academy/awards").await.is(200).json();
    let links = awards["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|award| award["claim_link"].as_str().unwrap().to_owned());
    links
        .map(|link| link.rsplit('/').next().unwrap().to_owned())
        .collect()
}

on_both! {
    async fn a_badge_is_accepted_and_kept(app: TestApp) {
        let (program, scene) = begin(&app).await;
        let claims = offers(&app, &program, &scene, &[("Example", 7)]).await;
        let holder = program.with(None);
        let path = format!("/claims/{}", claims[0]);
        let offer = holder.get(&path).await.is(200);
        assert_eq!((&offer.json()["achievement"]["name"], &offer.json()["user_name"]), (&json!("Wikipedia Editor"), &json!("Example")));
        holder.ask_with("GET", &path, &[("if-none-match", offer.tag())], "").await.is(304);
        for (choices, status) in [
            (json!({}), 400),
            (json!({"visibility": "everybody", "named": "nothing"}), 422),
            (json!({"visibility": "public", "named": "king"}), 422),
            (json!({"visibility": "public", "named": "name"}), 422),
            (json!({"visibility": "public", "named": "name", "name": "x".repeat(101)}), 422),
            (json!({"visibility": "public", "named": "did", "did": "nobody"}), 422),
            (json!({"visibility": "public", "named": "nothing", "nmae": "x"}), 400),
        ] {
            holder.ask("POST", &format!("{path}/accept"), &choices).await.is(status);
        }
        let accepted = holder.ask("POST", &format!("{path}/accept"), &json!({"visibility": "unlisted", "named": "user-name"})).await.is(200).json();
        holder.get(&path).await.is(404);
        holder.ask("POST", &format!("{path}/accept"), &json!({"visibility": "public", "named": "nothing"})).await.is(404);
        let mine = format!("/mine/{}", accepted["secret"].as_str().unwrap());
        assert_eq!(accepted["link"], format!("https://badges.example.org{mine}"));
        let held = holder.get(&mine).await.is(200);
        assert_eq!(held.json(), accepted["held"]);
        let hashed = holder.ask_with("PATCH", &mine, &[("content-type", "application/merge-patch+json"), ("if-match", held.tag())],
            &json!({"named": "hashed"}).to_string()).await.is(200);
        assert!(hashed.json()["salt"].is_string());
        assert_eq!(hashed.json()["visibility"], "unlisted");
        holder.ask_with("PATCH", &mine, &[("content-type", "application/json"), ("if-match", held.tag())], r#"{"named": "nothing"}"#).await.is(412);
        let shown = holder.ask("PATCH", &mine, &json!({"visibility": "public", "named": "did", "did": "did:web:holder.example.org"})).await.is(200).json();
        assert_eq!((&shown["named"], &shown["salt"]), (&json!("did"), &Value::Null));
        let hidden = holder.ask("PATCH", &mine, &json!({"withdrawn": true})).await.is(200).json();
        assert_eq!(hidden["acceptance"], "withdrawn");
        let back = holder.ask("PATCH", &mine, &json!({"withdrawn": false, "named": "nothing"})).await.is(200).json();
        assert_eq!((&back["acceptance"], &back["named"]), (&json!("accepted"), &json!("nothing")));
        // The issuer does not get the address of what is not public.
        holder.ask("PATCH", &mine, &json!({"visibility": "unlisted"})).await.is(200);
        let award = program.get("/issuers/academy/awards").await.is(200).json()["items"][0].clone();
        assert_eq!((&award["badge"], &award["claim_link"]), (&Value::Null, &Value::Null));
        holder.ask_with("DELETE", &mine, &[], "").await.is(204);
        holder.get(&mine).await.is(404);
        let award = program.get("/issuers/academy/awards").await.is(200).json()["items"][0].clone();
        assert_eq!((&award["acceptance"], &award["standing"], &award["recipient"]), (&json!("erased"), &json!("revoked"), &Value::Null));
    }

    async fn who_lost_the_answer_asks_again(app: TestApp) {
        let (program, scene) = begin(&app).await;
        let claims = offers(&app, &program, &scene, &[("Example", 7), ("Other", 0)]).await;
        let holder = program.with(None);
        let path = |claim: &str| format!("/claims/{claim}/accept");
        let body = |secret: &str| json!({"visibility": "unlisted", "named": "nothing", "secret": secret});
        let secret = "kiTYD2uAQ_rB-Rjy_tb5wA";
        for wrong in ["", "short", "kiTYD2uAQ_rB-Rjy_tb5w\u{e9}", "kiTYD2uAQ_rB Rjy_tb5wA"] {
            let answer = holder.ask("POST", &path(&claims[0]), &body(wrong)).await.is(422);
            assert_eq!(answer.json()["field"], "secret");
        }
        let first = holder.ask("POST", &path(&claims[0]), &body(secret)).await.is(200).json();
        let again = holder.ask("POST", &path(&claims[0]), &body(secret)).await.is(200).json();
        assert_eq!((&first, &first["secret"]), (&again, &json!(secret)));
        holder.ask("POST", &path(&claims[0]), &body("AAAAAAAAAAAAAAAAAAAAAA")).await.is(404);
        let taken = holder.ask("POST", &path(&claims[1]), &body(secret)).await.is(422);
        assert_eq!(taken.json()["reason"], "badges-api-secret-taken");
    }

    async fn an_offer_is_declined(app: TestApp) {
        let (program, scene) = begin(&app).await;
        let claims = offers(&app, &program, &scene, &[("Example", 7), ("Other", 0)]).await;
        let holder = program.with(None);
        holder.ask_with("POST", &format!("/claims/{}/decline", claims[0]), &[], "").await.is(204);
        holder.ask("POST", &format!("/claims/{}/decline", claims[1]), &json!({"erase": true})).await.is(204);
        for claim in claims {
            holder.get(&format!("/claims/{claim}")).await.is(404);
        }
        let awards = program.get("/issuers/academy/awards").await.is(200).json();
        let mut states: Vec<&str> = awards["items"].as_array().unwrap().iter().map(|award| award["acceptance"].as_str().unwrap()).collect();
        states.sort_unstable();
        assert_eq!(states, ["declined", "erased"]);
    }

    async fn secrets_that_are_none_open_nothing(app: TestApp) {
        let (program, _) = begin(&app).await;
        for secret in ["x", "%20", "a%2Fb", "mine"] {
            program.get(&format!("/claims/{secret}")).await.is(404);
            program.get(&format!("/mine/{secret}")).await.is(404);
            program.ask("POST", &format!("/claims/{secret}/accept"), &json!({"visibility": "public", "named": "nothing"})).await.is(404);
            program.ask_with("DELETE", &format!("/mine/{secret}"), &[], "").await.is(404);
        }
    }

    async fn anybody_verifies_and_lists(app: TestApp) {
        let (program, scene) = begin(&app).await;
        let claims = offers(&app, &program, &scene, &[("Example", 7)]).await;
        let nobody = program.with(None);
        let accepted = nobody.ask("POST", &format!("/claims/{}/accept", claims[0]), &json!({"visibility": "public", "named": "nothing"})).await.is(200).json();
        let badge = accepted["held"]["badge"].as_str().unwrap().to_owned();
        let report = nobody.ask("POST", "/verify", &json!({"url": format!("{badge}.json")})).await.is(200).json();
        assert_eq!((&report["verdict"], &report["credential"]["id"]), (&json!("valid"), &json!(badge)));
        let none = nobody.ask_with("POST", "/verify", &[("content-type", "text/plain")], "no badge").await.is(200).json();
        assert_eq!(none["verdict"], "invalid");
        nobody.ask("POST", "/verify", &json!({"address": badge})).await.is(400);
        // Nobody has claimed the account, so nothing is known by its name.
        let listed = nobody.get("/users/Example/credentials").await.is(200);
        assert_eq!(listed.json(), json!({"credentials": []}));
        nobody.ask_with("GET", "/users/Example/credentials", &[("if-none-match", listed.tag())], "").await.is(304);
    }
}
