//! Bridges between networks that are kept apart: machines with a foot in each, the eligibility network, guests.

use super::super::Judgement;
use super::view::{Found, View, worst};
use crate::description::{Carrier, Link, Node, NodeKind, Protection, WirelessLink, Zone, ZoneKind};
use crate::model::Thing;

/// Networks that are joined to others by guarded ways only.
const CLOSED: &[ZoneKind] = &[ZoneKind::Medical, ZoneKind::Eligibility, ZoneKind::Management];
/// Networks in which others are, or from which the Internet is used.
const OPEN: &[ZoneKind] =
    &[ZoneKind::Internet, ZoneKind::Information, ZoneKind::GuestWireless, ZoneKind::Vendor];

/// Networks of the facility that guests must not reach.
const INSIDE: &[ZoneKind] =
    &[ZoneKind::Information, ZoneKind::Medical, ZoneKind::Eligibility, ZoneKind::Management, ZoneKind::Other];

pub(super) fn judge(view: &View<'_>, out: &mut Vec<Judgement>) {
    for node in &view.site.nodes {
        if node.zones.len() > 1 && (!guards(node) || node.kind == NodeKind::WirelessAp) {
            view.tell(out, "net.undeclared-bridge", &node.id, two_feet(view, node));
        }
    }
    for link in &view.site.links {
        if let Some(found) = way_round(view, link) {
            view.tell(out, "net.undeclared-bridge", &link.id, found);
        }
        if let Some(found) = shared_key(view, link) {
            view.tell(out, "wireless.guests-joined", &link.id, found);
        }
    }
    for zone in view.of_kind(&[ZoneKind::Eligibility]) {
        view.tell(out, "eligibility.joined", &zone.id, joined(view, zone));
    }
    for zone in view.of_kind(&[ZoneKind::GuestWireless]) {
        view.tell(out, "wireless.guests-joined", &zone.id, guests(view, zone));
    }
}

/// Whether it is there to stand between networks.
fn guards(node: &Node) -> bool {
    matches!(
        node.kind,
        NodeKind::Router
            | NodeKind::Firewall
            | NodeKind::VpnDevice
            | NodeKind::Gateway
            | NodeKind::Balancer
            | NodeKind::Api
            | NodeKind::WirelessAp
    )
}

/// A machine that passes nothing on still carries malware from one network to the other.
fn two_feet<'a>(view: &View<'a>, node: &'a Node) -> Found {
    let foot = |kinds: &[ZoneKind]| view.zones_of(node).find(|zone| kinds.contains(&zone.kind));
    let (Some(open), Some(closed)) = (foot(OPEN), foot(CLOSED)) else {
        return Found::holds(
            "分けるべきネットワークの両方には接続していません。",
            "It has no foot in networks that are kept apart.",
        );
    };
    // An access point has radios of several networks, and keeps them apart unless it passes packets on.
    match (node.kind, node.forwards) {
        (NodeKind::WirelessAp, None) => return Found::unsaid("forwards"),
        (NodeKind::WirelessAp, Some(false)) => return Found::holds("forwards: no", "forwards: no"),
        _ => {}
    }
    let through = |way: &crate::model::Way| {
        way.hops.iter().any(|hop| view.model.thing(hop.node) == Some(&Thing::Device(node.id.value.clone())))
    };
    let way = view.enters_by(open.id.as_str(), closed).find(|way| way.decided && through(way));
    let (open, closed) = (view.name(open.id.as_str()), view.name(closed.id.as_str()));
    let found = Found::violated(
        format!("{open} と {closed} の両方に接続しています。"),
        format!("It has a foot in {open} and in {closed}."),
    );
    Found { way, ..found }
}

/// A line from a closed network to an open one that no guarding device ends.
fn way_round(view: &View<'_>, link: &Link) -> Option<Found> {
    let mobile = matches!(link.carrier, Some(Carrier::Mobile | Carrier::Internet));
    let one = side(view, &link.from);
    let other = side(view, &link.to);
    let (closed, open) = match (one, other) {
        (Side::Closed, Side::Open) => (&link.from, &link.to),
        (Side::Open, Side::Closed) => (&link.to, &link.from),
        _ => return None,
    };
    // What vendors are joined to by other lines is told as their way.
    let vendor = view.zones_at(open).iter().all(|zone| zone.kind == ZoneKind::Vendor);
    if vendor && !mobile {
        return None;
    }
    let (closed, open) = (view.name(closed.as_str()), view.name(open.as_str()));
    Some(Found::violated(
        format!("{closed} が、通信を制御する機器を通らずに {open} につながっています。"),
        format!("{closed} is joined to {open} without a device that guards it."),
    ))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Closed,
    Open,
    Neither,
}

