//! The two verbs of the W3C's suite for JOSE and COSE, with the keys that it sends.

use axum::Json;
use axum::body::Bytes;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use badges_core::jose_cose;
use badges_core::json::Value;
use serde_json::json;

use super::answer::{Problem, Refusal};
use super::request::Request;
use crate::ambient::random;
use crate::error::Error;

/// `POST jose-cose/issue` and `POST jose-cose/verify`.
pub(super) async fn answer(Path(verb): Path<String>, body: Bytes) -> Result<Response, Error> {
    let answered = Request::read(&body).and_then(|request| {
        let needed = |member: &str| {
            let problem = format!("the request needs a member `{member}`");
            Refusal::one(Problem::Parsing, problem)
        };
        let input = text(&request, "input").ok_or_else(|| needed("input"))?;
        let feature = text(&request, "feature").ok_or_else(|| needed("feature"))?;
        let key = request.member("key").ok_or_else(|| needed("key"))?;
        let paths = request.member("sd").map_or(&[][..], Value::items).iter();
        let paths = paths.filter_map(Value::as_str);
        let paths: Vec<&str> = paths.collect();
        match verb.as_str() {
            "issue" => Ok(Some(jose_cose::issue(input, key, feature, &paths, random))),
            "verify" => Ok(Some(jose_cose::verify(input, key, feature))),
            _ => Ok(None),
        }
    });
    match answered {
        Ok(Some(answer)) => {
            let body = json!({"result": answer.result(), "data": answer.data()});
            Ok(Json(body).into_response())
        }
        Ok(None) => Err(Error::NotFound),
        Err(refusal) => Ok(refusal.issuing()),
    }
}

fn text<'r>(request: &'r Request<'_>, member: &str) -> Option<&'r str> {
    request.member(member).and_then(Value::as_str)
}
