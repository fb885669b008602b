//! The words that the tables are written in: a class, its members, their kinds and cardinalities.

use super::Reading;
use super::place::Place;
use super::walk::Walk;
use crate::json::Value;
use crate::model::enumeration::Enumeration;

/// A class of the data model: its members and what holds between them.
pub(super) struct Class {
    pub(super) name: &'static str,
    pub(super) members: &'static [Member],
    /// Whether members that the table does not name are allowed (`additionalProperties`).
    pub(super) extensible: bool,
    /// The reading from which a member that is `null` is a fault.
    pub(super) null: Reading,
    /// The members that must be present, one bit each.
    pub(super) required: u32,
    /// What the table cannot say about one member alone.
    pub(super) rule: Option<Rule>,
    index: Index,
}

/// Checks what holds between the members of one object.
pub(super) type Rule = fn(&mut Walk, &Value<'_>, &Place<'_>);

/// One row of a table.
#[derive(Clone, Copy)]
pub(super) struct Member {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// The reading from which its absence is a fault; `None` when it may be absent.
    pub(super) required: Option<Reading>,
    pub(super) form: Form,
}

/// Whether a member has one value or a list of them.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// One value: cardinality 1 or 0..1.
    Single,
    /// An array: cardinality 1..* or 0..*. A single value without the array is a fault from this
    /// reading on, and never one for `None`.
    Array(Option<Reading>),
}

