//! Badges that name schemas of others (`credentialSchema`), which are asked for when the verifier
//! says so.

use serde_json::{Value, json};

use super::badge::{WEB, key_issuer, small};
use super::documents::{self, Document};
use super::edit::{swap, with};
use super::expected::{invalid, unknown, valid};
use super::sign::{jwt_with, signed};
use super::{Group, keys};

const URL: &str = "https://schemas.example.org/training.json";
const OTHER_URL: &str = "https://schemas.example.org/common/achievement.json";
const STANDARD: &str =
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json";

/// A badge that names a schema.
fn naming(issuer: &str, url: &str, kind: &str) -> String {
    let schema = format!("\"credentialSchema\": [{{\"id\": \"{url}\", \"type\": \"{kind}\"}}]");
    with(&small(issuer), &schema)
}

/// The same with the context of 1EdTech's types.
fn naming_for_1edtech(url: &str) -> String {
    swap(
        &naming(&key_issuer(), url, "1EdTechJsonSchemaValidator2019"),
        "context-3.0.3.json\"",
        "context-3.0.3.json\",\n    \"https://purl.imsglobal.org/spec/ob/v3p0/extensions.json\"",
    )
}

fn schema(file: &str, url: &str, value: &Value) -> Document {
    Document::new(file, url, format!("{value:#}\n"))
}

fn met() -> Document {
    let value = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "required": ["validUntil", "proof"],
        "properties": {
            "credentialSubject": {"properties": {"creditsEarned": {"maximum": 10}}},
        },
    });
    schema("schema-met.json", URL, &value)
}

fn unmet() -> Document {
    let value = json!({
        "$schema": "https://json-schema.org/draft/2019-09/schema",
        "properties": {
            "credentialSubject": {"properties": {"creditsEarned": {"maximum": 1}}},
        },
    });
    schema("schema-unmet.json", URL, &value)
}

pub(super) fn group() -> Group {
    let mut group = Group::new("schemas");
    let badge = signed(&naming(&key_issuer(), URL, "JsonSchema"));
    group.add(
        "met.json",
        badge.clone(),
        valid()
            .schemas()
            .knows([met()])
            .passes("schema.declared")
            .asks([URL]),
        "it conforms to the schema that it names",
    );
    group.add(
        "met-1edtech.json",
        signed(&naming_for_1edtech(URL)),
        valid()
            .schemas()
            .knows([met()])
            .passes("schema.declared")
            .asks([URL]),
        "the schema is named in 1EdTech's way",
    );
    group.add(
        "unmet.json",
        badge.clone(),
        invalid("schema.declared")
            .schemas()
            .knows([unmet()])
            .says("\"path\":\"credentialSubject.creditsEarned\",\"keyword\":\"https://schemas.example.org/training.json#/properties/credentialSubject/properties/creditsEarned/maximum\"")
            .asks([URL]),
        "it does not conform to the schema that it names",
    );
    group.add(
        "unmet-unasked.json",
        badge.clone(),
        valid().knows([unmet()]).asks([]),
        "the same badge, when nobody asks for schemas",
    );
    group.add(
        "not-loaded.json",
        badge.clone(),
        unknown("schema.not-loaded").schemas().asks([URL]),
        "the schema does not answer",
    );
    group.add(
        "altered.json",
        swap(&badge, "\"creditsEarned\": 1.5", "\"creditsEarned\": 0.5"),
        invalid("proof.signature")
            .unknown("schema.unasked")
            .schemas()
            .knows([unmet()])
            .asks([]),
        "an altered badge cannot send anybody to its schema",
    );
    group.add(
        "standard.json",
        signed(&naming_for_1edtech(STANDARD)),
        valid().schemas().passes("schema.conforms").asks([]),
        "the standard's own schema is known and never fetched",
    );
    group.add(
        "other-kind.json",
        signed(&naming(&key_issuer(), URL, "JsonSchemaCredential")),
        unknown("schema.type").schemas().asks([]),
        "a kind of schema that is not supported",
    );
    let closed = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "properties": {
            "@context": true, "id": true, "type": true, "name": true, "description": true,
            "issuer": true, "validFrom": true, "validUntil": true, "awardedDate": true,
            "credentialSubject": true, "credentialSchema": true,
        },
        "additionalProperties": false,
    });
    let named = naming(WEB, URL, "JsonSchema");
    group.add(
        "closed.jwt",
        jwt_with(&named, &keys::issuer_p256(), &format!("{WEB}#p256")),
        valid()
            .schemas()
            .knows([
                documents::did_web_jwk(),
                schema("schema-closed.json", URL, &closed),
            ])
            .passes("schema.declared")
            .asks([documents::WEB_URL, URL]),
        "a schema without room for others' members does not see the claims of a JWT",
    );
    references(&mut group, &badge);
    group
}

/// Schemas that lead elsewhere, or nowhere.
fn references(group: &mut Group, badge: &str) {
    let leads = json!({
        "properties": {
            "credentialSubject": {
                "properties": {"achievement": {"$ref": "common/achievement.json#named"}},
            },
        },
    });
    let named = json!({"$defs": {"named": {"$anchor": "named", "required": ["name", "version"]}}});
    group.add(
        "two-documents.json",
        badge,
        invalid("schema.declared")
            .schemas()
            .knows([
                schema("schema-leads.json", URL, &leads),
                schema("schema-named.json", OTHER_URL, &named),
            ])
            .says("achievement.json#/$defs/named/required")
            .asks([URL, OTHER_URL]),
        "the schema refers to another document, which is asked for too",
    );
    let endless = json!({"allOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"$ref": "#"}}});
    for (file, schema, expected, why) in [
        (
            "endless.json",
            schema("schema-endless.json", URL, &endless),
            unknown("schema.unusable").says("\"fault\":\"endless\""),
            "the schema leads to itself",
        ),
        (
            "file.json",
            schema(
                "schema-file.json",
                URL,
                &json!({"$ref": "file:///etc/passwd"}),
            ),
            unknown("schema.not-loaded").says("only https is fetched"),
            "the schema refers to a file",
        ),
        (
            "other-draft.json",
            schema(
                "schema-draft-4.json",
                URL,
                &json!({"$schema": "http://json-schema.org/draft-04/schema#"}),
            ),
            unknown("schema.unusable").says("\"fault\":\"draft\""),
            "a version of JSON Schema that is not known",
        ),
        (
            "web-page.json",
            documents::web_page().at(URL),
            unknown("schema.unusable").says("\"fault\":\"no-json\""),
            "a page for people is where the schema should be",
        ),
    ] {
        group.add(
            file,
            badge,
            expected.schemas().knows([schema]).asks([URL]),
            why,
        );
    }
}
