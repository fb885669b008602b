//! Who is signed in, and for which issuer they may act.

use std::collections::HashMap;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::response::Response;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};

use crate::App;
use crate::ambient::{random, random_id};
use crate::db::{AchievementRow, Issuer, Role, VersionRow};
use crate::error::Error;
use crate::page::{Ctx, set_cookie};
use crate::secret;

/// A person who is signed in.
#[derive(Clone, Debug)]
pub(crate) struct Signed {
    /// The person's id.
    pub(crate) id: String,
    /// What to call the person; empty when nothing is known.
    pub(crate) name: String,
    /// The language of the person's choice.
    pub(crate) language: Option<String>,
    /// The token that this session's forms carry.
    pub(crate) csrf: String,
    /// The hash of the session's secret.
    pub(crate) session: String,
}

/// The name of the session's cookie. Browsers keep the promises of `__Host-` only over https.
fn cookie_name(app: &App) -> &'static str {
    if app.settings.public_url.is_https() {
        "__Host-badges"
    } else {
        "badges"
    }
}

/// Whoever the request's cookie says, unless the session has ended.
pub(crate) async fn session(app: &App, jar: &CookieJar) -> Result<Option<Signed>, Error> {
    let Some(cookie) = jar.get(cookie_name(app)) else {
        return Ok(None);
    };
    let session = secret::hash(cookie.value());
    let row = app.db.session(&session, app.seconds()).await?;
    Ok(row.map(|row| Signed {
        id: row.person,
        name: row.name.unwrap_or_default(),
        language: row.language,
        csrf: row.csrf,
        session,
    }))
}

/// Signs a person in, with a new session.
pub(crate) async fn sign_in(app: &App, person: &str, response: &mut Response) -> Result<(), Error> {
    let value = secret::random(&random::<16>());
    let now = app.seconds();
    let until = now + app.settings.session_seconds;
    app.db
        .insert_session(&secret::hash(&value), person, &random_id(), now, until)
        .await?;
    let cookie =
        session_cookie(app, value).max_age(time::Duration::seconds(app.settings.session_seconds));
    set_cookie(response, cookie.build());
    Ok(())
}

/// Takes the session's cookie away.
pub(crate) fn forget(app: &App, response: &mut Response) {
    set_cookie(
        response,
        session_cookie(app, String::new())
            .max_age(time::Duration::ZERO)
            .build(),
    );
}

fn session_cookie(app: &App, value: String) -> cookie::CookieBuilder<'static> {
    Cookie::build((cookie_name(app), value))
        .path("/")
        .http_only(true)
        .secure(app.settings.public_url.is_https())
        .same_site(SameSite::Lax)
}

/// A link with which a person can sign in once, for so many seconds; from the terminal, unless an
/// owner of an issuer hands it over.
pub(crate) async fn sign_in_link(
    app: &App,
    person: &str,
    given_by: Option<&str>,
    seconds: i64,
) -> Result<String, sqlx::Error> {
    let value = secret::random(&random::<16>());
    app.db
        .insert_sign_in_link(
            &secret::hash(&value),
            person,
            given_by,
            app.seconds() + seconds,
        )
        .await?;
    Ok(app
        .settings
        .public_url
        .join(&format!("/sign-in/link/{value}")))
}

/// A person at work for an issuer, whose slug is `{issuer}` in the path; an extractor for the pages
/// below `/desk/{issuer}`. Whoever is no member gets *forbidden*, whoever is not signed in is asked to.
#[derive(Clone, Debug)]
pub(crate) struct Desk {
    pub(crate) issuer: Issuer,
    pub(crate) person: Signed,
    pub(crate) role: Role,
    /// Whether a trainer may award every achievement of the issuer.
    pub(crate) every_achievement: bool,
}

impl Desk {
    /// Goes on if the role is enough.
    ///
    /// # Errors
    /// [`Error::Forbidden`] if it is not.
    pub(crate) fn needs(&self, role: Role) -> Result<(), Error> {
        if self.role >= role {
            Ok(())
        } else {
            Err(Error::Forbidden)
        }
    }

    /// Whether the person has at least this role.
    pub(crate) fn is_trainer(&self) -> bool {
        self.role >= Role::Trainer
    }

    /// The achievements that the person may award, in their newest versions, by name.
    pub(crate) async fn may_award(
        &self,
        app: &App,
    ) -> Result<Vec<(AchievementRow, VersionRow)>, Error> {
        let mut achievements = app.db.achievements(&self.issuer.id).await?;
        achievements.retain(|(achievement, _)| !achievement.archived);
        if let Some(allowed) = self.allowed(app).await? {
            achievements.retain(|(achievement, _)| allowed.contains(&achievement.id));
        }
        Ok(achievements)
    }

    /// The ids of those achievements whose awards are in the person's hands; `None` for all.
    pub(crate) async fn allowed(&self, app: &App) -> Result<Option<Vec<String>>, Error> {
        if self.is_owner() || self.is_trainer() && self.every_achievement {
            Ok(None)
        } else if self.is_trainer() {
            Ok(Some(
                app.db
                    .member_achievements(&self.issuer.id, &self.person.id)
                    .await?,
            ))
        } else {
            Ok(Some(Vec::new()))
        }
    }

    /// Whether the person is an owner.
    pub(crate) fn is_owner(&self) -> bool {
        self.role >= Role::Owner
    }
}

impl FromRequestParts<App> for Desk {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let ctx = Ctx::from_request_parts(parts, app).await?;
        let person = ctx.signed()?.clone();
        let Path(names) = Path::<HashMap<String, String>>::from_request_parts(parts, app)
            .await
            .map_err(|_| Error::NotFound)?;
        let slug = names.get("issuer").ok_or(Error::NotFound)?;
        let issuer = app.db.issuer_by_slug(slug).await?.ok_or(Error::NotFound)?;
        let member = app
            .db
            .member(&issuer.id, &person.id)
            .await?
            .ok_or(Error::Forbidden)?;
        Ok(Self {
            role: member.role(),
            every_achievement: member.every_achievement,
            issuer,
            person,
        })
    }
}
