//! Proofs: sets, chains, purposes, and signatures that hold for the wrong reason.

mod chains;
mod members;
mod older_types;
mod suites;

use badges_core::credential::SignedCredential;
use badges_core::jsonld::Policy;
use badges_core::key::{SigningKey, decode_multibase, encode_base58btc};
use badges_core::proof::data_integrity::ProofOptions;

use super::badge::{key_issuer, small};
use super::edit::{between, swap, with};
use super::expected::{invalid, unknown, valid};
use super::sign::{options, signed, signed_with};
use super::{Group, keys};

pub(super) fn group() -> Group {
    let mut group = Group::new("proofs");
    sets(&mut group);
    chains::one_suite(&mut group);
    chains::every_suite(&mut group);
    members::members(&mut group);
    members::suites(&mut group);
    members::weak_keys(&mut group);
    suites::all(&mut group);
    older_types::all(&mut group);
    group
}

fn badge() -> String {
    small(&key_issuer())
}

/// The badge with another proof.
fn add(badge: &str, key: &SigningKey, options: &ProofOptions) -> String {
    SignedCredential::parse(badge)
        .and_then(|badge| badge.add_proof(key, options, Policy::Badge))
        .unwrap()
        .into_text()
}

fn own(key: &SigningKey) -> ProofOptions {
    let did = keys::did(key);
    options(&format!("{did}#{}", keys::multikey(key)))
}

fn sets(group: &mut Group) {
    let once = signed(&badge());
    let twice = add(&once, &keys::witness(), &own(&keys::witness()));
    group.add(
        "set.json",
        twice.clone(),
        valid().asks([]),
        "a second proof by somebody else, both hold",
    );
    let first = between(&twice, "\"proof\":[{", "\"}");
    let second = twice[twice.find(first).unwrap() + first.len()..].to_owned();
    let second = between(&second, "{", "\"}").to_owned();
    let broken_second = swap(&twice, &second, &with_other_value(&second));
    group.add(
        "set-broken-second.json",
        broken_second,
        invalid("proof.signature"),
        "the issuer's proof holds, the other does not: all must",
    );
    let broken_first = swap(&twice, first, &with_other_value(first));
    group.add(
        "set-broken-first.json",
        broken_first,
        invalid("proof.signature"),
        "the other's proof holds, the issuer's does not",
    );
    let only_witness = swap(&twice, first.trim_start_matches("\"proof\":["), "");
    let only_witness = swap(&only_witness, "\"proof\":[,", "\"proof\":[");
    let stranger = || invalid("issuer.contradicted");
    group.add(
        "set-without-issuer.json",
        only_witness,
        stranger(),
        "the issuer's proof was taken out of the set: what is left is not the issuer's",
    );
    let reversed = swap(&twice, &second, "SECOND");
    let reversed = swap(&reversed, first.trim_start_matches("\"proof\":["), &second);
    let reversed = swap(&reversed, "SECOND", first.trim_start_matches("\"proof\":["));
    group.add(
        "set-reversed.json",
        reversed,
        valid(),
        "the order of a set means nothing",
    );
    let same = swap(&twice, &second, first.trim_start_matches("\"proof\":["));
    group.add("set-same-twice.json", same, valid(), "the same proof twice");
    let by_mallory = signed_with(
        &badge(),
        &keys::mallory(),
        &own(&keys::mallory()).verification_method,
    );
    group.add(
        "by-another-key.json",
        by_mallory,
        stranger().asks([]),
        "somebody else's proof only",
    );
    let as_issuer = signed_with(
        &badge(),
        &keys::mallory(),
        &own(&keys::issuer()).verification_method,
    );
    group.add(
        "by-another-key-in-the-issuers-name.json",
        as_issuer,
        invalid("proof.signature"),
        "somebody else's signature under the issuer's key",
    );
    group.add("none.json", badge(), invalid("proof.missing"), "no proof");
    group.add(
        "empty.json",
        with(&badge(), "\"proof\": []"),
        invalid("proof.missing"),
        "an empty set of proofs",
    );
    let unsupported = r#"{"type":"DataIntegrityProof","cryptosuite":"bbs-2023","created":"2026-01-10T09:00:00Z","verificationMethod":"METHOD","proofPurpose":"assertionMethod","proofValue":"u2V0AhVhA"}"#
        .replace("METHOD", &own(&keys::issuer()).verification_method);
    let mixed = swap(&once, "\"proof\":[", &format!("\"proof\":[{unsupported},"));
    group.add(
        "set-with-unsupported.json",
        mixed,
        unknown("proof.suite"),
        "the issuer's proof holds, another is of a suite that is not supported",
    );
    let many = swap(
        &once,
        first,
        &[
            first,
            &format!(",{}", first.trim_start_matches("\"proof\":[")).repeat(16),
        ]
        .concat(),
    );
    group.add(
        "set-of-17.json",
        many,
        invalid("proof.malformed"),
        "more proofs than are looked at",
    );
}

/// A proof with another value.
fn with_other_value(proof: &str) -> String {
    let value = between(proof, "\"proofValue\":\"", "\"}");
    let digits = value
        .trim_start_matches("\"proofValue\":\"")
        .trim_end_matches("\"}");
    let mut bytes = decode_multibase(digits).unwrap();
    bytes[10] ^= 1;
    swap(proof, digits, &encode_base58btc(&bytes))
}
