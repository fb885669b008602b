//! Who may act for an issuer.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::body::{Body, Sent, unreadable};
use super::once::{Answer, once};
use super::paging::whole;
use super::tag::{changed, matches, shown};
use super::{Client, Scope, ids_of, moment, slugs_of};
use crate::db::{Member, Role};
use crate::error::Error;
use crate::routes::members as pages;
use crate::{App, auth};

/// Whom to invite, and to what.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Invited {
    name: String,
    role: String,
    #[serde(default)]
    achievements: Option<Vec<String>>,
}

/// What can be changed.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Written {
    role: String,
    /// The slugs of the achievements that a trainer may award; `None` for all.
    #[serde(default)]
    achievements: Option<Vec<String>>,
}

#[derive(Debug, Serialize)]
struct Shown {
    person: String,
    name: Option<String>,
    #[serde(flatten)]
    written: Written,
    added_at: String,
}

/// A member who was just invited.
#[derive(Debug, Serialize)]
struct Welcome {
    member: Shown,
    /// Signs in once.
    link: String,
    until: String,
}

fn role(name: &str) -> Result<Role, Error> {
    Role::from_name(name)
        .ok_or_else(|| unreadable("role", "owner, trainer or reviewer is expected"))
}

/// What somebody is to be called.
fn name(text: &str) -> Result<&str, Error> {
    match text.trim() {
        "" => Err(Error::refused("name", "badges-members-name-missing", &[])),
        name if name.chars().count() > 100 => {
            Err(Error::refused("name", "badges-form-too-long", &[]))
        }
        name => Ok(name),
    }
}

async fn thing(app: &App, client: &Client, member: Member) -> Result<Shown, Error> {
    let is_restricted = member.role() == Role::Trainer && !member.every_achievement;
    let achievements = if is_restricted {
        let ids = app
            .db
            .member_achievements(&client.issuer.id, &member.person)
            .await?;
        Some(slugs_of(app, &client.issuer.id, &ids).await?)
    } else {
        None
    };
    Ok(Shown {
        written: Written {
            role: member.role().as_str().to_owned(),
            achievements,
        },
        person: member.person,
        name: member.name,
        added_at: moment(member.added_at),
    })
}

async fn find(app: &App, client: &Client, person: &str) -> Result<Member, Error> {
    app.db
        .member(&client.issuer.id, person)
        .await?
        .ok_or(Error::NotFound)
}

/// The ids of the achievements that a trainer may award.
async fn allowed(
    app: &App,
    client: &Client,
    role: Role,
    slugs: Option<&[String]>,
) -> Result<Option<Vec<String>>, Error> {
    let Some(slugs) = slugs else {
        return Ok(None);
    };
    // Those that are none are told also where they would not matter.
    let ids = ids_of(app, &client.issuer.id, slugs).await?;
    Ok(Some(ids).filter(|_| role == Role::Trainer))
}

pub(super) async fn list(
    State(app): State<App>,
    request: HeaderMap,
    client: Client,
) -> Result<Response, Error> {
    client.may(Scope::Read)?;
    let mut things = Vec::new();
    for member in app.db.members(&client.issuer.id).await? {
        things.push(thing(&app, &client, member).await?);
    }
    whole(&request, things)
}

pub(super) async fn read(
    State(app): State<App>,
    request: HeaderMap,
    client: Client,
    Path((_, person)): Path<(String, String)>,
) -> Result<Response, Error> {
    client.may(Scope::Read)?;
    let member = find(&app, &client, &person).await?;
    shown(&request, &thing(&app, &client, member).await?)
}

pub(super) async fn invite(
    State(app): State<App>,
    request: HeaderMap,
    client: Client,
    body: Body<Invited>,
) -> Result<Response, Error> {
    client.may(Scope::Administer)?;
    let invited = body.value;
    once(
        app,
        client,
        request,
        body.said,
        |app, client, _, attempt| async move {
            let role = role(&invited.role)?;
            let allowed = allowed(&app, &client, role, invited.achievements.as_deref()).await?;
            let name = name(&invited.name)?;
            let person = attempt.id;
            let is_there = app.db.member(&client.issuer.id, &person).await?.is_some();
            if !is_there {
                let new = (person.as_str(), name);
                pages::add(&app, &client.desk, new, role, allowed.as_deref()).await?;
            }
            let seconds = pages::INVITATION_DAYS * 86_400;
            let link = auth::sign_in_link(&app, &person, Some(&client.person.id), seconds).await?;
            let member = thing(&app, &client, find(&app, &client, &person).await?).await?;
            let path = format!("/api/v1/issuers/{}/members/{person}", client.issuer.slug);
            Answer::created(
                path,
                &Welcome {
                    member,
                    link,
                    until: moment(app.seconds() + seconds),
                },
            )
        },
    )
    .await
    .map(IntoResponse::into_response)
}

pub(super) async fn change(
    State(app): State<App>,
    request: HeaderMap,
    client: Client,
    Path((_, person)): Path<(String, String)>,
    sent: Sent,
) -> Result<Response, Error> {
    client.may(Scope::Administer)?;
    let before = thing(&app, &client, find(&app, &client, &person).await?).await?;
    let written = sent.patch(&before.written)?;
    let role = role(&written.role)?;
    let allowed = allowed(&app, &client, role, written.achievements.as_deref()).await?;
    matches(&request, &before)?;
    pages::set_role(&app, &client.desk, &person, role, allowed.as_deref()).await?;
    changed(&thing(&app, &client, find(&app, &client, &person).await?).await?)
}

pub(super) async fn remove(
    State(app): State<App>,
    request: HeaderMap,
    client: Client,
    Path((_, person)): Path<(String, String)>,
) -> Result<Response, Error> {
    client.may(Scope::Administer)?;
    matches(
        &request,
        &thing(&app, &client, find(&app, &client, &person).await?).await?,
    )?;
    pages::take_role(&app, &client.desk, &person).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
