//! Numbers and quantities, with every prefix against a comparison of whole numbers of millionths.

use super::*;

const KEPT: [&str; 16] = [
    "0",
    "-0.0",
    "1",
    "99.4",
    "99.5",
    "100",
    "100.00",
    "100.4999",
    "100.5",
    "-100",
    "-99.5",
    "94",
    "95",
    "104.999999",
    "105",
    "110.000001",
];
const ASKED: [&str; 9] = ["100", "100.0", "1e2", "-100", "0", "99.5", "1", "-1.0e2", "0.0"];

fn millionths(text: &str) -> i128 {
    let (amount, power) =
        text.split_once('e').map_or((text, 0), |(amount, power)| (amount, power.parse::<u32>().unwrap()));
    let (whole, fraction) = amount.split_once('.').unwrap_or((amount, ""));
    let digits: String = whole.trim_start_matches('-').chars().chain(fraction.chars()).collect();
    let scale = 10_i128.pow(6 + power - u32::try_from(fraction.len()).unwrap());
    let amount = digits.parse::<i128>().unwrap() * scale;
    if whole.starts_with('-') { -amount } else { amount }
}

/// Half a unit of the last place, in millionths; R4 takes a tenth of that when an exponent is written.
fn half(text: &str) -> i128 {
    let (amount, power) =
        text.split_once('e').map_or((text, 0), |(amount, power)| (amount, power.parse::<u32>().unwrap()));
    let places = amount.split_once('.').map_or(0, |(_, fraction)| u32::try_from(fraction.len()).unwrap());
    let half = 10_i128.pow(6 + power - places) / 2;
    if text.contains('e') { half / 10 } else { half }
}

fn expected(prefix: &str, kept: i128, text: &str) -> bool {
    let (asked, half) = (millionths(text), half(text));
    let equal = asked - half <= kept && kept < asked + half;
    match prefix {
        "" | "eq" => equal,
        "ne" => !equal,
        "gt" | "sa" => kept > asked,
        "lt" | "eb" => kept < asked,
        "ge" => kept >= asked,
        "le" => kept <= asked,
        _ => (kept - asked).abs() * 10 <= asked.abs(),
    }
}

#[test]
fn every_prefix_compares_exactly() {
    for kept in KEPT {
        let item = format!(
            r#"{{"resourceType":"ChargeItem","status":"billed","code":{{"text":"x"}},"subject":{{"display":"x"}},"factorOverride":{kept},"quantity":{{"value":{kept},"code":"u","system":"urn:u"}}}}"#
        );
        for asked in ASKED {
            for prefix in ["", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"] {
                let expected = expected(prefix, millionths(kept), asked);
                for search in [
                    format!("factor-override={prefix}{asked}"),
                    format!("quantity={prefix}{asked}"),
                    format!("quantity={prefix}{asked}|urn:u|u"),
                    format!("quantity={prefix}{asked}||u"),
                ] {
                    assert_eq!(finds(&item, &search), expected, "{search} on {kept}");
                }
            }
        }
    }
}

#[test]
fn the_precision_written_decides_what_is_equal() {
    let span =
        |text: &str| match alternatives("ChargeItem", &format!("factor-override={text}")).remove(0).span {
            Span::Between { from, until } => (from, until),
            Span::Exact(_) => panic!("{text}"),
        };
    let number =
        |text: &str| crate::terms::number::term(&crate::terms::decimal::Decimal::parse(text).unwrap());
    for (text, from, until) in [
        ("100", "99.5", "100.5"),
        ("100.00", "99.995", "100.005"),
        ("1e2", "95", "105"),
        ("0", "-0.5", "0.5"),
        ("-5.4", "-5.45", "-5.35"),
    ] {
        assert_eq!(span(text), (number(from), number(until)), "{text}");
    }
}

#[test]
fn quantities_are_found_by_number_and_unit() {
    let observation = r#"{"resourceType":"Observation","status":"final","code":{"text":"x"},
      "valueQuantity":{"value":5.40,"unit":"milligram","system":"http://unitsofmeasure.org","code":"mg"}}"#;
    check(
        observation,
        &[
            "value-quantity=5.4",
            "value-quantity=5.40|http://unitsofmeasure.org|mg",
            "value-quantity=5.4||mg",
            "value-quantity=5||milligram",
            "value-quantity=gt5||mg",
            "value-quantity=le5.4|http://unitsofmeasure.org|mg",
            "value-quantity=ap5.9",
            "value-quantity=ne6",
            "value-quantity=lt1,gt5.3",
        ],
        &[
            "value-quantity=5.5",
            "value-quantity=5.4||g",
            "value-quantity=5.4|urn:other|mg",
            "value-quantity=gt5.4",
            "value-quantity=6",
            "value-quantity=5.4|http://unitsofmeasure.org|milligram",
            "value-quantity=ne5.4",
            "value-quantity=ap6.1",
            "value-quantity=5.4||m",
        ],
    );
}

#[test]
fn money_ranges_and_origins_are_quantities_too() {
    let invoice =
        r#"{"resourceType":"Invoice","status":"issued","totalNet":{"value":1200,"currency":"JPY"}}"#;
    check(
        invoice,
        &["totalnet=1200|urn:iso:std:iso:4217|JPY", "totalnet=gt1000||JPY"],
        &["totalnet=1200||USD"],
    );
    let condition = r#"{"resourceType":"Condition","subject":{"display":"x"},
      "onsetRange":{"low":{"value":40,"unit":"years"},"high":{"value":50,"unit":"years"}}}"#;
    check(condition, &["onset-age=40", "onset-age=50||years"], &["onset-age=60", "onset-age=40||months"]);
    let sampled = r#"{"resourceType":"Observation","status":"final","code":{"text":"x"},
      "valueSampledData":{"origin":{"value":2048},"period":10,"dimensions":1}}"#;
    check(sampled, &["value-quantity=2048"], &["value-quantity=10"]);
}

#[test]
fn numbers_are_found_within_their_precision() {
    let assessment = r#"{"resourceType":"RiskAssessment","status":"final","subject":{"display":"x"},"prediction":[{"probabilityDecimal":0.85}]}"#;
    check(
        assessment,
        &[
            "probability=0.85",
            "probability=0.9",
            "probability=gt0.8",
            "probability=ge0.850",
            "probability=ap0.8",
        ],
        &["probability=0.8", "probability=lt0.85", "probability=0.86", "probability=gt0.85"],
    );
}
