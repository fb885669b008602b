//! Each rule, by the smallest change to a good document that breaks it.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;
use crate::model::tests::{endorsement, full_badge};
use crate::model::{AchievementCredential, EndorsementCredential};

/// What a reading says to a document: `.` nothing, `n` a note, `F` a fault.
fn departures(document: &Json) -> String {
    let text = document.to_string();
    let value = json::parse(&text).unwrap();
    let mut lines: Vec<(String, String)> = Vec::new();
    for (at, reading) in READINGS.into_iter().enumerate() {
        for departure in check(&value, reading) {
            let message = departure.to_string();
            let mark = match departure.severity {
                Severity::Note => "n",
                Severity::Fault => "F",
            };
            let known = lines.iter_mut().find(|(_, known)| *known == message);
            match known {
                Some((marks, _)) => marks.replace_range(at..=at, mark),
                None => {
                    let mut marks = "...".to_owned();
                    marks.replace_range(at..=at, mark);
                    lines.push((marks, message));
                }
            }
        }
    }
    let lines: Vec<String> = lines
        .into_iter()
        .map(|(marks, message)| format!("{marks} {message}"))
        .collect();
    lines.join("\n")
}

const READINGS: [Reading; 3] = [Reading::Lenient, Reading::Declared, Reading::Strict];

#[test]
fn the_standards_schemas_are_known_by_their_files_and_for_their_classes() {
    let folder = "https://purl.imsglobal.org/spec/ob/v3p0/schema";
    let badge = json!(["VerifiableCredential", "OpenBadgeCredential"]);
    let endorsement = json!(["VerifiableCredential", "EndorsementCredential"]);
    for (class, path, known) in [
        (
            &badge,
            "json/ob_v3p0_achievementcredential_schema.json",
            true,
        ),
        (
            &badge,
            "json-ld/ob_v3p0_achievementcredential_schema.json",
            true,
        ),
        (
            &badge,
            "json/ob_v3p0_anyachievementcredential_schema.json",
            true,
        ),
        (
            &badge,
            "json/ob_v3p0_endorsementcredential_schema.json",
            false,
        ),
        (&badge, "json/ob_v3p0_profile_schema.json", false),
        (&badge, "json/no_such_schema.json", false),
        (&badge, "ob_v3p0_achievementcredential_schema.json", false),
        (
            &endorsement,
            "json/ob_v3p0_endorsementcredential_schema.json",
            true,
        ),
        (
            &endorsement,
            "json-ld/ob_v3p0_anyendorsementcredential_schema.json",
            true,
        ),
        (
            &endorsement,
            "json/ob_v3p0_achievementcredential_schema.json",
            false,
        ),
    ] {
        let credential = json!({"type": class}).to_string();
        let entry = json!({
            "id": format!("{folder}/{path}"),
            "type": "1EdTechJsonSchemaValidator2019",
        });
        let entry = entry.to_string();
        let credential = json::parse(&credential).unwrap();
        let entry = json::parse(&entry).unwrap();
        assert_eq!(is_of_standard(&credential, &entry), known, "{path}");
    }
}

/// The document with one change: the value at a pointer (the last step may be new), or nothing.
fn changed(document: &Json, pointer: &str, value: Option<Json>) -> Json {
    let mut document = document.clone();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = document.pointer_mut(parent).unwrap();
    match (parent, value) {
        (Json::Object(members), Some(value)) => {
            members.insert(name.to_owned(), value);
        }
        (Json::Object(members), None) => {
            members.remove(name).unwrap();
        }
        (Json::Array(items), Some(value)) => items[name.parse::<usize>().unwrap()] = value,
        (Json::Array(items), None) => {
            items.remove(name.parse().unwrap());
        }
        (other, _) => unreachable!("{other} has no members"),
    }
    document
}

fn badge() -> Json {
    serde_json::to_value(full_badge()).unwrap()
}

fn endorsement_json() -> Json {
    serde_json::to_value(endorsement()).unwrap()
}

