//! From digests and disclosures to the claims that the holder shows (RFC 9901, 7.1).

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{ALGORITHM, DIGESTS, HashFunction, PLACEHOLDER, SdJwt, SdJwtFault};
use crate::json::{self, MAX_DEPTH, Object, Value};

/// The payload with everything that is shown, and how much is not.
#[derive(Clone, Debug, PartialEq)]
pub struct Disclosed<'v> {
    /// The payload without any digest.
    pub payload: Value<'v>,
    /// How many digests stand for nothing that is shown: hidden claims, or decoys.
    pub undisclosed: usize,
    /// Whether some of them stand for members of the payload itself or of its claim `vc`, so that what
    /// is not there may be hidden.
    pub partial: bool,
    /// The members of the payload, or of its claim `vc`, with some of them inside.
    pub incomplete: BTreeSet<String>,
}

impl SdJwt<'_> {
    /// The disclosed payload. Whether it was signed is another question.
    ///
    /// # Errors
    /// When disclosures and digests do not fit each other in exactly one way.
    pub fn disclosed(&self) -> Result<Disclosed<'_>, SdJwtFault> {
        let payload = json::parse(&self.jws.payload).map_err(|syntax| SdJwtFault::Jwt {
            jwt: super::JwsFault::Payload { syntax },
        })?;
        let hash = HashFunction::of(&payload)?;
        let Value::Object(mut payload) = payload else {
            return Err(SdJwtFault::NoObject);
        };
        payload.retain(|(name, _)| name != ALGORITHM);
        let mut claims = HashMap::with_capacity(self.disclosures.len());
        for (index, disclosure) in self.disclosures.iter().enumerate() {
            let claim = read(index, &disclosure.json)?;
            if claims
                .insert(hash.digest(disclosure.encoded), claim)
                .is_some()
            {
                return Err(SdJwtFault::RepeatedDisclosure { index });
            }
        }
        let mut discloser = Discloser {
            claims,
            seen: HashSet::new(),
            undisclosed: 0,
            place: Vec::new(),
            partial: false,
            incomplete: BTreeSet::new(),
        };
        let payload = discloser.object(payload, 0)?;
        let unused = discloser.claims.values().map(|claim| claim.index).min();
        match unused {
            Some(index) => Err(SdJwtFault::Unreferenced { index }),
            None => Ok(Disclosed {
                payload: Value::Object(payload),
                undisclosed: discloser.undisclosed,
                partial: discloser.partial,
                incomplete: discloser.incomplete,
            }),
        }
    }
}

/// A disclosure's content (RFC 9901, 4.2.1 and 4.2.2).
struct Claim<'v> {
    index: usize,
    /// Absent for an item of an array.
    name: Option<std::borrow::Cow<'v, str>>,
    value: Value<'v>,
}

fn read(index: usize, text: &str) -> Result<Claim<'_>, SdJwtFault> {
    let parsed = json::parse(text).map_err(|syntax| SdJwtFault::Syntax { index, syntax })?;
    let malformed = SdJwtFault::Malformed { index };
    let Value::Array(items) = parsed else {
        return Err(malformed);
    };
    let mut items = items.into_iter();
    let parts = (items.next(), items.next(), items.next(), items.next());
    let (name, value) = match parts {
        (Some(Value::String(_)), Some(value), None, None) => (None, value),
        (Some(Value::String(_)), Some(Value::String(name)), Some(value), None) => {
            (Some(name), value)
        }
        _ => return Err(malformed),
    };
    match name.as_deref() {
        Some(DIGESTS) => Err(SdJwtFault::Reserved { name: DIGESTS }),
        Some(PLACEHOLDER) => Err(SdJwtFault::Reserved { name: PLACEHOLDER }),
        _ => Ok(Claim { index, name, value }),
    }
}

struct Discloser<'v> {
    /// What has not been used yet.
    claims: HashMap<String, Claim<'v>>,
    /// Every digest so far: one that stands in two places would let the holder choose the place.
    seen: HashSet<String>,
    undisclosed: usize,
    /// The names of the members around.
    place: Vec<String>,
    partial: bool,
    incomplete: BTreeSet<String>,
}

