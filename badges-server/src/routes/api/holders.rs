//! Badges in the hands of their holders, who have the secret of a claim link or of a badge: no token is
//! needed, and none helps.

use std::collections::HashMap;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::body::{Body, Sent};
use super::moment;
use super::tag::{changed, matches, shown};
use crate::ambient::random;
use crate::error::Error;
use crate::issuing::{self, Acceptance, Named, Visibility};
use crate::page::Ctx;
use crate::routes::holding::{Holding, View, certificate_name, holder_did};
use crate::{App, secret};

/// What a holder chooses.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Choices {
    visibility: String,
    named: String,
    /// With `named: name`.
    #[serde(default)]
    name: Option<String>,
    /// With `named: did`.
    #[serde(default)]
    did: Option<String>,
    /// The secret that the badge is to be kept by.
    #[serde(default)]
    secret: Option<String>,
}

/// What can be changed.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Change {
    visibility: String,
    named: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    did: Option<String>,
    withdrawn: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Decline {
    /// Whether what is known of the recipient goes, too.
    #[serde(default)]
    erase: bool,
}

/// What is told of a badge in any case.
#[derive(Debug, Serialize)]
struct About {
    achievement: AboutAchievement,
    issuer: AboutIssuer,
    workshop: Option<String>,
    acceptance: String,
    standing: String,
    awarded_at: String,
    valid_until: Option<String>,
    user_name: Option<String>,
}

#[derive(Debug, Serialize)]
struct AboutAchievement {
    name: String,
    description: String,
    criteria: Option<String>,
    language: String,
    picture: String,
}

#[derive(Debug, Serialize)]
struct AboutIssuer {
    name: String,
    page: String,
}

#[derive(Debug, Serialize)]
struct Offer {
    #[serde(flatten)]
    about: About,
    until: Option<String>,
}

#[derive(Debug, Serialize)]
struct Held {
    #[serde(flatten)]
    about: About,
    visibility: String,
    named: String,
    salt: Option<String>,
    badge: String,
    document: String,
}

#[derive(Debug, Serialize)]
struct Accepted {
    held: Held,
    secret: String,
    link: String,
}

/// The badge that a secret in the path opens.
async fn open(ctx: &Ctx, kind: &str, secret: &str) -> Result<Holding, Error> {
    let names = HashMap::from([(kind.to_owned(), secret.to_owned())]);
    Holding::open(ctx, &names).await?.ok_or(Error::NotFound)
}

async fn about(ctx: &Ctx, holding: &Holding) -> Result<(About, View), Error> {
    let view = View::of(ctx, holding).await?;
    let award = &holding.award;
    let about = About {
        achievement: AboutAchievement {
            name: view.name.clone(),
            description: view.description.clone(),
            criteria: view.criteria_text.clone(),
            language: view.language.clone(),
            picture: ctx.url(&view.picture),
        },
        issuer: AboutIssuer {
            name: view.issuer.clone(),
            page: ctx.url(&view.issuer_path),
        },
        workshop: view.workshop.clone(),
        acceptance: award.acceptance.clone(),
        standing: award.standing.clone(),
        awarded_at: moment(award.awarded_at),
        valid_until: award.valid_until.map(moment),
        user_name: holding.user_name.clone(),
    };
    Ok((about, view))
}

async fn held(ctx: &Ctx, secret: &str) -> Result<(Held, Holding), Error> {
    let holding = open(ctx, "holder", secret).await?;
    let (about, view) = about(ctx, &holding).await?;
    let held = Held {
        about,
        visibility: holding.award.visibility.clone(),
        named: holding.award.named.clone(),
        salt: view.salt,
        badge: ctx.url(&view.path),
        document: ctx.url(&format!("/mine/{secret}/badge.json")),
    };
    Ok((held, holding))
}

impl Choices {
    fn acceptance(&self, person: Option<String>) -> Result<Acceptance, Error> {
        let choose = |field: &str| Error::refused(field, "badges-form-choose", &[]);
        // What would have no effect is a mistake.
        for (field, value) in [("name", &self.name), ("did", &self.did)] {
            if value.is_some() && self.named != field {
                return Err(Error::refused(field, "badges-form-needless", &[]));
            }
        }
        let visibility =
            Visibility::from_word(&self.visibility).ok_or_else(|| choose("visibility"))?;
        let named = match self.named.as_str() {
            "nothing" => Named::Nothing,
            "user-name" => Named::UserName,
            "hashed" => Named::Hashed,
            "name" => Named::Name(certificate_name(self.name.as_deref().unwrap_or_default())?),
            "did" => Named::Did(holder_did(self.did.as_deref().unwrap_or_default())?),
            _ => return Err(choose("named")),
        };
        Ok(Acceptance {
            visibility,
            named,
            person,
        })
    }
}

