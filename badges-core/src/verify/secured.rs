//! A secured credential taken apart: which document is the credential, and what secures it.

use super::findings::{Failure, Unknown};
use super::report::{IdentifierSummary, IssuerSummary, Outcome, Summary};
use crate::json::{self, Value};
use crate::jsonld::{Edition, Fault, FaultKind, Policy, RootContext};
use crate::model::{CredentialKind, DataModel, IdentityObject, issuer_id};
use crate::proof::jwt::Jws;

/// The form in which a credential travels.
pub(super) enum Form<'t> {
    /// JSON with proofs inside.
    Json,
    /// A compact JWS around it.
    Jwt(Jws<'t>),
}

/// A document that cannot be turned into statements, or whose contexts are not known: the answer
/// to the check of its form.
pub(super) struct Unreadable(pub(super) Outcome);

impl From<Fault> for Unreadable {
    fn from(fault: Fault) -> Self {
        Self(match fault.kind {
            FaultKind::UnknownContext { url } => Outcome::Unknown(Unknown::Context { url }),
            FaultKind::NoContext
            | FaultKind::InlineContext
            | FaultKind::MalformedContext
            | FaultKind::UnsupportedContext { .. } => Outcome::Failed(Failure::Context { fault }),
            _ => Outcome::Failed(Failure::Ambiguous { fault }),
        })
    }
}

impl<'t> Form<'t> {
    /// Tells JSON from JWT.
    pub(super) fn detect(text: &'t str) -> Result<Self, Failure> {
        let trimmed = text.trim_start_matches('\u{feff}').trim();
        if trimmed.starts_with('{') {
            return Ok(Self::Json);
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
        let found = match trimmed.chars().next() {
            None => "it is empty",
            Some('<') => "a web page or other XML",
            Some('[') => "a list; give each badge on its own",
            Some(_) => "text that is neither JSON nor a JWT",
        };
        Err(Failure::NotABadge {
            found: found.to_owned(),
        })
    }

    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Jwt(_) => "jwt",
        }
    }
}

/// The documents in a text.
pub(super) struct Parsed<'t> {
    /// The JSON document; for JWT, the payload.
    pub(super) document: Value<'t>,
    /// The JWT's header.
    header: Option<Value<'t>>,
}

impl<'t> Parsed<'t> {
    /// The JWS that the document came in, and its header.
    pub(super) fn signed<'v>(&'v self, form: &'v Form<'t>) -> Option<(&'v Jws<'v>, &'v Value<'v>)> {
        match (form, &self.header) {
            (Form::Jwt(jws), Some(header)) => Some((jws, header)),
            _ => None,
        }
    }
}

pub(super) fn parse<'t>(text: &'t str, form: &'t Form<'t>) -> Result<Parsed<'t>, Failure> {
    let strict = |text: &'t str| {
        json::parse(text).map_err(|error| Failure::Syntax {
            line: error.line,
            column: error.column,
            reason: error.fault.to_string(),
        })
    };
    match form {
        Form::Json => Ok(Parsed {
            document: strict(text)?,
            header: None,
        }),
        Form::Jwt(jws) => Ok(Parsed {
            document: strict(&jws.payload)?,
            header: Some(strict(&jws.header)?),
        }),
    }
}

/// What secures a credential.
pub(super) enum Security<'v> {
    /// The proofs inside it.
    Proofs,
    /// The JWT around it.
    Jwt {
        jws: &'v Jws<'v>,
        header: &'v Value<'v>,
        claims: &'v Value<'v>,
    },
}

/// A credential and what secures it.
pub(super) struct Secured<'v> {
    pub(super) credential: &'v Value<'v>,
    pub(super) security: Security<'v>,
}

impl<'v> Secured<'v> {
    /// A credential inside another one, with its own proofs.
    pub(super) const fn embedded(credential: &'v Value<'v>) -> Self {
        Self {
            credential,
            security: Security::Proofs,
        }
    }

