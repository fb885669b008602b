//! Documents that cannot be read in exactly one way, and those that are no badges.

use super::Group;
use super::badge::{endorsement, full, key_issuer, minimal, small};
use super::edit::{cut, swap, with};
use super::expected::{invalid, unknown, valid};
use super::good::own_proof;
use super::keys;
use super::sign::{carelessly, signed};

pub(super) fn group() -> Group {
    let mut group = Group::new("form");
    syntax(&mut group);
    contexts(&mut group);
    terms(&mut group);
    numbers(&mut group);
    graphs(&mut group);
    no_badges(&mut group);
    classes(&mut group);
    group
}

fn badge() -> String {
    signed(&small(&key_issuer()))
}

fn syntax(group: &mut Group) {
    let badge = badge();
    let refused = || invalid("form.syntax").asks([]);
    for (file, old, new, why) in [
        (
            "duplicate-end.json",
            "\"validUntil\":",
            "\"validUntil\": \"2037-01-10T09:00:00Z\",\n  \"validUntil\":",
            "an end stands twice: one is signed, another is read",
        ),
        (
            "duplicate-escaped.json",
            "\"validUntil\":",
            "\"valid\\u0055ntil\": \"2037-01-10T09:00:00Z\",\n  \"validUntil\":",
            "an end stands twice, once with an escape in its name",
        ),
        (
            "duplicate-deep.json",
            "\"caption\":",
            "\"caption\": \"A pen\",\n        \"caption\":",
            "a member stands twice, deep inside",
        ),
        (
            "comment.json",
            "\"validUntil\":",
            "/* soon */ \"validUntil\":",
            "a comment",
        ),
        (
            "trailing-comma.json",
            "\"wiki\", \"sources\"]",
            "\"wiki\", \"sources\",]",
            "a comma too many",
        ),
        (
            "single-quotes.json",
            "\"First edits\",\n  \"issuer\"",
            "'First edits',\n  \"issuer\"",
            "single quotes",
        ),
        (
            "line-break-in-text.json",
            "Made ten edits",
            "Made\nten edits",
            "a line break inside a text",
        ),
        (
            "lone-surrogate.json",
            "Made ten edits",
            "Made \\ud83d edits",
            "half a character",
        ),
        ("not-a-number.json", "1.5", "NaN", "a number that is none"),
        (
            "leading-zero.json",
            "1.5",
            "01.5",
            "a number with a zero before it",
        ),
        (
            "unquoted-name.json",
            "\"validUntil\":",
            "validUntil:",
            "a member's name without quotes",
        ),
    ] {
        group.add(file, swap(&badge, old, new), refused(), why);
    }
    group.add(
        "two-documents.json",
        format!("{badge}{badge}"),
        refused(),
        "a second document behind the first",
    );
    group.add(
        "cut-off.json",
        badge[..badge.len() / 2].to_owned(),
        refused(),
        "the end is missing",
    );
    let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let nested = with(&badge, &format!("\"deep\": {}", deep(63)));
    group.add(
        "depth-64.json",
        nested,
        invalid("form.json-ld").asks([]),
        "nested as deep as is read",
    );
    let nested = with(&badge, &format!("\"deep\": {}", deep(64)));
    group.add(
        "depth-65.json",
        nested,
        refused(),
        "nested deeper than is read",
    );
    let nested = with(&badge, &format!("\"deep\": {}", deep(5000)));
    group.add(
        "depth-5000.json",
        nested,
        refused(),
        "nested so deep that careless readers run out of stack",
    );
    let mut latin = badge.into_bytes();
    if let Some(at) = latin.windows(4).position(|bytes| bytes == b"Made") {
        latin[at] = 0xe9;
    }
    group.add(
        "not-utf-8.json",
        latin,
        invalid("form.not-a-badge").asks([]),
        "text in another encoding",
    );
}

