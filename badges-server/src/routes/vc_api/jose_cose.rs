//! The two verbs of the W3C's suite for JOSE and COSE, with the keys that it sends.

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use badges_core::jose_cose;
use badges_core::json::Value;
use serde_json::json;

use super::answer::{Problem, Refusal};
use super::request::{Body, Request};
use crate::ambient::random;

/// `POST jose-cose/issue`.
pub(super) async fn issue(Body(body): Body) -> Response {
    answer(&body, |request, input, key, feature| {
        let paths = request.member("sd").map_or(&[][..], Value::items).iter();
        let paths: Vec<&str> = paths.filter_map(Value::as_str).collect();
        jose_cose::issue(input, key, feature, &paths, random)
    })
}

/// `POST jose-cose/verify`.
pub(super) async fn verify(Body(body): Body) -> Response {
    answer(&body, |_, input, key, feature| {
        jose_cose::verify(input, key, feature)
    })
}

fn answer(
    body: &[u8],
    verb: impl FnOnce(&Request<'_>, &str, &Value<'_>, &str) -> jose_cose::Answer,
) -> Response {
    let answered = Request::read(body).and_then(|request| {
        let needed = |member: &str| {
            let problem = format!("the request needs a member `{member}`");
            Refusal::one(Problem::Parsing, problem)
        };
        let input = text(&request, "input").ok_or_else(|| needed("input"))?;
        let feature = text(&request, "feature").ok_or_else(|| needed("feature"))?;
        let key = request.member("key").ok_or_else(|| needed("key"))?;
        Ok(verb(&request, input, key, feature))
    });
    match answered {
        Ok(answer) => {
            Json(json!({"result": answer.result(), "data": answer.data()})).into_response()
        }
        Err(refusal) => refusal.issuing(),
    }
}

fn text<'r>(request: &'r Request<'_>, member: &str) -> Option<&'r str> {
    request.member(member).and_then(Value::as_str)
}
