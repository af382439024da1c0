//! Single values: whether two are the same, what number or duration or range of addresses one is, and how one is shown.

use super::place::{Leaf, Node};
use ipnet::IpNet;
use serde_json::Value;

/// How many characters of a value are shown.
const SHOWN_CHARACTERS_MAX: usize = 120;
/// How deep the parts of a value are shown.
const SHOWN_DEPTH_MAX: usize = 4;

/// An element of a list, or a value that is no list.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Element<'a> {
    Known(Node<'a>, &'a Value),
    Unknown,
    Sensitive,
}

/// The elements of a list; of anything else itself.
pub(crate) fn elements(node: Node<'_>) -> Vec<Element<'_>> {
    if node.is_list() {
        return node.elements().filter_map(element).collect();
    }
    element(node).into_iter().collect()
}

fn element(node: Node<'_>) -> Option<Element<'_>> {
    match node.leaf() {
        Leaf::Known(node) => node.value.map(|value| Element::Known(node, value)),
        Leaf::Unknown => Some(Element::Unknown),
        Leaf::Sensitive => Some(Element::Sensitive),
        Leaf::Unset | Leaf::Odd => None,
    }
}

/// A single value as text; none for lists and blocks.
pub(crate) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Whether two single values are the same. Providers write `true` and `"true"`, `2` and `"2"` alike; ranges of addresses
/// are the same in any of their spellings. None where one is a list or a block.
pub(crate) fn same(left: &Value, right: &Value) -> Option<bool> {
    if let (Some(left), Some(right)) = (left.as_f64(), right.as_f64()) {
        return Some(left.total_cmp(&right).is_eq());
    }
    let (left, right) = (scalar(left)?, scalar(right)?);
    match (left.parse::<IpNet>(), right.parse::<IpNet>()) {
        (Ok(left), Ok(right)) => Some(left.trunc() == right.trunc()),
        _ => Some(left == right),
    }
}

/// A number, also one that is written as text.
pub(crate) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A duration in seconds: `2592000s`, as Google writes it.
pub(crate) fn seconds(value: &Value) -> Option<f64> {
    let number = value.as_str()?.strip_suffix('s')?;
    let plain = number.chars().all(|one| one.is_ascii_digit() || one == '.');
    number.parse().ok().filter(|seconds: &f64| plain && seconds.is_finite())
}

/// A value as it is shown: one line, short, without what is sensitive.
pub(crate) fn shown(node: Node<'_>) -> String {
    if node.is_partly_sensitive() {
        return "…".to_owned();
    }
    let mut text = String::new();
    if let Some(value) = node.value {
        write(value, 0, &mut text);
    }
    clean(&text)
}

/// Cuts a text to what is shown, with nothing in it that moves a cursor.
pub(crate) fn clean(text: &str) -> String {
    let hidden = |one: char| {
        one.is_control()
            || matches!(one, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let mut shown: String = text.chars().filter(|&one| !hidden(one)).take(SHOWN_CHARACTERS_MAX).collect();
    if text.chars().nth(SHOWN_CHARACTERS_MAX).is_some() {
        shown.push('…');
    }
    shown
}

fn write(value: &Value, depth: usize, into: &mut String) {
    if into.len() > SHOWN_CHARACTERS_MAX.saturating_mul(4) || depth > SHOWN_DEPTH_MAX {
        into.push('…');
        return;
    }
    match value {
        Value::Null => into.push_str("null"),
        Value::Bool(_) | Value::Number(_) => into.push_str(&scalar(value).unwrap_or_default()),
        Value::String(text) => {
            into.push('"');
            into.extend(text.chars().take(SHOWN_CHARACTERS_MAX.saturating_add(1)));
            into.push('"');
        }
        Value::Array(list) => write_list(list, depth, into),
        Value::Object(parts) => {
            into.push('{');
            for (place, (name, part)) in parts.iter().take(SHOWN_CHARACTERS_MAX).enumerate() {
                into.push_str(if place == 0 { "" } else { ", " });
                into.extend(name.chars().take(SHOWN_CHARACTERS_MAX));
                into.push_str(" = ");
                write(part, depth.saturating_add(1), into);
            }
            into.push('}');
        }
    }
}

fn write_list(list: &[Value], depth: usize, into: &mut String) {
    into.push('[');
    for (place, part) in list.iter().take(SHOWN_CHARACTERS_MAX).enumerate() {
        into.push_str(if place == 0 { "" } else { ", " });
        write(part, depth.saturating_add(1), into);
    }
    into.push(']');
}
