//! Looking after the service from a terminal, while it runs or not. What changes something goes
//! through the same functions as the pages.

mod export;
mod folder;
mod keys;
mod people;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use serde::Serialize;

use crate::config::{DatabaseUrl, Settings};
use crate::db::Issuer;
use crate::serve::{Problem, say};
use crate::{App, Clock, issuing};

pub(crate) use people::{owner, owner_link};

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
    /// Give an issuer new signing keys. Badges that the old ones signed stay valid.
    RotateKey {
        /// The issuer, as in its address.
        #[arg(long, value_name = "ISSUER")]
        issuer: String,
        /// Somebody else may have the old keys: nothing that they signed is valid any more, and what
        /// the service holds is signed again, under the same ids and links. Copies that people have
        /// kept become invalid.
        #[arg(long)]
        compromised: bool,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
    /// Write an issuer as static files, such as `badges publish` makes, for any web host.
    ///
    /// There is all that may be seen by anybody who has the address: the issuer, its keys, the
    /// achievements with all versions, the status lists, and badges that were accepted and are public
    /// or unlisted. Names that no badge tells, and badges that are offered, private, withdrawn or
    /// erased, are not among the files.
    Export {
        /// The issuer, as in its address.
        #[arg(long, value_name = "ISSUER")]
        issuer: String,
        /// Where to write the files; appears with all of them, or not at all.
        #[arg(short, long, value_name = "FOLDER")]
        output: PathBuf,
        /// Replace an earlier export of this issuer there.
        #[arg(long)]
        replace: bool,
        /// Tell what was done as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Check that every badge, version, status entry, key and picture agrees with the others.
    ///
    /// Each badge is verified as a stranger would, without asking the network. What disagrees is
    /// named, and the exit code is 1.
    Check {
        /// As JSON.
        #[arg(long)]
        json: bool,
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
        AdminCommand::RotateKey {
            issuer,
            compromised,
            yes,
        } => {
            let issuer = issuer_of(&app, &issuer).await?;
            if !yes {
                keys::ask(&issuer, compromised)?;
            }
            say(&keys::rotate(&app, &issuer, compromised).await?);
        }
        AdminCommand::Export {
            issuer,
            output,
            replace,
            json,
        } => {
            let issuer = issuer_of(&app, &issuer).await?;
            let exported = export::export(&app, &issuer, &output, replace).await?;
            say(&if json {
                serde_json::to_string(&exported)?
            } else {
                exported.words(&output)
            });
        }
        AdminCommand::Check { json } => return check(&app, json).await,
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

/// What a check looked at, and what it found.
#[derive(Serialize)]
struct Checked {
    counts: BTreeMap<&'static str, i64>,
    disagreements: Vec<Found>,
}

/// Something that does not agree with the rest.
#[derive(Serialize)]
struct Found {
    noun: &'static str,
    id: String,
    problem: String,
}

async fn check(app: &App, json: bool) -> Result<ExitCode, Problem> {
    let counts = app.db.counts().await?;
    let found = issuing::check(app).await?;
    let code = if found.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    };
    if json {
        let disagreements = found
            .into_iter()
            .map(|it| Found {
                noun: it.noun,
                id: it.id,
                problem: it.problem,
            })
            .collect();
        say(&serde_json::to_string(&Checked {
            counts: counts.into_iter().collect(),
            disagreements,
        })?);
        return Ok(code);
    }
    let counted: Vec<String> = counts
        .iter()
        .map(|(what, count)| format!("{what} {count}"))
        .collect();
    say(&format!("Checked: {}.", counted.join(", ")));
    for disagreement in &found {
        say(&disagreement.to_string());
    }
    say(&match found.len() {
        0 => "All agrees.".to_owned(),
        count => format!("Disagreements: {count}."),
    });
    Ok(code)
}