/// What kind of value a member has.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// String.
    String,
    /// Markdown, which in JSON is a string.
    Markdown,
    /// Boolean.
    Boolean,
    /// Float, which in JSON is a number.
    Float,
    /// URI or IRI that names a node of the signed graph, so that a relative one has no meaning.
    Uri,
    /// URI, URL or IRI that the context makes a literal: relative ones are signed as they are.
    Url,
    /// `DateTimeZ`: with a time zone.
    DateTimeZ,
    /// `DateTime` in the model and `xsd:date` in the context.
    DateTimeOrDate,
    /// Date.
    Date,
    /// `LanguageCode`.
    LanguageCode,
    /// `CountryCode`: ISO 3166-1 alpha-2.
    CountryCode,
    /// `CompactJws`.
    CompactJws,
    /// The index in a status list: a string of digits, in old documents a number.
    StatusListIndex,
    /// A term of an enumeration.
    Term(&'static Enumeration),
    /// `type` of a class: one of each group must be there.
    Types(&'static [&'static [&'static str]]),
    /// `type` of a class that has exactly one, as a plain string.
    ClassName(&'static str),
    /// `type` whose value the model leaves open.
    AnyType,
    /// An object of this class.
    Object(&'static Class),
    /// Image: an object, in old documents its URL.
    Image,
    /// `@context` of a credential.
    Context(Contexts),
    /// `ProfileRef`: a Profile or its URI; the bare URI is a fault from this reading on.
    ProfileRef(Reading),
    /// The issuer of a credential that is no badge: a URI or an object with one.
    Issuer,
    /// `CredentialStatus`, whose members depend on its `type`.
    Status,
    /// A credential inside a credential, signed on its own.
    Endorsement,
    /// An object with at least one member.
    Claims,
    /// A string, or strings with their languages (Verifiable Credentials 2.0, section 11.1).
    LanguageText,
}

/// What `@context` must begin with.
#[derive(Clone, Copy)]
pub(super) struct Contexts {
    pub(super) first: &'static str,
    pub(super) open_badges: bool,
}

impl Class {
    /// A class of Open Badges that may have further members.
    pub(super) const fn extensible(name: &'static str, members: &'static [Member]) -> Self {
        Self {
            name,
            members,
            extensible: true,
            null: Reading::Declared,
            required: required(members),
            rule: None,
            index: Index::of(members),
        }
    }

    /// A class of Open Badges that has no other members.
    pub(super) const fn closed(name: &'static str, members: &'static [Member]) -> Self {
        Self {
            extensible: false,
            ..Self::extensible(name, members)
        }
    }

    /// A class of the Verifiable Credentials Data Model, which does not know `null`.
    pub(super) const fn data_model(name: &'static str, members: &'static [Member]) -> Self {
        Self {
            null: Reading::Lenient,
            ..Self::extensible(name, members)
        }
    }

    pub(super) const fn rule(self, rule: Rule) -> Self {
        Self {
            rule: Some(rule),
            ..self
        }
    }

    /// The position of a member in the table.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        let mut slot = Index::slot(name.as_bytes());
        loop {
            let position = usize::from(self.index.0[slot]).checked_sub(1)?;
            if self.members[position].name == name {
                return Some(position);
            }
            slot = (slot + 1) % Index::SLOTS;
        }
    }
}

/// Cardinality 1.
pub(super) const fn one(name: &'static str, kind: Kind) -> Member {
    Member {
        name,
        kind,
        required: Some(Reading::Lenient),
        form: Form::Single,
    }
}

/// Cardinality 1, but nothing depends on it: only the schema minds its absence.
pub(super) const fn wanted(name: &'static str, kind: Kind) -> Member {
    Member {
        required: Some(Reading::Declared),
        ..one(name, kind)
    }
}

/// Cardinality 0..1.
pub(super) const fn optional(name: &'static str, kind: Kind) -> Member {
    Member {
        required: None,
        ..one(name, kind)
    }
}

/// Cardinality 0..*: always an array.
pub(super) const fn many(name: &'static str, kind: Kind) -> Member {
    Member {
        form: Form::Array(Some(Reading::Declared)),
        ..optional(name, kind)
    }
}

/// Cardinality 0..*, and a single value may stand without the array (JSON-LD compaction).
pub(super) const fn compacted(name: &'static str, kind: Kind) -> Member {
    Member {
        form: Form::Array(Some(Reading::Strict)),
        ..optional(name, kind)
    }
}

/// Cardinality 0..*, and a single value is as good as an array of one.
pub(super) const fn one_or_many(name: &'static str, kind: Kind) -> Member {
    Member {
        form: Form::Array(None),
        ..optional(name, kind)
    }
}

/// `type`, cardinality 1..*, and a single value may stand without the array.
pub(super) const fn types(names: &'static [&'static [&'static str]]) -> Member {
    Member {
        form: Form::Array(Some(Reading::Strict)),
        ..one("type", Kind::Types(names))
    }
}

impl Member {
    /// Cardinality 1..* instead of 0..*.
    pub(super) const fn required(self) -> Self {
        Self {
            required: Some(Reading::Lenient),
            ..self
        }
    }

    /// An array, and no reading takes a single value for it.
    pub(super) const fn array_only(self) -> Self {
        Self {
            form: Form::Array(Some(Reading::Lenient)),
            ..self
        }
    }
}

const fn required(members: &[Member]) -> u32 {
    let mut bits = 0;
    let mut at = 0;
    while at < members.len() {
        if members[at].required.is_some() {
            bits |= 1 << at;
        }
        at += 1;
    }
    bits
}

/// Finds a member by name with one comparison: an open hash table made at compile time, because
/// every member of every badge is looked up here.
struct Index([u8; Self::SLOTS]);

impl Index {
    const SLOTS: usize = 64;

    const fn of(members: &[Member]) -> Self {
        let mut slots = [0; Self::SLOTS];
        let mut at = 0;
        while at < members.len() {
            let mut slot = Self::slot(members[at].name.as_bytes());
            while slots[slot] != 0 {
                slot = (slot + 1) % Self::SLOTS;
            }
            // A class has at most 32 members: `required` has a bit for each.
            slots[slot] = at as u8 + 1;
            at += 1;
        }
        Self(slots)
    }

    const fn slot(name: &[u8]) -> usize {
        match name {
            [] => 0,
            [first, .., last] => {
                (*first as usize * 7 + *last as usize * 3 + name.len()) % Self::SLOTS
            }
            [only] => *only as usize % Self::SLOTS,
        }
    }
}
