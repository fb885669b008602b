//! The credential in an SVG: an element `credential` of the namespace of Open Badges 3.0, or of
//! CLR 2.0.
//!
//! The parser tells what stands where; the image itself is copied, never written anew.

mod scan;
mod xml;

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::{BakeError, Credential, Extracted, Format, JSON_SPACE, Kind, Note, append_without};
use scan::{Element, Root, Svg};

const OPEN_BADGES_2_NAMESPACE: &str = "http://openbadges.org";
const SVG_NAMESPACE: &str = "http://www.w3.org/2000/svg";

/// Whether these bytes are XML with a root of the local name `svg`, or XML in UTF-16.
pub(super) fn is_svg(image: &[u8]) -> bool {
    if xml::is_utf16(image) {
        return true;
    }
    let unmarked = image.strip_prefix(xml::BYTE_ORDER_MARK).unwrap_or(image);
    if !unmarked.trim_ascii_start().starts_with(b"<") {
        return false;
    }
    let text = String::from_utf8_lossy(unmarked);
    let mut reader = Reader::from_str(&text);
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) => {
                return tag.local_name().as_ref() == "svg";
            }
            Ok(Event::Text(text)) if xml::is_blank(&text) => {}
            Ok(Event::Decl(_) | Event::DocType(_) | Event::Comment(_) | Event::PI(_)) => {}
            _ => return false,
        }
    }
}

pub(super) fn bake(credential: &Credential<'_>, image: &[u8]) -> Result<Vec<u8>, BakeError> {
    let svg = Svg::read(image)?;
    let root = &svg.root;
    let kind = credential.kind();
    let (prefix, is_declared) = root.credential_prefix(kind);
    let declaration = if is_declared {
        String::new()
    } else {
        format!(" xmlns:{prefix}=\"{}\"", kind.namespace())
    };
    let (open, close) = match credential {
        Credential::Json(_) => ("><![CDATA[", "]]></"),
        Credential::Jws(_) => (" verify=\"", "\"></"),
    };
    let name = ":credential";
    let text = credential.text();
    let mut inserted = vec![
        ">", "<", &prefix, name, open, text, close, &prefix, name, ">",
    ];
    let tag_close = if root.is_empty {
        inserted.extend(["</", &root.name, ">"]);
        "/>"
    } else {
        ">"
    };

    let name_end = root.range.start + 1 + root.name.len();
    let grown = declaration.len() + inserted.iter().map(|piece| piece.len()).sum::<usize>();
    let mut baked = Vec::with_capacity(image.len() - tag_close.len() + grown);
    baked.extend_from_slice(&image[..name_end]);
    baked.extend_from_slice(declaration.as_bytes());
    baked.extend_from_slice(&image[name_end..root.range.end - tag_close.len()]);
    for piece in inserted {
        baked.extend_from_slice(piece.as_bytes());
    }
    let rest = root.range.end..image.len();
    append_without(&mut baked, image, rest, svg.credentials.iter().cloned());
    Ok(baked)
}

pub(super) fn extract(image: &[u8]) -> Result<Extracted, BakeError> {
    let svg = Svg::read(image)?;
    let Some(element) = svg.first else {
        return Err(match svg.assertion {
            Some(_) => BakeError::OpenBadges2,
            None => BakeError::NoCredential,
        });
    };
    let offset = element.offset;
    if let Some(second) = svg.second {
        let first = offset;
        return Err(BakeError::TwoCredentials { first, second });
    }
    if element.verify.is_some() && !element.body.trim_matches(JSON_SPACE).is_empty() {
        return Err(BakeError::VerifyAndBody { offset });
    }
    element.extracted()
}

/// In an Open Badges 2.0 assertion the attribute may have the address, and the body a copy: the
/// address is what counts.
pub(super) fn extract_assertion(image: &[u8]) -> Result<Extracted, BakeError> {
    let assertion = Svg::read(image)?.assertion;
    let extracted = assertion.ok_or(BakeError::NoCredential)?.extracted()?;
    Ok(Extracted {
        // How a credential is to be written says nothing of an assertion.
        notes: Vec::new(),
        ..extracted
    })
}

