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
    objects.sort_by_key(|object| object.id);
    let mut nodes = objects.chunk_by(|one, other| one.id == other.id);
    nodes.find_map(|node| Some((node.first()?.id, differing(node)?)))
}

/// A member that objects with one id have at places of different kinds, and not alike.
fn differing<'v>(node: &[Identified<'v, '_>]) -> Option<&'v str> {
    let place = node.first()?.place;
    if node.iter().all(|object| object.place == place) {
        return None;
    }
    let mut all: HashMap<&str, Said<'_>> = HashMap::new();
    for object in node {
        for (name, value) in object.members {
            if ["id", "type"].contains(&&**name) {
                continue;
            }
            // Nothing else is said there (Open Badges 3.0, EndorsementSubject).
            if object.place == Place::Endorsed && name != "endorsementComment" {
                return Some(name);
            }
            let text = json::canonical(value);
            let said = all.entry(&**name).or_insert_with(|| Said {
                place: object.place,
                text: text.clone(),
                varies: false,
            });
            let differs = said.text != text;
            if said.place != object.place && (differs || said.varies) {
                return Some(name);
            }
            said.varies |= differs;
        }
    }
    None
}

/// An object with an id.
struct Identified<'v, 'd> {
    id: &'v str,
    place: Place<'v>,
    members: &'v Object<'d>,
}

fn collect<'v, 'd>(value: &'v Value<'d>, place: Place<'v>, objects: &mut Vec<Identified<'v, 'd>>) {
    match value {
        Value::Array(items) => {
            for item in items {
                collect(item, place, objects);
            }
        }
        Value::Object(members) => {
            if let Some(id) = value.text("id") {
                objects.push(Identified { id, place, members });
            }
            for (name, value) in members {
                let has_members = matches!(value, Value::Array(_) | Value::Object(_));
                if has_members && name != "proof" {
                    collect(value, Place::of(place, name), objects);
                }
            }
        }
        _ => {}
    }
}
