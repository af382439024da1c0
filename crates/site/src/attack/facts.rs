//! What the description says of machines, networks and lines that helps an attacker or hinders one.

use crate::description::{Id, Link, Maintenance, Node, NodeKind, PartyKind, Site, Zone};
use crate::model::{Model, Thing};
use crate::network::NodeId;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// What is known beside the network.
#[derive(Debug)]
pub(super) struct Facts<'a> {
    pub(super) model: &'a Model,
    pub(super) today: Date,
    nodes: BTreeMap<&'a str, &'a Node>,
    zones: BTreeMap<&'a str, &'a Zone>,
    links: Vec<&'a Link>,
    maintenance: Vec<&'a Maintenance>,
    /// Who runs clouds.
    clouds: BTreeSet<&'a str>,
}

/// From where a leg goes, as far as it matters for what the attacker needs at its end.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Seat {
    /// The device of the description.
    pub(super) device: Option<String>,
    /// The zones it stands in, and those around them.
    pub(super) zones: BTreeSet<String>,
    /// Who administers it; none where that is not said, or is no matter for an attacker who holds no machine.
    pub(super) administrators: Option<BTreeSet<String>>,
    /// Whether it is a machine of which nobody said who administers it.
    pub(super) unknown_administrators: bool,
    /// Whether it is the place of a vendor: maintenance is for it.
    pub(super) vendor: bool,
    /// Whether it is the internet.
    pub(super) internet: bool,
}

impl<'a> Facts<'a> {
    pub(super) fn new(model: &'a Model, site: Option<&'a Site>, today: Date) -> Self {
        let mut facts = Self {
            model,
            today,
            nodes: BTreeMap::new(),
            zones: BTreeMap::new(),
            links: Vec::new(),
            maintenance: Vec::new(),
            clouds: BTreeSet::new(),
        };
        if let Some(site) = site {
            facts.nodes = site.nodes.iter().map(|node| (node.id.as_str(), node)).collect();
            facts.zones = site.zones.iter().map(|zone| (zone.id.as_str(), zone)).collect();
            facts.links = site.links.iter().collect();
            facts.maintenance = site.maintenance.iter().flatten().collect();
            let clouds = site.parties.iter().filter(|party| party.kind == PartyKind::Cloud);
            facts.clouds = clouds.map(|party| party.id.as_str()).collect();
        }
        facts
    }

    /// The device of the description that a node of the network is.
    pub(super) fn device(&self, node: NodeId) -> Option<&'a Node> {
        match self.model.thing(node)? {
            Thing::Device(id) => self.nodes.get(id.as_str()).copied(),
            _ => None,
        }
    }

    /// Whether a machine only has software that others keep up to date, or none that anybody can see.
    pub(super) fn is_managed(&self, device: &Node) -> bool {
        use NodeKind::{Api, Function, Model, Service};
        let is_of_cloud = || device.owner.as_ref().is_some_and(|owner| self.clouds.contains(owner.as_str()));
        let is_unseen = matches!(device.kind, Api | Function | Model | Service);
        device.software.is_none() && (is_unseen || is_of_cloud())
    }

    pub(super) fn node(&self, id: &str) -> Option<&'a Node> {
        self.nodes.get(id).copied()
    }

    pub(super) fn zone(&self, id: &str) -> Option<&'a Zone> {
        self.zones.get(id).copied()
    }

    pub(super) fn links(&self) -> &[&'a Link] {
        &self.links
    }

    pub(super) fn maintenance(&self) -> &[&'a Maintenance] {
        &self.maintenance
    }

    /// Zones with all those around them.
    pub(super) fn around<'z>(&self, zones: impl IntoIterator<Item = &'z str>) -> BTreeSet<String> {
        let mut open: Vec<String> = zones.into_iter().map(str::to_owned).collect();
        let mut found = BTreeSet::new();
        while let Some(zone) = open.pop() {
            open.extend(self.zone(&zone).and_then(|zone| zone.within.as_ref()).map(|id| id.value.clone()));
            found.insert(zone);
            // Zones that lie in each other in a circle end here.
            open.retain(|zone| !found.contains(zone));
        }
        found
    }

    /// Who sits at a machine.
    pub(super) fn seat(&self, node: NodeId) -> Seat {
        let Some(device) = self.device(node) else { return Seat::default() };
        let administrators: Option<BTreeSet<String>> = device
            .administered_by
            .as_ref()
            .map(|parties| parties.iter().map(|party| party.value.clone()).collect());
        Seat {
            device: Some(device.id.value.clone()),
            zones: self.around(device.zones.iter().map(Id::as_str)),
            unknown_administrators: administrators.is_none(),
            administrators,
            vendor: self.is_place_of_vendor(device),
            internet: false,
        }
    }

    /// Who sits somewhere in a zone, with a device of their own.
    pub(super) fn seat_in(&self, zone: &str, vendor: bool) -> Seat {
        Seat { zones: self.around([zone]), vendor, ..Seat::default() }
    }

    fn is_place_of_vendor(&self, device: &Node) -> bool {
        let is_from = |entry: &&&Maintenance| {
            entry.from.as_ref().is_some_and(|from| {
                from.value == device.id.value || device.zones.iter().any(|zone| zone.value == from.value)
            })
        };
        self.maintenance.iter().any(|entry| is_from(&entry))
    }

    /// What people call a node: by the description, or as the network does.
    pub(super) fn name(&self, node: NodeId) -> String {
        let said = self.device(node).and_then(|device| device.name.clone());
        let title = || self.model.network.node(node).map(|node| node.title.name.clone());
        said.or_else(title).unwrap_or_default()
    }

    /// What people call something of the description.
    pub(super) fn called(&self, id: &str) -> String {
        let node = self.node(id).and_then(|node| node.name.clone());
        let zone = || self.zone(id).and_then(|zone| zone.name.clone());
        let link = || self.links.iter().find(|link| link.id.value == id).and_then(|link| link.name.clone());
        node.or_else(zone).or_else(link).unwrap_or_else(|| id.to_owned())
    }
}
