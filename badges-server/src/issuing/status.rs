//! Status lists as others fetch them. A list is signed when somebody asks for it and something has
//! changed since the last time: once, for however many changes. Any process may do so. New badges get
//! their places here.

use std::collections::HashSet;

use badges_core::SignedCredential;
use badges_core::model::{CredentialStatus, DateTimeZ};
use badges_core::publish::Identity;
use badges_core::status::{MIN_ENTRIES, StatusBits, StatusList};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use super::document::moment;
use super::identity::{read, signer};
use crate::App;
use crate::ambient::random;
use crate::db::VersionRow;
use crate::error::Error;

/// A status list that says what is so now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SignedList {
    /// The signed text.
    pub(crate) text: String,
    /// What it is told by from others, with its quotes: for `ETag`.
    pub(crate) etag: String,
}

/// How long a list is valid, in seconds. Whoever keeps an old one can show it for as long, and no
/// longer; whoever cannot reach the service can go on with what was fetched for as long.
const VALID: i64 = 86_400;

/// How old a list gets before it is signed again, though nothing has changed.
const FRESH: i64 = VALID / 2;

/// A status list of a DID; `None` when there is none of that number, or nothing to sign it with.
///
/// # Errors
/// When the database or the sealing key fails.
pub(crate) async fn status_list(
    app: &App,
    did: &str,
    number: u32,
) -> Result<Option<SignedList>, Error> {
    let Some(list) = app.db.status_list(did, number.into()).await? else {
        return Ok(None);
    };
    let now = app.seconds();
    let is_fresh = list.signed_changes == Some(list.changes)
        && list
            .signed_at
            .is_some_and(|at| (at..at + FRESH).contains(&now));
    if let Some(text) = list.text.as_ref().filter(|_| is_fresh) {
        return Ok(Some(SignedList::new(text.clone())));
    }
    let Identity::Web(base) = read(did)? else {
        return Ok(None);
    };
    let Some(signer) = signer(app, did).await? else {
        return Ok(None);
    };
    // Read after the count of changes: what changes in between is told now, and once more.
    let places = app.db.set_places(did, list.number).await?;
    let purpose = list.purpose.clone();
    let signed = tokio::task::spawn_blocking(move || {
        let mut bits = StatusBits::default();
        for place in places
            .into_iter()
            .filter_map(|place| u64::try_from(place).ok())
        {
            let _ = bits.set(place, true);
        }
        let list = StatusList {
            url: &base.status_list(number),
            issuer: &signer.did,
            purpose: &purpose,
            bits: &bits,
            valid_from: DateTimeZ::from(moment(now)),
            valid_until: Some(DateTimeZ::from(moment(now + VALID))),
        };
        list.sign(&signer.key)
    });
    let text = signed
        .await
        .map_err(Error::internal)?
        .map(SignedCredential::into_text)
        .map_err(Error::internal)?;
    app.db.set_signed_list(&list, &text, now).await?;
    Ok(Some(SignedList::new(text)))
}

impl SignedList {
    fn new(text: String) -> Self {
        let etag = format!(
            "\"{}\"",
            URL_SAFE_NO_PAD.encode(&Sha256::digest(&text)[..16])
        );
        Self { text, etag }
    }
}

/// What a badge's status can be about; `None` where there is no address to ask at (decision B2).
pub(super) fn purpose(identity: &Identity, version: &VersionRow) -> Option<&'static str> {
    identity.base()?;
    Some(if version.suspendable {
        "suspension"
    } else {
        "revocation"
    })
}

/// Where it is said whether a badge stands.
pub(super) fn status_of(
    identity: &Identity,
    number: i64,
    position: i64,
    purpose: &str,
) -> Option<CredentialStatus> {
    let list = identity.status_list(u32::try_from(number).ok()?)?;
    Some(CredentialStatus::bitstring(
        &list,
        usize::try_from(position).ok()?,
        purpose,
    ))
}

/// Places of a list that were free just now, by chance.
pub(super) async fn free_places(
    app: &App,
    did: &str,
    number: i64,
    count: usize,
) -> Result<Vec<i64>, Error> {
    let mut free: HashSet<i64> = HashSet::new();
    while free.len() < count {
        // A list is never more than three quarters full.
        let drawn: HashSet<i64> = (0..4 * (count - free.len()) + 4)
            .map(|_| random_place())
            .collect();
        let drawn: Vec<i64> = drawn.into_iter().collect();
        let taken: HashSet<i64> = app
            .db
            .taken_places(did, number, &drawn)
            .await?
            .into_iter()
            .collect();
        free.extend(drawn.into_iter().filter(|place| !taken.contains(place)));
    }
    Ok(free.into_iter().take(count).collect())
}

fn random_place() -> i64 {
    let place = u64::from(u32::from_be_bytes(random())) % MIN_ENTRIES;
    i64::try_from(place).unwrap_or_default()
}
