//! Entrances from the Internet: that nothing behind them is reached round them, and that there is no second one.

use super::super::Judgement;
use super::view::{Found, View, worst};
use crate::description::{Node, NodeKind, ZoneKind};

pub(super) fn judge(view: &View<'_>, out: &mut Vec<Judgement>) {
    for node in &view.site.nodes {
        if is_entrance(view, node) {
            view.tell(out, "entrance.side-door", &node.id, side_door(node));
        }
        if let Some(gate) = behind(view, node) {
            view.tell(out, "net.entrance-bypassed", &node.id, bypassed(view, node, gate));
        }
    }
}

/// Whether it is there to take connections from the Internet and pass them on as its own.
fn is_entrance(view: &View<'_>, node: &Node) -> bool {
    let takes = matches!(
        node.kind,
        NodeKind::Balancer | NodeKind::Api | NodeKind::Gateway | NodeKind::Service | NodeKind::Function
    );
    let outside = |id: &crate::description::Id| {
        view.zone(id.as_str()).is_some_and(|zone| zone.kind == ZoneKind::Internet)
    };
    let named = || node.listens.iter().flatten().any(|one| one.accepts_from.iter().flatten().any(outside));
    let joined = || {
        let links = &view.site.links;
        links.iter().any(|link| {
            (link.to == node.id && outside(&link.from)) || (link.from == node.id && outside(&link.to))
        })
    };
    takes && node.forwards != Some(true) && (named() || joined())
}

fn side_door(node: &Node) -> Found {
    let Some(services) = node.listens.as_ref() else { return Found::unsaid("listens") };
    let each =
        services.iter().filter(|one| one.management != Some(true)).map(|one| match one.other_entrance {
            None => Found::unsaid("other_entrance"),
            Some(true) => Found::violated("other_entrance: yes", "other_entrance: yes"),
            Some(false) => Found::holds("other_entrance: no", "other_entrance: no"),
        });
    worst(each).unwrap_or_else(|| Found::holds("接続口はありません。", "It offers nothing."))
}

/// The entrance that a machine takes connections from.
fn behind<'a>(view: &View<'a>, node: &'a Node) -> Option<&'a Node> {
    let named = node.listens.iter().flatten().flat_map(|one| one.accepts_from.iter().flatten());
    named.filter_map(|id| view.node(id.as_str())).find(|gate| gate.id != node.id && is_entrance(view, gate))
}

fn bypassed<'a>(view: &View<'a>, node: &'a Node, gate: &Node) -> Found {
    let id = node.id.as_str();
    let ways = view.internet().into_iter().filter_map(|from| view.reaches(from, id, |_, _| true));
    let told = ways.map(|way| {
        let (name, gate) = (view.name(id), view.name(gate.id.as_str()));
        Found::by(
            way,
            format!("インターネットから、入口 {gate} を通らずに {name} に届きます。"),
            format!("{name} is reached from the Internet round its entrance {gate}."),
        )
    });
    worst(told).unwrap_or_else(|| {
        Found::holds("入口を通らない経路はありません。", "No path leads round the entrance.")
    })
}