impl<'v> Discloser<'v> {
    fn value(&mut self, value: Value<'v>, depth: usize) -> Result<Value<'v>, SdJwtFault> {
        Ok(match value {
            Value::Object(members) => Value::Object(self.object(members, depth)?),
            Value::Array(items) => Value::Array(self.array(items, depth)?),
            plain => plain,
        })
    }

    fn object(&mut self, members: Object<'v>, depth: usize) -> Result<Object<'v>, SdJwtFault> {
        let depth = deeper(depth)?;
        let mut disclosed = Object::with_capacity(members.len());
        let mut digests = None;
        for (name, value) in members {
            match name.as_ref() {
                DIGESTS => digests = Some(value),
                PLACEHOLDER => return Err(SdJwtFault::Reserved { name: PLACEHOLDER }),
                ALGORITHM => return Err(SdJwtFault::Reserved { name: ALGORITHM }),
                _ => {
                    let value = self.member(&name, value, depth)?;
                    disclosed.push((name, value));
                }
            }
        }
        let digests = match digests {
            None => return Ok(disclosed),
            Some(Value::Array(digests)) => digests,
            Some(_) => return Err(SdJwtFault::Reserved { name: DIGESTS }),
        };
        let mut names: HashSet<String> =
            disclosed.iter().map(|(name, _)| name.to_string()).collect();
        for digest in &digests {
            let Some(claim) = self.look_up(digest, DIGESTS)? else {
                continue;
            };
            let index = claim.index;
            let name = claim.name.ok_or(SdJwtFault::WrongPlace { index })?;
            if name == ALGORITHM {
                return Err(SdJwtFault::Reserved { name: ALGORITHM });
            }
            if !names.insert(name.to_string()) {
                return Err(SdJwtFault::Clash { index });
            }
            let value = self.member(&name, claim.value, depth)?;
            disclosed.push((name, value));
        }
        Ok(disclosed)
    }

    fn member(
        &mut self,
        name: &str,
        value: Value<'v>,
        depth: usize,
    ) -> Result<Value<'v>, SdJwtFault> {
        self.place.push(name.to_owned());
        let disclosed = self.value(value, depth);
        self.place.pop();
        disclosed
    }

    fn array(&mut self, items: Vec<Value<'v>>, depth: usize) -> Result<Vec<Value<'v>>, SdJwtFault> {
        let depth = deeper(depth)?;
        let mut disclosed = Vec::with_capacity(items.len());
        for item in items {
            let Some(digest) = item.get(PLACEHOLDER) else {
                disclosed.push(self.value(item, depth)?);
                continue;
            };
            if item.as_object().is_none_or(|members| members.len() != 1) {
                return Err(SdJwtFault::Reserved { name: PLACEHOLDER });
            }
            let Some(claim) = self.look_up(digest, PLACEHOLDER)? else {
                continue;
            };
            if claim.name.is_some() {
                return Err(SdJwtFault::WrongPlace { index: claim.index });
            }
            disclosed.push(self.value(claim.value, depth)?);
        }
        Ok(disclosed)
    }

    /// What stands behind a digest, if that is shown.
    fn look_up(
        &mut self,
        digest: &Value<'_>,
        name: &'static str,
    ) -> Result<Option<Claim<'v>>, SdJwtFault> {
        let digest = digest.as_str().ok_or(SdJwtFault::Reserved { name })?;
        if !self.seen.insert(digest.to_owned()) {
            return Err(SdJwtFault::RepeatedDigest);
        }
        let claim = self.claims.remove(digest);
        if claim.is_none() {
            self.undisclosed += 1;
            self.tell_place();
        }
        Ok(claim)
    }

    /// Notes where something is not shown. Version 1.1 has the credential in a claim.
    fn tell_place(&mut self) {
        match self.place.as_slice() {
            [] => self.partial = true,
            [vc] if vc == "vc" => self.partial = true,
            [vc, member, ..] if vc == "vc" => _ = self.incomplete.insert(member.clone()),
            [member, ..] => _ = self.incomplete.insert(member.clone()),
        }
    }
}

const fn deeper(depth: usize) -> Result<usize, SdJwtFault> {
    if depth < MAX_DEPTH {
        Ok(depth + 1)
    } else {
        Err(SdJwtFault::TooDeep)
    }
}
