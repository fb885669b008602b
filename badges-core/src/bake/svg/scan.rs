//! Reading an SVG for the places that baking needs.

use std::ops::Range;

use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::{NamespaceResolver, PrefixDeclaration, ResolveResult};
use quick_xml::reader::NsReader;

use super::xml::{self, excerpt, is_blank, not_well_formed};
use super::{BakeError, Kind, OPEN_BADGES_2_NAMESPACE, SVG_NAMESPACE};

/// Drawings stay far below. Other readers of the image recurse and may run out of stack.
const MAX_DEPTH: usize = 256;

/// What matters of a well-formed SVG.
pub(super) struct Svg {
    pub(super) root: Root,
    /// The elements with a credential, in order, without those inside others.
    pub(super) credentials: Vec<Range<usize>>,
    pub(super) first: Option<Element>,
    /// Where the second credential begins, beside the first or inside of it.
    pub(super) second: Option<usize>,
    /// The Open Badges 2.0 assertion.
    pub(super) assertion: Option<Element>,
}

pub(super) struct Root {
    /// As written, with its prefix.
    pub(super) name: String,
    /// The start tag.
    pub(super) range: Range<usize>,
    /// Whether the start tag is also the end tag.
    pub(super) is_empty: bool,
    /// The prefixes that the start tag declares, and their namespaces.
    pub(super) prefixes: Vec<(String, String)>,
}

/// The first element with a credential, or that with an assertion.
pub(super) struct Element {
    pub(super) kind: Kind,
    pub(super) offset: usize,
    pub(super) prefix: String,
    /// Whether nothing but text and comments stands before it in the root.
    pub(super) is_in_place: bool,
    pub(super) verify: Option<String>,
    pub(super) body: String,
    pub(super) cdata_sections: usize,
    pub(super) has_loose_text: bool,
    pub(super) has_elements: bool,
}

impl Svg {
    pub(super) fn read(image: &[u8]) -> Result<Self, BakeError> {
        let text = xml::decoded(image)?;
        // The parser skips a byte order mark and does not count it.
        let begin = if image.starts_with(xml::BYTE_ORDER_MARK) {
            xml::BYTE_ORDER_MARK.len()
        } else {
            0
        };
        let offset = |position: u64| begin + usize::try_from(position).unwrap_or(image.len());
        let mut reader = NsReader::from_str(text);
        reader.config_mut().check_comments = true;
        let mut scan = Scan::default();
        loop {
            let start = offset(reader.buffer_position());
            let event = reader.read_event().map_err(|error| match error {
                quick_xml::Error::Namespace(error) => xml::namespace_fault(&error, start),
                error => not_well_formed(offset(reader.error_position()), &error.to_string()),
            })?;
            let range = start..offset(reader.buffer_position());
            match event {
                Event::Decl(declaration) if start == begin => {
                    xml::check_declaration(&declaration, start)?;
                }
                Event::DocType(content) => scan.doctype(&content, start)?,
                Event::Start(tag) => scan.open(&tag, range, false, reader.resolver())?,
                Event::Empty(tag) => scan.open(&tag, range, true, reader.resolver())?,
                Event::End(_) => scan.close(range.end),
                Event::Text(text) => scan.text(&text, start)?,
                Event::GeneralRef(reference) => scan.reference(&reference, start)?,
                Event::CData(section) => scan.cdata(&section, start)?,
                Event::Comment(_) | Event::PI(_) => {}
                Event::Eof => return scan.finish(start),
                Event::Decl(_) => {
                    return Err(not_well_formed(start, "an XML declaration inside the text"));
                }
            }
        }
    }
}

/// What has been seen of an SVG from its beginning to some place.
#[derive(Default)]
struct Scan {
    root: Option<Root>,
    has_doctype: bool,
    /// How many elements are open.
    depth: usize,
    elements: usize,
    /// The outermost credential that is open: its depth and its offset.
    open: Option<(usize, usize)>,
    credentials: Vec<Range<usize>>,
    first: Option<Element>,
    second: Option<usize>,
    assertion: Option<Element>,
    /// The depth of the assertion, while it is open.
    assertion_depth: Option<usize>,
}

impl Scan {
    fn doctype(&mut self, content: &str, offset: usize) -> Result<(), BakeError> {
        if self.has_doctype || self.root.is_some() {
            return Err(not_well_formed(offset, "a DOCTYPE that is out of place"));
        }
        self.has_doctype = true;
        xml::check_doctype(content, offset)
    }

    fn open(
        &mut self,
        tag: &BytesStart<'_>,
        range: Range<usize>,
        is_empty: bool,
        resolver: &NamespaceResolver,
    ) -> Result<(), BakeError> {
        let offset = range.start;
        let end = range.end;
        if self.depth >= MAX_DEPTH {
            return Err(BakeError::TooComplex { offset });
        }
        let name = tag.name();
        if !xml::is_qualified_name(name.as_ref()) {
            return Err(not_well_formed(offset, "a bad name of an element"));
        }
        let verify = verify_attribute(tag, offset, resolver)?;
        for element in self.being_read() {
            element.has_elements = true;
        }

        let (namespace, local_name) = resolver.resolve_element(name);
        let namespace = match &namespace {
            ResolveResult::Bound(namespace) => namespace.as_ref(),
            ResolveResult::Unbound => "",
            ResolveResult::Unknown(_) => {
                return Err(not_well_formed(offset, "an element of an unknown prefix"));
            }
        };
        match (namespace, local_name.as_ref()) {
            _ if self.depth == 0 && self.root.is_some() => {
                return Err(not_well_formed(offset, "a second root element"));
            }
            (SVG_NAMESPACE, "svg") if self.depth == 0 => {
                self.root = Some(Root {
                    name: name.as_ref().to_owned(),
                    range,
                    is_empty,
                    prefixes: declared_prefixes(tag),
                });
            }
            _ if self.depth == 0 => {
                let name = excerpt(name.as_ref());
                return Err(BakeError::NotSvg { name });
            }
            (OPEN_BADGES_2_NAMESPACE, "assertion") => {
                if let Some(first) = &self.assertion {
                    let (first, second) = (first.offset, offset);
                    return Err(BakeError::TwoAssertions { first, second });
                }
                let prefix = name.prefix().map_or("", |prefix| prefix.into_inner());
                self.assertion = Some(self.element(Kind::Badge, offset, prefix, verify));
                self.assertion_depth = Some(self.depth);
            }
            (namespace, "credential") => {
                let prefix = name.prefix().map_or("", |prefix| prefix.into_inner());
                let mut kinds = Kind::ALL.into_iter();
                if let Some(kind) = kinds.find(|kind| kind.namespace() == namespace) {
                    self.open_credential(kind, offset, prefix, verify);
                }
            }
            _ => {}
        }
        self.elements += 1;
        self.depth += 1;
        if is_empty {
            self.close(end);
        }
        Ok(())
    }

