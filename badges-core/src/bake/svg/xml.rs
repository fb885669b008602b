//! What XML demands and the parser leaves to its user: encoding, characters, names, attributes,
//! entities. Faults that can hide nothing from us, such as a missing space between attributes or
//! a bad name of a processing instruction, are left to those who draw the image.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::{EscapeError, resolve_xml_entity, unescape_with};
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesDecl, Event};
use quick_xml::name::{NamespaceError, NamespaceResolver, ResolveResult};

use super::{BakeError, Kind, OPEN_BADGES_2_NAMESPACE, SVG_NAMESPACE};

pub(super) const BYTE_ORDER_MARK: &[u8] = "\u{FEFF}".as_bytes();

pub(super) const NO_XML_CHARACTER: &str = "a character that XML does not have";

/// The longest piece of an image that an error repeats, in characters.
const MAX_EXCERPT: usize = 120;

/// The text of an image in UTF-8, of characters that XML allows.
pub(super) fn decoded(image: &[u8]) -> Result<&str, BakeError> {
    if is_utf16(image) {
        return Err(BakeError::Encoding {
            encoding: "UTF-16".to_owned(),
        });
    }
    let text = std::str::from_utf8(image).map_err(|error| {
        let offset = error.valid_up_to();
        foreign_encoding(&image[..offset]).unwrap_or(BakeError::NotUtf8 { offset })
    })?;
    match text.find(|character| !is_xml_character(character)) {
        Some(offset) => Err(not_well_formed(offset, NO_XML_CHARACTER)),
        None => Ok(text),
    }
}

