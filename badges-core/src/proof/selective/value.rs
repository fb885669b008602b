//! The `proofValue` of both forms: three bytes that name the form, then CBOR, in base64url
//! ([3.5.2 to 3.5.8]).
//!
//! [3.5.2 to 3.5.8]: https://www.w3.org/TR/vc-di-ecdsa/#ecdsa-sd-2023-functions

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use coset::CborSerializable as _;
use coset::cbor::Value as Cbor;

use crate::json::Value;

/// The longest `proofValue` that is read or written, in characters: about 2,900 statements, each
/// of which is a signature to check.
pub const MAX_PROOF_VALUE: usize = 256 * 1024;

/// The two forms of a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// The issuer's, with a signature for every statement: the holder keeps it.
    Base,
    /// The holder's, for what is shown to a verifier.
    Derived,
}

impl Form {
    const fn header(self) -> [u8; 3] {
        match self {
            Self::Base => [0xd9, 0x5d, 0x00],
            Self::Derived => [0xd9, 0x5d, 0x01],
        }
    }
}

/// Why a `proofValue` is none, whatever the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Malformed {
    /// There is none.
    #[error("no `proofValue`")]
    Absent,
    /// More than [`MAX_PROOF_VALUE`] characters.
    #[error("longer than {MAX_PROOF_VALUE} characters")]
    TooLong,
    /// Not `u` and base64url without padding.
    #[error("not base64url (u…)")]
    Multibase,
    /// Its first bytes name neither form.
    #[error("neither a base proof nor a derived one")]
    Header,
    /// What follows is not one CBOR array of five.
    #[error("not a CBOR array of five")]
    Components,
    /// A component is not of the type, the length or the range that the standard says.
    #[error("its component {0:?} is not what it must be")]
    Component(Component),
}

/// A component of a `proofValue`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Component {
    /// The issuer's signature.
    BaseSignature,
    /// The key that signed the statements: a Multikey on P-256.
    PublicKey,
    /// The key of the labels.
    HmacKey,
    /// The statements' signatures.
    Signatures,
    /// What must be shown.
    MandatoryPointers,
    /// The blank nodes' labels: each its own, for the numbers from 0.
    LabelMap,
    /// Which of the statements must be shown.
    MandatoryIndexes,
}

pub(super) type Signature = [u8; 64];
/// The two bytes of the key's kind and a compressed point.
pub(super) type Multikey = [u8; 35];
/// A blank node's label, before it is written in base64url.
pub(super) type Label = [u8; 32];

/// What a base proof consists of (3.5.3).
#[derive(Debug, PartialEq)]
pub(super) struct BaseValue {
    pub(super) base_signature: Signature,
    pub(super) public_key: Multikey,
    pub(super) hmac_key: [u8; 32],
    /// Of the statements that are not mandatory, in order.
    pub(super) signatures: Vec<Signature>,
    pub(super) mandatory_pointers: Vec<String>,
}

/// What a derived proof consists of (3.5.8).
#[derive(Debug, PartialEq)]
pub(super) struct DerivedValue {
    pub(super) base_signature: Signature,
    pub(super) public_key: Multikey,
    /// Of the shown statements that are not mandatory, in order.
    pub(super) signatures: Vec<Signature>,
    /// By the number that the canonical form of what is shown gives to the blank node.
    pub(super) labels: Vec<Label>,
    /// Among the shown statements; ascending.
    pub(super) mandatory_indexes: Vec<usize>,
}

#[derive(Debug, PartialEq)]
pub(super) enum ProofValue {
    Base(BaseValue),
    Derived(DerivedValue),
}

impl ProofValue {
    pub(super) fn of(proof: &Value<'_>) -> Result<Self, Malformed> {
        Self::parse(proof.text("proofValue").ok_or(Malformed::Absent)?)
    }

