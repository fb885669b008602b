//! What a check found, in words for everybody. Where there are none here, the library's own are
//! plain enough.

use badges_core::verify::{Binding, Failure, Outcome, Passed, Unknown};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A sentence, and what it sums up.
pub(super) struct Words {
    pub(super) sentence: String,
    pub(super) details: Vec<String>,
}

impl Words {
    /// In one line: the sentence and the first detail.
    pub(super) fn in_short(&self) -> String {
        match self.details.as_slice() {
            [] => self.sentence.clone(),
            [only] => format!("{}: {only}", self.sentence),
            [first, rest @ ..] => {
                format!("{}: {first} (and {} more)", self.sentence, rest.len())
            }
        }
    }
}

impl From<String> for Words {
    fn from(sentence: String) -> Self {
        Self {
            sentence,
            details: Vec::new(),
        }
    }
}

pub(super) fn words(outcome: &Outcome) -> Words {
    match outcome {
        Outcome::Passed(passed) => of_passed(passed),
        Outcome::Failed(failure) => of_failure(failure),
        Outcome::Unknown(Unknown::IssuerUnlisted { issuer }) => {
            let issuer = issuer.as_deref().unwrap_or("nobody");
            format!("the issuer, {issuer}, is not on your list").into()
        }
        Outcome::Unknown(Unknown::NotFetched { error, reason, .. }) => match *error {
            "fetch.offline" => "it was not fetched, because this is offline"
                .to_owned()
                .into(),
            _ => format!("it could not be fetched: {reason}").into(),
        },
        Outcome::Unknown(unknown) => unknown.to_string().into(),
    }
}

fn of_passed(passed: &Passed) -> Words {
    match passed {
        Passed::FormRead {
            form,
            enveloped,
            image,
            undisclosed,
            notes,
        } => {
            let mut details = strings(notes);
            if *enveloped {
                details.push("it came in an EnvelopedVerifiableCredential".to_owned());
            }
            if *undisclosed > 0 {
                details.push(format!(
                    "its holder may keep some of it back: {undisclosed} digests stand for nothing \
                     that is shown"
                ));
            }
            Words {
                sentence: format!("it is {}, with only one meaning", form_name(form, *image)),
                details,
            }
        }
        Passed::OlderVersion {
            version,
            departures,
        } => Words {
            sentence: format!("it is a badge of an older version, Open Badges {version}"),
            details: strings(departures),
        },
        Passed::Hosted { url, differs } => Words {
            sentence: format!("it is what stands at its own address, {url}"),
            details: differs
                .iter()
                .map(|member| {
                    format!("the copy says something else in `{member}`: that does not count")
                })
                .collect(),
        },
        Passed::NotWithdrawn { document } => {
            format!("it is not revoked, by the issuer's own word ({document})").into()
        }
        Passed::SchemaDeparts { departures } => Words {
            sentence: "it has what matters, but strict software may mind".to_owned(),
            details: strings(departures),
        },
        Passed::ProofHolds {
            proofs,
            absent_claims,
            unasked,
            unsigned,
        } => {
            let mut details: Vec<String> = proofs
                .iter()
                .map(|proof| {
                    let key = proof.verification_method.as_deref();
                    let key = key.unwrap_or("a key that it does not name");
                    let created = proof.created.as_ref();
                    let created =
                        created.map_or_else(String::new, |date| format!(", dated {date}"));
                    format!("{} by {key}{created}", proof.suite)
                })
                .collect();
            if !absent_claims.is_empty() {
                let names = absent_claims.join(", ");
                details.push(format!(
                    "the JWT lacks claims that Open Badges asks for: {names}"
                ));
            }
            if !unasked.is_empty() {
                let names = unasked.join(", ");
                details.push(format!(
                    "its holder signed this presentation; for whom and when was not asked ({names})"
                ));
            }
            details.extend(
                unsigned
                    .iter()
                    .map(|member| format!("anyone can have added `{member}`: it is not signed")),
            );
            Words {
                sentence: "it was signed, and has not been altered since".to_owned(),
                details,
            }
        }
        Passed::IssuerEstablished {
            issuer,
            binding,
            domain,
        } => established(issuer, *binding, domain.as_deref()).into(),
        Passed::Current { from, until, .. } => match (from, until) {
            (Some(from), None) => format!("valid since {}, without an end", moment(from)),
            (Some(from), Some(until)) => {
                format!("valid from {} until {}", moment(from), moment(until))
            }
            (None, Some(until)) => format!("valid until {}", moment(until)),
            (None, None) => "it says nothing of when it is valid".to_owned(),
        }
        .into(),
        Passed::StatusClear { purpose, as_of, .. } => {
            let what = match purpose.as_str() {
                "revocation" => "it is not revoked".to_owned(),
                "suspension" => "it is not suspended".to_owned(),
                other => format!("nothing is set for {other}"),
            };
            format!("{what}, by the issuer's list{}", list_date(as_of.as_ref())).into()
        }
        Passed::RecipientMatches { by } if by == "id" => {
            "it names this recipient, by the id".to_owned().into()
        }
        Passed::RecipientMatches { by } => format!("it names this recipient, by the {by}").into(),
        Passed::IssuerTrusted { name, .. } => format!("known to you as \"{name}\"").into(),
        Passed::EndorsementHolds { place, issuer } => {
            format!("{issuer} endorses it ({place})").into()
        }
        Passed::PartHolds { place, name, .. } => format!(
            "{} is valid by its own signature ({place})",
            part(name.as_deref())
        )
        .into(),
        Passed::PartCovered { place, name, .. } => format!(
            "{} has no signature of its own: that of the whole covers it ({place})",
            part(name.as_deref())
        )
        .into(),
        other => other.to_string().into(),
    }
}

