use super::super::value::{DerivedValue, ProofValue};
use super::*;

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
    let other_suite = text.replacen("ecdsa-sd-2023", "ecdsa-rdfc-2019", 1);
    assert_eq!(check(&other_suite), Ok(Check::Malformed(Malformed::Suite)));
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
