//! The check `validity`, and the registered claims of a JWT, which say the same as the credential
//! or make it a forgery.

use time::{Duration, OffsetDateTime};

use super::Question;
use super::findings::{Failure, Passed, Unknown};
use super::report::Outcome;
use super::secured::{Secured, Security};
use crate::json::Value;
use crate::jsonld::Policy;
use crate::model::{DataModel, parse_date_time};

/// How far clocks may be apart.
pub(super) const LEEWAY: Duration = Duration::seconds(60);

/// Whether this is the credential's time. Every date that it has counts, so that a document in the
/// terms of 1.1 and 2.0 is valid only when both say so.
pub(super) fn check(secured: &Secured<'_>, question: &Question<'_>) -> Outcome {
    let at = question.at;
    let dates = |members: [&str; 2], claim: &str| {
        let written = members
            .into_iter()
            .filter_map(|member| parse_date_time(secured.credential.text(member)?).ok());
        let claimed = secured.claim(claim).and_then(numeric_date);
        written.chain(claimed).collect::<Vec<_>>()
    };
    let from = dates(["validFrom", "issuanceDate"], "nbf")
        .into_iter()
        .max();
    let until = dates(["validUntil", "expirationDate"], "exp")
        .into_iter()
        .min();
    let current = match within([from, until], at) {
        Ok(current) => current,
        Err(failure) => return Outcome::Failed(failure),
    };
    // Whoever shows a part of a badge could leave out when it begins or ends.
    if secured.partial && question.policy == Policy::Badge {
        let model = DataModel::of(secured.credential);
        let dates = [(from, model.valid_from()), (until, model.valid_until())];
        if let Some((_, member)) = dates.into_iter().find(|(date, _)| date.is_none()) {
            return Outcome::Unknown(Unknown::Hidden { member });
        }
    }
    current
}

fn within(
    [from, until]: [Option<OffsetDateTime>; 2],
    at: OffsetDateTime,
) -> Result<Outcome, Failure> {
    if let Some(from) = from.filter(|&from| at + LEEWAY < from) {
        return Err(Failure::NotYetValid { from, at });
    }
    if let Some(until) = until.filter(|&until| at - LEEWAY > until) {
        return Err(Failure::Expired { until, at });
    }
    Ok(Outcome::Passed(Passed::Current { from, until, at }))
}

/// Whether this is the time of a JWT that is no credential (RFC 7519, 4.1.4 and 4.1.5).
pub(super) fn check_claims(claims: &Value<'_>, question: &Question<'_>) -> Outcome {
    let at = question.at;
    let mut dates = [None; 2];
    for (date, claim) in dates.iter_mut().zip(["nbf", "exp"]) {
        let Some(claimed) = claims.get(claim) else {
            continue;
        };
        *date = numeric_date(claimed);
        if date.is_none() {
            return Outcome::Failed(Failure::Claim {
                claim,
                claimed: crate::json::canonical(claimed),
                credential: "nothing".to_owned(),
            });
        }
    }
    within(dates, at).unwrap_or_else(Outcome::Failed)
}

/// Compares the registered claims with the credential (Open Badges 3.0, 8.2.4.2). Returns the
/// claims that a JWT of Open Badges should have and this one does not.
pub(super) fn claims(secured: &Secured<'_>) -> Result<Vec<&'static str>, Failure> {
    let Security::Envelope { signed, .. } = &secured.security else {
        return Ok(Vec::new());
    };
    let credential = secured.credential;
    let issuer = crate::model::issuer_id(credential);
    let subject = credential
        .list("credentialSubject")
        .first()
        .and_then(|subject| subject.text("id"));
    let mut absent = Vec::new();
    for (claim, expected) in [
        ("iss", issuer),
        ("sub", subject),
        ("jti", credential.text("id")),
    ] {
        match (secured.claim(claim), expected) {
            (Some(Value::String(claimed)), Some(expected)) if claimed == expected => {}
            // In 1.1 the claim may stand for the member.
            (Some(Value::String(_)), None) => {}
            (Some(claimed), expected) => {
                return Err(Failure::Claim {
                    claim,
                    claimed: crate::json::canonical(claimed),
                    credential: expected.unwrap_or("nothing").to_owned(),
                });
            }
            (None, Some(_)) => absent.push(claim),
            (None, None) => {}
        }
    }
    for (claim, members) in [
        ("nbf", ["validFrom", "issuanceDate"]),
        ("exp", ["validUntil", "expirationDate"]),
    ] {
        let written = members.iter().find_map(|member| credential.text(member));
        let expected = written.and_then(|text| parse_date_time(text).ok());
        match (secured.claim(claim), expected) {
            (Some(claimed), expected) => {
                let instant = numeric_date(claimed);
                let agrees = match (instant, expected) {
                    (Some(claimed), Some(expected)) => {
                        claimed.unix_timestamp() == expected.unix_timestamp()
                    }
                    (Some(_), None) => written.is_none(),
                    (None, _) => false,
                };
                if !agrees {
                    return Err(Failure::Claim {
                        claim,
                        claimed: crate::json::canonical(claimed),
                        credential: written.unwrap_or("nothing").to_owned(),
                    });
                }
            }
            (None, Some(_)) => absent.push(claim),
            (None, None) => {}
        }
    }
    // COSE has its own place for claims, and Open Badges asks for none there.
    Ok(if signed.is_jwt { absent } else { Vec::new() })
}

/// A NumericDate (RFC 7519, 2): seconds since 1970, whole or with a fraction.
fn numeric_date(value: &Value<'_>) -> Option<OffsetDateTime> {
    let Value::Number(number) = value else {
        return None;
    };
    let seconds = number.as_f64().floor();
    // Beyond the year 9999 there is no date to compare with.
    (seconds.abs() < 2.5e11)
        .then(|| OffsetDateTime::from_unix_timestamp(seconds as i64).ok())
        .flatten()
}
