//! JSON Patch (RFC 6902) on resources: read once, applied whole or not at all, members and numbers kept as written.
//!
//! What comes out is a [`Node`] like any other: whether it still is a good resource, the check says.

mod number;
mod pointer;

use crate::codes::patch as codes;
use crate::json::{self, Node};
use crate::place::shown;
use base::limits::{JSON_DEPTH_MAX, JSON_VALUES_MAX, PATCH_OPERATIONS_MAX, RESOURCE_BYTES_MAX};
use base::{Code, Problem};
use pointer::Pointer;
use std::fmt;

/// A patch, understood. `Debug` tells the number of operations only.
#[derive(Clone, PartialEq, Eq)]
pub struct Patch {
    operations: Vec<Operation>,
}

#[derive(Clone, PartialEq, Eq)]
struct Operation {
    act: Act,
    path: Pointer,
}

#[derive(Clone, PartialEq, Eq)]
enum Act {
    Add(Node),
    Remove,
    Replace(Node),
    Move(Pointer),
    Copy(Pointer),
    Test(Node),
}

impl fmt::Debug for Patch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "patch of {} operations", self.operations.len())
    }
}

impl Patch {
    /// Reads a patch document.
    ///
    /// # Errors
    /// It is no JSON, no JSON Patch, or has more than [`PATCH_OPERATIONS_MAX`] operations. The place is a JSON pointer into
    /// the document: `/2/path`.
    pub fn read(document: &[u8]) -> Result<Self, Problem> {
        let Node::Array(items) = json::parse(document)? else {
            return Err(Problem::new(&codes::FORM).at("/"));
        };
        if items.len() > PATCH_OPERATIONS_MAX {
            let problem = Problem::new(&codes::TOO_MANY).with("count", items.len());
            return Err(problem.with("limit", PATCH_OPERATIONS_MAX).at("/"));
        }
        let operations = items.into_iter().enumerate().map(|(index, item)| operation(index, item));
        Ok(Self { operations: operations.collect::<Result<_, _>>()? })
    }

    /// Applies all operations in their order.
    ///
    /// # Errors
    /// The first operation that cannot be carried out, or whose test fails; the place is `/2/path`, `/2/from` or `/2/value`.
    pub fn apply(&self, mut node: Node) -> Result<Node, Problem> {
        let mut copied = Weight::default();
        for (index, operation) in self.operations.iter().enumerate() {
            operation.apply(&mut node, &mut copied).map_err(|fault| fault.problem(index, operation))?;
        }
        if weight(&node).values > JSON_VALUES_MAX {
            return Err(grown().at("/"));
        }
        Ok(node)
    }
}

/// Why an operation cannot be carried out.
enum Fault {
    /// Nothing stands where `path` or `from` leads.
    Nowhere(&'static str),
    /// The values differ.
    Differs,
    /// The resource would outgrow its limits.
    Grows,
}

impl Fault {
    fn problem(self, index: usize, operation: &Operation) -> Problem {
        match self {
            Self::Nowhere(member) => {
                let pointer = match (&operation.act, member) {
                    (Act::Move(from) | Act::Copy(from), "from") => from,
                    _ => &operation.path,
                };
                let problem = Problem::new(&codes::NOWHERE).with("path", shown(&pointer.to_string()));
                problem.at(format!("/{index}/{member}"))
            }
            Self::Differs => {
                let problem = Problem::new(&codes::TEST).with("path", shown(&operation.path.to_string()));
                problem.at(format!("/{index}/value"))
            }
            Self::Grows => grown().at(format!("/{index}/path")),
        }
    }
}

fn grown() -> Problem {
    Problem::new(&codes::GROWS)
        .with("bytes", RESOURCE_BYTES_MAX)
        .with("values", JSON_VALUES_MAX)
        .with("depth", JSON_DEPTH_MAX)
}

impl Operation {
    fn apply(&self, node: &mut Node, copied: &mut Weight) -> Result<(), Fault> {
        let nowhere = || Fault::Nowhere("path");
        match &self.act {
            Act::Add(value) => self.put(node, value.clone()),
            Act::Remove => self.path.remove(node).map(drop).ok_or_else(nowhere),
            Act::Replace(value) => {
                let target = self.path.find_mut(node).ok_or_else(nowhere)?;
                self.fits(value)?;
                *target = value.clone();
                Ok(())
            }
            Act::Move(from) if from == &self.path => {
                from.find(node).map(|_| ()).ok_or(Fault::Nowhere("from"))
            }
            Act::Move(from) => {
                let value = from.remove(node).ok_or(Fault::Nowhere("from"))?;
                self.put(node, value)
            }
            Act::Copy(from) => {
                let value = from.find(node).ok_or(Fault::Nowhere("from"))?;
                copied.add(weight(value));
                if copied.values > JSON_VALUES_MAX || copied.bytes > RESOURCE_BYTES_MAX {
                    return Err(Fault::Grows);
                }
                let value = value.clone();
                self.put(node, value)
            }
            Act::Test(value) => {
                let found = self.path.find(node).ok_or_else(nowhere)?;
                if same(found, value) { Ok(()) } else { Err(Fault::Differs) }
            }
        }
    }

