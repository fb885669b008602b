//! Who an issuer is when it signs: a did:web below the service's address, or, on trial, its key
//! (decision C1).

use badges_core::credential::verification_method;
use badges_core::key::{Algorithm, PublicKey, SigningKey};
use badges_core::model::DateTimeZ;
use badges_core::proof::data_integrity::ProofOptions;
use badges_core::publish::{Base, Identity};
use time::OffsetDateTime;

use crate::App;
use crate::ambient::{random, random_id};
use crate::db::{
    AchievementRow, Action, Founding, IdentityRow, Issuer, KeyRow, VersionText, is_taken,
};
use crate::error::Error;
use crate::keys::{self, KeyState, StoredKey};

/// An issuer that is to be.
#[derive(Clone, Debug)]
pub(crate) struct NewIssuer<'a> {
    /// What stands for it in addresses, for ever.
    pub(crate) slug: &'a str,
    pub(crate) name: &'a str,
    /// The Profile as in a badge, but for its `id` and `image`: JSON.
    pub(crate) profile: String,
    pub(crate) language: &'a str,
    /// The hash of its logo.
    pub(crate) logo: Option<&'a str>,
    /// What it can award at once: a slug, and what it says.
    pub(crate) first: Option<(&'a str, VersionText<'a>)>,
    /// Given by the form: the same one again is the same issuer.
    pub(crate) request: Option<&'a str>,
}

/// A key that is ready to sign for a DID.
pub(super) struct Signer {
    pub(super) did: String,
    pub(super) key: SigningKey,
}

/// Makes an issuer with its identity, keys and first achievement, unless the owner has made it already
/// with the same request.
///
/// # Errors
/// [`Error::Refused`] for a slug that cannot stand in an address or is taken.
pub(crate) async fn new_issuer(
    app: &App,
    new: NewIssuer<'_>,
    owner: &str,
) -> Result<Issuer, Error> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if new.slug.is_empty()
        || new.slug == "new"
        || new.slug.starts_with('-')
        || !new.slug.bytes().all(plain)
    {
        return Err(Error::refused("slug", "badges-issuing-slug", &[new.slug]));
    }
    let issuer = Issuer {
        id: random_id(),
        slug: new.slug.to_owned(),
        name: new.name.to_owned(),
        profile: new.profile,
        language: new.language.to_owned(),
        logo: new.logo.map(str::to_owned),
    };
    let now = app.seconds();
    let (row, _, keys) = make(app, &issuer, now)?;
    let first = new.first.as_ref().map(|(slug, text)| {
        let row = AchievementRow {
            id: random_id(),
            issuer: issuer.id.clone(),
            slug: (*slug).to_owned(),
            version: 1,
            archived: false,
        };
        (row, text)
    });
    let founding = Founding {
        issuer: &issuer,
        identity: &row,
        keys: &keys,
        owner,
        first: first.as_ref().map(|(row, text)| (row, *text)),
        request: new.request,
    };
    match app.db.insert_issuer(&founding, now).await {
        Err(error) if is_taken(&error) => {
            let known = match new.request {
                Some(request) => app.db.issuer_by_request(request, owner).await?,
                None => None,
            };
            known.ok_or_else(|| Error::refused("slug", "badges-issuing-slug-taken", &[new.slug]))
        }
        inserted => Ok(inserted.map(|()| issuer)?),
    }
}

/// Who an issuer is now. When the service's address has come or has changed since, that is somebody
/// new, with keys of its own.
///
/// # Errors
/// When the database or the sealing key fails.
pub(crate) async fn identity(app: &App, issuer: &Issuer) -> Result<(IdentityRow, Identity), Error> {
    let known = app.db.identities(&issuer.id).await?;
    let address = service(app).map(|service| service.url(&format!("issuers/{}", issuer.slug)));
    if let Some(row) = known.iter().find(|row| row.base == address) {
        let identity = read(&row.did)?;
        // The service is at an address again where it was before.
        if known.first() != Some(row) {
            app.db
                .touch_identity(
                    &row.did,
                    after(&known, app.seconds()),
                    &became(app, row, "identity.return"),
                )
                .await?;
        }
        return Ok((row.clone(), identity));
    }
    let (row, identity, keys) = make(app, issuer, after(&known, app.seconds()))?;
    let action = became(app, &row, "identity.make");
    match app.db.insert_identity(&row, &keys, &action).await {
        // Another process was first, with the same did:web and other keys.
        Err(error) if is_taken(&error) => {
            let row = app
                .db
                .identity(&row.did)
                .await?
                .ok_or(sqlx::Error::RowNotFound)?;
            Ok((row, identity))
        }
        inserted => Ok(inserted.map(|()| (row, identity))?),
    }
}

/// That an identity has become the current one, which nobody did but the service's address.
fn became<'a>(app: &App, row: &'a IdentityRow, action: &'a str) -> Action<'a> {
    Action {
        at: app.seconds(),
        issuer: Some(&row.issuer),
        person: None,
        action,
        noun: "identity",
        object: &row.did,
        detail: None,
    }
}

