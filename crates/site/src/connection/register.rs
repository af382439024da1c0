//! What the ids of a description stand for, and who stands in its networks: looked up once, since a description may have
//! thousands of each.

use crate::description::{Id, Link, Node, Site, Zone, ZoneKind};
use std::collections::BTreeMap;

/// The elements of a description by their ids.
#[derive(Debug)]
pub(crate) struct Register<'s> {
    zones: BTreeMap<&'s str, &'s Zone>,
    nodes: BTreeMap<&'s str, &'s Node>,
    links: BTreeMap<&'s str, &'s Link>,
    members: BTreeMap<&'s str, Vec<&'s Node>>,
    internet: Option<&'s Zone>,
}

impl<'s> Register<'s> {
    pub(crate) fn of(site: &'s Site) -> Self {
        let mut register = Self {
            zones: BTreeMap::new(),
            nodes: BTreeMap::new(),
            links: BTreeMap::new(),
            members: BTreeMap::new(),
            internet: site.zones.iter().find(|zone| zone.kind == ZoneKind::Internet),
        };
        // Of equal ids the first counts.
        for zone in &site.zones {
            register.zones.entry(zone.id.as_str()).or_insert(zone);
        }
        for link in &site.links {
            register.links.entry(link.id.as_str()).or_insert(link);
        }
        for node in &site.nodes {
            register.nodes.entry(node.id.as_str()).or_insert(node);
            for (at, zone) in node.zones.iter().enumerate() {
                // Who is said twice to stand in a network stands there once.
                if !node.zones.iter().take(at).any(|before| before == zone) {
                    register.members.entry(zone.as_str()).or_default().push(node);
                }
            }
        }
        register
    }

    pub(crate) fn zone(&self, id: &str) -> Option<&'s Zone> {
        self.zones.get(id).copied()
    }

    pub(crate) fn node(&self, id: &str) -> Option<&'s Node> {
        self.nodes.get(id).copied()
    }

    pub(crate) fn link(&self, id: &str) -> Option<&'s Link> {
        self.links.get(id).copied()
    }

    /// The first network that is the internet.
    pub(crate) fn internet(&self) -> Option<&'s Zone> {
        self.internet
    }

    /// The machines that stand in a network, in the order of the description; none of a machine.
    pub(crate) fn members(&self, zone: &Id) -> &[&'s Node] {
        self.members.get(zone.as_str()).map_or(&[], Vec::as_slice)
    }
}
