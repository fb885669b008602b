//! How long something is valid, in the calendar: two years from the last of February are two years,
//! not 730 days.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer};
use time::{Duration, Month, OffsetDateTime};

/// A span of time. It is read as people write it (`2y`, `18mo`, `6w`, `90d`) and as ISO 8601 does
/// (`P2Y`, `P18M`, `P6W`, `P90D`), and written as the latter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// Months, and years of twelve.
    Months(u32),
    /// Days, and weeks of seven.
    Days(u32),
}

/// No span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it should be a number with `y`, `mo`, `w` or `d`, such as `2y`, `18mo` or `90d`")]
pub struct NoSpan;

impl Span {
    /// The moment this long after another; `None` beyond the year 9999.
    #[must_use]
    pub fn after(self, moment: OffsetDateTime) -> Option<OffsetDateTime> {
        let end = match self {
            Self::Days(days) => moment.checked_add(Duration::days(days.into())),
            Self::Months(months) => add_months(moment, months),
        };
        end.filter(|end| end.year() <= 9999)
    }
}

/// The same day of a later month, or the last of that month if it is shorter.
fn add_months(moment: OffsetDateTime, months: u32) -> Option<OffsetDateTime> {
    let date = moment.date();
    let count = i64::from(date.year()) * 12 + i64::from(u8::from(date.month())) - 1;
    let count = count + i64::from(months);
    let year = i32::try_from(count.div_euclid(12)).ok()?;
    let month = Month::try_from(u8::try_from(count.rem_euclid(12) + 1).ok()?).ok()?;
    let day = date.day().min(month.length(year));
    let date = time::Date::from_calendar_date(year, month, day).ok()?;
    Some(moment.replace_date(date))
}

impl FromStr for Span {
    type Err = NoSpan;

    fn from_str(text: &str) -> Result<Self, NoSpan> {
        let written = text.strip_prefix('P').unwrap_or(text);
        let digits = written.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = written.split_at(digits);
        let number: u32 = number.parse().map_err(|_| NoSpan)?;
        let units = if written.len() < text.len() {
            ["Y", "M", "W", "D"]
        } else {
            ["y", "mo", "w", "d"]
        };
        let span = match units.iter().position(|known| *known == unit) {
            Some(0) => number.checked_mul(12).map(Self::Months),
            Some(1) => Some(Self::Months(number)),
            Some(2) => number.checked_mul(7).map(Self::Days),
            Some(_) => Some(Self::Days(number)),
            None => None,
        };
        span.filter(|_| number > 0).ok_or(NoSpan)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Months(months) if months % 12 == 0 => write!(out, "P{}Y", months / 12),
            Self::Months(months) => write!(out, "P{months}M"),
            Self::Days(days) => write!(out, "P{days}D"),
        }
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::model::{DateTimeZ, parse_date_time};

    #[test]
    fn spans_are_counted_in_the_calendar() {
        let from = parse_date_time("2024-01-31T08:00:00Z").unwrap();
        for (span, iso, end) in [
            ("1mo", "P1M", "2024-02-29T08:00:00Z"),
            ("13mo", "P13M", "2025-02-28T08:00:00Z"),
            ("2y", "P2Y", "2026-01-31T08:00:00Z"),
            ("24mo", "P2Y", "2026-01-31T08:00:00Z"),
            ("90d", "P90D", "2024-04-30T08:00:00Z"),
            ("2w", "P14D", "2024-02-14T08:00:00Z"),
        ] {
            let span: Span = span.parse().unwrap();
            assert_eq!(DateTimeZ::from(span.after(from).unwrap()).to_string(), end);
            assert_eq!(span.to_string(), iso);
            assert_eq!(iso.parse(), Ok(span));
        }
        assert_eq!("P2W".parse(), Ok(Span::Days(14)));
        let endless: Span = "9000y".parse().unwrap();
        assert_eq!(endless.after(from), None);
        assert_eq!("4294967295d".parse::<Span>().unwrap().after(from), None);
        for text in [
            "",
            "P",
            "y",
            "0d",
            "P0D",
            "-1d",
            "2",
            "P2",
            "2 y",
            "1.5y",
            "2Y",
            "P2y",
            "P1Y6M",
            "2m",
            "4294967296d",
            "400000000y",
        ] {
            assert_eq!(text.parse::<Span>(), Err(NoSpan), "{text}");
        }
    }
}
