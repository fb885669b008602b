#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::OnceLock;

use super::value::{DerivedValue, ProofValue};
use super::*;
use crate::jsonld::{Edition, PointerFault, Policy, RootContext};
use crate::key::SigningKey;

/// With `allowedValue`, an ordered list, and an address with `geo`, whose IRI is also a class's.
const BADGE: &str = include_str!("../../../../tests/peers/badges/full.json");

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

/// The document with another `proofValue`.
fn with_derived(text: &str, change: impl FnOnce(&mut DerivedValue)) -> String {
    let document = json::parse(text).unwrap();
    let proof = &document.list("proof")[0];
    let Ok(ProofValue::Derived(mut value)) = ProofValue::of(proof) else {
        unreachable!("made as derived")
    };
    change(&mut value);
    let old = proof.text("proofValue").unwrap();
    text.replace(old, &value.text().unwrap())
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
fn whatever_is_changed_left_out_or_added_shows() {
    let chosen = [
        "/name",
        "/credentialSubject/achievement/resultDescription",
        "/evidence",
    ];
    let text = shown(signed(), &chosen).unwrap();
    let document = json::parse(&text).unwrap();
    let mut pointers = Vec::new();
    places(&document, "", &mut pointers);
    let mut count = 0;
    for pointer in pointers {
        if pointer.is_empty() || pointer.starts_with("/proof") || pointer.starts_with("/@context") {
            continue;
        }
        let mut without = document.clone();
        remove(&mut without, &pointer);
        let outcome = check_under(&without, Policy::Badge);
        assert_ne!(outcome, Ok(Check::Holds), "without {pointer}");
        let mut changed = document.clone();
        let place = at(&mut changed, &pointer);
        *place = match place {
            Value::String(text) if text.contains(':') => Value::String(format!("{text}x").into()),
            Value::String(_) => Value::String("Other".into()),
            Value::Number(_) => Value::Bool(true),
            _ => continue,
        };
        let outcome = check_under(&changed, Policy::Badge);
        assert_ne!(outcome, Ok(Check::Holds), "changed {pointer}");
        count += 1;
    }
    assert!(count > 60, "{count}");
    let added = text.replacen('{', r#"{"description":"More","#, 1);
    assert!(matches!(
        check(&added),
        Ok(Check::Fails(Failure::Count { .. }))
    ));
    let added = text.replacen(
        "\"created\"",
        "\"expires\":\"2099-01-01T00:00:00Z\",\"created\"",
        1,
    );
    assert_eq!(check(&added), Ok(Check::Fails(Failure::BaseSignature)));
    let other = SigningKey::p256(&[8; 32]).unwrap();
    let proof = &document.list("proof")[0];
    let root = root(&document, Policy::Badge);
    assert_eq!(
        verify(&root, &document, proof, other.public_key()),
        Ok(Check::Fails(Failure::BaseSignature))
    );
    assert!(matches!(
        verify(
            &root,
            &document,
            proof,
            SigningKey::ed25519(&[7; 32]).public_key()
        ),
        Ok(Check::Fails(Failure::WrongKey { .. }))
    ));
}

#[test]
fn every_component_of_a_proof_counts() {
    let text = shown(signed(), &["/name", "/credentialSubject/achievement/name"]).unwrap();
    let fails = |change: fn(&mut DerivedValue)| match check(&with_derived(&text, change)) {
        Ok(Check::Fails(failure)) => failure,
        other => unreachable!("{other:?}"),
    };
    assert_eq!(check(&with_derived(&text, |_| {})), Ok(Check::Holds));
    let base_signature = Failure::BaseSignature;
    assert_eq!(fails(|value| value.base_signature[5] ^= 1), base_signature);
    let another = |value: &mut DerivedValue| {
        let free = (0..).find(|index| !value.mandatory_indexes.contains(index));
        value.mandatory_indexes[0] = free.unwrap();
    };
    assert_eq!(fails(another), base_signature);
    for wrong_labels in [
        fails(|value| value.labels.swap(0, 1)),
        fails(|value| value.labels[0][0] ^= 1),
    ] {
        assert!(matches!(
            wrong_labels,
            Failure::BaseSignature | Failure::Statement { .. }
        ));
    }
    let other = SigningKey::p256(&[1; 32]).unwrap();
    let other = other.public_key().to_multikey_bytes().unwrap();
    let with_key = with_derived(&text, |value| {
        value.public_key = other.clone().try_into().unwrap();
    });
    assert_eq!(check(&with_key), Ok(Check::Fails(base_signature)));
    assert!(matches!(
        fails(|value| value.signatures.swap(0, 1)),
        Failure::Statement { .. }
    ));
    assert!(matches!(
        fails(|value| value.signatures.truncate(1)),
        Failure::Count { .. }
    ));
    assert!(matches!(
        fails(|value| value.labels.push([0; 32])),
        Failure::Labels { .. }
    ));
    assert!(matches!(
        fails(|value| value.labels.truncate(1)),
        Failure::Labels { .. }
    ));
    assert!(matches!(
        fails(|value| value.mandatory_indexes.push(9999)),
        Failure::Index { index: 9999 }
    ));
    let malformed = |change: fn(&mut DerivedValue)| check(&with_derived(&text, change));
    let component = |component| Ok(Check::Malformed(Malformed::Component(component)));
    assert_eq!(
        malformed(|value| value.labels[1] = value.labels[0]),
        component(Component::LabelMap)
    );
    assert_eq!(
        malformed(|value| value.public_key[1] ^= 1),
        component(Component::PublicKey)
    );
    assert_eq!(
        malformed(|value| value.mandatory_indexes.push(0)),
        component(Component::MandatoryIndexes)
    );
}

#[test]
fn proofs_belong_to_one_document() {
    let first = shown(signed(), &["/name", "/description"]).unwrap();
    let other = BADGE.replacen("Given to", "Lent to", 1);
    let other = issue(&other, &MANDATORY_POINTERS, Policy::Badge, 10).unwrap();
    let second = shown(&other, &["/name", "/description"]).unwrap();
    let value = |text: &str| {
        let document = json::parse(text).unwrap();
        document.list("proof")[0]
            .text("proofValue")
            .unwrap()
            .to_owned()
    };
    let swapped = first.replace(&value(&first), &value(&second));
    assert!(matches!(check(&swapped), Ok(Check::Fails(_))));
    let Ok(ProofValue::Derived(foreign)) =
        ProofValue::of(&json::parse(&second).unwrap().list("proof")[0])
    else {
        unreachable!("made as derived")
    };
    let swapped = with_derived(&first, |value| {
        value.base_signature = foreign.base_signature
    });
    assert_eq!(check(&swapped), Ok(Check::Fails(Failure::BaseSignature)));
    let swapped = with_derived(&first, |value| value.signatures = foreign.signatures);
    assert!(matches!(
        check(&swapped),
        Ok(Check::Fails(Failure::Statement { .. }))
    ));
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
