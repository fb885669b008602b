//! Endorsements that do not count.

use super::{BADGE, about, by_endorser, carelessly_by_endorser, endorsed, fails, holds};
use crate::make::badge::{key_issuer, small};
use crate::make::edit::{between, cut, swap, with};
use crate::make::expected::{invalid, unknown};
use crate::make::sign::{carelessly, proof, signed, signed_with};
use crate::make::{Group, keys};

pub(super) fn unsound(group: &mut Group) {
    let good = by_endorser(&about(BADGE));
    let transplanted = by_endorser(&about("https://issuer.example.org/badges/other"));
    group.add(
        "transplanted.json",
        endorsed(&transplanted),
        fails("endorsements.other-subject"),
        "the endorsement of another badge",
    );
    let until = |date: &str| {
        swap(
            &about(BADGE),
            "\"credentialSubject\"",
            &format!("\"validUntil\": \"{date}\",\n  \"credentialSubject\""),
        )
    };
    let ended = by_endorser(&until("2026-03-01T00:00:00Z"));
    group.add(
        "expired.json",
        endorsed(&ended),
        fails("validity.expired"),
        "its time is over",
    );
    let early = by_endorser(&swap(
        &about(BADGE),
        "2026-01-10T09:00:00Z",
        "2026-07-01T00:00:00Z",
    ));
    group.add(
        "not-yet.json",
        endorsed(&early),
        fails("validity.not-yet"),
        "its time has not come",
    );
    let altered = swap(&good, "Asks for the right things.", "Worth a doctorate.");
    group.add(
        "altered.json",
        endorsed(&altered),
        fails("proof.signature"),
        "it was changed before the badge was signed",
    );
    group.add(
        "altered-later.json",
        swap(
            &endorsed(&good),
            "Asks for the right things.",
            "Worth a doctorate.",
        ),
        invalid("proof.signature"),
        "it was changed after the badge was signed: it is part of the badge",
    );
    group.add(
        "removed-later.json",
        swap(&endorsed(&good), &good, ""),
        invalid("proof.signature"),
        "it was taken out of the badge",
    );
    group.add(
        "unsigned.json",
        endorsed(&about(BADGE)),
        fails("proof.missing"),
        "it is not signed",
    );
    let by_mallory = signed_with(
        &about(BADGE),
        &keys::mallory(),
        &format!(
            "{}#{}",
            keys::did(&keys::mallory()),
            keys::multikey(&keys::mallory())
        ),
    );
    group.add(
        "by-another.json",
        endorsed(&by_mallory),
        fails("issuer.contradicted"),
        "it is not by the endorser whom it names",
    );
    let badge = signed(&small(&key_issuer()));
    let badge = swap(&badge, "badges/7f3a", "badges/7f3a#endorsement");
    group.add(
        "is-a-badge.json",
        endorsed(&badge),
        // Its subject is in the place of what is endorsed, and has the other badge's achievement too.
        unknown("form.mixed").fails("endorsements.invalid"),
        "a badge in the place of an endorsement",
    );
    let respelled = swap(
        &good,
        "\"validFrom\"",
        "\"https://www.w3.org/2018/credentials#validFrom\"",
    );
    group.add(
        "respelled.json",
        endorsed_by_careless_issuer(&respelled),
        invalid("form.json-ld"),
        "a re-spelled member inside an endorsement is one inside the badge",
    );
    let bare = cut(&good, between(&good, "\"@context\": [", "],"));
    group.add(
        "no-context.json",
        swap(&endorsed(&good), &good, &bare),
        fails("form.context"),
        "its contexts were taken out: those of the badge do not stand in",
    );
    let other = swap(
        &good,
        "context-3.0.3.json\"",
        "context-3.0.3.json\",\n    \"https://mallory.example.org/context.json\"",
    );
    group.add(
        "unknown-context.json",
        swap(&endorsed(&good), &good, &other),
        unknown("form.context"),
        "a context that is not known makes the badge unreadable too",
    );
    let nameless = carelessly_by_endorser(&cut(&about(BADGE), "\n  \"name\": \"Recommended\","));
    group.add(
        "nameless.json",
        endorsed(&nameless),
        holds(),
        "an endorsement without a name, as many have it",
    );
    let subjectless =
        carelessly_by_endorser(&cut(&about(BADGE), &format!("\n    \"id\": \"{BADGE}\",")));
    group.add(
        "of-nothing.json",
        endorsed(&subjectless),
        fails("endorsements.other-subject"),
        "it does not say what it endorses",
    );
}

/// The small badge with an endorsement that cannot be signed under the library's rules.
pub(super) fn endorsed_by_careless_issuer(endorsement: &str) -> String {
    let badge = with(
        &small(&key_issuer()),
        &format!("\"endorsement\": [{endorsement}]"),
    );
    let key = keys::issuer();
    carelessly(
        &badge,
        &proof(&format!("{}#{}", key_issuer(), keys::multikey(&key))),
        &key,
    )
}
