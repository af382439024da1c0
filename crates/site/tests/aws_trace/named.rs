//! What attributes name: by ids that the plan knows, or by the references of its configuration.

use serde_json::Value;
use site::resource::{Attribute, Resource, is_mark};
use std::cell::Cell;
use std::collections::BTreeMap;

/// Resources that something names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Link {
    /// Their addresses.
    pub(crate) these: Vec<String>,
    /// Whether these and no others are meant.
    pub(crate) sure: bool,
}

impl Link {
    pub(crate) fn sure(address: &str) -> Self {
        Self { these: vec![address.to_owned()], sure: true }
    }

    pub(crate) fn nothing() -> Self {
        Self { these: Vec::new(), sure: true }
    }

    /// The one that is meant.
    pub(crate) fn one(&self) -> Option<&str> {
        match self.these.as_slice() {
            [one] if self.sure => Some(one),
            _ => None,
        }
    }

    pub(crate) fn is_set(&self) -> bool {
        !self.sure || !self.these.is_empty()
    }

    pub(crate) fn may_be(&self, address: &str) -> bool {
        self.these.iter().any(|one| one == address) || !self.sure
    }

    pub(crate) fn with(mut self, other: Self) -> Self {
        for one in other.these {
            if !self.these.contains(&one) {
                self.these.push(one);
            }
        }
        Self { sure: self.sure && other.sure, ..self }
    }
}

/// The resources of a plan by address and id.
pub(crate) struct Names<'a> {
    pub(crate) all: &'a [Resource],
    kinds: BTreeMap<&'a str, &'a str>,
    ids: BTreeMap<&'a str, &'a str>,
    /// Set where the only network of the plan was taken for one that it does not name.
    pub(crate) guessed: Cell<bool>,
}

impl<'a> Names<'a> {
    pub(crate) fn of(all: &'a [Resource]) -> Self {
        let kinds = all.iter().map(|one| (one.address.as_str(), one.kind.as_str())).collect();
        let id = |one: &'a Resource| Some((one.values.get("id")?.as_str()?, one.address.as_str()));
        Self { all, kinds, ids: all.iter().filter_map(id).collect(), guessed: Cell::new(false) }
    }

    pub(crate) fn kind(&self, kind: &str) -> impl Iterator<Item = &'a Resource> + use<'a> {
        let all: Vec<&'a Resource> = self.all.iter().filter(|one| one.kind == kind).collect();
        all.into_iter()
    }

    /// What an attribute names of some types.
    pub(crate) fn link(&self, of: &Resource, path: &str, kinds: &[&str]) -> Link {
        let link = self.link_in(of, (&of.values, &of.unknown), (path, path), kinds);
        let mut vpcs = self.all.iter().filter(|one| one.kind.ends_with("aws_vpc"));
        match (vpcs.next(), vpcs.next()) {
            (Some(vpc), None) if !link.sure && link.these.is_empty() && kinds.contains(&"aws_vpc") => {
                self.guessed.set(true);
                Link::sure(&vpc.address)
            }
            _ => link,
        }
    }

    /// The same of a block: `at` is where the attribute stands in it, `path` where it stands in the resource.
    pub(crate) fn link_in(
        &self,
        of: &Resource,
        (value, unknown): (&Value, &Value),
        (at, path): (&str, &str),
        kinds: &[&str],
    ) -> Link {
        let is_kind = |address: &str| self.kinds.get(address).is_some_and(|kind| kinds.contains(kind));
        let mut link = Link::nothing();
        for text in places(value, at).into_iter().flat_map(texts).filter(|text| !text.is_empty()) {
            match self.ids.get(text).filter(|address| is_kind(address)) {
                Some(address) => link = link.with(Link::sure(address)),
                None => link.sure = false,
            }
        }
        let open = places(unknown, at).into_iter().map(count).sum::<usize>();
        if open == 0 {
            return link;
        }
        let Some(references) = of.references.get(path) else {
            let given = of.configured.as_ref().is_none_or(|given| given.iter().any(|one| one == path));
            return Link { sure: link.sure && !given, ..link };
        };
        let listed =
            at.ends_with('s').then(|| places(unknown, at).into_iter().any(|one| *one == Value::Bool(true)));
        link.with(self.referred(of, references, (open, listed == Some(true)), &is_kind))
    }

