//! Dates and numbers, in digits that every reader of the service knows (0 to 9).

use time::{OffsetDateTime, UtcOffset};

use super::{Lang, text};

/// A day: `24 November 2026`. The day is that of UTC.
pub(crate) fn date(lang: Lang, moment: OffsetDateTime) -> String {
    let (year, month, day) = moment.to_offset(UtcOffset::UTC).to_calendar_date();
    let month = text(lang, &format!("badges-month-{:02}", u8::from(month)), &[]);
    text(
        lang,
        "badges-date",
        &[&day.to_string(), &month, &year.to_string()],
    )
}

/// A moment: `24 November 2026, 10:05 UTC`. The start of a day is the day.
pub(crate) fn moment(lang: Lang, moment: OffsetDateTime) -> String {
    let day = date(lang, moment);
    let (hour, minute, second) = moment.to_offset(UtcOffset::UTC).to_hms();
    if (hour, minute, second) == (0, 0, 0) {
        return day;
    }
    let time = format!("{hour:02}:{minute:02}");
    text(lang, "badges-date-time", &[&day, &time])
}

/// A number with its thousands apart: `12,345`.
pub(crate) fn number(lang: Lang, number: u64) -> String {
    let digits = number.to_string();
    let separator = text(lang, "badges-thousands-separator", &[]);
    let mut grouped = String::with_capacity(digits.len() * 2);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push_str(&separator);
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use badges_core::model::parse_date_time;

    use super::*;

    fn language(tag: &str) -> Lang {
        Lang::from_tag(tag).unwrap()
    }

    #[test]
    fn days_and_moments_in_words() {
        let time = |text| parse_date_time(text).unwrap();
        let english = language("en");
        assert_eq!(
            date(english, time("2026-11-24T10:05:09Z")),
            "24 November 2026"
        );
        assert_eq!(
            moment(english, time("2026-11-24T10:05:09+02:00")),
            "24 November 2026, 08:05 UTC"
        );
        assert_eq!(
            moment(english, time("2026-01-01T00:00:00Z")),
            "1 January 2026"
        );
        assert_eq!(
            date(language("ar"), time("2026-11-24T10:05:09Z")),
            "24 نوفمبر 2026"
        );
    }

    #[test]
    fn thousands_stand_apart() {
        for (value, expected) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(number(Lang::ENGLISH, value), expected);
            assert_eq!(number(language("ar"), value), expected);
        }
    }
}
