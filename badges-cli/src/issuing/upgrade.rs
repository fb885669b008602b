//! A badge of Open Badges 2.0, issued again from the folder as one of 3.0.

use std::path::{Path, PathBuf};

use badges_core::credential::{UnsignedCredential, verification_method};
use badges_core::key::SigningKey;
use badges_core::model::{Achievement, AchievementCredential, DateTimeZ};
use badges_core::proof::data_integrity::ProofOptions;
use badges_core::upgrade::{NewBadge, OlderBadge, Upgraded, upgrade};
use badges_core::{bake, json};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;

use super::batch;
use super::job::{Identify, Job};
use super::picture::Pictured;
use crate::error::{Code, Error};
use crate::folder::achievement::{self, AchievementFile};
use crate::folder::files::{self, Access};
use crate::folder::issuer::Issuer;
use crate::folder::ledger::{Award, Entry, Standing, Status};
use crate::folder::picture::{PictureFile, is_address};
use crate::folder::seed::{AwardKey, Seed};
use crate::folder::status::{self, StatusLists};
use crate::folder::{Folder, settings, summary};
use crate::output::Output;

/// A badge of 2.0 that was found to be good.
pub(crate) struct Older {
    pub(crate) documents: OlderBadge<'static>,
    /// The picture of its class, if it could be fetched.
    pub(crate) class_picture: Option<PictureFile>,
}

/// Who issues it again, and when.
pub(crate) struct Reissue<'a> {
    pub(crate) folder: &'a Folder,
    pub(crate) issuer: Issuer,
    pub(crate) seed: Seed,
    pub(crate) key: SigningKey,
    /// What the achievement is to be called, or its file. By default it is called as the class.
    pub(crate) achievement: Option<&'a Path>,
    pub(crate) now: OffsetDateTime,
}

/// What came of it.
pub(crate) struct Reissued {
    pub(crate) award: Award,
    pub(crate) fate: Fate,
    /// The file of the achievement, if there was none.
    pub(crate) written: Option<PathBuf>,
    /// What 3.0 has no place for.
    pub(crate) left_out: Vec<String>,
}

/// What became of the badge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It was issued.
    Issued,
    /// It was issued before, and its files were made again.
    Restored,
    /// It was issued before.
    Already(Status),
}

/// The file of an achievement, which need not be there yet.
struct Place {
    path: PathBuf,
    file: Option<AchievementFile>,
}

impl Older {
    /// What the ledger knows the badge by: its id, else a hash of all that it says.
    pub(crate) fn key(&self) -> String {
        let assertion = &self.documents.assertion;
        let id = assertion.text("id").or_else(|| assertion.text("uid"));
        let id = id.map_or_else(
            || {
                let digest = Sha256::digest(json::canonical(assertion));
                digest.iter().map(|byte| format!("{byte:02x}")).collect()
            },
            str::to_owned,
        );
        format!("assertion:{id}")
    }
}

