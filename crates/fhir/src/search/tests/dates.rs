//! Dates of every precision with every prefix, against a plain comparison of periods.

use super::*;

const PREFIXES: [&str; 9] = ["eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"];

/// 2026-01-01T00:00+09:00, from which the spans below are counted, in seconds.
const START: i64 = 1_767_193_200;
const DAY: i64 = 86_400;

/// Values asked for, with the first second inside and the first one after.
const ASKED: [(&str, i64, i64); 11] = [
    ("2025", -365 * DAY, 0),
    ("2026", 0, 365 * DAY),
    ("2026-01", 0, 31 * DAY),
    ("2026-02", 31 * DAY, 59 * DAY),
    ("2026-01-01", 0, DAY),
    ("2026-01-02", DAY, 2 * DAY),
    ("2026-01-31", 30 * DAY, 31 * DAY),
    ("2026-01-01T00:00", 0, 60),
    ("2025-12-31T15:01Z", 60, 120),
    ("2026-01-01T23:59+09:00", DAY - 60, DAY),
    ("2026-01-02T00:00:00+09:00", DAY, DAY + 1),
];

/// Periods kept, by start and end.
const KEPT: [(&str, &str, i64, i64); 8] = [
    ("2026-01-01T00:00:00+09:00", "2026-01-01T23:58:00+09:00", 0, DAY - 119),
    ("2026-01-01", "2026-01-01", 0, DAY),
    ("2026-01-01", "2026-01-02", 0, 2 * DAY),
    ("2026-01", "2026-01", 0, 31 * DAY),
    ("2025-12-31", "2026-02", -DAY, 59 * DAY),
    ("2025", "2026", -365 * DAY, 365 * DAY),
    ("2026-01-31", "", 30 * DAY, FAR),
    ("", "2026-01-02", -FAR, 2 * DAY),
];

/// Further away than any date here, and small enough to be multiplied.
const FAR: i64 = i64::MAX / 100;

fn period(start: &str, end: &str) -> String {
    let sides = [("start", start), ("end", end)].into_iter().filter(|(_, value)| !value.is_empty());
    let sides: Vec<String> = sides.map(|(name, value)| format!(r#""{name}":"{value}""#)).collect();
    format!(r#"{{"resourceType":"Account","status":"active","servicePeriod":{{{}}}}}"#, sides.join(","))
}

/// FHIR R4, search, prefixes, word by word.
fn expected(prefix: &str, kept: (i64, i64), asked: (i64, i64)) -> bool {
    let contains = asked.0 <= kept.0 && kept.1 <= asked.1;
    let (above_overlaps, below_overlaps) = (kept.1 > asked.1, kept.0 < asked.0);
    match prefix {
        "eq" => contains,
        "ne" => !contains,
        "gt" => above_overlaps,
        "lt" => below_overlaps,
        "ge" => above_overlaps || contains,
        "le" => below_overlaps || contains,
        "sa" => kept.0 >= asked.1,
        "eb" => kept.1 <= asked.0,
        _ => {
            let now = NOW / 1_000_000 - START;
            let distance = (asked.0 - now).max(now - asked.1).max(0);
            kept.0 * 10 < asked.1 * 10 + distance && asked.0 * 10 - distance < kept.1 * 10
        }
    }
}

#[test]
fn every_prefix_and_precision_compares_as_periods_do() {
    for (start, end, kept_from, kept_until) in KEPT {
        for (value, from, until) in ASKED {
            for prefix in PREFIXES {
                let expected = expected(prefix, (kept_from, kept_until), (from, until));
                let found = finds(&period(start, end), &format!("period={prefix}{value}"));
                assert_eq!(found, expected, "{prefix}{value} on {start} to {end}");
            }
        }
    }
}

#[test]
fn single_dates_and_times_are_periods_of_their_precision() {
    let patient = r#"{"resourceType":"Patient","birthDate":"1990-04"}"#;
    check(
        patient,
        &[
            "birthdate=1990",
            "birthdate=1990-04",
            "birthdate=gt1990-04-15",
            "birthdate=lt1990-04-15",
            "birthdate=ne1990-04-01",
            "birthdate=ap1990-05",
        ],
        &[
            "birthdate=1990-04-01",
            "birthdate=sa1990-03-31T23:59:59.999+08:00",
            "birthdate=eb1990-04-30",
            "birthdate=gt1990-04",
        ],
    );
}

#[test]
fn a_timing_counts_from_its_first_to_its_last_event() {
    let request = |timing: &str| {
        format!(
            r#"{{"resourceType":"ServiceRequest","status":"active","intent":"order","subject":{{"display":"x"}},"occurrenceTiming":{timing}}}"#
        )
    };
    let events = request(r#"{"event":["2026-01-10","2026-01-02"]}"#);
    check(
        &events,
        &["occurrence=2026-01", "occurrence=gt2026-01-05", "occurrence=lt2026-01-05"],
        &["occurrence=2026-01-02", "occurrence=sa2026-01-02"],
    );
    let bounds = request(r#"{"repeat":{"boundsPeriod":{"start":"2026-03-01"}}}"#);
    check(&bounds, &["occurrence=gt2030", "occurrence=sa2026-02"], &["occurrence=lt2026-03-01"]);
    check(&request(r#"{"code":{"text":"BID"}}"#), &["occurrence:missing=true"], &["occurrence=ne2026"]);
}

#[test]
fn a_period_without_any_side_has_no_date() {
    let account = r#"{"resourceType":"Account","status":"active","servicePeriod":{"id":"x"}}"#;
    check(account, &["period:missing=true"], &["period=ne2026"]);
}

#[test]
fn updates_are_ranges_of_moments() {
    let ranges = |text: &str| match search("Patient", &format!("_lastUpdated={text}")).unwrap().all.remove(0)
    {
        Condition::Updated(ranges) => ranges
            .into_iter()
            .map(|range| {
                [range.from, range.until].map(|side| side.map_or("-".to_owned(), |time| time.to_string()))
            })
            .collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let (from, until) = ("2026-03-31T15:00:00.000000Z", "2026-04-01T15:00:00.000000Z");
    for (value, expected) in [
        ("2026-04-01", vec![[from, until]]),
        ("eq2026-04-01", vec![[from, until]]),
        ("gt2026-04-01", vec![[until, "-"]]),
        ("sa2026-04-01", vec![[until, "-"]]),
        ("ge2026-04-01", vec![[from, "-"]]),
        ("lt2026-04-01", vec![["-", from]]),
        ("eb2026-04-01", vec![["-", from]]),
        ("le2026-04-01", vec![["-", until]]),
        ("ne2026-04-01", vec![["-", from], [until, "-"]]),
        (
            "2026-04-01,2026-04-01T09:00+09:00",
            vec![[from, until], ["2026-04-01T00:00:00.000000Z", "2026-04-01T00:01:00.000000Z"]],
        ),
        ("ge1868", vec![["1970-01-01T00:00:00.000000Z", "-"]]),
    ] {
        assert_eq!(ranges(value), expected, "{value}");
    }
}
