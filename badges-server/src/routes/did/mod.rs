//! DID resolution for everybody ([HTTPS binding]): did:key and did:jwk from the DID alone, did:web of
//! our own issuers from the database, that of others through the guarded fetcher.
//!
//! [HTTPS binding]: https://w3c.github.io/did-resolution/#bindings-https

mod accept;
mod answer;
mod dialect;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use axum::routing::get;
use badges_core::did::{self, Did, DidFault, DidUrl};
use badges_core::json;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::App;
use crate::error::Error;
use crate::rate::{Cost, costly};
use crate::verifying::document_at;
use accept::{RESOLUTION, Wanted};
use answer::{Problem, Refusal, answer};

/// Where DIDs are resolved: the path is that of other resolvers.
const PATH: &str = "/1.0/identifiers/";

pub(super) fn routes(open: bool) -> Router<App> {
    let routes = Router::new()
        // Without a DID, so that this is what is said to be wrong.
        .route(PATH, costly(Cost::Verify, get(identifier)))
        .route(
            "/1.0/identifiers/{*did}",
            costly(Cost::Verify, get(identifier)),
        );
    if open {
        routes.route("/did-key/{did}", get(dialect::answer))
    } else {
        routes
    }
}

/// Answers what was asked of a DID or a DID URL.
async fn identifier(
    State(app): State<App>,
    uri: Uri,
    request: HeaderMap,
) -> Result<Response, Error> {
    let written = written(uri.path().strip_prefix(PATH).unwrap_or_default());
    let is_url = written.contains(['/', '?', '#']);
    let Some(wanted) = Wanted::of(&request, is_url) else {
        let refusal = Problem::RepresentationNotSupported
            .because("it can be had as application/did-resolution and as application/did");
        return Ok(answer(Wanted::Resolution(RESOLUTION), Err(refusal)));
    };
    let found = match understood(&uri, &written, wanted) {
        Ok(url) => find(&app, url).await?,
        Err(refusal) => Err(refusal),
    };
    Ok(answer(wanted, found))
}

/// A DID or DID URL as it was written. Clients may percent-encode it as a whole, or only what a path
/// cannot carry, the `#`. Nothing else is decoded then: DIDs may have percent-encoded parts of their
/// own, such as the port of a did:web.
fn written(path: &str) -> String {
    let encoded = path
        .get(..6)
        .is_some_and(|start| start.eq_ignore_ascii_case("did%3a"));
    if encoded {
        percent_decode_str(path).decode_utf8_lossy().into_owned()
    } else {
        path.replace("%23", "#")
    }
}

/// What is to be found, if it is something that can be.
fn understood<'w>(uri: &Uri, written: &'w str, wanted: Wanted) -> Result<DidUrl<'w>, Refusal> {
    if let Wanted::Resolution(_) = wanted {
        Did::parse(written)?;
    }
    let url = DidUrl::parse(written)?;
    if !url.path.is_empty() || url.query.is_some() {
        let detail = "of DID URLs only those are dereferenced that have neither a path nor a query";
        return Err(Problem::FeatureNotSupported.because(detail));
    }
    let options = uri.query().unwrap_or_default().split('&');
    let mut names = options.filter_map(|option| option.split('=').next());
    // To answer with another version would be wrong.
    if names.any(|name| matches!(name, "versionId" | "versionTime")) {
        return Err(Problem::FeatureNotSupported.because("only the newest version is known"));
    }
    Ok(url)
}

/// A DID's document, or what the fragment names in it.
async fn find(app: &App, url: DidUrl<'_>) -> Result<Result<Value, Refusal>, Error> {
    let document = match url.did.method() {
        "web" => published(app, url.did).await?,
        _ => did::document(url.did.as_str()).map_err(Refusal::from),
    };
    Ok(document.and_then(|document| match url.fragment {
        None => Ok(document),
        Some(fragment) => did::resource(&document, url.did.as_str(), fragment)
            .cloned()
            .ok_or_else(|| Problem::NotFound.because("the document names nothing so")),
    }))
}

/// The document of a did:web, which must be about it.
async fn published(app: &App, did: Did<'_>) -> Result<Result<Value, Refusal>, Error> {
    let Some(url) = did::web_document_url(did.as_str()) else {
        return Ok(Err(DidFault::InvalidDid.into()));
    };
    let body = match document_at(app, &url).await? {
        Ok(body) => body,
        Err(error) => return Ok(Err(error.into())),
    };
    let invalid = |detail: String| Err(Problem::InvalidDidDocument.because(detail));
    let Ok(text) = std::str::from_utf8(&body) else {
        return Ok(invalid("it is no UTF-8".to_owned()));
    };
    Ok(match json::parse(text) {
        Err(error) => invalid(error.to_string()),
        Ok(document) if document.text("id") != Some(did.as_str()) => {
            invalid("it is about another id".to_owned())
        }
        Ok(_) => serde_json::from_str(text).or_else(|error| invalid(error.to_string())),
    })
}
