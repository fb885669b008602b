//! What programs send: JSON, read once. What is signed or judged of it is the text that was sent.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request as HttpRequest};
use badges_core::json::{self, Value};
use badges_core::proof::jwt::Jws;
use badges_core::verify::Purpose;

use super::JSON;
use super::answer::{Problem, Refusal};
use crate::App;
use crate::error::Error;
use crate::routes::api::kind;
use crate::verifying::Challenge;

/// The body of a request, which says that it is JSON and is not too long; an extractor.
pub(super) struct Body(pub(super) Bytes);

impl FromRequest<App> for Body {
    type Rejection = Error;

    async fn from_request(request: HttpRequest, app: &App) -> Result<Self, Error> {
        let kind = kind(request.headers());
        if kind != JSON && !kind.ends_with("+json") {
            return Err(Error::MediaType(JSON));
        }
        let bytes = Bytes::from_request(request, app).await;
        bytes.map(Self).map_err(|_| Error::TooLarge)
    }
}

/// A request.
pub(super) struct Request<'b> {
    text: &'b str,
    document: Value<'b>,
}

impl<'b> Request<'b> {
    pub(super) fn read(body: &'b [u8]) -> Result<Self, Refusal> {
        let refused = |detail| Refusal::one(Problem::Parsing, detail);
        let text =
            std::str::from_utf8(body).map_err(|_| refused("the request is no UTF-8".to_owned()))?;
        let document = json::parse(text)
            .map_err(|error| refused(format!("the request is no JSON: {error}")))?;
        Ok(Self { text, document })
    }

    pub(super) fn member(&self, name: &str) -> Option<&Value<'b>> {
        self.document.get(name)
    }

    pub(super) fn option(&self, name: &str) -> Option<&Value<'b>> {
        self.member("options")?.get(name)
    }

    /// A member that is an object, as the text that was sent.
    pub(super) fn object(&self, name: &'static str) -> Result<&'b str, Refusal> {
        let value = self.member(name);
        if value.is_none_or(|value| value.as_object().is_none()) {
            let problem = format!("the request needs a member `{name}` that is an object");
            return Err(Refusal::one(Problem::Parsing, problem));
        }
        let span = json::member_span(self.text, name).unwrap_or_default();
        Ok(&self.text[span])
    }

    /// A member that is an object, or a JWT, as credentials of version 1.1 can be: never JSON in a string.
    pub(super) fn object_or_jwt(&self, name: &'static str) -> Result<&str, Refusal> {
        let jwt = self.member(name).and_then(Value::as_str);
        match jwt.filter(|text| Jws::parse(text).is_ok()) {
            Some(jwt) => Ok(jwt),
            None => self.object(name),
        }
    }

    /// Whether the proof is expected to be made for what it can only be made for here (VC Data
    /// Integrity, 4.4).
    pub(super) fn expects(&self, purpose: Purpose) -> Result<(), Refusal> {
        let purpose = purpose.name();
        let expected = self.option("expectedProofPurpose").and_then(Value::as_str);
        match expected {
            Some(other) if other != purpose => {
                let detail = format!("its proof is for {purpose}, and {other} was expected");
                Err(Refusal::one(Problem::Verification, detail))
            }
            _ => Ok(()),
        }
    }

    /// What must be answered, if anything.
    pub(super) fn asked(&self) -> Result<Challenge, Refusal> {
        let text = |option: &str| match self.option(option) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone().into_owned())),
            Some(_) => {
                let problem = format!("options.{option} should be a text");
                Err(Refusal::one(Problem::Parsing, problem))
            }
        };
        Ok(Challenge {
            challenge: text("challenge")?,
            domain: text("domain")?,
        })
    }

    /// JSON pointers among the options; none when there is no such option.
    pub(super) fn pointers(&self, option: &str) -> Result<Vec<&str>, Refusal> {
        let items = self.option(option).map_or(&[][..], Value::items).iter();
        items
            .map(Value::as_str)
            .collect::<Option<_>>()
            .ok_or_else(|| {
                let problem = format!("options.{option} should be a list of JSON pointers");
                Refusal::one(Problem::Parsing, problem)
            })
    }
}