fn version_1() -> Json {
    let mut document = badge();
    document["@context"][0] = json!("https://www.w3.org/2018/credentials/v1");
    document["issuanceDate"] = document["validFrom"].clone();
    changed(&document, "/validFrom", None)
}

fn another_credential() -> Json {
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "urn:example:1",
        "type": ["VerifiableCredential"],
        "issuer": {"id": "did:example:1", "name": {"@value": "Example", "@language": "en"}},
        "credentialSubject": [{"id": "did:example:2"}, {"claim": 1}],
        "credentialStatus": {"type": "Other"},
        "credentialSchema": {"id": "urn:example:schema", "type": "JsonSchema"},
        "relatedResource": [{"id": "urn:example:2", "digestSRI": "sha384-x"}],
        "evidence": {"type": "Other"},
        "proof": {"type": "DataIntegrityProof"},
    })
}

fn status_list() -> Json {
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "https://example.org/status/1",
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": "did:web:example.org",
        "validFrom": "2026-01-15T09:30:00Z",
        "credentialSubject": {
            "id": "https://example.org/status/1#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": "uH4sI",
            "ttl": 300_000,
        },
    })
}

#[test]
fn documents_depart_as_listed() {
    let listing = include_str!("departures.txt");
    let mut document = Json::Null;
    let mut said = String::new();
    for line in listing.lines() {
        if let Some(name) = line.strip_prefix("== ") {
            document = match name {
                "badge" => badge(),
                "endorsement" => endorsement_json(),
                "badge of version 1.1" => version_1(),
                "another credential" => another_credential(),
                "status list" => status_list(),
                other => unreachable!("{other}"),
            };
        } else if line.starts_with('/') {
            let (pointer, value) = line.split_once(' ').unwrap();
            let value = (value != "-").then(|| serde_json::from_str(value).unwrap());
            said.push_str(&format!("{line}\n"));
            for departure in departures(&changed(&document, pointer, value)).lines() {
                said.push_str(&format!("    {departure}\n"));
            }
            continue;
        } else if line.starts_with("    ") {
            continue;
        }
        said.push_str(&format!("{line}\n"));
    }
    assert_eq!(said, listing);
}

#[test]
fn the_documents_that_are_changed_are_good() {
    for good in [badge(), another_credential(), status_list()] {
        assert_eq!(departures(&good), "");
    }
    assert_eq!(departures(&endorsement_json()), "");
    assert_eq!(
        departures(&version_1()),
        "nnF the document follows Verifiable Credentials 1.1, which is not for new credentials"
    );
}

#[test]
fn a_subject_without_any_identity_is_refused() {
    let anonymous = changed(&badge(), "/credentialSubject/id", None);
    assert_eq!(departures(&anonymous), "");
    let nobody = changed(&anonymous, "/credentialSubject/identifier", None);
    assert_eq!(
        departures(&nobody),
        "FFF credentialSubject: needs an id or an identifier"
    );
    let nobody = changed(&anonymous, "/credentialSubject/identifier", Some(json!([])));
    assert!(departures(&nobody).contains("FFF credentialSubject: needs an id or an identifier"));
}

