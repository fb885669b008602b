//! What a request wants of a DID ([DID Resolution, HTTPS binding]).
//!
//! [DID Resolution, HTTPS binding]: https://w3c.github.io/did-resolution/#bindings-https

use axum::http::{HeaderMap, header};

/// A DID resolution result.
pub(super) const RESOLUTION: &str = "application/did-resolution";
/// The same as it was called before.
pub(super) const LD_RESOLUTION: &str =
    "application/ld+json;profile=\"https://w3id.org/did-resolution\"";
/// The result of dereferencing a DID URL.
pub(super) const DEREFERENCING: &str = "application/did-url-dereferencing";
/// A DID document (DID Core 1.1). The two types above begin with it, and so are what the binding asks
/// for: a `Content-Type` that has that of the document in it.
pub(super) const DOCUMENT: &str = "application/did";
const JSON: &str = "application/json";

/// What is answered, with the media type that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// A result of resolving a DID.
    Resolution(&'static str),
    /// A result of dereferencing a DID URL.
    Dereferencing(&'static str),
    /// The document, or what of it is named, and nothing around it.
    Content(&'static str),
}

/// The media types by which the bare document is asked for.
const CONTENT: [&str; 5] = [
    DOCUMENT,
    "application/did+json",
    "application/did+ld+json",
    JSON,
    "application/ld+json",
];

impl Wanted {
    /// What is wanted of a DID, or of a DID URL that is more than that; `None` when it cannot be had.
    /// Who takes anything gets a result, and a browser gets it as JSON, which it can show.
    pub(super) fn of(request: &HeaderMap, is_url: bool) -> Option<Self> {
        let result = |resolution, dereferencing| {
            if is_url {
                Self::Dereferencing(dereferencing)
            } else {
                Self::Resolution(resolution)
            }
        };
        let ranges = request.get_all(header::ACCEPT).iter();
        let texts: Vec<&str> = ranges.filter_map(|value| value.to_str().ok()).collect();
        if texts.is_empty() {
            return Some(result(RESOLUTION, DEREFERENCING));
        }
        let mut best: Option<(f32, Self)> = None;
        for range in texts.iter().flat_map(|text| text.split(',')) {
            let mut parts = range.split(';').map(str::trim);
            let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
            let (mut quality, mut profile) = (1.0, "");
            for (name, value) in parts.filter_map(|part| part.split_once('=')) {
                match name.trim().to_ascii_lowercase().as_str() {
                    "q" => quality = value.trim().parse().unwrap_or(0.0),
                    "profile" => profile = value.trim().trim_matches('"'),
                    _ => {}
                }
            }
            let wanted = match kind.as_str() {
                RESOLUTION => Some(Self::Resolution(RESOLUTION)),
                "application/ld+json" if profile == "https://w3id.org/did-resolution" => {
                    Some(Self::Resolution(LD_RESOLUTION))
                }
                DEREFERENCING => Some(Self::Dereferencing(DEREFERENCING)),
                "*/*" | "application/*" => Some(result(RESOLUTION, DEREFERENCING)),
                "text/html" => Some(result(JSON, JSON)),
                kind => CONTENT
                    .into_iter()
                    .find(|known| *known == kind)
                    .map(Self::Content),
            };
            // Of equals the first counts.
            if let Some(wanted) = wanted
                && quality > best.map_or(0.0, |(quality, _)| quality)
            {
                best = Some((quality, wanted));
            }
        }
        best.map(|(_, wanted)| wanted)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn what_is_accepted_is_answered() {
        for (accept, wanted) in [
            (
                "application/did-resolution",
                Some(Wanted::Resolution(RESOLUTION)),
            ),
            ("*/*", Some(Wanted::Resolution(RESOLUTION))),
            (
                "text/html,application/xhtml+xml,*/*;q=0.8",
                Some(Wanted::Resolution(JSON)),
            ),
            (LD_RESOLUTION, Some(Wanted::Resolution(LD_RESOLUTION))),
            (
                "application/ld+json",
                Some(Wanted::Content("application/ld+json")),
            ),
            (
                "application/did+cbor, Application/DID",
                Some(Wanted::Content(DOCUMENT)),
            ),
            (
                "application/did;q=0.5, application/did-resolution",
                Some(Wanted::Resolution(RESOLUTION)),
            ),
            (DEREFERENCING, Some(Wanted::Dereferencing(DEREFERENCING))),
            ("application/did;q=0", None),
            ("image/png", None),
            ("", None),
        ] {
            let mut request = HeaderMap::new();
            request.insert(header::ACCEPT, accept.parse().unwrap());
            assert_eq!(Wanted::of(&request, false), wanted, "{accept}");
        }
        let url = Wanted::of(&HeaderMap::new(), true);
        assert_eq!(url, Some(Wanted::Dereferencing(DEREFERENCING)));
    }
}
