//! Lexical forms of JSON's numbers in RDF ([JSON-LD 1.1 API, 8.2.2]), or a refusal where
//! implementations are known to differ.
//!
//! [JSON-LD 1.1 API, 8.2.2]: https://www.w3.org/TR/json-ld11-api/#object-to-rdf-conversion

use super::{Fault, FaultKind};
use crate::json::{Number, Value};

/// How a number is written in RDF.
pub(super) enum Numeric {
    /// `42`
    Integer(String),
    /// `4.5E0`
    Double(String),
}

/// The greatest integer that every implementation reads exactly ([I-JSON, 2.2]).
///
/// [I-JSON, 2.2]: https://www.rfc-editor.org/rfc/rfc7493#section-2.2
const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

/// Refuses numbers of which canonical JSON would keep less than the document says ([RFC 8785] knows
/// doubles only): two documents with one signature.
///
/// [RFC 8785]: https://www.rfc-editor.org/rfc/rfc8785#section-3.2.2.3
pub(crate) fn check_numbers(value: &Value<'_>) -> Result<(), Fault> {
    match value {
        Value::Number(number) => {
            let double = number.as_f64();
            let shortest = format!("{double:e}");
            if double.is_finite() && decimal(number.text()) == decimal(&shortest) {
                return Ok(());
            }
            Err(Fault::from(FaultKind::LossyNumber {
                number: number.text().to_owned(),
            }))
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .try_for_each(|(index, item)| check_numbers(item).map_err(|fault| fault.at(index))),
        Value::Object(members) => members
            .iter()
            .try_for_each(|(key, value)| check_numbers(value).map_err(|fault| fault.within(key))),
        _ => Ok(()),
    }
}

/// Below this `jsonld.js` signs zero.
const MIN_MAGNITUDE: f64 = 1e-6;

/// A number in its RDF form; integers as doubles when the datatype asks for it.
pub(super) fn numeric(number: &Number<'_>, as_double: bool) -> Result<Numeric, FaultKind> {
    let lossy = || FaultKind::LossyNumber {
        number: number.text().to_owned(),
    };
    let value = number.as_f64();
    let magnitude = value.abs();
    if magnitude > MAX_SAFE_INTEGER || magnitude < MIN_MAGNITUDE && !is_plain_zero(number.text()) {
        return Err(lossy());
    }
    let double = double(value);
    // More digits than a double holds, or a double that its canonical form does not name.
    let shortest = format!("{value:e}");
    if decimal(number.text()) != decimal(&shortest) || double.parse() != Ok(value) {
        return Err(lossy());
    }
    if value.fract() == 0.0 && !as_double {
        Ok(Numeric::Integer(format!("{value:.0}")))
    } else {
        Ok(Numeric::Double(double))
    }
}

/// `-0` is a zero whose sign only some keep.
fn is_plain_zero(text: &str) -> bool {
    !text.starts_with('-') && decimal(text).0.is_empty()
}

/// The canonical form of `xsd:double`: one digit before the point, at most 15 after it.
fn double(value: f64) -> String {
    let text = format!("{value:.15e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let trimmed = mantissa.trim_end_matches('0');
    let zero = if trimmed.ends_with('.') { "0" } else { "" };
    format!("{trimmed}{zero}E{exponent}")
}

/// The significant digits and the power of ten of the last one: equal for equal decimals.
fn decimal(text: &str) -> (String, i64) {
    let unsigned = text.trim_start_matches('-');
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_end_matches('0');
    if significant.is_empty() {
        return (String::new(), 0);
    }
    let dropped = digits.len() - significant.len();
    let exponent = exponent.parse::<i64>().unwrap_or(i64::MAX / 2);
    (
        significant.trim_start_matches('0').to_owned(),
        exponent - fraction.len() as i64 + dropped as i64,
    )
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn rdf(text: &str, as_double: bool) -> String {
        let Value::Number(number) = crate::json::parse(text).unwrap() else {
            unreachable!("{text} is a number")
        };
        match numeric(&number, as_double) {
            Ok(Numeric::Integer(text) | Numeric::Double(text)) => text,
            Err(fault) => fault.to_string(),
        }
    }

    #[test]
    fn numbers_are_written_as_other_implementations_write_them() {
        for (json, integer_or_double, double) in [
            ("42", "42", "4.2E1"),
            ("42.0", "42", "4.2E1"),
            ("-7", "-7", "-7.0E0"),
            ("0", "0", "0.0E0"),
            ("0.0", "0", "0.0E0"),
            ("4.5", "4.5E0", "4.5E0"),
            ("2.1e3", "2100", "2.1E3"),
            ("0.001", "1.0E-3", "1.0E-3"),
            // Of its 17 digits the canonical form has 16, which still name this double only.
            ("73.207", "7.320699999999999E1", "7.320699999999999E1"),
            (
                "9007199254740991",
                "9007199254740991",
                "9.007199254740991E15",
            ),
        ] {
            assert_eq!(rdf(json, false), integer_or_double);
            assert_eq!(rdf(json, true), double);
        }
    }

    #[test]
    fn lossy_numbers_are_refused() {
        for json in [
            "9007199254740993",
            "1e400",
            "1e-7",
            "-0",
            "-0.0",
            "0.30000000000000004",
            "4.5000000000000000001",
            "1e-400",
            "123456789012345678901234567890",
        ] {
            assert!(rdf(json, false).contains("without loss"), "{json}");
        }
    }
}
