mod change;
mod wanted;

use std::path::{Path, PathBuf};

use badges_core::model::DateTimeZ;
use clap::{Args, Subcommand};
use serde::Serialize;

use crate::ambient;
use crate::error::{Code, Error};
use crate::folder::Folder;
use crate::folder::ledger::{Reason, Standing, Status};
use crate::output::{Output, printable};
use change::Change;

/// Take badges back, or list them with their status.
///
/// Every badge of an issuer with a web address has a place in a status list, a signed document that
/// verifiers look up. Revoking sets the badge's bit there and signs the list again; publish it again
/// (`badges publish`) for others to see it.
#[derive(Args)]
pub(crate) struct StatusCommand {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Revoke badges, for good.
    Revoke(Change),
    /// Suspend badges until they are reinstated. Only where the achievement says `suspendable`.
    Suspend(Change),
    /// Let suspended badges stand again.
    Reinstate(Change),
    /// List all badges of the folder with their status.
    List(List),
}

#[derive(Args)]
struct List {
    /// List the badges of this achievement only.
    #[arg(long, value_name = "NAME")]
    achievement: Option<String>,
    /// The issuer's folder. By default the current one.
    #[arg(long, value_name = "FOLDER")]
    issuer: Option<PathBuf>,
}

/// A badge as `list --json` shows it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    badge: &'a str,
    achievement: &'a str,
    name: &'a str,
    keys: &'a [String],
    file: String,
    awarded: DateTimeZ,
    issued: DateTimeZ,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<DateTimeZ>,
    status: &'a str,
    revocable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<DateTimeZ>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Reason>,
}

impl StatusCommand {
    pub(crate) fn run(self, output: &mut Output) -> Result<Code, Error> {
        match self.verb {
            Verb::Revoke(change) => change.run(Status::Revoked, output),
            Verb::Suspend(change) => change.run(Status::Suspended, output),
            Verb::Reinstate(change) => change.run(Status::Valid, output),
            Verb::List(list) => list.run(output),
        }
    }
}

impl List {
    fn run(self, output: &mut Output) -> Result<Code, Error> {
        let folder = Folder::find(self.issuer.as_deref(), &[Path::new(".")])?;
        let ledger = folder.ledger();
        let history = ledger.history()?;
        let now = DateTimeZ::from(ambient::now());
        let mut count = 0;
        ledger.awards(&history, |standing| {
            let award = &standing.award;
            if self
                .achievement
                .as_ref()
                .is_some_and(|slug| *slug != award.slug)
            {
                return Ok(());
            }
            count += 1;
            let status = match standing.status() {
                Status::Valid if award.valid_until.is_some_and(|until| until < now) => "expired",
                status => status.as_str(),
            };
            if !output.is_json() {
                output.line(format_args!(
                    "{status:<9}  {}  {}  {}  {}",
                    day(award.awarded),
                    award.token,
                    award.slug,
                    printable(&award.name)
                ));
                return Ok(());
            }
            let file = folder.badges(&award.slug).join(award.main_file());
            output.object(&Line {
                badge: &award.badge,
                achievement: &award.achievement,
                name: &award.name,
                keys: &award.keys,
                file: file.display().to_string(),
                awarded: award.awarded,
                issued: award.issued,
                valid_until: award.valid_until,
                status,
                revocable: award.status.is_some(),
                since: standing.last.as_ref().map(|last| last.at),
                reason: standing.last.as_ref().and_then(|last| last.reason),
            });
            Ok(())
        })?;
        if count == 0 {
            // Of an achievement that there is not, there is nothing to list.
            if let Some(slug) = &self.achievement {
                folder.achievement_file(Path::new(slug))?;
            }
            output.message("No badges yet.");
        }
        Ok(Code::Success)
    }
}

/// A badge as people know it.
fn shown(standing: &Standing) -> String {
    let award = &standing.award;
    format!("`{}` of {}", award.slug, printable(&award.name))
}

fn day(moment: DateTimeZ) -> String {
    moment.to_string().chars().take(10).collect()
}
