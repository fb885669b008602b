//! Signing in with Wikimedia: OAuth 2 with PKCE (RFC 7636).
//!
//! The browser that begins gets a cookie with the verifier, which stands nowhere else; the database
//! holds the hashes of it and of the `state`, for ten minutes and one use. So what comes back counts
//! only in the browser that asked for it. When the account is to be bound to a person or to get a
//! badge, its owner is asked once more: wikis send whoever is signed in there back at once, and on a
//! shared computer that may be somebody else.

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::middleware::map_response;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use serde::Deserialize;

use crate::accounts::{self, Proved};
use crate::ambient::random;
use crate::db::{Action, Attempt};
use crate::error::Error;
use crate::form::Form;
use crate::page::{Ctx, page, redirect_with, set_cookie};
use crate::rate::{Cost, costly};
use crate::routes::holding::private;
use crate::routes::sign_in::{Next, enter, landing, not_signed_in, query};
use crate::wikimedia::{Pkce, Profile, WikimediaError};
use crate::{App, secret};

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/sign-in/wikimedia", costly(Cost::SignIn, get(sign_in)))
        .route(CALLBACK, costly(Cost::SignIn, get(come_back)))
        .route(
            "/sign-in/wikimedia/confirm",
            costly(Cost::SignIn, post(confirm)),
        )
        .layer(map_response(private))
}

const CALLBACK: &str = "/sign-in/wikimedia/callback";
/// How long signing in may take, in seconds.
const LONGEST: i64 = 600;

/// What is to become of the account that signs in.
#[derive(Default)]
pub(crate) struct Purpose<'a> {
    /// Where to go afterwards.
    pub(crate) next: &'a str,
    /// The person whose account it is to be.
    pub(crate) person: Option<&'a str>,
    /// The award that it is to hold.
    pub(crate) award: Option<&'a str>,
}

/// Sends the browser to the wiki.
pub(crate) async fn begin(ctx: &Ctx, purpose: Purpose<'_>) -> Result<Response, Error> {
    let app = &ctx.app;
    let Some(wiki) = app.wikimedia.sign_in() else {
        return Err(Error::NotFound);
    };
    let pkce = Pkce::new(&random());
    let state = secret::random(&random::<16>());
    let attempt = Attempt {
        hash: secret::hash(&state),
        browser: secret::hash(&pkce.verifier),
        next: purpose.next.to_owned(),
        person: purpose.person.map(str::to_owned),
        award: purpose.award.map(str::to_owned),
        central_id: None,
        user_name: None,
        until: app.seconds() + LONGEST,
    };
    app.db.insert_attempt(&attempt).await?;
    let url = wiki.authorize_url(&state, &pkce.challenge, &ctx.url(CALLBACK), ctx.lang.tag());
    let mut response = Redirect::to(&url).into_response();
    set_cookie(&mut response, cookie(app, pkce.verifier, LONGEST));
    Ok(response)
}

async fn sign_in(ctx: Ctx, Query(Next { next }): Query<Next>) -> Result<Response, Error> {
    begin(
        &ctx,
        Purpose {
            next: &next,
            ..Purpose::default()
        },
    )
    .await
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    error: String,
}

async fn come_back(
    State(app): State<App>,
    ctx: Ctx,
    jar: CookieJar,
    Query(answer): Query<Answer>,
) -> Result<Response, Error> {
    let Some((attempt, verifier)) = attempt(&app, &jar, &answer.state).await? else {
        return stopped(ctx, StatusCode::BAD_REQUEST, "badges-sign-in-too-old", "");
    };
    if answer.code.is_empty() {
        // RFC 6749, section 4.1.2.1: mostly `access_denied`.
        tracing::info!(error = %answer.error.escape_debug(), "a sign-in was not allowed");
        return stopped(
            ctx,
            StatusCode::FORBIDDEN,
            "badges-sign-in-not-allowed",
            &attempt.next,
        );
    }
    let account = match account(&ctx, &answer.code, &verifier).await {
        Ok(Some(account)) => account,
        Ok(None) => {
            return stopped(
                ctx,
                StatusCode::FORBIDDEN,
                "badges-sign-in-not-attached",
                &attempt.next,
            );
        }
        Err(error) => {
            let is_late = matches!(&error, WikimediaError::Refused { code: Some(code), .. } if code == "invalid_grant");
            if is_late {
                return stopped(
                    ctx,
                    StatusCode::BAD_REQUEST,
                    "badges-sign-in-too-old",
                    &attempt.next,
                );
            }
            tracing::error!(%error, "signing in with Wikimedia failed");
            return stopped(
                ctx,
                StatusCode::BAD_GATEWAY,
                "badges-sign-in-wiki-fails",
                &attempt.next,
            );
        }
    };
    let attempt = Attempt {
        central_id: Some(account.central_id),
        user_name: account.user_name.clone(),
        ..attempt
    };
    if attempt.person.is_some() || attempt.award.is_some() {
        return ask(ctx, attempt, &account).await;
    }
    let mut response = match accounts::enter(&app, &account, None, ctx.lang.tag()).await? {
        Some(person) => {
            let mut response =
                Redirect::to(&landing(&app, &person, &attempt.next).await?).into_response();
            enter(&ctx, &person, &mut response).await?;
            response
        }
        None => return nothing_waits(ctx, &account),
    };
    set_cookie(&mut response, cookie(&app, String::new(), 0));
    Ok(response)
}

