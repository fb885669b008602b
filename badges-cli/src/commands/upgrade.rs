use std::ffi::OsString;
use std::path::{Path, PathBuf};

use badges_core::bake::{self, BakeError, Format};
use badges_core::fetch::verify_with_documents;
use badges_core::upgrade::OlderBadge;
use badges_core::verify::{Question, Report, Verdict};
use clap::Args;
use serde::Serialize;

use super::network::{Input, Network};
use super::verify::headline;
use crate::error::{Code, Error};
use crate::folder::Folder;
use crate::folder::issuer::Issuer;
use crate::folder::keyfile::{PassphraseOptions, Unlock};
use crate::folder::ledger::Status;
use crate::folder::picture::PictureFile;
use crate::issuing::upgrade::{Fate, Older, Reissue, Reissued};
use crate::output::{Output, printable};
use crate::{ambient, terminal};

/// Issue a badge of Open Badges 2.0 again, as one of 3.0
///
/// For badges of your own whose old home goes away, or which nobody ever signed. The old badge is
/// verified first, with its class and its issuer as they stand at their addresses; only a valid one
/// is issued again. The new one is made in your issuer's folder, as by `badges issue`: with a new id,
/// a place in the list of revoked badges, a page when you publish. It keeps the day of the award, the
/// end, the recipient and the evidence, and names the old badge.
///
/// What has been achieved becomes a file in `achievements`, named after the class, which the next
/// badges of the class share. What 3.0 has no place for is left out and told.
///
/// Running it again changes nothing. The old badge stays what it is: revoke it at its old home, if
/// only the new one shall count.
///
///     badges upgrade https://example.org/badges/17 --from https://example.org/group
///     badges upgrade old-badge.png --from https://example.org/group --achievement editor
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Upgrade {
    /// The badge of 2.0: a file (JSON, JWS, or a picture that carries it) or its address; `-` reads
    /// standard input.
    #[arg(value_name = "FILE|URL")]
    badge: OsString,
    /// The issuer's folder. By default the current one, or the nearest above.
    #[arg(long, value_name = "FOLDER")]
    issuer: Option<PathBuf>,
    /// The achievement that the new badge is for: a file in `achievements`, or a name for a new one.
    /// By default it is named after the class.
    #[arg(long, value_name = "NAME")]
    achievement: Option<PathBuf>,
    /// The address of the old badge's issuer: that this is you, under another address, nobody else can
    /// say. Not needed below the new issuer's own address, nor for one among the identifiers
    /// (`otherIdentifier`) in `issuer.toml`.
    #[arg(long, value_name = "URL")]
    from: Option<String>,
    /// Do not ask before issuing.
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    network: Network,
    #[command(flatten)]
    passphrase: PassphraseOptions,
}

/// The result as JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    outcome: &'static str,
    badge: String,
    file: String,
    achievement: String,
    status: &'static str,
    left_out: Vec<String>,
}

impl Upgrade {
    pub(crate) fn run(self, output: &mut Output) -> Result<Code, Error> {
        let folder = Folder::find(self.issuer.as_deref(), &[Path::new(".")])?;
        let older = self.verified(output)?;
        let _lock = folder.lock()?;
        if folder.ledger().repair()? {
            output.note("the last line of the ledger was never finished, and is cut off");
        }
        let issuer = folder.issuer()?;
        self.check_owner(&older, &issuer)?;
        if !self.is_confirmed(&older, issuer.profile.name.as_deref())? {
            output.message("Nothing was issued.");
            return Ok(Code::Negative);
        }
        if issuer.base().is_none() {
            output.note("the issuer has no web address, so the new badge can never be revoked");
        }
        let key = folder.signing_key(&issuer, &mut Unlock::new(&self.passphrase))?;
        let reissue = Reissue {
            folder: &folder,
            seed: folder.seed()?,
            issuer,
            key,
            achievement: self.achievement.as_deref(),
            now: ambient::now(),
        };
        let reissued = reissue.run(older, output)?;
        tell(reissued, &folder, output);
        Ok(Code::Success)
    }

    /// Reads and verifies the old badge.
    fn verified(&self, output: &mut Output) -> Result<Older, Error> {
        let input = Input::of(&self.badge);
        let now = ambient::now();
        let documents = self.network.documents()?;
        let bytes = match input.read(&documents, self.network.fetcher().as_ref())? {
            Ok(bytes) => bytes,
            Err(report) => return Err(refused(&input, &report, output)),
        };
        let picture = Format::detect(&bytes);
        let badge = match picture.map(|_| bake::extract(&bytes)) {
            // A picture that was issued again has both; the old one is meant.
            Some(Ok(_)) => {
                let carried = bake::extract_assertion(&bytes).map_err(|fault| match fault {
                    BakeError::NoCredential => wrong(&input, &NOT_OLDER),
                    fault => wrong(&input, &fault),
                });
                carried?.text.into_bytes()
            }
            Some(Err(fault)) if fault != BakeError::OpenBadges2 => {
                return Err(wrong(&input, &fault));
            }
            _ => bytes.clone(),
        };
        let loader = self.network.loader(now)?;
        let question = Question::new(&documents, now);
        let (report, documents) = verify_with_documents(&badge, &question, &loader);
        if report.verdict() != Verdict::Valid {
            return Err(refused(&input, &report, output));
        }
        let question = Question {
            documents: &documents,
            ..question
        };
        let documents =
            OlderBadge::find(&badge, &question).ok_or_else(|| wrong(&input, &NOT_OLDER))?;
        Ok(Older {
            class_picture: self.picture_of(&documents, &question),
            documents,
        })
    }

