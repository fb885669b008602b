//! What issuers write in more ways than one, and images.

use crate::make::badge::{WEB, bare_issuer, entry, key_issuer, model_1, small, with_status};
use crate::make::documents;
use crate::make::edit::{cut, swap, with};
use crate::make::expected::valid;
use crate::make::picture::{SVG, baked, png};
use crate::make::sign::{carelessly, jwt_by, own_proof, signed, signed_by};
use crate::make::{Group, keys};

pub(super) fn spellings(group: &mut Group) {
    let issuer = key_issuer();
    let key = keys::issuer();
    let badge = small(&issuer);
    let older = swap(&badge, "context-3.0.3.json", "context-3.0.2.json");
    let older = carelessly(
        &cut(&older, "  \"awardedDate\": \"2026-01-09T16:30:00Z\",\n"),
        &own_proof(&badge),
        &key,
    );
    let expected = valid().passes("schema.departs");
    group.add(
        "context-3.0.2.json",
        older,
        expected.clone(),
        "the context of an older version",
    );
    let old = carelessly(&model_1(&badge), &own_proof(&badge), &key);
    group.add(
        "model-1.json",
        old,
        expected.clone(),
        "version 1.1 of the data model with a proof inside",
    );
    let whole = signed(&badge);
    let single = whole.replacen("\"proof\":[", "\"proof\":", 1);
    let single = single
        .trim_end()
        .strip_suffix("]}")
        .map(|body| format!("{body}}}"));
    group.add(
        "single-proof.json",
        single.unwrap(),
        valid(),
        "one proof, not in an array",
    );
    let compact = whole
        .replace("[\"AchievementSubject\"]", "\"AchievementSubject\"")
        .replace("[\"Achievement\"]", "\"Achievement\"")
        .replace("[\"Profile\"]", "\"Profile\"");
    group.add(
        "types-as-strings.json",
        compact,
        expected.clone(),
        "classes as plain strings, as JSON-LD tools write them",
    );
    let string_issuer = carelessly(&bare_issuer(&badge, &issuer), &own_proof(&badge), &key);
    group.add(
        "issuer-as-string.json",
        string_issuer,
        expected.clone(),
        "the issuer is its id alone",
    );
    let array = carelessly(
        &with(
            &badge,
            &format!("\"credentialStatus\": [{}]", entry("revocation", "7")),
        ),
        &own_proof(&badge),
        &key,
    );
    let list = documents::clear_list(&issuer);
    group.add(
        "status-in-array.json",
        array,
        expected.knows([list.clone()]),
        "credentialStatus as an array of one",
    );
    let badge_status = signed(&with_status(&badge, "revocation", "7"));
    group.add(
        "status-clear.json",
        badge_status,
        valid().knows([list]).passes("status.clear"),
        "an entry of a status list that is not set",
    );
    let marked = format!("\u{feff}{whole}");
    group.add(
        "byte-order-mark.json",
        marked,
        valid(),
        "a byte order mark before the text",
    );
    let escaped = whole.replacen("\"validUntil\"", "\"valid\\u0055ntil\"", 1);
    group.add(
        "escaped-key.json",
        escaped,
        valid(),
        "a member's name with an escape is the same name",
    );
    let null = whole.replacen(
        "\"name\": \"First edits\",\n  \"issuer\"",
        "\"description\": null,\n  \"name\": \"First edits\",\n  \"issuer\"",
        1,
    );
    group.add(
        "null-member.json",
        null,
        valid().passes("schema.departs"),
        "a member that is null is as good as absent",
    );
    let known = swap(
        &whole,
        "context-3.0.3.json\"",
        "context-3.0.3.json\",\n    \"https://w3id.org/security/data-integrity/v2\"",
    );
    group.add(
        "known-context-appended.json",
        known,
        valid(),
        "a pinned context more changes no word's meaning",
    );
    let did_web_badge = swap(
        &small(WEB),
        "\"https://issuer.example.org\"",
        "\"https://issuer.example.org/über-uns?a=1&b=2\"",
    );
    group.add(
        "iri-beyond-ascii.json",
        signed(&did_web_badge),
        valid().knows([documents::did_web()]),
        "an address with letters beyond ASCII",
    );
}

pub(super) fn images(group: &mut Group) {
    let badge = signed_by(&small(&key_issuer()), &keys::issuer());
    let jwt = jwt_by(&small(&key_issuer()), &keys::issuer());
    let picture = png(b"", b"");
    group.add(
        "png-json.png",
        baked(&badge, &picture),
        valid(),
        "JSON baked into a PNG",
    );
    group.add(
        "png-jwt.png",
        baked(&jwt, &picture),
        valid(),
        "a JWT baked into a PNG",
    );
    group.add(
        "svg-json.svg",
        baked(&badge, SVG.as_bytes()),
        valid(),
        "JSON baked into an SVG",
    );
    group.add(
        "svg-jwt.svg",
        baked(&jwt, SVG.as_bytes()),
        valid(),
        "a JWT baked into an SVG",
    );
}
