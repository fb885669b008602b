//! An issuer as static files, such as `badges publish` makes: only what anybody may see who has the
//! address. Badges that were accepted and are public or unlisted are there, for their ids to lead
//! somewhere; what is offered, declined, private, withdrawn or erased is not.

use std::path::Path;

use badges_core::credential::SignedCredential;
use badges_core::key::PublicKey;
use badges_core::publish::{
    Base, Identity, PublishError, PublishedAchievement, PublishedBadge, PublishedIssuer, Withdrawn,
    did_document, publish,
};
use serde::Serialize;
use tokio::sync::mpsc;

use super::folder::{Folder, FolderError};
use crate::db::{AwardRow, Issuer};
use crate::error::Error;
use crate::keys::KeyState;
use crate::serve::Problem;
use crate::{App, issuing};

/// What was exported.
#[derive(Debug, Serialize)]
pub(super) struct Exported {
    /// Where the files belong.
    pub(super) base: String,
    pub(super) achievements: usize,
    pub(super) badges: usize,
    pub(super) files: usize,
    /// Badges of the issuer under older ids, which are not among the files.
    pub(super) elsewhere: i64,
    /// The issuer's logo, which is at another place than the rest.
    pub(super) logo: Option<String>,
}

impl Exported {
    /// What to tell.
    pub(super) fn words(&self, place: &Path) -> String {
        let mut text = format!(
            "Wrote {} badges and {} achievements in {} files.\n\
             Upload what is in `{}` to {}, files that begin with a dot too.",
            self.badges,
            self.achievements,
            self.files,
            place.display(),
            self.base,
        );
        if let Some(logo) = &self.logo {
            text.push_str(&format!(
                "\nKeep the logo at {logo}: badges refer to it there."
            ));
        }
        if self.elsewhere > 0 {
            text.push_str(&format!(
                "\nLeft out, as they belong to an earlier address or key: {} badges.",
                self.elsewhere
            ));
        }
        text
    }
}

