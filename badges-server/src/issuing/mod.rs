//! Making badges and changing them: the heart of the service. Pages, the API, the worker and the
//! command line of the service call these functions; none of them asks who may.
//!
//! An award is a row; its badge is the newest signed text of it. A badge is signed when it is
//! offered, and again, with the same id and a later `validFrom`, when its holder adds something or
//! its key has come into other hands (decisions C5 and C9).

mod accept;
mod check;
mod document;
mod erase;
mod identity;
mod job;
mod rotate;
mod standing;
mod status;
#[cfg(test)]
mod tests;
mod text;

pub(crate) use accept::{
    Acceptance, Named, Visibility, accept, accept_with, change, claim_link, decline, renew_claim,
    restore, withdraw,
};
pub(crate) use check::check;
pub(crate) use document::{achievement, document, has_ended, preview, profile};
pub(crate) use erase::{erase_award, erase_person};
pub(crate) use identity::{NewIssuer, active_key, identity, new_issuer};
pub(crate) use job::{NewJob, start, work};
pub(crate) use rotate::{disown, is_exchanged, rotate, sign_again};
pub(crate) use standing::{NewBadge, Reason, correct, reinstate, revoke, suspend};
pub(crate) use status::status_list;
pub(crate) use text::{baked, credential_text, jwt};
