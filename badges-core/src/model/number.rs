//! Numbers as everybody writes them: `42`, not `42.0`. The two are the same number, but not the
//! same text, and other software turns one into the other before it computes a signature.

use serde::Serializer;

/// The whole numbers that a double holds exactly.
const EXACT: f64 = 9_007_199_254_740_992.0;

pub(super) fn number<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    if value.fract() == 0.0 && value.abs() <= EXACT {
        serializer.serialize_i64(*value as i64)
    } else {
        serializer.serialize_f64(*value)
    }
}

pub(super) fn optional_number<S: Serializer>(
    value: &Option<f64>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => number(value, serializer),
        None => serializer.serialize_none(),
    }
}
