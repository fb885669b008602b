//! Tokens with which programs act for a person: made and ended here, and shown only once.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use time::macros::format_description;
use time::{Date, Time};

use super::api::{PREFIX, SCOPES, Scope};
use crate::ambient::{random, random_id};
use crate::db::{Action, Issuer, Role, TokenRow};
use crate::error::Error;
use crate::form::{Fields, Form, Problems};
use crate::page::{Ctx, page, redirect_with};
use crate::{App, secret};

/// The longest name.
const MAX_NAME: usize = 100;
/// The most tokens of a person.
const MOST: usize = 100;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/me/tokens", get(list).post(make))
        .route("/me/tokens/{token}/delete", post(delete))
}

/// What stands in the form.
#[derive(Default)]
struct Draft {
    name: String,
    /// The issuer's slug.
    issuer: String,
    scopes: Vec<Scope>,
    /// `YYYY-MM-DD`; empty for ever.
    until: String,
}

/// A token in the list, with the name of its issuer.
struct Line {
    token: TokenRow,
    issuer: String,
}

#[derive(Template)]
#[template(path = "tokens.html")]
struct Tokens {
    ctx: Ctx,
    lines: Vec<Line>,
    memberships: Vec<(Issuer, Role)>,
    draft: Draft,
    /// A token that was just made.
    made: Option<String>,
    problems: Problems,
}

impl Tokens {
    async fn of(ctx: Ctx, draft: Draft, problems: Problems) -> Result<Self, Error> {
        let person = ctx.signed()?.id.clone();
        let memberships = ctx.app.db.memberships(&person).await?;
        let mut lines = Vec::new();
        for token in ctx.app.db.tokens(&person).await? {
            let issuer = ctx
                .app
                .db
                .issuer(&token.issuer)
                .await?
                .map(|issuer| issuer.name)
                .unwrap_or_default();
            lines.push(Line { token, issuer });
        }
        Ok(Self {
            ctx,
            lines,
            memberships,
            draft,
            made: None,
            problems,
        })
    }

    fn issuers(&self) -> Vec<(&str, &str)> {
        self.memberships
            .iter()
            .map(|(issuer, _)| (issuer.slug.as_str(), issuer.name.as_str()))
            .collect()
    }

    /// The scopes that are of any use to the person, with their words.
    fn scopes(&self) -> Vec<(&'static str, String, String, bool)> {
        let role = self
            .memberships
            .iter()
            .map(|(_, role)| *role)
            .max()
            .unwrap_or(Role::Reviewer);
        let useful = SCOPES.into_iter().filter(|scope| scope.role() <= role);
        useful
            .map(|scope| {
                let name = scope.as_str();
                let label = self.ctx.t(&format!("badges-scope-{name}"));
                let hint = self.ctx.t(&format!("badges-scope-hint-{name}"));
                (name, label, hint, self.draft.scopes.contains(&scope))
            })
            .collect()
    }

    /// The scopes of a token, in words.
    fn scopes_of(&self, token: &TokenRow) -> Vec<String> {
        let known = token.scopes.split(' ').filter_map(Scope::from_name);
        known
            .map(|scope| self.ctx.t(&format!("badges-scope-{}", scope.as_str())))
            .collect()
    }

    fn has_ended(&self, token: &TokenRow) -> bool {
        token
            .until
            .is_some_and(|until| until <= self.ctx.app.seconds())
    }
}

async fn list(ctx: Ctx) -> Result<Response, Error> {
    let draft = Draft {
        scopes: vec![Scope::Read],
        ..Draft::default()
    };
    page(&Tokens::of(ctx, draft, Problems::default()).await?)
}

