//! Verify: for anybody, without an account. Nothing of it is kept.

pub(super) mod api;
mod given;
mod said;
#[cfg(test)]
#[expect(clippy::panic, clippy::unwrap_used, reason = "tests")]
mod tests;

use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Multipart, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use badges_core::verify::Report;
use badges_core::writing::shown;
use serde::Deserialize;

use self::given::{Given, MOST_BADGES, MOST_BYTES, Source};
use self::said::Said;
use crate::App;
use crate::error::Error;
use crate::page::{Ctx, page};
use crate::rate::{Caller, Cost, costly};
use crate::verifying::{Asked, Judged, signer_here, verify_all};
use crate::words::ReportWords;

pub(crate) fn routes() -> Router<App> {
    let answers = post(answer).layer(DefaultBodyLimit::max(given::MOST_READ));
    Router::new().route("/verify", get(ask).merge(costly(Cost::Verify, answers)))
}

#[derive(Template)]
#[template(path = "verify.html")]
struct VerifyPage {
    ctx: Ctx,
    /// What was pasted, to be changed or completed.
    text: String,
    recipient: String,
    salt: String,
    /// What is wrong with the form: a field, and the words.
    problems: Vec<(&'static str, String)>,
    answers: Vec<Answer>,
}

/// What is to be said about a badge.
struct Answer {
    /// Where it came from.
    source: String,
    words: ReportWords,
    said: Option<Said>,
    /// The report for programs.
    json: String,
}

impl VerifyPage {
    fn problem(&self, field: &str) -> &str {
        let mut problems = self.problems.iter();
        problems
            .find(|(name, _)| *name == field)
            .map_or("", |(_, text)| text)
    }

    /// The limits, in words.
    fn limits(&self) -> String {
        self.ctx
            .t2("badges-verify-limits", &MOST_BADGES, &(MOST_BYTES >> 20))
    }
}

#[derive(Deserialize)]
struct Prefilled {
    #[serde(default)]
    url: String,
    #[serde(default)]
    recipient: String,
}

/// The form. An address in the query is filled in and not fetched: programs that look at links in
/// messages must not make us fetch.
async fn ask(ctx: Ctx, Query(prefilled): Query<Prefilled>) -> Result<Response, Error> {
    page(&VerifyPage {
        ctx,
        text: shown(&prefilled.url).into_owned(),
        recipient: shown(&prefilled.recipient).into_owned(),
        salt: String::new(),
        problems: Vec::new(),
        answers: Vec::new(),
    })
}

async fn answer(
    State(app): State<App>,
    ctx: Ctx,
    caller: Caller,
    form: Multipart,
) -> Result<Response, Error> {
    let given = given::read(&ctx, form).await?;
    let problems = problems(&ctx, &given);
    let refused = !problems.is_empty();
    let answers = if refused {
        Vec::new()
    } else {
        answers(&app, &ctx, caller, &given).await?
    };
    let mut response = page(&VerifyPage {
        // What was answered needs no second answer.
        text: if refused { given.text } else { String::new() },
        recipient: given.recipient,
        salt: given.salt,
        problems,
        answers,
        ctx,
    })?;
    if refused {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response.into_response())
}

fn problems(ctx: &Ctx, given: &Given) -> Vec<(&'static str, String)> {
    let mut problems = Vec::new();
    if given.too_long {
        problems.push((
            "file",
            ctx.t1("badges-verify-too-long", &(MOST_BYTES >> 20)),
        ));
    } else if given.badges.len() > MOST_BADGES {
        let field = if given.text.is_empty() {
            "file"
        } else {
            "text"
        };
        problems.push((field, ctx.t1("badges-verify-too-many", &MOST_BADGES)));
    } else if given.badges.is_empty() {
        problems.push(("text", ctx.t("badges-verify-nothing")));
    }
    if given.recipient.is_empty() && !given.salt.is_empty() {
        problems.push(("recipient", ctx.t("badges-verify-salt-alone")));
    }
    problems
}

async fn answers(
    app: &App,
    ctx: &Ctx,
    caller: Caller,
    given: &Given,
) -> Result<Vec<Answer>, Error> {
    // The first was paid for when the request came.
    let more = u32::try_from(given.badges.len().saturating_sub(1)).unwrap_or(u32::MAX);
    caller.pay(app, Cost::Verify, more)?;
    let asked = Asked::about(&given.recipient, &given.salt);
    let badges = given
        .badges
        .iter()
        .map(|(_, badge)| badge.clone())
        .collect();
    let judged = verify_all(app, badges, asked).await?;
    let mut answers = Vec::new();
    for ((source, _), judged) in given.badges.iter().zip(judged) {
        let here = signer_here(app, &judged.report).await?;
        answers.push(Answer::new(ctx, source, judged, here.as_deref()));
    }
    Ok(answers)
}

impl Answer {
    /// `here` is the issuer of this service that signed it.
    fn new(
        ctx: &Ctx,
        source: &Source,
        Judged { file, report }: Judged,
        here: Option<&str>,
    ) -> Self {
        Self {
            source: match source {
                Source::Pasted => ctx.t("badges-verify-pasted"),
                Source::File(name) | Source::Url(name) => name.clone(),
            },
            words: ReportWords::of(ctx.lang, &report, here),
            said: file.and_then(|file| Said::read(ctx, &file, &report)),
            json: readable(&report),
        }
    }

    /// What to call it in a list.
    fn name(&self) -> &str {
        self.said
            .as_ref()
            .and_then(|said| said.name.as_deref())
            .unwrap_or(&self.source)
    }
}

/// A report as JSON that people can look at: what would turn the direction of a line, or is
/// invisible, is written as an escape.
fn readable(report: &Report) -> String {
    let json = serde_json::to_string_pretty(report).unwrap_or_default();
    let mut text = String::with_capacity(json.len());
    for sign in json.chars() {
        let mut bytes = [0; 4];
        if shown(sign.encode_utf8(&mut bytes)).is_empty() {
            let mut units = [0; 2];
            for unit in sign.encode_utf16(&mut units) {
                text.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            text.push(sign);
        }
    }
    text
}
