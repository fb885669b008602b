//! A badge in its holder's hands, at three addresses with the same pages: by the claim link that the
//! trainer gave out, by the personal link of a holder without an account, and in an account.
//!
//! Looking changes nothing, because programs look at links in messages. The addresses are secrets:
//! pages are not kept, not indexed, and tell no other site where the reader came from.

mod choice;
mod door;
mod files;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod scene;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;
mod view;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use self::choice::{Choice, ChoiceForm};
pub(in crate::routes) use self::choice::{certificate_name, holder_did};
pub(in crate::routes) use self::door::Holding;
use self::door::Way;
use self::files::{document, picture};
pub(in crate::routes) use self::view::View;
use super::sign_in::Nothing;
use super::wikimedia::{Purpose, begin};
use crate::ambient::random;
use crate::error::Error;
use crate::form::Form;
use crate::page::{Ctx, page, redirect_with};
use crate::rate::{Cost, costly};
use crate::{App, issuing, secret};

pub(crate) fn routes() -> Router<App> {
    let offer = Router::new()
        .route("/", costly(Cost::Claim, get(show)))
        .route("/accept", costly(Cost::Claim, post(accept)))
        .route(
            "/decline",
            costly(Cost::Claim, get(ask_decline).post(decline)),
        );
    let to_account = Router::new()
        .route("/sign-in", costly(Cost::SignIn, get(sign_in)))
        .route("/bind", costly(Cost::Claim, post(bind)));
    let held = Router::new()
        .route("/change", post(change))
        .route("/withdraw", post(withdraw))
        .route("/restore", post(restore))
        .route("/erase", get(ask_erase).post(erase))
        .route("/badge.json", get(document))
        .route("/picture", get(picture));
    let by_secret = Router::new()
        .nest("/claim/{claim}", offer.clone().merge(to_account.clone()))
        .nest(
            "/mine/{holder}",
            held.clone()
                .merge(to_account)
                .route("/", costly(Cost::Claim, get(show))),
        )
        .layer(map_response(untold));
    by_secret
        .nest(
            "/me/badges/{token}",
            offer.merge(held).route("/end-link", post(end_link)),
        )
        .layer(map_response(private))
}

/// What browsers and programs may do with pages that are for one person only.
pub(crate) async fn private(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        HeaderName::from_static("x-robots-tag"),
        HeaderValue::from_static("noindex, nofollow"),
    );
    response
}

/// The same, where whoever knows the address may do everything: it is told to nobody.
async fn untold(mut response: Response) -> Response {
    response.headers_mut().insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    response
}

/// Whether whoever knows the path may do everything there.
pub(crate) fn is_secret(path: &str) -> bool {
    path.starts_with("/claim/") || path.starts_with("/mine/")
}

