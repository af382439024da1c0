//! Whether what is announced over a line is only what somebody uses over it.

use super::Scene;
use super::answer::{Answer, unsaid, worst};
use super::look::Look;
use crate::description::{Id, Link, Placed, Range, Zone, ZoneKind};
use crate::rules::Verdict;
use ipnet::IpNet;
use std::collections::BTreeSet;

/// Each prefix leads only to networks with a wanted flow from outside the cloud.
pub(super) fn announced(scene: &Scene<'_>, look: &Look<'_>, link: &Link) -> Answer {
    let Some(prefixes) = &link.prefixes else { return unsaid("prefixes") };
    let Some(flows) = &scene.site.flows else { return unsaid("flows") };
    let crossing = flows.iter().filter(|flow| {
        let cloud = |end| look.lies_in(end, ZoneKind::Cloud);
        cloud(&flow.from) != cloud(&flow.to)
    });
    let used: BTreeSet<&str> = crossing
        .flat_map(|flow| look.zones_at(&flow.from).into_iter().chain(look.zones_at(&flow.to)))
        .map(|zone| zone.id.as_str())
        .collect();
    let zones = parts(scene);
    let answers = prefixes.iter().map(|prefix| of(prefix, &zones, &used));
    worst(answers).unwrap_or_else(|| Answer::seen(true, "prefixes: none"))
}

/// The networks of the cloud that have no parts of their own.
fn parts<'a>(scene: &Scene<'a>) -> Vec<&'a Zone> {
    let zones = &scene.site.zones;
    let wholes: BTreeSet<&str> =
        zones.iter().filter_map(|zone| zone.within.as_ref()).map(Id::as_str).collect();
    let is_part = |zone: &&Zone| zone.kind == ZoneKind::Cloud && !wholes.contains(zone.id.as_str());
    zones.iter().filter(is_part).collect()
}

fn of(Placed { value: Range(prefix), .. }: &Placed<Range>, zones: &[&Zone], used: &BTreeSet<&str>) -> Answer {
    let within = |zone: &&&Zone| zone.ranges.iter().flatten().any(|range| overlap(&range.value.0, prefix));
    let covered: Vec<&str> = zones.iter().filter(within).map(|zone| zone.id.as_str()).collect();
    if let Some(unused) = covered.iter().find(|zone| !used.contains(*zone)) {
        return Answer::new(
            Verdict::Violated,
            format!("{prefix} は `{unused}` にも届きます（必要な通信はありません）"),
            format!("{prefix} also leads to {unused}, which no wanted flow needs"),
        );
    }
    if covered.is_empty() {
        return Answer::new(
            Verdict::Undecided,
            format!("{prefix} に当たるゾーンの記載がありません"),
            format!("no zone is described at {prefix}"),
        );
    }
    Answer::seen(true, format!("{prefix}: {}", covered.join(", ")))
}

fn overlap(one: &IpNet, other: &IpNet) -> bool {
    one.contains(other) || other.contains(one)
}
