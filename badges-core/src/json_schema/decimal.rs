//! Numbers as JSON writes them, compared by their digits: without rounding, whatever their size.

use std::cmp::Ordering;

use crate::json::Number;

/// A decimal number: 0.`digits` · 10^`exponent`, with a sign. Zero has no digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    negative: bool,
    /// Without zeros at the beginning and the end.
    digits: String,
    exponent: i64,
}

impl Decimal {
    pub(super) fn of(number: &Number<'_>) -> Self {
        let text = number.text();
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, power) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        let significant = all.trim_start_matches('0');
        let digits = significant.trim_end_matches('0').to_owned();
        if digits.is_empty() {
            return Self {
                negative: false,
                digits,
                exponent: 0,
            };
        }
        let leading = length(&all) - length(significant);
        Self {
            negative,
            digits,
            exponent: power_of_ten(power).saturating_add(length(whole) - leading),
        }
    }

    pub(super) fn is_integer(&self) -> bool {
        length(&self.digits) <= self.exponent
    }

    /// The number, when it is one that can be counted to; more than that is the largest there is.
    pub(super) fn as_count(&self) -> Option<u64> {
        if self.negative || !self.is_integer() {
            return None;
        }
        let zeros = usize::try_from(self.exponent - length(&self.digits)).unwrap_or(0);
        let count = format!("{}{}", self.digits, "0".repeat(zeros.min(20)));
        Some(if count.is_empty() {
            0
        } else {
            count.parse().unwrap_or(u64::MAX)
        })
    }

    pub(super) const fn is_positive(&self) -> bool {
        !self.negative && !self.digits.is_empty()
    }

    /// Whether this is a whole multiple of another number that is greater than zero. `None` when
    /// the numbers have more digits than is computed with.
    pub(super) fn is_multiple_of(&self, other: &Self) -> Option<bool> {
        const DIGITS: usize = 18;
        if self.digits.is_empty() {
            return Some(true);
        }
        if self.digits.len() > 2 * DIGITS || other.digits.len() > DIGITS {
            return None;
        }
        let own: u128 = self.digits.parse().ok()?;
        let factor: u128 = other.digits.parse().ok()?;
        // Both as a whole number of the other's last decimal place.
        let place = |number: &Self| number.exponent.saturating_sub(length(&number.digits));
        let shift = place(self).saturating_sub(place(other));
        if shift >= 0 {
            let product = own % factor * power_mod(shift.unsigned_abs(), factor);
            return Some(product.is_multiple_of(factor));
        }
        let scaled = u32::try_from(shift.unsigned_abs())
            .ok()
            .and_then(|shift| 10_u128.checked_pow(shift))
            .and_then(|power| factor.checked_mul(power));
        Some(scaled.is_some_and(|factor| own.is_multiple_of(factor)))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let sign = |number: &Self| match (number.digits.is_empty(), number.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        const fn size(number: &Decimal) -> (i64, &str) {
            (number.exponent, number.digits.as_str())
        }
        match sign(self).cmp(&sign(other)) {
            Ordering::Equal if self.negative => size(other).cmp(&size(self)),
            Ordering::Equal => size(self).cmp(&size(other)),
            signs => signs,
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The exponent, cut off where no number that is written out reaches.
fn power_of_ten(text: &str) -> i64 {
    const FARTHEST: i64 = 1 << 40;
    let farthest = if text.starts_with('-') {
        -FARTHEST
    } else {
        FARTHEST
    };
    text.parse()
        .map_or(farthest, |power: i64| power.clamp(-FARTHEST, FARTHEST))
}

/// 10^`exponent` modulo a number of at most 18 digits.
fn power_mod(mut exponent: u64, modulus: u128) -> u128 {
    let (mut result, mut base) = (1 % modulus, 10 % modulus);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = result * base % modulus;
        }
        base = base * base % modulus;
        exponent >>= 1;
    }
    result
}

/// A length, which is far below what 64 bits hold.
fn length(text: &str) -> i64 {
    i64::try_from(text.len()).unwrap_or(i64::MAX)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::json::{Value, parse};

    fn decimal(text: &str) -> Decimal {
        match parse(text).unwrap() {
            Value::Number(number) => Decimal::of(&number),
            other => unreachable!("{other:?}"),
        }
    }

    #[test]
    fn numbers_are_equal_however_they_are_written() {
        for (one, other) in [
            ("0", "-0.0e5"),
            ("1", "1.0"),
            ("100", "1e2"),
            ("0.001", "1e-3"),
            ("-12.50", "-1.25E+1"),
            ("9007199254740993", "9007199254740993.0"),
        ] {
            assert_eq!(decimal(one), decimal(other));
        }
        assert_ne!(decimal("9007199254740993"), decimal("9007199254740992"));
    }

    #[test]
    fn numbers_have_an_order() {
        let texts = [
            "-1e400", "-10", "-9", "-0.5", "-1e-400", "0", "1e-400", "0.05", "0.5", "1", "9.99",
            "10", "1e400",
        ];
        for pair in texts.windows(2) {
            assert!(decimal(pair[0]) < decimal(pair[1]), "{pair:?}");
        }
    }

    #[test]
    fn integers_and_counts() {
        for (text, integer, count) in [
            ("0", true, Some(0)),
            ("7.0", true, Some(7)),
            ("1.2e3", true, Some(1200)),
            ("0.5", false, None),
            ("-1", true, None),
            ("1e400", true, Some(u64::MAX)),
            ("1e-400", false, None),
            ("1e99999999999999999999", true, Some(u64::MAX)),
        ] {
            assert_eq!(decimal(text).is_integer(), integer, "{text}");
            assert_eq!(decimal(text).as_count(), count, "{text}");
        }
    }

    #[test]
    fn multiples() {
        for (number, of, expected) in [
            ("0.07", "0.01", Some(true)),
            ("4.5", "1.5", Some(true)),
            ("4.6", "1.5", Some(false)),
            ("-9", "3", Some(true)),
            ("0", "1e-308", Some(true)),
            ("1e308", "1e-308", Some(true)),
            ("1e-308", "3", Some(false)),
            ("1e400", "7", Some(false)),
            ("7e400", "7", Some(true)),
            ("1e99999999999999999999", "3", Some(false)),
            ("1", "0.1234567890123456789", None),
        ] {
            assert_eq!(
                decimal(number).is_multiple_of(&decimal(of)),
                expected,
                "{number} {of}"
            );
        }
    }
}
