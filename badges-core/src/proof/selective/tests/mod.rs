#![expect(clippy::unwrap_used, reason = "tests")]

mod tampering;

use std::sync::OnceLock;

use super::*;
use crate::jsonld::{Edition, PointerFault, Policy, RootContext};
use crate::key::SigningKey;

/// With `allowedValue`, an ordered list, and an address with `geo`, whose IRI is also a class's.
const BADGE: &str = include_str!("../../../../../tests/peers/badges/full.json");

const CONFIGURATION: &str = r#"{"type":"DataIntegrityProof","cryptosuite":"ecdsa-sd-2023",
    "created":"2026-04-20T08:00:00Z","verificationMethod":"did:key:zDn#zDn",
    "proofPurpose":"assertionMethod"}"#;

const MANDATORY_POINTERS: [&str; 4] = ["/issuer", "/validFrom", "/validUntil", "/credentialStatus"];

fn issuer() -> SigningKey {
    SigningKey::p256(&[7; 32]).unwrap()
}

fn randomness(byte: u8) -> Randomness {
    Randomness {
        hmac_key: [byte; 32],
        proof_key: [byte; 32],
    }
}

fn root(document: &Value<'_>, policy: Policy) -> RootContext {
    RootContext::of(document, Edition::NEWEST, policy).unwrap()
}

fn issue(text: &str, mandatory: &[&str], policy: Policy, byte: u8) -> Result<String, Error> {
    let document = json::parse(text).unwrap();
    let root = root(&document, policy);
    let randomness = randomness(byte);
    let proof = base(
        &root,
        &document,
        CONFIGURATION,
        mandatory,
        &issuer(),
        &randomness,
    )?;
    let open = text.trim_end().strip_suffix('}').unwrap();
    Ok(format!("{open},\"proof\":[{proof}]}}"))
}

/// The badge with a base proof.
fn signed() -> &'static str {
    static SIGNED: OnceLock<String> = OnceLock::new();
    SIGNED.get_or_init(|| issue(BADGE, &MANDATORY_POINTERS, Policy::Badge, 9).unwrap())
}

fn shown(text: &str, chosen: &[&str]) -> Result<String, Error> {
    let document = json::parse(text).unwrap();
    derive(&root(&document, Policy::Badge), &document, chosen)
}

fn check_under(document: &Value<'_>, policy: Policy) -> Result<Check, Fault> {
    let proof = &document.list("proof")[0];
    verify(
        &root(document, policy),
        document,
        proof,
        issuer().public_key(),
    )
}

fn check(text: &str) -> Result<Check, Fault> {
    check_under(&json::parse(text).unwrap(), Policy::Badge)
}

