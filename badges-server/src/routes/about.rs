//! What this is, and what answers mean that are no success.

use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;

use crate::App;
use crate::error::Error;
use crate::page::{Ctx, page};

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/about", get(about))
        .route("/problems/{id}", get(problem))
}

#[derive(Template)]
#[template(path = "about.html")]
struct AboutPage {
    ctx: Ctx,
}

async fn about(ctx: Ctx) -> Result<Response, Error> {
    page(&AboutPage { ctx })
}

/// The types of problem documents, by [`Error::id`]: the messages with what happened, and with what
/// that means and what to do.
const PROBLEMS: [(&str, &str, &str); 15] = [
    (
        "conflict",
        "badges-error-conflict",
        "badges-problem-conflict",
    ),
    ("csrf", "badges-error-csrf", "badges-problem-csrf"),
    (
        "forbidden",
        "badges-error-forbidden",
        "badges-problem-forbidden",
    ),
    ("gone", "badges-error-gone", "badges-problem-gone"),
    (
        "internal",
        "badges-error-internal",
        "badges-problem-internal",
    ),
    (
        "media-type",
        "badges-error-media-type",
        "badges-problem-media-type",
    ),
    ("method", "badges-error-method", "badges-problem-method"),
    (
        "not-found",
        "badges-error-not-found",
        "badges-problem-not-found",
    ),
    (
        "precondition",
        "badges-error-precondition",
        "badges-problem-precondition",
    ),
    ("refused", "badges-error-refused", "badges-problem-refused"),
    ("sign-in", "badges-error-sign-in", "badges-problem-sign-in"),
    (
        "too-large",
        "badges-error-too-large",
        "badges-problem-too-large",
    ),
    (
        "too-many",
        "badges-error-too-many",
        "badges-problem-too-many",
    ),
    (
        "unavailable",
        "badges-error-unavailable",
        "badges-problem-unavailable",
    ),
    (
        "unreadable",
        "badges-error-unreadable",
        "badges-problem-unreadable",
    ),
];

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    ctx: Ctx,
    id: &'static str,
    title: String,
    text: String,
}

async fn problem(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Error> {
    let (id, title, text) = PROBLEMS
        .into_iter()
        .find(|(known, ..)| *known == id)
        .ok_or(Error::NotFound)?;
    page(&ProblemPage {
        id,
        title: ctx.t(title),
        text: ctx.t(text),
        ctx,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routes::badges::tests::get;
    use crate::testing::on_both;

    on_both! {
        async fn every_problem_has_a_page(app: TestApp) {
            for (id, ..) in PROBLEMS {
                let answered = get(&app, &format!("/problems/{id}"), &[("accept", "text/html")]).await;
                assert_eq!(answered.status, 200, "{id}");
                assert!(!answered.text().contains('⧼'), "{id}");
            }
            let errors = [
                Error::NotFound, Error::Gone, Error::SignIn { next: String::new() }, Error::Forbidden, Error::Csrf,
                Error::Unreadable { field: String::new(), problem: String::new() }, Error::refused("", "", &[]),
                Error::Conflict { key: "" }, Error::TooLarge, Error::TooMany { retry_after: 1 }, Error::Unavailable(""),
                Error::internal(""),
            ];
            for error in &errors {
                assert!(PROBLEMS.iter().any(|(id, ..)| *id == error.id()), "{error}");
            }
            assert_eq!(get(&app, "/problems/nothing", &[("accept", "text/html")]).await.status, 404);
            let about = get(&app, "/about", &[("accept", "text/html")]).await;
            assert!(about.text().contains("id=\"source\""));
        }
    }
}
