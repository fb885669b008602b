//! What a badge says.

use badges_core::UnsignedCredential;
use badges_core::model::{
    Achievement, AchievementCredential, AchievementSubject, DateTimeZ, Evidence, Image, Profile,
};
use badges_core::publish::Identity;
use badges_core::span::Span;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;

use super::identity::identity;
use crate::App;
use crate::achievement::complete;
use crate::ambient::random;
use crate::db::{AchievementRow, AwardRow, Issuer, VersionRow, WorkshopRow};
use crate::error::Error;

/// A badge as it was signed last; `None` after erasure.
///
/// # Errors
/// When the database fails, or what it holds is no badge.
pub(crate) async fn document(
    app: &App,
    award: &AwardRow,
) -> Result<Option<AchievementCredential>, Error> {
    let credential = app.db.credential(&award.id).await?;
    credential
        .map(|credential| serde_json::from_str(&credential.text).map_err(Error::internal))
        .transpose()
}

/// The badge that everybody at a workshop would get now, for somebody who is nobody: not signed, but
/// as it would be.
///
/// # Errors
/// [`Error::Refused`] when no badge can be made of the achievement or the workshop, and why.
pub(crate) async fn preview(
    app: &App,
    workshop: Option<&WorkshopRow>,
    achievement: &AchievementRow,
    awarded_at: i64,
) -> Result<AchievementCredential, Error> {
    let issuer = app
        .db
        .issuer(&achievement.issuer)
        .await?
        .ok_or(Error::NotFound)?;
    let version = app
        .db
        .version(&achievement.id, achievement.version)
        .await?
        .ok_or(Error::NotFound)?;
    let (_, identity) = identity(app, &issuer).await?;
    let facts = Facts {
        issuer: &issuer,
        identity: &identity,
        achievement,
        version: &version,
        workshop,
        awarded_at,
    };
    let mut badge = common(app, &facts).await?;
    badge.id = identity.badge("preview", NOBODY);
    badge.credential_subject.id = Some(format!("urn:uuid:{NOBODY}"));
    UnsignedCredential::badge(&badge).map_err(|error| {
        Error::refused(
            "achievement",
            "badges-issuing-no-badge",
            &[&error.to_string()],
        )
    })?;
    Ok(badge)
}

/// An achievement as it stands in badges of this identity.
///
/// # Errors
/// When the database fails, or what it holds is no achievement.
pub(crate) async fn achievement(
    app: &App,
    identity: &Identity,
    row: &AchievementRow,
    version: &VersionRow,
) -> Result<Achievement, Error> {
    let id = identity.achievement(&row.slug, stable_uuid(&row.id));
    // Without an address the picture can only be baked (decision B1). A version keeps its picture.
    let image = match identity {
        Identity::Web(base) => {
            let media_type = app.db.media_type(&version.image).await?;
            let ending = if media_type.as_deref() == Some("image/svg+xml") {
                "svg"
            } else {
                "png"
            };
            let path = format!(
                "achievements/{}/versions/{}.{ending}",
                row.slug, version.version
            );
            Some(Image::new(base.url(&path)))
        }
        Identity::Key(_) => None,
    };
    complete(&version.document, &id, version.version, image).map_err(Error::internal)
}

/// What all badges of a job rest on.
pub(super) struct Facts<'a> {
    pub(super) issuer: &'a Issuer,
    pub(super) identity: &'a Identity,
    pub(super) achievement: &'a AchievementRow,
    pub(super) version: &'a VersionRow,
    pub(super) workshop: Option<&'a WorkshopRow>,
    pub(super) awarded_at: i64,
}

