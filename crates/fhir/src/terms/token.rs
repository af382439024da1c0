//! The terms of tokens: codes with their systems, texts beside them, identifiers with their types.

use super::text::{cut, normalised};
use crate::definitions::Leaf;
use crate::json::Node;

/// `01 code 00 system`
pub(crate) fn code_first(code: &str, system: &str) -> Vec<u8> {
    [b"\x01", code.as_bytes(), b"\x00", system.as_bytes()].concat()
}

/// `02 system`
pub(crate) fn system(system: &str) -> Vec<u8> {
    [b"\x02", system.as_bytes()].concat()
}

/// `03 text`, the text normalised and cut.
pub(crate) fn text(text: &str) -> Vec<u8> {
    [b"\x03", cut(&normalised(text)).as_bytes()].concat()
}

/// `04 system 00 code 00 value`: an identifier by its type.
pub(crate) fn typed(system: &str, code: &str, value: &str) -> Vec<u8> {
    [b"\x04", system.as_bytes(), b"\x00", code.as_bytes(), b"\x00", value.as_bytes()].concat()
}

/// The terms of one value.
pub(super) fn terms(leaf: Leaf, node: &Node, out: &mut Vec<Vec<u8>>) {
    match leaf {
        Leaf::Boolean | Leaf::Marked => truth(leaf, node, out),
        Leaf::Coding => coding(node, out),
        Leaf::Concept => {
            items(node, "coding").for_each(|one| coding(one, out));
            push_text(part(node, "text"), out);
        }
        Leaf::Identifier => identifier(node, out),
        Leaf::Contact => pair(part(node, "value"), part(node, "use"), out),
        _ => {
            if let Some(code) = node.as_str() {
                out.push(code_first(code, ""));
            }
        }
    }
}

fn truth(leaf: Leaf, node: &Node, out: &mut Vec<Vec<u8>>) {
    let truth = match node {
        Node::Bool(truth) => *truth,
        Node::Null => return,
        _ if leaf == Leaf::Marked => true,
        _ => return,
    };
    out.push(code_first(if truth { "true" } else { "false" }, ""));
}

fn coding(node: &Node, out: &mut Vec<Vec<u8>>) {
    pair(part(node, "code"), part(node, "system"), out);
    push_text(part(node, "display"), out);
}

fn identifier(node: &Node, out: &mut Vec<Vec<u8>>) {
    let value = part(node, "value");
    pair(value, part(node, "system"), out);
    let Some(kind) = node.get("type") else { return };
    push_text(part(kind, "text"), out);
    for coding in items(kind, "coding") {
        if let (Some(value), Some(code)) = (value, part(coding, "code")) {
            out.push(typed(part(coding, "system").unwrap_or_default(), code, value));
        }
    }
}

fn pair(code: Option<&str>, of_system: Option<&str>, out: &mut Vec<Vec<u8>>) {
    out.extend(code.map(|code| code_first(code, of_system.unwrap_or_default())));
    out.extend(of_system.filter(|name| !name.is_empty()).map(system));
}

fn push_text(found: Option<&str>, out: &mut Vec<Vec<u8>>) {
    out.extend(found.map(text));
}

fn part<'n>(node: &'n Node, name: &str) -> Option<&'n str> {
    node.get(name).and_then(Node::as_str)
}

fn items<'n>(node: &'n Node, name: &str) -> impl Iterator<Item = &'n Node> {
    node.get(name).and_then(Node::as_array).into_iter().flatten()
}
