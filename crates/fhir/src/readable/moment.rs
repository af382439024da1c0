//! Dates and moments as they are said in Japan: day and time of Japan, birth dates with the era, ages.

use base::Language;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};

/// The eras whose dates are of the Gregorian calendar, newest first, each with its first day. Meiji is counted from the day
/// that calendar came in.
const ERAS: [(i16, i8, i8, i16, &str, &str); 5] = [
    (2019, 5, 1, 2018, "令和", "Reiwa"),
    (1989, 1, 8, 1988, "平成", "Heisei"),
    (1926, 12, 25, 1925, "昭和", "Showa"),
    (1912, 7, 30, 1911, "大正", "Taisho"),
    (1873, 1, 1, 1867, "明治", "Meiji"),
];

/// A FHIR `date`, `dateTime` or `instant`, which may be a year or a month only (R4, datatypes). Moments are shown in the time
/// of Japan. None when the text is no date.
pub fn day(text: &str, language: Language) -> Option<String> {
    if text.contains('T') {
        let zone = TimeZone::fixed(Offset::constant(9));
        let moment = text.parse::<jiff::Timestamp>().ok()?.to_zoned(zone);
        let date = written(moment.year(), Some(moment.month()), Some(moment.day()), language);
        let (hour, minute, second) = (moment.hour(), moment.minute(), moment.second());
        let rest = if second == 0 { String::new() } else { format!(":{second:02}") };
        return Some(match language {
            Language::Japanese => format!("{date} {hour}:{minute:02}{rest}"),
            Language::English => format!("{date} {hour:02}:{minute:02}{rest} JST"),
        });
    }
    let (year, month, day) = parts(text)?;
    Some(written(year, month, day, language))
}

/// A birth date with the Japanese era. A year or month in which an era ended has both.
pub fn birth(text: &str, language: Language) -> Option<String> {
    let (year, month, day) = parts(text)?;
    let first = Date::new(year, month.unwrap_or(1), day.unwrap_or(1)).ok()?;
    let last = match (month, day) {
        (Some(_), Some(_)) => first,
        (Some(_), None) => first.last_of_month(),
        (None, _) => first.last_of_year(),
    };
    let mut eras: Vec<String> = [first, last].iter().filter_map(|date| era(*date, language)).collect();
    eras.dedup();
    let date = written(year, month, day, language);
    Some(match (eras.is_empty(), language) {
        (true, _) => date,
        (false, Language::Japanese) => format!("{date}（{}）", eras.join("・")),
        (false, Language::English) => format!("{date} ({})", eras.join(", ")),
    })
}

/// How old somebody born on a FHIR `date` is on a day: in years, below six years with the months, below a month in days. Where
/// only the year or month of birth is known, the age is that of its first day, marked as approximate. None before the birth.
pub fn age(born: &str, on: Date, language: Language) -> Option<String> {
    let (year, month, day) = parts(born)?;
    let first = Date::new(year, month.unwrap_or(1), day.unwrap_or(1)).ok()?;
    let days = on.since(first).ok()?.get_days();
    let completed = months_between(first, on)?;
    let (years, months) = (completed / 12, completed % 12);
    let about = day.is_none();
    let said = match (language, years, completed) {
        (Language::Japanese, _, 0) if !about => format!("生後 {days} 日"),
        (Language::English, _, 0) if !about => format!("{days} d"),
        (Language::Japanese, 0..6, _) if month.is_some() => format!("{years} 歳 {months} か月"),
        (Language::English, 0..6, _) if month.is_some() => format!("{years} y {months} m"),
        (Language::Japanese, ..) => format!("{years} 歳"),
        (Language::English, ..) => format!("{years} y"),
    };
    Some(match (about, language) {
        (false, _) => said,
        (true, Language::Japanese) => format!("約 {said}"),
        (true, Language::English) => format!("about {said}"),
    })
}

/// Completed months. Somebody born on the 31st completes a month on the first of the next where it has no 31st.
fn months_between(first: Date, on: Date) -> Option<i32> {
    if on < first {
        return None;
    }
    let years = i32::from(on.year()).checked_sub(i32::from(first.year()))?;
    let months = i32::from(on.month()).checked_sub(i32::from(first.month()))?;
    let whole = years.checked_mul(12)?.checked_add(months)?;
    if on.day() < first.day() { whole.checked_sub(1) } else { Some(whole) }
}

fn era(date: Date, language: Language) -> Option<String> {
    let (_, _, _, before, ja, en) = ERAS
        .into_iter()
        .find(|(year, month, day, ..)| (date.year(), date.month(), date.day()) >= (*year, *month, *day))?;
    let year = date.year().checked_sub(before)?;
    Some(match (language, year) {
        (Language::Japanese, 1) => format!("{ja}元年"),
        (Language::Japanese, _) => format!("{ja}{year}年"),
        (Language::English, _) => format!("{en} {year}"),
    })
}

