//! Days of the Gregorian calendar, counted and named.

/// Days of a month; `None` when there is no such month.
pub(super) fn days_in(year: i64, month: i64) -> Option<i64> {
    let leap = year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0);
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 if leap => Some(29),
        2 => Some(28),
        _ => None,
    }
}

/// Days from 0001-01-01 to the first day of a year (years 1 to 10000).
fn days_before(year: i64) -> i64 {
    let before = year.saturating_sub(1);
    before
        .saturating_mul(365)
        .saturating_add(before.div_euclid(4))
        .saturating_sub(before.div_euclid(100))
        .saturating_add(before.div_euclid(400))
}

/// The number of a day, counted from 0001-01-01 as 0. The day must exist.
pub(super) fn number(year: i64, month: i64, day: i64) -> i64 {
    let months: i64 = (1..month).filter_map(|month| days_in(year, month)).sum();
    days_before(year).saturating_add(months).saturating_add(day).saturating_sub(1)
}

/// Year, month and day of a number; `None` outside the years 1 to 9999.
pub(super) fn date(number: i64) -> Option<(i64, i64, i64)> {
    if number < 0 {
        return None;
    }
    // The mean year is 365.2425 days, so the guess is the year or the one after it.
    let guess = number.saturating_mul(10_000).div_euclid(3_652_425).saturating_add(1);
    let year = [guess.saturating_add(1), guess, guess.saturating_sub(1)]
        .into_iter()
        .find(|year| days_before(*year) <= number)?;
    let mut rest = number.saturating_sub(days_before(year));
    let mut month = 1;
    while let Some(days) = days_in(year, month).filter(|days| rest >= *days) {
        rest = rest.saturating_sub(days);
        month = i64::saturating_add(month, 1);
    }
    (year <= 9_999).then_some((year, month, rest.saturating_add(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_has_its_number_and_comes_back() {
        let mut expected = 0;
        let months = (1..=9_999).flat_map(|year| (1..=12).map(move |month| (year, month)));
        for (year, month) in months {
            assert_eq!(number(year, month, 1), expected);
            for day in 1..=days_in(year, month).unwrap() {
                assert_eq!(date(expected), Some((year, month, day)));
                expected += 1;
            }
        }
        assert_eq!((date(expected), date(-1)), (None, None));
    }
}