    fn parse(text: &str) -> Result<Self, Malformed> {
        if text.len() > MAX_PROOF_VALUE {
            return Err(Malformed::TooLong);
        }
        let bytes = text
            .strip_prefix('u')
            .and_then(|text| URL_SAFE_NO_PAD.decode(text).ok())
            .ok_or(Malformed::Multibase)?;
        let (header, cbor) = bytes.split_first_chunk().ok_or(Malformed::Header)?;
        let form = [Form::Base, Form::Derived]
            .into_iter()
            .find(|form| form.header() == *header)
            .ok_or(Malformed::Header)?;
        let components = match Cbor::from_slice(cbor) {
            Ok(Cbor::Array(components)) => <[Cbor; 5]>::try_from(components).ok(),
            _ => None,
        };
        let [first, second, third, fourth, fifth] = components.ok_or(Malformed::Components)?;
        Ok(match form {
            Form::Base => Self::Base(BaseValue {
                base_signature: bytes_of(&first).ok_or(BASE_SIGNATURE)?,
                public_key: bytes_of(&second).ok_or(PUBLIC_KEY)?,
                hmac_key: bytes_of(&third).ok_or(Malformed::Component(Component::HmacKey))?,
                signatures: all(fourth, |item| bytes_of(&item)).ok_or(SIGNATURES)?,
                mandatory_pointers: all(fifth, |item| item.into_text().ok())
                    .ok_or(Malformed::Component(Component::MandatoryPointers))?,
            }),
            Form::Derived => Self::Derived(DerivedValue {
                base_signature: bytes_of(&first).ok_or(BASE_SIGNATURE)?,
                public_key: bytes_of(&second).ok_or(PUBLIC_KEY)?,
                signatures: all(third, |item| bytes_of(&item)).ok_or(SIGNATURES)?,
                labels: labels(fourth).ok_or(Malformed::Component(Component::LabelMap))?,
                mandatory_indexes: all(fifth, |item| item.into_integer().ok()?.try_into().ok())
                    .and_then(distinct)
                    .ok_or(Malformed::Component(Component::MandatoryIndexes))?,
            }),
        })
    }
}

const BASE_SIGNATURE: Malformed = Malformed::Component(Component::BaseSignature);
const PUBLIC_KEY: Malformed = Malformed::Component(Component::PublicKey);
const SIGNATURES: Malformed = Malformed::Component(Component::Signatures);

impl BaseValue {
    pub(super) fn text(&self) -> Result<String, Malformed> {
        let pointers = self.mandatory_pointers.iter();
        text(
            Form::Base,
            vec![
                bytes(&self.base_signature),
                bytes(&self.public_key),
                bytes(&self.hmac_key),
                Cbor::Array(self.signatures.iter().map(|item| bytes(item)).collect()),
                Cbor::Array(pointers.map(|item| Cbor::Text(item.clone())).collect()),
            ],
        )
    }
}

impl DerivedValue {
    pub(super) fn text(&self) -> Result<String, Malformed> {
        let labels = self.labels.iter().enumerate();
        let indexes = self.mandatory_indexes.iter();
        text(
            Form::Derived,
            vec![
                bytes(&self.base_signature),
                bytes(&self.public_key),
                Cbor::Array(self.signatures.iter().map(|item| bytes(item)).collect()),
                Cbor::Map(
                    labels
                        .map(|(number, label)| (integer(number), bytes(label)))
                        .collect(),
                ),
                Cbor::Array(indexes.map(|&index| integer(index)).collect()),
            ],
        )
    }
}

fn text(form: Form, components: Vec<Cbor>) -> Result<String, Malformed> {
    let cbor = Cbor::Array(components)
        .to_vec()
        .map_err(|_| Malformed::Components)?;
    let mut text = String::from('u');
    URL_SAFE_NO_PAD.encode_string([&form.header()[..], &cbor].concat(), &mut text);
    if text.len() > MAX_PROOF_VALUE {
        return Err(Malformed::TooLong);
    }
    Ok(text)
}

fn bytes(bytes: &[u8]) -> Cbor {
    Cbor::Bytes(bytes.to_vec())
}

fn integer(number: usize) -> Cbor {
    Cbor::from(number as u64)
}

fn bytes_of<const N: usize>(value: &Cbor) -> Option<[u8; N]> {
    value.as_bytes()?.as_slice().try_into().ok()
}

fn all<T>(array: Cbor, of: impl Fn(Cbor) -> Option<T>) -> Option<Vec<T>> {
    array.into_array().ok()?.into_iter().map(of).collect()
}

/// The labels in the order of their numbers. Two blank nodes with one label would be one.
fn labels(map: Cbor) -> Option<Vec<Label>> {
    let mut labels = Vec::new();
    for (number, label) in map.into_map().ok()? {
        let number: usize = number.into_integer().ok()?.try_into().ok()?;
        labels.push((number, bytes_of(&label)?));
    }
    labels.sort_unstable();
    let dense = labels
        .iter()
        .enumerate()
        .all(|(at, (number, _))| at == *number);
    let labels: Vec<Label> = labels.into_iter().map(|(_, label)| label).collect();
    (dense && distinct(labels.clone()).is_some()).then_some(labels)
}

/// The items in ascending order, if they are all different.
fn distinct<T: Ord>(mut items: Vec<T>) -> Option<Vec<T>> {
    items.sort_unstable();
    items.is_sorted_by(|a, b| a < b).then_some(items)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
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
}
