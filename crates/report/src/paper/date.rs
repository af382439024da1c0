//! Days and moments as reports write them: in Japanese with the era, in the time of Japan.

use base::{Language, Time};
use guideline::Day;

/// The first day of Reiwa, and the year before its first. Nothing in Akashi was established in an earlier era.
const REIWA: (&str, i32) = ("2019-05-01", 2018);

/// A day in full: `2026年11月23日（令和8年）`, `23 November 2026`.
pub fn day(day: Day, language: Language) -> String {
    match language {
        Language::Japanese => match era(day) {
            Some(era) => format!("{}（{era}）", day.in_japanese()),
            None => day.in_japanese(),
        },
        Language::English => in_english(day).unwrap_or_else(|| day.to_string()),
    }
}

/// A day for tables: `2026-11-23` in both languages.
pub fn short_day(moment: Time) -> String {
    Day::of(moment).to_string()
}

/// A moment in full, with the time of Japan: `2026年11月23日（令和8年）16時05分`, `23 November 2026, 16:05 JST`.
pub fn moment(moment: Time, language: Language) -> String {
    let today = Day::of(moment);
    let minutes = moment
        .microseconds()
        .saturating_sub(today.begins().microseconds())
        .checked_div(60_000_000)
        .unwrap_or(0);
    let (hour, minute) = (minutes.div_euclid(60), minutes.rem_euclid(60));
    match language {
        Language::Japanese => format!("{}{hour}時{minute:02}分", day(today, language)),
        Language::English => format!("{}, {hour:02}:{minute:02} JST", day(today, language)),
    }
}

fn era(day: Day) -> Option<String> {
    let (first, before) = REIWA;
    if day < Day::parse(first)? {
        return None;
    }
    let year = day.to_string().split('-').next()?.parse::<i32>().ok()?.checked_sub(before)?;
    Some(if year == 1 { "令和元年".to_owned() } else { format!("令和{year}年") })
}

fn in_english(day: Day) -> Option<String> {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let text = day.to_string();
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let month = MONTHS.get(month.parse::<usize>().ok()?.checked_sub(1)?)?;
    Some(format!("{} {month} {year}", day.trim_start_matches('0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_carry_the_era_in_japanese() {
        let said = |text, language| day(Day::parse(text).unwrap(), language);
        assert_eq!(said("2026-11-03", Language::Japanese), "2026年11月3日（令和8年）");
        assert_eq!(said("2019-05-01", Language::Japanese), "2019年5月1日（令和元年）");
        assert_eq!(said("2019-04-30", Language::Japanese), "2019年4月30日");
        assert_eq!(said("2026-11-03", Language::English), "3 November 2026");
    }

    #[test]
    fn moments_are_those_of_japan() {
        let time = Time::parse("2026-11-22T15:05:59Z").unwrap();
        assert_eq!(moment(time, Language::Japanese), "2026年11月23日（令和8年）0時05分");
        assert_eq!(moment(time, Language::English), "23 November 2026, 00:05 JST");
        assert_eq!(short_day(time), "2026-11-23");
    }
}
