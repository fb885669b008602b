#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::*;

fn base_value() -> BaseValue {
    BaseValue {
        base_signature: [1; 64],
        public_key: [2; 35],
        hmac_key: [3; 32],
        signatures: vec![[4; 64], [5; 64]],
        mandatory_pointers: vec!["/issuer".to_owned(), String::new()],
    }
}

fn derived_value() -> DerivedValue {
    DerivedValue {
        base_signature: [1; 64],
        public_key: [2; 35],
        signatures: vec![[4; 64]; 30],
        labels: (0..30).map(|number| [number; 32]).collect(),
        mandatory_indexes: vec![0, 4, 300],
    }
}

fn text_of(bytes: &[u8]) -> String {
    format!("u{}", URL_SAFE_NO_PAD.encode(bytes))
}

fn derived_of(components: Vec<Cbor>) -> Result<ProofValue, Malformed> {
    ProofValue::parse(&text(Form::Derived, components).unwrap())
}

#[test]
fn what_was_written_is_read() {
    let text = base_value().text().unwrap();
    assert_eq!(ProofValue::parse(&text), Ok(ProofValue::Base(base_value())));
    let text = derived_value().text().unwrap();
    let read = Ok(ProofValue::Derived(derived_value()));
    assert_eq!(ProofValue::parse(&text), read);
    let mut long = base_value();
    long.signatures = vec![[4; 64]; 3000];
    assert_eq!(long.text(), Err(Malformed::TooLong));
}

#[test]
fn texts_that_are_no_proof_values() {
    let parse = |text: &str| ProofValue::parse(text).unwrap_err();
    let good = base_value().text().unwrap();
    assert_eq!(parse(""), Malformed::Multibase);
    assert_eq!(parse(&good[1..]), Malformed::Multibase);
    assert_eq!(parse(&format!("{good}=")), Malformed::Multibase);
    assert_eq!(parse(&"u".repeat(MAX_PROOF_VALUE + 1)), Malformed::TooLong);
    assert_eq!(parse("u"), Malformed::Header);
    assert_eq!(
        parse(&text_of(&[0xd9, 0x5d, 0x02, 0x80])),
        Malformed::Header
    );
    let bytes = URL_SAFE_NO_PAD.decode(&good[1..]).unwrap();
    for end in 3..bytes.len() {
        assert_eq!(parse(&text_of(&bytes[..end])), Malformed::Components);
    }
    let trailing = [&bytes[..], &[0]].concat();
    assert_eq!(parse(&text_of(&trailing)), Malformed::Components);
    for hostile in [
        // Nested without end, tagged without end, and lengths beyond all memory.
        vec![0x81; 100_000],
        vec![0xc1; 100_000],
        [&[0x85], &[0x9f; 100_000][..]].concat(),
        vec![0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        vec![0x85, 0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        vec![0xbb, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        vec![0x84, 0x40, 0x40, 0x80, 0x80],
    ] {
        let bytes = [&Form::Derived.header()[..], &hostile].concat();
        assert_eq!(parse(&text_of(&bytes)), Malformed::Components);
    }
}

#[test]
fn components_have_types_lengths_and_ranges() {
    let good = || {
        vec![
            bytes(&[1; 64]),
            bytes(&[2; 35]),
            Cbor::Array(vec![bytes(&[3; 64])]),
            Cbor::Map(vec![(integer(0), bytes(&[4; 32]))]),
            Cbor::Array(vec![integer(0)]),
        ]
    };
    assert!(derived_of(good()).is_ok());
    let label = |number, label: &[u8]| (Cbor::from(number), bytes(label));
    for (index, component, wrong) in [
        (0, Component::BaseSignature, bytes(&[1; 63])),
        (
            0,
            Component::BaseSignature,
            Cbor::Tag(64, Box::new(bytes(&[1; 64]))),
        ),
        (1, Component::PublicKey, bytes(&[1; 36])),
        (1, Component::PublicKey, Cbor::Text("z".repeat(35))),
        (2, Component::Signatures, bytes(&[3; 64])),
        (2, Component::Signatures, Cbor::Array(vec![bytes(&[3; 65])])),
        (3, Component::LabelMap, Cbor::Array(vec![bytes(&[4; 32])])),
        (3, Component::LabelMap, Cbor::Map(vec![label(0, &[4; 31])])),
        (3, Component::LabelMap, Cbor::Map(vec![label(1, &[4; 32])])),
        (3, Component::LabelMap, Cbor::Map(vec![label(-1, &[4; 32])])),
        (
            3,
            Component::LabelMap,
            Cbor::Map(vec![label(0, &[4; 32]), label(0, &[5; 32])]),
        ),
        (
            3,
            Component::LabelMap,
            Cbor::Map(vec![label(0, &[4; 32]), label(1, &[4; 32])]),
        ),
        (
            3,
            Component::LabelMap,
            Cbor::Map(vec![(Cbor::Text("c14n0".to_owned()), bytes(&[4; 32]))]),
        ),
        (
            4,
            Component::MandatoryIndexes,
            Cbor::Array(vec![integer(1), integer(1)]),
        ),
        (
            4,
            Component::MandatoryIndexes,
            Cbor::Array(vec![Cbor::from(-1)]),
        ),
        (
            4,
            Component::MandatoryIndexes,
            Cbor::Array(vec![Cbor::from(0.0)]),
        ),
    ] {
        let mut components = good();
        components[index] = wrong;
        assert_eq!(derived_of(components), Err(Malformed::Component(component)),);
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(
        form in 0u8..2,
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        let bytes = [&[0xd9, 0x5d, form][..], &bytes].concat();
        let _ = ProofValue::parse(&text_of(&bytes));
    }

    #[test]
    fn any_change_is_read_or_refused(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let text = derived_value().text().unwrap();
        let mut bytes = URL_SAFE_NO_PAD.decode(&text[1..]).unwrap();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = ProofValue::parse(&text_of(&bytes));
    }
}
