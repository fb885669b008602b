//! Why two implementations may differ, each cause with the test that recognises it and nothing else.
//! `docs/differential.md` explains them.

use std::borrow::Cow;
use std::collections::HashSet;

use badges_core::jsonld::{Fault, FaultKind, canonicalize, nquads};
use serde_json::Value;

use crate::generate::{Document, UNDEFINED};

/// A known cause of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cause {
    /// We refuse a number that is not kept as it is written.
    LossyNumber,
    /// `json-ld` drops words that no context defines.
    Undefined,
    /// One of the two gives up on blank nodes that are too alike.
    TooAlike,
    /// `jsonld` orders by the units of UTF-16.
    Order,
    /// `jsonld` states twice that a list of one node, which stands in two places, is empty.
    EmptyListTwice,
    /// `jsonld` refuses a text direction, which we drop under the standard's rules.
    Direction,
    /// `json-ld` refuses a context that defines a protected term once more and alike.
    ProtectedTwice,
    /// `json-ld` writes the shortest form of a double.
    Double,
    /// `json-ld` keeps the case of language tags.
    LanguageCase,
}

/// What we say of a document.
pub(crate) type Ours = Result<String, Fault>;

/// Why `jsonld` says something else of a document; nothing when it says the same.
pub(crate) fn of_jsonld_js(
    document: &Document,
    ours: &Ours,
    theirs: Result<&str, &str>,
) -> Result<Vec<Cause>, String> {
    let cause = match (ours, theirs) {
        (Ok(ours), Ok(theirs)) if ours == theirs => return Ok(Vec::new()),
        (Ok(ours), Ok(theirs)) if canonical(theirs)? == *ours => {
            if states_an_empty_list_twice(theirs) {
                Some(Cause::EmptyListTwice)
            } else {
                has_letters_on_both_sides(ours).then_some(Cause::Order)
            }
        }
        (Ok(_), Err(reason)) if reason.contains("deep iterations") => Some(Cause::TooAlike),
        (Ok(_), Err(reason)) => {
            let refused = reason.contains("rdfDirection") && document.text.contains("@direction");
            refused.then_some(Cause::Direction)
        }
        (Err(fault), Err(reason)) if is_undefined(fault) && reason.contains(UNDEFINED) => {
            return Ok(Vec::new());
        }
        (Err(fault), _) => our_refusal(fault),
        _ => None,
    };
    unless_unknown(cause, document, ours, theirs)
}

/// Why `json-ld` says something else of a document.
pub(crate) fn of_json_ld(
    document: &Document,
    ours: &Ours,
    theirs: Result<&str, &str>,
) -> Result<Vec<Cause>, String> {
    let cause = match (ours, theirs) {
        (Ok(ours), Ok(theirs)) => return alike(document, ours, theirs),
        (_, Err(reason)) if reason.contains("Protected term redefinition") => {
            has_contexts_that_repeat(&document.text).then_some(Cause::ProtectedTwice)
        }
        (Err(fault), Ok(theirs)) if is_undefined(fault) => {
            (!theirs.contains(UNDEFINED)).then_some(Cause::Undefined)
        }
        (Err(fault), _) => our_refusal(fault),
        (Ok(_), Err(_)) => None,
    };
    unless_unknown(cause, document, ours, theirs)
}

fn is_undefined(fault: &Fault) -> bool {
    matches!(&fault.kind, FaultKind::UndefinedTerm { term } if term == UNDEFINED)
}

fn unless_unknown(
    cause: Option<Cause>,
    document: &Document,
    ours: &Ours,
    theirs: Result<&str, &str>,
) -> Result<Vec<Cause>, String> {
    cause
        .map(|cause| vec![cause])
        .ok_or_else(|| match (ours, theirs) {
            (Ok(ours), Ok(theirs)) => format!("{}\n{}", difference(ours, theirs), document.text),
            (ours, theirs) => format!("ours {ours:?}\ntheirs {theirs:?}\n{}", document.text),
        })
}

fn our_refusal(fault: &Fault) -> Option<Cause> {
    match &fault.kind {
        FaultKind::LossyNumber { number } => is_lossy(number).then_some(Cause::LossyNumber),
        FaultKind::TooComplex(_) => Some(Cause::TooAlike),
        _ => None,
    }
}

/// Whether a number is none that JSON's readers all keep: beyond the integers that doubles have one by
/// one, so small that `jsonld` signs zero, a zero with a sign, or with more digits than a double.
fn is_lossy(number: &str) -> bool {
    let Ok(double) = number.parse::<f64>() else {
        return false;
    };
    let magnitude = double.abs();
    magnitude > 9_007_199_254_740_991.0
        || magnitude < 1e-6 && double != 0.0
        || double == 0.0 && number.starts_with('-')
        || number.bytes().filter(u8::is_ascii_digit).count() > 16
}