fn written(year: i16, month: Option<i8>, day: Option<i8>, language: Language) -> String {
    match (language, month, day) {
        (Language::Japanese, Some(month), Some(day)) => format!("{year}年{month}月{day}日"),
        (Language::Japanese, Some(month), None) => format!("{year}年{month}月"),
        (Language::Japanese, None, _) => format!("{year}年"),
        (Language::English, Some(month), Some(day)) => format!("{year:04}-{month:02}-{day:02}"),
        (Language::English, Some(month), None) => format!("{year:04}-{month:02}"),
        (Language::English, None, _) => format!("{year:04}"),
    }
}

/// Year, month and day of `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
fn parts(text: &str) -> Option<(i16, Option<i8>, Option<i8>)> {
    let mut pieces = text.splitn(3, '-');
    let year = pieces.next().filter(|year| year.len() == 4)?.parse().ok()?;
    let month: Option<i8> = pieces.next().map(str::parse).transpose().ok()?;
    let day: Option<i8> = pieces.next().map(str::parse).transpose().ok()?;
    Date::new(year, month.unwrap_or(1), day.unwrap_or(1)).ok()?;
    Some((year, month, day))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const JA: Language = Language::Japanese;
    const EN: Language = Language::English;

    #[test]
    fn a_moment_is_shown_in_the_time_of_japan() {
        assert_eq!(day("2026-03-31T23:59:00Z", JA).unwrap(), "2026年4月1日 8:59");
        assert_eq!(day("2026-04-01T08:59:07.120+09:00", EN).unwrap(), "2026-04-01 08:59:07 JST");
        assert_eq!(day("2026", JA).unwrap(), "2026年");
        assert_eq!(day("2026-04", EN).unwrap(), "2026-04");
        for text in ["", "26-4-1", "2026-13", "2026-02-30", "tomorrow", "2026-04-01T9"] {
            assert_eq!(day(text, JA), None, "{text}");
        }
    }

    #[test]
    fn a_birth_date_has_its_era_also_on_the_days_where_one_ends() {
        for (text, ja, en) in [
            ("2019-04-30", "2019年4月30日（平成31年）", "2019-04-30 (Heisei 31)"),
            ("2019-05-01", "2019年5月1日（令和元年）", "2019-05-01 (Reiwa 1)"),
            ("1989-01-07", "1989年1月7日（昭和64年）", "1989-01-07 (Showa 64)"),
            ("1989-01-08", "1989年1月8日（平成元年）", "1989-01-08 (Heisei 1)"),
            ("1926-12-25", "1926年12月25日（昭和元年）", "1926-12-25 (Showa 1)"),
            ("1912-07-29", "1912年7月29日（明治45年）", "1912-07-29 (Meiji 45)"),
            ("1912-07-30", "1912年7月30日（大正元年）", "1912-07-30 (Taisho 1)"),
            ("1989", "1989年（昭和64年・平成元年）", "1989 (Showa 64, Heisei 1)"),
            ("1989-02", "1989年2月（平成元年）", "1989-02 (Heisei 1)"),
            ("1870-01-01", "1870年1月1日", "1870-01-01"),
        ] {
            assert_eq!(birth(text, JA).as_deref(), Some(ja));
            assert_eq!(birth(text, EN).as_deref(), Some(en));
        }
    }

    #[test]
    fn an_age_is_in_years_for_adults_in_months_for_children_and_in_days_for_the_newborn() {
        for (born, on, ja) in [
            ("1985-03-02", date(2026, 3, 1), Some("40 歳")),
            ("1985-03-02", date(2026, 3, 2), Some("41 歳")),
            ("2024-02-29", date(2025, 2, 28), Some("0 歳 11 か月")),
            ("2024-02-29", date(2025, 3, 1), Some("1 歳 0 か月")),
            ("2026-03-31", date(2026, 4, 30), Some("生後 30 日")),
            ("2026-04-01", date(2026, 4, 1), Some("生後 0 日")),
            ("2026-04-02", date(2026, 4, 1), None),
            ("1985", date(2026, 4, 1), Some("約 41 歳")),
            ("2024-05", date(2026, 4, 1), Some("約 1 歳 11 か月")),
        ] {
            assert_eq!(age(born, on, JA).as_deref(), ja, "{born}");
        }
        assert_eq!(age("2024-05-01", date(2026, 4, 1), EN).unwrap(), "1 y 11 m");
    }
}