fn contexts(group: &mut Group) {
    let badge = badge();
    let end = "context-3.0.3.json\"\n  ]";
    let context = || invalid("form.context").asks([]);
    for (file, new, why) in [
        (
            "context-inline.json",
            "context-3.0.3.json\",\n    {}\n  ]",
            "an empty context inside the document, which no signature covers",
        ),
        (
            "context-inline-term.json",
            "context-3.0.3.json\",\n    {\"validUntil\": null}\n  ]",
            "a context inside the document that switches a term off",
        ),
        (
            "context-inline-vocab.json",
            "context-3.0.3.json\",\n    {\"@vocab\": \"https://example.org/#\"}\n  ]",
            "a context inside the document that gives every word a meaning",
        ),
        (
            "context-null.json",
            "context-3.0.3.json\",\n    null\n  ]",
            "a context that forgets all others",
        ),
        (
            "context-number.json",
            "context-3.0.3.json\",\n    3\n  ]",
            "a context that is a number",
        ),
        (
            "context-array.json",
            "context-3.0.3.json\",\n    [\"https://www.w3.org/ns/credentials/v2\"]\n  ]",
            "a context that is a list in the list",
        ),
    ] {
        group.add(file, swap(&badge, end, new), context(), why);
    }
    for (file, url, why) in [
        (
            "context-unknown.json",
            "https://mallory.example.org/context.json",
            "a context that is not known: it is never fetched",
        ),
        (
            "context-examples.json",
            "https://www.w3.org/ns/credentials/examples/v2",
            "a context for examples gives every word a meaning, and is not for badges",
        ),
        (
            "context-undefined-terms.json",
            "https://www.w3.org/ns/credentials/undefined-terms/v2",
            "a context that gives every word a meaning",
        ),
        (
            "context-http.json",
            "http://www.w3.org/ns/credentials/v2",
            "a known context at another address",
        ),
        (
            "context-relative.json",
            "context.json",
            "a relative address",
        ),
    ] {
        let new = format!("context-3.0.3.json\",\n    \"{url}\"\n  ]");
        group.add(
            file,
            swap(&badge, end, &new),
            unknown("form.context").asks([]),
            why,
        );
    }
    let many = format!(
        "context-3.0.3.json\"{}\n  ]",
        ",\n    \"https://www.w3.org/ns/did/v1\"".repeat(15)
    );
    group.add(
        "context-17.json",
        swap(&badge, end, &many),
        context(),
        "more contexts than anybody needs",
    );
    let redefined = swap(
        &badge,
        end,
        "context-3.0.3.json\",\n    \"https://w3id.org/security/data-integrity/v1\"\n  ]",
    );
    group.add(
        "context-protected.json",
        redefined,
        invalid("form.json-ld").asks([]),
        "a context that redefines a protected term",
    );
    let older = swap(&badge, "context-3.0.3.json", "context-3.0.1.json");
    group.add(
        "context-3.0.1.json",
        older,
        invalid("form.json-ld").asks([]),
        "a context of version 1.1 beside that of 2.0",
    );
    let reversed = swap(
        &badge,
        "\"https://www.w3.org/ns/credentials/v2\",\n    \"https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json\"",
        "\"https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json\",\n    \"https://www.w3.org/ns/credentials/v2\"",
    );
    group.add(
        "context-order.json",
        reversed,
        invalid("schema.nonconforming"),
        "the contexts in another order",
    );
    let list = super::edit::between(&badge, "\"@context\": [", "],");
    group.add(
        "context-absent.json",
        cut(&badge, &format!("{list}\n  ")),
        context(),
        "no context",
    );
    group.add(
        "context-empty.json",
        swap(&badge, list, "\"@context\": [],"),
        context(),
        "an empty list of contexts",
    );
    let one = swap(
        &badge,
        list,
        "\"@context\": \"https://www.w3.org/ns/credentials/v2\",",
    );
    group.add(
        "context-one.json",
        one,
        invalid("form.json-ld"),
        "the context of Open Badges was taken out",
    );
    let object = swap(
        &badge,
        list,
        "\"@context\": {\"@vocab\": \"https://example.org/#\"},",
    );
    group.add(
        "context-object.json",
        object,
        context(),
        "a context that is an object",
    );
    let at_issuer = |context: &str| {
        swap(
            &badge,
            "\"type\": [\"Profile\"],",
            &format!("\"@context\": {context},\n    \"type\": [\"Profile\"],"),
        )
    };
    group.add(
        "nested-inline.json",
        at_issuer("{\"email\": \"https://schema.org/name\"}"),
        context(),
        "a context inside an object",
    );
    group.add(
        "nested-null.json",
        at_issuer("null"),
        context(),
        "a context inside an object that forgets all others",
    );
    group.add(
        "nested-unknown.json",
        at_issuer("\"https://mallory.example.org/context.json\""),
        unknown("form.context").asks([]),
        "a context inside an object that is not known",
    );
    group.add(
        "nested-known.json",
        at_issuer("\"https://w3id.org/security/data-integrity/v2\""),
        valid(),
        "a pinned context inside an object changes no word's meaning",
    );
    group.add(
        "nested-protected.json",
        at_issuer("\"https://www.w3.org/2018/credentials/v1\""),
        invalid("form.json-ld"),
        "a context inside an object that redefines protected terms",
    );
}