impl Root {
    /// The prefix for the credential's element, and whether the root declares it already. It is
    /// the specification's, unless the image uses that for something else.
    fn credential_prefix(&self, kind: Kind) -> (Cow<'_, str>, bool) {
        let (usual, wanted) = (kind.prefix(), kind.namespace());
        let bound = |prefix: &str| self.prefixes.iter().find(|(name, _)| name == prefix);
        match bound(usual) {
            None => (usual.into(), false),
            Some((_, namespace)) if namespace == wanted => (usual.into(), true),
            Some(_) => match self.prefixes.iter().find(|(_, uri)| uri == wanted) {
                Some((prefix, _)) => (prefix.into(), true),
                None => {
                    let mut free = format!("{usual}3");
                    while bound(&free).is_some() {
                        free.push('x');
                    }
                    (free.into(), false)
                }
            },
        }
    }
}

impl Element {
    fn extracted(&self) -> Result<Extracted, BakeError> {
        let offset = self.offset;
        if self.has_elements {
            return Err(BakeError::NotText { offset });
        }
        let text = self.verify.as_deref().unwrap_or(&self.body);
        let text = text.trim_matches(JSON_SPACE);
        if text.is_empty() {
            return Err(BakeError::EmptyCredential { offset });
        }
        Ok(Extracted {
            text: text.to_owned(),
            format: Format::Svg,
            notes: self.notes(text),
        })
    }

