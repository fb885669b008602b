use std::cell::Cell;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use badges_core::credential::verification_method;
use badges_core::model::{DateTimeZ, Evidence};
use badges_core::participants::{
    self, Format, Note, Options, Participants, ParticipantsError, Rule,
};
use badges_core::proof::data_integrity::ProofOptions;
use badges_core::span::Span;
use clap::Args;
use sha2::{Digest as _, Sha256};

use crate::error::{Code, Error};
use crate::folder::achievement::AchievementFile;
use crate::folder::files;
use crate::folder::issuer::Issuer;
use crate::folder::keyfile::{PassphraseOptions, Unlock};
use crate::folder::ledger::Entry;
use crate::folder::period::{Validity, When};
use crate::folder::picture::PictureChoice;
use crate::folder::{Folder, summary};
use crate::issuing::jwt::{JwtAlgorithm, JwtKey};
use crate::issuing::picture::Pictured;
use crate::issuing::plan::Plan;
use crate::issuing::report::{self, Tally};
use crate::issuing::{Identify, Job, batch};
use crate::output::Output;
use crate::{ambient, terminal};

/// Issue badges to the people on a list.
///
/// The list is a text file of user names (one a line, `#` begins a comment), the `course_editors`
/// CSV of the Programs & Events Dashboard, the participants of an event registration (CampaignEvents)
/// as JSON, the certificates CSV of WikiLearn, or any CSV with a column of user names, identifiers
/// or e-mail addresses. Which one it is, its content tells.
///
///     badges issue achievements/editor.toml participants.csv
///     badges issue editor names.txt --dry-run
///     badges issue editor course.csv --rule training-completed
///
/// An achievement's file is TOML or JSON in the words of Open Badges 3.0 (`name`, `description`,
/// `criteria`, `alignment`, `resultDescription`, `tag` ...), and may say besides: `image` (a file
/// beside it), `[translations.fr]`, `validFor` or `validUntil`, `suspendable`, `evidence`.
///
/// Each person gets a signed badge: a JSON file and a picture that carries it, in
/// `badges/<achievement>`; `awards.csv` there says whose is which. Running it again issues only who
/// is missing. Rows that cannot be used are named, and the others issued.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Issue {
    /// The achievement's file, or its name: `editor` is `achievements/editor.toml`.
    achievement: PathBuf,
    /// The list of people; `-` reads it from standard input.
    participants: PathBuf,
    /// The issuer's folder. By default the one that the achievement is in, or the current one.
    #[arg(long, value_name = "FOLDER")]
    issuer: Option<PathBuf>,

    /// Say what would become of each row, and show the first badge; write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Issue nothing if any row has a problem.
    #[arg(long)]
    strict: bool,
    /// Give everybody a further badge, also who has one: a renewal.
    #[arg(long)]
    again: bool,
    /// Do not ask before issuing.
    #[arg(short, long)]
    yes: bool,

    /// What the badge says about who holds it, beside an id that means nothing to others. A row
    /// that does not tell it is a problem.
    #[arg(long, value_enum, default_value_t, help_heading = "Badge")]
    identify: Identify,
    /// Put e-mail addresses into the badges, for everybody to read.
    #[arg(long, help_heading = "Badge")]
    email_in_clear: bool,
    /// When the badge was earned, such as `2026-05-01`. By default now.
    #[arg(long, value_name = "DATE", help_heading = "Badge")]
    awarded: Option<When>,
    /// The last day on which the badge is valid.
    #[arg(
        long,
        value_name = "DATE",
        conflicts_with = "valid_for",
        help_heading = "Badge"
    )]
    valid_until: Option<When>,
    /// How long the badge is valid: `2y`, `18mo` or `90d`.
    #[arg(long, value_name = "TIME", help_heading = "Badge")]
    valid_for: Option<Span>,
    /// A page that shows what was achieved, the same for everybody. May be given several times.
    #[arg(long, value_name = "URL", help_heading = "Badge")]
    evidence: Vec<String>,
    /// The picture that carries the badge: `png` or `svg` (the achievement's own), or a file.
    #[arg(long, value_name = "png|svg|FILE", help_heading = "Badge")]
    image: Option<PictureChoice>,
    /// Put the achievement's picture into the badge itself (at most 64 KB), not only its address.
    #[arg(long, help_heading = "Badge")]
    embed_image: bool,
    /// Sign each badge also as a JWT, in a file beside it.
    #[arg(
        long,
        value_enum,
        value_name = "ALGORITHM",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "best",
        help_heading = "Badge"
    )]
    jwt: Option<JwtAlgorithm>,

    /// What a row must meet to give a badge, such as `training-completed` or `Grade == "Pass"`.
    #[arg(long, value_name = "RULE", help_heading = "List")]
    rule: Option<Rule>,
    /// The format that the list must have: names, dashboard, campaign-events, wikilearn or csv.
    #[arg(long, help_heading = "List")]
    format: Option<Format>,
    /// The column of user names.
    #[arg(long, value_name = "COLUMN", help_heading = "List")]
    name_column: Option<String>,
    /// The column of account numbers (`global_id`).
    #[arg(long, value_name = "COLUMN", help_heading = "List")]
    central_id_column: Option<String>,
    /// The column of other identifiers.
    #[arg(long, value_name = "COLUMN", help_heading = "List")]
    id_column: Option<String>,
    /// The column of e-mail addresses.
    #[arg(long, value_name = "COLUMN", help_heading = "List")]
    email_column: Option<String>,

    #[command(flatten)]
    passphrase: PassphraseOptions,
}