    fn open_credential(&mut self, kind: Kind, offset: usize, prefix: &str, verify: Option<String>) {
        self.open.get_or_insert((self.depth, offset));
        if self.first.is_some() {
            self.second.get_or_insert(offset);
            return;
        }
        self.first = Some(self.element(kind, offset, prefix, verify));
    }

    fn element(&self, kind: Kind, offset: usize, prefix: &str, verify: Option<String>) -> Element {
        Element {
            kind,
            offset,
            prefix: prefix.to_owned(),
            is_in_place: self.elements == 1,
            verify,
            body: String::new(),
            cdata_sections: 0,
            has_loose_text: false,
            has_elements: false,
        }
    }

    /// The parser has seen to it that an element is open, and that it is the one that ends.
    fn close(&mut self, end: usize) {
        self.depth = self.depth.saturating_sub(1);
        if let Some((_, start)) = self.open.take_if(|(depth, _)| *depth == self.depth) {
            self.credentials.push(start..end);
        }
        self.assertion_depth.take_if(|depth| *depth == self.depth);
    }

    fn text(&mut self, text: &str, offset: usize) -> Result<(), BakeError> {
        if self.depth == 0 && !is_blank(text) {
            return Err(not_well_formed(offset, "text outside the root element"));
        }
        if let Some(at) = text.find("]]>") {
            return Err(not_well_formed(
                offset + at,
                "`]]>` outside a CDATA section",
            ));
        }
        for element in self.being_read() {
            element.has_loose_text |= !is_blank(text);
            element.body.push_str(text);
        }
        Ok(())
    }

    fn reference(&mut self, reference: &BytesRef<'_>, offset: usize) -> Result<(), BakeError> {
        if self.depth == 0 {
            return Err(not_well_formed(offset, "text outside the root element"));
        }
        let character = reference
            .resolve_char_ref()
            .map_err(|error| not_well_formed(offset, &error.to_string()))?;
        if character.is_some_and(|character| !xml::is_xml_character(character)) {
            return Err(not_well_formed(offset, xml::NO_XML_CHARACTER));
        }
        let mut buffer = [0; 4];
        let text = match character {
            Some(character) => character.encode_utf8(&mut buffer),
            None => resolve_xml_entity(reference).ok_or_else(|| BakeError::UnknownEntity {
                name: excerpt(reference),
                offset,
            })?,
        };
        for element in self.being_read() {
            element.has_loose_text = true;
            element.body.push_str(text);
        }
        Ok(())
    }

    fn cdata(&mut self, section: &str, offset: usize) -> Result<(), BakeError> {
        if self.depth == 0 {
            return Err(not_well_formed(offset, "text outside the root element"));
        }
        for element in self.being_read() {
            element.cdata_sections += 1;
            element.body.push_str(section);
        }
        Ok(())
    }

    fn finish(self, end: usize) -> Result<Svg, BakeError> {
        if self.depth > 0 {
            return Err(not_well_formed(end, "an element is not closed"));
        }
        Ok(Svg {
            root: self
                .root
                .ok_or_else(|| not_well_formed(end, "no root element"))?,
            credentials: self.credentials,
            first: self.first,
            second: self.second,
            assertion: self.assertion,
        })
    }

    /// The first credential and the assertion, while they are open.
    fn being_read(&mut self) -> impl Iterator<Item = &mut Element> {
        let credential = match self.open {
            Some(_) if self.credentials.is_empty() => self.first.as_mut(),
            _ => None,
        };
        let assertion = match self.assertion_depth {
            Some(_) => self.assertion.as_mut(),
            None => None,
        };
        credential.into_iter().chain(assertion)
    }
}

/// The attribute `verify`, if there is one; all attributes are checked.
fn verify_attribute(
    tag: &BytesStart<'_>,
    offset: usize,
    resolver: &NamespaceResolver,
) -> Result<Option<String>, BakeError> {
    let mut verify = None;
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|error| not_well_formed(offset, &error.to_string()))?;
        let value = xml::attribute_value(&attribute, resolver, offset)?;
        if attribute.key.as_ref() == "verify" {
            verify = Some(value.into_owned());
        }
    }
    Ok(verify)
}

fn declared_prefixes(tag: &BytesStart<'_>) -> Vec<(String, String)> {
    tag.attributes()
        .flatten()
        .filter_map(|attribute| match attribute.key.as_namespace_binding() {
            Some(PrefixDeclaration::Named(prefix)) => {
                Some((prefix.to_owned(), attribute.value.into_owned()))
            }
            _ => None,
        })
        .collect()
}