impl Reissue<'_> {
    /// Issues the badge again: its achievement, what it refers to, its files, the ledger, the
    /// summary. One that was issued again before stays as it is.
    ///
    /// # Errors
    /// Why no badge can be made, or what cannot be written.
    pub(crate) fn run(self, older: Older, output: &mut Output) -> Result<Reissued, Error> {
        let key = older.key();
        let (mut lists, known) = self.records(&key)?;
        if let Some(standing) = known.as_ref().filter(|known| self.has_files_of(known)) {
            return Ok(Reissued {
                fate: Fate::Already(standing.status()),
                award: standing.award.clone(),
                written: None,
                left_out: Vec::new(),
            });
        }
        let place = self.place(&older, known.as_ref())?;
        let achievement = match &place.file {
            Some(file) => file.achievement.id.clone(),
            None => self.issuer.achievement_id(&slug(&place.path), &self.seed),
        };
        let award_key = AwardKey {
            achievement: &achievement,
            recipient: &key,
            renewal: 0,
        };
        let issued = known
            .as_ref()
            .map_or_else(|| self.now.into(), |known| known.award.issued);
        let Upgraded {
            mut credential,
            mut left_out,
        } = upgrade(
            &older.documents,
            NewBadge {
                id: self.issuer.badge_id(award_key, &self.seed),
                achievement: achievement.clone(),
                issuer: self.issuer.profile.clone(),
                valid_from: issued,
            },
        )
        .map_err(|error| {
            Error::new(
                Code::Data,
                format!("the badge cannot be issued again: {error}"),
            )
            .hint("nothing is made up; issue a new badge with `badges issue`")
        })?;
        let written = place.file.is_none().then(|| place.path.clone());
        let class = &credential.credential_subject.achievement;
        let mut file = match place.file {
            Some(file) => file,
            None => {
                left_out.extend(describe(class, &place.path, older.class_picture.as_ref())?);
                AchievementFile::read(&place.path, &self.issuer, &self.seed)?
            }
        };
        let own = Pictured {
            folder: self.folder,
            issuer: &self.issuer,
            choice: None,
            embed: false,
            write: true,
        }
        .apply(&mut file, output)?;
        credential.name = Some(file.achievement.name.clone());
        credential.credential_subject.achievement = file.achievement.clone();
        let subject = self.seed.subject_uuid(award_key).urn().to_string();
        let subject = credential
            .credential_subject
            .id
            .get_or_insert(subject)
            .clone();

        let (token, places) = (self.seed.token(award_key), self.seed.places(award_key));
        let folder = self.folder;
        // The picture that the old badge came in is whatever its holder made of it.
        let job = self.job(file, own, issued, &credential);
        let is_known = known.is_some();
        let award = match known {
            Some(known) => known.award,
            None => Award {
                token,
                slug: job.achievement.slug.clone(),
                name: holder(&credential, &key),
                keys: vec![key],
                renewal: 0,
                badge: credential.id.clone(),
                subject,
                status: job.purpose().map(|purpose| lists.next(purpose, places)),
                salt: None,
                files: vec!["json".to_owned(), job.carrier.format.extension().to_owned()],
                awarded: job.awarded,
                valid_until: job.valid_until,
                issued,
                achievement,
            },
        };
        credential.credential_status = award
            .status
            .zip(job.issuer.base())
            .map(|(entry, base)| status::credential_status(entry, base));
        write(&job, folder, &lists, &credential, &award)?;
        let ledger = folder.ledger();
        let entry = Entry::Award(Box::new(award.clone()));
        ledger.append(Some(&entry).filter(|_| !is_known))?;
        summary::write(folder, &ledger.history()?, &award.slug)?;
        files::sync(folder.root())?;
        Ok(Reissued {
            award,
            fate: match is_known {
                true => Fate::Restored,
                false => Fate::Issued,
            },
            written,
            left_out,
        })
    }

    /// All status lists, and the badge if it was issued again before.
    fn records(&self, key: &str) -> Result<(StatusLists, Option<Standing>), Error> {
        let ledger = self.folder.ledger();
        let mut lists = StatusLists::default();
        let mut known = None;
        ledger.awards(&ledger.history()?, |standing| {
            lists.record(&standing);
            if standing.award.keys.iter().any(|known| known == key) {
                known = Some(standing);
            }
            Ok(())
        })?;
        Ok((lists, known))
    }

    fn has_files_of(&self, standing: &Standing) -> bool {
        let award = &standing.award;
        let badges = self.folder.badges(&award.slug);
        let mut files = award.files.iter();
        files.all(|ending| badges.join(award.file(ending)).is_file())
    }

    /// Finds the file of the achievement, or the place for it.
    fn place(&self, older: &Older, known: Option<&Standing>) -> Result<Place, Error> {
        let class = &older.documents.class;
        let given = self
            .achievement
            .map(Path::to_owned)
            .or_else(|| known.map(|known| known.award.slug.clone().into()));
        let name = match &given {
            Some(given) => given.clone(),
            None => {
                let slug = class.text("name").and_then(achievement::slug_from);
                let slug = slug.ok_or_else(|| {
                    Error::new(Code::Usage, "the class has no name that a file can have")
                        .hint("choose one in small letters: `--achievement NAME`")
                })?;
                slug.into()
            }
        };
        let is_slug = name.to_str().is_some_and(achievement::is_slug);
        let path = match self.folder.achievement_file(&name) {
            Ok(path) => path,
            Err(error) if error.code == Code::NoInput && is_slug => {
                let path = self.folder.achievements().join(name);
                return Ok(Place {
                    path: path.with_extension("json"),
                    file: None,
                });
            }
            Err(error) => return Err(error),
        };
        let file = AchievementFile::read(&path, &self.issuer, &self.seed)?;
        let related = &file.achievement.related;
        let is_same = class
            .text("id")
            .is_some_and(|id| related.iter().any(|related| related.id == id));
        if given.is_none() && !is_same {
            let what = format!(
                "`{}` is called as the class of the badge, and does not say that it is the same",
                path.display()
            );
            return Err(Error::new(Code::Usage, what).hint(format!(
                "if it is, say `--achievement {0}`; if it is not, another name",
                file.slug
            )));
        }
        Ok(Place {
            path,
            file: Some(file),
        })
    }

    fn job(
        self,
        achievement: AchievementFile,
        carrier: PictureFile,
        issued: DateTimeZ,
        credential: &AchievementCredential,
    ) -> Job {
        Job {
            proof: ProofOptions {
                verification_method: verification_method(self.issuer.id(), self.key.public_key()),
                created: DateTimeZ::from(self.now).to_string(),
                ..ProofOptions::default()
            },
            issuer: self.issuer,
            seed: self.seed,
            achievement,
            carrier,
            key: self.key,
            jwt: None,
            identify: Identify::None,
            email_in_clear: false,
            awarded: credential.awarded_date.unwrap_or(issued),
            valid_until: credential.valid_until,
            now: self.now,
            evidence: Vec::new(),
        }
    }
}

