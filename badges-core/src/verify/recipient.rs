//! The check `recipient` (Open Badges 3.0, 4.3 and 9.1, step 5): was it given to this person?

use super::findings::{Failure, Passed};
use super::report::Outcome;
use crate::json::Value;
use crate::model::IdentityObject;

/// A person, by an identifier that the verifier got from elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recipient<'a> {
    /// A user name, an e-mail address, a DID, a URL…
    pub identifier: &'a str,
    /// The salt of a hashed identifier, which only the holder has.
    pub salt: Option<&'a str>,
}

pub(super) fn check(credential: &Value<'_>, recipient: &Recipient<'_>) -> Outcome {
    let Some(subject) = credential.list("credentialSubject").first() else {
        return Outcome::Failed(Failure::OtherRecipient { salt_needed: false });
    };
    if subject.text("id") == Some(recipient.identifier) {
        return Outcome::Passed(Passed::RecipientMatches {
            by: "id".to_owned(),
        });
    }
    let mut salt_needed = false;
    for value in subject.list("identifier") {
        let Some(identity) = IdentityObject::read(value) else {
            continue;
        };
        if identity.matches(recipient.identifier, recipient.salt) {
            return Outcome::Passed(Passed::RecipientMatches {
                by: identity.identity_type.as_str().to_owned(),
            });
        }
        salt_needed |= identity.hashed && identity.salt.is_none() && recipient.salt.is_none();
    }
    Outcome::Failed(Failure::OtherRecipient { salt_needed })
}
