//! The nouns together: one badge that has everything.

use serde_json::value::RawValue;
use time::OffsetDateTime;

use super::*;

/// A badge with every class, and every member that can stand in one badge.
pub(super) fn full_badge() -> AchievementCredential {
    let mut subject = AchievementSubject::new(achievement());
    subject.id = Some("https://example.org/people/4f9d".to_owned());
    subject.identifier = vec![
        IdentityObject::plain(IdentifierType::UserName, "Example Volunteer"),
        IdentityObject::hashed(
            IdentifierType::EmailAddress,
            "a@example.com",
            "Kosher",
            false,
        ),
    ];
    subject.activity_start_date = Some(moment("2025-12-01T09:00:00Z"));
    subject.activity_end_date = Some(moment("2026-01-10T17:00:00+01:00"));
    subject.credits_earned = Some(2.5);
    subject.image = Some(Image::new("https://example.org/badges/4f9d.png"));
    subject.license_number = Some("A-17".to_owned());
    subject.narrative = Some("Wrote *three* articles.".to_owned());
    subject.role = Some("Author".to_owned());
    subject.source = Some(Profile::new("https://example.org/assessors/1"));
    subject.term = Some("Winter 2025".to_owned());
    subject.result = vec![
        AchievedResult {
            result_description: Some("urn:example:rubric".to_owned()),
            achieved_level: Some("urn:example:level:2".to_owned()),
            alignment: vec![Alignment::new("Level", "https://example.org/levels/2")],
            ..AchievedResult::default()
        },
        AchievedResult {
            result_description: Some("urn:example:status".to_owned()),
            status: Some(ResultStatusType::Completed),
            value: Some("done".to_owned()),
            ..AchievedResult::default()
        },
    ];

    let mut badge = AchievementCredential::new(
        "https://example.org/badges/4f9d",
        issuer(),
        moment("2026-01-15T09:30:00Z"),
        subject,
    );
    badge.name = Some("Article author".to_owned());
    badge.description = Some("Given for three articles.".to_owned());
    badge.image = Some(Image {
        caption: Some("A quill".to_owned()),
        ..Image::new("https://example.org/quill.svg")
    });
    badge.valid_until = Some(moment("2029-01-15T09:30:00Z"));
    badge.awarded_date = Some(moment("2026-01-14T00:00:00Z"));
    badge.evidence = vec![Evidence {
        id: Some("https://example.org/articles/1".to_owned()),
        r#type: Types::with(["https://example.org/terms#Article"]),
        name: Some("An article".to_owned()),
        narrative: Some("Written in one evening.".to_owned()),
        description: Some("About a bridge".to_owned()),
        genre: Some("Article".to_owned()),
        audience: Some("Everybody".to_owned()),
    }];
    badge.endorsement = vec![signed_endorsement()];
    badge.endorsement_jwt = vec!["e30.e30.c2ln".to_owned()];
    let list = "https://example.org/status/1";
    badge.credential_status = Some(CredentialStatus::bitstring(list, 94_567, "revocation"));
    badge.credential_schema = vec![CredentialSchema::open_badges()];
    badge.refresh_service = Some(RefreshService::new("https://example.org/badges/4f9d.json"));
    badge.terms_of_use = vec![TermsOfUse {
        id: Some("https://example.org/terms".to_owned()),
        r#type: "https://example.org/terms#Terms".to_owned(),
    }];
    badge
}

fn achievement() -> Achievement {
    let mut achievement = Achievement::new(
        "https://example.org/achievements/author",
        "Article author",
        "Wrote three articles.",
        Criteria {
            id: Some("https://example.org/achievements/author/criteria".to_owned()),
            narrative: Some("Write three articles.".to_owned()),
        },
    );
    achievement.achievement_type = AchievementType::extension("ext:Workshop");
    achievement.image = Some(Image::new("https://example.org/quill.svg"));
    achievement.creator = Some(Profile::new("https://example.org/creators/1"));
    achievement.in_language = Some("en".to_owned());
    achievement.version = Some("2".to_owned());
    achievement.human_code = Some("AA-1".to_owned());
    achievement.field_of_study = Some("Writing".to_owned());
    achievement.specialization = Some("Encyclopedias".to_owned());
    achievement.credits_available = Some(3.0);
    achievement.tag = vec!["writing".to_owned()];
    achievement.alignment = vec![Alignment {
        target_code: Some("Q1".to_owned()),
        target_description: Some("Writing articles".to_owned()),
        target_framework: Some("Example Framework".to_owned()),
        target_type: Some(AlignmentTargetType::CfItem),
        ..Alignment::new("Writing", "https://example.org/framework/q1")
    }];
    achievement.result_description = vec![rubric(), status()];
    achievement.other_identifier = vec![IdentifierEntry::new("AA-1", IdentifierType::SourcedId)];
    achievement.related = vec![Related {
        version: Some("1".to_owned()),
        ..Related::new("https://example.org/achievements/author-1")
    }];
    let portuguese = LanguageTag::from_mediawiki("pt-br").unwrap();
    let criteria = Criteria::narrative("Escreva três artigos.");
    achievement.translate(&portuguese, "Autora", "Escreveu três artigos.", criteria);
    achievement.endorsement = vec![signed_endorsement()];
    achievement.endorsement_jwt = vec!["e30.e30.c2ln".to_owned()];
    achievement
}

