//! The resources of `planned_values`, of a state's `values` and of `prior_state`, module by module.

use super::json::{Fault, MODULES_DEPTH_MAX, Member, Shape};
use super::reference::Steps;
use serde::de::MapAccess;
use serde_json::Value;
use std::cell::RefCell;
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
    fn member<'de, A: MapAccess<'de>>(&mut self, of: Member<'_, A>) -> Result<(), A::Error> {
        match of.key {
            "address" => self.address = of.plain()?,
            "mode" => self.is_data = of.plain::<String>()? == "data",
            "type" => self.kind = of.plain()?,
            "name" => self.name = of.plain()?,
            "provider_name" => self.provider = of.plain()?,
            "deposed_key" => self.deposed = !of.plain::<String>()?.is_empty(),
            "values" => self.values = of.tree()?,
            "sensitive_values" => self.sensitive = Some(of.marks()?),
            _ => of.skip()?,
        }
        Ok(())
    }
}

/// The address of a module. It may not name more modules than may be nested.
pub(super) fn module_path<'de, A: MapAccess<'de>>(of: Member<'_, A>) -> Result<Rc<str>, A::Error> {
    let watch = of.watch;
    let path: String = of.plain()?;
    // Each module takes two steps: `module`, and its name.
    if Steps::new(&path).take(MODULES_DEPTH_MAX.saturating_mul(3)).count()
        > MODULES_DEPTH_MAX.saturating_mul(2)
    {
        return Err(watch.refuse(Fault::DeepModules));
    }
    Ok(path.into())
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
pub(super) struct Values {
    resources: RefCell<Resources>,
    keep: Keep,
    /// Whether the values of a state within a plan were met already.
    inner: bool,
}

impl Values {
    /// Adds to these resources.
    pub(super) fn new(resources: Resources, keep: Keep) -> Self {
        Self { resources: RefCell::new(resources), keep, inner: false }
    }

    /// What was read, with what there was before.
    pub(super) fn resources(self) -> Resources {
        self.resources.into_inner()
    }
}

impl Shape for Values {
    fn member<'de, A: MapAccess<'de>>(&mut self, of: Member<'_, A>) -> Result<(), A::Error> {
        match of.key {
            "root_module" => {
                let (watch, mut root) = (of.watch, Module::new(self, 0));
                of.object(&mut root)?;
                root.end().map_err(|fault| watch.refuse(fault))
            }
            // A state within a plan (`prior_state`) holds its values one level deeper, and no deeper.
            "values" if !self.inner => {
                self.inner = true;
                of.object(self)
            }
            _ => of.skip(),
        }
    }
}

/// A module. Its address comes before or after its resources: what lies in it is given its path at the end.
struct Module<'a> {
    of: &'a Values,
    depth: usize,
    path: Rc<str>,
    held: Vec<Found>,
}

impl<'a> Module<'a> {
    fn new(of: &'a Values, depth: usize) -> Self {
        Self { of, depth, path: "".into(), held: Vec::new() }
    }

    fn end(self) -> Result<(), Fault> {
        let mut resources = self.of.resources.borrow_mut();
        for mut found in self.held {
            found.module = Rc::clone(&self.path);
            keep(&mut resources, found)?;
        }
        Ok(())
    }
}

/// Keeps a resource under its address, which may stand only once.
fn keep(resources: &mut Resources, found: Found) -> Result<(), Fault> {
    let address = found.address.clone();
    if address.is_empty() {
        return Err(Fault::NotAPlan("a resource has no address", "アドレスのないリソースがあります"));
    }
    match resources.insert(address, found) {
        None => Ok(()),
        Some(first) => Err(Fault::Duplicate(first.address)),
    }
}

impl Shape for Module<'_> {
    fn member<'de, A: MapAccess<'de>>(&mut self, of: Member<'_, A>) -> Result<(), A::Error> {
        match of.key {
            "address" => self.path = module_path(of)?,
            "resources" => of.each(Found::default, |found| {
                let wanted = self.of.keep == Keep::All || found.is_data;
                if wanted && !found.deposed {
                    self.held.push(found);
                }
                Ok(())
            })?,
            "child_modules" => {
                let depth = self.depth.saturating_add(1);
                if depth > MODULES_DEPTH_MAX {
                    return Err(of.watch.refuse(Fault::DeepModules));
                }
                of.each(|| Module::new(self.of, depth), Module::end)?;
            }
            _ => of.skip()?,
        }
        Ok(())
    }
}
