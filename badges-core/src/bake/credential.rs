//! What is baked: its text, and which of the two places in an image is its own.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use memchr::memmem;

use super::escape::{self, escape_json};
use super::{BakeError, MAX_TEXT};
use crate::json;

/// What a credential is, as far as its place in an image goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A badge, or whatever else is no record.
    Badge,
    /// A comprehensive learner record.
    Record,
}

impl Kind {
    pub(super) const ALL: [Self; 2] = [Self::Badge, Self::Record];

    /// The type of a record.
    const RECORD: &'static str = "ClrCredential";

    fn of(json: &str) -> Self {
        // Only then is it worth reading.
        let document = memmem::find(json.as_bytes(), Self::RECORD.as_bytes())
            .and_then(|_| json::parse(json).ok());
        match document {
            // A JWT of version 1.1 has the credential in a claim.
            Some(it) if it.get("vc").unwrap_or(&it).has_type(Self::RECORD) => Self::Record,
            _ => Self::Badge,
        }
    }

    /// The keyword in a PNG.
    pub(super) const fn keyword(self) -> &'static [u8] {
        match self {
            Self::Badge => b"openbadgecredential",
            Self::Record => b"clrcredential",
        }
    }

    /// The element's namespace in an SVG.
    pub(super) const fn namespace(self) -> &'static str {
        match self {
            Self::Badge => "https://purl.imsglobal.org/ob/v3p0",
            Self::Record => "https://purl.imsglobal.org/clr/v2p0",
        }
    }

    /// The usual prefix of that namespace.
    pub(super) const fn prefix(self) -> &'static str {
        match self {
            Self::Badge => "openbadges",
            Self::Record => "clr",
        }
    }
}

/// A text that may be baked into either format.
pub(super) enum Credential<'a> {
    /// A JSON object in characters that XML allows, without `]]>`.
    Json(Cow<'a, str>),
    /// A compact JWS.
    Jws(&'a str),
}

impl<'a> Credential<'a> {
    pub(super) fn read(text: &'a str) -> Result<Self, BakeError> {
        let text = text.trim_matches(JSON_SPACE);
        if text.len() > MAX_TEXT {
            return Err(BakeError::TextTooLong);
        }
        if !text.starts_with('{') {
            return if is_compact_jws(text) {
                Ok(Self::Jws(text))
            } else {
                Err(BakeError::NotACredential)
            };
        }
        let json = escape_json(text);
        if let Some(offset) = escape::not_json(&json) {
            return Err(BakeError::NotJson { offset });
        }
        if json.len() > MAX_TEXT {
            return Err(BakeError::TextTooLong);
        }
        Ok(Self::Json(json))
    }

    pub(super) fn text(&self) -> &str {
        match self {
            Self::Json(json) => json,
            Self::Jws(jws) => jws,
        }
    }

    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Json(json) => Kind::of(json),
            Self::Jws(jws) => {
                let payload = jws.split('.').nth(1).unwrap_or_default();
                let payload = URL_SAFE_NO_PAD.decode(payload).unwrap_or_default();
                std::str::from_utf8(&payload).map_or(Kind::Badge, Kind::of)
            }
        }
    }
}

pub(super) const JSON_SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

/// The specification's CompactJws: `^[a-zA-Z0-9_-]+\.[a-zA-Z0-9_-]*\.[a-zA-Z0-9_-]+$`.
fn is_compact_jws(text: &str) -> bool {
    let mut parts = text.split('.');
    let (Some(header), Some(payload), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let is_base64url = |part: &str| {
        part.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    !header.is_empty()
        && !signature.is_empty()
        && is_base64url(header)
        && is_base64url(payload)
        && is_base64url(signature)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::{Note, bake, extract, png};
    use super::*;

    const RECORD: &str = r#"{"type": ["VerifiableCredential", "ClrCredential"]}"#;
    const BADGE: &str = r#"{"type": ["OpenBadgeCredential"], "name": "On the ClrCredential"}"#;
    const SVG: &str = "<svg xmlns='http://www.w3.org/2000/svg'/>";

    fn jws(payload: &str) -> String {
        format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(payload))
    }

    fn baked(credential: &str, image: &[u8]) -> String {
        let baked = bake(credential, image).unwrap();
        let found = extract(&baked).unwrap();
        assert_eq!((found.text.as_str(), found.notes), (credential, Vec::new()));
        String::from_utf8_lossy(&baked).into_owned()
    }

    #[test]
    fn a_record_has_a_place_of_its_own() {
        let in_claim = jws(&format!("{{\"vc\":{RECORD}}}"));
        for (credential, is_record) in [
            (RECORD, true),
            (&jws(RECORD), true),
            (&in_claim, true),
            (BADGE, false),
            (&jws(BADGE), false),
            ("{ClrCredential", false),
            ("a.b.c", false),
        ] {
            let png = baked(credential, &png::tests::picture(b"", b""));
            assert_eq!(
                png.contains("iTXtclrcredential\0"),
                is_record,
                "{credential}"
            );
            assert_eq!(png.contains("iTXtopenbadgecredential\0"), !is_record);
            let svg = baked(credential, SVG.as_bytes());
            let record = "<svg xmlns:clr=\"https://purl.imsglobal.org/clr/v2p0\" \
                          xmlns='http://www.w3.org/2000/svg'><clr:credential";
            assert_eq!(svg.starts_with(record), is_record, "{svg}");
        }
    }

    #[test]
    fn a_badge_and_a_record_replace_each_other() {
        for image in [png::tests::picture(b"", b""), SVG.as_bytes().to_vec()] {
            let record = bake(RECORD, &image).unwrap();
            let badge = bake(BADGE, &record).unwrap();
            assert_eq!(extract(&badge).unwrap().text, BADGE);
            let again = bake(RECORD, &badge).unwrap();
            assert_eq!(extract(&again).unwrap().text, RECORD);
        }
    }

    #[test]
    fn a_badge_beside_a_record_is_an_error() {
        let chunk = |keyword: &str| {
            png::tests::chunk(b"iTXt", format!("{keyword}\0\0\0\0\0{{}}").as_bytes())
        };
        let (one, two) = (chunk("clrcredential"), chunk("openbadgecredential"));
        let element =
            |kind: Kind| format!("<credential xmlns='{}'>{{}}</credential>", kind.namespace());
        let elements = Kind::ALL.map(element).concat();
        let svg = format!("<svg xmlns='http://www.w3.org/2000/svg'>{elements}</svg>");
        for image in [png::tests::picture(&one, &two), svg.into_bytes()] {
            let error = extract(&image).unwrap_err();
            assert!(matches!(error, BakeError::TwoCredentials { .. }), "{error}");
        }
    }

    #[test]
    fn a_record_is_read_under_any_prefix() {
        let svg = "<svg xmlns='http://www.w3.org/2000/svg' xmlns:r='https://purl.imsglobal.org/clr/v2p0'>\
                   <g/><r:credential><![CDATA[{}]]></r:credential></svg>";
        assert_eq!(extract(svg.as_bytes()).unwrap().notes, [Note::Place]);
    }
}
