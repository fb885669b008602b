//! Members, suites and keys of a proof.

use badges_core::key::{decode_multibase, encode_base58btc};

use super::{badge, own};
use crate::make::badge::{WEB, small};
use crate::make::edit::{between, cut, swap};
use crate::make::expected::{Expected, invalid, unknown, valid};
use crate::make::sign::{CREATED, carelessly, proof, signed, signed_by, signed_with};
use crate::make::{Group, documents, keys};

pub(super) fn members(group: &mut Group) {
    let method = own(&keys::issuer()).verification_method;
    let key = keys::issuer();
    let usual = proof(&method);
    let make = |proof: &str| carelessly(&badge(), proof, &key);
    let purpose = |new: &str| make(&swap(&usual, "\"proofPurpose\": \"assertionMethod\"", new));
    group.add(
        "purpose-authentication.json",
        purpose("\"proofPurpose\": \"authentication\""),
        invalid("proof.purpose"),
        "a proof of who logs in, not of what is asserted",
    );
    let missing = make(
        usual
            .trim_end()
            .trim_end_matches("\"proofPurpose\": \"assertionMethod\"")
            .trim_end()
            .trim_end_matches(','),
    );
    group.add(
        "purpose-missing.json",
        missing,
        invalid("proof.purpose"),
        "a proof without a purpose",
    );
    let whole = signed(&badge());
    let respelled = swap(
        &whole,
        "\"proofPurpose\":\"assertionMethod\"",
        "\"proofPurpose\":\"https://w3id.org/security#assertionMethod\"",
    );
    group.add(
        "purpose-respelled.json",
        respelled,
        invalid("proof.purpose"),
        "the purpose as an IRI is signed alike and read differently",
    );
    for (file, old, new, id, why) in [
        (
            "no-method.json",
            "\"verificationMethod\":",
            "\"domain\":",
            "proof.malformed",
            "the proof names no key",
        ),
        (
            "no-value.json",
            "\"proofValue\":",
            "\"nonce\":",
            "proof.malformed",
            "the proof has no value",
        ),
        (
            "no-type.json",
            "\"type\":\"DataIntegrityProof\",",
            "",
            "proof.suite",
            "the proof has no type",
        ),
    ] {
        let expected = match id {
            "proof.suite" => invalid("schema.nonconforming").unknown(id),
            _ if file == "no-method.json" => invalid(id),
            _ => invalid(id),
        };
        group.add(file, swap(&whole, old, new), expected, why);
    }
    let value = between(&whole, "\"proofValue\":\"z", "\"}").to_owned();
    let digits = value
        .trim_start_matches("\"proofValue\":\"")
        .trim_end_matches("\"}");
    let bytes = decode_multibase(digits).unwrap();
    let base64 = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, &bytes);
    for (file, new, why) in [
        (
            "value-short.json",
            encode_base58btc(&bytes[..63]),
            "a signature of 63 bytes",
        ),
        (
            "value-long.json",
            encode_base58btc(&[&bytes[..], &[0]].concat()),
            "a signature of 65 bytes",
        ),
        (
            "value-base64.json",
            format!("u{base64}"),
            "a signature in another alphabet than the suite's",
        ),
        (
            "value-no-prefix.json",
            digits[1..].to_owned(),
            "a signature without the letter that names the alphabet",
        ),
        ("value-empty.json", String::new(), "an empty signature"),
        (
            "value-zero.json",
            encode_base58btc(&[0; 64]),
            "a signature of zeros",
        ),
        (
            "value-plus-order.json",
            encode_base58btc(&plus_group_order(&bytes)),
            "the same signature with the group's order added: it must not hold twice",
        ),
    ] {
        let id = match file {
            "value-zero.json" | "value-plus-order.json" => "proof.signature",
            _ => "proof.malformed",
        };
        group.add(file, swap(&whole, digits, &new), invalid(id), why);
    }
    let dated = |dates: &str| make(&format!("{usual},\n      {dates}"));
    group.add(
        "expires-later.json",
        dated("\"expires\": \"2026-07-01T00:00:00Z\""),
        valid(),
        "a proof that will expire",
    );
    group.add(
        "expired.json",
        dated("\"expires\": \"2026-05-01T00:00:00Z\""),
        invalid("proof.expired"),
        "a proof that has expired",
    );
    group.add(
        "expires-no-zone.json",
        dated("\"expires\": \"2026-07-01T00:00:00\""),
        invalid("proof.malformed"),
        "a proof that expires in no zone",
    );
    let no_zone = swap(&usual, CREATED, "2026-01-10T09:00:00");
    group.add(
        "created-no-zone.json",
        make(&no_zone),
        invalid("schema.nonconforming").fails("proof.malformed"),
        "a proof made in no zone",
    );
    let undated = cut(&usual, &format!("\"created\": \"{CREATED}\",\n      "));
    group.add(
        "created-absent.json",
        make(&undated),
        valid(),
        "a proof need not say when it was made",
    );
    let context = swap(
        &whole,
        "{\"type\":\"DataIntegrityProof\"",
        "{\"@context\":[\"https://w3id.org/security/data-integrity/v2\"],\"type\":\"DataIntegrityProof\"",
    );
    group.add(
        "context-inside.json",
        context,
        invalid("form.context"),
        "a context inside the proof, which no signature covers",
    );
    let nested = swap(&whole, "\"proof\":[", "\"proof\":[[");
    let nested = nested
        .trim_end()
        .strip_suffix("}")
        .map(|text| format!("{text}]}}"));
    group.add(
        "array-in-array.json",
        nested.unwrap(),
        invalid("schema.nonconforming").fails("proof.malformed"),
        "an array in the array of proofs",
    );
    let text = swap(
        &whole,
        between(&whole, "\"proof\":[", "]"),
        "\"proof\":[\"z3hZ\"]",
    );
    group.add(
        "text.json",
        text,
        invalid("schema.nonconforming").fails("proof.malformed"),
        "a text where a proof should be",
    );
}

