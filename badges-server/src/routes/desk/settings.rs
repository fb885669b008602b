//! What an issuer says of itself, and its keys.

use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use badges_core::model::{Achievement, Criteria, LanguageTag, Profile};
use serde::Deserialize;
use serde_json::Value;

use crate::achievement::{departures, is_web_address};
use crate::auth::Desk;
use crate::db::{Action, IdentityRow, Issuer, KeyRow, Role};
use crate::error::Error;
use crate::form::{Fields, Form, Problems, Upload};
use crate::i18n::{self, Lang};
use crate::page::{Ctx, page, redirect_with};
use crate::seal::SealSource;
use crate::{App, images, issuing, words};

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route(
            "/desk/{issuer}/settings",
            get(settings)
                .post(save)
                .layer(DefaultBodyLimit::max(images::MAX_FORM)),
        )
        .route("/desk/{issuer}/keys", get(keys))
        .route("/desk/{issuer}/keys/rotate", get(ask_rotate).post(rotate))
        .route(
            "/desk/{issuer}/keys/compromised",
            get(ask_compromised).post(compromised),
        )
}

/// What stands in the form about an issuer.
#[derive(Clone, Debug, Default)]
pub(in crate::routes) struct IssuerDraft {
    pub(in crate::routes) name: String,
    pub(in crate::routes) description: String,
    pub(in crate::routes) url: String,
    pub(in crate::routes) language: String,
    /// The hash of the logo.
    pub(in crate::routes) logo: Option<String>,
}

impl IssuerDraft {
    /// What was sent.
    pub(in crate::routes) fn read(fields: &Fields) -> Self {
        let text = |name: &str| fields.text(name).to_owned();
        Self {
            name: text("name"),
            description: text("description"),
            url: text("url"),
            language: text("language"),
            logo: Some(text("logo")).filter(|hash| !hash.is_empty() && !fields.has("no-logo")),
        }
    }

    /// What is kept.
    pub(in crate::routes) fn of(issuer: &Issuer) -> Self {
        let profile: Value = serde_json::from_str(&issuer.profile).unwrap_or_default();
        let text = |name: &str| profile[name].as_str().unwrap_or_default().to_owned();
        Self {
            name: issuer.name.clone(),
            description: text("description"),
            url: text("url"),
            language: issuer.language.clone(),
            logo: issuer.logo.clone(),
        }
    }

    /// Takes the logo that was sent, if there is one; gives what was left out of it, as keys.
    pub(in crate::routes) async fn take_logo(
        &mut self,
        app: &App,
        form: &Upload,
        lang: Lang,
        problems: &mut Problems,
    ) -> Result<Vec<String>, Error> {
        if let Some(hash) = &self.logo
            && app.db.image(hash).await?.is_none()
        {
            self.logo = None;
        }
        let Some(bytes) = form.file("logo-file") else {
            return Ok(Vec::new());
        };
        Ok(match images::accept(app, bytes).await? {
            Ok(kept) => {
                let remarks = kept.remarks();
                self.logo = Some(kept.hash);
                remarks
            }
            Err(refused) => {
                problems.add("logo-file", images::refused(lang, &refused));
                Vec::new()
            }
        })
    }

    /// The profile as it is kept, with all that it had before; nothing if something is wrong.
    pub(in crate::routes) fn written(
        &mut self,
        before: Option<&str>,
        lang: Lang,
        problems: &mut Problems,
    ) -> Option<String> {
        let mut wrong = |field: &str, key: &str| problems.add(field, i18n::text(lang, key, &[]));
        if self.name.is_empty() {
            wrong("name", "badges-issuer-name-missing");
        }
        for (field, text, most) in [
            ("name", &self.name, 200),
            ("description", &self.description, 2000),
        ] {
            if text.chars().count() > most {
                wrong(field, "badges-form-too-long");
            }
        }
        if !self.url.is_empty() && !is_web_address(&self.url) {
            wrong("url", "badges-form-no-address");
        }
        match LanguageTag::from_mediawiki(&self.language) {
            Ok(tag) => self.language = tag.to_string(),
            Err(_) => wrong("language", "badges-form-no-language"),
        }
        if !problems.is_empty() {
            return None;
        }
        let mut profile: Value = before
            .and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default();
        if !profile.is_object() {
            profile = serde_json::json!({ "type": ["Profile"] });
        }
        for (member, text) in [
            ("name", &self.name),
            ("description", &self.description),
            ("url", &self.url),
        ] {
            if let Value::Object(members) = &mut profile {
                members.remove(member);
                if !text.is_empty() {
                    members.insert(member.to_owned(), text.as_str().into());
                }
            }
        }
        rehearse(&profile, lang, problems);
        problems.is_empty().then(|| profile.to_string())
    }
}

