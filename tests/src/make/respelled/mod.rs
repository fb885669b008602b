//! The same statements in another spelling: the signature holds, and a reader would see something
//! else. The usual aim is to make an expired or revoked badge look valid.

mod nodes;
mod values;

use super::badge::{WEB, key_issuer, model_1, small, with_status};
use super::edit::swap;
use super::expected::{Expected, invalid};
use super::sign::{carelessly, own_proof, signed};
use super::{Group, documents, keys};

pub(super) fn group() -> Group {
    let mut group = Group::new("respelled");
    keys_of_members(&mut group);
    keywords(&mut group);
    values::values(&mut group);
    values::types(&mut group);
    nodes::same_nodes(&mut group);
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
        "an end under its full IRI, where no reader looks",
    );
    let old = model_1(&small(&key_issuer()));
    let old = carelessly(&old, &own_proof(&old), &keys::issuer());
    let compact = swap(
        &old,
        "\"expirationDate\": \"2027-01-10T09:00:00Z\"",
        "\"cred:expirationDate\": {\"@value\": \"2027-01-10T09:00:00Z\", \"@type\": \"http://www.w3.org/2001/XMLSchema#dateTime\"}",
    );
    group.add(
        "end-as-compact-iri.json",
        compact,
        fault(),
        "an end under a compact IRI with its type written out: signed alike",
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
        "the same with its type written out: signed alike",
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
    let expected = invalid("form.json-ld")
        .says("respelled")
        .asks([documents::WEB_URL]);
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
        let expected = match file {
            "at-type.json" => late(invalid("form.type")),
            _ => fault(),
        };
        group.add(file, swap(&badge, old, new), expected, why);
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
