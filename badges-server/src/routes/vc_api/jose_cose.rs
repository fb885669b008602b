//! The two verbs of the W3C's suite for JOSE and COSE, with the keys that it sends.

use axum::Json;
use axum::body::Bytes;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use badges_core::jose_cose;
use badges_core::json::{self, Value};
use serde_json::json;

use super::answer::{Problem, Refusal};
use super::text;
use crate::ambient::random;
use crate::error::Error;

/// `POST jose-cose/issue` and `POST jose-cose/verify`.
pub(super) async fn answer(Path(verb): Path<String>, body: Bytes) -> Result<Response, Error> {
    let answered = text(&body).and_then(|body| {
        let request =
            json::parse(body).map_err(|error| Refusal::one(Problem::Parsing, error.to_string()))?;
        let needed = |member: &str| {
            let problem = format!("the request needs a member `{member}`");
            Refusal::one(Problem::Parsing, problem)
        };
        let input = request.text("input").ok_or_else(|| needed("input"))?;
        let feature = request.text("feature").ok_or_else(|| needed("feature"))?;
        let key = request.get("key").ok_or_else(|| needed("key"))?;
        let paths = request.list("sd").iter().filter_map(Value::as_str);
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
