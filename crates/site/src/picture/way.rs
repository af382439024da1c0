//! The ways of attackers as lists of what the picture shows.

use super::Way;
use crate::attack::Chain;
use crate::check::Check;
use crate::description::Site;
use crate::model::{Model, Thing};
use std::collections::{BTreeMap, BTreeSet};

/// For the nodes of the network that the picture shows, by what id it does. Filters and links are lines, not places.
pub(super) fn named(
    model: &Model,
    internet: Option<&str>,
    site: Option<&Site>,
) -> BTreeMap<String, Option<String>> {
    let mut named = BTreeMap::new();
    for (node, thing) in model.things() {
        let Some(node) = model.network.node(node) else { continue };
        let id = match thing {
            Thing::Internet => internet.map(str::to_owned),
            Thing::Zone(id) | Thing::Device(id) => Some(id.clone()),
            Thing::Link { .. } | Thing::Filter(_) => None,
            Thing::Resource { plan, address } => Some(Thing::name_of(*plan, address)),
            Thing::Undescribed { .. } => Some(node.title.id.clone()),
        };
        named.insert(node.title.id.clone(), id);
    }
    // What the description calls so needs no node: an attacker may begin in a zone that only groups others.
    let site = site.into_iter().flat_map(|site| {
        let zones = site.zones.iter().map(|zone| zone.id.as_str());
        zones.chain(site.nodes.iter().map(|node| node.id.as_str()))
    });
    for id in site {
        named.entry(id.to_owned()).or_insert_with(|| Some(id.to_owned()));
    }
    if let Some(internet) = internet {
        named.insert(super::INTERNET.to_owned(), Some(internet.to_owned()));
    }
    named
}

/// The ways of all chains.
pub(super) fn ways(check: &Check, named: &BTreeMap<String, Option<String>>) -> Vec<Way> {
    let chains = check.attacks.chains.iter().enumerate();
    chains
        .map(|(place, chain)| Way { chain: place, passes: passes(chain, named), decided: chain.decided })
        .collect()
}

fn passes(chain: &Chain, named: &BTreeMap<String, Option<String>>) -> Vec<String> {
    let mut nodes = vec![chain.from.as_str()];
    for leg in &chain.legs {
        nodes.push(&leg.from);
        nodes.extend(leg.steps.iter().map(|step| step.node.as_str()));
        nodes.push(&leg.to);
    }
    nodes.push(&chain.to);
    let mut passes: Vec<String> =
        nodes.into_iter().filter_map(|node| named.get(node).cloned().flatten()).collect();
    passes.dedup();
    // A zone that only stands between two of its own devices is no hop to look at, but one that is come back to is.
    let mut seen = BTreeSet::new();
    passes.retain(|id| seen.insert(id.clone()));
    passes
}
