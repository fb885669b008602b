use super::Value;

/// Writes a value in the canonical form of [RFC 8785] (JCS): members sorted by UTF-16 code units,
/// numbers as ECMAScript prints them, no whitespace.
///
/// [RFC 8785]: https://www.rfc-editor.org/rfc/rfc8785
#[must_use]
pub fn canonical(value: &Value<'_>) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

/// Writes an object that has these members in the canonical form.
pub(crate) fn canonical_members<'v, 't: 'v>(
    members: impl Iterator<Item = (&'v str, &'v Value<'t>)>,
) -> String {
    let mut out = String::new();
    write_object(members.collect(), &mut out);
    out
}

/// A text as a JSON string, with its quotes.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    write_string(text, &mut out);
    out
}

/// Writes a value as it was read: members in their order, numbers with their digits; no whitespace.
pub(crate) fn written(value: &Value<'_>) -> String {
    let mut out = String::with_capacity(4096);
    write_as_read(value, &mut out);
    out
}

fn write_as_read(value: &Value<'_>, out: &mut String) {
    match value {
        Value::Number(number) => out.push_str(number.text()),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_as_read(item, out);
            }
            out.push(']');
        }
        Value::Object(members) => {
            out.push('{');
            for (index, (key, value)) in members.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_string(key, out);
                out.push(':');
                write_as_read(value, out);
            }
            out.push('}');
        }
        scalar => write(scalar, out),
    }
}

fn write(value: &Value<'_>, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => out.push_str(ryu_js::Buffer::new().format(number.as_f64())),
        Value::String(text) => write_string(text, out),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| (key.as_ref(), value));
            write_object(members.collect(), out);
        }
    }
}

fn write_object(mut members: Vec<(&str, &Value<'_>)>, out: &mut String) {
    members.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
    out.push('{');
    for (index, (key, value)) in members.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_string(key, out);
        out.push(':');
        write(value, out);
    }
    out.push('}');
}

fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control @ '\0'..='\u{1f}' => out.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn follows_the_example_of_rfc_8785() {
        let value = crate::json::parse(
            r#"{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001,-0],
                "string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
                "literals":[null,true,false],"\ud83d\ude00":1,"\ufb33":2}"#,
        )
        .unwrap();
        assert_eq!(
            canonical(&value),
            "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27,0],\
             \"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\",\"😀\":1,\"\u{fb33}\":2}"
        );
    }
}
