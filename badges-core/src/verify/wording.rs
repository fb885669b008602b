//! The findings in English, for developers and the command line.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::findings::{Binding, Contradiction, ListFault, Unestablished};
use crate::json_schema::SchemaFault;

pub(super) fn date(time: &OffsetDateTime) -> String {
    time.format(&Rfc3339).unwrap_or_default()
}

pub(super) fn maybe_date(time: Option<&OffsetDateTime>) -> String {
    time.map_or_else(|| "not said".to_owned(), date)
}

pub(super) fn list(items: &[impl ToString]) -> String {
    let texts: Vec<String> = items.iter().map(ToString::to_string).collect();
    texts.join("; ")
}

pub(super) fn established(issuer: &str, binding: Binding, domain: Option<&str>) -> String {
    match (binding, domain) {
        (Binding::OwnKey, _) => {
            format!("the key is the issuer's id, {issuer}, whose owner's name is not proved")
        }
        (Binding::Hosted, _) => format!("it stands at an address of {}", domain.unwrap_or(issuer)),
        (_, Some(domain)) => format!("the key is that of the owner of {domain}"),
        (_, None) => format!("the key is that of {issuer}"),
    }
}

pub(super) fn older_version(version: &str, departures: &[impl ToString]) -> String {
    let mind = if departures.is_empty() {
        String::new()
    } else {
        format!("; strict readers may mind: {}", list(departures))
    };
    format!("it is a badge of Open Badges {version}{mind}")
}

pub(super) fn hosted(url: &str, differs: &[String]) -> String {
    let other = if differs.is_empty() {
        String::new()
    } else {
        format!("; the copy differs from it in {}", differs.join(", "))
    };
    format!("it is what stands at {url}{other}")
}

pub(super) fn part(name: Option<&str>) -> String {
    name.map_or_else(
        || "a credential without a name".to_owned(),
        |name| format!("{name:?}"),
    )
}

pub(super) const fn contradiction(reason: Contradiction) -> &'static str {
    match reason {
        Contradiction::NotListed => "does not list it",
        Contradiction::OtherPurpose => "lists it, but not for issuing",
    }
}

pub(super) const fn unestablished(reason: Unestablished) -> &'static str {
    match reason {
        Unestablished::NoDocument => "the issuer's identifier leads to no document",
        Unestablished::UnknownDidMethod => "the issuer's kind of DID is not supported",
        Unestablished::NoKeysInDocument => "the document at the issuer's address lists no keys",
        Unestablished::NoProof => "there is no signature in the issuer's name",
        Unestablished::MixedParts => {
            "the record's signature does not say what belongs to which of its parts"
        }
    }
}

pub(super) const fn list_fault(reason: ListFault) -> &'static str {
    match reason {
        ListFault::Unreadable => "it cannot be read",
        ListFault::OtherType => "it is no bitstring status list",
        ListFault::OtherIssuer => "it is another issuer's",
        ListFault::Proof => "its own signature does not hold",
        ListFault::ProofUnknown => "its own signature could not be checked",
        ListFault::OtherPurpose => "it is for another purpose",
        ListFault::Dates => "its own time has not come or is over",
        ListFault::Replayed => "it is older than one that was there before",
        ListFault::Bytewise => "it seems to have a byte for each entry, not a bit",
        ListFault::TooShort => "it is shorter than the standard asks for",
        ListFault::TooLarge => "it unpacks to more than is read",
        ListFault::Malformed => "its bits cannot be unpacked",
        ListFault::OutOfRange => "the badge's index is beyond its end",
    }
}

pub(super) const fn schema_fault(fault: SchemaFault) -> &'static str {
    match fault {
        SchemaFault::NoJson => "it is no strict JSON",
        SchemaFault::NoSchema => "it is no JSON Schema",
        SchemaFault::Draft => "its version of JSON Schema is not known",
        SchemaFault::Unsupported => "it has references that are decided only on the way",
        SchemaFault::Pattern => "it has a pattern that is not supported",
        SchemaFault::Reference => "it refers to a schema that is not there",
        SchemaFault::Endless => "it leads to itself without end",
        SchemaFault::Costly => "judging by it takes too much work",
    }
}

pub(super) const fn other_recipient(salt_needed: bool) -> &'static str {
    if salt_needed {
        "it was not given to this recipient, or the salt that only the holder has is missing"
    } else {
        "it was not given to this recipient"
    }
}

pub(super) fn because(reason: Option<&str>) -> String {
    reason.map_or_else(String::new, |reason| format!(" ({reason})"))
}

pub(super) fn list_time(time: Option<&OffsetDateTime>) -> String {
    time.map_or_else(
        || "as of the list at hand".to_owned(),
        |time| format!("as of {}", date(time)),
    )
}
