//! Verifying badges, ours and those of others. What the service itself has is read from its
//! database and never fetched (decision C2); all else comes through the guarded fetcher.

mod document;
mod own;
mod secured;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
pub(crate) mod told;
mod web;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use badges_core::documents::{Answer, Documents};
use badges_core::fetch::FetchError;
use badges_core::participants::UserName;
use badges_core::verify::{Check, Outcome, Question, Recipient, Report, verify};
use time::OffsetDateTime;
use tokio::sync::{OnceCell, Semaphore};
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::{Instant, timeout_at};

use crate::error::Error;
use crate::{App, metrics};
pub(crate) use document::document_at;
use own::Own;
pub(crate) use own::{own_report, signer_here};
pub(crate) use secured::{Challenge, verify_credential, verify_presentation};
pub(crate) use web::Web;

/// Who should have been given the badges, if that is asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    pub(crate) recipient: Option<String>,
    /// The salt of a hashed identifier, which the holder has.
    pub(crate) salt: Option<String>,
}

impl Asked {
    /// Whether they were given to this person; an empty text asks nothing.
    pub(crate) fn about(recipient: &str, salt: &str) -> Self {
        let said = |text: &str| {
            Some(text.trim())
                .filter(|text| !text.is_empty())
                .map(str::to_owned)
        };
        Self {
            recipient: said(recipient),
            salt: said(salt),
        }
    }
}

/// What verifying needs and shares within the process.
#[derive(Debug)]
pub(crate) struct Verifier {
    web: Web,
    /// Judging keeps a processor busy.
    judging: Arc<Semaphore>,
    /// Fetching keeps a thread waiting.
    fetching: Arc<Semaphore>,
}

/// How many badges are judged at the same time.
const JUDGES: usize = 8;
/// How many documents are fetched at the same time.
const FETCHERS: usize = 32;
/// The longest that somebody waits for what others have to answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often a badge is judged at most: one time more than the longest way, that of a signed badge of
/// Open Badges 2.0 (class, issuer, key, revoked badges, endorsement, its issuer, key and list).
const ROUNDS: usize = 10;
/// How many documents are fetched for one badge: its own few, and those of its endorsements.
const MOST_DOCUMENTS: usize = 64;

impl Verifier {
    pub(crate) fn new(web: Web) -> Self {
        Self {
            web,
            judging: Arc::new(Semaphore::new(JUDGES)),
            fetching: Arc::new(Semaphore::new(FETCHERS)),
        }
    }
}

/// A file, or an address where there is one.
#[derive(Clone, Debug)]
pub(crate) enum Badge {
    File(Bytes),
    Url(String),
}

/// A report, and the file that it is about, if there was one.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) file: Option<Bytes>,
    pub(crate) report: Report,
}

/// Judges badges, in their order. What several of them need is loaded once.
///
/// # Errors
/// When the database fails.
pub(crate) async fn verify_all(
    app: &App,
    badges: Vec<Badge>,
    asked: Asked,
) -> Result<Vec<Judged>, Error> {
    let visit = Arc::new(Visit::new(app, asked));
    let mut work = JoinSet::new();
    for (position, badge) in badges.into_iter().enumerate() {
        let visit = Arc::clone(&visit);
        work.spawn(async move { (position, visit.judge(badge).await) });
    }
    let mut judged = work.join_all().await;
    judged.sort_by_key(|(position, _)| *position);
    judged.into_iter().map(|(_, judged)| judged).collect()
}

/// What one visitor asks at once.
struct Visit {
    app: App,
    asked: Asked,
    until: Instant,
    /// The documents of others, each asked for once.
    answers: Mutex<HashMap<String, Arc<OnceCell<Arc<Answer>>>>>,
}

/// What is known of the world while one badge is judged.
struct World {
    documents: Documents,
    fetched: usize,
    rounds: usize,
}

impl World {
    fn new(app: &App) -> Self {
        Self {
            documents: app.verifier.web.known(),
            fetched: 0,
            rounds: 0,
        }
    }
}

impl Visit {
    fn new(app: &App, asked: Asked) -> Self {
        Self {
            app: app.clone(),
            asked,
            until: Instant::now() + PATIENCE,
            answers: Mutex::default(),
        }
    }

    async fn judge(&self, badge: Badge) -> Result<Judged, Error> {
        let judged = match badge {
            Badge::File(file) => Judged {
                report: self.judge_file(&file).await?,
                file: Some(file),
            },
            Badge::Url(url) => match self.badge_at(&url).await? {
                Ok(file) => Judged {
                    report: self.judge_file(&file).await?,
                    file: Some(file),
                },
                Err(error) => Judged {
                    report: Report::not_fetched(&url, error.id(), error),
                    file: None,
                },
            },
        };
        metrics::verified(judged.report.verdict());
        Ok(judged)
    }

    async fn judge_file(&self, file: &Bytes) -> Result<Report, Error> {
        let mut world = World::new(&self.app);
        let mut report = look(&self.app, file, &world.documents, &self.asked).await?;
        while self.learn(&mut world, report.missing()).await? {
            report = look(&self.app, file, &world.documents, &self.asked).await?;
        }
        self.note(&report).await?;
        own::add_standing(&self.app, &mut report).await?;
        Ok(report)
    }

