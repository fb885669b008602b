//! Ways to show a badge elsewhere.

use badges_core::markup::Markup;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;
use time::OffsetDateTime;

use super::Badge;
use super::told::Told;
use crate::page::Ctx;

/// What people take away to show a badge elsewhere.
pub(super) struct Share {
    pub(super) linkedin: String,
    /// A picture that leads to the badge, as HTML.
    pub(super) picture: String,
    /// A frame with the badge, as HTML.
    pub(super) frame: String,
    /// A box for a user page, as wikitext. Wikis show no pictures from elsewhere.
    pub(super) wikitext: String,
}

impl Share {
    pub(super) fn of(ctx: &Ctx, badge: &Badge, told: &Told, url: &str) -> Self {
        let title = ctx.t2("badges-badge-head-title", &told.text.name, &told.issuer);
        let (name, address) = (escaped(&title), escaped(url));
        Self {
            linkedin: linkedin(told, url),
            picture: format!(
                "<a href=\"{address}\"><img src=\"{address}.png\" alt=\"{name}\" width=\"200\" height=\"200\"></a>"
            ),
            frame: format!(
                "<iframe src=\"{address}/embed\" title=\"{name}\" width=\"320\" height=\"360\" style=\"border:0\" loading=\"lazy\"></iframe>"
            ),
            wikitext: wikitext(ctx, badge, told, url),
        }
    }
}

/// What a query's value keeps as it is (RFC 3986, 2.3).
const VALUE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// The link by which LinkedIn takes a certificate into a profile (decision C12).
fn linkedin(told: &Told, url: &str) -> String {
    let month = |moment: OffsetDateTime| {
        (
            moment.year().to_string(),
            u8::from(moment.month()).to_string(),
        )
    };
    let (issue_year, issue_month) = month(told.awarded);
    let (expiration_year, expiration_month) = told.valid_until.map(month).unwrap_or_default();
    let parameters = [
        ("name", told.name.as_str()),
        ("organizationName", &told.issuer),
        ("issueYear", &issue_year),
        ("issueMonth", &issue_month),
        ("expirationYear", &expiration_year),
        ("expirationMonth", &expiration_month),
        ("certUrl", url),
        ("certId", &told.id),
    ];
    let mut link = "https://www.linkedin.com/profile/add?startTask=CERTIFICATION_NAME".to_owned();
    for (name, value) in parameters
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
    {
        link.push_str(&format!("&{name}={}", utf8_percent_encode(value, VALUE)));
    }
    link
}

/// A box without templates, which every wiki shows.
fn wikitext(ctx: &Ctx, badge: &Badge, told: &Told, url: &str) -> String {
    let from = ctx.t2(
        "badges-badge-wikitext",
        &told.issuer,
        &ctx.day(&badge.award.awarded_at),
    );
    format!(
        "<div lang=\"{}\" dir=\"{}\" style=\"max-width: 30em; padding: 0.6em 1em; border: 1px solid #a2a9b1; border-radius: 4px;\">\n\
         '''[{url} {}]'''<br />{}\n</div>",
        ctx.lang.tag(),
        ctx.lang.dir(),
        in_wikitext(&told.text.name),
        in_wikitext(&from),
    )
}

/// A text that means nothing special in wikitext: every ASCII character that could is a reference.
fn in_wikitext(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii_alphanumeric()
            || !character.is_ascii()
            || " .,()-".contains(character)
        {
            out.push(character);
        } else {
            out.push_str(&format!("&#{};", u32::from(character)));
        }
    }
    out
}

/// What search engines read, in the words of schema.org.
pub(super) fn schema_org(
    ctx: &Ctx,
    badge: &Badge,
    told: &Told,
    url: &str,
    description: &str,
) -> Markup {
    let day = |moment: OffsetDateTime| moment.date().to_string();
    let mut data = json!({
        "@context": "https://schema.org",
        "@type": "EducationalOccupationalCredential",
        "@id": told.id,
        "url": url,
        "name": told.text.name,
        "inLanguage": told.text.language,
        "description": description,
        "image": format!("{url}/preview.png"),
        "credentialCategory": "badge",
        "datePublished": day(told.awarded),
        "recognizedBy": {
            "@type": "Organization",
            "name": told.issuer,
            "url": ctx.url(&format!("/issuers/{}", badge.issuer.slug)),
        },
    });
    if let Some(until) = told.valid_until {
        data["expires"] = day(until).into();
    }
    Markup::json(&data)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wikitext_is_shown_as_it_is() {
        assert_eq!(
            in_wikitext("First Articles (2026), مثال"),
            "First Articles (2026), مثال"
        );
        assert_eq!(
            in_wikitext("]] {{x|y}} ~~~~"),
            "&#93;&#93; &#123;&#123;x&#124;y&#125;&#125; &#126;&#126;&#126;&#126;"
        );
        assert_eq!(
            in_wikitext("''a'' <b> __TOC__"),
            "&#39;&#39;a&#39;&#39; &#60;b&#62; &#95;&#95;TOC&#95;&#95;"
        );
        assert_eq!(in_wikitext("http://a"), "http&#58;&#47;&#47;a");
    }
}
