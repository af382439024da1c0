//! What is sensitive is taken out of the values, before anybody sees them.

use crate::resource::SENSITIVE;
use serde_json::{Map, Value};

/// How the names of secrets end, for plans that say nothing of what is sensitive (Terraform before 0.15).
const NAMES: [&str; 10] = [
    "password",
    "passwd",
    "private_key",
    "preshared_key",
    "shared_key",
    "secret_key",
    "secret_string",
    "auth_token",
    "access_token",
    "connection_string",
];

/// Puts [`SENSITIVE`] in the place of every value that is marked. Where marks and value are not of one shape, all of the
/// value goes.
pub(super) fn hide(value: &mut Value, marks: &Value) {
    match (&mut *value, marks) {
        (Value::Object(members), Value::Bool(true)) => {
            for member in members.values_mut() {
                *member = secret();
            }
        }
        (_, marks) => hide_member(value, marks),
    }
}

fn hide_member(value: &mut Value, marks: &Value) {
    if value.is_null() || !has_mark(marks) {
        return;
    }
    match (&mut *value, marks) {
        (Value::Object(members), Value::Object(marks)) => {
            for (name, mark) in marks {
                if let Some(member) = members.get_mut(name) {
                    hide_member(member, mark);
                }
            }
        }
        (Value::Array(elements), Value::Array(marks)) if elements.len() == marks.len() => {
            for (element, mark) in elements.iter_mut().zip(marks) {
                hide_member(element, mark);
            }
        }
        _ => *value = secret(),
    }
}

fn has_mark(marks: &Value) -> bool {
    match marks {
        Value::Bool(marked) => *marked,
        Value::Array(marks) => marks.iter().any(has_mark),
        Value::Object(marks) => marks.values().any(has_mark),
        _ => false,
    }
}

fn secret() -> Value {
    Value::String(SENSITIVE.to_owned())
}

/// What either of two says is marked.
pub(super) fn either(one: Value, other: Value) -> Value {
    match (one, other) {
        (Value::Bool(true), _) | (_, Value::Bool(true)) => Value::Bool(true),
        (Value::Object(mut one), Value::Object(other)) => {
            for (name, mark) in other {
                let joined = match one.remove(&name) {
                    Some(first) => either(first, mark),
                    None => mark,
                };
                one.insert(name, joined);
            }
            Value::Object(one)
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            Value::Array(one.into_iter().zip(other).map(|(one, other)| either(one, other)).collect())
        }
        (one, other) if has_mark(&one) && has_mark(&other) => Value::Bool(true),
        (one, other) => {
            if has_mark(&one) {
                one
            } else {
                other
            }
        }
    }
}

/// The marks by the names of secrets.
pub(super) fn by_name(value: &Value) -> Value {
    marks_of(value).unwrap_or_else(|| Value::Object(Map::new()))
}

fn marks_of(value: &Value) -> Option<Value> {
    match value {
        Value::Object(members) => {
            let marks: Map<String, Value> = members
                .iter()
                .filter_map(|(name, member)| Some((name.clone(), mark_of(name, member)?)))
                .collect();
            (!marks.is_empty()).then_some(Value::Object(marks))
        }
        Value::Array(elements) => {
            let marks: Vec<Option<Value>> = elements.iter().map(marks_of).collect();
            marks.iter().any(Option::is_some).then(|| {
                Value::Array(marks.into_iter().map(|mark| mark.unwrap_or(Value::Bool(false))).collect())
            })
        }
        _ => None,
    }
}

fn mark_of(name: &str, member: &Value) -> Option<Value> {
    let is_secret = member.is_string() && NAMES.iter().any(|end| name.ends_with(end));
    if is_secret { Some(Value::Bool(true)) } else { marks_of(member) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn hidden(mut value: Value, marks: &Value) -> Value {
        hide(&mut value, marks);
        value
    }

    #[test]
    fn a_marked_value_is_replaced_and_the_rest_stays() {
        let value = json!({"a": "x", "list": [{"k": "y", "z": 1}, {"k": "z"}]});
        let marks = json!({"list": [{"k": true}, false]});
        assert_eq!(hidden(value, &marks), json!({"a": "x", "list": [{"k": SENSITIVE, "z": 1}, {"k": "z"}]}));
    }

    #[test]
    fn where_shapes_differ_all_goes() {
        assert_eq!(hidden(json!({"a": ["x", "y"]}), &json!({"a": [true]})), json!({"a": SENSITIVE}));
        assert_eq!(hidden(json!({"a": "x"}), &json!({"a": {"b": true}})), json!({"a": SENSITIVE}));
        assert_eq!(hidden(json!({"a": "x"}), &json!(true)), json!({"a": SENSITIVE}));
        assert_eq!(hidden(json!({"a": ["x"]}), &json!({"a": [{"b": false}, false]})), json!({"a": ["x"]}));
    }

    #[test]
    fn either_of_two_marks_counts() {
        assert_eq!(
            either(json!({"a": true}), json!({"b": [false, true]})),
            json!({"a": true, "b": [false, true]})
        );
        assert_eq!(either(json!({"a": [true]}), json!({"a": [false, true]})), json!({"a": true}));
        assert_eq!(either(json!({}), json!({"a": true})), json!({"a": true}));
    }

    #[test]
    fn names_of_secrets_are_marked_where_nothing_else_tells() {
        let value = json!({"master_password": "x", "tunnel": [{"preshared_key": "y"}], "name": "z"});
        assert_eq!(by_name(&value), json!({"master_password": true, "tunnel": [{"preshared_key": true}]}));
    }
}