fn rubric() -> ResultDescription {
    let level = |number: u8, name: &str| RubricCriterionLevel {
        description: Some("What it takes".to_owned()),
        level: Some(number.to_string()),
        points: Some("10".to_owned()),
        alignment: vec![Alignment::new("Level", "https://example.org/levels")],
        ..RubricCriterionLevel::new(format!("urn:example:level:{number}"), name)
    };
    ResultDescription {
        allowed_value: vec!["low".to_owned(), "high".to_owned()],
        required_level: Some("urn:example:level:1".to_owned()),
        required_value: Some("low".to_owned()),
        rubric_criterion_level: vec![level(1, "Beginner"), level(2, "Expert")],
        value_min: Some("0".to_owned()),
        value_max: Some("20".to_owned()),
        alignment: vec![Alignment::new("Rubric", "https://example.org/rubric")],
        ..ResultDescription::new(
            "urn:example:rubric",
            "Quality",
            ResultType::RubricCriterionLevel,
        )
    }
}

fn status() -> ResultDescription {
    ResultDescription::new("urn:example:status", "Progress", ResultType::Status)
}

fn issuer() -> Profile {
    let text = |text: &str| Some(text.to_owned());
    Profile {
        name: text("Example Association"),
        url: text("https://example.org"),
        phone: text("+1 555 0100"),
        description: text("An association for examples."),
        endorsement: vec![signed_endorsement()],
        endorsement_jwt: vec!["e30.e30.c2ln".to_owned()],
        image: Some(Image::new("https://example.org/logo.png")),
        email: text("badges@example.org"),
        address: Some(Address {
            address_country: text("Brazil"),
            address_country_code: text("BR"),
            address_region: text("SP"),
            address_locality: text("Example Town"),
            street_address: text("1 Example Street"),
            post_office_box_number: text("2"),
            postal_code: text("00000-000"),
            geo: Some(GeoCoordinates::new(-23.5, -46.0)),
            ..Address::default()
        }),
        other_identifier: vec![IdentifierEntry::new("1", IdentifierType::Identifier)],
        official: text("Example Official"),
        parent_org: Some(Box::new(Profile::new("https://example.org/parent"))),
        family_name: text("Family"),
        given_name: text("Given"),
        additional_name: text("Middle"),
        patronymic_name: text("Patronymic"),
        honorific_prefix: text("Dr."),
        honorific_suffix: text("M.D."),
        family_name_prefix: text("de"),
        date_of_birth: Some(Date(
            time::Date::from_calendar_date(1990, time::Month::December, 31).unwrap(),
        )),
        ..Profile::new("did:web:example.org")
    }
}

pub(super) fn endorsement() -> EndorsementCredential {
    let subject = EndorsementSubject {
        endorsement_comment: Some("They know what they do.".to_owned()),
        ..EndorsementSubject::new("did:web:example.org")
    };
    EndorsementCredential::new(
        "https://example.com/endorsements/1",
        "Endorsement",
        Profile::new("did:web:example.com"),
        moment("2026-01-01T00:00:00Z"),
        subject,
    )
}

/// An endorsement as others send it: a text that is to stay as it is, spaces included.
fn signed_endorsement() -> Box<RawValue> {
    let text = serde_json::to_string(&endorsement()).unwrap();
    let signed = text.replacen('{', r#"{ "proof" : {"type":"DataIntegrityProof"}, "#, 1);
    RawValue::from_string(signed).unwrap()
}

fn moment(text: &str) -> DateTimeZ {
    let moment: OffsetDateTime = parse_date_time(text).unwrap();
    moment.into()
}

#[test]
fn a_badge_is_written_in_the_strictest_form() {
    insta::assert_snapshot!(pretty(&full_badge()));
}

#[test]
fn a_small_badge_has_nothing_that_it_does_not_need() {
    let mut subject = AchievementSubject::new(Achievement::new(
        "urn:example:a",
        "Name",
        "Description",
        Criteria::narrative("Criteria"),
    ));
    subject.id = Some("did:example:1".to_owned());
    let from = moment("2026-01-15T09:30:00Z");
    let issuer = Profile::new("did:web:example.org");
    let badge = AchievementCredential::new("urn:example:1", issuer, from, subject);
    insta::assert_snapshot!(pretty(&badge), @r#"
    {
      "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
      ],
      "id": "urn:example:1",
      "type": [
        "VerifiableCredential",
        "OpenBadgeCredential"
      ],
      "issuer": {
        "id": "did:web:example.org",
        "type": [
          "Profile"
        ]
      },
      "validFrom": "2026-01-15T09:30:00Z",
      "credentialSubject": {
        "id": "did:example:1",
        "type": [
          "AchievementSubject"
        ],
        "achievement": {
          "id": "urn:example:a",
          "type": [
            "Achievement"
          ],
          "name": "Name",
          "description": "Description",
          "criteria": {
            "narrative": "Criteria"
          }
        }
      }
    }
    "#);
    badge.validate().unwrap();
}

fn pretty(badge: &AchievementCredential) -> String {
    serde_json::to_string_pretty(badge).unwrap()
}

#[test]
fn what_is_built_conforms() {
    full_badge().validate().unwrap();
    endorsement().validate().unwrap();
}

#[test]
fn what_is_missing_is_named_with_its_place() {
    let mut badge = full_badge();
    badge.credential_subject.achievement.criteria = Criteria::default();
    assert_eq!(
        badge.validate().unwrap_err().to_string(),
        "credentialSubject.achievement.criteria: needs an id or a narrative"
    );
    let mut badge = full_badge();
    badge.credential_subject.credits_earned = Some(f64::NAN);
    assert_eq!(
        badge.validate().unwrap_err().to_string(),
        "credentialSubject.creditsEarned: is null, which is to be left out"
    );
    let mut badge = full_badge();
    badge.name = Some("x".repeat(crate::json::MAX_TEXT));
    assert!(matches!(
        badge.validate().unwrap_err().problem,
        schema::DepartureKind::Syntax(_)
    ));
}

#[test]
fn reading_what_was_written_gives_the_same() {
    let written = serde_json::to_string(&full_badge()).unwrap();
    let read: AchievementCredential = serde_json::from_str(&written).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), written);

    let written = serde_json::to_string(&endorsement()).unwrap();
    let read: EndorsementCredential = serde_json::from_str(&written).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), written);
}

