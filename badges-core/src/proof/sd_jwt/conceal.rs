//! From a payload and paths to digests and disclosures: the issuer's half (RFC 9901, 4.2).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use super::{ALGORITHM, DIGESTS, HashFunction, PLACEHOLDER, has_digests};
use crate::json::{self, Value};

/// A payload with digests, and what they are made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concealed {
    /// The payload as JSON text, to be signed.
    pub payload: String,
    /// The disclosures as they travel, in the order of the paths.
    pub disclosures: Vec<String>,
}

impl Concealed {
    /// The SD-JWT with all its disclosures, for the holder (RFC 9901, 4).
    #[must_use]
    pub fn join(&self, jws: &str) -> String {
        let parts = std::iter::once(jws).chain(self.disclosures.iter().map(String::as_str));
        parts.fold(String::new(), |text, part| text + part + "~")
    }
}

/// Why something cannot be made selectively disclosable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "fault", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PathFault {
    /// Not names joined by dots, with indices in brackets.
    #[error("{path:?} is no path such as `credentialSubject.phoneNumbers[0]`")]
    Malformed {
        /// The path.
        path: String,
    },
    /// Nothing is there, or another path has hidden it already.
    #[error("nothing stands at {path}")]
    NotFound {
        /// The path.
        path: String,
    },
    /// Verifiers cannot do without what stands there.
    #[error("{path} must always be shown")]
    Needed {
        /// The path.
        path: String,
    },
    /// The payload uses a name that is reserved for digests, or is no object.
    #[error("the payload uses a name that SD-JWT reserves, or is no object")]
    Reserved,
}

/// Replaces what stands at each path by its digest. `salts` gives 16 random bytes for each, as
/// RFC 9901 recommends (9.3); one that comes twice gives away what two claims have in common.
///
/// Paths are names joined by dots, with indices of arrays in brackets:
/// `credentialSubject.phoneNumbers[0]`. Of two paths of which one is inside the other both are
/// disclosed on their own.
///
/// # Errors
/// When nothing stands at a path, or the payload has digests already.
pub fn conceal(
    payload: &Value<'_>,
    paths: &[impl AsRef<str>],
    mut salts: impl FnMut() -> [u8; 16],
) -> Result<Concealed, PathFault> {
    if payload.as_object().is_none() || has_digests(payload) {
        return Err(PathFault::Reserved);
    }
    let mut payload = payload.clone().into_owned();
    let mut steps = Vec::with_capacity(paths.len());
    for (order, path) in paths.iter().enumerate() {
        steps.push((order, path.as_ref(), parse(path.as_ref())?));
    }
    // The inner ones first, so that the outer disclosures contain their digests.
    steps.sort_by_key(|(_, _, steps)| std::cmp::Reverse(steps.len()));
    let mut disclosures = Vec::with_capacity(steps.len());
    for (order, path, steps) in steps {
        let disclosure = replace(&mut payload, &steps, salts());
        let disclosure = disclosure.ok_or_else(|| PathFault::NotFound {
            path: path.to_owned(),
        })?;
        disclosures.push((order, disclosure));
    }
    sort_digests(&mut payload);
    if let Value::Object(members) = &mut payload
        && !disclosures.is_empty()
    {
        members.push((ALGORITHM.into(), Value::String("sha-256".into())));
    }
    disclosures.sort_by_key(|(order, _)| *order);
    Ok(Concealed {
        payload: json::canonical(&payload),
        disclosures: disclosures.into_iter().map(|(_, text)| text).collect(),
    })
}

enum Step<'p> {
    Member(&'p str),
    Item(usize),
}

fn parse(path: &str) -> Result<Vec<Step<'_>>, PathFault> {
    let malformed = || PathFault::Malformed {
        path: path.to_owned(),
    };
    let mut steps = Vec::new();
    for part in path.split('.') {
        let (name, indices) = part.split_at(part.find('[').unwrap_or(part.len()));
        if name.is_empty() || name.contains(']') {
            return Err(malformed());
        }
        steps.push(Step::Member(name));
        for index in indices.split_inclusive(']') {
            let digits = index
                .strip_prefix('[')
                .and_then(|rest| rest.strip_suffix(']'));
            let index = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
            let index = index.and_then(|digits| digits.parse().ok());
            steps.push(Step::Item(index.ok_or_else(malformed)?));
        }
    }
    Ok(steps)
}

/// Puts a digest in place of a value and returns the disclosure; `None` when nothing is there.
fn replace(root: &mut Value<'static>, steps: &[Step<'_>], salt: [u8; 16]) -> Option<String> {
    let (last, way) = steps.split_last()?;
    let mut holder = root;
    for step in way {
        holder = match (step, holder) {
            (Step::Member(name), Value::Object(members)) => members
                .iter_mut()
                .find_map(|(key, value)| (key == name).then_some(value))?,
            (Step::Item(index), Value::Array(items)) => items.get_mut(*index)?,
            _ => return None,
        };
    }
    let salt = json::quoted(&URL_SAFE_NO_PAD.encode(salt));
    match (last, holder) {
        (Step::Member(name), Value::Object(members)) if *name != DIGESTS => {
            let at = members.iter().position(|(key, _)| key == name)?;
            let (name, value) = members.remove(at);
            let (name, value) = (json::quoted(&name), json::canonical(&value));
            let (disclosure, digest) = disclosure(&format!("[{salt},{name},{value}]"));
            match members.iter_mut().find(|(key, _)| key == DIGESTS) {
                Some((_, Value::Array(digests))) => digests.push(digest),
                _ => members.push((DIGESTS.into(), Value::Array(vec![digest]))),
            }
            Some(disclosure)
        }
        (Step::Item(index), Value::Array(items)) => {
            let item = items.get_mut(*index)?;
            if item.get(PLACEHOLDER).is_some() {
                return None;
            }
            let (disclosure, digest) = disclosure(&format!("[{salt},{}]", json::canonical(item)));
            *item = Value::Object(vec![(PLACEHOLDER.into(), digest)]);
            Some(disclosure)
        }
        _ => None,
    }
}

fn disclosure(json: &str) -> (String, Value<'static>) {
    let encoded = URL_SAFE_NO_PAD.encode(json);
    let digest = HashFunction::Sha256.digest(&encoded);
    (encoded, Value::String(digest.into()))
}

/// The order of digests must not tell the order of the claims (RFC 9901, 4.2.4.1).
fn sort_digests(value: &mut Value<'static>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::Array(digests) if name == DIGESTS => {
                        digests.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
                    }
                    value => sort_digests(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(sort_digests),
        _ => {}
    }
}
