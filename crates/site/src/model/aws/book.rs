//! All resources of all plans, found by address, by id, by kind, and by what their attributes name.
//!
//! In a plan of a new stack almost no id is known, so an attribute is followed by the references of its configuration. What
//! cannot be told for sure is told as candidates with the reason: an attribute that passes through a local value, a choice
//! between several resources, a name that leads out of the plans.

use crate::network::{Doubt, Reason};
use crate::plan::Plan;
use crate::resource::{Resource, SENSITIVE, is_mark, names};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Attributes over which an attribute is followed at most: the subnets of a load balancer that another resource names.
const STEPS_MAX: usize = 4;
/// Resources that one attribute may name.
const NAMED_MAX: usize = 2_000;

/// The resources of the plans.
#[derive(Debug, Default)]
pub(crate) struct Book<'a> {
    addresses: BTreeMap<(usize, &'a str), &'a Resource>,
    blocks_of: BTreeMap<(usize, &'a str), Vec<&'a Resource>>,
    ids: BTreeMap<&'a str, &'a Resource>,
    of_kind: BTreeMap<&'a str, Vec<&'a Resource>>,
}

/// What is asked of an attribute.
#[derive(Clone, Copy)]
struct Ask<'a, 'k> {
    resource: &'a Resource,
    path: &'k str,
    kinds: &'k [&'k str],
    /// Intermediaries that may still be asked.
    steps: usize,
}

/// What an attribute names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found<'a> {
    /// The resources, each once, in the order of the plan; where `open` says so, those that may be meant.
    pub(crate) these: Vec<&'a Resource>,
    /// Why it is not known which are meant, or whether these are all.
    pub(crate) open: Option<Reason>,
    /// Ids that no resource of the plans has.
    pub(crate) elsewhere: Vec<String>,
}

impl<'a> Found<'a> {
    /// Whether the attribute names nothing: it is not set.
    pub(crate) fn is_unset(&self) -> bool {
        self.these.is_empty() && self.open.is_none() && self.elsewhere.is_empty()
    }

    /// The one resource that is meant for sure.
    pub(crate) fn one(&self) -> Option<&'a Resource> {
        match (self.these.as_slice(), &self.open) {
            ([one], None) if self.elsewhere.is_empty() => Some(one),
            _ => None,
        }
    }

    /// These and those.
    #[must_use]
    pub(crate) fn with(mut self, other: Self) -> Self {
        for one in other.these {
            self.add(one);
        }
        self.elsewhere.extend(other.elsewhere);
        self.open = self.open.or(other.open);
        self
    }

    fn add(&mut self, one: &'a Resource) {
        if self.these.iter().any(|known| std::ptr::eq(*known, one)) {
            return;
        }
        if self.these.len() < NAMED_MAX {
            self.these.push(one);
        } else {
            let (place, attribute) = (super::name_of(one), String::new());
            self.open.get_or_insert(Reason { doubt: Doubt::TooMany, place, attribute });
        }
    }
}

impl<'a> Book<'a> {
    /// The resources of these plans.
    pub(crate) fn of(plans: &'a [Plan]) -> Self {
        let mut book = Self::default();
        for resource in plans.iter().flat_map(|plan| &plan.resources) {
            let plan = resource.plan;
            book.addresses.insert((plan, &resource.address), resource);
            book.blocks_of.entry((plan, block_of(&resource.address))).or_default().push(resource);
            book.of_kind.entry(&resource.kind).or_default().push(resource);
            for id in ["id", "arn"].iter().filter_map(|name| resource.values.get(name)?.as_str()) {
                // What manages an object knows more of it than what only reads it.
                let is_known = book.ids.get(id).is_some_and(|known| !known.is_data());
                if !is_known && !id.is_empty() {
                    book.ids.insert(id, resource);
                }
            }
        }
        book
    }

    /// All resources.
    pub(crate) fn all(&self) -> impl Iterator<Item = &'a Resource> + '_ {
        self.addresses.values().copied()
    }

    /// The resources of a type (`aws_subnet`, `data.aws_subnet`), in their order.
    pub(crate) fn kind(&self, kind: &str) -> impl Iterator<Item = &'a Resource> + use<'a> {
        self.of_kind.get(kind).cloned().unwrap_or_default().into_iter()
    }

