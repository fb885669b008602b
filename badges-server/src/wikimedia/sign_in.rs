//! Signing in with Wikimedia: OAuth 2 with PKCE (RFC 7636), and who it was.
//!
//! Only the scope `mwoauth-authonly` is asked for. MediaWiki has no OpenID Connect discovery and no
//! ID tokens, so who signed in is asked for with the token, over TLS.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use badges_core::participants::UserName;

use super::client::Request;
use super::events::time_stamp;
use super::talk::with_query;
use super::{Wikimedia, WikimediaError};

/// The one thing that is asked of the person who signs in: who they are.
const SCOPE: &str = "mwoauth-authonly";

/// How this service is registered with the wiki (`Special:OAuthConsumerRegistration`).
pub struct OAuthClient {
    id: String,
    secret: String,
}

/// Signing in with Wikimedia, where it is set up.
#[derive(Clone, Copy, Debug)]
pub struct SignIn<'a> {
    wikimedia: &'a Wikimedia,
    client: &'a OAuthClient,
}

/// The two halves that tie a code to the browser that asked for it (RFC 7636).
pub struct Pkce {
    /// What is kept in the browser's session until it comes back.
    pub verifier: String,
    /// What is sent along.
    pub challenge: String,
}

/// What a profile can be asked for with.
pub struct Token(String);

/// Who signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Profile {
    /// An account that can be told.
    Usable {
        /// Its id on the whole wiki farm; stays when it is renamed.
        central_id: u64,
        /// Its name now.
        name: UserName,
        /// Whether it is blocked on the wiki that was asked.
        blocked: bool,
        /// When it was registered; not known of the oldest accounts.
        registered: Option<OffsetDateTime>,
    },
    /// An account whose name is hidden from everybody.
    Suppressed {
        /// Its id on the whole wiki farm.
        central_id: u64,
    },
    /// An account of one wiki only, that belongs to none of the whole farm.
    NotAttached,
}

impl OAuthClient {
    /// The id and the secret that the wiki gave.
    #[must_use]
    pub fn new(id: String, secret: String) -> Self {
        Self { id, secret }
    }
}

impl Pkce {
    /// From 32 random bytes, with the method `S256`.
    #[must_use]
    pub fn new(random: &[u8; 32]) -> Self {
        let verifier = URL_SAFE_NO_PAD.encode(random);
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
        Self {
            verifier,
            challenge,
        }
    }
}

impl<'a> SignIn<'a> {
    pub(super) const fn new(wikimedia: &'a Wikimedia, client: &'a OAuthClient) -> Self {
        Self { wikimedia, client }
    }

    /// Where to send the browser. It comes back to `redirect_uri` with `code` and `state`, or with
    /// `error` and `state`. `state` is to be random and kept in the session; `ui_language` is the
    /// language of the page there.
    #[must_use]
    pub fn authorize_url(
        &self,
        state: &str,
        code_challenge: &str,
        redirect_uri: &str,
        ui_language: &str,
    ) -> String {
        let path = format!("{}/w/rest.php/oauth2/authorize", self.wikimedia.address);
        with_query(
            &path,
            &[
                ("response_type", "code"),
                ("client_id", &self.client.id),
                ("redirect_uri", redirect_uri),
                ("scope", SCOPE),
                ("state", state),
                ("code_challenge", code_challenge),
                ("code_challenge_method", "S256"),
                ("ui_locales", ui_language),
            ],
        )
    }

    /// Gets a token for the code that the browser came back with. `redirect_uri` is the one that
    /// [`authorize_url`](Self::authorize_url) was made with.
    ///
    /// # Errors
    /// [`WikimediaError`]; a code that is used, too old or another browser's is
    /// [`Refused`](WikimediaError::Refused).
    pub async fn exchange(
        &self,
        code: &str,
        verifier: &str,
        redirect_uri: &str,
    ) -> Result<Token, WikimediaError> {
        let call = "access_token";
        let request = Request {
            call,
            path: "/w/rest.php/oauth2/access_token".to_owned(),
            bearer: None,
            form: Some(vec![
                ("grant_type", "authorization_code".to_owned()),
                ("client_id", self.client.id.clone()),
                ("client_secret", self.client.secret.clone()),
                ("code", code.to_owned()),
                ("code_verifier", verifier.to_owned()),
                ("redirect_uri", redirect_uri.to_owned()),
            ]),
            only_reads: false,
        };
        let answer: TokenAnswer = self.wikimedia.ask(request).await?;
        if !answer.token_type.eq_ignore_ascii_case("bearer") {
            return Err(WikimediaError::member(call, "token_type"));
        }
        // RFC 6750, section 2.1: what can stand in a header.
        let token = Token(answer.access_token);
        if token.0.is_empty() || !token.0.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(WikimediaError::member(call, "access_token"));
        }
        Ok(token)
    }

    /// Asks who got the token.
    ///
    /// # Errors
    /// [`WikimediaError`].
    pub async fn profile(&self, token: &Token) -> Result<Profile, WikimediaError> {
        let call = "profile";
        let request = Request {
            call,
            path: "/w/rest.php/oauth2/resource/profile".to_owned(),
            bearer: Some(token.0.clone()),
            form: None,
            only_reads: true,
        };
        let answer: ProfileAnswer = self.wikimedia.ask(request).await?;
        profile(answer).map_err(|member| WikimediaError::member(call, member))
    }
}

#[derive(Deserialize)]
struct TokenAnswer {
    token_type: String,
    access_token: String,
}

/// All that is read of a profile. It may hold a real name and an e-mail address, which must not even
/// come into memory as values.
#[derive(Deserialize)]
struct ProfileAnswer {
    sub: Subject,
    username: Option<String>,
    #[serde(default)]
    blocked: bool,
    registered: Option<String>,
}

/// The central id: a string, and in older versions a number.
#[derive(Deserialize)]
#[serde(untagged)]
enum Subject {
    Text(String),
    Number(u64),
}

fn profile(answer: ProfileAnswer) -> Result<Profile, &'static str> {
    let central_id = match answer.sub {
        Subject::Number(id) => id,
        Subject::Text(text) => text.parse().map_err(|_| "sub")?,
    };
    if central_id == 0 {
        return Ok(Profile::NotAttached);
    }
    let Some(name) = answer.username else {
        return Ok(Profile::Suppressed { central_id });
    };
    let registered = answer.registered.as_deref().map(time_stamp).transpose();
    Ok(Profile::Usable {
        central_id,
        name: UserName::parse(&name).map_err(|_| "username")?,
        blocked: answer.blocked,
        registered: registered
            .map_err(|_| "registered")?
            .map(time::PrimitiveDateTime::assume_utc),
    })
}

impl fmt::Debug for OAuthClient {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = out.debug_struct("OAuthClient");
        shown.field("id", &self.id).finish_non_exhaustive()
    }
}

impl fmt::Debug for Pkce {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = out.debug_struct("Pkce");
        shown
            .field("challenge", &self.challenge)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Token(..)")
    }
}
