//! Another implementation agrees; hostile schemas are refused, by count and not by time.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::evaluate::MAX_STEPS;
use super::*;
use crate::documents::Answer;

const URL: &str = "https://schemas.example.org/badge.json";

/// What comes of judging a document by texts at URLs, the first of which is the schema.
fn judge_all(
    document: &str,
    schemas: &[(&str, &str)],
    draft: Draft,
) -> Result<Vec<Mismatch>, String> {
    let mut documents = Documents::new();
    for (url, text) in schemas {
        documents.insert(url, Answer::Loaded(text.as_bytes().to_vec()));
    }
    let document = json::parse(document).unwrap();
    let mut missing = Vec::new();
    let judged = check(&document, schemas[0].0, draft, &documents, &mut missing);
    judged.map_err(|unusable| match unusable {
        Unusable::Unfit { fault, place } => {
            let fault = serde_json::to_value(fault).unwrap();
            let place = place.unwrap_or_default().replace(URL, "");
            format!("{} {place}", fault.as_str().unwrap())
                .trim_end()
                .to_owned()
        }
        Unusable::NotLoaded { url, reason } => {
            format!(
                "not loaded {url} {} {missing:?}",
                reason.unwrap_or_default()
            )
        }
    })
}

fn judge(document: &str, schema: &str) -> Result<Vec<Mismatch>, String> {
    judge_all(document, &[(URL, schema)], Draft::Draft2019)
}

/// Why a schema is of no use.
fn fault(document: &str, schema: &str) -> String {
    judge(document, schema).unwrap_err()
}

