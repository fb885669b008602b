//! Changes of a badge as JWT, and inside an image.

use badges_core::bake;
use badges_core::verify::Verdict;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::{Judge, good, places, with};

#[test]
fn no_byte_of_a_jwt_can_be_changed() {
    let case = good("jwt-eddsa.jwt");
    let judge = Judge::of(&case);
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for at in 0..case.badge.len() {
        let old = case.badge[at];
        let position = letters
            .iter()
            .position(|&letter| letter == old)
            .unwrap_or_default();
        for new in [letters[position ^ 1], letters[position ^ 32], b'.', b'='] {
            let mut badge = case.badge.clone();
            badge[at] = new;
            let verdict = judge.report(&badge).verdict();
            assert!(
                old == new || verdict != Verdict::Valid,
                "byte {at} as {}",
                char::from(new)
            );
        }
        let mut shorter = case.badge.clone();
        shorter.remove(at);
        assert_ne!(
            judge.report(&shorter).verdict(),
            Verdict::Valid,
            "without byte {at}"
        );
    }
}

#[test]
fn neither_header_nor_payload_of_a_jwt_can_be_changed() {
    let case = good("jwt-es256.jwt");
    let judge = Judge::of(&case);
    let text = String::from_utf8(case.badge).unwrap();
    let parts: Vec<&str> = text.split('.').collect();
    let decoded = |part: &str| -> Value {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
    };
    for part in 0..2 {
        let document = decoded(parts[part]);
        for place in places(&document) {
            let value = document.pointer(&place).unwrap();
            let changes = match value {
                Value::String(text) => {
                    vec![json!(format!("{text}x")), json!("none"), json!([text])]
                }
                Value::Number(number) => vec![json!(number.as_f64().unwrap() + 1.0)],
                Value::Object(members) => {
                    let without = |key| {
                        let mut fewer = members.clone();
                        fewer.remove(key);
                        json!(fewer)
                    };
                    let mut more = members.clone();
                    more.insert("x".to_owned(), json!("y"));
                    members.keys().map(without).chain([json!(more)]).collect()
                }
                _ => vec![Value::Null],
            };
            for value in changes {
                let changed = with(&document, &place, value).to_string();
                let mut parts: Vec<String> = parts.iter().map(|&part| part.to_owned()).collect();
                parts[part] = URL_SAFE_NO_PAD.encode(&changed);
                let verdict = judge.report(parts.join(".").as_bytes()).verdict();
                assert_ne!(verdict, Verdict::Valid, "{changed}");
            }
        }
    }
}

/// With the old checksum the image is damaged; with a new one the badge in it is another, or says
/// the same.
#[test]
fn no_byte_of_a_baked_badge_can_be_changed() {
    let case = good("png-json.png");
    let judge = Judge::of(&case);
    let image = &case.badge;
    let start = image.windows(4).position(|bytes| bytes == b"iTXt").unwrap();
    let length = u32::from_be_bytes(image[start - 4..start].try_into().unwrap()) as usize;
    let end = start + 4 + length;
    let content = |image: &[u8]| -> Value {
        serde_json::from_str(&bake::extract(image).unwrap().text).unwrap()
    };
    let before = content(image);
    for at in start..end {
        for bit in [1, 32] {
            let mut changed = image.clone();
            changed[at] ^= bit;
            assert_ne!(
                judge.report(&changed).verdict(),
                Verdict::Valid,
                "byte {at}"
            );
            let checksum = crc32fast::hash(&changed[start..end]);
            changed[end..end + 4].copy_from_slice(&checksum.to_be_bytes());
            if judge.report(&changed).verdict() == Verdict::Valid {
                assert_eq!(content(&changed), before, "byte {at}");
            }
        }
    }
}
