//! Where attackers may stand.

use super::Stance;
use super::facts::{Facts, Seat};
use super::store::is_patient_data;
use super::weakness::Weakness;
use crate::description::{
    Carrier, Id, Link, Node, NodeKind, Party, PartyKind, Protection, Site, WirelessLink, Zone, ZoneKind,
};
use crate::model::{Model, Thing};
use crate::network::NodeId;
use crate::packet::{Addresses, PacketSet};
use crate::reach::{Answer, Question};
use ipnet::IpNet;
use std::collections::BTreeSet;

/// A place where an attacker may stand.
#[derive(Clone, Debug)]
pub(super) struct Stand {
    pub(super) stance: Stance,
    /// What it is called: the id of a zone, node, line or resource.
    pub(super) id: String,
    /// The node of the network where the packets begin.
    pub(super) node: NodeId,
    /// The packets, unless they are those of a machine.
    pub(super) packets: Option<PacketSet>,
    pub(super) seat: Seat,
    /// What it takes to be there; none where attackers simply are.
    pub(super) entry: Option<Weakness>,
    /// Whether the attacker is on the machine, and so has what lies on it.
    pub(super) holds: bool,
}

/// All of them, in order.
pub(super) fn stands(facts: &Facts<'_>, site: Option<&Site>) -> Vec<Stand> {
    let mut found = Stands { facts, found: Vec::new() };
    found.things();
    if let Some(site) = site {
        let vendors: BTreeSet<&str> = vendor_places(site);
        site.zones.iter().for_each(|zone| found.zone(zone, &vendors));
        site.nodes.iter().for_each(|node| found.node(node, &vendors));
        site.links.iter().for_each(|link| found.link(link));
        found.access_points(site);
    }
    let mut found = found.found;
    found.sort_by(|left, right| {
        (left.stance, &left.id, left.node).cmp(&(right.stance, &right.id, right.node))
    });
    found.dedup_by(|left, right| {
        (left.stance, left.node, &left.entry) == (right.stance, right.node, &right.entry)
    });
    found
}

/// The zones and nodes that are a vendor's, or from which one works.
fn vendor_places(site: &Site) -> BTreeSet<&str> {
    let is_vendor = |party: &&Party| party.kind == PartyKind::Vendor;
    let vendors: BTreeSet<&str> =
        site.parties.iter().filter(is_vendor).map(|party| party.id.as_str()).collect();
    let is_theirs = |zone: &&Zone| {
        let owned = zone.owner.as_ref().is_some_and(|owner| vendors.contains(owner.as_str()));
        zone.kind == ZoneKind::Vendor || owned
    };
    let zones = site.zones.iter().filter(is_theirs).map(|zone| zone.id.as_str());
    let from = site.maintenance.iter().flatten().filter_map(|entry| entry.from.as_ref());
    zones.chain(from.map(Id::as_str)).collect()
}

struct Stands<'f, 'a> {
    facts: &'f Facts<'a>,
    found: Vec<Stand>,
}

impl Stands<'_, '_> {
    fn model(&self) -> &Model {
        self.facts.model
    }

    /// What the model itself names: the internet, and what nobody described.
    fn things(&mut self) {
        let model = self.facts.model;
        for (node, thing) in model.things() {
            let stance = match thing {
                Thing::Internet => Stance::Internet,
                Thing::Undescribed { .. } => Stance::Undescribed,
                _ => continue,
            };
            let seat = Seat { internet: stance == Stance::Internet, ..Seat::default() };
            let id = match model.network.node(node) {
                Some(node) => node.title.id.clone(),
                None => continue,
            };
            self.add(Stand { stance, id, node, packets: None, seat, entry: None, holds: false });
        }
    }

