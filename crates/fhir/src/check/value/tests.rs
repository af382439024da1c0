//! Which values every primitive type takes and refuses.

use super::*;

/// A type, values it takes, and values it refuses.
type Case = (Primitive, &'static [&'static str], &'static [&'static str]);

const TEXTS: &[Case] = &[
    (Primitive::String, &["a", " ", "\u{3000}", "山田 太郎\r\n\t"], &[]),
    (Primitive::Code, &["a", "a b", "a b c", "あ い"], &["a  b", " a", "a ", " ", "a\n b"]),
    (Primitive::Id, &["a", "A-1.b"], &["a b", "a_b", "あ"]),
    (Primitive::Uri, &["http://example.org/a?b=c#d", "urn:x", "#p", "日本"], &["a b", " a", "a\n"]),
    (
        Primitive::Oid,
        &["urn:oid:1.2.3", "urn:oid:2.0", "urn:oid:0.10.200"],
        &["1.2.3", "urn:oid:3.1", "urn:oid:1", "urn:oid:1.", "urn:oid:1.02", "urn:oid:1..2", "urn:oid:1.2a"],
    ),
    (
        Primitive::Uuid,
        &["urn:uuid:c757873d-ec9a-4326-a141-556f43239520"],
        &[
            "c757873d-ec9a-4326-a141-556f43239520",
            "urn:uuid:C757873D-EC9A-4326-A141-556F43239520",
            "urn:uuid:c757873dec9a4326a141556f43239520",
            "urn:uuid:c757873d-ec9a-4326-a141-556f4323952",
            "urn:uuid:c757873d-ec9a-4326-a141-556f43239520a",
            "urn:uuid:g757873d-ec9a-4326-a141-556f43239520",
        ],
    ),
    (
        Primitive::Base64,
        &["QUJD", "QUI=", "QQ==", "QU\n JD", " QQ = = ", "QUJDQUJD", "+/+/"],
        &["QUJ", "QUJDQ", "Q===", "====", "QQ=A", "QR==", "QUJ=", "QUJ-", "あ", " ", "QUI=QUI="],
    ),
    (Primitive::Date, &["2026", "2026-04", "2026-04-30", "2024-02-29", "2000-02-29", "0001-01-01"], &DATES),
    (
        Primitive::DateTime,
        &["2026", "2026-04", "2026-04-30", "2026-04-01T23:59:59Z", "2026-04-01T09:00:00.123456789+09:00"],
        &DATE_TIMES,
    ),
    (
        Primitive::Instant,
        &["2026-04-01T23:59:60Z", "2026-04-01T09:00:00.1-14:00"],
        &["2026", "2026-04", "2026-04-01", "2026-04-01T09:00:00", "2026-04-01T09:00Z"],
    ),
    (
        Primitive::Time,
        &["00:00:00", "23:59:60", "12:30:00.5"],
        &["24:00:00", "12:60:00", "12:30", "12:30:61", "12:30:00.", "12:30:00Z", "1:30:00", "12:30:00 "],
    ),
];

const DATES: [&str; 14] = [
    "26",
    "20260401",
    "0000",
    "2026-4",
    "2026-13",
    "2026-00",
    "2026-04-31",
    "2026-02-29",
    "1900-02-29",
    "2026-04-00",
    "2026-04-01T09:00:00Z",
    "2026-",
    "2026-04-01 ",
    "２０２６",
];

const DATE_TIMES: [&str; 13] = [
    "2024-02-31",
    "2026-04-01T09:00:00",
    "2026-04-01T09:00+09:00",
    "2026-04-01T24:00:00Z",
    "2026-04-01T09:60:00Z",
    "2026-04-01T09:00:61Z",
    "2026-04-01T09:00:00+14:30",
    "2026-04-01T09:00:00+15:00",
    "2026-04-01T09:00:00+0900",
    "2026-04-01T09:00:00z",
    "2026-04-01 09:00:00Z",
    "2026-04T09:00:00Z",
    "2026-04-01T",
];

#[test]
fn every_type_takes_its_form_and_no_other() {
    for (kind, good, bad) in TEXTS {
        for text in *good {
            assert_eq!(text_fault(*kind, text).map(|code| code.id), None, "{kind:?} {text:?}");
        }
        for text in *bad {
            assert!(text_fault(*kind, text).is_some(), "{kind:?} {text:?}");
        }
    }
}

#[test]
fn numbers_have_their_range_and_no_detours() {
    let cases: [(Primitive, &[&str], &[&str]); 4] = [
        (
            Primitive::Integer,
            &["0", "-1", "2147483647", "-2147483648"],
            &["-0", "1.0", "1e2", "2147483648", "-2147483649", "01", "", "+1", "99999999999999999999"],
        ),
        (Primitive::UnsignedInt, &["0", "2147483647"], &["-1", "-0", "0.0", "2147483648"]),
        (Primitive::PositiveInt, &["1", "2147483647"], &["0", "-1", "1.5"]),
        (
            Primitive::Decimal,
            &["0", "-0", "-0.10", "1e5", "1.5E-3", "100000000000000000000.00001", "1e+2"],
            &["", "-", ".5", "5.", "00", "01.5", "1e", "1e+", "+1", "1,5", "NaN"],
        ),
    ];
    for (kind, good, bad) in cases {
        assert!(good.iter().all(|text| number_fault(kind, text).is_none()), "{kind:?} {good:?}");
        for text in bad {
            assert!(number_fault(kind, text).is_some(), "{kind:?} {text}");
        }
    }
}

#[test]
fn a_day_that_does_not_exist_and_a_missing_zone_have_their_own_codes() {
    for (text, code) in [
        ("2026-02-29", &codes::CALENDAR),
        ("2026-13", &codes::CALENDAR),
        ("2026-04-31T09:00:00Z", &codes::CALENDAR),
        ("2026-04-01T09:00:00", &codes::ZONE),
        ("2026-04-01T09:00", &codes::VALUE_FORM),
        ("yesterday", &codes::VALUE_FORM),
    ] {
        assert_eq!(text_fault(Primitive::DateTime, text).map(|code| code.id), Some(code.id), "{text}");
    }
    assert_eq!(text_fault(Primitive::Base64, "QQ").map(|code| code.id), Some(codes::BASE64.id));
}

#[test]
fn a_string_ends_at_its_limit_in_characters() {
    assert!(text_fault(Primitive::String, &"あ".repeat(STRING_CHARS_MAX)).is_none());
    let code = text_fault(Primitive::String, &"a".repeat(STRING_CHARS_MAX + 1));
    assert_eq!(code.map(|code| code.id), Some(codes::STRING_LENGTH.id));
}

#[test]
fn the_examples_in_messages_have_the_form_they_show() {
    for (kind, ..) in TEXTS {
        for example in form_of(*kind).example.split(", ") {
            assert!(text_fault(*kind, example).is_none(), "{kind:?} {example}");
        }
    }
}

/// Against a slow judgement of the same thing, for every day that can be written in some years.
#[test]
fn days_are_those_of_the_calendar() {
    for year in [1900, 2000, 2023, 2024] {
        let is_leap = year == 2000 || year == 2024;
        for month in 0..=13 {
            for day in 0..=32 {
                let last = match month {
                    1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
                    4 | 6 | 9 | 11 => 30,
                    2 => 28 + i32::from(is_leap),
                    _ => 0,
                };
                let text = format!("{year:04}-{month:02}-{day:02}");
                let exists = day >= 1 && day <= last;
                assert_eq!(text_fault(Primitive::Date, &text).is_none(), exists, "{text}");
            }
        }
    }
}
