//! Who may act for an issuer.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;

use crate::App;
use crate::ambient::random_id;
use crate::auth::{self, Desk};
use crate::db::{AchievementRow, Action, Member, Role, VersionRow};
use crate::error::Error;
use crate::form::{Fields, Form, Problems};
use crate::page::{Ctx, page, redirect_with};

/// How many days an invitation works.
pub(super) const INVITATION_DAYS: i64 = 7;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/desk/{issuer}/members", get(list).post(invite))
        .route("/desk/{issuer}/members/{person}", get(member).post(change))
        .route("/desk/{issuer}/members/{person}/link", post(link))
        .route("/desk/{issuer}/members/{person}/remove", post(remove))
        .route("/desk/{issuer}/leave", get(ask_leave).post(leave))
}

#[derive(Template)]
#[template(path = "members.html")]
struct List {
    ctx: Ctx,
    desk: Desk,
    members: Vec<Member>,
    /// Who is to be invited, and as what.
    invited: String,
    role: String,
    problems: Problems,
}

impl List {
    fn roles(&self) -> Vec<(&'static str, String)> {
        roles(&self.ctx)
    }
}

/// The roles with their names, the weakest first.
fn roles(ctx: &Ctx) -> Vec<(&'static str, String)> {
    Role::ALL
        .map(|role| {
            (
                role.as_str(),
                ctx.t(&format!("badges-role-{}", role.as_str())),
            )
        })
        .to_vec()
}

async fn list(State(app): State<App>, ctx: Ctx, desk: Desk) -> Result<Response, Error> {
    let members = app.db.members(&desk.issuer.id).await?;
    let role = Role::Trainer.as_str().to_owned();
    page(&List {
        ctx,
        desk,
        members,
        invited: String::new(),
        role,
        problems: Problems::default(),
    })
}

#[derive(Template)]
#[template(path = "member_link.html")]
struct Link {
    ctx: Ctx,
    desk: Desk,
    name: String,
    link: String,
    days: i64,
}

async fn invite(
    State(app): State<App>,
    ctx: Ctx,
    desk: Desk,
    Form(fields): Form<Fields>,
) -> Result<Response, Error> {
    desk.needs(Role::Owner)?;
    let (name, role) = (
        fields.text("name").to_owned(),
        fields.text("role").to_owned(),
    );
    let mut problems = Problems::default();
    if name.is_empty() {
        problems.add("name", ctx.t("badges-members-name-missing"));
    } else if name.chars().count() > 100 {
        problems.add("name", ctx.t("badges-form-too-long"));
    }
    if Role::from_name(&role).is_none() {
        problems.add("role", ctx.t("badges-form-choose"));
    }
    let Some(role) = Role::from_name(&role).filter(|_| problems.is_empty()) else {
        let members = app.db.members(&desk.issuer.id).await?;
        let mut refused = page(&List {
            ctx,
            desk,
            members,
            invited: name,
            role,
            problems,
        })?;
        *refused.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(refused);
    };
    let person = random_id();
    add(&app, &desk, (&person, &name), role, None).await?;
    shown_link(&app, ctx, desk, name, &person).await
}

/// Adds somebody new, with this id and name, who can sign in with a link only.
pub(super) async fn add(
    app: &App,
    desk: &Desk,
    (person, name): (&str, &str),
    role: Role,
    achievements: Option<&[String]>,
) -> Result<(), Error> {
    // Whoever was interrupted before made the person and no member of them.
    if app.db.person(person).await?.is_none() {
        app.db
            .insert_person_as(person, Some(name), None, app.seconds())
            .await?;
    }
    let detail =
        serde_json::json!({ "role": role.as_str(), "achievements": achievements }).to_string();
    let action = action(app, desk, person, "member.invite", Some(detail));
    app.db
        .set_member(&desk.issuer.id, person, role, achievements, &action)
        .await?;
    Ok(())
}

