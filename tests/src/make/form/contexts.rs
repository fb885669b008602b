//! Contexts that are not known, or that no signature covers.

use super::badge;
use crate::make::Group;
use crate::make::edit::{between, cut, swap};
use crate::make::expected::{invalid, unknown, valid};

pub(super) fn contexts(group: &mut Group) {
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
    let list = between(&badge, "\"@context\": [", "],");
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