pub(super) async fn offer(
    ctx: Ctx,
    request: HeaderMap,
    Path(claim): Path<String>,
) -> Result<Response, Error> {
    let holding = open(&ctx, "claim", &claim).await?;
    let (about, _) = about(&ctx, &holding).await?;
    shown(
        &request,
        &Offer {
            about,
            until: holding.award.claim_until.map(moment),
        },
    )
}

pub(super) async fn accept(
    State(app): State<App>,
    ctx: Ctx,
    Path(claim): Path<String>,
    body: Body<Choices>,
) -> Result<Response, Error> {
    let secret = match &body.value.secret {
        Some(secret) if secret::is_one(secret) => secret.clone(),
        Some(_) => return Err(Error::refused("secret", "badges-api-secret-form", &[])),
        None => secret::random(&random::<16>()),
    };
    let is_kept = async || {
        let award = app.db.award_by_holder(&secret::hash(&secret)).await?;
        Ok::<_, Error>(award.is_some())
    };
    match open(&ctx, "claim", &claim).await {
        Ok(_) if is_kept().await? => {
            return Err(Error::refused("secret", "badges-api-secret-taken", &[]));
        }
        Ok(holding) => {
            let acceptance = body.value.acceptance(None)?;
            let award = &holding.award.id;
            match issuing::accept_with(&app, award, acceptance, secret.clone()).await {
                // The same request at the same time was faster.
                Err(Error::Conflict { .. }) if is_kept().await? => {}
                done => drop(done?),
            }
        }
        // Asked once more, because no answer came: the link has ended, the badge is there.
        Err(Error::NotFound) if is_kept().await? => {}
        Err(error) => return Err(error),
    }
    let (held, _) = held(&ctx, &secret).await?;
    changed(&Accepted {
        held,
        link: ctx.url(&format!("/mine/{secret}")),
        secret,
    })
}

pub(super) async fn decline(
    State(app): State<App>,
    ctx: Ctx,
    Path(claim): Path<String>,
    body: Body<Decline>,
) -> Result<Response, Error> {
    let holding = open(&ctx, "claim", &claim).await?;
    if body.value.erase {
        issuing::erase_award(&app, &holding.award.id, None).await?;
    } else {
        issuing::decline(&app, &holding.award.id, None).await?;
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

pub(super) async fn read(
    ctx: Ctx,
    request: HeaderMap,
    Path(holder): Path<String>,
) -> Result<Response, Error> {
    shown(&request, &held(&ctx, &holder).await?.0)
}

pub(super) async fn change(
    State(app): State<App>,
    ctx: Ctx,
    request: HeaderMap,
    Path(holder): Path<String>,
    sent: Sent,
) -> Result<Response, Error> {
    let (before, holding) = held(&ctx, &holder).await?;
    let award = &holding.award;
    let is_withdrawn = award.acceptance == "withdrawn";
    let current = Change {
        visibility: before.visibility.clone(),
        named: before.named.clone(),
        name: None,
        did: None,
        withdrawn: is_withdrawn,
    };
    let asked = sent.patch(&current)?;
    // A name is not known from before: whoever names another way says all of it.
    let is_other = asked.visibility != before.visibility
        || asked.named != before.named
        || asked.name.is_some()
        || asked.did.is_some();
    let choices = Choices {
        visibility: asked.visibility,
        named: asked.named,
        name: asked.name,
        did: asked.did,
        secret: None,
    };
    let acceptance = if is_other {
        Some(choices.acceptance(award.person.clone())?)
    } else {
        None
    };
    matches(&request, &before)?;
    let by = award.person.as_deref();
    if is_withdrawn && !asked.withdrawn {
        issuing::restore(&app, &award.id, by).await?;
    }
    if let Some(acceptance) = acceptance {
        issuing::change(&app, &award.id, acceptance).await?;
    }
    if !is_withdrawn && asked.withdrawn {
        issuing::withdraw(&app, &award.id, by).await?;
    }
    changed(&held(&ctx, &holder).await?.0)
}

pub(super) async fn erase(
    State(app): State<App>,
    ctx: Ctx,
    request: HeaderMap,
    Path(holder): Path<String>,
) -> Result<Response, Error> {
    let (before, holding) = held(&ctx, &holder).await?;
    matches(&request, &before)?;
    issuing::erase_award(&app, &holding.award.id, holding.award.person.as_deref()).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