    /// The resources of these types.
    pub(crate) fn kinds(
        &self,
        kinds: &'static [&'static str],
    ) -> impl Iterator<Item = &'a Resource> + use<'a, '_> {
        kinds.iter().flat_map(|kind| self.kind(kind))
    }

    /// The resource with this address of a plan.
    pub(crate) fn at(&self, plan: usize, address: &str) -> Option<&'a Resource> {
        self.addresses.get(&(plan, address)).copied()
    }

    /// The resource that has this id or ARN.
    pub(crate) fn by_id(&self, id: &str) -> Option<&'a Resource> {
        self.ids.get(id).copied()
    }

    /// The resources of a type that name others by an attribute, by the names of those.
    pub(crate) fn naming(
        &self,
        kind: &str,
        path: &str,
        kinds: &[&str],
    ) -> BTreeMap<String, Vec<&'a Resource>> {
        let mut naming: BTreeMap<String, Vec<&'a Resource>> = BTreeMap::new();
        for resource in self.kind(kind) {
            for one in self.named(resource, path, kinds).these {
                naming.entry(super::name_of(one)).or_default().push(resource);
            }
        }
        naming
    }

    /// The resources of some types that an attribute names: `subnet_ids`, `vpc_config.subnet_ids`.
    pub(crate) fn named(&self, resource: &'a Resource, path: &str, kinds: &[&str]) -> Found<'a> {
        self.look(Ask { resource, path, kinds, steps: STEPS_MAX })
    }

    /// The same within one of several blocks of the same name, which is given with what is unknown of it: of `route` blocks
    /// each has its own target, while the references of the configuration stand for all blocks.
    pub(crate) fn named_in(
        &self,
        resource: &'a Resource,
        (value, unknown): (&Value, &Value),
        (block, attribute): (&str, &str),
        kinds: &[&str],
    ) -> Found<'a> {
        let path = format!("{block}.{attribute}");
        let (value, unknown) = (part(value, attribute), part(unknown, attribute));
        self.told(Ask { resource, path: &path, kinds, steps: STEPS_MAX }, &value, &unknown)
    }

    fn look(&self, ask: Ask<'a, '_>) -> Found<'a> {
        let (values, unknown) =
            (parts(&ask.resource.values, ask.path), parts(&ask.resource.unknown, ask.path));
        self.told(ask, &values, &unknown)
    }

    fn told(&self, ask: Ask<'a, '_>, values: &[&Value], unknown: &[&Value]) -> Found<'a> {
        let Ask { resource, path, kinds, .. } = ask;
        let mut found = Found::default();
        let (mut hidden, mut by_name) = (false, Vec::new());
        for text in values.iter().flat_map(|value| texts(value)).filter(|text| !text.is_empty()) {
            match self.by_id(text) {
                _ if text == SENSITIVE => hidden = true,
                Some(one) if kinds.contains(&one.kind.as_str()) => found.add(one),
                Some(_) | None => by_name.push(text),
            }
        }
        let references = resource.references.get(path);
        // What is named by its name and not by its id is known from the references alone.
        if let Some(references) = references.filter(|_| !by_name.is_empty()) {
            let wanted = Some(by_name.len()).filter(|_| !is_list(last_of(path)));
            let named = self.referred(ask, references, wanted);
            if !named.these.is_empty() && named.open.is_none() {
                by_name.clear();
            }
            found = found.with(Found { open: None, ..named });
        }
        found.elsewhere.extend(by_name.into_iter().map(str::to_owned));
        let is_unknown = unknown.iter().any(|unknown| has_true(unknown));
        if hidden || (is_unknown && references.is_none() && may_give(resource, path)) {
            found.open = Some(reason(resource, path, None));
        }
        match references.filter(|_| is_unknown) {
            Some(references) => found.with(self.referred(ask, references, wanted(unknown, path))),
            None => found,
        }
    }

    /// What references name. `wanted` is how many resources an attribute has, where that is known.
    fn referred(&self, ask: Ask<'a, '_>, references: &[String], wanted: Option<usize>) -> Found<'a> {
        let Ask { resource, path, kinds, .. } = ask;
        let mut blocks: BTreeMap<&'a str, Vec<&'a Resource>> = BTreeMap::new();
        // Which instance is meant is asked below.
        let is_choice = |mark: &&String| mark.starts_with("count.") || mark.starts_with("each.");
        let mark = references.iter().find(|one| is_mark(one) && !is_choice(one));
        for reference in references.iter().filter(|one| !is_mark(one)) {
            let twin = self.twin(resource, reference).filter(|_| wanted == Some(1));
            for one in twin.map_or_else(|| self.instances(resource.plan, reference), |twin| vec![twin]) {
                blocks.entry(block_of(&one.address)).or_default().push(one);
            }
        }
        let (mut found, mut several) = (Found::default(), 0_usize);
        for instances in blocks.into_values() {
            for one in self.own(resource, &instances, wanted) {
                let through = if kinds.contains(&one.kind.as_str()) {
                    Found { these: vec![one], ..Found::default() }
                } else {
                    self.through(ask, one)
                };
                several = several.saturating_add(through.these.len());
                found = found.with(through);
            }
        }
        if mark.is_some() || wanted.is_some_and(|wanted| several > wanted) {
            found.open = found.open.or_else(|| Some(reason(resource, path, mark)));
        }
        if found.is_unset() {
            found.open = Some(reason(resource, path, None));
        }
        found
    }

    /// Of the instances of a block, the one that belongs to the instance which names it: the plan does not tell naming all
    /// from naming one's own (`[count.index]`), so it is taken where both blocks have the same keys and one is wanted.
    fn own(
        &self,
        resource: &'a Resource,
        instances: &[&'a Resource],
        wanted: Option<usize>,
    ) -> Vec<&'a Resource> {
        let key = key_of(&resource.address);
        if wanted != Some(1) || instances.len() < 2 || key.is_empty() {
            return instances.to_vec();
        }
        let siblings = self.blocks_of.get(&(resource.plan, block_of(&resource.address)));
        let keys = |of: &[&'a Resource]| of.iter().map(|one| key_of(&one.address)).collect::<BTreeSet<_>>();
        if siblings.is_none_or(|siblings| keys(siblings) != keys(instances)) {
            return instances.to_vec();
        }
        instances.iter().copied().filter(|one| key_of(&one.address) == key).collect()
    }

    /// The same of a block that has very many instances, without a look at each.
    fn twin(&self, resource: &Resource, reference: &str) -> Option<&'a Resource> {
        let block = reference.strip_suffix("[*]")?;
        let count = |block: &str| self.blocks_of.get(&(resource.plan, block)).map(Vec::len);
        if count(block)? != count(block_of(&resource.address))? {
            return None;
        }
        self.at(resource.plan, &format!("{block}{}", key_of(&resource.address)))
    }

    fn instances(&self, plan: usize, reference: &str) -> Vec<&'a Resource> {
        match reference.strip_suffix("[*]") {
            None => self.at(plan, reference).into_iter().collect(),
            Some(block) => {
                let of = self.blocks_of.get(&(plan, block)).map_or(&[][..], Vec::as_slice);
                let named = of.iter().copied().filter(|one| names(reference, &one.address));
                named.take(NAMED_MAX.saturating_add(1)).collect()
            }
        }
    }

    /// What is meant where the expression names something else than what is asked for: `aws_route_table.a.vpc_id`,
    /// `data.aws_subnets.private.ids`. It is asked by the same attribute.
    fn through(&self, ask: Ask<'a, '_>, one: &'a Resource) -> Found<'a> {
        let last = last_of(ask.path);
        let mut found = Found::default();
        let Some(steps) = ask.steps.checked_sub(1) else { return found };
        for path in alike(last) {
            found = found.with(self.look(Ask { resource: one, path, steps, ..ask }));
        }
        if found.is_unset() && one.is_data() {
            found.open = Some(reason(one, last, None));
        }
        found
    }
}

