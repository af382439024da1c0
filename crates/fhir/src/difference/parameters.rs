//! Differences as FHIR `Parameters`, with the names that FHIRPath Patch has for them (FHIR R4, fhirpatch), and with the
//! earlier value beside the later, as other servers' `$diff` shows it.

use super::{Act, Difference, Value};
use crate::definitions::{Type, table};
use crate::json::Node;

impl Difference<'_> {
    /// The parameter `operation`: `type`, `path`, and what belongs to it. The path of what was inserted, and of what moved,
    /// is that of its list.
    pub fn operation(&self) -> Node {
        let list = self.steps.split_last().and_then(|(last, before)| Some((last, before, last.index?)));
        let within = || {
            let (last, before) = self.steps.split_last()?;
            let above = self.path_of(before);
            Some(format!("{above}.{}", last.element.path_name()))
        };
        let simple =
            |name: &str, member: &str, value: &str| part(name, member, Node::String(value.to_owned()));
        let number = |name: &str, value: usize| part(name, "valueInteger", Node::Number(value.to_string()));
        let mut parts = Vec::new();
        let kind = |word: &str| simple("type", "valueCode", word);
        let value = |name: &str, value: Option<Value<'_>>| {
            value.and_then(|value| valued(name, value.kind, value.node))
        };
        match (self.act, list) {
            (Act::Added, Some((_, _, index))) => {
                parts.extend([kind("insert"), simple("path", "valueString", &within().unwrap_or_default())]);
                parts.push(number("index", index));
            }
            (Act::Added, None) => {
                let (name, above) = match self.steps.split_last() {
                    Some((last, before)) => (last.element.path_name(), self.path_of(before)),
                    None => ("", self.path()),
                };
                parts.extend([kind("add"), simple("path", "valueString", &above)]);
                parts.push(simple("name", "valueString", name));
            }
            (Act::Deleted, _) => parts.extend([kind("delete"), simple("path", "valueString", &self.path())]),
            (Act::Replaced, _) => {
                parts.extend([kind("replace"), simple("path", "valueString", &self.path())]);
            }
            (Act::Moved, _) => {
                parts.extend([kind("move"), simple("path", "valueString", &within().unwrap_or_default())]);
                parts.push(number("source", self.source.unwrap_or_default()));
                parts.push(number("destination", list.map(|(_, _, index)| index).unwrap_or_default()));
                return named("operation", parts);
            }
        }
        parts.extend(value("previousValue", self.before));
        parts.extend(value("value", self.after));
        named("operation", parts)
    }
}

fn part(name: &str, member: &str, value: Node) -> Node {
    Node::Object(vec![("name".to_owned(), Node::String(name.to_owned())), (member.to_owned(), value)])
}

fn named(name: &str, parts: Vec<Node>) -> Node {
    part(name, "part", Node::Array(parts))
}

/// A value as a parameter: by itself where a parameter may hold its type, or else part by part. None for nothing.
fn valued(name: &str, kind: &'static Type, node: &Node) -> Option<Node> {
    if kind.is_resource() {
        return Some(part(name, "resource", node.clone()));
    }
    let own = format!("value{}", capital(kind.name));
    let holds = |member: &str| {
        let parameter = table().find("Parameters.parameter");
        parameter.is_some_and(|parameter| parameter.member(member).is_some())
    };
    match node {
        Node::Null | Node::Array(_) => None,
        _ if holds(&own) => Some(part(name, &own, node.clone())),
        Node::String(text) | Node::Number(text) => {
            Some(part(name, "valueString", Node::String(text.clone())))
        }
        Node::Bool(_) => Some(part(name, "valueBoolean", node.clone())),
        Node::Object(members) => {
            let parts: Vec<Node> =
                members.iter().flat_map(|(name, value)| inner(kind, name, value)).collect();
            (!parts.is_empty()).then(|| named(name, parts))
        }
    }
}

/// The values of a member, each as a part.
fn inner(kind: &'static Type, name: &str, value: &Node) -> Vec<Node> {
    let (bare, partner) = match name.strip_prefix('_') {
        Some(bare) => (bare, true),
        None => (name, false),
    };
    let Some((_, element, target)) = kind.member(bare) else { return Vec::new() };
    let Some(target) = (if partner { table().find("Element") } else { Some(target) }) else {
        return Vec::new();
    };
    let items = value.as_array().unwrap_or(std::slice::from_ref(value));
    items.iter().filter_map(|item| valued(element.path_name(), target, item)).collect()
}

fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
