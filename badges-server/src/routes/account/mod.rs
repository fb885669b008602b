//! What a person has here: badges, roles, settings; to take it all away, and to take it along.

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::db::{Held, Issuer, PersonDetail, Role};
use crate::error::Error;
use crate::form::Form;
use crate::i18n::Lang;
use crate::page::{Ctx, page, redirect_with};
use crate::routes::holding::{error_of, private};
use crate::routes::sign_in::Nothing;
use crate::routes::wikimedia::{Purpose, begin};
use crate::{App, auth, issuing};

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/me", get(me))
        .route("/me/add", post(add))
        .route("/me/settings", get(settings).post(save))
        .route("/me/wikimedia", get(bind_wikimedia))
        .route("/me/export.json", get(export))
        .route("/me/erase", get(ask_erase).post(erase))
        .layer(map_response(private))
}

#[derive(Template)]
#[template(path = "me.html")]
struct MePage {
    ctx: Ctx,
    person: PersonDetail,
    offered: Vec<Held>,
    accepted: Vec<Held>,
    withdrawn: Vec<Held>,
    roles: Vec<(Issuer, Role)>,
    /// The link that was pasted.
    link: String,
    problems: Vec<(&'static str, String)>,
}

impl MePage {
    fn error(&self, field: &str) -> &str {
        error_of(&self.problems, field)
    }

    /// What is most important to know of a badge: what its issuer has done, else who sees it.
    fn state(&self, held: &Held) -> String {
        match held.standing.as_str() {
            "revoked" => self.ctx.t("badges-standing-revoked"),
            "suspended" => self.ctx.t("badges-standing-suspended"),
            _ => self
                .ctx
                .t(&format!("badges-visibility-{}", held.visibility)),
        }
    }

    fn tone(&self, held: &Held) -> &'static str {
        match held.standing.as_str() {
            "revoked" => "bad",
            "suspended" => "caution",
            _ => "",
        }
    }

    fn role(&self, role: &Role) -> String {
        self.ctx.t(&format!("badges-role-{}", role.as_str()))
    }
}

async fn me(ctx: Ctx) -> Result<Response, Error> {
    let person = person(&ctx).await?;
    shown(ctx, person, String::new(), Vec::new()).await
}

