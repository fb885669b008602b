//! Whatever comes in, judging it ends, without a panic: any bytes, and good badges, images and
//! documents with random damage.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::LazyLock;

use badges_core::bake;
use badges_core::credential::SignedCredential;
use badges_core::documents::{Answer, Documents};
use badges_core::json;
use badges_core::model::parse_date_time;
use badges_core::status::StatusBits;
use badges_core::verify::{Question, Recipient, Report, TrustList, Verdict, verify};
use badges_tests::case::{self, Case};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

static CASES: LazyLock<Vec<Case>> = LazyLock::new(case::all);

fn cases(ending: &'static str) -> impl Strategy<Value = &'static Case> {
    let fitting: Vec<&Case> = CASES
        .iter()
        .filter(|case| case.name.ends_with(ending))
        .collect();
    select(fitting)
}

/// Judges a badge; the report can be written in both its forms.
fn judge<'d>(badge: &[u8], documents: impl IntoIterator<Item = (&'d String, &'d Vec<u8>)>) {
    let report = report(badge, documents);
    serde_json::to_string(&report).unwrap();
    for (_, outcome) in &report.checks {
        assert!(!outcome.to_string().is_empty());
    }
}

/// What comes of a badge, with all questions asked.
fn report<'d>(
    badge: &[u8],
    documents: impl IntoIterator<Item = (&'d String, &'d Vec<u8>)>,
) -> Report {
    let mut known = Documents::new();
    for (url, text) in documents {
        known.insert(url, Answer::Loaded(text.clone()));
    }
    let mut trust = TrustList::default();
    trust.insert("did:web:issuer.example.org", "Example");
    let question = Question {
        recipient: Some(Recipient {
            identifier: "a@example.com",
            salt: Some("Kosher"),
        }),
        trust: Some(&trust),
        ..Question::new(&known, parse_date_time("2026-06-01T12:00:00Z").unwrap())
    };
    verify(badge, &question)
}

