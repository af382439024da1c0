//! The bytes under which values are kept, and what makes no term at all.

use super::*;
use crate::json::parse;

fn terms_of(text: &str) -> Vec<(&'static str, String)> {
    let checked = crate::check(parse(text.as_bytes()).unwrap()).unwrap();
    let readable = |value: Vec<u8>| String::from_utf8_lossy(&value).replace('\0', "~");
    let found = checked.terms();
    assert_eq!(found, terms_of_content(text.as_bytes()).unwrap(), "skipping changes nothing");
    found.into_iter().map(|term| (term.param, readable(term.value))).collect()
}

fn values(text: &str, param: &str) -> Vec<String> {
    terms_of(text).into_iter().filter(|(name, _)| *name == param).map(|(_, value)| value).collect()
}

fn observation(more: &str) -> String {
    format!(r#"{{"resourceType":"Observation","status":"final","code":{{"text":"Blood Pressure"}}{more}}}"#)
}

#[test]
fn an_identifier_is_kept_by_code_by_system_and_by_type() {
    let text = r#"{"resourceType":"Patient","identifier":[{"system":"urn:s","value":"1","type":{"text":"ＭＲＮ","coding":[{"system":"urn:t","code":"MR"}]}},
      {"value":"2"},{"system":"urn:only"},{"system":"urn:s","value":"1"}]}"#;
    assert_eq!(
        values(text, "Patient.identifier"),
        ["\u{1}1~urn:s", "\u{1}2~", "\u{2}urn:only", "\u{2}urn:s", "\u{3}mrn", "\u{4}urn:t~MR~1"]
    );
}

#[test]
fn a_concept_is_kept_by_its_codings_and_texts() {
    let text = r#"{"resourceType":"Observation","status":"final","code":{"text":"Hb","coding":[{"system":"urn:s","code":"c","display":"Ｈａｅｍｏ"},{"code":"d"}]}}"#;
    assert_eq!(
        values(text, "Observation.code"),
        ["\u{1}c~urn:s", "\u{1}d~", "\u{2}urn:s", "\u{3}haemo", "\u{3}hb"]
    );
    assert_eq!(values(text, "Observation.status"), ["\u{1}final~"]);
}

#[test]
fn a_reference_is_kept_for_every_parameter_that_keeps_its_type() {
    let found = |reference: &str| -> Vec<String> {
        let contained = r##","contained":[{"resourceType":"Patient","id":"contained"}],"performer":[{"reference":"#contained"}]"##;
        let text = observation(&format!(r#"{contained},"subject":{{"reference":"{reference}"}}"#));
        let references = terms_of(&text)
            .into_iter()
            .filter(|(param, _)| param.ends_with(".subject") || param.ends_with(".patient"));
        references.map(|(param, value)| format!("{param}={value}")).collect()
    };
    let kept = |value: &str| ["patient", "subject"].map(|code| format!("Observation.{code}={value}"));
    assert_eq!(found("Patient/1"), kept("\u{1}Patient/1"));
    assert_eq!(found("Group/1"), ["Observation.subject=\u{1}Group/1"]);
    assert_eq!(found("Patient/1/_history/3"), found("Patient/1"));
    let other = "https://other.example/fhir/Patient/1";
    assert_eq!(found(other), kept(&format!("\u{2}{other}")));
    assert_eq!(found(&format!("{other}/_history/2")), found(other));
    assert_eq!(found("urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7").len(), 1);
    assert_eq!(found("#contained"), Vec::<String>::new());
    assert_eq!(found("Patient/a b"), Vec::<String>::new());
}

#[test]
fn the_type_beside_a_reference_counts_where_the_text_has_none() {
    let event = |of: &str| {
        format!(
            r#"{{"resourceType":"AuditEvent","type":{{"code":"x"}},"recorded":"2026-04-01T00:00:00Z","source":{{"observer":{{"display":"x"}}}},
          "agent":[{{"requestor":true,"who":{{"type":"{of}","reference":"urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7"}}}}]}}"#
        )
    };
    assert_eq!(values(&event("Patient"), "AuditEvent.patient").len(), 1);
    assert_eq!(values(&event("Practitioner"), "AuditEvent.patient").len(), 0);
}

#[test]
fn logical_references_are_kept_and_contained_resources_are_not() {
    let text = r##"{"resourceType":"Condition","contained":[{"resourceType":"Patient","id":"p","identifier":[{"value":"1"}]}],"asserter":{"reference":"#p"},"subject":{"identifier":{"system":"urn:s","value":"7"}}}"##;
    let value = || "\u{3}7~urn:s".to_owned();
    assert_eq!(terms_of(text), [("Condition.subject", value()), (PATIENT, value())]);
}

#[test]
fn canonicals_are_kept_with_and_without_their_version() {
    let text = r#"{"resourceType":"CarePlan","status":"active","intent":"plan","subject":{"display":"x"},"instantiatesCanonical":["http://example.org/p|2"]}"#;
    assert_eq!(
        values(text, "CarePlan.instantiates-canonical"),
        ["\u{2}http://example.org/p", "\u{2}http://example.org/p|2"]
    );
}

#[test]
fn texts_are_kept_normalised_with_the_original_behind() {
    let text = r#"{"resourceType":"Patient","name":[{"family":"ヤマダ","given":["taro"]}]}"#;
    assert_eq!(values(text, "Patient.family"), ["\u{1}やまだ~ヤマダ"]);
    assert_eq!(values(text, "Patient.given"), ["\u{1}taro~"]);
    assert_eq!(
        values(text, "Patient.name"),
        ["\u{1}taro~", "\u{1}やまだ~ヤマダ", "\u{1}やまだtaro~ヤマダtaro"]
    );
}

