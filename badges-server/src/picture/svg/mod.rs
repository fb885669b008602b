//! SVG: what draws is written anew, from lists of what may; nothing else passes.
//!
//! An SVG is a program for browsers: it can hold scripts, pages, links, and calls for files
//! elsewhere. What is written here holds none, whatever was read: every name comes from
//! [`allowed`], every value is of characters that call for nothing, and every reference leads to an
//! element of the same file.

mod allowed;
mod read;
mod size;
mod style;
mod weight;

use std::collections::BTreeSet;

use badges_core::bake::{BakeError, Format, extract};
use quick_xml::escape::escape;

use super::{Accepted, Picture, Refused, Remark};

/// The longest SVG that is taken, in bytes.
const MOST_BYTES: usize = 256 << 10;

const NAMESPACE: &str = "http://www.w3.org/2000/svg";

/// An element as it is written.
#[derive(Clone, Debug, Default)]
struct Element {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    children: Vec<Node>,
    /// Where its values lead: the property or attribute, and an id.
    references: Vec<Reference>,
}

#[derive(Clone, Debug)]
enum Node {
    Element(Element),
    Text(String),
}

/// A reference to an element of the same file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Reference {
    property: &'static str,
    id: String,
}

/// What has been read of an SVG, and what may stay of it.
#[derive(Debug, Default)]
struct Drawing {
    root: Element,
    /// The rules of all style sheets.
    rules: Vec<style::Rule>,
    remarks: BTreeSet<Remark>,
}

pub(super) fn accept(bytes: &[u8]) -> Result<Accepted, Refused> {
    if bytes.len() > MOST_BYTES {
        return Err(Refused::TooLarge {
            bytes: bytes.len(),
            most: MOST_BYTES,
        });
    }
    // The core refuses what is no well-formed SVG, or means one thing here and another elsewhere.
    match extract(bytes) {
        Ok(_)
        | Err(
            BakeError::NoCredential
            | BakeError::OpenBadges2
            | BakeError::TwoCredentials { .. }
            | BakeError::EmptyCredential { .. }
            | BakeError::VerifyAndBody { .. }
            | BakeError::NotText { .. },
        ) => {}
        Err(error) => return Err(Refused::from_bake(error)),
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Refused::Format)?;
    let mut drawing = read::read(text)?;
    if !weight::is_light(&drawing) {
        return Err(Refused::SvgComplex);
    }
    let (width, height) = size::settle(&mut drawing.root)?;
    Ok(Accepted {
        picture: Picture {
            format: Format::Svg,
            bytes: written(&drawing.root).into_bytes(),
            width,
            height,
        },
        remarks: drawing.remarks,
    })
}

impl Element {
    fn attribute(&self, name: &str) -> Option<&str> {
        let mut attributes = self.attributes.iter();
        attributes
            .find(|(other, _)| *other == name)
            .map(|(_, value)| value.as_str())
    }

    fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }
}

fn written(root: &Element) -> String {
    let mut out = String::new();
    write(root, &mut out);
    out.push('\n');
    // The root is the first element.
    out.replacen("<svg", &format!("<svg xmlns=\"{NAMESPACE}\""), 1)
}

fn write(element: &Element, out: &mut String) {
    out.push('<');
    out.push_str(element.name);
    for (name, value) in &element.attributes {
        for part in [" ", name, "=\"", &escape(value.as_str()), "\""] {
            out.push_str(part);
        }
    }
    if element.children.is_empty() {
        out.push_str("/>");
        return;
    }
    out.push('>');
    for child in &element.children {
        match child {
            Node::Element(element) => write(element, out),
            Node::Text(text) => out.push_str(&escape(text.as_str())),
        }
    }
    for part in ["</", element.name, ">"] {
        out.push_str(part);
    }
}