/// A new identity of an issuer, which is not kept yet, with its keys.
pub(super) fn make(
    app: &App,
    issuer: &Issuer,
    since: i64,
) -> Result<(IdentityRow, Identity, Vec<KeyRow>), Error> {
    let signing = keys::new_keys(&random());
    let [ed25519, _] = &signing;
    let identity = keys::identity(service(app).as_ref(), &issuer.slug, ed25519.public_key())
        .map_err(Error::internal)?;
    let row = IdentityRow {
        did: identity.did().to_owned(),
        issuer: issuer.id.clone(),
        base: identity.base().map(Base::to_string),
        since,
    };
    let keys = sealed(app, &identity, &signing, app.seconds())?;
    Ok((row, identity, keys))
}

/// New keys of an identity, as they are kept.
pub(super) fn new_keys(app: &App, identity: &Identity) -> Result<Vec<KeyRow>, Error> {
    sealed(app, identity, &keys::new_keys(&random()), app.seconds())
}

fn sealed(
    app: &App,
    identity: &Identity,
    keys: &[SigningKey],
    now: i64,
) -> Result<Vec<KeyRow>, Error> {
    let usable = keys
        .iter()
        .filter(|key| identity.can_have(key.public_key()));
    usable
        .map(|key| {
            let stored = StoredKey::new(key, &app.seal).map_err(Error::internal)?;
            Ok(KeyRow {
                multikey: stored.public.name(),
                did: identity.did().to_owned(),
                algorithm: key.algorithm().jose_name().to_owned(),
                state: KeyState::Active.as_str().to_owned(),
                sealed: stored.sealed,
                made_at: now,
                ended_at: None,
            })
        })
        .collect()
}

/// The address of the service, where others can check badges.
fn service(app: &App) -> Option<Base> {
    let url = &app.settings.public_url;
    if url.is_https() {
        url.as_str().parse().ok()
    } else {
        None
    }
}

/// A moment at which an identity becomes the newest.
pub(super) fn after(known: &[IdentityRow], now: i64) -> i64 {
    known.iter().map(|row| row.since + 1).fold(now, i64::max)
}

/// The identity that a DID of ours is.
pub(super) fn read(did: &str) -> Result<Identity, Error> {
    Identity::from_did(did)
        .ok_or_else(|| Error::internal(format_args!("{did} is no DID of an issuer here")))
}

/// The keys of a DID, the newest first; those that cannot be read are told in the log.
pub(super) async fn stored(app: &App, did: &str) -> Result<Vec<StoredKey>, Error> {
    let rows = app.db.keys(did).await?;
    let read = |row: KeyRow| {
        let public = PublicKey::from_multikey(&row.multikey).ok()?;
        let state = KeyState::from_word(&row.state)?;
        Some(StoredKey {
            public,
            sealed: row.sealed,
            state,
        })
    };
    rows.into_iter()
        .map(|row| {
            let name = row.multikey.clone();
            read(row).ok_or_else(|| {
                Error::internal(format_args!("the key {name} in the database is damaged"))
            })
        })
        .collect()
}

/// The key that an issuer is who is a key: it has no other, so it signs new versions of its badges
/// after it was retired.
pub(super) fn own_key<'k>(keys: &'k [StoredKey], identity: &Identity) -> Option<&'k StoredKey> {
    let is_own =
        |key: &&StoredKey| key.state == KeyState::Retired && identity.can_have(&key.public);
    keys.iter()
        .find(|key| identity.base().is_none() && is_own(key))
}

/// The key that signs badges and status lists of a DID as JSON; `None` when it has none any more.
pub(super) async fn signer(app: &App, did: &str) -> Result<Option<Signer>, Error> {
    let keys = stored(app, did).await?;
    let identity = read(did)?;
    let Some(stored) = keys::for_json(&keys, &identity).or_else(|| own_key(&keys, &identity))
    else {
        return Ok(None);
    };
    let key = stored.unseal(&app.seal).map_err(Error::internal)?;
    Ok(Some(Signer {
        did: did.to_owned(),
        key,
    }))
}

/// The key of a DID that signs now with an algorithm.
///
/// # Errors
/// When the database or the sealing key fails.
pub(crate) async fn active_key(
    app: &App,
    did: &str,
    algorithm: Algorithm,
) -> Result<Option<SigningKey>, Error> {
    let keys = stored(app, did).await?;
    keys::active(&keys, &read(did)?, algorithm)
        .map(|stored| stored.unseal(&app.seal).map_err(Error::internal))
        .transpose()
}

impl Signer {
    /// The key's name.
    pub(super) fn multikey(&self) -> String {
        self.key.public_key().name()
    }

    /// How it signs at a moment.
    pub(super) fn proof(&self, created: OffsetDateTime) -> ProofOptions {
        ProofOptions {
            verification_method: verification_method(&self.did, self.key.public_key()),
            created: DateTimeZ::from(created).to_string(),
            ..ProofOptions::default()
        }
    }
}
