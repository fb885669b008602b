//! Dates and times as the standard writes them.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};
use time::{Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

/// The standard's `DateTimeZ`: a moment, to the second.
///
/// It is written in UTC, such as `2026-01-15T09:30:00Z`, and read with any offset. A JWT knows no
/// fractions of seconds, so that moments have none here; they are cut off when reading.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTimeZ(OffsetDateTime);

impl DateTimeZ {
    /// The moment, in UTC.
    #[must_use]
    pub const fn get(self) -> OffsetDateTime {
        self.0
    }
}

impl From<OffsetDateTime> for DateTimeZ {
    fn from(moment: OffsetDateTime) -> Self {
        let utc = moment.checked_to_offset(UtcOffset::UTC).unwrap_or(moment);
        Self(utc.truncate_to_second())
    }
}

impl fmt::Display for DateTimeZ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (date, time) = (self.0.date(), self.0.time());
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
            date.year(),
            u8::from(date.month()),
            date.day(),
            time.hour(),
            time.minute(),
            time.second()
        )
    }
}

impl fmt::Debug for DateTimeZ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for DateTimeZ {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DateTimeZ {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse_date_time(&text)
            .map(Self::from)
            .map_err(Error::custom)
    }
}

/// Reads a member that is a date and time in the model and a date in the context; a date is its
/// first moment in UTC.
pub(super) fn date_time_or_date<'de, D>(deserializer: D) -> Result<Option<DateTimeZ>, D::Error>
where
    D: Deserializer<'de>,
{
    let Some(text) = Option::<String>::deserialize(deserializer)? else {
        return Ok(None);
    };
    match (parse_date_time(&text), parse_date(text.as_bytes())) {
        (Ok(moment), _) => Ok(Some(moment.into())),
        (Err(_), Some(date)) => Ok(Some(date.midnight().assume_utc().into())),
        (Err(error), None) => Err(Error::custom(error)),
    }
}

/// The standard's `Date`, such as `1990-12-31`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(pub time::Date);

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.0.to_calendar_date();
        write!(f, "{year:04}-{:02}-{day:02}", u8::from(month))
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse_date(text.as_bytes())
            .map(Self)
            .ok_or_else(|| Error::custom(format_args!("{text:?} is no date such as 1990-12-31")))
    }
}

/// Why a text is no date and time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateTimeError {
    /// Another form.
    #[error("{found:?} is no date and time such as 2026-01-15T09:30:00Z")]
    Form {
        /// The text.
        found: String,
    },
    /// A date alone.
    #[error("{found:?} is a date without a time")]
    NoTime {
        /// The text.
        found: String,
    },
    /// A date and time whose place on earth is not said.
    #[error("{found:?} has no time zone: write Z or an offset such as +01:00")]
    NoZone {
        /// The text.
        found: String,
    },
    /// The right form, but no such day, hour or offset exists.
    #[error("{found:?} names a day or time that does not exist")]
    OutOfRange {
        /// The text.
        found: String,
    },
}

/// Reads `xsd:dateTimeStamp`: `2026-01-15T09:30:00Z`, with any offset and any number of digits
/// after the second (those after the ninth do not count). Years have four digits, `T` and `Z` are
/// capital letters, and midnight is `00:00:00`.
///
/// # Errors
/// What keeps the text from being a date and time with a zone.
pub fn parse_date_time(text: &str) -> Result<OffsetDateTime, DateTimeError> {
    parse(text.as_bytes()).map_err(|fault| {
        let found = super::schema::excerpt(text);
        match fault {
            Fault::Form => DateTimeError::Form { found },
            Fault::NoTime => DateTimeError::NoTime { found },
            Fault::NoZone => DateTimeError::NoZone { found },
            Fault::OutOfRange => DateTimeError::OutOfRange { found },
        }
    })
}

/// Whether a text is `xsd:date` without a zone.
pub(crate) fn is_date(text: &str) -> bool {
    parse_date(text.as_bytes()).is_some()
}

enum Fault {
    Form,
    NoTime,
    NoZone,
    OutOfRange,
}

