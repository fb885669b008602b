//! Checks one value, by its kind.

use super::achievement::IMAGE;
use super::class::{Contexts, Kind};
use super::credential::{CREDENTIAL_STATUS, ENDORSEMENT_CREDENTIAL, ENDORSEMENT_CREDENTIAL_V1P1};
use super::data_model::{BITSTRING_STATUS_LIST_ENTRY, CLAIMS, ISSUER};
use super::departure::excerpt;
use super::lexical;
use super::place::Place;
use super::profile::PROFILE;
use super::walk::Walk;
use super::{DepartureKind, Reading};
use crate::json::Value;
use crate::model::context;
use crate::model::date_time::{DateTimeError, is_date, parse_date_time};
use crate::model::document::DataModel;
use crate::model::enumeration::Enumeration;

impl Walk {
    pub(super) fn value(&mut self, kind: Kind, value: &Value<'_>, place: &Place<'_>) {
        match kind {
            Kind::Object(class) => self.object(class, value, place),
            Kind::Image => self.image(value, place),
            Kind::Status => self.status(value, place),
            Kind::Endorsement => self.endorsement(value, place),
            Kind::ProfileRef(fault_from) => self.profile_ref(fault_from, value, place),
            Kind::Issuer => match value {
                Value::String(id) => self.uri(id, Reading::Lenient, place),
                object => self.object(&ISSUER, object, place),
            },
            Kind::Claims => match value {
                Value::Object(members) if members.is_empty() => {
                    let found = "an empty object";
                    self.depart(place, Reading::Lenient, DepartureKind::Empty { found });
                }
                object => self.object(&CLAIMS, object, place),
            },
            Kind::LanguageText => self.language_text(value, place),
            Kind::Boolean if matches!(value, Value::Bool(_)) => {}
            Kind::Float if matches!(value, Value::Number(_)) => {}
            Kind::StatusListIndex if matches!(value, Value::Number(_)) => self.index(value, place),
            Kind::Boolean | Kind::Float => self.wrong_kind(kind.expected(), value, place),
            kind => match value {
                Value::String(text) => self.text(kind, text, place),
                other => self.wrong_kind(kind.expected(), other, place),
            },
        }
    }

    /// A string, by the form that its kind demands.
    fn text(&mut self, kind: Kind, text: &str, place: &Place<'_>) {
        match kind {
            Kind::Uri => self.uri(text, Reading::Lenient, place),
            Kind::Url => self.uri(text, Reading::Strict, place),
            Kind::DateTimeZ => {
                if let Err(error) = parse_date_time(text) {
                    self.depart(place, Reading::Lenient, error.into());
                }
            }
            Kind::DateTimeOrDate => self.date_time_or_date(text, place),
            Kind::Date if !is_date(text) => {
                let found = excerpt(text);
                self.depart(place, Reading::Lenient, DepartureKind::Date { found });
            }
            Kind::LanguageCode if !lexical::is_language_tag(text) => {
                let found = excerpt(text);
                self.depart(place, Reading::Declared, DepartureKind::Language { found });
            }
            Kind::CountryCode if !lexical::is_country_code(text) => {
                self.form("a two-letter country code", text, Reading::Declared, place);
            }
            Kind::CompactJws if !lexical::is_compact_jws(text) => {
                self.form("a compact JWS", text, Reading::Declared, place);
            }
            Kind::StatusListIndex if !lexical::is_index(text) => {
                self.form("a string of digits", text, Reading::Lenient, place);
            }
            Kind::Term(enumeration) => self.term(enumeration, text, place),
            Kind::ClassName(expected) if text != expected => self.wrong_type(expected, text, place),
            Kind::String | Kind::Markdown if text.is_empty() && self.reading == Reading::Strict => {
                let found = "an empty text";
                self.depart(place, Reading::Strict, DepartureKind::Empty { found });
            }
            _ => {}
        }
    }

    fn uri(&mut self, text: &str, fault_from: Reading, place: &Place<'_>) {
        if !crate::iri::is_absolute_iri(text) {
            let found = excerpt(text);
            self.depart(place, fault_from, DepartureKind::Iri { found });
        }
    }

    /// The model has a date and time here, the context a date: both have been signed.
    fn date_time_or_date(&mut self, text: &str, place: &Place<'_>) {
        match parse_date_time(text) {
            Ok(_) => {}
            Err(DateTimeError::NoTime { .. }) => {
                self.depart(place, Reading::Strict, DepartureKind::DateOnly);
            }
            Err(error) => self.depart(place, Reading::Lenient, error.into()),
        }
    }

    fn term(&mut self, enumeration: &'static Enumeration, text: &str, place: &Place<'_>) {
        if enumeration.terms.contains(&text) {
            return;
        }
        let fault_from = if !enumeration.extensible {
            Reading::Lenient
        } else if lexical::is_extension_term(text) {
            return;
        } else if lexical::has_extension_term(text) {
            Reading::Strict
        } else {
            Reading::Declared
        };
        let kind = DepartureKind::Enumeration {
            enumeration: enumeration.name,
            found: excerpt(text),
        };
        self.depart(place, fault_from, kind);
    }

    /// A position that old documents write as a number.
    fn index(&mut self, value: &Value<'_>, place: &Place<'_>) {
        let expected = "a string of digits";
        let is_index = matches!(value, Value::Number(number) if lexical::is_index(number.text()));
        let fault_from = if is_index {
            Reading::Strict
        } else {
            Reading::Lenient
        };
        let found = value.kind();
        self.depart(place, fault_from, DepartureKind::Kind { expected, found });
    }

