//! Dates as people write them: a day or a moment.

use std::str::FromStr;

use badges_core::model::{Date, parse_date_time};
use badges_core::span::Span;
use serde::de::IntoDeserializer as _;
use serde::de::value::Error as ValueError;
use serde::{Deserialize, Deserializer};
use time::{OffsetDateTime, Time};

/// A day (`2026-05-01`, in UTC) or a moment (`2026-05-01T12:00:00Z`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    Day(time::Date),
    Moment(OffsetDateTime),
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

impl Validity {
    /// The last moment of a badge awarded at a moment; `None` beyond the year 9999.
    pub(crate) fn end(self, awarded: OffsetDateTime) -> Option<OffsetDateTime> {
        match self {
            Self::Until(when) => Some(when.end()),
            Self::For(span) => span.after(awarded),
        }
    }
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

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
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
}
