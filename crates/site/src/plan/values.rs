//! The resources of `planned_values`, of a state's `values` and of `prior_state`, module by module.

use super::json::{Fault, List, MODULES_DEPTH_MAX, Marks, Object, Row, Shape, Tree, Watch, skip};
use super::reference::Steps;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess};
use serde_json::Value;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A resource before it is joined with what other sections say of it.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The modules it lies in, with their keys; empty at the root.
    pub(super) module: Rc<str>,
    /// Its address, as its key in [`Resources`].
    pub(super) address: String,
    /// Whether it is a data resource.
    pub(super) is_data: bool,
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) provider: String,
    pub(super) values: Value,
    /// Its sensitive marks; `None` where the plan says nothing of marks, as those of Terraform before 0.15.
    pub(super) sensitive: Option<Value>,
    /// Whether it is what is left of an earlier object of the address.
    deposed: bool,
}

impl Found {
    /// Its block in its module: `aws_subnet.a`, `data.aws_vpc.main`.
    pub(super) fn block(&self) -> String {
        let data = if self.is_data { "data." } else { "" };
        format!("{data}{}.{}", self.kind, self.name)
    }
}

impl Shape for Found {
    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        key: &str,
        watch: &Watch,
        members: &mut A,
    ) -> Result<(), A::Error> {
        match key {
            "address" => self.address = text(members)?,
            "mode" => self.is_data = text(members)? == "data",
            "type" => self.kind = text(members)?,
            "name" => self.name = text(members)?,
            "provider_name" => self.provider = text(members)?,
            "deposed_key" => self.deposed = !text(members)?.is_empty(),
            "values" => self.values = members.next_value_seed(Tree::new(watch))?,
            "sensitive_values" => self.sensitive = Some(marks(watch, members)?),
            _ => skip(members)?,
        }
        Ok(())
    }
}

/// A text; null is an empty one.
pub(super) fn text<'de, A: MapAccess<'de>>(members: &mut A) -> Result<String, A::Error> {
    members.next_value::<Option<String>>().map(Option::unwrap_or_default)
}

/// The address of a module. It may not name more modules than may be nested.
pub(super) fn module_path<'de, A: MapAccess<'de>>(
    watch: &Watch,
    members: &mut A,
) -> Result<Rc<str>, A::Error> {
    let path = text(members)?;
    // Each module takes two steps: `module`, and its name.
    if Steps::new(&path).take(MODULES_DEPTH_MAX.saturating_mul(3)).count()
        > MODULES_DEPTH_MAX.saturating_mul(2)
    {
        return Err(watch.refuse(Fault::DeepModules));
    }
    Ok(path.into())
}

/// Marks; an empty object where there are none.
pub(super) fn marks<'de, A: MapAccess<'de>>(watch: &Watch, members: &mut A) -> Result<Value, A::Error> {
    let marks = members.next_value_seed(Marks::new(watch))?;
    Ok(marks.unwrap_or_else(|| Value::Object(serde_json::Map::new())))
}

/// Which resources are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keep {
    /// All.
    All,
    /// Those that were read for the plan: `prior_state` tells them, next to the past of all others.
    Data,
}

/// Resources by their addresses.
pub(super) type Resources = BTreeMap<String, Found>;

/// An object with a `root_module`: `planned_values`, `values`.
pub(super) struct Values<'a> {
    pub(super) resources: &'a mut Resources,
    pub(super) keep: Keep,
}

impl Shape for Values<'_> {
    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        key: &str,
        watch: &Watch,
        members: &mut A,
    ) -> Result<(), A::Error> {
        match key {
            "root_module" => {
                let mut root =
                    Module { resources: self.resources, keep: self.keep, path: "".into(), depth: 0 };
                root.read_into(watch, members)
            }
            // A state within a plan (`prior_state`) holds its values one level deeper.
            "values" => members.next_value_seed(Object(self, watch)),
            _ => skip(members),
        }
    }
}

/// A module. Its address comes before or after its resources: what lies in it is given its path at the end.
struct Module<'a> {
    resources: &'a mut Resources,
    keep: Keep,
    path: Rc<str>,
    depth: usize,
}

impl Module<'_> {
    fn read_into<'de, A: MapAccess<'de>>(&mut self, watch: &Watch, members: &mut A) -> Result<(), A::Error> {
        members.next_value_seed(OneModule(self, watch))
    }
}

/// The members of one module.
struct OneModule<'a, 'b>(&'a mut Module<'b>, &'a Watch);

impl<'de> DeserializeSeed<'de> for OneModule<'_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        let mut held = Vec::new();
        let mut members = ModuleMembers { module: self.0, held: &mut held };
        Object(&mut members, self.1).deserialize(from)?;
        let path = Rc::clone(&self.0.path);
        for mut found in held {
            found.module = Rc::clone(&path);
            keep(self.0.resources, found, self.1)?;
        }
        Ok(())
    }
}

/// Keeps a resource under its address, which may stand only once.
pub(super) fn keep<E: serde::de::Error>(
    resources: &mut Resources,
    found: Found,
    watch: &Watch,
) -> Result<(), E> {
    let address = found.address.clone();
    if address.is_empty() {
        return Err(
            watch.refuse(Fault::NotAPlan("a resource has no address", "アドレスのないリソースがあります"))
        );
    }
    match resources.insert(address, found) {
        None => Ok(()),
        Some(first) => Err(watch.refuse(Fault::Duplicate(first.address))),
    }
}

struct ModuleMembers<'a, 'b> {
    module: &'a mut Module<'b>,
    held: &'a mut Vec<Found>,
}

impl Shape for ModuleMembers<'_, '_> {
    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        key: &str,
        watch: &Watch,
        members: &mut A,
    ) -> Result<(), A::Error> {
        match key {
            "address" => {
                self.module.path = module_path(watch, members)?;
                Ok(())
            }
            "resources" => {
                members.next_value_seed(List(Each { held: self.held, keep: self.module.keep }, watch))
            }
            "child_modules" => {
                let depth = self.module.depth.saturating_add(1);
                if depth > MODULES_DEPTH_MAX {
                    return Err(watch.refuse(Fault::DeepModules));
                }
                let children = Children { resources: self.module.resources, keep: self.module.keep, depth };
                members.next_value_seed(List(children, watch))
            }
            _ => skip(members),
        }
    }
}

struct Each<'a> {
    held: &'a mut Vec<Found>,
    keep: Keep,
}

impl Row for Each<'_> {
    fn element<'de, A: SeqAccess<'de>>(&mut self, watch: &Watch, elements: &mut A) -> Result<bool, A::Error> {
        let mut found = Found::default();
        if elements.next_element_seed(Object(&mut found, watch))?.is_none() {
            return Ok(false);
        }
        let wanted = self.keep == Keep::All || found.is_data;
        if wanted && !found.deposed {
            self.held.push(found);
        }
        Ok(true)
    }
}

struct Children<'a> {
    resources: &'a mut Resources,
    keep: Keep,
    depth: usize,
}

impl Row for Children<'_> {
    fn element<'de, A: SeqAccess<'de>>(&mut self, watch: &Watch, elements: &mut A) -> Result<bool, A::Error> {
        let mut child =
            Module { resources: self.resources, keep: self.keep, path: "".into(), depth: self.depth };
        Ok(elements.next_element_seed(OneModule(&mut child, watch))?.is_some())
    }
}
