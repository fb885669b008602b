//! What is published: an issuer's folder, read.

use std::fs;
use std::path::{Path, PathBuf};

use badges_core::credential::SignedCredential;
use badges_core::publish::{
    Base, PublishedAchievement, PublishedBadge, PublishedIssuer, Withdrawn,
};

use crate::ambient;
use crate::error::{Code, Error};
use crate::folder::Folder;
use crate::folder::achievement::AchievementFile;
use crate::folder::files;
use crate::folder::issuer::Issuer;
use crate::folder::ledger::{Reason, Standing, Status};
use crate::issuing::picture::Pictured;
use crate::output::Output;

/// An issuer's folder, as it is published.
pub(super) struct Source<'f> {
    folder: &'f Folder,
    issuer: PublishedIssuer,
    badges: Vec<Standing>,
    language: Option<String>,
}

impl<'f> Source<'f> {
    /// Reads all but the badges themselves.
    ///
    /// # Errors
    /// When the issuer has no web address, or a file cannot be read.
    pub(super) fn read(
        folder: &'f Folder,
        lists_recipients: bool,
        output: &mut Output,
    ) -> Result<Self, Error> {
        let issuer = folder.issuer()?;
        let base = base_of(&issuer)?;
        let badges = badges(folder, &base, output)?;
        let profile = serde_json::to_string(&issuer.profile).map_err(unwritable)?;
        let did_document = files::read_text(&folder.did_document()).map_err(|error| {
            error.hint("`badges did FOLDER -o FOLDER/did.json` writes it again from the keys")
        })?;
        Ok(Self {
            folder,
            issuer: PublishedIssuer {
                base,
                profile,
                did_document,
                achievements: achievements(folder, &issuer, output)?,
                status_lists: status_lists(folder)?,
                lists_recipients,
                at: ambient::now(),
            },
            badges,
            language: issuer.language.map(|language| language.to_string()),
        })
    }

    /// The issuer, without the badges.
    pub(super) const fn issuer(&self) -> &PublishedIssuer {
        &self.issuer
    }

    /// How many badges there are.
    pub(super) fn badges(&self) -> usize {
        self.badges.len()
    }

    /// Reads one badge after the other, as they are asked for.
    pub(super) fn read_badges(
        &self,
        done: impl Fn(),
    ) -> impl Iterator<Item = Result<PublishedBadge, Error>> {
        self.badges.iter().map(move |standing| {
            let badge = self.read_badge(standing);
            done();
            badge
        })
    }

    /// Where the first badge will be, in a form that verifiers read.
    pub(super) fn first_badge(&self) -> Option<String> {
        let award = &self.badges.first()?.award;
        let ending = award.files.iter().find(|ending| is_text(ending))?;
        let url = self.issuer.base.badge(&award.token.to_string());
        Some(format!("{url}.{ending}"))
    }

    fn read_badge(&self, standing: &Standing) -> Result<PublishedBadge, Error> {
        let award = &standing.award;
        let folder = self.folder.badges(&award.slug);
        let lost = |error: Error| error.hint("run `badges issue` again: it makes lost badges anew");
        let mut credentials = Vec::new();
        let mut baked = None;
        for ending in &award.files {
            let path = folder.join(award.file(ending));
            if is_text(ending) {
                credentials.push(read_signed(&path).map_err(lost)?);
            } else if baked.is_none() {
                baked = Some(files::read_picture(&path).map_err(lost)?);
            }
        }
        Ok(PublishedBadge {
            token: award.token.to_string(),
            credentials,
            baked,
            achievement: Some(award.slug.clone()),
            language: self.language.clone(),
            withdrawn: match standing.status() {
                Status::Valid => None,
                Status::Suspended => Some(Withdrawn::Suspended),
                Status::Revoked => Some(Withdrawn::Revoked),
            },
        })
    }
}

/// The address to publish at; an issuer without one has nothing to publish.
fn base_of(issuer: &Issuer) -> Result<Base, Error> {
    let base = issuer.base().ok_or_else(|| {
        Error::new(
            Code::Data,
            "this issuer has no web address (`base` in `issuer.toml`), so there is nowhere to \
             publish",
        )
        .hint(
            "its badges hold all that is needed to verify them; for badges with pages, make \
             another issuer with `badges new FOLDER --base https://…`",
        )
    })?;
    Ok(base.clone())
}

/// The badges in the order of the ledger, but for those that their holders had removed.
fn badges(folder: &Folder, base: &Base, output: &mut Output) -> Result<Vec<Standing>, Error> {
    let ledger = folder.ledger();
    let history = ledger.history()?;
    let mut badges = Vec::new();
    let mut elsewhere = 0;
    ledger.awards(&history, |standing| {
        let reason = standing.last.as_ref().and_then(|last| last.reason);
        let removed = standing.status() == Status::Revoked && reason == Some(Reason::HolderRequest);
        if standing.award.badge != base.badge(&standing.award.token.to_string()) {
            elsewhere += 1;
        } else if !removed {
            badges.push(standing);
        }
        Ok(())
    })?;
    if elsewhere > 0 {
        output.note(format_args!(
            "{elsewhere} of the badges in the ledger were issued for another address than \
             `{base}`, and are left out"
        ));
    }
    Ok(badges)
}

/// The achievements whose files are in the folder, by name.
fn achievements(
    folder: &Folder,
    issuer: &Issuer,
    output: &mut Output,
) -> Result<Vec<PublishedAchievement>, Error> {
    let seed = folder.seed()?;
    let pictured = Pictured {
        folder,
        issuer,
        choice: None,
        embed: false,
        write: false,
    };
    let mut achievements = Vec::new();
    for path in listing(&folder.achievements())? {
        let ending = path.extension().and_then(|ending| ending.to_str());
        if !matches!(ending, Some("toml" | "json")) {
            continue;
        }
        let mut file = AchievementFile::read(&path, issuer, &seed)?;
        let picture = pictured.apply(&mut file, output)?;
        achievements.push(PublishedAchievement {
            json: serde_json::to_string(&file.achievement).map_err(unwritable)?,
            slug: file.slug,
            picture: Some(picture.bytes),
        });
    }
    Ok(achievements)
}

fn status_lists(folder: &Folder) -> Result<Vec<SignedCredential>, Error> {
    let folder = folder.status_lists();
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let lists = listing(&folder)?.into_iter().filter(|path| {
        let ending = path.extension().and_then(|ending| ending.to_str());
        ending.is_some_and(is_text)
    });
    lists.map(|path| read_signed(&path)).collect()
}

fn read_signed(path: &Path) -> Result<SignedCredential, Error> {
    let text = files::read_text(path)?;
    SignedCredential::parse(&text).map_err(|error| {
        Error::new(
            Code::Data,
            format!("`{}` is no signed document: {error}", path.display()),
        )
    })
}

/// The paths in a folder, by name, but for those that begin with a dot.
fn listing(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let failed = |error| Error::reading(folder, &error);
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if !entry.file_name().to_string_lossy().starts_with('.') {
            paths.push(entry.path());
        }
    }
    paths.sort();
    Ok(paths)
}

/// Whether files with this ending are signed texts; the others are pictures.
fn is_text(ending: &str) -> bool {
    matches!(ending, "json" | "jwt")
}

fn unwritable(error: serde_json::Error) -> Error {
    Error::new(Code::Data, format!("it cannot be written as JSON: {error}"))
}
