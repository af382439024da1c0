//! The terms of plain numbers.

use super::decimal::Decimal;
use crate::definitions::Leaf;
use crate::json::Node;

/// The terms of one value: `01 number`, for a range one for each side.
pub(super) fn terms(leaf: Leaf, node: &Node, out: &mut Vec<Vec<u8>>) {
    if leaf == Leaf::Range {
        let sides = ["low", "high"].iter().filter_map(|name| node.get(name)?.get("value"));
        sides.for_each(|side| push(side, out));
    } else {
        push(node, out);
    }
}

fn push(node: &Node, out: &mut Vec<Vec<u8>>) {
    if let Some(number) = node.as_number().and_then(Decimal::parse) {
        out.push(term(&number));
    }
}

/// `01 number`
pub(crate) fn term(number: &Decimal) -> Vec<u8> {
    let mut out = vec![1];
    number.encode(&mut out);
    out
}
