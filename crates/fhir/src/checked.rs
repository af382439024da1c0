//! [`Checked`]: a resource that passed the check, the only thing the records store. References are read and replaced here.

use crate::check::narrative;
use crate::definitions::{self, ResourceKind, Type, TypeKind};
use crate::json::{Node, has_forbidden_character};
use std::fmt;

/// A resource whose structure was checked. Only [`crate::check`] makes one. `Debug` tells the type only.
#[derive(Clone, PartialEq, Eq)]
pub struct Checked {
    node: Node,
    kind: ResourceKind,
}

impl Checked {
    /// For the check alone.
    pub(crate) fn new(node: Node, kind: ResourceKind) -> Self {
        Self { node, kind }
    }

    /// The resource type.
    pub fn kind(&self) -> ResourceKind {
        self.kind
    }

    /// The `id`, if the resource carries one.
    pub fn id(&self) -> Option<&str> {
        self.node.get("id").and_then(Node::as_str)
    }

    /// The JSON of the resource.
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// Every `Reference.reference` in the resource, contained resources and extensions included, in its order.
    pub fn references(&self) -> Vec<&str> {
        let mut found = Vec::new();
        collect(&self.node, self.kind.definition(), &mut found);
        found
    }

    /// Replaces addresses where `new` knows another one, as a transaction does when it gives out ids (FHIR R4,
    /// RESTful API, transaction): in `Reference.reference`, in elements of type uri and url, and in `a/@href` and
    /// `img/@src` of narratives. Canonical addresses stay, and so do elements of type oid and uuid, of which the
    /// specification speaks too: `Type/id` is neither. An answer of `new` that would break the rules
    /// of strings (empty, control characters) is not taken.
    pub fn rewrite_references(&mut self, new: &dyn Fn(&str) -> Option<String>) {
        let new = |old: &str| new(old).filter(|text| !text.is_empty() && !has_forbidden_character(text));
        replace(&mut self.node, self.kind.definition(), &new);
    }
}

impl fmt::Debug for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "checked {}", self.kind)
    }
}

/// What replacing does with a string.
enum Part {
    Nothing,
    Address,
    Narrative,
}

fn part(owner: &Type, name: &str, kind: &Type) -> Part {
    match (kind.name, owner.name, name) {
        ("uri" | "url", ..) | (_, "Reference", "reference") => Part::Address,
        ("xhtml", ..) => Part::Narrative,
        _ => Part::Nothing,
    }
}

/// The definition to follow into a node: for a resource inside the resource its own.
fn definition_of(node: &Node, kind: Option<&'static Type>) -> Option<&'static Type> {
    match kind?.kind {
        TypeKind::AnyResource => {
            definitions::resource_kind(node.get("resourceType").and_then(Node::as_str)?)?.definition()
        }
        _ => kind,
    }
}

/// The type a member leads to; the partner of a primitive leads to `Element`.
fn target(owner: &Type, name: &str) -> Option<&'static Type> {
    if name.starts_with('_') {
        return definitions::table().find("Element");
    }
    owner.member(name).map(|(_, _, kind)| kind)
}

fn collect<'n>(node: &'n Node, kind: Option<&'static Type>, found: &mut Vec<&'n str>) {
    match node {
        Node::Array(items) => items.iter().for_each(|item| collect(item, kind, found)),
        Node::Object(members) => {
            let Some(owner) = definition_of(node, kind) else { return };
            for (name, value) in members {
                match value {
                    Node::String(text) if owner.name == "Reference" && name == "reference" => {
                        found.push(text);
                    }
                    Node::Array(_) | Node::Object(_) => collect(value, target(owner, name), found),
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

fn replace(node: &mut Node, kind: Option<&'static Type>, new: &dyn Fn(&str) -> Option<String>) {
    let owner = definition_of(node, kind);
    match (node, owner) {
        (Node::Array(items), _) => items.iter_mut().for_each(|item| replace(item, kind, new)),
        (Node::Object(members), Some(owner)) => {
            for (name, value) in members {
                let Some(kind) = target(owner, name) else { continue };
                match part(owner, name, kind) {
                    Part::Nothing => replace(value, Some(kind), new),
                    Part::Address => replace_text(value, new),
                    Part::Narrative => replace_text(value, &|text| narrative::rewrite(text, new)),
                }
            }
        }
        _ => {}
    }
}

/// Replaces a string, or every string of an array.
fn replace_text(node: &mut Node, new: &dyn Fn(&str) -> Option<String>) {
    match node {
        Node::String(text) => *text = new(text).unwrap_or_else(|| std::mem::take(text)),
        Node::Array(items) => items.iter_mut().for_each(|item| replace_text(item, new)),
        _ => {}
    }
}
