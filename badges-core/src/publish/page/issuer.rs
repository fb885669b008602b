use askama::Template;
use serde_json::json;

use super::language::Language;
use super::messages::{Messages, fill};
use super::{Head, IssuerView, rendered};
use crate::json::Value;
use crate::markup::Markup;
use crate::publish::site::parsed;
use crate::publish::{PublishError, PublishedIssuer};
use crate::writing::on_one_line;

#[derive(Template)]
#[template(path = "issuer.html")]
struct IssuerPage {
    head: Head,
    messages: &'static Messages,
    issuer: IssuerView,
    did: String,
    proved: String,
    achievements: Vec<Card>,
    /// Paths, from the host's root.
    json: String,
    did_json: String,
}

/// An achievement in the list.
struct Card {
    language: Language,
    name: String,
    description: String,
    /// Paths, from the host's root.
    page: String,
    picture: String,
}

/// The issuer's page.
pub(in crate::publish) fn issuer(
    issuer: &PublishedIssuer,
    profile: &Value<'_>,
) -> Result<String, PublishError> {
    let view = IssuerView::of(issuer, profile);
    let messages = Messages::for_language(None);
    let from_root = |path: &str| format!("{}/{path}", issuer.base.prefix());
    let mut achievements = Vec::new();
    for achievement in &issuer.achievements {
        let slug = &achievement.slug;
        let document = parsed(&achievement.json, || format!("the achievement {slug:?}"))?;
        achievements.push(Card {
            language: Language::of(document.text("inLanguage")),
            name: on_one_line(document.text("name").unwrap_or_default()),
            description: on_one_line(document.text("description").unwrap_or_default()),
            page: from_root(&format!("achievements/{slug}/")),
            picture: from_root(&issuer.picture_path(achievement, &document)?),
        });
    }
    let mut head = Head::new(&view, messages);
    head.description = view.description.clone().unwrap_or_default();
    head.alternates = vec![("application/json", issuer.base.url("issuer.json"))];
    head.icon = achievements.first().map(|card| card.picture.clone());
    head.data = Markup::json(&json!({
        "@context": "https://schema.org",
        "@type": "Organization",
        "@id": issuer.base.did(),
        "name": view.name,
        "url": view.website.as_ref().unwrap_or(&view.url),
    }));
    let page = IssuerPage {
        messages,
        did: issuer.base.did().to_owned(),
        proved: fill(messages.proved_of_issuer, &view.domain),
        json: from_root("issuer.json"),
        did_json: from_root(issuer.base.did_document()),
        issuer: view,
        achievements,
        head,
    };
    rendered(&page, "index")
}
