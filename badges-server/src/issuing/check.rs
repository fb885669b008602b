//! Whether all that the service holds agrees with itself: what a copy put back, or a fault of ours,
//! would leave behind.

use std::collections::{BTreeSet, HashMap};
use std::fmt;

use badges_core::documents::{Answer, Documents};
use badges_core::key::PublicKey;
use badges_core::model::AchievementCredential;
use badges_core::publish::{Identity, did_document};
use badges_core::verify::{Question, Verdict, verify};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use super::identity::{read, stored};
use super::status::status_list;
use crate::achievement::complete;
use crate::db::{AwardRow, CredentialRow, StatusEntryRow, StatusListRow, VersionRow};
use crate::error::Error;
use crate::{App, keys, secret};

/// Something that does not agree with the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Disagreement {
    /// What it is about: a table's name.
    pub(crate) noun: &'static str,
    /// Its id.
    pub(crate) id: String,
    /// What is wrong.
    pub(crate) problem: String,
}

impl fmt::Display for Disagreement {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}: {}", self.noun, self.id, self.problem)
    }
}

/// Looks at everything: awards, badges, status lists, keys and pictures.
///
/// # Errors
/// When the database fails.
pub(crate) async fn check(app: &App) -> Result<Vec<Disagreement>, Error> {
    let mut found = Vec::new();
    let mut documents = Documents::new();
    let mut lists = HashMap::new();
    for issuer in app.db.issuers().await? {
        for identity in app.db.identities(&issuer.id).await? {
            check_identity(app, &identity.did, &mut documents, &mut lists, &mut found).await?;
        }
    }
    let mut last = String::new();
    loop {
        let ids = app.db.award_ids(&last, 500).await?;
        let Some(newest) = ids.last() else {
            break;
        };
        last.clone_from(newest);
        for id in &ids {
            check_award(app, id, &documents, &lists, &mut found).await?;
        }
    }
    check_images(app, &mut found).await?;
    Ok(found)
}

type Lists = HashMap<(String, i64), StatusListRow>;

fn note(found: &mut Vec<Disagreement>, noun: &'static str, id: &str, problem: impl fmt::Display) {
    found.push(Disagreement {
        noun,
        id: id.to_owned(),
        problem: problem.to_string(),
    });
}

/// Keys open and are what they are called; documents are published for what they sign.
async fn check_identity(
    app: &App,
    did: &str,
    documents: &mut Documents,
    lists: &mut Lists,
    found: &mut Vec<Disagreement>,
) -> Result<(), Error> {
    for row in app.db.keys(did).await? {
        if PublicKey::from_multikey(&row.multikey).is_err() {
            note(found, "signing_key", &row.multikey, "it is no key");
            return Ok(());
        }
    }
    let Ok(identity) = read(did) else {
        note(found, "identity", did, "it is no DID of an issuer here");
        return Ok(());
    };
    let keys = stored(app, did).await?;
    for key in &keys {
        if let Err(error) = key.unseal(&app.seal) {
            note(found, "signing_key", &key.public.name(), error);
        }
    }
    let Identity::Web(base) = identity else {
        return Ok(());
    };
    if keys::for_json(&keys, &Identity::Web(base.clone())).is_none() {
        note(found, "identity", did, "it has no key that signs");
        return Ok(());
    }
    let document = did_document(did, &keys::listed(&keys)).to_string();
    documents.insert(
        &base.did_document_url(),
        Answer::Loaded(document.into_bytes()),
    );
    for list in app.db.status_lists(did).await? {
        let entries = app.db.count_entries(did, list.number).await?;
        let id = format!("{did} {}", list.number);
        if entries != list.used {
            note(
                found,
                "status_list",
                &id,
                format_args!("it has {entries} entries and counts {}", list.used),
            );
        }
        let number = u32::try_from(list.number).map_err(Error::internal)?;
        if let Some(signed) = status_list(app, did, number).await? {
            documents.insert(
                &base.status_list(number),
                Answer::Loaded(signed.text.into_bytes()),
            );
        }
        lists.insert((did.to_owned(), list.number), list);
    }
    Ok(())
}