/// What all badges of a job say. `validFrom` is now, or the award date if that is to come.
pub(super) async fn common(app: &App, facts: &Facts<'_>) -> Result<AchievementCredential, Error> {
    let achievement = achievement(app, facts.identity, facts.achievement, facts.version).await?;
    let awarded = moment(facts.awarded_at);
    let name = achievement.name.clone();
    let mut badge = AchievementCredential::new(
        "",
        profile(app, facts.issuer, facts.identity)?,
        DateTimeZ::from(awarded.max(app.now())),
        AchievementSubject::new(achievement),
    );
    badge.name = Some(name);
    badge.awarded_date = Some(awarded.into());
    badge.valid_until =
        valid_until(facts.version, facts.awarded_at)?.map(|until| moment(until).into());
    let workshop = facts.workshop.map(|workshop| evidence(app, workshop));
    badge.evidence = workshop.into_iter().collect();
    Ok(badge)
}

/// Whether a badge that is awarded at a moment is valid no more when it is signed now: no such badge is
/// made.
///
/// # Errors
/// When what the database holds is no span.
pub(crate) fn has_ended(app: &App, version: &VersionRow, awarded_at: i64) -> Result<bool, Error> {
    let until = valid_until(version, awarded_at)?;
    Ok(until.is_some_and(|until| until <= app.seconds()))
}

/// Until when a badge is valid that is awarded at a moment.
pub(super) fn valid_until(version: &VersionRow, awarded_at: i64) -> Result<Option<i64>, Error> {
    let Some(validity) = &version.validity else {
        return Ok(None);
    };
    let span: Span = validity.parse().map_err(Error::internal)?;
    // What is valid beyond the year 9999 is valid for ever.
    Ok(span
        .after(moment(awarded_at))
        .map(OffsetDateTime::unix_timestamp))
}

/// The moment of so many seconds.
pub(super) fn moment(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// A new id that says nothing: `urn:uuid:`.
pub(super) fn random_urn() -> String {
    format!("urn:uuid:{}", random_uuid())
}

/// A new UUID.
pub(super) fn random_uuid() -> uuid::Uuid {
    uuid::Builder::from_random_bytes(random()).into_uuid()
}

/// The UUID of something that has another id here, always the same.
fn stable_uuid(id: &str) -> uuid::Uuid {
    let digest: [u8; 32] = Sha256::digest(id).into();
    let mut half = [0; 16];
    half.copy_from_slice(&digest[..16]);
    uuid::Builder::from_random_bytes(half).into_uuid()
}

const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

/// An issuer as it stands in badges of this identity.
pub(crate) fn profile(app: &App, issuer: &Issuer, identity: &Identity) -> Result<Profile, Error> {
    let mut value: Value = serde_json::from_str(&issuer.profile).map_err(Error::internal)?;
    value["id"] = identity.did().into();
    let mut profile: Profile = serde_json::from_value(value).map_err(Error::internal)?;
    if let (Identity::Web(_), Some(logo)) = (identity, &issuer.logo) {
        profile.image = Some(Image::new(
            app.settings.public_url.join(&format!("/images/{logo}")),
        ));
    }
    Ok(profile)
}

/// The workshop as evidence. It has no language but those of the names in it.
fn evidence(app: &App, workshop: &WorkshopRow) -> Evidence {
    let days = match &workshop.ends_on {
        Some(end) if *end != workshop.starts_on => format!("{} – {end}", workshop.starts_on),
        _ => workshop.starts_on.clone(),
    };
    let facts = [
        Some(&days),
        workshop.place.as_ref(),
        workshop.organisers.as_ref(),
    ];
    let facts: Vec<&str> = facts
        .into_iter()
        .flatten()
        .map(String::as_str)
        .filter(|fact| !fact.is_empty())
        .collect();
    let page = workshop
        .event_page
        .as_ref()
        .filter(|page| page.starts_with("https://") || page.starts_with("http://"));
    let registration = || Some(app.wikimedia.event_url(workshop.event_id?));
    Evidence {
        id: page.cloned().or_else(registration),
        name: Some(workshop.title.clone()),
        narrative: Some(facts.join(" · ")),
        genre: (workshop.method != "other").then(|| workshop.method.replace('-', " ")),
        ..Evidence::default()
    }
}
