//! What becomes of an award in its holder's hands. None of these functions asks who may: whoever has
//! the claim link, the holder's link, or the account that it was awarded to.

use badges_core::UnsignedCredential;
use badges_core::did;
use badges_core::model::{AchievementCredential, DateTimeZ, IdentifierType, IdentityObject};

use super::document::{document, moment};
use super::identity::signer;
use super::job::no_key;
use crate::ambient::random;
use crate::db::{Action, AwardRow, Change, CredentialRow};
use crate::error::Error;
use crate::{App, secret};

/// Who may see a badge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Visibility {
    /// Everybody, and it is listed on the holder's page.
    Public,
    /// Who has its address.
    Unlisted,
    /// Its holder.
    Private,
}

/// How a badge names its holder, beside an id that means nothing to others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    /// Not at all.
    Nothing,
    /// By the user name.
    UserName,
    /// By a hash of the user name, with a salt that only the holder gets.
    Hashed,
    /// By a name, for a certificate.
    Name(String),
    /// By a DID, such as that of a wallet.
    Did(String),
}

/// What a holder chooses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Acceptance {
    pub(crate) visibility: Visibility,
    pub(crate) named: Named,
    /// Who is signed in.
    pub(crate) person: Option<String>,
}

/// What a holder gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Accepted {
    pub(crate) award: AwardRow,
    /// The secret of the personal link of a holder who is not signed in: it is told only now.
    pub(crate) holder_secret: Option<String>,
    /// What was hashed together with the user name.
    pub(crate) salt: Option<String>,
}

impl Visibility {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::Public, Self::Unlisted, Self::Private];

    /// The word in the database, forms and the API.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Unlisted => "unlisted",
            Self::Private => "private",
        }
    }

    /// Reads that word.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|visibility| visibility.as_str() == word)
    }
}

impl Named {
    /// The word in the database, forms and the API.
    pub(crate) const fn as_str(&self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::UserName => "user-name",
            Self::Hashed => "hashed",
            Self::Name(_) => "name",
            Self::Did(_) => "did",
        }
    }
}

/// Takes what is offered. If the badge is to say more, it is signed again, with the same id and place
/// in the status list and a later `validFrom` (decision C5). The claim link ends.
///
/// # Errors
/// [`Error::Conflict`] when it is not on offer, or on offer to somebody else; [`Error::Refused`] when
/// it cannot name the holder so.
pub(crate) async fn accept(
    app: &App,
    award: &str,
    acceptance: Acceptance,
) -> Result<Accepted, Error> {
    let secret = secret::random(&random::<16>());
    accept_with(app, award, acceptance, secret).await
}

/// The same with the secret of the personal link, if it gets one: known beforehand, it is not lost
/// with the answer.
///
/// # Errors
/// As [`accept`].
pub(crate) async fn accept_with(
    app: &App,
    award: &str,
    acceptance: Acceptance,
    secret: String,
) -> Result<Accepted, Error> {
    let before = find(app, award).await?;
    if before.acceptance != "offered" || before.standing == "revoked" {
        return Err(Error::Conflict {
            key: "badges-issuing-not-offered",
        });
    }
    if before.person.is_some() && before.person != acceptance.person {
        return Err(bound());
    }
    let holder_secret = acceptance.person.is_none().then_some(secret);
    let after = AwardRow {
        acceptance: "accepted".to_owned(),
        accepted_at: Some(app.seconds()),
        person: acceptance.person.clone(),
        claim_hash: None,
        claim_until: None,
        holder_hash: holder_secret.as_deref().map(secret::hash),
        ..before.clone()
    };
    let (award, salt) = hold(app, &before, after, &acceptance, "award.accept").await?;
    Ok(Accepted {
        award,
        holder_secret,
        salt,
    })
}

