//! Markup that stands in pages as it is, without being escaped: the only place where it is made.
//!
//! Templates of askama put a [`Markup`] in as it is; everything else they escape.

use std::fmt;

use pulldown_cmark::{Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, html};
use qrcode::{Color, EcLevel, QrCode};

use crate::writing::shown;

/// Well-formed HTML that was made here from anything, and is harmless in any page.
///
/// ```
/// use badges_core::markup::Markup;
/// let text = "Edit **three** pages <script>alert(1)</script>";
/// assert_eq!(
///     Markup::markdown(text).as_str(),
///     "<p>Edit <strong>three</strong> pages &lt;script&gt;alert(1)&lt;/script&gt;</p>\n",
/// );
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Markup(String);

impl fmt::Display for Markup {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

// Templates put it in without escaping it.
impl askama::filters::HtmlSafe for Markup {}

impl Markup {
    /// The markup as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Markdown without its dangers: HTML in it is shown as text, links lead to the web or to mail
    /// addresses only and vouch for nothing (`rel="nofollow noopener ugc"`), and pictures are their
    /// descriptions. Headings are smaller than those of the page around it.
    #[must_use]
    pub fn markdown(text: &str) -> Self {
        let text = shown(text);
        let mut open_links = Vec::new();
        let events = Parser::new_ext(&text, Options::ENABLE_STRIKETHROUGH)
            .filter_map(|event| harmless(event, &mut open_links));
        let mut out = String::with_capacity(text.len() * 2);
        html::push_html(&mut out, events);
        // References such as `&#1;` are characters only now.
        Self(shown(&out).into_owned())
    }

    /// A QR code as an SVG of two paths, black on white with the quiet zone around it and with a
    /// label for those who do not see it; `None` when the text is too long for one. It has the
    /// class `code` and no size of its own.
    #[must_use]
    pub fn qr_code(text: &str, label: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        let width = code.width();
        let mut path = String::new();
        for (row, modules) in code.to_colors().chunks(width).enumerate() {
            let mut column = 0;
            for run in modules.chunk_by(|one, other| one == other) {
                if run[0] == Color::Dark {
                    // The quiet zone is four modules wide.
                    let length = run.len();
                    path.push_str(&format!(
                        "M{} {}h{length}v1h-{length}z",
                        column + 4,
                        row + 4
                    ));
                }
                column += run.len();
            }
        }
        let side = width + 8;
        Some(Self(format!(
            "<svg class=\"code\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" \
             role=\"img\" aria-label=\"{}\" shape-rendering=\"crispEdges\">\
             <path fill=\"#fff\" d=\"M0 0h{side}v{side}h-{side}z\"/>\
             <path fill=\"#000\" d=\"{path}\"/></svg>",
            escaped(label)
        )))
    }

    /// JSON for a `script` element: what could end the element, or is special in XML, is written as
    /// JSON's own escapes.
    pub(crate) fn json(value: &serde_json::Value) -> Self {
        let text = value.to_string();
        Self(
            text.replace('<', "\\u003c")
                .replace('>', "\\u003e")
                .replace('&', "\\u0026"),
        )
    }

    /// Markup that is part of the program.
    pub(crate) fn own(markup: &'static str) -> Self {
        Self(markup.to_owned())
    }
}

/// The event as it may stand in a page.
fn harmless<'t>(event: Event<'t>, open_links: &mut Vec<bool>) -> Option<Event<'t>> {
    Some(match event {
        Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        Event::Start(Tag::Heading { level, .. }) => Event::Start(Tag::Heading {
            level: lowered(level),
            id: None,
            classes: Vec::new(),
            attrs: Vec::new(),
        }),
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lowered(level))),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => return None,
        Event::Start(Tag::Link {
            link_type,
            dest_url,
            ..
        }) => {
            let target = if link_type == LinkType::Email {
                format!("mailto:{dest_url}")
            } else {
                dest_url.into_string()
            };
            let target = link(&target);
            open_links.push(target.is_some());
            let target = target?;
            Event::InlineHtml(
                format!(
                    "<a href=\"{}\" rel=\"nofollow noopener ugc\">",
                    escaped(&target)
                )
                .into(),
            )
        }
        Event::End(TagEnd::Link) => {
            if !open_links.pop().unwrap_or_default() {
                return None;
            }
            Event::InlineHtml("</a>".into())
        }
        other => other,
    })
}

