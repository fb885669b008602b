//! The older proof types: those whose value is a detached JWS, which the library only reads, and
//! `Ed25519Signature2020` in the older data model.

use badges_core::json;
use badges_core::jsonld::{Edition, Policy, RootContext};
use badges_core::key::SigningKey;
use badges_core::proof::data_integrity::{hash_configuration, hash_document, signing_input};
use badges_core::proof::suite::{Hashing, Suite};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::make::badge::{WEB, key_issuer, model_1_for_2020, small};
use crate::make::edit::{swap, with};
use crate::make::expected::{invalid, unknown, valid};
use crate::make::sign::{CREATED, carelessly, own_method, proof_2020};
use crate::make::{Group, documents, keys};

const ALTERED: &str = "its achievement says something else now";

pub(super) fn all(group: &mut Group) {
    for (name, suite) in [
        ("ed25519-2018", Suite::Ed25519Signature2018),
        ("json-web-signature-2020", Suite::JsonWebSignature2020),
    ] {
        let badge = unsigned(suite, &key_issuer());
        let method = own_method(&badge, &keys::issuer());
        let made = |header: &str| signed(&badge, suite, &keys::issuer(), &method, header);
        let good = made(&unencoded("EdDSA"));
        group.add(
            &format!("{name}.json"),
            good.clone(),
            valid().asks([]),
            "a badge with an older proof type",
        );
        group.add(
            &format!("{name}-altered.json"),
            altered(&good),
            invalid("proof.signature"),
            ALTERED,
        );
        let other = "proof.algorithm";
        for (what, header, check) in [
            ("none", &*unencoded("none"), other),
            ("es256", &unencoded("ES256"), other),
            ("ps256", &unencoded("PS256"), other),
            ("encoded", r#"{"alg":"EdDSA"}"#, "proof.malformed"),
            (
                "uncritical",
                r#"{"alg":"EdDSA","b64":false}"#,
                "proof.malformed",
            ),
        ] {
            group.add(
                &format!("{name}-{what}.json"),
                made(header),
                invalid(check),
                "a header that says something else than the type asks for",
            );
        }
    }
    listed_keys(group);
    older_model(group);
    draft(group);
}

/// A badge of the plugfest of 2022, under the context of a draft.
fn draft(group: &mut Group) {
    let badge = include_str!("../templates/plugfest-2022.json").replace("ISSUER", &key_issuer());
    let key = keys::issuer();
    let signed_2020 = |badge: &str| carelessly(badge, &proof_2020(&own_method(badge, &key)), &key);
    let badge = signed_2020(&badge);
    group.add(
        "draft-2022.json",
        badge.clone(),
        valid().asks([]),
        "a badge under the context of a draft of 2022",
    );
    group.add(
        "draft-2022-altered.json",
        swap(&badge, "Display this badge.", "Draw this badge."),
        invalid("proof.signature"),
        ALTERED,
    );
    let own = "https://w3c-ccg.github.io/vc-ed/plugfest-1-2022/jff-vc-edu-plugfest-1-context.json";
    let last = "suites/ed25519-2020/v1\"";
    let later = signed_2020(&model_1_for_2020(&small(&key_issuer())));
    group.add(
        "draft-2022-appended.json",
        swap(&later, last, &format!("{last},\n    \"{own}\"")),
        unknown("form.context").says("plugfest"),
        "the draft's context was appended, so that members could be renamed",
    );
    group.add(
        "draft-2022-inside.json",
        swap(
            &later,
            "\"type\": [\"Achievement\"]",
            &format!("\"@context\": [\"{own}\"], \"type\": [\"Achievement\"]"),
        ),
        unknown("form.context").says("plugfest"),
        "the same, inside the achievement",
    );
}

/// What many wallets hold: version 1.1 of the data model, and `Ed25519Signature2020`.
fn older_model(group: &mut Group) {
    let badge = model_1_for_2020(&small(&key_issuer()));
    let key = keys::issuer();
    let badge = carelessly(&badge, &proof_2020(&own_method(&badge, &key)), &key);
    group.add(
        "ed25519-2020-model-1.json",
        badge.clone(),
        valid().asks([]),
        "version 1.1 of the data model, with an older proof type",
    );
    group.add(
        "ed25519-2020-model-1-altered.json",
        altered(&badge),
        invalid("proof.signature"),
        ALTERED,
    );
    let later = swap(
        &badge,
        "\"expirationDate\": \"2027-01-10",
        "\"expirationDate\": \"2037-01-10",
    );
    group.add(
        "ed25519-2020-model-1-prolonged.json",
        later,
        invalid("proof.signature").at("2028-01-01T00:00:00Z"),
        "an expired badge whose end was moved",
    );
}

/// Keys that the issuer's document lists as JWK.
fn listed_keys(group: &mut Group) {
    let suite = Suite::JsonWebSignature2020;
    let badge = unsigned(suite, WEB);
    let known = [documents::did_web_jwk()];
    for (algorithm, other, fragment, key) in [
        ("ES256", "ES384", "p256", keys::issuer_p256()),
        ("ES384", "ES256", "p384", keys::issuer_p384()),
        ("RS256", "ES256", "rsa", keys::issuer_rsa()),
    ] {
        let name = format!("json-web-signature-2020-web-{fragment}");
        let method = format!("{WEB}#{fragment}");
        let made = |algorithm: &str| signed(&badge, suite, &key, &method, &unencoded(algorithm));
        let good = made(algorithm);
        group.add(
            &format!("{name}.json"),
            good.clone(),
            valid().knows(known.clone()).asks([documents::WEB_URL]),
            &format!("a badge with an older proof type and {algorithm}"),
        );
        group.add(
            &format!("{name}-altered.json"),
            altered(&good),
            invalid("proof.signature").knows(known.clone()),
            ALTERED,
        );
        group.add(
            &format!("{name}-other-algorithm.json"),
            made(other),
            invalid("proof.algorithm").knows(known.clone()),
            &format!("a header that says {other}, and the key is for {algorithm}"),
        );
    }
    let method = format!("{WEB}#rsa");
    group.add(
        "json-web-signature-2020-web-ps256.json",
        signed(
            &badge,
            suite,
            &keys::issuer_rsa(),
            &method,
            &unencoded("PS256"),
        ),
        unknown("proof.algorithm").knows(known),
        "an RSA key in a way that is not implemented",
    );
}

/// The badge with the context of its proof.
fn unsigned(suite: Suite, issuer: &str) -> String {
    let last = "context-3.0.3.json\"";
    let own = format!("{last},\n    \"{}\"", suite.context());
    swap(&small(issuer), last, &own)
}

fn altered(badge: &str) -> String {
    swap(badge, "ten edits that", "a thousand edits that")
}

/// The header of a JWS over bytes as they are (RFC 7797).
fn unencoded(algorithm: &str) -> String {
    format!(r#"{{"alg":"{algorithm}","b64":false,"crit":["b64"]}}"#)
}

/// A badge with a proof whose JWS has this header.
fn signed(badge: &str, suite: Suite, key: &SigningKey, method: &str, header: &str) -> String {
    let members = format!(
        "\"type\": \"{}\", \"created\": \"{CREATED}\", \"verificationMethod\": \"{method}\", \"proofPurpose\": \"assertionMethod\"",
        suite.name(),
    );
    let document = json::parse(badge).unwrap();
    let proof = format!("{{{members}}}");
    let proof = json::parse(&proof).unwrap();
    let root = RootContext::of(&document, Edition::NEWEST, Policy::Badge).unwrap();
    let way = (suite.canonicalization(), Hashing::Sha256);
    let hash = hash_document(way, &root, &document, &[]).unwrap();
    let configuration = hash_configuration(suite, Hashing::Sha256, &root, &proof).unwrap();
    let header = URL_SAFE_NO_PAD.encode(header);
    let input = [
        header.as_bytes(),
        b".",
        &signing_input(&configuration, &hash),
    ]
    .concat();
    let signature = URL_SAFE_NO_PAD.encode(key.sign(&input).unwrap());
    with(
        badge,
        &format!("\"proof\": [{{{members}, \"jws\": \"{header}..{signature}\"}}]"),
    )
}
