//! A badge in its holder's hands, at three addresses with the same pages: by the claim link that the
//! trainer gave out, by the personal link of a holder without an account, and in an account.
//!
//! Looking changes nothing, because programs look at links in messages. The addresses are secrets:
//! pages are not kept, not indexed, and tell no other site where the reader came from.

mod choice;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod scene;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;
mod view;

use std::collections::HashMap;

use askama::Template;
use axum::Router;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use self::choice::{Choice, ChoiceForm};
use self::view::View;
use super::sign_in::Nothing;
use super::wikimedia::{Purpose, begin};
use crate::db::{AwardRow, RecipientRow};
use crate::error::Error;
use crate::form::Form;
use crate::page::{Ctx, page, redirect_with};
use crate::rate::{Cost, costly};
use crate::{App, accounts, issuing};

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
        .layer(map_response(secret));
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
async fn secret(mut response: Response) -> Response {
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

/// How somebody came to a badge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// By the link that the trainer gave out: it is offered.
    Claim,
    /// By a personal link.
    Link,
    /// Signed in.
    Account,
}

/// A badge, and whoever may decide about it; an extractor.
struct Holding {
    way: Way,
    /// The path of the badge's own page here.
    base: String,
    award: AwardRow,
    recipient: Option<RecipientRow>,
    /// The user name that the badge can tell.
    user_name: Option<String>,
}

impl FromRequestParts<App> for Holding {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let ctx = Ctx::from_request_parts(parts, app)
            .await
            .map_err(IntoResponse::into_response)?;
        let names = Path::<HashMap<String, String>>::from_request_parts(parts, app).await;
        let Ok(Path(names)) = names else {
            return Err(Error::NotFound.into_response());
        };
        match Self::open(&ctx, &names).await {
            Ok(Some(holding)) => Ok(holding),
            Ok(None) if names.contains_key("token") => Err(Error::NotFound.into_response()),
            Ok(None) => {
                Err(ended(ctx, names.contains_key("claim"))
                    .unwrap_or_else(IntoResponse::into_response))
            }
            Err(error) => Err(error.into_response()),
        }
    }
}

impl Holding {
    /// The badge that the path's names open for the reader.
    async fn open(ctx: &Ctx, names: &HashMap<String, String>) -> Result<Option<Self>, Error> {
        let app = &ctx.app;
        let name = |name: &str| names.get(name).map(String::as_str);
        let (way, base, award) = match (name("claim"), name("holder"), name("token")) {
            (Some(claim), _, _) => {
                let award = app
                    .db
                    .award_by_claim(&crate::secret::hash(claim), app.seconds())
                    .await?;
                let offered = award.filter(|award| award.acceptance == "offered");
                (Way::Claim, format!("/claim/{claim}"), offered)
            }
            (_, Some(holder), _) => {
                let award = app.db.award_by_holder(&crate::secret::hash(holder)).await?;
                (Way::Link, format!("/mine/{holder}"), award)
            }
            (_, _, Some(token)) => {
                ctx.signed()?;
                (
                    Way::Account,
                    format!("/me/badges/{token}"),
                    app.db.award_by_token(token).await?,
                )
            }
            _ => return Ok(None),
        };
        let Some(award) = award.filter(|award| award.acceptance != "erased") else {
            return Ok(None);
        };
        let recipient = app.db.recipient(&award.id).await?;
        let mut user_name = recipient
            .as_ref()
            .and_then(|recipient| recipient.user_name.clone());
        if way == Way::Account {
            let person = app
                .db
                .person(&ctx.signed()?.id)
                .await?
                .ok_or(Error::NotFound)?;
            let offered_to = recipient
                .as_ref()
                .and_then(|recipient| recipient.central_id);
            let is_theirs = match &award.person {
                Some(holder) => *holder == person.person,
                None => offered_to.is_some() && offered_to == person.central_id,
            };
            if !is_theirs {
                return Ok(None);
            }
            if person.central_id.is_some() {
                user_name = person.user_name;
            }
        }
        Ok(Some(Self {
            way,
            base,
            award,
            recipient,
            user_name,
        }))
    }

    /// Whether the badge can be put into the account of whoever is signed in.
    async fn may_bind(&self, ctx: &Ctx) -> Result<bool, Error> {
        let Some(signed) = &ctx.person else {
            return Ok(false);
        };
        let person = ctx.app.db.person(&signed.id).await?;
        let central_id = person.and_then(|person| person.central_id);
        Ok(accounts::may_hold(
            &self.award,
            self.recipient.as_ref(),
            Some(&signed.id),
            central_id,
        ))
    }

