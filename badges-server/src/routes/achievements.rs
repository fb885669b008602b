//! What can be achieved: written by owners, read by everybody.

use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use badges_core::markup::Markup;
use serde::Deserialize;

use crate::achievement::{
    Draft, RESULT_TYPES, TYPES, Target, UNITS, Written, is_slug, slug_of, slugs,
};
use crate::ambient::random_id;
use crate::auth::Desk;
use crate::db::{AchievementRow, Action, Role, VersionRow, VersionText};
use crate::error::Error;
use crate::form::{Form, Problems, Upload};
use crate::page::{Ctx, page, redirect_with};
use crate::{App, images};

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/desk/{issuer}/achievements", get(list))
        .route(
            "/desk/{issuer}/achievements/new",
            get(new)
                .post(make)
                .layer(DefaultBodyLimit::max(images::MAX_FORM)),
        )
        .route(
            "/desk/{issuer}/achievements/{slug}",
            get(edit)
                .post(save)
                .layer(DefaultBodyLimit::max(images::MAX_FORM)),
        )
        .route("/desk/{issuer}/achievements/{slug}/archive", post(archive))
        .route(
            "/desk/{issuer}/achievements/{slug}/unarchive",
            post(unarchive),
        )
        .route("/desk/{issuer}/achievements/{slug}/versions", get(versions))
}

/// An achievement in a list, with how many badges of it there are.
struct Line {
    achievement: AchievementRow,
    newest: VersionRow,
    awards: i64,
}

#[derive(Template)]
#[template(path = "achievements.html")]
struct List {
    ctx: Ctx,
    desk: Desk,
    lines: Vec<Line>,
}

async fn list(State(app): State<App>, ctx: Ctx, desk: Desk) -> Result<Response, Error> {
    let counts = app.db.award_counts(&desk.issuer.id).await?;
    let awards = |id: &str| {
        counts
            .iter()
            .find(|count| count.achievement == id)
            .map_or(0, |count| count.awards)
    };
    let mut lines: Vec<Line> = app
        .db
        .achievements(&desk.issuer.id)
        .await?
        .into_iter()
        .map(|(achievement, newest)| Line {
            awards: awards(&achievement.id),
            achievement,
            newest,
        })
        .collect();
    lines.sort_by_key(|line| line.achievement.archived);
    page(&List { ctx, desk, lines })
}

/// Where the picture comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct PictureDraft {
    /// The hash of the one that is there.
    hash: String,
    /// Whether it is drawn from the name.
    drawn: bool,
    /// What was left out of one that was just sent: keys of messages.
    remarks: Vec<String>,
}

#[derive(Template)]
#[template(path = "achievement_form.html")]
struct FormPage {
    ctx: Ctx,
    desk: Desk,
    /// What is there already; nothing for a new one.
    known: Option<AchievementRow>,
    /// Whether badges of it were awarded, so that its address is fixed.
    awarded: bool,
    /// Whether its newest version was awarded, so that a change makes another one.
    makes_version: bool,
    slug: String,
    draft: Draft,
    picture: PictureDraft,
    preview: Option<Markup>,
    problems: Problems,
}

impl FormPage {
    /// The kinds of achievements with their names.
    fn types(&self) -> Vec<(&'static str, String)> {
        self.choices("badges-achievement-type", &TYPES)
    }

    fn result_types(&self) -> Vec<(&'static str, String)> {
        self.choices("badges-result-type", &RESULT_TYPES)
    }

    fn targets(&self) -> Vec<(&'static str, String)> {
        self.choices(
            "badges-achievement-target",
            &Target::ALL.map(Target::as_str),
        )
    }

    fn units(&self) -> Vec<(&'static str, String)> {
        self.choices("badges-achievement-unit", &UNITS.map(|(unit, _)| unit))
    }

