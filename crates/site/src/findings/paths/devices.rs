//! Machines: where they are administered from, what stands beside the records, what reaches the backups.

use super::super::Judgement;
use super::view::{Found, View, holds_records, worst};
use crate::description::{Backup, Id, Node, Service, Software, ZoneKind};
use crate::packet::Cube;
use crate::rules::Verdict;
use std::collections::BTreeMap;

pub(super) fn judge(view: &View<'_>, out: &mut Vec<Judgement>) {
    for node in &view.site.nodes {
        let managed: Vec<&Service> =
            node.listens.iter().flatten().filter(|service| service.management == Some(true)).collect();
        if !managed.is_empty() {
            view.tell(out, "device.management-exposed", &node.id, exposed(view, node, &managed));
        }
        if node.software.iter().flatten().any(|software| is_past(view, software)) {
            view.tell(out, "device.unsupported-flat", &node.id, flat(view, node));
        }
    }
    let mut copies: BTreeMap<&Id, Vec<&Backup>> = BTreeMap::new();
    for backup in view.site.backups.iter().flatten() {
        backup.of.iter().for_each(|of| copies.entry(of).or_default().push(backup));
    }
    for (of, backups) in copies {
        // The reference says the place in the list of backups; the machine is told where it stands itself.
        let id = view.node(of.as_str()).map_or(of, |node| &node.id);
        view.tell(out, "backup.reachable", id, in_reach(view, of, &backups));
    }
}

fn exposed<'a>(view: &View<'a>, node: &'a Node, services: &[&Service]) -> Found {
    let id = node.id.as_str();
    let open = |cube: &Cube| {
        services.iter().any(|service| {
            service.ports.as_ref().is_none_or(|ports| {
                let meets =
                    |first, last| cube.destination_port.meets(crate::packet::Span::between(first, last));
                ports.is_empty() || ports.iter().any(|one| meets(one.value.first, one.value.last))
            })
        })
    };
    let guests = view.of_kind(&[ZoneKind::GuestWireless]).map(|zone| zone.id.as_str());
    let vendors = view.of_kind(&[ZoneKind::Vendor]).map(|zone| zone.id.as_str());
    let vendors = vendors.filter(|vendor| !works_on(view, vendor, node));
    let origins = view.internet().into_iter().chain(guests).chain(vendors);
    let each = origins.filter_map(|from| {
        let way = view.reaches(from, id, |_, cube| open(cube))?;
        let (name, from) = (view.name(id), view.name(from));
        Some(Found::by(
            way,
            format!("{from} から {name} の管理画面に届きます。"),
            format!("The management page of {name} is reached from {from}."),
        ))
    });
    let found = worst(each);
    // Whoever said nothing of filters at all did not say that nothing guards it.
    let said = view.site.filters.is_some() || services.iter().any(|service| service.accepts_from.is_some());
    if !said && found.as_ref().is_some_and(|found| found.verdict == Verdict::Violated) {
        return Found::unsaid("filters");
    }
    found.unwrap_or_else(|| {
        Found::holds(
            "外から管理画面に届く経路はありません。",
            "No path leads from outside to where it is administered.",
        )
    })
}

/// Whether a vendor's agreed work is on this machine.
fn works_on(view: &View<'_>, vendor: &str, node: &Node) -> bool {
    let Some(zone) = view.zone(vendor) else { return false };
    view.site.maintenance.iter().flatten().any(|entry| {
        let from = entry.from.as_ref().is_some_and(|from| view.covers(&zone.id, from.as_str()));
        let owner = entry.from.is_none() && entry.vendor.is_some() && entry.vendor == zone.owner;
        (from || owner) && entry.into.iter().flatten().any(|into| *into == node.id)
    })
}

fn is_past(view: &View<'_>, software: &Software) -> bool {
    match software.end_of_support {
        Some(end) => end.0 < view.scene.today,
        None => software.supported == Some(false),
    }
}

/// What is past support stands in no network with records whose members reach each other.
fn flat<'a>(view: &View<'a>, node: &'a Node) -> Found {
    let id = node.id.as_str();
    let mut told = Vec::new();
    for zone in view.zones_of(node) {
        let beside = view.members(zone).find(|other| other.id != node.id && holds_records(other));
        let Some(beside) = beside else { continue };
        let (name, other) = (view.name(id), view.name(beside.id.as_str()));
        told.push(match zone.isolated {
            Some(true) => continue,
            None => Found::unsaid(&format!("zones.{}.isolated", zone.id)),
            Some(false) => Found {
                way: view.reaches(id, beside.id.as_str(), |_, _| true).filter(|way| way.decided),
                ..Found::violated(
                    format!("サポートの切れた {name} が、{other} と同じ区画（{}）にあります。", zone.id),
                    format!("{name}, past support, stands in one segment ({}) with {other}.", zone.id),
                )
            },
        });
    }
    worst(told).unwrap_or_else(|| {
        Found::holds(
            "患者の情報を持つ機器と同じ平らな区画にはありません。",
            "It stands in no flat segment with records.",
        )
    })
}

/// One copy at least is detached, or cannot be changed by anybody.
fn in_reach<'a>(view: &View<'a>, of: &'a Id, backups: &[&'a Backup]) -> Found {
    let safe = |backup: &&&Backup| backup.offline == Some(true) || backup.immutable == Some(true);
    if let Some(copy) = backups.iter().find(safe) {
        let text = format!("{}: offline / immutable", copy.id);
        return Found::holds(text.clone(), text);
    }
    if let Some(open) = backups.iter().find(|one| one.offline.is_none() || one.immutable.is_none()) {
        let key = if open.immutable.is_none() { "immutable" } else { "offline" };
        return Found::unsaid(&format!("backups.{}.{key}", open.id));
    }
    let way = backups
        .iter()
        .filter_map(|one| one.at.as_ref())
        .find_map(|at| view.reaches(of.as_str(), at.as_str(), |_, _| true).filter(|way| way.decided));
    let names: Vec<&str> = backups.iter().map(|one| one.id.as_str()).collect();
    let names = names.join(", ");
    Found {
        verdict: Verdict::Violated,
        way,
        ..Found::violated(
            format!("どのバックアップ（{names}）も切り離されておらず、変更できます。"),
            format!("No backup ({names}) is detached or beyond change."),
        )
    }
}