fn terms(group: &mut Group) {
    let badge = badge();
    let refused = || invalid("form.json-ld").asks([]);
    for (file, old, new, why) in [
        (
            "term-undefined.json",
            "\"awardedDate\"",
            "\"grade\": \"A\",\n  \"awardedDate\"",
            "a member that no context defines would not be signed",
        ),
        (
            "term-undefined-deep.json",
            "\"caption\":",
            "\"grade\": \"A\",\n        \"caption\":",
            "a member that no context defines, deep inside",
        ),
        (
            "term-elsewhere.json",
            "\"awardedDate\"",
            "\"email\": \"a@example.org\",\n  \"awardedDate\"",
            "a member of another class has no meaning here",
        ),
        (
            "term-empty.json",
            "\"awardedDate\"",
            "\"\": \"A\",\n  \"awardedDate\"",
            "a member without a name",
        ),
        (
            "iri-relative.json",
            "https://issuer.example.org/images/first-edits.png",
            "images/first-edits.png",
            "a relative address would not be signed",
        ),
        (
            "iri-empty.json",
            "\"id\": \"https://issuer.example.org/images/first-edits.png\"",
            "\"id\": \"\"",
            "an empty address",
        ),
        (
            "iri-space.json",
            "images/first-edits.png",
            "images/first edits.png",
            "an address with a space",
        ),
        (
            "iri-injection.json",
            "images/first-edits.png",
            "images/a> <b> <c",
            "an address that looks like statements",
        ),
        (
            "iri-line-break.json",
            "images/first-edits.png",
            "images/a\\nb",
            "an address with a line break",
        ),
        (
            "iri-fragment.json",
            "\"id\": \"https://issuer.example.org/badges/7f3a\"",
            "\"id\": \"#7f3a\"",
            "a fragment as id",
        ),
        (
            "id-number.json",
            "\"id\": \"https://issuer.example.org/badges/7f3a\"",
            "\"id\": 7",
            "a number as id",
        ),
        (
            "language-malformed.json",
            "\"A pencil\"",
            "{\"@value\": \"A pencil\", \"@language\": \"e n\"}",
            "a language that is none",
        ),
        (
            "value-with-members.json",
            "\"A pencil\"",
            "{\"@value\": \"A pencil\", \"@language\": \"en\", \"name\": \"a\"}",
            "a text with members",
        ),
        (
            "value-of-object.json",
            "\"A pencil\"",
            "{\"@value\": {}, \"@language\": \"en\"}",
            "a text that is an object",
        ),
    ] {
        group.add(file, swap(&badge, old, new), refused(), why);
    }
    let shown = swap(
        &badge,
        "\"A pencil\"",
        "{\"@value\": \"A pencil\", \"@language\": \"en\"}",
    );
    group.add(
        "language-added.json",
        shown,
        invalid("schema.nonconforming").fails("proof.signature"),
        "a text was given a language",
    );
}

