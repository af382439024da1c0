//! Ways to the records from networks that are open, and ways out from them that nobody listed.

use super::super::Judgement;
use super::view::{Found, View, holds_records, worst};
use crate::connection::parameters::{Demand, best};
use crate::description::{Action, Node, NodeKind, Zone, ZoneKind};
use crate::model::Way;
use crate::network::Reason;
use crate::packet::Cube;
use crate::rules::Verdict;

pub(super) fn judge(view: &View<'_>, out: &mut Vec<Judgement>) {
    for zone in &view.site.zones {
        if is_kept(view, zone) {
            view.tell(out, "net.open-path-to-records", &zone.id, into_network(view, zone));
        }
    }
    for node in &view.site.nodes {
        if let Some(found) = outside(view, node) {
            view.tell(out, "net.open-path-to-records", &node.id, found);
        } else if holds_records(node) {
            view.tell(out, "net.open-path-to-records", &node.id, to_machine(view, node));
        }
        if holds_records(node)
            && let Some(found) = way_out(view, node)
        {
            view.tell(out, "net.unlisted-way-out", &node.id, found);
        }
    }
}

/// Networks into which nobody comes from an open one: those of care, and those in which records lie.
fn is_kept<'a>(view: &View<'a>, zone: &'a Zone) -> bool {
    let records = || view.members(zone).any(holds_records);
    match zone.kind {
        ZoneKind::Medical => true,
        ZoneKind::Cloud | ZoneKind::Management | ZoneKind::Other => records(),
        ZoneKind::Internet
        | ZoneKind::Information
        | ZoneKind::Eligibility
        | ZoneKind::Vendor
        | ZoneKind::Carrier
        | ZoneKind::GuestWireless => false,
    }
}

/// Networks from which everybody has to be kept out, or who is not listed.
fn origins<'a>(view: &View<'a>) -> Vec<&'a str> {
    let others = view.of_kind(&[ZoneKind::GuestWireless, ZoneKind::Information]);
    view.internet().into_iter().chain(others.map(|zone| zone.id.as_str())).collect()
}

fn into_network<'a>(view: &View<'a>, zone: &'a Zone) -> Found {
    let id = zone.id.as_str();
    let ways = origins(view).into_iter().filter_map(|from| {
        let ways = view.enters(from, zone, |who, cube| !view.listed(who, id, cube));
        ways.map(|way| (from, way))
    });
    found(view, id, ways)
}

/// A machine that stands on the Internet itself and holds records, or has a foot in another network as well. What is made to
/// stand there is no such machine.
fn outside<'a>(view: &View<'a>, node: &'a Node) -> Option<Found> {
    let made = matches!(
        node.kind,
        NodeKind::Router
            | NodeKind::Firewall
            | NodeKind::VpnDevice
            | NodeKind::Gateway
            | NodeKind::Balancer
            | NodeKind::Api
            | NodeKind::Resolver
    );
    let zone = view.zones_of(node).find(|zone| zone.kind == ZoneKind::Internet)?;
    let inside = view.zones_of(node).any(|other| other.kind != ZoneKind::Internet);
    if made || !(inside || holds_records(node)) {
        return None;
    }
    let name = view.name(node.id.as_str());
    Some(Found::violated(
        format!("{name} はインターネット（{}）に直接接続しています。", zone.id),
        format!("{name} stands on the Internet itself ({}).", zone.id),
    ))
}

fn to_machine<'a>(view: &View<'a>, node: &'a Node) -> Found {
    let id = node.id.as_str();
    let own = |from: &str| node.zones.iter().any(|zone| zone.as_str() == from);
    let unlisted = |who: &str, cube: &Cube| !(view.listed(who, id, cube) && guarded(view, who, node, cube));
    let ways = origins(view)
        .into_iter()
        .filter(|from| !own(from))
        .filter_map(|from| view.reaches(from, id, unlisted).map(|way| (from, way)));
    found(view, id, ways)
}

/// Whether packets from the Internet come to an entrance that asks what the guideline demands there; others need none.
fn guarded(view: &View<'_>, who: &str, node: &Node, cube: &Cube) -> bool {
    if !view.internet().contains(&who) {
        return true;
    }
    let takes = |service: &&crate::description::Service| {
        service.ports.as_ref().is_none_or(|ports| {
            ports.iter().any(|one| {
                one.value.first <= cube.destination_port.first()
                    && cube.destination_port.last() <= one.value.last
            })
        })
    };
    let mut services = node.listens.iter().flatten().filter(takes).peekable();
    services.peek().is_some()
        && services.all(|one| best(one.protection.as_deref(), Demand::Open).verdict == Verdict::Holds)
}

fn found<'a>(view: &View<'a>, to: &str, ways: impl Iterator<Item = (&'a str, Way)>) -> Found {
    let each = ways.map(|(from, way)| {
        let way = let_in(view, way);
        let (from, to) = (view.name(from), view.name(to));
        Found::by(way, format!("{from} から {to} に届きます。"), format!("{to} is reached from {from}."))
    });
    worst(each).unwrap_or_else(|| {
        Found::holds(
            "開いたネットワークからの経路はありません。",
            "No path leads there from an open network.",
        )
    })
}

/// A way from the Internet of which only is not known how addresses are translated, through a device that lets pass by default
/// what no rule is about: the description says that it does, so it counts as certain.
fn let_in(view: &View<'_>, way: Way) -> Way {
    let by_default = |reason: &Reason| {
        let mut filters =
            view.site.filters.iter().flatten().filter(|filter| filter.at.as_str() == reason.place);
        reason.attribute == TRANSLATION && filters.any(|filter| filter.default == Some(Action::Allow))
    };
    if way.decided || way.reasons.is_empty() || !way.reasons.iter().all(by_default) {
        return way;
    }
    Way { decided: true, reasons: Vec::new(), ..way }
}

/// What the drawing of devices at the Internet calls unknown where no rule names it.
const TRANSLATION: &str = "address translation";

/// Of what keeps records for others; a terminal goes where its user goes.
fn way_out<'a>(view: &View<'a>, node: &'a Node) -> Option<Found> {
    let keeps = matches!(node.kind, NodeKind::Server | NodeKind::Database | NodeKind::Store | NodeKind::Pacs);
    if !keeps {
        return None;
    }
    let id = node.id.as_str();
    let each = view
        .internet()
        .into_iter()
        .filter_map(|to| view.reaches(id, to, |who, cube| !view.listed(who, to, cube)));
    let told = each.map(|way| {
        let name = view.name(id);
        let found = Found::by(
            way,
            format!("{name} から、一覧にない通信でインターネットに接続できます。"),
            format!("{name} can open connections to the Internet that no flow names."),
        );
        if view.site.flows.is_some() { found } else { Found { verdict: Verdict::Undecided, ..found } }
    });
    Some(worst(told).unwrap_or_else(|| {
        Found::holds(
            "一覧にない通信で外に出る経路はありません。",
            "No path leads out beside the listed flows.",
        )
    }))
}
