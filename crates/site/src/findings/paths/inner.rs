//! Ways inside a cloud: that they pass the inspection, and that none leads back from secondary use.

use super::super::Judgement;
use super::view::{Found, View, holds_records, is_secondary, worst};
use crate::connection::extent::passes_on;
use crate::description::{Node, NodeKind, Zone, ZoneKind};
use crate::model::{Thing, Way};

pub(super) fn judge(view: &View<'_>, out: &mut Vec<Judgement>) {
    for node in &view.site.nodes {
        if inspects(view, node) {
            view.tell(out, "net.inspection-bypassed", &node.id, bypassed(view, node));
        }
        if is_secondary(node) {
            view.tell(out, "net.secondary-use-back", &node.id, back(view, node));
        }
    }
}

/// Whether it is a firewall between several networks of a cloud.
fn inspects(view: &View<'_>, node: &Node) -> bool {
    let cloud =
        node.zones.iter().filter_map(|id| view.zone(id.as_str())).filter(|zone| zone.kind == ZoneKind::Cloud);
    node.kind == NodeKind::Firewall && cloud.count() > 1
}

fn bypassed<'a>(view: &View<'a>, inspector: &'a Node) -> Found {
    let hosts =
        |zone: &Zone| view.site.nodes.iter().any(|node| !passes_on(node) && node.zones.contains(&zone.id));
    let spokes: Vec<&Zone> = view.zones_of(inspector).filter(|zone| hosts(zone)).collect();
    let origins = view.of_kind(&[
        ZoneKind::Medical,
        ZoneKind::Information,
        ZoneKind::Management,
        ZoneKind::Cloud,
        ZoneKind::Vendor,
    ]);
    let mut told = Vec::new();
    for from in origins {
        for spoke in spokes.iter().filter(|spoke| spoke.id != from.id) {
            let ways = view.enters_by(from.id.as_str(), spoke);
            let round = ways.filter(|way| !passes(view, way, inspector)).min_by_key(|way| !way.decided);
            told.extend(round.map(|way| {
                let (from, to) = (view.name(from.id.as_str()), view.name(spoke.id.as_str()));
                Found::by(
                    way,
                    format!("{from} から {to} に、検査を通らずに届きます。"),
                    format!("{to} is reached from {from} round the inspection."),
                )
            }));
        }
    }
    worst(told).unwrap_or_else(|| {
        Found::holds("検査を通らない経路はありません。", "No path leads round the inspection.")
    })
}

/// Whether a way passes a machine; one on which packets were lost sight of may not.
fn passes(view: &View<'_>, way: &Way, node: &Node) -> bool {
    way.hops.iter().any(|hop| match view.model.thing(hop.node) {
        Some(Thing::Device(id)) => *id == node.id.value,
        Some(Thing::Filter(id)) => {
            view.site.filters.iter().flatten().any(|filter| filter.id.value == *id && filter.at == node.id)
        }
        _ => false,
    })
}

fn back<'a>(view: &View<'a>, node: &'a Node) -> Found {
    let id = node.id.as_str();
    let keeps = |other: &&Node| holds_records(other) && other.id != node.id;
    let own = |zone: &&Zone| node.zones.contains(&zone.id);
    let mut told = Vec::new();
    for keeper in view.site.nodes.iter().filter(keeps) {
        let way = view.reaches(id, keeper.id.as_str(), |_, _| true);
        told.extend(way.map(|way| returns(view, id, keeper.id.as_str(), way)));
        for zone in view.zones_of(keeper).filter(|zone| !own(zone) && zone.kind != ZoneKind::Internet) {
            let way = view.enters(id, zone, |_, _| true);
            told.extend(way.map(|way| returns(view, id, zone.id.as_str(), way)));
        }
    }
    worst(told).unwrap_or_else(|| {
        Found::holds("診療の記録に戻る経路はありません。", "No path leads back to the records of care.")
    })
}

fn returns(view: &View<'_>, from: &str, to: &str, way: Way) -> Found {
    let (from, to) = (view.name(from), view.name(to));
    Found::by(
        way,
        format!("二次利用の {from} から {to} に戻れます。"),
        format!("From {from}, of secondary use, {to} is reached."),
    )
}