fn numbers(group: &mut Group) {
    let badge = badge();
    for (file, number, why) in [
        (
            "number-tiny.json",
            "1e-7",
            "a number that some sign as zero",
        ),
        (
            "number-beyond-double.json",
            "9007199254740993",
            "a whole number that a double does not hold",
        ),
        (
            "number-long.json",
            "1.5000000000000000001",
            "more digits than a double holds",
        ),
        (
            "number-negative-zero.json",
            "-0",
            "a zero whose sign only some keep",
        ),
        (
            "number-infinite.json",
            "1e400",
            "a number beyond all doubles",
        ),
        (
            "number-underflow.json",
            "1e-400",
            "a number that is zero as a double",
        ),
        (
            "number-exponent.json",
            "1e99999999999999999999",
            "an exponent beyond all numbers",
        ),
    ] {
        group.add(
            file,
            swap(&badge, "1.5", number),
            invalid("form.json-ld").asks([]),
            why,
        );
    }
}

fn graphs(group: &mut Group) {
    let alignment =
        r#"{"type": ["Alignment"], "targetName": "A", "targetUrl": "https://example.org/a"}"#;
    let result = |count: usize| {
        let alignments = vec![alignment; count].join(", ");
        format!(r#"{{"type": ["Result"], "value": "C", "alignment": [{alignments}]}}"#)
    };
    let results = |results: usize, alignments: usize| {
        let same = vec![result(alignments); results].join(",\n      ");
        let badge = badge();
        let old = super::edit::between(&badge, "\"result\": [", "]").to_owned();
        swap(&badge, &old, &format!("\"result\": [\n      {same}\n    ]"))
    };
    let refused = || {
        invalid("form.json-ld")
            .says("comparisons of blank nodes")
            .asks([])
    };
    group.add(
        "graph-poison.json",
        results(2, 12),
        refused(),
        "a few nodes that are so alike that telling them apart takes for ever",
    );
    group.add(
        "graph-poison-wide.json",
        results(40, 6),
        refused(),
        "many nodes that are alike",
    );
    group.add(
        "graph-alike.json",
        results(2, 3),
        invalid("proof.signature").asks([]),
        "a few alike nodes are told apart",
    );
    let (badge, _) = full();
    let loop_to_itself = swap(
        &badge,
        "\"id\": \"https://top.example.org/profile\"",
        "\"id\": \"https://parent.example.org/profile\"",
    );
    group.add(
        "graph-loop.json",
        loop_to_itself,
        invalid("proof.signature").unknown("status.unasked"),
        "an organisation that is part of itself",
    );
}

fn no_badges(group: &mut Group) {
    let issuer = key_issuer();
    let none = || invalid("form.not-a-badge").asks([]);
    for (file, text, why) in [
        ("empty.json", "", "nothing"),
        ("spaces.json", " \n\t ", "nothing but spaces"),
        (
            "page.json",
            "<!DOCTYPE html>\n<title>Not found</title>\n",
            "a web page",
        ),
        ("words.json", "Congratulations!\n", "words"),
        ("number.json", "7", "a number"),
        ("empty-object.json", "{}", "an empty object"),
        (
            "other-object.json",
            "{\"name\": \"First edits\"}",
            "an object about something else",
        ),
        ("did.json", "did:web:issuer.example.org", "a DID"),
    ] {
        group.add(file, text, none(), why);
    }
    group.add(
        "list.json",
        format!("[{}]", badge()),
        none(),
        "a list of badges",
    );
    let old = r#"{
  "@context": "https://w3id.org/openbadges/v2",
  "type": "Assertion",
  "id": "https://issuer.example.org/assertions/7f3a",
  "recipient": {"type": "email", "hashed": false, "identity": "a@example.org"},
  "badge": "https://issuer.example.org/badgeclasses/first-edits",
  "verification": {"type": "HostedBadge"},
  "issuedOn": "2026-01-10T09:00:00Z"
}
"#;
    group.add(
        "open-badges-2.json",
        old,
        unknown("form.context").asks([]),
        "an Open Badges 2.0 assertion, whose context is not known",
    );
    let other = |kind: &str| {
        let badge = swap(&minimal(&issuer), ", \"OpenBadgeCredential\"]", kind);
        carelessly(&badge, &own_proof(&badge), &keys::issuer())
    };
    let refused = || invalid("form.type").asks([]);
    group.add(
        "plain-credential.json",
        other("]"),
        refused(),
        "a credential that is no badge",
    );
    let presentation = format!(
        "{{\n  \"@context\": [\"https://www.w3.org/ns/credentials/v2\"],\n  \"type\": [\"VerifiablePresentation\"],\n  \"verifiableCredential\": [{}]\n}}\n",
        badge()
    );
    group.add(
        "presentation.json",
        presentation,
        refused(),
        "a presentation of a badge, not the badge",
    );
    let record = swap(
        &other("]"),
        "context-3.0.3.json\"",
        "context-3.0.3.json\",\n    \"https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json\"",
    );
    let record = swap(
        &record,
        "[\"VerifiableCredential\"]",
        "[\"VerifiableCredential\", \"ClrCredential\"]",
    );
    group.add(
        "learner-record.json",
        record,
        refused(),
        "a comprehensive learner record",
    );
    let alone = endorsement(
        "urn:uuid:2f0c6c0e-8f0b-4a6f-9f6e-1d2c3b4a5f02",
        &keys::did(&keys::endorser()),
        "urn:uuid:1",
    );
    let alone = super::sign::signed_by(&alone, &keys::endorser());
    group.add(
        "endorsement.json",
        alone,
        valid().asks([]),
        "an endorsement on its own is judged as what it is",
    );
}