/// Takes the sign-in of this state that has begun in this browser, and its verifier.
async fn attempt(
    app: &App,
    jar: &CookieJar,
    state: &str,
) -> Result<Option<(Attempt, String)>, Error> {
    let Some(cookie) = jar.get(cookie_name(app)) else {
        return Ok(None);
    };
    let verifier = cookie.value();
    let attempt = app
        .db
        .take_attempt(&secret::hash(state), &secret::hash(verifier), app.seconds())
        .await?;
    Ok(attempt.map(|attempt| (attempt, verifier.to_owned())))
}

/// Asks the wiki whose code it is; nobody's who could be known again, when the account is of one
/// wiki only.
async fn account(ctx: &Ctx, code: &str, verifier: &str) -> Result<Option<Proved>, WikimediaError> {
    let Some(wiki) = ctx.app.wikimedia.sign_in() else {
        return Ok(None);
    };
    let token = wiki.exchange(code, verifier, &ctx.url(CALLBACK)).await?;
    let (central_id, user_name) = match wiki.profile(&token).await? {
        Profile::Usable {
            central_id, name, ..
        } => (central_id, Some(name.as_str().to_owned())),
        Profile::Suppressed { central_id } => (central_id, None),
        Profile::NotAttached => return Ok(None),
    };
    let central_id = i64::try_from(central_id).ok();
    Ok(central_id.map(|central_id| Proved {
        central_id,
        user_name,
    }))
}

#[derive(Template)]
#[template(path = "sign_in_confirm.html")]
struct ConfirmPage {
    ctx: Ctx,
    state: String,
    /// The account's name, unless it is hidden.
    name: Option<String>,
    /// What the account is to be bound to, if not to a badge.
    to_person: bool,
    /// Whether two people here become one.
    merges: bool,
    /// The badge's name.
    badge: Option<String>,
}

/// Asks whether it is really this account that is meant.
async fn ask(ctx: Ctx, attempt: Attempt, account: &Proved) -> Result<Response, Error> {
    let app = &ctx.app;
    let known = app.db.person_by_central_id(account.central_id).await?;
    let mut badge = None;
    if let Some(award) = &attempt.award {
        let award = app.db.award(award).await?.ok_or(Error::NotFound)?;
        let recipient = app.db.recipient(&award.id).await?;
        let person = known.as_ref().map(|known| known.person.as_str());
        if !accounts::may_hold(&award, recipient.as_ref(), person, Some(account.central_id)) {
            return stopped(
                ctx,
                StatusCode::FORBIDDEN,
                "badges-sign-in-other-account",
                "",
            );
        }
        let version = app.db.version(&award.achievement, award.version).await?;
        badge = version.map(|version| version.name);
    }
    let state = secret::random(&random::<16>());
    let merges = attempt.person.is_some()
        && known.is_some_and(|known| Some(&known.person) != attempt.person.as_ref());
    let to_person = attempt.person.is_some();
    let again = Attempt {
        hash: secret::hash(&state),
        until: app.seconds() + LONGEST,
        ..attempt
    };
    app.db.insert_attempt(&again).await?;
    page(&ConfirmPage {
        name: account.user_name.clone(),
        state,
        to_person,
        merges,
        badge,
        ctx,
    })
}

#[derive(Deserialize)]
struct Confirmed {
    state: String,
}