    fn choices(&self, prefix: &str, names: &[&'static str]) -> Vec<(&'static str, String)> {
        names
            .iter()
            .map(|&name| (name, self.ctx.t(&term_key(prefix, name))))
            .collect()
    }

    /// Whether something is wrong in the rows of this kind, so that they are to be seen.
    fn is_wrong(&self, kind: &str) -> bool {
        self.problems
            .list()
            .iter()
            .any(|(field, _)| field.starts_with(kind))
    }

    /// The name of a field in a row.
    fn row_field(&self, kind: &str, row: &usize, field: &str) -> String {
        format!("{kind}-{row}-{field}")
    }

    /// What is wrong with a field in a row.
    fn row_error(&self, kind: &str, row: &usize, field: &str) -> &str {
        self.problems.of(&self.row_field(kind, row, field))
    }

    fn answer(self) -> Result<Response, Error> {
        let status = if self.problems.is_empty() {
            StatusCode::OK
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        };
        let mut response = page(&self)?;
        *response.status_mut() = status;
        Ok(response)
    }
}

/// The key of the message for a term of the standard: `LetterGrade` is `…-letter-grade`.
pub(super) fn term_key(prefix: &str, term: &str) -> String {
    let mut key = format!("{prefix}-");
    for (at, character) in term.chars().enumerate() {
        if character.is_ascii_uppercase() && at > 0 {
            key.push('-');
        }
        key.push(character.to_ascii_lowercase());
    }
    key
}

async fn new(ctx: Ctx, desk: Desk) -> Result<Response, Error> {
    desk.needs(Role::Owner)?;
    let draft = Draft {
        language: desk.issuer.language.clone(),
        kind: "Badge".to_owned(),
        unit: "years".to_owned(),
        ..Draft::default()
    };
    FormPage {
        ctx,
        desk,
        known: None,
        awarded: false,
        makes_version: false,
        slug: String::new(),
        draft: draft.with_empty_rows(),
        picture: PictureDraft {
            drawn: true,
            ..PictureDraft::default()
        },
        preview: None,
        problems: Problems::default(),
    }
    .answer()
}

async fn edit(
    State(app): State<App>,
    ctx: Ctx,
    desk: Desk,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, Error> {
    desk.needs(Role::Owner)?;
    let (achievement, newest) = find(&app, &desk, &slug).await?;
    let draft = Draft::of(
        &newest.document,
        newest.validity.as_deref(),
        newest.suspendable,
    )
    .map_err(Error::internal)?;
    let drawn = images::drawn(&app, &newest.name).await? == newest.image;
    FormPage {
        ctx,
        desk,
        awarded: app.db.has_awards(&achievement.id).await?,
        makes_version: app
            .db
            .is_awarded(&achievement.id, achievement.version)
            .await?,
        slug: achievement.slug.clone(),
        known: Some(achievement),
        draft: draft.with_empty_rows(),
        picture: PictureDraft {
            hash: newest.image,
            drawn,
            remarks: Vec::new(),
        },
        preview: None,
        problems: Problems::default(),
    }
    .answer()
}

async fn make(
    State(app): State<App>,
    ctx: Ctx,
    desk: Desk,
    form: Upload,
) -> Result<Response, Error> {
    desk.needs(Role::Owner)?;
    submit(app, ctx, desk, None, form).await
}

async fn save(
    State(app): State<App>,
    ctx: Ctx,
    desk: Desk,
    Path((_, slug)): Path<(String, String)>,
    form: Upload,
) -> Result<Response, Error> {
    desk.needs(Role::Owner)?;
    let (achievement, _) = find(&app, &desk, &slug).await?;
    submit(app, ctx, desk, Some(achievement), form).await
}

/// Keeps what was sent, or shows it again with what is wrong, or because a preview was asked for.
async fn submit(
    app: App,
    ctx: Ctx,
    desk: Desk,
    known: Option<AchievementRow>,
    form: Upload,
) -> Result<Response, Error> {
    let draft = Draft::read(&form.fields);
    let (awarded, makes_version) = match &known {
        Some(row) => (
            app.db.has_awards(&row.id).await?,
            app.db.is_awarded(&row.id, row.version).await?,
        ),
        None => (false, false),
    };
    let is_preview = form.fields.text("do") == "preview";
    let (written, mut problems) = match draft.written(ctx.lang) {
        Ok(written) => (Some(written), Problems::default()),
        Err(problems) => (None, problems),
    };
    let picture = take_picture(&app, &ctx, &form, &mut problems).await?;
    let slug = match &known {
        Some(achievement) if awarded => achievement.slug.clone(),
        _ => form.fields.text("slug").to_owned(),
    };
    if !slug.is_empty() && (!is_slug(&slug) || slug == "new") {
        problems.add("slug", ctx.t("badges-achievement-slug-wrong"));
    }
    let mut shown = FormPage {
        preview: (!draft.criteria.is_empty()).then(|| Markup::markdown(&draft.criteria)),
        draft: draft.with_empty_rows(),
        ctx,
        desk,
        known,
        awarded,
        makes_version,
        slug,
        picture,
        problems,
    };
    if is_preview {
        shown.problems = Problems::default();
        return shown.answer();
    }
    // What was taken out of a picture is shown before it is kept.
    let Some(written) =
        written.filter(|_| shown.problems.is_empty() && shown.picture.remarks.is_empty())
    else {
        return shown.answer();
    };
    let image = match shown.picture.drawn {
        true => images::drawn(&app, &written.name).await?,
        false => shown.picture.hash.clone(),
    };
    match &shown.known {
        None => insert(&app, shown, &written, &image).await,
        Some(_) => update(&app, shown, &written, &image).await,
    }
}

async fn insert(
    app: &App,
    mut shown: FormPage,
    written: &Written,
    image: &str,
) -> Result<Response, Error> {
    if add(app, &shown.desk, &shown.slug, written, image)
        .await?
        .is_some()
    {
        let to = format!("/desk/{}/achievements", shown.desk.issuer.slug);
        return Ok(redirect_with("good", "badges-notice-achievement-made", &to));
    }
    shown
        .problems
        .add("slug", shown.ctx.t("badges-achievement-slug-taken"));
    shown.answer()
}

/// Adds an achievement; nothing comes of it if the slug is taken. An empty one is made from the name.
pub(super) async fn add(
    app: &App,
    desk: &Desk,
    slug: &str,
    written: &Written,
    image: &str,
) -> Result<Option<AchievementRow>, Error> {
    let tried = match slug.is_empty() {
        true => slugs(&slug_of(&written.name), "achievement")
            .filter(|slug| slug != "new")
            .take(1000)
            .collect(),
        false => vec![slug.to_owned()],
    };
    let text = text(written, image);
    for slug in tried {
        let row = AchievementRow {
            id: random_id(),
            issuer: desk.issuer.id.clone(),
            slug,
            version: 1,
            archived: false,
        };
        let action = action(app, desk, &row.id, "achievement.make", Some(1));
        if app.db.insert_achievement(&row, &text, &action).await? {
            return Ok(Some(row));
        }
    }
    Ok(None)
}

async fn update(
    app: &App,
    mut shown: FormPage,
    written: &Written,
    image: &str,
) -> Result<Response, Error> {
    let Some(row) = shown.known.clone() else {
        return Err(Error::NotFound);
    };
    let Some(kept) = replace(app, &shown.desk, &row, &shown.slug, written, image).await? else {
        shown
            .problems
            .add("slug", shown.ctx.t("badges-achievement-slug-taken"));
        return shown.answer();
    };
    let to = format!(
        "/desk/{}/achievements/{}",
        shown.desk.issuer.slug, kept.slug
    );
    Ok(match kept.version > row.version {
        true => redirect_with("good", "badges-notice-achievement-version", &to),
        false => redirect_with("good", "badges-notice-saved", &to),
    })
}

/// Changes an achievement; nothing comes of it if the slug is taken. An empty one stays as it is.
pub(super) async fn replace(
    app: &App,
    desk: &Desk,
    row: &AchievementRow,
    slug: &str,
    written: &Written,
    image: &str,
) -> Result<Option<AchievementRow>, Error> {
    let mut row = row.clone();
    if !slug.is_empty() && slug != row.slug {
        let moved = Action {
            detail: Some(serde_json::json!({ "slug": slug }).to_string()),
            ..action(app, desk, &row.id, "achievement.rename", None)
        };
        if !app.db.set_slug(&row, slug, &moved).await? {
            return Ok(None);
        }
        slug.clone_into(&mut row.slug);
    }
    let action = action(app, desk, &row.id, "achievement.change", None);
    row.version = app
        .db
        .save_version(&row.id, &text(written, image), &action)
        .await?;
    Ok(Some(row))
}

/// The picture that was sent, or the choice of another one.
async fn take_picture(
    app: &App,
    ctx: &Ctx,
    form: &Upload,
    problems: &mut Problems,
) -> Result<PictureDraft, Error> {
    let mut picture = PictureDraft {
        hash: form.fields.text("picture").to_owned(),
        drawn: form.fields.text("picture-from") != "kept",
        remarks: Vec::new(),
    };
    if !picture.hash.is_empty() && app.db.image(&picture.hash).await?.is_none() {
        picture.hash.clear();
    }
    if let Some(bytes) = form.file("picture-file") {
        match images::accept(app, bytes).await? {
            Ok(kept) => {
                picture = PictureDraft {
                    remarks: kept.remarks(),
                    hash: kept.hash,
                    drawn: false,
                };
            }
            Err(refused) => problems.add("picture-file", images::refused(ctx.lang, &refused)),
        }
    }
    picture.drawn |= picture.hash.is_empty();
    Ok(picture)
}

const fn text<'a>(written: &'a Written, image: &'a str) -> VersionText<'a> {
    VersionText {
        name: written.name.as_str(),
        document: written.document.as_str(),
        image,
        validity: match &written.validity {
            Some(validity) => Some(validity.as_str()),
            None => None,
        },
        suspendable: written.suspendable,
    }
}

fn action<'a>(
    app: &App,
    desk: &'a Desk,
    achievement: &'a str,
    action: &'static str,
    version: Option<i64>,
) -> Action<'a> {
    Action {
        at: app.seconds(),
        issuer: Some(&desk.issuer.id),
        person: Some(&desk.person.id),
        action,
        noun: "achievement",
        object: achievement,
        detail: version.map(|version| serde_json::json!({ "version": version }).to_string()),
    }
}

