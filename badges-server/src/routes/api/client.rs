//! Programs that act for a person, with a token.

use std::collections::HashMap;
use std::ops::Deref;

use axum::extract::{FromRequestParts, Path};
use axum::http::header;
use axum::http::request::Parts;

use crate::auth::{Desk, Signed};
use crate::db::Role;
use crate::error::Error;
use crate::{App, secret};

/// What a token may be used for, within what its person may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Read everything of the issuer that the person may read.
    Read,
    /// Import participants, award, and change the standing of awards.
    Award,
    /// Change workshops, and achievements where the person is an owner.
    Manage,
    /// Change the issuer and its members.
    Administer,
    /// Sign any credential in the issuer's name, through the VC-API.
    Sign,
}

/// All scopes.
pub(crate) const SCOPES: [Scope; 5] = [
    Scope::Read,
    Scope::Award,
    Scope::Manage,
    Scope::Administer,
    Scope::Sign,
];

/// What tokens begin with, so that programs that look for lost secrets find them.
pub(crate) const PREFIX: &str = "badges_";

/// A program with a token for the issuer in the path (`{issuer}`, its slug); an extractor. It stands at
/// the desk of its person, with the part of their rights that its scopes name. A token for another
/// issuer gets *not found*, as if there were none.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    /// The token's id.
    pub(crate) token: String,
    pub(crate) desk: Desk,
    scopes: Vec<Scope>,
}

impl Deref for Client {
    type Target = Desk;

    fn deref(&self) -> &Desk {
        &self.desk
    }
}

impl Scope {
    /// The name in tokens and in the description of the API.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Award => "award",
            Self::Manage => "manage",
            Self::Administer => "administer",
            Self::Sign => "sign",
        }
    }

    /// The scope of this name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        SCOPES.into_iter().find(|scope| scope.as_str() == name)
    }

    /// What the person must be for the scope to be of any use.
    pub(crate) const fn role(self) -> Role {
        match self {
            Self::Read => Role::Reviewer,
            Self::Award | Self::Manage => Role::Trainer,
            Self::Administer | Self::Sign => Role::Owner,
        }
    }
}

impl Client {
    /// Goes on if the token has this scope and its person still the role for it.
    ///
    /// # Errors
    /// [`Error::Forbidden`] if not.
    pub(crate) fn may(&self, scope: Scope) -> Result<(), Error> {
        if self.has(scope) {
            Ok(())
        } else {
            Err(Error::Forbidden)
        }
    }

    /// Whether the token has this scope and its person still the role for it.
    pub(crate) fn has(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope) && self.desk.role >= scope.role()
    }
}

impl FromRequestParts<App> for Client {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let unknown = || Error::SignIn {
            next: parts.uri.path().to_owned(),
        };
        let header = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let value = header
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, value)| value.trim())
            .filter(|value| value.starts_with(PREFIX))
            .ok_or_else(unknown)?;
        let token = app
            .db
            .use_token(&secret::hash(value), app.seconds())
            .await?
            .ok_or_else(unknown)?;
        let issuer = app.db.issuer(&token.issuer).await?.ok_or_else(unknown)?;
        let member = app
            .db
            .member(&issuer.id, &token.person)
            .await?
            .ok_or(Error::Forbidden)?;
        let Path(names) = Path::<HashMap<String, String>>::from_request_parts(parts, app)
            .await
            .map_err(|_| Error::NotFound)?;
        if names.get("issuer").is_some_and(|slug| *slug != issuer.slug) {
            return Err(Error::NotFound);
        }
        let person = Signed {
            id: token.person,
            name: member.name.clone().unwrap_or_default(),
            language: None,
            csrf: String::new(),
            session: String::new(),
        };
        Ok(Self {
            token: token.id,
            desk: Desk {
                role: member.role(),
                every_achievement: member.every_achievement,
                issuer,
                person,
            },
            scopes: token
                .scopes
                .split(' ')
                .filter_map(Scope::from_name)
                .collect(),
        })
    }
}
