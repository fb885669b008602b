//! Badges before, in and after their time.

use super::badge::{key_issuer, model_1, small};
use super::edit::{cut, swap};
use super::expected::{expired, invalid, not_yet_valid, valid};
use super::sign::{carelessly, own_proof, signed};
use super::{Group, keys};

pub(super) fn group() -> Group {
    let mut group = Group::new("dates");
    times(&mut group);
    texts(&mut group);
    older(&mut group);
    group
}

fn times(group: &mut Group) {
    let badge = signed(&small(&key_issuer()));
    for (file, at, expected, why) in [
        (
            "expired.json",
            "2027-06-01T00:00:00Z",
            expired(),
            "its time is over",
        ),
        (
            "expired-61-s.json",
            "2027-01-10T09:01:01Z",
            expired(),
            "over for 61 seconds",
        ),
        (
            "expired-60-s.json",
            "2027-01-10T09:01:00Z",
            valid(),
            "over for 60 seconds: clocks may be apart so far",
        ),
        (
            "not-yet.json",
            "2026-01-01T00:00:00Z",
            not_yet_valid(),
            "its time has not come",
        ),
        (
            "not-yet-61-s.json",
            "2026-01-10T08:58:59Z",
            not_yet_valid(),
            "61 seconds too early",
        ),
        (
            "not-yet-60-s.json",
            "2026-01-10T08:59:00Z",
            valid(),
            "60 seconds too early: clocks may be apart so far",
        ),
        (
            "first-moment.json",
            "2026-01-10T09:00:00Z",
            valid(),
            "the first moment",
        ),
        (
            "last-moment.json",
            "2027-01-10T09:00:00Z",
            valid(),
            "the last moment",
        ),
    ] {
        group.add(file, badge.clone(), expected.at(at), why);
    }
}

/// The small badge with another end, signed by somebody who does not ask the library.
fn until(text: &str) -> String {
    let badge = small(&key_issuer());
    let badge = swap(&badge, "\"2027-01-10T09:00:00Z\"", text);
    carelessly(&badge, &own_proof(&badge), &keys::issuer())
}

fn texts(group: &mut Group) {
    let late = "2027-06-01T00:00:00Z";
    for (file, text, expected, why) in [
        (
            "zone.json",
            "\"2027-01-10T00:30:00-10:00\"",
            valid().at("2027-01-10T10:30:00Z"),
            "an end in another zone",
        ),
        (
            "zone-expired.json",
            "\"2027-01-10T12:00:00+10:00\"",
            expired().at("2027-01-10T09:00:00Z"),
            "an end in another zone that is over",
        ),
        (
            "fraction.json",
            "\"2027-01-10T09:00:00.999Z\"",
            valid(),
            "fractions of a second",
        ),
        (
            "no-zone.json",
            "\"2027-01-10T09:00:00\"",
            invalid("schema.nonconforming").at(late),
            "an end without a zone means nothing: it is no way to have none",
        ),
        (
            "no-time.json",
            "\"2027-01-10\"",
            invalid("schema.nonconforming").at(late),
            "a day alone",
        ),
        (
            "no-such-day.json",
            "\"2027-02-30T09:00:00Z\"",
            invalid("schema.nonconforming"),
            "a day that does not exist",
        ),
        (
            "lower-case.json",
            "\"2027-01-10t09:00:00z\"",
            invalid("schema.nonconforming").at(late),
            "small letters",
        ),
        (
            "words.json",
            "\"never\"",
            invalid("schema.nonconforming"),
            "words",
        ),
        (
            "empty.json",
            "\"\"",
            invalid("schema.nonconforming"),
            "an empty text",
        ),
        (
            "year-10000.json",
            "\"10000-01-01T00:00:00Z\"",
            invalid("schema.nonconforming"),
            "a year of five digits",
        ),
        (
            "far-future.json",
            "\"9999-12-31T23:59:59Z\"",
            valid(),
            "the last second that can be written",
        ),
        (
            "end-before-begin.json",
            "\"2025-01-10T09:00:00Z\"",
            invalid("schema.nonconforming").fails("validity.expired"),
            "it ends before it begins",
        ),
    ] {
        group.add(file, until(text), expected, why);
    }
    let badge = swap(
        &small(&key_issuer()),
        "2026-01-10T09:00:00Z\",\n  \"validUntil",
        "2026-01-10T09:00:00\",\n  \"validUntil",
    );
    let badge = carelessly(&badge, &own_proof(&badge), &keys::issuer());
    group.add(
        "begin-no-zone.json",
        badge,
        invalid("schema.nonconforming"),
        "a begin without a zone",
    );
    let badge = cut(
        &small(&key_issuer()),
        "  \"validFrom\": \"2026-01-10T09:00:00Z\",\n",
    );
    let badge = carelessly(&badge, &own_proof(&badge), &keys::issuer());
    group.add(
        "no-begin.json",
        badge,
        invalid("schema.nonconforming"),
        "no begin",
    );
    let whole = signed(&small(&key_issuer()));
    for (file, text, why) in [
        (
            "array.json",
            "[\"2027-01-10T09:00:00Z\"]",
            "an end inside an array is signed alike, and is no way to have none",
        ),
        (
            "array-twice.json",
            "[\"2027-01-10T09:00:00Z\", \"2027-01-10T09:00:00Z\"]",
            "the same end twice",
        ),
    ] {
        let badge = swap(&whole, "\"2027-01-10T09:00:00Z\"", text);
        group.add(file, badge, invalid("schema.nonconforming").at(late), why);
    }
}

fn older(group: &mut Group) {
    let badge = model_1(&small(&key_issuer()));
    let old = carelessly(&badge, &own_proof(&badge), &keys::issuer());
    group.add(
        "model-1-expired.json",
        old.clone(),
        expired().at("2027-06-01T00:00:00Z"),
        "expirationDate of version 1.1 is over",
    );
    group.add(
        "model-1-not-yet.json",
        old,
        not_yet_valid().at("2026-01-01T00:00:00Z"),
        "issuanceDate of version 1.1 has not come",
    );
    let both = swap(
        &badge,
        "\"expirationDate\"",
        "\"validUntil\": \"2026-03-01T00:00:00Z\",\n  \"expirationDate\"",
    );
    let both = carelessly(&both, &own_proof(&both), &keys::issuer());
    group.add(
        "both-ends.json",
        both,
        expired(),
        "two ends in one document: the earlier counts",
    );
    let mixed = signed(&small(&key_issuer()));
    let mixed = swap(
        &mixed,
        "\"awardedDate\"",
        "\"expirationDate\": \"2027-01-10T09:00:00Z\",\n  \"awardedDate\"",
    );
    group.add(
        "expiration-date-in-model-2.json",
        mixed,
        invalid("form.json-ld"),
        "expirationDate has no meaning in version 2.0",
    );
}
