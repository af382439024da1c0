//! The terms of quantities: by unit and number, and by number alone. Units are compared as they are written.

use super::decimal::Decimal;
use crate::definitions::Leaf;
use crate::json::Node;

/// `01 code 00`: what stands before the number.
pub(crate) fn unit_prefix(code: &str) -> Vec<u8> {
    [b"\x01", code.as_bytes(), b"\x00"].concat()
}

/// The terms of one value.
pub(super) fn terms(leaf: Leaf, node: &Node, out: &mut Vec<Vec<u8>>) {
    match leaf {
        Leaf::Range => {
            ["low", "high"].iter().filter_map(|name| node.get(name)).for_each(|side| quantity(side, out));
        }
        Leaf::SampledData => node.get("origin").into_iter().for_each(|origin| quantity(origin, out)),
        Leaf::Money => {
            if let Some(number) = number(node) {
                let currency = node.get("currency").and_then(Node::as_str);
                push(&number, currency, None, "urn:iso:std:iso:4217", out);
            }
        }
        _ => quantity(node, out),
    }
}

fn quantity(node: &Node, out: &mut Vec<Vec<u8>>) {
    let part = |name: &str| node.get(name).and_then(Node::as_str);
    if let Some(number) = number(node) {
        push(&number, part("code"), part("unit"), part("system").unwrap_or_default(), out);
    }
}

fn number(node: &Node) -> Option<Vec<u8>> {
    Some(Decimal::parse(node.get("value")?.as_number()?)?.encoded())
}

/// `01 code 00 number system`, `01 unit 00 number` for a unit that is written otherwise than the code, `02 number`.
fn push(number: &[u8], code: Option<&str>, unit: Option<&str>, system: &str, out: &mut Vec<Vec<u8>>) {
    if let Some(code) = code {
        out.push([unit_prefix(code).as_slice(), number, system.as_bytes()].concat());
    }
    if let Some(unit) = unit.filter(|unit| Some(*unit) != code) {
        out.push([unit_prefix(unit).as_slice(), number].concat());
    }
    out.push([b"\x02", number].concat());
}