/// Changes who may see a badge that was accepted, and how it names its holder. A person who is given
/// keeps it from then on; nobody loses it so. What it has taken the place of is changed with it.
///
/// # Errors
/// As [`accept`].
pub(crate) async fn change(
    app: &App,
    award: &str,
    acceptance: Acceptance,
) -> Result<Accepted, Error> {
    let before = find(app, award).await?;
    // A name can also be taken out of what is hidden or revoked.
    if !matches!(before.acceptance.as_str(), "accepted" | "withdrawn") {
        return Err(Error::Conflict {
            key: "badges-issuing-not-accepted",
        });
    }
    let kept = |before: &AwardRow| AwardRow {
        person: before.person.clone().or_else(|| acceptance.person.clone()),
        ..before.clone()
    };
    for older in replaced(app, &before).await? {
        hold(app, &older, kept(&older), &acceptance, "award.change").await?;
    }
    let after = kept(&before);
    let (award, salt) = hold(app, &before, after, &acceptance, "award.change").await?;
    Ok(Accepted {
        award,
        holder_secret: None,
        salt,
    })
}

/// Says no to what is offered. The claim link ends; the issuer can offer it again.
///
/// # Errors
/// [`Error::Conflict`] when it is not on offer.
pub(crate) async fn decline(app: &App, award: &str, by: Option<&str>) -> Result<(), Error> {
    let before = find(app, award).await?;
    if before.acceptance != "offered" {
        return Err(Error::Conflict {
            key: "badges-issuing-not-offered",
        });
    }
    let after = AwardRow {
        acceptance: "declined".to_owned(),
        claim_hash: None,
        claim_until: None,
        ..before.clone()
    };
    save(app, &before, &after, "award.decline", by).await
}

/// Takes a badge out of sight: its page and the listing of it are gone, and it stays valid for whoever
/// has a copy (decision C7).
///
/// # Errors
/// [`Error::Conflict`] when it was not accepted.
pub(crate) async fn withdraw(app: &App, award: &str, by: Option<&str>) -> Result<(), Error> {
    exchange(app, award, ("accepted", "withdrawn"), "award.withdraw", by).await
}

/// Shows a badge again that was withdrawn.
///
/// # Errors
/// [`Error::Conflict`] when it was not.
pub(crate) async fn restore(app: &App, award: &str, by: Option<&str>) -> Result<(), Error> {
    exchange(app, award, ("withdrawn", "accepted"), "award.restore", by).await
}

/// The claim link of an award, for as long as it works.
pub(crate) fn claim_link(app: &App, award: &AwardRow) -> Option<String> {
    award.claim_hash.as_ref()?;
    award.claim_until.filter(|until| *until > app.seconds())?;
    let renewal = u32::try_from(award.claim_renewal).ok()?;
    let secret = secret::claim(&app.claim_key, &award.id, renewal);
    Some(app.settings.public_url.join(&format!("/claim/{secret}")))
}

/// Makes a new claim link, and ends the one before; what was declined is on offer again.
///
/// # Errors
/// [`Error::Conflict`] when somebody has claimed it, or has put it into an account.
pub(crate) async fn renew_claim(app: &App, award: &str, by: Option<&str>) -> Result<String, Error> {
    let before = find(app, award).await?;
    if !matches!(before.acceptance.as_str(), "offered" | "declined") || before.standing == "revoked"
    {
        return Err(Error::Conflict {
            key: "badges-issuing-claimed",
        });
    }
    if before.person.is_some() {
        return Err(bound());
    }
    let mut after = AwardRow {
        acceptance: "offered".to_owned(),
        claim_renewal: before.claim_renewal + 1,
        ..before.clone()
    };
    let renewal = u32::try_from(after.claim_renewal).map_err(Error::internal)?;
    after.claim_hash = Some(secret::hash(&secret::claim(
        &app.claim_key,
        &after.id,
        renewal,
    )));
    after.claim_until = Some(app.seconds() + app.settings.claim_seconds);
    save(app, &before, &after, "award.renew-claim", by).await?;
    claim_link(app, &after).ok_or_else(|| Error::internal("a new claim link does not work"))
}

