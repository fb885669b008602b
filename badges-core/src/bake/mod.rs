//! Baking: a credential travels inside the picture of its badge (Open Badges 3.0, section 5.3).
//!
//! A **PNG** gets one chunk, directly before the first `IDAT`:
//!
//! ```text
//! length              4 bytes, big-endian: of what stands between type and checksum
//! 69 54 58 74         iTXt
//! 6f 70 65 6e 62 61 64 67 65 63 72 65 64 65 6e 74 69 61 6c 00
//!                     openbadgecredential, NUL
//! 00 00               not compressed, method 0
//! 00 00               no language tag, NUL; no translated keyword, NUL
//! 7b 22 40 63 ...     the credential in UTF-8, to the end of the chunk
//! checksum            4 bytes: CRC-32 of type and content
//! ```
//!
//! An **SVG** gets a namespace declaration on its root and one element directly inside of it, with
//! JSON as one CDATA section or a JWS as an attribute:
//!
//! ```text
//! <svg xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0" ...>
//!     <openbadges:credential><![CDATA[{"@context": ...}]]></openbadges:credential>
//!     <openbadges:credential verify="eyJhbGciOi..."></openbadges:credential>
//! ```
//!
//! A comprehensive learner record (`ClrCredential`, CLR 2.0) stands in a place of its own: the keyword
//! is `clrcredential`, the namespace `https://purl.imsglobal.org/clr/v2p0`. An image carries one badge
//! or one record, never both.
//!
//! What an image held before goes: baking replaces every badge of 3.0 and every record in it. All else
//! stays as it was, byte for byte, an Open Badges 2.0 assertion included. Bytes after the end of a
//! PNG are not part of it and are left out of the baked image: they may be anything, from the rest
//! of a cropped picture to a second file, and nobody who signs a badge has seen them.
//!
//! Reading is exact about what could be understood in two ways (two credentials, entities, damage)
//! and lenient about the rest, which [`Note`] tells. Whether the text is a genuine credential is
//! not asked here.

mod credential;
mod error;
mod escape;
mod png;
mod svg;

use std::ops::Range;

use credential::{Credential, JSON_SPACE, Kind};
pub use error::{BakeError, ChunkFault, Note};
pub use escape::escape_json;

/// The longest image that is read or made, in bytes.
pub const MAX_IMAGE: usize = 16 << 20;

/// The longest text of a credential in an image, in bytes, unpacked if it is compressed.
pub const MAX_TEXT: usize = 4 << 20;

/// The image formats that can carry a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Portable Network Graphics.
    Png,
    /// Scalable Vector Graphics.
    Svg,
}

impl Format {
    /// The format of an image by its first bytes: the signature of PNG, or XML whose root has the
    /// local name `svg`. XML in UTF-16 counts as SVG, so that the error can name the encoding.
    #[must_use]
    pub fn detect(image: &[u8]) -> Option<Self> {
        if image.starts_with(png::SIGNATURE) {
            Some(Self::Png)
        } else if svg::is_svg(image) {
            Some(Self::Svg)
        } else {
            None
        }
    }

    /// The media type, such as `image/png`.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Svg => "image/svg+xml",
        }
    }

    /// The usual ending of a file name, without the dot.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Svg => "svg",
        }
    }
}

/// A credential as it was found in an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extracted {
    /// The credential, not checked: JSON or a compact JWS if all is well. From a PNG exactly as it
    /// stood, from an SVG with XML's references resolved and without white space around it.
    pub text: String,
    /// The format of the image.
    pub format: Format,
    /// How the image departs from the specification.
    pub notes: Vec<Note>,
}

/// Puts a credential into a PNG or SVG and gives the new image.
///
/// The credential is a JSON object or a compact JWS; white space around it is left out. JSON passes
/// through [`escape_json`], so it is baked as it is if it was escaped before, and otherwise as
/// equal JSON. That it is JSON at all is checked only as far as the image needs it.
///
/// # Errors
///
/// When the text is no credential, when the image is neither PNG nor SVG, damaged or too long, or
/// when it holds two Open Badges 2.0 assertions, since no one could read it then.
pub fn bake(credential: &str, image: &[u8]) -> Result<Vec<u8>, BakeError> {
    let credential = Credential::read(credential)?;
    let baked = match format_of(image)? {
        Format::Png => png::bake(&credential, image)?,
        Format::Svg => svg::bake(&credential, image)?,
    };
    if baked.len() > MAX_IMAGE {
        return Err(BakeError::ImageTooLong { bytes: baked.len() });
    }
    Ok(baked)
}

