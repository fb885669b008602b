use std::collections::BTreeMap;

use super::*;
use crate::bake;
use crate::credential::{UnsignedCredential, verification_method};
use crate::documents::{Answer, Documents};
use crate::draw;
use crate::key::SigningKey;
use crate::model::{
    Achievement, AchievementCredential, AchievementSubject, Alignment, CREDENTIALS_V2,
    CredentialStatus, Criteria, Evidence, IdentifierType, IdentityObject, Image, LanguageTag,
    Profile, parse_date_time,
};
use crate::proof::data_integrity::ProofOptions;
use crate::status::StatusBits;
use crate::verify::{Question, Verdict, verify};
use quick_xml::events::Event;

/// The time of publication.
fn now() -> OffsetDateTime {
    parse_date_time("2026-03-04T10:00:00Z").unwrap()
}

/// An issuer with a badge in JSON, one as JWT, and all that belongs to them.
struct Sample {
    base: Base,
    data_key: SigningKey,
    jwt_key: SigningKey,
    achievement: Achievement,
    profile: Profile,
}

impl Sample {
    fn new() -> Self {
        let base: Base = "https://example.org/training".parse().unwrap();
        let mut achievement = Achievement::new(
            base.achievement("editor"),
            "Wikipedia Editor",
            "Edits articles with sources.",
            Criteria::narrative(
                "1. Write *three* articles.\n2. Add [sources](https://example.org/s).",
            ),
        );
        achievement.in_language = Some("en".to_owned());
        achievement.translate(
            &LanguageTag::from_mediawiki("ar").unwrap(),
            "محرر ويكيبيديا",
            "يحرر المقالات مع المصادر.",
            Criteria::narrative("اكتب *ثلاث* مقالات."),
        );
        achievement.image = Some(Image::new(base.picture("editor", bake::Format::Png)));
        let alignment = Alignment::new("Editing", "https://example.org/framework/editing");
        achievement.alignment.push(alignment);
        let mut profile = Profile::new(base.did());
        profile.name = Some("Example Academy".to_owned());
        profile.url = Some("https://example.org".to_owned());
        Self {
            base,
            data_key: SigningKey::ed25519(&[7; 32]),
            jwt_key: SigningKey::p256(&[7; 32]).unwrap(),
            achievement,
            profile,
        }
    }

    /// A signed badge.
    fn badge(&self, token: &str, holder: &str, as_jwt: bool) -> PublishedBadge {
        let mut subject = AchievementSubject::new(self.achievement.clone());
        subject.id = Some(format!(
            "urn:uuid:00000000-0000-4000-8000-{:012}",
            token.len()
        ));
        let name = IdentityObject::plain(IdentifierType::UserName, holder);
        subject.identifier.push(name);
        let valid_from = parse_date_time("2026-01-15T09:30:00Z").unwrap();
        let mut badge = AchievementCredential::new(
            self.base.badge(token),
            self.profile.clone(),
            valid_from,
            subject,
        );
        badge.name = Some(self.achievement.name.clone());
        badge.valid_until = Some(parse_date_time("2028-01-15T09:30:00Z").unwrap().into());
        badge.evidence.push(Evidence {
            id: Some("https://example.org/evidence/1".to_owned()),
            name: Some("An article".to_owned()),
            ..Evidence::default()
        });
        let list = self.base.status_list(1);
        badge.credential_status = Some(CredentialStatus::bitstring(&list, 5, "revocation"));
        let unsigned = UnsignedCredential::badge(&badge).unwrap();
        let credential = if as_jwt {
            let kid = verification_method(self.base.did(), self.jwt_key.public_key());
            unsigned.sign_jwt(&self.jwt_key, &kid).unwrap()
        } else {
            self.sign(&unsigned)
        };
        let picture = draw::badge(&self.achievement.name);
        PublishedBadge {
            token: token.to_owned(),
            baked: Some(bake::bake(credential.text(), picture.as_bytes()).unwrap()),
            credentials: vec![credential],
            achievement: Some("editor".to_owned()),
            language: None,
            withdrawn: None,
        }
    }

    fn sign(&self, unsigned: &UnsignedCredential) -> SignedCredential {
        let options = ProofOptions {
            verification_method: verification_method(self.base.did(), self.data_key.public_key()),
            created: "2026-01-15T09:30:00Z".to_owned(),
            ..ProofOptions::default()
        };
        unsigned.sign(&self.data_key, &options).unwrap()
    }

