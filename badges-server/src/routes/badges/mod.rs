//! Badges: one address for each, which answers people with a page and programs with the document.

mod certificate;
mod document;
mod negotiation;
mod page;
mod share;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
pub(super) mod tests;
mod told;

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::get;
use badges_core::bake::Format;

use crate::App;
use crate::db::{AchievementRow, AwardRow, Issuer, VersionRow};
use crate::error::Error;
use crate::issuing::{self, Visibility};
use crate::page::{Ctx, page as render};

pub(crate) use negotiation::Form;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/issuers/{issuer}/badges/{token}", get(badge))
        .route(
            "/issuers/{issuer}/badges/{token}/certificate",
            get(certificate),
        )
        .route("/issuers/{issuer}/badges/{token}/embed", get(embed))
        .route("/issuers/{issuer}/badges/{token}/preview.png", get(preview))
}

/// A badge that may be shown to whoever asks, with all that belongs to it.
pub(crate) struct Badge {
    pub(crate) award: AwardRow,
    pub(crate) issuer: Issuer,
    pub(crate) achievement: AchievementRow,
    /// The version that was awarded.
    pub(crate) version: VersionRow,
    /// The newest signed text.
    pub(crate) text: String,
    /// The format of its picture.
    pub(crate) picture: Format,
    /// Whether it is shown to its holder.
    pub(crate) is_holder: bool,
    /// The address below which its page and files are, without the service's own.
    pub(crate) path: String,
}

/// What there is to see of an award.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sight {
    /// The badge.
    Shown,
    /// That its holder has withdrawn it, and nothing else.
    Withdrawn,
    /// That it was removed at its holder's request, and nothing else.
    Erased,
    /// Nothing, as if it had never been.
    Hidden,
}

impl Sight {
    /// What somebody sees who has the address of a badge. What was offered and not yet accepted can
    /// be seen by its claim link only.
    pub(crate) fn of(award: &AwardRow, is_holder: bool) -> Self {
        match award.acceptance.as_str() {
            "accepted" if is_holder || visibility_of(award) != Visibility::Private => Self::Shown,
            "withdrawn" => Self::Withdrawn,
            "erased" => Self::Erased,
            _ => Self::Hidden,
        }
    }
}

impl Badge {
    /// Everything of an accepted award; `path` is where its page and files are.
    ///
    /// # Errors
    /// When something that belongs to it is missing.
    pub(crate) async fn load(
        app: &App,
        award: AwardRow,
        is_holder: bool,
        path: String,
    ) -> Result<Self, Error> {
        let missing = || Error::internal(format_args!("the award {} is incomplete", award.id));
        let issuer = app.db.issuer(&award.issuer).await?.ok_or_else(missing)?;
        let achievement = app
            .db
            .achievement(&award.achievement)
            .await?
            .ok_or_else(missing)?;
        let version = app
            .db
            .version(&award.achievement, award.version)
            .await?
            .ok_or_else(missing)?;
        let media_type = app
            .db
            .media_type(&version.image)
            .await?
            .ok_or_else(missing)?;
        let text = issuing::credential_text(app, &award.id)
            .await?
            .ok_or_else(missing)?;
        let picture = if media_type == Format::Svg.media_type() {
            Format::Svg
        } else {
            Format::Png
        };
        Ok(Self {
            issuer,
            achievement,
            version,
            text,
            picture,
            is_holder,
            path,
            award,
        })
    }

    /// Who may see it.
    pub(crate) fn visibility(&self) -> Visibility {
        visibility_of(&self.award)
    }

    /// Whether only its holder may see it.
    fn is_private(&self) -> bool {
        self.visibility() == Visibility::Private
    }

    /// Whether search engines may show it: it is for everybody, and stands.
    fn is_indexed(&self) -> bool {
        self.visibility() == Visibility::Public && self.award.standing == "valid"
    }

    /// Tells search engines to leave it alone, unless they may show it.
    fn unindexed(&self, mut response: Response) -> Response {
        if !self.is_indexed() {
            response
                .headers_mut()
                .insert("x-robots-tag", HeaderValue::from_static("noindex"));
        }
        response
    }

    /// Whether there is an SVG of it.
    fn has_svg(&self) -> bool {
        self.picture == Format::Svg
    }
}

/// Who may see a badge that was accepted. A word that is not known shows it to nobody else.
fn visibility_of(award: &AwardRow) -> Visibility {
    Visibility::from_word(&award.visibility).unwrap_or(Visibility::Private)
}

/// The path of a badge's page.
pub(crate) fn path_of(issuer_slug: &str, token: &str) -> String {
    format!("/issuers/{issuer_slug}/badges/{token}")
}

