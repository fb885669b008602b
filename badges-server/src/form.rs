//! Forms from our own pages. A form of somebody who is signed in carries the session's token;
//! forms of nobody do nothing that a stranger could not do.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::extract::{FromRequestParts as _, State};
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::Response;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::App;
use crate::error::Error;
use crate::page::Ctx;
use crate::routes::holding;

/// The fields of a form, its token checked. Fields of the same name become a list.
pub(crate) struct Form<T>(pub(crate) T);

#[derive(Deserialize)]
struct Token {
    #[serde(default)]
    csrf: String,
}

impl<T: DeserializeOwned> FromRequest<App> for Form<T> {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self, Error> {
        let (mut parts, body) = request.into_parts();
        let ctx = Ctx::from_request_parts(&mut parts, app).await?;
        let bytes = Bytes::from_request(Request::from_parts(parts, body), app)
            .await
            .map_err(|_| Error::TooLarge)?;
        let token: Token = serde_html_form::from_bytes(&bytes).map_err(unreadable)?;
        check_token(&ctx, &token.csrf)?;
        serde_html_form::from_bytes(&bytes).map(Self).map_err(unreadable)
    }
}

/// Checks the token of a form that is read in another way.
///
/// # Errors
/// [`Error::Csrf`] when somebody is signed in and the token is not the session's.
pub(crate) fn check_token(ctx: &Ctx, token: &str) -> Result<(), Error> {
    // Hashed, so that the time of comparing tells nothing.
    match &ctx.person {
        Some(person) if crate::secret::hash(&person.csrf) != crate::secret::hash(token) => Err(Error::Csrf),
        _ => Ok(()),
    }
}

fn unreadable(error: serde_html_form::de::Error) -> Error {
    Error::Unreadable { field: "form".to_owned(), problem: error.to_string() }
}

/// Refuses requests that change something and come from pages of others, by what browsers say of
/// where a request comes from (Fetch Metadata, `Origin`). Programs with a token are no browsers.
pub(crate) async fn same_origin(State(app): State<App>, request: Request, next: Next) -> Result<Response, Error> {
    if is_allowed(&app, &request) { Ok(next.run(request).await) } else { Err(Error::Csrf) }
}

fn is_allowed(app: &App, request: &Request) -> bool {
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if is_safe || request.headers().contains_key(header::AUTHORIZATION) {
        return true;
    }
    let says = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    match (says("sec-fetch-site"), says("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        // Pages whose address is a secret tell nobody where a form comes from, not even us. Who does
        // not know the address cannot send the form.
        (None, Some("null")) => holding::is_secret(request.uri().path()),
        (None, Some(origin)) => {
            let host = says("host").unwrap_or_default();
            origin == app.settings.public_url.origin() || origin.split_once("://").is_some_and(|(_, own)| own == host)
        }
        (None, None) => true,
    }
}
