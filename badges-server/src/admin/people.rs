//! Who gets in.

use std::collections::BTreeMap;

use crate::db::{Action, Issuer, Role};
use crate::serve::Problem;
use crate::{App, auth};

/// How long a link works: a day.
const DAY: i64 = 86_400;

/// The owner of the service, who is made if there is none.
pub(crate) async fn owner(app: &App) -> Result<String, sqlx::Error> {
    if let Some(owner) = app.db.first_owner().await? {
        return Ok(owner);
    }
    let owner = app.db.insert_person(None, None, app.seconds()).await?;
    app.db.set_service_owner(&owner, app.seconds()).await?;
    Ok(owner)
}

/// A sign-in link for the owner of the service.
pub(crate) async fn owner_link(app: &App) -> Result<String, sqlx::Error> {
    link(app, &owner(app).await?, &[None]).await
}

/// A sign-in link for a person, told in the log of each issuer that it opens.
async fn link(app: &App, person: &str, issuers: &[Option<&str>]) -> Result<String, sqlx::Error> {
    let link = auth::sign_in_link(app, person, None, DAY).await?;
    for issuer in issuers {
        let action = Action {
            at: app.seconds(),
            issuer: *issuer,
            person: None,
            action: "member.link",
            noun: "person",
            object: person,
            detail: None,
        };
        app.db.log(&action).await?;
    }
    Ok(link)
}

/// A sign-in link for a member of an issuer, or of any.
pub(super) async fn member_link(
    app: &App,
    name: &str,
    issuer: Option<Issuer>,
) -> Result<String, Problem> {
    let issuers = match issuer {
        Some(issuer) => vec![issuer],
        None => app.db.issuers().await?,
    };
    // By person: one may be a member of several issuers.
    let mut found = BTreeMap::new();
    for issuer in &issuers {
        for member in app.db.members(&issuer.id).await? {
            let detail = app.db.person(&member.person).await?;
            let names = detail
                .iter()
                .flat_map(|detail| [&detail.user_name, &detail.display_name])
                .flatten();
            if names.into_iter().any(|known| known == name) {
                found
                    .entry(member.person)
                    .or_insert_with(Vec::new)
                    .push(issuer);
            }
        }
    }
    let slugs: Vec<&str> = found
        .values()
        .filter_map(|of| of.first())
        .map(|issuer| issuer.slug.as_str())
        .collect();
    let (person, of) = match (found.first_key_value(), found.len()) {
        (Some(one), 1) => one,
        (None, _) => {
            return Err(format!(
                "no member is called `{name}`; `badges-server admin issuers` lists them"
            )
            .into());
        }
        _ if issuers.len() > 1 => {
            return Err(format!(
                "several members are called `{name}`, of {}; say which with --issuer",
                slugs.join(", ")
            )
            .into());
        }
        _ => {
            return Err(format!(
                "several members are called `{name}`; they need other names first"
            )
            .into());
        }
    };
    let of: Vec<_> = of.iter().map(|issuer| Some(issuer.id.as_str())).collect();
    Ok(link(app, person, &of).await?)
}

/// A new member of an issuer, with a link to sign in. Which achievements a trainer may award is
/// changed on the issuer's page of members; at first it is all.
pub(super) async fn add(
    app: &App,
    name: &str,
    issuer: &Issuer,
    role: &str,
) -> Result<String, Problem> {
    let name = name.trim();
    let role = Role::from_name(role).ok_or("there is no such role")?;
    if name.is_empty() {
        return Err("the name is empty; say what to call them".into());
    }
    let members = app.db.members(&issuer.id).await?;
    if members
        .iter()
        .any(|member| member.name.as_deref() == Some(name))
    {
        return Err(format!(
            "`{}` has a member called `{name}` already; for a link, `badges-server admin sign-in-link \"{name}\"`",
            issuer.slug
        )
        .into());
    }
    let now = app.seconds();
    let person = app.db.insert_person(Some(name), None, now).await?;
    let action = Action {
        at: now,
        issuer: Some(&issuer.id),
        person: None,
        action: "member.invite",
        noun: "person",
        object: &person,
        detail: Some(serde_json::json!({ "role": role.as_str() }).to_string()),
    };
    app.db
        .set_member(&issuer.id, &person, role, None, &action)
        .await?;
    Ok(auth::sign_in_link(app, &person, None, DAY).await?)
}