/// Where a link may lead, from a page or from Markdown: to the web (`http:`, `https:`) or to a mail
/// address (`mailto:`). Anything else, white space and characters that deceive give `None`.
#[must_use]
pub fn link(target: &str) -> Option<String> {
    let lower = target.get(..8).unwrap_or(target).to_ascii_lowercase();
    let allowed = ["https://", "http://", "mailto:"]
        .iter()
        .any(|scheme| lower.starts_with(scheme));
    let plain = !target.contains(char::is_whitespace) && shown(target) == target;
    (allowed && plain).then(|| target.to_owned())
}

/// Below the headings of the page.
const fn lowered(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H3,
        HeadingLevel::H2 => HeadingLevel::H4,
        HeadingLevel::H3 => HeadingLevel::H5,
        _ => HeadingLevel::H6,
    }
}

fn escaped(text: &str) -> String {
    shown(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn markdown(text: &str) -> String {
        Markup::markdown(text).to_string()
    }

    #[test]
    fn markdown_is_markup() {
        assert_eq!(
            markdown("# Edit\n\n* **three** pages\n* [help](https://example.org/?a=1&b)"),
            "<h3>Edit</h3>\n<ul>\n<li><strong>three</strong> pages</li>\n<li>\
             <a href=\"https://example.org/?a=1&amp;b\" rel=\"nofollow noopener ugc\">help</a></li>\n</ul>\n"
        );
        assert_eq!(
            markdown("<mailto:a@example.org> <b@example.org>"),
            "<p><a href=\"mailto:a@example.org\" rel=\"nofollow noopener ugc\">mailto:a@example.org</a> \
             <a href=\"mailto:b@example.org\" rel=\"nofollow noopener ugc\">b@example.org</a></p>\n"
        );
    }

    #[test]
    fn markdown_is_harmless() {
        for (text, expected) in [
            (
                "<script>a</script>",
                "<p>&lt;script&gt;a&lt;/script&gt;</p>\n",
            ),
            (
                "a <img src=x onerror=b>",
                "<p>a &lt;img src=x onerror=b&gt;</p>\n",
            ),
            ("[a](javascript:b)", "<p>a</p>\n"),
            ("[a](JaVaScRiPt:b)", "<p>a</p>\n"),
            ("[a](data:text/html,b)", "<p>a</p>\n"),
            ("[a](/b)", "<p>a</p>\n"),
            ("[a](//example.org)", "<p>a</p>\n"),
            ("<javascript:b>", "<p>javascript:b</p>\n"),
            ("![a](https://example.org/b.png)", "<p>a</p>\n"),
            ("[![a](b)](c)", "<p>a</p>\n"),
            ("&#1;&#x202e;a\u{0}", "<p>a</p>\n"),
            (
                "[a](https://example.org/\"onload=b)",
                "<p><a href=\"https://example.org/&quot;onload=b\" rel=\"nofollow noopener ugc\">a</a></p>\n",
            ),
        ] {
            assert_eq!(markdown(text), expected, "{text}");
        }
    }

    #[test]
    fn links_lead_to_the_web_or_to_mail() {
        for target in [
            "https://example.org",
            "HTTP://example.org",
            "mailto:a@b.example",
        ] {
            assert_eq!(link(target).as_deref(), Some(target));
        }
        for target in [
            "",
            "javascript:a",
            "https:/a",
            "https://a b",
            "java\nscript:",
            "é",
        ] {
            assert_eq!(link(target), None, "{target}");
        }
    }

    #[test]
    fn json_cannot_end_its_element() {
        let json = Markup::json(&serde_json::json!({"a": "</script><!--&\""})).to_string();
        assert_eq!(json, r#"{"a":"\u003c/script\u003e\u003c!--\u0026\""}"#);
    }

    #[test]
    fn codes_are_one_path() {
        let code = Markup::qr_code("https://example.org/badges/x7", "Code \"&").unwrap();
        assert!(code.0.contains("aria-label=\"Code &quot;&amp;\""));
        assert_eq!(code.0.matches("<path").count(), 2);
        assert_eq!(Markup::qr_code(&"a".repeat(5_000), "Code"), None);
    }
}