/// The characters of XML 1.0, section 2.2.
pub(super) fn is_xml_character(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

/// Whether these bytes begin with a tag in UTF-16.
pub(super) fn is_utf16(image: &[u8]) -> bool {
    image.starts_with(b"\xFF\xFE<\0") || image.starts_with(b"\xFE\xFF\0<")
}

/// Says what the XML declaration at the beginning of a text that is not UTF-8 names.
fn foreign_encoding(beginning: &[u8]) -> Option<BakeError> {
    let beginning = std::str::from_utf8(beginning).ok()?;
    match Reader::from_str(beginning).read_event() {
        Ok(Event::Decl(declaration)) => check_declaration(&declaration, 0)
            .err()
            .filter(|error| matches!(error, BakeError::Encoding { .. })),
        _ => None,
    }
}

/// Checks the version and the encoding that an XML declaration names.
pub(super) fn check_declaration(
    declaration: &BytesDecl<'_>,
    offset: usize,
) -> Result<(), BakeError> {
    let malformed = |reason: &str| not_well_formed(offset, reason);
    let encoding = declaration
        .encoding()
        .transpose()
        .map_err(|error| malformed(&error.to_string()))?;
    if let Some(encoding) = encoding.filter(|name| !name.eq_ignore_ascii_case("utf-8")) {
        let encoding = excerpt(&encoding);
        return Err(BakeError::Encoding { encoding });
    }
    match declaration.version() {
        Ok(version) if version.starts_with("1.") => Ok(()),
        _ => Err(malformed("an XML declaration without a known version")),
    }
}

/// Refuses what could give the file another meaning to a reader that heeds the DOCTYPE: entities,
/// calls for some by `%name;`, and attributes that stand where nobody wrote them. What is said in
/// a comment counts too.
pub(super) fn check_doctype(content: &str, offset: usize) -> Result<(), BakeError> {
    let subset = content.split_once('[').map_or("", |(_, subset)| subset);
    let starts_a_name = |after: &str| {
        after.starts_with(|first: char| is_name_character(first) && !first.is_ascii_digit())
    };
    if content.contains("<!ENTITY") || subset.split('%').skip(1).any(starts_a_name) {
        return Err(BakeError::EntityDeclaration { offset });
    }
    let has_default = |declaration: &str| {
        let attributes = declaration.split('>').next();
        attributes.is_some_and(|attributes| attributes.contains(['"', '\'']))
    };
    if subset.split("<!ATTLIST").skip(1).any(has_default) {
        return Err(BakeError::AttributeDefault { offset });
    }
    Ok(())
}

/// Whether this is a name with at most one prefix. Exact for ASCII, and lenient beyond.
pub(super) fn is_qualified_name(name: &str) -> bool {
    let is_part = |part: &str| {
        let starts_a_name = |first: char| !matches!(first, '0'..='9' | '-' | '.');
        part.starts_with(starts_a_name) && part.chars().all(is_name_character)
    };
    match name.split_once(':') {
        Some((prefix, local_name)) => is_part(prefix) && is_part(local_name),
        None => is_part(name),
    }
}

fn is_name_character(character: char) -> bool {
    character.is_ascii_alphanumeric()
        || matches!(character, '_' | '-' | '.')
        || !character.is_ascii()
}

/// The value of an attribute with its references resolved.
pub(super) fn attribute_value<'a>(
    attribute: &'a Attribute<'_>,
    resolver: &NamespaceResolver,
    offset: usize,
) -> Result<Cow<'a, str>, BakeError> {
    let malformed = |reason: &str| not_well_formed(offset, reason);
    let key = attribute.key;
    let is_declaration = key.as_namespace_binding().is_some();
    if !is_qualified_name(key.as_ref()) {
        return Err(malformed("a bad name of an attribute"));
    }
    if !is_declaration && matches!(resolver.resolve_attribute(key).0, ResolveResult::Unknown(_)) {
        return Err(malformed("an attribute of an unknown prefix"));
    }
    if attribute.value.contains('<') {
        return Err(malformed("`<` in the value of an attribute"));
    }
    let value =
        unescape_with(&attribute.value, resolve_xml_entity).map_err(|error| match error {
            EscapeError::UnrecognizedEntity(_, name) => BakeError::UnknownEntity {
                name: excerpt(&name),
                offset,
            },
            error => malformed(&error.to_string()),
        })?;
    if !value.chars().all(is_xml_character) {
        return Err(malformed(NO_XML_CHARACTER));
    }
    // The parser compares namespaces as they are written, so this one would go unseen.
    let ours = Kind::ALL.map(Kind::namespace).into_iter();
    let is_disguised = value != attribute.value
        && ours
            .chain([OPEN_BADGES_2_NAMESPACE, SVG_NAMESPACE])
            .any(|known| known == value);
    if is_declaration && is_disguised {
        return Err(malformed("a namespace written with character references"));
    }
    Ok(value)
}

pub(super) fn namespace_fault(error: &NamespaceError, offset: usize) -> BakeError {
    match error {
        NamespaceError::TooManyBindings(_) | NamespaceError::TooDeeplyNested(_) => {
            BakeError::TooComplex { offset }
        }
        error => not_well_formed(offset, &error.to_string()),
    }
}

pub(super) fn not_well_formed(offset: usize, reason: &str) -> BakeError {
    BakeError::NotWellFormed {
        offset,
        reason: excerpt(reason),
    }
}

/// The beginning of a text on one line, so that an error does not grow with the image.
pub(super) fn excerpt(text: &str) -> String {
    text.chars()
        .take(MAX_EXCERPT)
        .map(|character| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        })
        .collect()
}