/// Every place of a value, as pointers.
fn places(value: &Value<'_>, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                places(value, &format!("{at}/{key}"), found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                places(item, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

fn at<'v, 'a>(value: &'v mut Value<'a>, pointer: &str) -> &'v mut Value<'a> {
    pointer
        .split('/')
        .skip(1)
        .fold(value, |value, step| match value {
            Value::Object(members) => {
                let mut members = members.iter_mut();
                members
                    .find_map(|(key, value)| (key == step).then_some(value))
                    .unwrap()
            }
            Value::Array(items) => &mut items[step.parse::<usize>().unwrap()],
            _ => unreachable!("{pointer}"),
        })
}

#[test]
fn what_is_listed_can_be_chosen_and_nothing_else() {
    let document = json::parse(signed()).unwrap();
    let listed = choices(&root(&document, Policy::Badge), &document).unwrap();
    let mut always: Vec<&str> = listed
        .iter()
        .filter(|choice| choice.mandatory)
        .map(|choice| choice.pointer.as_str())
        .collect();
    always.sort_unstable();
    let mut mandatory = MANDATORY_POINTERS;
    mandatory.sort_unstable();
    assert_eq!(always, mandatory);

    let mut everywhere = Vec::new();
    places(&json::parse(BADGE).unwrap(), "", &mut everywhere);
    let is_listed = |pointer: &str| listed.iter().any(|choice| choice.pointer == pointer);
    for pointer in everywhere.iter().skip(1) {
        let can_be = shown(signed(), &[pointer]).is_ok();
        let is_covered = always
            .iter()
            .any(|whole| pointer.starts_with(&format!("{whole}/")));
        let stays = ["@context", "type", "id"];
        let stays = pointer.split('/').any(|step| stays.contains(&step));
        if is_covered || stays {
            assert!(stays || !is_listed(pointer), "{pointer}");
        } else {
            assert_eq!(is_listed(pointer), can_be, "{pointer}");
        }
    }
}

/// The document without a member or an item.
fn remove(document: &mut Value<'_>, pointer: &str) {
    let (parent, step) = pointer.rsplit_once('/').unwrap();
    match at(document, parent) {
        Value::Object(members) => members.retain(|(key, _)| key != step),
        Value::Array(items) => drop(items.remove(step.parse().unwrap())),
        _ => unreachable!("{pointer}"),
    }
}

#[test]
fn every_place_can_be_shown_alone() {
    let document = json::parse(BADGE).unwrap();
    let mut pointers = Vec::new();
    places(&document, "", &mut pointers);
    assert!(pointers.len() > 150);
    let mut refused = Vec::new();
    for pointer in &pointers {
        match shown(signed(), &[pointer]) {
            Ok(text) => {
                assert_eq!(check(&text), Ok(Check::Holds), "{pointer}");
                assert!(pointer.is_empty() || text.len() < BADGE.len() + 16_000);
            }
            Err(Error::Pointer(error)) => {
                assert_eq!(error.fault, PointerFault::Inseparable);
                refused.push(error.pointer);
            }
            Err(other) => unreachable!("{pointer}: {other}"),
        }
    }
    let results = "/credentialSubject/achievement/resultDescription";
    let allowed = format!("{results}/0/allowedValue/");
    let levels = format!("{results}/1/rubricCriterionLevel/");
    assert!(refused.contains(&format!("{allowed}4")));
    for pointer in refused {
        assert!(
            pointer.starts_with(&allowed) || pointer.starts_with(&levels),
            "{pointer}"
        );
    }
}

#[test]
fn what_is_shown_is_what_was_chosen() {
    let chosen = [
        "/credentialSubject/achievement/tag/2",
        "/credentialSubject/achievement/alignment/1/targetName",
        "/credentialSubject/achievement/resultDescription/0/allowedValue",
    ];
    let text = issue(BADGE, &["/issuer/address/geo/latitude"], Policy::Badge, 3).unwrap();
    let mut derived = json::parse(&text).unwrap();
    let text = derive(&root(&derived, Policy::Badge), &derived, &chosen).unwrap();
    assert_eq!(check(&text), Ok(Check::Holds));
    derived = json::parse(&text).unwrap();
    remove(&mut derived, "/proof");
    remove(&mut derived, "/@context");
    insta::assert_snapshot!(json::written(&derived));
}

#[test]
fn base_proofs_are_for_holders() {
    assert_eq!(check(signed()), Ok(Check::OtherForm(Form::Base)));
    let document = json::parse(signed()).unwrap();
    let proof = &document.list("proof")[0];
    let root = root(&document, Policy::Badge);
    let base_check = |document| verify_base(&root, document, proof, issuer().public_key());
    assert_eq!(base_check(&document), Ok(Check::Holds));
    let altered = BADGE.replacen("Given to", "Lent to", 1);
    let altered = json::parse(&altered).unwrap();
    assert!(matches!(
        base_check(&altered),
        Ok(Check::Fails(Failure::Statement { .. }))
    ));
    let derived = shown(signed(), &["/name"]).unwrap();
    assert_eq!(shown(&derived, &["/name"]), Err(Error::NoBaseProof));
}

#[test]
fn pointers_that_choose_nothing_are_refused() {
    let fault = |chosen: &str| match shown(signed(), &[chosen]) {
        Err(Error::Pointer(PointerError { fault, .. })) => fault,
        other => unreachable!("{chosen}: {other:?}"),
    };
    for missing in [
        "/nothing",
        "/name/nothing",
        "/evidence/1",
        "/evidence/00",
        "/evidence/-",
        "/evidence/id",
        "/type/2",
    ] {
        assert_eq!(fault(missing), PointerFault::Missing, "{missing}");
    }
    assert_eq!(fault("/proof/0/created"), PointerFault::Inseparable);
    assert_eq!(fault("name"), PointerFault::Malformed);
    assert_eq!(fault("/na~2me"), PointerFault::Malformed);
    let many = ["/name"; crate::jsonld::MAX_POINTERS + 1];
    assert!(matches!(
        shown(signed(), &many),
        Err(Error::Pointer(PointerError {
            fault: PointerFault::TooMany,
            ..
        }))
    ));
    assert!(matches!(
        issue(BADGE, &["/invalid"], Policy::Badge, 1),
        Err(Error::Pointer(_))
    ));
    for harmless in ["/@context", "/@context/0", "/type/0", "/id"] {
        assert_eq!(
            check(&shown(signed(), &[harmless]).unwrap()),
            Ok(Check::Holds)
        );
    }
    let nothing_mandatory = issue(BADGE, &[], Policy::Badge, 1).unwrap();
    assert_eq!(shown(&nothing_mandatory, &[]), Err(Error::NothingShown));
    let least = shown(&nothing_mandatory, &["/name"]).unwrap();
    assert_eq!(check(&least), Ok(Check::Holds));
}

#[test]
fn the_other_policys_spellings_can_be_chosen() {
    let text = r#"{"@context":["https://www.w3.org/ns/credentials/v2",
        {"a":"urn:a","list":{"@id":"urn:l","@container":"@list"},"text":{"@id":"urn:t","@container":"@language"},
         "json":{"@id":"urn:j","@type":"@json"},"kind":"@type"}],
      "@type":["VerifiableCredential"],"issuer":"urn:i",
      "credentialSubject":{"@id":"_:s","a":{"@set":[{"@id":"_:x","kind":"urn:k","a":"1","urn:b":"2"},"3"]},
        "text":{"en":["x","y"],"de":"z"},"urn:c":{"@value":"v","@language":"en"},
        "json":{"k":[1]},"urn:l2":{"@list":["p",{"a":"q"}]},"list":["p"]},
      "termsOfUse":{"@id":"_:x","urn:d":"5","@context":{"e":"urn:e"},"e":"6"}}"#;
    let signed = issue(text, &["/issuer"], Policy::DataIntegrity, 4).unwrap();
    let document = json::parse(&signed).unwrap();
    let root = root(&document, Policy::DataIntegrity);
    let derived = |chosen: &[&str]| derive(&root, &document, chosen);
    for chosen in [
        &["/credentialSubject/a/@set/0/a"][..],
        &[
            "/credentialSubject/a/@set/1",
            "/credentialSubject/text/en/1",
        ],
        &["/credentialSubject/text/de", "/credentialSubject/urn:c"],
        &[
            "/credentialSubject/json",
            "/credentialSubject/list",
            "/credentialSubject/urn:l2",
        ],
        &["/termsOfUse/e", "/credentialSubject/@id"],
        &["/credentialSubject/a", "/termsOfUse"],
        &[""],
    ] {
        let text = derived(chosen).unwrap();
        let check = check_under(&json::parse(&text).unwrap(), Policy::DataIntegrity);
        assert_eq!(check, Ok(Check::Holds), "{chosen:?}");
    }
    for chosen in [
        "/credentialSubject/urn:c/@value",
        "/credentialSubject/json/k",
        "/credentialSubject/urn:l2/@list",
        "/credentialSubject/list/0",
    ] {
        let Err(Error::Pointer(error)) = derived(&[chosen]) else {
            unreachable!("{chosen}")
        };
        assert_eq!(error.fault, PointerFault::Inseparable, "{chosen}");
    }
    // Both parts are of one blank node, whose label is not shown with a part.
    let apart = ["/credentialSubject/a/@set/0/urn:b", "/termsOfUse/urn:d"];
    assert_eq!(derived(&apart), Err(Error::Inseparable));
}

