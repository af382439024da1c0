//! Policies read: from the text that a plan holds, or from the data resource that will make the text.

use super::condition::Condition;
use super::{Policy, Principal, Statement, Words};
use crate::model::aws::edge::field::Field;
use crate::resource::Resource;
use serde_json::Value;

/// What is known of a policy.
#[derive(Clone, Debug)]
pub(in super::super) enum Reading {
    /// There is none.
    Unset,
    /// What it says.
    Known(Policy),
    /// Nobody knows what it says.
    Unknown,
}

/// The policy in an attribute of a resource. `documents` are the data resources that the attribute names.
pub(in super::super) fn read(resource: &Resource, attribute: &str, documents: &[&Resource]) -> Reading {
    let field = Field::of(resource, attribute);
    if let Some(text) = field.text() {
        if text.trim().is_empty() {
            return Reading::Unset;
        }
        return of_text(text).map_or(Reading::Unknown, Reading::Known);
    }
    match (documents, field.is_unknown()) {
        ([document], true) => of_document(document).map_or(Reading::Unknown, Reading::Known),
        (_, true) => Reading::Unknown,
        (_, false) => Reading::Unset,
    }
}

/// The policy that a text of JSON says; none where it is no policy.
fn of_text(text: &str) -> Option<Policy> {
    let value: Value = serde_json::from_str(text).ok()?;
    let statements = match value.get("Statement")? {
        Value::Array(list) => list.iter().enumerate().map(statement).collect::<Option<_>>()?,
        one => vec![statement((0, one))?],
    };
    Some(Policy { statements })
}

fn statement((at, value): (usize, &Value)) -> Option<Statement> {
    let words = |name: &str| value.get(name).map(words_of);
    let either = |name: &str, not: &str| {
        let but = words(not).map(|listed| Words { listed, except: true });
        words(name).map(|listed| Words { listed, except: false }).or(but)
    };
    let principal = match (value.get("Principal"), value.get("NotPrincipal")) {
        (Some(principal), _) => principal_of(principal),
        (None, Some(_)) => Principal::AllBut,
        (None, None) => Principal::Everybody,
    };
    let everything = || Words { listed: vec![Some("*".to_owned())], except: false };
    Some(Statement {
        name: value
            .get("Sid")
            .and_then(Value::as_str)
            .map_or_else(|| format!("Statement[{at}]"), str::to_owned),
        allows: value.get("Effect")?.as_str()? == "Allow",
        principal,
        actions: either("Action", "NotAction")?,
        resources: either("Resource", "NotResource").unwrap_or_else(everything),
        conditions: value.get("Condition").map_or_else(Vec::new, conditions),
    })
}

fn words_of(value: &Value) -> Vec<Option<String>> {
    match value {
        Value::Array(list) => list.iter().map(text_of).collect(),
        one => vec![text_of(one)],
    }
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn principal_of(value: &Value) -> Principal {
    let is_star = |value: &Value| words_of(value).iter().flatten().any(|word| word == "*");
    let everybody = is_star(value) || value.get("AWS").is_some_and(is_star);
    if everybody { Principal::Everybody } else { Principal::Named }
}

fn conditions(value: &Value) -> Vec<Condition> {
    let Some(tests) = value.as_object() else { return Vec::new() };
    let of_test = |(test, keys): (&String, &Value)| {
        let keys = keys.as_object().cloned().unwrap_or_default();
        let test = test.clone();
        keys.into_iter().map(move |(key, values)| Condition {
            test: test.clone(),
            key,
            values: words_of(&values),
            named: Vec::new(),
        })
    };
    tests.iter().flat_map(of_test).collect()
}

/// What an `aws_iam_policy_document` will say. None where it takes over other documents, of which nobody knows the text.
fn of_document(document: &Resource) -> Option<Policy> {
    if let Some(text) = Field::of(document, "json").text() {
        return of_text(text);
    }
    let adopts = |name: &str| {
        let field = Field::of(document, name);
        field.is_unknown() || !field.texts().is_empty()
    };
    let others = ["source_policy_documents", "override_policy_documents", "source_json", "override_json"];
    if others.into_iter().any(adopts) || Field::of(document, "statement").is_unknown() {
        return None;
    }
    let named = document.references.get("statement.condition.values").cloned().unwrap_or_default();
    let blocks = Field::of(document, "statement").each();
    let statements = blocks.iter().enumerate().map(|(at, block)| of_block(at, block, &named));
    Some(Policy { statements: statements.collect() })
}

/// The texts of a list, with nothing in the place of one that nobody knows.
fn listed(field: &Field<'_>) -> Vec<Option<String>> {
    if field.is_unknown() {
        return vec![None];
    }
    field.texts().into_iter().map(|text| text.map(str::to_owned)).collect()
}

fn of_block(at: usize, block: &Field<'_>, named: &[String]) -> Statement {
    let words = |name: &str| listed(&block.at(name));
    let either = |name: &str, not: &str| {
        let (listed, but) = (words(name), words(not));
        if listed.is_empty() && !but.is_empty() {
            Words { listed: but, except: true }
        } else {
            Words { listed, except: false }
        }
    };
    let principal = match (principal_of_blocks(&block.at("principals")), block.at("not_principals").each()) {
        (Some(principal), _) => principal,
        (None, but) if but.is_empty() => Principal::Everybody,
        (None, _) => Principal::AllBut,
    };
    let mut resources = either("resources", "not_resources");
    if resources.listed.is_empty() {
        resources.listed.push(Some("*".to_owned()));
    }
    Statement {
        name: block.at("sid").text().map_or_else(|| format!("statement[{at}]"), str::to_owned),
        allows: block.at("effect").text().is_none_or(|effect| effect == "Allow"),
        principal,
        actions: either("actions", "not_actions"),
        resources,
        conditions: block.at("condition").each().iter().map(|found| condition(found, named)).collect(),
    }
}

fn principal_of_blocks(blocks: &Field<'_>) -> Option<Principal> {
    let of_block = |block: &Field<'_>| {
        let identifiers = block.at("identifiers");
        let of_accounts = matches!(block.at("type").text(), Some("AWS" | "*") | None);
        let listed = identifiers.texts();
        match () {
            () if of_accounts && listed.contains(&Some("*")) => Principal::Everybody,
            () if identifiers.is_unknown() || listed.contains(&None) => Principal::Unknown,
            () => Principal::Named,
        }
    };
    let found: Vec<Principal> = blocks.each().iter().map(of_block).collect();
    let has = |wanted: Principal| found.contains(&wanted).then_some(wanted);
    let unknown = blocks.is_unknown().then_some(Principal::Unknown);
    has(Principal::Everybody)
        .or(unknown)
        .or_else(|| has(Principal::Unknown))
        .or_else(|| has(Principal::Named))
}

fn condition(block: &Field<'_>, named: &[String]) -> Condition {
    let values = block.at("values");
    let listed = listed(&values);
    Condition {
        test: block.at("test").text().unwrap_or_default().to_owned(),
        key: block.at("variable").text().unwrap_or_default().to_owned(),
        values: listed,
        named: named.to_vec(),
    }
}
