//! What everybody may know of an issuer: who it is, its keys, and what can be achieved with it.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use axum::routing::get;
use badges_core::key::PublicKey;
use badges_core::markup::Markup;
use badges_core::model::{
    Achievement, AchievementText, AlignmentTargetType, IdentifierEntry, IdentifierType, Image,
    Profile, TypeName,
};
use badges_core::publish::{
    Base, Identity, did_document, jwk_document, key_set, multikey_document,
};
use badges_core::writing::Direction;
use serde_json::Value;

use super::achievements::term_key;
use super::images::picture;
use crate::achievement::period;
use crate::db::{AchievementRow, IdentityRow, Issuer, KeyRow, VersionRow};
use crate::error::Error;
use crate::i18n;
use crate::page::{Ctx, page};
use crate::published::published_json;
use crate::{App, images, issuing, languages};

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/issuers/{issuer}", get(issuer))
        .route("/issuers/{issuer}/did.json", get(did))
        .route("/issuers/{issuer}/keys/{file}", get(key))
        .route("/issuers/{issuer}/achievements/{file}", get(newest))
        .route(
            "/issuers/{issuer}/achievements/{slug}/versions/{file}",
            get(version),
        )
        .route("/.well-known/jwks.json", get(keys))
}

const JSON: &str = "application/json";

/// What a path asks for: a page or a document, by its ending or else by what the reader prefers.
fn split(file: &str) -> (&str, Option<&str>) {
    match file.rsplit_once('.') {
        Some((name, ending)) => (name, Some(ending)),
        None => (file, None),
    }
}

#[derive(Template)]
#[template(path = "issuer.html")]
struct IssuerPage {
    ctx: Ctx,
    issuer: Issuer,
    /// The home page.
    url: String,
    description: String,
    /// The host that vouches for the issuer, if one does.
    domain: Option<String>,
    did: String,
    /// The DIDs under which the same issuer has signed before.
    older: Vec<String>,
    achievements: Vec<(AchievementRow, VersionRow)>,
}

async fn issuer(
    State(app): State<App>,
    ctx: Ctx,
    Path(file): Path<String>,
    request: HeaderMap,
) -> Result<Response, Error> {
    let (slug, ending) = split(&file);
    let issuer = app.db.issuer_by_slug(slug).await?.ok_or(Error::NotFound)?;
    let identities = app.db.identities(&issuer.id).await?;
    match ending {
        None if ctx.wants_html() => {}
        None | Some("json") => {
            let profile = serde_json::to_value(profile(&app, &issuer, &identities)?)
                .map_err(Error::internal)?;
            return Ok(negotiated(published_json(&request, JSON, &profile)));
        }
        Some(_) => return Err(Error::NotFound),
    }
    let profile: Value = serde_json::from_str(&issuer.profile).map_err(Error::internal)?;
    let text = |name: &str| profile[name].as_str().unwrap_or_default().to_owned();
    let mut dids = identities.iter().map(|identity| identity.did.clone());
    let did = dids.next().unwrap_or_default();
    let mut achievements = app.db.achievements(&issuer.id).await?;
    achievements.retain(|(achievement, _)| !achievement.archived);
    let response = page(&IssuerPage {
        url: text("url"),
        description: text("description"),
        domain: Identity::from_did(&did).and_then(|identity| Some(domain(identity.base()?))),
        did,
        older: dids.collect(),
        achievements,
        issuer,
        ctx,
    })?;
    Ok(negotiated(response))
}

/// The host of an address.
fn domain(base: &Base) -> String {
    base.url("")
        .split('/')
        .nth(2)
        .unwrap_or_default()
        .to_owned()
}

/// The same address answers people and programs.
fn negotiated(mut response: Response) -> Response {
    response
        .headers_mut()
        .append(header::VARY, HeaderValue::from_static("Accept"));
    response
}

/// An issuer's Profile, as everybody may read it: with the DIDs that it had before.
fn profile(app: &App, issuer: &Issuer, identities: &[IdentityRow]) -> Result<Profile, Error> {
    let mut profile: Value = serde_json::from_str(&issuer.profile).map_err(Error::internal)?;
    let (current, older) = identities.split_first().ok_or(Error::NotFound)?;
    profile["id"] = current.did.as_str().into();
    let mut profile: Profile = serde_json::from_value(profile).map_err(Error::internal)?;
    profile.image = issuer
        .logo
        .as_deref()
        .map(|hash| Image::new(app.settings.public_url.join(&format!("/images/{hash}"))));
    for identity in older {
        profile.other_identifier.push(IdentifierEntry {
            identifier: identity.did.clone(),
            identifier_type: IdentifierType::Identifier,
            r#type: TypeName::default(),
        });
    }
    Ok(profile)
}

