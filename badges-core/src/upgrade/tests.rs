#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::documents::{Answer, Documents};
use crate::json;
use crate::key::SigningKey;
use crate::model::parse_date_time;
use crate::verify::Verdict;
use crate::{did, issue, verify};

const ASSERTION_TEXT: &str = r#"{"@context":"https://w3id.org/openbadges/v2","type":"Assertion",
    "id":"https://issuer.example/assertions/1","badge":"https://issuer.example/classes/editor",
    "recipient":{"type":"email","hashed":true,"salt":"Kosher",
    "identity":"sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399"},
    "image":"https://issuer.example/assertions/1.png","verification":{"type":"HostedBadge"},
    "issuedOn":"2020-05-01T10:00:00Z","expires":"2030-05-01","narrative":"It was hard.",
    "evidence":["https://wiki.example/1",
    {"type":"Evidence","id":"https://wiki.example/2","name":"Article","genre":"Prose","pages":7}]}"#;
const CLASS_TEXT: &str = r#"{"@context":"https://w3id.org/openbadges/v2","type":"BadgeClass",
    "id":"https://issuer.example/classes/editor","name":"Editor","description":"Edits.",
    "@language":"en","version":"2","tags":["wiki","writing",7],
    "image":{"id":"https://issuer.example/editor.png","caption":"A pen","author":"https://a.example/"},
    "criteria":"https://issuer.example/how","issuer":"https://issuer.example/profile",
    "alignment":[{"targetName":"Writing","targetUrl":"https://f.example/w","targetCode":"W1"},
    {"targetName":"Nothing"},{"name":"Old","url":"https://f.example/o","description":"Of 1.1"}],
    "endorsement":"https://endorser.example/1"}"#;
const ISSUER_TEXT: &str = r#"{"@context":"https://w3id.org/openbadges/v2","type":"Issuer",
    "id":"https://issuer.example/profile","name":"Example Users Group",
    "url":"https://issuer.example/","email":"badges@issuer.example","telephone":"+1",
    "publicKey":"https://issuer.example/key","image":"https://issuer.example/logo.png"}"#;

fn key() -> SigningKey {
    SigningKey::ed25519(&[7; 32])
}

fn new_badge() -> NewBadge {
    let mut issuer = Profile::new(did::did_key(key().public_key()).unwrap());
    issuer.name = Some("Example Group".to_owned());
    NewBadge {
        id: "urn:uuid:0c07c1ce-57cb-41af-bef2-1b932b986873".to_owned(),
        achievement: "urn:uuid:2f9d3b80-37ad-4d1c-9a75-3f6b1f0c7a11".to_owned(),
        issuer,
        valid_from: parse_date_time("2026-05-01T10:00:00Z").unwrap().into(),
    }
}

fn upgraded(assertion: &str, class: &str, new: NewBadge) -> Result<Upgraded, UpgradeError> {
    let (assertion, class) = (json::parse(assertion).unwrap(), json::parse(class).unwrap());
    let issuer = json::parse(ISSUER_TEXT).unwrap();
    let older = OlderBadge {
        assertion,
        class,
        issuer,
    };
    upgrade(&older, new)
}

#[test]
fn an_upgraded_badge_says_what_the_old_one_said_and_links_to_it() {
    let Upgraded {
        credential,
        left_out,
    } = upgraded(ASSERTION_TEXT, CLASS_TEXT, new_badge()).unwrap();
    assert_eq!(
        left_out,
        [
            "badge.alignment[1]",
            "badge.endorsement",
            "badge.image.author",
            "badge.tags[2]",
            "evidence[1].pages",
            "image",
        ]
    );
    insta::assert_snapshot!(serde_json::to_string_pretty(&credential).unwrap());

    let now = parse_date_time("2026-06-01T10:00:00Z").unwrap();
    let signed = issue(&credential, &key(), now).unwrap();
    let report = verify(signed.text().as_bytes(), &Documents::new(), now);
    assert_eq!(report.verdict(), Verdict::Valid, "{:?}", report.checks);
}

