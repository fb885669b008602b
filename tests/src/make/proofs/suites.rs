//! Badges in every suite: as their issuers signed them, and as attackers would have them.

use badges_core::credential::{SignedCredential, UnsignedCredential};
use badges_core::json;
use badges_core::jsonld::{Edition, Policy, RootContext};
use badges_core::key::{SigningKey, decode_multibase, encode_base58btc};
use badges_core::proof::data_integrity::ProofOptions;
use badges_core::proof::selective::{Randomness, base};
use badges_core::proof::suite::Suite;

use super::super::badge::{entry, small};
use super::super::edit::{between, swap, with};
use super::super::expected::{Expected, invalid, unknown, valid};
use super::super::sign::{CREATED, options, proof};
use super::super::{Group, keys};

pub(super) fn all(group: &mut Group) {
    for (name, suite, key) in [
        ("eddsa-2022", Suite::Eddsa2022, keys::issuer()),
        ("eddsa-jcs-2022", Suite::EddsaJcs2022, keys::issuer()),
        ("ed25519-2020", Suite::Ed25519Signature2020, keys::issuer()),
        (
            "ecdsa-rdfc-2019-p256",
            Suite::EcdsaRdfc2019,
            keys::issuer_p256(),
        ),
        (
            "ecdsa-rdfc-2019-p384",
            Suite::EcdsaRdfc2019,
            keys::issuer_p384(),
        ),
        (
            "ecdsa-jcs-2019-p256",
            Suite::EcdsaJcs2019,
            keys::issuer_p256(),
        ),
        (
            "ecdsa-jcs-2019-p384",
            Suite::EcdsaJcs2019,
            keys::issuer_p384(),
        ),
    ] {
        let badge = signed(suite, &key);
        group.add(
            &format!("{name}.json"),
            badge.clone(),
            valid().asks([]),
            "a badge in this suite",
        );
        group.add(
            &format!("{name}-altered.json"),
            swap(&badge, "ten edits that", "a thousand edits that"),
            invalid("proof.signature"),
            "its achievement says something else now",
        );
        let moved = swap(
            &badge,
            &format!("\"created\":\"{CREATED}\""),
            "\"created\":\"2026-01-10T09:00:01Z\"",
        );
        group.add(
            &format!("{name}-moved.json"),
            moved,
            invalid("proof.signature"),
            "its proof says another time",
        );
    }
    other_s(group);
    contexts(group);
    numbers(group);
    selective(group);
}

pub(super) fn own(key: &SigningKey, suite: Suite) -> ProofOptions {
    let did = keys::did(key);
    ProofOptions {
        suite,
        ..options(&format!("{did}#{}", keys::multikey(key)))
    }
}

/// The badge of whoever has this key, with the context of the suite where it needs one.
pub(super) fn unsigned(suite: Suite, key: &SigningKey) -> String {
    let badge = small(&keys::did(key));
    if suite.is_type() {
        let last = "context-3.0.3.json\"";
        swap(
            &badge,
            last,
            &format!("{last},\n    \"{}\"", suite.context()),
        )
    } else {
        badge
    }
}

pub(super) fn signed(suite: Suite, key: &SigningKey) -> String {
    UnsignedCredential::from_json(&unsigned(suite, key))
        .and_then(|badge| badge.sign(key, &own(key, suite)))
        .unwrap()
        .into_text()
}

/// ECDSA holds with two values of `s`, and the standards take both.
fn other_s(group: &mut Group) {
    let badge = signed(Suite::EcdsaRdfc2019, &keys::issuer_p384());
    let start = badge.find("\"proofValue\":\"").unwrap() + 14;
    let value = &badge[start..start + badge[start..].find('"').unwrap()];
    let signature = p384::ecdsa::Signature::from_slice(&decode_multibase(value).unwrap()).unwrap();
    let (r, s) = signature.split_scalars();
    let mirrored = p384::ecdsa::Signature::from_scalars(r, -s).unwrap();
    group.add(
        "ecdsa-other-s.json",
        swap(&badge, value, &encode_base58btc(&mirrored.to_bytes())),
        valid(),
        "the other value of s: another text, which says the same and no more",
    );
}

