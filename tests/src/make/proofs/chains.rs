//! Chains: proofs that build on others (`previousProof`), in every suite that allows them.

use badges_core::credential::UnsignedCredential;
use badges_core::key::SigningKey;
use badges_core::proof::data_integrity::ProofOptions;
use badges_core::proof::suite::Suite;

use super::{add, badge, own, suites, with_other_value};
use crate::make::edit::{between, cut, swap};
use crate::make::expected::{invalid, valid};
use crate::make::{Group, keys};

/// The options of a proof that is a link of a chain.
fn linked(options: ProofOptions, id: &str, previous: &[&str]) -> ProofOptions {
    ProofOptions {
        id: Some(id.to_owned()),
        previous: previous.iter().map(|&id| id.to_owned()).collect(),
        ..options
    }
}

/// What attackers do to a chain of three, in the usual suite.
pub(super) fn one_suite(group: &mut Group) {
    let link = |key: &SigningKey, id: &str, previous: &[&str]| linked(own(key), id, previous);
    let (one, two, three) = ("urn:uuid:1", "urn:uuid:2", "urn:uuid:3");
    let unsigned = UnsignedCredential::from_json(&badge());
    let first = unsigned
        .and_then(|badge| badge.sign(&keys::issuer(), &link(&keys::issuer(), one, &[])))
        .unwrap()
        .into_text();
    let second = add(
        &first,
        &keys::witness(),
        &link(&keys::witness(), two, &[one]),
    );
    let third = add(
        &second,
        &keys::endorser(),
        &link(&keys::endorser(), three, &[one, two]),
    );
    group.add(
        "chain.json",
        third.clone(),
        valid(),
        "three proofs, each over those before it",
    );
    group.add(
        "chain-repeated.json",
        swap(
            &second,
            "\"previousProof\":\"urn:uuid:1\"",
            "\"previousProof\":[\"urn:uuid:1\",\"urn:uuid:1\"]",
        ),
        invalid("proof.malformed"),
        "the last link names the first twice",
    );
    let third_proof = &third[third.rfind(",{\"id\"").unwrap()..third.len() - 2];
    group.add(
        "chain-last-removed.json",
        cut(&third, third_proof),
        valid(),
        "without its last link a chain is a shorter chain",
    );
    let second_proof = between(&third, ",{\"id\":\"urn:uuid:2\"", "\"}");
    let expected = invalid("proof.previous");
    group.add(
        "chain-link-removed.json",
        cut(&third, second_proof),
        expected.clone(),
        "the last link builds on one that was taken out",
    );
    let first_proof = between(&third, "{\"id\":\"urn:uuid:1\"", "\"},");
    group.add(
        "chain-first-removed.json",
        cut(&third, first_proof),
        expected.fails("issuer.contradicted"),
        "the first link, the issuer's, was taken out",
    );
    let broken = swap(
        &third,
        first_proof,
        &format!("{},", with_other_value(first_proof.trim_end_matches(','))),
    );
    group.add(
        "chain-first-broken.json",
        broken,
        invalid("proof.signature"),
        "the first link does not hold",
    );
    let renamed = third.replace(two, "urn:uuid:4");
    group.add(
        "chain-renamed.json",
        renamed,
        invalid("proof.signature"),
        "a link has another id",
    );
    let unchained = swap(&second, ",\"previousProof\":\"urn:uuid:1\"", "");
    group.add(
        "chain-undone.json",
        unchained,
        invalid("proof.signature"),
        "a link was made to stand alone",
    );
    let own_tail = swap(
        &first,
        "\"proofPurpose\"",
        "\"previousProof\":\"urn:uuid:1\",\"proofPurpose\"",
    );
    group.add(
        "chain-to-itself.json",
        own_tail,
        invalid("proof.previous"),
        "a proof that builds on itself",
    );
}

