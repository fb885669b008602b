use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use badges_core::model::DateTimeZ;
use badges_core::participants::UserName;
use clap::{Args, Subcommand};
use serde::Serialize;

use crate::error::{Code, Error};
use crate::folder::keyfile::{PassphraseOptions, Unlock};
use crate::folder::ledger::{Entry, History, Purpose, Reason, Standing, Status, StatusChange};
use crate::folder::status::StatusLists;
use crate::folder::{Folder, documents, files, summary};
use crate::output::Output;
use crate::{ambient, terminal};

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
struct Change {
    /// The badges: ids, the names of their files, or the names of their holders, if they have one
    /// badge only.
    #[arg(required = true, value_name = "BADGE")]
    badges: Vec<String>,
    /// Why. It stays in the ledger and is not published.
    #[arg(long, value_enum)]
    reason: Option<Reason>,
    /// Look for holders among those of this achievement only.
    #[arg(long, value_name = "NAME")]
    achievement: Option<String>,
    /// The issuer's folder. By default the current one.
    #[arg(long, value_name = "FOLDER")]
    issuer: Option<PathBuf>,
    /// Do not ask before revoking.
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    passphrase: PassphraseOptions,
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

impl Change {
    fn run(self, to: Status, output: &mut Output) -> Result<Code, Error> {
        let folder = Folder::find(self.issuer.as_deref(), &[Path::new(".")])?;
        let _lock = folder.lock()?;
        let issuer = folder.issuer()?;
        let ledger = folder.ledger();
        if ledger.repair()? {
            output.note("the last line of the ledger was never finished, and is cut off");
        }
        let history = ledger.history()?;
        let (chosen, mut lists) = self.choose(&folder, &history)?;
        let mut changing = Vec::new();
        for standing in chosen {
            if standing.status() == to {
                output.note(format_args!(
                    "{} is {} already",
                    shown(&standing),
                    to.as_str()
                ));
            } else {
                check(&standing, to)?;
                changing.push(standing);
            }
        }
        if changing.is_empty() {
            return Ok(Code::Success);
        }
        if to == Status::Revoked && !self.is_confirmed(&changing)? {
            output.message("Nothing was revoked.");
            return Ok(Code::Negative);
        }
        let base = issuer.base.as_ref().ok_or_else(|| {
            Error::new(
                Code::Data,
                "`issuer.toml` has lost its `base`, where the status lists are published",
            )
            .hint("put it back")
        })?;
        // The key is asked for before anything is written.
        let key = folder.signing_key(&issuer, &mut Unlock::new(&self.passphrase))?;
        let now = ambient::now();
        let entries: Vec<Entry> = changing
            .iter()
            .map(|standing| {
                Entry::Status(StatusChange {
                    token: standing.award.token,
                    status: to,
                    reason: self.reason,
                    at: now.into(),
                })
            })
            .collect();
        ledger.append(&entries)?;
        for standing in &changing {
            if let Some(entry) = standing.award.status {
                lists.set(entry, to != Status::Valid);
            }
        }
        lists.write(&folder.status_lists(), &issuer, base, &key, now)?;
        documents::write_map(&folder.documents(), Some(base), lists.numbers())?;
        let history = ledger.history()?;
        let slugs: BTreeSet<&str> = changing
            .iter()
            .map(|standing| standing.award.slug.as_str())
            .collect();
        for slug in slugs {
            summary::write(&folder, &history, slug)?;
        }
        files::sync(folder.root())?;
        report(&changing, to, output);
        Ok(Code::Success)
    }

    /// The badges that are meant, and all status lists.
    fn choose(
        &self,
        folder: &Folder,
        history: &History,
    ) -> Result<(Vec<Standing>, StatusLists), Error> {
        let wanted: Vec<Wanted> = self.badges.iter().map(|text| Wanted::new(text)).collect();
        let mut found: Vec<Vec<Standing>> = wanted.iter().map(|_| Vec::new()).collect();
        let mut lists = StatusLists::default();
        folder.ledger().awards(history, |standing| {
            lists.record(&standing);
            let among = self.achievement.as_ref();
            let among = among.is_none_or(|slug| *slug == standing.award.slug);
            for (wanted, found) in wanted.iter().zip(&mut found) {
                if wanted.is(&standing, among) {
                    found.push(standing.clone());
                }
            }
            Ok(())
        })?;
        let mut chosen = HashMap::new();
        let mut order = Vec::new();
        for (text, found) in self.badges.iter().zip(found) {
            let standing = only(text, found)?;
            let token = standing.award.token;
            if chosen.insert(token, standing).is_none() {
                order.push(token);
            }
        }
        let chosen = order.iter().filter_map(|token| chosen.remove(token));
        Ok((chosen.collect(), lists))
    }