/// A mark is named beside the attribute: whoever reads it knows which local value to give.
fn reason(resource: &Resource, path: &str, mark: Option<&String>) -> Reason {
    let place = super::name_of(resource);
    match mark {
        Some(mark) => Reason::attribute(place, format!("{path} = {mark}")),
        None => Reason::attribute(place, path),
    }
}

/// The last step of a path.
fn last_of(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// Attributes that name the same as one: how the types call their subnets, their groups.
fn alike(attribute: &str) -> &'static [&'static str] {
    match attribute {
        "vpc_id" | "vpc" => &["vpc_id", "vpc_config.vpc_id"],
        "subnet_id" | "subnet_ids" | "subnets" | "vpc_zone_identifier" => {
            &["subnet_ids", "subnet_id", "subnets", "vpc_config.subnet_ids"]
        }
        "security_groups" | "security_group_ids" | "vpc_security_group_ids" | "security_group_id" => &[
            "security_group_ids",
            "vpc_security_group_ids",
            "security_groups",
            "vpc_config.security_group_ids",
        ],
        "gateway_id" | "internet_gateway_id" => &["internet_gateway_id", "vpn_gateway_id", "gateway_id"],
        "vpn_gateway_id" => &["vpn_gateway_id"],
        "transit_gateway_id" => &["transit_gateway_id"],
        "route_table_id" | "default_route_table_id" => &["route_table_id"],
        "network_interface_id" | "primary_network_interface_id" => &["network_interface_id"],
        _ => &[],
    }
}

