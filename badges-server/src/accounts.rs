//! Wikimedia accounts and the people here. An account is known by its id on the whole wiki farm;
//! its name may change hands, so it is only ever shown (decision C4).
//!
//! A block on the wiki changes nothing here: badges were earned, and roles are given and taken by an
//! issuer's owners. A lock ends all sessions, tokens and sign-in links, because nobody can prove to be
//! its owner any more.

use time::Duration;
use tokio::sync::watch;

use crate::App;
use crate::db::{AwardRow, RecipientRow, is_taken};
use crate::error::Error;
use crate::issuing::{self, Acceptance, Named, Visibility};
use crate::wikimedia::Found;

/// An account that has proved who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Proved {
    /// Its id on the whole wiki farm.
    pub(crate) central_id: i64,
    /// Its name, unless that is hidden from everybody.
    pub(crate) user_name: Option<String>,
}

/// The person with this account. One is made when there is none and something waits for it: a badge
/// that was offered to it, or one whose link was open (`award`). Nobody else gets an account.
pub(crate) async fn enter(
    app: &App,
    account: &Proved,
    award: Option<&str>,
    language: &str,
) -> Result<Option<String>, Error> {
    let (central_id, name) = (account.central_id, account.user_name.as_deref());
    follow(app, account).await?;
    let person = match app.db.person_by_central_id(central_id).await? {
        Some(known) => known.person,
        None if award.is_some() || app.db.has_waiting(central_id).await? => {
            let made = app
                .db
                .insert_account(central_id, name, language, app.seconds())
                .await;
            match made {
                Ok(person) => person,
                // Another browser was faster.
                Err(error) if is_taken(&error) => {
                    let known = app.db.person_by_central_id(central_id).await?;
                    known.ok_or(sqlx::Error::RowNotFound)?.person
                }
                Err(error) => return Err(error.into()),
            }
        }
        None => return Ok(None),
    };
    app.db
        .gather_awards(&person, central_id, app.seconds())
        .await?;
    Ok(Some(person))
}

/// Whether a badge may be put into the hands of an account: not when it was offered to another one,
/// or is in the hands of somebody else. `person` is who has the account, if somebody does.
pub(crate) fn may_hold(
    award: &AwardRow,
    recipient: Option<&RecipientRow>,
    person: Option<&str>,
    central_id: Option<i64>,
) -> bool {
    let is_free = award.person.is_none() || award.person.as_deref() == person;
    let offered_to = recipient.and_then(|recipient| recipient.central_id);
    let is_theirs = match (offered_to, central_id) {
        (Some(offered_to), Some(central_id)) => offered_to == central_id,
        // Who has no Wikimedia account here has the link, and that is as much as the badge asks for.
        _ => true,
    };
    is_free && is_theirs
}

/// How long what the wiki said of an account is good enough.
const FRESH: Duration = Duration::DAY;
/// How long to wait when the wiki did not answer.
const PATIENCE: Duration = Duration::HOUR;
/// How many accounts are asked for at once.
const BATCH: i64 = 50;

/// Asks the wiki about accounts that were not looked at for a day, at most fifty, and follows what
/// became of them; says how many there were. Several processes may do this at once: each account is
/// taken by one of them.
pub(crate) async fn refresh(app: &App) -> Result<usize, Error> {
    if app.settings.wikimedia.offline {
        return Ok(0);
    }
    let now = app.seconds();
    let ids = app
        .db
        .take_accounts(now - FRESH.whole_seconds(), BATCH, now)
        .await?;
    let central_ids: Vec<u64> = ids
        .iter()
        .filter_map(|id| u64::try_from(*id).ok())
        .collect();
    if central_ids.is_empty() {
        return Ok(0);
    }
    match app.wikimedia.accounts_by_id(&central_ids).await {
        Ok(found) => {
            for (central_id, found) in found {
                follow_found(
                    app,
                    i64::try_from(central_id).map_err(Error::internal)?,
                    &found,
                )
                .await?;
            }
        }
        Err(error) => {
            tracing::warn!(error = error.id(), "accounts were not looked at");
            for id in &ids {
                let again = now - (FRESH - PATIENCE).whole_seconds();
                app.db.set_looked_at(*id, again).await?;
            }
        }
    }
    Ok(ids.len())
}

/// Looks at accounts from time to time, until told to stop. Any number of processes may do so.
pub(crate) async fn keep(app: App, mut stop: watch::Receiver<bool>) {
    const PAUSE: std::time::Duration = std::time::Duration::from_secs(600);
    while !*stop.borrow() {
        match refresh(&app).await {
            Ok(count) if count == usize::try_from(BATCH).unwrap_or_default() => continue,
            Ok(_) => {}
            Err(error) => tracing::error!(%error, "accounts were not looked at"),
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            // An error says that nobody can tell any more.
            changed = stop.changed() => if changed.is_err() { return },
        }
    }
}

/// Follows what the wiki answered about an account.
async fn follow_found(app: &App, central_id: i64, found: &Found) -> Result<(), Error> {
    let (name, locked) = match found {
        Found::Account(account) if account.has_vanished() => (None, account.locked),
        Found::Account(account) => (Some(account.name.as_str()), account.locked),
        Found::Missing => (None, false),
        // Nothing is known, so nothing is changed.
        Found::Invalid => return Ok(()),
    };
    if locked {
        app.db.shut_out(central_id).await?;
    }
    follow(
        app,
        &Proved {
            central_id,
            user_name: name.map(str::to_owned),
        },
    )
    .await
}

/// Follows an account's name, also in the badges whose holder wants to be named by it: the new one is
/// written into them, and one that is hidden or gone is taken out.
pub(crate) async fn follow(app: &App, account: &Proved) -> Result<(), Error> {
    let changed = app
        .db
        .follow_account(
            account.central_id,
            account.user_name.as_deref(),
            app.seconds(),
        )
        .await?;
    if !changed && account.user_name.is_some() {
        return Ok(());
    }
    for award in app.db.awards_named_by(account.central_id).await? {
        let named = match (&account.user_name, award.named.as_str()) {
            (None, _) => Named::Nothing,
            (Some(_), "hashed") => Named::Hashed,
            (Some(_), _) => Named::UserName,
        };
        let visibility = Visibility::from_word(&award.visibility).unwrap_or(Visibility::Private);
        let changed = issuing::change(
            app,
            &award.id,
            Acceptance {
                visibility,
                named,
                person: award.person,
            },
        )
        .await;
        if let Err(error) = changed {
            // Nobody is kept from signing in by that.
            tracing::error!(%error, award = award.id, "a badge was not signed again under another name");
        }
    }
    Ok(())
}
