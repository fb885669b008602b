//! Credentials and presentations that travel as a `data:` URL inside JSON: *Verifiable Credentials
//! 2.0*, 4.12 and 4.13.2, `EnvelopedVerifiableCredential` and `EnvelopedVerifiablePresentation`.

use base64::Engine as _;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use percent_encoding::percent_decode_str;
use serde::Serialize;

use crate::json::Value;
use crate::model::CREDENTIALS_V2;

/// `data:` URLs come with padding and without.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What is in the envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A credential.
    Credential,
    /// A presentation.
    Presentation,
}

impl Kind {
    /// The media type without what it is secured by: `vc` or `vp`.
    #[must_use]
    pub const fn short(self) -> &'static str {
        match self {
            Self::Credential => "vc",
            Self::Presentation => "vp",
        }
    }

    const fn type_name(self) -> &'static str {
        match self {
            Self::Credential => "EnvelopedVerifiableCredential",
            Self::Presentation => "EnvelopedVerifiablePresentation",
        }
    }
}

/// The syntax of what is in the envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Syntax {
    /// A compact JWS.
    Jwt,
    /// An SD-JWT.
    SdJwt,
    /// A COSE_Sign1.
    Cose,
}

impl Syntax {
    /// The syntax that a media type names, such as `application/vc+sd-jwt` for a credential.
    fn of(media_type: &str, kind: Kind) -> Option<Self> {
        let media_type = media_type.to_ascii_lowercase();
        match (media_type.strip_prefix("application/")?, kind) {
            // `application/jwt` is what came before `vc+jwt`.
            ("jwt", _)
            | ("vc+jwt" | "vc+ld+jwt", Kind::Credential)
            | ("vp+jwt" | "vp+ld+jwt", Kind::Presentation) => Some(Self::Jwt),
            ("vc+sd-jwt" | "vc+ld+sd-jwt", Kind::Credential)
            | ("vp+sd-jwt" | "vp+ld+sd-jwt", Kind::Presentation) => Some(Self::SdJwt),
            ("vc+cose", Kind::Credential) | ("vp+cose", Kind::Presentation) => Some(Self::Cose),
            _ => None,
        }
    }
}

/// Why an envelope cannot be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "fault", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum EnvelopeFault {
    /// `@context` is not that of Verifiable Credentials 2.0.
    #[error("its `@context` is not that of Verifiable Credentials 2.0")]
    Context,
    /// It says something that is not in the envelope, so that nobody signed it.
    #[error("it has members beside `@context`, `id` and `type`, which nobody signed")]
    OtherMembers,
    /// `id` is no `data:` URL.
    #[error("its `id` is no `data:` URL")]
    NotData,
    /// The media type is not one of those for this kind of envelope.
    #[error("its media type is none for such an envelope")]
    MediaType,
    /// The media type says one thing, the content another.
    #[error("its content is not of its media type")]
    OtherContent,
}

/// An opened envelope; its content is not checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enveloped {
    /// What is in it.
    pub kind: Kind,
    /// In which syntax.
    pub syntax: Syntax,
    /// The JWT, SD-JWT or COSE_Sign1.
    pub content: Vec<u8>,
}

impl Enveloped {
    /// Whether a document says that it is an envelope.
    #[must_use]
    pub fn kind_of(document: &Value<'_>) -> Option<Kind> {
        [Kind::Credential, Kind::Presentation]
            .into_iter()
            .find(|kind| document.has_type(kind.type_name()))
    }

    /// Opens an envelope; `None` for any other document.
    ///
    /// # Errors
    /// Why it cannot be opened.
    pub fn open(document: &Value<'_>) -> Option<Result<Self, EnvelopeFault>> {
        Self::kind_of(document).map(|kind| Self::open_as(document, kind))
    }

    fn open_as(document: &Value<'_>, kind: Kind) -> Result<Self, EnvelopeFault> {
        let context = document.list("@context").first();
        if context.and_then(Value::as_str) != Some(CREDENTIALS_V2) {
            return Err(EnvelopeFault::Context);
        }
        let mut members = document.as_object().into_iter().flatten();
        if members.any(|(name, _)| !["@context", "id", "type"].contains(&name.as_ref())) {
            return Err(EnvelopeFault::OtherMembers);
        }
        let url = document.text("id").ok_or(EnvelopeFault::NotData)?;
        let (media_type, content) = read_data_url(url).ok_or(EnvelopeFault::NotData)?;
        Ok(Self {
            kind,
            syntax: Syntax::of(media_type, kind).ok_or(EnvelopeFault::MediaType)?,
            content,
        })
    }
}