/// Contexts that stand in the proof only.
fn contexts(group: &mut Group) {
    let suite = Suite::Ed25519Signature2020;
    let badge = signed(suite, &keys::issuer());
    let context = format!("\"{}\"", suite.context());
    let bare = swap(&badge, &format!(",\n    {context}"), "");
    let inside = |contexts: &str| {
        swap(
            &bare,
            "\"proof\":[{",
            &format!("\"proof\":[{{\"@context\":{contexts},"),
        )
    };
    group.add(
        "context-in-proof.json",
        inside(&format!("[{context}]")),
        valid().passes("proof.signature"),
        "some wallets put the context of the older type into the proof only",
    );
    for (file, contexts) in [
        (
            "context-in-proof-inline.json",
            r#"{"@vocab":"https://example.org/"}"#.to_owned(),
        ),
        (
            "context-in-proof-other.json",
            "[\"https://w3id.org/security/suites/jws-2020/v1\"]".to_owned(),
        ),
        (
            "context-in-proof-more.json",
            format!("[{context},\"https://www.w3.org/ns/did/v1\"]"),
        ),
    ] {
        group.add(
            file,
            inside(&contexts),
            invalid("form.context"),
            "contexts in the proof that nobody signed",
        );
    }
    group.add(
        "context-of-the-type-missing.json",
        bare,
        invalid("form.json-ld"),
        "no context has the words of the proof",
    );
    // Under canonical JSON the proof repeats the contexts, and they are signed there.
    let badge = signed(Suite::EddsaJcs2022, &keys::issuer());
    let appended = swap(
        &badge,
        "context-3.0.3.json\"\n  ],\n",
        "context-3.0.3.json\",\n    \"https://www.w3.org/ns/did/v1\"\n  ],\n",
    );
    group.add(
        "jcs-context-appended.json",
        appended,
        invalid("form.context"),
        "a context more in the document than the proof signs",
    );
}

/// Numbers of which canonical JSON keeps less than the badge says.
fn numbers(group: &mut Group) {
    let badge = signed(Suite::EddsaJcs2022, &keys::issuer());
    let with_number = |number: &str| {
        swap(
            &badge,
            "\"creditsEarned\": 1.5",
            &format!("\"creditsEarned\": {number}"),
        )
    };
    group.add(
        "jcs-number-respelled.json",
        with_number("15.0e-1"),
        valid(),
        "the same number in another spelling",
    );
    for (file, number) in [
        ("jcs-number-hidden-digits.json", "1.50000000000000000001"),
        ("jcs-number-huge.json", "1e999"),
    ] {
        group.add(
            file,
            with_number(number),
            invalid("form.json-ld"),
            "a number that only looks like the signed one",
        );
    }
}

