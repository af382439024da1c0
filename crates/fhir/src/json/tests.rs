//! What the parser takes and refuses, with the place of each refusal.

use super::*;
use crate::codes::json as codes;
use base::limits::{JSON_DEPTH_MAX, JSON_NUMBER_CHARS_MAX, JSON_VALUES_MAX};

fn refusal(text: &[u8]) -> (&'static str, String) {
    let problem = parse(text).unwrap_err();
    (problem.code().id, problem.place().unwrap_or_default().to_owned())
}

fn id(text: &str) -> &'static str {
    refusal(text.as_bytes()).0
}

#[test]
fn a_name_that_stands_twice_is_refused_with_its_path() {
    let text = "{\"resourceType\":\"Patient\",\n \"name\":[{\"text\":\"a\",\n  \"text\":\"b\"}]}";
    let (id, place) = refusal(text.as_bytes());
    assert_eq!((id, place.as_str()), (codes::DUPLICATE.id, "line 3, column 10 (Patient.name[0].text)"));
}

#[test]
fn an_escaped_spelling_of_a_name_is_the_same_name() {
    assert_eq!(id(r#"{"a":1,"\u0061":2}"#), codes::DUPLICATE.id);
}

#[test]
fn a_repeated_name_is_found_among_many() {
    for repeated in [0, 23, 24, 25, 98] {
        let members: Vec<String> = (0..99).map(|n| format!("\"m{n}\":0")).collect();
        let text = format!("{{{},\"m{repeated}\":1}}", members.join(","));
        assert_eq!(id(&text), codes::DUPLICATE.id, "{repeated}");
        assert!(parse(format!("{{{}}}", members.join(",")).as_bytes()).is_ok());
    }
}

#[test]
fn only_the_outermost_resource_type_begins_the_path() {
    let text = br#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","id":tru}}]}"#;
    assert_eq!(refusal(text).1, "line 1, column 81 (Bundle.entry[0].resource.id)");
    assert_eq!(refusal(br#"[{"resourceType":"Patient","id":tru}]"#).1, "line 1, column 36 ([0].id)");
}

#[test]
fn columns_count_characters() {
    assert_eq!(refusal("{\"山田\":x}".as_bytes()).1, "line 1, column 7 (山田)");
}

#[test]
fn bytes_that_are_not_utf8_are_refused() {
    for bytes in [&b"{\"a\":\"\xff\"}"[..], b"\"\xed\xa0\x80\"", b"\"\xc0\x80\"", b"\xfe\xff", b"{}\x80"] {
        assert_eq!(refusal(bytes).0, codes::NOT_UTF8.id);
    }
}

#[test]
fn a_byte_order_mark_is_refused() {
    assert_eq!(id("\u{feff}{}"), codes::BYTE_ORDER_MARK.id);
    assert_eq!(id("{\u{feff}}"), codes::SYNTAX.id);
}

#[test]
fn what_is_not_json_is_refused() {
    let bad = [
        "",
        " ",
        "{",
        "[",
        "\"",
        "\"\\",
        "nul",
        "nulls",
        "tru",
        "True",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "[1,]",
        "[,1]",
        "{a:1}",
        "{'a':1}",
        "[1 2]",
        "NaN",
        "-NaN",
        "Infinity",
        "-Infinity",
        "+1",
        "01",
        "-01",
        "1.",
        ".5",
        "1.e3",
        "1e",
        "1e+",
        "-",
        "0x10",
        "1_000",
        "\"\\x41\"",
        "\"\\u12\"",
        "\"\\u12G4\"",
        "// a\n1",
        "/* a */1",
        "{\"a\":1 \"b\":2}",
        "\u{a0}1",
        "\u{b}1",
        "{\"a\":NaN}",
        "[Infinity]",
    ];
    for text in bad {
        assert!([codes::SYNTAX.id, codes::TRAILING.id].contains(&id(text)), "{text} {}", id(text));
    }
}

#[test]
fn what_follows_the_value_is_refused() {
    for text in ["{} {}", "1 x", "{}}", "null,", "\"a\"\0"] {
        assert_eq!(id(text), codes::TRAILING.id, "{text}");
    }
    assert!(parse(b" \t\r\n{} \t\r\n").is_ok());
}

#[test]
fn lone_surrogates_and_control_characters_are_refused() {
    let bad = [
        r#""\ud800""#,
        r#""\udc00""#,
        r#""\ud800\u0041""#,
        r#""\ud800x""#,
        r#""\ud800\ud800""#,
        r#""\u0000""#,
        r#""\u001f""#,
        r#""\b""#,
        r#""\f""#,
        "\"a\nb\"",
        "\"\u{0}\"",
        r#"{"\u0001":1}"#,
    ];
    for text in bad {
        assert_eq!(id(text), codes::CHARACTER.id, "{text}");
    }
    let good = parse(r#""\t\n\r\ud83d\ude00\/""#.as_bytes()).unwrap();
    assert_eq!(good.as_str(), Some("\t\n\r😀/"));
}

#[test]
fn each_limit_holds_exactly() {
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert!(parse(nested(JSON_DEPTH_MAX).as_bytes()).is_ok());
    assert_eq!(id(&nested(JSON_DEPTH_MAX + 1)), codes::DEPTH.id);
    assert_eq!(id(&"[".repeat(1_000_000)), codes::DEPTH.id);
    assert!(parse("9".repeat(JSON_NUMBER_CHARS_MAX).as_bytes()).is_ok());
    assert_eq!(id(&"9".repeat(JSON_NUMBER_CHARS_MAX + 1)), codes::NUMBER_LENGTH.id);
    let values = |count: usize| format!("[{}]", vec!["1"; count].join(","));
    assert!(parse(values(JSON_VALUES_MAX - 1).as_bytes()).is_ok());
    assert_eq!(id(&values(JSON_VALUES_MAX)), codes::VALUES.id);
}

#[test]
fn depth_is_given_back_when_a_value_closes() {
    let text = format!("[{}]", vec!["[[]]"; 500].join(","));
    assert!(parse(text.as_bytes()).is_ok());
}

#[test]
fn numbers_keep_their_text() {
    for text in ["0", "-0", "0.10", "1E400", "1e-7", "123456789012345678901234567890.50"] {
        assert_eq!(parse(text.as_bytes()).unwrap().as_number(), Some(text));
    }
}

#[test]
fn a_node_prints_its_shape_and_no_content() {
    let node = parse(r#"{"name":[{"text":"山田"}],"age":81}"#.as_bytes()).unwrap();
    assert_eq!(format!("{node:?}"), "object of 2");
    assert_eq!(format!("{:?}", node.get("age")), "Some(number)");
}
