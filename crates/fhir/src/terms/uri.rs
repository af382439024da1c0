//! The terms of addresses.

use crate::definitions::Leaf;
use crate::json::Node;

/// `01 address`
pub(crate) fn term(address: &str) -> Vec<u8> {
    [b"\x01", address.as_bytes()].concat()
}

/// The terms of one value: a canonical address with a version is found without it, too.
pub(super) fn terms(leaf: Leaf, node: &Node, out: &mut Vec<Vec<u8>>) {
    let Some(text) = node.as_str() else { return };
    out.push(term(text));
    if let (Leaf::Canonical, Some((address, _))) = (leaf, text.split_once('|')) {
        out.push(term(address));
    }
}