fn mismatches(document: &str, schema: &str) -> String {
    let mismatches = judge(document, schema).unwrap();
    let lines = mismatches.iter().map(|it| {
        let keyword = it.keyword.replace(URL, "");
        format!("{} {keyword}", it.path)
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn mismatches_name_the_place_in_the_document_and_in_the_schema() {
    let schema = r##"{
        "type": "object",
        "required": ["id"],
        "properties": {
            "tag": {"items": {"$ref": "#/$defs/tag~1s"}, "maxItems": 2},
            "name": {"anyOf": [{"const": "a"}, {"minLength": 9}]},
            "count": {"multipleOf": 0.01, "exclusiveMaximum": 5}
        },
        "additionalProperties": {"minimum": 1},
        "$defs": {"tag/s": {"type": "string", "pattern": "^\\w+$"}}
    }"##;
    assert_eq!(
        mismatches(
            r#"{"id": 1, "tag": ["a"], "name": "a", "count": 4.07}"#,
            schema
        ),
        ""
    );
    insta::assert_snapshot!(
        mismatches(r#"{"tag": ["a", 7, "é"], "name": "b", "count": 5, "other": 0}"#, schema),
        @r"
     #/required
    tag #/properties/tag/maxItems
    tag[1] #/$defs/tag~1s/type
    tag[2] #/$defs/tag~1s/pattern
    name #/properties/name/anyOf
    count #/properties/count/exclusiveMaximum
    other #/additionalProperties/minimum
    ");
}

#[test]
fn at_most_so_many_mismatches_are_listed() {
    let items = vec!["1"; 500].join(",");
    let found = judge(&format!("[{items}]"), r#"{"items": {"type": "string"}}"#).unwrap();
    assert_eq!(found.len(), 20);
}

#[test]
fn references_lead_to_other_documents_and_nowhere_else() {
    let main =
        r#"{"$id": "https://schemas.example.org/v1/badge", "$ref": "name#/definitions/name"}"#;
    let name =
        r##"{"definitions": {"name": {"$anchor": "n", "type": "string"}, "x": {"$ref": "#n"}}}"##;
    let at = "https://schemas.example.org/v1/name";
    let both = [(URL, main), (at, name)];
    assert!(
        judge_all("\"a\"", &both, Draft::Draft2020)
            .unwrap()
            .is_empty()
    );
    let found = judge_all("7", &both, Draft::Draft2020).unwrap();
    assert_eq!(found[0].keyword, format!("{at}#/definitions/name/type"));
    assert_eq!(
        judge_all("7", &[(URL, main)], Draft::Draft2020).unwrap_err(),
        format!("not loaded {at}  [{at:?}]")
    );
    for elsewhere in ["file:///etc/passwd", "http://127.0.0.1/", "ftp://a/b"] {
        let schema = json!({"properties": {"never": {"$ref": elsewhere}}}).to_string();
        assert_eq!(
            fault("1", &schema),
            format!("not loaded {elsewhere} only https is fetched []")
        );
    }
}

#[test]
fn what_is_no_schema_is_told_with_its_place() {
    for (schema, expected) in [
        ("{", "no-json"),
        (r#"{"a": 1, "a": 1}"#, "no-json"),
        ("7", "no-schema #"),
        (r#"{"type": 7}"#, "no-schema #/type"),
        (r#"{"type": "text"}"#, "no-schema #/type"),
        (
            r#"{"properties": {"a/b": {"items": 7}}}"#,
            "no-schema #/properties/a~1b/items",
        ),
        (r#"{"allOf": []}"#, "no-schema #/allOf"),
        (r#"{"minItems": -1}"#, "no-schema #/minItems"),
        (r#"{"minItems": 1.5}"#, "no-schema #/minItems"),
        (r#"{"multipleOf": 0}"#, "no-schema #/multipleOf"),
        (r#"{"required": [7]}"#, "no-schema #/required"),
        (
            r#"{"$schema": "https://example.org/mine"}"#,
            "draft #/$schema",
        ),
        (r##"{"$ref": "#/$defs/none"}"##, "reference #/$ref"),
        (r##"{"$ref": "#none"}"##, "reference #/$ref"),
        (r#"{"$ref": 7}"#, "reference #/$ref"),
        (r#"{"pattern": "("}"#, "pattern #/pattern"),
        (r#"{"pattern": "(?=a)"}"#, "pattern #/pattern"),
        (r#"{"pattern": "a{1000000}"}"#, "pattern #/pattern"),
        (
            r#"{"pattern": "((a{100}){100}){100}"}"#,
            "pattern #/pattern",
        ),
    ] {
        assert_eq!(fault("1", schema), expected, "{schema}");
    }
}

/// The other implementation applies `minContains` to what is no array.
#[test]
fn contains_counts() {
    let schema = r#"{"contains": {"type": "string"}, "minContains": 1, "maxContains": 2}"#;
    for (document, conforms) in [
        ("7", true),
        ("[]", false),
        ("[1]", false),
        (r#"["a", 1]"#, true),
        (r#"["a", "b"]"#, true),
        (r#"["a", "b", "c"]"#, false),
    ] {
        assert_eq!(
            judge(document, schema).unwrap().is_empty(),
            conforms,
            "{document}"
        );
    }
    assert_eq!(mismatches("[1]", &schema.replace(": 1,", ": 0,")), "");
}

#[test]
fn large_numbers_are_compared_and_not_computed() {
    for (schema, document, conforms) in [
        (r#"{"maxLength": 1e400}"#, "\"a\"", true),
        (r#"{"minItems": 1e400}"#, "[]", false),
        (r#"{"multipleOf": 1e-308}"#, "1e308", true),
        (r#"{"maximum": 1e400}"#, "1e399", true),
        (r#"{"const": 1e400}"#, "10e399", true),
    ] {
        assert_eq!(
            judge(document, schema).unwrap().is_empty(),
            conforms,
            "{schema}"
        );
    }
}

/// Each schema asks the next one twice: a million million questions.
fn fan(by: impl Fn(&str) -> String) -> String {
    let mut defs = vec![r#""s40": {"type": "object"}"#.to_owned()];
    for at in 0..40 {
        let next = format!(r##"{{"$ref": "#/$defs/s{}"}}"##, at + 1);
        defs.push(format!(r#""s{at}": {}"#, by(&next)));
    }
    format!(
        r##"{{"$ref": "#/$defs/s0", "$defs": {{{}}}}}"##,
        defs.join(",")
    )
}

#[test]
fn schemas_that_ask_for_too_much_are_refused() {
    let twice =
        |keyword: &'static str| move |next: &str| format!(r#"{{"{keyword}": [{next}, {next}]}}"#);
    for schema in [
        fan(twice("allOf")),
        fan(twice("anyOf")),
        fan(twice("oneOf")),
        fan(|next| {
            format!(
                r#"{{"not": {{"not": {next}}}, "$ref": {}}}"#,
                next.replace("{\"$ref\": ", "").replace('}', "")
            )
        }),
        fan(|next| format!(r#"{{"if": {next}, "then": {next}}}"#)),
        fan(|next| {
            format!(r#"{{"allOf": [{next}], "unevaluatedProperties": {next}, "anyOf": [{next}]}}"#)
        }),
    ] {
        assert_eq!(fault(r#"{"a": {"a": 1}}"#, &schema), "costly", "{schema}");
    }
    // What is never asked costs nothing.
    let unasked = fan(twice("allOf")).replacen("#/$defs/s0", "#/$defs/s40", 1);
    assert_eq!(mismatches("{}", &unasked), "");
    let items = vec!["7"; 2000].join(",");
    let distinct: Vec<String> = (0..2000).map(|it| it.to_string()).collect();
    assert_eq!(
        mismatches(&format!("[{items}]"), r#"{"uniqueItems": true}"#),
        " #/uniqueItems"
    );
    let distinct = format!("[{}]", distinct.join(","));
    assert_eq!(fault(&distinct, r#"{"uniqueItems": true}"#), "costly");
}

#[test]
fn long_texts_and_lists_count_as_much_as_they_are() {
    let long = format!("\"{}\"", "a".repeat(500_000));
    let often = |schema: &str| format!(r#"{{"allOf": [{}]}}"#, vec![schema; 2000].join(","));
    for schema in [
        often(r#"{"pattern": "b$"}"#),
        often(r#"{"maxLength": 1}"#).replace("allOf", "anyOf"),
        often(&format!(r#"{{"const": {}}}"#, &long[..300]).replace('}', "\"}")),
    ] {
        let text = json::parse(&schema).unwrap();
        let (schemas, at) = {
            let mut reader = Reader::default();
            reader
                .document(URL, text, Draft::Draft2019)
                .unwrap_or_else(|_| unreachable!());
            reader.finish(URL).unwrap_or_else(|_| unreachable!())
        };
        let document = json::parse(&long).unwrap();
        let mut evaluation = Evaluation::new(&schemas);
        let _ = evaluation.document(at, &document);
        assert!(
            evaluation.steps > 5_000,
            "{} steps for {}",
            evaluation.steps,
            &schema[..60]
        );
        assert!(evaluation.steps <= MAX_STEPS + 10_000);
    }
}

#[test]
fn schemas_without_end_are_refused() {
    for schema in [
        r##"{"$ref": "#"}"##,
        r##"{"allOf": [{"$ref": "#"}]}"##,
        r##"{"not": {"$ref": "#"}}"##,
        r##"{"$recursiveRef": "#"}"##,
        r##"{"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"anyOf": [{"$ref": "#/$defs/a"}]}}}"##,
        r##"{"$id": "https://schemas.example.org/other", "$ref": "https://schemas.example.org/badge.json"}"##,
    ] {
        assert_eq!(fault("{}", schema), "endless", "{schema}");
    }
    // A schema of trees ends where the tree does.
    let tree = r##"{"properties": {"parent": {"$ref": "#"}, "id": {"type": "string"}}}"##;
    assert_eq!(
        mismatches(r#"{"parent": {"parent": {"id": 7}}}"#, tree),
        "parent.parent.id #/properties/id/type"
    );
}

#[test]
fn long_ways_are_refused() {
    let defs: Vec<String> = (0..5000)
        .map(|at| format!(r##""s{at}": {{"$ref": "#/$defs/s{}"}}"##, at + 1))
        .collect();
    let schema = format!(
        r##"{{"$ref": "#/$defs/s0", "$defs": {{{}, "s5000": true}}}}"##,
        defs.join(",")
    );
    assert_eq!(fault("{}", &schema), "costly");
    let wide = format!("[{}]", vec!["{}"; 30_000].join(","));
    assert_eq!(fault("{}", &format!(r#"{{"allOf": {wide}}}"#)), "costly");
    let deep = format!("{}true{}", "{\"not\":".repeat(62), "}".repeat(62));
    assert_eq!(mismatches("{}", &deep), "");
}

#[test]
fn a_reference_that_is_decided_on_the_way_is_used_where_it_can_lead_to_one_place_only() {
    let list = r##"{"$schema": "https://json-schema.org/draft/2020-12/schema",
        "$dynamicAnchor": "item", "type": ["array", "string"], "items": {"$dynamicRef": "#item"}}"##;
    assert_eq!(mismatches(r#"["a", ["b"]]"#, list), "");
    assert_eq!(mismatches(r#"["a", [1]]"#, list), "[1][0] #/type");
    let open = r##"{"$schema": "https://json-schema.org/draft/2020-12/schema",
        "$dynamicAnchor": "item", "$dynamicRef": "#item",
        "$defs": {"other": {"$id": "other", "$dynamicAnchor": "item"}}}"##;
    assert_eq!(fault("1", open), "unsupported #/$dynamicRef");
}

#[test]
fn our_own_schemas_are_read() {
    let badge = include_str!("../../../fixtures/badges/good/full.json");
    let schema = crate::model::schema::JsonSchema::AchievementCredential.text();
    assert_eq!(mismatches(badge, &schema), "");
    let renamed = badge.replace("\"criteria\"", "\"criterion\"");
    assert_eq!(
        mismatches(&renamed, &schema),
        "credentialSubject.achievement #/$defs/Achievement/required"
    );
}

/// Whether two implementations agree; `None` where ours refuses.
fn agree(
    schema: &Json,
    document: &Json,
    draft: (Draft, jsonschema::Draft),
) -> Option<(bool, bool)> {
    let text = schema.to_string();
    let ours = judge_all(&document.to_string(), &[(URL, &text)], draft.0).ok()?;
    let theirs = jsonschema::options()
        .with_draft(draft.1)
        .build(schema)
        .unwrap_or_else(|error| unreachable!("{error} in {schema}"));
    Some((ours.is_empty(), theirs.is_valid(document)))
}

const DRAFTS: [(Draft, jsonschema::Draft); 3] = [
    (Draft::Draft7, jsonschema::Draft::Draft7),
    (Draft::Draft2019, jsonschema::Draft::Draft201909),
    (Draft::Draft2020, jsonschema::Draft::Draft202012),
];

fn any_document() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Json::from),
        (-3..4).prop_map(Json::from),
        Just(json!(1.5)),
        "[a-c]{0,3}".prop_map(Json::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::btree_map("[a-c]", inner, 0..4).prop_map(|members| members
                .into_iter()
                .collect::<serde_json::Map<_, _>>()
                .into()),
        ]
    })
}

/// The references lead to no schema that leads back: the other implementation overflows its stack at
/// some that do, such as `{"propertyNames": {"$ref": "#"}}`.
fn any_schema(references: &'static [&'static str]) -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(json!(true)),
        Just(json!(false)),
        prop::sample::select(vec![
            "null", "boolean", "object", "array", "number", "integer", "string"
        ])
        .prop_map(|name| json!({"type": name})),
        any_document().prop_map(|value| json!({"const": value})),
        prop::collection::vec(any_document(), 1..3).prop_map(|values| {
            let mut distinct: Vec<Json> = Vec::new();
            for value in values {
                if !distinct.contains(&value) {
                    distinct.push(value);
                }
            }
            json!({"enum": distinct})
        }),
        (
            prop::sample::select(vec![
                "minLength",
                "maxLength",
                "minItems",
                "maxItems",
                "minProperties",
                "maxProperties",
                "minimum",
                "maximum",
                "exclusiveMinimum",
                "exclusiveMaximum",
            ]),
            0..4
        )
            .prop_map(|(name, bound)| json!({name: bound})),
        prop::sample::select(vec![1.0, 0.5, 2.0]).prop_map(|it| json!({"multipleOf": it})),
        prop::sample::select(vec!["a", "^a", "b$", "^[^a]*$", "^\\w{2}$", "c.|\\d"])
            .prop_map(|it| json!({"pattern": it})),
        Just(json!({"uniqueItems": true})),
        prop::collection::btree_set("[a-c]", 0..3).prop_map(|it| json!({"required": it})),
        ("[a-c]", "[a-c]").prop_map(|(a, b)| json!({"dependentRequired": {a: [b]}})),
        ("[a-c]", "[a-c]").prop_map(|(a, b)| json!({"dependencies": {a: [b]}})),
        prop::sample::select(references).prop_map(|it| json!({"$ref": it})),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let single = prop::sample::select(vec![
            "not",
            "contains",
            "propertyNames",
            "additionalProperties",
            "unevaluatedProperties",
            "unevaluatedItems",
            "items",
            "if",
            "then",
            "else",
        ]);
        let list = prop::sample::select(vec!["allOf", "anyOf", "oneOf", "prefixItems"]);
        let named =
            prop::sample::select(vec!["properties", "patternProperties", "dependentSchemas"]);
        let group = prop_oneof![
            (single, inner.clone()).prop_map(|(name, it)| json!({name: it})),
            (list, prop::collection::vec(inner.clone(), 1..3))
                .prop_map(|(name, it)| json!({name: it})),
            (named, prop::collection::btree_map("[a-c]", inner, 1..3))
                .prop_map(|(name, it)| json!({name: it})),
        ];
        prop::collection::vec(group, 1..4).prop_map(|groups| {
            let mut all = serde_json::Map::new();
            for group in groups {
                all.extend(group.as_object().unwrap().clone());
            }
            all.into()
        })
    })
}

/// The same in the words of before 2020-12: lists of items.
fn older(schema: &Json) -> Json {
    match schema {
        Json::Array(items) => items.iter().map(older).collect(),
        Json::Object(members) => {
            let is_list = members.contains_key("prefixItems");
            let older = members.iter().map(|(name, value)| {
                let name = match name.as_str() {
                    "prefixItems" => "items",
                    "items" if is_list => "additionalItems",
                    other => other,
                };
                (name.to_owned(), older(value))
            });
            older.collect::<serde_json::Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]
    #[test]
    fn another_implementation_agrees(
        mut schema in any_schema(&["#/$defs/a", "#/$defs/b"]),
        a in any_schema(&["#/$defs/b", "#/$defs/c"]),
        b in any_schema(&["#/$defs/c"]),
        document in any_document(),
    ) {
        if let Some(members) = schema.as_object_mut() {
            members.insert("$defs".to_owned(), json!({"a": a, "b": b, "c": {"type": "object"}}));
        }
        for draft in DRAFTS {
            let schema = if draft.0 == Draft::Draft2020 { schema.clone() } else { older(&schema) };
            let text = schema.to_string();
            // Only from 2020-12 on, items that `contains` found are evaluated (2019-09, 9.3.1.3).
            if draft.0 == Draft::Draft2019
                && text.contains("contains")
                && text.contains("unevaluatedItems")
            {
                continue;
            }
            if let Some((ours, theirs)) = agree(&schema, &document, draft) {
                prop_assert_eq!(ours, theirs, "{:?} {} {}", draft.0, schema, document);
            }
        }
    }
}