    /// The picture of the class, which has its own address in 2.0.
    fn picture_of(&self, older: &OlderBadge<'_>, question: &Question<'_>) -> Option<PictureFile> {
        let image = older.class.list("image").first()?;
        let url = image.as_str().or_else(|| image.text("id"))?;
        let bytes = match question.documents.body(url) {
            Some(bytes) => bytes.to_owned(),
            None => self.network.fetcher()?.get(url).ok()?.body,
        };
        Some(PictureFile {
            name: url.to_owned(),
            format: Format::detect(&bytes)?,
            bytes,
        })
    }

    /// The old issuer must be the new one: names say nothing, addresses do.
    fn check_owner(&self, older: &Older, issuer: &Issuer) -> Result<(), Error> {
        let old = older.documents.issuer.text("id").unwrap_or_default();
        let below = issuer
            .base()
            .is_some_and(|base| old.strip_prefix(&base.to_string()).is_some_and(is_path));
        let others = &issuer.profile.other_identifier;
        let listed = others.iter().any(|other| other.identifier == old);
        if below || listed || self.from.as_deref() == Some(old) {
            return Ok(());
        }
        let what = format!(
            "the badge was issued by {}, and nothing says that this is you",
            printable(old)
        );
        Err(Error::new(Code::Usage, what).hint(format!("if it is: `--from {}`", printable(old))))
    }

    fn is_confirmed(&self, older: &Older, issuer: Option<&str>) -> Result<bool, Error> {
        if self.yes || self.badge == "-" || !terminal::is_there() {
            return Ok(true);
        }
        let name = |document: &badges_core::json::Value<'_>| {
            printable(document.text("name").unwrap_or("without a name"))
        };
        terminal::confirm(
            &format!(
                "Issue `{}` of {} again, as a badge of `{}`?",
                name(&older.documents.class),
                printable(older.documents.issuer.text("id").unwrap_or_default()),
                issuer.unwrap_or_default()
            ),
            true,
        )
    }
}

/// What stands behind an address, if that ends there.
fn is_path(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with('/')
}

const NOT_OLDER: &str = "this is no badge of Open Badges 2.0 or before";

fn tell(reissued: Reissued, folder: &Folder, output: &mut Output) {
    let Reissued {
        award,
        fate,
        written,
        left_out,
    } = reissued;
    let (outcome, status) = match fate {
        Fate::Issued => ("issued", Status::Valid),
        Fate::Restored => ("restored", Status::Valid),
        Fate::Already(status) => ("already", status),
    };
    let file = folder.badges(&award.slug).join(award.main_file());
    if let Some(path) = written {
        output.note(format_args!(
            "what was achieved is now described in `{}`; look through it before you publish",
            path.display()
        ));
    }
    for path in &left_out {
        output.note(format_args!(
            "left out, as 3.0 has no place for it: {}",
            printable(path)
        ));
    }
    if output.is_json() {
        output.object(&Answer {
            outcome,
            badge: award.badge,
            file: file.display().to_string(),
            achievement: award.achievement,
            status: status.as_str(),
            left_out,
        });
        return;
    }
    let what = match fate {
        Fate::Issued => "issued again",
        Fate::Restored => "issued again before, and its files made anew",
        Fate::Already(Status::Valid) => "issued again before",
        Fate::Already(Status::Suspended) => "issued again before, and suspended since",
        Fate::Already(Status::Revoked) => "issued again before, and revoked since",
    };
    output.line(format_args!(
        "{what}: {}, in {}",
        award.badge,
        file.display()
    ));
}

/// A badge that is not known to be good.
fn refused(input: &Input, report: &Report, output: &mut Output) -> Error {
    output.message(headline(&input.name(), report));
    let verdict = report.verdict();
    let what = format!(
        "the badge is {}, so it is not issued again",
        verdict.as_str()
    );
    match verdict {
        Verdict::Unknown => Error::new(Code::Unknown, what).hint(
            "put what could not be fetched into files, and name them with `--documents MAP.json`",
        ),
        _ => Error::new(Code::Negative, what)
            .hint("only a valid badge is; who earned a new one gets it by `badges issue`"),
    }
}

fn wrong(input: &Input, what: &dyn std::fmt::Display) -> Error {
    Error::new(Code::Data, format!("`{}`: {what}", input.name()))
}
