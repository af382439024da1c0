//! `resource_changes`: what of each resource is unknown or sensitive, and what it becomes where `planned_values` lacks it.

use super::json::{Member, Shape};
use super::values::{Found, Resources, module_path};
use serde::de::MapAccess;
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

impl Changes {
    /// Reads `resource_changes`. What `planned_values` told so far, `after` says again; of these it is not kept.
    pub(super) fn read<'de, A: MapAccess<'de>>(
        &mut self,
        planned: &Resources,
        of: Member<'_, A>,
    ) -> Result<(), A::Error> {
        let begin = || One { planned, found: Found::default(), deposed: false, deltas: Deltas::default() };
        of.each(begin, |one| {
            self.keep(one);
            Ok(())
        })
    }

    fn keep(&mut self, one: One<'_>) {
        let One { planned, mut found, deposed, deltas } = one;
        // A deposed object shares the address of what takes its place.
        if deposed || found.address.is_empty() {
            return;
        }
        if deltas.actions.iter().any(|action| action == "forget") {
            self.forgotten = self.forgotten.saturating_add(1);
            return;
        }
        if deltas.actions == ["delete"] {
            return;
        }
        found.values = deltas.after;
        let address = found.address.clone();
        let after = (!planned.contains_key(&address)).then_some(found);
        let change = Change { unknown: deltas.unknown, sensitive: deltas.sensitive, after };
        self.by_address.insert(address, change);
    }
}

struct One<'a> {
    planned: &'a Resources,
    found: Found,
    deposed: bool,
    deltas: Deltas,
}

impl Shape for One<'_> {
    fn member<'de, A: MapAccess<'de>>(&mut self, of: Member<'_, A>) -> Result<(), A::Error> {
        match of.key {
            "module_address" => self.found.module = module_path(of)?,
            "deposed" => self.deposed = !of.plain::<String>()?.is_empty(),
            "change" => {
                self.deltas.wants_after = !self.planned.contains_key(&self.found.address);
                of.object(&mut self.deltas)?;
            }
            // The rest has the names that it has in `planned_values`.
            "address" | "mode" | "type" | "name" | "provider_name" => self.found.member(of)?,
            _ => of.skip()?,
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
    fn member<'de, A: MapAccess<'de>>(&mut self, of: Member<'_, A>) -> Result<(), A::Error> {
        match of.key {
            "actions" => self.actions = of.plain()?,
            "after" if self.wants_after => self.after = of.tree()?,
            "after_unknown" => self.unknown = Some(of.marks()?),
            "after_sensitive" => self.sensitive = Some(of.marks()?),
            _ => of.skip()?,
        }
        Ok(())
    }
}
