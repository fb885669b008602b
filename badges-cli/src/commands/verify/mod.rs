mod documents;
mod in_order;
mod input;
mod report;
mod words;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use badges_core::fetch::{Cache, Fetcher, Limits, Loader, verify_online};
use badges_core::verify::{
    Check, MAX_FILE, Outcome, Question, Recipient, Report, TrustList, Verdict,
};
use clap::Args;
use time::OffsetDateTime;

use crate::error::{Code, Error};
use crate::output::Output;
use crate::{ambient, files};
use in_order::in_order;
use input::{Input, point_in_time};
pub(super) use words::form_name;

/// Check whether badges are genuine and valid
///
/// Takes Open Badges 3.0 as JSON or JWT, or baked into a PNG or SVG picture. Each gets one line:
///
///     valid          genuine, and nothing speaks against it
///     invalid        altered, forged, or no badge at all
///     revoked        taken back by its issuer, for good
///     suspended      taken back by its issuer, for now
///     not-yet-valid  its time has not come
///     expired        its time is over
///     unknown        something that matters could not be checked
///
/// The line says what is proved about the issuer: the web address whose owner signed, or only that
/// the same key signed. The names of the badge and of people are the issuer's words. What others
/// say in endorsements is checked too (see `--full`), and changes no verdict.
///
/// The issuer's keys and lists of revoked badges are fetched over https, and kept for a while in a
/// cache. Nothing of the badge is sent, and before its signature holds nothing is fetched for it but
/// the issuer's own keys. Schemas of others are fetched only when asked for (`--schemas`).
///
/// Ends with 0 when all badges are valid (and no asked-for check failed), 1 when one is not valid
/// or not the recipient's, 2 when something could not be told, 64 and more when the command or a
/// file could not be used at all. The badges that could be read are judged in any case.
///
///     badges verify badge.png
///     badges verify *.json --full
///     badges verify https://example.org/badges/1 --recipient "Example Volunteer"
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Verify {
    /// Files or URLs; `-` reads standard input.
    #[arg(value_name = "FILE|URL", required = true)]
    inputs: Vec<OsString>,
    /// Say what came of each check.
    #[arg(long)]
    full: bool,
    /// Fetch nothing.
    #[arg(long)]
    offline: bool,
    /// Ask whether they were or will be valid at this time: `2026-05-01`, the start of that day in
    /// UTC, or `2026-05-01T12:00:00Z`. Whether a badge was revoked is always told as of now.
    #[arg(long, value_name = "TIME", value_parser = point_in_time)]
    at: Option<OffsetDateTime>,
    /// Check that they were given to this person: a user name, an e-mail address, a URL, a DID,
    /// whatever the badge identifies people by.
    #[arg(long, value_name = "ID")]
    recipient: Option<String>,
    /// The salt for a badge that holds the recipient's identifier only as a hash. Its holder has
    /// it, from the issuer.
    #[arg(long, requires = "recipient")]
    salt: Option<String>,
    /// Answers that stand in for the network, also with `--offline`: a JSON object from URLs or
    /// DIDs to files beside it. Other keys are left alone.
    #[arg(long, value_name = "MAP.json")]
    documents: Option<PathBuf>,
    /// The issuers that you know: one a line, its id (a DID or https URL), then your name for it;
    /// or as JSON, an object from ids to names. Without it, or for others, a badge can be genuine
    /// and you still do not know whose it is.
    #[arg(long, value_name = "FILE")]
    trust: Option<PathBuf>,
    /// Check them also by the schemas of others that they name (`credentialSchema`), and fetch
    /// those. Who serves a schema then learns which badge is checked, and when.
    #[arg(long)]
    schemas: bool,
    /// For development only: fetch from this machine and its network, and over http.
    #[arg(long, conflicts_with = "offline")]
    allow_private_network: bool,
    /// The folder where fetched documents are kept [default: `badges` in your cache folder].
    #[arg(long, value_name = "DIR", env = "BADGES_CACHE", hide_env_values = true)]
    cache: Option<PathBuf>,
    /// Keep nothing, and use nothing that was kept.
    #[arg(long)]
    no_cache: bool,
}