/// The address of a block without the key of the instance.
pub(super) fn block_of(address: &str) -> &str {
    address.strip_suffix(key_of(address)).unwrap_or(address)
}

/// The key of an instance with its brackets; empty where it has none.
pub(super) fn key_of(address: &str) -> &str {
    if !address.ends_with(']') {
        return "";
    }
    let (mut quoted, mut escaped, mut start) = (false, false, 0);
    for (at, letter) in address.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '[' if !quoted => start = at,
            _ => {}
        }
    }
    address.get(start..).unwrap_or_default()
}

/// How many resources an attribute names: one for an id; as many as a list has elements where that is known.
fn wanted(unknown: &[&Value], path: &str) -> Option<usize> {
    if is_list(last_of(path)) {
        return match unknown {
            [Value::Array(elements)] => Some(elements.iter().filter(|one| has_true(one)).count()),
            _ => None,
        };
    }
    Some(unknown.iter().filter(|unknown| has_true(unknown)).count().max(1))
}

fn is_list(attribute: &str) -> bool {
    attribute.ends_with('s') || ["vpc_zone_identifier", "security_group_id_list"].contains(&attribute)
}

/// Whether the configuration gives the attribute, or is not known.
fn may_give(resource: &Resource, path: &str) -> bool {
    let begins = |given: &String| given == path || path.starts_with(&format!("{given}."));
    // Blocks that an expression makes (`dynamic`) stand in the values, and nowhere in the configuration.
    let block = path.split_once('.').and_then(|(block, _)| resource.values.get(block)?.as_array());
    let is_made = block.is_some_and(|blocks| !blocks.is_empty());
    is_made || resource.configured.as_ref().is_none_or(|given| given.iter().any(begins))
}

/// The places at a path; lists are gone through.
pub(super) fn parts<'v>(value: &'v Value, path: &str) -> Vec<&'v Value> {
    let mut open = vec![value];
    for step in path.split('.') {
        let mut next = Vec::new();
        for value in open {
            next.extend(part(value, step));
        }
        open = next;
    }
    open
}

fn part<'v>(value: &'v Value, step: &str) -> Vec<&'v Value> {
    match value {
        Value::Array(elements) => elements.iter().flat_map(|element| part(element, step)).collect(),
        Value::Object(members) => members.get(step).into_iter().collect(),
        // A whole block that is not known has no attribute that is.
        Value::Bool(true) => vec![value],
        _ => Vec::new(),
    }
}

/// The texts in a value, in lists too.
pub(super) fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(elements) => elements.iter().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

/// Whether something in it is marked.
pub(super) fn has_true(value: &Value) -> bool {
    match value {
        Value::Bool(is) => *is,
        Value::Array(elements) => elements.iter().any(has_true),
        Value::Object(members) => members.values().any(has_true),
        _ => false,
    }
}