fn side(view: &View<'_>, end: &crate::description::Id) -> Side {
    if view.node(end.as_str()).is_some_and(guards) {
        return Side::Neither;
    }
    let zones = view.zones_at(end);
    let all = |kinds: &[ZoneKind]| !zones.is_empty() && zones.iter().all(|zone| kinds.contains(&zone.kind));
    if all(CLOSED) {
        Side::Closed
    } else if all(OPEN) {
        Side::Open
    } else {
        Side::Neither
    }
}

/// What comes into the eligibility network from others, and from it into the facility's, beside the listed flows.
fn joined<'a>(view: &View<'a>, zone: &'a Zone) -> Found {
    let id = zone.id.as_str();
    let within =
        |other: &Zone| other.kind == ZoneKind::Eligibility || other.within.as_ref() == Some(&zone.id);
    let others = view.site.zones.iter().filter(|other| other.kind != ZoneKind::Carrier && !within(other));
    let mut told = Vec::new();
    for other in others {
        let from = other.id.as_str();
        let way = view.enters(from, zone, |who, cube| !view.listed(who, id, cube));
        told.extend(way.map(|way| passes(view, from, id, way)));
        if matches!(other.kind, ZoneKind::Information | ZoneKind::Medical | ZoneKind::Management) {
            let way = view.enters(id, other, |who, cube| !view.listed(who, from, cube));
            told.extend(way.map(|way| passes(view, id, from, way)));
        }
    }
    worst(told).unwrap_or_else(|| {
        Found::holds(
            "一覧にない通信で他のネットワークとつながる経路はありません。",
            "No path joins it to another network beside the listed flows.",
        )
    })
}

fn passes(view: &View<'_>, from: &str, to: &str, way: crate::model::Way) -> Found {
    let (from, to) = (view.name(from), view.name(to));
    Found::by(way, format!("{from} から {to} に届きます。"), format!("{to} is reached from {from}."))
}

fn guests<'a>(view: &View<'a>, zone: &'a Zone) -> Found {
    // What guests reach over the Internet, others keep.
    let told = view.of_kind(INSIDE).filter_map(|other| {
        let (from, to) = (zone.id.as_str(), other.id.as_str());
        let way = view.enters(from, other, |who, cube| !view.listed(who, to, cube))?;
        Some(passes(view, from, to, way))
    });
    let mut told: Vec<Found> = told.collect();
    told.extend(radios(view, zone));
    worst(told).unwrap_or_else(|| {
        Found::holds("他のネットワークに届く経路はありません。", "No path leads from it to another network.")
    })
}

/// Radio links that begin at a device of the guests' network and lead into another one.
fn radios(view: &View<'_>, zone: &Zone) -> Vec<Found> {
    let of_guests = |end: &crate::description::Id| {
        let zones = view.zones_at(end);
        !zones.is_empty() && zones.iter().all(|other| other.id == zone.id)
    };
    let elsewhere = |end: &crate::description::Id| {
        view.zone(end.as_str())
            .is_some_and(|other| CLOSED.contains(&other.kind) || other.kind == ZoneKind::Information)
    };
    let links = view.site.links.iter().filter(|link| link.carrier == Some(Carrier::Wireless));
    let joins = links.filter(|link| {
        (of_guests(&link.from) && elsewhere(&link.to)) || (of_guests(&link.to) && elsewhere(&link.from))
    });
    joins
        .map(|link| {
            Found::violated(
                format!("来訪者用の無線（{}）が別のネットワークにつながっています。", link.id),
                format!("The guests' radio ({}) leads into another network.", link.id),
            )
        })
        .collect()
}

/// Radio that is not for guests, and of which guests have the key.
fn shared_key(view: &View<'_>, link: &Link) -> Option<Found> {
    let radio = |one: &Protection| match one {
        Protection::Wireless(radio) => Some(radio.clone()),
        _ => None,
    };
    let radios: Vec<WirelessLink> = link.protection.iter().flatten().filter_map(radio).collect();
    let apart = [&link.from, &link.to]
        .iter()
        .any(|end| view.zone(end.as_str()).is_some_and(|zone| zone.kind != ZoneKind::GuestWireless));
    let guests = view.of_kind(&[ZoneKind::GuestWireless]).next().is_some();
    if link.carrier != Some(Carrier::Wireless) || !apart || radios.is_empty() {
        return None;
    }
    let key = |radio: &WirelessLink| match radio.key_shared_with_guests {
        Some(true) => Some(Found::violated("key_shared_with_guests: yes", "key_shared_with_guests: yes")),
        Some(false) => Some(Found::holds("key_shared_with_guests: no", "key_shared_with_guests: no")),
        None => guests.then(|| Found::unsaid("key_shared_with_guests")),
    };
    worst(radios.iter().filter_map(key))
}
