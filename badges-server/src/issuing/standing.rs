//! What the issuer says of a badge after it was awarded: revoked, suspended, reinstated, corrected.

use badges_core::press::Own;
use badges_core::status::FULL;
use badges_core::{UnsignedCredential, credential};

use super::accept::{action_on, changed, find, save};
use super::document::{Facts, common, document, valid_until};
use super::identity::{identity, signer};
use super::job::{NewAward, no_key};
use super::status::{free_places, purpose, status_of};
use crate::App;
use crate::db::{Action, AwardRow, Change, CredentialRow, RecipientRow, Successor};
use crate::error::Error;

/// Why a badge was revoked, as everybody may know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// It should not have been awarded.
    Mistake,
    /// What its holder did.
    Misconduct,
    /// Somebody else may have signed it.
    KeyCompromise,
    /// Another badge takes its place.
    Corrected,
    /// Something else.
    Other,
}

/// What is to be otherwise in a badge that takes another one's place; the rest is as it would be
/// today.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct NewBadge {
    /// Another achievement of the same issuer, by its id.
    pub(crate) achievement: Option<String>,
    /// Another moment of the award.
    pub(crate) awarded_at: Option<i64>,
    /// Another address of what this person did, or none.
    pub(crate) evidence: Option<Option<String>>,
}

impl Reason {
    /// Those that an issuer can give.
    pub(crate) const GIVEN: [Self; 4] = [
        Self::Mistake,
        Self::Misconduct,
        Self::KeyCompromise,
        Self::Other,
    ];

    /// The word in the database, forms and the API.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Mistake => "mistake",
            Self::Misconduct => "misconduct",
            Self::KeyCompromise => "key-compromise",
            Self::Corrected => "corrected",
            Self::Other => "other",
        }
    }

    /// Reads the word of a reason that an issuer can give.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::GIVEN
            .into_iter()
            .find(|reason| reason.as_str() == word)
    }
}

/// Takes a badge back, for good. Everybody learns the reason, the note stays with the issuer. One whose
/// achievement is suspendable is suspended for good, since its place in the list can say no more
/// (decision B2).
///
/// # Errors
/// [`Error::Conflict`] when it was taken back already.
pub(crate) async fn revoke(
    app: &App,
    award: &str,
    reason: Reason,
    note: Option<&str>,
    by: &str,
) -> Result<(), Error> {
    let before = find(app, award).await?;
    if before.standing == "revoked" {
        return Err(Error::Conflict {
            key: "badges-issuing-revoked-already",
        });
    }
    let after = AwardRow {
        standing: "revoked".to_owned(),
        standing_at: Some(app.seconds()),
        reason: Some(reason.as_str().to_owned()),
        note: note.map(str::to_owned),
        ..before.clone()
    };
    let action = Action {
        detail: Some(with_reason(reason)),
        ..action_on(app, &before, "award.revoke", Some(by))
    };
    let change = Change {
        before: &before,
        after: &after,
        credential: None,
        salt: None,
        action,
    };
    changed(app.db.change_award(&change).await?)
}

/// Takes a badge back for now.
///
/// # Errors
/// [`Error::Conflict`] when its achievement is not suspendable, or it does not stand.
pub(crate) async fn suspend(
    app: &App,
    award: &str,
    note: Option<&str>,
    by: &str,
) -> Result<(), Error> {
    let before = find(app, award).await?;
    let version = app
        .db
        .version(&before.achievement, before.version)
        .await?
        .ok_or(Error::NotFound)?;
    if !version.suspendable {
        return Err(Error::Conflict {
            key: "badges-issuing-not-suspendable",
        });
    }
    if before.standing != "valid" {
        return Err(Error::Conflict {
            key: "badges-issuing-not-valid",
        });
    }
    let after = AwardRow {
        standing: "suspended".to_owned(),
        standing_at: Some(app.seconds()),
        note: note.map(str::to_owned),
        ..before.clone()
    };
    save(app, &before, &after, "award.suspend", Some(by)).await
}

/// Lets a badge that is suspended stand again.
///
/// # Errors
/// [`Error::Conflict`] when it is not suspended, or was revoked.
pub(crate) async fn reinstate(app: &App, award: &str, by: &str) -> Result<(), Error> {
    let before = find(app, award).await?;
    if before.standing != "suspended" {
        return Err(Error::Conflict {
            key: "badges-issuing-not-suspended",
        });
    }
    let after = AwardRow {
        standing: "valid".to_owned(),
        standing_at: Some(app.seconds()),
        note: None,
        ..before.clone()
    };
    save(app, &before, &after, "award.reinstate", Some(by)).await
}

/// Puts a new badge in the place of another, which is revoked; each points to the other. Whoever has
/// accepted the old one holds the new one, by the same account or personal link; else it is on offer,
/// in the account that the old one was in.
///
/// # Errors
/// [`Error::Conflict`] when there is nothing to put right, [`Error::Refused`] when no badge can be
/// made.
pub(crate) async fn correct(
    app: &App,
    award: &str,
    new: &NewBadge,
    note: Option<&str>,
    by: &str,
) -> Result<AwardRow, Error> {
    // Another process may take the same place in the status list.
    const TRIES: usize = 5;
    for _ in 0..TRIES {
        let before = find(app, award).await?;
        if !matches!(before.acceptance.as_str(), "offered" | "accepted")
            || before.standing == "revoked"
        {
            return Err(Error::Conflict {
                key: "badges-issuing-not-correctable",
            });
        }
        if let Some(corrected) = try_correct(app, &before, new, note, by).await? {
            return Ok(corrected);
        }
    }
    Err(Error::Conflict {
        key: "badges-issuing-changed-meanwhile",
    })
}