/// The DID document: of the did:web at the host that was asked, else of the newest one.
async fn did(
    State(app): State<App>,
    Path(slug): Path<String>,
    request: HeaderMap,
) -> Result<Response, Error> {
    let issuer = app.db.issuer_by_slug(&slug).await?.ok_or(Error::NotFound)?;
    let bases = asked(&app, &issuer, &request).await?;
    let base = bases.first().ok_or(Error::NotFound)?;
    let keys = listed(&app, base.did()).await?;
    Ok(published_json(
        &request,
        JSON,
        &did_document(base.did(), &keys),
    ))
}

/// The address of an issuer's did:web at the host that was asked; all, the newest first, when it has
/// none there. An issuer has several when the service has moved.
pub(super) async fn asked(
    app: &App,
    issuer: &Issuer,
    request: &HeaderMap,
) -> Result<Vec<Base>, Error> {
    let host = request
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    let is_there = |base: &Base| domain(base).eq_ignore_ascii_case(host);
    let mut bases = bases(app, issuer).await?;
    if bases.iter().any(is_there) {
        bases.retain(is_there);
    }
    Ok(bases)
}

/// The addresses of an issuer's did:web, the newest first.
async fn bases(app: &App, issuer: &Issuer) -> Result<Vec<Base>, Error> {
    let identities = app.db.identities(&issuer.id).await?;
    Ok(identities
        .iter()
        .filter_map(|identity| Base::from_did(&identity.did))
        .collect())
}

/// The public keys that a DID vouches for: retired ones too, but none that somebody else may have.
async fn listed(app: &App, did: &str) -> Result<Vec<PublicKey>, Error> {
    let rows = app.db.keys(did).await?;
    Ok(rows
        .iter()
        .filter(|row| row.state != "compromised")
        .filter_map(public)
        .collect())
}

fn public(row: &KeyRow) -> Option<PublicKey> {
    PublicKey::from_multikey(&row.multikey).ok()
}

/// A key alone, as Multikey or as JWK.
async fn key(
    State(app): State<App>,
    Path((slug, file)): Path<(String, String)>,
    request: HeaderMap,
) -> Result<Response, Error> {
    let issuer = app.db.issuer_by_slug(&slug).await?.ok_or(Error::NotFound)?;
    let (name, is_jwk) = match (file.strip_suffix(".jwk.json"), file.strip_suffix(".json")) {
        (Some(name), _) => (name, true),
        (None, Some(name)) => (name, false),
        (None, None) => return Err(Error::NotFound),
    };
    for base in bases(&app, &issuer).await? {
        let keys = listed(&app, base.did()).await?;
        if let Some(key) = keys.iter().find(|key| key.name() == name) {
            let document = match is_jwk {
                true => jwk_document(base.did(), key),
                false => multikey_document(&base, key).ok_or(Error::NotFound)?,
            };
            let media_type = if is_jwk { "application/jwk+json" } else { JSON };
            return Ok(published_json(&request, media_type, &document));
        }
    }
    Err(Error::NotFound)
}

/// The keys of all issuers (Open Badges 3.0, 8.2.3).
async fn keys(State(app): State<App>, request: HeaderMap) -> Result<Response, Error> {
    let rows = app.db.listed_keys().await?;
    let keys: Vec<(&str, PublicKey)> = rows
        .iter()
        .filter_map(|row| {
            let key = public(row)?;
            let identity = Identity::from_did(&row.did)?;
            identity.can_have(&key).then_some((row.did.as_str(), key))
        })
        .collect();
    let set = key_set(keys.iter().map(|(did, key)| (*did, key)));
    Ok(published_json(&request, "application/jwk-set+json", &set))
}

/// An alignment as a page shows it.
struct AlignmentView {
    name: String,
    url: String,
    framework: String,
    is_capacity: bool,
}

/// A result as a page shows it.
struct ResultView {
    name: String,
    kind: String,
    values: Vec<String>,
}

#[derive(Template)]
#[template(path = "achievement.html")]
struct AchievementPage {
    ctx: Ctx,
    issuer: Issuer,
    slug: String,
    version: VersionRow,
    /// The newest version.
    newest: i64,
    archived: bool,
    name: String,
    description: String,
    criteria: Markup,
    /// The language of these words, and its direction.
    language: String,
    dir: &'static str,
    /// The other languages, by their own names.
    others: Vec<String>,
    kind: String,
    tags: Vec<String>,
    alignments: Vec<AlignmentView>,
    results: Vec<ResultView>,
    validity: Option<String>,
}

async fn newest(
    State(app): State<App>,
    ctx: Ctx,
    Path((issuer, file)): Path<(String, String)>,
    request: HeaderMap,
) -> Result<Response, Error> {
    let (slug, ending) = split(&file);
    let (issuer, row) = find(&app, &issuer, slug).await?;
    let number = row.version;
    let version = app
        .db
        .version(&row.id, number)
        .await?
        .ok_or(Error::NotFound)?;
    answer(&app, ctx, issuer, row, version, ending, &request).await
}