/// Takes the credential out of a PNG or SVG: a badge of Open Badges 3.0 or a record of CLR 2.0.
///
/// # Errors
///
/// [`BakeError::NoCredential`] and [`BakeError::OpenBadges2`] when there is none;
/// [`BakeError::TwoCredentials`] and [`BakeError::TwoAssertions`] when it could be one of two;
/// others when the image is neither PNG nor SVG, damaged or too long.
pub fn extract(image: &[u8]) -> Result<Extracted, BakeError> {
    let extracted = match format_of(image)? {
        Format::Png => png::extract(image)?,
        Format::Svg => svg::extract(image)?,
    };
    if extracted.text.len() > MAX_TEXT {
        return Err(BakeError::TextTooLong);
    }
    Ok(extracted)
}

/// Takes an Open Badges 2.0 assertion out of a PNG or SVG ([baking of Open Badges 2.0]): JSON, a
/// compact JWS, or the address of the assertion. Whoever reads both versions asks for the credential
/// of 3.0 first, with [`extract`].
///
/// # Errors
///
/// [`BakeError::NoCredential`] when there is none, and as [`extract`].
///
/// [baking of Open Badges 2.0]: https://www.imsglobal.org/sites/default/files/Badges/OBv2p0Final/baking/index.html
pub fn extract_assertion(image: &[u8]) -> Result<Extracted, BakeError> {
    let extracted = match format_of(image)? {
        Format::Png => png::extract_assertion(image)?,
        Format::Svg => svg::extract_assertion(image)?,
    };
    if extracted.text.len() > MAX_TEXT {
        return Err(BakeError::TextTooLong);
    }
    Ok(extracted)
}

fn format_of(image: &[u8]) -> Result<Format, BakeError> {
    if image.len() > MAX_IMAGE {
        return Err(BakeError::ImageTooLong { bytes: image.len() });
    }
    Format::detect(image).ok_or(BakeError::NotAnImage)
}