/// Writes the achievement's file in the words of 3.0, and its picture beside it. Returns what of the
/// class cannot stand there.
fn describe(
    class: &Achievement,
    path: &Path,
    picture: Option<&PictureFile>,
) -> Result<Option<String>, Error> {
    let mut class = class.clone();
    let mut unfit = None;
    match (&mut class.image, picture) {
        (Some(image), Some(picture)) => {
            let file = path.with_extension(picture.format.extension());
            // One that is there was put there on purpose.
            if !file.exists() {
                files::replace(&file, &picture.bytes, Access::Public)?;
            }
            image.id = format!("{}.{}", slug(path), picture.format.extension());
        }
        // What has no secure address would be taken for a file beside it.
        (Some(image), None) if !is_address(&image.id) => {
            class.image = None;
            unfit = Some("badge.image".to_owned());
        }
        _ => {}
    }
    let mut text =
        serde_json::to_value(&class).map_err(|error| settings::fault(path, "", error))?;
    if let Value::Object(members) = &mut text {
        // The id follows from the name of the file.
        members.retain(|name, _| !matches!(name.as_str(), "id" | "type"));
    }
    files::replace(path, format!("{text:#}\n").as_bytes(), Access::Public)?;
    Ok(unfit)
}

/// Writes what the badge refers to, then its files.
fn write(
    job: &Job,
    folder: &Folder,
    lists: &StatusLists,
    credential: &AchievementCredential,
    award: &Award,
) -> Result<(), Error> {
    let wrong = |what: &dyn std::fmt::Display| {
        Error::new(Code::Data, format!("no badge can be made: {what}"))
            .hint("correct the achievement's file, or the issuer's")
    };
    let own = job.carrier.format.extension();
    if !award.files.iter().any(|ending| ending == own) {
        return Err(
            wrong(&format!("its files are lost, and {own} was none of them"))
                .hint("give the old badge as it was given the first time"),
        );
    }
    let signed = UnsignedCredential::badge(credential)
        .and_then(|unsigned| unsigned.sign(&job.key, &job.proof))
        .map_err(|error| wrong(&error))?;
    let image = bake::bake(signed.text(), &job.carrier.bytes).map_err(|error| wrong(&error))?;
    batch::prepare(job, folder, lists)?;
    let badges = folder.badges(&award.slug);
    files::create_folder(&badges, Access::Public)?;
    for ending in &award.files {
        let bytes = match ending.as_str() {
            "json" => signed.text().as_bytes(),
            _ => &image,
        };
        files::replace(&badges.join(award.file(ending)), bytes, Access::Public)?;
    }
    Ok(())
}

/// What its holder is called in lists: what the badge says in clear, else the old badge.
fn holder(credential: &AchievementCredential, key: &str) -> String {
    let mut identifiers = credential.credential_subject.identifier.iter();
    let named = identifiers.find(|identifier| !identifier.hashed);
    named.map_or_else(
        || format!("holder of {}", key.trim_start_matches("assertion:")),
        |identifier| identifier.identity_hash.clone(),
    )
}

/// What a file is called, without its ending.
fn slug(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
}