async fn shown(
    ctx: Ctx,
    person: PersonDetail,
    link: String,
    problems: Vec<(&'static str, String)>,
) -> Result<Response, Error> {
    let db = &ctx.app.db;
    let held = db.held(&person.person, person.central_id).await?;
    let of = |acceptance: &str| {
        held.iter()
            .filter(|held| held.acceptance == acceptance)
            .cloned()
            .collect()
    };
    let roles = db.memberships(&person.person).await?;
    let status = if problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let mut response = page(&MePage {
        offered: of("offered"),
        accepted: of("accepted"),
        withdrawn: of("withdrawn"),
        person,
        roles,
        link,
        problems,
        ctx,
    })?;
    *response.status_mut() = status;
    Ok(response)
}

/// What is known of whoever is signed in.
async fn person(ctx: &Ctx) -> Result<PersonDetail, Error> {
    let signed = ctx.signed()?;
    ctx.app.db.person(&signed.id).await?.ok_or(Error::NotFound)
}

#[derive(Deserialize)]
struct AddForm {
    #[serde(default)]
    link: String,
}

/// Opens a claim link or a personal link that was pasted.
async fn add(ctx: Ctx, Form(form): Form<AddForm>) -> Result<Response, Error> {
    let person = person(&ctx).await?;
    match path_of(&form.link) {
        Some(path) => Ok(Redirect::to(&path).into_response()),
        None => {
            let problem = ctx.t("badges-me-add-wrong");
            shown(ctx, person, form.link, vec![("link", problem)]).await
        }
    }
}

/// The path of a claim link or a personal link.
fn path_of(link: &str) -> Option<String> {
    ["/claim/", "/mine/"].into_iter().find_map(|kind| {
        let (_, rest) = link.split_once(kind)?;
        let is_part = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_');
        let secret = &rest[..rest.find(|sign| !is_part(sign)).unwrap_or(rest.len())];
        (!secret.is_empty()).then(|| format!("{kind}{secret}"))
    })
}

#[derive(Template)]
#[template(path = "me_settings.html")]
struct SettingsPage {
    ctx: Ctx,
    person: PersonDetail,
    display_name: String,
    language: String,
    languages: Vec<(String, String)>,
    problems: Vec<(&'static str, String)>,
    wikimedia: bool,
    /// Whether there is an issuer for which programs could act.
    works: bool,
}

impl SettingsPage {
    fn error(&self, field: &str) -> &str {
        error_of(&self.problems, field)
    }

    fn page_url(&self) -> String {
        self.ctx.url(&format!("/people/{}", self.person.page))
    }
}

/// The longest name to be called by, in characters.
const LONGEST_NAME: usize = 100;

async fn settings(ctx: Ctx) -> Result<Response, Error> {
    let person = person(&ctx).await?;
    let display_name = person.display_name.clone().unwrap_or_default();
    let language = person.language.clone().unwrap_or_default();
    settings_page(ctx, person, display_name, language, Vec::new()).await
}

async fn settings_page(
    ctx: Ctx,
    person: PersonDetail,
    display_name: String,
    language: String,
    problems: Vec<(&'static str, String)>,
) -> Result<Response, Error> {
    let mut languages = vec![(String::new(), ctx.t("badges-me-language-browser"))];
    languages.extend(Lang::all().map(|lang| (lang.tag().to_owned(), lang.name())));
    let wikimedia = ctx.app.wikimedia.sign_in().is_some();
    let works = !ctx.app.db.memberships(&person.person).await?.is_empty();
    let status = if problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let mut response = page(&SettingsPage {
        ctx,
        person,
        display_name,
        language,
        languages,
        problems,
        wikimedia,
        works,
    })?;
    *response.status_mut() = status;
    Ok(response)
}

#[derive(Deserialize)]
struct SettingsForm {
    #[serde(default)]
    display_name: String,
    #[serde(default)]
    language: String,
}

async fn save(
    State(app): State<App>,
    ctx: Ctx,
    Form(form): Form<SettingsForm>,
) -> Result<Response, Error> {
    let person = person(&ctx).await?;
    let name = form.display_name.trim();
    let mut problems = Vec::new();
    if name.chars().count() > LONGEST_NAME {
        problems.push((
            "display_name",
            ctx.t1("badges-holding-name-long", &LONGEST_NAME),
        ));
    } else if name.contains(char::is_control) {
        problems.push(("display_name", ctx.t("badges-holding-name-signs")));
    }
    let language = Lang::from_tag(&form.language);
    if !problems.is_empty() {
        return settings_page(ctx, person, form.display_name, form.language, problems).await;
    }
    let tag = language.map(Lang::tag);
    app.db
        .set_person(
            &person.person,
            Some(name).filter(|name| !name.is_empty()),
            tag,
        )
        .await?;
    // With the language in the address, this browser follows at once.
    let path = tag.map_or_else(
        || "/me/settings".to_owned(),
        |tag| format!("/me/settings?uselang={tag}"),
    );
    Ok(redirect_with("good", "badges-notice-settings-saved", &path))
}

/// Signs in with Wikimedia, to make that account this person's.
async fn bind_wikimedia(ctx: Ctx) -> Result<Response, Error> {
    let person = person(&ctx).await?;
    if person.central_id.is_some() {
        return Ok(Redirect::to("/me/settings").into_response());
    }
    begin(
        &ctx,
        Purpose {
            person: Some(&person.person),
            ..Purpose::default()
        },
    )
    .await
}

/// Everything that is known of the person, as data.
async fn export(State(app): State<App>, ctx: Ctx) -> Result<Response, Error> {
    let person = person(&ctx).await?;
    let mut badges = Vec::new();
    for held in app.db.held(&person.person, person.central_id).await? {
        badges.push(badge(&app, &held).await?);
    }
    let roles = app.db.memberships(&person.person).await?;
    let roles: Vec<Value> = roles.iter()
        .map(|(issuer, role)| json!({"issuer": issuer.name, "slug": issuer.slug, "role": role.as_str()}))
        .collect();
    let actions = app.db.actions(&person.person).await?;
    let actions: Vec<Value> = actions.iter()
        .map(|entry| json!({"at": entry.at, "action": entry.action, "noun": entry.noun, "object": entry.object, "detail": entry.detail}))
        .collect();
    let data = json!({
        "exported_at": app.seconds(),
        "person": {
            "id": person.person,
            "wikimedia_central_id": person.central_id,
            "wikimedia_user_name": person.user_name,
            "display_name": person.display_name,
            "language": person.language,
            "dids": app.db.dids(&person.person).await?,
            "page": ctx.url(&format!("/people/{}", person.page)),
        },
        "roles": roles,
        "badges": badges,
        "sessions": app.db.sessions(&person.person).await?,
        "actions": actions,
    });
    let mut response = Json(data).into_response();
    let name = HeaderValue::from_static("attachment; filename=\"my-badges.json\"");
    response
        .headers_mut()
        .insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}

/// A badge with everything that is known of its holder.
async fn badge(app: &App, held: &Held) -> Result<Value, Error> {
    let recipient = app.db.recipient(&held.id).await?.map(|recipient| {
        json!({
            "wikimedia_central_id": recipient.central_id,
            "wikimedia_user_name": recipient.user_name,
            "display_name": recipient.display_name,
            "other_id": recipient.other_id,
            "evidence": recipient.evidence,
            "salt": recipient.salt,
        })
    });
    // The text as it is: signed, so not to be written anew.
    let credential = app
        .db
        .credential(&held.id)
        .await?
        .map(|credential| credential.text);
    Ok(json!({
        "id": held.id,
        "name": held.name,
        "issuer": held.issuer_name,
        "acceptance": held.acceptance,
        "visibility": held.visibility,
        "standing": held.standing,
        "awarded_at": held.awarded_at,
        "recipient": recipient,
        "credential": credential,
    }))
}

#[derive(Template)]
#[template(path = "me_erase.html")]
struct ErasePage {
    ctx: Ctx,
    /// Issuers that would be left without an owner.
    sole: Vec<Issuer>,
}

async fn left_without_owner(app: &App, person: &str) -> Result<Vec<Issuer>, Error> {
    let mut issuers = Vec::new();
    for id in app.db.sole_ownerships(person).await? {
        issuers.extend(app.db.issuer(&id).await?);
    }
    Ok(issuers)
}

async fn ask_erase(ctx: Ctx) -> Result<Response, Error> {
    let person = person(&ctx).await?;
    let sole = left_without_owner(&ctx.app, &person.person).await?;
    page(&ErasePage { ctx, sole })
}

async fn erase(
    State(app): State<App>,
    ctx: Ctx,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Error> {
    let person = person(&ctx).await?;
    let sole = left_without_owner(&app, &person.person).await?;
    if !sole.is_empty() {
        let mut response = page(&ErasePage { ctx, sole })?;
        *response.status_mut() = StatusCode::CONFLICT;
        return Ok(response);
    }
    issuing::erase_person(&app, &person.person).await?;
    let mut response = redirect_with("info", "badges-notice-person-erased", "/");
    auth::forget(&app, &mut response);
    Ok(response)
}
