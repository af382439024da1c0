//! Nothing runs on, recurses too deep, or panics, whatever comes in.

use super::super::fuzz_expression;
use super::super::parse::{EXPRESSION_BYTES_MAX, EXPRESSION_LEVELS_MAX};
use super::*;

const EMPTY: &str = r#"{"resourceType":"Patient"}"#;

fn refusal(text: &str) -> &'static str {
    Expression::parse(text).err().map_or("", |problem| problem.code().id)
}

#[test]
fn an_expression_at_the_bounds_is_taken_and_one_beyond_them_is_not() {
    let long = |bytes: usize| format!("{}1", " ".repeat(bytes - 1));
    assert_eq!(refusal(&long(EXPRESSION_BYTES_MAX)), "");
    assert_eq!(refusal(&long(EXPRESSION_BYTES_MAX + 1)), "FH-0101");
    let levels = EXPRESSION_LEVELS_MAX;
    let chain = |count: usize| format!("id{}", ".first()".repeat(count));
    let sum = |count: usize| format!("1{}", " + 1".repeat(count));
    let brackets = |count: usize| format!("{}1{}", "(".repeat(count), ")".repeat(count));
    let signs = |count: usize| format!("{}1", "-".repeat(count));
    let calls = |count: usize| format!("{}1{}", "iif(true, ".repeat(count), ")".repeat(count));
    for (name, build) in [
        ("chain", &chain as &dyn Fn(usize) -> String),
        ("sum", &sum),
        ("brackets", &brackets),
        ("signs", &signs),
        ("calls", &calls),
    ] {
        assert_eq!(refusal(&build(levels / 2 - 2)), "", "{name}");
        assert_eq!(refusal(&build(levels + 1)), "FH-0101", "{name}");
        assert_eq!(refusal(&build(1_500)), "FH-0101", "{name}");
    }
}

