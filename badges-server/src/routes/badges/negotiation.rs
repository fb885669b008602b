//! What a request wants of a badge (RFC 9110, 12.5.1).

use axum::http::{HeaderMap, header};
use badges_core::publish::{JSON_MEDIA_TYPE, JWT_MEDIA_TYPE};

/// What can be had of a badge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Page,
    Json,
    Jwt,
    Png,
    Svg,
}

/// The media types in which each form can be had, the preferred ones first. Whoever takes anything
/// gets the page: that is what programs send that make a preview of a link.
const OFFERS: [(Form, &str); 10] = [
    (Form::Page, "text/html"),
    (Form::Json, JSON_MEDIA_TYPE),
    (Form::Json, "application/vc"),
    (Form::Json, "application/ld+json"),
    (Form::Json, "application/json"),
    (Form::Png, "image/png"),
    (Form::Svg, "image/svg+xml"),
    (Form::Jwt, JWT_MEDIA_TYPE),
    (Form::Jwt, "application/vc+jwt"),
    (Form::Jwt, "application/jwt"),
];

impl Form {
    /// The form of an address with this ending.
    pub(crate) fn from_ending(ending: &str) -> Option<Self> {
        Some(match ending {
            "json" => Self::Json,
            "jwt" => Self::Jwt,
            "png" => Self::Png,
            "svg" => Self::Svg,
            _ => return None,
        })
    }

    /// The media type that the standard recommends.
    pub(crate) fn media_type(self) -> &'static str {
        OFFERS
            .iter()
            .find(|(form, _)| *form == self)
            .map_or("", |(_, media_type)| media_type)
    }
}

/// The best of what is accepted: by its quality, then by how exactly it was asked for, then by our
/// own preference. Who accepts nothing that there is gets the page too, rather than an error.
pub(crate) fn negotiate(request: &HeaderMap, has_svg: bool) -> (Form, &'static str) {
    let accepted: Vec<Range<'_>> = request
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(Range::parse)
        .collect();
    let mut best = (OFFERS[0], (0, 0));
    for offer in OFFERS
        .into_iter()
        .filter(|(form, _)| has_svg || *form != Form::Svg)
    {
        // Of the ranges that fit, the most exact one says the quality.
        let fitting = accepted
            .iter()
            .filter_map(|range| Some((range.fit(offer.1)?, range.quality)));
        if let Some((fit, quality)) = fitting.max()
            && (quality, fit) > best.1
            && quality > 0
        {
            best = (offer, (quality, fit));
        }
    }
    best.0
}

/// A media range of `Accept`.
struct Range<'a> {
    kind: &'a str,
    subtype: &'a str,
    /// In thousandths.
    quality: u16,
}

impl<'a> Range<'a> {
    fn parse(range: &'a str) -> Option<Self> {
        let mut parts = range.split(';').map(str::trim);
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let quality = parts.find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            name.trim()
                .eq_ignore_ascii_case("q")
                .then(|| value.trim().parse::<f32>().ok())
        });
        let quality = quality
            .map_or(Some(1.0), |quality| quality)
            .filter(|quality| (0.0..=1.0).contains(quality))?;
        Some(Self {
            kind,
            subtype,
            quality: (quality * 1000.0) as u16,
        })
    }

    /// How exactly this range names a media type; `None` if it does not.
    fn fit(&self, media_type: &str) -> Option<u16> {
        let (kind, subtype) = media_type.split_once('/')?;
        let same_kind = self.kind.eq_ignore_ascii_case(kind);
        if same_kind && self.subtype.eq_ignore_ascii_case(subtype) {
            Some(3)
        } else if same_kind && self.subtype == "*" {
            Some(2)
        } else {
            (self.kind == "*" && self.subtype == "*").then_some(1)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_gets_what_they_ask_for() {
        const BROWSER: &str =
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";
        const IMAGE: &str = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8";
        for (accept, has_svg, expected) in [
            ("", true, (Form::Page, "text/html")),
            ("*/*", true, (Form::Page, "text/html")),
            (BROWSER, true, (Form::Page, "text/html")),
            ("text/*", true, (Form::Page, "text/html")),
            ("application/json", true, (Form::Json, "application/json")),
            (
                "application/json, text/plain, */*",
                true,
                (Form::Json, "application/json"),
            ),
            (
                "application/vc+ld+json",
                true,
                (Form::Json, "application/vc+ld+json"),
            ),
            ("application/vc", true, (Form::Json, "application/vc")),
            (
                "Application/LD+JSON;profile=x",
                true,
                (Form::Json, "application/ld+json"),
            ),
            (
                "application/*",
                true,
                (Form::Json, "application/vc+ld+json"),
            ),
            (
                "application/json;q=0.9, application/vc;q=0.8",
                true,
                (Form::Json, "application/json"),
            ),
            (
                "application/json;q=0.5, text/html;q=0.9",
                true,
                (Form::Page, "text/html"),
            ),
            (
                "text/html;q=0, */*",
                true,
                (Form::Json, "application/vc+ld+json"),
            ),
            (
                "application/vc+jwt",
                true,
                (Form::Jwt, "application/vc+jwt"),
            ),
            (
                "application/jwt, */*;q=0.1",
                true,
                (Form::Jwt, "application/jwt"),
            ),
            ("text/plain", true, (Form::Jwt, "text/plain")),
            ("image/png", true, (Form::Png, "image/png")),
            (IMAGE, true, (Form::Svg, "image/svg+xml")),
            (IMAGE, false, (Form::Png, "image/png")),
            ("image/svg+xml", false, (Form::Page, "text/html")),
            ("application/pdf", true, (Form::Page, "text/html")),
            (
                "nonsense, ;q=, a/b;q=7, */*;q=x",
                true,
                (Form::Page, "text/html"),
            ),
        ] {
            let mut request = HeaderMap::new();
            request.insert(
                header::ACCEPT,
                accept
                    .parse()
                    .unwrap_or_else(|_| header::HeaderValue::from_static("")),
            );
            assert_eq!(negotiate(&request, has_svg), expected, "{accept}");
        }
    }
}