impl Issue {
    pub(crate) fn run(self, output: &mut Output) -> Result<Code, Error> {
        let folder = Folder::find(self.issuer.as_deref(), &[&self.achievement, Path::new(".")])?;
        let (list, list_hash) = self.read_list(output)?;
        // A dry run changes nothing, so it need not keep others out.
        let lock = if self.dry_run {
            None
        } else {
            Some(folder.lock()?)
        };
        let ledger = folder.ledger();
        if lock.is_some() && ledger.repair()? {
            output.note("the last line of the ledger was never finished, and is cut off");
        }
        let mut unlock = Unlock::new(&self.passphrase);
        let job = self.job(&folder, &mut unlock, output)?;
        job.rehearse(&folder)?;
        let history = ledger.history()?;
        let open = history
            .open_renewal(job.achievement_id())
            .filter(|renewal| renewal.list == list_hash);
        let mut plan = Plan::make(&job, &folder, &history, &list, self.again.then_some(open))?;
        if self.strict || self.dry_run {
            plan.examine(&job, &list);
        }
        let tally = Tally::of(&plan, &list);
        if self.dry_run {
            report::rehearsed(&plan, &list, &job, &folder, output);
            return Ok(code(&tally));
        }
        report::problems(&plan, &list, output);
        if self.strict && tally.problems > 0 {
            return Err(Error::new(
                Code::Negative,
                format!(
                    "{} cannot be used, so nothing was issued",
                    report::rows_counted(tally.problems)
                ),
            )
            .hint("mend the list, or leave `--strict` out to issue the others"));
        }
        if !self.is_confirmed(&job, &tally)? {
            output.message("Nothing was issued.");
            return Ok(Code::Negative);
        }
        let renewal = |done| Entry::Renewal {
            achievement: job.achievement_id().to_owned(),
            list: list_hash.clone(),
            done,
        };
        match open {
            _ if !self.again => {}
            Some(_) => output.note("the renewal of this list was interrupted; it is continued"),
            None => ledger.append([&renewal(false)])?,
        }
        carry_out(&job, &folder, &list, &mut plan, output)?;
        if self.again {
            ledger.append([&renewal(true)])?;
        }
        files::sync(folder.root())?;
        report::issued(&plan, &list, &job, &folder, output);
        Ok(code(&Tally::of(&plan, &list)))
    }

