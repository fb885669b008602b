//! Another implementation agrees.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::Draft;
use super::tests::{URL, judge_all};

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
