//! One walk through a resource, with a term for everything that a search parameter looks at.

use super::TERM_BYTES_MAX;
use super::plan::{Branch, End, GroupEnd, Plan};
use super::{BLOCK, MEMBER, Term, date, number, quantity, reference, string, token, uri};
use crate::alike;
use crate::definitions::{Route, SearchKind, Step};
use crate::json::Node;

/// All terms of a resource of the plan's type, sorted, each once.
pub(super) fn terms(plan: &Plan, resource: &Node) -> Vec<Term> {
    let mut walk = Walk { resource, terms: Vec::with_capacity(48), values: Vec::new() };
    walk.item(&plan.root, resource);
    for index in &plan.false_when_absent {
        if !walk.terms.iter().any(|term| term.param == *index) {
            walk.terms.push(Term { param: index, value: token::code_first("false", "") });
        }
    }
    let blocks = alike::blocks(plan.kind, resource).into_iter();
    walk.terms.extend(blocks.map(|value| Term { param: BLOCK, value }));
    let members: Vec<Term> = walk.terms.iter().filter_map(|term| member(plan, term)).collect();
    walk.terms.extend(members);
    walk.terms.sort_unstable();
    walk.terms.dedup();
    walk.terms
}

/// The same reference as one that says to whose record the resource belongs, if it is one of those.
fn member(plan: &Plan, term: &Term) -> Option<Term> {
    let leads_to_patient = || match term.value.split_first() {
        Some((1, local)) => local.starts_with(b"Patient/"),
        Some((2, address)) => std::str::from_utf8(address).is_ok_and(|address| address.contains("/Patient/")),
        _ => false,
    };
    let belongs = plan.compartment.contains(&term.param) && leads_to_patient();
    belongs.then(|| Term { param: MEMBER, value: term.value.clone() })
}

struct Walk<'r> {
    resource: &'r Node,
    terms: Vec<Term>,
    /// The values of one end, before they become terms.
    values: Vec<Vec<u8>>,
}

impl Walk<'_> {
    /// A member's value: every item of an array, or the value itself.
    fn member(&mut self, branch: &Branch, node: &Node) {
        let items = match node {
            Node::Array(items) => items.as_slice(),
            node => std::slice::from_ref(node),
        };
        for item in items {
            self.item(branch, item);
        }
        if let (Some(branch), Some(item)) = (&branch.first, items.first()) {
            self.item(branch, item);
        }
    }

    fn item(&mut self, branch: &Branch, node: &Node) {
        for end in &branch.ends {
            self.end(end, node);
        }
        for group in &branch.groups {
            self.group(group, node);
        }
        for ((member, code), branch) in &branch.filtered {
            if node.get(member).and_then(Node::as_str) == Some(*code) {
                self.item(branch, node);
            }
        }
        if branch.is_end() {
            return;
        }
        for (name, value) in node.as_object().unwrap_or_default() {
            if let Some(next) = branch.member(name) {
                self.member(next, value);
            }
        }
    }

    fn end(&mut self, end: &End, node: &Node) {
        values(end, node, &mut self.values);
        self.terms.extend(self.values.drain(..).map(|value| Term { param: end.index, value }));
    }

    /// Every combination of the values of the parts.
    fn group(&mut self, group: &GroupEnd, node: &Node) {
        let Some(((last, routes), before)) = group.parts.split_last() else { return };
        let mut ends = self.part(*last, routes, node);
        // Behind other parts stands what can be asked for there: no texts, no types of identifiers.
        ends.retain(|value| value.first().is_some_and(|class| *class <= 2));
        for (kind, routes) in before.iter().rev() {
            if ends.is_empty() {
                return;
            }
            let mut values = self.part(*kind, routes, node);
            values.retain(|value| value.first() == Some(&1));
            ends =
                values.iter().flat_map(|value| ends.iter().map(|end| composed(*kind, value, end))).collect();
        }
        self.terms.extend(ends.into_iter().map(|value| Term { param: group.index, value }));
    }

    /// The values of one part of a composite.
    fn part(&self, kind: SearchKind, routes: &[Route], node: &Node) -> Vec<Vec<u8>> {
        let mut found = Vec::new();
        for route in routes {
            let start = if route.from_resource { self.resource } else { node };
            let end = End { index: "", kind, leaf: route.leaf, only: route.only };
            follow(start, &route.steps, &mut |node| values(&end, node, &mut found));
        }
        found
    }
}

/// A part of a composite and what follows it. A token does not end by itself.
pub(crate) fn composed(kind: SearchKind, value: &[u8], rest: &[u8]) -> Vec<u8> {
    let close: &[u8] = if kind == SearchKind::Token { b"\x00" } else { b"" };
    [value, close, rest].concat()
}

fn follow(node: &Node, steps: &[Step], take: &mut impl FnMut(&Node)) {
    match (node, steps.split_first()) {
        (Node::Array(items), Some((Step::First, rest))) => {
            items.iter().take(1).for_each(|item| follow(item, rest, take));
        }
        (Node::Array(items), _) => items.iter().for_each(|item| follow(item, steps, take)),
        (node, None) => take(node),
        (node, Some((Step::First, rest))) => follow(node, rest, take),
        (node, Some((Step::Member(name), rest))) => {
            if let Some(next) = node.get(name) {
                follow(next, rest, take);
            }
        }
        (node, Some((Step::Where { member, code }, rest))) => {
            if node.get(member).and_then(Node::as_str) == Some(*code) {
                follow(node, rest, take);
            }
        }
    }
}

/// The encoded values of one node. Texts are cut by themselves; anything else that is too long makes none.
fn values(end: &End, node: &Node, out: &mut Vec<Vec<u8>>) {
    match end.kind {
        SearchKind::String => return string::terms(end.leaf, node, out),
        SearchKind::Token => token::terms(end.leaf, node, out),
        SearchKind::Reference => reference::terms(end.leaf, end.only, node, out),
        SearchKind::Date => date::terms(end.leaf, node, out),
        SearchKind::Number => number::terms(end.leaf, node, out),
        SearchKind::Quantity => quantity::terms(end.leaf, node, out),
        SearchKind::Uri => uri::terms(end.leaf, node, out),
        SearchKind::Composite => {}
    }
    out.retain(|value| value.len() <= TERM_BYTES_MAX);
}