    /// `type`: texts, among them one of each group.
    pub(super) fn types(
        &mut self,
        groups: &'static [&'static [&'static str]],
        items: &[Value<'_>],
        place: &Place<'_>,
    ) {
        for (index, item) in items.iter().enumerate() {
            if item.as_str().is_none() {
                self.wrong_kind("a string", item, &place.item(index));
            }
        }
        for group in groups {
            let names_one = |item: &Value<'_>| item.as_str().is_some_and(|it| group.contains(&it));
            if !items.iter().any(names_one)
                && let [.., expected] = group
            {
                let found: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
                self.wrong_type(expected, &found.join(", "), place);
            }
        }
    }

    /// `@context`: the data model's first, and for badges the one of Open Badges second.
    pub(super) fn contexts(&mut self, contexts: Contexts, items: &[Value<'_>], place: &Place<'_>) {
        for (index, item) in items.iter().enumerate() {
            match item {
                Value::Object(_) => {}
                Value::String(url) => self.uri(url, Reading::Lenient, &place.item(index)),
                other => self.wrong_kind("a URL or an object", other, &place.item(index)),
            }
        }
        if items.first().and_then(Value::as_str) != Some(contexts.first) {
            let expected = contexts.first;
            self.depart(
                &place.item(0),
                Reading::Lenient,
                DepartureKind::Context { expected },
            );
        }
        if contexts.open_badges {
            self.open_badges_context(items, place);
        }
    }

    fn open_badges_context(&mut self, items: &[Value<'_>], place: &Place<'_>) {
        let versions = || items.iter().map(|item| item.as_str().unwrap_or_default());
        let position = versions().position(context::is_open_badges);
        if position != Some(1) {
            let fault_from = position.map_or(Reading::Lenient, |_| Reading::Declared);
            let expected = context::OPEN_BADGES;
            self.depart(
                &place.item(1),
                fault_from,
                DepartureKind::Context { expected },
            );
        }
        if let Some(position) = position
            && !versions().any(|url| url == context::OPEN_BADGES)
        {
            let found = excerpt(versions().nth(position).unwrap_or_default());
            self.depart(
                &place.item(position),
                Reading::Strict,
                DepartureKind::OlderContext { found },
            );
        }
    }

    fn image(&mut self, value: &Value<'_>, place: &Place<'_>) {
        match value {
            Value::String(url) => {
                let (expected, found) = ("an object", value.kind());
                self.depart(
                    place,
                    Reading::Declared,
                    DepartureKind::Kind { expected, found },
                );
                self.uri(url, Reading::Lenient, place);
            }
            object => self.object(&IMAGE, object, place),
        }
    }

    fn status(&mut self, value: &Value<'_>, place: &Place<'_>) {
        let class = if value.has_type(BITSTRING_STATUS_LIST_ENTRY.name) {
            &BITSTRING_STATUS_LIST_ENTRY
        } else {
            &CREDENTIAL_STATUS
        };
        self.object(class, value, place);
    }

    fn profile_ref(&mut self, fault_from: Reading, value: &Value<'_>, place: &Place<'_>) {
        match value {
            Value::String(id) => {
                let (expected, found) = ("a Profile", value.kind());
                self.depart(place, fault_from, DepartureKind::Kind { expected, found });
                self.uri(id, Reading::Lenient, place);
            }
            object => self.object(&PROFILE, object, place),
        }
    }

    /// Endorsements come signed from others, so they cannot be asked for more than the schema.
    fn endorsement(&mut self, value: &Value<'_>, place: &Place<'_>) {
        if !matches!(value, Value::Object(_)) {
            return self.wrong_kind("an object", value, place);
        }
        if self.reading == Reading::Lenient {
            return;
        }
        let class = match DataModel::of(value) {
            DataModel::V2 => &ENDORSEMENT_CREDENTIAL,
            DataModel::V1 => &ENDORSEMENT_CREDENTIAL_V1P1,
        };
        let reading = std::mem::replace(&mut self.reading, Reading::Declared);
        self.object(class, value, place);
        self.reading = reading;
    }

    fn language_text(&mut self, value: &Value<'_>, place: &Place<'_>) {
        let is_text = match value {
            Value::String(_) => true,
            Value::Object(members) => {
                value.text("@value").is_some()
                    && members
                        .iter()
                        .all(|(name, _)| matches!(&**name, "@value" | "@language" | "@direction"))
            }
            _ => false,
        };
        if !is_text {
            self.wrong_kind("a text with or without its language", value, place);
        }
    }

    fn wrong_type(&mut self, expected: &'static str, found: &str, place: &Place<'_>) {
        let found = excerpt(found);
        self.depart(
            place,
            Reading::Lenient,
            DepartureKind::Type { expected, found },
        );
    }

    fn form(&mut self, expected: &'static str, text: &str, fault_from: Reading, place: &Place<'_>) {
        let found = excerpt(text);
        self.depart(place, fault_from, DepartureKind::Form { expected, found });
    }
}

impl Kind {
    /// What JSON value this kind is, in words.
    pub(super) const fn expected(self) -> &'static str {
        match self {
            Self::Boolean => "true or false",
            Self::Float => "a number",
            Self::Object(_) | Self::Image | Self::Status | Self::Endorsement | Self::Claims => {
                "an object"
            }
            Self::ProfileRef(_) | Self::Issuer => "a URI or an object",
            _ => "a string",
        }
    }
}
