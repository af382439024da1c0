//! `resource_changes`: what of each resource is unknown or sensitive, and what it becomes where `planned_values` lacks it.

use super::json::{List, Object, Row, Shape, Tree, Watch, skip};
use super::values::{Found, Resources, marks, module_path, text};
use serde::de::{MapAccess, SeqAccess};
use serde_json::Value;
use std::collections::BTreeMap;

/// What a plan says of the change of one resource.
#[derive(Debug, Default)]
pub(super) struct Change {
    pub(super) unknown: Option<Value>,
    pub(super) sensitive: Option<Value>,
    /// The resource as it will be, where `planned_values` had not told of it yet; none where it is deleted.
    pub(super) after: Option<Found>,
}

/// The changes of a plan.
#[derive(Debug, Default)]
pub(super) struct Changes {
    pub(super) by_address: BTreeMap<String, Change>,
    /// How many resources leave the plan but go on standing (`removed` blocks).
    pub(super) forgotten: usize,
}

/// Reads the list of changes.
pub(super) struct Each<'a> {
    pub(super) changes: &'a mut Changes,
    /// What `planned_values` told so far: `after` of these says the same again and is not kept.
    pub(super) planned: &'a Resources,
}

impl Row for Each<'_> {
    fn element<'de, A: SeqAccess<'de>>(&mut self, watch: &Watch, elements: &mut A) -> Result<bool, A::Error> {
        let mut one = One::new(self.planned);
        if elements.next_element_seed(Object(&mut one, watch))?.is_none() {
            return Ok(false);
        }
        self.keep(one);
        Ok(true)
    }
}

impl Each<'_> {
    fn keep(&mut self, one: One<'_>) {
        let One { mut found, deposed, deltas, .. } = one;
        // A deposed object shares the address of what takes its place.
        if deposed || found.address.is_empty() {
            return;
        }
        if deltas.actions.iter().any(|action| action == "forget") {
            self.changes.forgotten = self.changes.forgotten.saturating_add(1);
            return;
        }
        if deltas.actions == ["delete"] {
            return;
        }
        found.values = deltas.after;
        let address = found.address.clone();
        let after = (!self.planned.contains_key(&address)).then_some(found);
        let change = Change { unknown: deltas.unknown, sensitive: deltas.sensitive, after };
        self.changes.by_address.insert(address, change);
    }
}

struct One<'a> {
    planned: &'a Resources,
    found: Found,
    deposed: bool,
    deltas: Deltas,
}

impl<'a> One<'a> {
    fn new(planned: &'a Resources) -> Self {
        Self { planned, found: Found::default(), deposed: false, deltas: Deltas::default() }
    }
}

impl Shape for One<'_> {
    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        key: &str,
        watch: &Watch,
        members: &mut A,
    ) -> Result<(), A::Error> {
        match key {
            "module_address" => self.found.module = module_path(watch, members)?,
            "deposed" => self.deposed = !text(members)?.is_empty(),
            "change" => {
                self.deltas.wants_after = !self.planned.contains_key(&self.found.address);
                members.next_value_seed(Object(&mut self.deltas, watch))?;
            }
            // The rest has the names that it has in `planned_values`.
            "address" | "mode" | "type" | "name" | "provider_name" => {
                self.found.member(key, watch, members)?;
            }
            _ => skip(members)?,
        }
        Ok(())
    }
}

#[derive(Default)]
struct Deltas {
    actions: Vec<String>,
    after: Value,
    unknown: Option<Value>,
    sensitive: Option<Value>,
    wants_after: bool,
}

impl Shape for Deltas {
    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        key: &str,
        watch: &Watch,
        members: &mut A,
    ) -> Result<(), A::Error> {
        match key {
            "actions" => self.actions = members.next_value::<Option<Vec<String>>>()?.unwrap_or_default(),
            "after" if self.wants_after => self.after = members.next_value_seed(Tree::new(watch))?,
            "after_unknown" => self.unknown = Some(marks(watch, members)?),
            "after_sensitive" => self.sensitive = Some(marks(watch, members)?),
            _ => skip(members)?,
        }
        Ok(())
    }
}

/// Reads `resource_changes`.
pub(super) fn list<'a>(
    changes: &'a mut Changes,
    planned: &'a Resources,
    watch: &'a Watch,
) -> List<'a, Each<'a>> {
    List(Each { changes, planned }, watch)
}
