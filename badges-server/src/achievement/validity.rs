//! How long a badge is valid, as an ISO 8601 duration of one unit: `P2Y`, `P18M`, `P90D`.

use std::fmt;
use std::str::FromStr;

use time::{Duration, Month, OffsetDateTime};

/// How long a badge is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Validity {
    pub(crate) number: u32,
    pub(crate) unit: Unit,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Days,
    Months,
    Years,
}

/// No such duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoValidity;

impl Unit {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::Days, Self::Months, Self::Years];

    /// The name, as in forms and the API.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Days => "days",
            Self::Months => "months",
            Self::Years => "years",
        }
    }

    const fn letter(self) -> char {
        match self {
            Self::Days => 'D',
            Self::Months => 'M',
            Self::Years => 'Y',
        }
    }
}

impl Validity {
    /// The moment this long after another; the last day of a month where the month is shorter. `None`
    /// beyond the year 9999.
    pub(crate) fn after(self, moment: OffsetDateTime) -> Option<OffsetDateTime> {
        let months = match self.unit {
            Unit::Days => {
                let end = moment.checked_add(Duration::days(self.number.into()))?;
                return (end.year() <= 9999).then_some(end);
            }
            Unit::Months => i64::from(self.number),
            Unit::Years => i64::from(self.number) * 12,
        };
        let date = moment.date();
        let count = i64::from(date.year()) * 12 + i64::from(u8::from(date.month())) - 1 + months;
        let year = i32::try_from(count.div_euclid(12)).ok().filter(|year| *year <= 9999)?;
        let month = Month::try_from(u8::try_from(count.rem_euclid(12) + 1).ok()?).ok()?;
        let day = date.day().min(month.length(year));
        let date = time::Date::from_calendar_date(year, month, day).ok()?;
        Some(moment.replace_date(date))
    }
}

impl fmt::Display for Validity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "P{}{}", self.number, self.unit.letter())
    }
}

impl FromStr for Validity {
    type Err = NoValidity;

    fn from_str(text: &str) -> Result<Self, NoValidity> {
        let rest = text.strip_prefix('P').ok_or(NoValidity)?;
        let unit = Unit::ALL.into_iter().find(|unit| rest.ends_with(unit.letter())).ok_or(NoValidity)?;
        let digits = &rest[..rest.len() - 1];
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NoValidity);
        }
        let number = digits.parse().ok().filter(|number| *number > 0).ok_or(NoValidity)?;
        Ok(Self { number, unit })
    }
}

#[cfg(test)]
mod tests {
    use badges_core::model::{DateTimeZ, parse_date_time};

    use super::*;

    #[test]
    fn durations_are_counted_in_the_calendar() {
        let from = parse_date_time("2024-01-31T08:00:00Z").unwrap();
        for (text, end) in [
            ("P1M", "2024-02-29T08:00:00Z"),
            ("P13M", "2025-02-28T08:00:00Z"),
            ("P2Y", "2026-01-31T08:00:00Z"),
            ("P90D", "2024-04-30T08:00:00Z"),
        ] {
            let validity: Validity = text.parse().unwrap();
            assert_eq!(validity.to_string(), text);
            assert_eq!(DateTimeZ::from(validity.after(from).unwrap()).to_string(), end);
        }
        for text in ["P9000Y", "P4294967295D", "P4294967295M"] {
            assert_eq!(text.parse::<Validity>().unwrap().after(from), None, "{text}");
        }
        for text in ["", "P", "PD", "P0D", "P-1D", "P1.5Y", "P2W", "2Y", "P1Y2M", "P99999999999D", "P٣Y"] {
            assert_eq!(text.parse::<Validity>(), Err(NoValidity), "{text}");
        }
    }
}
