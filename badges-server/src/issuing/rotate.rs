//! New keys in the place of old ones. What a retired key signed is valid for ever; what a key signed
//! that somebody else may have is signed again (decision C9).

use std::collections::BTreeMap;

use badges_core::model::AchievementCredential;
use badges_core::publish::Identity;
use serde_json::json;

use super::accept::sign_version;
use super::identity::{after, identity, make, new_keys, read};
use crate::App;
use crate::db::{Action, CredentialRow, IdentityRow, Issuer, KeyRow, is_race};
use crate::error::Error;
use crate::keys::KeyState;

/// How many badges are signed again at once.
const CHUNK: i64 = 100;

/// Gives an issuer new keys. The old ones sign no more; if somebody else may have them, nothing that
/// they signed holds any more from now on, and the worker signs it again. An issuer that is a key
/// becomes somebody new.
///
/// # Errors
/// When the database or the sealing key fails.
pub(crate) async fn rotate(
    app: &App,
    issuer: &Issuer,
    compromised: bool,
    by: &str,
) -> Result<(), Error> {
    let (row, current) = identity(app, issuer).await?;
    exchange(app, issuer, (&row.did, &current), compromised, by).await
}

/// Gives one of an issuer's identities new keys.
async fn exchange(
    app: &App,
    issuer: &Issuer,
    (did, identity): (&str, &Identity),
    compromised: bool,
    by: &str,
) -> Result<(), Error> {
    let ended_as = if compromised {
        KeyState::Compromised
    } else {
        KeyState::Retired
    };
    let now = app.seconds();
    let (new, keys) = match identity {
        Identity::Web(_) => (None, new_keys(app, identity)?),
        Identity::Key(_) => {
            let known = app.db.identities(&issuer.id).await?;
            let (row, _, keys) = make(app, issuer, after(&known, now))?;
            (Some(row), keys)
        }
    };
    let action = Action {
        at: now,
        issuer: Some(&issuer.id),
        person: Some(by),
        action: if compromised {
            "key.compromise"
        } else {
            "key.rotate"
        },
        noun: "identity",
        object: did,
        detail: None,
    };
    app.db
        .rotate_keys(did, ended_as.as_str(), new.as_ref(), &keys, &action)
        .await?;
    app.wake.notify_one();
    Ok(())
}

/// Says of a key that somebody else may have it. One that still signs is exchanged, under its own DID:
/// an earlier address of the issuer goes on signing the badges that were awarded there.
///
/// # Errors
/// [`Error::NotFound`] when it is no key of the issuer.
pub(crate) async fn disown(
    app: &App,
    issuer: &Issuer,
    multikey: &str,
    by: &str,
) -> Result<(), Error> {
    let (current, _) = identity(app, issuer).await?;
    for known in app.db.identities(&issuer.id).await? {
        let keys = app.db.keys(&known.did).await?;
        let Some(key) = keys.iter().find(|key| key.multikey == multikey) else {
            continue;
        };
        if is_exchanged(key, &known, &current) {
            let identity = read(&known.did)?;
            return exchange(app, issuer, (&known.did, &identity), true, by).await;
        }
        let action = Action {
            at: app.seconds(),
            issuer: Some(&issuer.id),
            person: Some(by),
            action: "key.compromise",
            noun: "key",
            object: multikey,
            detail: None,
        };
        app.db.disown_key(multikey, &action).await?;
        app.wake.notify_one();
        return Ok(());
    }
    Err(Error::NotFound)
}

/// Whether another key takes the place of one that somebody else may have. A DID that is a key itself
/// cannot have another; what it signed is signed again by whoever the issuer is now.
pub(crate) fn is_exchanged(key: &KeyRow, of: &IdentityRow, current: &IdentityRow) -> bool {
    key.state == KeyState::Active.as_str() && (of.base.is_some() || of.did == current.did)
}

/// Signs again what keys have signed that somebody else may have: same ids, same links, later
/// `validFrom`. Says how many there were. Whatever interrupts it, the next call goes on.
///
/// # Errors
/// When the database or the sealing key fails.
pub(crate) async fn sign_again(app: &App) -> Result<usize, Error> {
    let mut count = 0;
    let mut last = String::new();
    loop {
        let awards = app.db.compromised_awards(&last, CHUNK).await?;
        let Some(newest) = awards.last() else {
            return Ok(count);
        };
        last.clone_from(newest);
        let mut replaced = Vec::with_capacity(awards.len());
        // How many by issuer and key.
        let mut signed: BTreeMap<(String, String), usize> = BTreeMap::new();
        for award in awards {
            match again(app, &award).await {
                Ok(Some(badge)) => {
                    *signed.entry((badge.issuer, badge.old)).or_default() += 1;
                    replaced.push((award, Some((badge.did, badge.credential))));
                }
                Ok(None) => replaced.push((award, None)),
                Err(error) => tracing::error!(%error, award, "a badge could not be signed again"),
            }
        }
        let details: Vec<String> = signed
            .values()
            .map(|count| json!({ "count": count }).to_string())
            .collect();
        let actions: Vec<Action<'_>> = signed
            .keys()
            .zip(details)
            .map(|((issuer, old), detail)| Action {
                at: app.seconds(),
                issuer: Some(issuer),
                person: None,
                action: "award.sign-again",
                noun: "key",
                object: old,
                detail: Some(detail),
            })
            .collect();
        match app.db.replace_compromised(&replaced, &actions).await {
            // Another process was first, or the holder; the next call looks again.
            Err(error) if is_race(&error) => {}
            done => {
                done?;
                count += replaced.len();
            }
        }
    }
}

/// A badge in the place of one whose key has come into other hands.
struct Again {
    issuer: String,
    /// The key that somebody else may have.
    old: String,
    /// The DID that signed it now.
    did: String,
    credential: CredentialRow,
}

/// Signs a badge again; `None` when a newer version is there.
async fn again(app: &App, award: &str) -> Result<Option<Again>, Error> {
    let award = app.db.award(award).await?.ok_or(Error::NotFound)?;
    let Some(last) = app.db.credential(&award.id).await? else {
        return Ok(None);
    };
    let keys = app.db.keys(&award.did).await?;
    let compromised = KeyState::Compromised.as_str();
    if !keys
        .iter()
        .any(|key| key.multikey == last.multikey && key.state == compromised)
    {
        return Ok(None);
    }
    let mut badge: AchievementCredential =
        serde_json::from_str(&last.text).map_err(Error::internal)?;
    let did = match read(&award.did)? {
        Identity::Web(_) => award.did.clone(),
        // Whoever has the key is this issuer, for ever: only somebody new can say so again.
        Identity::Key(_) => {
            let issuer = app.db.issuer(&award.issuer).await?.ok_or(Error::NotFound)?;
            identity(app, &issuer).await?.0.did
        }
    };
    badge.issuer.id.clone_from(&did);
    let credential = sign_version(app, &did, &award, badge).await?;
    Ok(Some(Again {
        issuer: award.issuer,
        old: last.multikey,
        did,
        credential,
    }))
}