    /// What references name, of which so many are wanted, or any number.
    fn referred(
        &self,
        of: &Resource,
        references: &[String],
        (wanted, any_number): (usize, bool),
        is_kind: &dyn Fn(&str) -> bool,
    ) -> Link {
        let mut these: Vec<String> = Vec::new();
        let mut sure = true;
        for reference in references {
            if is_mark(reference) {
                sure &= reference.starts_with("count.") || reference.starts_with("each.");
            } else if let Some(block) = reference.strip_suffix("[*]") {
                let inside = |one: &&Resource| {
                    one.address.strip_prefix(block).is_some_and(|rest| rest.starts_with('['))
                };
                these.extend(self.all.iter().filter(inside).map(|one| one.address.clone()));
            } else {
                these.push(reference.clone());
            }
        }
        // What leads through another resource is not followed.
        sure &= these.iter().all(|one| is_kind(one));
        these.retain(|one| is_kind(one));
        if !any_number && these.len() > wanted {
            let (key, block) = split(&of.address);
            let keys = |of: &str| {
                let own = self.all.iter().filter(|one| split(&one.address).1 == of);
                own.map(|one| split(&one.address).0).collect::<std::collections::BTreeSet<_>>()
            };
            let blocks: std::collections::BTreeSet<&str> = these.iter().map(|one| split(one).1).collect();
            let same = wanted == 1
                && !key.is_empty()
                && blocks.len() == 1
                && blocks.iter().all(|one| keys(one) == keys(block));
            if same {
                let key = key.to_owned();
                these.retain(|one| split(one).0 == key);
            } else {
                sure = false;
            }
        }
        sure &= !these.is_empty();
        Link { these, sure }
    }
}

/// The key of an instance and the address without it.
fn split(address: &str) -> (&str, &str) {
    match address.rfind('[').filter(|_| address.ends_with(']')) {
        Some(at) => (&address[at..], &address[..at]),
        None => ("", address),
    }
}

/// The values at a path, through lists.
pub(crate) fn places<'v>(value: &'v Value, path: &str) -> Vec<&'v Value> {
    let mut found = vec![value];
    for step in path.split('.') {
        let mut next = Vec::new();
        let mut open = found;
        while let Some(one) = open.pop() {
            match one {
                Value::Array(inner) => open.extend(inner.iter().rev()),
                Value::Object(members) => next.extend(members.get(step)),
                Value::Bool(true) => next.push(one),
                _ => {}
            }
        }
        found = next;
    }
    found
}

pub(crate) fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(inner) => inner.iter().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

/// How many marks are true.
pub(crate) fn count(value: &Value) -> usize {
    match value {
        Value::Bool(true) => 1,
        Value::Array(inner) => inner.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

/// Whether an attribute of a block is not known.
pub(crate) fn is_open(value: &Value, unknown: &Value, name: &str) -> bool {
    value.get(name).is_none_or(Value::is_null) && places(unknown, name).into_iter().any(|one| count(one) > 0)
}

/// A flag; nothing where the plan does not tell.
pub(crate) fn flag(of: &Resource, name: &str, unset: bool) -> Option<bool> {
    match of.attribute(name) {
        Attribute::Known(Value::Bool(is)) => Some(*is),
        Attribute::Known(Value::String(text)) => Some(text == "true" || text == "enable"),
        Attribute::Unset => Some(unset),
        Attribute::Known(_) | Attribute::Unknown | Attribute::Sensitive => None,
    }
}
