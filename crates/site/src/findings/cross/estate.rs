//! The resources of all plans, by type, and how they are joined.

use super::Crossed;
use super::index::{Names, Naming};
use crate::description::Site;
use crate::resource::{Attribute, Resource, is_mark, names};
use crate::rules::{Catalogue, Text, Verdict};
use serde_json::Value;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// The resources of all plans.
pub(super) struct Estate<'a> {
    pub(super) resources: Vec<&'a Resource>,
    pub(super) site: Option<&'a Site>,
    /// The regions that lie in Japan.
    pub(super) japanese: BTreeSet<&'a str>,
    kinds: BTreeMap<&'a str, Vec<&'a Resource>>,
    /// What was asked once, by type and attribute.
    namings: RefCell<BTreeMap<(String, String), Naming<'a>>>,
    names: RefCell<BTreeMap<String, Names<'a>>>,
}

/// Yes, no, or not told by the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    Yes,
    No,
    Open,
}

/// The names by which one resource may be called in an attribute of another.
pub(super) const NAMES: [&str; 6] = ["id", "arn", "name", "bucket", "identifier", "self_link"];

impl<'a> Estate<'a> {
    pub(super) fn of(
        cloud: &'a Catalogue,
        resources: impl IntoIterator<Item = &'a Resource>,
        site: Option<&'a Site>,
    ) -> Self {
        let resources: Vec<&Resource> = resources.into_iter().collect();
        let mut kinds: BTreeMap<&str, Vec<&Resource>> = BTreeMap::new();
        for &resource in &resources {
            kinds.entry(resource.kind.as_str()).or_default().push(resource);
        }
        let japanese = cloud.regions_japan.values().flatten().map(String::as_str).collect();
        let (namings, names) = (RefCell::default(), RefCell::default());
        Self { resources, site, japanese, kinds, namings, names }
    }

    /// The resources of a type.
    pub(super) fn all(&self, kind: &str) -> &[&'a Resource] {
        self.kinds.get(kind).map_or(&[], Vec::as_slice)
    }

    /// The resources of some types.
    pub(super) fn any(&self, kinds: &[&str]) -> Vec<&'a Resource> {
        kinds.iter().flat_map(|kind| self.all(kind)).copied().collect()
    }

    /// Of a type, those whose attribute names a resource; and whether there are others of which that is not told.
    pub(super) fn joined(&self, kind: &str, attribute: &str, to: &Resource) -> (Vec<&'a Resource>, bool) {
        self.by_naming(kind, attribute, |naming, all| naming.joined(all, attribute, to))
    }

    /// Of a type, those whose attribute names a resource or may name it.
    pub(super) fn may_join(&self, kind: &str, attribute: &str, to: &Resource) -> Vec<&'a Resource> {
        self.by_naming(kind, attribute, |naming, all| naming.may_join(all, attribute, to))
    }

    fn by_naming<T>(
        &self,
        kind: &str,
        attribute: &str,
        ask: impl FnOnce(&Naming<'a>, &[&'a Resource]) -> T,
    ) -> T {
        let key = (kind.to_owned(), attribute.to_owned());
        let mut namings = self.namings.borrow_mut();
        let naming = namings.entry(key).or_insert_with(|| Naming::of(self.all(kind), attribute));
        ask(naming, self.all(kind))
    }

    /// The resource of a type that an attribute names, if one is told.
    pub(super) fn named(&self, from: &Resource, attribute: &str, kind: &str) -> Option<&'a Resource> {
        let mut names = self.names.borrow_mut();
        let names = names.entry(kind.to_owned()).or_insert_with(|| Names::of(self.all(kind)));
        names.named(self.all(kind), from, attribute)
    }
}

/// Whether an attribute of a resource names another.
pub(super) fn refers(from: &Resource, attribute: &str, to: &Resource) -> Told {
    if from.plan == to.plan
        && let Some(references) = from.references.get(attribute)
    {
        if references.iter().any(|one| names(one, &to.address)) {
            // Where a number decides which of several is meant, this one may be another.
            let decided = !references.iter().any(|one| is_mark(one)) || references.len() == 1;
            return if decided { Told::Yes } else { Told::Open };
        }
        if references.iter().any(|one| is_mark(one)) {
            return Told::Open;
        }
        if !references.is_empty() && matches!(value(from, attribute), Attribute::Unknown | Attribute::Unset) {
            return Told::No;
        }
    }
    match value(from, attribute) {
        Attribute::Known(Value::String(text)) => {
            if is_called(to, text) {
                Told::Yes
            } else {
                Told::No
            }
        }
        Attribute::Known(Value::Array(all)) => {
            if all.iter().filter_map(Value::as_str).any(|text| is_called(to, text)) {
                Told::Yes
            } else {
                Told::No
            }
        }
        Attribute::Unknown | Attribute::Sensitive => Told::Open,
        Attribute::Known(_) | Attribute::Unset => Told::No,
    }
}

fn is_called(resource: &Resource, text: &str) -> bool {
    NAMES.iter().any(|name| resource.values.get(*name).and_then(Value::as_str) == Some(text))
}

pub(super) fn value<'r>(resource: &'r Resource, attribute: &str) -> Attribute<'r> {
    resource.attribute(attribute.split('.').next().unwrap_or(attribute))
}

/// The text of an attribute: known, not told, or not set.
pub(super) fn text<'r>(resource: &'r Resource, attribute: &str) -> Result<Option<&'r str>, ()> {
    match resource.attribute(attribute) {
        Attribute::Known(value) => Ok(value.as_str()),
        Attribute::Unknown | Attribute::Sensitive => Err(()),
        Attribute::Unset => Ok(None),
    }
}

/// Whether an attribute is true; one that is not set is as the provider takes it.
pub(super) fn is_true(resource: &Resource, attribute: &str, unset: bool) -> Told {
    match resource.attribute(attribute) {
        Attribute::Known(Value::Bool(true)) => Told::Yes,
        Attribute::Known(Value::String(text)) if text == "true" => Told::Yes,
        Attribute::Known(_) => Told::No,
        Attribute::Unknown | Attribute::Sensitive => Told::Open,
        Attribute::Unset => {
            if unset {
                Told::Yes
            } else {
                Told::No
            }
        }
    }
}

/// The blocks of a name in a resource.
pub(super) fn blocks<'r>(of: &'r Value, name: &str) -> Vec<&'r Value> {
    match of.get(name) {
        Some(Value::Array(all)) => all.iter().collect(),
        Some(Value::Object(_)) => of.get(name).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// Says something of a resource, in Japanese and in English.
pub(super) fn tell(
    out: &mut Vec<Crossed>,
    rule: &'static str,
    of: &Resource,
    verdict: Verdict,
    seen: (impl Into<String>, impl Into<String>),
) {
    let (resource, plan) = (of.address.clone(), of.plan);
    out.push(Crossed { rule, resource, plan, verdict, seen: Text::new(seen.0, seen.1) });
}

/// Says something of all plans.
pub(super) fn tell_all(
    out: &mut Vec<Crossed>,
    rule: &'static str,
    verdict: Verdict,
    ja: impl Into<String>,
    en: impl Into<String>,
) {
    out.push(Crossed { rule, resource: String::new(), plan: 0, verdict, seen: Text::new(ja, en) });
}
