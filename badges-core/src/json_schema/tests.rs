//! What schemas say, and where; hostile ones are refused, by count and not by time.

use serde_json::json;

use super::evaluate::MAX_STEPS;
use super::*;
use crate::documents::Answer;

pub(super) const URL: &str = "https://schemas.example.org/badge.json";

/// What comes of judging a document by texts at URLs, the first of which is the schema.
pub(super) fn judge_all(
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
        (r#"{"pattern": "^[Edit&&or]+$"}"#, "pattern #/pattern"),
        (
            r#"{"patternProperties": {"(?i)editor": true}}"#,
            "pattern #/patternProperties",
        ),
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
        let steps = steps(&long, &schema);
        assert!(steps > 5_000, "{steps} steps for {}", &schema[..60]);
        // The step that would be too much is counted, and not taken.
        assert!(steps <= MAX_STEPS + 100_000);
    }
}

/// How many steps it takes to judge a document, or more than are allowed.
fn steps(document: &str, schema: &str) -> usize {
    let mut reader = Reader::default();
    let read = reader.document(URL, json::parse(schema).unwrap(), Draft::Draft2019);
    assert!(read.is_ok(), "{schema}");
    let Ok((schemas, at)) = reader.finish(URL) else {
        unreachable!("{schema}")
    };
    let document = json::parse(document).unwrap();
    let mut evaluation = Evaluation::new(&schemas);
    let _ = evaluation.document(at, &document);
    evaluation.steps
}

#[test]
fn a_large_pattern_counts_as_much_as_it_is() {
    let text = format!("\"{}\"", "abaababb".repeat(1000));
    let small = steps(&text, r#"{"pattern": "a[ab]c"}"#);
    let large = steps(&text, r#"{"pattern": "a[ab]{1500}c"}"#);
    assert!((1000..10_000).contains(&small), "{small}");
    assert!(large > 64 * (small - 10), "{large}");
    let many = vec![r#"{"pattern": "a[ab]{1500}c"}"#; 40].join(",");
    assert_eq!(fault(&text, &format!(r#"{{"allOf": [{many}]}}"#)), "costly");
}

#[test]
fn equal_patterns_are_one() {
    let many = vec![r#"{"pattern": "^a"}"#; 3000].join(",");
    let schema = format!(r#"{{"allOf": [{many}]}}"#);
    let mut reader = Reader::default();
    let read = reader.document(URL, json::parse(&schema).unwrap(), Draft::Draft2019);
    assert!(read.is_ok());
    assert_eq!(std::rc::Rc::strong_count(&reader.patterns["^a"]), 3001);
}

#[test]
fn long_names_count_as_much_as_they_are() {
    let name = "a".repeat(100_000);
    let document = json!({&name: 1}).to_string();
    for schema in [
        json!({"required": [&name]}),
        json!({"properties": {&name: true}}),
        json!({"const": {&name: 1}}),
        json!({"dependentSchemas": {&name: true}}),
        json!({"dependentRequired": {&name: []}}),
        json!({"propertyNames": {"minLength": 1}}),
    ] {
        let steps = steps(&document, &schema.to_string());
        assert!((1500..10_000).contains(&steps), "{steps}");
    }
}

#[test]
fn long_numbers_are_no_bounds() {
    let long = "9".repeat(1001);
    for keyword in ["maximum", "exclusiveMinimum", "multipleOf", "minItems"] {
        let schema = format!(r#"{{"{keyword}": {long}}}"#);
        assert_eq!(fault("1", &schema), format!("costly #/{keyword}"));
    }
    let schema = format!(r#"{{"maximum": {}}}"#, &long[1..]);
    assert_eq!(mismatches(&long, &schema), " #/maximum");
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