#[derive(Template)]
#[template(path = "holding_offer.html")]
struct OfferPage {
    ctx: Ctx,
    holding: Holding,
    view: View,
    choice: Choice,
    problems: Vec<(&'static str, String)>,
    may_bind: bool,
    bind: bool,
    wikimedia: bool,
    /// The secret of the personal link that whoever accepts will have. The form carries it, so that
    /// pressing twice, or once more because no answer came, leads to the same link.
    secret: String,
}

#[derive(Template)]
#[template(path = "holding.html")]
struct HoldingPage {
    ctx: Ctx,
    holding: Holding,
    view: View,
    choice: Choice,
    problems: Vec<(&'static str, String)>,
    may_bind: bool,
    wikimedia: bool,
}

impl OfferPage {
    fn error(&self, field: &str) -> &str {
        error_of(&self.problems, field)
    }
}

impl HoldingPage {
    fn error(&self, field: &str) -> &str {
        error_of(&self.problems, field)
    }
}

/// What is wrong with a field, or nothing.
pub(crate) fn error_of<'a>(problems: &'a [(&'static str, String)], field: &str) -> &'a str {
    let mut found = problems.iter().filter(|(name, _)| *name == field);
    found.next().map_or("", |(_, text)| text)
}

async fn show(ctx: Ctx, holding: Holding) -> Result<Response, Error> {
    let choice = Choice::of(&ctx, &holding).await?;
    let form = Typed {
        choice,
        bind: true,
        secret: secret::random(&random::<16>()),
    };
    shown(ctx, holding, form, Vec::new()).await
}

/// What stands in the form.
struct Typed {
    choice: Choice,
    bind: bool,
    secret: String,
}

/// The badge's page, with what was typed and what is wrong with it.
async fn shown(
    ctx: Ctx,
    holding: Holding,
    Typed {
        choice,
        bind,
        secret,
    }: Typed,
    problems: Vec<(&'static str, String)>,
) -> Result<Response, Error> {
    let view = View::of(&ctx, &holding).await?;
    let may_bind = holding.way != Way::Account
        && holding.award.person.is_none()
        && holding.may_bind(&ctx).await?;
    let wikimedia = ctx.app.wikimedia.sign_in().is_some();
    let status = if problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let mut response = if holding.is("offered") {
        page(&OfferPage {
            ctx,
            holding,
            view,
            choice,
            problems,
            may_bind,
            bind,
            wikimedia,
            secret,
        })?
    } else {
        page(&HoldingPage {
            ctx,
            holding,
            view,
            choice,
            problems,
            may_bind,
            wikimedia,
        })?
    };
    *response.status_mut() = status;
    Ok(response)
}

async fn accept(
    State(app): State<App>,
    ctx: Ctx,
    holding: Result<Holding, Response>,
    Form(form): Form<ChoiceForm>,
) -> Result<Response, Error> {
    let secret = match secret::is_one(&form.secret) {
        true => form.secret.clone(),
        false => secret::random(&random::<16>()),
    };
    let mine = || {
        let path = format!("/mine/{secret}");
        Ok(redirect_with("good", "badges-notice-accepted", &path))
    };
    // The first press has ended the claim link.
    if is_kept(&app, &secret).await? {
        return mine();
    }
    let holding = match holding {
        Ok(holding) => holding,
        Err(ended) => return Ok(ended),
    };
    if !holding.is("offered") {
        return Ok(Redirect::to(&holding.base).into_response());
    }
    let bind = form.account.is_some();
    let choice = match form.choice(&ctx, &holding) {
        Ok(choice) => choice,
        Err((choice, problems)) => {
            let form = Typed {
                choice,
                bind,
                secret,
            };
            return shown(ctx, holding, form, problems).await;
        }
    };
    let to_account = holding.way == Way::Account || bind && holding.may_bind(&ctx).await?;
    let person = if to_account {
        Some(ctx.signed()?.id.clone())
    } else {
        None
    };
    let acceptance = choice.acceptance(person);
    match issuing::accept_with(&app, &holding.award.id, acceptance, secret.clone()).await {
        Ok(_) if to_account => {
            let path = format!("/me/badges/{}", holding.award.token);
            Ok(redirect_with("good", "badges-notice-accepted", &path))
        }
        // The page that it leads to is the personal link itself: it shows its own address, so nothing
        // is lost when it is loaded again.
        Ok(_) => mine(),
        // Two presses at once, of which the other one was faster.
        Err(Error::Conflict { .. }) if is_kept(&app, &secret).await? => mine(),
        Err(error) => Err(error),
    }
}

/// Whether a badge is kept by this secret.
async fn is_kept(app: &App, secret: &str) -> Result<bool, Error> {
    let award = app.db.award_by_holder(&secret::hash(secret)).await?;
    Ok(award.is_some())
}

#[derive(Template)]
#[template(path = "holding_decline.html")]
struct DeclinePage {
    ctx: Ctx,
    holding: Holding,
    view: View,
}

async fn ask_decline(ctx: Ctx, holding: Holding) -> Result<Response, Error> {
    if !holding.is("offered") {
        return Ok(Redirect::to(&holding.base).into_response());
    }
    let view = View::of(&ctx, &holding).await?;
    page(&DeclinePage { ctx, holding, view })
}

#[derive(Deserialize)]
struct DeclineForm {
    /// Whether what is known of the recipient is to go, too.
    erase: Option<String>,
}

async fn decline(
    State(app): State<App>,
    ctx: Ctx,
    holding: Holding,
    Form(form): Form<DeclineForm>,
) -> Result<Response, Error> {
    if !holding.is("offered") {
        return Ok(Redirect::to(&holding.base).into_response());
    }
    let by = holding.by(&ctx);
    if form.erase.is_some() {
        issuing::erase_award(&app, &holding.award.id, by).await?;
    } else {
        issuing::decline(&app, &holding.award.id, by).await?;
    }
    Ok(redirect_with(
        "info",
        "badges-notice-declined",
        if holding.way == Way::Account {
            "/me"
        } else {
            "/"
        },
    ))
}

async fn change(
    State(app): State<App>,
    ctx: Ctx,
    holding: Holding,
    Form(form): Form<ChoiceForm>,
) -> Result<Response, Error> {
    if !holding.is("accepted") {
        return Ok(Redirect::to(&holding.base).into_response());
    }
    let choice = match form.choice(&ctx, &holding) {
        Ok(choice) => choice,
        Err((choice, problems)) => {
            let form = Typed {
                choice,
                bind: false,
                secret: String::new(),
            };
            return shown(ctx, holding, form, problems).await;
        }
    };
    let person = holding.by(&ctx).map(str::to_owned);
    issuing::change(&app, &holding.award.id, choice.acceptance(person)).await?;
    Ok(redirect_with(
        "good",
        "badges-notice-changed",
        &holding.base,
    ))
}

async fn withdraw(
    State(app): State<App>,
    ctx: Ctx,
    holding: Holding,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Error> {
    issuing::withdraw(&app, &holding.award.id, holding.by(&ctx)).await?;
    Ok(redirect_with(
        "info",
        "badges-notice-withdrawn",
        &holding.base,
    ))
}

async fn restore(
    State(app): State<App>,
    ctx: Ctx,
    holding: Holding,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Error> {
    issuing::restore(&app, &holding.award.id, holding.by(&ctx)).await?;
    Ok(redirect_with(
        "good",
        "badges-notice-restored",
        &holding.base,
    ))
}

#[derive(Template)]
#[template(path = "holding_erase.html")]
struct ErasePage {
    ctx: Ctx,
    holding: Holding,
    view: View,
}

async fn ask_erase(ctx: Ctx, holding: Holding) -> Result<Response, Error> {
    let view = View::of(&ctx, &holding).await?;
    page(&ErasePage { ctx, holding, view })
}

async fn erase(
    State(app): State<App>,
    ctx: Ctx,
    holding: Holding,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Error> {
    issuing::erase_award(&app, &holding.award.id, holding.by(&ctx)).await?;
    Ok(redirect_with(
        "info",
        "badges-notice-erased",
        if holding.way == Way::Account {
            "/me"
        } else {
            "/"
        },
    ))
}

/// Signs in with Wikimedia, to put the badge into that account.
async fn sign_in(ctx: Ctx, holding: Holding) -> Result<Response, Error> {
    begin(
        &ctx,
        Purpose {
            award: Some(&holding.award.id),
            ..Purpose::default()
        },
    )
    .await
}

/// Puts the badge into the account of whoever is signed in.
async fn bind(
    State(app): State<App>,
    ctx: Ctx,
    holding: Holding,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Error> {
    let person = ctx.signed()?;
    let done = holding.may_bind(&ctx).await?
        && app
            .db
            .bind_award(&holding.award.id, &person.id, app.seconds())
            .await?;
    if !done {
        return Err(Error::Conflict {
            key: "badges-sign-in-other-account",
        });
    }
    Ok(redirect_with(
        "good",
        "badges-notice-bound",
        &format!("/me/badges/{}", holding.award.token),
    ))
}

async fn end_link(
    State(app): State<App>,
    ctx: Ctx,
    holding: Holding,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Error> {
    app.db
        .end_holder_link(&holding.award.id, &ctx.signed()?.id, app.seconds())
        .await?;
    Ok(redirect_with(
        "good",
        "badges-notice-link-ended",
        &holding.base,
    ))
}