#[test]
fn what_cannot_be_signed_is_refused() {
    let document = json::parse(BADGE).unwrap();
    let root = root(&document, Policy::Badge);
    let made = |configuration: &str, key: &SigningKey, byte| {
        base(&root, &document, configuration, &[], key, &randomness(byte))
    };
    let ed25519 = SigningKey::ed25519(&[7; 32]);
    assert_eq!(
        made(CONFIGURATION, &ed25519, 1),
        Err(Error::WrongKey { algorithm: "EdDSA" })
    );
    assert_eq!(
        made(CONFIGURATION, &issuer(), 0),
        Err(Error::UnluckyRandomness)
    );
    for (from, to) in [
        ("ecdsa-sd-2023", "eddsa-rdfc-2022"),
        ("\"created\"", "\"previousProof\":\"urn:a\",\"created\""),
        ("\"created\"", "\"proofValue\":\"u\",\"created\""),
    ] {
        let configuration = CONFIGURATION.replacen(from, to, 1);
        assert_eq!(
            made(&configuration, &issuer(), 1),
            Err(Error::Configuration)
        );
    }
    assert!(matches!(
        made(
            &CONFIGURATION.replacen("\"created\"", "\"made\"", 1),
            &issuer(),
            1
        ),
        Err(Error::Fault(_))
    ));
    let twice = signed().replacen(
        "\"proof\":[{",
        "\"proof\":[{\"type\":\"DataIntegrityProof\",\"cryptosuite\":\"ecdsa-sd-2023\"},{",
        1,
    );
    assert_eq!(
        shown(&twice, &[]),
        Err(Error::SeveralBaseProofs { count: 2 })
    );
    let altered = signed().replacen("\"role\": \"Participant\",", "", 1);
    assert_ne!(altered, signed());
    assert!(matches!(
        shown(&altered, &[]),
        Err(Error::AnotherDocument { .. })
    ));
    let beside = signed().replacen(
        "\"proof\":[",
        "\"proof\":[{\"type\":\"DataIntegrityProof\",\"cryptosuite\":\"eddsa-rdfc-2022\"},",
        1,
    );
    assert_eq!(
        check(&shown(&beside, &["/name"]).unwrap()),
        Ok(Check::Holds)
    );
}

#[test]
fn braces_in_texts_are_escaped_for_images() {
    let text = BADGE.replacen("Given to", "{Given} to", 1);
    let signed = issue(&text, &[], Policy::Badge, 4).unwrap();
    let text = shown(&signed, &["/description"]).unwrap();
    assert!(text.contains("\\u007bGiven\\u007d") && check(&text) == Ok(Check::Holds));
}
