//! Programs that act for a person, with a token.

use std::collections::HashMap;

use axum::extract::{FromRequestParts, Path};
use axum::http::header;
use axum::http::request::Parts;

use crate::db::{Issuer, Role};
use crate::error::Error;
use crate::{App, secret};

/// What a token may be used for, within what its person may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Read everything of the issuer that the person may read.
    Read,
    /// Import participants, award, and change the standing of awards.
    Award,
    /// Change achievements and workshops.
    Manage,
    /// Change the issuer and its members.
    Administer,
}

/// All scopes.
pub(crate) const SCOPES: [Scope; 4] = [Scope::Read, Scope::Award, Scope::Manage, Scope::Administer];

/// What tokens begin with, so that programs that look for lost secrets find them.
pub(crate) const PREFIX: &str = "badges_";

/// A program with a token for the issuer in the path (`{issuer}`, its slug); an extractor. A token for
/// another issuer gets *not found*, as if there were none.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    /// The token's id.
    pub(crate) token: String,
    /// Whom it acts for.
    pub(crate) person: String,
    pub(crate) issuer: Issuer,
    pub(crate) role: Role,
    /// Whether a trainer may award every achievement of the issuer.
    pub(crate) every_achievement: bool,
    scopes: Vec<Scope>,
}

impl Scope {
    /// The name in tokens and in the description of the API.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Award => "award",
            Self::Manage => "manage",
            Self::Administer => "administer",
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
            Self::Award => Role::Trainer,
            Self::Manage | Self::Administer => Role::Owner,
        }
    }
}

impl Client {
    /// Goes on if the token has this scope and its person still this role.
    ///
    /// # Errors
    /// [`Error::Forbidden`] if not.
    pub(crate) fn needs(&self, scope: Scope, role: Role) -> Result<(), Error> {
        if self.scopes.contains(&scope) && self.role >= role {
            Ok(())
        } else {
            Err(Error::Forbidden)
        }
    }
}

impl FromRequestParts<App> for Client {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let unknown = || Error::SignIn { next: parts.uri.path().to_owned() };
        let header = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let value = header
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, value)| value.trim())
            .filter(|value| value.starts_with(PREFIX))
            .ok_or_else(unknown)?;
        let token = app.db.use_token(&secret::hash(value), app.seconds()).await?.ok_or_else(unknown)?;
        let issuer = app.db.issuer(&token.issuer).await?.ok_or_else(unknown)?;
        let member = app.db.member(&issuer.id, &token.person).await?.ok_or(Error::Forbidden)?;
        let Path(names) = Path::<HashMap<String, String>>::from_request_parts(parts, app)
            .await
            .map_err(|_| Error::NotFound)?;
        if names.get("issuer").is_some_and(|slug| *slug != issuer.slug) {
            return Err(Error::NotFound);
        }
        Ok(Self {
            token: token.id,
            person: token.person,
            role: member.role(),
            every_achievement: member.every_achievement,
            scopes: token.scopes.split(' ').filter_map(Scope::from_name).collect(),
            issuer,
        })
    }
}
