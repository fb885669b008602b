//! Related resources whose content is known: do their digests agree with it (Verifiable Credentials
//! 2.0, section 5.3)? What is known are the pinned contexts.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use crate::json::Value;
use crate::jsonld::pinned_contexts;
use crate::key::decode_multibase;
use crate::model::schema::{Departure, DepartureKind, Severity};

/// Digests of the version 2 context as it was until July 2024, which differs in white space only.
const EARLIER: (&str, [&str; 2]) = (
    "https://www.w3.org/ns/credentials/v2",
    [
        "JKGMkOmFbVJhEfKTduMC2XCyvRAYLjOVmZWwIH1wQ7k",
        "NSOcNpmdIVUxIJGvGUoe22FjTWrXiaXlsZ8q6912LdnR3KraQO2n75Ica4wK4Qeg",
    ],
);

/// The digests that are those of something else.
pub(crate) fn other_digests(credential: &Value<'_>) -> impl Iterator<Item = Departure> {
    let resources = credential.list("relatedResource").iter().enumerate();
    resources.flat_map(|(index, resource)| {
        ["digestSRI", "digestMultibase"]
            .into_iter()
            .filter(move |&member| disagrees(resource, member))
            .map(move |member| Departure {
                path: format!("relatedResource[{index}].{member}"),
                kind: DepartureKind::OtherDigest,
                severity: Severity::Fault,
            })
    })
}

fn disagrees(resource: &Value<'_>, member: &str) -> bool {
    let (Some(url), Some(text)) = (resource.text("id"), resource.text(member)) else {
        return false;
    };
    let mut texts = pinned_contexts()
        .iter()
        .filter(|context| context.url == url)
        .peekable();
    if texts.peek().is_none() {
        return false;
    }
    let digests = match member {
        "digestSRI" => integrity(text),
        _ => multibase(text).into_iter().collect(),
    };
    let earlier = |digest: &Vec<u8>| {
        url == EARLIER.0 && EARLIER.1.contains(&URL_SAFE_NO_PAD.encode(digest).as_str())
    };
    let agrees = texts.any(|context| {
        digests.iter().any(|digest| {
            let bytes = context.text.as_bytes();
            match digest.len() {
                32 => Sha256::digest(bytes)[..] == digest[..],
                48 => Sha384::digest(bytes)[..] == digest[..],
                64 => Sha512::digest(bytes)[..] == digest[..],
                _ => false,
            }
        })
    });
    !agrees && !digests.iter().any(earlier)
}

/// The digests of a [Subresource Integrity](https://www.w3.org/TR/SRI/) text, of which one is enough.
fn integrity(text: &str) -> Vec<Vec<u8>> {
    let digest = |item: &str| {
        let (algorithm, encoded) = item.split_once('-')?;
        let encoded = encoded.trim_end_matches('=').replace('-', "+");
        let digest = STANDARD_NO_PAD.decode(encoded.replace('_', "/")).ok()?;
        let length = match algorithm {
            "sha256" => 32,
            "sha384" => 48,
            "sha512" => 64,
            _ => return None,
        };
        (digest.len() == length).then_some(digest)
    };
    text.split_ascii_whitespace().filter_map(digest).collect()
}

/// The digest of a multibase text: with the multihash header of SHA-256 or SHA-384, or without one.
fn multibase(text: &str) -> Option<Vec<u8>> {
    let bytes = decode_multibase(text).ok()?;
    Some(match bytes.as_slice() {
        [0x12, 0x20, digest @ ..] if digest.len() == 32 => digest.to_vec(),
        [0x20, 0x30, digest @ ..] if digest.len() == 48 => digest.to_vec(),
        _ => bytes,
    })
}
