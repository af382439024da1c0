//! What a description draws: its zones, nodes and links.

use super::cloud::Cloud;
use super::{Device, Line, Picture, Row, Symbol, Zone};
use crate::check::Check;
use crate::connection::Kind;
use crate::description::{Carrier, DataClass, Element, Id, Link, Node, NodeKind, Range, Site, ZoneKind};
use std::collections::{BTreeMap, BTreeSet};

/// How many ranges of a zone are shown.
const RANGES_SHOWN: usize = 2;

/// Draws a description. What a plan shows in its place is left to the plan.
pub(super) fn draw(picture: &mut Picture, site: &Site, cloud: &Cloud<'_>, check: &Check) {
    let replaced = replaced(site, cloud);
    picture.zones.extend(site.zones.iter().filter(|zone| !replaced.contains(zone.id.as_str())).map(|zone| {
        Zone {
            id: zone.id.value.clone(),
            name: zone.name.clone().or_else(|| owner(zone, site)).unwrap_or_default(),
            note: ranges(zone.ranges.iter().flatten().map(|range| &range.value)),
            row: row(zone.kind),
            within: zone.within.as_ref().map(|within| within.value.clone()),
            folded: 0,
        }
    }));
    picture.devices.extend(site.nodes.iter().filter_map(|node| device(node, &replaced)));
    let others = others(picture, site, cloud);
    let kinds: BTreeMap<&str, Kind> =
        check.connections.iter().map(|one| (one.id.as_str(), one.kind)).collect();
    // What is not in the picture is left out when all of it is there.
    let end = |id: &str| others.get(id).map_or(id, String::as_str).to_owned();
    let line = |link: &Link| Line {
        id: link.id.value.clone(),
        name: link.name.clone().unwrap_or_default(),
        from: end(link.from.as_str()),
        to: end(link.to.as_str()),
        kind: Some(kinds.get(link.id.as_str()).copied().unwrap_or_else(|| kind(link.carrier))),
    };
    picture.links.extend(site.links.iter().map(line));
}

/// A network of somebody else is called by their name, where it has none of its own.
fn owner(zone: &crate::description::Zone, site: &Site) -> Option<String> {
    let owner = zone.owner.as_ref().filter(|_| matches!(zone.kind, ZoneKind::Vendor | ZoneKind::Carrier))?;
    site.parties.iter().find(|party| party.id == *owner)?.name.clone()
}

/// The zones that a plan shows in their place, with what lies in them.
fn replaced<'a>(site: &'a Site, cloud: &Cloud<'_>) -> BTreeSet<&'a str> {
    let shown = |one: &&crate::description::Cloud| cloud.find(&one.address.value).is_some();
    let stands = site.cloud.iter().filter(shown).filter_map(|one| one.stands_for.as_ref());
    let mut replaced: BTreeSet<&str> = stands.map(Id::as_str).collect();
    for _ in 0..super::DEPTH_MAX {
        let inside = site
            .zones
            .iter()
            .filter(|zone| zone.within.as_ref().is_some_and(|within| replaced.contains(within.as_str())));
        let more: Vec<&str> =
            inside.map(|zone| zone.id.as_str()).filter(|id| !replaced.contains(id)).collect();
        replaced.extend(more);
    }
    replaced
}

/// What ends of links that name a cloud are in the picture: the resource, or the zone that stands for it, or a place of
/// its own.
fn others(picture: &mut Picture, site: &Site, cloud: &Cloud<'_>) -> BTreeMap<String, String> {
    let mut others = BTreeMap::new();
    for one in &site.cloud {
        let id = if let Some(found) = cloud.find(&one.address.value) {
            found
        } else if let Some(zone) = &one.stands_for {
            zone.value.clone()
        } else {
            picture.zones.push(Zone {
                name: one.name.clone().unwrap_or_default(),
                note: one.address.value.clone(),
                ..Zone::new(one.id().as_str(), Row::Outside)
            });
            continue;
        };
        others.insert(one.id.value.clone(), id);
    }
    others
}

fn device(node: &Node, replaced: &BTreeSet<&str>) -> Option<Device> {
    let mut zones = node.zones.iter().map(Id::as_str).filter(|zone| !replaced.contains(zone));
    let zone = zones.next()?.to_owned();
    Some(Device {
        id: node.id.value.clone(),
        name: node.name.clone().unwrap_or_default(),
        also: zones.map(str::to_owned).collect(),
        zone,
        symbol: symbol(node.kind),
        count: u64::from(node.count.unwrap_or(1)),
        holds: node.holds.iter().flatten().any(|class| is_of_patients(*class)),
    })
}

fn row(kind: ZoneKind) -> Row {
    match kind {
        ZoneKind::Internet => Row::Internet,
        ZoneKind::Carrier | ZoneKind::GuestWireless => Row::Border,
        ZoneKind::Information | ZoneKind::Eligibility | ZoneKind::Management | ZoneKind::Other => {
            Row::Information
        }
        ZoneKind::Medical => Row::Medical,
        ZoneKind::Vendor | ZoneKind::Cloud => Row::Outside,
    }
}

fn symbol(kind: NodeKind) -> Symbol {
    match kind {
        NodeKind::Terminal | NodeKind::Printer => Symbol::Terminal,
        NodeKind::Server
        | NodeKind::Api
        | NodeKind::Function
        | NodeKind::Model
        | NodeKind::Directory
        | NodeKind::Resolver
        | NodeKind::Service => Symbol::Server,
        NodeKind::Database | NodeKind::Store | NodeKind::Pacs => Symbol::Store,
        NodeKind::Gateway
        | NodeKind::Router
        | NodeKind::Firewall
        | NodeKind::VpnDevice
        | NodeKind::Balancer
        | NodeKind::WirelessAp => Symbol::Gateway,
        NodeKind::Modality | NodeKind::Appliance => Symbol::Appliance,
    }
}

/// What the carrier alone says; a check that looked at the link has said more.
fn kind(carrier: Option<Carrier>) -> Kind {
    match carrier {
        Some(Carrier::Internet | Carrier::Mobile) => Kind::Open,
        Some(_) | None => Kind::Undecided,
    }
}

fn is_of_patients(class: DataClass) -> bool {
    matches!(
        class,
        DataClass::ClinicalRecord
            | DataClass::Image
            | DataClass::Laboratory
            | DataClass::PatientIdentity
            | DataClass::Billing
            | DataClass::Eligibility
            | DataClass::HealthCheck
            | DataClass::Draft
            | DataClass::Pseudonymised
    )
}

fn ranges<'a>(all: impl Iterator<Item = &'a Range>) -> String {
    let mut shown: Vec<String> = all.take(RANGES_SHOWN.saturating_add(1)).map(ToString::to_string).collect();
    if shown.len() > RANGES_SHOWN {
        shown.truncate(RANGES_SHOWN);
        shown.push("…".to_owned());
    }
    shown.join(", ")
}
