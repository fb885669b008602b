//! The same statements in another spelling: the signature holds, and a reader would see something
//! else. The usual aim is to make an expired or revoked badge look valid.

use super::Group;
use super::badge::{WEB, entry, full, key_issuer, small, with_status};
use super::documents;
use super::edit::{between, cut, swap, with};
use super::expected::{Expected, invalid, valid};
use super::good::own_proof;
use super::keys;
use super::sign::{carelessly, signed, signed_by};

pub(super) fn group() -> Group {
    let mut group = Group::new("respelled");
    keys_of_members(&mut group);
    keywords(&mut group);
    values(&mut group);
    types(&mut group);
    same_nodes(&mut group);
    group
}

const END: &str = "\"validUntil\": \"2027-01-10T09:00:00Z\"";

/// The small badge, long expired.
fn late(expected: Expected) -> Expected {
    expected.at("2029-01-01T00:00:00Z").asks([])
}

fn badge() -> String {
    signed(&small(&key_issuer()))
}

fn keys_of_members(group: &mut Group) {
    let iri = "https://www.w3.org/2018/credentials#validUntil";
    let fault = || late(invalid("form.json-ld").says("respelled"));
    let end = |key: &str| swap(&badge(), "\"validUntil\"", &format!("\"{key}\""));
    group.add(
        "end-as-iri.json",
        end(iri),
        fault(),
        "an end under its full IRI: signed alike, and no reader looks there",
    );
    let compact = swap(
        &badge(),
        END,
        "\"cred:validUntil\": \"2027-01-10T09:00:00Z\"",
    );
    group.add(
        "end-as-compact-iri.json",
        compact,
        fault(),
        "an end under a compact IRI",
    );
    let by_term = end("VerifiableCredential:validUntil");
    group.add(
        "end-by-a-terms-prefix.json",
        by_term,
        fault(),
        "an end under a term as prefix",
    );
    let typed = swap(
        &badge(),
        END,
        &format!(
            "\"{iri}\": {{\"@value\": \"2027-01-10T09:00:00Z\", \"@type\": \"http://www.w3.org/2001/XMLSchema#dateTime\"}}"
        ),
    );
    group.add(
        "end-as-typed-iri.json",
        typed,
        fault(),
        "the same with its type written out, exactly as it was signed",
    );
    let alias = swap(
        &end("ends"),
        "context-3.0.3.json\"",
        &format!(
            "context-3.0.3.json\",\n    {{\"ends\": {{\"@id\": \"{iri}\", \"@type\": \"http://www.w3.org/2001/XMLSchema#dateTime\"}}}}"
        ),
    );
    let context = || late(invalid("form.context"));
    group.add(
        "end-as-alias.json",
        alias,
        context(),
        "an end under a name that a context inside the document gives it",
    );
    let class = swap(&badge(), "\"criteria\":", "\"Criteria\":");
    group.add(
        "class-as-member.json",
        class,
        invalid("form.json-ld").says("respelled"),
        "the class Criteria has the IRI of the member criteria: signed alike",
    );
    let revoked = signed(&with_status(&small(WEB), "revocation", "7"));
    let status = swap(
        &revoked,
        "\"credentialStatus\"",
        "\"https://www.w3.org/2018/credentials#credentialStatus\"",
    );
    let expected = invalid("form.json-ld").says("respelled").asks([]);
    group.add(
        "status-as-iri.json",
        status,
        expected,
        "a revoked badge whose entry stands under its full IRI",
    );
    let relative = end("#validUntil");
    group.add(
        "end-as-relative-iri.json",
        relative,
        late(invalid("form.json-ld")),
        "an end under a relative IRI",
    );
    let blank = end("_:validUntil");
    group.add(
        "end-as-blank-node.json",
        blank,
        fault(),
        "an end under a blank node",
    );
    let capital = end("ValidUntil");
    group.add(
        "end-in-capitals.json",
        capital,
        late(invalid("form.json-ld")),
        "an end under a name in other letters",
    );
    let space = end("validUntil ");
    group.add(
        "end-with-a-space.json",
        space,
        late(invalid("form.json-ld")),
        "an end under a name with a space",
    );
}