    fn zone(&mut self, zone: &Zone, vendors: &BTreeSet<&str>) {
        let id = zone.id.as_str();
        if zone.kind == ZoneKind::Internet {
            self.in_zone(Stance::Internet, id, id, None);
        }
        if zone.kind == ZoneKind::GuestWireless {
            self.in_zone(Stance::Wireless, id, id, None);
        }
        if vendors.contains(id) {
            self.in_zone(Stance::Vendor, id, id, None);
        }
    }

    fn node(&mut self, node: &Node, vendors: &BTreeSet<&str>) {
        if vendors.contains(node.id.as_str()) {
            self.at(Stance::Vendor, node, None);
        }
        if node.kind == NodeKind::Terminal && self.reads_mail(node) {
            self.at(Stance::PhishedPc, node, None);
        }
        if node.portable == Some(true) {
            self.at(Stance::StolenDevice, node, Some(&Facts::unprotected(node)));
        }
    }

    /// Whether mail and web may come to a terminal: it stands in an information network, or can open connections to the
    /// internet.
    fn reads_mail(&self, node: &Node) -> bool {
        let kind = |zone: &str| self.facts.zone(zone).map(|zone| zone.kind);
        if self
            .facts
            .around(node.zones.iter().map(Id::as_str))
            .iter()
            .any(|zone| kind(zone) == Some(ZoneKind::Information))
        {
            return true;
        }
        let model = self.model();
        let internet = model.things().filter(|(_, thing)| match thing {
            Thing::Internet => true,
            Thing::Zone(id) => kind(id) == Some(ZoneKind::Internet),
            _ => false,
        });
        let internet: Vec<NodeId> = internet.map(|(node, _)| node).collect();
        let among = model.network.before_all(internet.iter().copied()).into_iter().collect();
        let outwards = PacketSet::to_destinations(&Addresses::public());
        self.nodes_of(node).into_iter().any(|from| {
            let packets = PacketSet::from_sources(&model.network.sources(from)).intersect(&outwards);
            let reach = Question::of(&model.network).without_labels().among(from, &packets, &among);
            internet.iter().any(|to| !matches!(reach.to(*to), Answer::NoPath))
        })
    }

    /// A wireless line: whoever joins it is in the zone at its end.
    fn link(&mut self, link: &Link) {
        let radio = radio_of(link);
        if link.carrier != Some(Carrier::Wireless) && radio.is_none() {
            return;
        }
        for zone in self.joined(link) {
            self.radio(&link.id.value, &zone, radio);
        }
    }

    /// The zones that a wireless line joins: its ends, or where its ends are machines, the zones of what is no access point.
    fn joined(&self, link: &Link) -> BTreeSet<String> {
        let ends = [link.from.as_str(), link.to.as_str()];
        let zones: BTreeSet<String> =
            ends.iter().filter(|end| self.facts.zone(end).is_some()).map(|end| (*end).to_owned()).collect();
        if !zones.is_empty() {
            return zones;
        }
        let nodes = ends.iter().filter_map(|end| self.facts.node(end));
        let clients = nodes.filter(|node| node.kind != NodeKind::WirelessAp);
        clients.flat_map(|node| node.zones.iter().map(|zone| zone.value.clone())).collect()
    }

    /// Access points of which no line says how their wireless is protected.
    fn access_points(&mut self, site: &Site) {
        let is_radio = |link: &&Link| {
            let said = link.protection.iter().flatten().any(|one| matches!(one, Protection::Wireless(_)));
            said || link.carrier == Some(Carrier::Wireless)
        };
        let described: BTreeSet<String> =
            site.links.iter().filter(is_radio).flat_map(|link| self.joined(link)).collect();
        for node in site.nodes.iter().filter(|node| node.kind == NodeKind::WirelessAp) {
            let has_line = site
                .links
                .iter()
                .filter(is_radio)
                .any(|link| link.from.value == node.id.value || link.to.value == node.id.value);
            for zone in &node.zones {
                let is_guests =
                    self.facts.zone(zone.as_str()).map(|zone| zone.kind) == Some(ZoneKind::GuestWireless);
                if !has_line && !is_guests && !described.contains(zone.as_str()) {
                    self.radio(&node.id.value, zone.as_str(), None);
                }
            }
        }
    }

