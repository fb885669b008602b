//! Revoking, suspending and reinstating.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use clap::Args;

use super::shown;
use super::wanted::{Wanted, only};
use crate::error::{Code, Error};
use crate::folder::keyfile::{PassphraseOptions, Unlock};
use crate::folder::ledger::{Entry, History, Purpose, Reason, Standing, Status, StatusChange};
use crate::folder::status::StatusLists;
use crate::folder::{Folder, documents, files, summary};
use crate::output::Output;
use crate::{ambient, terminal};

#[derive(Args)]
pub(super) struct Change {
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

impl Change {
    pub(super) fn run(self, to: Status, output: &mut Output) -> Result<Code, Error> {
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
        for standing in &chosen {
            if standing.status() == to {
                output.note(format_args!(
                    "{} is {} already",
                    shown(standing),
                    to.as_str()
                ));
            } else {
                check(standing, to)?;
                changing.push(standing.clone());
            }
        }
        let lists_folder = folder.status_lists();
        let base = issuer.base();
        // A run that was interrupted may have changed the ledger and not the list.
        if changing.is_empty() && base.is_none_or(|base| lists.are_current(&lists_folder, base)) {
            return Ok(Code::Success);
        }
        if to == Status::Revoked && !changing.is_empty() && !self.is_confirmed(&changing)? {
            output.message("Nothing was revoked.");
            return Ok(Code::Negative);
        }
        let base = issuer.base().ok_or_else(|| {
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
        lists.write(&lists_folder, &issuer, base, &key, now)?;
        documents::write_map(&folder.documents(), Some(base), lists.numbers())?;
        let history = ledger.history()?;
        let slugs: BTreeSet<&str> = chosen
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
