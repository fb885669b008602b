//! From text to a drawing: what is not allowed is left out on the way.

use std::collections::HashSet;

use quick_xml::NsReader;
use quick_xml::escape::{resolve_xml_entity, unescape};
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{NamespaceResolver, ResolveResult};

use super::allowed::{self, Content, Place};
use super::{Drawing, Element, Node, Reference, Refused, Remark, style};

/// The most levels of elements. What is deeper is no picture.
const MOST_LEVELS: usize = 64;
/// The most elements.
const MOST_ELEMENTS: usize = 8_000;

/// Reads an SVG that is well-formed.
pub(super) fn read(text: &str) -> Result<Drawing, Refused> {
    let mut reader = NsReader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut reading = Reading::default();
    loop {
        match reader.read_event().map_err(damaged)? {
            Event::Start(tag) => reading.open(&tag, reader.resolver())?,
            Event::End(_) => reading.close()?,
            Event::Text(text) => reading.text(&text.xml10_content()),
            Event::CData(text) => reading.text(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                let character = reference.resolve_char_ref().map_err(damaged)?;
                match character {
                    Some(character) => reading.text(character.encode_utf8(&mut [0; 4])),
                    None => reading.text(resolve_xml_entity(&reference).unwrap_or_default()),
                }
            }
            Event::Comment(_) | Event::PI(_) => reading.remark(Remark::Details),
            Event::Eof => break,
            _ => {}
        }
    }
    Ok(reading.drawing)
}

#[derive(Default)]
struct Reading {
    drawing: Drawing,
    /// The elements that are open, the innermost last.
    open: Vec<Element>,
    elements: usize,
    ids: HashSet<String>,
    /// How many elements are open of one that is left out, itself included.
    left_out: usize,
}

impl Reading {
    fn remark(&mut self, remark: Remark) {
        self.drawing.remarks.insert(remark);
    }

