//! Dates and times as spans of microseconds since 1970, and their texts (FHIR R4, datatypes, date and dateTime).

/// A second, in microseconds.
pub(crate) const SECOND: i64 = 1_000_000;
/// A minute, in microseconds.
pub(crate) const MINUTE: i64 = 60 * SECOND;
/// A day, in microseconds.
pub(crate) const DAY: i64 = 24 * 60 * MINUTE;
/// The minutes by which Japan is ahead of UTC: what has no zone is meant there.
pub(crate) const JAPAN: i64 = 9 * 60;

/// Days in 400 years.
const ERA: i64 = 146_097;

/// Days from 1970-01-01 to a day of the Gregorian calendar. Years are counted from March, so that a leap day is the last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year) = (year.div_euclid(400), year.rem_euclid(400));
    let from_march = (month + 9) % 12;
    let day_of_year = (153 * from_march + 2) / 5 + day - 1;
    era * ERA + year * 365 + year / 4 - year / 100 + day_of_year - 719_468
}

/// The day of the Gregorian calendar that is so many days after 1970-01-01.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(ERA), days.rem_euclid(ERA));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (era * 400 + year + i64::from(month <= 2), month, day)
}

/// The first moment that a date means, and the first moment after all that it means.
pub(crate) fn span(text: &str) -> Option<(i64, i64)> {
    let (date, time) = text.split_once('T').map_or((text, None), |(date, time)| (date, Some(time)));
    let parts: Vec<i64> = date.split('-').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let midnight = |year, month, day| (days(year, month, day) * 24 * 60 - JAPAN) * MINUTE;
    match (parts.as_slice(), time) {
        ([year], None) => Some((midnight(*year, 1, 1), midnight(year + 1, 1, 1))),
        ([year, 12], None) => Some((midnight(*year, 12, 1), midnight(year + 1, 1, 1))),
        ([year, month], None) => Some((midnight(*year, *month, 1), midnight(*year, month + 1, 1))),
        ([year, month, day], None) => {
            let from = midnight(*year, *month, *day);
            Some((from, from + DAY))
        }
        ([year, month, day], Some(time)) => {
            let (within, length) = time_of_day(time)?;
            let from = days(*year, *month, *day) * DAY + within;
            Some((from, from + length))
        }
        _ => None,
    }
}

/// Microseconds from midnight in UTC, and how long what is written lasts.
fn time_of_day(text: &str) -> Option<(i64, i64)> {
    let zone = text.find(['Z', '+', '-']).unwrap_or(text.len());
    let (clock, zone) = text.split_at(zone);
    let ahead = match zone {
        "" => JAPAN,
        "Z" => 0,
        _ => {
            let (hours, minutes) = zone[1..].split_once(':')?;
            let amount = hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?;
            if zone.starts_with('-') { -amount } else { amount }
        }
    };
    let mut parts = clock.split(':');
    let minutes = parts.next()?.parse::<i64>().ok()? * 60 + parts.next()?.parse::<i64>().ok()?;
    let (seconds, length) = match parts.next() {
        None => (0, MINUTE),
        Some(seconds) => {
            let (whole, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
            let length = (0..fraction.len()).fold(SECOND, |length, _| length / 10);
            let fraction = format!("{fraction:0<6}");
            (whole.parse::<i64>().ok()? * SECOND + fraction[..6].parse::<i64>().ok()?, length)
        }
    };
    Some(((minutes - ahead) * MINUTE + seconds, length))
}

/// How exactly a moment is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Precision {
    Year,
    Month,
    Day,
    Minute,
    Second,
    Fraction,
}

/// A moment as text in a zone; `None` leaves the zone out, which means Japan. Days are those of Japan.
pub(crate) fn text(moment: i64, precision: Precision, zone: Option<i64>) -> String {
    let with_time = precision >= Precision::Minute;
    let local = moment + if with_time { zone.unwrap_or(JAPAN) } else { JAPAN } * MINUTE;
    let (year, month, day) = civil(local.div_euclid(DAY));
    let clock = local.rem_euclid(DAY);
    let (minutes, seconds) = (clock / MINUTE, clock % MINUTE / SECOND);
    let (hour, minute, fraction) = (minutes / 60, minutes % 60, clock % SECOND / 1_000);
    let zone = match zone {
        None => String::new(),
        Some(0) => "Z".to_owned(),
        Some(ahead) => {
            let sign = if ahead < 0 { '-' } else { '+' };
            format!("{sign}{:02}:{:02}", ahead.abs() / 60, ahead.abs() % 60)
        }
    };
    let date = format!("{year:04}-{month:02}-{day:02}");
    match precision {
        Precision::Year => format!("{year:04}"),
        Precision::Month => format!("{year:04}-{month:02}"),
        Precision::Day => date,
        Precision::Minute => format!("{date}T{hour:02}:{minute:02}{zone}"),
        Precision::Second => format!("{date}T{hour:02}:{minute:02}:{seconds:02}{zone}"),
        Precision::Fraction => format!("{date}T{hour:02}:{minute:02}:{seconds:02}.{fraction:03}{zone}"),
    }
}

#[test]
fn dates_are_read_and_written() {
    assert_eq!(span("1970-01-01T00:00:00Z"), Some((0, SECOND)));
    assert_eq!(span("1970-01-01T09:00"), Some((0, MINUTE)));
    assert_eq!(span("1970-01-01T00:00:00.25-01:30"), Some((90 * MINUTE + 250_000, 90 * MINUTE + 260_000)));
    assert_eq!(span("2024-02"), span("2024-02-01").zip(span("2024-02-29")).map(|(a, b)| (a.0, b.1)));
    assert_eq!(span("1969"), span("1969-01").zip(span("1969-12")).map(|(a, b)| (a.0, b.1)));
    for day in -800_000..100_000 {
        let (year, month, of_month) = civil(day);
        assert_eq!(days(year, month, of_month), day);
    }
    let moment = span("2026-04-01T09:30:15.125+09:00").unwrap().0;
    assert_eq!(text(moment, Precision::Fraction, Some(-90)), "2026-03-31T23:00:15.125-01:30");
    assert_eq!(text(moment, Precision::Minute, None), "2026-04-01T09:30");
    assert_eq!(text(moment, Precision::Month, Some(0)), "2026-04");
}
