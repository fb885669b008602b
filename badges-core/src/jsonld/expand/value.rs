//! Values: lists, and strings, numbers, booleans, value objects and language maps to literals.

use super::{Edge, Expanded, Expander, RDF_JSON};
use crate::json::{Object, Value, canonical};
use crate::jsonld::context::{Coercion, Meaning, XSD_STRING};
use crate::jsonld::dataset::{Quad, Term};
use crate::jsonld::literal::{Numeric, check_numbers, numeric};
use crate::jsonld::select::Step;
use crate::jsonld::{Fault, FaultKind, Policy};

const XSD_BOOLEAN: &str = "^^<http://www.w3.org/2001/XMLSchema#boolean>";
const XSD_INTEGER: &str = "^^<http://www.w3.org/2001/XMLSchema#integer>";
const XSD_DOUBLE: &str = "^^<http://www.w3.org/2001/XMLSchema#double>";

const RDF_FIRST: &str = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#first>";
const RDF_REST: &str = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#rest>";
const RDF_NIL: &str = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#nil>";

impl Expander<'_> {
    pub(super) fn list(&mut self, edge: &Edge<'_>, value: &Value<'_>) -> Expanded<Term> {
        let value = match value {
            Value::Object(members) => match self.sole_keyword(edge.context, members) {
                Some(("@list", list)) => list,
                _ => value,
            },
            _ => value,
        };
        let first = self.dataset.iri(RDF_FIRST);
        let rest = self.dataset.iri(RDF_REST);
        let nil = self.dataset.iri(RDF_NIL);
        let mut head = nil;
        let mut last = None;
        let link = |expander: &mut Self, subject, predicate, object| {
            expander.insert(Quad {
                subject,
                predicate,
                object,
                graph: edge.graph,
            });
        };
        self.step(Step::Whole);
        for (index, item) in value.items().iter().enumerate() {
            let object = match item {
                Value::Null => continue,
                Value::Array(_) => return Err(Fault::from(FaultKind::NestedArray).at(index)),
                Value::Object(members) => self.object(edge, members),
                scalar => self.scalar(edge, scalar).map_err(Fault::from),
            }
            .map_err(|fault| fault.at(index))?;
            let cell = self.dataset.blank_node();
            match last.replace(cell) {
                None => head = cell,
                Some(previous) => link(self, previous, rest, cell),
            }
            link(self, cell, first, object);
        }
        if let Some(last) = last {
            link(self, last, rest, nil);
        }
        self.back();
        Ok(head)
    }

    pub(super) fn language_map(&mut self, edge: &Edge<'_>, members: &Object<'_>) -> Expanded<()> {
        for (tag, value) in members {
            self.step(Step::Member(tag));
            for (index, text) in value.items().iter().enumerate() {
                let text = text.as_str().ok_or_else(|| {
                    Fault::from(FaultKind::Misplaced { found: text.kind() }).within(tag)
                })?;
                let literal = self
                    .language_string(text, tag)
                    .map_err(|kind| Fault::from(kind).within(tag))?;
                self.step(Step::Item(index));
                self.add(edge, literal);
                self.back();
            }
            self.back();
        }
        Ok(())
    }

    /// A string, number or boolean as the term's value.
    pub(super) fn scalar(&mut self, edge: &Edge<'_>, value: &Value<'_>) -> Result<Term, FaultKind> {
        let Value::String(text) = value else {
            return self.native(value, edge.definition.datatype());
        };
        match &edge.definition.coercion {
            Coercion::Id => {
                let context = self.property_scoped(edge.context, edge.definition)?;
                self.identifier(&context, text)
            }
            Coercion::Vocabulary => {
                let context = self.property_scoped(edge.context, edge.definition)?;
                match context.expand(text, true) {
                    Meaning::Iri(iri) => Ok(self.iri_or_blank(&iri)),
                    _ => Err(FaultKind::InvalidIri {
                        iri: text.to_string(),
                    }),
                }
            }
            Coercion::Datatype(suffix) => Ok(self.dataset.literal(text, suffix)),
            Coercion::None | Coercion::Json => {
                let default = || edge.context.language.clone();
                match edge.definition.language.clone().unwrap_or_else(default) {
                    Some(tag) => self.language_string(text, &tag),
                    None => Ok(self.dataset.literal(text, "")),
                }
            }
        }
    }

    fn native(&mut self, value: &Value<'_>, datatype: Option<&str>) -> Result<Term, FaultKind> {
        Ok(match value {
            Value::Bool(flag) => self.dataset.literal(
                if *flag { "true" } else { "false" },
                datatype.unwrap_or(XSD_BOOLEAN),
            ),
            Value::Number(number) => match numeric(number, datatype == Some(XSD_DOUBLE))? {
                Numeric::Integer(text) => {
                    self.dataset.literal(&text, datatype.unwrap_or(XSD_INTEGER))
                }
                Numeric::Double(text) => {
                    self.dataset.literal(&text, datatype.unwrap_or(XSD_DOUBLE))
                }
            },
            other => {
                return Err(FaultKind::Misplaced {
                    found: other.kind(),
                });
            }
        })
    }

    /// A value object. A badge needs one only to say a language: any other is a second spelling.
    pub(super) fn value_object(
        &mut self,
        edge: &Edge<'_>,
        members: &Object<'_>,
    ) -> Result<Term, FaultKind> {
        let context = self.property_scoped(edge.context, edge.definition)?;
        let (mut value, mut datatype, mut language) = (None, None, None);
        for (key, member) in members {
            match context.keyword(key) {
                Some("@value") => value = Some(member),
                Some("@type") => datatype = Some(member),
                Some("@language") => language = Some(member),
                Some("@direction") if self.policy == Policy::DataIntegrity => {}
                Some("@direction") => return Err(FaultKind::Direction),
                Some(keyword) => {
                    return Err(FaultKind::UnsupportedKeyword {
                        keyword: keyword.to_owned(),
                    });
                }
                None => return Err(FaultKind::InvalidValueObject),
            }
        }
        let value = value.ok_or(FaultKind::InvalidValueObject)?;
        if self.policy == Policy::Badge && language.is_none() {
            return Err(FaultKind::Respelled {
                spelling: "@value".to_owned(),
            });
        }
        match (datatype.map(Value::as_str), language.map(Value::as_str)) {
            (None, None) => self.typed(value, None),
            (None, Some(Some(tag))) => {
                let text = value.as_str().ok_or(FaultKind::InvalidValueObject)?;
                self.language_string(text, tag)
            }
            (Some(Some("@json")), None) => {
                check_numbers(value).map_err(|fault| fault.kind)?;
                Ok(self.dataset.literal(&canonical(value), RDF_JSON))
            }
            (Some(Some(name)), None) => match context.expand(name, true) {
                Meaning::Iri(iri) if &*iri == XSD_STRING => self.typed(value, None),
                Meaning::Iri(iri) if iri.starts_with('<') => {
                    self.typed(value, Some(&format!("^^{iri}")))
                }
                _ => Err(FaultKind::InvalidIri {
                    iri: name.to_owned(),
                }),
            },
            _ => Err(FaultKind::InvalidValueObject),
        }
    }

    fn typed(&mut self, value: &Value<'_>, datatype: Option<&str>) -> Result<Term, FaultKind> {
        match value {
            Value::String(text) => Ok(self.dataset.literal(text, datatype.unwrap_or(""))),
            other => self.native(other, datatype),
        }
    }

    /// A string with a language; tags in lower case, as other implementations sign them.
    fn language_string(&mut self, text: &str, tag: &str) -> Result<Term, FaultKind> {
        let well_formed = tag.starts_with(|first: char| first.is_ascii_alphabetic())
            && tag.split('-').all(|subtag| {
                (1..=8).contains(&subtag.len())
                    && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric())
            });
        if !well_formed {
            return Err(FaultKind::InvalidLanguage {
                tag: tag.to_owned(),
            });
        }
        Ok(self
            .dataset
            .literal(text, &format!("@{}", tag.to_ascii_lowercase())))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use crate::json;
    use crate::jsonld::{Edition, FaultKind, Part, Policy, RootContext};

    /// Canonical JSON writes both numbers alike, so that one could be put in place of the other.
    #[test]
    fn numbers_in_json_literals_are_kept_or_refused() {
        let faults = |number: &str, as_object: bool| {
            let value = format!("{{\"n\":[{number}]}}");
            let value = match as_object {
                true => format!("{{\"@value\":{value},\"@type\":\"@json\"}}"),
                false => value,
            };
            let term = if as_object { "plain" } else { "literal" };
            let text = format!(
                "{{\"@context\":{{\"plain\":\"urn:x:plain\",\
                 \"literal\":{{\"@id\":\"urn:x:literal\",\"@type\":\"@json\"}}}},\
                 \"{term}\":{value}}}"
            );
            let document = json::parse(&text).unwrap();
            let root = RootContext::of(&document, Edition::NEWEST, Policy::DataIntegrity).unwrap();
            root.to_rdf(&document, Part::Unsecured)
                .err()
                .map(|fault| fault.kind)
        };
        for as_object in [true, false] {
            assert_eq!(faults("9007199254740992", as_object), None);
            let lossy = FaultKind::LossyNumber {
                number: "9007199254740993".to_owned(),
            };
            assert_eq!(faults("9007199254740993", as_object), Some(lossy));
        }
    }
}