    fn open(&mut self, tag: &BytesStart<'_>, resolver: &NamespaceResolver) -> Result<(), Refused> {
        self.elements += 1;
        if self.open.len() >= MOST_LEVELS || self.elements > MOST_ELEMENTS {
            return Err(Refused::SvgComplex);
        }
        if self.left_out > 0 {
            self.left_out += 1;
            return Ok(());
        }
        let (namespace, local_name) = resolver.resolve_element(tag.name());
        let namespace = match &namespace {
            ResolveResult::Bound(namespace) => namespace.as_ref(),
            _ => "",
        };
        let is_text = self.open.last().is_some_and(|parent| is_text(parent.name));
        let name = match allowed::element(namespace, local_name.as_ref()) {
            Place::Element(name) => name,
            Place::Link => {
                self.remark(Remark::Link);
                if is_text { "tspan" } else { "g" }
            }
            Place::Nowhere(remark) => {
                self.leave_out(remark);
                return Ok(());
            }
        };
        let mut element = Element {
            name,
            ..Element::default()
        };
        let mut is_conditional = false;
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(damaged)?;
            if attribute.key.as_namespace_binding().is_some() {
                continue;
            }
            let value = unescape(&attribute.value).map_err(damaged)?;
            // White space in a value is spaces (XML 1.0, section 3.3.3).
            let value = value.replace(['\t', '\n', '\r'], " ");
            let (namespace, name) = resolver.resolve_attribute(attribute.key);
            let namespace = match &namespace {
                ResolveResult::Bound(namespace) => namespace.as_ref(),
                _ => "",
            };
            is_conditional |= match name.as_ref() {
                "requiredExtensions" => true,
                "media" => !matches!(value.trim(), "" | "all" | "screen"),
                _ => false,
            };
            self.attribute(&mut element, namespace, name.as_ref(), &value);
        }
        if is_conditional {
            // It is for programs that know more than SVG or for other media, and not for all.
            self.leave_out(Remark::Details);
            return Ok(());
        }
        if name == "text" {
            self.remark(Remark::Letters);
        }
        self.open.push(element);
        Ok(())
    }

    fn leave_out(&mut self, remark: Remark) {
        self.left_out = 1;
        self.remark(remark);
    }

    fn attribute(&mut self, element: &mut Element, namespace: &str, name: &str, value: &str) {
        let (name, content) = match allowed::attribute(namespace, name, value) {
            Ok(found) => found,
            Err(Some(remark)) => return self.remark(remark),
            Err(None) => return,
        };
        let value = match content {
            Content::Plain if allowed::is_plain(value) => value.trim().to_owned(),
            Content::Words => value.trim().to_owned(),
            Content::Names => {
                let names = value.split_ascii_whitespace();
                let names: Vec<&str> = names.filter(|name| allowed::is_id(name)).collect();
                names.join(" ")
            }
            Content::Id if allowed::is_id(value.trim()) => {
                let id = value.trim().to_owned();
                // An id is of one element; which of two is meant would be for each reader to say.
                if !self.ids.insert(id.clone()) {
                    return self.remark(Remark::Unknown);
                }
                id
            }
            Content::Local => match allowed::local(value) {
                Some(id) => {
                    element.refer(name, id);
                    format!("#{id}")
                }
                None => return self.remark(Remark::Reference),
            },
            Content::Property => match style::value(name, value) {
                Ok(found) => {
                    for id in &found.ids {
                        element.refer(name, id);
                    }
                    found.text
                }
                Err(remark) => return self.remark(remark),
            },
            Content::Style => {
                let declarations = style::declarations(value, &mut self.drawing.remarks);
                element.references.extend(declarations.references);
                declarations.text
            }
            Content::Plain | Content::Id => return self.remark(Remark::Unknown),
        };
        if value.is_empty() && !matches!(content, Content::Plain | Content::Words) {
            return;
        }
        // Of `href` and the older `xlink:href` the first counts (SVG 2, section 16.1.5).
        match element.attributes.iter_mut().find(|(at, _)| *at == name) {
            Some((_, earlier)) if namespace.is_empty() => *earlier = value,
            Some(_) => {}
            None => element.attributes.push((name, value)),
        }
    }

    fn text(&mut self, text: &str) {
        if self.left_out > 0 {
            return;
        }
        let Some(element) = self.open.last_mut() else {
            return;
        };
        if !is_text(element.name) && !matches!(element.name, "title" | "desc" | "style") {
            return;
        }
        // A line end that was written as a reference would be another one when it is read again.
        let text = text.replace('\r', "\n");
        match element.children.last_mut() {
            Some(Node::Text(earlier)) => earlier.push_str(&text),
            _ => element.children.push(Node::Text(text)),
        }
    }

    fn close(&mut self) -> Result<(), Refused> {
        if self.left_out > 0 {
            self.left_out -= 1;
            return Ok(());
        }
        let Some(mut element) = self.open.pop() else {
            return Ok(());
        };
        if element.name == "style" {
            let sheet = element.children.iter().map(|child| match child {
                Node::Text(text) => text.as_str(),
                Node::Element(_) => "",
            });
            let sheet: String = sheet.collect();
            let rules = style::rules(&sheet, &mut self.drawing.remarks);
            if rules.is_empty() {
                return Ok(());
            }
            let texts: Vec<String> = rules.iter().map(style::Rule::text).collect();
            element.children = vec![Node::Text(texts.join("\n"))];
            self.drawing.rules.extend(rules);
        }
        match self.open.last_mut() {
            Some(parent) => parent.children.push(Node::Element(element)),
            None => self.drawing.root = element,
        }
        Ok(())
    }
}

impl Element {
    fn refer(&mut self, property: &'static str, id: &str) {
        let id = id.to_owned();
        self.references.push(Reference { property, id });
    }
}

/// Whether what stands inside is set as text.
fn is_text(name: &str) -> bool {
    matches!(name, "text" | "tspan" | "textPath")
}

fn damaged(error: impl std::fmt::Display) -> Refused {
    Refused::Svg {
        reason: error.to_string(),
    }
}