/// Letters beyond U+FFFF, and letters that UTF-16 has after them and Unicode before.
fn has_letters_on_both_sides(nquads: &str) -> bool {
    let has = |letters: std::ops::RangeInclusive<char>| {
        let mut all = nquads.chars();
        all.any(|letter| letters.contains(&letter))
    };
    has('\u{e000}'..='\u{ffff}') && has('\u{10000}'..=char::MAX)
}

fn states_an_empty_list_twice(nquads: &str) -> bool {
    let mut seen = HashSet::new();
    nquads
        .lines()
        .any(|line| !seen.insert(line) && line.contains("22-rdf-syntax-ns#nil>"))
}

/// The credentials' context defines the terms of Data Integrity and of status lists, which their own
/// contexts have again.
fn has_contexts_that_repeat(text: &str) -> bool {
    let document: Value = serde_json::from_str(text).unwrap();
    let contexts = document["@context"].as_array().unwrap();
    let place = |url: &str| contexts.iter().position(|context| context == url);
    let credentials = place("https://www.w3.org/ns/credentials/v2");
    let again = [
        "https://w3id.org/security/data-integrity/v2",
        "https://www.w3.org/ns/credentials/status/v1",
    ];
    credentials.is_some() && again.iter().any(|url| credentials < place(url))
}

/// A line in the form that both have, unless it is in that form already.
type Rewrite = fn(&str) -> Option<String>;

/// The causes for which `json-ld` writes the same statements otherwise.
fn alike(document: &Document, ours: &str, theirs: &str) -> Result<Vec<Cause>, String> {
    let rewrites: [(Cause, Rewrite); 2] = [
        (Cause::LanguageCase, with_lower_case_tags),
        (Cause::Double, with_shortest_doubles),
    ];
    let (mut left, mut right) = (Cow::Borrowed(ours), Cow::Borrowed(theirs));
    let mut causes = Vec::new();
    for (cause, rewrite) in rewrites {
        let changed = [&mut left, &mut right].map(|text| rewrite_lines(text, rewrite));
        if changed.contains(&true) {
            causes.push(cause);
        }
    }
    if let Cow::Owned(rewritten) = left {
        left = canonical(&rewritten)?.into();
    }
    let right = canonical(&right)?;
    if left == right {
        return Ok(causes);
    }
    Err(format!("{}\n{}", difference(&left, &right), document.text))
}

/// Whether a line was another one before.
fn rewrite_lines(nquads: &mut Cow<'_, str>, rewrite: Rewrite) -> bool {
    let rewritten: Vec<Option<String>> = nquads.lines().map(rewrite).collect();
    if rewritten.iter().all(Option::is_none) {
        return false;
    }
    let lines = nquads.lines().zip(rewritten);
    let lines = lines.map(|(line, rewritten)| rewritten.unwrap_or_else(|| line.to_owned()) + "\n");
    *nquads = Cow::Owned(lines.collect());
    true
}

/// A line in three: up to the literal, the literal without quotes, and its datatype or language.
fn literal(line: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = line.split_once('"')?;
    let (text, after) = rest.rsplit_once('"')?;
    Some((before, text, after))
}

fn with_lower_case_tags(line: &str) -> Option<String> {
    let (before, text, after) = literal(line).filter(|(.., after)| after.starts_with('@'))?;
    let (tag, rest) = after.split_once(' ')?;
    let lower = tag.to_ascii_lowercase();
    (lower != tag).then(|| format!("{before}\"{text}\"{lower} {rest}"))
}

/// Only what is written as a double is one: with an exponent, under any datatype. A digit follows the
/// point, as in XSD's canonical form: the shortest form of another double may have had more of them.
fn with_shortest_doubles(line: &str) -> Option<String> {
    let (before, text, after) = literal(line).filter(|(.., after)| after.starts_with("^^"))?;
    text.split_once('E')?;
    let mut shortest = format!("{:E}", text.parse::<f64>().ok()?);
    if !shortest.contains('.') {
        shortest = shortest.replace('E', ".0E");
    }
    (shortest != text).then(|| format!("{before}\"{shortest}\"{after}"))
}

/// Statements with our names for their blank nodes and in our order.
fn canonical(nquads: &str) -> Result<String, String> {
    let (dataset, _) = nquads::parse(nquads).map_err(|error| format!("{error}: {nquads}"))?;
    let canonical = canonicalize(&dataset).map_err(|error| error.to_string())?;
    Ok(canonical.nquads().to_owned())
}

/// The lines that only one of the two has.
pub(crate) fn difference(ours: &str, theirs: &str) -> String {
    let (left, right): (HashSet<&str>, HashSet<&str>) =
        (ours.lines().collect(), theirs.lines().collect());
    let ours = left.difference(&right).map(|line| format!("ours   {line}"));
    let theirs = right.difference(&left).map(|line| format!("theirs {line}"));
    ours.chain(theirs).collect::<Vec<_>>().join("\n")
}
