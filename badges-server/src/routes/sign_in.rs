//! Signing in and out: by a link that works once, or with Wikimedia.

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use crate::error::Error;
use crate::form::Form;
use crate::page::{Ctx, page, redirect_with};
use crate::{App, auth, secret};

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/sign-in", get(sign_in))
        .route("/sign-in/link/{secret}", get(confirm).post(use_link))
        .route("/sign-out", post(sign_out))
        .route("/sign-out-everywhere", post(sign_out_everywhere))
}

#[derive(Deserialize)]
struct Next {
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    ctx: Ctx,
    /// The query that says where to come back to.
    query: String,
    /// Whether people can sign in with Wikimedia.
    wikimedia: bool,
}

async fn sign_in(ctx: Ctx, Query(Next { next }): Query<Next>) -> Result<Response, Error> {
    let next = local(next.as_deref());
    if ctx.person.is_some() {
        return Ok(Redirect::to(next).into_response());
    }
    let wikimedia = ctx.app.settings.wikimedia.client.is_some();
    page(&SignInPage { query: format!("?next={}", utf8_percent_encode(next, NON_ALPHANUMERIC)), wikimedia, ctx })
}

#[derive(Template)]
#[template(path = "sign_in_link.html")]
struct ConfirmPage {
    ctx: Ctx,
    secret: String,
}

/// Asks before the link is used up: programs that look at links in messages must not use it.
async fn confirm(ctx: Ctx, Path(secret): Path<String>) -> Result<Response, Error> {
    page(&ConfirmPage { ctx, secret })
}

#[derive(Deserialize)]
struct Nothing {}

async fn use_link(State(app): State<App>, Path(secret): Path<String>) -> Result<Response, Error> {
    let person = app.db.use_sign_in_link(&secret::hash(&secret), app.seconds()).await?;
    let Some(person) = person else {
        return Err(Error::refused("", "badges-sign-in-link-used", &[]));
    };
    let mut response = Redirect::to("/desk").into_response();
    auth::sign_in(&app, &person, &mut response).await?;
    Ok(response)
}

async fn sign_out(State(app): State<App>, ctx: Ctx, Form(Nothing {}): Form<Nothing>) -> Result<Response, Error> {
    if let Some(person) = &ctx.person {
        app.db.delete_session(&person.session).await?;
    }
    let mut response = redirect_with("info", "badges-notice-signed-out", "/");
    auth::forget(&app, &mut response);
    Ok(response)
}

async fn sign_out_everywhere(State(app): State<App>, ctx: Ctx, Form(Nothing {}): Form<Nothing>) -> Result<Response, Error> {
    app.db.delete_sessions(&ctx.signed()?.id).await?;
    let mut response = redirect_with("info", "badges-notice-signed-out-everywhere", "/");
    auth::forget(&app, &mut response);
    Ok(response)
}

/// A path of ours to come back to: never an address elsewhere.
fn local(next: Option<&str>) -> &str {
    next.filter(|next| next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n']))
        .unwrap_or("/desk")
}
