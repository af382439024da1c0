//! The most frequent rules as code. Each judges as its expression does, or leaves it to the expression.

use super::super::narrative;
use super::{Around, Focus};
use crate::definitions::{self, Primitive, Type, TypeKind};
use crate::json::Node;
use std::collections::HashSet;

/// Judges a rule; `None` leaves it to its expression.
pub(super) type Native = fn(Focus<'_>, &Around<'_>) -> Option<bool>;

/// The code for the rule of this key, if there is any.
pub(super) fn of(key: &str) -> Option<Native> {
    let native: Native = match key {
        "ele-1" => |focus, _| Some(focus.members.iter().any(|(name, _)| name != "id")),
        "ext-1" => |focus, _| Some(has(focus, "extension") != has_choice(focus, "value")),
        "qty-3" => |focus, _| Some(!has(focus, "code") || has(focus, "system")),
        "cpt-2" => |focus, _| Some(!has(focus, "value") || has(focus, "system")),
        "att-1" => |focus, _| Some(!has(focus, "data") || has(focus, "contentType")),
        "per-1" => |focus, _| in_order(text(focus.node, "start"), text(focus.node, "end")),
        "ref-1" => |focus, around| Some(refers(text(focus.node, "reference"), around)),
        "dom-2" => |focus, _| Some(contained(focus.node).iter().all(|node| node.get("contained").is_none())),
        "dom-3" => |focus, around| Some(all_are_referred_to(focus, around)),
        "dom-4" => |focus, _| Some(no_meta(focus, &["versionId", "lastUpdated"])),
        "dom-5" => |focus, _| Some(no_meta(focus, &["security"])),
        "dom-6" => |focus, _| Some(focus.node.get("text").is_some_and(|text| text.get("div").is_some())),
        // What may stand in a narrative was judged with its text, and with it this rule.
        "txt-1" => |_, _| Some(true),
        "txt-2" => |focus, _| Some(focus.node.as_str().is_none_or(narrative::says_something)),
        _ => return None,
    };
    Some(native)
}

/// True when the object has the element, be it only its partner.
fn has(focus: Focus<'_>, element: &str) -> bool {
    focus.members.iter().any(|(name, _)| name.strip_prefix('_').unwrap_or(name) == element)
}

fn has_choice(focus: Focus<'_>, element: &str) -> bool {
    focus.members.iter().any(|(name, _)| name.strip_prefix('_').unwrap_or(name).starts_with(element))
}

fn text<'n>(node: &'n Node, name: &str) -> Option<&'n str> {
    node.get(name).and_then(Node::as_str)
}

/// The resources contained in a resource.
pub(super) fn contained(node: &Node) -> &[Node] {
    node.get("contained").and_then(Node::as_array).unwrap_or_default()
}

/// Compares two dates or times as text, where their order as text is their order in time: same precision, same zone.
fn in_order(start: Option<&str>, end: Option<&str>) -> Option<bool> {
    let (Some(start), Some(end)) = (start, end) else { return Some(true) };
    let comparable = start.len() == end.len() && zone(start) == zone(end);
    comparable.then_some(start <= end)
}

/// What stands behind the seconds and their fraction; empty for a date.
fn zone(moment: &str) -> &str {
    let time = moment.split_once('T').map_or("", |(_, time)| time);
    time.find(['Z', '+', '-']).and_then(|at| time.get(at..)).unwrap_or_default()
}

/// A reference within the resource must lead to something contained in its root; `#` alone is the root itself.
fn refers(reference: Option<&str>, around: &Around<'_>) -> bool {
    match reference.and_then(|reference| reference.strip_prefix('#')) {
        None | Some("") => true,
        Some(id) => around.contained.as_ref().is_some_and(|ids| ids.contains(id)),
    }
}

fn no_meta(focus: Focus<'_>, elements: &[&str]) -> bool {
    let has = |meta: &Node| {
        let members = meta.as_object().unwrap_or_default();
        members.iter().any(|(name, _)| elements.contains(&name.strip_prefix('_').unwrap_or(name)))
    };
    !contained(focus.node).iter().filter_map(|node| node.get("meta")).any(has)
}

/// Every contained resource is referred to from the resource around it, or refers to it by `#`.
fn all_are_referred_to(focus: Focus<'_>, around: &Around<'_>) -> bool {
    let contained = contained(focus.node);
    if contained.is_empty() {
        return true;
    }
    let mut addresses = Vec::new();
    collect(around.resource.0, Some(around.resource.1), &mut addresses);
    let targets: HashSet<&str> = addresses.iter().filter_map(|address| address.strip_prefix('#')).collect();
    contained.iter().all(|node| {
        text(node, "id").is_some_and(|id| targets.contains(id)) || {
            let mut own = Vec::new();
            collect(node, Some(focus.kind), &mut own);
            own.contains(&"#")
        }
    })
}

/// All addresses within the resource in a node: members called `reference`, and values of type uri, url and canonical.
fn collect<'n>(node: &'n Node, kind: Option<&'static Type>, found: &mut Vec<&'n str>) {
    match node {
        Node::Array(items) => items.iter().for_each(|item| collect(item, kind, found)),
        Node::Object(members) => {
            let Some(owner) = owner(node, kind) else { return };
            for (name, value) in members {
                let target = match name.strip_prefix('_') {
                    Some(_) => definitions::table().find("Element"),
                    None => owner.member(name).map(|(_, _, kind)| kind),
                };
                match value {
                    Node::String(text) if name == "reference" => found.extend(local(text)),
                    Node::String(_) | Node::Array(_) | Node::Object(_) => collect(value, target, found),
                    _ => {}
                }
            }
        }
        Node::String(text) if kind.is_some_and(|kind| kind.primitive == Some(Primitive::Uri)) => {
            found.extend(local(text));
        }
        _ => {}
    }
}

fn local(address: &str) -> Option<&str> {
    address.starts_with('#').then_some(address)
}

/// The definition of an object: of a resource its own.
fn owner(node: &Node, kind: Option<&'static Type>) -> Option<&'static Type> {
    match kind?.kind {
        TypeKind::AnyResource | TypeKind::Resource => {
            definitions::resource_kind(text(node, "resourceType")?)?.definition()
        }
        _ => kind,
    }
}
