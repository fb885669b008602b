//! What a credential or presentation must have, and may have, to be secured.

use super::JoseCoseError;
use crate::json::Value;
use crate::model::{CREDENTIALS_V2, issuer_id};
use crate::proof::enveloped::{Enveloped, Kind};

/// Whether a secured document conforms, and its registered claims agree with it (3.1.3).
pub(super) fn check(document: &Value<'_>, kind: Kind) -> Result<(), JoseCoseError> {
    conforms(document, kind)?;
    for claim in ["vc", "vp"] {
        if document.get(claim).is_some() {
            return Err(JoseCoseError::Claim { claim });
        }
    }
    let subject = document.list("credentialSubject");
    let subject = match subject {
        [only] => only.text("id"),
        _ => None,
    };
    let issuer = match kind {
        Kind::Credential => issuer_id(document),
        Kind::Presentation => id_of(document.get("holder")),
    };
    for (claim, expected) in [
        ("iss", issuer),
        ("jti", document.text("id")),
        ("sub", subject),
    ] {
        let claimed = document.get(claim);
        if claimed.is_some_and(|claimed| expected.is_some() && claimed.as_str() != expected) {
            return Err(JoseCoseError::Claim { claim });
        }
    }
    Ok(())
}

fn id_of<'v>(value: Option<&'v Value<'_>>) -> Option<&'v str> {
    let value = value?;
    value.as_str().or_else(|| value.text("id"))
}

/// Whether a document has what the data model asks for (Verifiable Credentials 2.0, 4).
pub(super) fn conforms(document: &Value<'_>, kind: Kind) -> Result<(), JoseCoseError> {
    let ensure = |holds: bool, member: &str| {
        if holds {
            Ok(())
        } else {
            Err(JoseCoseError::Member {
                member: member.to_owned(),
            })
        }
    };
    let context = document.list("@context").first();
    ensure(
        context.and_then(Value::as_str) == Some(CREDENTIALS_V2),
        "@context",
    )?;
    let id = document.get("id");
    ensure(id.is_none_or(|id| id.as_str().is_some()), "id")?;
    match kind {
        Kind::Credential => {
            ensure(document.has_type("VerifiableCredential"), "type")?;
            ensure(issuer_id(document).is_some(), "issuer")?;
            let subjects = document.list("credentialSubject");
            let is_subject =
                |subject: &Value<'_>| subject.as_object().is_some_and(|it| !it.is_empty());
            ensure(
                !subjects.is_empty() && subjects.iter().all(is_subject),
                "credentialSubject",
            )
        }
        Kind::Presentation => {
            ensure(document.has_type("VerifiablePresentation"), "type")?;
            let holder = document.get("holder");
            ensure(holder.is_none() || id_of(holder).is_some(), "holder")?;
            for credential in document.list("verifiableCredential") {
                match Enveloped::open(credential) {
                    // Each of them is secured on its own, by another key than this one.
                    Some(Ok(enveloped)) => {
                        ensure(enveloped.kind == Kind::Credential, "verifiableCredential")?;
                    }
                    Some(Err(fault)) => return Err(JoseCoseError::Envelope(fault)),
                    None => ensure(
                        conforms(credential, Kind::Credential).is_ok(),
                        "verifiableCredential",
                    )?,
                }
            }
            Ok(())
        }
    }
}

/// The members of a credential (Verifiable Credentials 2.0, 4, and what it reserves).
const CREDENTIAL: [&str; 17] = [
    "@context",
    "id",
    "type",
    "name",
    "description",
    "issuer",
    "validFrom",
    "validUntil",
    "credentialSubject",
    "credentialStatus",
    "credentialSchema",
    "evidence",
    "termsOfUse",
    "refreshService",
    "relatedResource",
    "confidenceMethod",
    "renderMethod",
];

/// The members of a presentation.
const PRESENTATION: [&str; 6] = [
    "@context",
    "id",
    "type",
    "holder",
    "verifiableCredential",
    "termsOfUse",
];

/// What may stand beside both: registered claims and embedded proofs.
const BESIDE: [&str; 9] = [
    "proof", "iss", "sub", "aud", "exp", "nbf", "iat", "jti", "cnf",
];

/// Whether the data model has every member. A context with a default vocabulary would give a
/// meaning to any name, also to one that is misspelt.
pub(super) fn all_known(document: &Value<'_>, kind: Kind) -> Result<(), JoseCoseError> {
    let known: &[&str] = match kind {
        Kind::Credential => &CREDENTIAL,
        Kind::Presentation => &PRESENTATION,
    };
    let mut members = document.as_object().into_iter().flatten();
    let is_known = |name: &str| known.contains(&name) || BESIDE.contains(&name);
    match members.find(|(name, _)| !is_known(name)) {
        Some((name, _)) => Err(JoseCoseError::Unknown {
            member: name.to_string(),
        }),
        None => Ok(()),
    }
}
