//! The check `schema` for the schemas of others that a credential names (`credentialSchema`;
//! Verifiable Credentials 2.0, section 4.11), when the question asks for them. One entry in the
//! report for each, beside the entry for the standard's own rules.
//!
//! Whoever serves a schema learns of each verification, so a schema is asked for only when the
//! credential is known to be the issuer's.

use super::Question;
use super::findings::{Failure, Passed, Unknown};
use super::report::{Check, Outcome, Report};
use super::secured::{Secured, Security};
use crate::json::Value;
use crate::json_schema::{self, Draft, SchemaFault, Unusable};
use crate::jsonld::Policy;
use crate::model::schema::is_of_standard;

/// The most schemas that a credential is compared with.
const MAX_SCHEMAS: usize = 4;

pub(super) fn check(
    secured: &Secured<'_>,
    genuine: bool,
    question: &Question<'_>,
    missing: &mut Vec<String>,
    report: &mut Report,
) {
    let entries = secured.credential.list("credentialSchema");
    let (member, policy) = ("credentialSchema", question.policy);
    if genuine && policy == Policy::Badge && secured.may_hide(member, policy) {
        let hidden = Unknown::Hidden { member };
        report.push(Check::Schema, Outcome::Unknown(hidden));
    }
    let is_foreign = |entry: &&Value<'_>| !is_of_standard(secured.credential, entry);
    let foreign = entries.iter().filter(is_foreign);
    // One more says that there are too many.
    for (at, entry) in foreign.take(MAX_SCHEMAS + 1).enumerate() {
        let outcome = if !genuine {
            Outcome::Unknown(Unknown::SchemaUnasked {})
        } else {
            let too_many = at >= MAX_SCHEMAS;
            judge(entry, too_many, secured, question, missing)
        };
        report.push(Check::Schema, outcome);
    }
}

fn judge(
    entry: &Value<'_>,
    too_many: bool,
    secured: &Secured<'_>,
    question: &Question<'_>,
    missing: &mut Vec<String>,
) -> Outcome {
    let Some((url, draft)) = entry.text("id").zip(draft(entry)) else {
        let kind = entry.list("type").first().and_then(Value::as_str);
        let kind = kind.unwrap_or("nothing").to_owned();
        return Outcome::Unknown(Unknown::SchemaType { kind });
    };
    let schema = url.to_owned();
    let document = as_issued(secured);
    let judged = if too_many {
        Err(Unusable::from(SchemaFault::Costly))
    } else {
        json_schema::check(&document, url, draft, question.documents, missing)
    };
    match judged {
        // What the schema asks for, or forbids, may be there and not be shown.
        Ok(_) if secured.partial || secured.hidden => {
            Outcome::Unknown(Unknown::SchemaHidden { schema })
        }
        Ok(mismatches) if mismatches.is_empty() => Outcome::Passed(Passed::SchemaMet { schema }),
        Ok(mismatches) => Outcome::Failed(Failure::SchemaUnmet { schema, mismatches }),
        Err(Unusable::NotLoaded { url, reason }) => {
            Outcome::Unknown(Unknown::SchemaNotLoaded { url, reason })
        }
        Err(Unusable::Unfit { fault, place }) => Outcome::Unknown(Unknown::SchemaUnusable {
            schema,
            fault,
            place,
        }),
    }
}

/// The kinds of schemas that are read, and the draft of one that names none.
fn draft(entry: &Value<'_>) -> Option<Draft> {
    if entry.has_type("1EdTechJsonSchemaValidator2019") {
        Some(Draft::Draft2019)
    } else if entry.has_type("JsonSchema") {
        Some(Draft::Draft2020)
    } else {
        None
    }
}

/// What a schema is about: the credential as it was signed, proofs included, as other validators
/// have it. The registered claims beside the members of a credential in a JWT are the envelope's,
/// and no schema of a credential knows them.
fn as_issued<'v>(secured: &Secured<'v>) -> Value<'v> {
    const ENVELOPE: [&str; 8] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "cnf"];
    match (secured.credential, &secured.security) {
        (Value::Object(members), Security::Envelope { claims, .. })
            if std::ptr::eq(secured.credential, *claims) =>
        {
            let own = members
                .iter()
                .filter(|(name, _)| !ENVELOPE.contains(&name.as_ref()));
            Value::Object(own.cloned().collect())
        }
        (credential, _) => credential.clone(),
    }
}