/// The media type and the content of a `data:` URL
/// ([RFC 2397](https://www.rfc-editor.org/rfc/rfc2397)).
fn read_data_url(url: &str) -> Option<(&str, Vec<u8>)> {
    let scheme = url.get(..5)?;
    if !scheme.eq_ignore_ascii_case("data:") {
        return None;
    }
    let (head, data) = url[5..].split_once(',')?;
    let mut parameters = head.split(';');
    let media_type = parameters.next()?;
    let mut data: Vec<u8> = percent_decode_str(data).collect();
    let content = match parameters.next_back() {
        Some(last) if last.eq_ignore_ascii_case("base64") => {
            // Files end with a line end, and browsers' forgiving base64 skips it.
            data.retain(|byte| !byte.is_ascii_whitespace());
            BASE64.decode(data).ok()?
        }
        _ => data,
    };
    (!content.is_empty()).then_some((media_type, content))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn open(id: &str, r#type: &str) -> Result<Enveloped, EnvelopeFault> {
        let text = format!(r#"{{"@context":"{CREDENTIALS_V2}","id":"{id}","type":["{type}"]}}"#);
        Enveloped::open(&crate::json::parse(&text).unwrap()).unwrap()
    }

    #[test]
    fn envelopes_are_opened_by_their_media_type() {
        let credential = "EnvelopedVerifiableCredential";
        let enveloped = |kind, syntax, content: &[u8]| {
            Ok(Enveloped {
                kind,
                syntax,
                content: content.to_vec(),
            })
        };
        for (id, r#type, expected) in [
            (
                "data:application/vc+jwt,a.b.c",
                credential,
                enveloped(Kind::Credential, Syntax::Jwt, b"a.b.c"),
            ),
            (
                "DATA:application/VC+SD-JWT;charset=utf-8,a.b.c%7E",
                credential,
                enveloped(Kind::Credential, Syntax::SdJwt, b"a.b.c~"),
            ),
            (
                "data:application/vc+cose;base64,0oQ=",
                credential,
                enveloped(Kind::Credential, Syntax::Cose, b"\xd2\x84"),
            ),
            (
                "data:application/vp+cose;base64,0o\\nQ",
                "EnvelopedVerifiablePresentation",
                enveloped(Kind::Presentation, Syntax::Cose, b"\xd2\x84"),
            ),
            (
                "data:application/vp+jwt,a",
                credential,
                Err(EnvelopeFault::MediaType),
            ),
            (
                "data:text/plain,a",
                credential,
                Err(EnvelopeFault::MediaType),
            ),
            ("data:,a", credential, Err(EnvelopeFault::MediaType)),
            (
                "data:application/vc+jwt,",
                credential,
                Err(EnvelopeFault::NotData),
            ),
            (
                "data:application/vc+jwt",
                credential,
                Err(EnvelopeFault::NotData),
            ),
            (
                "data:application/vc+cose;base64,!",
                credential,
                Err(EnvelopeFault::NotData),
            ),
            (
                "https://example.org/",
                credential,
                Err(EnvelopeFault::NotData),
            ),
            ("é", credential, Err(EnvelopeFault::NotData)),
        ] {
            assert_eq!(open(id, r#type), expected, "{id}");
        }
    }

    #[test]
    fn nothing_unsigned_stands_on_the_envelope() {
        let open = |text| Enveloped::open(&crate::json::parse(text).unwrap());
        assert_eq!(
            open(
                r#"{"@context":"https://www.w3.org/ns/credentials/v2","type":"EnvelopedVerifiableCredential",
                "id":"data:application/vc+jwt,a.b.c","name":"A better badge"}"#
            ),
            Some(Err(EnvelopeFault::OtherMembers))
        );
        assert_eq!(
            open(r#"{"type":"EnvelopedVerifiableCredential","id":"data:application/vc+jwt,a"}"#),
            Some(Err(EnvelopeFault::Context))
        );
        assert_eq!(open(r#"{"type":"VerifiableCredential"}"#), None);
    }
}