    fn put(&self, node: &mut Node, value: Node) -> Result<(), Fault> {
        self.fits(&value)?;
        self.path.add(node, value).ok_or(Fault::Nowhere("path"))
    }

    /// Nesting stays within the limit that holds for everything read, so that walking it stays safe.
    fn fits(&self, value: &Node) -> Result<(), Fault> {
        let depth = self.path.len().saturating_add(depth(value));
        if depth > JSON_DEPTH_MAX { Err(Fault::Grows) } else { Ok(()) }
    }
}

fn operation(index: usize, item: Node) -> Result<Operation, Problem> {
    let fault = |code: &'static Code, member: &str| Problem::new(code).at(format!("/{index}/{member}"));
    let Node::Object(members) = item else {
        return Err(Problem::new(&codes::FORM).at(format!("/{index}")));
    };
    let (mut op, mut path, mut from, mut value) = (None, None, None, None);
    for (name, found) in members {
        match name.as_str() {
            "op" => op = Some(found),
            "path" => path = Some(found),
            "from" => from = Some(found),
            "value" => value = Some(found),
            // "Members that are not explicitly defined for the operation in question MUST be ignored" (RFC 6902, section 4).
            _ => {}
        }
    }
    let Some(op) = op.as_ref().and_then(Node::as_str) else {
        return Err(fault(&codes::MEMBER, "op").with("member", "op"));
    };
    let pointer = |node: Option<Node>, member: &'static str| {
        let missing = || fault(&codes::MEMBER, member).with("member", member);
        let text = node.as_ref().and_then(Node::as_str).ok_or_else(missing)?;
        let wrong = || fault(&codes::POINTER, member).with("path", shown(text));
        Pointer::parse(text).ok_or_else(wrong)
    };
    let value = || value.ok_or_else(|| fault(&codes::MEMBER, "value").with("member", "value"));
    let act = match op {
        "add" => Act::Add(value()?),
        "remove" => Act::Remove,
        "replace" => Act::Replace(value()?),
        "move" => Act::Move(pointer(from, "from")?),
        "copy" => Act::Copy(pointer(from, "from")?),
        "test" => Act::Test(value()?),
        other => return Err(fault(&codes::OPERATION, "op").with("op", shown(other))),
    };
    let path = pointer(path, "path")?;
    match &act {
        // A value cannot move into itself (RFC 6902, section 4.4).
        Act::Move(from) if from.is_above(&path) => {
            Err(fault(&codes::NOWHERE, "path").with("path", shown(&path.to_string())))
        }
        _ => Ok(Operation { act, path }),
    }
}

/// What a value takes up.
#[derive(Clone, Copy, Default)]
struct Weight {
    values: usize,
    bytes: usize,
}

impl Weight {
    fn add(&mut self, other: Self) {
        self.values = self.values.saturating_add(other.values);
        self.bytes = self.bytes.saturating_add(other.bytes);
    }
}

fn weight(node: &Node) -> Weight {
    let mut whole = Weight { values: 1, bytes: 1 };
    match node {
        Node::Null | Node::Bool(_) => {}
        Node::Number(text) | Node::String(text) => whole.bytes = whole.bytes.saturating_add(text.len()),
        Node::Array(items) => items.iter().for_each(|item| whole.add(weight(item))),
        Node::Object(members) => members.iter().for_each(|(name, value)| {
            whole.bytes = whole.bytes.saturating_add(name.len());
            whole.add(weight(value));
        }),
    }
    whole
}

/// Levels of arrays and objects.
fn depth(node: &Node) -> usize {
    let inner = match node {
        Node::Array(items) => items.iter().map(depth).max(),
        Node::Object(members) => members.iter().map(|(_, value)| depth(value)).max(),
        _ => return 0,
    };
    inner.unwrap_or(0).saturating_add(1)
}

/// Whether two values are equal as JSON: numbers by value, objects without regard to order (RFC 6902, section 4.6).
fn same(left: &Node, right: &Node) -> bool {
    match (left, right) {
        (Node::Number(left), Node::Number(right)) => number::equal(left, right),
        (Node::Array(left), Node::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Node::Object(left), Node::Object(right)) => {
            let (left, right) = (by_name(left), by_name(right));
            left.len() == right.len()
                && left
                    .iter()
                    .zip(&right)
                    .all(|((one, left), (other, right))| one == other && same(left, right))
        }
        _ => left == right,
    }
}

fn by_name(members: &[(String, Node)]) -> Vec<&(String, Node)> {
    let mut sorted: Vec<_> = members.iter().collect();
    sorted.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    sorted
}

#[cfg(test)]
mod tests;
