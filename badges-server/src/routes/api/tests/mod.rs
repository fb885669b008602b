//! The API through the router, each answer held against its description.

mod awards;
mod description;
mod holders;
mod manners;
mod resources;
mod rights;
mod vc_api;

use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::request::Builder;
use axum::http::{HeaderMap, HeaderName, Request, StatusCode, header};
use serde_json::Value;
use tokio::sync::watch;
use tower::ServiceExt as _;

use self::description::Operation;
use super::{PREFIX, SCOPES, Scope};
use crate::ambient::{random, random_id};
use crate::db::{Action, TokenRow};
use crate::testing::{Scene, TestApp};
use crate::{issuing, router, secret};

/// A program with a token.
#[derive(Clone)]
struct Program {
    router: Router,
    token: Option<String>,
}

/// An answer.
#[derive(Debug)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    #[track_caller]
    fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    fn header(&self, name: HeaderName) -> &str {
        self.headers[name].to_str().unwrap()
    }

    fn tag(&self) -> &str {
        self.header(header::ETAG)
    }

    /// What the type of a problem ends with.
    fn problem(&self) -> String {
        self.json()["type"]
            .as_str()
            .unwrap()
            .rsplit('/')
            .next()
            .unwrap()
            .to_owned()
    }
}

/// A token of a person for an issuer.
async fn token(
    app: &TestApp,
    person: &str,
    issuer: &str,
    scopes: &[Scope],
    until: Option<i64>,
) -> String {
    let value = format!("{PREFIX}{}", secret::random(&random::<24>()));
    let names: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
    let row = TokenRow {
        id: random_id(),
        person: person.to_owned(),
        issuer: issuer.to_owned(),
        name: "Example program".to_owned(),
        scopes: names.join(" "),
        made_at: app.seconds(),
        until,
        used_at: None,
    };
    let action = Action {
        at: app.seconds(),
        issuer: Some(issuer),
        person: Some(person),
        action: "token.make",
        noun: "token",
        object: &row.id,
        detail: None,
    };
    app.db
        .insert_token(&row, &secret::hash(&value), &action)
        .await
        .unwrap();
    value
}

/// A program with all scopes of an owner, and what it is for.
async fn begin(app: &TestApp) -> (Program, Scene) {
    let scene = app.scene().await;
    let token = token(app, &scene.owner, &scene.issuer, &SCOPES, None).await;
    (
        Program {
            router: router((**app).clone()),
            token: Some(token),
        },
        scene,
    )
}

/// Does whatever waits in the background.
async fn work(app: &TestApp) {
    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn(issuing::work((**app).clone(), stopped));
    while app
        .count("select count(*) from job where state <> 'done'")
        .await
        > 0
    {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    stop.send_replace(true);
    worker.await.unwrap();
}

impl Program {
    /// The same without a token, or with another one.
    fn with(&self, token: Option<String>) -> Self {
        Self {
            router: self.router.clone(),
            token,
        }
    }

    /// Sends a request as it is.
    async fn send(&self, request: Builder, body: &str) -> Answer {
        let request = match &self.token {
            Some(token) => request.header(header::AUTHORIZATION, format!("Bearer {token}")),
            None => request,
        };
        let answer = self
            .router
            .clone()
            .oneshot(request.body(Body::from(body.to_owned())).unwrap())
            .await
            .unwrap();
        let (parts, body) = answer.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    /// Asks, and holds the answer against the description.
    async fn ask_with(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let path = format!("/api/v1{path}");
        let operation = Operation::of(method, &path)
            .unwrap_or_else(|| panic!("{method} {path} is not described"));
        let mut request = Request::builder().method(method).uri(&path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = self.send(request, body).await;
        operation.check(answer.status, &answer.headers, &answer.body);
        let kind = headers.iter().find(|(name, _)| *name == "content-type");
        if let Some((_, kind)) = kind.filter(|_| answer.status.is_success() && !body.is_empty()) {
            operation.check_taken(kind, body);
        }
        answer
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask_with("GET", path, &[], "").await
    }

    async fn ask(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.ask_with(
            method,
            path,
            &[("content-type", "application/json")],
            &body.to_string(),
        )
        .await
    }
}
