//! One request and its answer. HTTP blocks, so it happens on a thread of its own.

use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use http::header::{AUTHORIZATION, DATE, RETRY_AFTER};
use http::{HeaderMap, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;
use ureq::tls::TlsConfig;
use ureq::{Agent, Body};

use super::error::{Fault, WikimediaError};
use super::{WikiAddress, Wikimedia};

/// How many requests are under way at once.
pub(super) const PLACES: usize = 3;
/// For one request, from the name lookup to the last byte.
pub(super) const LONGEST_TIME: Duration = Duration::from_secs(15);
/// For an answer, in bytes. Fifty accounts or twenty participants have some ten thousand.
const LONGEST_ANSWER: u64 = 1024 * 1024;
/// Longer waits than a day are not believed.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

/// What is asked.
pub(super) struct Request {
    /// What errors call it.
    pub(super) call: &'static str,
    /// The path and query on the wiki.
    pub(super) path: String,
    /// A token for `Authorization`.
    pub(super) bearer: Option<String>,
    /// The form to be posted; without one it is a GET.
    pub(super) form: Option<Vec<(&'static str, String)>>,
    /// Whether a form asks only, so that a data centre that is near may answer.
    pub(super) only_reads: bool,
}

struct Answer {
    status: u16,
    retry_after: Option<Duration>,
    body: Vec<u8>,
}

impl Wikimedia {
    /// Asks and reads the answer, which must be JSON of the form `T`.
    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        request: Request,
    ) -> Result<T, WikimediaError> {
        let call = request.call;
        let stopped = |cause: String| WikimediaError::Unreachable { call, cause };
        let places = Arc::clone(&self.places);
        let place = places.acquire_owned().await;
        let place = place.map_err(|error| stopped(error.to_string()))?;
        let (agent, time) = (self.agent.clone(), self.time);
        let url = format!("{}{}", self.address, request.path);
        let sent = tokio::task::spawn_blocking(move || {
            let answer = send(&agent, time, &url, &request);
            // The place is taken until the connection is free, whether somebody still waits or not.
            drop(place);
            answer
        });
        let answer = sent.await.map_err(|error| stopped(error.to_string()))??;
        refuse(call, &answer)?;
        parse(call, &answer.body)
    }
}

/// An agent that follows no redirects, so that tokens and secrets go to the wiki and nowhere else,
/// and knows no proxy and no cookies.
pub(super) fn agent(address: &WikiAddress, contact: &str) -> Agent {
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    let tls = TlsConfig::builder()
        .unversioned_rustls_crypto_provider(Arc::new(provider))
        .build();
    Agent::config_builder()
        .proxy(None)
        .https_only(address.is_secure())
        .tls_config(tls)
        .max_redirects(0)
        .http_status_as_error(false)
        .user_agent(user_agent(contact))
        .accept("application/json")
        .accept_encoding("identity")
        .build()
        .into()
}

/// `<client>/<version> (<contact>) <library>/<version>`, as Wikimedia's user-agent policy has it.
fn user_agent(contact: &str) -> String {
    let printable = |letter: &char| {
        (letter.is_ascii_graphic() || *letter == ' ') && !['(', ')'].contains(letter)
    };
    let contact: String = contact.chars().filter(printable).collect();
    format!(
        "badges-server/{} ({}) ureq/3",
        env!("CARGO_PKG_VERSION"),
        contact.trim()
    )
}

fn send(
    agent: &Agent,
    time: Duration,
    url: &str,
    request: &Request,
) -> Result<Answer, WikimediaError> {
    let call = request.call;
    let unreachable = |error: ureq::Error| WikimediaError::Unreachable {
        call,
        cause: error.to_string(),
    };
    let response = match &request.form {
        None => {
            let mut get = agent.get(url);
            if let Some(token) = &request.bearer {
                get = get.header(AUTHORIZATION, format!("Bearer {token}"));
            }
            get.config().timeout_global(Some(time)).build().call()
        }
        Some(form) => {
            let mut post = agent.post(url);
            if request.only_reads {
                post = post.header("Promise-Non-Write-API-Action", "true");
            }
            let post = post.config().timeout_global(Some(time)).build();
            post.send_form(form.iter().map(|(name, value)| (*name, value)))
        }
    };
    let response = response.map_err(unreachable)?;
    let status = response.status().as_u16();
    let retry_after = retry_after(response.headers());
    let body = read(response).map_err(|error| match error {
        ureq::Error::BodyExceedsLimit(limit) => WikimediaError::NotUnderstood {
            call,
            fault: Fault::TooLarge { limit },
        },
        error => unreachable(error),
    })?;
    Ok(Answer {
        status,
        retry_after,
        body,
    })
}

fn read(response: Response<Body>) -> Result<Vec<u8>, ureq::Error> {
    let mut body = Vec::new();
    response
        .into_body()
        .into_with_config()
        .limit(LONGEST_ANSWER)
        .reader()
        .read_to_end(&mut body)
        .map_err(ureq::Error::from)?;
    Ok(body)
}

/// Seconds, or a date (RFC 9110, section 10.2.3), which counts from the answer's own date.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name)?.to_str().ok().map(str::trim);
    let date = |text: &str| OffsetDateTime::parse(text, &Rfc2822).ok();
    let after = text(RETRY_AFTER)?;
    let wait = match after.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => Duration::try_from(date(after)? - date(text(DATE)?)?).unwrap_or_default(),
    };
    Some(wait.min(LONGEST_WAIT))
}

/// What an answer that says no has in common: OAuth's errors are a word, the action API's an object
/// with a code.
#[derive(Deserialize)]
struct Refusal {
    error: Reason,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Reason {
    Word(String),
    Code { code: String },
}

fn refuse(call: &'static str, answer: &Answer) -> Result<(), WikimediaError> {
    let refusal = serde_json::from_slice::<Refusal>(&answer.body).ok();
    let code = refusal.and_then(|refusal| {
        let (Reason::Word(code) | Reason::Code { code }) = refusal.error;
        let is_word = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
        (code.len() <= 64 && code.chars().all(is_word)).then_some(code)
    });
    let is_busy = matches!(answer.status, 429 | 502..=504)
        || matches!(code.as_deref(), Some("maxlag" | "ratelimited"));
    if is_busy {
        let retry_after = answer.retry_after;
        return Err(WikimediaError::Busy { call, retry_after });
    }
    let status = answer.status;
    if code.is_some() || !(200..300).contains(&status) {
        return Err(WikimediaError::Refused { call, status, code });
    }
    Ok(())
}

fn parse<T: DeserializeOwned>(call: &'static str, body: &[u8]) -> Result<T, WikimediaError> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let parsed = serde_path_to_error::deserialize(&mut deserializer);
    // The message of the error could repeat what stands in the answer.
    let fault = |error: &serde_json::Error, member: String| match error.classify() {
        Category::Eof => Fault::CutShort,
        Category::Data => Fault::Member { member },
        Category::Io | Category::Syntax => Fault::NotJson {
            line: error.line(),
            column: error.column(),
        },
    };
    let value = parsed.map_err(|error| WikimediaError::NotUnderstood {
        call,
        fault: fault(error.inner(), error.path().to_string()),
    })?;
    let end = deserializer.end();
    end.map_err(|error| WikimediaError::NotUnderstood {
        call,
        fault: fault(&error, String::new()),
    })?;
    Ok(value)
}
