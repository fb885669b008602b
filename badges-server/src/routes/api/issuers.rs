//! Issuers: what they say of themselves, and their logo.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::body::Sent;
use super::paging::whole;
use super::tag::{changed, matches, shown};
use super::{Client, Scope, problems};
use crate::auth::Desk;
use crate::db::Issuer;
use crate::error::Error;
use crate::form::Problems;
use crate::page::Ctx;
use crate::routes::desk::settings::{self, IssuerDraft};
use crate::{App, images, issuing};

/// What can be changed.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    url: Option<String>,
    language: String,
}

/// An issuer.
#[derive(Debug, Serialize)]
struct Shown {
    slug: String,
    #[serde(flatten)]
    written: Written,
    /// The address of its logo.
    logo: Option<String>,
    /// The DID under which it signs now.
    did: String,
    /// The address of its page.
    page: String,
}

impl Written {
    fn of(issuer: &Issuer) -> Self {
        let draft = IssuerDraft::of(issuer);
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        Self {
            name: draft.name,
            description: some(draft.description),
            url: some(draft.url),
            language: draft.language,
        }
    }
}

async fn thing(app: &App, issuer: &Issuer) -> Result<Shown, Error> {
    let (identity, _) = issuing::identity(app, issuer).await?;
    let address = |path: &str| app.settings.public_url.join(path);
    Ok(Shown {
        slug: issuer.slug.clone(),
        written: Written::of(issuer),
        logo: issuer
            .logo
            .as_ref()
            .map(|hash| address(&format!("/images/{hash}"))),
        did: identity.did,
        page: address(&format!("/issuers/{}", issuer.slug)),
    })
}

pub(super) async fn list(
    State(app): State<App>,
    request: HeaderMap,
    client: Client,
) -> Result<Response, Error> {
    client.may(Scope::Read)?;
    whole(&request, vec![thing(&app, &client.issuer).await?])
}

pub(super) async fn read(
    State(app): State<App>,
    request: HeaderMap,
    client: Client,
) -> Result<Response, Error> {
    client.may(Scope::Read)?;
    shown(&request, &thing(&app, &client.issuer).await?)
}

pub(super) async fn change(
    ctx: Ctx,
    request: HeaderMap,
    client: Client,
    sent: Sent,
) -> Result<Response, Error> {
    client.may(Scope::Administer)?;
    let written = sent.patch(&Written::of(&client.issuer))?;
    let draft = IssuerDraft {
        name: written.name,
        description: written.description.unwrap_or_default(),
        url: written.url.unwrap_or_default(),
        language: written.language,
        logo: client.issuer.logo.clone(),
    };
    keep(&ctx, &request, &client.desk, draft).await
}

pub(super) async fn set_logo(
    State(app): State<App>,
    ctx: Ctx,
    request: HeaderMap,
    client: Client,
    bytes: Bytes,
) -> Result<Response, Error> {
    client.may(Scope::Administer)?;
    let draft = IssuerDraft {
        logo: Some(picture(&app, &ctx, &request, &bytes).await?),
        ..IssuerDraft::of(&client.issuer)
    };
    keep(&ctx, &request, &client.desk, draft).await
}

pub(super) async fn delete_logo(
    ctx: Ctx,
    request: HeaderMap,
    client: Client,
) -> Result<Response, Error> {
    client.may(Scope::Administer)?;
    let draft = IssuerDraft {
        logo: None,
        ..IssuerDraft::of(&client.issuer)
    };
    keep(&ctx, &request, &client.desk, draft).await
}

async fn keep(
    ctx: &Ctx,
    request: &HeaderMap,
    desk: &Desk,
    mut draft: IssuerDraft,
) -> Result<Response, Error> {
    let app = &ctx.app;
    let mut wrong = Problems::default();
    let profile = draft.written(Some(&desk.issuer.profile), ctx.lang, &mut wrong);
    let Some(profile) = profile.filter(|_| wrong.is_empty()) else {
        return Err(problems(wrong));
    };
    matches(request, &thing(app, &desk.issuer).await?)?;
    let issuer = settings::keep(app, desk, draft, profile).await?;
    changed(&thing(app, &issuer).await?)
}

/// Takes a picture: the hash under which it is kept. What was cleaned out of it is not told, since it
/// shows in nothing.
pub(super) async fn picture(
    app: &App,
    ctx: &Ctx,
    request: &HeaderMap,
    bytes: &Bytes,
) -> Result<String, Error> {
    super::body::needs_kind(request, &["image/png", "image/svg+xml"])?;
    match images::accept(app, bytes).await? {
        Ok(kept) => Ok(kept.hash),
        Err(refused) => {
            let mut wrong = Problems::default();
            wrong.add("body", images::refused(ctx.lang, &refused));
            Err(problems(wrong))
        }
    }
}
