mod in_order;
mod report;
mod words;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use badges_core::fetch::verify_online;
use badges_core::model::parse_date_time;
use badges_core::participants::UserName;
use badges_core::verify::{Check, Outcome, Question, Recipient, Report, TrustList, Verdict};
use clap::Args;
use time::OffsetDateTime;

use super::network::{Input, Network};
use crate::error::{Code, Error};
use crate::output::Output;
use crate::{ambient, files};
use in_order::in_order;
pub(super) use report::headline;
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
/// A learner record can be valid although a badge inside it is not: the line counts those that are
/// not, `--full` names them.
///
/// The issuer's keys and lists of revoked badges are fetched over https, and kept for a while in a
/// cache. A list that is older than one that was met there before is not relied on. Nothing of the
/// badge is sent, and before its signature holds nothing is fetched for it but the issuer's own keys.
/// Schemas of others are fetched only when asked for (`--schemas`).
///
/// Ends with 0 when all badges are valid, those inside records too (and no asked-for check failed),
/// 1 when one is not valid or not the recipient's, 2 when something could not be told, 64 and more
/// when the command or a file could not be used at all. The badges that could be read are judged in
/// any case.
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
    /// Ask whether they were or will be valid at this time: `2026-05-01`, the start of that day in
    /// UTC, or `2026-05-01T12:00:00Z`. Whether a badge was revoked is always told as of now.
    #[arg(long, value_name = "TIME", value_parser = point_in_time)]
    at: Option<OffsetDateTime>,
    /// Check that they were given to this person: a user name, an e-mail address, a URL, a DID,
    /// whatever the badge identifies people by. A user name may be written in any way that the
    /// wikis take: `User:example_Volunteer`.
    #[arg(long, value_name = "ID")]
    recipient: Option<String>,
    /// The salt for a badge that holds the recipient's identifier only as a hash. Its holder has
    /// it, from the issuer.
    #[arg(long, requires = "recipient")]
    salt: Option<String>,
    /// The issuers that you know: one a line, its id (a DID or https URL), then your name for it;
    /// or as JSON, an object from ids to names. Without it, or for others, a badge can be genuine
    /// and you still do not know whose it is.
    #[arg(long, value_name = "FILE")]
    trust: Option<PathBuf>,
    /// Check them also by the schemas of others that they name (`credentialSchema`), and fetch
    /// those. Compared is the badge itself, not its endorsements and parts. Who serves a schema then
    /// learns which badge is checked, and when.
    #[arg(long)]
    schemas: bool,
    #[command(flatten)]
    network: Network,
}

impl Verify {
    pub(crate) fn run(self, output: &mut Output) -> Result<Code, Error> {
        let now = ambient::now();
        let inputs = Input::all(&self.inputs)?;
        let documents = self.network.documents()?;
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
        let loader = self.network.loader(now)?;
        let fetcher = self.network.fetcher();
        // The recipient as the wikis write the name, if it can be a user name.
        let user_name = self.recipient.as_deref().and_then(as_the_wikis_write);
        let judge = |input: &Input| -> Result<Report, Error> {
            let badge = match input.read(&documents, fetcher.as_ref())? {
                Ok(badge) => badge,
                Err(report) => return Ok(*report),
            };
            let report = verify_online(&badge, &question, &loader);
            let (Some(identifier), true) = (&user_name, failed(&report, Check::Recipient)) else {
                return Ok(report);
            };
            let salt = self.salt.as_deref();
            let question = Question {
                recipient: Some(Recipient { identifier, salt }),
                ..question
            };
            Ok(verify_online(&badge, &question, &loader))
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
        output.line(headline(&input.name(), report));
        if self.full {
            for line in report::lines(report) {
                output.line(line);
            }
        }
    }
}

fn read_trust(path: &Path) -> Result<TrustList, Error> {
    TrustList::parse(&files::read_text(path)?)
        .map_err(|fault| Error::new(Code::Data, format!("`{}`: {fault}", path.display())))
}

/// Another spelling of a user name: `Example Volunteer` for `User:example_Volunteer`.
fn as_the_wikis_write(recipient: &str) -> Option<String> {
    let name = UserName::parse(recipient).ok()?.to_string();
    (name != recipient).then_some(name)
}

fn failed(report: &Report, check: Check) -> bool {
    let mut outcomes = report.outcomes(check);
    outcomes.any(|outcome| matches!(outcome, Outcome::Failed(_)))
}

/// What a report means for the program's end. The badges inside a record count as badges.
fn code(report: &Report) -> Code {
    let failed = |check| failed(report, check);
    let unknown = |check| {
        let mut outcomes = report.outcomes(check);
        outcomes.any(|outcome| matches!(outcome, Outcome::Unknown(_)))
    };
    match report.verdict() {
        Verdict::Valid | Verdict::Unknown if failed(Check::Recipient) || failed(Check::Parts) => {
            Code::Negative
        }
        Verdict::Valid if unknown(Check::Trust) || unknown(Check::Parts) => Code::Unknown,
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

/// Reads a time: a date is the start of that day in UTC.
fn point_in_time(text: &str) -> Result<OffsetDateTime, String> {
    parse_date_time(text)
        .or_else(|_| parse_date_time(&format!("{text}T00:00:00Z")))
        .map_err(|_| {
            "expected a date such as 2026-05-01, or a time such as 2026-05-01T12:00:00Z".to_owned()
        })
}
