//! The check `status`: what the issuer's status list says today.

use super::findings::{Failure, ListFault, Passed, Unknown};
use super::form::Form;
use super::report::{Check, Outcome, Report};
use super::secured::Secured;
use super::{Question, judge_secured, revocation_list};
use crate::documents::Lookup;
use crate::json::Value;
use crate::jsonld::Policy;
use crate::model::{CredentialKind, parse_date_time};
use crate::status::{MIN_ENTRIES, StatusBits, StatusFault};
use time::OffsetDateTime;

/// A credential's entry in a status list (Bitstring Status List, 2.1).
struct Entry<'v> {
    kind: ListKind,
    purpose: &'v str,
    index: u64,
    size: u64,
    list: &'v str,
}

/// The kinds of lists with one bit a badge.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ListKind {
    Bitstring,
    /// Its draft, StatusList2021, which differs in names and in how the bits are written.
    Draft2021,
}

impl ListKind {
    const fn entry(self) -> &'static str {
        match self {
            Self::Bitstring => "BitstringStatusListEntry",
            Self::Draft2021 => "StatusList2021Entry",
        }
    }

    const fn list(self) -> &'static str {
        match self {
            Self::Bitstring => "BitstringStatusList",
            Self::Draft2021 => "StatusList2021",
        }
    }

    fn decode(self, bits: &str) -> Result<StatusBits, StatusFault> {
        match self {
            Self::Bitstring => StatusBits::decode(bits),
            Self::Draft2021 => StatusBits::decode_2021(bits),
        }
    }
}

/// The most entries of one credential that are looked up.
const MAX_ENTRIES: usize = 16;

/// What a list that can be relied on says.
struct Listed {
    value: u64,
    as_of: Option<OffsetDateTime>,
}

pub(super) fn check(
    secured: &Secured<'_>,
    genuine: bool,
    question: &Question<'_>,
    missing: &mut Vec<String>,
    report: &mut Report,
) {
    let entries = secured.credential.list("credentialStatus");
    // Of several entries a holder may show the one that says nothing.
    let (member, policy) = ("credentialStatus", question.policy);
    if genuine && policy == Policy::Badge && secured.may_hide(member, policy) {
        let hidden = Unknown::Hidden { member };
        report.push(Check::Status, Outcome::Unknown(hidden));
    }
    let judged = entries.len().min(MAX_ENTRIES);
    if judged < entries.len() {
        let left = Unknown::StatusesLeft {
            found: entries.len(),
            judged,
        };
        report.push(Check::Status, Outcome::Unknown(left));
    }
    let entries = &entries[..judged];
    for status in entries {
        let outcome = if !genuine {
            Outcome::Unknown(Unknown::StatusUnasked {})
        } else if shares_id(status, entries) {
            Outcome::Unknown(Unknown::StatusEntry { member: "id" })
        } else if status.has_type(revocation_list::TYPE) {
            revocation_list::look_up(status, secured, question, missing)
        } else {
            look_up(status, secured.issuer(), question, missing)
        };
        report.push(Check::Status, outcome);
    }
}

/// Entries with one id are one node: which list belongs to which index is not signed.
fn shares_id(status: &Value<'_>, entries: &[Value<'_>]) -> bool {
    let id = status.text("id");
    id.is_some()
        && entries
            .iter()
            .filter(|other| other.text("id") == id)
            .count()
            > 1
}

fn look_up(
    status: &Value<'_>,
    issuer: Option<&str>,
    question: &Question<'_>,
    missing: &mut Vec<String>,
) -> Outcome {
    let entry = match read_entry(status) {
        Ok(entry) => entry,
        Err(unknown) => return Outcome::Unknown(unknown),
    };
    match read_list(&entry, issuer, question, missing) {
        Ok(listed) => judge(&entry, &listed, message(status, listed.value)),
        Err(unknown) => Outcome::Unknown(unknown),
    }
}

/// What the entry says that a value means: `statusMessage`, whose values are hexadecimal (section 2.1).
fn message(status: &Value<'_>, value: u64) -> Option<String> {
    let mut messages = status.list("statusMessage").iter();
    let found = messages.find(|message| {
        let digits = message
            .text("status")
            .and_then(|text| text.strip_prefix("0x"));
        digits.and_then(|digits| u64::from_str_radix(digits, 16).ok()) == Some(value)
    });
    found?.text("message").map(str::to_owned)
}

fn judge(entry: &Entry<'_>, listed: &Listed, message: Option<String>) -> Outcome {
    let list = entry.list.to_owned();
    let index = entry.index;
    let as_of = listed.as_of;
    match (entry.purpose, listed.value) {
        ("message", value) if value == 0 && message.is_some() => {
            Outcome::Passed(Passed::StatusMessage {
                purpose: "message".to_owned(),
                list,
                index,
                value,
                message,
            })
        }
        (_, 0) => Outcome::Passed(Passed::StatusClear {
            purpose: entry.purpose.to_owned(),
            list,
            index,
            as_of,
        }),
        ("revocation", _) => Outcome::Failed(Failure::Revoked { list, index, as_of }),
        ("suspension", _) => Outcome::Failed(Failure::Suspended { list, index, as_of }),
        (purpose, value) => Outcome::Passed(Passed::StatusMessage {
            purpose: purpose.to_owned(),
            list,
            index,
            value,
            message,
        }),
    }
}