fn selective(group: &mut Group) {
    let key = keys::issuer_p256();
    let unsigned = unsigned(Suite::EcdsaSd2023, &key);
    let sign = |randomness| {
        UnsignedCredential::from_json(&unsigned)
            .and_then(|badge| {
                badge.sign_selectively(
                    &key,
                    &own(&key, Suite::EcdsaSd2023),
                    &["/name"],
                    &randomness,
                )
            })
            .unwrap()
    };
    let whole_base = sign(Randomness {
        hmac_key: [7; 32],
        proof_key: [8; 32],
    });
    group.add(
        "sd-base.json",
        whole_base.text().to_owned(),
        valid().asks([]),
        "the form that its holder keeps, which shows everything",
    );
    let show = |signed: &SignedCredential, pointers: &[&str]| {
        signed.derive(pointers, Policy::Badge).unwrap().into_text()
    };
    let whole = show(&whole_base, &[""]);
    let hidden = || unknown("form.hidden");
    let part = show(&whole_base, &["/credentialSubject/achievement/description"]);
    let witnessed = SignedCredential::parse(&show(&frugal(&unsigned, &key), &["/name"]))
        .and_then(|part| {
            let witness = keys::witness();
            part.add_proof(
                &witness,
                &own(&witness, Suite::EddsaRdfc2022),
                Policy::Badge,
            )
        })
        .unwrap()
        .into_text();
    group.add(
        "sd-dates-hidden.json",
        show(&frugal(&unsigned, &key), &["/name", "/validUntil"]),
        hidden().unknown("form.hidden").says("validFrom"),
        "when it begins is hidden, which its issuer had not forbidden",
    );
    let entries = [entry("suspension", "8"), entry("revocation", "7")].join(",");
    let two = with(&unsigned, &format!("\"credentialStatus\": [{entries}]"));
    let pointers = ["/name", "/validFrom", "/validUntil", "/credentialStatus/0"];
    group.add(
        "sd-status-chosen.json",
        show(&frugal(&two, &key), &pointers),
        hidden()
            .unknown("status.not-loaded")
            .says("credentialStatus"),
        "of two entries the one is shown that does not revoke it",
    );
    let pointers = ["/name", "/validFrom", "/validUntil", "/credentialStatus/1"];
    let one_of_two = show(&frugal(&two, &key), &pointers);
    let entry = between(&one_of_two, "\"credentialStatus\":[", "]");
    let alone = swap(&one_of_two, entry, &entry.replace(['[', ']'], ""));
    for (file, badge, why) in [
        (
            "sd-status-one-of-two.json",
            one_of_two,
            "of two entries the one is shown that does not suspend it",
        ),
        (
            "sd-status-alone.json",
            alone,
            "the same, as if there were no other",
        ),
    ] {
        group.add(
            file,
            badge,
            hidden()
                .unknown("status.not-loaded")
                .says("credentialStatus"),
            why,
        );
    }
    group.add(
        "sd-with-witness.json",
        witnessed,
        hidden().unknown("form.hidden"),
        "its holder has added a proof over the part, as if that were the whole",
    );
    let cases: [(&str, String, Expected, &str); 8] = [
        (
            "sd-part-schemas.json",
            part.clone(),
            hidden()
                .unknown("form.hidden")
                .schemas()
                .says("\"member\":\"credentialSchema\""),
            "a part is shown: whether it names schemas cannot be told",
        ),
        (
            "sd-whole.json",
            whole.clone(),
            hidden(),
            "everything is shown, which nobody can tell",
        ),
        (
            "sd-part.json",
            part.clone(),
            hidden(),
            "a part is shown: whether there is a status cannot be told",
        ),
        (
            "sd-part-altered.json",
            swap(&part, "ten edits that", "a thousand edits that"),
            invalid("proof.signature"),
            "what is shown was altered",
        ),
        (
            "sd-mandatory-hidden.json",
            without_member(&part, "validUntil"),
            invalid("proof.signature").unknown("form.hidden"),
            "when it ends was taken out, which the issuer had made mandatory",
        ),
        (
            "sd-statement-added.json",
            swap(
                &part,
                "\"validUntil\"",
                "\"awardedDate\":\"2020-01-01T00:00:00Z\",\"validUntil\"",
            ),
            invalid("proof.signature"),
            "something was added",
        ),
        (
            "sd-chained.json",
            swap(
                &part,
                "\"proofPurpose\"",
                "\"previousProof\":\"urn:uuid:1\",\"proofPurpose\"",
            ),
            invalid("proof.previous"),
            "its proof says that it builds on another, which is not there",
        ),
        (
            "sd-proof-of-another.json",
            swap_value(
                &part,
                &show(
                    &sign(Randomness {
                        hmac_key: [9; 32],
                        proof_key: [10; 32],
                    }),
                    &["/credentialSubject/id"],
                ),
            ),
            invalid("proof.signature"),
            "the proof of another part",
        ),
    ];
    for (file, badge, expected, why) in cases {
        group.add(file, badge, expected, why);
    }
}

/// The badge as an issuer signs it who makes nothing mandatory but who it is.
fn frugal(unsigned: &str, key: &SigningKey) -> SignedCredential {
    let document = json::parse(unsigned).unwrap();
    let root = RootContext::of(&document, Edition::NEWEST, Policy::Badge).unwrap();
    let method = own(key, Suite::EcdsaSd2023).verification_method;
    let configuration =
        format!("{{{}}}", proof(&method)).replace("eddsa-rdfc-2022", "ecdsa-sd-2023");
    let randomness = Randomness {
        hmac_key: [7; 32],
        proof_key: [8; 32],
    };
    let proof = base(
        &root,
        &document,
        &configuration,
        &["/issuer"],
        key,
        &randomness,
    )
    .unwrap();
    SignedCredential::parse(&with(unsigned, &format!("\"proof\": [{proof}]"))).unwrap()
}

/// The text without a member whose value is a string.
fn without_member(text: &str, name: &str) -> String {
    let start = text.find(&format!("\"{name}\":")).unwrap();
    let end = start + text[start..].find(',').unwrap() + 1;
    [&text[..start], &text[end..]].concat()
}

/// The text with the value of another's proof.
fn swap_value(text: &str, other: &str) -> String {
    let value = |text: &str| {
        let start = text.find("\"proofValue\":\"").unwrap() + 14;
        text[start..start + text[start..].find('"').unwrap()].to_owned()
    };
    swap(text, &value(text), &value(other))
}