pub(super) fn is_blank(text: &str) -> bool {
    text.bytes()
        .all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
mod tests {
    use super::super::super::extract;
    use super::*;

    const ROOT: &str = "<svg xmlns='http://www.w3.org/2000/svg'>";

    fn error_of(image: &[u8]) -> BakeError {
        extract(image).unwrap_err()
    }

    /// What reading an image with this content of its root says. The image has no credential, so
    /// that is the answer when nothing is wrong.
    fn inside(content: &str) -> BakeError {
        error_of(format!("{ROOT}{content}</svg>").as_bytes())
    }

    fn before(prolog: &str) -> BakeError {
        error_of(format!("{prolog}{ROOT}</svg>").as_bytes())
    }

    fn fault_at(error: &BakeError) -> usize {
        match error {
            BakeError::NotWellFormed { offset, reason } => {
                assert!(!reason.is_empty());
                *offset
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn only_utf_8_is_read() {
        for prolog in [
            "\u{FEFF}",
            "<?xml version='1.0' encoding='UTF-8' standalone='no'?>",
            "\u{FEFF}<?xml version=\"1.1\" encoding=\"utf-8\"?>",
        ] {
            assert_eq!(before(prolog), BakeError::NoCredential);
        }
        let encoding = "ISO-8859-1".to_owned();
        let declared = BakeError::Encoding { encoding };
        let prolog = "<?xml version='1.0' encoding='ISO-8859-1'?>";
        assert_eq!(before(prolog), declared);
        let latin_1 = [prolog.as_bytes(), ROOT.as_bytes(), b"\xE9</svg>"].concat();
        assert_eq!(error_of(&latin_1), declared);
        let undeclared = [ROOT.as_bytes(), b"\xE9</svg>"].concat();
        let offset = ROOT.len();
        assert_eq!(error_of(&undeclared), BakeError::NotUtf8 { offset });
        let encoding = "UTF-16".to_owned();
        assert_eq!(
            error_of(b"\xFE\xFF\0<\0s\0v\0g\0/\0>"),
            BakeError::Encoding { encoding }
        );
    }

    #[test]
    fn the_fault_is_where_the_error_says() {
        let faults = [
            ("<g></h>", 3),
            ("<g>", 3),
            ("</g>", 0),
            ("a]]>", 1),
            ("\u{1}", 0),
            ("\u{FFFE}", 0),
            ("a&#1;", 1),
            ("<g a='&#xFFFF;'/>", 0),
            ("<!-- -- -->", 5),
            ("a&b", 1),
            ("&#0;", 0),
            ("&#xD800;", 0),
            ("&#x;", 0),
            ("<1/>", 0),
            ("< g/>", 0),
            ("<a:/>", 0),
            ("<:a/>", 0),
            ("<a:b:c xmlns:a='urn:a'/>", 0),
            ("<a:b/>", 0),
            ("<g a/>", 0),
            ("<g a=b/>", 0),
            ("<g a='1' a='2'/>", 0),
            ("<g a='<'/>", 0),
            ("<g a='&b'/>", 0),
            ("<g a='&#0;'/>", 0),
            ("<g a:b='1'/>", 0),
            ("<g b*='1'/>", 0),
            ("<g xmlns:xml='urn:a'/>", 0),
            ("<g xmlns:xmlns='urn:a'/>", 0),
            ("<g xmlns:a='http&#58;//openbadges.org'/>", 0),
            ("<?xml version='1.0'?>", 0),
            ("<!DOCTYPE svg>", 0),
            ("<![CDATA[", 0),
            ("<!-- ", 0),
            ("<g a='", 0),
            ("<", 0),
        ];
        for (content, at) in faults {
            let error = inside(content);
            assert_eq!(fault_at(&error), ROOT.len() + at, "{content} {error}");
        }
    }

    #[test]
    fn nothing_stands_beside_the_root() {
        for prolog in [
            "a",
            "&lt;",
            "<![CDATA[a]]>",
            "\n<?xml version='1.0'?>",
            "<?xml?>",
            "<?xml version='2'?>",
            "<?xml encoding='utf-8' version='1.0'?>",
            "<!DOCTYPE svg><!DOCTYPE svg>",
        ] {
            let image = format!("{prolog}{ROOT}</svg>");
            let text = decoded(image.as_bytes()).unwrap();
            assert!(
                super::super::Svg::read(text.as_bytes()).is_err(),
                "{prolog}"
            );
        }
        for rest in [
            "a",
            "<g/>",
            "</svg>",
            "&lt;",
            "<![CDATA[]]>",
            "<!DOCTYPE svg>",
        ] {
            fault_at(&error_of(format!("{ROOT}</svg>{rest}").as_bytes()));
        }
        let around = format!("\n<!--a-->\n<?b?>{ROOT}</svg>\n<!--a-->\n<?b?>\n");
        assert_eq!(error_of(around.as_bytes()), BakeError::NoCredential);
        fault_at(&super::super::Svg::read(b"").err().unwrap());
    }

    #[test]
    fn a_doctype_may_not_change_the_meaning() {
        for prolog in [
            "<!DOCTYPE svg>",
            "<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'http://www.w3.org/%67.dtd'>",
            "<!DOCTYPE svg [<!ATTLIST svg width CDATA #IMPLIED d (a|b) #REQUIRED><?p '10%'?>]>",
        ] {
            assert_eq!(before(prolog), BakeError::NoCredential);
        }
        for prolog in [
            "<!DOCTYPE svg [<!ENTITY a 'b'>]>",
            "<!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>",
            "<!DOCTYPE svg SYSTEM 'a.dtd' [<!ENTITY % a SYSTEM 'b'>]>",
            "<!DOCTYPE svg [ %a; ]>",
        ] {
            assert_eq!(before(prolog), BakeError::EntityDeclaration { offset: 0 });
        }
        for prolog in [
            "<!DOCTYPE svg [<!ATTLIST credential verify CDATA 'a.b.c'>]>",
            "<!DOCTYPE svg [<!ATTLIST a b CDATA #IMPLIED><!ATTLIST g xmlns CDATA #FIXED \"u>\">]>",
        ] {
            assert_eq!(before(prolog), BakeError::AttributeDefault { offset: 0 });
        }
    }

    #[test]
    fn only_the_five_entities_are_known() {
        let known = "&lt;&gt;&amp;&quot;&apos;&#60;&#x3c;";
        assert_eq!(
            inside(&format!("<g a=\"{known}\">{known}</g>")),
            BakeError::NoCredential
        );
        let name = "nbsp".to_owned();
        let offset = ROOT.len() + 3;
        let unknown = BakeError::UnknownEntity { name, offset };
        assert_eq!(inside("<g>&nbsp;</g>"), unknown);
        assert_eq!(inside("abc<g a='b&nbsp;'/>"), unknown);
    }

    #[test]
    fn depth_and_namespaces_are_limited() {
        let nested = |depth: usize| inside(&("<g>".repeat(depth) + &"</g>".repeat(depth)));
        assert_eq!(nested(255), BakeError::NoCredential);
        let offset = ROOT.len() + 255 * 3;
        assert_eq!(nested(256), BakeError::TooComplex { offset });
        let many: String = (0..200).map(|n| format!(" xmlns:a{n}='urn:a'")).collect();
        let offset = ROOT.len();
        assert_eq!(
            inside(&format!("<g{many}/>")),
            BakeError::TooComplex { offset }
        );
    }

    #[test]
    fn an_error_is_a_short_line() {
        let long = "é".repeat(100_000);
        for error in [
            inside(&format!("&{long};")),
            inside(&format!("<g a='&{long};'/>")),
            inside(&format!("<{long}></g>")),
            inside("<g></\n>"),
            inside("&\na;"),
            before(&format!("<?xml version='1.0' encoding='{long}'?>")),
            error_of(format!("<{long}:svg xmlns:{long}='urn:a'/>").as_bytes()),
        ] {
            let line = error.to_string();
            assert!(line.len() < 1000 && !line.contains('\n'), "{}", error.id());
        }
    }

    #[test]
    fn names_are_told_from_other_text() {
        for name in ["a", "_", "a-1.b", "é", "xlink:href", "a:_1"] {
            assert!(is_qualified_name(name), "{name}");
        }
        for name in [
            "", ":", "a:", ":a", "a:b:c", "1", "-a", ".a", "a:1", "a*", "a'b", "a/b",
        ] {
            assert!(!is_qualified_name(name), "{name}");
        }
    }
}
