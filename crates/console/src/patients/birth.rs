//! Birth dates as people type them: western or of an era.

use base::Time;

/// The eras: names and letters by which they are typed, the year before their first, how many years they had.
const ERAS: [(&[&str], u16, u16); 5] = [
    (&["明治", "明", "㍾", "m"], 1867, 45),
    (&["大正", "大", "㍽", "t"], 1911, 15),
    (&["昭和", "昭", "㍼", "s"], 1925, 64),
    (&["平成", "平", "㍻", "h"], 1988, 31),
    (&["令和", "令", "㋿", "r"], 2018, 81),
];

/// The date that a text says, as FHIR writes it: a day, a month or, where the text says so, a year. None for all else.
pub(super) fn birth(text: &str) -> Option<String> {
    let plain = plain(text);
    let era = ERAS.iter().find_map(|(names, before, years)| {
        let rest = names.iter().find_map(|name| plain.strip_prefix(name))?;
        Some((rest.trim(), *before, *years))
    });
    match era {
        Some((rest, before, years)) => {
            let (year, rest) = era_year(rest)?;
            let year = (1..=years).contains(&year).then(|| before.saturating_add(year))?;
            date(year, &rest)
        }
        None => western(&plain),
    }
}

/// Half-width, lower case, without blanks at the ends.
pub(super) fn plain(text: &str) -> String {
    let narrow = |one: char| match one {
        '！'..='～' => u32::from(one).checked_sub(0xFEE0).and_then(char::from_u32).unwrap_or(one),
        '\u{3000}' => ' ',
        '−' | '‐' | '–' | '―' => '-',
        other => other,
    };
    text.trim().chars().map(narrow).collect::<String>().to_lowercase().trim().to_owned()
}

/// The year of an era and what follows it; `250401` is year 25.
fn era_year(text: &str) -> Option<(u16, String)> {
    if let Some(rest) = text.strip_prefix('元') {
        return Some((1, rest.to_owned()));
    }
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let taken = if digits == 6 && text.len() == 6 { 2 } else { digits };
    let (year, rest) = text.split_at_checked(taken)?;
    Some((year.parse().ok()?, rest.to_owned()))
}

fn western(text: &str) -> Option<String> {
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let (year, rest) = text.split_at_checked(4)?;
    // A bare number of four digits is a number.
    let whole = digits == 4 && !rest.is_empty() || digits == 8 && text.len() == 8;
    let year: u16 = year.parse().ok().filter(|year| whole && (1850..=2199).contains(year))?;
    date(year, rest)
}

/// A year with what follows it.
fn date(year: u16, rest: &str) -> Option<String> {
    let bare = rest.len() == 4 && rest.chars().all(|one| one.is_ascii_digit());
    let parts: Vec<&str> = if bare {
        let (month, day) = rest.split_at_checked(2)?;
        vec![month, day]
    } else {
        let known = |one: char| "年月日生-/.,、 ".contains(one);
        if !rest.chars().all(|one| known(one) || one.is_ascii_digit()) {
            return None;
        }
        rest.split(known).filter(|part| !part.is_empty()).collect()
    };
    let number = |part: &str| part.parse::<u16>().ok();
    match parts.as_slice() {
        [] if rest.contains('年') => Some(format!("{year:04}")),
        [month] => {
            let month = number(month).filter(|month| (1..=12).contains(month))?;
            Some(format!("{year:04}-{month:02}"))
        }
        [month, day] => {
            let whole = format!("{year:04}-{:02}-{:02}", number(month)?, number(day)?);
            // Whether there is such a day; moments before 1970 are days too.
            exists(&whole).then_some(whole)
        }
        _ => None,
    }
}

/// Whether a calendar has this day. The last four hundred years repeat: the same day of a year that `Time` knows is asked for.
fn exists(day: &str) -> bool {
    let Some((year, rest)) = day.split_once('-') else { return false };
    let Ok(year) = year.parse::<u16>() else { return false };
    Time::parse(&format!("{:04}-{rest}T00:00:00Z", year.saturating_add(400))).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_day_is_read_however_it_is_typed() {
        for text in [
            "1950-04-01",
            "1950/4/1",
            "1950.4.1",
            "1950年4月1日",
            "1950年4月1日生",
            "19500401",
            "１９５０／４／１",
            "昭和25年4月1日",
            "昭和２５年４月１日",
            "昭25.4.1",
            "S25.4.1",
            "s25/4/1",
            "S25-04-01",
            "Ｓ２５．４．１",
            "s250401",
            "㍼25年4月1日",
            " S 25.4.1 ",
        ] {
            assert_eq!(birth(text).as_deref(), Some("1950-04-01"), "{text}");
        }
    }

    #[test]
    fn each_era_is_known_and_its_first_year() {
        for (text, date) in [
            ("明治45年7月29日", "1912-07-29"),
            ("T15.12.24", "1926-12-24"),
            ("昭和64年1月7日", "1989-01-07"),
            ("平成元年1月8日", "1989-01-08"),
            ("H1.1.8", "1989-01-08"),
            ("r020229", "2020-02-29"),
            ("令和元年5月", "2019-05"),
            ("昭和25年", "1950"),
            ("1950年", "1950"),
            ("1950-04", "1950-04"),
        ] {
            assert_eq!(birth(text).as_deref(), Some(date), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "1950",
            "00000012",
            "19501301",
            "1950-02-30",
            "1900-02-29",
            "昭和65年1月1日",
            "昭和",
            "S",
            "S25",
            "昭和25",
            "山田",
            "sato",
            "suzuki",
            "h",
            "平田",
            "大田",
            "1950-04-01-02",
            "1950年4月1日頃",
            "s2504011",
        ] {
            assert_eq!(birth(text), None, "{text}");
        }
    }
}