/// Makes a badge by this issuer for nobody, so that what is wrong is said now.
fn rehearse(profile: &Value, lang: Lang, problems: &mut Problems) {
    let mut profile = profile.clone();
    profile["id"] = "did:web:example.org".into();
    let Ok(profile) = serde_json::from_value::<Profile>(profile) else {
        return problems.add("name", i18n::text(lang, "badges-form-unusable", &[""]));
    };
    let achievement = Achievement::new(
        "https://example.org/achievements/a",
        "Example",
        "Example",
        Criteria::narrative("Example"),
    );
    let (departures, other) = departures(profile, achievement);
    for departure in departures {
        let field = match departure.path.strip_prefix("issuer.") {
            Some("url") => "url",
            Some("description") => "description",
            _ => "name",
        };
        problems.add(field, words::departure(lang, &departure));
    }
    if let Some(error) = other {
        problems.add("name", i18n::text(lang, "badges-form-unusable", &[&error]));
    }
}

#[derive(Template)]
#[template(path = "desk_settings.html")]
struct SettingsPage {
    ctx: Ctx,
    desk: Desk,
    draft: IssuerDraft,
    /// What was left out of a logo that was just sent.
    remarks: Vec<String>,
    problems: Problems,
}

async fn settings(ctx: Ctx, desk: Desk) -> Result<Response, Error> {
    desk.needs(Role::Owner)?;
    let draft = IssuerDraft::of(&desk.issuer);
    page(&SettingsPage {
        ctx,
        desk,
        draft,
        remarks: Vec::new(),
        problems: Problems::default(),
    })
}

async fn save(
    State(app): State<App>,
    ctx: Ctx,
    desk: Desk,
    form: Upload,
) -> Result<Response, Error> {
    desk.needs(Role::Owner)?;
    let mut problems = Problems::default();
    let mut draft = IssuerDraft::read(&form.fields);
    let remarks = draft
        .take_logo(&app, &form, ctx.lang, &mut problems)
        .await?;
    let profile = draft.written(Some(&desk.issuer.profile), ctx.lang, &mut problems);
    let Some(profile) = profile.filter(|_| problems.is_empty() && remarks.is_empty()) else {
        let status = if problems.is_empty() {
            StatusCode::OK
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        };
        let mut again = page(&SettingsPage {
            ctx,
            desk,
            draft,
            remarks,
            problems,
        })?;
        *again.status_mut() = status;
        return Ok(again);
    };
    let issuer = keep(&app, &desk, draft, profile).await?;
    Ok(redirect_with(
        "good",
        "badges-notice-saved",
        &format!("/desk/{}/settings", issuer.slug),
    ))
}

/// Keeps what an issuer says of itself, which was written into its profile.
pub(in crate::routes) async fn keep(
    app: &App,
    desk: &Desk,
    draft: IssuerDraft,
    profile: String,
) -> Result<Issuer, Error> {
    let issuer = Issuer {
        name: draft.name,
        profile,
        language: draft.language,
        logo: draft.logo,
        ..desk.issuer.clone()
    };
    app.db
        .update_issuer(&issuer, &action(app, desk, "issuer.change"))
        .await?;
    Ok(issuer)
}

/// Something that a member did to the issuer itself.
fn action<'a>(app: &App, desk: &'a Desk, action: &'static str) -> Action<'a> {
    Action {
        at: app.seconds(),
        issuer: Some(&desk.issuer.id),
        person: Some(&desk.person.id),
        action,
        noun: "issuer",
        object: &desk.issuer.id,
        detail: None,
    }
}

