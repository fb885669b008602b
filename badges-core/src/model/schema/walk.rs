//! Goes through a document with the tables.

use super::class::{Class, Form, Kind, Member};
use super::place::Place;
use super::{Departure, DepartureKind, MAX_DEPARTURES, Reading, Severity};
use crate::json::Value;

/// A check under way.
pub(super) struct Walk {
    pub(super) reading: Reading,
    pub(super) departures: Vec<Departure>,
}

impl Walk {
    pub(super) const fn new(reading: Reading) -> Self {
        Self {
            reading,
            departures: Vec::new(),
        }
    }

    /// A credential, by the table that it asks for.
    pub(super) fn credential(&mut self, value: &Value<'_>, place: &Place<'_>) {
        self.object(super::table(value), value, place);
    }

    /// Notes a departure, which is a fault from this reading on.
    pub(super) fn depart(&mut self, place: &Place<'_>, fault_from: Reading, kind: DepartureKind) {
        let severity = if self.reading >= fault_from {
            Severity::Fault
        } else {
            Severity::Note
        };
        // The list is bounded, and its notes do not crowd out a fault.
        let same = |departure: &&Departure| departure.severity == severity;
        if self.departures.iter().filter(same).count() < MAX_DEPARTURES {
            self.departures.push(Departure {
                path: place.to_string(),
                kind,
                severity,
            });
        }
    }

    pub(super) fn object(&mut self, class: &'static Class, value: &Value<'_>, place: &Place<'_>) {
        let Value::Object(members) = value else {
            return self.wrong_kind("an object", value, place);
        };
        let mut present = 0;
        for (name, value) in members {
            let place = place.member(name);
            match class.position(name) {
                Some(at) => {
                    if self.member(class, &class.members[at], value, &place) {
                        present |= 1 << at;
                    }
                }
                None if class.extensible => {}
                None => {
                    let kind = DepartureKind::Closed { class: class.name };
                    self.depart(&place, Reading::Lenient, kind);
                }
            }
        }
        let missing = class.required & !present;
        if missing != 0 {
            self.missing(class, missing, place);
        }
        if let Some(rule) = class.rule {
            rule(self, value, place);
        }
    }

    fn missing(&mut self, class: &Class, missing: u32, place: &Place<'_>) {
        for (at, member) in class.members.iter().enumerate() {
            if let Some(fault_from) = member.required
                && missing & (1 << at) != 0
            {
                let place = place.member(member.name);
                self.depart(&place, fault_from, DepartureKind::Required);
            }
        }
    }

    /// One member of an object; the answer is whether it has a value at all.
    fn member(
        &mut self,
        class: &Class,
        member: &Member,
        value: &Value<'_>,
        place: &Place<'_>,
    ) -> bool {
        match (value, member.form) {
            (Value::Null, _) => {
                self.empty("null", class.null, member, place);
                false
            }
            (Value::Array(items), Form::Array(_)) if items.is_empty() => {
                self.empty("an empty array", Reading::Strict, member, place);
                false
            }
            (Value::Array(items), Form::Array(_)) => {
                self.items(member.kind, items, place);
                true
            }
            (single, Form::Array(fault_from)) => {
                if let Some(fault_from) = fault_from {
                    self.depart(place, fault_from, DepartureKind::NoArray);
                }
                match member.kind {
                    Kind::Types(_) | Kind::Context(_) => {
                        self.items(member.kind, std::slice::from_ref(single), place);
                    }
                    kind => self.value(kind, single, place),
                }
                true
            }
            (Value::Array(items), Form::Single) => {
                self.array_for_one(member, value, items, place);
                true
            }
            (value, Form::Single) => {
                self.value(member.kind, value, place);
                true
            }
        }
    }

    /// Something that is as good as absent. Where it must not be, its absence is the departure.
    fn empty(
        &mut self,
        found: &'static str,
        fault_from: Reading,
        member: &Member,
        place: &Place<'_>,
    ) {
        if member.required.is_none() {
            self.depart(place, fault_from, DepartureKind::Empty { found });
        }
    }

    /// An array where one value is wanted. An object or a `type` that is alone in it can be meant in
    /// only one way; a date or a name in an array is another kind of value.
    fn array_for_one(
        &mut self,
        member: &Member,
        value: &Value<'_>,
        items: &[Value<'_>],
        place: &Place<'_>,
    ) {
        let is_status = matches!(member.kind, Kind::Status);
        let may_be_alone_in_array = matches!(
            member.kind,
            Kind::Object(_) | Kind::Image | Kind::Status | Kind::ClassName(_) | Kind::AnyType
        );
        if !may_be_alone_in_array {
            return self.wrong_kind(member.kind.expected(), value, place);
        }
        if items.is_empty() && member.required.is_none() {
            return self.empty("an empty array", Reading::Declared, member, place);
        }
        let entries = items.len();
        if entries != 1 && !is_status {
            return self.depart(place, Reading::Lenient, DepartureKind::Array { entries });
        }
        self.depart(place, Reading::Declared, DepartureKind::Array { entries });
        self.items(member.kind, items, place);
    }

    fn items(&mut self, kind: Kind, items: &[Value<'_>], place: &Place<'_>) {
        match kind {
            Kind::Types(groups) => self.types(groups, items, place),
            Kind::Context(contexts) => self.contexts(contexts, items, place),
            kind => {
                for (index, item) in items.iter().enumerate() {
                    self.value(kind, item, &place.item(index));
                }
            }
        }
    }

    pub(super) fn wrong_kind(
        &mut self,
        expected: &'static str,
        value: &Value<'_>,
        place: &Place<'_>,
    ) {
        let found = value.kind();
        self.depart(
            place,
            Reading::Lenient,
            DepartureKind::Kind { expected, found },
        );
    }
}
