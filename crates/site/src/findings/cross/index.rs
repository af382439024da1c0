//! Which resources name which by an attribute, looked up instead of each held against each.
//!
//! The index only tells who has to be asked: whether one names the other is decided by [`refers`] alone.

use super::estate::{NAMES, Told, refers, value};
use crate::resource::{Attribute, Resource, is_mark};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// How a reference ends that stands for all instances of a block.
const ALL: &str = "[*]";

/// What an attribute of the resources of one type names.
#[derive(Debug, Default)]
pub(super) struct Naming<'a> {
    /// By the address that is named, of whichever plan; `aws_subnet.a[*]` as it stands.
    by_reference: BTreeMap<&'a str, Vec<usize>>,
    /// By the text that is their value.
    by_text: BTreeMap<&'a str, Vec<usize>>,
    /// Those that may name anything of their own plan, by the plan.
    vague: BTreeMap<usize, Vec<usize>>,
    /// Those that may name anything of other plans.
    vague_abroad: Vec<usize>,
}

impl<'a> Naming<'a> {
    /// Of these resources, by this attribute.
    pub(super) fn of(these: &[&'a Resource], attribute: &str) -> Self {
        let mut naming = Self::default();
        for (at, one) in these.iter().copied().enumerate() {
            let references = one.references.get(attribute).map_or(&[][..], Vec::as_slice);
            for reference in references {
                naming.by_reference.entry(reference).or_default().push(at);
            }
            let value = value(one, attribute);
            for text in texts(&value) {
                naming.by_text.entry(text).or_default().push(at);
            }
            let is_unknown = matches!(value, Attribute::Unknown | Attribute::Sensitive);
            if is_unknown {
                naming.vague_abroad.push(at);
            }
            let follows = references.is_empty() || matches!(value, Attribute::Sensitive);
            if references.iter().any(|one| is_mark(one)) || is_unknown && follows {
                naming.vague.entry(one.plan).or_default().push(at);
            }
        }
        naming
    }

    /// Of the resources of which this is the index, those that name one, and whether there are others of which that is not
    /// told.
    pub(super) fn joined(
        &self,
        these: &[&'a Resource],
        attribute: &str,
        to: &Resource,
    ) -> (Vec<&'a Resource>, bool) {
        let asked = self.asked(to);
        let mut open = self.vague(these, to).any(|at| !asked.contains(&at));
        let mut found = Vec::new();
        for one in asked.iter().filter_map(|at| these.get(*at)) {
            match refers(one, attribute, to) {
                Told::Yes => found.push(*one),
                Told::Open => open = true,
                Told::No => {}
            }
        }
        (found, open)
    }

    /// Of these resources, those that name one or may name it.
    pub(super) fn may_join(
        &self,
        these: &[&'a Resource],
        attribute: &str,
        to: &Resource,
    ) -> Vec<&'a Resource> {
        let asked: BTreeSet<usize> = self.asked(to).into_iter().chain(self.vague(these, to)).collect();
        let asked = asked.into_iter().filter_map(|at| these.get(at).copied());
        asked.filter(|one| refers(one, attribute, to) != Told::No).collect()
    }

    /// Those of which one reference or value may be meant for a resource.
    fn asked(&self, to: &Resource) -> BTreeSet<usize> {
        let names = names_of(&to.address);
        let by_name = names.filter_map(|name| self.by_reference.get(name.as_ref()));
        let by_text = called(to).filter_map(|text| self.by_text.get(text));
        by_name.chain(by_text).flatten().copied().collect()
    }

    /// Those that may name any resource of a plan.
    fn vague(&self, these: &[&'a Resource], to: &Resource) -> impl Iterator<Item = usize> {
        let near = self.vague.get(&to.plan).into_iter().flatten();
        let is_abroad = |at: &&usize| these.get(**at).is_some_and(|one| one.plan != to.plan);
        near.chain(self.vague_abroad.iter().filter(is_abroad)).copied()
    }
}

/// The resources of one type, by what they may be called in attributes of others.
#[derive(Debug, Default)]
pub(super) struct Names<'a> {
    by_address: BTreeMap<&'a str, Vec<usize>>,
    by_text: BTreeMap<&'a str, Vec<usize>>,
}

impl<'a> Names<'a> {
    /// Of these resources.
    pub(super) fn of(these: &[&'a Resource]) -> Self {
        let mut names = Self::default();
        for (at, one) in these.iter().copied().enumerate() {
            names.by_address.entry(&one.address).or_default().push(at);
            for text in called(one) {
                names.by_text.entry(text).or_default().push(at);
            }
        }
        names
    }

    /// The first of them that an attribute names, if one is told.
    pub(super) fn named(
        &self,
        these: &[&'a Resource],
        from: &Resource,
        attribute: &str,
    ) -> Option<&'a Resource> {
        let is_named = |one: &&'a Resource| refers(from, attribute, one) == Told::Yes;
        let references = from.references.get(attribute).map_or(&[][..], Vec::as_slice);
        if references.iter().any(|one| one.ends_with(ALL)) {
            return these.iter().copied().find(is_named);
        }
        let by_address = references.iter().filter_map(|one| self.by_address.get(one.as_str()));
        let mut asked: BTreeSet<usize> = by_address.flatten().copied().collect();
        for text in texts(&value(from, attribute)) {
            asked.extend(self.by_text.get(text).into_iter().flatten());
        }
        asked.into_iter().filter_map(|at| these.get(at).copied()).find(is_named)
    }
}

/// The texts of a value: itself, or those that it lists.
fn texts<'r>(value: &Attribute<'r>) -> Vec<&'r str> {
    match value {
        Attribute::Known(Value::String(text)) => vec![text],
        Attribute::Known(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
        Attribute::Known(_) | Attribute::Unknown | Attribute::Sensitive | Attribute::Unset => Vec::new(),
    }
}

/// What a resource is called in attributes of others.
fn called(resource: &Resource) -> impl Iterator<Item = &str> {
    NAMES.iter().filter_map(|name| resource.values.get(*name)?.as_str())
}

/// The references that name an address: itself, and those to all instances of a block that it lies in.
fn names_of(address: &str) -> impl Iterator<Item = std::borrow::Cow<'_, str>> {
    let blocks = address.match_indices('[').filter_map(|(at, _)| address.get(..at));
    std::iter::once(address.into()).chain(blocks.map(|block| format!("{block}{ALL}").into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::SENSITIVE;
    use serde_json::json;

    fn bucket(plan: usize, address: &str, name: &str) -> Resource {
        let values = json!({ "bucket": name });
        Resource { address: address.to_owned(), kind: "aws_s3_bucket".to_owned(), values, plan, ..blank() }
    }

    fn blank() -> Resource {
        Resource {
            address: String::new(),
            kind: String::new(),
            module: String::new(),
            provider: String::new(),
            values: json!({}),
            unknown: json!({}),
            sensitive: json!({}),
            references: BTreeMap::new(),
            configured: None,
            plan: 0,
        }
    }

    /// Everything that an attribute can be: its references, and what is known of its value.
    fn blocks() -> Vec<Resource> {
        let references: [Option<&[&str]>; 8] = [
            None,
            Some(&[]),
            Some(&["aws_s3_bucket.one"]),
            Some(&["aws_s3_bucket.many[*]"]),
            Some(&["aws_s3_bucket.many[1]", "count.index"]),
            Some(&["local.bucket"]),
            Some(&["aws_s3_bucket.gone"]),
            Some(&["aws_s3_bucket.one", "aws_s3_bucket.two"]),
        ];
        let values = [json!({}), json!({ "bucket": "first" }), json!({ "bucket": ["second", "elsewhere"] })];
        let unknown = (json!({}), json!({ "bucket": true }), json!({}));
        let secret = (json!({ "bucket": SENSITIVE }), json!({}), json!({ "bucket": true }));
        let known = values.map(|values| (values, json!({}), json!({})));
        let mut all = Vec::new();
        for plan in 0..2 {
            for given in references {
                for (values, unknown, sensitive) in
                    known.iter().cloned().chain([unknown.clone(), secret.clone()])
                {
                    let given = given.map(|all| all.iter().map(|one| (*one).to_owned()).collect());
                    let references = given.map(|given| ("bucket".to_owned(), given)).into_iter().collect();
                    let address = format!("aws_s3_bucket_versioning.v{}", all.len());
                    all.push(Resource { address, values, unknown, sensitive, references, plan, ..blank() });
                }
            }
        }
        all
    }

    fn buckets() -> Vec<Resource> {
        let all = [("one", "first"), ("two", "second"), ("many[0]", "first"), ("many[1]", "third")];
        let of_plan = |plan| all.map(|(end, name)| bucket(plan, &format!("aws_s3_bucket.{end}"), name));
        (0..2).flat_map(of_plan).collect()
    }

    #[test]
    fn looking_up_finds_the_same_as_holding_each_against_each() {
        let (blocks, buckets) = (blocks(), buckets());
        // All at once, and each by itself, so that none hides behind what another leaves open.
        let alone = blocks.iter().map(|one| vec![one]);
        for these in alone.chain([blocks.iter().collect()]) {
            let naming = Naming::of(&these, "bucket");
            for to in &buckets {
                let told = |wanted| these.iter().filter(move |one| refers(one, "bucket", to) == wanted);
                let found: Vec<&Resource> = told(Told::Yes).copied().collect();
                let open = told(Told::Open).next().is_some();
                assert_eq!(naming.joined(&these, "bucket", to), (found, open), "{these:?} {to:?}");
                let may: Vec<&Resource> =
                    these.iter().copied().filter(|one| refers(one, "bucket", to) != Told::No).collect();
                assert_eq!(naming.may_join(&these, "bucket", to), may, "{these:?} {to:?}");
            }
        }
    }

    #[test]
    fn the_first_that_an_attribute_names_is_the_same_as_when_all_are_asked() {
        let (blocks, buckets) = (blocks(), buckets());
        let buckets: Vec<&Resource> = buckets.iter().collect();
        let names = Names::of(&buckets);
        for from in &blocks {
            let first = buckets.iter().copied().find(|one| refers(from, "bucket", one) == Told::Yes);
            assert_eq!(names.named(&buckets, from, "bucket"), first, "{from:?}");
        }
    }
}
