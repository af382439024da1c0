//! Whether addresses hold together: parts in their wholes, networks beside each other, nodes in their zones.

use super::check::fault;
use super::fault::Fault;
use super::place::{Id, Place};
use super::words::ZoneKind;
use super::{Element, Node, Site, Zone};
use crate::codes;
use ipnet::IpNet;
use std::collections::BTreeMap;

/// How deep zones lie in each other where it is looked at.
const NESTING_MAX: usize = 32;

/// Adds what does not hold together.
pub(super) fn check(site: &Site, faults: &mut Vec<Fault>) {
    let zones = Zones::of(site);
    overlaps(site, &zones, faults);
    site.nodes.iter().for_each(|node| addresses(&zones, node, faults));
}

/// Zones by their ids.
struct Zones<'a>(BTreeMap<&'a str, Vec<&'a Zone>>);

impl<'a> Zones<'a> {
    fn of(site: &'a Site) -> Self {
        let mut zones: BTreeMap<&str, Vec<&Zone>> = BTreeMap::new();
        site.zones.iter().for_each(|zone| zones.entry(zone.id.as_str()).or_default().push(zone));
        Self(zones)
    }

    fn named(&self, id: &Id) -> &[&'a Zone] {
        self.0.get(id.as_str()).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether a zone is a part of another, directly or by others. Bounded, since a circle is a fault of its own.
    fn is_part(&self, zone: &Zone, whole: &Id) -> bool {
        let mut parent = zone.within.as_ref();
        for _ in 0..NESTING_MAX {
            match parent {
                None => return false,
                Some(parent) if parent == whole => return true,
                Some(next) => parent = self.named(next).first().and_then(|zone| zone.within.as_ref()),
            }
        }
        false
    }
}

/// Parts lie in what they are part of, and networks that share a plan of addresses do not overlap.
fn overlaps(site: &Site, zones: &Zones<'_>, faults: &mut Vec<Fault>) {
    for zone in &site.zones {
        within(zones, zone, faults);
    }
    // By the plan of addresses, and sorted by where they begin: only what stands open can overlap, so no pair is looked at in vain.
    let mut all: Vec<(Option<&str>, IpNet, Place, &Zone)> = site
        .zones
        .iter()
        .filter(|zone| zone.kind != ZoneKind::Internet)
        .flat_map(|zone| {
            let ranges = zone.ranges.iter().flatten();
            ranges.map(move |range| (zone.space.as_deref(), range.value.0, range.place, zone))
        })
        .collect();
    all.sort_by_key(|(space, range, place, _)| (*space, range.network(), range.prefix_len(), *place));
    let mut open: Vec<(IpNet, &Zone)> = Vec::new();
    for (space, range, place, zone) in all {
        open.retain(|(other, whose)| whose.space.as_deref() == space && other.contains(&range));
        if let Some((_, other)) = open.iter().find(|(_, other)| collide(zones, zone, other)) {
            faults.push(overlap(zone, other, range, place));
        } else if !open.iter().any(|(_, other)| std::ptr::eq(*other, zone)) {
            open.push((range, zone));
        }
    }
}

fn overlap(zone: &Zone, other: &Zone, range: IpNet, place: Place) -> Fault {
    let (id, other) = (&zone.id, &other.id);
    fault(
        &codes::CONTRADICTION,
        place,
        format!(
            "{range} of `{id}` overlaps with `{other}`. If one is part of the other, say `within`; if they are separate networks with equal addresses, give one of them a `space` of its own"
        ),
        format!(
            "`{id}` の {range} が `{other}` と重なっています。一方が他方の一部なら `within` を、同じアドレスを使う別のネットワークなら一方に独自の `space` を書いてください"
        ),
    )
}

fn collide(zones: &Zones<'_>, one: &Zone, other: &Zone) -> bool {
    one.id != other.id
        && one.phases().iter().any(|phase| other.stands_in(*phase))
        && !zones.is_part(one, &other.id)
        && !zones.is_part(other, &one.id)
}

fn within(zones: &Zones<'_>, zone: &Zone, faults: &mut Vec<Fault>) {
    let Some(parent) = &zone.within else { return };
    if parent == &zone.id || zones.is_part(zone, &zone.id) {
        faults.push(fault(
            &codes::CONTRADICTION,
            parent.place,
            format!("`{}` would be a part of itself. Correct `within`", zone.id),
            format!("`{}` が自分自身の一部になっています。`within` を直してください", zone.id),
        ));
        return;
    }
    let wholes = zones.named(parent);
    let lies_in = |range: &IpNet| {
        wholes.iter().any(|whole| {
            whole
                .ranges
                .as_ref()
                .is_none_or(|ranges| ranges.iter().any(|outer| outer.value.0.contains(range)))
        })
    };
    for range in zone.ranges.iter().flatten().filter(|range| !wholes.is_empty() && !lies_in(&range.value.0)) {
        faults.push(fault(
            &codes::CONTRADICTION,
            range.place,
            format!(
                "{range} does not lie in `{parent}`, of which `{}` is a part. Correct one of the two",
                zone.id
            ),
            format!(
                "{range} は `{parent}`（`{}` を含むゾーン）の範囲にありません。どちらかを直してください",
                zone.id
            ),
        ));
    }
}

/// Each address lies in a zone of its node, where the ranges of all of them are known.
fn addresses(zones: &Zones<'_>, node: &Node, faults: &mut Vec<Fault>) {
    let mut zones = node.zones.iter().flat_map(|id| zones.named(id));
    let ranges: Option<Vec<IpNet>> = zones.try_fold(Vec::new(), |mut all, zone| {
        all.extend(zone.ranges.as_ref()?.iter().map(|range| range.value.0));
        Some(all)
    });
    if let Some(ranges) = ranges {
        let lies = |address| ranges.is_empty() || ranges.iter().any(|range| range.contains(address));
        for address in node.addresses.iter().flatten().filter(|address| !lies(&address.value.0)) {
            faults.push(fault(
                &codes::CONTRADICTION,
                address.place,
                format!("{address} lies in no zone of `{}`. Correct the address, its `zones` or their `ranges`", node.id),
                format!("{address} は `{}` の属するゾーンの範囲にありません。アドレス、`zones`、ゾーンの `ranges` のいずれかを直してください", node.id),
            ));
        }
    }
    let written = node.addresses.as_ref().map_or(0, Vec::len);
    let interfaces = node.zones.len().max(1);
    if let Some(count) = node.count
        && usize::try_from(count).is_ok_and(|count| count.saturating_mul(interfaces) < written)
    {
        faults.push(fault(
            &codes::CONTRADICTION,
            node.id.place,
            format!("`{}` has more addresses ({written}) than its `count` ({count}) allows. Correct one of the two", node.id),
            format!("`{}` のアドレスの数（{written}）が台数 `count`（{count}）に合いません。どちらかを直してください", node.id),
        ));
    }
}
