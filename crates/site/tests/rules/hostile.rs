//! Values that nobody would write: deep, long, of every kind, with signs that move a cursor. Nothing panics, and nothing of
//! them is good.

use crate::CATALOGUE;
use proptest::prelude::*;
use serde_json::{Value, json};
use site::resource::Resource;
use site::rules::Verdict;
use std::collections::BTreeMap;

fn resource(kind: &str, values: Value) -> Resource {
    Resource {
        address: format!("{kind}.x"),
        kind: kind.into(),
        module: String::new(),
        provider: String::new(),
        values,
        unknown: Value::Null,
        sensitive: Value::Null,
        references: BTreeMap::new(),
        configured: None,
        plan: 0,
    }
}

#[test]
fn a_policy_of_too_many_levels_is_undecided() {
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let found = CATALOGUE.judge(&resource("aws_iam_policy", json!({ "policy": deep }))).remove(0).verdict;
    assert_eq!(found, Verdict::Undecided);
}

#[test]
fn a_list_of_a_million_ranges_is_judged_and_shown_short() {
    let mut ranges: Vec<String> =
        (0..1_000_000).map(|at| format!("10.{}.{}.0/24", at / 256 % 256, at % 256)).collect();
    ranges.push("0.0.0.0/0".into());
    let group = resource("aws_security_group_rule", json!({ "type": "ingress", "cidr_blocks": ranges }));
    let judged = CATALOGUE.judge(&group);
    let found = judged.iter().find(|one| one.rule.path == ["cidr_blocks"]).unwrap();
    assert_eq!(found.verdict, Verdict::Violated);
    assert!(found.seen.chars().count() <= 121);
}

#[test]
fn lists_in_lists_and_blocks_of_many_levels_are_undecided_or_violated() {
    let mut deep = json!(1);
    // The reader of JSON takes 128 levels at most.
    for _ in 0..60 {
        deep = json!([{ "ingress": deep }]);
    }
    let group = resource("aws_security_group", json!({ "ingress": [[deep.clone()]] }));
    assert!(CATALOGUE.judge(&group).iter().all(|one| one.verdict != Verdict::Holds));
    let rule = resource("aws_security_group_rule", json!({ "type": "ingress", "cidr_blocks": deep }));
    assert!(
        CATALOGUE
            .judge(&rule)
            .iter()
            .filter(|one| one.rule.path == ["cidr_blocks"])
            .all(|one| one.verdict != Verdict::Holds)
    );
}

#[test]
fn what_is_seen_holds_no_sign_that_moves_a_cursor() {
    let value = json!("\u{1b}[31mred\u{202e}\r\n<script>");
    let group = resource("aws_lb_target_group", json!({ "protocol": value }));
    let found = CATALOGUE.judge(&group);
    assert!(found.iter().any(|one| one.seen.contains("<script>")));
    assert!(found.iter().all(|one| !one.seen.contains(['\u{1b}', '\u{202e}', '\r', '\n'])));
}

#[test]
fn two_halves_of_everything_are_everything() {
    let halves = json!({ "type": "ingress", "cidr_blocks": ["0.0.0.0/1", "128.0.0.0/1"] });
    let rule = resource("aws_security_group_rule", halves);
    let judged = CATALOGUE.judge(&rule);
    assert!(judged.iter().any(|one| one.rule.path == ["cidr_blocks"] && one.verdict == Verdict::Violated));
}

#[test]
fn of_a_secret_nobody_marked_only_its_being_set_is_told() {
    let instance = resource("aws_db_instance", json!({ "password": "hunter2hunter2" }));
    let report = CATALOGUE.report(std::slice::from_ref(&instance));
    assert!(report.findings.iter().any(|one| one.rule.ends_with("aws_db_instance.password")));
    assert!(!serde_json::to_string(&report).unwrap().contains("hunter2"));
}

#[test]
fn a_value_that_is_marked_as_a_secret_but_not_replaced_is_undecided_and_not_shown() {
    let mut group = resource("aws_lb_target_group", json!({ "protocol": "HTTPS", "name": "x" }));
    group.sensitive = json!({ "protocol": true });
    let judged = CATALOGUE.judge(&group);
    let found = judged.iter().find(|one| one.rule.path == ["protocol"]).unwrap();
    assert_eq!((found.verdict, found.seen.as_str()), (Verdict::Undecided, ""));
    let mut rule = resource(
        "aws_security_group_rule",
        json!({ "type": "ingress", "cidr_blocks": ["0.0.0.0/0", "198.51.100.7/32"] }),
    );
    rule.sensitive = json!({ "cidr_blocks": [false, true] });
    let judged = CATALOGUE.judge(&rule);
    let found = judged.iter().find(|one| one.rule.path == ["cidr_blocks"]).unwrap();
    assert_eq!((found.verdict, found.seen.as_str()), (Verdict::Violated, "…"));
}

/// Any JSON, not too large.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<f64>().prop_map(|number| json!(number)),
        "\\PC{0,12}".prop_map(Value::String),
        Just(json!("0.0.0.0/0")),
        Just(json!(true)),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::btree_map("[a-z_]{1,8}", inner, 0..4).prop_map(|parts| json!(parts)),
        ]
    })
}

proptest! {
    #[test]
    fn any_value_at_any_path_is_judged_without_a_panic(place in any::<prop::sample::Index>(), values in prop::collection::vec(anything(), 3)) {
        let rule = place.get(&CATALOGUE.rules);
        let at = |value: &Value| rule.path.iter().rev().fold(value.clone(), |inside, name| json!({ name.as_str(): inside }));
        let mut made = resource(&rule.kind, at(&values[0]));
        made.unknown = at(&values[1]);
        made.sensitive = at(&values[2]);
        prop_assert!(CATALOGUE.judge(&made).len() <= CATALOGUE.rules.len());
    }

    #[test]
    fn knowing_less_never_makes_a_rule_hold(place in any::<prop::sample::Index>(), value in anything()) {
        let rule = place.get(&CATALOGUE.rules);
        let at = |value: &Value| rule.path.iter().rev().fold(value.clone(), |inside, name| json!({ name.as_str(): inside }));
        let known = resource(&rule.kind, at(&value));
        let mut unknown = known.clone();
        unknown.unknown = at(&json!(true));
        let holds = |of: &Resource| rule.judge(of).is_some_and(|one| one.verdict == Verdict::Holds);
        prop_assert!(!holds(&unknown));
        let _ = holds(&known);
    }
}