/// Shows a sign-in link, once.
async fn shown_link(
    app: &App,
    ctx: Ctx,
    desk: Desk,
    name: String,
    person: &str,
) -> Result<Response, Error> {
    let link =
        auth::sign_in_link(app, person, Some(&desk.person.id), INVITATION_DAYS * 86_400).await?;
    let mut response = page(&Link {
        ctx,
        desk,
        name,
        link,
        days: INVITATION_DAYS,
    })?;
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

#[derive(Template)]
#[template(path = "member.html")]
struct MemberPage {
    ctx: Ctx,
    desk: Desk,
    member: Member,
    achievements: Vec<(AchievementRow, VersionRow)>,
    /// The ids of those that the member may award, if not all.
    allowed: Vec<String>,
    /// Whether an owner may hand over a link for signing in.
    may_be_given_link: bool,
}

impl MemberPage {
    fn roles(&self) -> Vec<(&'static str, String)> {
        roles(&self.ctx)
    }

    fn may_award(&self, achievement: &str) -> bool {
        self.allowed.iter().any(|allowed| allowed == achievement)
    }
}

async fn member(
    State(app): State<App>,
    ctx: Ctx,
    desk: Desk,
    Path((_, person)): Path<(String, String)>,
) -> Result<Response, Error> {
    desk.needs(Role::Owner)?;
    let member = find(&app, &desk, &person).await?;
    let mut achievements = app.db.achievements(&desk.issuer.id).await?;
    achievements.retain(|(achievement, _)| !achievement.archived);
    let allowed = app.db.member_achievements(&desk.issuer.id, &person).await?;
    let may_be_given_link = app.db.may_be_given_link(&person, &desk.person.id).await?;
    page(&MemberPage {
        ctx,
        desk,
        member,
        achievements,
        allowed,
        may_be_given_link,
    })
}

/// Gives another role, or other achievements to award.
async fn change(
    State(app): State<App>,
    desk: Desk,
    Path((_, person)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Result<Response, Error> {
    desk.needs(Role::Owner)?;
    find(&app, &desk, &person).await?;
    let role = Role::from_name(fields.text("role"))
        .ok_or_else(|| Error::refused("role", "badges-form-choose", &[]))?;
    let some: Vec<String> = fields.all("achievement").map(str::to_owned).collect();
    let is_restricted = role == Role::Trainer && fields.text("may-award") == "some";
    let achievements = is_restricted.then_some(some.as_slice());
    set_role(&app, &desk, &person, role, achievements).await?;
    // Who is no owner any more may not see the page of a member.
    let to = match person == desk.person.id {
        true => format!("/desk/{}/members", desk.issuer.slug),
        false => format!("/desk/{}/members/{person}", desk.issuer.slug),
    };
    Ok(redirect_with("good", "badges-notice-saved", &to))
}

/// Gives a member a role, and a trainer the achievements to award: all, if none are named.
pub(super) async fn set_role(
    app: &App,
    desk: &Desk,
    person: &str,
    role: Role,
    achievements: Option<&[String]>,
) -> Result<(), Error> {
    let detail =
        serde_json::json!({ "role": role.as_str(), "achievements": achievements }).to_string();
    let action = action(app, desk, person, "member.change", Some(detail));
    match app
        .db
        .set_member(&desk.issuer.id, person, role, achievements, &action)
        .await?
    {
        true => Ok(()),
        false => Err(Error::Conflict {
            key: "badges-members-last-owner",
        }),
    }
}

/// Takes somebody's role away.
pub(super) async fn take_role(app: &App, desk: &Desk, person: &str) -> Result<(), Error> {
    let action = action(app, desk, person, "member.remove", None);
    match app
        .db
        .delete_member(&desk.issuer.id, person, &action)
        .await?
    {
        true => Ok(()),
        false => Err(Error::Conflict {
            key: "badges-members-last-owner",
        }),
    }
}

#[derive(Deserialize)]
struct Nothing {}

/// Another link for somebody who has no other way to sign in.
async fn link(
    State(app): State<App>,
    ctx: Ctx,
    desk: Desk,
    Path((_, person)): Path<(String, String)>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Error> {
    desk.needs(Role::Owner)?;
    let member = find(&app, &desk, &person).await?;
    if !app.db.may_be_given_link(&person, &desk.person.id).await? {
        return Err(Error::Forbidden);
    }
    app.db
        .log(&action(&app, &desk, &person, "member.link", None))
        .await?;
    shown_link(&app, ctx, desk, member.name.unwrap_or_default(), &person).await
}

async fn remove(
    State(app): State<App>,
    desk: Desk,
    Path((_, person)): Path<(String, String)>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Error> {
    desk.needs(Role::Owner)?;
    find(&app, &desk, &person).await?;
    take_role(&app, &desk, &person).await?;
    Ok(redirect_with(
        "good",
        "badges-notice-member-removed",
        &format!("/desk/{}/members", desk.issuer.slug),
    ))
}

#[derive(Template)]
#[template(path = "leave.html")]
struct Leave {
    ctx: Ctx,
    desk: Desk,
    /// Whether nobody else is an owner, so that this one has to stay.
    is_last_owner: bool,
}

async fn ask_leave(State(app): State<App>, ctx: Ctx, desk: Desk) -> Result<Response, Error> {
    let owned = app.db.sole_ownerships(&desk.person.id).await?;
    page(&Leave {
        is_last_owner: owned.contains(&desk.issuer.id),
        ctx,
        desk,
    })
}

async fn leave(
    State(app): State<App>,
    desk: Desk,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Error> {
    let action = action(&app, &desk, &desk.person.id, "member.leave", None);
    if !app
        .db
        .delete_member(&desk.issuer.id, &desk.person.id, &action)
        .await?
    {
        return Err(Error::Conflict {
            key: "badges-members-last-owner",
        });
    }
    Ok(redirect_with("good", "badges-notice-left", "/desk"))
}

async fn find(app: &App, desk: &Desk, person: &str) -> Result<Member, Error> {
    app.db
        .member(&desk.issuer.id, person)
        .await?
        .ok_or(Error::NotFound)
}

fn action<'a>(
    app: &App,
    desk: &'a Desk,
    person: &'a str,
    action: &'static str,
    detail: Option<String>,
) -> Action<'a> {
    Action {
        at: app.seconds(),
        issuer: Some(&desk.issuer.id),
        person: Some(&desk.person.id),
        action,
        noun: "person",
        object: person,
        detail,
    }
}
