//! Why a request is not answered as asked, and how that is said: a page for people,
//! `application/problem+json` (RFC 9457) for programs. Handlers return [`Error`] with `?`; the one
//! middleware [`render`] knows the reader's language and writes the body.

use std::sync::Arc;

use askama::Template;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use crate::App;
use crate::form::Problems;
use crate::page::{Ctx, page};

/// Why a request is not answered as asked.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum Error {
    /// There is no such thing, or it is not for this person to know.
    #[error("not found")]
    NotFound,
    /// It was there, and its holder or issuer has taken it away.
    #[error("gone")]
    Gone,
    /// Signing in first would help.
    #[error("sign in first")]
    SignIn {
        /// The path to come back to.
        next: String,
    },
    /// Not for this person.
    #[error("forbidden")]
    Forbidden,
    /// The form did not come from our own page, or its session has ended meanwhile.
    #[error("the form is not ours")]
    Csrf,
    /// Nothing is done in this way here.
    #[error("method not allowed")]
    Method,
    /// What was sent is of no kind that is read here.
    #[error("{0} is expected")]
    MediaType(&'static str),
    /// It is not any more what whoever asks takes it for.
    #[error("precondition failed")]
    Precondition,
    /// What was sent is understood and refused, for what is wrong with these fields.
    #[error("{} problems", .0.list().len())]
    Problems(Problems),
    /// What was sent cannot be read; which member, and why.
    #[error("{field}: {problem}")]
    Unreadable {
        /// The form's field or the path of the JSON's member.
        field: String,
        /// What is wrong, for programmers.
        problem: String,
    },
    /// What was sent is understood and refused: a message key with its values, and the field.
    #[error("{field}: {key}")]
    Refused {
        /// The form's field or the path of the JSON's member; empty for the whole.
        field: String,
        /// The message that says what is wrong and what to do.
        key: &'static str,
        /// The message's values.
        args: Vec<String>,
    },
    /// It is not in the state for that.
    #[error("conflict: {key}")]
    Conflict {
        /// The message that says why.
        key: &'static str,
    },
    /// More than may be sent.
    #[error("too large")]
    TooLarge,
    /// Too many costly requests.
    #[error("too many requests")]
    TooMany {
        /// Seconds to wait.
        retry_after: u64,
    },
    /// Something else that we need does not answer.
    #[error("unavailable: {0}")]
    #[cfg_attr(
        not(test),
        expect(
            dead_code,
            reason = "the pages that ask others say it in their own words"
        )
    )]
    Unavailable(&'static str),
    /// The database says no.
    #[error("database: {0}")]
    Db(Arc<sqlx::Error>),
    /// A fault of ours; the cause is for the log only.
    #[error("{0}")]
    Internal(String),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Db(Arc::new(error))
    }
}

impl Error {
    /// A fault of ours.
    pub(crate) fn internal(cause: impl std::fmt::Display) -> Self {
        Self::Internal(cause.to_string())
    }

    /// What was sent is understood and refused.
    pub(crate) fn refused(field: &str, key: &'static str, args: &[&str]) -> Self {
        Self::Refused {
            field: field.to_owned(),
            key,
            args: args.iter().map(|&arg| arg.to_owned()).collect(),
        }
    }

    /// The HTTP status.
    pub(crate) const fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Gone => StatusCode::GONE,
            Self::SignIn { .. } => StatusCode::UNAUTHORIZED,
            Self::Forbidden | Self::Csrf => StatusCode::FORBIDDEN,
            Self::Unreadable { .. } => StatusCode::BAD_REQUEST,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::MediaType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Precondition => StatusCode::PRECONDITION_FAILED,
            Self::Refused { .. } | Self::Problems(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Conflict { .. } => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable(_) => StatusCode::BAD_GATEWAY,
            Self::Db(_) | Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The stable id, which is the `type` of a problem document.
    pub(crate) const fn id(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Gone => "gone",
            Self::SignIn { .. } => "sign-in",
            Self::Forbidden => "forbidden",
            Self::Csrf => "csrf",
            Self::Unreadable { .. } => "unreadable",
            Self::Method => "method",
            Self::MediaType(_) => "media-type",
            Self::Precondition => "precondition",
            Self::Refused { .. } | Self::Problems(_) => "refused",
            Self::Conflict { .. } => "conflict",
            Self::TooLarge => "too-large",
            Self::TooMany { .. } => "too-many",
            Self::Unavailable(_) => "unavailable",
            Self::Db(_) | Self::Internal(_) => "internal",
        }
    }