#[test]
fn a_recipient_by_id_is_the_subject() {
    let with = |recipient: &str| {
        let start = ASSERTION_TEXT.find("\"recipient\"").unwrap();
        let end = ASSERTION_TEXT.find("\"image\"").unwrap();
        let text = [&ASSERTION_TEXT[..start], recipient, &ASSERTION_TEXT[end..]].concat();
        upgraded(&text, CLASS_TEXT, new_badge())
    };
    let by_id = with(r#""recipient":{"type":"id","hashed":false,"identity":"did:example:1"},"#);
    let subject = by_id.unwrap().credential.credential_subject;
    assert_eq!(subject.id.as_deref(), Some("did:example:1"));
    assert!(subject.identifier.is_empty());
    let by_url =
        with(r#""recipient":{"type":"url","hashed":false,"identity":"https://a.example/"},"#);
    let by_url = by_url.unwrap();
    assert!(by_url.left_out.contains(&"recipient.type".to_owned()));
    let missing = UpgradeError::Missing { path: "recipient" };
    assert_eq!(
        with(r#""recipient":{"hashed":false},"#).unwrap_err(),
        missing
    );
}

#[test]
fn what_is_missing_is_not_made_up() {
    let without = |member: &str| CLASS_TEXT.replace(&format!("\"{member}\":"), "\"x\":");
    for (class, path) in [
        (without("name"), "badge.name"),
        (without("description"), "badge.description"),
        (without("criteria"), "badge.criteria"),
        (without("issuer"), "badge.issuer"),
    ] {
        let error = upgraded(ASSERTION_TEXT, &class, new_badge()).unwrap_err();
        assert_eq!(error, UpgradeError::Missing { path });
    }
    let odd = ASSERTION_TEXT.replace("2020-05-01T10:00:00Z", "in May");
    let path = "issuedOn";
    let error = upgraded(&odd, CLASS_TEXT, new_badge()).unwrap_err();
    assert_eq!(error, UpgradeError::Missing { path });
}

#[test]
fn documents_belong_together_and_ids_are_new() {
    let error = |assertion: &str, new| upgraded(assertion, CLASS_TEXT, new).unwrap_err();
    let other = ASSERTION_TEXT.replace("classes/editor", "classes/other");
    let found = "https://issuer.example/classes/other".to_owned();
    let path = "badge";
    assert_eq!(
        error(&other, new_badge()),
        UpgradeError::OtherDocument { path, found }
    );
    let revoked = ASSERTION_TEXT.replacen('{', "{\"revoked\":true,", 1);
    assert_eq!(error(&revoked, new_badge()), UpgradeError::Revoked);
    let id = "https://issuer.example/classes/editor".to_owned();
    let new = NewBadge {
        achievement: id.clone(),
        ..new_badge()
    };
    assert_eq!(error(ASSERTION_TEXT, new), UpgradeError::SameId { id });
    for odd in ["{}", "[]", "7"] {
        assert!(upgraded(odd, odd, new_badge()).is_err());
    }
}

#[test]
fn the_documents_are_those_at_their_own_addresses() {
    let copy = ASSERTION_TEXT.replace("It was hard.", "It was easy.");
    let mut documents = Documents::new();
    let now = parse_date_time("2026-06-01T10:00:00Z").unwrap();
    let find = |badge: &str, documents: &Documents| {
        OlderBadge::find(badge.as_bytes(), &Question::new(documents, now))
    };
    for text in [ASSERTION_TEXT, CLASS_TEXT, ISSUER_TEXT] {
        assert!(find(&copy, &documents).is_none());
        let document = json::parse(text).unwrap();
        let body = Answer::Loaded(text.as_bytes().to_vec());
        documents.insert(document.text("id").unwrap(), body);
    }
    let found = find(&copy, &documents).unwrap();
    assert_eq!(found.assertion.text("narrative"), Some("It was hard."));
    assert_eq!(found.class.text("name"), Some("Editor"));
    assert_eq!(found.issuer.text("name"), Some("Example Users Group"));

    let svg = |text: &str| {
        format!(
            "<svg xmlns='http://www.w3.org/2000/svg'>\
             <o:assertion xmlns:o='http://openbadges.org' verify='{text}'/></svg>"
        )
    };
    let address = svg("https://issuer.example/assertions/1");
    assert!(find(&address, &documents).is_some());
    for other in ["{}", "no badge", &svg("no address"), "<svg/>"] {
        assert!(find(other, &documents).is_none(), "{other}");
    }
}