    fn status_list(&self) -> SignedCredential {
        let list = self.base.status_list(1);
        let text = serde_json::json!({
            "@context": [CREDENTIALS_V2],
            "id": list,
            "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "issuer": self.base.did(),
            "validFrom": "2026-01-15T09:30:00Z",
            "credentialSubject": {
                "id": format!("{list}#list"),
                "type": "BitstringStatusList",
                "statusPurpose": "revocation",
                "encodedList": StatusBits::default().encode(),
            },
        });
        self.sign(&UnsignedCredential::from_json(&text.to_string()).unwrap())
    }

    fn issuer(&self) -> PublishedIssuer {
        PublishedIssuer {
            base: self.base.clone(),
            profile: serde_json::to_string(&self.profile).unwrap(),
            did_document: did_document(
                self.base.did(),
                &[&self.data_key, &self.jwt_key].map(|key| key.public_key().clone()),
            )
            .to_string(),
            achievements: vec![PublishedAchievement {
                slug: "editor".to_owned(),
                json: serde_json::to_string(&self.achievement).unwrap(),
                // What begins so is a PNG.
                picture: Some(b"\x89PNG\r\n\x1a\n".to_vec()),
            }],
            status_lists: vec![self.status_list()],
            lists_recipients: false,
            at: now(),
        }
    }
}

fn published(
    issuer: &PublishedIssuer,
    badges: Vec<PublishedBadge>,
) -> impl Iterator<Item = Result<File, PublishError>> + '_ {
    publish(issuer, badges.into_iter().map(Ok))
}

/// All files by path.
fn files(issuer: &PublishedIssuer, badges: Vec<PublishedBadge>) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for file in published(issuer, badges) {
        let file = file.unwrap();
        assert_eq!(
            files.insert(file.path.clone(), file.bytes),
            None,
            "{}",
            file.path
        );
    }
    files
}

fn text(files: &BTreeMap<String, Vec<u8>>, path: &str) -> String {
    String::from_utf8(files[path].clone()).unwrap()
}

/// Reads a page as XML, which finds every tag that is not closed and every reference that is not
/// known, and gives the names of its elements.
fn elements(page: &str) -> Vec<String> {
    let mut reader = quick_xml::Reader::from_str(page);
    reader.config_mut().check_comments = true;
    let (mut names, mut depth) = (Vec::new(), 0);
    loop {
        match reader.read_event().unwrap() {
            event @ (Event::Start(_) | Event::Empty(_)) => {
                depth += i32::from(matches!(event, Event::Start(_)));
                let (Event::Start(tag) | Event::Empty(tag)) = event else {
                    unreachable!()
                };
                for attribute in tag.attributes() {
                    let name = attribute.unwrap().key.as_ref().to_owned();
                    assert!(!name.starts_with("on") && name != "style", "{name}");
                }
                names.push(tag.name().as_ref().to_owned());
            }
            Event::End(_) => depth -= 1,
            Event::GeneralRef(reference) => {
                let known = reference.starts_with('#')
                    || ["amp", "lt", "gt", "quot"].contains(&&*reference);
                assert!(known, "{reference:?}");
            }
            Event::Eof => {
                assert_eq!(depth, 0);
                return names;
            }
            _ => {}
        }
    }
}

#[test]
fn all_files_have_their_place() {
    let sample = Sample::new();
    let badges = vec![
        sample.badge("Ab-1", "Example Volunteer", false),
        sample.badge("Ab_22", "Another Volunteer", true),
    ];
    let files = files(&sample.issuer(), badges);
    let paths: Vec<&str> = files.keys().map(String::as_str).collect();
    let multikeys =
        [&sample.data_key, &sample.jwt_key].map(|key| key.public_key().to_multikey().unwrap());
    let mut listing = paths.join("\n");
    for (index, multikey) in multikeys.iter().enumerate() {
        listing = listing.replace(multikey, &format!("<key {index}>"));
    }
    insta::assert_snapshot!(listing);
}

#[test]
fn published_badges_are_valid() {
    let sample = Sample::new();
    let badges = vec![
        sample.badge("one", "Example Volunteer", false),
        sample.badge("two2", "Another Volunteer", true),
    ];
    let files = files(&sample.issuer(), badges);
    let mut documents = Documents::new();
    for (path, bytes) in &files {
        documents.insert(&sample.base.url(path), Answer::Loaded(bytes.clone()));
    }
    for path in [
        "badges/one.json",
        "badges/one.svg",
        "badges/two2.jwt",
        "badges/two2.svg",
    ] {
        let report = verify(&files[path], &Question::new(&documents, now()));
        assert_eq!(report.verdict(), Verdict::Valid, "{path}: {report:?}");
    }
    assert_eq!(files["status/1"], files["status/1.json"]);
}