async fn check_award(
    app: &App,
    id: &str,
    documents: &Documents,
    lists: &Lists,
    found: &mut Vec<Disagreement>,
) -> Result<(), Error> {
    let Some(award) = app.db.award(id).await? else {
        return Ok(());
    };
    let mut wrong = |problem: &dyn fmt::Display| note(found, "award", id, problem);
    let version = app.db.version(&award.achievement, award.version).await?;
    if version.is_none() {
        wrong(&"the version of its achievement is gone");
    }
    let recipient = app.db.recipient(id).await?;
    let credential = app.db.credential(id).await?;
    let entry = app.db.status_entry(id).await?;
    if award.acceptance == "erased" {
        let remains = [
            award.person.is_some(),
            award.note.is_some(),
            award.claim_hash.is_some(),
            award.holder_hash.is_some(),
        ];
        if recipient.is_some() || credential.is_some() || remains.contains(&true) {
            wrong(&"it was erased, and something of it is still there");
        }
        if award.standing != "revoked" {
            wrong(&"it was erased, and not revoked");
        }
        return Ok(());
    }
    if recipient.is_none() {
        wrong(&"nobody is known whom it is for");
    }
    // What is in an account needs no link, and what was corrected has none.
    let needs_link = award.acceptance == "offered" && award.person.is_none();
    if needs_link != award.claim_hash.is_some() && award.superseded_by.is_none() {
        wrong(&format_args!(
            "it is {}, and its claim link says otherwise",
            award.acceptance
        ));
    }
    let renewal = u32::try_from(award.claim_renewal).unwrap_or_default();
    let claim = secret::hash(&secret::claim(&app.claim_key, id, renewal));
    if award.claim_hash.as_ref().is_some_and(|hash| *hash != claim) {
        wrong(&"its claim link was made with another key");
    }
    for other in [&award.supersedes, &award.superseded_by]
        .into_iter()
        .flatten()
    {
        let points_back = match app.db.award(other).await? {
            Some(other) => [other.supersedes, other.superseded_by]
                .into_iter()
                .flatten()
                .any(|back| back == id),
            None => false,
        };
        if !points_back {
            wrong(&format_args!(
                "it points to {other}, which does not point back"
            ));
        }
    }
    match credential {
        Some(credential) => {
            if let Some(version) = version
                && !says(&credential.text, &version)
            {
                wrong(&format_args!(
                    "its badge says something else than version {} of its achievement",
                    version.version
                ));
            }
            for problem in judge(app, award, credential, entry, documents, lists).await? {
                wrong(&problem);
            }
        }
        None => wrong(&"its badge is gone"),
    }
    Ok(())
}

/// Whether a badge says of its achievement what a version says. The id and the picture's address hang
/// on where the service was at the time, and are the badge's own.
fn says(text: &str, version: &VersionRow) -> bool {
    let Ok(badge) = serde_json::from_str::<AchievementCredential>(text) else {
        // Said elsewhere.
        return true;
    };
    let signed = badge.credential_subject.achievement;
    let kept = complete(
        &version.document,
        &signed.id,
        version.version,
        signed.image.clone(),
    );
    match (kept, serde_json::to_value(&signed)) {
        (Ok(kept), Ok(signed)) => serde_json::to_value(&kept).is_ok_and(|kept| kept == signed),
        _ => false,
    }
}

/// What is wrong with the badge of an award.
async fn judge(
    app: &App,
    award: AwardRow,
    credential: CredentialRow,
    entry: Option<StatusEntryRow>,
    documents: &Documents,
    lists: &Lists,
) -> Result<Vec<String>, Error> {
    let mut wrong = Vec::new();
    let badge: AchievementCredential = match serde_json::from_str(&credential.text) {
        Ok(badge) => badge,
        Err(error) => return Ok(vec![format!("its badge cannot be read: {error}")]),
    };
    if badge.id != award.credential_id {
        wrong.push(format!("its badge has the id {}", badge.id));
    }
    if badge.issuer.id != award.did {
        wrong.push(format!("its badge is issued by {}", badge.issuer.id));
    }
    let index = badge
        .credential_status
        .as_ref()
        .and_then(|status| status.status_list_index.clone());
    if index != entry.as_ref().map(|entry| entry.position.to_string()) {
        wrong.push("its badge has another place in the status list".to_owned());
    }
    let list = entry
        .as_ref()
        .map(|entry| lists.get(&(entry.did.clone(), entry.number)));
    if matches!(list, Some(None)) {
        wrong.push("its status list is not there".to_owned());
        return Ok(wrong);
    }
    let purpose = list.flatten().map(|list| list.purpose.as_str());
    let expected: &[Verdict] = match (award.standing.as_str(), purpose) {
        ("valid", _) | (_, None) => &[Verdict::Valid, Verdict::Expired, Verdict::NotYetValid],
        (_, Some("suspension")) => &[Verdict::Suspended],
        _ => &[Verdict::Revoked],
    };
    let documents = documents.clone();
    let now = app.now();
    let report = tokio::task::spawn_blocking(move || {
        verify(credential.text.as_bytes(), &Question::new(&documents, now))
    })
    .await
    .map_err(Error::internal)?;
    if !expected.contains(&report.verdict()) {
        wrong.push(format!(
            "it is {}, and its badge is {}",
            award.standing,
            report.verdict().as_str()
        ));
    }
    Ok(wrong)
}

async fn check_images(app: &App, found: &mut Vec<Disagreement>) -> Result<(), Error> {
    let hashes: BTreeSet<String> = app.db.image_hashes().await?.into_iter().collect();
    for hash in hashes {
        match app.db.image(&hash).await? {
            None => note(found, "image", &hash, "it is not there"),
            Some(image) if URL_SAFE_NO_PAD.encode(Sha256::digest(&image.bytes)) != hash => {
                note(found, "image", &hash, "it is another picture than it was");
            }
            Some(_) => {}
        }
    }
    Ok(())
}