async fn confirm(
    State(app): State<App>,
    ctx: Ctx,
    jar: CookieJar,
    Form(Confirmed { state }): Form<Confirmed>,
) -> Result<Response, Error> {
    let attempt = attempt(&app, &jar, &state).await?;
    let Some((central_id, attempt)) =
        attempt.and_then(|(attempt, _)| Some((attempt.central_id?, attempt)))
    else {
        return stopped(ctx, StatusCode::BAD_REQUEST, "badges-sign-in-too-old", "");
    };
    let account = Proved {
        central_id,
        user_name: attempt.user_name.clone(),
    };
    let mut response = match (&attempt.person, &attempt.award) {
        (Some(person), _) => {
            if ctx
                .person
                .as_ref()
                .is_none_or(|signed| signed.id != *person)
            {
                return stopped(ctx, StatusCode::FORBIDDEN, "badges-sign-in-too-old", "");
            }
            bind(&app, person, &account).await?;
            let mut response = redirect_with("good", "badges-notice-account-bound", "/me/settings");
            enter(&ctx, person, &mut response).await?;
            response
        }
        (None, Some(award)) => {
            let row = app.db.award(award).await?.ok_or(Error::NotFound)?;
            let recipient = app.db.recipient(award).await?;
            let known = app
                .db
                .person_by_central_id(central_id)
                .await?
                .map(|known| known.person);
            if !accounts::may_hold(&row, recipient.as_ref(), known.as_deref(), Some(central_id)) {
                return stopped(
                    ctx,
                    StatusCode::FORBIDDEN,
                    "badges-sign-in-other-account",
                    "",
                );
            }
            let person = accounts::enter(&app, &account, Some(award), ctx.lang.tag())
                .await?
                .ok_or(Error::NotFound)?;
            if !app.db.bind_award(award, &person, app.seconds()).await? {
                return stopped(
                    ctx,
                    StatusCode::FORBIDDEN,
                    "badges-sign-in-other-account",
                    "",
                );
            }
            let mut response = Redirect::to(&format!("/me/badges/{}", row.token)).into_response();
            enter(&ctx, &person, &mut response).await?;
            response
        }
        (None, None) => return Err(Error::NotFound),
    };
    set_cookie(&mut response, cookie(&app, String::new(), 0));
    Ok(response)
}

/// Makes an account a person's. When it is another person's here, both are one: whoever is signed in
/// as the one and has proved to own the account of the other is both of them, and is asked before.
/// To refuse would leave a volunteer who becomes a trainer by a link with two halves of a history.
async fn bind(app: &App, person: &str, account: &Proved) -> Result<(), Error> {
    let own = app.db.person(person).await?.ok_or(Error::NotFound)?;
    if own
        .central_id
        .is_some_and(|bound| bound != account.central_id)
    {
        return Err(Error::Conflict {
            key: "badges-sign-in-bound-already",
        });
    }
    let known = app.db.person_by_central_id(account.central_id).await?;
    match known {
        Some(known) if known.person == person => {}
        Some(known) => {
            app.db
                .merge_people(person, &known.person, app.seconds())
                .await?
        }
        None => {
            app.db
                .set_account(person, account.central_id, account.user_name.as_deref())
                .await?
        }
    }
    app.db
        .log(&Action {
            at: app.seconds(),
            issuer: None,
            person: Some(person),
            action: "person.bind-account",
            noun: "person",
            object: person,
            detail: None,
        })
        .await?;
    accounts::follow(app, account).await?;
    app.db
        .gather_awards(person, account.central_id, app.seconds())
        .await?;
    Ok(())
}

/// Says why nobody was signed in, and where to begin again.
fn stopped(ctx: Ctx, status: StatusCode, key: &str, next: &str) -> Result<Response, Error> {
    let again = format!("/sign-in/wikimedia{}", query(next));
    let text = ctx.t(key);
    not_signed_in(ctx, status, text, Some(again))
}

/// Nobody has offered anything to this account, so nothing is kept of it.
fn nothing_waits(ctx: Ctx, account: &Proved) -> Result<Response, Error> {
    let text = account.user_name.as_deref().map_or_else(
        || ctx.t("badges-sign-in-nothing-waits-hidden"),
        |name| ctx.t1("badges-sign-in-nothing-waits", name),
    );
    not_signed_in(ctx, StatusCode::FORBIDDEN, text, None)
}

fn cookie_name(app: &App) -> &'static str {
    if app.settings.public_url.is_https() {
        "__Host-badges_sign_in"
    } else {
        "badges_sign_in"
    }
}

fn cookie(app: &App, value: String, seconds: i64) -> Cookie<'static> {
    Cookie::build((cookie_name(app), value))
        .path("/")
        .http_only(true)
        .secure(app.settings.public_url.is_https())
        // Lax, not strict: the browser comes back from another site.
        .same_site(SameSite::Lax)
        .max_age(time::Duration::seconds(seconds))
        .build()
}
