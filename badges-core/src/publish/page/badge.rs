use askama::Template;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use super::facts::{self, Day, Item};
use super::messages::{Messages, fill};
use super::{Head, IssuerView, Recipient, Text, rendered};
use crate::credential::Form;
use crate::json::Value;
use crate::markup::Markup;
use crate::publish::site::parsed;
use crate::publish::{PublishError, PublishedBadge, PublishedIssuer, Withdrawn};
use crate::writing::on_one_line;

#[derive(Template)]
#[template(path = "badge.html")]
struct BadgePage {
    head: Head,
    messages: &'static Messages,
    issuer: IssuerView,
    award: Award,
    texts: Vec<Text>,
    /// The path of the picture, from the host's root.
    picture: Option<String>,
    /// The path of the achievement's page, from the host's root.
    achievement: Option<String>,
    withdrawn: Option<&'static str>,
    downloads: Vec<(&'static str, String)>,
    /// The link to show it on LinkedIn; not while it is taken back.
    linkedin: Option<String>,
    command: String,
    proved: String,
    published: String,
    code: Option<Markup>,
}

/// What the badge says beside its achievement.
struct Award {
    /// The badge's id.
    id: String,
    /// The badge's own name, else the achievement's.
    name: String,
    holder: Option<String>,
    awarded: Option<Day>,
    valid_until: Option<Day>,
    results: Vec<Item>,
    evidence: Vec<Item>,
    alignments: Vec<Item>,
}

/// The page of a badge, and who has it. `baked` is the path of the picture with the badge inside.
pub(in crate::publish) fn badge(
    issuer: &PublishedIssuer,
    badge: &PublishedBadge,
    baked: Option<&str>,
) -> Result<(String, Option<Recipient>), PublishError> {
    let signed = badge.credentials.first();
    let text = signed.map(|signed| signed.json()).ok_or_else(|| {
        let token = badge.token.clone();
        PublishError::NoCredential { token }
    })?;
    let credential = parsed(&text, || format!("the badge {:?}", badge.token))?;
    let none = Value::Null;
    let subject = credential
        .list("credentialSubject")
        .first()
        .unwrap_or(&none);
    let achievement = subject.list("achievement").first().unwrap_or(&none);
    let profile = credential.get("issuer").unwrap_or(&none);

    let view = IssuerView::of(issuer, profile);
    let texts = Text::all(achievement, badge.language.as_deref());
    let messages = Messages::for_language(texts.first().map(|text| &*text.language.tag));
    let award = Award::of(&credential, subject, achievement, messages);
    let shared = Shared::of(issuer, badge);
    let picture = baked.map(str::to_owned).or(shared.picture);
    let baked_png = baked.filter(|path| path.ends_with(".png"));
    let preview = baked_png.map(str::to_owned).or(shared.preview);
    let from_root = |path: String| format!("{}/{path}", issuer.base.prefix());

    let url = issuer.base.badge(&badge.token);
    let mut head = Head::new(&view, messages);
    head.title = format!("{} · {}", award.name, view.name);
    head.description = texts
        .first()
        .map(|text| on_one_line(&text.description))
        .unwrap_or_default();
    head.url.clone_from(&url);
    head.icon = picture.clone().map(from_root);
    head.preview = preview.map(|path| issuer.base.url(&path));
    head.indexed = false;
    head.alternates = alternates(badge, &url);
    head.data = schema_org(&head, &award, &view, &texts);

    let file = head.alternates.first().map_or(&url, |(_, url)| url);
    let recipient = badge
        .achievement
        .as_ref()
        .zip(award.holder.as_ref())
        .filter(|_| badge.withdrawn.is_none())
        .map(|(slug, name)| Recipient {
            achievement: slug.clone(),
            name: name.clone(),
            page: from_root(format!("badges/{}/", badge.token)),
        });
    let page = BadgePage {
        messages,
        achievement: shared.page.map(from_root),
        withdrawn: badge.withdrawn.map(|how| match how {
            Withdrawn::Revoked => messages.revoked,
            Withdrawn::Suspended => messages.suspended,
        }),
        downloads: downloads(badge, baked, messages)
            .map(|(label, path)| (label, from_root(path)))
            .collect(),
        picture: picture.map(from_root),
        linkedin: match badge.withdrawn {
            None => Some(linkedin(&award, &view.name, &url)),
            Some(_) => None,
        },
        command: fill(messages.check_command, file),
        proved: fill(messages.proved, &view.domain),
        published: fill(messages.published, &Day::of(issuer.at, messages).words),
        code: Markup::qr_code(&url, messages.code),
        issuer: view,
        award,
        texts,
        head,
    };
    Ok((rendered(&page, &badge.token)?, recipient))
}

impl Award {
    fn of(
        credential: &Value<'_>,
        subject: &Value<'_>,
        achievement: &Value<'_>,
        messages: &Messages,
    ) -> Self {
        let name = credential.text("name").or_else(|| achievement.text("name"));
        Self {
            id: credential.text("id").unwrap_or_default().to_owned(),
            name: on_one_line(name.unwrap_or_default()),
            holder: facts::holder(subject),
            awarded: Day::awarded(credential, messages),
            valid_until: Day::valid_until(credential, messages),
            results: facts::results(subject, achievement),
            evidence: facts::evidence(credential),
            alignments: facts::alignments(achievement),
        }
    }
}

/// What the badge has in common with the others of its achievement: paths below the base.
#[derive(Default)]
struct Shared {
    page: Option<String>,
    picture: Option<String>,
    preview: Option<String>,
}

impl Shared {
    fn of(issuer: &PublishedIssuer, badge: &PublishedBadge) -> Self {
        let slug = badge.achievement.as_ref();
        let mut achievements = issuer.achievements.iter();
        let Some(achievement) = achievements.find(|it| Some(&it.slug) == slug) else {
            return Self::default();
        };
        // What is wrong with an achievement is said where it is published itself.
        let Ok(document) = crate::json::parse(&achievement.json) else {
            return Self::default();
        };
        Self {
            page: Some(format!("achievements/{}/", achievement.slug)),
            picture: issuer.picture_path(achievement, &document).ok(),
            preview: issuer.preview_path(achievement, &document),
        }
    }
}

fn alternates(badge: &PublishedBadge, url: &str) -> Vec<(&'static str, String)> {
    let credentials = badge.credentials.iter();
    let alternates = credentials.map(|credential| match credential.form() {
        Form::DataIntegrity => ("application/vc", format!("{url}.json")),
        Form::Jwt => ("application/vc+jwt", format!("{url}.jwt")),
    });
    alternates.collect()
}

/// What a holder may want to keep: labels and paths below the base.
fn downloads<'b>(
    badge: &'b PublishedBadge,
    baked: Option<&'b str>,
    messages: &'static Messages,
) -> impl Iterator<Item = (&'static str, String)> + 'b {
    let picture = baked.map(|path| (messages.picture_file, path.to_owned()));
    let texts = badge.credentials.iter().map(|credential| {
        let (label, ending) = match credential.form() {
            Form::DataIntegrity => (messages.json_file, "json"),
            Form::Jwt => (messages.jwt_file, "jwt"),
        };
        (label, format!("badges/{}.{ending}", badge.token))
    });
    picture.into_iter().chain(texts)
}

fn schema_org(head: &Head, award: &Award, issuer: &IssuerView, texts: &[Text]) -> Markup {
    let mut data = json!({
        "@context": "https://schema.org",
        "@type": "EducationalOccupationalCredential",
        "@id": award.id,
        "url": head.url,
        "name": award.name,
        "description": head.description,
        "credentialCategory": "badge",
        "recognizedBy": {"@type": "Organization", "name": issuer.name, "url": issuer.url},
    });
    let optional = [
        ("image", head.preview.as_ref()),
        ("inLanguage", texts.first().map(|text| &text.language.tag)),
        ("datePublished", award.awarded.as_ref().map(|day| &day.date)),
        ("expires", award.valid_until.as_ref().map(|day| &day.date)),
    ];
    for (member, value) in optional {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            data[member] = value.as_str().into();
        }
    }
    Markup::json(&data)
}

/// What a query's value keeps as it is.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// The link by which LinkedIn takes a certificate into a profile.
fn linkedin(award: &Award, organization: &str, url: &str) -> String {
    let mut link =
        String::from("https://www.linkedin.com/profile/add?startTask=CERTIFICATION_NAME");
    let mut add = |name: &str, value: &str| {
        let value = utf8_percent_encode(value, VALUE);
        link.push_str(&format!("&{name}={value}"));
    };
    add("name", &award.name);
    add("organizationName", organization);
    if let Some(day) = &award.awarded {
        add("issueYear", &day.year.to_string());
        add("issueMonth", &day.month.to_string());
    }
    if let Some(day) = &award.valid_until {
        add("expirationYear", &day.year.to_string());
        add("expirationMonth", &day.month.to_string());
    }
    add("certUrl", url);
    add("certId", &award.id);
    link
}