#[test]
fn a_badge_has_a_page() {
    let sample = Sample::new();
    let badge = sample.badge("one", "Example Volunteer", false);
    let files = files(&sample.issuer(), vec![badge]);
    let page = text(&files, "badges/one/index.html");
    let start = page.find("<style>").unwrap();
    let end = page.find("</style>").unwrap();
    let (code, code_end) = (page.find("<svg").unwrap(), page.find("</svg>").unwrap());
    let page = [&page[..start], &page[end..code], &page[code_end..]].concat();
    let hash = page.find("sha256-").unwrap();
    let page = page.replace(&page[hash..hash + 51], "sha256-…");
    insta::assert_snapshot!(page);
}

#[test]
fn pages_are_well_formed() {
    let sample = Sample::new();
    let mut issuer = sample.issuer();
    issuer.lists_recipients = true;
    let badge = sample.badge("one", "Example Volunteer", false);
    let files = files(&issuer, vec![badge]);
    let pages: Vec<&String> = files
        .keys()
        .filter(|path| path.ends_with(".html"))
        .collect();
    assert_eq!(pages.len(), 3);
    for path in pages {
        let page = text(&files, path);
        let names = elements(&page);
        let count = |name: &str| names.iter().filter(|it| *it == name).count();
        assert_eq!(count("title"), 1, "{path}");
        assert_eq!(count("main"), 1, "{path}");
        assert_eq!(count("script"), 1, "{path}");
    }
}

#[test]
fn whatever_stands_in_a_badge_stays_text() {
    const HOSTILE: &str =
        "</script></style></title>\"onload='alert(1)' <img src=x onerror=y>\u{202e}&amp;CONTROL]]>";
    let mut sample = Sample::new();
    sample.profile.name = Some(HOSTILE.to_owned());
    sample.profile.description = Some(HOSTILE.to_owned());
    sample.profile.url = Some("javascript:alert(1)".to_owned());
    let achievement = &mut sample.achievement;
    achievement.name = HOSTILE.to_owned();
    achievement.description = HOSTILE.to_owned();
    achievement.criteria = Criteria {
        id: Some("javascript:alert(1)".to_owned()),
        narrative: Some(format!(
            "{HOSTILE}\n\n<script>\nx\n\n[a](javascript:b \"{HOSTILE}\")"
        )),
    };
    achievement.alignment[0].target_name = HOSTILE.to_owned();
    achievement.alignment[0].target_url = "data:text/html,x".to_owned();
    let mut issuer = sample.issuer();
    issuer.lists_recipients = true;
    issuer.at = now();
    let mut badge = sample.badge("one", HOSTILE, false);
    badge.language = Some(HOSTILE.to_owned());
    badge.baked = None;
    // Control characters are not signed here; others may do so.
    let control = badge.credentials[0].text().replace("CONTROL", "\\u0001");
    badge.credentials = vec![SignedCredential::parse(&control).unwrap()];
    let files = files(&issuer, vec![badge]);
    for path in files.keys().filter(|path| path.ends_with(".html")) {
        let page = text(&files, path);
        let names = elements(&page);
        let count = |name: &str| names.iter().filter(|it| *it == name).count();
        assert_eq!(count("script"), 1, "{path}");
        assert_eq!(count("style"), 1, "{path}");
        assert!(!page.contains(['\u{202e}', '\u{1}']), "{path}");
        assert!(page.contains("onload="), "{path}");
        assert!(!page.contains("href=\"javascript:"), "{path}");
        assert!(!page.contains("href=\"data:"), "{path}");
    }
}

#[test]
fn recipients_are_named_only_when_asked() {
    let sample = Sample::new();
    let badges = vec![sample.badge("one", "Example Volunteer", false)];
    let mut issuer = sample.issuer();
    for (path, bytes) in files(&issuer, badges.clone()) {
        let text = String::from_utf8_lossy(&bytes);
        let own = path.starts_with("badges/one");
        assert_eq!(text.contains("Example Volunteer"), own, "{path}");
        assert!(own || !text.contains("badges/one"), "{path}");
    }
    issuer.lists_recipients = true;
    let page = text(&files(&issuer, badges), "achievements/editor/index.html");
    assert!(page.contains("<a href=\"/training/badges/one/\"><bdi>Example Volunteer</bdi></a>"));
}