/// What is in an account is for nobody else, whoever has a link.
fn bound() -> Error {
    Error::Conflict {
        key: "badges-issuing-bound",
    }
}

/// The award of this id, unless it was erased.
pub(super) async fn find(app: &App, award: &str) -> Result<AwardRow, Error> {
    let award = app.db.award(award).await?.ok_or(Error::NotFound)?;
    if award.acceptance == "erased" {
        Err(Error::Gone)
    } else {
        Ok(award)
    }
}

/// Changes an award, and notes it.
pub(super) async fn save(
    app: &App,
    before: &AwardRow,
    after: &AwardRow,
    action: &str,
    by: Option<&str>,
) -> Result<(), Error> {
    let action = action_on(app, before, action, by);
    let change = Change {
        before,
        after,
        credential: None,
        salt: None,
        action,
    };
    changed(app.db.change_award(&change).await?)
}

/// What was done to an award.
pub(super) fn action_on<'a>(
    app: &App,
    award: &'a AwardRow,
    action: &'a str,
    by: Option<&'a str>,
) -> Action<'a> {
    Action {
        at: app.seconds(),
        issuer: Some(&award.issuer),
        person: by,
        action,
        noun: "award",
        object: &award.id,
        detail: None,
    }
}

pub(super) const fn changed(done: bool) -> Result<(), Error> {
    if done {
        Ok(())
    } else {
        Err(Error::Conflict {
            key: "badges-issuing-changed-meanwhile",
        })
    }
}

async fn exchange(
    app: &App,
    award: &str,
    (from, to): (&str, &str),
    action: &str,
    by: Option<&str>,
) -> Result<(), Error> {
    let before = find(app, award).await?;
    if before.acceptance != from {
        return Err(Error::Conflict {
            key: "badges-issuing-not-accepted",
        });
    }
    let mut all = replaced(app, &before).await?;
    all.retain(|older| older.acceptance == from);
    all.push(before);
    for before in &all {
        let after = AwardRow {
            acceptance: to.to_owned(),
            ..before.clone()
        };
        save(app, before, &after, action, by).await?;
    }
    Ok(())
}

/// The badges whose place an award has taken, as far as they are in no account: only whoever holds the
/// award has a say in them. The award itself is to come after them, so that whoever was told that it is
/// done, or sees it so, has all of it.
async fn replaced(app: &App, award: &AwardRow) -> Result<Vec<AwardRow>, Error> {
    let mut all = Vec::new();
    let mut next = award.supersedes.clone();
    while let Some(id) = next {
        let older = app.db.award(&id).await?.ok_or(Error::NotFound)?;
        next = older.supersedes.clone();
        let is_held = matches!(older.acceptance.as_str(), "accepted" | "withdrawn");
        if is_held && older.person.is_none() {
            all.push(older);
        }
    }
    Ok(all)
}

