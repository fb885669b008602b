//! Pages for people: one of a badge, of an achievement, of the issuer. They need nothing but
//! themselves and a picture: no scripts, and no fonts or images from elsewhere.

mod achievement;
mod badge;
mod facts;
mod issuer;
mod language;
mod messages;

use std::sync::LazyLock;

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use self::language::Language;
use self::messages::Messages;
use super::{PublishError, PublishedIssuer};
use crate::json::Value;
use crate::markup::{Markup, link};
use crate::model::AchievementTexts;
use crate::writing::{on_one_line, shown};

pub(super) use achievement::achievement;
pub(super) use badge::badge;
pub(super) use issuer::issuer;

/// Somebody who has a badge that says so in clear.
#[derive(Clone, Debug)]
pub(super) struct Recipient {
    /// The achievement's slug.
    achievement: String,
    name: String,
    /// The path of the badge's page, from the host's root.
    page: String,
}

const STYLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/style.css"));

/// What allows the style sheet, and nothing else, in the page's own security policy.
static STYLE_HASH: LazyLock<String> =
    LazyLock::new(|| format!("sha256-{}", STANDARD.encode(Sha256::digest(STYLE))));

/// What stands in the head of every page.
struct Head {
    messages: &'static Messages,
    title: String,
    description: String,
    /// The page's own URL.
    url: String,
    /// The path of the icon, from the host's root.
    icon: Option<String>,
    /// The URL of a PNG to show when the page is shared.
    preview: Option<String>,
    issuer: String,
    indexed: bool,
    /// The same thing for machines: media types and URLs.
    alternates: Vec<(&'static str, String)>,
    /// What search engines read, in the words of schema.org.
    data: Markup,
    style: Markup,
    style_hash: &'static str,
}

impl Head {
    fn new(issuer: &IssuerView, messages: &'static Messages) -> Self {
        Self {
            messages,
            title: issuer.name.clone(),
            description: String::new(),
            url: issuer.url.clone(),
            icon: None,
            preview: None,
            issuer: issuer.name.clone(),
            indexed: true,
            alternates: Vec::new(),
            data: Markup::default(),
            style: Markup::own(STYLE),
            style_hash: &STYLE_HASH,
        }
    }
}

/// The issuer, on any page.
struct IssuerView {
    name: String,
    description: Option<String>,
    website: Option<String>,
    /// What the signature proves.
    domain: String,
    /// The URL of the issuer's page.
    url: String,
    /// The path of the issuer's page, from the host's root.
    page: String,
}

impl IssuerView {
    fn of(issuer: &PublishedIssuer, profile: &Value<'_>) -> Self {
        let domain = issuer.base.domain().to_owned();
        let name = profile.text("name").map(on_one_line);
        Self {
            name: name
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| domain.clone()),
            description: profile.text("description").map(on_one_line),
            website: profile.text("url").and_then(link),
            domain,
            url: issuer.base.url(""),
            page: format!("{}/", issuer.base.prefix()),
        }
    }
}

/// An achievement in one language.
struct Text {
    /// The element's id, by which the language is chosen.
    anchor: String,
    language: Language,
    name: String,
    description: String,
    criteria: Option<Markup>,
    criteria_page: Option<String>,
}

impl Text {
    /// All languages of an achievement, the primary one first.
    fn all(achievement: &Value<'_>, fallback: Option<&str>) -> Vec<Self> {
        let texts = AchievementTexts::of(achievement);
        let texts = texts.iter().enumerate().map(|(index, text)| {
            let language = text.language.or(if index == 0 { fallback } else { None });
            let language = Language::of(language);
            Self {
                anchor: if language.tag.is_empty() {
                    format!("text-{index}")
                } else {
                    language.tag.clone()
                },
                language,
                name: on_one_line(text.name),
                description: shown(text.description).into_owned(),
                criteria: text.criteria.narrative.map(Markup::markdown),
                criteria_page: text.criteria.id.and_then(link),
            }
        });
        texts.collect()
    }
}

/// The page as text.
fn rendered(page: &impl Template, name: &str) -> Result<String, PublishError> {
    page.render().map_err(|error| PublishError::Page {
        name: name.to_owned(),
        reason: error.to_string(),
    })
}

/// A page without the day on which it was published, which alone is no reason to publish it again.
pub(super) fn without_day(page: &[u8]) -> Option<(&[u8], &[u8])> {
    const START: &[u8] = b"<p class=\"published\">";
    const END: &[u8] = b"</p>";
    let find = |bytes: &[u8], mark: &[u8]| bytes.windows(mark.len()).position(|at| at == mark);
    let start = find(page, START)?;
    let length = find(&page[start..], END)?;
    Some((&page[..start], &page[start + length..]))
}