fn of_failure(failure: &Failure) -> Words {
    match failure {
        Failure::Ambiguous { fault } => {
            format!("part of it is not signed, or has more than one meaning: {fault}").into()
        }
        Failure::Context { fault } => format!("its vocabulary cannot be used: {fault}").into(),
        Failure::Nonconforming { departures } => Words {
            sentence: "it is not as the standard asks for".to_owned(),
            details: strings(departures),
        },
        Failure::SchemaUnmet { schema, mismatches } => Words {
            sentence: format!("it does not conform to the schema {schema}"),
            details: strings(mismatches),
        },
        Failure::OtherType { types } if types.is_empty() => {
            "it is neither a badge nor an endorsement: it has no type"
                .to_owned()
                .into()
        }
        Failure::EndorsementFails {
            place,
            issuer,
            reason,
        } => {
            let issuer = issuer.as_deref().unwrap_or("nobody");
            let reason = endorsement_fault(reason);
            format!("the endorsement by {issuer} does not count: {reason} ({place})").into()
        }
        Failure::PartFails {
            place,
            name,
            verdict,
            reason,
        } => {
            let (part, verdict) = (part(name.as_deref()), verdict.as_str());
            format!("{part} is {verdict}: {reason} ({place})").into()
        }
        Failure::Withdrawn { document, reason } => Words {
            sentence: format!("its issuer has taken it back, for good ({document})"),
            details: reason.iter().cloned().collect(),
        },
        Failure::OtherOrigin { issuer, url } => {
            format!("it is not the issuer's: {issuer} has no badges at {url}").into()
        }
        Failure::NoProof {} => "it is not signed: anyone can have written it"
            .to_owned()
            .into(),
        Failure::NotYetValid { from, .. } => format!("valid only from {}", moment(from)).into(),
        Failure::Expired { until, .. } => format!("it expired on {}", moment(until)).into(),
        Failure::KeyRevoked { revoked } => {
            format!("the issuer withdrew the key on {}", moment(revoked)).into()
        }
        Failure::KeyExpired { expires } => format!("the key expired on {}", moment(expires)).into(),
        Failure::ProofExpired { expires } => {
            format!("the signature expired on {}", moment(expires)).into()
        }
        Failure::Revoked { as_of, .. } => format!(
            "its issuer has taken it back, for good, by the list{}",
            list_date(as_of.as_ref())
        )
        .into(),
        Failure::Suspended { as_of, .. } => format!(
            "its issuer has taken it back for now, by the list{}",
            list_date(as_of.as_ref())
        )
        .into(),
        other => other.to_string().into(),
    }
}

/// Why an endorsement does not count, by the stable id of the reason.
fn endorsement_fault(reason: &str) -> &str {
    match reason {
        "endorsements.other-subject" => "it was written for something else",
        "proof.missing" => "it is not signed",
        "proof.signature" => "its signature does not fit",
        "issuer.contradicted" => "the key that signed it is not the endorser's",
        "validity.expired" => "it has expired",
        "validity.not-yet" => "its time has not come",
        "issuer.other-origin" => "it stands at an address that is not the endorser's",
        "proof.hosted-other" => "something else stands at its address",
        "status.revoked" | "status.suspended" | "status.withdrawn" => "it was taken back",
        other => other,
    }
}

/// Whose key it is. Whether it signed this badge is another check.
fn established(issuer: &str, binding: Binding, domain: Option<&str>) -> String {
    let owner = domain.unwrap_or(issuer);
    match binding {
        Binding::OwnKey => {
            format!("the key is the issuer's: its id, {issuer}, is the key. No name is proved")
        }
        Binding::DidDocument | Binding::ControllerDocument => {
            format!("the key is that of the owner of {owner}: {issuer} lists it for issuing")
        }
        Binding::Hosted => format!("it stands at an address of the owner of {owner}"),
        Binding::KeySet => {
            format!("the key is that of the owner of {owner}: it is in the key set there")
        }
    }
}

/// A credential inside a record.
fn part(name: Option<&str>) -> String {
    name.map_or_else(|| "a credential".to_owned(), |name| format!("\"{name}\""))
}

/// What a badge is: `JSON in a PNG picture`.
pub(in crate::commands) fn form_name(form: &str, image: Option<&str>) -> String {
    let form = match form {
        "jwt" => "a JWT",
        "sd-jwt" => "an SD-JWT",
        "cose" => "a COSE message",
        "address" => "an address",
        _ => "JSON",
    };
    match image {
        Some("svg") => format!("{form} in an SVG picture"),
        Some(image) => format!("{form} in a {} picture", image.to_uppercase()),
        None => form.to_owned(),
    }
}

fn list_date(as_of: Option<&OffsetDateTime>) -> String {
    as_of.map_or_else(
        || ", which has no date".to_owned(),
        |time| format!(" of {}", moment(time)),
    )
}

/// A time for people: the start of a day is the day.
pub(super) fn moment(time: &OffsetDateTime) -> String {
    let text = time
        .to_offset(time::UtcOffset::UTC)
        .format(&Rfc3339)
        .unwrap_or_default();
    match text.strip_suffix("T00:00:00Z") {
        Some(day) => day.to_owned(),
        None => text,
    }
}

fn strings(items: &[impl ToString]) -> Vec<String> {
    items.iter().map(ToString::to_string).collect()
}