async fn version(
    State(app): State<App>,
    ctx: Ctx,
    Path((issuer, slug, file)): Path<(String, String, String)>,
    request: HeaderMap,
) -> Result<Response, Error> {
    let (number, ending) = split(&file);
    let (issuer, row) = find(&app, &issuer, &slug).await?;
    let number = number.parse().map_err(|_| Error::NotFound)?;
    let version = app
        .db
        .version(&row.id, number)
        .await?
        .ok_or(Error::NotFound)?;
    answer(&app, ctx, issuer, row, version, ending, &request).await
}

async fn find(app: &App, issuer: &str, slug: &str) -> Result<(Issuer, AchievementRow), Error> {
    let issuer = app
        .db
        .issuer_by_slug(issuer)
        .await?
        .ok_or(Error::NotFound)?;
    let achievement = app
        .db
        .achievement_by_slug(&issuer.id, slug)
        .await?
        .ok_or(Error::NotFound)?;
    Ok((issuer, achievement))
}

/// A version of an achievement, in the form that was asked for.
async fn answer(
    app: &App,
    ctx: Ctx,
    issuer: Issuer,
    row: AchievementRow,
    version: VersionRow,
    ending: Option<&str>,
    request: &HeaderMap,
) -> Result<Response, Error> {
    if matches!(ending, Some("png" | "svg")) {
        let mut image = app.db.image(&version.image).await?.ok_or(Error::NotFound)?;
        if ending == Some("png") && !images::is_png(&image) {
            let png = app.db.image_png(&version.image).await?;
            image.bytes = png.ok_or(Error::NotFound)?;
            image.media_type = "image/png".to_owned();
        } else if ending == Some("svg") && images::is_png(&image) {
            return Err(Error::NotFound);
        }
        return Ok(picture(request, image));
    }
    let current = app
        .db
        .identities(&issuer.id)
        .await?
        .into_iter()
        .next()
        .ok_or(Error::NotFound)?;
    let identity =
        Identity::from_did(&current.did).ok_or_else(|| Error::internal("the DID is not ours"))?;
    let achievement = issuing::achievement(app, &identity, &row, &version).await?;
    match ending {
        None if ctx.wants_html() => {}
        None | Some("json") => {
            let document = serde_json::to_value(&achievement).map_err(Error::internal)?;
            return Ok(negotiated(published_json(request, JSON, &document)));
        }
        Some(_) => return Err(Error::NotFound),
    }
    page(&AchievementPage::new(
        ctx,
        issuer,
        row,
        version,
        &achievement,
    ))
    .map(negotiated)
}

impl AchievementPage {
    fn new(
        ctx: Ctx,
        issuer: Issuer,
        row: AchievementRow,
        version: VersionRow,
        achievement: &Achievement,
    ) -> Self {
        let text: AchievementText<'_> = achievement.text_in(&[ctx.lang.tag()]);
        let language = text.language.unwrap_or_default();
        let others = achievement
            .texts()
            .iter()
            .filter_map(|other| other.language)
            .filter(|other| *other != language)
            .map(|other| languages::name(other).to_owned())
            .collect();
        let validity = period(version.validity.as_deref())
            .map(|(number, unit)| ctx.t1(&format!("badges-achievement-valid-{unit}"), &number));
        Self {
            name: text.name.to_owned(),
            description: text.description.to_owned(),
            criteria: Markup::markdown(text.criteria.narrative.unwrap_or_default()),
            dir: Direction::of_language(language).as_str(),
            language: language.to_owned(),
            others,
            kind: achievement
                .achievement_type
                .as_ref()
                .map_or_else(String::new, |kind| {
                    term(&ctx, "badges-achievement-type", kind.as_str())
                }),
            tags: achievement.tag.clone(),
            alignments: achievement
                .alignment
                .iter()
                .map(|alignment| AlignmentView {
                    name: alignment.target_name.clone(),
                    url: alignment.target_url.clone(),
                    framework: alignment.target_framework.clone().unwrap_or_default(),
                    is_capacity: alignment.target_type
                        == AlignmentTargetType::extension("ext:Capacity"),
                })
                .collect(),
            results: achievement
                .result_description
                .iter()
                .map(|result| ResultView {
                    name: result.name.clone(),
                    kind: term(&ctx, "badges-result-type", result.result_type.as_str()),
                    values: result.allowed_value.clone(),
                })
                .collect(),
            validity,
            slug: row.slug,
            newest: row.version,
            archived: row.archived,
            version,
            issuer,
            ctx,
        }
    }
}

/// A term of the standard in words; what is none of them as it is.
fn term(ctx: &Ctx, prefix: &str, term: &str) -> String {
    let key = term_key(prefix, term);
    if i18n::exists(&key) {
        ctx.t(&key)
    } else {
        term.trim_start_matches("ext:").to_owned()
    }
}