/// Every class: each member that is required, removed.
#[test]
fn required_members_are_those_of_the_tables() {
    let document = badge();
    let mut missing = Vec::new();
    for pointer in pointers(&document) {
        if pointer.contains("/endorsement/")
            || pointer.contains("/1/")
            || pointer.rsplit('/').next().unwrap().parse::<usize>().is_ok()
        {
            continue;
        }
        let departures = departures(&changed(&document, &pointer, None));
        if departures.starts_with("FFF") {
            missing.push(pointer);
        }
    }
    insta::assert_snapshot!(missing.join("\n"), @r"
    /@context
    /credentialSchema/0/id
    /credentialSchema/0/type
    /credentialStatus/statusListCredential
    /credentialStatus/statusListIndex
    /credentialStatus/statusPurpose
    /credentialStatus/type
    /credentialSubject
    /credentialSubject/achievement
    /credentialSubject/achievement/alignment/0/targetName
    /credentialSubject/achievement/alignment/0/targetUrl
    /credentialSubject/achievement/alignment/0/type
    /credentialSubject/achievement/creator/id
    /credentialSubject/achievement/creator/type
    /credentialSubject/achievement/criteria
    /credentialSubject/achievement/description
    /credentialSubject/achievement/id
    /credentialSubject/achievement/image/id
    /credentialSubject/achievement/image/type
    /credentialSubject/achievement/name
    /credentialSubject/achievement/otherIdentifier/0/identifier
    /credentialSubject/achievement/otherIdentifier/0/identifierType
    /credentialSubject/achievement/otherIdentifier/0/type
    /credentialSubject/achievement/related/0/id
    /credentialSubject/achievement/related/0/type
    /credentialSubject/achievement/resultDescription/0/alignment/0/targetName
    /credentialSubject/achievement/resultDescription/0/alignment/0/targetUrl
    /credentialSubject/achievement/resultDescription/0/alignment/0/type
    /credentialSubject/achievement/resultDescription/0/id
    /credentialSubject/achievement/resultDescription/0/name
    /credentialSubject/achievement/resultDescription/0/resultType
    /credentialSubject/achievement/resultDescription/0/rubricCriterionLevel/0/alignment/0/targetName
    /credentialSubject/achievement/resultDescription/0/rubricCriterionLevel/0/alignment/0/targetUrl
    /credentialSubject/achievement/resultDescription/0/rubricCriterionLevel/0/alignment/0/type
    /credentialSubject/achievement/resultDescription/0/rubricCriterionLevel/0/id
    /credentialSubject/achievement/resultDescription/0/rubricCriterionLevel/0/name
    /credentialSubject/achievement/resultDescription/0/rubricCriterionLevel/0/type
    /credentialSubject/achievement/resultDescription/0/type
    /credentialSubject/achievement/type
    /credentialSubject/identifier/0/hashed
    /credentialSubject/identifier/0/identityHash
    /credentialSubject/identifier/0/identityType
    /credentialSubject/identifier/0/type
    /credentialSubject/image/id
    /credentialSubject/image/type
    /credentialSubject/result/0/alignment/0/targetName
    /credentialSubject/result/0/alignment/0/targetUrl
    /credentialSubject/result/0/alignment/0/type
    /credentialSubject/result/0/type
    /credentialSubject/source/id
    /credentialSubject/source/type
    /credentialSubject/type
    /evidence/0/type
    /id
    /image/id
    /image/type
    /issuer
    /issuer/address/geo/latitude
    /issuer/address/geo/longitude
    /issuer/address/geo/type
    /issuer/address/type
    /issuer/id
    /issuer/image/id
    /issuer/image/type
    /issuer/otherIdentifier/0/identifier
    /issuer/otherIdentifier/0/identifierType
    /issuer/otherIdentifier/0/type
    /issuer/parentOrg/id
    /issuer/parentOrg/type
    /issuer/type
    /refreshService/id
    /refreshService/type
    /termsOfUse/0/type
    /type
    /validFrom
    ");
}

#[test]
fn the_reading_is_the_one_that_the_document_asks_for() {
    let reading = |document: &Json| Reading::of(&json::parse(&document.to_string()).unwrap());
    let document = badge();
    assert_eq!(reading(&document), Reading::Declared);
    assert_eq!(
        reading(&changed(&document, "/credentialSchema", None)),
        Reading::Lenient
    );
}

#[test]
fn a_good_document_costs_no_allocation() {
    let text = badge().to_string();
    let value = json::parse(&text).unwrap();
    assert_eq!(check(&value, Reading::Strict).capacity(), 0);
}

#[test]
fn the_list_of_departures_is_bounded_and_notes_hide_no_fault() {
    let mut document = changed(
        &badge(),
        "/evidence",
        Some(json!(vec![json!({"type": "Evidence"}); 500])),
    );
    document["validUntil"] = json!(7);
    let text = document.to_string();
    let departures = check(&json::parse(&text).unwrap(), Reading::Lenient);
    let faults = departures
        .iter()
        .filter(|it| it.severity == Severity::Fault);
    assert_eq!(departures.len(), MAX_DEPARTURES + 1);
    assert_eq!(faults.count(), 1);
}

/// All pointers into a document.
fn pointers(document: &Json) -> Vec<String> {
    let children: Vec<(String, &Json)> = match document {
        Json::Object(members) => members
            .iter()
            .map(|(name, it)| (name.clone(), it))
            .collect(),
        Json::Array(items) => items
            .iter()
            .enumerate()
            .map(|(at, it)| (at.to_string(), it))
            .collect(),
        _ => Vec::new(),
    };
    let mut all = Vec::new();
    for (name, child) in children {
        all.push(format!("/{name}"));
        all.extend(
            pointers(child)
                .into_iter()
                .map(|below| format!("/{name}{below}")),
        );
    }
    all
}

/// Each value of each document in turn, replaced by each of these.
#[test]
fn what_the_lenient_reading_accepts_can_be_viewed() {
    for (document, depth) in [
        (badge(), usize::MAX),
        (version_1(), 1),
        (endorsement_json(), 2),
    ] {
        for pointer in pointers(&document) {
            if pointer.matches('/').count() > depth || pointer.contains("/endorsement/") {
                continue;
            }
            let old = document.pointer(&pointer).unwrap();
            for value in [
                json!(null),
                json!([]),
                json!({}),
                json!(""),
                json!("text"),
                json!("urn:x:1"),
                json!("2026-01-15"),
                json!(7),
                json!(-1.5),
                json!(true),
                json!([old]),
                json!([[old]]),
                json!([old, old]),
                json!([null, old]),
            ] {
                assert_can_be_viewed(&changed(&document, &pointer, Some(value)));
            }
            assert_can_be_viewed(&changed(&document, &pointer, None));
        }
    }
}

#[track_caller]
fn assert_can_be_viewed(document: &Json) {
    let text = document.to_string();
    let credential = json::parse(&text).unwrap();
    let faults = READINGS.map(|reading| {
        let mut departures = check(&credential, reading);
        departures.retain(|departure| departure.severity == Severity::Fault);
        departures
    });
    for pair in faults.windows(2) {
        let same = |fault| pair[1].contains(fault);
        assert!(
            pair[0].iter().all(same),
            "a fault is none when read more strictly: {text}"
        );
    }
    if faults[0].is_empty() {
        let problem = match CredentialKind::of(&credential) {
            CredentialKind::Badge => serde_json::from_str::<AchievementCredential>(&text).err(),
            CredentialKind::Endorsement => {
                serde_json::from_str::<EndorsementCredential>(&text).err()
            }
            CredentialKind::StatusList | CredentialKind::Record | CredentialKind::Other => None,
        };
        assert!(problem.is_none(), "{problem:?} in {text}");
    }
}

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        any::<String>().prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 64, 8, |inner| {
        let names = prop_oneof![
            prop::sample::select(NAMES).prop_map(str::to_owned),
            any::<String>()
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::hash_map(names, inner, 0..6).prop_map(|members| members
                .into_iter()
                .collect::<serde_json::Map<_, _>>()
                .into()),
        ]
    })
}

const NAMES: &[&str] = &[
    "@context",
    "type",
    "id",
    "issuer",
    "credentialSubject",
    "achievement",
    "result",
    "evidence",
    "credentialStatus",
    "image",
    "criteria",
    "validFrom",
];

proptest! {
    #[test]
    fn never_panics(document in any_json(), at in any::<prop::sample::Index>()) {
        let badge = badge();
        let pointers = pointers(&badge);
        for document in [changed(&badge, &pointers[at.index(pointers.len())], Some(document.clone())), document] {
            let text = document.to_string();
            let value = json::parse(&text).unwrap();
            for reading in READINGS {
                for departure in check(&value, reading) {
                    prop_assert!(!departure.to_string().is_empty());
                    prop_assert!(departure.kind.id().starts_with("schema."));
                }
            }
        }
    }
}
