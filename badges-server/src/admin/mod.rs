//! Looking after the service from a terminal, while it runs or not. What changes something goes
//! through the same functions as the pages.

mod folder;
mod people;

use std::process::ExitCode;

use clap::Subcommand;
use serde::Serialize;

use crate::config::{DatabaseUrl, Settings};
use crate::db::Issuer;
use crate::serve::{Problem, say};
use crate::{App, Clock};

pub(crate) use people::owner_link;

/// What to do.
#[derive(Clone, Debug, Subcommand)]
pub enum AdminCommand {
    /// Print a link with which somebody signs in, once and within a day.
    ///
    /// Without a name it is for the owner of the service, who may add issuers.
    SignInLink {
        /// A member of an issuer: the user name, or the name that is shown.
        #[arg(value_name = "NAME")]
        person: Option<String>,
        /// The issuer, if members of several have that name.
        #[arg(long, value_name = "ISSUER")]
        issuer: Option<String>,
    },
    /// Add somebody to an issuer, and print a link with which they sign in.
    AddTrainer {
        /// What to call them.
        #[arg(value_name = "NAME")]
        person: String,
        /// The issuer, as in its address.
        #[arg(long, value_name = "ISSUER")]
        issuer: String,
        /// What they may do: `reviewer` sees everything, `trainer` holds workshops and awards,
        /// `owner` may do all.
        #[arg(long, default_value = "trainer", value_parser = ["reviewer", "trainer", "owner"])]
        role: String,
    },
    /// List the issuers.
    Issuers {
        /// As JSON, an object a line.
        #[arg(long)]
        json: bool,
    },
}

/// Does it.
pub(crate) async fn run(command: AdminCommand, settings: Settings) -> Result<ExitCode, Problem> {
    // Where there is none, a new one would only hide that the service's own is elsewhere.
    if let DatabaseUrl::Sqlite(path) = &settings.database_url
        && !path.exists()
    {
        return Err(format!(
            "there is no database `{}`; say where it is with --data or --database-url, or start the service once",
            path.display()
        )
        .into());
    }
    let app = App::open(settings, Clock::System).await?;
    match command {
        AdminCommand::SignInLink { person: None, .. } => say(&owner_link(&app).await?),
        AdminCommand::SignInLink {
            person: Some(name),
            issuer,
        } => {
            let issuer = match issuer {
                Some(slug) => Some(issuer_of(&app, &slug).await?),
                None => None,
            };
            say(&people::member_link(&app, &name, issuer).await?);
        }
        AdminCommand::AddTrainer {
            person,
            issuer,
            role,
        } => {
            say(&people::add(&app, &person, &issuer_of(&app, &issuer).await?, &role).await?);
        }
        AdminCommand::Issuers { json } => issuers(&app, json).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The issuer that has this slug; else, which there are.
async fn issuer_of(app: &App, slug: &str) -> Result<Issuer, Problem> {
    match app.db.issuer_by_slug(slug).await? {
        Some(issuer) => Ok(issuer),
        None => {
            let issuers = app.db.issuers().await?;
            let slugs: Vec<_> = issuers
                .iter()
                .map(|issuer| format!("`{}`", issuer.slug))
                .collect();
            let there = if slugs.is_empty() {
                "none yet".to_owned()
            } else {
                slugs.join(", ")
            };
            Err(format!("there is no issuer `{slug}`; there is {there}").into())
        }
    }
}

/// An issuer in a list.
#[derive(Serialize)]
struct Listed {
    slug: String,
    name: String,
    /// The DIDs under which it has signed, the current one first.
    ids: Vec<String>,
    page: String,
    members: Vec<ListedMember>,
}

/// A member in that list.
#[derive(Serialize)]
struct ListedMember {
    name: Option<String>,
    role: String,
}

async fn issuers(app: &App, json: bool) -> Result<(), Problem> {
    for issuer in app.db.issuers().await? {
        let identities = app.db.identities(&issuer.id).await?;
        let members = app.db.members(&issuer.id).await?;
        let listed = Listed {
            ids: identities
                .into_iter()
                .map(|identity| identity.did)
                .collect(),
            page: app
                .settings
                .public_url
                .join(&format!("/issuers/{}", issuer.slug)),
            members: members
                .into_iter()
                .map(|member| ListedMember {
                    name: member.name,
                    role: member.role,
                })
                .collect(),
            slug: issuer.slug,
            name: issuer.name,
        };
        if json {
            say(&serde_json::to_string(&listed)?);
            continue;
        }
        say(&format!(
            "{}: {}\n  page: {}",
            listed.slug, listed.name, listed.page
        ));
        for id in &listed.ids {
            say(&format!("  id: {id}"));
        }
        for member in &listed.members {
            say(&format!(
                "  {}: {}",
                member.role,
                member.name.as_deref().unwrap_or("(no name)")
            ));
        }
    }
    Ok(())
}