fn parse(text: &[u8]) -> Result<OffsetDateTime, Fault> {
    let (date, rest) = text.split_at_checked(10).ok_or(Fault::Form)?;
    let (year, month, day) = date_numbers(date).ok_or(Fault::Form)?;
    let [b'T', h0, h1, b':', min0, min1, b':', s0, s1, rest @ ..] = rest else {
        return Err(if rest.is_empty() {
            Fault::NoTime
        } else {
            Fault::Form
        });
    };
    let (Some(hour), Some(minute), Some(second)) =
        (pair(*h0, *h1), pair(*min0, *min1), pair(*s0, *s1))
    else {
        return Err(Fault::Form);
    };
    let (nanosecond, rest) = fraction(rest)?;
    let offset = offset(rest)?;

    let date = calendar_date(year, month, day).ok_or(Fault::OutOfRange)?;
    let time =
        Time::from_hms_nano(hour, minute, second, nanosecond).map_err(|_| Fault::OutOfRange)?;
    let moment = PrimitiveDateTime::new(date, time).assume_offset(offset);
    // Moments outside of the years 0000 to 9999 in UTC could not be written again.
    match moment.checked_to_offset(UtcOffset::UTC) {
        Some(utc) if (0..=9999).contains(&utc.year()) => Ok(moment),
        _ => Err(Fault::OutOfRange),
    }
}

/// The digits after the second, in nanoseconds, and what follows them.
fn fraction(text: &[u8]) -> Result<(u32, &[u8]), Fault> {
    let [b'.', digits @ ..] = text else {
        return Ok((0, text));
    };
    let length = digits
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if length == 0 {
        return Err(Fault::Form);
    }
    let (digits, rest) = digits.split_at(length);
    let nanosecond = digits
        .iter()
        .chain(std::iter::repeat(&b'0'))
        .take(9)
        .fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'));
    Ok((nanosecond, rest))
}

fn offset(text: &[u8]) -> Result<UtcOffset, Fault> {
    let (sign, hours, minutes) = match text {
        b"Z" => return Ok(UtcOffset::UTC),
        [] => return Err(Fault::NoZone),
        [b'+', h0, h1, b':', m0, m1] => (1, pair(*h0, *h1), pair(*m0, *m1)),
        [b'-', h0, h1, b':', m0, m1] => (-1, pair(*h0, *h1), pair(*m0, *m1)),
        _ => return Err(Fault::Form),
    };
    match (hours, minutes) {
        // XML Schema 1.1, part 2, 3.3.7: at most fourteen hours.
        (Some(hours @ 0..=13), Some(minutes @ 0..=59)) | (Some(hours @ 14), Some(minutes @ 0)) => {
            let seconds = sign * (i32::from(hours) * 3600 + i32::from(minutes) * 60);
            UtcOffset::from_whole_seconds(seconds).map_err(|_| Fault::OutOfRange)
        }
        (Some(_), Some(_)) => Err(Fault::OutOfRange),
        _ => Err(Fault::Form),
    }
}

fn parse_date(text: &[u8]) -> Option<time::Date> {
    let (year, month, day) = date_numbers(text)?;
    calendar_date(year, month, day)
}

fn date_numbers(text: &[u8]) -> Option<(i32, u8, u8)> {
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = text else {
        return None;
    };
    let year = i32::from(pair(*y0, *y1)?) * 100 + i32::from(pair(*y2, *y3)?);
    Some((year, pair(*m0, *m1)?, pair(*d0, *d1)?))
}

fn calendar_date(year: i32, month: u8, day: u8) -> Option<time::Date> {
    time::Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()
}

