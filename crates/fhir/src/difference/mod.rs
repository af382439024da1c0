//! What differs between two versions of a resource, element by element: where, what was there, what is there now.
//!
//! Lists keep their order in FHIR, so what only changed its place is told as moved and never passed over; an item that
//! went or came is told as that one item, and the others are compared with what they were. What the server writes into
//! each version (`meta.versionId`, `meta.lastUpdated`) is no difference.

mod list;
mod parameters;

use crate::check;
use crate::definitions::{Element, Type, TypeKind, resource_kind, table};
use crate::json::Node;
use base::Problem;
use list::{Pair, pairs};

/// What became of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// It came.
    Added,
    /// It went.
    Deleted,
    /// It has another value.
    Replaced,
    /// It stands at another place of its list.
    Moved,
}

/// One difference. `Debug` shows its place only: the values may be patient data.
#[derive(Clone)]
pub struct Difference<'n> {
    /// What became of it.
    pub act: Act,
    /// The type of the resource.
    root: &'static str,
    /// From the resource to the element.
    pub(crate) steps: Vec<Step>,
    /// Of what moved, its place before, from 0.
    pub(crate) source: Option<usize>,
    pub(crate) before: Option<Value<'n>>,
    pub(crate) after: Option<Value<'n>>,
}

/// A value with its type.
#[derive(Clone, Copy)]
pub(crate) struct Value<'n> {
    pub(crate) kind: &'static Type,
    pub(crate) node: &'n Node,
}

/// One step from an element to one within it.
#[derive(Clone, Copy)]
pub(crate) struct Step {
    pub(crate) owner: &'static Type,
    pub(crate) element: &'static Element,
    /// Its place in a list, from 0: in the later version, or in the earlier of what went.
    pub(crate) index: Option<usize>,
    /// Whether its list has others.
    pub(crate) of_several: bool,
}

impl std::fmt::Debug for Difference<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {}", self.act, self.path())
    }
}

/// Whether two values of a type are told as a whole, without looking at their parts.
pub(crate) type Whole = fn(&'static Type, bool, &Node, &Node) -> bool;

/// What differs between two versions of a resource, down to the single values.
///
/// # Errors
/// One of them is no resource of R4.
pub fn differences<'n>(earlier: &'n Node, later: &'n Node) -> Result<Vec<Difference<'n>>, Problem> {
    between(earlier, later, |_, _, _, _| false)
}

/// The same, where some values are told as a whole.
pub(crate) fn between<'n>(
    earlier: &'n Node,
    later: &'n Node,
    whole: Whole,
) -> Result<Vec<Difference<'n>>, Problem> {
    let (before, kind) = (check::kind_of(earlier)?, check::kind_of(later)?);
    let mut walk = Walk { root: kind.as_str(), whole, steps: Vec::new(), found: Vec::new() };
    match (before.definition(), kind.definition()) {
        (Some(before), Some(kind)) if before.name != kind.name => {
            let value = |kind, node| Some(Value { kind, node });
            walk.tell(Act::Replaced, value(before, earlier), value(kind, later));
        }
        (_, Some(kind)) => walk.members(kind, earlier, later),
        _ => {}
    }
    Ok(walk.found)
}

/// A walk through both versions at once.
struct Walk<'n> {
    root: &'static str,
    whole: Whole,
    steps: Vec<Step>,
    found: Vec<Difference<'n>>,
}

/// A member of an object, and the element it stands for.
#[derive(Clone, Copy)]
struct Slot<'n> {
    name: &'n str,
    owner: &'static Type,
    element: &'static Element,
    /// The type of its values; of the partner of a primitive, that of what stands beside it.
    kind: &'static Type,
    /// Whether it is the partner of a primitive, which holds id and extensions.
    partner: bool,
    value: &'n Node,
}

impl<'n> Slot<'n> {
    fn items(&self) -> &'n [Node] {
        self.value.as_array().unwrap_or(std::slice::from_ref(self.value))
    }

    /// Whether both stand for the same element. Those of a choice do, whatever their types.
    fn is_of(&self, other: &Slot<'_>) -> bool {
        std::ptr::eq(self.element, other.element) && self.partner == other.partner
    }
}

/// What the server writes into each version, and what names the record.
fn passed_over(kind: &Type, name: &str) -> bool {
    match kind.name {
        "Meta" => matches!(name, "versionId" | "lastUpdated"),
        _ => kind.is_resource() && matches!(name, "resourceType" | "id"),
    }
}

fn slots<'n>(kind: &'static Type, node: &'n Node) -> Vec<Slot<'n>> {
    let members = node.as_object().unwrap_or_default().iter();
    let known = members.filter(|(name, _)| !passed_over(kind, name)).filter_map(|(name, value)| {
        let (bare, partner) = match name.strip_prefix('_') {
            Some(bare) => (bare, true),
            None => (name.as_str(), false),
        };
        let (_, element, target) = kind.member(bare)?;
        let target = if partner { table().find("Element")? } else { target };
        Some(Slot { name, owner: kind, element, kind: target, partner, value })
    });
    known.collect()
}

impl<'n> Walk<'n> {
    fn members(&mut self, kind: &'static Type, earlier: &'n Node, later: &'n Node) {
        let (before, after) = (slots(kind, earlier), slots(kind, later));
        for gone in before.iter().filter(|one| !after.iter().any(|other| other.is_of(one))) {
            self.each(gone, Act::Deleted);
        }
        for slot in &after {
            match before.iter().find(|other| other.is_of(slot)) {
                None => self.each(slot, Act::Added),
                Some(other) if other.name == slot.name => self.slot(other, slot),
                Some(other) => self.other_type(other, slot),
            }
        }
    }

