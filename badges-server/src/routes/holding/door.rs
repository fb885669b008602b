//! Who may decide about a badge: whoever has its link, or the account that holds it.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{FromRequestParts, Path};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

use crate::db::{AwardRow, RecipientRow};
use crate::error::Error;
use crate::page::{Ctx, page};
use crate::{App, accounts};

/// How somebody came to a badge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// By the link that the trainer gave out: it is offered.
    Claim,
    /// By a personal link.
    Link,
    /// Signed in.
    Account,
}

/// A badge, and whoever may decide about it; an extractor.
pub(in crate::routes) struct Holding {
    pub(super) way: Way,
    /// The path of the badge's own page here.
    pub(super) base: String,
    pub(in crate::routes) award: AwardRow,
    pub(super) recipient: Option<RecipientRow>,
    /// The user name that the badge can tell.
    pub(in crate::routes) user_name: Option<String>,
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
    pub(in crate::routes) async fn open(
        ctx: &Ctx,
        names: &HashMap<String, String>,
    ) -> Result<Option<Self>, Error> {
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
    pub(super) async fn may_bind(&self, ctx: &Ctx) -> Result<bool, Error> {
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
    pub(super) fn by<'a>(&'a self, ctx: &'a Ctx) -> Option<&'a str> {
        let signed = ctx.person.as_ref().filter(|_| self.way == Way::Account);
        signed
            .map(|signed| signed.id.as_str())
            .or(self.award.person.as_deref())
    }

    pub(super) fn path(&self, rest: &str) -> String {
        format!("{}/{rest}", self.base)
    }

    /// Whether copies of the badge can tell that it does not count any more (decision B1).
    pub(super) fn can_be_revoked(&self) -> bool {
        !self.award.did.starts_with("did:key:")
    }

    /// Whether the badge has a page that whoever is here can open.
    pub(super) fn has_page(&self) -> bool {
        self.award.visibility != "private" || self.in_account() && self.award.person.is_some()
    }

    pub(super) fn in_account(&self) -> bool {
        self.way == Way::Account
    }

    pub(super) fn is_by_link(&self) -> bool {
        self.way == Way::Link
    }

    pub(super) fn is(&self, acceptance: &str) -> bool {
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