    /// Who decides, if that is known: for the log.
    fn by<'a>(&'a self, ctx: &'a Ctx) -> Option<&'a str> {
        let signed = ctx.person.as_ref().filter(|_| self.way == Way::Account);
        signed
            .map(|signed| signed.id.as_str())
            .or(self.award.person.as_deref())
    }

    fn path(&self, rest: &str) -> String {
        format!("{}/{rest}", self.base)
    }

    /// Whether copies of the badge can tell that it does not count any more (decision B1).
    fn can_be_revoked(&self) -> bool {
        !self.award.did.starts_with("did:key:")
    }

    fn in_account(&self) -> bool {
        self.way == Way::Account
    }

    fn is_by_link(&self) -> bool {
        self.way == Way::Link
    }

    fn is(&self, acceptance: &str) -> bool {
        self.award.acceptance == acceptance
    }
}

#[derive(Template)]
#[template(path = "claim_ended.html")]
struct EndedPage {
    ctx: Ctx,
    /// Whether it looks like a claim link; else it looks like a personal one.
    claim: bool,
}

/// The link opens nothing (any more). Which of the reasons it is, is nobody's business who may have
/// found it somewhere.
fn ended(ctx: Ctx, claim: bool) -> Result<Response, Error> {
    let mut response = page(&EndedPage { ctx, claim })?;
    *response.status_mut() = StatusCode::NOT_FOUND;
    Ok(response)
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
    let choice = Choice::of(&ctx, &holding.award).await?;
    shown(ctx, holding, choice, true, Vec::new()).await
}

/// The badge's page, with what was typed and what is wrong with it.
async fn shown(
    ctx: Ctx,
    holding: Holding,
    choice: Choice,
    bind: bool,
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
    holding: Holding,
    Form(form): Form<ChoiceForm>,
) -> Result<Response, Error> {
    if !holding.is("offered") {
        return Ok(Redirect::to(&holding.base).into_response());
    }
    let bind = form.account.is_some();
    let choice = match form.choice(&ctx, &holding) {
        Ok(choice) => choice,
        Err((choice, problems)) => return shown(ctx, holding, choice, bind, problems).await,
    };
    let to_account = holding.way == Way::Account || bind && holding.may_bind(&ctx).await?;
    let person = if to_account {
        Some(ctx.signed()?.id.clone())
    } else {
        None
    };
    let accepted = issuing::accept(&app, &holding.award.id, choice.acceptance(person)).await?;
    // The page that it leads to is the personal link itself: it shows its own address, so nothing is
    // lost when it is loaded again.
    let path = match accepted.holder_secret {
        Some(secret) if !to_account => format!("/mine/{secret}"),
        _ => format!("/me/badges/{}", holding.award.token),
    };
    Ok(redirect_with("good", "badges-notice-accepted", &path))
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
        Err((choice, problems)) => return shown(ctx, holding, choice, false, problems).await,
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

/// The signed text, also of a badge that nobody else may see.
async fn document(State(app): State<App>, holding: Holding) -> Result<Response, Error> {
    let text = issuing::credential_text(&app, &holding.award.id)
        .await?
        .ok_or(Error::NotFound)?;
    Ok(attachment(
        "application/vc+ld+json",
        &holding.award.token,
        "json",
        text.into_bytes(),
    ))
}

/// The picture with the badge in it.
async fn picture(State(app): State<App>, holding: Holding) -> Result<Response, Error> {
    let award = &holding.award;
    let text = issuing::credential_text(&app, &award.id)
        .await?
        .ok_or(Error::NotFound)?;
    let version = app
        .db
        .version(&award.achievement, award.version)
        .await?
        .ok_or(Error::NotFound)?;
    let image = app.db.image(&version.image).await?.ok_or(Error::NotFound)?;
    let baked = tokio::task::spawn_blocking(move || badges_core::bake::bake(&text, &image.bytes))
        .await
        .map_err(Error::internal)?
        .map_err(Error::internal)?;
    let format = badges_core::bake::Format::detect(&baked).ok_or(Error::NotFound)?;
    Ok(attachment(
        format.media_type(),
        &award.token,
        format.extension(),
        baked,
    ))
}

fn attachment(media_type: &'static str, token: &str, extension: &str, bytes: Vec<u8>) -> Response {
    // A token is letters, digits, `-` and `_`.
    let name = format!("attachment; filename=\"badge-{token}.{extension}\"");
    let mut response = ([(header::CONTENT_TYPE, media_type)], bytes).into_response();
    if let Ok(name) = HeaderValue::from_str(&name) {
        response
            .headers_mut()
            .insert(header::CONTENT_DISPOSITION, name);
    }
    response
}
