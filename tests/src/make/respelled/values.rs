//! Values and classes in another spelling.

use super::{badge, late};
use crate::make::badge::{key_issuer, model_1, small, with_status};
use crate::make::edit::{cut, swap, with};
use crate::make::expected::{invalid, valid};
use crate::make::sign::{carelessly, own_proof, signed};
use crate::make::{Group, documents, keys};

pub(super) fn values(group: &mut Group) {
    let badge = badge();
    let nonconforming = || late(invalid("schema.nonconforming").fails("validity.expired"));
    for (file, old, new, why) in [
        (
            "name-in-array.json",
            "\"Example Wiki Group\"",
            "[\"Example Wiki Group\"]",
            "one name inside an array",
        ),
        (
            "description-in-array.json",
            "\"Made ten edits that stayed.\"",
            "[\"Made ten edits that stayed.\"]",
            "one description inside an array",
        ),
        (
            "number-as-text.json",
            "1.5",
            "\"1.5E0\"",
            "a number as the text that is signed for it",
        ),
        (
            "image-as-reference.json",
            "\"type\": \"Image\"",
            "\"type\": [\"Image\"]",
            "one class inside an array, where the standard has a text",
        ),
    ] {
        let expected = match file {
            "image-as-reference.json" => valid().passes("schema.departs"),
            _ => nonconforming(),
        };
        group.add(file, swap(&badge, old, new), expected, why);
    }
    for (file, old, new, why) in [
        (
            "tags-nested.json",
            "[\"editing\", \"wiki\", \"sources\"]",
            "[[\"editing\", \"wiki\"], \"sources\"]",
            "an array inside an array would be flattened",
        ),
        (
            "list-nested.json",
            "[\"A\", \"B\", \"C\", \"D\"]",
            "[[\"A\", \"B\"], \"C\", \"D\"]",
            "an ordered list inside an ordered list",
        ),
        (
            "id-in-array.json",
            "\"id\": \"https://issuer.example.org/badges/7f3a\"",
            "\"id\": [\"https://issuer.example.org/badges/7f3a\"]",
            "an id inside an array",
        ),
    ] {
        group.add(
            file,
            swap(&badge, old, new),
            late(invalid("form.json-ld")),
            why,
        );
    }
    let old = swap(
        &model_1(&small(&key_issuer())),
        "https://issuer.example.org/badges/7f3a",
        "https://www.w3.org/2018/credentials#7f3a",
    );
    let old = carelessly(&old, &own_proof(&old), &keys::issuer());
    let compact = swap(
        &old,
        "https://www.w3.org/2018/credentials#7f3a",
        "cred:7f3a",
    );
    group.add(
        "id-compact.json",
        compact,
        invalid("form.json-ld").says("respelled"),
        "an id that a context's prefix abbreviates: signed alike",
    );
    let equal = swap(&badge, "1.5", "15e-1");
    group.add(
        "number-in-other-digits.json",
        equal,
        valid(),
        "harmless: the same number in other digits",
    );
    let subject_array = swap(
        &badge,
        "\"credentialSubject\": {",
        "\"credentialSubject\": [{",
    );
    let subject_array = swap(&subject_array, "\n  },\"proof\"", "\n  }],\"proof\"");
    group.add(
        "subject-in-array.json",
        subject_array,
        valid().passes("schema.departs"),
        "harmless: one subject inside an array is read all the same",
    );
    let revoked = signed(&with_status(&small(&key_issuer()), "revocation", "7"));
    let list = documents::list(
        "list-revoked.json",
        &documents::list_text(&key_issuer(), "revocation", &[0, 7, 131_071]),
    );
    for (file, old, new, why) in [
        (
            "status-list-as-object.json",
            "\"statusListCredential\": \"https://issuer.example.org/status/1\"",
            "\"statusListCredential\": {\"id\": \"https://issuer.example.org/status/1\"}",
            "the list's address as an object",
        ),
        (
            "status-index-in-array.json",
            "\"statusListIndex\": \"7\"",
            "\"statusListIndex\": [\"7\"]",
            "the index inside an array",
        ),
        (
            "status-purpose-in-array.json",
            "\"statusPurpose\": \"revocation\"",
            "\"statusPurpose\": [\"revocation\"]",
            "the purpose inside an array",
        ),
    ] {
        let expected = invalid("schema.nonconforming")
            .unknown("status.entry")
            .asks([])
            .knows([list.clone()]);
        group.add(file, swap(&revoked, old, new), expected, why);
    }
    let anonymous = cut(
        &small(&key_issuer()),
        "\n    \"id\": \"urn:uuid:77a1f0c4-52a8-4d4e-8d6e-0f6a7b1c2d03\",",
    );
    let identified = swap(
        &anonymous,
        "\"creditsEarned\"",
        r#""identifier": [{"type": "IdentityObject", "hashed": false, "identityHash": "Example Volunteer", "identityType": "userName"}],
    "creditsEarned""#,
    );
    let labelled = swap(
        &signed(&identified),
        "\"type\": [\"AchievementSubject\"]",
        "\"id\": \"_:b0\",\n    \"type\": [\"AchievementSubject\"]",
    );
    let expected = invalid("schema.nonconforming")
        .recipient("_:b0", None)
        .passes("recipient.matches");
    group.add(
        "blank-node-named.json",
        labelled,
        expected,
        "a name for what has none: signed alike",
    );
}

