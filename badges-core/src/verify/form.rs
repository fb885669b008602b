//! The forms in which a credential travels, told apart by their first characters, and the documents
//! in them.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::findings::Failure;
use crate::json::{self, Value};
use crate::proof::cose::{self, Sign1};
use crate::proof::enveloped::{EnvelopeFault, Enveloped, Kind, Syntax};
use crate::proof::is_media_type;
use crate::proof::jwt::Jws;
use crate::proof::sd_jwt::{self, SdJwt, SdJwtFault};

/// The form in which a credential travels.
pub(super) enum Form<'t> {
    /// JSON with proofs inside.
    Json(&'t str),
    /// A compact JWS around it.
    Jwt(Jws<'t>),
    /// An SD-JWT around it, whose holder shows some of it.
    SdJwt(SdJwt<'t>),
    /// A COSE_Sign1 around it.
    Cose(Box<Sign1>),
}

impl<'t> Form<'t> {
    /// Tells the forms apart.
    pub(super) fn detect(badge: &'t [u8]) -> Result<Self, Failure> {
        // Tag 18 and an array are one letter in UTF-8 too, but no text begins with it.
        if badge.first() == Some(&cose::TAG) {
            return Self::cose(Sign1::parse(badge));
        }
        let not_a_badge = |found: &str| Failure::NotABadge {
            found: found.to_owned(),
        };
        let text = std::str::from_utf8(badge)
            .map_err(|_| not_a_badge("a file that is neither text nor an image in PNG or SVG"))?;
        let trimmed = text.trim_start_matches('\u{feff}').trim();
        if trimmed.starts_with('{') {
            return Ok(Self::Json(text));
        }
        if SdJwt::is_like(trimmed) {
            return SdJwt::parse(trimmed)
                .map(Self::SdJwt)
                .map_err(|fault| Failure::SdJwt { fault });
        }
        let looks_like_jws = trimmed.bytes().filter(|&byte| byte == b'.').count() == 2
            && trimmed
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        if looks_like_jws {
            return Jws::parse(trimmed)
                .map(Self::Jwt)
                .map_err(|fault| Failure::Jws { fault });
        }
        if Sign1::is_like(trimmed) {
            return Self::cose(Sign1::from_text(trimmed));
        }
        Err(not_a_badge(match trimmed.chars().next() {
            None => "it is empty",
            Some('<') => "a web page or other XML",
            Some('[') => "a list; give each badge on its own",
            Some(_) => "text that is neither JSON nor a JWT",
        }))
    }

    fn cose(read: Result<Sign1, cose::CoseFault>) -> Result<Self, Failure> {
        read.map(|sign1| Self::Cose(Box::new(sign1)))
            .map_err(|fault| Failure::Cose { fault })
    }

    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Json(_) => "json",
            Self::Jwt(_) => "jwt",
            Self::SdJwt(_) => "sd-jwt",
            Self::Cose(_) => "cose",
        }
    }

    /// The documents in it.
    pub(super) fn parse(&self) -> Result<Parsed<'_>, Failure> {
        let mut undisclosed = 0;
        let mut partial = false;
        let mut incomplete = BTreeSet::new();
        let (document, header) = match self {
            Self::Json(text) => (strict(text)?, None),
            Self::Jwt(jws) => {
                let payload = strict(&jws.payload)?;
                // Without the tildes all that is concealed would seem not to be there.
                if sd_jwt::has_digests(&payload) {
                    return Err(Failure::SdJwt {
                        fault: SdJwtFault::NotCompact,
                    });
                }
                (payload, Some(strict(&jws.header)?))
            }
            Self::SdJwt(sd_jwt) => {
                let disclosed = sd_jwt
                    .disclosed()
                    .map_err(|fault| Failure::SdJwt { fault })?;
                undisclosed = disclosed.undisclosed;
                partial = disclosed.partial;
                incomplete = disclosed.incomplete;
                (disclosed.payload, Some(strict(&sd_jwt.jws.header)?))
            }
            Self::Cose(sign1) => (strict(&sign1.payload)?, None),
        };
        Ok(Parsed {
            document,
            header,
            undisclosed,
            partial,
            incomplete,
        })
    }

    const fn syntax(&self) -> Option<Syntax> {
        match self {
            Self::Json(_) => None,
            Self::Jwt(_) => Some(Syntax::Jwt),
            Self::SdJwt(_) => Some(Syntax::SdJwt),
            Self::Cose(_) => Some(Syntax::Cose),
        }
    }

    /// A media type, in the header, of something that is no credential: a presentation, a key
    /// binding, or what other systems sign with the same key (RFC 8725, 3.11).
    pub(super) fn foreign_type(&self, header: Option<&Value<'_>>) -> Option<String> {
        let typ = header.and_then(|header| header.get("typ"));
        let (written, known): (Option<Cow<'_, str>>, &[&str]) = match self {
            Self::Json(_) => return None,
            Self::Jwt(_) => (text(typ), &["JWT", "vc+jwt", "vc+ld+jwt"]),
            Self::SdJwt(_) => (text(typ), &["JWT", "vc+sd-jwt", "vc+ld+sd-jwt"]),
            Self::Cose(sign1) => {
                let content = sign1.content_type.as_deref();
                if let Some(content) = content.filter(|content| !is_media_type(content, "vc")) {
                    return Some(content.to_owned());
                }
                (sign1.r#type.as_deref().map(Cow::Borrowed), &["vc+cose"])
            }
        };
        let is_known = |written: &str| known.iter().any(|known| is_media_type(written, known));
        written
            .filter(|written| !is_known(written))
            .map(Cow::into_owned)
    }
}

