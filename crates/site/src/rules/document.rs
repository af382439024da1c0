//! Policy documents: JSON inside a text, and what their statements permit and deny.

use super::element::same;
use super::judge::Why;
use serde_json::Value;

/// The longest document that is read. The longest policy of a cloud has 128 KiB.
const DOCUMENT_BYTES_MAX: usize = 1024 * 1024;

/// What is asked of a document.
#[derive(Clone, Debug)]
pub(crate) enum Question {
    NoWildcardAdmin,
    NoWildcardPrincipal,
    DenyInsecureTransport,
    PathEq { path: Vec<String>, value: Value },
    RegionAllowList(Vec<String>),
    Contains(Vec<String>),
}

/// Answers a question on a document.
pub(crate) fn answer(question: &Question, text: &str) -> Result<bool, Why> {
    if text.len() > DOCUMENT_BYTES_MAX {
        return Err(Why::TooLong);
    }
    // The reader of JSON refuses more than 128 levels: what follows may call itself.
    let document: Value = serde_json::from_str(text).map_err(|_| Why::NotReadable)?;
    match question {
        Question::PathEq { path, value } => Ok(path
            .iter()
            .try_fold(&document, |at, name| at.get(name))
            .and_then(|found| same(found, value))
            .unwrap_or(false)),
        Question::Contains(words) => Ok(words.iter().all(|word| holds(&document, word))),
        Question::NoWildcardAdmin => Ok(!statements(&document)?.iter().any(|one| permits_all(one))),
        Question::NoWildcardPrincipal => Ok(!statements(&document)?.iter().any(|one| permits_everybody(one))),
        Question::DenyInsecureTransport => {
            Ok(statements(&document)?.iter().any(|one| denies_without_tls(one)))
        }
        Question::RegionAllowList(regions) => {
            Ok(statements(&document)?.iter().any(|one| denies_other_regions(one, regions)))
        }
    }
}

fn holds(value: &Value, word: &str) -> bool {
    match value {
        Value::String(text) => text == word,
        Value::Array(list) => list.iter().any(|one| holds(one, word)),
        Value::Object(parts) => parts.values().any(|one| holds(one, word)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn statements(document: &Value) -> Result<Vec<&Value>, Why> {
    match document.get("Statement") {
        Some(Value::Array(list)) => Ok(list.iter().collect()),
        Some(one @ Value::Object(_)) => Ok(vec![one]),
        _ => Err(Why::NotReadable),
    }
}

fn permits_all(statement: &Value) -> bool {
    has_effect(statement, "Allow")
        && words(statement.get("Action")).iter().any(|&action| matches!(action, "*" | "*:*"))
        && words(statement.get("Resource")).contains(&"*")
}

fn permits_everybody(statement: &Value) -> bool {
    let conditions = statement.get("Condition").and_then(Value::as_object);
    has_effect(statement, "Allow")
        && is_everybody(statement)
        && conditions.is_none_or(serde_json::Map::is_empty)
}

fn denies_without_tls(statement: &Value) -> bool {
    let of_all = words(statement.get("Action")).iter().any(|&action| matches!(action, "*" | "s3:*"));
    let without = conditions(statement, &["Bool", "BoolIfExists"], "aws:SecureTransport");
    // A second condition would deny less than all requests without TLS.
    let keys = statement.get("Condition").and_then(Value::as_object).into_iter().flatten();
    let alone = keys.filter_map(|(_, keys)| keys.as_object()).map(serde_json::Map::len).sum::<usize>() == 1;
    has_effect(statement, "Deny") && is_everybody(statement) && of_all && alone && without.contains(&"false")
}

fn denies_other_regions(statement: &Value, regions: &[String]) -> bool {
    const OPERATORS: [&str; 4] =
        ["StringNotEquals", "StringNotEqualsIfExists", "StringNotEqualsIgnoreCase", "StringNotLike"];
    let permitted = conditions(statement, &OPERATORS, "aws:RequestedRegion");
    let all_known = permitted.iter().all(|region| regions.iter().any(|known| known == region));
    has_effect(statement, "Deny") && !permitted.is_empty() && all_known
}

fn has_effect(statement: &Value, effect: &str) -> bool {
    statement.get("Effect").and_then(Value::as_str) == Some(effect)
}

fn is_everybody(statement: &Value) -> bool {
    match statement.get("Principal") {
        Some(Value::Object(kinds)) => kinds.values().any(|one| words(Some(one)).contains(&"*")),
        other => words(other).contains(&"*"),
    }
}

/// What the conditions of these operators name for a key, which is written in any case.
fn conditions<'a>(statement: &'a Value, operators: &[&str], key: &str) -> Vec<&'a str> {
    let all = statement.get("Condition").and_then(Value::as_object);
    let matching = all.into_iter().flatten().filter(|(operator, _)| operators.contains(&operator.as_str()));
    let keys = matching.filter_map(|(_, keys)| keys.as_object()).flatten();
    keys.filter(|(name, _)| name.eq_ignore_ascii_case(key))
        .flat_map(|(_, value)| words(Some(value)))
        .collect()
}

/// A word or a list of words.
fn words(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::String(text)) => vec![text],
        Some(Value::Bool(true)) => vec!["true"],
        Some(Value::Bool(false)) => vec!["false"],
        Some(Value::Array(list)) => list.iter().flat_map(|one| words(Some(one))).collect(),
        _ => Vec::new(),
    }
}