#[test]
fn a_page_that_was_published_on_another_day_is_the_same() {
    let sample = Sample::new();
    let badge = sample.badge("one", "Example Volunteer", false);
    let page = |issuer: &PublishedIssuer, badge: &PublishedBadge| {
        let files = published(issuer, vec![badge.clone()]).map(Result::unwrap);
        files
            .into_iter()
            .find(|file| file.path == "badges/one/index.html")
            .unwrap()
    };
    let mut issuer = sample.issuer();
    let today = page(&issuer, &badge);
    issuer.at = parse_date_time("2027-03-04T10:00:00Z").unwrap();
    let later = page(&issuer, &badge);
    assert_ne!(today, later);
    assert!(later.is_same_as(&today.bytes));
    let mut revoked = badge;
    revoked.withdrawn = Some(Withdrawn::Revoked);
    let revoked = page(&issuer, &revoked);
    assert!(!revoked.is_same_as(&today.bytes));
    let index = |text: &str| File {
        path: "index.html".to_owned(),
        bytes: text.as_bytes().to_vec(),
    };
    assert!(!index("<p>a</p>").is_same_as(b"<p>b</p>"));
    assert!(
        String::from_utf8(revoked.bytes)
            .unwrap()
            .contains("class=\"withdrawn\"")
    );
}

#[test]
fn nothing_is_published_elsewhere() {
    let sample = Sample::new();
    let errors = |issuer: &PublishedIssuer, badge: &PublishedBadge| -> Vec<PublishError> {
        let files = published(issuer, vec![badge.clone()]);
        files.filter_map(Result::err).collect()
    };
    let badge = sample.badge("one", "Example Volunteer", false);
    let issuer = sample.issuer();
    for token in ["../one", "", "a/b", "a.b", ".."] {
        let mut badge = badge.clone();
        badge.token = token.to_owned();
        let name = token.to_owned();
        assert_eq!(errors(&issuer, &badge), [PublishError::Name { name }]);
    }
    let mut other = badge.clone();
    other.token = "two".to_owned();
    assert_eq!(
        errors(&issuer, &other),
        [PublishError::OtherId {
            id: sample.base.badge("one"),
            url: sample.base.badge("two"),
        }]
    );
    let mut empty = badge.clone();
    empty.credentials.clear();
    let token = "one".to_owned();
    assert_eq!(
        errors(&issuer, &empty),
        [PublishError::NoCredential { token }]
    );
    let mut moved = sample.issuer();
    moved.did_document = did_document("did:web:example.net", &[]).to_string();
    assert_eq!(
        errors(&moved, &badge),
        [PublishError::OtherId {
            id: "did:web:example.net".to_owned(),
            url: "did:web:example.org:training".to_owned(),
        }]
    );
    let mut list = sample.issuer();
    list.status_lists = badge.credentials.clone();
    assert!(matches!(
        errors(&list, &badge)[..],
        [PublishError::OtherId { .. }]
    ));
}

#[test]
fn an_achievement_without_a_picture_gets_one() {
    let sample = Sample::new();
    let mut issuer = sample.issuer();
    issuer.achievements[0].picture = None;
    let files = files(&issuer, Vec::new());
    assert_eq!(
        text(&files, "achievements/editor.svg"),
        draw::badge("Wikipedia Editor")
    );
    // Some who show a link's picture show no SVG.
    let preview = files.get("achievements/editor.png");
    assert_eq!(preview.is_some(), cfg!(feature = "draw-png"));
}

#[test]
fn linkedin_takes_the_badge() {
    let sample = Sample::new();
    let badge = sample.badge("one", "Example Volunteer", false);
    let page = |withdrawn| {
        let badge = PublishedBadge {
            withdrawn,
            ..badge.clone()
        };
        text(
            &files(&sample.issuer(), vec![badge]),
            "badges/one/index.html",
        )
    };
    for withdrawn in [Withdrawn::Revoked, Withdrawn::Suspended] {
        assert!(!page(Some(withdrawn)).contains("linkedin"));
    }
    let page = page(None);
    let link = "https://www.linkedin.com/profile/add?startTask=CERTIFICATION_NAME\
                &name=Wikipedia%20Editor&organizationName=Example%20Academy\
                &issueYear=2026&issueMonth=1&expirationYear=2028&expirationMonth=1\
                &certUrl=https%3A%2F%2Fexample.org%2Ftraining%2Fbadges%2Fone\
                &certId=https%3A%2F%2Fexample.org%2Ftraining%2Fbadges%2Fone";
    assert!(page.contains(&link.replace('&', "&#38;")), "{page}");
}