/// A member as text; what is no string stands as JSON, so that it is no known media type.
fn text<'v>(member: Option<&'v Value<'_>>) -> Option<Cow<'v, str>> {
    member.map(|value| match value.as_str() {
        Some(text) => Cow::Borrowed(text),
        None => Cow::Owned(json::canonical(value)),
    })
}

fn strict(text: &str) -> Result<Value<'_>, Failure> {
    json::parse(text).map_err(|error| Failure::Syntax {
        line: error.line,
        column: error.column,
        reason: error.fault.to_string(),
    })
}

/// The documents in a form.
pub(super) struct Parsed<'t> {
    /// The JSON document; for what envelopes it, the payload.
    pub(super) document: Value<'t>,
    /// The JOSE header.
    pub(super) header: Option<Value<'t>>,
    /// How many digests of an SD-JWT stand for nothing that is shown.
    pub(super) undisclosed: usize,
    /// Whether members of the credential itself may be among them.
    pub(super) partial: bool,
    /// The members of the credential inside which some of them are.
    pub(super) incomplete: BTreeSet<String>,
}

/// The content of an `EnvelopedVerifiableCredential` (Verifiable Credentials 2.0, 4.12), when the
/// badge is one.
pub(super) struct Opened(Enveloped);

impl Opened {
    pub(super) fn of(badge: &[u8]) -> Result<Option<Self>, Failure> {
        const TYPE: &[u8] = b"EnvelopedVerifiable";
        // Only then is it worth reading twice.
        if memchr::memmem::find(badge, TYPE).is_none() {
            return Ok(None);
        }
        let Ok(Form::Json(text)) = Form::detect(badge) else {
            return Ok(None);
        };
        // What is no JSON is said where the form is read.
        let Ok(document) = json::parse(text) else {
            return Ok(None);
        };
        if Enveloped::kind_of(&document) == Some(Kind::Presentation) {
            return Err(Failure::OtherType {
                types: vec!["EnvelopedVerifiablePresentation".to_owned()],
            });
        }
        Self::open(&document)
    }

    /// The content of a document that is an envelope.
    pub(super) fn open(document: &Value<'_>) -> Result<Option<Self>, Failure> {
        let opened = Enveloped::open(document).transpose();
        opened
            .map(|opened| opened.map(Self))
            .map_err(|fault| Failure::Envelope { fault })
    }

    /// What is in it: never another envelope.
    pub(super) fn form(&self) -> Result<Form<'_>, Failure> {
        let form = Form::detect(&self.0.content)?;
        if form.syntax() == Some(self.0.syntax) {
            Ok(form)
        } else {
            Err(Failure::Envelope {
                fault: EnvelopeFault::OtherContent,
            })
        }
    }
}