#[test]
fn endorsements_inside_keep_their_text() {
    let written = serde_json::to_string(&full_badge()).unwrap();
    assert_eq!(written.matches(signed_endorsement().get()).count(), 3);
}

#[test]
fn other_shapes_of_the_same_are_read() {
    let text = r#"{
        "@context": ["https://www.w3.org/2018/credentials/v1"],
        "type": ["VerifiableCredential", "AchievementCredential", "ExampleCredential"],
        "id": "urn:example:1",
        "issuer": "did:web:example.org",
        "issuanceDate": "2026-01-15T10:30:00.5+01:00",
        "validFrom": "2026-01-15T09:30:00Z",
        "validUntil": "2027-01-15T09:30:00Z",
        "image": "https://example.org/quill.svg",
        "evidence": {"type": "Evidence", "id": "https://example.org/articles/1"},
        "endorsement": {"proof": {}},
        "endorsementJwt": null,
        "credentialStatus": [
            {"type": ["BitstringStatusListEntry"], "statusListIndex": 7},
            {"type": "Other"}
        ],
        "credentialSubject": [{
            "type": "AchievementSubject",
            "identifier": {"type": ["IdentityObject"], "hashed": false,
                "identityHash": "Example Volunteer", "identityType": "userName"},
            "activityStartDate": "2025-12-01",
            "activityEndDate": null,
            "achievement": [{
                "type": "Achievement", "id": "urn:example:a", "name": "Name",
                "description": "Description", "criteria": [{}], "tag": "one",
                "achievementType": "Something else", "unknown": {"x": 1}
            }],
            "result": {"type": "Result", "value": "A"}
        }]
    }"#;
    let badge: AchievementCredential = serde_json::from_str(text).unwrap();
    let subject = &badge.credential_subject;
    let status = badge.credential_status.as_ref().unwrap();
    assert_eq!(badge.r#type.additional, ["ExampleCredential"]);
    assert_eq!(badge.issuer.id, "did:web:example.org");
    assert_eq!(badge.valid_from.to_string(), "2026-01-15T09:30:00Z");
    assert_eq!(
        badge.valid_until.unwrap().to_string(),
        "2027-01-15T09:30:00Z"
    );
    assert_eq!(badge.image.unwrap().id, "https://example.org/quill.svg");
    assert_eq!(badge.evidence.len(), 1);
    assert_eq!(badge.endorsement[0].get(), r#"{"proof": {}}"#);
    assert_eq!(status.r#type, "BitstringStatusListEntry");
    assert_eq!(status.status_list_index.as_deref(), Some("7"));
    assert!(subject.identifier[0].matches("Example Volunteer", None));
    let start = subject.activity_start_date.unwrap();
    assert_eq!(start.to_string(), "2025-12-01T00:00:00Z");
    assert_eq!(subject.achievement.tag, ["one"]);
    assert_eq!(
        subject.achievement.achievement_type,
        Some(AchievementType::Extension("Something else".to_owned()))
    );
    assert_eq!(subject.result.len(), 1);
}

#[test]
fn several_where_one_is_needed_are_not_read() {
    let written = serde_json::to_string(&full_badge()).unwrap();
    let several = written.replace(r#""credentialSubject":{"#, r#""credentialSubject":[{},{"#);
    assert!(serde_json::from_str::<AchievementCredential>(&several).is_err());
    let dateless = written.replace("validFrom", "validSince");
    let error = serde_json::from_str::<AchievementCredential>(&dateless).unwrap_err();
    assert_eq!(error.to_string(), "missing field `validFrom`");
}
