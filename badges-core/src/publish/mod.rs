//! An issuer without a server: everything that wallets, verifiers and people ask for, as static
//! files below one address.
//!
//! | path | what |
//! |---|---|
//! | `.well-known/did.json`, below a path `did.json` | the DID document |
//! | `.well-known/jwks.json`, `keys/<id>.json`, `keys/<id>.jwk.json` | the keys |
//! | `index.html`, `issuer.json` | the issuer |
//! | `achievements/<slug>/index.html`, `<slug>.json`, `<slug>.png` or `.svg` | an achievement |
//! | `badges/<token>/index.html`, `<token>.json`, `.jwt`, `.png`, `.svg` | a badge |
//! | `status/<n>`, `status/<n>.json` | a status list |
//! | `_headers`, `.htaccess`, `.nojekyll` | for the web host |
//!
//! A badge can be found only by its token: no page leads to it, unless recipients are listed.
//! Nothing here reads or writes files; [`publish`] gives paths and bytes.

mod base;
mod hosting;
mod identity;
mod keys;
mod page;
mod site;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;

use time::OffsetDateTime;

pub use base::{Base, NoBase};
pub use hosting::{JSON_MEDIA_TYPE, JWT_MEDIA_TYPE};
pub use identity::Identity;
pub use keys::{did_document, jwk_document, key_set, multikey_document};

use crate::credential::SignedCredential;
use crate::json;

/// An issuer and all that it publishes, but for the badges.
#[derive(Clone, Debug)]
pub struct PublishedIssuer {
    /// Where.
    pub base: Base,
    /// The issuer's Profile as JSON.
    pub profile: String,
    /// The DID document as JSON, such as [`did_document`] makes it: it lists the keys that the
    /// issuer vouches for, those of old badges too.
    pub did_document: String,
    /// What can be achieved.
    pub achievements: Vec<PublishedAchievement>,
    /// The signed status lists.
    pub status_lists: Vec<SignedCredential>,
    /// Whether the achievements' pages name those whose badges name them, and lead to the badges.
    pub lists_recipients: bool,
    /// When it is published; pages tell the day.
    pub at: OffsetDateTime,
}

/// An achievement.
#[derive(Clone, Debug)]
pub struct PublishedAchievement {
    /// What it is called in paths: letters, digits, `-` and `_`.
    pub slug: String,
    /// The Achievement as JSON.
    pub json: String,
    /// The picture that stands for it; without one, one is drawn.
    pub picture: Option<Vec<u8>>,
}

/// A badge.
#[derive(Clone, Debug)]
pub struct PublishedBadge {
    /// The last part of its id, which nobody can guess: letters, digits, `-` and `_`.
    pub token: String,
    /// Its signed texts: as JSON, as JWT or both.
    pub credentials: Vec<SignedCredential>,
    /// The picture that it is baked into.
    pub baked: Option<Vec<u8>>,
    /// The slug of its achievement, if that is published too.
    pub achievement: Option<String>,
    /// The language of its texts, if it does not say itself.
    pub language: Option<String>,
    /// Whether its issuer has taken it back.
    pub withdrawn: Option<Withdrawn>,
}

/// How a badge was taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withdrawn {
    /// For good.
    Revoked,
    /// For a while.
    Suspended,
}

/// A file to be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Where, relative to the base, with `/` between folders.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Why something cannot be published.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PublishError {
    /// A slug or token that cannot stand in a path.
    #[error("{name:?} cannot stand in an address: only letters, digits, - and _ can")]
    Name {
        /// The slug or token.
        name: String,
    },
    /// A profile, achievement or DID document that is no JSON.
    #[error("{what} is no JSON: {error}")]
    Syntax {
        /// Which document.
        what: String,
        /// Why.
        error: json::SyntaxError,
    },
    /// A badge, status list or DID document whose id is not where it would be published.
    #[error("its id is {id:?}, but it would be published at {url:?}")]
    OtherId {
        /// The id.
        id: String,
        /// The URL that it has here.
        url: String,
    },
    /// A badge without any signed text.
    #[error("the badge {token:?} has no signed text")]
    NoCredential {
        /// The badge's token.
        token: String,
    },
    /// A picture that is neither PNG nor SVG.
    #[error("the picture of {name:?} is neither PNG nor SVG")]
    Picture {
        /// The slug or token.
        name: String,
    },
    /// A page could not be written.
    #[error("the page of {name:?} cannot be written: {reason}")]
    Page {
        /// The slug or token.
        name: String,
        /// Why.
        reason: String,
    },
}

/// Gives all files of an issuer, one after the other; badges are asked for when it is their turn.
///
/// # Errors
/// A badge that could not be had gives its own error in its place, and one that cannot be published
/// a [`PublishError`].
pub fn publish<'i, E: From<PublishError> + 'i>(
    issuer: &'i PublishedIssuer,
    badges: impl IntoIterator<Item = Result<PublishedBadge, E>> + 'i,
) -> impl Iterator<Item = Result<File, E>> + 'i {
    let mut badges = badges.into_iter();
    let mut recipients = Vec::new();
    let mut stage = Stage::Badges;
    let batches = std::iter::from_fn(move || match stage {
        Stage::Badges => Some(match badges.next() {
            Some(badge) => badge.and_then(|badge| {
                let (files, recipient) = issuer.badge_files(&badge)?;
                if issuer.lists_recipients {
                    recipients.extend(recipient);
                }
                Ok(files)
            }),
            None => {
                stage = Stage::Issuer;
                issuer.achievement_files(&recipients).map_err(E::from)
            }
        }),
        Stage::Issuer => {
            stage = Stage::Done;
            Some(issuer.issuer_files().map_err(E::from))
        }
        Stage::Done => None,
    });
    batches.flat_map(|batch| match batch {
        Ok(files) => files.into_iter().map(Ok).collect(),
        Err(error) => vec![Err(error)],
    })
}

/// Whose turn it is. Badges come first, because achievements may list their recipients.
enum Stage {
    Badges,
    Issuer,
    Done,
}
