//! Objects with one id, of which statements are signed and not the objects: all that is said of them
//! is said of one thing, and a holder could let them change places. Where objects that stand for
//! different things say different things under one id, nothing tells which of them was meant.
//!
//! An address that a holder gives for their evidence could be that of the achievement: then the name
//! of one could be shown as that of the other.

use std::collections::HashMap;

use crate::json::{self, Object, Value};

/// What an object is looked at for, by the member that it is the value of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place<'v> {
    /// Somebody: whether as the issuer or as the author of the achievement, it is the same.
    Profile,
    /// What an endorsement is about.
    Endorsed,
    Member(&'v str),
}

impl<'v> Place<'v> {
    fn of(around: Self, member: &'v str) -> Self {
        match member {
            "issuer" | "creator" | "source" | "parentOrg" => Self::Profile,
            "credentialSubject" if around == Self::Member("endorsement") => Self::Endorsed,
            _ => Self::Member(member),
        }
    }
}

/// What was said first.
struct Said<'v> {
    place: Place<'v>,
    text: String,
    /// Whether something else was said at places of the same kind.
    varies: bool,
}

/// The id of two such objects, and a member that is not the same in both.
pub(super) fn find<'v>(credential: &'v Value<'_>) -> Option<(&'v str, &'v str)> {
    let mut objects = Vec::new();
    collect(credential, Place::Member(""), &mut objects);
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for (id, ..) in &objects {
        *counts.entry(id).or_default() += 1;
    }
    let mut all: HashMap<(&str, &str), Said<'_>> = HashMap::new();
    for (id, place, members) in objects {
        if counts.get(id) == Some(&1) {
            continue;
        }
        for (name, value) in members {
            if ["id", "type"].contains(&&**name) {
                continue;
            }
            // Nothing else is said there (Open Badges 3.0, EndorsementSubject).
            if place == Place::Endorsed && name != "endorsementComment" {
                return Some((id, name));
            }
            let text = json::canonical(value);
            let said = all.entry((id, &**name)).or_insert_with(|| Said {
                place,
                text: text.clone(),
                varies: false,
            });
            let differs = said.text != text;
            if said.place != place && (differs || said.varies) {
                return Some((id, name));
            }
            said.varies |= differs;
        }
    }
    None
}

fn collect<'v, 'd>(
    value: &'v Value<'d>,
    place: Place<'v>,
    objects: &mut Vec<(&'v str, Place<'v>, &'v Object<'d>)>,
) {
    match value {
        Value::Array(items) => {
            for item in items {
                collect(item, place, objects);
            }
        }
        Value::Object(members) => {
            if let Some(id) = value.text("id") {
                objects.push((id, place, members));
            }
            for (name, value) in members.iter().filter(|(name, _)| name != "proof") {
                collect(value, Place::of(place, name), objects);
            }
        }
        _ => {}
    }
}
