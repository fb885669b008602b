//! Dates as people write them: a day, a moment, or how long from then.

use std::str::FromStr;

use badges_core::model::{Date, parse_date_time};
use serde::de::IntoDeserializer as _;
use serde::de::value::Error as ValueError;
use serde::{Deserialize, Deserializer};
use time::{Duration, Month, OffsetDateTime, Time};

/// A day (`2026-05-01`, in UTC) or a moment (`2026-05-01T12:00:00Z`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    Day(time::Date),
    Moment(OffsetDateTime),
}

/// How long something is valid: `2y`, `18mo`, `6w` or `90d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Span {
    Months(u32),
    Days(u32),
}

/// Until when a badge is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Validity {
    Until(When),
    For(Span),
}

/// Neither a day nor a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it should be a day such as `2026-05-01` or a moment such as `2026-05-01T12:00:00Z`")]
pub(crate) struct NoDate;

/// No span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it should be a number with `y`, `mo`, `w` or `d`, such as `2y`, `18mo` or `90d`")]
pub(crate) struct NoSpan;

impl When {
    /// Its first moment.
    pub(crate) fn start(self) -> OffsetDateTime {
        match self {
            Self::Day(day) => day.midnight().assume_utc(),
            Self::Moment(moment) => moment,
        }
    }

    /// Its last second.
    pub(crate) fn end(self) -> OffsetDateTime {
        match self {
            Self::Day(day) => day
                .with_time(Time::from_hms(23, 59, 59).unwrap_or(Time::MIDNIGHT))
                .assume_utc(),
            Self::Moment(moment) => moment,
        }
    }
}

impl Span {
    /// The moment this long after another; `None` beyond the year 9999.
    pub(crate) fn after(self, moment: OffsetDateTime) -> Option<OffsetDateTime> {
        let end = match self {
            Self::Days(days) => moment.checked_add(Duration::days(days.into())),
            Self::Months(months) => add_months(moment, months),
        };
        end.filter(|end| end.year() <= 9999)
    }
}

impl Validity {
    /// The last moment of a badge awarded at a moment; `None` beyond the year 9999.
    pub(crate) fn end(self, awarded: OffsetDateTime) -> Option<OffsetDateTime> {
        match self {
            Self::Until(when) => Some(when.end()),
            Self::For(span) => span.after(awarded),
        }
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

impl FromStr for When {
    type Err = NoDate;

    fn from_str(text: &str) -> Result<Self, NoDate> {
        if let Ok(moment) = parse_date_time(text) {
            return Ok(Self::Moment(moment));
        }
        let day: Result<Date, ValueError> = Date::deserialize(text.into_deserializer());
        day.map(|Date(day)| Self::Day(day)).map_err(|_| NoDate)
    }
}

impl FromStr for Span {
    type Err = NoSpan;

    fn from_str(text: &str) -> Result<Self, NoSpan> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at(digits);
        let number: u32 = number.parse().map_err(|_| NoSpan)?;
        let span = match unit {
            "y" => number.checked_mul(12).map(Self::Months),
            "mo" => Some(Self::Months(number)),
            "w" => number.checked_mul(7).map(Self::Days),
            "d" => Some(Self::Days(number)),
            _ => None,
        };
        span.filter(|_| number > 0).ok_or(NoSpan)
    }
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer)
    }
}

fn parsed<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: std::fmt::Display>,
{
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(serde::de::Error::custom)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use badges_core::model::DateTimeZ;

    use super::*;

    fn shown(moment: OffsetDateTime) -> String {
        DateTimeZ::from(moment).to_string()
    }

    #[test]
    fn days_last_from_their_first_to_their_last_second() {
        let day: When = "2026-05-01".parse().unwrap();
        assert_eq!(shown(day.start()), "2026-05-01T00:00:00Z");
        assert_eq!(shown(day.end()), "2026-05-01T23:59:59Z");
        let moment: When = "2026-05-01T12:00:00+02:00".parse().unwrap();
        assert_eq!(shown(moment.end()), "2026-05-01T10:00:00Z");
        for text in [
            "",
            "2026-02-30",
            "20260501",
            "1 May 2026",
            "2026-05-01T12:00:00",
        ] {
            assert_eq!(text.parse::<When>(), Err(NoDate), "{text}");
        }
    }

    #[test]
    fn spans_are_counted_in_the_calendar() {
        let from = "2024-01-31T08:00:00Z".parse::<When>().unwrap().start();
        for (span, end) in [
            ("1mo", "2024-02-29T08:00:00Z"),
            ("13mo", "2025-02-28T08:00:00Z"),
            ("2y", "2026-01-31T08:00:00Z"),
            ("90d", "2024-04-30T08:00:00Z"),
            ("2w", "2024-02-14T08:00:00Z"),
        ] {
            let span: Span = span.parse().unwrap();
            assert_eq!(span.after(from).map(shown).unwrap(), end);
        }
        let endless: Span = "9000y".parse().unwrap();
        assert_eq!(endless.after(from), None);
        assert_eq!("4294967295d".parse::<Span>().unwrap().after(from), None);
        for text in [
            "",
            "y",
            "0d",
            "-1d",
            "1.5y",
            "2 y",
            "2m",
            "99999999999d",
            "4294967295y",
        ] {
            assert_eq!(text.parse::<Span>(), Err(NoSpan), "{text}");
        }
    }
}