#[test]
fn long_texts_are_cut_and_other_long_values_left_out() {
    let named = |length: usize| {
        format!(r#"{{"resourceType":"Patient","name":[{{"family":"{}"}}]}}"#, "x".repeat(length))
    };
    let lengths = |length: usize| -> Vec<usize> {
        values(&named(length), "Patient.family").iter().map(String::len).collect()
    };
    assert_eq!((lengths(1024), lengths(1025), lengths(5000)), (vec![1026], vec![1025], vec![1025]));
    let identified = |length: usize| {
        let value = "x".repeat(length);
        values(
            &format!(r#"{{"resourceType":"Patient","identifier":[{{"value":"{value}"}}]}}"#),
            "Patient.identifier",
        )
        .len()
    };
    assert_eq!((identified(TERM_BYTES_MAX - 2), identified(TERM_BYTES_MAX - 1)), (1, 0));
}

#[test]
fn a_long_period_is_kept_by_its_end_as_well() {
    let count = |period: &str| {
        values(&observation(&format!(r#","effectivePeriod":{period}"#)), "Observation.date").len()
    };
    assert_eq!(count(r#"{"start":"2026-04-01","end":"2026-04-01"}"#), 1);
    assert_eq!(count(r#"{"start":"2026-04-01","end":"2026-04-02"}"#), 2);
    assert_eq!(count(r#"{"start":"2026-04-01"}"#), 2);
}

#[test]
fn moments_are_kept_in_the_order_of_time() {
    let moments =
        [i64::MIN, i64::MIN + 1, -DAY_MICROSECONDS, -1, 0, 1, 1_775_000_000_000_000, i64::MAX - 1, i64::MAX];
    assert!(moments.map(date::ordered).is_sorted());
    for from in moments {
        let kept = date::Moments { from, until: i64::MAX };
        assert_eq!(date::Moments::of_term(&kept.by_start()), Some(kept));
        assert_eq!(date::Moments::of_term(&kept.by_end()), Some(kept));
    }
    assert_eq!(date::Moments::of_term(b"\x01short"), None);
}

const DAY_MICROSECONDS: i64 = 86_400_000_000;

#[test]
fn a_quantity_is_kept_by_code_by_unit_and_by_number() {
    let text = observation(r#","valueQuantity":{"value":5.40,"unit":"mg","code":"mg","system":"urn:u"}"#);
    assert_eq!(values(&text, "Observation.value-quantity").len(), 2);
    let text =
        observation(r#","valueQuantity":{"value":5.40,"unit":"milligram","code":"mg","system":"urn:u"}"#);
    let terms: Vec<Term> = terms(&parse(text.as_bytes()).unwrap());
    let number = decimal::Decimal::parse("5.4").unwrap().encoded();
    let expected = [
        [b"\x01mg\x00", number.as_slice(), b"urn:u"].concat(),
        [b"\x01milligram\x00", number.as_slice()].concat(),
        [b"\x02", number.as_slice()].concat(),
    ];
    let found =
        terms.into_iter().filter(|term| term.param == "Observation.value-quantity").map(|term| term.value);
    assert_eq!(found.collect::<Vec<_>>(), expected);
}

#[test]
fn a_composite_is_kept_per_code() {
    let text = r#"{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"urn:s","code":"a"},{"code":"b"}]},"valueString":"Yes"}"#;
    assert_eq!(
        values(text, "Observation.code-value-string"),
        ["\u{1}a~urn:s~\u{1}yes~Yes", "\u{1}b~~\u{1}yes~Yes"]
    );
}

/// A resource without most of what its type can hold, in forms that no check would let through.
#[test]
fn content_of_any_form_makes_terms_or_none() {
    for text in [
        r#"{"resourceType":"Patient","name":"x","birthDate":7,"identifier":[[{"value":1}],null],"contact":[{"name":{}}]}"#,
        r#"{"resourceType":"Observation","valueQuantity":[{"value":"1"}],"component":{"code":{"coding":"x"}},"code":[]}"#,
        r#"{"resourceType":"Bundle","entry":[[{"resource":{"resourceType":"Composition","id":"c"}}]]}"#,
        r#"{"resourceType":"Nothing"}"#,
        r#"{"resourceType":1}"#,
        r#"{"id":"x","resourceType":"Patient","active":true}"#,
        "[]",
        "1",
    ] {
        let node = parse(text.as_bytes()).unwrap();
        if let Ok(found) = terms_of_content(text.as_bytes()) {
            assert_eq!(found, terms(&node), "{text}");
        }
    }
    for text in [
        r#"{"resourceType":"Patient","name":[{"family":"x"#,
        "",
        "{",
        r#"{"resourceType":"Patient","name":[,]}"#,
    ] {
        assert!(terms_of_content(text.as_bytes()).is_err(), "{text}");
    }
}

#[test]
fn content_nested_beyond_all_bounds_is_an_error() {
    for open in ["[", r#"[{"given":"#, r#"{"period":"#] {
        let text = format!(r#"{{"resourceType":"Patient","name":{}"#, open.repeat(100_000));
        assert!(terms_of_content(text.as_bytes()).is_err(), "{open}");
    }
}
