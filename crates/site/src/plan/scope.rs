//! The instances of modules as a tree: which call each stands for, and which resources lie in it.

use super::configuration::{Call, Module};
use super::reference;
use super::values::Resources;
use std::collections::BTreeMap;

/// One instance of a module; the root is the first.
#[derive(Debug, Default)]
pub(super) struct Scope<'c> {
    /// Its address: `module.network[0]`; empty at the root.
    pub(super) path: String,
    pub(super) parent: Option<usize>,
    /// The call by which it stands, as its caller writes it.
    pub(super) call: Option<&'c Call>,
    /// What is written in it; none where the plan does not tell.
    pub(super) module: Option<&'c Module>,
    key: Option<String>,
    children: BTreeMap<String, Vec<usize>>,
    blocks: BTreeMap<String, Instances<'c>>,
}

/// The instances of a block: their addresses by their keys (`[0]`, `["a"]`, or empty).
pub(super) type Instances<'c> = BTreeMap<&'c str, &'c str>;

/// All instances of modules.
#[derive(Debug)]
pub(super) struct Scopes<'c> {
    list: Vec<Scope<'c>>,
    by_path: BTreeMap<String, usize>,
    empty: Scope<'c>,
}

impl<'c> Scopes<'c> {
    /// The tree as the resources tell it.
    pub(super) fn new(root: &'c Module, resources: &'c Resources) -> Self {
        let first = Scope { module: Some(root), ..Scope::default() };
        let mut scopes =
            Self { list: vec![first], by_path: [(String::new(), 0)].into(), empty: Scope::default() };
        for (address, found) in resources {
            let at = scopes.of_path(&found.module);
            let block = found.block();
            let key = key_of(address, &found.module, &block);
            if let Some(scope) = scopes.list.get_mut(at) {
                scope.blocks.entry(block).or_default().insert(key, address);
            }
        }
        scopes
    }

    pub(super) fn at(&self, scope: usize) -> &Scope<'c> {
        self.list.get(scope).unwrap_or(&self.empty)
    }

    /// The instance of a module with this address. It is made when it is met first; the depth is that of the text, and
    /// what is read has at most [`super::json::MODULES_DEPTH_MAX`] modules in each other.
    pub(super) fn of_path(&mut self, path: &str) -> usize {
        if let Some(known) = self.by_path.get(path) {
            return *known;
        }
        let Some((parent, call, key)) = reference::last_call(path) else {
            return self.push(Scope { path: path.to_owned(), ..Scope::default() });
        };
        let parent = self.of_path(parent);
        let made = self.child(parent, call, key);
        // However the address is written, it is found again.
        self.by_path.insert(path.to_owned(), made);
        made
    }

    /// The instances of a call, by their number. One that holds no resources is in no list of the plan, but what is given
    /// to it may pass through its outputs: it stands as one instance without a key.
    pub(super) fn of_call(&mut self, scope: usize, call: &str, number: usize) -> Option<usize> {
        match self.at(scope).children.get(call) {
            Some(known) => known.get(number).copied(),
            None => Some(self.child(scope, call, None)),
        }
    }

    fn child(&mut self, parent: usize, call: &str, key: Option<&str>) -> usize {
        let above = self.at(parent);
        let written = above.module.and_then(|module| module.calls.get(call));
        let dot = if above.path.is_empty() { "" } else { "." };
        let path = format!("{}{dot}module.{call}{}", above.path, key.unwrap_or_default());
        let made = self.push(Scope {
            path,
            parent: Some(parent),
            call: written,
            module: written.map(|call| &call.module),
            key: key.map(str::to_owned),
            ..Scope::default()
        });
        if let Some(above) = self.list.get_mut(parent) {
            above.children.entry(call.to_owned()).or_default().push(made);
        }
        made
    }

    fn push(&mut self, scope: Scope<'c>) -> usize {
        let at = self.list.len();
        self.by_path.insert(scope.path.clone(), at);
        self.list.push(scope);
        at
    }
}

impl<'c> Scope<'c> {
    /// The instances of a block in it.
    pub(super) fn instances(&self, block: &str) -> Option<&Instances<'c>> {
        self.blocks.get(block)
    }

    /// Whether it is the instance that a key names. One without a key stands for all.
    pub(super) fn has_key(&self, key: Option<&str>) -> bool {
        key.is_none() || self.key.is_none() || self.key.as_deref() == key
    }

    /// The address of something in it.
    pub(super) fn address_of(&self, what: &str) -> String {
        if self.path.is_empty() { what.to_owned() } else { format!("{}.{what}", self.path) }
    }
}

/// What follows the block in an address.
pub(super) fn key_of<'a>(address: &'a str, module: &str, block: &str) -> &'a str {
    let local = match module {
        "" => address,
        _ => address.strip_prefix(module).and_then(|rest| rest.strip_prefix('.')).unwrap_or(address),
    };
    local.strip_prefix(block).unwrap_or_default()
}
