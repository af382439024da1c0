//! The terms of strings, names and addresses.

use super::text::{TEXT_BYTES_MAX, cut, joined, normalised};
use crate::definitions::Leaf;
use crate::json::Node;

/// `01 normalised 00 original`. An original that is equal to the normalised form is left empty. When one of them is
/// longer than [`TEXT_BYTES_MAX`], the term is `01`, the beginning of the normalised form, and nothing behind it.
pub(crate) fn term(text: &str) -> Vec<u8> {
    with_original(&normalised(text), text)
}

fn with_original(plain: &str, text: &str) -> Vec<u8> {
    if plain.len() > TEXT_BYTES_MAX || text.len() > TEXT_BYTES_MAX {
        return [b"\x01", cut(plain).as_bytes()].concat();
    }
    let original = if plain == text { "" } else { text };
    [b"\x01", plain.as_bytes(), b"\x00", original.as_bytes()].concat()
}

/// The normalised form in a term, without what stands behind it.
pub(crate) fn plain(term: &[u8]) -> &[u8] {
    let text = term.get(1..).unwrap_or_default();
    text.split(|byte| *byte == 0).next().unwrap_or_default()
}

/// The terms of one value.
pub(super) fn terms(leaf: Leaf, node: &Node, out: &mut Vec<Vec<u8>>) {
    match leaf {
        Leaf::Name => name(node, out),
        Leaf::Address => {
            parts(node, &["city", "country", "district", "line", "postalCode", "state", "text"], out);
        }
        _ => push(node, out),
    }
}

/// Each part of the name; besides, as Japanese names are searched as one word, family and given names together and the
/// text without its spaces.
fn name(node: &Node, out: &mut Vec<Vec<u8>>) {
    parts(node, &["family", "given", "prefix", "suffix", "text"], out);
    let given = node.get("given").and_then(Node::as_array).unwrap_or_default();
    if let Some(family) = node.get("family").and_then(Node::as_str) {
        let whole: String = std::iter::once(family).chain(given.iter().filter_map(Node::as_str)).collect();
        if whole.len() > family.len() {
            out.push(with_original(&joined(&whole), &whole));
        }
    }
    let text = node.get("text").and_then(Node::as_str);
    if let Some(text) = text.filter(|text| text.contains(char::is_whitespace)) {
        let whole: String = text.split_whitespace().collect();
        out.push(with_original(&joined(&whole), &whole));
    }
}

fn parts(node: &Node, names: &[&str], out: &mut Vec<Vec<u8>>) {
    for name in names {
        match node.get(name) {
            Some(Node::Array(items)) => items.iter().for_each(|item| push(item, out)),
            Some(item) => push(item, out),
            None => {}
        }
    }
}

fn push(node: &Node, out: &mut Vec<Vec<u8>>) {
    if let Some(text) = node.as_str() {
        out.push(term(text));
    }
}
