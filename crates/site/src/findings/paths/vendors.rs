//! Lines of vendors: that each is declared, reaches what it is for and no more, and goes when what it was for goes.

use super::super::Judgement;
use super::view::{Found, View, worst};
use crate::description::{Id, Link, Maintenance, Node, Zone, ZoneKind};
use crate::packet::{Addresses, Cube};
use crate::rules::Verdict;

/// Networks that vendors may come into only as declared.
const OWN: &[ZoneKind] = &[
    ZoneKind::Information,
    ZoneKind::Medical,
    ZoneKind::Eligibility,
    ZoneKind::Management,
    ZoneKind::Cloud,
    ZoneKind::Other,
];

pub(super) fn judge(view: &View<'_>, out: &mut Vec<Judgement>) {
    for zone in view.of_kind(&[ZoneKind::Vendor]) {
        view.tell(out, "net.vendor-path-undeclared", &zone.id, undeclared(view, zone));
    }
    for entry in view.site.maintenance.iter().flatten() {
        view.tell(out, "maintenance.reaches-beyond", &entry.id, beyond(view, entry));
    }
    // Only a description with steps says what goes.
    if !view.site.steps.is_empty() {
        for link in &view.site.links {
            if let Some(zone) = vendor_of(view, link) {
                view.tell(out, "move.leftover-bridge", &link.id, leftover(view, link, zone));
            }
        }
    }
}

fn vendor_of<'a>(view: &View<'a>, link: &Link) -> Option<&'a Zone> {
    let ends = [&link.from, &link.to].into_iter().flat_map(|end| view.zones_at(end));
    ends.into_iter().find(|zone| zone.kind == ZoneKind::Vendor)
}

/// Whether an agreed piece of work or a listed flow begins or ends in a vendor's network. Where nobody listed the ways of
/// maintenance, a flow alone does not tell that one is agreed.
fn is_used(view: &View<'_>, zone: &Zone) -> bool {
    let works = |entry: &Maintenance| {
        let from = entry.from.as_ref().is_some_and(|from| view.covers(&zone.id, from.as_str()));
        let owner = entry.from.is_none() && entry.vendor.is_some() && entry.vendor == zone.owner;
        let by = entry.by.iter().flatten().any(|by| {
            let link = view.site.links.iter().find(|link| link.id == *by);
            link.is_some_and(|link| {
                [&link.from, &link.to].iter().any(|end| view.covers(&zone.id, end.as_str()))
            })
        });
        from || owner || by
    };
    let flows = view.site.flows.iter().flatten().filter(|_| view.site.maintenance.is_some());
    view.site.maintenance.iter().flatten().any(works)
        || flows
            .into_iter()
            .any(|flow| [&flow.from, &flow.to].iter().any(|end| view.covers(&zone.id, end.as_str())))
}

fn undeclared<'a>(view: &View<'a>, zone: &'a Zone) -> Found {
    let id = zone.id.as_str();
    if is_used(view, zone) {
        return Found::holds(
            "遠隔保守または通信の一覧に届け出があります。",
            "It is declared as maintenance or a flow.",
        );
    }
    let ways = view.of_kind(OWN).filter_map(|own| {
        let way = view.enters(id, own, |_, _| true)?;
        Some((own.id.as_str(), way))
    });
    let machines = view.site.nodes.iter().filter(|node| !node.zones.contains(&zone.id)).filter_map(|node| {
        let way = view.reaches(id, node.id.as_str(), |_, _| true)?;
        Some((node.id.as_str(), way))
    });
    let told = ways.chain(machines).map(|(to, way)| {
        let (from, to) = (view.name(id), view.name(to));
        let found = Found::by(
            way,
            format!("届け出のない {from} から {to} に届きます。"),
            format!("{to} is reached from {from}, which nothing declares."),
        );
        if view.site.maintenance.is_some() { found } else { Found { verdict: Verdict::Undecided, ..found } }
    });
    worst(told)
        .unwrap_or_else(|| Found::holds("院内に届く経路はありません。", "No path leads inside from there."))
}