/// A witness signs first, and the issuer over that.
pub(super) fn every_suite(group: &mut Group) {
    let cases = [
        (
            "eddsa-jcs-2022",
            [Suite::EddsaJcs2022; 2],
            keys::issuer(),
            keys::witness(),
        ),
        (
            "ecdsa-rdfc-2019-p256",
            [Suite::EcdsaRdfc2019; 2],
            keys::issuer_p256(),
            SigningKey::p256(&[6; 32]).unwrap(),
        ),
        (
            "ecdsa-rdfc-2019-p384",
            [Suite::EcdsaRdfc2019; 2],
            keys::issuer_p384(),
            SigningKey::p384(&[6; 48]).unwrap(),
        ),
        (
            "ecdsa-jcs-2019-p256",
            [Suite::EcdsaJcs2019; 2],
            keys::issuer_p256(),
            SigningKey::p256(&[6; 32]).unwrap(),
        ),
        // The context of the older type has no word for a previous proof: it can only come first.
        (
            "ed25519-2020",
            [Suite::Ed25519Signature2020, Suite::EddsaRdfc2022],
            keys::issuer(),
            keys::witness(),
        ),
    ];
    for (name, [first, second], issuer, witness) in cases {
        let (one, two) = ("urn:uuid:1", "urn:uuid:2");
        let witnessed = |created: &str| {
            let options = ProofOptions {
                created: created.to_owned(),
                ..linked(suites::own(&witness, first), one, &[])
            };
            UnsignedCredential::from_json(&suites::unsigned(first, &issuer))
                .and_then(|badge| badge.sign(&witness, &options))
                .unwrap()
                .into_text()
        };
        let options = linked(suites::own(&issuer, second), two, &[one]);
        let chain = add(&witnessed("2026-01-10T08:00:00Z"), &issuer, &options);
        let of_witness = |text: &str| first_proof(text).to_owned();
        let other = witnessed("2026-01-10T08:30:00Z");
        for (what, badge, expected, why) in [
            (
                "",
                chain.clone(),
                valid().asks([]),
                "a witness's proof, and the issuer's over it",
            ),
            (
                "-link-removed",
                cut(&chain, &format!("{},", of_witness(&chain))),
                invalid("proof.previous"),
                "the witness's proof, on which the issuer's builds, was taken out",
            ),
            (
                "-link-unknown",
                swap(
                    &chain,
                    &format!("\"previousProof\":\"{one}\""),
                    "\"previousProof\":\"urn:uuid:9\"",
                ),
                invalid("proof.previous"),
                "the issuer's proof builds on one that is not there",
            ),
            (
                "-link-replaced",
                swap(&chain, &of_witness(&chain), &of_witness(&other)),
                invalid("proof.signature"),
                "the witness's proof is another one of the same id, which holds",
            ),
            (
                "-undone",
                cut(&chain, &format!(",\"previousProof\":\"{one}\"")),
                invalid("proof.signature"),
                "the issuer's proof was made to stand alone",
            ),
        ] {
            group.add(&format!("chain-{name}{what}.json"), badge, expected, why);
        }
    }
    let suite = Suite::Ed25519Signature2020;
    let alone = suites::signed(suite, &keys::issuer());
    let options = linked(suites::own(&keys::witness(), suite), "urn:uuid:1", &[]);
    let both = add(&alone, &keys::witness(), &options);
    let issuers = first_proof(&both);
    let chained = swap(
        issuers,
        "\"proofPurpose\"",
        "\"previousProof\":\"urn:uuid:1\",\"proofPurpose\"",
    );
    group.add(
        "chain-of-ed25519-2020.json",
        swap(&both, issuers, &chained),
        invalid("form.json-ld"),
        "a previous proof where no context has a word for it, so that it would not be signed",
    );
}

/// The text of the first proof.
fn first_proof(badge: &str) -> &str {
    between(badge, "\"proof\":[", "\"}").trim_start_matches("\"proof\":[")
}
