use askama::Template;
use serde_json::json;

use super::facts::{self, Item};
use super::messages::Messages;
use super::{Head, IssuerView, Recipient, Text, rendered};
use crate::json::Value;
use crate::markup::Markup;
use crate::publish::site::parsed;
use crate::publish::{PublishError, PublishedAchievement, PublishedIssuer};
use crate::writing::on_one_line;

#[derive(Template)]
#[template(path = "achievement.html")]
struct AchievementPage<'p> {
    head: Head,
    messages: &'static Messages,
    issuer: IssuerView,
    name: String,
    texts: Vec<Text>,
    /// The path of the picture, from the host's root.
    picture: String,
    alignments: Vec<Item>,
    json: String,
    /// Who has it; nobody, unless they are listed.
    recipients: Vec<&'p Recipient>,
}

/// The page of an achievement.
pub(in crate::publish) fn achievement(
    issuer: &PublishedIssuer,
    achievement: &PublishedAchievement,
    document: &Value<'_>,
    recipients: &[Recipient],
) -> Result<String, PublishError> {
    let profile = parsed(&issuer.profile, || "the profile".to_owned())?;
    let slug = &achievement.slug;
    let view = IssuerView::of(issuer, &profile);
    let texts = Text::all(document, None);
    let messages = Messages::for_language(texts.first().map(|text| &*text.language.tag));
    let name = on_one_line(document.text("name").unwrap_or_default());
    let from_root = |path: String| format!("{}/{path}", issuer.base.prefix());
    let picture = from_root(issuer.picture_path(achievement, document)?);

    let mut head = Head::new(&view, messages);
    head.title = format!("{name} · {}", view.name);
    head.description = on_one_line(document.text("description").unwrap_or_default());
    head.url = issuer.base.achievement(slug);
    head.icon = Some(picture.clone());
    head.preview = issuer
        .preview_path(achievement, document)
        .map(|path| issuer.base.url(&path));
    head.alternates = vec![("application/json", format!("{}.json", head.url))];
    head.data = Markup::json(&json!({
        "@context": "https://schema.org",
        "@type": "EducationalOccupationalCredential",
        "@id": document.text("id").unwrap_or(&head.url),
        "url": head.url,
        "name": name,
        "description": head.description,
        "credentialCategory": "badge",
        "recognizedBy": {"@type": "Organization", "name": view.name, "url": view.url},
    }));
    let page = AchievementPage {
        messages,
        issuer: view,
        name,
        texts,
        picture,
        alignments: facts::alignments(document),
        json: from_root(format!("achievements/{slug}.json")),
        recipients: recipients
            .iter()
            .filter(|recipient| recipient.achievement == *slug)
            .collect(),
        head,
    };
    rendered(&page, slug)
}