/// Why files cannot be written.
#[derive(Debug, thiserror::Error)]
enum ExportError {
    #[error(transparent)]
    Publish(#[from] PublishError),
    #[error(transparent)]
    Folder(#[from] FolderError),
}

/// Writes an issuer into a folder, whole or not at all.
///
/// # Errors
/// When the issuer has no address on the web, or something cannot be read or written.
pub(super) async fn export(
    app: &App,
    issuer: &Issuer,
    place: &Path,
    replace: bool,
) -> Result<Exported, Problem> {
    let (row, identity) = issuing::identity(app, issuer).await?;
    let Identity::Web(base) = &identity else {
        return Err(
            "this service is a trial: its badges have no address on the web, so there is nothing that others could look \
             up there; give the --public-url under which it runs"
                .into(),
        );
    };
    // Quotes, so that the DID of one issuer is not found in that of another.
    let mark = format!("\"{}\"", row.did);
    let mut folder = Folder::begin(place, replace.then_some(("issuer.json", mark.as_str())))?;
    let published = published(app, issuer, &identity, base).await?;
    let achievements = published.achievements.len();
    for (path, bytes) in versions(app, issuer, &identity).await? {
        folder.put(&path, &bytes)?;
    }

    // Badges come one after the other: there may be more than fit into memory.
    let (send, mut receive) = mpsc::channel::<PublishedBadge>(8);
    let writing = tokio::task::spawn_blocking(move || {
        let badges = std::iter::from_fn(move || receive.blocking_recv().map(Ok));
        for file in publish::<ExportError>(&published, badges) {
            let file = file?;
            // The picture of the newest version is among the versions.
            if !folder.has(&file.path) {
                folder.put(&file.path, &file.bytes)?;
            }
        }
        Ok::<_, ExportError>(folder)
    });
    let sent = send_badges(app, issuer, &row.did, send).await;
    let folder = writing.await??;
    let badges = sent?;
    Ok(Exported {
        base: base.to_string(),
        achievements,
        badges,
        elsewhere: app.db.count_published(&issuer.id).await? - i64::try_from(badges)?,
        logo: issuer
            .logo
            .as_ref()
            .map(|hash| app.settings.public_url.join(&format!("/images/{hash}"))),
        files: folder.done()?,
    })
}

async fn published(
    app: &App,
    issuer: &Issuer,
    identity: &Identity,
    base: &Base,
) -> Result<PublishedIssuer, Problem> {
    let did = base.did();
    let mut status_lists = Vec::new();
    for list in app.db.status_lists(did).await? {
        if let Some(signed) = issuing::status_list(app, did, u32::try_from(list.number)?).await? {
            status_lists.push(SignedCredential::parse(&signed.text)?);
        }
    }
    let mut achievements = Vec::new();
    for (row, version) in app.db.achievements(&issuer.id).await? {
        let picture = app.db.image(&version.image).await?;
        achievements.push(PublishedAchievement {
            json: serde_json::to_string_pretty(
                &issuing::achievement(app, identity, &row, &version).await?,
            )?,
            picture: picture.map(|image| image.bytes),
            slug: row.slug,
        });
    }
    Ok(PublishedIssuer {
        base: base.clone(),
        profile: serde_json::to_string_pretty(&issuing::profile(app, issuer, identity)?)?,
        did_document: format!("{:#}\n", did_document(did, &listed(app, did).await?)),
        achievements,
        status_lists,
        lists_recipients: false,
        at: app.now(),
    })
}

/// The keys that the DID vouches for.
async fn listed(app: &App, did: &str) -> Result<Vec<PublicKey>, Problem> {
    let rows = app.db.keys(did).await?;
    let vouched = rows
        .iter()
        .filter(|row| row.state != KeyState::Compromised.as_str());
    Ok(vouched
        .map(|row| PublicKey::from_multikey(&row.multikey))
        .collect::<Result<_, _>>()?)
}

/// Every version of every achievement, with its picture: badges refer to theirs.
async fn versions(
    app: &App,
    issuer: &Issuer,
    identity: &Identity,
) -> Result<Vec<(String, Vec<u8>)>, Problem> {
    let mut files = Vec::new();
    for (row, newest) in app.db.achievements(&issuer.id).await? {
        for number in 1..=newest.version {
            let Some(version) = app.db.version(&row.id, number).await? else {
                continue;
            };
            let path = format!("achievements/{}/versions/{number}", row.slug);
            let json = serde_json::to_vec_pretty(
                &issuing::achievement(app, identity, &row, &version).await?,
            )?;
            files.push((format!("{path}.json"), json.clone()));
            // At the address itself, too.
            files.push((path.clone(), json));
            if let Some(image) = app.db.image(&version.image).await? {
                let ending = if image.media_type == "image/svg+xml" {
                    "svg"
                } else {
                    "png"
                };
                files.push((format!("{path}.{ending}"), image.bytes));
            }
        }
    }
    Ok(files)
}

/// Sends the badges of a DID one after the other; gives their number.
async fn send_badges(
    app: &App,
    issuer: &Issuer,
    did: &str,
    send: mpsc::Sender<PublishedBadge>,
) -> Result<usize, Problem> {
    const PAGE: i64 = 200;
    let (mut count, mut last) = (0, String::new());
    loop {
        let awards = app.db.published_awards(did, &last, PAGE).await?;
        let Some(newest) = awards.last() else {
            return Ok(count);
        };
        last.clone_from(&newest.id);
        for award in &awards {
            let badge = badge(app, issuer, award).await?;
            // Whoever writes has ended, and tells why.
            if send.send(badge).await.is_err() {
                return Ok(count);
            }
            count += 1;
        }
    }
}

async fn badge(app: &App, issuer: &Issuer, award: &AwardRow) -> Result<PublishedBadge, Problem> {
    let text = issuing::credential_text(app, &award.id)
        .await?
        .ok_or(Error::Gone)?;
    let achievement = app.db.achievement(&award.achievement).await?;
    let version = app.db.version(&award.achievement, award.version).await?;
    let baked = match version {
        Some(version) => match app.db.image(&version.image).await? {
            Some(image) => Some(issuing::baked(app, award, image.bytes).await?),
            None => None,
        },
        None => None,
    };
    Ok(PublishedBadge {
        token: award.token.clone(),
        credentials: vec![
            SignedCredential::parse(&text)?,
            SignedCredential::parse(&issuing::jwt(app, award).await?)?,
        ],
        baked,
        achievement: achievement.map(|achievement| achievement.slug),
        language: Some(issuer.language.clone()),
        withdrawn: match award.standing.as_str() {
            "revoked" => Some(Withdrawn::Revoked),
            "suspended" => Some(Withdrawn::Suspended),
            _ => None,
        },
    })
}