    fn radio(&mut self, id: &str, zone: &str, wireless: Option<&WirelessLink>) {
        let is_guests = self.facts.zone(zone).map(|zone| zone.kind) == Some(ZoneKind::GuestWireless);
        if !is_guests {
            self.in_zone(Stance::Wireless, id, zone, Some(&Facts::radio(id, wireless)));
        }
    }

    /// Somebody in a zone, with a device and an address of their own.
    fn in_zone(&mut self, stance: Stance, id: &str, zone: &str, entry: Option<&Weakness>) {
        let model = self.facts.model;
        let seat = self.facts.seat_in(zone, stance == Stance::Vendor);
        for (node, thing) in model.things() {
            if *thing != Thing::Zone(zone.to_owned()) {
                continue;
            }
            let packets = PacketSet::from_sources(&self.addresses(node, zone));
            let (id, seat, entry) = (id.to_owned(), seat.clone(), entry.cloned());
            self.add(Stand { stance, id, node, packets: Some(packets), seat, entry, holds: false });
        }
    }

    /// The addresses that somebody in a zone may have: all, where nobody said which there are.
    fn addresses(&self, node: NodeId, zone: &str) -> Addresses {
        let own = self.model().network.sources(node);
        let ranges = self.facts.zone(zone).and_then(|zone| zone.ranges.as_ref());
        match ranges.filter(|ranges| !ranges.is_empty()) {
            _ if !own.is_empty() => own,
            Some(ranges) => Addresses::from_nets(ranges.iter().map(|range| -> IpNet { range.value.0 })),
            None => Addresses::all(),
        }
    }

    /// Somebody on a machine.
    fn at(&mut self, stance: Stance, node: &Node, entry: Option<&Weakness>) {
        for at in self.nodes_of(node) {
            let (id, seat) = (node.id.value.clone(), self.facts.seat(at));
            let seat = Seat { vendor: seat.vendor || stance == Stance::Vendor, ..seat };
            self.add(Stand { stance, id, node: at, packets: None, seat, entry: entry.cloned(), holds: true });
        }
    }

    fn nodes_of(&self, node: &Node) -> Vec<NodeId> {
        let is_it = |thing: &Thing| matches!(thing, Thing::Device(id) if *id == node.id.value);
        self.model().things().filter(|(_, thing)| is_it(thing)).map(|(node, _)| node).collect()
    }

    fn add(&mut self, stand: Stand) {
        self.found.push(stand);
    }
}

fn radio_of(link: &Link) -> Option<&WirelessLink> {
    link.protection.iter().flatten().find_map(|one| match one {
        Protection::Wireless(wireless) => Some(wireless),
        _ => None,
    })
}

/// What it takes to stand somewhere by what a changed description says.
pub(super) fn entry(facts: &Facts<'_>, stand: &Stand) -> Option<Weakness> {
    let known = stand.entry.as_ref()?;
    let link = || facts.links().iter().find(|link| link.id.value == stand.id);
    Some(match stand.stance {
        Stance::StolenDevice => facts.node(&stand.id).map_or_else(|| known.clone(), Facts::unprotected),
        Stance::Wireless => {
            link().map_or_else(|| known.clone(), |link| Facts::radio(&stand.id, radio_of(link)))
        }
        Stance::Internet | Stance::Vendor | Stance::Undescribed | Stance::PhishedPc => known.clone(),
    })
}

/// Whether somebody who stands here has patient data in their hands already.
pub(super) fn has_in_hand(facts: &Facts<'_>, stand: &Stand) -> bool {
    let host = facts.model.network.host(stand.node);
    stand.holds && host.is_some_and(|host| host.holds.iter().any(|class| is_patient_data(class)))
}