fn read_entry<'v>(status: &'v Value<'_>) -> Result<Entry<'v>, Unknown> {
    let kind = [ListKind::Bitstring, ListKind::Draft2021]
        .into_iter()
        .find(|kind| status.has_type(kind.entry()));
    let kind = kind.ok_or_else(|| {
        let kind = status.list("type").first().and_then(Value::as_str);
        Unknown::StatusType {
            kind: kind.unwrap_or("nothing").to_owned(),
        }
    })?;
    let unreadable = |member| Unknown::StatusEntry { member };
    let purpose = status
        .text("statusPurpose")
        .ok_or_else(|| unreadable("statusPurpose"))?;
    if !["revocation", "suspension", "message", "refresh"].contains(&purpose) {
        return Err(Unknown::StatusType {
            kind: purpose.to_owned(),
        });
    }
    let list = status
        .text("statusListCredential")
        .ok_or_else(|| unreadable("statusListCredential"))?;
    // The standard says a string; 1EdTech's own examples have a number.
    let number = |value: &Value<'_>| match value {
        Value::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
        Value::Number(number) => number.text().parse::<u64>().ok(),
        _ => None,
    };
    let index = status.get("statusListIndex").and_then(number);
    let size = status.get("statusSize").map_or(Some(1), number);
    Ok(Entry {
        kind,
        purpose,
        index: index.ok_or_else(|| unreadable("statusListIndex"))?,
        size: size
            .filter(|size| (1..=64).contains(size))
            .ok_or_else(|| unreadable("statusSize"))?,
        list,
    })
}

/// The validate algorithm (Bitstring Status List, 3.2), and that the list is the issuer's own:
/// otherwise anyone could clear a badge, or revoke it.
fn read_list(
    entry: &Entry<'_>,
    issuer: Option<&str>,
    question: &Question<'_>,
    missing: &mut Vec<String>,
) -> Result<Listed, Unknown> {
    let url = entry.list;
    let not_loaded = |reason: Option<&str>| Unknown::StatusNotLoaded {
        url: url.to_owned(),
        reason: reason.map(str::to_owned),
    };
    let text = match question.documents.get(url) {
        Lookup::Loaded(text) => text,
        Lookup::Failed(reason) => return Err(not_loaded(Some(reason))),
        Lookup::Missing if url.starts_with("https://") => {
            if !missing.iter().any(|known| known == url) {
                missing.push(url.to_owned());
            }
            return Err(not_loaded(None));
        }
        Lookup::Missing => return Err(not_loaded(Some("only https is fetched"))),
    };
    let fault = |reason| Unknown::StatusList {
        url: url.to_owned(),
        reason,
    };
    let unreadable = |_| fault(ListFault::Unreadable);
    let form = Form::detect(text.as_bytes()).map_err(unreadable)?;
    let parsed = form.parse().map_err(unreadable)?;
    let list = Secured::new(&parsed, &form, question.policy).map_err(unreadable)?;
    let subject = list.credential.list("credentialSubject").first();
    let subject = subject
        .filter(|subject| {
            CredentialKind::of(list.credential) == CredentialKind::StatusList
                && subject.has_type(entry.kind.list())
        })
        .ok_or_else(|| fault(ListFault::OtherType))?;
    if list.issuer() != issuer {
        return Err(fault(ListFault::OtherIssuer));
    }
    let as_of = check_list(&list, question, missing).map_err(fault)?;
    let purposes = subject.list("statusPurpose");
    if !purposes
        .iter()
        .any(|item| item.as_str() == Some(entry.purpose))
    {
        return Err(fault(ListFault::OtherPurpose));
    }
    let bits = subject
        .text("encodedList")
        .ok_or_else(|| fault(ListFault::Malformed))?;
    let bits = entry.kind.decode(bits).map_err(|error| {
        fault(match error {
            StatusFault::Malformed => ListFault::Malformed,
            StatusFault::TooLarge => ListFault::TooLarge,
        })
    })?;
    if bits.entries() / entry.size < MIN_ENTRIES {
        return Err(fault(ListFault::TooShort));
    }
    if entry.size == 1 && bits.is_bytewise() {
        return Err(fault(ListFault::Bytewise));
    }
    let value = bits
        .get(entry.index, entry.size)
        .ok_or_else(|| fault(ListFault::OutOfRange))?;
    let had_newer = |from| {
        let issuer = issuer.unwrap_or_default();
        let documents = question.documents;
        documents.had_newer_list(url, issuer, from, question.now)
    };
    // What an old list takes back stays taken back.
    if value == 0 && as_of.is_some_and(had_newer) {
        return Err(fault(ListFault::Replayed));
    }
    Ok(Listed { value, as_of })
}

/// The list is a credential of its own: signed by its issuer, and valid now, whatever time is asked
/// about.
fn check_list(
    list: &Secured<'_>,
    question: &Question<'_>,
    missing: &mut Vec<String>,
) -> Result<Option<OffsetDateTime>, ListFault> {
    let mut report = Report::empty();
    let read = Passed::read_inside();
    let question = Question {
        at: question.now,
        ..*question
    };
    judge_secured(list, &question, read, missing, &mut report);
    for (check, outcome) in &report.checks {
        match (check, outcome) {
            (_, Outcome::Passed(_)) => {}
            (Check::Validity, _) => return Err(ListFault::Dates),
            // A date that cannot be read, for example, would be none at all.
            (Check::Form | Check::Schema, _) => return Err(ListFault::Unreadable),
            (_, Outcome::Failed(_)) => return Err(ListFault::Proof),
            (_, Outcome::Unknown(_)) => return Err(ListFault::ProofUnknown),
        }
    }
    let member = |name| list.credential.text(name);
    let from = member("validFrom").or_else(|| member("issuanceDate"));
    Ok(from.and_then(|text| parse_date_time(text).ok()))
}
