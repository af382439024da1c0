//! Items that were met before: found by what they say, without comparing each with every other.

use super::compare;
use super::item::{Item, Items};
use super::kinds;
use super::run::Run;
use crate::json::Node;
use base::Problem;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// A set of items by equality. Items that may be equal have the same mark; only those are compared.
#[derive(Default)]
pub(super) struct Seen<'n> {
    by_mark: HashMap<u64, Items<'n>>,
}

impl<'n> Seen<'n> {
    pub(super) fn of(run: &Run<'_, 'n>, items: Items<'n>) -> Result<Self, Problem> {
        let mut seen = Self::default();
        for item in items {
            seen.insert(run, item)?;
        }
        Ok(seen)
    }

    /// True when an equal item is there.
    pub(super) fn has(&self, run: &Run<'_, 'n>, item: &Item<'n>) -> Result<bool, Problem> {
        match self.by_mark.get(&mark(run, item)?) {
            Some(items) => is_among(run, items, item),
            None => Ok(false),
        }
    }

    /// Adds an item; false when an equal one is there.
    pub(super) fn insert(&mut self, run: &Run<'_, 'n>, item: Item<'n>) -> Result<bool, Problem> {
        let items = self.by_mark.entry(mark(run, &item)?).or_default();
        let new = !is_among(run, items, &item)?;
        if new {
            items.push(item);
        }
        Ok(new)
    }
}

fn is_among<'n>(run: &Run<'_, 'n>, items: &[Item<'n>], item: &Item<'n>) -> Result<bool, Problem> {
    for other in items {
        if compare::equal_items(run, other, item)? == Some(true) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Strings and structures by their content; numbers, dates and quantities are equal in too many spellings.
fn mark(run: &Run<'_, '_>, item: &Item<'_>) -> Result<u64, Problem> {
    run.spend(1)?;
    if let Some(text) = compare::text_of(item) {
        return Ok(of_text(text));
    }
    match item {
        Item::Part(part) if !part.kind.kind.is_primitive() && !kinds::is_quantity(part.kind) => {
            part.node.map_or(Ok(0), |node| of_node(run, node))
        }
        _ => Ok(0),
    }
}

fn of_text(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// The order of members does not count, so their marks are added up.
fn of_node(run: &Run<'_, '_>, node: &Node) -> Result<u64, Problem> {
    run.spend(1)?;
    match node {
        Node::Null => Ok(1),
        Node::Bool(value) => Ok(2_u64.saturating_add((*value).into())),
        Node::Number(_) => Ok(4),
        Node::String(text) => Ok(of_text(text)),
        Node::Array(items) => items
            .iter()
            .try_fold(5_u64, |mark, item| Ok(mark.wrapping_mul(31).wrapping_add(of_node(run, item)?))),
        Node::Object(members) => members.iter().try_fold(6_u64, |mark, (name, value)| {
            Ok(mark.wrapping_add(of_text(name).wrapping_mul(of_node(run, value)? | 1)))
        }),
    }
}