pub(super) fn types(group: &mut Group) {
    let badge = badge();
    for (file, old, new, why) in [
        (
            "type-as-iri.json",
            "\"OpenBadgeCredential\"",
            "\"https://purl.imsglobal.org/spec/vc/ob/vocab.html#OpenBadgeCredential\"",
            "a class under its full IRI",
        ),
        (
            "type-as-member.json",
            "\"criteria\": {",
            "\"criteria\": {\n          \"type\": \"criteria\",",
            "a member's name as a class",
        ),
        (
            "type-undefined.json",
            "[\"Profile\"]",
            "[\"Profile\", \"University\"]",
            "a class that no context defines would not be signed",
        ),
        (
            "type-as-object.json",
            "[\"Profile\"]",
            "[{\"id\": \"https://purl.imsglobal.org/spec/vc/ob/vocab.html#Profile\"}]",
            "a class as an object",
        ),
    ] {
        let id = match file {
            "type-as-iri.json" => invalid("form.type"),
            _ => invalid("form.json-ld"),
        };
        group.add(file, swap(&badge, old, new), id, why);
    }
    let alias = swap(
        &badge,
        "\"OpenBadgeCredential\"",
        "\"AchievementCredential\"",
    );
    group.add(
        "type-alias.json",
        alias,
        valid(),
        "harmless: the standard has two names for the class of badges",
    );
    let untyped = cut(&badge, "\n    \"type\": [\"Profile\"],");
    group.add(
        "type-removed.json",
        untyped,
        invalid("proof.signature").fails("schema.nonconforming"),
        "without its class an object loses the meaning of its members",
    );
    let refreshed = small(&key_issuer());
    let refreshed = swap(
        &refreshed,
        "context-3.0.3.json\"",
        "context-3.0.3.json\",\n    \"https://purl.imsglobal.org/spec/ob/v3p0/extensions.json\"",
    );
    let refreshed = signed(&with(
        &refreshed,
        "\"refreshService\": {\"id\": \"https://issuer.example.org/badges/7f3a/newest\", \"type\": \"1EdTechCredentialRefresh\"}",
    ));
    let dropped = swap(
        &refreshed,
        ",\n    \"https://purl.imsglobal.org/spec/ob/v3p0/extensions.json\"",
        "",
    );
    group.add(
        "context-dropped.json",
        dropped.clone(),
        invalid("form.json-ld"),
        "the context of a class was taken out",
    );
    let spelled = swap(
        &dropped,
        "\"1EdTechCredentialRefresh\"",
        "\"https://purl.imsglobal.org/spec/vccr/v1p0/context.json#1EdTechCredentialRefresh\"",
    );
    group.add(
        "context-dropped-type-as-iri.json",
        spelled,
        valid(),
        "harmless: the context of a class was taken out, and the class written as IRI",
    );
}