fn classes(group: &mut Group) {
    let issuer = key_issuer();
    let nonconforming = || invalid("schema.nonconforming");
    let small = small(&issuer);
    for (file, old, new, why) in [
        (
            "no-id.json",
            "\n  \"id\": \"https://issuer.example.org/badges/7f3a\",",
            "",
            "a badge without an id",
        ),
        (
            "no-recipient.json",
            "\n    \"id\": \"urn:uuid:77a1f0c4-52a8-4d4e-8d6e-0f6a7b1c2d03\",",
            "",
            "a badge for nobody",
        ),
        (
            "no-description.json",
            "\n      \"description\": \"Made ten edits that stayed.\",",
            "",
            "an achievement without a description",
        ),
        (
            "two-subjects.json",
            "\"credentialSubject\": {",
            "\"credentialSubject\": [{\"id\": \"urn:uuid:1\", \"type\": [\"AchievementSubject\"]}, {",
            "two recipients",
        ),
        (
            "status-invented.json",
            "\"value\": \"C\"",
            "\"value\": \"C\", \"status\": \"Splendid\"",
            "a result's status that the standard does not have",
        ),
    ] {
        let badge = swap(&small, old, new);
        let badge = match file {
            "two-subjects.json" => {
                let closed = badge.trim_end().strip_suffix('}').unwrap().trim_end();
                format!("{closed}]\n}}\n")
            }
            _ => badge,
        };
        let proof = own_proof(&badge);
        group.add(
            file,
            carelessly(&badge, &proof, &keys::issuer()),
            nonconforming(),
            why,
        );
    }
    let no_issuer = cut(
        &small,
        &format!(
            "{}\n  ",
            super::edit::between(&small, "\"issuer\": {", "},")
        ),
    );
    let usual = own_proof(&small);
    let unknown_key = nonconforming().unknown("proof.no-key").asks([]);
    group.add(
        "no-issuer.json",
        carelessly(&no_issuer, &usual, &keys::issuer()),
        unknown_key,
        "a badge by nobody",
    );
}