    fn is_confirmed(&self, changing: &[Standing]) -> Result<bool, Error> {
        if self.yes {
            return Ok(true);
        }
        if !terminal::is_there() {
            return Err(Error::new(
                Code::Usage,
                "revoking cannot be undone, and nobody can be asked",
            )
            .hint("say `--yes` if you are sure"));
        }
        let names: Vec<String> = changing.iter().map(shown).collect();
        terminal::confirm(&format!("Revoke {} for good?", names.join(", ")), false)
    }
}

/// What somebody calls a badge by.
struct Wanted<'a> {
    /// As it was written: an id, or the key of a holder.
    text: &'a str,
    /// What could be a token: the text itself, the end of a path or URL.
    stem: &'a str,
    /// What could be the key of a holder.
    key: Option<String>,
}

impl<'a> Wanted<'a> {
    fn new(text: &'a str) -> Self {
        let name = text.rsplit(['/', '\\']).next().unwrap_or(text);
        let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
        Self {
            text,
            stem,
            key: UserName::parse(text)
                .ok()
                .map(|name| format!("name:{name}")),
        }
    }

    fn is(&self, standing: &Standing, among: bool) -> bool {
        let award = &standing.award;
        let is_key = |key: &String| key == self.text || Some(key) == self.key.as_ref();
        award.badge == self.text
            || award.token.to_string() == self.stem
            || (among && (award.name == self.text || award.keys.iter().any(is_key)))
    }
}

/// The one badge that is meant.
fn only(text: &str, mut found: Vec<Standing>) -> Result<Standing, Error> {
    match (found.pop(), found.len()) {
        (Some(standing), 0) => Ok(standing),
        (Some(last), _) => {
            found.push(last);
            let choices: Vec<String> = found
                .iter()
                .map(|standing| {
                    let award = &standing.award;
                    format!(
                        "`{}` ({}, {}, {})",
                        award.token,
                        award.slug,
                        day(award.awarded),
                        standing.status().as_str()
                    )
                })
                .collect();
            Err(Error::new(
                Code::Usage,
                format!(
                    "`{text}` could be one of several badges: {}",
                    choices.join(", ")
                ),
            )
            .hint("say which: give the long name in front"))
        }
        (None, _) => Err(Error::new(
            Code::NoInput,
            format!("no badge `{text}` is in the ledger of this folder"),
        )
        .hint("`badges status list` lists all of them")),
    }
}

/// Whether a badge's status may change so.
fn check(standing: &Standing, to: Status) -> Result<(), Error> {
    let refuse = |why: &str, hint: &str| {
        Err(Error::new(Code::Data, format!("{} {why}", shown(standing))).hint(hint))
    };
    let Some(entry) = standing.award.status else {
        return refuse(
            "has no place in a status list, because its issuer had no web address: it can never \
             be revoked",
            "tell those who rely on it",
        );
    };
    match (standing.status(), to, entry.purpose) {
        (Status::Revoked, ..) => refuse(
            "is revoked, which is for good",
            "issue a new one with `badges issue --again`",
        ),
        (_, Status::Suspended, Purpose::Revocation) => refuse(
            "cannot be suspended: its place is in a list of revocations, which are for good",
            "revoke it, or write `suspendable = true` into the achievement's file for badges that \
             are issued from then on",
        ),
        _ => Ok(()),
    }
}

fn report(changed: &[Standing], to: Status, output: &mut Output) {
    let only_suspends = |standing: &&Standing| {
        to == Status::Revoked
            && standing
                .award
                .status
                .is_some_and(|entry| entry.purpose == Purpose::Suspension)
    };
    if let Some(standing) = changed.iter().find(only_suspends) {
        output.note(format_args!(
            "{} was issued to be suspendable: verifiers will call it suspended, and it will never \
             be reinstated",
            shown(standing)
        ));
    }
    let word = match to {
        Status::Valid => "Reinstated",
        Status::Suspended => "Suspended",
        Status::Revoked => "Revoked",
    };
    for standing in changed {
        if output.is_json() {
            output.object(&serde_json::json!({
                "badge": standing.award.badge,
                "status": to.as_str(),
            }));
        } else {
            output.line(format_args!("{word} {}.", shown(standing)));
        }
    }
    if !output.is_json() {
        output.message("The status list is signed again; publish it for others to see it.");
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
                    award.name
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
            output.message("No badges yet.");
        }
        Ok(Code::Success)
    }
}

/// A badge as people know it.
fn shown(standing: &Standing) -> String {
    format!("`{}` of {}", standing.award.slug, standing.award.name)
}

fn day(moment: DateTimeZ) -> String {
    moment.to_string().chars().take(10).collect()
}