/// Two decimal digits.
const fn pair(tens: u8, ones: u8) -> Option<u8> {
    if tens.is_ascii_digit() && ones.is_ascii_digit() {
        Some((tens - b'0') * 10 + (ones - b'0'))
    } else {
        None
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn moments_are_read_with_any_offset_and_written_in_utc() {
        for (text, written) in [
            ("2026-01-15T09:30:00Z", "2026-01-15T09:30:00Z"),
            ("2026-01-15T09:30:00.987654321987Z", "2026-01-15T09:30:00Z"),
            ("2026-01-15T00:30:00+01:00", "2026-01-14T23:30:00Z"),
            ("2026-12-31T23:30:00-06:00", "2027-01-01T05:30:00Z"),
            ("2026-01-15T00:30:00+14:00", "2026-01-14T10:30:00Z"),
            ("2024-02-29T00:00:00-00:00", "2024-02-29T00:00:00Z"),
        ] {
            let moment = DateTimeZ::from(parse_date_time(text).unwrap());
            assert_eq!(moment.to_string(), written);
            assert_eq!(moment, parse_date_time(written).unwrap().into());
        }
    }

    #[test]
    fn fractions_count_when_moments_are_compared() {
        let moment = |text| parse_date_time(text).unwrap();
        assert!(moment("2026-01-15T09:30:00.25Z") < moment("2026-01-15T09:30:00.3Z"));
        assert_eq!(moment("2026-01-15T09:30:00.5Z").nanosecond(), 500_000_000);
    }

    #[test]
    fn what_is_no_date_time_says_why() {
        insta::assert_snapshot!(
            [
                "",
                "yesterday",
                "2026-01-15",
                "2026-01-15T09:30:00",
                "2026-01-15T09:30:00.5",
                "2026-01-15 09:30:00Z",
                "2026-01-15t09:30:00Z",
                "2026-01-15T09:30:00z",
                "2026-01-15T09:30Z",
                "2026-01-15T09:30:00.Z",
                "2026-01-15T09:30:00+0100",
                "2026-01-15T09:30:00+14:01",
                "2026-01-15T09:30:00-15:00",
                "2026-01-15T24:00:00Z",
                "2026-01-15T09:30:60Z",
                "2026-02-30T09:30:00Z",
                "12026-01-15T09:30:00Z",
                "9999-12-31T23:59:59-01:00",
                "0000-01-01T00:00:00+01:00",
                "Sat 25 Feb 2023 07:16:31 PM CST",
                "2026-01-15é",
            ]
            .map(|text| parse_date_time(text).unwrap_err().to_string())
            .join("\n"),
            @r#"
        "" is no date and time such as 2026-01-15T09:30:00Z
        "yesterday" is no date and time such as 2026-01-15T09:30:00Z
        "2026-01-15" is a date without a time
        "2026-01-15T09:30:00" has no time zone: write Z or an offset such as +01:00
        "2026-01-15T09:30:00.5" has no time zone: write Z or an offset such as +01:00
        "2026-01-15 09:30:00Z" is no date and time such as 2026-01-15T09:30:00Z
        "2026-01-15t09:30:00Z" is no date and time such as 2026-01-15T09:30:00Z
        "2026-01-15T09:30:00z" is no date and time such as 2026-01-15T09:30:00Z
        "2026-01-15T09:30Z" is no date and time such as 2026-01-15T09:30:00Z
        "2026-01-15T09:30:00.Z" is no date and time such as 2026-01-15T09:30:00Z
        "2026-01-15T09:30:00+0100" is no date and time such as 2026-01-15T09:30:00Z
        "2026-01-15T09:30:00+14:01" names a day or time that does not exist
        "2026-01-15T09:30:00-15:00" names a day or time that does not exist
        "2026-01-15T24:00:00Z" names a day or time that does not exist
        "2026-01-15T09:30:60Z" names a day or time that does not exist
        "2026-02-30T09:30:00Z" names a day or time that does not exist
        "12026-01-15T09:30:00Z" is no date and time such as 2026-01-15T09:30:00Z
        "9999-12-31T23:59:59-01:00" names a day or time that does not exist
        "0000-01-01T00:00:00+01:00" names a day or time that does not exist
        "Sat 25 Feb 2023 07:16:31 PM CST" is no date and time such as 2026-01-15T09:30:00Z
        "2026-01-15é" is no date and time such as 2026-01-15T09:30:00Z
        "#
        );
    }

    #[test]
    fn dates_have_no_time() {
        assert!(is_date("1990-12-31"));
        for other in [
            "1990-12-32",
            "1990-1-1",
            "1990-12-31Z",
            "1990-12-31T00:00:00Z",
            "",
        ] {
            assert!(!is_date(other), "{other}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in r"[0-9TZ:.+-]{0,40}|\PC{0,40}") {
            let _ = parse_date_time(&text);
        }

        #[test]
        fn what_is_written_is_read_again(seconds in -62_167_219_200_i64..253_402_300_800) {
            let moment = DateTimeZ::from(OffsetDateTime::from_unix_timestamp(seconds).unwrap());
            prop_assert_eq!(parse_date_time(&moment.to_string()).unwrap(), moment.get());
        }
    }
}
