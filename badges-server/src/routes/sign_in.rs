//! Signing in and out: by a link that works once, or with Wikimedia (`wikimedia.rs`).

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use crate::error::Error;
use crate::form::Form;
use crate::page::{Ctx, page, redirect_with};
use crate::rate::{Cost, costly};
use crate::{App, auth, secret};

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/sign-in", get(sign_in))
        .route(
            "/sign-in/link/{secret}",
            costly(Cost::SignIn, get(confirm).post(use_link)),
        )
        .route("/sign-out", post(sign_out))
        .route("/sign-out-everywhere", post(sign_out_everywhere))
}

#[derive(Deserialize)]
pub(crate) struct Next {
    #[serde(default)]
    pub(crate) next: String,
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
    if let Some(person) = &ctx.person {
        let path = landing(&ctx.app, &person.id, &next).await?;
        return Ok(Redirect::to(&path).into_response());
    }
    let wikimedia = ctx.app.wikimedia.sign_in().is_some();
    page(&SignInPage {
        query: query(&next),
        wikimedia,
        ctx,
    })
}

/// The query that says where to come back to.
pub(crate) fn query(next: &str) -> String {
    local(next).map_or_else(String::new, |next| {
        format!("?next={}", utf8_percent_encode(next, NON_ALPHANUMERIC))
    })
}

#[derive(Template)]
#[template(path = "sign_in_link.html")]
struct ConfirmPage {
    ctx: Ctx,
}

/// Asks before the link is used up: programs that look at links in messages must not use it.
async fn confirm(
    State(app): State<App>,
    ctx: Ctx,
    Path(secret): Path<String>,
) -> Result<Response, Error> {
    let hash = secret::hash(&secret);
    match app.db.is_sign_in_link(&hash, app.seconds()).await? {
        true => page(&ConfirmPage { ctx }),
        false => link_has_ended(ctx),
    }
}

fn link_has_ended(ctx: Ctx) -> Result<Response, Error> {
    let text = ctx.t("badges-sign-in-link-used");
    not_signed_in(ctx, StatusCode::GONE, text, None)
}

#[derive(Template)]
#[template(path = "sign_in_stopped.html")]
struct StoppedPage {
    ctx: Ctx,
    text: String,
    /// Where to begin again, if that would help.
    again: Option<String>,
}

/// Says why nobody was signed in.
pub(crate) fn not_signed_in(
    ctx: Ctx,
    status: StatusCode,
    text: String,
    again: Option<String>,
) -> Result<Response, Error> {
    let mut response = page(&StoppedPage { ctx, text, again })?;
    *response.status_mut() = status;
    Ok(response)
}

#[derive(Deserialize)]
pub(crate) struct Nothing {}

async fn use_link(
    State(app): State<App>,
    ctx: Ctx,
    Path(secret): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Error> {
    let person = app
        .db
        .use_sign_in_link(&secret::hash(&secret), app.seconds())
        .await?;
    let Some(person) = person else {
        return link_has_ended(ctx);
    };
    let mut response = Redirect::to(&landing(&app, &person, "").await?).into_response();
    enter(&ctx, &person, &mut response).await?;
    Ok(response)
}

async fn sign_out(
    State(app): State<App>,
    ctx: Ctx,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Error> {
    if let Some(person) = &ctx.person {
        app.db.delete_session(&person.session).await?;
    }
    let mut response = redirect_with("info", "badges-notice-signed-out", "/");
    auth::forget(&app, &mut response);
    Ok(response)
}

async fn sign_out_everywhere(
    State(app): State<App>,
    ctx: Ctx,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Error> {
    app.db.delete_sessions(&ctx.signed()?.id).await?;
    let mut response = redirect_with("info", "badges-notice-signed-out-everywhere", "/");
    auth::forget(&app, &mut response);
    Ok(response)
}

/// Signs a person in with a new session; the one that this browser had before ends.
pub(crate) async fn enter(ctx: &Ctx, person: &str, response: &mut Response) -> Result<(), Error> {
    if let Some(before) = &ctx.person {
        ctx.app.db.delete_session(&before.session).await?;
    }
    auth::sign_in(&ctx.app, person, response).await
}

/// Where to go after signing in: where the person wanted to go, else to work, else to their badges.
pub(crate) async fn landing(app: &App, person: &str, next: &str) -> Result<String, Error> {
    if let Some(next) = local(next) {
        return Ok(next.to_owned());
    }
    let works =
        app.db.is_service_owner(person).await? || !app.db.memberships(person).await?.is_empty();
    Ok(if works { "/desk" } else { "/me" }.to_owned())
}

/// A path of ours to come back to: never an address elsewhere. Browsers read `\` as `/` and leave
/// out tabs and ends of lines.
fn local(next: &str) -> Option<&str> {
    let is_local = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains(|sign: char| sign == '\\' || sign.is_control());
    is_local.then_some(next)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::browser::Browser;
    use crate::testing::on_both;

    on_both! {
        async fn a_link_says_at_once_whether_it_works(app: TestApp) {
            let owner = app.owner().await;
            let link = auth::sign_in_link(&app, &owner, None, 60).await.unwrap();
            let path = link.strip_prefix(app.settings.public_url.as_str()).unwrap();
            let mut browser = Browser::new(&app);
            for _ in 0..2 {
                let page = browser.get(path).await;
                assert!(page.status.is_success() && page.says("<form method=\"post\">"), "{}", page.body);
            }
            browser.post(path, &[]).await.location();
            let mut other = Browser::new(&app);
            let answers = [
                other.get("/sign-in/link/nope").await,
                other.get(path).await,
                other.post(path, &[]).await,
            ];
            for page in answers {
                assert_eq!(page.status, StatusCode::GONE);
                assert!(page.says("<h1>You are not signed in</h1>") && page.says("Ask for a new one."), "{}", page.body);
                assert!(!page.says("<form method=\"post\">"));
            }
            let late = auth::sign_in_link(&app, &owner, None, 60).await.unwrap();
            app.pass(60);
            let late = late.strip_prefix(app.settings.public_url.as_str()).unwrap();
            assert_eq!(other.get(late).await.status, StatusCode::GONE);
        }

        async fn who_cannot_sign_in_is_told_whom_to_ask(app: TestApp) {
            let app = app.with(|settings| settings.contact = Some("help@example.org".to_owned())).await;
            let mut browser = Browser::new(&app);
            let desk = browser.get("/desk").await;
            let page = browser.follow(&desk).await;
            assert!(page.says("gives you a sign-in link") && page.says("help@example.org"), "{}", page.body);
        }
    }

    #[test]
    fn only_paths_of_ours_are_gone_back_to() {
        for good in [
            "/",
            "/me",
            "/desk/example?page=2",
            "/verify?url=https://example.org/",
        ] {
            assert_eq!(local(good), Some(good));
        }
        for bad in [
            "",
            "me",
            "//example.org",
            "/\\example.org",
            "/\t/example.org",
            "/\n/example.org",
            "https://example.org",
        ] {
            assert_eq!(local(bad), None, "{bad:?}");
        }
    }
}
