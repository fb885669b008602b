//! Badges that are good, in every form that issuers write.

mod issuers;
mod spellings;
mod tokens;

use super::Group;
use super::badge::{WEB, full, key_issuer, minimal, small};
use super::edit::swap;
use super::expected::valid;
use super::sign::signed;

pub(super) fn group() -> Group {
    let mut group = Group::new("good");
    contents(&mut group);
    issuers::issuers(&mut group);
    tokens::tokens(&mut group);
    spellings::spellings(&mut group);
    spellings::images(&mut group);
    group
}

fn contents(group: &mut Group) {
    let issuer = key_issuer();
    let badge = signed(&minimal(&issuer));
    group.add(
        "minimal.json",
        badge,
        valid().asks([]),
        "only what a badge must have",
    );
    let (badge, documents) = full();
    let expected = valid()
        .knows(documents)
        .passes("endorsements.valid")
        .passes("status.clear")
        .asks(["https://issuer.example.org/status/1"]);
    group.add(
        "full.json",
        badge,
        expected,
        "every class and member of the standard",
    );
    let related = |tag: &str, name: &str, description: &str, narrative: &str| {
        format!(
            r#"{{
          "id": "https://issuer.example.org/achievements/first-edits#{tag}",
          "type": ["Related", "Achievement"],
          "inLanguage": "{tag}",
          "name": "{name}",
          "description": "{description}",
          "criteria": {{"narrative": "{narrative}"}}
        }}"#
        )
    };
    let languages = [
        related(
            "de",
            "Erste Bearbeitungen",
            "Zehn Bearbeitungen.",
            "Zehnmal bearbeiten.",
        ),
        related(
            "ar",
            "التعديلات الأولى",
            "أجرى عشرة تعديلات.",
            "أجرِ عشرة تعديلات.",
        ),
        related("zh-Hans", "首次编辑", "完成十次编辑。", "完成十次编辑。"),
    ]
    .join(",\n        ");
    let multilingual = swap(
        &minimal(&issuer),
        "\"name\": \"First edits\",",
        &format!(
            "\"inLanguage\": \"en\",\n      \"related\": [{languages}],\n      \"name\": \"First edits\","
        ),
    );
    group.add(
        "multilingual.json",
        signed(&multilingual),
        valid(),
        "one achievement in four languages",
    );
    let right_to_left = swap(
        &small(&issuer),
        "\"name\": \"First edits\",\n  \"issuer\"",
        "\"name\": \"עריכות ראשונות \u{2067}(wiki)\u{2069}\",\n  \"issuer\"",
    );
    let right_to_left = swap(
        &right_to_left,
        "Made ten edits that stayed.",
        "أجرى عشرة تعديلات بقيت.",
    );
    group.add(
        "right-to-left.json",
        signed(&right_to_left),
        valid(),
        "text from right to left, with isolates",
    );
    let pixel = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==";
    let embedded = swap(
        &small(&issuer),
        "https://issuer.example.org/images/first-edits.png",
        pixel,
    );
    group.add(
        "data-image.json",
        signed(&embedded),
        valid(),
        "the achievement's image is a data: URI",
    );
    let hashed = r#""identifier": [
      {
        "type": "IdentityObject",
        "hashed": true,
        "identityHash": "sha256$9ee6c38d43bbb1722754aad178306182b43ecf6e8c05ba933f3177f41d4a73f7",
        "identityType": "emailAddress"
      },
      {
        "type": "IdentityObject",
        "hashed": false,
        "identityHash": "Example Volunteer",
        "identityType": "userName"
      }
    ],
    "creditsEarned""#;
    let identified = signed(&swap(&small(&issuer), "\"creditsEarned\"", hashed));
    for (file, identifier, salt, why) in [
        (
            "recipient-hashed.json",
            "a@example.com",
            Some("8f14e45fceea167a5a36dedd4bea2543"),
            "the recipient by address, with the holder's salt",
        ),
        (
            "recipient-plain.json",
            "Example Volunteer",
            None,
            "the recipient by user name",
        ),
        (
            "recipient-id.json",
            "urn:uuid:77a1f0c4-52a8-4d4e-8d6e-0f6a7b1c2d03",
            None,
            "the recipient by id",
        ),
    ] {
        let expected = valid()
            .recipient(identifier, salt)
            .passes("recipient.matches");
        group.add(file, identified.clone(), expected, why);
    }
    for (file, identifier, salt, why) in [
        (
            "recipient-other.json",
            "Another Volunteer",
            None,
            "somebody else's badge: genuine all the same",
        ),
        (
            "recipient-no-salt.json",
            "a@example.com",
            None,
            "a hash cannot be confirmed without its salt",
        ),
        (
            "recipient-other-salt.json",
            "a@example.com",
            Some("0f14e45fceea167a5a36dedd4bea2543"),
            "a hash cannot be confirmed with another salt",
        ),
        (
            "recipient-end-in-salt.json",
            "a@example.co",
            Some("m8f14e45fceea167a5a36dedd4bea2543"),
            "the end of an address is no beginning of a salt",
        ),
    ] {
        let expected = valid().recipient(identifier, salt).fails("recipient.other");
        group.add(file, identified.clone(), expected, why);
    }
    let expected = valid().trust([&issuer]).passes("trust.known");
    group.add(
        "trusted.json",
        identified.clone(),
        expected,
        "the issuer is on the verifier's list",
    );
    let expected = valid().trust([WEB]).unknown("trust.unlisted");
    group.add(
        "not-trusted.json",
        identified,
        expected,
        "the issuer is not on the verifier's list: genuine all the same",
    );
}