impl Verify {
    pub(crate) fn run(self, output: &mut Output) -> Result<Code, Error> {
        let now = ambient::now();
        let inputs = Input::all(&self.inputs)?;
        let documents = match &self.documents {
            Some(map) => documents::read(map)?,
            None => documents::Documents::new(),
        };
        let trust = self.trust.as_deref().map(read_trust).transpose()?;
        let question = Question {
            at: self.at.unwrap_or(now),
            recipient: self.recipient.as_deref().map(|identifier| Recipient {
                identifier,
                salt: self.salt.as_deref(),
            }),
            trust: trust.as_ref(),
            schemas: self.schemas,
            ..Question::new(&documents, now)
        };
        let loader = self.loader(now)?;
        let fetcher = (!self.offline).then(|| self.fetcher(MAX_FILE as u64));
        let judge = |input: &Input| {
            input.judge(&documents, fetcher.as_ref(), |badge| {
                verify_online(badge, &question, &loader)
            })
        };
        let mut worst = Ending::default();
        in_order(&inputs, judge, |input, judged| {
            match judged {
                Ok(report) => {
                    worst.count(code(&report));
                    self.print(input, &report, output);
                }
                Err(error) => {
                    worst.count(error.code);
                    output.error(&error);
                }
            };
        });
        Ok(worst.code())
    }

    fn print(&self, input: &Input, report: &Report, output: &mut Output) {
        if output.is_json() {
            output.object(&report::AsJson::new(&input.name(), report));
            return;
        }
        output.line(report::headline(&input.name(), report));
        if self.full {
            for line in report::lines(report) {
                output.line(line);
            }
        }
    }

    fn loader(&self, now: OffsetDateTime) -> Result<Loader, Error> {
        if self.offline {
            return Ok(Loader::offline());
        }
        let fetcher = self.fetcher(Limits::default().bytes);
        Ok(Loader::new(fetcher, self.open_cache()?, now))
    }

    fn fetcher(&self, bytes: u64) -> Fetcher {
        let limits = Limits {
            bytes,
            allow_private: self.allow_private_network,
            ..Limits::default()
        };
        Fetcher::new(limits, concat!("badges/", env!("CARGO_PKG_VERSION")))
    }

    fn open_cache(&self) -> Result<Option<Cache>, Error> {
        if self.no_cache {
            return Ok(None);
        }
        match &self.cache {
            Some(folder) => Cache::open(folder.clone())
                .map(Some)
                .map_err(|error| Error::writing(folder, &error)),
            // Nobody asked for this one: without it, documents are fetched again.
            None => Ok(ambient::cache_folder().and_then(|folder| Cache::open(folder).ok())),
        }
    }
}

fn read_trust(path: &Path) -> Result<TrustList, Error> {
    TrustList::parse(&files::read_text(path)?)
        .map_err(|fault| Error::new(Code::Data, format!("`{}`: {fault}", path.display())))
}

/// What a report means for the program's end.
fn code(report: &Report) -> Code {
    let asked = |check| report.outcomes(check).next();
    match report.verdict() {
        Verdict::Valid | Verdict::Unknown
            if matches!(asked(Check::Recipient), Some(Outcome::Failed(_))) =>
        {
            Code::Negative
        }
        Verdict::Valid if matches!(asked(Check::Trust), Some(Outcome::Unknown(_))) => Code::Unknown,
        Verdict::Valid => Code::Success,
        Verdict::Unknown => Code::Unknown,
        _ => Code::Negative,
    }
}

/// How the run ends, by the worst of its inputs: one that could not be read, then one that is not
/// valid, then one of which something could not be told.
#[derive(Default)]
struct Ending {
    unread: Option<Code>,
    negative: bool,
    unknown: bool,
}

impl Ending {
    fn count(&mut self, code: Code) {
        match code {
            Code::Success => {}
            Code::Negative => self.negative = true,
            Code::Unknown => self.unknown = true,
            other => {
                self.unread.get_or_insert(other);
            }
        }
    }

    fn code(&self) -> Code {
        match self {
            Self {
                unread: Some(code), ..
            } => *code,
            Self { negative: true, .. } => Code::Negative,
            Self { unknown: true, .. } => Code::Unknown,
            _ => Code::Success,
        }
    }
}