    pub(super) fn new(parsed: &'v Parsed<'v>, form: &'v Form<'v>) -> Result<Self, Failure> {
        let document = &parsed.document;
        let (Form::Jwt(jws), Some(header)) = (form, &parsed.header) else {
            return Ok(Self::embedded(document));
        };
        let wrapped = document.get("vc");
        let credential = wrapped.unwrap_or(document);
        if wrapped.is_some() != (DataModel::of(credential) == DataModel::V1) {
            return Err(Failure::JwtModel {});
        }
        Ok(Self {
            credential,
            security: Security::Jwt {
                jws,
                header,
                claims: document,
            },
        })
    }

    /// Whether it is a credential that is judged here at all, under contexts that are known.
    pub(super) fn check_form(&self, policy: Policy) -> Result<(), Outcome> {
        let failed = |failure| Err(Outcome::Failed(failure));
        if self.credential.as_object().is_none() {
            return failed(Failure::NotABadge {
                found: format!("{} where a credential should be", self.credential.kind()),
            });
        }
        if self.credential.get("@context").is_none() && self.credential.get("type").is_none() {
            return failed(Failure::NotABadge {
                found: "JSON without a @context and a type".to_owned(),
            });
        }
        RootContext::of(self.credential, Edition::NEWEST, policy)
            .map_err(|fault| Unreadable::from(fault).0)?;
        if policy == Policy::Badge && CredentialKind::of(self.credential) == CredentialKind::Other {
            return failed(Failure::OtherType {
                types: self.types(),
            });
        }
        Ok(())
    }

    /// The claim of a JWT, where there is one.
    pub(super) fn claim(&self, name: &str) -> Option<&'v Value<'v>> {
        match self.security {
            Security::Jwt { claims, .. } => claims.get(name),
            Security::Proofs => None,
        }
    }

    /// `issuer` or `issuer.id`; in a JWT of version 1.1 the claim `iss` may stand for it.
    pub(super) fn issuer(&self) -> Option<&'v str> {
        issuer_id(self.credential).or_else(|| self.claim("iss")?.as_str())
    }

    fn types(&self) -> Vec<String> {
        let types = self.credential.list("type").iter();
        types.filter_map(Value::as_str).map(str::to_owned).collect()
    }

    pub(super) fn summary(&self) -> Summary {
        let text = |name: &str| self.credential.text(name).map(str::to_owned);
        let subject = self.credential.list("credentialSubject").first();
        let achievement = subject.and_then(|subject| subject.get("achievement"));
        let claimed = |name: &str| self.claim(name)?.as_str().map(str::to_owned);
        Summary {
            id: text("id").or_else(|| claimed("jti")),
            types: self.types(),
            name: text("name").or_else(|| {
                let name = achievement.and_then(|achievement| achievement.text("name"));
                name.map(str::to_owned)
            }),
            issuer: IssuerSummary {
                id: self.issuer().map(str::to_owned),
                name: self
                    .credential
                    .get("issuer")
                    .and_then(|issuer| issuer.text("name"))
                    .map(str::to_owned),
            },
            achievement: achievement
                .and_then(|achievement| achievement.text("id"))
                .map(str::to_owned),
            valid_from: text("validFrom").or_else(|| text("issuanceDate")),
            valid_until: text("validUntil").or_else(|| text("expirationDate")),
            awarded_date: text("awardedDate"),
            subject: subject
                .and_then(|subject| subject.text("id"))
                .map(str::to_owned),
            identifiers: subject
                .map_or(&[][..], |subject| subject.list("identifier"))
                .iter()
                .filter_map(IdentityObject::read)
                .map(|identity| IdentifierSummary {
                    r#type: identity.identity_type.as_str().to_owned(),
                    hashed: identity.hashed,
                    identity: (!identity.hashed).then_some(identity.identity_hash),
                })
                .collect(),
        }
    }
}