#[derive(Template)]
#[template(path = "desk_keys.html")]
struct Keys {
    ctx: Ctx,
    desk: Desk,
    /// The newest first, which is the one that signs.
    identities: Vec<(IdentityRow, Vec<KeyRow>)>,
    /// The file beside the data that opens the keys.
    sealing_key: Option<String>,
}

impl Keys {
    /// Whether the issuer is its key, so that nobody vouches for it.
    fn is_trial(&self) -> bool {
        let current = self.identities.first();
        current.is_some_and(|(identity, _)| identity.base.is_none())
    }
}

async fn keys(State(app): State<App>, ctx: Ctx, desk: Desk) -> Result<Response, Error> {
    let mut identities = Vec::new();
    for identity in app.db.identities(&desk.issuer.id).await? {
        let keys = app.db.keys(&identity.did).await?;
        identities.push((identity, keys));
    }
    let sealing_key = sealing_key(&app).filter(|_| desk.is_owner());
    page(&Keys {
        ctx,
        desk,
        identities,
        sealing_key,
    })
}

/// The file that opens all keys, where it lies in the folder of the data (decision C10).
pub(in crate::routes) fn sealing_key(app: &App) -> Option<String> {
    match &app.settings.seal {
        SealSource::File(file) if file.starts_with(&app.settings.data) => {
            Some(file.display().to_string())
        }
        _ => None,
    }
}

#[derive(Template)]
#[template(path = "desk_keys_rotate.html")]
struct Rotate {
    ctx: Ctx,
    desk: Desk,
    web: bool,
}

async fn ask_rotate(State(app): State<App>, ctx: Ctx, desk: Desk) -> Result<Response, Error> {
    desk.needs(Role::Owner)?;
    let (current, _) = issuing::identity(&app, &desk.issuer).await?;
    page(&Rotate {
        web: current.base.is_some(),
        ctx,
        desk,
    })
}

#[derive(Deserialize)]
struct Nothing {}

async fn rotate(
    State(app): State<App>,
    desk: Desk,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Error> {
    desk.needs(Role::Owner)?;
    issuing::rotate(&app, &desk.issuer, false, &desk.person.id).await?;
    Ok(redirect_with(
        "good",
        "badges-notice-keys-rotated",
        &format!("/desk/{}/keys", desk.issuer.slug),
    ))
}

/// Which key somebody else may have: one of those on the page, or else those that sign now.
#[derive(Deserialize)]
struct Which {
    key: Option<String>,
}

#[derive(Template)]
#[template(path = "desk_keys_compromised.html")]
struct Compromised {
    ctx: Ctx,
    desk: Desk,
    web: bool,
    key: Option<String>,
    /// Whether new keys come in the place of this one.
    exchanged: bool,
}

async fn ask_compromised(
    State(app): State<App>,
    ctx: Ctx,
    desk: Desk,
    Query(Which { key }): Query<Which>,
) -> Result<Response, Error> {
    desk.needs(Role::Owner)?;
    let (current, _) = issuing::identity(&app, &desk.issuer).await?;
    let (web, exchanged) = match &key {
        None => (current.base.is_some(), true),
        Some(key) => {
            let mut found = None;
            for known in app.db.identities(&desk.issuer.id).await? {
                let keys = app.db.keys(&known.did).await?;
                if let Some(row) = keys.iter().find(|row| row.multikey == *key) {
                    let exchanged = issuing::is_exchanged(row, &known, &current);
                    found = Some((known.base.is_some(), exchanged));
                }
            }
            found.ok_or(Error::NotFound)?
        }
    };
    page(&Compromised {
        ctx,
        desk,
        web,
        key,
        exchanged,
    })
}

async fn compromised(
    State(app): State<App>,
    desk: Desk,
    Form(Which { key }): Form<Which>,
) -> Result<Response, Error> {
    desk.needs(Role::Owner)?;
    match key {
        Some(key) => issuing::disown(&app, &desk.issuer, &key, &desk.person.id).await?,
        None => issuing::rotate(&app, &desk.issuer, true, &desk.person.id).await?,
    }
    Ok(redirect_with(
        "good",
        "badges-notice-keys-compromised",
        &format!("/desk/{}/keys", desk.issuer.slug),
    ))
}
