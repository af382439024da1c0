//! For every rule, resources made from its data: one that keeps it, one that breaks it, one of which the plan cannot tell,
//! and one that does not set the attribute. A rule whose data reads otherwise than it is meant fails here by its id.

use crate::CATALOGUE;
use serde_json::{Map, Value, json};
use site::resource::{Resource, SENSITIVE};
use site::rules::rule::{Condition, Op, Rule, Severity, Unset};
use site::rules::{Verdict, Why};
use std::collections::BTreeMap;

#[test]
fn a_value_that_the_rule_names_holds() {
    each(|rule| {
        let made = made(rule, Some(conforming(rule.op, rule.value.as_ref(), rule.safe_value())));
        let wanted = match rule.severity {
            Severity::AcceptedWithReason if rule.instead_of.is_none() => Verdict::Undecided,
            _ => Verdict::Holds,
        };
        (verdict(rule, &made), Some(wanted))
    });
}

#[test]
fn a_value_that_the_rule_does_not_name_violates_it_or_is_open_where_words_decide() {
    each(|rule| {
        let value = counted(rule).or_else(|| breaking(rule.op, rule.value.as_ref()));
        let made = made(rule, value.clone());
        let wanted = if value.is_some() { violated(rule) } else { unset(rule) };
        (verdict(rule, &made), Some(wanted))
    });
}

#[test]
fn a_value_known_only_after_apply_is_undecided() {
    each(|rule| {
        let mut made = made(rule, None);
        merge(&mut made.unknown, &nested(&rule.path, json!(true)));
        made.configured.as_mut().unwrap().push(rule.path.join("."));
        (verdict(rule, &made), Some(Verdict::Undecided))
    });
}

#[test]
fn a_value_that_the_plan_hides_is_undecided_unless_only_its_being_set_is_asked() {
    each(|rule| {
        let mut made = made(rule, Some(json!(SENSITIVE)));
        merge(&mut made.sensitive, &nested(&rule.path, json!(true)));
        let judged = rule.judge(&made).unwrap();
        assert!(!judged.seen.contains(SENSITIVE), "{}", rule.id);
        let wanted = match rule.op {
            Op::Present => Verdict::Holds,
            Op::Absent | Op::Empty => violated(rule),
            _ => Verdict::Undecided,
        };
        (Some(judged.verdict), Some(wanted))
    });
}

#[test]
fn an_attribute_that_is_not_set_is_what_the_rule_says_of_that() {
    // Where the same attribute says whether the rule counts, nothing is said without it.
    each(|rule| {
        if counted(rule).is_some() {
            (None, None)
        } else {
            (verdict(rule, &made(rule, None)), Some(unset(rule)))
        }
    });
}

#[test]
fn a_value_of_another_kind_is_never_good() {
    let odd = json!({ "deep": { "down": [[[1]]] } });
    each(|rule| {
        let set = matches!(rule.op, Op::Present);
        let found = verdict(rule, &made(rule, Some(odd.clone())));
        let wanted = if set { Some(Verdict::Holds) } else { found.filter(|one| *one != Verdict::Holds) };
        // Elements of another kind are still elements.
        if matches!(rule.op, Op::MinCount) { (found, found) } else { (found, wanted) }
    });
}

#[test]
fn an_attribute_set_from_another_resource_counts_as_set() {
    let rule = CATALOGUE.rule("aws.rds/aws_db_instance.kms_key_id").unwrap();
    let mut made = made(rule, None);
    merge(&mut made.unknown, &json!({ "kms_key_id": true }));
    made.references.insert("kms_key_id".into(), vec!["aws_kms_key.records".into()]);
    made.configured.as_mut().unwrap().push("kms_key_id".into());
    let judged = rule.judge(&made).unwrap();
    assert_eq!(judged.verdict, Verdict::Holds);
    assert_eq!(judged.why, Why::SetFrom("aws_kms_key.records".into()));
}

/// Compares for every rule what was found with what is wanted, and names all that differ at once.
fn each(check: impl Fn(&Rule) -> (Option<Verdict>, Option<Verdict>)) {
    let mut wrong = Vec::new();
    for rule in &CATALOGUE.rules {
        let (found, wanted) = check(rule);
        if found != wanted {
            wrong.push(format!("{}: {found:?} instead of {wanted:?}", rule.id));
        }
    }
    assert!(CATALOGUE.rules.len() >= 773);
    assert!(wrong.is_empty(), "{} rules:\n{}", wrong.len(), wrong.join("\n"));
}

fn verdict(rule: &Rule, resource: &Resource) -> Option<Verdict> {
    rule.judge(resource).map(|judged| judged.verdict)
}

fn violated(rule: &Rule) -> Verdict {
    let words = rule.when.as_ref().is_some_and(|when| when.words);
    if words { Verdict::Undecided } else { Verdict::Violated }
}

fn unset(rule: &Rule) -> Verdict {
    match (rule.op, rule.unset) {
        (Op::Absent | Op::Empty, _) => Verdict::Holds,
        (_, Unset::Safe) if rule.severity == Severity::AcceptedWithReason => Verdict::Undecided,
        (_, Unset::Safe) => Verdict::Holds,
        (_, Unset::Unsafe) => violated(rule),
        (_, Unset::Depends) => Verdict::Undecided,
    }
}