async fn badge(
    State(app): State<App>,
    ctx: Ctx,
    request: HeaderMap,
    Path((issuer, file)): Path<(String, String)>,
) -> Result<Response, Error> {
    let (token, ending) = match file.split_once('.') {
        Some((token, ending)) => (
            token,
            Some(Form::from_ending(ending).ok_or(Error::NotFound)?),
        ),
        None => (file.as_str(), None),
    };
    let badge = match seek(&app, &ctx, &issuer, token).await? {
        Ok(badge) => badge,
        // A program gets the status, and no page.
        Err(_) if ending.is_some() || !ctx.wants_html() => return Err(Error::Gone),
        Err(sight) => return gone(ctx, sight),
    };
    let mut response = show(&app, ctx, &request, &badge, ending).await?;
    if ending.is_none() {
        response
            .headers_mut()
            .append(header::VARY, HeaderValue::from_static("Accept"));
    }
    Ok(response)
}

/// A badge as a page or as a document: in the form of an address' ending, else in what the request
/// accepts. The caller has made sure that it may be seen.
///
/// # Errors
/// [`Error::NotFound`] for a form that there is not.
pub(crate) async fn show(
    app: &App,
    ctx: Ctx,
    request: &HeaderMap,
    badge: &Badge,
    ending: Option<Form>,
) -> Result<Response, Error> {
    let has_svg = badge.has_svg();
    let (form, media_type) = match ending {
        Some(Form::Svg) if !has_svg => return Err(Error::NotFound),
        Some(form) => (form, form.media_type()),
        None => negotiation::negotiate(request, has_svg),
    };
    match form {
        Form::Page => page::badge(app, ctx, request, badge).await,
        _ => document::document(app, request, badge, form, media_type).await,
    }
}

/// The badge at an address, or what is said in its place.
async fn seek(
    app: &App,
    ctx: &Ctx,
    issuer: &str,
    token: &str,
) -> Result<Result<Badge, Sight>, Error> {
    let award = app.db.award_by_token(token).await?.ok_or(Error::NotFound)?;
    let is_holder = award.person.is_some()
        && award.person.as_deref() == ctx.person.as_ref().map(|person| person.id.as_str());
    let sight = Sight::of(&award, is_holder);
    let found = app
        .db
        .issuer_by_slug(issuer)
        .await?
        .filter(|found| found.id == award.issuer);
    match (found, sight) {
        (None, _) | (_, Sight::Hidden) => Err(Error::NotFound),
        (Some(found), Sight::Shown) => {
            let path = path_of(&found.slug, &award.token);
            Badge::load(app, award, is_holder, path).await.map(Ok)
        }
        (Some(_), sight) => Ok(Err(sight)),
    }
}

/// A badge that is there and can be seen, for what stands below its address.
async fn seen(app: &App, ctx: &Ctx, issuer: &str, token: &str) -> Result<Badge, Error> {
    seek(app, ctx, issuer, token)
        .await?
        .map_err(|_| Error::Gone)
}

async fn certificate(
    State(app): State<App>,
    ctx: Ctx,
    request: HeaderMap,
    Path((issuer, token)): Path<(String, String)>,
) -> Result<Response, Error> {
    let badge = seen(&app, &ctx, &issuer, &token).await?;
    certificate::certificate(&ctx, &request, &badge)
}

async fn embed(
    State(app): State<App>,
    ctx: Ctx,
    request: HeaderMap,
    Path((issuer, token)): Path<(String, String)>,
) -> Result<Response, Error> {
    let badge = seen(&app, &ctx, &issuer, &token).await?;
    page::embed(&app, ctx, &request, &badge).await
}

async fn preview(
    State(app): State<App>,
    ctx: Ctx,
    request: HeaderMap,
    Path((issuer, token)): Path<(String, String)>,
) -> Result<Response, Error> {
    let badge = seen(&app, &ctx, &issuer, &token).await?;
    document::preview(&app, &request, &badge).await
}

#[derive(Template)]
#[template(path = "badge_gone.html")]
struct GonePage {
    ctx: Ctx,
    /// What is said, and nothing else.
    text: String,
}

fn gone(ctx: Ctx, sight: Sight) -> Result<Response, Error> {
    let text = match sight {
        Sight::Erased => ctx.t("badges-badge-erased"),
        _ => ctx.t("badges-badge-withdrawn"),
    };
    let mut response = render(&GonePage { text, ctx })?;
    *response.status_mut() = StatusCode::GONE;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    Ok(response)
}