/// One piece of damage.
#[derive(Clone, Debug)]
enum Damage {
    Replace(Index, u8),
    Remove(Index, u8),
    Repeat(Index, u8),
    Insert(Index, &'static str),
}

/// Words that parsers care for.
const WORDS: [&str; 40] = [
    "{",
    "}",
    "[",
    "]",
    "\"",
    "\\",
    ",",
    ":",
    "null",
    "true",
    "-0",
    "1e999",
    "0.1",
    "\\u0000",
    "\\ud800",
    "\u{feff}",
    "é",
    "\"id\":",
    "\"type\":",
    "\"@id\":\"_:b\",",
    "\"@context\":",
    "@list",
    "@value",
    "@graph",
    "\"proof\":[",
    "\"proofValue\":\"z",
    "did:key:z6Mk",
    "did:jwk:e30",
    "#",
    "..",
    "=",
    "<",
    "]]>",
    "<![CDATA[",
    "<!ENTITY a \"b\">",
    "&#0;",
    "&amp;",
    "\0",
    "iTXt",
    "openbadgecredential",
];

fn damage() -> impl Strategy<Value = Vec<Damage>> {
    let place = any::<Index>;
    let one = prop_oneof![
        (place(), any::<u8>()).prop_map(|(at, byte)| Damage::Replace(at, byte)),
        (place(), any::<u8>()).prop_map(|(at, length)| Damage::Remove(at, length)),
        (place(), any::<u8>()).prop_map(|(at, length)| Damage::Repeat(at, length)),
        (place(), select(WORDS.to_vec())).prop_map(|(at, word)| Damage::Insert(at, word)),
    ];
    vec(one, 1..6)
}

fn damaged(bytes: &[u8], damage: &[Damage]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for damage in damage {
        let at = |index: &Index| {
            if bytes.is_empty() {
                0
            } else {
                index.index(bytes.len())
            }
        };
        let range = |index: &Index, length: &u8| {
            let start = at(index);
            start..bytes.len().min(start + usize::from(*length))
        };
        match damage {
            Damage::Replace(index, byte) => {
                let at = at(index);
                if let Some(old) = bytes.get_mut(at) {
                    *old = *byte;
                }
            }
            Damage::Remove(index, length) => {
                let range = range(index, length);
                bytes.drain(range);
            }
            Damage::Repeat(index, length) => {
                let range = range(index, length);
                let again = bytes[range.clone()].to_vec();
                bytes.splice(range.start..range.start, again);
            }
            Damage::Insert(index, word) => {
                let at = at(index);
                bytes.splice(at..at, word.bytes());
            }
        }
    }
    bytes
}

/// The image with the right checksum for its credential, so that damage gets beyond it.
fn mended(mut image: Vec<u8>) -> Vec<u8> {
    let Some(start) = image.windows(4).position(|bytes| bytes == b"iTXt") else {
        return image;
    };
    let Some(end) = image
        .windows(4)
        .position(|bytes| bytes == b"IDAT")
        .map(|at| at - 4)
    else {
        return image;
    };
    if start < 4 || end < start + 8 {
        return image;
    }
    let length = u32::try_from(end - start - 8).unwrap();
    image[start - 4..start].copy_from_slice(&length.to_be_bytes());
    let checksum = crc32fast::hash(&image[start..end - 4]);
    image[end - 4..end].copy_from_slice(&checksum.to_be_bytes());
    image
}

proptest! {
    #[test]
    fn any_bytes(bytes in vec(any::<u8>(), 0..200)) {
        judge(&bytes, []);
        let _ = bake::extract(&bytes);
    }

    #[test]
    fn any_text(text in any::<String>()) {
        judge(text.as_bytes(), []);
        let _ = SignedCredential::parse(&text);
        let _ = StatusBits::decode(&text);
        let _ = bake::escape_json(&text);
        let _ = TrustList::parse(&text);
    }

    #[test]
    fn any_jwt(header in any::<String>(), payload in any::<String>(), signature in any::<Vec<u8>>()) {
        let parts = [header.as_bytes(), payload.as_bytes(), &signature];
        let text = parts.map(|part| URL_SAFE_NO_PAD.encode(part)).join(".");
        judge(text.as_bytes(), []);
    }

    #[test]
    fn damaged_json(case in cases(".json"), damage in damage()) {
        let badge = damaged(&case.badge, &damage);
        judge(&badge, &case.documents);
        if let Ok(text) = String::from_utf8(badge) {
            let _ = SignedCredential::parse(&text);
            let _ = json::member_span(&text, "proof");
            let _ = bake::escape_json(&text);
        }
    }

    #[test]
    fn damaged_jwt(case in cases(".jwt"), damage in damage(), part in 0_usize..3) {
        judge(&damaged(&case.badge, &damage), &case.documents);
        let text = String::from_utf8_lossy(&case.badge);
        let mut parts: Vec<String> = text.split('.').map(str::to_owned).collect();
        if let Some(part) = parts.get_mut(part)
            && let Ok(bytes) = URL_SAFE_NO_PAD.decode(&*part)
        {
            *part = URL_SAFE_NO_PAD.encode(damaged(&bytes, &damage));
            judge(parts.join(".").as_bytes(), &case.documents);
        }
    }

    #[test]
    fn damaged_png(case in cases(".png"), damage in damage()) {
        let image = damaged(&case.badge, &damage);
        judge(&image, &case.documents);
        judge(&mended(image), &case.documents);
    }

    #[test]
    fn damaged_svg(case in cases(".svg"), damage in damage()) {
        judge(&damaged(&case.badge, &damage), &case.documents);
    }

    #[test]
    fn damaged_documents(case in cases(""), damage in damage()) {
        let documents: Vec<(String, Vec<u8>)> = case
            .documents
            .iter()
            .map(|(url, text)| (url.clone(), damaged(text, &damage)))
            .collect();
        judge(&case.badge, documents.iter().map(|(url, text)| (url, text)));
    }

    #[test]
    fn damaged_status_lists(damage in damage(), index in any::<u64>(), size in any::<u64>()) {
        let encoded = StatusBits::default().encode();
        let packed = URL_SAFE_NO_PAD.decode(&encoded[1..]).unwrap();
        for text in [
            damaged(encoded.as_bytes(), &damage),
            format!("u{}", URL_SAFE_NO_PAD.encode(damaged(&packed, &damage))).into_bytes(),
        ] {
            if let Ok(mut bits) = StatusBits::decode(&String::from_utf8_lossy(&text)) {
                let _ = bits.get(index, size);
                let _ = bits.set(index, true);
                prop_assert_eq!(&StatusBits::decode(&bits.encode()).unwrap(), &bits);
            }
        }
    }

    /// Damage may hit white space; what is still valid says what it said.
    #[test]
    fn damage_makes_no_other_valid_badge(damage in damage()) {
        let mut all = CASES.iter();
        let case = all.find(|case| case.name == "good/full.json").unwrap();
        let badge = damaged(&case.badge, &damage);
        let before = report(&case.badge, &case.documents);
        let after = report(&badge, &case.documents);
        if after.verdict() == Verdict::Valid {
            prop_assert_eq!(before.credential, after.credential);
        }
    }
}