fn keywords(group: &mut Group) {
    let fault = || late(invalid("form.json-ld"));
    let badge = badge();
    for (file, old, new, why) in [
        (
            "at-id.json",
            "\"id\": \"https://issuer.example.org/badges/7f3a\"",
            "\"@id\": \"https://issuer.example.org/badges/7f3a\"",
            "@id instead of id",
        ),
        (
            "at-type.json",
            "\"type\": [\"VerifiableCredential\"",
            "\"@type\": [\"VerifiableCredential\"",
            "@type instead of type",
        ),
        (
            "at-value.json",
            "\"2027-01-10T09:00:00Z\"",
            "{\"@value\": \"2027-01-10T09:00:00Z\", \"@type\": \"http://www.w3.org/2001/XMLSchema#dateTime\"}",
            "an end as @value",
        ),
        (
            "at-value-plain.json",
            "\"Example Wiki Group\"",
            "{\"@value\": \"Example Wiki Group\"}",
            "a name as @value",
        ),
        (
            "at-list.json",
            "[\"A\", \"B\", \"C\", \"D\"]",
            "{\"@list\": [\"A\", \"B\", \"C\", \"D\"]}",
            "an ordered list as @list",
        ),
        (
            "at-set.json",
            "[\"editing\", \"wiki\", \"sources\"]",
            "{\"@set\": [\"editing\", \"wiki\", \"sources\"]}",
            "tags as @set",
        ),
        (
            "at-set-end.json",
            "\"2027-01-10T09:00:00Z\"",
            "{\"@set\": [\"2027-01-10T09:00:00Z\"]}",
            "an end as @set",
        ),
        (
            "at-index.json",
            "\"caption\":",
            "\"@index\": \"a\",\n        \"caption\":",
            "@index is not signed",
        ),
        (
            "at-language.json",
            "\"A pencil\"",
            "{\"@value\": \"A pencil\", \"@language\": \"en\", \"@direction\": \"rtl\"}",
            "@direction is not signed",
        ),
        (
            "at-direction.json",
            "\"A pencil\"",
            "{\"@value\": \"A pencil\", \"@direction\": \"rtl\"}",
            "@direction is not signed, in a text without a language",
        ),
        (
            "at-reverse.json",
            "\"awardedDate\"",
            "\"@reverse\": {},\n  \"awardedDate\"",
            "an empty @reverse",
        ),
        (
            "at-included.json",
            "\"awardedDate\"",
            "\"@included\": [],\n  \"awardedDate\"",
            "an empty @included",
        ),
        (
            "at-graph.json",
            "\"awardedDate\"",
            "\"@graph\": [],\n  \"awardedDate\"",
            "an empty @graph",
        ),
        (
            "at-none.json",
            "\"awardedDate\"",
            "\"@none\": \"a\",\n  \"awardedDate\"",
            "@none",
        ),
        (
            "at-unknown.json",
            "\"awardedDate\"",
            "\"@badge\": \"a\",\n  \"awardedDate\"",
            "a word that looks like a keyword",
        ),
    ] {
        group.add(file, swap(&badge, old, new), fault(), why);
    }
    let nested = swap(&badge, &format!("{END},"), "");
    let inside = |member: &str| {
        swap(
            &nested,
            "\"awardedDate\"",
            &format!("{member},\n  \"awardedDate\""),
        )
    };
    group.add(
        "end-in-at-nest.json",
        inside(&format!("\"@nest\": {{{END}}}")),
        fault(),
        "an end inside @nest",
    );
    let id = "\"id\": \"https://issuer.example.org/badges/7f3a\"";
    let included =
        format!("\"@included\": [{{{id}, \"type\": [\"VerifiableCredential\"], {END}}}]");
    group.add(
        "end-in-at-included.json",
        inside(&included),
        fault(),
        "an end in a second object about the badge, inside @included",
    );
    let graph = format!("\"@graph\": [{{{id}, \"type\": [\"VerifiableCredential\"], {END}}}]");
    group.add(
        "end-in-at-graph.json",
        inside(&graph),
        fault(),
        "an end in a second object about the badge, inside @graph",
    );
    let both_ids = swap(
        &badge,
        id,
        &format!("{id},\n  \"@id\": \"https://issuer.example.org/badges/7f3b\""),
    );
    group.add("two-ids.json", both_ids, fault(), "id and @id");
}

fn values(group: &mut Group) {
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
            "id-compact.json",
            "\"id\": \"https://issuer.example.org/badges/7f3a\"",
            "\"id\": \"VerifiableCredential:7f3a\"",
            "an id that a context's term abbreviates",
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
    let expected = invalid("form.json-ld")
        .recipient("_:b0", None)
        .passes("recipient.matches");
    group.add(
        "blank-node-named.json",
        labelled,
        expected,
        "a name for what has none: signed alike",
    );
}

fn types(group: &mut Group) {
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
            "type-as-iri.json" => invalid("form.json-ld").says("respelled"),
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
        invalid("form.json-ld"),
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
        invalid("form.json-ld").says("respelled"),
        "the context of a class was taken out, and the class written as IRI: signed alike",
    );
}

