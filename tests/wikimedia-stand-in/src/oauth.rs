//! OAuth 2 as MediaWiki's extension OAuth serves it.

use std::collections::HashMap;
use std::fmt::Write as _;

use axum::Json;
use axum::extract::{Form, OriginalUri, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::wiki::{Grant, Wiki};
use crate::{Shared, lock};

type Parameters = HashMap<String, String>;

/// Asks for consent. Here everybody consents at once, except by the link to refuse.
pub(crate) async fn authorize(
    State(wiki): State<Shared>,
    OriginalUri(uri): OriginalUri,
    Query(asked): Query<Parameters>,
) -> Response {
    let mut wiki = lock(&wiki);
    let value = |name: &str| asked.get(name).map(String::as_str);
    if value("response_type") != Some("code") {
        return error_page("invalid_request: response_type");
    }
    if value("client_id") != Some(wiki.client.id.as_str()) {
        return error_page("invalid_client");
    }
    let callbacks = &wiki.client.callbacks;
    let Some(redirect_uri) = value("redirect_uri")
        .filter(|uri| callbacks.is_empty() || callbacks.iter().any(|callback| callback == uri))
    else {
        return error_page("invalid_client: redirect_uri");
    };
    if value("code_challenge").is_some() && value("code_challenge_method") != Some("S256") {
        return error_page("invalid_request: code_challenge_method");
    }

    let state = value("state").unwrap_or_default();
    if value("cancel").is_some() {
        return redirect(
            redirect_uri,
            &[("error", "access_denied"), ("state", state)],
        );
    }
    let chosen = value("account").and_then(|id| id.parse().ok());
    let central_id = chosen.or(wiki.signed_in);
    let Some(central_id) = central_id.filter(|id| wiki.accounts.contains_key(id)) else {
        return sign_in_page(&wiki, &uri.to_string());
    };
    let grant = Grant {
        central_id,
        redirect_uri: Some(redirect_uri.to_owned()),
        code_challenge: value("code_challenge").map(str::to_owned),
    };
    let code = wiki.issue("code");
    wiki.codes.insert(code.clone(), grant);
    redirect(redirect_uri, &[("code", &code), ("state", state)])
}

/// Gives a token for a code, once.
pub(crate) async fn access_token(
    State(wiki): State<Shared>,
    Form(asked): Form<Parameters>,
) -> Response {
    let mut wiki = lock(&wiki);
    let value = |name: &str| asked.get(name).map(String::as_str);
    if value("grant_type") != Some("authorization_code") {
        let error = "unsupported_grant_type";
        return refusal(
            StatusCode::BAD_REQUEST,
            error,
            "Check that all required parameters have been provided",
        );
    }
    let client = &wiki.client;
    if value("client_id") != Some(&client.id) || value("client_secret") != Some(&client.secret) {
        return refusal(StatusCode::UNAUTHORIZED, "invalid_client", "");
    }
    let Some(grant) = value("code").and_then(|code| wiki.codes.remove(code)) else {
        let hint = "Authorization code has been revoked";
        return refusal(StatusCode::BAD_REQUEST, "invalid_grant", hint);
    };
    if grant.redirect_uri.as_deref() != value("redirect_uri") {
        return refusal(
            StatusCode::BAD_REQUEST,
            "invalid_request",
            "Invalid redirect URI",
        );
    }
    let verifier = value("code_verifier").unwrap_or_default();
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
    if grant
        .code_challenge
        .is_some_and(|agreed| agreed != challenge)
    {
        let hint = "Failed to verify `code_verifier`.";
        return refusal(StatusCode::BAD_REQUEST, "invalid_grant", hint);
    }
    let token = wiki.issue("token");
    wiki.tokens.insert(token.clone(), grant.central_id);
    Json(json!({
        "token_type": "Bearer",
        "expires_in": 14_400,
        "access_token": token,
        "refresh_token": wiki.issue("refresh"),
    }))
    .into_response()
}

/// Says who the bearer of a token is.
pub(crate) async fn profile(State(wiki): State<Shared>, headers: HeaderMap) -> Response {
    let wiki = lock(&wiki);
    let authorization = headers.get(header::AUTHORIZATION);
    let token = authorization
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    let central_id = token.and_then(|token| wiki.tokens.get(token));
    let known = central_id.and_then(|id| Some((id, wiki.accounts.get(id)?)));
    let Some((central_id, account)) = known else {
        let hint = "The access token could not be verified";
        return refusal(StatusCode::UNAUTHORIZED, "access_denied", hint);
    };
    let id = if account.attached { *central_id } else { 0 };
    let sub = id.to_string();
    if account.suppressed {
        return Json(json!({"sub": sub, "blocked": true})).into_response();
    }
    let mut profile = json!({
        "sub": sub,
        "username": account.name,
        "editcount": 100,
        "confirmed_email": true,
        "email_verified": true,
        "blocked": account.blocked,
        "registered": account.registered,
        "groups": ["*", "user", "autoconfirmed"],
        "rights": ["read", "edit"],
        "grants": ["mwoauth-authonly"],
    });
    if wiki.tells_private {
        profile["realname"] = Value::from("Real Name");
        profile["email"] = Value::from("volunteer@example.org");
    }
    Json(profile).into_response()
}

fn refusal(status: StatusCode, error: &str, hint: &str) -> Response {
    let body = json!({"error": error, "error_description": hint, "hint": hint, "message": hint});
    (status, Json(body)).into_response()
}

fn redirect(uri: &str, parameters: &[(&str, &str)]) -> Response {
    let mut location = uri.to_owned();
    for (name, value) in parameters {
        let separator = if location.contains('?') { '&' } else { '?' };
        location = format!("{location}{separator}{name}={}", encoded(value));
    }
    (StatusCode::FOUND, [(header::LOCATION, location)]).into_response()
}

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}

fn error_page(error: &str) -> Response {
    let page = format!("<!DOCTYPE html><title>OAuth error</title><p>{error}");
    (StatusCode::BAD_REQUEST, Html(page)).into_response()
}

/// Nobody is signed in: a link for each account.
fn sign_in_page(wiki: &Wiki, uri: &str) -> Response {
    let uri = escaped(uri);
    let mut page = "<!DOCTYPE html><html lang=\"en\"><title>Log in</title>".to_owned();
    for (id, account) in &wiki.accounts {
        let name = escaped(&account.name);
        page += &format!("<p><a id=\"account-{id}\" href=\"{uri}&amp;account={id}\">{name}</a>");
    }
    page += &format!("<p><a id=\"cancel\" href=\"{uri}&amp;cancel=1\">Cancel</a>");
    Html(page).into_response()
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('"', "&quot;")
}