async fn make(
    State(app): State<App>,
    ctx: Ctx,
    Form(fields): Form<Fields>,
) -> Result<Response, Error> {
    let person = ctx.signed()?.id.clone();
    let draft = Draft {
        name: fields.text("name").to_owned(),
        issuer: fields.text("issuer").to_owned(),
        scopes: fields.all("scope").filter_map(Scope::from_name).collect(),
        until: fields.text("until").to_owned(),
    };
    let memberships = app.db.memberships(&person).await?;
    let membership = memberships
        .into_iter()
        .find(|(issuer, _)| issuer.slug == draft.issuer);
    let mut problems = Problems::default();
    let mut wrong = |field: &str, key: &str| problems.add(field, ctx.t(key));
    if draft.name.is_empty() {
        wrong("name", "badges-tokens-name-missing");
    } else if draft.name.chars().count() > MAX_NAME || draft.name.contains(char::is_control) {
        wrong("name", "badges-tokens-name-long");
    }
    if draft.scopes.is_empty() {
        wrong("scope", "badges-tokens-scope-missing");
    }
    match &membership {
        None => wrong("issuer", "badges-tokens-issuer-missing"),
        Some((_, role)) if draft.scopes.iter().any(|scope| scope.role() > *role) => {
            wrong("scope", "badges-tokens-scope-role");
        }
        Some(_) => {}
    }
    let until = until(&draft.until);
    if until.is_none_or(|until| until.is_some_and(|until| until <= app.seconds())) {
        wrong("until", "badges-tokens-until-wrong");
    }
    if app.db.tokens(&person).await?.len() >= MOST {
        wrong("name", "badges-tokens-too-many");
    }
    let Some((issuer, _)) = membership.filter(|_| problems.is_empty()) else {
        let mut refused = page(&Tokens::of(ctx, draft, problems).await?)?;
        *refused.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(refused);
    };
    let value = format!("{PREFIX}{}", secret::random(&random::<24>()));
    let token = TokenRow {
        id: random_id(),
        person: person.clone(),
        issuer: issuer.id.clone(),
        name: draft.name,
        scopes: draft
            .scopes
            .iter()
            .map(|scope| scope.as_str())
            .collect::<Vec<_>>()
            .join(" "),
        made_at: app.seconds(),
        until: until.flatten(),
        used_at: None,
    };
    let detail = serde_json::json!({ "scopes": token.scopes, "until": token.until });
    let action = Action {
        at: token.made_at,
        issuer: Some(&issuer.id),
        person: Some(&person),
        action: "token.make",
        noun: "token",
        object: &token.id,
        detail: Some(detail.to_string()),
    };
    app.db
        .insert_token(&token, &secret::hash(&value), &action)
        .await?;
    let mut shown = Tokens::of(ctx, Draft::default(), Problems::default()).await?;
    shown.made = Some(value);
    let mut response = page(&shown)?;
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// The end of a day, in seconds since 1970: `Some(None)` is never, `None` is no day.
fn until(day: &str) -> Option<Option<i64>> {
    if day.is_empty() {
        return Some(None);
    }
    let day = Date::parse(day, format_description!("[year]-[month]-[day]")).ok()?;
    Some(Some(
        day.next_day()?
            .with_time(Time::MIDNIGHT)
            .assume_utc()
            .unix_timestamp(),
    ))
}

#[derive(Deserialize)]
struct Nothing {}

async fn delete(
    State(app): State<App>,
    ctx: Ctx,
    Path(token): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Error> {
    let person = &ctx.signed()?.id;
    let tokens = app.db.tokens(person).await?;
    let known = tokens
        .iter()
        .find(|known| known.id == token)
        .ok_or(Error::NotFound)?;
    let action = Action {
        at: app.seconds(),
        issuer: Some(&known.issuer),
        person: Some(person),
        action: "token.delete",
        noun: "token",
        object: &known.id,
        detail: None,
    };
    app.db.delete_token(person, &token, &action).await?;
    Ok(redirect_with(
        "good",
        "badges-notice-token-deleted",
        "/me/tokens",
    ))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::browser::{Browser, Page};
    use crate::testing::on_both;

    /// The token on a page, if one is shown.
    fn shown(page: &Page) -> Option<String> {
        page.value("token").map(str::to_owned)
    }

    #[test]
    fn the_last_day_counts() {
        assert_eq!(until(""), Some(None));
        assert_eq!(until("1970-01-01"), Some(Some(86_400)));
        for wrong in ["1.1.1970", "1970-02-30", "x"] {
            assert_eq!(until(wrong), None);
        }
    }

    on_both! {
        async fn a_token_is_shown_once_and_works_until_it_is_deleted(app: TestApp) {
            let scene = app.scene().await;
            let mut browser = Browser::of(&app, &scene.owner).await;
            assert!(browser.get("/me/tokens").await.says("A new token"));
            let fields = [("name", "Example program"), ("issuer", "academy"), ("scope", "read"), ("scope", "award"), ("until", "2026-05-02")];
            let made = browser.post("/me/tokens", &fields).await;
            assert_eq!((made.status, made.header("cache-control")), (StatusCode::OK, "no-store"));
            let token = shown(&made).unwrap();
            assert!(token.starts_with(PREFIX));
            let page = browser.get("/me/tokens").await;
            assert!(shown(&page).is_none() && !page.body.contains(&token));
            assert!(page.says("Example program") && page.says("Never"));
            let row = app.db.use_token(&secret::hash(&token), app.seconds()).await.unwrap().unwrap();
            assert_eq!((row.scopes.as_str(), row.issuer), ("read award", scene.issuer.clone()));
            assert!(!browser.get("/me/tokens").await.says("Never"));
            // Nobody else's.
            let other = app.db.insert_person(None, None, app.seconds()).await.unwrap();
            let mut stranger = Browser::of(&app, &other).await;
            assert!(stranger.get("/me/tokens").await.says("You work for none."));
            assert_eq!(stranger.post(&format!("/me/tokens/{}/delete", row.id), &[]).await.status, StatusCode::NOT_FOUND);
            let deleted = browser.post(&format!("/me/tokens/{}/delete", row.id), &[]).await;
            assert_eq!(deleted.location(), "/me/tokens");
            assert!(app.db.use_token(&secret::hash(&token), app.seconds()).await.unwrap().is_none());
            assert_eq!(app.count("select count(*) from audit where action in ('token.make', 'token.delete')").await, 2);
        }

        async fn a_token_allows_no_more_than_its_person_may(app: TestApp) {
            let scene = app.scene().await;
            let reviewer = app.db.insert_person(Some("Example Reviewer"), None, app.seconds()).await.unwrap();
            app.join(&scene.issuer, &reviewer, Role::Reviewer).await;
            let mut browser = Browser::of(&app, &reviewer).await;
            let page = browser.get("/me/tokens").await;
            assert!(page.says("value=\"read\"") && !page.says("value=\"administer\""), "{}", page.body);
            let good = [("name", "x"), ("issuer", "academy"), ("scope", "read"), ("until", "")];
            for (name, value, told) in [
                ("name", "", "Give it a name."),
                ("name", "a\u{7}", "Write one line of at most 100 characters."),
                ("issuer", "other", "Choose one of your issuers."),
                ("scope", "award", "Your role for this issuer does not allow that."),
                ("scope", "everything", "Choose at least one."),
                ("until", "2026-04-30", "Choose a day that is not over."),
                ("until", "soon", "Choose a day that is not over."),
            ] {
                let fields = good.map(|(known, other)| (known, if known == name { value } else { other }));
                let page = browser.post("/me/tokens", &fields).await;
                assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
                assert!(page.says(told) && shown(&page).is_none(), "{name}={value}: {}", page.body);
            }
            assert!(shown(&browser.post("/me/tokens", &good).await).is_some());
        }

        async fn tokens_are_for_those_who_are_signed_in(app: TestApp) {
            let page = Browser::new(&app).get("/me/tokens").await;
            assert_eq!(page.location(), "/sign-in?next=%2Fme%2Ftokens");
        }
    }
}