    /// Loads what is missing; `false` when nothing is, or it goes on for too long.
    async fn learn(&self, world: &mut World, missing: &[String]) -> Result<bool, Error> {
        world.rounds += 1;
        if missing.is_empty() || world.rounds >= ROUNDS {
            return Ok(false);
        }
        let mut loading = JoinSet::new();
        for url in missing {
            if let Some(own) = own::at(&self.app, url).await? {
                world.documents.insert(url, own.answer());
            } else if world.fetched < MOST_DOCUMENTS {
                world.fetched += 1;
                let (answer, app, until) = (self.answer_of(url), self.app.clone(), self.until);
                let url = url.clone();
                loading.spawn(async move {
                    let loaded = answer
                        .get_or_init(async || Arc::new(load(&app, &url, until).await))
                        .await;
                    (url, Arc::clone(loaded))
                });
            } else {
                world.documents.insert(
                    url,
                    Answer::Failed("it asks for too many documents".to_owned()),
                );
            }
        }
        for (url, answer) in loading.join_all().await {
            world.documents.insert(&url, answer);
        }
        Ok(true)
    }

    /// Notes the status lists of others that a report relies on. Ours come from the database, which may
    /// be an older copy that was put back.
    async fn note(&self, report: &Report) -> Result<(), Error> {
        let of_others: Vec<String> = {
            let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
            let lists = report.status_lists().map(|(url, _)| url.to_owned());
            lists.filter(|url| answers.contains_key(url)).collect()
        };
        if of_others.is_empty() {
            return Ok(());
        }
        let (app, report) = (self.app.clone(), report.clone());
        // It may write a file.
        spawn_blocking(move || app.verifier.web.note(&report, app.now(), &of_others))
            .await
            .map_err(Error::internal)
    }

    /// Where the answer of somebody else is or will be.
    fn answer_of(&self, url: &str) -> Arc<OnceCell<Arc<Answer>>> {
        // What the lock guards is whole at all times.
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(answers.entry(url.to_owned()).or_default())
    }

    async fn badge_at(&self, url: &str) -> Result<Result<Bytes, FetchError>, Error> {
        Ok(match own::at(&self.app, url).await? {
            Some(Own::Document(text)) => Ok(text.into()),
            Some(Own::Nothing) => Err(FetchError::Status { status: 404 }),
            None => fetch(&self.app, url, Web::badge, self.until)
                .await
                .map(Bytes::from),
        })
    }
}

/// Judges a badge by what is known of the world.
async fn look(
    app: &App,
    file: &Bytes,
    documents: &Documents,
    asked: &Asked,
) -> Result<Report, Error> {
    let (file, documents, asked, now) = (file.clone(), documents.clone(), asked.clone(), app.now());
    judging(app, move || {
        judge(&file, &documents, now, asked.recipient.as_deref(), &asked)
    })
    .await
}

/// Does what keeps a processor busy, not too much of it at once.
async fn judging<R: Send + 'static>(
    app: &App,
    judge: impl FnOnce() -> R + Send + 'static,
) -> Result<R, Error> {
    let permit = Arc::clone(&app.verifier.judging)
        .acquire_owned()
        .await
        .map_err(Error::internal)?;
    let judge = move || {
        let report = judge();
        drop(permit);
        report
    };
    spawn_blocking(judge).await.map_err(Error::internal)
}

/// Judges a badge. Somebody is taken for a user of the wikis, where `example_Volunteer` is `Example
/// Volunteer`, when the badge does not name them as they were written.
fn judge(
    file: &[u8],
    documents: &Documents,
    now: OffsetDateTime,
    recipient: Option<&str>,
    asked: &Asked,
) -> Report {
    let mut question = Question::new(documents, now);
    let salt = asked.salt.as_deref();
    question.recipient = recipient.map(|identifier| Recipient { identifier, salt });
    let report = verify(file, &question);
    let is_other = report
        .outcomes(Check::Recipient)
        .any(|outcome| matches!(outcome, Outcome::Failed(_)));
    let user = recipient
        .filter(|_| is_other)
        .and_then(|text| UserName::parse(text).ok());
    match user
        .as_ref()
        .map(UserName::as_str)
        .filter(|user| Some(*user) != recipient)
    {
        Some(user) => judge(file, documents, now, Some(user), asked),
        None => report,
    }
}

async fn load(app: &App, url: &str, until: Instant) -> Answer {
    match fetch(app, url, Web::document, until).await {
        Ok(body) => Answer::Loaded(body),
        Err(FetchError::Status { status: 410 }) => Answer::Gone,
        Err(error) => Answer::Failed(error.to_string()),
    }
}

/// A way to get something from the web: it blocks.
type Get = fn(&Web, &str, OffsetDateTime) -> Result<Vec<u8>, FetchError>;

async fn fetch(app: &App, url: &str, get: Get, until: Instant) -> Result<Vec<u8>, FetchError> {
    let timed_out = || FetchError::TimedOut {
        milliseconds: u64::try_from(PATIENCE.as_millis()).unwrap_or_default(),
    };
    let turn = timeout_at(until, Arc::clone(&app.verifier.fetching).acquire_owned()).await;
    let Ok(Ok(permit)) = turn else {
        return Err(timed_out());
    };
    let (app, url) = (app.clone(), url.to_owned());
    let work = spawn_blocking(move || {
        let fetched = get(&app.verifier.web, &url, app.now());
        drop(permit);
        fetched
    });
    match timeout_at(until, work).await {
        Ok(Ok(fetched)) => fetched.map_err(discreet),
        _ => Err(timed_out()),
    }
}

/// Which names lead into our own network is not for strangers to know: such a name is as good as
/// none.
fn discreet(error: FetchError) -> FetchError {
    match error {
        FetchError::PrivateAddress { host, .. } => FetchError::Dns { host },
        other => other,
    }
}