async fn try_correct(
    app: &App,
    before: &AwardRow,
    new: &NewBadge,
    note: Option<&str>,
    by: &str,
) -> Result<Option<AwardRow>, Error> {
    let old = document(app, before).await?.ok_or(Error::Gone)?;
    let recipient = app.db.recipient(&before.id).await?.ok_or(Error::Gone)?;
    let issuer = app
        .db
        .issuer(&before.issuer)
        .await?
        .ok_or(Error::NotFound)?;
    let id = new.achievement.as_ref().unwrap_or(&before.achievement);
    let achievement = app
        .db
        .achievement(id)
        .await?
        .filter(|row| row.issuer == issuer.id)
        .ok_or(Error::NotFound)?;
    let version = app
        .db
        .version(&achievement.id, achievement.version)
        .await?
        .ok_or(Error::NotFound)?;
    let workshop = match &before.workshop {
        Some(workshop) => app.db.workshop(workshop).await?,
        None => None,
    };
    let (row, identity) = identity(app, &issuer).await?;
    let signer = signer(app, &row.did)
        .await?
        .ok_or_else(|| no_key(&row.did))?;
    let awarded_at = new.awarded_at.unwrap_or(before.awarded_at);
    let facts = Facts {
        issuer: &issuer,
        identity: &identity,
        achievement: &achievement,
        version: &version,
        workshop: workshop.as_ref(),
        awarded_at,
    };
    let common = common(app, &facts).await?;
    let mut award = NewAward {
        issuer: &issuer.id,
        identity: &identity,
        achievement: &achievement.id,
        version: version.version,
        workshop: before.workshop.as_deref(),
        awarded_at,
        valid_until: valid_until(&version, awarded_at)?,
        person: by,
    }
    .row(app);
    award.supersedes = Some(before.id.clone());
    award.person.clone_from(&before.person);
    if award.person.is_some() {
        (award.claim_hash, award.claim_until) = (None, None);
    }
    let mut after = AwardRow {
        standing: "revoked".to_owned(),
        standing_at: Some(app.seconds()),
        reason: Some(Reason::Corrected.as_str().to_owned()),
        note: note.map(str::to_owned),
        superseded_by: Some(award.id.clone()),
        claim_hash: None,
        claim_until: None,
        ..before.clone()
    };
    let mut subject = award.subject.clone();
    if before.acceptance == "accepted" {
        award = AwardRow {
            acceptance: before.acceptance.clone(),
            visibility: before.visibility.clone(),
            named: before.named.clone(),
            accepted_at: before.accepted_at,
            claim_hash: None,
            claim_until: None,
            holder_hash: after.holder_hash.take(),
            ..award
        };
        if let Some(did) = old.credential_subject.id.filter(|_| before.named == "did") {
            subject = did;
        }
    }
    let list = match purpose(&identity, &version) {
        Some(purpose) => {
            let number = app
                .db
                .open_status_list(&row.did, purpose, FULL.into())
                .await?;
            let place = free_places(app, &row.did, number, 1)
                .await?
                .pop()
                .unwrap_or_default();
            Some((number, purpose, place))
        }
        None => None,
    };
    let evidence = new.evidence.clone().unwrap_or(recipient.evidence.clone());
    let own = Own {
        badge: award.credential_id.clone(),
        subject,
        identifiers: old.credential_subject.identifier,
        evidence: evidence.clone(),
        status: list
            .and_then(|(number, purpose, place)| status_of(&identity, number, place, purpose)),
    };
    let proof = signer.proof(app.now());
    let multikey = signer.multikey();
    let badge = own.badge(&common);
    let signed: Result<credential::SignedCredential, badges_core::Error> =
        tokio::task::spawn_blocking(move || {
            UnsignedCredential::badge(&badge)?.sign(&signer.key, &proof)
        })
        .await
        .map_err(Error::internal)?;
    let text = signed
        .map_err(|error| {
            Error::refused(
                "achievement",
                "badges-issuing-no-badge",
                &[&error.to_string()],
            )
        })?
        .into_text();
    let recipient = RecipientRow {
        award: award.id.clone(),
        renewal: app
            .db
            .next_renewal(&achievement.id, &recipient.recipient_key)
            .await?,
        achievement: achievement.id.clone(),
        evidence,
        ..recipient
    };
    let credential = CredentialRow {
        award: award.id.clone(),
        version: 1,
        text,
        multikey,
        valid_from: common.valid_from.get().unix_timestamp(),
    };
    let action = Action {
        detail: Some(with_reason(Reason::Corrected)),
        ..action_on(app, before, "award.correct", Some(by))
    };
    let change = Change {
        before,
        after: &after,
        credential: None,
        salt: None,
        action,
    };
    let successor = Successor {
        change,
        award: &award,
        recipient: &recipient,
        credential: &credential,
        place: list.map(|(number, purpose, place)| (row.did.as_str(), number, purpose, place)),
    };
    Ok(app.db.correct_award(&successor).await?.then_some(award))
}

fn with_reason(reason: Reason) -> String {
    serde_json::json!({ "reason": reason.as_str() }).to_string()
}