    /// All items of an element that came or went.
    fn each(&mut self, slot: &Slot<'n>, act: Act) {
        let items = slot.items();
        for (index, node) in items.iter().enumerate().filter(|(_, node)| **node != Node::Null) {
            let value = Some(Value { kind: actual(slot.kind, node), node });
            let (before, after) = if act == Act::Deleted { (value, None) } else { (None, value) };
            self.within(slot, (index, items.len()), |walk| walk.tell(act, before, after));
        }
    }

    /// The value of a choice has another type.
    fn other_type(&mut self, before: &Slot<'n>, after: &Slot<'n>) {
        let value = |slot: &Slot<'n>| Some(Value { kind: slot.kind, node: slot.value });
        self.within(after, (0, 1), |walk| walk.tell(Act::Replaced, value(before), value(after)));
    }

    fn slot(&mut self, before: &Slot<'n>, after: &Slot<'n>) {
        if before.value == after.value {
            return;
        }
        let (old, new) = (before.items(), after.items());
        // The partners of a list of primitives stand at the places of their values.
        if !after.element.many || after.partner {
            for index in 0..old.len().max(new.len()) {
                let several = new.len().max(old.len());
                let pair = (old.get(index), new.get(index));
                self.within(after, (index, several), |walk| walk.pair(after, pair));
            }
            return;
        }
        for pair in pairs(old, new) {
            self.item(after, (old, new), pair);
        }
    }

    fn item(&mut self, slot: &Slot<'n>, (old, new): (&'n [Node], &'n [Node]), pair: Pair) {
        match pair {
            Pair::Gone(index) => {
                self.within(slot, (index, old.len()), |walk| walk.pair(slot, (old.get(index), None)));
            }
            Pair::Came(index) => {
                self.within(slot, (index, new.len()), |walk| walk.pair(slot, (None, new.get(index))));
            }
            Pair::Stays { from, to, moved } => self.within(slot, (to, new.len()), |walk| {
                if moved {
                    walk.moved(slot, from, new.get(to));
                }
                walk.pair(slot, (old.get(from), new.get(to)));
            }),
        }
    }

    fn moved(&mut self, slot: &Slot<'n>, source: usize, node: Option<&'n Node>) {
        let value = node.map(|node| Value { kind: actual(slot.kind, node), node });
        self.tell(Act::Moved, value, value);
        if let Some(told) = self.found.last_mut() {
            told.source = Some(source);
        }
    }

    /// One value, as it was and as it is.
    fn pair(&mut self, slot: &Slot<'n>, (old, new): (Option<&'n Node>, Option<&'n Node>)) {
        let there = |node: Option<&'n Node>| node.filter(|node| **node != Node::Null);
        let value = |node: &'n Node| Value { kind: actual(slot.kind, node), node };
        match (there(old), there(new)) {
            (Some(old), Some(new)) if old != new => self.changed(slot, value(old), value(new)),
            (None, Some(new)) => self.tell(Act::Added, None, Some(value(new))),
            (Some(old), None) => self.tell(Act::Deleted, Some(value(old)), None),
            _ => {}
        }
    }

    fn changed(&mut self, slot: &Slot<'n>, old: Value<'n>, new: Value<'n>) {
        let coded = slot.element.required_set.is_some();
        let apart = old.kind.name != new.kind.name || new.node.as_object().is_none();
        if apart || (self.whole)(new.kind, coded, old.node, new.node) {
            self.tell(Act::Replaced, Some(old), Some(new));
        } else {
            self.members(new.kind, old.node, new.node);
        }
    }

    fn within(&mut self, slot: &Slot<'n>, (index, several): (usize, usize), tell: impl FnOnce(&mut Self)) {
        let many = slot.element.many;
        let step = Step {
            owner: slot.owner,
            element: slot.element,
            index: many.then_some(index),
            of_several: many && several > 1,
        };
        self.steps.push(step);
        tell(self);
        self.steps.pop();
    }

    fn tell(&mut self, act: Act, before: Option<Value<'n>>, after: Option<Value<'n>>) {
        let steps = self.steps.clone();
        self.found.push(Difference { act, root: self.root, steps, source: None, before, after });
    }
}

/// The type of what may be any resource.
fn actual(kind: &'static Type, node: &Node) -> &'static Type {
    if kind.kind != TypeKind::AnyResource {
        return kind;
    }
    let own = node.get("resourceType").and_then(Node::as_str).and_then(resource_kind);
    own.and_then(crate::ResourceKind::definition).unwrap_or(kind)
}

impl Difference<'_> {
    /// The element in FHIRPath: `Observation.component[0].value`. Its indexes are those of the later version; the last one
    /// of what was deleted is that of the earlier.
    pub fn path(&self) -> String {
        self.path_of(&self.steps)
    }

    fn path_of(&self, steps: &[Step]) -> String {
        let step = |step: &Step| match step.index {
            Some(index) => format!(".{}[{index}]", step.element.path_name()),
            None => format!(".{}", step.element.path_name()),
        };
        let steps: String = steps.iter().map(step).collect();
        format!("{}{steps}", self.root)
    }

    /// Whether it is in the narrative of the resource.
    pub(crate) fn is_text(&self) -> bool {
        self.steps.first().is_some_and(|step| step.element.path_name() == "text")
    }
}

#[cfg(test)]
mod tests;