    /// What to tell the reader: first the kind, then what is special.
    pub(crate) fn words(&self, ctx: &Ctx) -> (String, String) {
        let title = match self {
            Self::NotFound => ctx.t("badges-error-not-found"),
            Self::Gone => ctx.t("badges-error-gone"),
            Self::SignIn { .. } => ctx.t("badges-error-sign-in"),
            Self::Forbidden => ctx.t("badges-error-forbidden"),
            Self::Csrf => ctx.t("badges-error-csrf"),
            Self::Unreadable { .. } => ctx.t("badges-error-unreadable"),
            Self::Method => ctx.t("badges-error-method"),
            Self::MediaType(_) => ctx.t("badges-error-media-type"),
            Self::Precondition => ctx.t("badges-error-precondition"),
            Self::Refused { .. } | Self::Problems(_) => ctx.t("badges-error-refused"),
            Self::Conflict { .. } => ctx.t("badges-error-conflict"),
            Self::TooLarge => ctx.t("badges-error-too-large"),
            Self::TooMany { .. } => ctx.t("badges-error-too-many"),
            Self::Unavailable(_) => ctx.t("badges-error-unavailable"),
            Self::Db(_) | Self::Internal(_) => ctx.t("badges-error-internal"),
        };
        let detail = match self {
            Self::Refused { key, args, .. } => {
                let args: Vec<&str> = args.iter().map(String::as_str).collect();
                ctx.text(key, &args)
            }
            Self::Problems(problems) => problems
                .list()
                .first()
                .map_or_else(String::new, |(_, text)| text.clone()),
            Self::MediaType(expected) => ctx.t1("badges-error-media-type-detail", expected),
            Self::Precondition => ctx.t("badges-error-precondition-detail"),
            Self::Conflict { key } => ctx.t(key),
            Self::Unreadable { field, problem } => format!("{field}: {problem}"),
            Self::TooMany { retry_after } => ctx.t1("badges-error-too-many-detail", retry_after),
            Self::NotFound => ctx.t("badges-error-not-found-detail"),
            Self::Csrf => ctx.t("badges-error-csrf-detail"),
            Self::Db(_) | Self::Internal(_) => ctx.t("badges-error-internal-detail"),
            _ => String::new(),
        };
        (title, detail)
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if let Self::TooMany { retry_after } = self {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(retry_after));
        }
        response.extensions_mut().insert(self);
        response
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    ctx: Ctx,
    title: String,
    detail: String,
}

/// Writes the body of a response whose handler returned an [`Error`].
pub(crate) async fn render(
    State(_): State<App>,
    ctx: Ctx,
    request: Request,
    next: Next,
) -> Response {
    let id = request.headers().get("x-request-id").cloned();
    let response = next.run(request).await;
    let Some(error) = response.extensions().get::<Error>().cloned() else {
        return response;
    };
    if error.status().is_server_error() {
        // The cause is told here and nowhere else.
        tracing::error!(%error, request = ?id, "a request failed");
    }
    if let Error::SignIn { next } = &error
        && !ctx.is_api()
    {
        let target = format!(
            "/sign-in?next={}",
            utf8_percent_encode(next, NON_ALPHANUMERIC)
        );
        return Redirect::to(&target).into_response();
    }
    let (title, detail) = error.words(&ctx);
    let (is_api, is_unknown) = (ctx.is_api(), matches!(error, Error::SignIn { .. }));
    let mut rendered = if is_api || !ctx.wants_html() {
        let mut problem = json!({
            "type": format!("{}/problems/{}", ctx.app.settings.public_url, error.id()),
            "title": title,
            "status": error.status().as_u16(),
        });
        if !detail.is_empty() {
            problem["detail"] = detail.into();
        }
        if let Error::Refused { field, .. } | Error::Unreadable { field, .. } = &error
            && !field.is_empty()
        {
            problem["field"] = field.clone().into();
        }
        if let Error::Problems(problems) = &error {
            let problems = problems.list().iter();
            problem["errors"] = problems
                .map(|(field, detail)| json!({"field": field, "detail": detail}))
                .collect();
        }
        if let Error::Refused { key, .. } | Error::Conflict { key } = &error {
            problem["reason"] = (*key).into();
        }
        let mut body = (error.status(), Json(problem)).into_response();
        body.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        body
    } else {
        match page(&ErrorPage { ctx, title, detail }) {
            Ok(mut body) => {
                *body.status_mut() = error.status();
                body
            }
            Err(_) => error.status().into_response(),
        }
    };
    for (name, value) in response.headers() {
        if [header::RETRY_AFTER, header::SET_COOKIE, header::ALLOW].contains(name) {
            rendered.headers_mut().append(name, value.clone());
        }
    }
    if is_api && is_unknown {
        rendered
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    rendered
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    rendered
}