/// Adds the order of the group to a signature's scalar, which stands in its last 32 bytes with the
/// least byte first.
pub(super) fn plus_group_order(signature: &[u8]) -> Vec<u8> {
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
        0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut sum = signature.to_vec();
    let mut carry = 0;
    for (byte, order) in sum[32..].iter_mut().zip(ORDER) {
        carry += u16::from(*byte) + u16::from(order);
        *byte = carry.to_le_bytes()[0];
        carry >>= 8;
    }
    sum
}

pub(super) fn suites(group: &mut Group) {
    let whole = signed(&badge());
    for (file, suite, expected, why) in [
        (
            "suite-sd.json",
            "ecdsa-sd-2023",
            invalid("proof.algorithm"),
            "the name of a suite for other keys",
        ),
        (
            "suite-ecdsa.json",
            "ecdsa-rdfc-2019",
            invalid("proof.algorithm"),
            "the name of a suite for other keys",
        ),
        (
            "suite-jcs.json",
            "eddsa-jcs-2022",
            invalid("proof.signature"),
            "the name of a suite over other bytes",
        ),
        (
            "suite-draft.json",
            "eddsa-2022",
            invalid("proof.signature"),
            "the name that a draft gave the suite, which nobody signed",
        ),
        (
            "suite-bbs.json",
            "bbs-2023",
            unknown("proof.suite"),
            "a suite that is not supported",
        ),
        (
            "suite-invented.json",
            "eddsa-rdfc-2099",
            unknown("proof.suite"),
            "a suite that nobody knows",
        ),
    ] {
        group.add(file, swap(&whole, "eddsa-rdfc-2022", suite), expected, why);
    }
    let older = swap(
        &whole,
        "{\"type\":\"DataIntegrityProof\",\"cryptosuite\":\"eddsa-rdfc-2022\"",
        "{\"type\":\"Ed25519Signature2020\"",
    );
    let older = swap(
        &older,
        "context-3.0.3.json\"",
        "context-3.0.3.json\",\n    \"https://w3id.org/security/suites/ed25519-2020/v1\"",
    );
    group.add(
        "suite-2020.json",
        older,
        invalid("proof.signature"),
        "the name of an older proof type, which nobody signed",
    );
    let p256 = keys::issuer_p256();
    let did = keys::did(&p256);
    let method = format!("{did}#{}", keys::multikey(&p256));
    let other_curve = carelessly(&small(&did), &proof(&method), &p256);
    group.add(
        "key-of-another-kind.json",
        other_curve,
        invalid("proof.algorithm"),
        "a key on another curve than the suite's",
    );
}

/// The points of small order: for such a key, anybody makes signatures that a careless check accepts.
pub(super) fn weak_keys(group: &mut Group) {
    let mut identity = [0; 32];
    identity[0] = 1;
    let mut order_two = [0xff; 32];
    order_two[0] = 0xec;
    order_two[31] = 0x7f;
    let mut identity_again = [0xff; 32];
    identity_again[0] = 0xee;
    identity_again[31] = 0x7f;
    let mut signature = [0; 64];
    signature[0] = 1;
    for (file, point, why) in [
        (
            "key-identity.json",
            identity,
            "a key for which one signature fits every text",
        ),
        (
            "key-of-order-two.json",
            order_two,
            "a key for which one signature fits every second text",
        ),
        (
            "key-identity-not-canonical.json",
            identity_again,
            "the same key in another spelling",
        ),
    ] {
        let multikey = encode_base58btc(&[&[0xed, 0x01][..], &point].concat());
        let did = format!("did:key:{multikey}");
        let badge = forged(&did, &format!("{did}#{multikey}"), &signature);
        group.add(
            file,
            badge,
            invalid("issuer.contradicted").fails("proof.method"),
            why,
        );
        let document = documents::did_web().changed(&format!("did-web-{file}"), |document| {
            let method = format!("{WEB}#key");
            document["verificationMethod"][0]["id"] = method.clone().into();
            document["verificationMethod"][0]["publicKeyMultibase"] = multikey.into();
            document["assertionMethod"] = serde_json::json!([method]);
        });
        let badge = forged(WEB, &format!("{WEB}#key"), &signature);
        group.add(
            &format!("web-{file}"),
            badge,
            weak_listed().knows([document]),
            why,
        );
    }
    let honest = signed_by(&badge(), &keys::issuer());
    let value = between(&honest, "\"proofValue\":\"z", "\"}").to_owned();
    let small_nonce = swap(
        &honest,
        &value,
        &format!("\"proofValue\":\"{}\"}}", encode_base58btc(&signature)),
    );
    group.add(
        "nonce-identity.json",
        small_nonce,
        invalid("proof.signature"),
        "a signature whose first half is a point of small order",
    );
}

/// A key that the issuer lists and that is no usable one.
pub(super) fn weak_listed() -> Expected {
    unknown("proof.method")
}

/// The small badge with this value instead of a signature.
pub(super) fn forged(issuer: &str, method: &str, value: &[u8]) -> String {
    let signed = signed_with(&small(issuer), &keys::mallory(), method);
    let old = between(&signed, "\"proofValue\":\"z", "\"}").to_owned();
    swap(
        &signed,
        &old,
        &format!("\"proofValue\":\"{}\"}}", encode_base58btc(value)),
    )
}