/// Where a vendor works from: as said, or the networks at the far end of its lines, or those it owns.
fn places<'a>(view: &View<'a>, entry: &'a Maintenance) -> Vec<&'a str> {
    if let Some(from) = &entry.from {
        return vec![from.as_str()];
    }
    let links = entry.by.iter().flatten().filter_map(|by| view.site.links.iter().find(|link| link.id == *by));
    let by: Vec<&str> = links.filter_map(|link| vendor_of(view, link)).map(|zone| zone.id.as_str()).collect();
    if !by.is_empty() {
        return by;
    }
    let owned = |zone: &&Zone| zone.owner.is_some() && zone.owner == entry.vendor;
    view.of_kind(&[ZoneKind::Vendor]).filter(owned).map(|zone| zone.id.as_str()).collect()
}

fn beyond<'a>(view: &View<'a>, entry: &'a Maintenance) -> Found {
    let places = places(view, entry);
    if places.is_empty() {
        return Found::unsaid("from");
    }
    let Some(into) = &entry.into else { return Found::unsaid("into") };
    let targets = addresses(view, into);
    let outside = |cube: &Cube| !targets.of(cube.family).any(|span| span.covers(cube.destination));
    let named = |node: &Node| into.contains(&node.id);
    let mut told = Vec::new();
    for from in places {
        let own = |zone: &&Zone| zone.id.as_str() != from;
        for zone in view.of_kind(OWN).filter(own) {
            let way = view.enters(from, zone, |_, cube| outside(cube));
            told.extend(way.map(|way| over(view, from, zone.id.as_str(), way)));
        }
        for node in view
            .site
            .nodes
            .iter()
            .filter(|node| !named(node) && !node.zones.iter().any(|zone| zone.as_str() == from))
        {
            let way = view.reaches(from, node.id.as_str(), |_, _| true);
            told.extend(way.map(|way| over(view, from, node.id.as_str(), way)));
        }
    }
    let found = worst(told);
    if entry.restricted == Some(false)
        && found.as_ref().is_none_or(|found| found.verdict != Verdict::Violated)
    {
        return Found::violated("restricted: no", "restricted: no");
    }
    found.unwrap_or_else(|| {
        Found::holds("対象以外に届く経路はありません。", "No path leads beyond what it is for.")
    })
}

fn over(view: &View<'_>, from: &str, to: &str, way: crate::model::Way) -> Found {
    let (from, to) = (view.name(from), view.name(to));
    Found::by(
        way,
        format!("{from} から、対象以外（{to}）にも届きます。"),
        format!("From {from} also {to} is reached, which is not what it is for."),
    )
}

fn addresses(view: &View<'_>, into: &[Id]) -> Addresses {
    let hosts = into.iter().filter_map(|id| view.model.find(id.as_str()));
    let hosts = hosts.filter_map(|at| view.model.network.host(at));
    hosts.fold(Addresses::none(), |all, host| all.with(host.placement.addresses()))
}

fn leftover(view: &View<'_>, link: &Link, zone: &Zone) -> Found {
    let named =
        view.site.flows.iter().flatten().any(|flow| flow.via.iter().flatten().any(|via| *via == link.id))
            || view
                .site
                .maintenance
                .iter()
                .flatten()
                .any(|entry| entry.by.iter().flatten().any(|by| *by == link.id));
    if named || is_used(view, zone) {
        return Found::holds("まだ使う回線です。", "The line is still used.");
    }
    let (ja, en) = (
        format!("{} への回線が残っていますが、使う保守も通信もありません。", view.name(zone.id.as_str())),
        format!(
            "The line to {} stays, though no maintenance and no flow uses it.",
            view.name(zone.id.as_str())
        ),
    );
    if view.site.maintenance.is_none() || view.site.flows.is_none() {
        return Found::new(Verdict::Undecided, ja, en);
    }
    Found::violated(ja, en)
}
