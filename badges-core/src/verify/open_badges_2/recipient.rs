//! The check `recipient`: an `IdentityObject` of Open Badges 2.0, which is hashed as in 3.0.

use super::version::Version;
use crate::json::Value;
use crate::model::{IdentifierType, IdentityObject};
use crate::verify::Recipient;
use crate::verify::findings::{Failure, Passed};
use crate::verify::report::Outcome;

/// Who an assertion is for.
pub(crate) struct Identity {
    /// `emailAddress` for `email`; other kinds by their own name.
    pub(crate) kind: String,
    pub(crate) object: IdentityObject,
}

impl Identity {
    /// `recipient`; `None` when it cannot be compared with anybody.
    pub(crate) fn of(statement: &Value<'_>) -> Option<Self> {
        let recipient = statement.list("recipient").first()?;
        let (kind, identity, hashed, salt) = match recipient {
            // 0.5: an e-mail address, or its hash.
            Value::String(identity) if Version::of(statement) == Some(Version::V0_5) => {
                ("email", identity.as_ref(), None, statement.text("salt"))
            }
            recipient => {
                let kind = recipient.list("type").first().and_then(Value::as_str);
                let hashed = match recipient.get("hashed") {
                    Some(Value::Bool(hashed)) => Some(*hashed),
                    _ => None,
                };
                let salt = recipient.text("salt");
                (kind?, recipient.text("identity")?, hashed, salt)
            }
        };
        let looks_hashed = ["sha256$", "md5$"]
            .iter()
            .any(|it| identity.to_ascii_lowercase().starts_with(it));
        let kind = if kind == "email" {
            "emailAddress"
        } else {
            kind
        };
        Some(Self {
            kind: kind.to_owned(),
            object: IdentityObject {
                hashed: hashed.unwrap_or(looks_hashed),
                salt: salt.map(str::to_owned),
                ..IdentityObject::plain(IdentifierType::from(kind), identity)
            },
        })
    }
}

pub(super) fn check(statement: &Value<'_>, recipient: &Recipient<'_>) -> Outcome {
    let Some(Identity { kind, object }) = Identity::of(statement) else {
        return Outcome::Failed(Failure::OtherRecipient { salt_needed: false });
    };
    if object.matches(recipient.identifier, recipient.salt)
        || (!object.hashed
            && object.identity_hash.to_lowercase() == recipient.identifier.to_lowercase()
            && kind == "emailAddress")
    {
        return Outcome::Passed(Passed::RecipientMatches { by: kind });
    }
    Outcome::Failed(Failure::OtherRecipient {
        salt_needed: object.hashed && object.salt.is_none() && recipient.salt.is_none(),
    })
}