/// Appends the bytes of a range, leaving out the cuts that begin in it. The cuts are in order and
/// do not overlap.
fn append_without(
    out: &mut Vec<u8>,
    bytes: &[u8],
    range: Range<usize>,
    cuts: impl Iterator<Item = Range<usize>>,
) {
    let mut from = range.start;
    for cut in cuts.filter(|cut| range.contains(&cut.start)) {
        out.extend_from_slice(&bytes[from..cut.start]);
        from = cut.end;
    }
    out.extend_from_slice(&bytes[from..range.end]);
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;
    use serde_json::Value;

    use super::*;

    const JWS: &str = "eyJhbGciOiJFUzI1NiJ9.e30.c2ln";
    const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\"><g/></svg>";

    fn png() -> Vec<u8> {
        png::tests::picture(b"", b"")
    }

    #[test]
    fn formats_are_told_by_their_first_bytes() {
        let cases: [(&[u8], Option<Format>); 12] = [
            (&png(), Some(Format::Png)),
            (b"\x89PNG\r\n\x1a\n", Some(Format::Png)),
            (SVG.as_bytes(), Some(Format::Svg)),
            (b"\xEF\xBB\xBF \n<svg", None),
            (b"\xEF\xBB\xBF \n<svg>", Some(Format::Svg)),
            (
                b"<?xml version='1.0'?><!--\xE9--><!DOCTYPE svg [<!ENTITY a '>'>]><s:svg/>",
                Some(Format::Svg),
            ),
            (b"\xFF\xFE<\0s\0v\0g\0", Some(Format::Svg)),
            (b"<!DOCTYPE html><html><svg/></html>", None),
            (b"{}", None),
            (b"", None),
            (b"\x89PNG\n\x1a\n", None),
            (b"GIF89a<svg>", None),
        ];
        for (image, format) in cases {
            assert_eq!(Format::detect(image), format, "{}", image.escape_ascii());
        }
        assert_eq!(Format::Png.media_type(), "image/png");
        assert_eq!(Format::Svg.media_type(), "image/svg+xml");
        assert_eq!(Format::Png.extension(), "png");
        assert_eq!(Format::Svg.extension(), "svg");
    }

    #[test]
    fn only_a_json_object_or_a_compact_jws_is_baked() {
        for text in [
            "",
            " ",
            "[{}]",
            "\"a\"",
            "a.b",
            "a.b.c.d",
            ".b.c",
            "a.b.",
            "a.b=.c",
            "a.b.c d",
            "\u{FEFF}{}",
        ] {
            assert_eq!(bake(text, &png()), Err(BakeError::NotACredential), "{text}");
        }
        for text in [
            "{}",
            "a.b.c",
            "a..c",
            "_.-.9",
            " \r\n\t{\"a\": [1]}\n",
            "\na.b.c\n",
        ] {
            for image in [png().as_slice(), SVG.as_bytes()] {
                let extracted = extract(&bake(text, image).unwrap()).unwrap();
                assert_eq!(extracted.text, text.trim());
            }
        }
    }

    #[test]
    fn text_that_cannot_be_json_is_refused() {
        for (text, offset) in [
            ("{\0}", 1),
            ("\n{\"a\u{1F}\"}", 3),
            ("{]]>", 1),
            ("{}\u{FFFE}", 2),
        ] {
            let error = BakeError::NotJson { offset };
            assert_eq!(bake(text, &png()), Err(error.clone()));
            assert_eq!(bake(text, SVG.as_bytes()), Err(error));
        }
    }

    #[test]
    fn sizes_are_limited() {
        let padded = |length: usize| format!("{{{}}}", " ".repeat(length - 2));
        let longest = bake(&padded(MAX_TEXT), &png()).unwrap();
        assert_eq!(extract(&longest).unwrap().text.len(), MAX_TEXT);
        let error = Err(BakeError::TextTooLong);
        assert_eq!(bake(&padded(MAX_TEXT + 1), &png()), error);
        let growing = format!("{{\"a\": \"{}\"}}", "{".repeat(MAX_TEXT / 2));
        assert_eq!(bake(&growing, &png()), error);

        let wide = png::tests::picture(&png::tests::chunk(b"abCd", &vec![0; MAX_IMAGE - 200]), b"");
        let bytes = bake(JWS, &wide).unwrap().len() + 200;
        let error = Err(BakeError::ImageTooLong { bytes });
        assert_eq!(bake(&format!("{JWS}{}", "a".repeat(200)), &wide), error);
        let bytes = MAX_IMAGE + 1;
        let error = BakeError::ImageTooLong { bytes };
        assert_eq!(extract(&vec![b'<'; bytes]), Err(error.clone()));
        assert_eq!(bake(JWS, &vec![b'<'; bytes]), Err(error));
    }

    #[test]
    fn what_is_no_image_is_refused() {
        assert_eq!(extract(b"GIF89a"), Err(BakeError::NotAnImage));
        assert_eq!(bake(JWS, b"{}"), Err(BakeError::NotAnImage));
        assert_eq!(extract(&png()), Err(BakeError::NoCredential));
        assert_eq!(extract(SVG.as_bytes()), Err(BakeError::NoCredential));
    }

    /// Text full of what JSON, XML and the escapes care for.
    const TRICKY: &str =
        "[\\PC\u{0}-\u{1F}{}<>&;'\"\\\\\\[\\]u07bd\u{FFFE}\u{FFFF}]|\\]\\]>|<!\\[CDATA\\[|&amp;";

    fn tricky() -> impl Strategy<Value = String> {
        proptest::collection::vec(TRICKY, 0..12).prop_map(|pieces| pieces.concat())
    }

    fn json_object() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            tricky().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            Just(Value::Null)
        ];
        let value = leaf.prop_recursive(3, 12, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::hash_map(tricky(), inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        });
        (tricky(), value, any::<bool>()).prop_map(|(key, value, pretty)| {
            let object = serde_json::json!({ key: value });
            match pretty {
                true => serde_json::to_string_pretty(&object).unwrap(),
                false => object.to_string(),
            }
        })
    }

    fn image() -> impl Strategy<Value = Vec<u8>> {
        let prolog = [
            "",
            "\u{FEFF}",
            "<?xml version='1.0'?>\n<!DOCTYPE svg>\n",
            "<!--{-->",
        ];
        let declaration = [
            "",
            " xmlns:openbadges='http://openbadges.org'",
            "\nxmlns:openbadges='https://purl.imsglobal.org/ob/v3p0' ",
        ];
        let content = [
            "é",
            "<g><credential xmlns='http://www.w3.org/2000/svg'/></g>",
            "<credential xmlns='https://purl.imsglobal.org/ob/v3p0'>x</credential>",
        ];
        let svg = (
            select(prolog.to_vec()),
            select(declaration.to_vec()),
            proptest::collection::vec(select(content.to_vec()), 0..4),
        )
            .prop_map(|(prolog, declaration, content)| {
                let start = format!("{prolog}<svg xmlns='http://www.w3.org/2000/svg'{declaration}");
                match content.concat() {
                    empty if empty.is_empty() => format!("{start}/>").into_bytes(),
                    content => format!("{start}>{content}</svg>\n").into_bytes(),
                }
            });
        let text = "(Title|openbadgecredential)\u{0}.{0,9}";
        let png = (text, text).prop_map(|(before, after)| {
            let chunk = |text: String| png::tests::chunk(b"tEXt", text.as_bytes());
            png::tests::picture(&chunk(before), &chunk(after))
        });
        prop_oneof![svg, png]
    }

    fn baked_image() -> impl Strategy<Value = Vec<u8>> {
        (json_object(), image()).prop_map(|(json, image)| bake(&json, &image).unwrap())
    }

    proptest! {
        #[test]
        fn json_comes_out_as_it_went_in(json in json_object(), image in image()) {
            let baked = bake(&json, &image).unwrap();
            let extracted = extract(&baked).unwrap();
            prop_assert_eq!(&extracted.text, &escape_json(&json));
            prop_assert_eq!(
                serde_json::from_str::<Value>(&extracted.text).unwrap(),
                serde_json::from_str::<Value>(&json).unwrap()
            );
            prop_assert_eq!(bake(&extracted.text, &baked).unwrap(), baked);
        }

        #[test]
        fn a_jws_comes_out_as_it_went_in(
            jws in "[a-zA-Z0-9_-]{1,40}\\.[a-zA-Z0-9_-]{0,40}\\.[a-zA-Z0-9_-]{1,40}",
            image in image(),
        ) {
            let baked = bake(&jws, &image).unwrap();
            prop_assert_eq!(&extract(&baked).unwrap().text, &jws);
            prop_assert_eq!(bake(&jws, &baked).unwrap(), baked);
        }

        #[test]
        fn random_bytes_never_panic(bytes in any::<Vec<u8>>(), start in 0..4_usize) {
            let starts: [&[u8]; 4] = [b"", png::SIGNATURE, b"<svg ", SVG.as_bytes()];
            let image = [starts[start], &bytes].concat();
            let _ = extract(&image);
            let _ = bake(JWS, &image);
        }

        #[test]
        fn whatever_can_be_baked_can_be_read(
            image in baked_image(),
            at in any::<prop::sample::Index>(),
            width in 0..4_usize,
            replacement in prop_oneof![any::<Vec<u8>>(), "[<>&;!\\[\\]/=?'\" -]{0,4}".prop_map(String::into_bytes)],
        ) {
            let mut mutated = image;
            let at = at.index(mutated.len());
            let end = mutated.len().min(at + width);
            mutated.splice(at..end, replacement);
            let _ = extract(&mutated);
            if let Ok(baked) = bake(JWS, &mutated) {
                prop_assert_eq!(extract(&baked).unwrap().text, JWS);
            }
        }
    }
}
