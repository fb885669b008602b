//! Who may do what: every operation with every kind of token, by what the description says.

use super::description::{Operation, operations};
use super::*;
use crate::db::Role;
use crate::testing::on_both;

/// A request that reaches the operation, with an example as its body.
async fn try_it(program: &Program, operation: &Operation, issuer: &str) -> Answer {
    let path = operation
        .path
        .replace("{issuer}", issuer)
        .replace(['{', '}'], "");
    let mut request = Request::builder()
        .method(operation.method.to_uppercase().as_str())
        .uri(path);
    let (kind, body) = operation.body().unzip();
    if let Some(kind) = kind {
        request = request.header(header::CONTENT_TYPE, kind);
    }
    let answer = program.send(request, &body.unwrap_or_default()).await;
    operation.check(answer.status, &answer.headers, &answer.body);
    answer
}

on_both! {
    async fn a_token_does_what_its_scopes_say(app: TestApp) {
        let (program, scene) = begin(&app).await;
        for operation in operations() {
            let Some(scope) = operation.scope() else { continue };
            let here = format!("{} {}", operation.method, operation.path);
            let nobody = try_it(&program.with(None), &operation, "academy").await;
            assert_eq!(nobody.status, 401, "{here}");
            assert_eq!(nobody.header(header::WWW_AUTHENTICATE), "Bearer");
            let others: Vec<Scope> = SCOPES.into_iter().filter(|other| *other != scope).collect();
            let without = token(&app, &scene.owner, &scene.issuer, &others, None).await;
            assert_eq!(try_it(&program.with(Some(without)), &operation, "academy").await.status, 403, "{here}");
            let with = program.with(Some(token(&app, &scene.owner, &scene.issuer, &[scope], None).await));
            let answer = try_it(&with, &operation, "academy").await;
            assert!(![401, 403].contains(&answer.status.as_u16()) && !answer.status.is_server_error(), "{here}: {answer:?}");
            if operation.path.contains("{issuer}") {
                assert_eq!(try_it(&with, &operation, "another").await.status, 404, "{here}");
            }
            // An owner may have taken all owners away from himself but for the last.
            assert!(app.db.member(&scene.issuer, &scene.owner).await.unwrap().is_some(), "{here}");
        }
    }

    async fn a_token_does_nothing_that_its_person_may_not(app: TestApp) {
        let (program, scene) = begin(&app).await;
        for role in [Role::Reviewer, Role::Trainer] {
            let person = app.db.insert_person(Some("Example Trainer"), None, app.seconds()).await.unwrap();
            let action = Action {
                at: app.seconds(), issuer: Some(&scene.issuer), person: None, action: "member.invite",
                noun: "person", object: &person, detail: None,
            };
            app.join(&scene.issuer, &person, role).await;
            let program = program.with(Some(token(&app, &person, &scene.issuer, &SCOPES, None).await));
            for operation in operations() {
                let Some(scope) = operation.scope() else { continue };
                let answer = try_it(&program, &operation, "academy").await;
                let is_owners = operation.path.contains("/achievements") && operation.method != "get";
                let may = role >= scope.role() && !is_owners;
                assert_eq!(answer.status != 403, may, "{role:?} {} {}: {answer:?}", operation.method, operation.path);
            }
            app.db.delete_member(&scene.issuer, &person, &action).await.unwrap();
            assert_eq!(program.send(Request::builder().uri("/api/v1/issuers/academy"), "").await.status, 403);
        }
    }

    async fn tokens_end(app: TestApp) {
        let (program, scene) = begin(&app).await;
        let hour = token(&app, &scene.owner, &scene.issuer, &SCOPES, Some(app.seconds() + 3600)).await;
        let program = program.with(Some(hour));
        program.get("/issuers/academy").await.is(200);
        app.pass(3600);
        let answer = program.get("/issuers/academy").await.is(401);
        assert_eq!(answer.problem(), "sign-in");
        for wrong in ["", "badges_", "badges_x", "x"] {
            program.with(Some(wrong.to_owned())).get("/issuers").await.is(401);
        }
    }

    async fn secrets_of_tokens_are_kept_nowhere(app: TestApp) {
        let (program, _) = begin(&app).await;
        program.get("/issuers").await.is(200);
        let value = program.token.unwrap();
        let kept = app.count("select count(*) from api_token where used_at is not null").await;
        assert_eq!(kept, 1);
        let clear = app.count(&format!("select count(*) from api_token where hash = '{value}' or hash like '%{}%'", &value[7..20])).await;
        assert_eq!(clear, 0);
    }
}