/// Two objects with one id are one thing: what is said of it can stand in either, signed alike.
fn same_nodes(group: &mut Group) {
    let types = "\"type\": [\"VerifiableCredential\", \"OpenBadgeCredential\"";
    let refreshed = swap(
        &small(&key_issuer()),
        "context-3.0.3.json\"",
        "context-3.0.3.json\",\n    \"https://purl.imsglobal.org/spec/ob/v3p0/extensions.json\"",
    );
    let refreshed = signed(&with(
        &refreshed,
        "\"refreshService\": {\"id\": \"https://issuer.example.org/badges/7f3a\", \"type\": \"1EdTechCredentialRefresh\"}",
    ));
    let expected = super::expected::expired().at("2029-01-01T00:00:00Z");
    group.add(
        "refresh-at-own-id.json",
        refreshed.clone(),
        expected,
        "a badge whose newest version has its own address, expired",
    );
    let moved = cut(&refreshed, &format!("{END},\n  "));
    let moved = swap(
        &moved,
        "\"type\": \"1EdTechCredentialRefresh\"",
        &format!("{types}, \"1EdTechCredentialRefresh\"], {END}"),
    );
    group.add(
        "end-in-refresh-service.json",
        moved,
        late(invalid("form.json-ld")),
        "its end was moved to the object with the badge's own id: signed alike",
    );

    let endorser = keys::did(&keys::endorser());
    let endorsement = super::badge::endorsement(
        "urn:uuid:2f0c6c0e-8f0b-4a6f-9f6e-1d2c3b4a5f02",
        &endorser,
        "https://issuer.example.org/badges/7f3a",
    );
    let endorsement = signed_by(&endorsement, &keys::endorser());
    let endorsed = with(
        &small(WEB),
        &format!(
            "\"endorsement\": [{endorsement}],\n  \"credentialStatus\": {}",
            entry("revocation", "7")
        ),
    );
    let endorsed = signed(&endorsed);
    let list = documents::list(
        "list-revoked-7.json",
        &documents::list_text(WEB, "revocation", &[7]),
    );
    let expected = super::expected::revoked()
        .knows([documents::did_web(), list.clone()])
        .passes("endorsements.valid");
    group.add(
        "endorsed.json",
        endorsed.clone(),
        expected,
        "an endorsed badge, revoked",
    );
    let status = between(&endorsed, ",\n  \"credentialStatus\": {", "}").to_owned();
    let moved = cut(&endorsed, &status);
    let moved = swap(
        &moved,
        "\"type\": [\"EndorsementSubject\"]",
        &format!("{types}, \"EndorsementSubject\"]{status}"),
    );
    let expected = invalid("form.json-ld")
        .knows([documents::did_web(), list])
        .asks([documents::WEB_URL]);
    group.add(
        "status-in-endorsement.json",
        moved,
        expected,
        "its status was moved into the endorsement's subject, which is the badge: signed alike",
    );

    let (badge, documents) = full();
    let moved = cut(&badge, "\n  \"validUntil\": \"2027-01-10T10:00:00+01:00\",");
    let subject = "\"id\": \"https://issuer.example.org/badges/c41d\",\n    \"type\": [\"EndorsementSubject\"]";
    let moved = swap(
        &moved,
        subject,
        &format!(
            "\"id\": \"https://issuer.example.org/badges/c41d\",\n    {types}, \"EndorsementSubject\"], \"validUntil\": \"2027-01-10T10:00:00+01:00\""
        ),
    );
    group.add(
        "end-in-endorsement.json",
        moved,
        late(invalid("form.json-ld")).knows(documents),
        "an end was moved into an endorsement's subject, which is the badge: signed alike",
    );

    let plain = badge_with_image_twice();
    let moved = swap(
        &plain,
        "\"type\": \"Image\",\n    \"caption\": \"A pencil\"",
        "\"type\": \"Image\"",
    );
    group.add(
        "image-caption-moved.json",
        moved,
        valid(),
        "harmless: what is said of one image stands once instead of twice",
    );
    let revoked = with(
        &small(&key_issuer()),
        &format!("\"credentialStatus\": {}", entry("revocation", "7")),
    );
    let revoked = carelessly(&revoked, &own_proof(&revoked), &keys::issuer());
    let split = swap(&revoked, "\"statusListIndex\": \"7\",\n    ", "");
    let split = swap(
        &split,
        "\"credentialStatus\": {",
        "\"credentialStatus\": [{\"id\": \"https://issuer.example.org/status/1#7\", \"type\": \"BitstringStatusListEntry\", \"statusListIndex\": \"7\"}, {",
    );
    let split = swap(&split, "/status/1\"\n  }", "/status/1\"\n  }]");
    let list = documents::list(
        "list-revoked.json",
        &documents::list_text(&key_issuer(), "revocation", &[0, 7, 131_071]),
    );
    let expected = invalid("schema.nonconforming")
        .unknown("status.entry")
        .unknown("status.entry")
        .knows([list]);
    group.add(
        "status-in-two-objects.json",
        split,
        expected,
        "one entry as two objects with its id",
    );
}

fn badge_with_image_twice() -> String {
    let image = r#""image": {
    "id": "https://issuer.example.org/images/first-edits.png",
    "type": "Image",
    "caption": "A pencil"
  },
  "awardedDate""#;
    signed(&swap(&small(&key_issuer()), "\"awardedDate\"", image))
}
