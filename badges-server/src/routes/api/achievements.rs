//! Achievements, their versions and pictures.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::body::{Body, Sent};
use super::issuers::picture;
use super::once::{Answer, once};
use super::paging::whole;
use super::tag::{changed, matches, shown};
use super::{Client, Scope, moment, problems};
use crate::achievement::{AlignmentRow, Draft, ResultRow, Target, TranslationRow, is_slug, period};
use crate::db::{AchievementRow, Issuer, Role, VersionRow};
use crate::error::Error;
use crate::page::Ctx;
use crate::routes::achievements as pages;
use crate::{App, images};

/// What can be written.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    /// What stands for it in addresses; made from the name where it is not said.
    #[serde(default)]
    slug: Option<String>,
    name: String,
    description: String,
    criteria: String,
    language: String,
    #[serde(default = "badge")]
    r#type: String,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    alignments: Vec<Alignment>,
    #[serde(default)]
    results: Vec<ResultKind>,
    #[serde(default)]
    translations: Vec<Translation>,
    /// How long badges are valid, such as `P2Y`.
    #[serde(default)]
    validity: Option<String>,
    #[serde(default)]
    suspendable: bool,
    #[serde(default)]
    archived: bool,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Alignment {
    target: String,
    name: String,
    address: String,
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    framework: Option<String>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct ResultKind {
    name: String,
    r#type: String,
    #[serde(default)]
    values: Vec<String>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Translation {
    language: String,
    name: String,
    description: String,
    criteria: String,
}

/// An achievement.
#[derive(Debug, Serialize)]
struct Shown {
    #[serde(flatten)]
    written: Written,
    version: i64,
    /// When this version was written.
    written_at: String,
    /// The address of the picture.
    picture: String,
    /// The address under which it is published.
    page: String,
}

#[derive(Debug, Serialize)]
struct ShownVersion {
    version: i64,
    name: String,
    written_at: String,
    page: String,
}

fn badge() -> String {
    "Badge".to_owned()
}

/// A text on one line of a form's many.
fn line(text: &str) -> String {
    text.split(['\n', '\r'])
        .collect::<Vec<_>>()
        .join(" ")
        .trim()
        .to_owned()
}

impl Written {
    fn of(achievement: &AchievementRow, newest: &VersionRow) -> Result<Self, Error> {
        let draft = Draft::of(
            &newest.document,
            newest.validity.as_deref(),
            newest.suspendable,
        )
        .map_err(Error::internal)?;
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        let lines = |text: &str| text.lines().map(str::to_owned).collect();
        Ok(Self {
            slug: Some(achievement.slug.clone()),
            name: draft.name,
            description: draft.description,
            criteria: draft.criteria,
            language: draft.language,
            r#type: draft.kind,
            tags: lines(&draft.tags),
            alignments: draft
                .alignments
                .into_iter()
                .map(|row| Alignment {
                    target: row.target.as_str().to_owned(),
                    name: row.name,
                    address: row.address,
                    code: some(row.code),
                    framework: some(row.framework),
                })
                .collect(),
            results: draft
                .results
                .into_iter()
                .map(|row| ResultKind {
                    values: lines(&row.values),
                    name: row.name,
                    r#type: row.kind,
                })
                .collect(),
            translations: draft
                .translations
                .into_iter()
                .map(|row| Translation {
                    language: row.language,
                    name: row.name,
                    description: row.description,
                    criteria: row.criteria,
                })
                .collect(),
            validity: newest.validity.clone(),
            suspendable: newest.suspendable,
            archived: achievement.archived,
        })
    }

    /// The same as in the form of the page.
    fn draft(&self) -> Result<Draft, Error> {
        let text = |text: &str| text.trim().to_owned();
        let some = |text: &Option<String>| text.as_deref().unwrap_or_default().trim().to_owned();
        let lines = |texts: &[String]| {
            texts
                .iter()
                .map(|text| line(text))
                .collect::<Vec<_>>()
                .join("\n")
        };
        let validity = match &self.validity {
            None => None,
            Some(validity) => {
                // As ISO 8601 writes it, and not as people do.
                let written = Some(validity.as_str()).filter(|text| text.starts_with('P'));
                let wrong = || Error::refused("validity", "badges-achievement-validity-wrong", &[]);
                Some(period(written).ok_or_else(wrong)?)
            }
        };
        let (number, unit) = validity.unzip();
        Ok(Draft {
            name: text(&self.name),
            description: text(&self.description),
            criteria: text(&self.criteria),
            language: text(&self.language),
            kind: text(&self.r#type),
            tags: lines(&self.tags),
            alignments: self
                .alignments
                .iter()
                .enumerate()
                .map(|(index, row)| {
                    let target = Target::ALL
                        .into_iter()
                        .find(|target| target.as_str() == row.target);
                    let wrong = || {
                        Error::refused(
                            &format!("alignments[{index}].target"),
                            "badges-form-choose",
                            &[],
                        )
                    };
                    Ok(AlignmentRow {
                        target: target.ok_or_else(wrong)?,
                        name: text(&row.name),
                        address: text(&row.address),
                        code: some(&row.code),
                        framework: some(&row.framework),
                    })
                })
                .collect::<Result<_, Error>>()?,
            results: self
                .results
                .iter()
                .map(|row| ResultRow {
                    name: text(&row.name),
                    kind: text(&row.r#type),
                    values: lines(&row.values),
                })
                .collect(),
            translations: self
                .translations
                .iter()
                .map(|row| TranslationRow {
                    language: text(&row.language),
                    name: text(&row.name),
                    description: text(&row.description),
                    criteria: text(&row.criteria),
                })
                .collect(),
            validity: number.map(|number| number.to_string()).unwrap_or_default(),
            unit: unit.unwrap_or("years").to_owned(),
            suspendable: self.suspendable,
        })
    }

    /// The slug that is asked for, or an empty one.
    fn slug(&self) -> Result<&str, Error> {
        match self.slug.as_deref() {
            Some(slug) if !is_slug(slug) || slug == "new" => {
                Err(Error::refused("slug", "badges-achievement-slug-wrong", &[]))
            }
            slug => Ok(slug.unwrap_or_default()),
        }
    }
}

fn page_of(app: &App, issuer: &Issuer, slug: &str) -> String {
    app.settings
        .public_url
        .join(&format!("/issuers/{}/achievements/{slug}", issuer.slug))
}

fn thing(
    app: &App,
    issuer: &Issuer,
    achievement: &AchievementRow,
    newest: &VersionRow,
) -> Result<Shown, Error> {
    Ok(Shown {
        written: Written::of(achievement, newest)?,
        version: newest.version,
        written_at: moment(newest.made_at),
        picture: app
            .settings
            .public_url
            .join(&format!("/images/{}", newest.image)),
        page: page_of(app, issuer, &achievement.slug),
    })
}

/// The achievement as it is now.
async fn now(app: &App, client: &Client, id: &str) -> Result<Shown, Error> {
    let achievement = app.db.achievement(id).await?.ok_or(Error::NotFound)?;
    let newest = app
        .db
        .version(id, achievement.version)
        .await?
        .ok_or(Error::NotFound)?;
    thing(app, &client.issuer, &achievement, &newest)
}

pub(super) async fn list(
    State(app): State<App>,
    request: HeaderMap,
    client: Client,
) -> Result<Response, Error> {
    client.may(Scope::Read)?;
    let rows = app.db.achievements(&client.issuer.id).await?;
    let things: Result<Vec<Shown>, Error> = rows
        .iter()
        .map(|(achievement, newest)| thing(&app, &client.issuer, achievement, newest))
        .collect();
    whole(&request, things?)
}

pub(super) async fn make(
    State(app): State<App>,
    ctx: Ctx,
    request: HeaderMap,
    client: Client,
    body: Body<Written>,
) -> Result<Response, Error> {
    client.may(Scope::Manage)?;
    client.needs(Role::Owner)?;
    let asked = body.value;
    once(
        app,
        client,
        request,
        body.said,
        move |app, client, _, attempt| async move {
            let slug = asked.slug()?;
            let written = asked.draft()?.written(ctx.lang).map_err(problems)?;
            let image = images::drawn(&app, &written.name).await?;
            let made = match pages::add(&app, &client.desk, slug, &written, &image).await? {
                Some(made) => made,
                None if attempt.is_again() => pages::find(&app, &client.desk, slug).await?.0,
                None => return Err(Error::refused("slug", "badges-achievement-slug-taken", &[])),
            };
            if asked.archived {
                pages::set_archived(&app, &client.desk, &made, true).await?;
            }
            let path = format!(
                "/api/v1/issuers/{}/achievements/{}",
                client.issuer.slug, made.slug
            );
            Answer::created(path, &now(&app, &client, &made.id).await?)
        },
    )
    .await
    .map(IntoResponse::into_response)
}

pub(super) async fn read(
    State(app): State<App>,
    request: HeaderMap,
    client: Client,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, Error> {
    client.may(Scope::Read)?;
    let (achievement, newest) = pages::find(&app, &client.desk, &slug).await?;
    shown(
        &request,
        &thing(&app, &client.issuer, &achievement, &newest)?,
    )
}

pub(super) async fn change(
    State(app): State<App>,
    ctx: Ctx,
    request: HeaderMap,
    client: Client,
    Path((_, slug)): Path<(String, String)>,
    sent: Sent,
) -> Result<Response, Error> {
    client.may(Scope::Manage)?;
    client.needs(Role::Owner)?;
    let (achievement, newest) = pages::find(&app, &client.desk, &slug).await?;
    let asked = sent.patch(&Written::of(&achievement, &newest)?)?;
    let slug = match asked.slug()? {
        "" => achievement.slug.clone(),
        slug => slug.to_owned(),
    };
    let written = asked.draft()?.written(ctx.lang).map_err(problems)?;
    matches(
        &request,
        &thing(&app, &client.issuer, &achievement, &newest)?,
    )?;
    // A picture that was drawn from the name follows the name.
    let image = match images::drawn(&app, &newest.name).await? == newest.image {
        true => images::drawn(&app, &written.name).await?,
        false => newest.image,
    };
    let kept = pages::replace(&app, &client.desk, &achievement, &slug, &written, &image).await?;
    kept.ok_or_else(|| Error::refused("slug", "badges-achievement-slug-taken", &[]))?;
    if asked.archived != achievement.archived {
        pages::set_archived(&app, &client.desk, &achievement, asked.archived).await?;
    }
    changed(&now(&app, &client, &achievement.id).await?)
}

pub(super) async fn set_picture(
    State(app): State<App>,
    ctx: Ctx,
    request: HeaderMap,
    client: Client,
    Path((_, slug)): Path<(String, String)>,
    bytes: Bytes,
) -> Result<Response, Error> {
    client.may(Scope::Manage)?;
    client.needs(Role::Owner)?;
    let (achievement, newest) = pages::find(&app, &client.desk, &slug).await?;
    let image = picture(&app, &ctx, &request, &bytes).await?;
    matches(
        &request,
        &thing(&app, &client.issuer, &achievement, &newest)?,
    )?;
    illustrate(&app, &ctx, &client, &achievement, &newest, &image).await
}

/// Has the picture drawn from the name again.
pub(super) async fn delete_picture(
    State(app): State<App>,
    ctx: Ctx,
    request: HeaderMap,
    client: Client,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, Error> {
    client.may(Scope::Manage)?;
    client.needs(Role::Owner)?;
    let (achievement, newest) = pages::find(&app, &client.desk, &slug).await?;
    matches(
        &request,
        &thing(&app, &client.issuer, &achievement, &newest)?,
    )?;
    let image = images::drawn(&app, &newest.name).await?;
    illustrate(&app, &ctx, &client, &achievement, &newest, &image).await
}

async fn illustrate(
    app: &App,
    ctx: &Ctx,
    client: &Client,
    achievement: &AchievementRow,
    newest: &VersionRow,
    image: &str,
) -> Result<Response, Error> {
    let written = Written::of(achievement, newest)?
        .draft()?
        .written(ctx.lang)
        .map_err(problems)?;
    pages::replace(
        app,
        &client.desk,
        achievement,
        &achievement.slug,
        &written,
        image,
    )
    .await?;
    changed(&now(app, client, &achievement.id).await?)
}

pub(super) async fn versions(
    State(app): State<App>,
    request: HeaderMap,
    client: Client,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, Error> {
    client.may(Scope::Read)?;
    let (achievement, _) = pages::find(&app, &client.desk, &slug).await?;
    let versions = app
        .db
        .versions(&achievement.id)
        .await?
        .into_iter()
        .map(|version| ShownVersion {
            version: version.version,
            name: version.name,
            written_at: moment(version.made_at),
            page: format!(
                "{}/versions/{}",
                page_of(&app, &client.issuer, &achievement.slug),
                version.version
            ),
        });
    whole(&request, versions.collect())
}