#[derive(Deserialize)]
struct Nothing {}

async fn archive(
    State(app): State<App>,
    desk: Desk,
    Path((_, slug)): Path<(String, String)>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Error> {
    archive_or_not(&app, &desk, &slug, true).await
}

async fn unarchive(
    State(app): State<App>,
    desk: Desk,
    Path((_, slug)): Path<(String, String)>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Error> {
    archive_or_not(&app, &desk, &slug, false).await
}

async fn archive_or_not(
    app: &App,
    desk: &Desk,
    slug: &str,
    archived: bool,
) -> Result<Response, Error> {
    desk.needs(Role::Owner)?;
    let (achievement, _) = find(app, desk, slug).await?;
    set_archived(app, desk, &achievement, archived).await?;
    let notice = if archived {
        "badges-notice-archived"
    } else {
        "badges-notice-unarchived"
    };
    Ok(redirect_with(
        "good",
        notice,
        &format!("/desk/{}/achievements", desk.issuer.slug),
    ))
}

/// Ends the awarding of an achievement, or begins it again.
pub(super) async fn set_archived(
    app: &App,
    desk: &Desk,
    achievement: &AchievementRow,
    archived: bool,
) -> Result<(), Error> {
    let verb = if archived {
        "achievement.archive"
    } else {
        "achievement.unarchive"
    };
    let action = action(app, desk, &achievement.id, verb, None);
    Ok(app
        .db
        .set_archived(&achievement.id, archived, &action)
        .await?)
}

#[derive(Template)]
#[template(path = "achievement_versions.html")]
struct Versions {
    ctx: Ctx,
    desk: Desk,
    achievement: AchievementRow,
    versions: Vec<VersionRow>,
}

async fn versions(
    State(app): State<App>,
    ctx: Ctx,
    desk: Desk,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, Error> {
    let (achievement, _) = find(&app, &desk, &slug).await?;
    let versions = app.db.versions(&achievement.id).await?;
    page(&Versions {
        ctx,
        desk,
        achievement,
        versions,
    })
}

/// An achievement of the desk's issuer, and its newest version.
pub(super) async fn find(
    app: &App,
    desk: &Desk,
    slug: &str,
) -> Result<(AchievementRow, VersionRow), Error> {
    let achievement = app
        .db
        .achievement_by_slug(&desk.issuer.id, slug)
        .await?
        .ok_or(Error::NotFound)?;
    let newest = app
        .db
        .version(&achievement.id, achievement.version)
        .await?
        .ok_or(Error::NotFound)?;
    Ok((achievement, newest))
}