#[test]
fn the_deepest_expressions_on_the_deepest_resource_fit_the_stack() {
    let depth = base::limits::JSON_DEPTH_MAX / 2 - 2;
    let items =
        format!("{}{{\"linkId\":\"deep\"}}{}", r#"{"linkId":"x","item":["#.repeat(depth), "]}".repeat(depth));
    let resource = format!(r#"{{"resourceType":"Questionnaire","item":[{items}]}}"#);
    let nested = |head: &str, tail: &str| {
        let build = |count: usize| format!("{}true{}", head.repeat(count), tail.repeat(count));
        let accepted = (1..=EXPRESSION_LEVELS_MAX).rev().map(build).find(|text| refusal(text).is_empty());
        accepted.unwrap()
    };
    for (head, tail) in [
        ("%resource.descendants().where(linkId = 'deep').select(", ")"),
        ("%resource.repeat(item).where(linkId = 'deep').select(", ")"),
        ("%resource.descendants().where(linkId = 'deep').exists(", ")"),
        ("iif(true, ", ")"),
        ("(false or ", ")"),
        ("(1 = ", ")"),
        ("1.aggregate(", ", 1)"),
        ("(1 | 2).sort(", ")"),
        ("", ".where(true)"),
        ("", ".select($this)"),
        ("", "[0]"),
        ("", " | true"),
        ("-", ""),
    ] {
        let text = nested(head, tail);
        assert!(!result(&resource, &text).is_empty() || head == "1.aggregate(", "{text}");
    }
}

#[test]
fn work_that_grows_without_end_is_stopped() {
    let many: Vec<String> = (0..2_000).map(|at| format!(r#"{{"value":"{at}"}}"#)).collect();
    let resource = format!(r#"{{"resourceType":"Patient","telecom":[{}]}}"#, many.join(","));
    for expression in [
        "telecom.where(%resource.telecom.where(%resource.telecom.value = $this.value).exists()).count()",
        "telecom.aggregate($total.combine($total), 1).count()",
        "telecom.aggregate($total & $total, 'xxxxxxxx').length()",
        "telecom.aggregate($total.replace('', $total), 'xx').length()",
        "1.repeat($this + 1)",
        "telecom.select(%resource.descendants()).select(%resource.descendants()).count()",
    ] {
        assert_eq!(result(&resource, expression), "FH-0108", "{expression}");
    }
}

#[test]
fn a_hostile_pattern_takes_linear_time_or_is_refused() {
    let text = "a".repeat(5_000);
    assert_eq!(result(EMPTY, &format!("'{text}!'.matches('^(a+)+$')")), "false");
    assert_eq!(refusal("'a'.matches('((a{1000}){1000}){1000}')"), "FH-0103");
}

#[test]
fn what_is_no_fhirpath_is_refused() {
    for text in [
        "",
        " ",
        "1 +",
        "(1",
        "a.",
        "a..b",
        "a b",
        "1 2",
        "{1}",
        "a[",
        "a[1",
        "a(1",
        "first(",
        "f(,)",
        "$that",
        "a.$this",
        "%",
        "@",
        "@2026-13",
        "@T25",
        "2147483648",
        "'",
        "`",
        "/*",
        "a is",
        "a is 1",
        "!",
        "a ! b",
        "?",
        "山",
        "and",
        "1 'mg' 'x'",
    ] {
        assert_eq!(refusal(text).get(..6), Some("FH-010"), "{text}");
    }
    assert_eq!(refusal("exists(1, 2)"), "FH-0103");
    assert_eq!(refusal("x is NoSuchType"), "FH-0104");
    let problem = Expression::parse("名前 = 1").unwrap_err();
    assert!(
        problem.text(base::Language::Japanese).contains("1 文字目"),
        "{}",
        problem.text(base::Language::Japanese)
    );
    let problem = Expression::parse("'名前' = )").unwrap_err();
    assert!(problem.text(base::Language::English).contains("character 8"));
}

#[test]
fn names_may_be_spelled_like_operators() {
    let valueset =
        r#"{"resourceType":"ValueSet","expansion":{"contains":[{"code":"a","contains":[{"code":"b"}]}]}}"#;
    check(
        valueset,
        &[
            ("expansion.repeat(contains).code", "\"a\" \"b\""),
            ("expansion.contains.code contains 'a'", "true"),
        ],
    );
}

/// Every prefix, every removed and every changed character of expressions that use everything: a small fuzz run.
#[test]
fn damaged_expressions_do_no_harm() {
    for text in [
        "Observation.component.where(code.coding.exists(system = %loinc and code in ('a' | 'b'))).value.ofType(Quantity).value.aggregate($this + $total, 0) > 1.5 'mg'",
        "iif(@2026-04-01T09:00:00.5+09:00 + 1 'wk' <= now(), name.given[0].substring(1, 2).matches('^[a-z]\\\\d$').not(), {}) implies (-1).abs() ~ 2 days /* x */ // y",
        "subject.resolve() is Patient xor `value` as Quantity != effective.lowBoundary(8).toString().toDate() | issued.extension('urn:x').value.type().name",
        "descendants().sort(-$this).distinct().select($index & '\\u5c71').repeat($this.escape('html')).trace('x').combine(children()).isDistinct()",
    ] {
        for at in 0..=text.len() {
            fuzz_expression(&text.as_bytes()[..at]);
            let mut damaged = text.as_bytes().to_vec();
            if at < damaged.len() {
                damaged.remove(at);
                fuzz_expression(&damaged);
            }
            for letter in [b'.', b'(', b')', b'\'', b'9', b'-', b'$', b'|', b' ', b'a', 0xff] {
                let mut damaged = text.as_bytes().to_vec();
                damaged.insert(at, letter);
                fuzz_expression(&damaged);
            }
        }
    }
}

#[test]
fn an_expression_is_shared_by_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    let expression = Expression::parse("id").unwrap();
    shared(&expression);
    assert_eq!((expression.text(), format!("{expression:?}").contains("id")), ("id", true));
}