    fn notes(&self, text: &str) -> Vec<Note> {
        let mut notes = Vec::new();
        let is_json = text.starts_with('{');
        // Which prefix a record's element has is nowhere said.
        if self.kind == Kind::Badge && self.prefix != Kind::Badge.prefix() {
            notes.push(Note::Prefix {
                prefix: xml::excerpt(&self.prefix),
            });
        }
        if !self.is_in_place {
            notes.push(Note::Place);
        }
        if self.verify.is_some() == is_json {
            notes.push(Note::Carrier);
        } else if is_json && (self.cdata_sections != 1 || self.has_loose_text) {
            notes.push(Note::NotOneCdata);
        }
        notes
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
mod tests {
    use super::*;

    const JWS: &str = "eyJhbGciOiJFUzI1NiJ9.e30.c2ln";
    const DECLARED: &str = "xmlns:openbadges=\"https://purl.imsglobal.org/ob/v3p0\"";
    const JSON_ELEMENT: &str =
        "<openbadges:credential><![CDATA[{\"a\": \"<&\"}]]></openbadges:credential>";

    fn bake(text: &str, image: &str) -> Result<String, BakeError> {
        super::super::bake(text, image.as_bytes()).map(|baked| String::from_utf8(baked).unwrap())
    }

    fn extract(image: &str) -> Result<(String, Vec<Note>), BakeError> {
        super::super::extract(image.as_bytes()).map(|found| (found.text, found.notes))
    }

    /// An SVG whose root declares the prefix `openbadges`, with this content.
    fn svg(content: &str) -> String {
        format!("<svg xmlns='http://www.w3.org/2000/svg' {DECLARED}>{content}</svg>")
    }

    fn text_of(content: &str) -> Result<String, BakeError> {
        extract(&svg(content)).map(|(text, notes)| {
            assert_eq!(notes, []);
            text
        })
    }

    fn notes_of(content: &str) -> Vec<Note> {
        extract(&svg(content)).unwrap().1
    }

    #[test]
    fn json_becomes_one_cdata_section_directly_after_the_start_tag() {
        assert_eq!(
            bake(
                "{\"a\": \"<&\"}",
                "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- <svg> -->\n\
                 <svg xmlns=\"http://www.w3.org/2000/svg\" id='a>b' >\r\n<g/>&lt;</svg >\n<?end?>"
            )
            .unwrap(),
            format!(
                "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- <svg> -->\n\
                 <svg {DECLARED} xmlns=\"http://www.w3.org/2000/svg\" id='a>b' >{JSON_ELEMENT}\
                 \r\n<g/>&lt;</svg >\n<?end?>"
            )
        );
    }

    #[test]
    fn a_jws_becomes_the_attribute_verify() {
        assert_eq!(
            bake(JWS, "<svg xmlns='http://www.w3.org/2000/svg'></svg>").unwrap(),
            format!(
                "<svg {DECLARED} xmlns='http://www.w3.org/2000/svg'>\
                 <openbadges:credential verify=\"{JWS}\"></openbadges:credential></svg>"
            )
        );
    }

    #[test]
    fn an_empty_root_is_opened() {
        assert_eq!(
            bake(
                "{}",
                "\u{FEFF}<s:svg xmlns:s='http://www.w3.org/2000/svg' />"
            )
            .unwrap(),
            format!(
                "\u{FEFF}<s:svg {DECLARED} xmlns:s='http://www.w3.org/2000/svg' >\
                 <openbadges:credential><![CDATA[{{}}]]></openbadges:credential></s:svg>"
            )
        );
    }

    #[test]
    fn a_declaration_that_is_there_is_used() {
        let baked = bake("{\"a\": \"<&\"}", &svg("")).unwrap();
        assert_eq!(baked, svg(JSON_ELEMENT));
        assert_eq!(text_of(JSON_ELEMENT).unwrap(), "{\"a\": \"<&\"}");
    }

    #[test]
    fn a_prefix_that_means_something_else_is_left_alone() {
        let start = "<svg xmlns='http://www.w3.org/2000/svg' xmlns:openbadges='urn:other'";
        let baked = |rest: &str| bake(JWS, &format!("{start}{rest}</svg>")).unwrap();
        let prefix = |baked: &str| {
            let (text, notes) = extract(baked).unwrap();
            assert_eq!(text, JWS);
            match notes.as_slice() {
                [Note::Prefix { prefix }] => prefix.clone(),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(prefix(&baked("><openbadges:g/>")), "openbadges3");
        assert_eq!(prefix(&baked(" xmlns:openbadges3=''>")), "openbadges3x");
        assert_eq!(
            prefix(&baked(" xmlns:ob='https://purl.imsglobal.org/ob/v3p0'>")),
            "ob"
        );
    }

    #[test]
    fn baking_replaces_every_credential_and_keeps_the_rest() {
        let old = "<a><c xmlns='https://purl.imsglobal.org/ob/v3p0'/>1</a>\
             <openbadges:credential verify='x'>\
             <credential xmlns='https://purl.imsglobal.org/ob/v3p0'><b/></credential>\
             </openbadges:credential>2<o:assertion xmlns:o='http://openbadges.org' verify='y'/>\
             <g><ob:credential xmlns:ob='https://purl.imsglobal.org/ob/v3p0'/>3</g>\
             <credential/><openbadges:other/>";
        let kept = "<a><c xmlns='https://purl.imsglobal.org/ob/v3p0'/>1</a>\
             2<o:assertion xmlns:o='http://openbadges.org' verify='y'/>\
             <g>3</g><credential/><openbadges:other/>";
        let baked = bake("{\"a\": \"<&\"}", &svg(old)).unwrap();
        assert_eq!(baked, svg(&format!("{JSON_ELEMENT}{kept}")));
        assert_eq!(bake("{\"a\": \"<&\"}", &baked).unwrap(), baked);
    }

    #[test]
    fn the_output_is_allocated_once() {
        for image in [svg("<g/>"), svg("").replace("></svg>", "/>")] {
            let credential = Credential::read(JWS).unwrap();
            let baked = super::bake(&credential, image.as_bytes()).unwrap();
            assert_eq!(baked.capacity(), baked.len());
        }
    }

    #[test]
    fn white_space_and_comments_around_the_section_are_passed_over() {
        let content = "\n <!-- here --> <openbadges:credential id='c'>\n <!-- now -->\
             <![CDATA[\r\n {\"a\": 1}\n\t]]>\n</openbadges:credential>";
        assert_eq!(text_of(content).unwrap(), "{\"a\": 1}");
    }

    #[test]
    fn escaped_text_and_split_sections_are_read_with_a_note() {
        let cases = [
            (
                "{&quot;a&quot;: &#x22;&lt;&amp;&gt;&apos;&#34;}",
                "{\"a\": \"<&>'\"}",
            ),
            (
                "<![CDATA[{\"a\": \"]]]]><![CDATA[>\"}]]>",
                "{\"a\": \"]]>\"}",
            ),
            ("{<![CDATA[\"a\": 1]]>}", "{\"a\": 1}"),
            ("{}", "{}"),
        ];
        for (body, text) in cases {
            let content = format!("<openbadges:credential>{body}</openbadges:credential>");
            let found = extract(&svg(&content)).unwrap();
            assert_eq!(found, (text.to_owned(), vec![Note::NotOneCdata]));
        }
    }

    #[test]
    fn references_in_verify_are_resolved() {
        let content = "<openbadges:credential verify=' a&#46;b&#x2E;c\n'/>";
        assert_eq!(text_of(content).unwrap(), "a.b.c");
    }

    #[test]
    fn the_namespace_counts_not_the_prefix() {
        let content = "<credential xmlns='https://purl.imsglobal.org/ob/v3p0' verify='a.b.c'/>\
             <openbadges:credential xmlns:openbadges='urn:other' verify='d.e.f'/>\
             <openbadges:credential xmlns:openbadges='https://purl.imsglobal.org/spec/ob/v3p0'/>";
        let prefix = String::new();
        assert_eq!(notes_of(content), [Note::Prefix { prefix }]);
    }

    #[test]
    fn odd_places_are_noted() {
        let element = "<openbadges:credential verify='a.b.c'/>";
        let inside = format!("<metadata>{element}</metadata>");
        assert_eq!(notes_of(&inside), [Note::Place]);
        assert_eq!(notes_of(&format!("<g/>{element}")), [Note::Place]);
        assert_eq!(notes_of(&format!("text{element}")), []);
        let swapped = [
            "<openbadges:credential verify='{}'/>",
            "<openbadges:credential><![CDATA[a.b.c]]></openbadges:credential>",
            "<openbadges:credential>a.b.c</openbadges:credential>",
        ];
        for content in swapped {
            assert_eq!(notes_of(content), [Note::Carrier]);
        }
    }

    #[test]
    fn two_credentials_are_an_error() {
        let start = svg("").len() - "</svg>".len();
        let nested = "<openbadges:credential><openbadges:credential verify='a.b.c'/>\
             </openbadges:credential>";
        assert_eq!(
            text_of(nested),
            Err(BakeError::TwoCredentials {
                first: start,
                second: start + "<openbadges:credential>".len(),
            })
        );
        let element = "<openbadges:credential verify='a.b.c'/>";
        for content in [
            format!("{element}{element}"),
            format!("{element}<g><c:credential xmlns:c='https://purl.imsglobal.org/ob/v3p0'/></g>"),
        ] {
            let error = text_of(&content).unwrap_err();
            assert!(matches!(error, BakeError::TwoCredentials { first, .. } if first == start));
        }
    }

    #[test]
    fn a_credential_without_one_text_is_an_error() {
        let offset = svg("").len() - "</svg>".len();
        let cases = [
            ("/>", BakeError::EmptyCredential { offset }),
            (" verify=' '/>", BakeError::EmptyCredential { offset }),
            (
                "> \n<![CDATA[ ]]></openbadges:credential>",
                BakeError::EmptyCredential { offset },
            ),
            (
                " verify=''>{}</openbadges:credential>",
                BakeError::VerifyAndBody { offset },
            ),
            (
                " verify='a.b.c'><![CDATA[{}]]></openbadges:credential>",
                BakeError::VerifyAndBody { offset },
            ),
            (
                "><g>{}</g></openbadges:credential>",
                BakeError::NotText { offset },
            ),
        ];
        for (rest, error) in cases {
            let content = format!("<openbadges:credential{rest}");
            assert_eq!(text_of(&content), Err(error));
            assert!(bake(JWS, &svg(&content)).is_ok());
        }
    }

    #[test]
    fn open_badges_2_is_told_apart() {
        let old = "<o:assertion xmlns:o='http://openbadges.org' verify='https://example.org/1'/>";
        assert_eq!(extract(&svg(old)), Err(BakeError::OpenBadges2));
        let both = format!("<openbadges:credential verify='a.b.c'/>{old}");
        assert_eq!(text_of(&both).unwrap(), "a.b.c");

        let twice = svg(&format!("{old}{old}"));
        let first = svg("").len() - "</svg>".len();
        let second = first + old.len();
        let error = BakeError::TwoAssertions { first, second };
        assert_eq!(extract(&twice), Err(error.clone()));
        assert_eq!(bake(JWS, &twice), Err(error));

        let named_alike = "<assertion/><o:assertion xmlns:o='http://openbadges.org/'/>";
        assert_eq!(extract(&svg(named_alike)), Err(BakeError::NoCredential));
    }

    #[test]
    fn the_root_must_be_an_svg_of_its_namespace() {
        for root in [
            "svg",
            "svg xmlns='http://www.w3.org/2000/SVG'",
            "s:svg xmlns:s='urn:s' xmlns='http://www.w3.org/2000/svg'",
        ] {
            let name = root.split(' ').next().unwrap().to_owned();
            let error = BakeError::NotSvg { name };
            assert_eq!(extract(&format!("<{root}/>")), Err(error.clone()));
            assert_eq!(bake(JWS, &format!("<{root}/>")), Err(error));
        }
    }
}
