//! Items that were met before: found by what they say, without comparing each with every other.

use super::compare;
use super::item::{Item, Items};
use super::kinds;
use super::run::Run;
use crate::json::Node;
use base::Problem;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Up to so many items are simply compared one by one.
const FEW_MAX: usize = 8;

/// A set of items by equality. Items that may be equal have the same mark; among many, only those are compared.
#[derive(Default)]
pub(super) struct Seen<'n> {
    few: Items<'n>,
    /// Empty while there are few.
    by_mark: HashMap<u64, Items<'n>>,
}

impl<'n> Seen<'n> {
    pub(super) fn of(run: &Run<'_, 'n, '_>, items: Items<'n>) -> Result<Self, Problem> {
        let mut seen = Self::default();
        seen.add_new(run, items, &mut Items::new())?;
        Ok(seen)
    }

    /// True when an equal item is there.
    pub(super) fn has(&self, run: &Run<'_, 'n, '_>, item: &Item<'n>) -> Result<bool, Problem> {
        if self.by_mark.is_empty() {
            return is_among(run, &self.few, item);
        }
        match self.by_mark.get(&mark(run, item)?) {
            Some(items) => is_among(run, items, item),
            None => Ok(false),
        }
    }

    /// Adds items; those that are new are passed on.
    pub(super) fn add_new(
        &mut self,
        run: &Run<'_, 'n, '_>,
        items: Items<'n>,
        new: &mut Items<'n>,
    ) -> Result<(), Problem> {
        for item in items {
            let same = self.place_for(run, &item)?;
            if !is_among(run, same, &item)? {
                same.push(item.clone());
                new.push(item);
            }
        }
        Ok(())
    }

    /// The items among which an equal one would be.
    fn place_for(&mut self, run: &Run<'_, 'n, '_>, item: &Item<'n>) -> Result<&mut Items<'n>, Problem> {
        if self.by_mark.is_empty() && self.few.len() < FEW_MAX {
            return Ok(&mut self.few);
        }
        for item in std::mem::take(&mut self.few) {
            self.by_mark.entry(mark(run, &item)?).or_default().push(item);
        }
        Ok(self.by_mark.entry(mark(run, item)?).or_default())
    }
}

fn is_among<'n>(run: &Run<'_, 'n, '_>, items: &[Item<'n>], item: &Item<'n>) -> Result<bool, Problem> {
    for other in items {
        if compare::equal_items(run, other, item)? == Some(true) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Strings and structures by their content; numbers, dates and quantities are equal in too many spellings.
fn mark(run: &Run<'_, '_, '_>, item: &Item<'_>) -> Result<u64, Problem> {
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
fn of_node(run: &Run<'_, '_, '_>, node: &Node) -> Result<u64, Problem> {
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