/// A resource for which the rule counts, with a value at its path.
fn made(rule: &Rule, value: Option<Value>) -> Resource {
    let mut values = json!({});
    for condition in rule.when.iter().flat_map(|when| &when.all) {
        if let Some(value) = counting(condition) {
            // A block that only has to be there, and in which the rule looks.
            let block = rule.path.len() > condition.path.len() && rule.path.starts_with(&condition.path);
            let value = if block { json!([{ "made": true }]) } else { value };
            merge(&mut values, &nested(&condition.path, value));
        }
    }
    match value {
        Some(Value::Array(blocks)) if rule.op == Op::SupersetOfBlocks => {
            let (name, block) = rule.path.split_last().unwrap();
            let blocks: Vec<Value> = blocks.into_iter().map(|one| json!({ name.as_str(): one })).collect();
            values[block[0].as_str()] = Value::Array(blocks);
        }
        Some(value) => merge(&mut values, &nested(&rule.path, value)),
        None => {}
    }
    Resource {
        address: format!("{}.made", rule.kind),
        kind: rule.kind.clone(),
        module: String::new(),
        provider: String::new(),
        values,
        unknown: json!({}),
        sensitive: json!({}),
        references: BTreeMap::new(),
        configured: Some(Vec::new()),
        plan: 0,
    }
}

/// A value with which a condition holds; none where it holds when nothing is set.
fn counting(condition: &Condition) -> Option<Value> {
    (condition.op != Op::Absent).then(|| match condition.op {
        Op::Matches => match condition.value.as_ref().and_then(Value::as_str).unwrap() {
            "^com[.]amazonaws[.]" => json!("com.amazonaws.ap-northeast-1.s3"),
            "^(postgres|sqlserver)" => json!("postgres16"),
            other => json!(other.trim_matches(['^', '$']).replace("[.]", ".")),
        },
        op => conforming(op, condition.value.as_ref(), None),
    })
}

fn conforming(op: Op, value: Option<&Value>, safe: Option<Value>) -> Value {
    if op == Op::KvEq {
        return json!([value.unwrap()]);
    }
    if let Some(safe) = safe {
        return safe;
    }
    match op {
        Op::Eq | Op::Gte | Op::Lte | Op::SupersetOfBlocks => value.unwrap().clone(),
        Op::In => value.unwrap()[0].clone(),
        Op::InAny => json!([value.unwrap()[0].clone()]),
        Op::Ne | Op::Present => json!("something"),
        Op::Absent => Value::Null,
        Op::MinCount => Value::Array((0..value.unwrap().as_u64().unwrap()).map(|at| json!(at)).collect()),
        other => panic!("{other:?} needs an example in the data"),
    }
}

/// A value that breaks the rule; none where only leaving it out does.
fn breaking(op: Op, value: Option<&Value>) -> Option<Value> {
    let first = value.map(|value| value.as_array().map_or(value, |list| &list[0]).clone());
    Some(match op {
        Op::Eq => other_than(&first?),
        Op::In | Op::InAny | Op::Superset | Op::Contains | Op::ContainsAny => json!(["another"]),
        Op::Subset => json!([first?, "another"]),
        Op::SupersetOfBlocks => json!([first?]),
        Op::Ne | Op::NotIn => first?,
        Op::NotContains | Op::NotContainsAny | Op::NoCidr => json!(["192.0.2.0/24", first?]),
        Op::Gte => json!(first?.as_f64()? - 1.0),
        Op::Lte => json!(first?.as_f64()? + 1.0),
        Op::InRangeOrZero => json!(value?["min"].as_f64()? - 1.0),
        Op::MinCount => Value::Array((1..first?.as_u64()?).map(|at| json!(at)).collect()),
        Op::Absent => json!("something"),
        Op::Empty => json!(["something"]),
        Op::Present => return None,
        Op::Matches => json!("nothing of it"),
        Op::DurationGte => json!("1s"),
        Op::DurationLte => json!("999999999s"),
        Op::KvEq => {
            let mut pair = value?.clone();
            pair["value"] = json!("another");
            json!([pair])
        }
        Op::JsonNoWildcardAdmin | Op::JsonNoWildcardPrincipal => {
            let all = json!({ "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*" });
            json!(json!({ "Statement": [all] }).to_string())
        }
        Op::JsonDenyInsecureTransport | Op::JsonRegionAllowList | Op::JsonPathEq | Op::JsonContains => {
            json!(json!({ "Statement": [] }).to_string())
        }
    })
}

/// A value that breaks a rule while it still counts, where the same attribute decides both.
fn counted(rule: &Rule) -> Option<Value> {
    let condition = rule.when.iter().flat_map(|when| &when.all).find(|one| one.path == rule.path)?;
    let good = |value: &&Value| match (rule.op, rule.value.as_ref().unwrap()) {
        (Op::In, Value::Array(list)) => !list.contains(value),
        (_, one) => *value != one,
    };
    if condition.op == Op::Matches {
        return Some(json!("com.amazonaws.ap-northeast-1.bedrock-agent"));
    }
    condition.value.as_ref()?.as_array()?.iter().find(good).cloned()
}

fn other_than(value: &Value) -> Value {
    match value {
        Value::Bool(flag) => json!(!flag),
        Value::Number(number) => json!(number.as_f64().unwrap() + 1.0),
        other => json!(format!("not {}", other.as_str().unwrap())),
    }
}

/// A value in its blocks, each a list of one as a plan writes it.
fn nested(path: &[String], value: Value) -> Value {
    let (name, rest) = path.split_first().unwrap();
    let inside = if rest.is_empty() { value } else { json!([nested(rest, value)]) };
    Value::Object(Map::from_iter([(name.clone(), inside)]))
}

/// Lays one value into another; blocks of the same name become one.
fn merge(into: &mut Value, from: &Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (name, part) in from {
                merge(into.entry(name.clone()).or_insert(Value::Null), part);
            }
        }
        (Value::Array(into), Value::Array(from))
            if into.len() == 1 && from.len() == 1 && into[0].is_object() && from[0].is_object() =>
        {
            merge(&mut into[0], &from[0]);
        }
        (into, from) => *into = from.clone(),
    }
}