    fn read_list(&self, output: &mut Output) -> Result<(Participants, String), Error> {
        let path = &self.participants;
        let mut bytes = Vec::new();
        let limit = participants::MAX_BYTES as u64 + 1;
        let read = if path == Path::new("-") {
            std::io::stdin().take(limit).read_to_end(&mut bytes)
        } else {
            std::fs::File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes))
        };
        read.map_err(|error| Error::reading(path, &error))?;
        let options = Options {
            format: self.format,
            rule: self.rule.clone(),
            name_column: self.name_column.clone(),
            central_id_column: self.central_id_column.clone(),
            id_column: self.id_column.clone(),
            email_column: self.email_column.clone(),
        };
        let list = participants::parse(&bytes, &options).map_err(|error| {
            let what = Error::new(Code::Data, format!("`{}`: {error}", path.display()));
            match error {
                ParticipantsError::UnknownTable { .. } => what.hint(
                    "`--name-column COLUMN`, `--id-column COLUMN` or `--email-column COLUMN` says \
                     it; or `--format names`",
                ),
                _ => what,
            }
        })?;
        for note in &list.notes {
            match note {
                Note::NamesIdentifyNobody { column } => {
                    output.note(format_args!("{note}: `--name-column \"{column}\"`"));
                }
                note => output.note(note),
            }
        }
        let hash = Sha256::digest(&bytes);
        let hash = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok((list, hash))
    }

    fn job(
        &self,
        folder: &Folder,
        unlock: &mut Unlock<'_>,
        output: &mut Output,
    ) -> Result<Job, Error> {
        let issuer = folder.issuer()?;
        let seed = folder.seed()?;
        let path = folder.achievement_file(&self.achievement)?;
        let mut achievement = AchievementFile::read(&path, &issuer, &seed)?;
        let pictured = Pictured {
            folder,
            issuer: &issuer,
            choice: self.image.as_ref(),
            embed: self.embed_image,
            write: !self.dry_run,
        };
        let carrier = pictured.apply(&mut achievement, output)?;
        let key = folder.signing_key(&issuer, unlock)?;
        let jwt = self
            .jwt
            .map(|algorithm| JwtKey::find(algorithm, folder, &issuer, &key, unlock))
            .transpose()?;
        warn(&achievement, &issuer, jwt.as_ref(), output);

        let now = ambient::now();
        let awarded = self.awarded.map_or(now, When::start);
        let until = self.valid_until.map(Validity::Until);
        let validity = until
            .or(self.valid_for.map(Validity::For))
            .or(achievement.validity);
        let valid_until = validity
            .map(|validity| {
                validity.end(awarded).ok_or_else(|| {
                    Error::new(Code::Usage, "the badge would be valid beyond the year 9999")
                        .hint("leave the end out: the badge is then valid for good")
                })
            })
            .transpose()?;
        let mut evidence: Vec<Evidence> = achievement.evidence.clone();
        evidence.extend(self.evidence.iter().map(|url| Evidence::at(url)));
        Ok(Job {
            proof: ProofOptions {
                verification_method: verification_method(issuer.id(), key.public_key()),
                created: DateTimeZ::from(now).to_string(),
                ..ProofOptions::default()
            },
            issuer,
            seed,
            achievement,
            carrier,
            key,
            jwt,
            identify: self.identify,
            email_in_clear: self.email_in_clear,
            awarded: awarded.into(),
            valid_until: valid_until.map(DateTimeZ::from),
            now,
            evidence,
        })
    }

    fn is_confirmed(&self, job: &Job, tally: &Tally) -> Result<bool, Error> {
        let from_stdin = self.participants == Path::new("-");
        if self.yes || from_stdin || tally.issued == 0 || !terminal::is_there() {
            return Ok(true);
        }
        let name = &job.achievement.achievement.name;
        let others = tally.others().join(", ");
        let others = if others.is_empty() {
            others
        } else {
            format!(" ({others})")
        };
        terminal::confirm(
            &format!(
                "Issue {} of `{name}`?{others}",
                report::badges(tally.issued)
            ),
            true,
        )
    }
}

/// What the issuer should know before anything is issued.
fn warn(achievement: &AchievementFile, issuer: &Issuer, jwt: Option<&JwtKey>, output: &mut Output) {
    if issuer.base().is_none() {
        output.note(
            "the issuer has no web address, so these badges can never be revoked; if that matters, \
             write `base = \"https://…\"` into `issuer.toml` instead of `id` before issuing",
        );
    } else if achievement.suspendable {
        output.note(
            "badges that can be suspended cannot be revoked otherwise, and 1EdTech's validator \
             does not look at suspension: it calls suspended badges valid",
        );
    }
    if let Some(warning) = jwt.and_then(|jwt| jwt.warning(issuer)) {
        output.note(warning);
    }
}

/// Issues what is planned: first what badges refer to, then the badges, then their summary.
fn carry_out(
    job: &Job,
    folder: &Folder,
    list: &Participants,
    plan: &mut Plan,
    output: &mut Output,
) -> Result<(), Error> {
    let ledger = folder.ledger();
    batch::prepare(job, folder, &plan.lists)?;
    ledger.append(&plan.known)?;
    let made = issue_all(job, folder, list, plan, output);
    // Whatever came of it, what is there is summed up.
    let summed_up = summary::write(folder, &ledger.history()?, &job.achievement.slug);
    made.and(summed_up)
}

fn issue_all(
    job: &Job,
    folder: &Folder,
    list: &Participants,
    plan: &mut Plan,
    output: &mut Output,
) -> Result<(), Error> {
    let total = plan.badges.len();
    let bar = output.progress(total, "badges");
    let done = Cell::new(0);
    let result = batch::run(job, folder, list, plan, |count| {
        done.set(done.get() + count);
        bar.inc(count as u64);
    });
    bar.finish_and_clear();
    if result.is_err() && done.get() > 0 {
        output.note(format_args!(
            "{} of {} were issued before this:",
            done.get(),
            report::badges(total)
        ));
    }
    result
}

const fn code(tally: &Tally) -> Code {
    if tally.problems > 0 {
        Code::Negative
    } else {
        Code::Success
    }
}