/// Writes what a holder has chosen, with a new version of the badge if it says something else then.
async fn hold(
    app: &App,
    before: &AwardRow,
    mut after: AwardRow,
    acceptance: &Acceptance,
    action: &str,
) -> Result<(AwardRow, Option<String>), Error> {
    acceptance
        .visibility
        .as_str()
        .clone_into(&mut after.visibility);
    acceptance.named.as_str().clone_into(&mut after.named);
    let old = document(app, before).await?.ok_or(Error::Gone)?;
    let recipient = app.db.recipient(&before.id).await?;
    let known_salt = recipient
        .as_ref()
        .and_then(|recipient| recipient.salt.clone());
    let salt = match acceptance.named {
        Named::Hashed => Some(known_salt.unwrap_or_else(|| secret::random(&random::<16>()))),
        _ => None,
    };
    let user_name = match (&acceptance.named, after.person.as_deref()) {
        (Named::UserName | Named::Hashed, person) => {
            let bound = match person {
                Some(person) => app
                    .db
                    .person(person)
                    .await?
                    .and_then(|person| person.user_name),
                None => None,
            };
            // The wiki's word counts more than the trainer's, who may have heard it long ago.
            let name = bound.or_else(|| recipient.and_then(|recipient| recipient.user_name));
            Some(name.ok_or_else(|| Error::refused("named", "badges-issuing-no-user-name", &[]))?)
        }
        _ => None,
    };
    let new = named(
        &old,
        before,
        &acceptance.named,
        user_name.as_deref(),
        salt.as_deref(),
    )?;
    let credential = match new {
        Some(badge) => Some(sign_version(app, &after.did, before, badge).await?),
        None => None,
    };
    let change = Change {
        before,
        after: &after,
        credential: credential.as_ref(),
        salt: Some(salt.as_deref()),
        action: action_on(app, before, action, after.person.as_deref()),
    };
    changed(app.db.change_award(&change).await?)?;
    if let (Named::Did(did), Some(person)) = (&acceptance.named, &acceptance.person) {
        app.db.bind_did(person, did, app.seconds()).await?;
    }
    Ok((after, salt))
}

/// The badge that names its holder so; `None` if it does already.
fn named(
    old: &AchievementCredential,
    award: &AwardRow,
    named: &Named,
    user_name: Option<&str>,
    salt: Option<&str>,
) -> Result<Option<AchievementCredential>, Error> {
    let mut subject = award.subject.clone();
    let identifier = match (named, user_name) {
        (Named::UserName, Some(name)) => {
            Some(IdentityObject::plain(IdentifierType::UserName, name))
        }
        (Named::Hashed, Some(name)) => {
            let salt = salt.unwrap_or_default();
            Some(IdentityObject::hashed(
                IdentifierType::UserName,
                name,
                salt,
                false,
            ))
        }
        (Named::Name(name), _) => {
            let name = name.trim();
            if name.is_empty() || name.chars().any(char::is_control) {
                return Err(Error::refused("name", "badges-issuing-no-name", &[]));
            }
            Some(IdentityObject::plain(IdentifierType::Name, name))
        }
        (Named::Did(did), _) => {
            if did::did_of(did) != Some(did) {
                return Err(Error::refused("did", "badges-issuing-no-did", &[did]));
            }
            subject.clone_from(did);
            None
        }
        _ => None,
    };
    let mut badge = old.clone();
    badge.credential_subject.id = Some(subject);
    badge.credential_subject.identifier = identifier.into_iter().collect();
    let is_same = badge.credential_subject.id == old.credential_subject.id
        && badge.credential_subject.identifier == old.credential_subject.identifier;
    Ok((!is_same).then_some(badge))
}

/// Signs a new version of a badge, with a later `validFrom` than the one before.
pub(super) async fn sign_version(
    app: &App,
    did: &str,
    award: &AwardRow,
    mut badge: AchievementCredential,
) -> Result<CredentialRow, Error> {
    let last = app.db.credential(&award.id).await?.ok_or(Error::Gone)?;
    let signer = signer(app, did).await?.ok_or_else(|| no_key(did))?;
    let later = last.valid_from + 1;
    // One that has expired has it in the past.
    let end = badge
        .valid_until
        .map_or(i64::MAX, |until| until.get().unix_timestamp());
    let valid_from = app.seconds().min(end).max(later);
    badge.valid_from = DateTimeZ::from(moment(valid_from));
    let proof = signer.proof(app.now());
    let multikey = signer.multikey();
    let signed = tokio::task::spawn_blocking(move || {
        UnsignedCredential::badge(&badge)?.sign(&signer.key, &proof)
    })
    .await
    .map_err(Error::internal)?
    .map_err(Error::internal)?;
    Ok(CredentialRow {
        award: award.id.clone(),
        version: last.version + 1,
        text: signed.into_text(),
        multikey,
        valid_from,
    })
}
